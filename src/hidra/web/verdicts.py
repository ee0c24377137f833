"""Verdicts of the library, computed once for each state of the data, the claims and the code."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hidra.claims.claim import Claim, Reading, Result, claims
from hidra.core import files, fingerprint
from hidra.core.errors import RunError
from hidra.core.workers import end_with_parent
from hidra.web.records import records

log = logging.getLogger("hidra.web.verdicts")
AT_A_TIME = 8  # claims between two looks that readers can take


class Verdicts:
    """Results by claim, kept on disk under the fingerprint of the data, the claims and the code.

    What is missing is computed by a process of its own, so that no reader waits for it.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are kept.
    eager : bool
        Begin on those that are not there as soon as somebody asks.
    """

    def __init__(self, folder: Path, *, eager: bool = True) -> None:
        self._folder, self._eager = folder, eager
        self._own: dict[tuple[str, str], Result] = {}
        self._seen: dict[str, tuple[int, dict[str, Result]]] = {}
        self._lock = threading.Lock()
        self._begun: set[str] = set()
        self._process: Any = None

    def known(self) -> Mapping[str, Result]:
        """Return the results there are so far."""
        vintage = records().vintage
        found = self._kept(vintage)
        if self._eager and sum(one.judged for one in found.values()) < len(claims()):
            self._begin(vintage)
        return found

    def of(self, claim: Claim) -> Result:
        """Return the result of one claim, computed now when it is not there yet."""
        return next(self.each([claim]))[1]

    def each(self, wanted: Iterable[Claim]) -> Iterator[tuple[Claim, Result]]:
        """Give claims with their results; those that are not there yet are computed now."""
        vintage = records().vintage
        known = self._kept(vintage)
        with ExitStack() as opened:
            con = None
            for claim in wanted:
                result = known.get(claim.id) or self._own.get((vintage, claim.id))
                if result is None:
                    from hidra.claims.ask import data
                    from hidra.claims.run import attempt

                    con = con or opened.enter_context(data())
                    self._own[vintage, claim.id] = result = attempt(con, claim)
                yield claim, result

    def end(self) -> None:
        """Stop computing; what is kept by then stays."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5)

    def _begin(self, vintage: str) -> None:
        with self._lock:
            if vintage in self._begun:
                return
            self._begun.add(vintage)
            context = multiprocessing.get_context("spawn")
            self._process = context.Process(
                target=compute, args=(self._folder,), daemon=True, name="hidra-verdicts"
            )
            self._process.start()

    def _kept(self, vintage: str) -> dict[str, Result]:
        """Return what lies on the disk, read again when it has changed."""
        file = file_of(self._folder, vintage)
        try:
            stamp = file.stat().st_mtime_ns
        except OSError:
            return {}
        with self._lock:
            before = self._seen.get(vintage)
            if before is None or before[0] != stamp:
                self._seen[vintage] = before = (stamp, read(file))
        return before[1]


def compute(folder: Path, *, patient: bool = True) -> None:
    """Compute what has no verdict yet for the present data, and keep it as it grows.

    Parameters
    ----------
    patient : let readers of the page go first, as long as this process lives.
    """
    end_with_parent()
    from hidra.claims.ask import data, vintage
    from hidra.claims.run import attempt

    with suppress(OSError):
        os.nice(10 if patient else 0)
    with data() as con:
        file = file_of(folder, vintage(con))
        found = read(file)
        for at, claim in enumerate(claims()):
            if claim.id not in found or not found[claim.id].judged:
                found[claim.id] = attempt(con, claim)
                if found[claim.id].trace:
                    log.error("%s: %s", claim.id, found[claim.id].why["en"])
            if at % AT_A_TIME == 0:
                keep(file, found)
        keep(file, found)


def file_of(folder: Path, vintage: str) -> Path:
    """Return where the results are kept for some data, these claims and this code."""
    key = [vintage, fingerprint.code("hidra.claims.run", "hidra.claims.designs"), *claims()]
    return folder / f"verdicts-{fingerprint.of(key)[:16]}.json"


def keep(file: Path, found: Mapping[str, Result]) -> None:
    """Write results, whole or not at all."""
    text = json.dumps({name: asdict(one) for name, one in found.items()}, default=str)
    try:
        files.write_text(file, text)
    except RunError as error:  # a full disk costs a second computation, nothing else
        log.error("verdicts not kept: %s", error.what)


def read(file: Path) -> dict[str, Result]:
    """Return the results of a file; none when it is not there or not whole."""
    try:
        entries: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        known = {claim.id for claim in claims()}
        return {name: _result(entry) for name, entry in entries.items() if name in known}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _result(entry: Mapping[str, Any]) -> Result:
    readings = tuple(Reading(**one) for one in entry["readings"])
    return Result(**{**entry, "readings": readings, "strip": tuple(entry["strip"])})
