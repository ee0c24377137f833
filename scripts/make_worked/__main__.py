"""Re-make the page of the worked studies: ``python -m scripts.make_worked``.

``--freeze NAME`` fits a study until the month before its event and keeps draws and digests;
``--simulate`` compares what the frozen studies said with what came and keeps the figures in
``docs/data``; without either the pages are written again from the figures kept.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from hidra.core.artefacts import making
from hidra.core.files import write_json

from . import february, frozen, pages, sinaloa


def simulate(draws: int = frozen.KEPT) -> dict[str, object]:
    """Return the figures of the page, from the frozen studies."""
    wave = february.run(draws)
    return {
        "draws": draws,
        "digests": frozen.recorded(),
        "sinaloa": [asdict(row) for row in sinaloa.run(draws)],
        "february": [asdict(row) for row in wave["frozen"]],
        "library": [asdict(row) for row in wave["library"]],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--freeze", metavar="NAME", choices=frozen.NAMES, nargs="+", default=())
    parser.add_argument("--simulate", action="store_true")
    asked = parser.parse_args()
    for name in asked.freeze:
        with making(f"frozen study {name}"):
            frozen.freeze(name)
    if asked.simulate:
        with making("worked studies"):
            write_json(pages.KEPT, simulate())
    if pages.KEPT.exists():
        pages.write(Path(frozen.ROOT))


if __name__ == "__main__":
    main()
