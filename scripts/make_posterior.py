"""Make the posteriors that come with hidra, or compare them with what a fit gives now.

    python -m scripts.make_posterior [default] [system]

Each is the projection of a study in `studies/`, thinned to 200 draws, in 32 bits. Its manifest
holds the study, its basis with the hashes of all tables, and how far the fit is trusted.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
KEPT = 200  # draws: those of the default ensemble


def make(name: str, folder: Path) -> None:
    from hidra.core.artefacts import making
    from hidra.inference.posterior import keep
    from hidra.run.fitted import fitted, told
    from hidra.study import Study

    study = Study.load(ROOT / "studies" / f"{name}.yaml")
    with making(f"posterior {name}"):
        found = fitted(study, "projection", 1, print)
        again = {"remake": f"python -m scripts.make_posterior {name}"}
        keep(found, folder / name, told(study, "projection") | again, most=KEPT)
    print(name, found.told())


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ("default", "system"):
        make(wanted, ROOT / "src" / "hidra" / "inference" / "posteriors")
