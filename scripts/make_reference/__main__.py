"""Re-make every built-in table: ``python -m scripts.make_reference --shared ../shared/data``."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

from . import (
    breaks,
    case_files,
    catalogue,
    drivers,
    facts,
    homicides,
    layout,
    leadership,
    measures,
    missing,
    municipalities,
    network,
    pages,
    places,
    population,
    precarity,
    presence,
    totals,
)

INPUTS = Path(__file__).with_name("inputs.sha256")
ROOT = Path(__file__).resolve().parents[2]
FAMILIES = (
    places, municipalities, homicides, case_files, population, missing, totals,
    network, leadership, presence, precarity, drivers, facts, measures, breaks,
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "src/hidra/data/reference")
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    arguments = parser.parse_args()
    if not arguments.shared.is_dir():
        parser.error(f"there is no folder {arguments.shared}: give it with --shared")
    altered = other_files(arguments.shared)
    if altered:
        parser.error(
            f"not the files the tables are made from: {', '.join(altered)}. Their sums are in "
            f"{INPUTS}; write the new ones there when a change is wanted"
        )
    make(arguments.shared, arguments.out, arguments.docs)


def other_files(shared: Path) -> list[str]:
    """Return the input files that are missing or do not have the sum written down."""
    wanted = dict(line.split("  ")[::-1] for line in INPUTS.read_text("utf-8").splitlines())
    return [
        name
        for name, digest in wanted.items()
        if not (shared / name).is_file()
        or hashlib.sha256((shared / name).read_bytes()).hexdigest() != digest
    ]


def make(shared: Path, out: Path, docs: Path) -> None:
    """Write every table, then the catalogue that fingerprints them, then its pages."""
    out.mkdir(parents=True, exist_ok=True)
    for family in FAMILIES:
        for name, table in family.tables(shared).items():
            layout.write(table, out / f"{name}.csv")
    for level, outlines in (("place", places.outlines), ("municipality", municipalities.outlines)):
        places.write_outlines(outlines(shared), out / f"{level}_outline.json")
    catalogue.write(out)
    pages.write(out, docs)


if __name__ == "__main__":
    main()
