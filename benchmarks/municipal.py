"""What a draw of all municipalities costs: 20 years by week, the default and the whole system.

Run by hand: ``.venv/bin/python benchmarks/municipal.py [--keep]``. One thread, 32 bits; median of
the draws after compiling. The goal is five seconds a draw.
"""

import os
import sys
from pathlib import Path

import jax.numpy as jnp
from step import SMALL, SYSTEM, centres, seconds  # first: it sets the threads

from hidra.model.simulate import compiled
from hidra.model.system import System
from hidra.study import Study

GOAL = 5.0  # seconds, of the default mechanisms
START, END, UNTIL = "2012-01", "2031-12", "2031-11"


def case(title: str, names: tuple[str, ...]) -> tuple[str, float]:
    """Return a line of the table, and the seconds of a draw with these mechanisms."""
    system = System(names, space="municipalities", start=START, end=END, until=UNTIL)
    p, program = centres(system.mechanisms), system.program
    run = compiled(lambda n: program.draw(p, 1, n).past)
    taken = seconds(lambda number: run(jnp.uint32(number)), times=3)
    cells = int((program.model.spread > 0).sum())
    told = f"{len(system.model.space.codes)} places, {cells} cells with a group at the start"
    return f"{title}: {taken:.1f} s a draw of 20 years ({told})\n", taken


def main() -> int:
    """Print the table; keep it beside this file when asked."""
    whole = Study.load(SYSTEM).mechanisms
    still = tuple(name for name in whole if name not in ("moves", "displacement"))
    first, taken = case("two mechanisms", Study.load(SMALL).mechanisms)
    lines = [first, case("whole system without moves and displacement", still)[0]]
    lines.append(case("whole system, members and people go to neighbours", whole)[0])
    load = f"(processor time; {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f})\n"
    text = "".join([*lines, load])
    print(text, end="")
    if "--keep" in sys.argv:
        Path(__file__).with_suffix(".txt").write_text(text, encoding="utf-8")
    return int(taken > GOAL)


if __name__ == "__main__":
    sys.exit(main())
