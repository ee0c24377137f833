"""What hidra costs on this machine: ``hidra bench [NAME] [--json]``.

A benchmark is a module here with a function ``measure`` that yields figures. Times are processor
time, medians after compiling; what is compared is measured in the same run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

#: Name -> module and function; in the order in which they are run.
BENCHMARKS = {
    "startup": ("startup", "measure"),
    "page": ("web", "measure"),
    "lab": ("startup", "lab"),
    "ensembles": ("ensembles", "measure"),
    "states": ("speed", "states"),
    "municipal": ("speed", "municipal"),
    "gradient": ("speed", "gradient"),
    "curves": ("speed", "curves"),
    "peers": ("peers", "measure"),
    "workers": ("spreading", "measure"),
}


class Figure(NamedTuple):
    """Something measured.

    Attributes
    ----------
    goal : of the ratio where there is one, else of the value; at most, where not said otherwise.
    ratio : the value over what the name says it is compared with, measured in the same run.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    ratio: float | None = None


def measure(name: str) -> Iterator[Figure]:
    """Run a benchmark."""
    module, function = BENCHMARKS[name]
    yield from getattr(import_module(f"benchmarks.{module}"), function)()


def seconds(work: Callable[[], object], times: int = 5) -> float:
    """Return the median processor time of some work, the first (compiling) left out."""
    work()
    taken = []
    for _ in range(times):
        begin = time.process_time()
        work()
        taken.append(time.process_time() - begin)
    return statistics.median(taken)
