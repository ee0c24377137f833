"""Verdicts of the library on the data as they are, computed once for each state of the data."""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import hidra
from hidra.claims.base import Claim, Reading, Result
from hidra.claims.library import claims
from hidra.web.records import records

log = logging.getLogger("hidra.web.verdicts")
AT_A_TIME = 8  # claims between two looks that readers can take


@dataclass(frozen=True)
class Kept:
    """What has been computed for some data.

    Attributes
    ----------
    results : results by claim.
    failed : claim -> what went wrong in its test; a fault of ours, never a verdict.
    """

    results: dict[str, Result] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class Verdicts:
    """Results by claim for the present data, kept on disk under the name of the data.

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
        self._seen: dict[str, tuple[int, Kept]] = {}
        self._lock = threading.Lock()
        self._begun: set[str] = set()
        self._process: Any = None

    def known(self) -> Mapping[str, Result]:
        """Return the results there are so far."""
        vintage = records().vintage
        found = self._kept(vintage)
        if self._eager and len(found.results) + len(found.failed) < len(claims()):
            self._begin(vintage)
        return found.results

    def failed(self) -> Mapping[str, str]:
        """Return the claims whose test broke, with what went wrong."""
        return self._kept(records().vintage).failed

    def of(self, claim: Claim) -> Result:
        """Return the result of one claim, computed now when it is not there yet."""
        vintage = records().vintage
        kept = self._kept(vintage).results.get(claim.id) or self._own.get((vintage, claim.id))
        if kept is None:
            from hidra.claims.ask import data
            from hidra.claims.run import run

            with data() as con:
                kept = run(con, claim)
            self._own[vintage, claim.id] = kept
        return kept

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

    def _kept(self, vintage: str) -> Kept:
        """Return what lies on the disk, read again when it has changed."""
        file = file_of(self._folder, vintage)
        try:
            stamp = file.stat().st_mtime_ns
        except OSError:
            return Kept()
        with self._lock:
            before = self._seen.get(vintage)
            if before is None or before[0] != stamp:
                self._seen[vintage] = before = (stamp, read(file))
        return before[1]


def compute(folder: Path) -> None:
    """Compute what is missing for the present data, and keep it as it grows."""
    from hidra.claims.ask import data, vintage
    from hidra.claims.run import run

    with suppress(OSError):
        os.nice(10)  # readers come first
    with data() as con:
        file = file_of(folder, vintage(con))
        found = Kept(read(file).results)
        for at, claim in enumerate(claims()):
            if claim.id not in found.results:
                try:
                    found.results[claim.id] = run(con, claim)
                except Exception as error:  # one test that fails must not hide the others
                    log.exception(claim.id)
                    found.failed[claim.id] = f"{type(error).__name__}: {error}"
            if at % AT_A_TIME == 0:
                keep(file, found)
        keep(file, found)


def file_of(folder: Path, vintage: str) -> Path:
    """Return where the results for some data are kept."""
    return folder / f"verdicts-{hidra.__version__}-{vintage}.json"


def keep(file: Path, found: Kept) -> None:
    """Write results, whole or not at all."""
    text = json.dumps(asdict(found), default=str)
    draft = file.with_suffix(".partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8")
        draft.replace(file)
    except OSError as error:  # a full disk costs a second computation, nothing else
        log.error("verdicts not kept: %s", type(error).__name__)


def read(file: Path) -> Kept:
    """Return what is in a file; nothing when it is not there or not whole."""
    try:
        entries: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        ids = {claim.id for claim in claims()}
        results = {name: _result(one) for name, one in entries["results"].items() if name in ids}
        return Kept(results, {name: str(one) for name, one in entries["failed"].items()})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return Kept()


def _result(entry: Mapping[str, Any]) -> Result:
    readings = tuple(Reading(**one) for one in entry["readings"])
    return Result(**{**entry, "readings": readings, "strip": tuple(entry["strip"])})
