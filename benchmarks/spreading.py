"""Two workers against one: how much of two processors an ensemble uses, tasks of two seconds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from benchmarks import Figure
from hidra.core.workers import Processes, hired, spread

TASK = 2.0  # processor seconds of a task
TASKS = 6
GOAL = 0.9  # at least


def busy(_: object) -> float:
    """Work for `TASK` seconds of processor; return what it took of them."""
    begin = time.process_time()
    value = 1.0
    while time.process_time() - begin < TASK:
        for _round in range(10_000):
            value = value * 1.0000001 % 7.0
    return time.process_time() - begin


def measure() -> Iterator[Figure]:
    """Give the share of the workers' time that is work, on the clock and against a busy machine.

    The second figure divides the work by what the same number of bare processes got of the
    processors in the same minute: neighbours take from both alike.
    """
    for name, cluster in (("processes", ""), ("dask", "local")):
        try:
            with hired(2, cluster) as pool:
                list(spread(time.sleep, [0.1, 0.1, 0.1, 0.1], pool))  # they have begun
                began = time.monotonic()
                work = sum(took for _, took in spread(busy, [None] * TASKS, pool))
                clock = time.monotonic() - began
        except ModuleNotFoundError:
            continue
        got = bare()
        yield Figure(
            f"two workers, {name}", work / (2 * clock), "of two processors, at least", GOAL
        )
        share = work / (2 * clock) / got
        yield Figure(f"two workers, {name}, of what two bare loops get", share, "at least", GOAL)


def bare() -> float:
    """Return the share of two processors that two processes get which only work."""
    with Processes(2) as pool:
        list(pool.map(time.sleep, [0.1] * 4))
        began = time.monotonic()
        work = sum(pool.map(busy, range(2)))
        return work / (2 * (time.monotonic() - began))


if __name__ == "__main__":
    print(os.getloadavg(), *measure(), sep="\n")
