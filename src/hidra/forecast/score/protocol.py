"""Which months are forecast from which origins: fixed before any score was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.core.errors import SpecError
from hidra.forecast.past import record

if TYPE_CHECKING:
    from hidra.forecast.past import Past


@dataclass(frozen=True)
class Protocol:
    """Origins, horizons and places of one table of scores.

    Attributes
    ----------
    measure, level : str
    origins : tuple of str
        Last months of data, ``YYYY-MM``.
    horizons : tuple of int
        Months ahead that are scored.
    block : int
        Origins that are resampled together, because they share a stretch of history.
    """

    measure: str
    level: str
    origins: tuple[str, ...]
    horizons: tuple[int, ...]
    block: int

    def known(self) -> Past:
        """The whole record; every forecast sees it only up to its origin."""
        return record(self.measure, self.level)


# VIEWS: data to October, each month of the next year (science: Hegre et al., arXiv 2407.11045).
OCTOBERS = tuple(f"{year}-10" for year in range(2009, 2022))
# Case files of victims begin in January 2015: the first origin has 41 months behind it.
MONTHLY = tuple(str(m) for m in np.arange("2018-05", "2024-07", dtype="datetime64[M]"))
NEWEST = 6  # Octobers of municipalities: minutes each, but from fewer no verdict follows
PROTOCOLS = {
    ("inegi_homicides", "state"): Protocol(
        "inegi_homicides", "state", OCTOBERS, tuple(range(3, 15)), block=2
    ),
    ("sesnsp_homicide_victims", "state"): Protocol(
        "sesnsp_homicide_victims", "state", MONTHLY, tuple(range(1, 7)), block=6
    ),
}


def protocol(measure: str, level: str) -> Protocol:
    """Return the protocol of a measure and level.

    Municipalities are scored where the user brought their counts: the newest Octobers with three
    years of data before and at least one scored month after.
    """
    if (measure, level) in PROTOCOLS:
        return PROTOCOLS[measure, level]
    known = record(measure, level)
    octobers = [
        str(month)
        for month in np.arange(known.first + 35, known.origin - 2)
        if str(month).endswith("-10")
    ]
    if not octobers:
        raise SpecError(
            f"The panel's {measure} by {level} is too short to score: "
            f"{known.first} to {known.origin}.",
            where=f"--measure {measure} --level {level}",
            fix="Bring at least four years of it.",
        )
    return Protocol(measure, level, tuple(octobers[-NEWEST:]), tuple(range(3, 15)), block=2)
