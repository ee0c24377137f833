"""How long a newcomer waits: import, help, and the first answers of the lab, in fresh processes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import Figure
from hidra.core.errors import RunError

GOAL = 0.5  # seconds
WHAT = {
    "import hidra": [sys.executable, "-c", "import hidra"],
    "hidra --help": [sys.executable, "-m", "hidra", "--help"],
}
HALF, STOPPED = {"change": {"recruitment": 0.5}}, {"off": ("arms",)}
ANSWERS = {  # of the lab: name -> whether a new process answers, what is asked, goal
    "lab, nothing compiled": (True, HALF, 15.0),
    "lab, compiled on the disk": (True, {"change": {"recruitment": 0.6}}, 15.0),
    "lab, warm": (False, {"change": {"recruitment": 0.7}}, 3.0),
    "lab, warm, another rate": (False, {"change": {"lethality": 0.5}}, 3.0),
    "lab, warm, the first mechanism stopped": (False, STOPPED, 15.0),
    "lab, warm, another mechanism stopped": (False, {"off": ("victims",)}, 3.0),
    "lab, warm, from another month": (False, HALF | {"start": "2028-01"}, 3.0),
}


def lab() -> Iterator[Figure]:
    """Give the time on the clock of answers of the lab, each of 60 draws, in a new home."""
    from hidra.web.lab import Change, Process, Wanted

    if sys.flags.dont_write_bytecode:  # 6 s of 29: no reader of a server waits for that
        raise RunError(
            "Python may not keep what it compiles: each process would compile 1,300 modules anew.",
            where="PYTHONDONTWRITEBYTECODE",
            fix="Unset it.",
        )
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HIDRA_HOME": home, "HIDRA_COMPILE_CACHE": f"{home}/compiled"}
        worker = Process()
        for number, (name, (new, asked, goal)) in enumerate(ANSWERS.items()):
            folder = Path(home) / str(number)
            folder.mkdir()
            wanted = Wanted(scenarios={"own": Change.model_validate(asked)})
            (folder / "wanted.json").write_text(wanted.text())
            if new:
                worker.end()
            begin = time.perf_counter()
            worker.give(folder)
            while '"done"' not in _told(folder).partition(",")[0]:
                if '"failed"' in _told(folder) or not worker.alive():
                    raise RuntimeError(_told(folder))
                time.sleep(0.1)
            yield Figure(name, time.perf_counter() - begin, "s on the clock", goal)
        worker.end()


def _told(folder: Path) -> str:
    file = folder / "progress.json"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def measure(times: int = 5) -> Iterator[Figure]:
    """Give the median time on the clock of each command."""
    for name, command in WHAT.items():
        taken = []
        for _ in range(times):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            taken.append(time.perf_counter() - begin)
        yield Figure(name, statistics.median(taken), "s on the clock", GOAL)
