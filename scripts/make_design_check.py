"""Check the estimators of the designs on simulated panels and write what was found.

``python -m scripts.make_design_check [--only NAME...]`` takes from one to three minutes for each
estimator; it writes tests/claims/recovery.csv, which the pages of the designs and a test read. A
row is written as soon as it is known and rows of other estimators are kept, so that the work can
be done in pieces and taken up again: rows already there are left out unless ``--again`` is given.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import asdict, fields
from pathlib import Path

from hidra.claim.design.event import ESTIMATORS
from hidra.claim.design.simulate import IMPOSED, Recovery, recover

ROOT = Path(__file__).resolve().parents[1]
Rows = dict[tuple[str, str], dict[str, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "claims" / "recovery.csv")
    parser.add_argument("--only", nargs="*", choices=list(ESTIMATORS), default=list(ESTIMATORS))
    parser.add_argument("--again", action="store_true")
    arguments = parser.parse_args()
    for estimator in arguments.only:
        for effect in (IMPOSED, 0.0):
            rows = _read(arguments.out)
            key = (estimator, f"{effect:.4g}")
            if key in rows and not arguments.again:
                continue
            found = asdict(recover(estimator, effect, arguments.replicates))
            rows[key] = {
                k: f"{v:.4g}" if isinstance(v, float) else str(v) for k, v in found.items()
            }
            _write(arguments.out, rows)


def _read(file: Path) -> Rows:
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8") as lines:
        return {
            (row["estimator"], f"{float(row['imposed']):.4g}"): row for row in csv.DictReader(lines)
        }


def _write(file: Path, rows: Rows) -> None:
    names = list(ESTIMATORS)
    order = sorted(rows, key=lambda key: (names.index(key[0]), -float(key[1])))
    with file.open("w", encoding="utf-8", newline="\n") as lines:
        writer = csv.DictWriter(lines, [one.name for one in fields(Recovery)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in order)


if __name__ == "__main__":
    main()
