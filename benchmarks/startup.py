"""How long a newcomer waits: ``import hidra`` and ``hidra --help`` in fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks import Figure

GOAL = 0.5  # seconds
WHAT = {
    "import hidra": [sys.executable, "-c", "import hidra"],
    "hidra --help": [sys.executable, "-m", "hidra", "--help"],
}


def measure(times: int = 5) -> Iterator[Figure]:
    """Give the median time on the clock of each command."""
    for name, command in WHAT.items():
        taken = []
        for _ in range(times):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            taken.append(time.perf_counter() - begin)
        yield Figure(name, statistics.median(taken), "s on the clock", GOAL)
