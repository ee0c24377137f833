"""What a forecast is: a name and a function from what is known to draws; and its random numbers."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.history import History

if TYPE_CHECKING:
    from hidra.forecast.history import Counts
    from hidra.forecast.means import Hindcasts


@dataclass(frozen=True)
class Ask:
    """One request for draws.

    Attributes
    ----------
    history : History
        Everything known at the origin.
    horizons : tuple of int
        Months ahead, 1 = the month after the origin.
    draws, seed : int
        How many draws, and which.
    hindcasts : Hindcasts
        Where mean forecasts of earlier origins are kept.
    """

    history: History
    horizons: tuple[int, ...]
    draws: int
    seed: int
    hindcasts: Hindcasts

    @cached_property
    def rows(self) -> np.ndarray:
        """Rows of the horizons in an array that begins with the month after the origin."""
        return np.array(self.horizons) - 1

    def at(self, origin: np.datetime64) -> Ask:
        """The same request at an earlier origin, knowing only what was known then."""
        return replace(self, history=self.history.until(origin))


@dataclass(frozen=True)
class Model:
    """A forecast with a name.

    Attributes
    ----------
    name : str
        Short name, as in the tables.
    draw : callable
        From an `Ask` to draws (D, H, P).
    what : str
        What it does, in a few words.
    joint : bool
        Whether a draw is one course of all months and places, which may be summed.
    """

    name: str
    draw: Callable[[Ask], Counts]
    what: str = ""
    joint: bool = False


LEAST = 0.05  # persons a month: a mean of zero would make one death impossible


def generator(
    seed: int, model: str, history: History, place: str, *ahead: int
) -> np.random.Generator:
    """Return the random numbers of one place, keyed by all of this: no order changes any draw.

    `place` may also name what all places share, `ahead` a month. Two forecasts of one name have
    them in common.
    """
    names = (zlib.crc32(model.encode()), zlib.crc32(place.encode()))
    return np.random.default_rng([seed, *names, int(history.origin.astype(int)), *ahead])


def normals(ask: Ask, stream: str, places: Sequence[str], *ahead: int) -> Counts:
    """Return standard normal numbers of draws and places, (D, P), keyed by place and month.

    The first draws of a longer request are those of a shorter one.
    """
    rngs = (generator(ask.seed, stream, ask.history, code, *ahead) for code in places)
    return np.stack([rng.standard_normal(ask.draws) for rng in rngs], axis=-1)


def counted(
    ask: Ask, name: str, draw: Callable[[np.random.Generator, tuple[slice, int, int]], Counts]
) -> Counts:
    """Return counts (D, H, P), each month and place drawn with random numbers of its own."""
    found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
    for column, code in enumerate(ask.history.places):
        for row, ahead in enumerate(ask.horizons):
            at = (slice(None), row, column)
            found[at] = draw(generator(ask.seed, name, ask.history, code, ahead), at)
    return found
