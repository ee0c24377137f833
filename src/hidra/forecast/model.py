"""What a forecast is: a name and a function from what is known to draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.past import Past

if TYPE_CHECKING:
    from hidra.forecast.past import Counts
    from hidra.forecast.recall import Recall

Path = Callable[[Past, int], "Counts"]


@dataclass(frozen=True)
class Ask:
    """One request for draws.

    Attributes
    ----------
    past : Past
        Everything known at the origin.
    horizons : tuple of int
        Months ahead, 1 = the month after the origin.
    draws, seed : int
        How many draws, and which.
    recall : Recall
        Where mean paths of earlier origins are kept.
    """

    past: Past
    horizons: tuple[int, ...]
    draws: int
    seed: int
    recall: Recall

    @cached_property
    def rows(self) -> np.ndarray:
        """Rows of the horizons in a path that begins with the month after the origin."""
        return np.array(self.horizons) - 1

    def at(self, origin: np.datetime64) -> Ask:
        """The same request at an earlier origin, knowing only what was known then."""
        return replace(self, past=self.past.until(origin))


@dataclass(frozen=True)
class Model:
    """A forecast with a name; what it does is told in `hidra.forecast.score.words`.

    Attributes
    ----------
    name : str
        Short name, as in the tables.
    draw : callable
        From an `Ask` to draws (D, H, P).
    """

    name: str
    draw: Callable[[Ask], Counts]
