"""Published national totals, and how the panel compares with them, to the unit.

The totals are those of the built-in table ``national_totals`` (see its row in the catalogue for
publishers and terms). A total that its publisher revises with every cut is only expected of the
built-in vintage; the registered homicides of closed years are expected of any table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hidra.data import panel, reference

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Published:
    """A yearly national total: which measure must reach it, and whether it may be revised."""

    measure: str
    column: str
    years: tuple[int, int]
    revised: bool


TOTALS = (
    Published("inegi_homicides", "inegi_homicides_annual", (2000, 2022), True),
    Published(
        "inegi_homicides_registered", "inegi_homicides_registered_annual", (1990, 2015), False
    ),
    Published("sesnsp_homicide_victims", "sesnsp_homicide_victims_annual", (2015, 2024), True),
    Published(
        "sesnsp_firearm_homicide_victims",
        "sesnsp_firearm_homicide_victims_annual",
        (2015, 2024),
        True,
    ),
    Published("sesnsp_femicide_victims", "sesnsp_femicide_victims_annual", (2015, 2024), True),
    Published("sesnsp_homicide_files", "sesnsp_homicide_files", (2015, 2019), True),
    Published("rnpdno_missing", "rnpdno_missing_annual", (2010, 2025), True),
    Published("population", "population", (1990, 2040), True),
)
YEARLY = """
WITH cells AS (
    SELECT source, level(place) AS level, left(month, 4)::INTEGER AS year, month, period,
           left(place, 2) AS state, value FROM panel_sources WHERE measure = ?
), covering AS (
    SELECT source, level FROM cells GROUP BY ALL
    HAVING level = 'nation' OR count(DISTINCT state) >= 32
)
SELECT source, level, year, sum(value) AS total,
       source IN (SELECT source FROM series_built_in) AS built_in
FROM cells SEMI JOIN covering USING (source, level)
GROUP BY source, level, year HAVING min(period) = 'year' OR count(DISTINCT month) = 12
ORDER BY ALL
"""
Row = tuple[str, Literal["ok", "look", "fails", "not run"], str, str, str]


def national_totals(con: duckdb.DuckDBPyConnection) -> list[Row]:
    """Compare every series that covers the country with the published totals.

    Returns
    -------
    list of tuple
        name of the check, verdict, what was found, source, measure.
    """
    frame = reference.table("national_totals")
    years = frame["year"].astype(int).tolist()
    return [
        row
        for one in TOTALS
        for row in _compared(con, one, dict(zip(years, frame[one.column].tolist(), strict=True)))
    ]


def _compared(
    con: duckdb.DuckDBPyConnection, one: Published, published: dict[int, float]
) -> list[Row]:
    name = f"national totals: {one.measure}"
    series: dict[tuple[str, str, bool], dict[int, float]] = {}
    for row in panel.answer(con, YEARLY, [one.measure]):
        key = (row["source"], row["level"], row["built_in"])
        series.setdefault(key, {})[row["year"]] = row["total"]
    if not series:
        return [(name, "not run", "No table that covers the country is in the panel.", "", "")]
    return [_verdict(one, name, key, totals, published) for key, totals in sorted(series.items())]


def _verdict(
    one: Published,
    name: str,
    key: tuple[str, str, bool],
    totals: dict[int, float],
    published: dict[int, float],
) -> Row:
    source, level, built_in = key
    years = [
        year
        for year in range(one.years[0], one.years[1] + 1)
        if year in totals and not math.isnan(published.get(year, math.nan))
    ]
    apart = {
        year: totals[year] - published[year] for year in years if totals[year] != published[year]
    }
    found = f"{level}: {len(years) - len(apart)} of {len(years)} years equal the published total"
    if not apart:
        return (name, "ok", found + ".", source, one.measure)
    most = max(apart, key=lambda year: abs(apart[year]))
    detail = f"{found}; the largest difference is {apart[most]:+g} in {most}."
    verdict: Literal["look", "fails"] = "look" if one.revised and not built_in else "fails"
    return (name, verdict, detail, source, one.measure)
