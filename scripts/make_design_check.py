"""Check the estimators of the designs on simulated panels and write what was found.

``python -m scripts.make_design_check [--replicates 500]`` takes about a quarter of an hour; it
writes tests/claims/recovery.csv, which the pages of the designs and a test read.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import astuple, fields
from pathlib import Path

from hidra.claim.design.event import ESTIMATORS
from hidra.claim.design.simulate import IMPOSED, Recovery, recover

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "claims" / "recovery.csv")
    parser.add_argument("--only", nargs="*", choices=list(ESTIMATORS), default=list(ESTIMATORS))
    arguments = parser.parse_args()
    with arguments.out.open("w", encoding="utf-8", newline="\n") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([one.name for one in fields(Recovery)])
        for name in arguments.only:
            for effect in (IMPOSED, 0.0):
                found = recover(name, effect, arguments.replicates)
                writer.writerow(
                    [round(x, 4) if isinstance(x, float) else x for x in astuple(found)]
                )
                file.flush()


if __name__ == "__main__":
    main()
