"""What a worked study said, against what came: an interval, a figure, hit or miss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Told:
    """One comparison.

    Attributes
    ----------
    key : of its words. low, middle, high : 5, 50 and 95 % of the draws.
    came : what came; None where no record of it is at hand.
    inside : bounds that the median must keep instead of the draws holding `came`.
    """

    key: str
    low: float
    middle: float
    high: float
    came: float | None = None
    inside: tuple[float, float] | None = None
    digits: int = 0

    @property
    def hit(self) -> bool | None:
        """Whether it held; None where nothing is there to compare with."""
        if self.inside is not None:
            return bool(self.inside[0] <= self.middle <= self.inside[1])
        return None if self.came is None else bool(self.low <= self.came <= self.high)


def told(
    key: str,
    draws: np.ndarray,
    came: float | None = None,
    *,
    inside: tuple[float, float] | None = None,
    digits: int = 0,
) -> Told:
    """Summarise draws, (S,), those that are not a number left out."""
    low, middle, high = np.nanquantile(np.asarray(draws, float), [0.05, 0.5, 0.95])
    return Told(key, float(low), float(middle), float(high), came, inside, digits)
