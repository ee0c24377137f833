"""Simulate the ready comparisons of the lab and keep them: ``python -m scripts.make_ready``."""

from __future__ import annotations

from hidra.core import files
from hidra.core.artefacts import making
from hidra.run import projection
from hidra.study import library

DRAWS, SEED = 200, 20061211


def main() -> None:
    """Write the table that the page opens on."""
    with making("ready comparisons"):
        table = projection.ready(DRAWS, SEED)
        text = table.to_csv(index=False, float_format="%.5g", lineterminator="\n")
        files.write_text(library.KEPT, text)


if __name__ == "__main__":
    main()
