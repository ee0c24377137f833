"""Pictures of the README, each with title and source (`python -m scripts.make_picture RUN`)."""

from __future__ import annotations

import argparse
from pathlib import Path

from hidra.charts.words import Words
from hidra.core.files import write_bytes
from hidra.core.i18n import LANGUAGES
from hidra.report import sections
from hidra.run import Run, execute
from hidra.web.figure import Figure
from hidra.web.page import panorama
from hidra.web.page.panorama import TWO
from hidra.web.site import Ask

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    """Draw both pictures in both languages, from a run and from the built-in record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run of the default study")
    parser.add_argument("--docs", type=Path, default=DOCS)
    arguments = parser.parse_args()
    run = Run.open(arguments.run)
    for language in LANGUAGES:
        end = "" if language == "en" else ".es"
        ask = Ask("panorama", language)
        states = panorama.hexagons(TWO[1], panorama.newest_year(TWO[1]), ask.words, ask)
        model = sections.model(run.tables, execute.meta_again(run), Words(language)).blocks[0]
        for name, block in (("states", states), ("model", model)):
            write_bytes(arguments.docs / f"picture-{name}{end}.png", Figure(block).png())


if __name__ == "__main__":
    main()
