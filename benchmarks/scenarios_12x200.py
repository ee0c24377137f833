"""Twelve scenarios, 200 draws, 32 states, weekly to 2035: the default ensemble, after compiling.

    python benchmarks/scenarios_12x200.py [--draws 200] [--workers 2]

Simulates `studies/scenarios.yaml` (the whole system) from the shipped posterior in processes that
have compiled the model already, and prints the time on the clock, the processor time, and the
peak of memory. The goal is 60 s on two cores.
"""

from __future__ import annotations

import argparse
import datetime
import os
import resource
import time
from concurrent.futures import wait
from pathlib import Path

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".txt")  # shown on the page of speed
GOAL = 60.0  # seconds


def compiled(plan, posterior) -> float:
    """Simulate one draw in a worker, so that it has compiled; returns its processor time."""
    from hidra.scenario.ensemble import work

    work((plan, range(1), {name: values[:1] for name, values in posterior.items()}))
    return time.process_time()


def used(_: int) -> float:
    """Return processor seconds of the process that has a job, a moment after it came."""
    time.sleep(0.2)  # so that the other worker takes the other question
    return time.process_time()


def main() -> None:
    """Time twelve scenarios of 200 draws of the whole system, states, to 2035."""
    from hidra.core.workers import Processes
    from hidra.inference import posterior
    from hidra.scenario.ensemble import CHUNK, Plan, fitted
    from hidra.study import Study

    asked = argparse.ArgumentParser()
    asked.add_argument("--draws", type=int, default=200)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    study = Study.load(ROOT / "studies" / "scenarios.yaml")
    scenarios, system = study.scenarios, fitted("system", end=study.end)
    plan = Plan(system, tuple(scenarios.items()), study.seed, given.draws)
    draws = posterior.shipped("system").draws
    with Processes(given.workers) as pool:
        began = time.monotonic()
        wait([pool.submit(compiled, plan, draws) for _ in range(given.workers)])
        compiling = time.monotonic() - began
        before = sum(pool.map(used, range(given.workers)))
        began = time.monotonic()
        results = system.simulate(
            draws=given.draws, posterior=draws, scenarios=scenarios, seed=study.seed,
            workers=pool, chunk=CHUNK,
        )  # fmt: skip
        seconds = time.monotonic() - began
        processor = sum(pool.map(used, range(given.workers))) - before
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    peak = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    line = (
        f"{len(scenarios)} scenarios and no change x {given.draws} draws x 32 states x "
        f"{len(system.weeks.first_days)} weeks, {len(system.mechanisms)} mechanisms, "
        f"{len(results.data_vars)} variables: {seconds:.1f} s on the clock, {processor:.1f} s of "
        f"processor in {given.workers} workers after {compiling:.0f} s of compiling, results "
        f"{results.nbytes / 2**20:,.0f} MiB, peak of a process {peak:,.0f} MiB ({os.cpu_count()} "
        f"cores, load {os.getloadavg()[0]:.1f}, {datetime.date.today()})"
    )
    print(line)
    if given.draws == study.draws:
        RESULT.write_text(line + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
