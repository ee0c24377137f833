"""Verdicts of the library on the data as they are, computed once for each state of the data."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hidra.claim.base import Claim, Reading, Result
from hidra.claim.library import claims
from hidra.web.records import records

log = logging.getLogger("hidra.web.verdicts")


class Verdicts:
    """Results by claim for the present data, kept on disk under the name of the data.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are kept.
    eager : bool
        Begin on those that are not there as soon as somebody asks.
    """

    def __init__(self, folder: Path, *, eager: bool = True) -> None:
        self._folder, self._eager = folder, eager
        self._found: dict[str, dict[str, Result]] = {}
        self._lock = threading.Lock()
        self._working: set[str] = set()
        self._ending = threading.Event()
        self._worker: threading.Thread | None = None

    def known(self) -> Mapping[str, Result]:
        """Return the results there are so far; the others are being computed."""
        vintage = records().vintage
        found = self._kept(vintage)
        if self._eager and len(found) < len(claims()):
            self._begin(vintage)
        return dict(found)

    def complete(self) -> bool:
        """Tell whether every claim has its result."""
        return len(self._kept(records().vintage)) == len(claims())

    def of(self, claim: Claim) -> Result:
        """Return the result of one claim, computed now when it is not there yet."""
        from hidra.claim.ask import data
        from hidra.claim.run import run

        found = self._kept(records().vintage)
        if claim.id not in found:
            with data() as con:
                found[claim.id] = run(con, claim)
        return found[claim.id]

    def compute(self) -> None:
        """Compute what is missing, and keep all of it."""
        from hidra.claim.ask import data, vintage
        from hidra.claim.run import run

        with data() as con:
            name = vintage(con)
            found = self._kept(name)
            for claim in claims():
                if self._ending.is_set():
                    return
                if claim.id not in found:
                    try:
                        found[claim.id] = run(con, claim)
                    except Exception as error:  # one test that fails must not hide the others
                        log.error("%s: %s", claim.id, type(error).__name__)
                        found[claim.id] = _failed(claim, name)
        self._keep(name, found)

    def _begin(self, vintage: str) -> None:
        with self._lock:
            if vintage in self._working:
                return
            self._working.add(vintage)
        self._worker = threading.Thread(target=self.compute, daemon=True, name="verdicts")
        self._worker.start()

    def end(self) -> None:
        """Stop computing, and wait for the claim at hand."""
        self._ending.set()
        if self._worker is not None:
            self._worker.join(timeout=20)

    def _kept(self, vintage: str) -> dict[str, Result]:
        with self._lock:
            if vintage not in self._found:
                self._found[vintage] = _read(self._file(vintage))
            return self._found[vintage]

    def _keep(self, vintage: str, found: Mapping[str, Result]) -> None:
        text = json.dumps({name: asdict(one) for name, one in found.items()}, default=str)
        target = self._file(vintage)
        draft = target.with_suffix(".partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
        except OSError as error:  # a full disk costs a second computation, nothing else
            log.error("verdicts not kept: %s", type(error).__name__)

    def _file(self, vintage: str) -> Path:
        import hidra

        return self._folder / f"verdicts-{hidra.__version__}-{vintage}.json"


def _failed(claim: Claim, vintage: str) -> Result:
    why = {"es": "La prueba no se pudo correr aquí.", "en": "The test could not be run here."}
    return Result(claim.id, "not testable with these data", why, vintage=vintage)


def _read(file: Path) -> dict[str, Result]:
    """Return the results of a file; none when it is not there or not whole."""
    try:
        entries: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
        known = {claim.id for claim in claims()}
        return {
            name: Result(
                **{
                    **entry,
                    "readings": tuple(Reading(**r) for r in entry["readings"]),
                    "strip": tuple(entry["strip"]),
                }
            )
            for name, entry in entries.items()
            if name in known
        }
    except (OSError, ValueError, TypeError, KeyError):
        return {}
