"""The newest complete figure of each register of people killed and missing, and how old it is.

What a page, a report, a brief and the README open on. A year counts when all its months, and for
the nation all 32 states, have a value; a final figure comes before a newer provisional one; an
undercount is shown only where it is newer than any final figure, and is named one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hidra.core.i18n import MONTHS
from hidra.core.place import NATION
from hidra.data import panel, reference

if TYPE_CHECKING:
    import pandas as pd

#: Measures of each register, all of one thing; of the same period and cut the first is taken.
REGISTERS = {
    "inegi": (
        "inegi_homicides_registered_quoted", "inegi_homicides_registered_annual",
        "inegi_homicides_registered", "inegi_homicides",
        "inegi_homicides_occurred_and_registered",
    ),
    "sesnsp": ("sesnsp_homicide_victims_annual", "sesnsp_homicide_victims"),
    "sesnsp_files": ("sesnsp_homicide_files",),
    "rnid": ("rnid_homicide_victims", "rnid_homicide_victims_sum"),
    "rnid_files": ("rnid_homicide_files", "rnid_homicide_files_sum"),
    "rnpdno": ("rnpdno_missing_stock",),
}  # fmt: skip
COMPARED = ("inegi", "sesnsp")  # two counts of the same years
STATUSES = ("final", "provisional", "undercount")
COLUMNS = (
    "register", "measure", "label_es", "label_en", "place", "first", "last", "value", "rate",
    "status", "source", "cut", "shown",
)  # fmt: skip
WHOLE = """
WITH told AS (
    SELECT measure, period, month, place, value, source, vintage,
           list_position($statuses, status) AS rank
    FROM panel WHERE list_contains($measures, measure)
      AND (place = $place OR ($place = '00' AND length(place) = 2))
), cells AS (
    SELECT measure, period, month, max(rank) AS rank, min(source) AS source, max(vintage) AS cut,
           sum(value) AS value
    FROM told WHERE place = $place OR month || measure || period NOT IN
        (SELECT month || measure || period FROM told WHERE place = $place AND value IS NOT NULL)
    GROUP BY ALL
    HAVING bool_or(place = $place AND value IS NOT NULL)
        OR count(value) FILTER (place BETWEEN '01' AND '32') = 32
), spans AS (
    SELECT measure, period, min(month) AS first, max(month) AS last, sum(value) AS value,
           $statuses[max(rank)] AS status, min(source) AS source, max(cut) AS cut
    FROM cells
    GROUP BY measure, period, CASE WHEN period IN ('month', 'quarter') THEN left(month, 4)
                                   ELSE month END
    HAVING count(*) = CASE period WHEN 'month' THEN 12 WHEN 'quarter' THEN 4 ELSE 1 END
)
SELECT spans.*, CASE WHEN period IN ('month', 'quarter', 'year')
                     THEN 100000 * value / persons END AS rate
FROM spans LEFT JOIN population ON population.place = $place
     AND population.year = left(spans.first, 4)
"""


def newest(place: str = NATION.code) -> pd.DataFrame:
    """Return the newest final figure of each register and what is newer but not final.

    Parameters
    ----------
    place : INEGI code; ``00`` the nation.

    Returns
    -------
    pandas.DataFrame
        register, measure and its label, place, first and last month of the period, value, rate (per
        100,000 inhabitants and year; null for other periods), status, source, cut (its date),
        shown: ``newest``, or ``compared`` for the last year that `COMPARED` both hold as final.
        A figure is as old as the months since its last one.
    """
    import pandas as pd

    every = _complete(place).assign(place=place)
    picked = [_newest(every[every["register"] == one]) for one in REGISTERS]
    picked.append(_compared(every).assign(shown="compared"))
    labels = reference.table("measure")[["measure", "label_es", "label_en"]]
    found = pd.concat(picked).merge(labels, on="measure", how="left")
    return found[list(COLUMNS)]


def _complete(place: str) -> pd.DataFrame:
    """Return one row for each whole period of each register: of its newest cut."""
    import pandas as pd

    whose = {one: (name, i) for name, of in REGISTERS.items() for i, one in enumerate(of)}
    asked = {"measures": list(whose), "place": place, "statuses": list(STATUSES)}
    names = ("measure", "period", "first", "last", "value", "status", "source", "cut", "rate")
    rows = pd.DataFrame(panel.ask(WHOLE, asked), columns=list(names))
    rows["register"] = [whose[one][0] for one in rows["measure"]]
    rows["order"] = [whose[one][1] for one in rows["measure"]]
    rows["last"] = [ending(*one) for one in rows[["period", "last"]].itertuples(index=False)]
    rows["rank"] = [STATUSES.index(one) for one in rows["status"]]
    rows = rows.sort_values(["last", "rank", "cut", "order"], ascending=[True, False, True, False])
    return rows.drop_duplicates(["register", "last"], keep="last")


def ending(period: str, month: str) -> str:
    """Return the last month of a period: ``2026 Jan-Aug`` ends in August, a year in December."""
    if period in ("month", "quarter", "year"):
        return f"{month[:4]}-12"
    if period.startswith("until "):
        return period.removeprefix("until ")[:7]
    found = re.fullmatch(r"\d{4} (?:\w{3}-)?(\w{3})", period)
    names = [one[:3] for one in MONTHS["en"]]
    return f"{month[:4]}-{names.index(found[1]) + 1:02d}" if found else month


def _newest(rows: pd.DataFrame) -> pd.DataFrame:
    final = rows["rank"] == 0
    newer = ~final & (rows["last"] > rows.loc[final, "last"].max()) if final.any() else ~final
    last = [part.index[-1] for part in (rows[final], rows[newer]) if len(part)]
    return rows.loc[last].assign(shown="newest")


def _compared(rows: pd.DataFrame) -> pd.DataFrame:
    final = rows[(rows["rank"] == 0) & rows["register"].isin(COMPARED)]
    shared = final.groupby("last")["register"].transform("nunique") == len(COMPARED)
    both = final[shared]
    return both[both["last"] == both["last"].max()].sort_values("register")
