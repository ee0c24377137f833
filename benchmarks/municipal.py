"""What a draw of all municipalities costs: 20 years by week, core, default and whole system.

Run by hand: ``.venv/bin/python benchmarks/municipal.py [--keep]``. One thread, 32 bits, draws in
batches as an ensemble computes them; the core against the hand-tuned kernel of ``kernels.py`` in
the same run. Goals: 0.8 of the kernel, 0.25 s a draw with the default mechanisms, 0.8 s with all.
"""

import os
import sys
from pathlib import Path

from kernels import cells, simulate
from step import SMALL, SYSTEM, centres, seconds  # it sets the threads

from hidra.inference.posterior import of_system
from hidra.model.system import System
from hidra.scenario.ensemble import BATCH, Plan, work
from hidra.study import Study

GOAL = 0.8  # of the kernel
START, END, UNTIL = "2012-01", "2031-12", "2031-11"


def system(names: tuple[str, ...]) -> System:
    """Return the municipalities with these mechanisms."""
    return System(names, space="municipalities", start=START, end=END, until=UNTIL)


def draw(one: System, batch: int = BATCH) -> float:
    """Return the seconds of a draw in an ensemble."""
    p = of_system(one, batch, 1)
    return seconds(lambda _: work((Plan(one, (), 1, batch), range(batch), p)), times=1) / batch


def kernel(one: System) -> float:
    """Return the seconds of a draw of the core by the hand-tuned kernel."""
    p = {name: float(value) for name, value in centres(()).items()}
    at, weeks = cells(one.model, p["initial_members"]), len(one.weeks.first_days)
    return seconds(lambda _: simulate(at, p, weeks, len(one.model.network.ids)), times=3)


def main() -> int:
    """Print the table; keep it beside this file when asked."""
    whole = Study.load(SYSTEM).mechanisms
    still = tuple(name for name in whole if name != "moves")
    core = system(())
    bar, taken = kernel(core), draw(core)
    lines = [f"core: {taken:.3f} s a draw of 20 years, {taken / bar:.2f} of the kernel ({bar:.3f})"]
    lines.append(f"two mechanisms: {draw(system(Study.load(SMALL).mechanisms)):.2f} s")
    lines.append(f"whole system without moves: {draw(system(still), 8):.2f} s")
    lines.append(f"whole system, members go to neighbours: {draw(system(whole), 1):.2f} s")
    lines.append(f"(processor time; {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f})")
    text = "\n".join(lines) + "\n"
    print(text, end="")
    if "--keep" in sys.argv:
        Path(__file__).with_suffix(".txt").write_text(text, encoding="utf-8")
    return int(taken > GOAL * bar)


if __name__ == "__main__":
    sys.exit(main())
