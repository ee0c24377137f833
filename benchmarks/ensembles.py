"""Whole ensembles of the states on two workers: the clock of many draws, and the peak of memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import Figure

ROOT = Path(__file__).parents[1]
WORKERS = 2
MEMORY = (500, 2_000, 10_000)  # draws
GROWS = 1.1  # goal: peak of the most draws over that of the fewest
CLOCK = {  # name -> study, draws, goal in seconds
    "12 scenarios x 200 draws, whole": ("scenarios", 200, 25.0),
    "10,000 draws, default": ("small", 10_000, 120.0),
}


def measure() -> Iterator[Figure]:
    """Give the peak of memory of short runs, then the clock of long ones."""
    peaks = []
    for draws in MEMORY:
        command = [sys.executable, "-m", "benchmarks.ensembles", str(draws)]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        peaks.append(float(done.stdout))
        yield Figure(f"memory, {draws:,} draws", peaks[-1], "MiB, peak")
    yield Figure("memory, most over fewest", peaks[-1] / peaks[0], "", GROWS)
    for name, (study, draws, goal) in CLOCK.items():
        yield Figure(name, long(study, draws), "s on the clock", goal)


def short(draws: int) -> float:
    """Simulate and tell so many draws of the core of one year; return the peak of memory, MiB."""
    from hidra.model.system import System

    system = System((), start="2012-01", end="2012-12", until="2012-06")
    told(system, draws=draws, posterior=priors(system), workers=1)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def priors(system: Any) -> dict[str, Any]:
    """Return the draws of parameters that an ensemble of any size takes in turn."""
    from hidra.inference.posterior import of_system

    return of_system(system, 100, 1)


def long(name: str, draws: int) -> float:
    """Simulate a study from its shipped posterior; return seconds, compiling left out."""
    from hidra.core.workers import Processes
    from hidra.run.projection import anchoring
    from hidra.scenario.ensemble import fitted
    from hidra.study import Study

    study = Study.load(ROOT / "studies" / f"{name}.yaml")
    posterior = "small" if name == "small" else "system"
    asked = {
        "scenarios": study.scenarios if name == "scenarios" else {},
        "posterior": posterior,
        "seed": study.seed,
    }
    system = fitted(posterior, end="2035-12")
    with Processes(WORKERS) as pool:
        told(
            system,
            draws=2 * WORKERS,
            workers=pool,
            finish=partial(anchoring, system, draws, study.seed),
            **asked,
        )
        begin = time.perf_counter()
        told(
            system,
            draws=draws,
            workers=pool,
            finish=partial(anchoring, system, draws, study.seed),
            **asked,
        )
        return time.perf_counter() - begin


def told(system: Any, **asked: Any) -> None:
    """Simulate into a store, and make the tables."""
    from hidra.scenario.difference import difference, summary
    from hidra.scenario.ensemble import simulate

    with tempfile.TemporaryDirectory() as folder:
        results = simulate(system, chunk=5, into=Path(folder) / "results.zarr", **asked)
        summary(results)
        difference(results)


if __name__ == "__main__":
    os.environ.setdefault("HIDRA_LANG", "en")
    print(short(int(sys.argv[1])))
