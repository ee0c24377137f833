"""What a draw of all municipalities costs: 20 years by week, the default mechanisms.

Run by hand: ``.venv/bin/python benchmarks/municipal.py [--keep]``. One thread, 32 bits; median of
the draws after compiling. The goal is five seconds a draw.
"""

import os
import sys
from pathlib import Path

from step import centres, seconds  # first: it sets the threads

from hidra import mechanism
from hidra.engine import municipal
from hidra.study import Study

GOAL = 5.0
START, END = "2012-01", "2031-12"


def main() -> int:
    """Print the table; keep it beside this file when asked."""
    names = Study.default().mechanisms
    country = municipal.country(names, START, END, END, seed=1)
    p = centres(mechanism.find(names, where="benchmark"))
    taken = seconds(lambda number: country.draw(p, number), times=3)
    cells = int((country.model.spread > 0).sum())
    load = f"({os.cpu_count()} cores, load {os.getloadavg()[0]:.0f})"
    text = (
        f"places where somebody is: {len(country.codes)} of 2475\n"
        f"cells where a group is: {cells} of {2475 * country.model.spread.shape[1]}\n"
        f"a draw of 20 years: {taken:.1f} s {load}\n"
    )
    print(text, end="")
    if "--keep" in sys.argv:
        Path(__file__).with_suffix(".txt").write_text(text, encoding="utf-8")
    return int(taken > GOAL)


if __name__ == "__main__":
    sys.exit(main())
