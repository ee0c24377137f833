"""Mean paths of earlier origins: what each model would have said then, kept on disk.

A path depends on the counts up to its origin, on nothing later; they and the code are its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from hidra.core.fingerprint import fingerprint
from hidra.forecast.past import Past

if TYPE_CHECKING:
    from hidra.forecast.past import Counts

T = TypeVar("T")
STEP = 6  # months between the earlier origins
BACK = 10  # how many of them: five years
HALF = 0.5  # persons added before logs, so that zero has one
LONGEST = 14  # months ahead of every kept path, unless more are asked for


class Recall:
    """Mean paths by name and origin, from memory, from the folder, or computed.

    Parameters
    ----------
    folder : Path or None
        Where to keep them between runs; None keeps them in memory only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        from joblib import Memory

        self._kept = Memory(folder, verbose=0).cache(_path, ignore=["past"])
        self._folder = folder
        self._near: dict[tuple[str, str, int], Counts] = {}
        self._once: dict[Hashable, Any] = {}

    def path(self, name: str, past: Past, months: int) -> Counts:
        """Return the mean path of a model, (months, P)."""
        longest = max(months, LONGEST)
        key = (name, digest(past), longest)
        if key not in self._near:
            self._near[key] = self._kept(*key, version(), past)
        return self._near[key][:months]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives for this key, made once while the process lives."""
        if key not in self._once:
            self._once[key] = make()
        return cast("T", self._once[key])

    def mean(self, names: tuple[str, ...], past: Past, months: int) -> Counts:
        """Return the geometric mean of mean paths, (months, P)."""
        logs = [np.log(self.path(name, past, months) + HALF) for name in names]
        return np.asarray(np.maximum(np.exp(np.mean(logs, axis=0)) - HALF, 0))

    def course(self, name: str, past: Past, months: int) -> Counts:
        """Return by what factor a mechanistic variant moves each month ahead, (months, P).

        One where the mechanisms cannot start: there the statistical forecast stands alone.
        """
        from hidra.forecast.course.kept import LONGEST as KEPT
        from hidra.forecast.course.kept import kept
        from hidra.forecast.course.run import starts

        if not starts(past):
            return np.ones((months, len(past.places)))
        key = (f"course {name}", digest(past), max(months, KEPT))
        if key not in self._near:
            self._near[key] = kept(self._folder)(name, *key[1:], past).factor
        return self._near[key][:months]

    def earlier(
        self, names: tuple[str, ...], past: Past, horizons: tuple[int, ...]
    ) -> tuple[Counts, Counts]:
        """Return paths and outcomes of earlier origins, both (S, H, P).

        Origins lie 6 months apart over 5 years; months after the origin of `past` are NaN.
        """
        rows = np.array(horizons) - 1
        months = max(horizons)
        paths, came = [], []
        for origin in origins_before(past):
            paths.append(self.mean(names, past.until(origin), months)[rows])
            came.append(past.since(origin, months)[rows])
        return np.stack(paths), np.stack(came)


def origins_before(past: Past, back: int = BACK) -> list[np.datetime64]:
    """Earlier origins with at least two years of data behind them, the newest first."""
    steps = range(1, back + 1)
    found = [past.origin - np.timedelta64(STEP * j, "M") for j in steps]
    return [origin for origin in found if origin - past.first >= np.timedelta64(23, "M")]


def digest(past: Past) -> str:
    """Return what identifies a record: its counts, places, measure and months."""
    named = f"{past.measure} {past.first} {' '.join(past.places)}"
    return hashlib.sha256(named.encode() + past.counts.tobytes()).hexdigest()


@cache
def version() -> str:
    """Return what identifies the code of the mean paths and what they are given."""
    room = files("hidra.forecast")
    return fingerprint([room / "past.py", *(room / "path").iterdir()])


def _path(name: str, key: str, months: int, code: str, past: Past) -> Counts:
    from hidra.forecast.paths import PATHS

    del key, code  # they only say which path this is
    return PATHS[name](past, months)
