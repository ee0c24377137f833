"""Hindcasts: what each mean forecast would have said at earlier origins, kept on disk.

A hindcast depends on the counts up to its origin and on nothing later; they and the code are its
key. Those that scenarios are anchored in come with hidra (``scripts/make_means.py``): whoever asks
first would wait for more than a minute of processor time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np

from hidra.core import files, fingerprint
from hidra.core.cache import Cache
from hidra.core.files import home
from hidra.data import reference
from hidra.forecast.history import YEAR, digest
from hidra.forecast.means import HALF, MEANS

if TYPE_CHECKING:
    from hidra.forecast.history import Counts, History

T = TypeVar("T")
SHIPPED = Path(__file__).with_name("means.npz")
STEP = 6  # months between the earlier origins
BACK = 10  # how many of them: five years
LONGEST = 24  # months ahead of every kept mean; from then on its second year repeats


def cache_folder() -> Path:
    """Where scores and means are kept between runs; may be deleted at any time."""
    return home() / "cache" / "forecast"


class Hindcasts:
    """Mean forecasts by name and origin, from memory, from the folder, or computed.

    Parameters
    ----------
    folder : Path or None
        Where caches lie between processes; None keeps them in memory only.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._code = fingerprint.code("hidra.forecast.means") if folder else ""
        self._kept = Cache("means", code=self._code, folder=folder) if folder else None
        self._once: dict[Hashable, Any] = {}
        self.kept: dict[str, Counts] = {}  # means that were asked for, as they are shipped

    def mean(self, name: str, history: History, months: int) -> Counts:
        """Return the mean forecast of a model, (months, P).

        It is learnt for two years; the second repeats, so that season and mean stay.
        """

        def make() -> Counts:
            return MEANS[name](history, LONGEST)

        def kept() -> Counts:
            if self._kept is None:
                return make()
            key = {"mean": name, "months": LONGEST, "history": digest(history), "near": _near()}
            short = fingerprint.of([self._code, key])[:16]
            found = shipped().get(short)
            self.kept[short] = self._kept.get_or_make(key, make) if found is None else found
            return self.kept[short]

        at = np.arange(months)
        at = np.where(at < LONGEST, at, LONGEST - YEAR + (at - LONGEST) % YEAR)
        return self.once(("mean", name, digest(history)), kept)[at]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives for this key, made once while the process lives."""
        if key not in self._once:
            self._once[key] = make()
        return cast("T", self._once[key])

    def pooled(self, names: tuple[str, ...], history: History, months: int) -> Counts:
        """Return the geometric mean of mean forecasts, (months, P)."""
        logs = [np.log(self.mean(name, history, months) + HALF) for name in names]
        return np.asarray(np.maximum(np.exp(np.mean(logs, axis=0)) - HALF, 0))

    def with_outcomes(
        self, names: tuple[str, ...], history: History, horizons: tuple[int, ...]
    ) -> tuple[Counts, Counts]:
        """Return pooled means of earlier origins and what came, both (S, H, P).

        Origins lie 6 months apart over 5 years; months after the origin of `history` are NaN.
        """
        rows = np.array(horizons) - 1
        months = max(horizons)
        means, came = [], []
        for origin in origins_before(history):
            means.append(self.pooled(names, history.until(origin), months)[rows])
            came.append(history.since(origin, months)[rows])
        return np.stack(means), np.stack(came)


def origins_before(history: History, back: int = BACK) -> list[np.datetime64]:
    """Earlier origins with at least two years of data behind them, the newest first."""
    steps = range(1, back + 1)
    found = [history.origin - np.timedelta64(STEP * j, "M") for j in steps]
    return [origin for origin in found if origin - history.first >= np.timedelta64(23, "M")]


@cache
def shipped() -> dict[str, Counts]:
    """Return the means that come with hidra, by their key; of other code or counts none is used."""
    try:
        return files.read_npz(SHIPPED.read_bytes())
    except (OSError, ValueError):
        return {}


@cache
def _near() -> str:
    """Return what identifies the neighbours that a regression looks at."""
    return fingerprint.of(reference.table("place_neighbour"))
