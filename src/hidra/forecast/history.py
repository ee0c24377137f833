"""What is known at the origin of a forecast: monthly counts by place up to that month, no later."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hidra.core import fingerprint, place, weeks
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Counts = NDArray[np.float64]

MEASURES = ("inegi_homicides", "sesnsp_homicide_victims")
LEVELS = ("state", "municipality")
YEAR = 12


@dataclass(frozen=True)
class History:
    """Monthly counts of one measure up to the origin.

    Attributes
    ----------
    measure : str
        What is counted.
    places : tuple of str
        INEGI codes, length P.
    first : numpy.datetime64
        First month.
    counts : array (T, P)
        Persons a month; NaN where unknown. The last row is the origin.
    bridged : numpy.datetime64 or None
        First month that another source stands in for (`nowcast.bridged`).
    """

    measure: str
    places: tuple[str, ...]
    first: np.datetime64
    counts: Counts
    bridged: np.datetime64 | None = None

    @property
    def origin(self) -> np.datetime64:
        """The last month of data."""
        return self.first + np.timedelta64(len(self.counts) - 1, "M")

    @cached_property
    def calendar(self) -> NDArray[np.int64]:
        """Calendar month of each row, 0 = January, (T,)."""
        return np.asarray((self.first.astype(int) + np.arange(len(self.counts))) % YEAR)

    def after(self, months: int) -> NDArray[np.int64]:
        """Calendar month of each of the `months` after the origin, 0 = January."""
        return np.asarray((self.origin.astype(int) + 1 + np.arange(months)) % YEAR)

    def until(self, origin: np.datetime64) -> History:
        """The same record as it stood at an earlier origin."""
        return replace(self, counts=self.counts[: self._row(origin) + 1])

    def since(self, origin: np.datetime64, months: int) -> Counts:
        """What came in the `months` after an earlier origin, (months, P); NaN where unknown."""
        start = self._row(origin) + 1
        there = self.counts[start : start + months]
        gap = np.full((months - len(there), len(self.places)), np.nan)
        return np.concatenate([there, gap])

    def _row(self, month: np.datetime64) -> int:
        return int((month - self.first).astype(int))


def digest(history: History) -> str:
    """Return what identifies a history: its counts, places, measure and months."""
    return fingerprint.of(
        [history.measure, str(history.first), history.places, np.asarray(history.counts, float)]
    )


def month(text: str) -> np.datetime64:
    """Read ``YYYY-MM``; refuse anything else."""
    return np.datetime64(weeks.month(text), "M")


def record(measure: str, level: str) -> History:
    """Everything the panel holds of a measure: built in, fetched and imported alike.

    Raises
    ------
    SpecError
        Unknown measure or level, or no rows at that level.
    """
    from hidra.data import panel

    if level not in LEVELS:
        raise unknown(_("level"), level, LEVELS, where="--level")
    if measure not in MEASURES:  # any monthly count of the panel may be asked for
        counts = panel.ask(
            "SELECT DISTINCT measure FROM measures WHERE contains(period, 'month') "
            "AND list_contains($units, unit) AND contains(level, $level)",
            {"units": list(panel.COUNTED), "level": level},
        )
        allowed = {*MEASURES, *(str(one["measure"]) for one in counts)}
        if measure not in allowed:
            raise unknown(_("measure to forecast"), measure, allowed, where="--measure")
    rows = panel.rows(measure, level=level, exact=True)
    kept = rows["value"].notna() & (rows["period"] == "month") & ~rows["place"].map(_elsewhere)
    rows = rows[kept]
    if rows.empty:
        raise SpecError(
            _("The panel has no monthly {measure} by {level}.", measure=measure, level=level),
            where="--level",
            fix=_(
                "Bring them first with `hidra data fetch`, `add` or `import`; see "
                "`hidra data status`."
            ),
        )
    return _matrix(measure, rows)


def _elsewhere(code: str) -> bool:
    """Whether a code is a bucket: people killed, place unknown or abroad."""
    return place.is_bucket(code) if len(code) == 5 else not place.is_state(code)


def _matrix(measure: str, rows: pd.DataFrame) -> History:
    months = rows["month"].to_numpy().astype("datetime64[M]")
    places = tuple(sorted(set(rows["place"])))
    column = {code: i for i, code in enumerate(places)}
    first = months.min()
    counts = np.full(((months.max() - first).astype(int) + 1, len(places)), np.nan)
    counts[(months - first).astype(int), rows["place"].map(column)] = rows["value"]
    return History(measure, places, first, counts)
