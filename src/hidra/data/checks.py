"""Named checks of the panel, published national totals among them, and what a newer cut revised.

Verdicts: ``ok``; ``look`` (worth a human eye, the figures may be right); ``fails`` (the panel
contradicts a published total or itself); ``not run`` (the table it needs is not in the panel).

The totals are those of the built-in table ``national_totals`` (see its row in the catalogue for
publishers and terms). A total that its publisher revises with every cut is only expected of the
newest cut that is built in; an older one, or a table of the user's, may be apart by what was
revised. The registered homicides of closed years are expected of any table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hidra.core.errors import SpecError
from hidra.core.i18n import Message, _
from hidra.data import panel, reference
from hidra.data.panel import COUNTED

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
    Published("sesnsp_homicide_files", "sesnsp_homicide_files", (2015, 2025), True),
    Published("rnpdno_missing", "rnpdno_missing_annual", (2010, 2025), True),
    Published("population", "population", (1990, 2040), True),
)
YEARLY = """
WITH cells AS (
    SELECT source, level(place) AS level, left(month, 4)::INTEGER AS year, month, period,
           left(place, 2) AS state, value, vintage FROM panel_sources WHERE measure = $1
), covering AS (
    SELECT source, level FROM cells GROUP BY ALL
    HAVING level = 'nation' OR count(DISTINCT state) >= 32
)
SELECT source, level, year, sum(value) AS total,
       source IN (SELECT source FROM series_built_in) AS built_in,
       vintage >= (SELECT max(vintage) FROM series_built_in WHERE measure = $1) AS newest,
       CASE WHEN min(period) = 'year' THEN 12 ELSE count(DISTINCT month) END AS months
FROM cells SEMI JOIN covering USING (source, level)
GROUP BY source, level, year, vintage ORDER BY ALL
"""
Verdict = Literal["ok", "look", "fails", "not run"]
Row = tuple[str, Verdict, str, str, str]
Key = tuple[str, str, bool, bool]  # source, level, whether it is built in and its newest cut
MONTHS = 12


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


def published(measure: str, year: int) -> float:
    """Return the least of the national totals of a year published of a measure; NaN if none."""
    frame = reference.table("national_totals")
    told = frame.loc[frame["year"].astype(int) == year].filter(regex=f"^{measure}(_|$)")
    totals = told.to_numpy(float).ravel().tolist()
    return min((one for one in totals if not math.isnan(one)), default=math.nan)


def _compared(
    con: duckdb.DuckDBPyConnection, one: Published, published: dict[int, float]
) -> list[Row]:
    name = _("national totals: {measure}", measure=one.measure)
    series: dict[Key, dict[int, tuple[int, float]]] = {}
    for row in panel.answer(con, YEARLY, [one.measure]):
        key = (row["source"], row["level"], row["built_in"], row["newest"])
        series.setdefault(key, {})[row["year"]] = row["months"], row["total"]
    if not series:
        return [(name, "not run", _("No table that covers the country is in the panel."), "", "")]
    return [_verdict(one, name, key, totals, published) for key, totals in sorted(series.items())]


def _verdict(
    one: Published,
    name: str,
    key: Key,
    held: dict[int, tuple[int, float]],
    published: dict[int, float],
) -> Row:
    source, level, built_in, newest = key
    years = [
        year
        for year in range(one.years[0], one.years[1] + 1)
        if year in held and not math.isnan(published.get(year, math.nan))
    ]
    cut = {year: held[year][0] for year in years if held[year][0] < MONTHS}
    totals = {year: held[year][1] for year in years if year not in cut}
    apart = {y: total - published[y] for y, total in totals.items() if total != published[y]}
    found = _(
        "{level}: {n} of {total} years equal the published total",
        level=Message(level, {}), n=len(totals) - len(apart), total=len(totals),
    )  # fmt: skip
    verdict: Verdict = "ok"
    if apart:
        most = max(apart, key=lambda year: abs(apart[year]))
        share = 100 * abs(apart[most]) / published[most]
        found = _(
            "{found}; the largest difference is {apart:+g} ({share:.2g} %) in {year}",
            found=found, apart=apart[most], share=share, year=most,
        )  # fmt: skip
        verdict = "fails"
        if one.revised and not (built_in and newest):
            found = _("{found}; each cut revises the years before it", found=found)
            verdict = "ok" if built_in else "look"
    if cut:
        found = _("{found}; of {year} there are {n} months", found=found, year=max(cut),
                  n=cut[max(cut)])  # fmt: skip
        verdict = "fails" if verdict == "fails" else "look"
    elif not totals:
        verdict, found = "not run", _("{level}: no year of it has a published total",
                                      level=Message(level, {}))  # fmt: skip
    return (name, verdict, _("{found}.", found=found), source, one.measure)


BOTH = """
WITH a AS (SELECT * FROM panel_all WHERE vintage = $before AND source IN (SELECT unnest($sources))
               AND measure = coalesce($measure, measure)),
     b AS (SELECT * FROM panel_all WHERE vintage = $after AND source IN (SELECT unnest($sources))
               AND measure = coalesce($measure, measure)),
