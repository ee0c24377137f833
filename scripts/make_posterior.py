"""Make the posteriors that come with hidra, or compare them with what a fit gives now.

    python -m scripts.make_posterior [small] [system] [check]

Each is a fit of a study in `studies/`, thinned to 200 draws, in 32 bits: `system` and `check` are
those of the default study, which a run of it takes up. Its manifest holds the study, its basis with
the hashes of all tables, the fingerprint of inputs and code, and the diagnostics on all draws,
those that were left out too. About one minute of processor time for `small`, four for the others.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Literal

Part = Literal["check", "projection"]
ROOT = Path(__file__).parents[1]
KEPT = 200  # draws: those of the default ensemble
MADE: dict[str, tuple[str, Part]] = {
    "small": ("small", "projection"),
    "system": ("default", "projection"),
    "check": ("default", "check"),
}


def make(name: str, folder: Path) -> None:
    """Fit a study and keep a fit of it in a folder."""
    from hidra.inference.posterior import REMAKE, keep
    from hidra.run.fitted import fitted, told
    from hidra.study import Study

    of, part = MADE[name]
    study = Study.load(ROOT / "studies" / f"{of}.yaml")
    found = fitted(study, part, print, again=True)
    again = {"remake": f"{REMAKE} {name}"}
    keep(found, folder / name, told(study, part) | again, most=KEPT)
    print(name, json.dumps(found.told(), indent=1))


def main() -> None:
    """Make those that are asked for, with their stamps."""
    from hidra.core.artefacts import making

    for wanted in sys.argv[1:] or MADE:
        with making(f"posterior {wanted}"):
            make(wanted, ROOT / "src" / "hidra" / "inference" / "posteriors")


if __name__ == "__main__":
    main()
