"""Make the posteriors that come with hidra, or compare them with what a fit gives now.

    python -m scripts.make_posterior [default] [system]

Each is the projection of a study in `studies/`, thinned to 200 draws, in 32 bits. Its manifest
holds the study, its basis with the hashes of all tables, the fingerprint of inputs and code, and
the diagnostics on all draws, those that were left out too. About two minutes of processor time
for `default`, four for `system`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = 200  # draws: those of the default ensemble


def make(name: str, folder: Path) -> None:
    """Fit a study and keep its projection in a folder."""
    from hidra.inference.posterior import REMAKE, keep
    from hidra.run.fitted import fitted, told
    from hidra.study import Study

    study = Study.load(ROOT / "studies" / f"{name}.yaml")
    found = fitted(study, "projection", 1, print)
    again = {"remake": f"{REMAKE} {name}"}
    keep(found, folder / name, told(study, "projection") | again, most=KEPT)
    print(name, json.dumps(found.told(), indent=1))


def main() -> None:
    """Make those that are asked for, with their stamps."""
    from hidra.core.artefacts import making

    for wanted in sys.argv[1:] or ("default", "system"):
        with making(f"posterior {wanted}"):
            make(wanted, ROOT / "src" / "hidra" / "inference" / "posteriors")


if __name__ == "__main__":
    main()
