"""The runs of the lab: begun, followed, cancelled, kept under the hash of what was asked."""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from hidra.core import files
from hidra.core.errors import RunError, SpecError
from hidra.web.lab import work
from hidra.web.lab.wanted import Wanted

GRACE = 6.0  # seconds a run has to stop by itself
NAME = re.compile(r"[0-9a-f]{16}")
OPEN = ("waiting", "running")
HOME_FULL = "Free some space, or set HIDRA_HOME to a folder you may write to."


class BusyError(SpecError):
    """Too many runs are waiting."""


class Worker(Protocol):
    """Whoever works on the folders it is given, one after the other."""

    def give(self, folder: Path) -> None:
        """Take a folder to work on."""

    def alive(self) -> bool:
        """Tell whether it can still finish what it was given."""

    def end(self) -> None:
        """Stop at once, whatever it is doing."""


class Process:
    """One process that simulates, begun with the first run and kept warm for the next."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._tasks: Any = None

    def give(self, folder: Path) -> None:
        """Take a folder to work on."""
        if not self.alive():
            self._tasks = self._context.Queue()
            self._process = self._context.Process(
                target=work.loop, args=(self._tasks,), daemon=True, name="hidra-lab"
            )
            self._process.start()
        self._tasks.put(str(folder))

    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.is_alive()

    def end(self) -> None:
        """Stop the process at once."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5)
        self._process = None


class Runs:
    """Runs by their hash.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are kept; a finished run is a folder there, an unfinished one lies in ``open``.
    most_waiting : int
        Runs that may be open at a time.
    worker : Worker
        Who simulates; a process of its own by default.
    """

    def __init__(self, folder: Path, most_waiting: int, worker: Worker | None = None) -> None:
        self._folder = folder
        self._open = folder / "open"
        self._most = most_waiting
        self._worker = worker or Process()
        self._queue: list[str] = []
        self._stopping: dict[str, float] = {}
        self._lock = threading.RLock()

    def begin(self, wanted: Wanted, vintage: str) -> str:
        """Begin a run, unless it is there already, and return its name.

        Raises
        ------
        BusyError
            Too many runs are waiting.
        """
        name = wanted.digest(vintage, basis_of(wanted.posterior))
        with self._lock:
            known = self.state(name)
            if known is not None and known["state"] in (*OPEN, "done"):
                return name
            for other in list(self._queue):
                self.state(other)  # those that have ended leave the queue
            if len(self._queue) >= self._most:
                raise BusyError(
                    "Too many runs are waiting on this machine.",
                    where="scenarios",
                    fix="Wait until one has finished, or cancel one.",
                )
            self._prepare(name, wanted, vintage)
            self._queue.append(name)
            self._worker.give(self._open / name)
        return name

    def _prepare(self, name: str, wanted: Wanted, vintage: str) -> None:
        draft = self._open / name
        with files.told(draft, fix=HOME_FULL):
            shutil.rmtree(draft, ignore_errors=True)
            files.write_text(draft / "wanted.json", wanted.text())
            files.write_text(draft / "vintage", vintage)
            work.tell(draft, "waiting")

    def state(self, name: str) -> dict[str, Any] | None:
        """Return how far a run is: ``state`` (waiting, running, done, cancelled, failed), draws.

        None where there is no run of that name.
        """
        if not NAME.fullmatch(name):
            return None
        with self._lock:
            if (self._folder / name / "manifest.json").is_file():
                return {"state": "done"}
            told = _json(self._open / name / "progress.json")
            if told is None:
                return None
            if told["state"] == "done":
                (self._open / name).replace(self._folder / name)
            if told["state"] not in OPEN:
                self._forget(name)
                return told
            return self._followed(name, told)

    def _followed(self, name: str, told: dict[str, Any]) -> dict[str, Any]:
        """Look after a run that is open: gone with its process, or slow to stop."""
        if name not in self._queue or not self._worker.alive():
            state = "cancelled" if name in self._stopping else "failed"
            work.tell(self._open / name, state, error=_gone())
            self._forget(name)
            return _json(self._open / name / "progress.json") or told
        asked = self._stopping.get(name)
        if asked is not None and time.monotonic() - asked > GRACE:
            self._worker.end()
            work.tell(self._open / name, "cancelled")
            self._forget(name)
            for other in self._queue:
                self._worker.give(self._open / other)
            return {"state": "cancelled"}
        return told | {"stopping": asked is not None, "before": self._queue.index(name)}

    def cancel(self, name: str) -> None:
        """Ask a run to stop; it is stopped by force when it does not."""
        with self._lock:
            if name in self._queue:
                (self._open / name / "stop").touch()
                self._stopping.setdefault(name, time.monotonic())

    def wanted(self, name: str) -> Wanted | None:
        """Return what was asked for in a run."""
        for folder in (self._folder, self._open):
            file = folder / name / "wanted.json"
            if NAME.fullmatch(name) and file.is_file():
                return Wanted.model_validate_json(file.read_text(encoding="utf-8"))
        return None

    def manifest(self, name: str) -> dict[str, Any]:
        """Return what a finished run stands on."""
        told = _json(self._folder / name / "manifest.json") or {}
        vintage = (self._folder / name / "vintage").read_text(encoding="utf-8")
        return {**told, "vintage": vintage, "id": name}

    def tables(self, name: str) -> Mapping[str, pd.DataFrame]:
        """Return the tables of a finished run."""
        return work.read_tables(self._folder / name)

    def finished(self) -> list[str]:
        """Return the names of the runs that are kept, the newest first."""
        if not self._folder.is_dir():
            return []
        found = [one for one in self._folder.iterdir() if NAME.fullmatch(one.name)]
        return [one.name for one in sorted(found, key=lambda one: -one.stat().st_mtime)]

    def end(self) -> None:
        """Stop everything at once; what was unfinished is gone."""
        with self._lock:
            self._worker.end()
            for name in self._queue:
                shutil.rmtree(self._open / name, ignore_errors=True)
            self._queue.clear()

    def _forget(self, name: str) -> None:
        if name in self._queue:
            self._queue.remove(name)
        self._stopping.pop(name, None)


def basis_of(posterior: str) -> str:
    """Return the digest of what a posterior stands on."""
    from hidra.inference import posterior as posteriors

    return str(posteriors.manifest(posteriors.place(posterior)).get("digest", ""))


def _gone() -> RunError:
    return RunError(
        "The process that simulates has ended.",
        where="scenarios",
        fix="Run it again; if it ends again, ask for fewer draws.",
    )


def _json(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found
