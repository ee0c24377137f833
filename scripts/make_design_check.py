"""Check the estimators of the designs on simulated panels and write what was found.

``python -m scripts.make_design_check [--only NAME...] [--seconds N]`` takes one to ten minutes for
each estimator; it writes tests/claims/recovery.csv, which the pages of the designs and a test read.
The work is done in blocks of 25 panels, kept beside the table in ``--parts`` until an estimator is
done: stopped, it goes on where it was. Rows already there are left out unless ``--again`` is given.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from contextlib import nullcontext
from dataclasses import fields
from pathlib import Path

import pandas as pd

from hidra.claims.designs.event import ESTIMATORS, IMPOSED, Recovery, recover
from hidra.core import fingerprint
from hidra.core.artefacts import making
from hidra.core.files import write_csv

ROOT = Path(__file__).resolve().parents[1]
BLOCK = 25
COLUMNS = [one.name for one in fields(Recovery)]
Key = tuple[str, str]
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "claims" / "recovery.csv")
    code = fingerprint.code(Path(__file__))  # blocks of other code are not taken up
    parser.add_argument("--parts", type=Path, default=ROOT / f"recovery_parts-{code}.csv")
    parser.add_argument("--only", nargs="*", choices=list(ESTIMATORS), default=list(ESTIMATORS))
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--again", action="store_true")
    arguments = parser.parse_args()
    whole = len(arguments.only) == len(ESTIMATORS) and arguments.again
    with making("recovery of the designs") if whole else nullcontext():
        check(arguments)


def check(arguments: argparse.Namespace) -> None:
    """Check the estimators asked for; end the program where the time is up before they are done."""
    end = time.monotonic() + arguments.seconds
    for name in arguments.only:
        for effect in (IMPOSED, 0.0):
            rows = {_key(row): row for row in _read(arguments.out)}
            if (name, f"{effect:.4g}") in rows and not arguments.again:
                continue
            done = _blocks(name, effect, arguments.replicates, arguments.parts, end)
            if sum(int(part["replicates"]) for part in done) < arguments.replicates:
                sys.exit("The time is up: run it again to go on.")
            rows[name, f"{effect:.4g}"] = _together(done)
            _write(arguments.out, sorted(rows.values(), key=_order))


def _blocks(name: str, effect: float, replicates: int, file: Path, end: float) -> list[Row]:
    """Return the blocks of an estimator, computing those not kept yet until the time is up."""
    kept = _read(file)
    done = [part for part in kept if _key(part) == (name, f"{effect:.4g}")]
    while (first := sum(int(part["replicates"]) for part in done)) < replicates:
        if time.monotonic() > end:
            break
        found = recover(name, effect, min(BLOCK, replicates - first), first=first)
        done.append({column: str(getattr(found, column)) for column in COLUMNS})
        kept.append(done[-1])
        _write(file, kept)
    return done


def _together(parts: list[Row]) -> Row:
    """Return one row for all blocks: their means, weighted by their panels."""
    number = sum(int(part["replicates"]) for part in parts)
    means = {
        column: sum(float(part[column]) * int(part["replicates"]) for part in parts) / number
        for column in ("imposed", "mean", "coverage")
    }
    told = {column: f"{value:.4g}" for column, value in means.items()}
    return {"estimator": parts[0]["estimator"], **told, "replicates": str(number)}


def _key(row: Row) -> Key:
    return row["estimator"], f"{float(row['imposed']):.4g}"


def _order(row: Row) -> tuple[int, float]:
    return list(ESTIMATORS).index(row["estimator"]), -float(row["imposed"])


def _read(file: Path) -> list[Row]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, rows: list[Row]) -> None:
    write_csv(file, pd.DataFrame(rows, columns=COLUMNS))


if __name__ == "__main__":
    main()
