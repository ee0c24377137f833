"""How long a newcomer waits: `import hidra` and `hidra --help`, median of fresh processes.

Run by hand: `.venv/bin/python benchmarks/startup.py`. The goal is under half a second each.
"""

import statistics
import subprocess
import sys
import time

GOAL = 0.5
WHAT = {
    "import hidra": [sys.executable, "-c", "import hidra"],
    "hidra --help": [sys.executable, "-m", "hidra", "--help"],
}


def seconds(command: list[str], times: int = 11) -> float:
    """Return the median wall time of a command."""
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


if __name__ == "__main__":
    found = {name: seconds(command) for name, command in WHAT.items()}
    for name, taken in found.items():
        print(f"{name}: {taken:.3f} s")
    sys.exit(max(found.values()) > GOAL)
