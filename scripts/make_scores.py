"""Score every forecast by state and write the pages of scores, or those of the explanations.

    python -m scripts.make_scores [--measure MEASURE] [--explanations [V0,V5]]

What `hidra score --pages docs` does, with a stamp. Scores and fits are kept in HIDRA_HOME while
code and counts stay as they are: stopped, it goes on where it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hidra.core.artefacts import making
from hidra.forecast.backtest import SEEDS, protocol, rolled
from hidra.forecast.explanations import scored
from hidra.forecast.mechanistic import BELIEF, CODES, CONTROLS, STATISTICAL, UPPER
from hidra.forecast.pages import write_explanations, write_pages

DOCS = Path(__file__).parents[1] / "docs"
NAMES = {"inegi_homicides": "scores INEGI", "sesnsp_homicide_victims": "scores SESNSP"}


def progress(*at: object) -> None:
    """Print how far it is."""
    print(*at, file=sys.stderr, flush=True)


def main() -> None:
    """Score forecasts, or explanations, at every origin, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measure", choices=list(NAMES), default="inegi_homicides")
    parser.add_argument(
        "--explanations", nargs="?", const=",".join((*CODES, *UPPER)), metavar="CODES"
    )
    asked = parser.parse_args()
    plan = protocol(asked.measure, "state")
    if asked.explanations:
        with making("scores of the explanations"):
            names = (*asked.explanations.split(","), STATISTICAL, BELIEF, *CONTROLS)
            found = scored(plan, progress, names)
            written = write_explanations(DOCS, plan, found, SEEDS)
    else:
        with making(NAMES[asked.measure]):
            written = write_pages(DOCS, plan, rolled(plan, progress=progress), SEEDS)
    print(*written, sep="\n")


if __name__ == "__main__":
    main()
