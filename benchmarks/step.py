"""What a week of the model costs: processor time of one draw, whole and mechanism by mechanism.

Run by hand: ``.venv/bin/python benchmarks/step.py ["whole system" ...] [--keep]``. One thread,
32 bits, 32 states, 150 groups and 16 free slots, 2012 to 2035, splits from 2025; median of the
draws after compiling. The goal of the whole system is 60 microseconds a week.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp

from hidra.core.weeks import Weeks
from hidra.model.equation import CORE
from hidra.model.simulate import compiled
from hidra.model.system import System
from hidra.study import Study

GOAL = 60.0
WEEKS = Weeks("2012-01", "2035-12")
STUDIES = Path(__file__).parents[1] / "studies"
SYSTEM, SMALL = STUDIES / "default.yaml", STUDIES / "small.yaml"


def centres(mechanisms: tuple) -> dict[str, jax.Array]:
    """Return every parameter at the centre of its prior."""
    own = {f"{m.name}.{q.name}": q.centre for m in mechanisms for q in m.params}
    return {name: jnp.asarray(v) for name, v in ({q.name: q.centre for q in CORE} | own).items()}


def seconds(draw: Callable[[int], object], times: int = 9) -> float:
    """Return the median processor time of a draw, the first (compiling) left out."""
    jax.block_until_ready(draw(0))
    taken = []
    for number in range(1, times + 1):
        begin = time.process_time()
        jax.block_until_ready(draw(number))
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def week(names: tuple[str, ...]) -> float:
    """Return microseconds a week with these mechanisms on."""
    system = System(names, start=WEEKS.start, end=WEEKS.end)
    p, program = centres(system.mechanisms), system.program
    run = compiled(lambda n: program.draw(p, 1, n).past)
    return 1e6 * seconds(run) / len(WEEKS.first_days)


def cases() -> dict[str, tuple[str, ...]]:
    """Return what is measured: the core, whole sets, and the core with one mechanism each."""
    every = Study.load(SYSTEM).mechanisms
    whole = {"core": (), "small": Study.load(SMALL).mechanisms, "whole system": every}
    return whole | {f"core + {name}": (name,) for name in every}


def main() -> int:
    """Measure the cases named, or all; keep them beside this file when asked."""
    known, asked = cases(), [word for word in sys.argv[1:] if word != "--keep"]
    found = {name: week(known[name]) for name in asked or known}
    for name, cost in found.items():
        print(f"{name}: {cost:.1f} us a week")
    if "--keep" in sys.argv:
        keep(Path(__file__).with_suffix(".txt"), found, list(known))
    return int(found.get("whole system", 0.0) > GOAL)


def keep(path: Path, found: dict[str, float], order: list[str]) -> None:
    """Put what was measured now in the place of what was measured before."""
    before = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    lines = dict(line.split(": ", 1) for line in before)
    load = f"({os.cpu_count()} cores, load {os.getloadavg()[0]:.0f})"
    lines |= {name: f"{cost:.1f} us a week {load}" for name, cost in found.items()}
    text = "".join(f"{name}: {lines[name]}\n" for name in order if name in lines)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
