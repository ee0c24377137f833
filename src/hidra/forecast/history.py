"""What is known at the origin of a forecast: monthly counts by place up to that month, no later.

The newest months are counted short: deaths and files come in late. Where the panel keeps two cuts
of a source, what the later one added to months of the same age says by how much, and the newest
months are completed by that ratio. Where it keeps one, nothing can be learnt: the months stand as
published, and which of them are provisional is told.

INEGI publishes a year late and its last year is an undercount. For the states these months, and
those after them, are bridged with the victims in case files, times what INEGI counted for each of
them in the year before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hidra.core import fingerprint, place, weeks
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def month(given: object) -> np.datetime64:
    """Read a month, as `hidra.core.weeks.month` takes it; refuse anything else."""
    return np.datetime64(weeks.month(given), "M")


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


OLDEST = 24  # months after which a count is taken as complete
SETTLED = 6  # months between two cuts below which the later one shows too little of the delay
CELLS = """
WITH cell AS (
    SELECT source, place, month, value, vintage, status,
           date_diff('month', (month || '-01')::DATE, TRY_CAST(left(vintage, 10) AS DATE)) AS age
    FROM {view} WHERE measure = ? AND level(place) = ? AND period = 'month' AND value IS NOT NULL
), last AS (
    SELECT source, place, month, arg_max(value, vintage) AS value, max(age) AS age
    FROM cell GROUP BY source, place, month
)
{select}
"""
GREW = CELLS.format(
    view="panel_all",
    select=f"""
SELECT cell.age AS age, sum(last.value) / sum(cell.value) AS factor
FROM cell JOIN last ON (cell.source, cell.place, cell.month) = (last.source, last.place, last.month)
WHERE cell.age BETWEEN 0 AND {OLDEST} AND last.age >= cell.age + {SETTLED}
GROUP BY cell.age HAVING sum(cell.value) > 0 ORDER BY cell.age
""",
)
NOW = CELLS.format(
    view="panel",
    select="""
SELECT month, min(age) AS age, bool_or(status <> 'final') AS open,
       bool_or(status = 'undercount') AS undercount
FROM cell WHERE list_contains(?, place) GROUP BY month ORDER BY month
""",
)


@dataclass(frozen=True)
class Nowcast:
    """A record with its newest months completed.

    Attributes
    ----------
    history : History
        What is known at the origin, completed.
    factors : month -> by what its counts were multiplied; only months that changed.
    short : months up to the origin published as provisional or undercounted and left as they are.
    """

    history: History
    factors: Mapping[str, float]
    short: tuple[str, ...]


BRIDGED, BRIDGE = "inegi_homicides", "sesnsp_homicide_victims"
OVERLAP = 12  # months of both sources that the ratio rests on: it drifts
PRIOR = 300.0  # victims with the ratio of the nation added to those of a state


def undercounted(measure: str) -> list[str]:
    """Return the months published as an undercount of the states, ``YYYY-MM``."""
    from hidra.core.place import states
    from hidra.data import panel

    rows = panel.ask(NOW, [measure, "state", [one.code for one in states()]])
    return [str(row["month"]) for row in rows if row["undercount"]]


def bridged(history: History, level: str, until: np.datetime64 | None = None) -> History:
    """Put case files in place of undercounted and still unpublished months of INEGI, by state.

    The ratio of a state is drawn towards that of the nation; both rest on months no later than
    `until` that both sources count in full. Counts stay whole persons.
    """
    if history.measure != BRIDGED or level != "state":
        return history
    short = [np.datetime64(month, "M") - 1 for month in undercounted(BRIDGED)]
    full = min([*short, history.origin])
    if until is not None and until <= full:
        return history
    files = record(BRIDGE, level)
    if not full <= files.origin or files.places != history.places:
        return history
    one = history.until(full).counts[-OVERLAP:]
    other = files.until(full).counts[-OVERLAP:]
    both = ~np.isnan(one) & ~np.isnan(other)
    inegi, victims = (np.where(both, counts, 0).sum(axis=0) for counts in (one, other))
    nation = inegi.sum() / victims.sum()
    ratio = (inegi + PRIOR * nation) / (victims + PRIOR)
    after = files.since(full, int((files.origin - full).astype(int)))
    counts = np.concatenate([history.until(full).counts, np.round(after * ratio)])
    return replace(history, counts=counts, bridged=full + 1)


def completed(history: History, level: str) -> Nowcast:
    """Complete the newest months of a record by what later cuts added to months of their age.

    Counts stay whole persons. A month older than two years is taken as complete.
    """
    from hidra.data import panel

    asked = [history.measure, level]
    grew = {int(row["age"]): float(row["factor"]) for row in panel.ask(GREW, asked, exact=True)}
    origin, counts = str(history.origin), history.counts.copy()
    factors, short = {}, []
    for row in panel.ask(NOW, [*asked, list(history.places)], exact=True):
        month = str(row["month"])
        if not str(history.first) <= month <= origin or month >= str(history.bridged or "9"):
            continue
        factor = _factor(grew, row["age"])
        if factor > 1:
            at = int((np.datetime64(month, "M") - history.first).astype(int))
            counts[at] = np.round(counts[at] * factor)
            factors[month] = factor
        elif row["open"]:
            short.append(month)
    return Nowcast(replace(history, counts=counts), factors, tuple(short))


def _factor(grew: Mapping[int, float], age: int | None) -> float:
    """Return the growth of a count of this age in months; one where none has been seen."""
    if not grew or age is None or age > max(grew):
        return 1.0
    return max(1.0, float(np.interp(age, list(grew), list(grew.values()))))