cells AS (
    SELECT source, measure, level(place) AS level, place, month, period,
           a.value AS before, b.value AS after,
           CASE WHEN b.place IS NULL THEN 'vanished' WHEN a.place IS NULL THEN 'new'
                WHEN a.value IS NOT DISTINCT FROM b.value THEN 'same'
                WHEN a.value IS NULL THEN 'now known' WHEN b.value IS NULL THEN 'now unknown'
                ELSE 'revised' END AS kind
    FROM a FULL JOIN b USING (source, measure, place, month, period)
)
"""
YEARS = f"""
{BOTH}
SELECT source, measure, level, left(month, 4)::INTEGER AS year, sum(before) AS before,
       sum(after) AS after, sum(after) - sum(before) AS change,
       count(*) FILTER (kind <> 'same') AS cells_changed, count(*) AS cells,
       count(*) FILTER (kind = 'vanished') AS vanished
FROM cells GROUP BY ALL HAVING cells_changed > 0 ORDER BY ALL
"""
CELLS = f"""
{BOTH}
SELECT source, measure, level, place, month, period, before, after, after - before AS change, kind
FROM cells WHERE kind <> 'same' ORDER BY source, measure, level, place, month
"""


def vintages(source: str | None = None) -> dict[str, list[str]]:
    """Return the dates of all cuts held, per source, oldest first."""
    rows = panel.ask(
        "SELECT source, list(DISTINCT vintage ORDER BY vintage) AS dates FROM "
        "(FROM series UNION ALL FROM series_built_in) WHERE source = coalesce(?, source) "
        "GROUP BY source ORDER BY source",
        [source],
    )
    return {row["source"]: row["dates"] for row in rows}


def diff(
    before: str, after: str, *, source: str | None = None, measure: str | None = None
) -> dict[str, Any]:
    """Compare two vintages of every source that holds both.

    Parameters
    ----------
    before, after : str
        Dates of two cuts, ``YYYY-MM-DD``.
    source, measure : str, optional
        Only this one.

    Returns
    -------
    dict
        ``years``: per source, measure, level and year that changed, the totals before and after
        and how many cells changed; ``cells``: every changed cell and its kind (revised, new,
        vanished, now known, now unknown).

    Raises
    ------
    SpecError
        No source has both vintages.
    """
    held = vintages(source)
    both = [name for name, dates in held.items() if before in dates and after in dates]
    if not both:
        several = {name: dates for name, dates in held.items() if len(dates) > 1}
        listed = "; ".join(f"{name}: {', '.join(dates)}" for name, dates in several.items())
        raise SpecError(
            _("No source has both vintages {before} and {after}.", before=before, after=after),
            where=f"hidra data diff {before} {after}",
            fix=_("Sources with several vintages: {listed}.", listed=listed or "none yet"),
        )
    values = {"before": before, "after": after, "sources": both, "measure": measure}
    return {
        "before": before,
        "after": after,
        "sources": both,
        "years": panel.ask(YEARS, values, exact=True),
        "cells": panel.ask(CELLS, values, exact=True),
    }


MOST = 8  # findings listed per check


@dataclass(frozen=True)
class Finding:
    """The result of one named check on one series, or on the whole panel."""

    name: str
    verdict: Verdict
    detail: str
    source: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Check:
    """A check in SQL: every row of the query is a finding, told in the words; no row is fine.

    A row may say its own verdict: a built-in figure that is odd and as published is ``ok``.
    """

    name: str
    verdict: Verdict
    words: str
    fine: str
    query: str

    def findings(self, con: duckdb.DuckDBPyConnection) -> list[Finding]:
        """Run the query on a connection to the panel."""
        rows = panel.answer(con, self.query)
        found = [
            Finding(
                self.name,
                row.get("verdict", self.verdict),
                Message(self.words, row),
                row.get("source") or "",
                row.get("measure") or "",
            )
            for row in rows[:MOST]
        ]
        if len(rows) > MOST:
            found.append(
                Finding(self.name, self.verdict, _("... and {n} more.", n=len(rows) - MOST))
            )
        return found or [Finding(self.name, "ok", self.fine)]


def check() -> list[Finding]:
    """Run every check, in the order of the reference page."""
    with panel.reading(exact=True) as con:
        totals = [Finding(*one) for one in national_totals(con)]
        return [
            *totals,
            *(finding for one in CHECKS for finding in one.findings(con)),
            *_missing_persons(),
        ]


def _missing_persons() -> list[Finding]:
    """Missing persons are built in by state only: small places would point at persons."""
    rows = reference.panel()
    small = rows[rows["measure"].str.startswith("rnpdno") & (rows["place"].str.len() > 2)]
    name = _("missing persons by state only")
    if len(small):
        return [Finding(name, "fails", _("{n} municipal rows are built in.", n=len(small)))]
    return [Finding(name, "ok", _("No municipal row is built in."))]


CORRECTED = "SELECT source FROM notes WHERE kind = 'correction'"
NOTES = "SELECT source, file, detail, n FROM notes WHERE kind = '{}' GROUP BY ALL ORDER BY ALL"

CHECKS = (
    Check(
        _("duplicates"),
        "fails",
        _("{n} rows for place {place}, month {month}."),
        _("No row stands twice."),
        "SELECT source, measure, place, month, count(*) AS n FROM panel_all "
        "GROUP BY source, measure, vintage, place, month, period HAVING n > 1 ORDER BY ALL",
    ),
    Check(
        _("codes known"),
        "look",
        _("{detail} ({n} rows, {file})"),
        _("Every code is known."),
        NOTES.format("code unknown"),
    ),
    Check(
        _("codes repaired"),
        "ok",
        _("{detail} ({n} codes, {file})"),
        _("No code was repaired."),
        NOTES.format("code repaired"),
    ),
    Check(
        _("sums of parts"),
        "look",
        _("{level} rows do not add up in {n} periods (first {first}, at most {most:g} apart)."),
        _("Parts add to their wholes."),
        f"""
        WITH parts AS (
            SELECT source, measure, month, period, level(place) AS level, sum(value) AS total,
                   count(*) = count(value) AS known, count(DISTINCT left(place, 2)) AS states
            FROM panel_sources WHERE unit IN {COUNTED} GROUP BY ALL
        )
        SELECT whole.source, whole.measure, part.level, count(*) AS n, min(whole.month) AS first,
               max(abs(whole.total - part.total)) AS most
        FROM parts AS whole JOIN parts AS part USING (source, measure, month, period)
        WHERE ((whole.level = 'nation' AND part.level <> 'nation')
               OR (whole.level = 'state' AND part.level = 'municipality'))
          AND whole.known AND part.known AND part.states >= 32
          AND abs(whole.total - part.total) > 0.5
        GROUP BY ALL ORDER BY ALL
        """,
    ),
    Check(
        _("outliers"),
        "look",
        _(
            "Months far above those around them: {n}; the largest: {most:g} in {place}, "
            "{month} ({middle:g})."
        ),
        _("No month is far above those around it in its place."),
        f"""
        WITH near AS (
            SELECT source, measure, place, month, value,
                   median(value) OVER around AS middle, count(value) OVER around AS n
            FROM panel_sources WHERE period = 'month' AND unit IN {COUNTED} AND value IS NOT NULL
            WINDOW around AS (PARTITION BY source, measure, place ORDER BY month
                              ROWS BETWEEN 12 PRECEDING AND 12 FOLLOWING)
        )
        SELECT source, measure, count(*) AS n, arg_max(place, value) AS place,
               arg_max(month, value) AS month, max(value) AS most, arg_max(middle, value) AS middle,
               CASE WHEN source IN (SELECT source FROM series_built_in) THEN 'ok' ELSE 'look' END
                   AS verdict
        FROM near WHERE n >= 24 AND value >= 50 AND value > 4 * middle + 12 * sqrt(middle + 1)
        GROUP BY ALL ORDER BY most DESC
        """,
    ),
    Check(
        _("silent shrinking"),
        "look",
        _(
            "The cut of {vintage} has {row_count} rows ({first_month} to {last_month}), "
            "that of {before} {rows_before} ({first_before} to {last_before})."
        ),
        _("No newer cut holds less."),
        """
        WITH cuts AS (
            SELECT *, lag(row_count) OVER by_cut AS rows_before, lag(vintage) OVER by_cut AS before,
                   lag(first_month) OVER by_cut AS first_before,
                   lag(last_month) OVER by_cut AS last_before
            FROM series WINDOW by_cut AS (PARTITION BY source, measure ORDER BY vintage)
        )
        SELECT * FROM cuts WHERE row_count < rows_before OR first_month > first_before
            OR last_month < last_before ORDER BY source, measure, vintage
        """,
    ),
    Check(
        _("one concept per measure"),
        "look",
        _("Means {n} things ({sources}): filter by source, never sum."),
        _("Every measure has one meaning."),
        "SELECT measure, count(DISTINCT concept || unit) AS n, "
        "string_agg(DISTINCT source, ', ' ORDER BY source) AS sources FROM (SELECT DISTINCT "
        "measure, period, concept, unit, source FROM panel_sources) GROUP BY measure, period "
        "HAVING n > 1 ORDER BY ALL",
    ),
    Check(
        _("negative counts"),
        "fails",
        _("{value} for place {place}, month {month}."),
        _("No count is negative."),
        "SELECT source, measure, place, month, value FROM panel_all WHERE value < 0 "
        f"AND unit IN {COUNTED} AND source NOT IN ({CORRECTED}) ORDER BY ALL",
    ),
    Check(
        _("corrections below zero"),
        "look",
        _("{value} for place {place}, month {month}: a correction of the publisher."),
        _("No count is a correction below zero."),
        "SELECT source, measure, place, month, value FROM panel_all WHERE value < 0 "
        f"AND unit IN {COUNTED} AND source IN ({CORRECTED}) ORDER BY ALL",
    ),
    Check(
        _("gaps and provisional months"),
        "ok",
        _("{unknown} rows unknown, {provisional} provisional, {undercount} undercounted{since}."),
        _("All rows are known and final."),
        """
        SELECT source, count(*) - count(value) AS unknown,
               count(*) FILTER (status = 'provisional') AS provisional,
               count(*) FILTER (status = 'undercount') AS undercount,
               coalesce(' (from ' || min(month) FILTER (status <> 'final') || ')', '') AS since
        FROM panel_sources GROUP BY ALL HAVING unknown + provisional + undercount > 0 ORDER BY ALL
        """,
    ),
    Check(
        _("months without rows"),
        "look",
        _("{n} months between {first} and {last} have no row at all."),
        _("No month is left out."),
        """
        SELECT source, measure, min(month) AS first, max(month) AS last,
               date_diff('month', (first || '-01')::DATE, (last || '-01')::DATE) + 1
                   - count(DISTINCT month) AS n
        FROM panel_sources WHERE period = 'month' GROUP BY source, measure HAVING n > 0 ORDER BY ALL
        """,
    ),
    Check(
        _("sources have terms"),
        "fails",
        _("Publisher, terms or access date is missing."),
        _("Every source has publisher, terms and access date."),
        "SELECT source FROM measures ANTI JOIN (SELECT source FROM sources WHERE publisher <> '' "
        "AND terms <> '' AND accessed <> '') USING (source) GROUP BY source ORDER BY source",
    ),
)
