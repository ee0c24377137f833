"""Named checks of the panel: each says what it looked at and what it found.

Verdicts: ``ok``; ``look`` (worth a human eye, the figures may be right); ``fails`` (the panel
contradicts a published total or itself); ``not run`` (the table it needs is not in the panel).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hidra.data import panel, reference
from hidra.data.panel import COUNTED
from hidra.data.totals import national_totals

if TYPE_CHECKING:
    import duckdb

Verdict = Literal["ok", "look", "fails", "not run"]
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
    """A check in SQL: every row of the query is a finding, told in the words; no row is fine."""

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
                self.verdict,
                self.words.format(**row),
                row.get("source") or "",
                row.get("measure") or "",
            )
            for row in rows[:MOST]
        ]
        if len(rows) > MOST:
            found.append(Finding(self.name, self.verdict, f"... and {len(rows) - MOST} more."))
        return found or [Finding(self.name, "ok", self.fine)]


def check() -> list[Finding]:
    """Run every check, in the order of the reference page."""
    with panel.reading() as con:
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
    name = "missing persons by state only"
    if len(small):
        return [Finding(name, "fails", f"{len(small)} municipal rows are built in.")]
    return [Finding(name, "ok", "No municipal row is built in.")]


NOTES = "SELECT source, file, detail, n FROM notes WHERE kind = '{}' GROUP BY ALL ORDER BY ALL"

CHECKS = (
    Check(
        "duplicates",
        "fails",
        "{n} rows for place {place}, month {month}.",
        "No row stands twice.",
        "SELECT source, measure, place, month, count(*) AS n FROM panel_all "
        "GROUP BY source, measure, vintage, place, month, period HAVING n > 1 ORDER BY ALL",
    ),
    Check(
        "codes known",
        "look",
        "{detail} ({n} rows, {file})",
        "Every code is known.",
        NOTES.format("code unknown"),
    ),
    Check(
        "codes repaired",
        "ok",
        "{detail} ({n} codes, {file})",
        "No code was repaired.",
        NOTES.format("code repaired"),
    ),
    Check(
        "sums of parts",
        "look",
        "{level} rows do not add up in {n} periods (first {first}, at most {most:g} apart).",
        "Parts add to their wholes.",
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
        "outliers",
        "look",
        "{n} months far above the usual; the largest: {most:g} in {place}, {month} ({middle:g}).",
        "No month is far outside its place's history.",
        f"""
        WITH usual AS (
            SELECT source, measure, place, median(value) AS middle, mad(value) AS spread,
                   count(*) AS n
            FROM panel_sources WHERE period = 'month' AND unit IN {COUNTED} AND value IS NOT NULL
            GROUP BY ALL HAVING n >= 24
        )
        SELECT source, measure, count(*) AS n, arg_max(place, value) AS place,
               arg_max(month, value) AS month, max(value) AS most, arg_max(middle, value) AS middle
        FROM panel_sources JOIN usual USING (source, measure, place)
        WHERE value >= 50 AND value > middle + 12 * (spread + sqrt(middle) + 1)
        GROUP BY ALL ORDER BY most DESC
        """,
    ),
    Check(
        "silent shrinking",
        "look",
        "The cut of {vintage} has {row_count} rows ({first_month} to {last_month}), "
        "that of {before} {rows_before} ({first_before} to {last_before}).",
        "No newer cut holds less.",
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
        "one concept per measure",
        "look",
        "Means {n} things ({sources}): filter by source, never sum.",
        "Every measure has one meaning.",
        "SELECT measure, count(DISTINCT concept || unit) AS n, "
        "string_agg(DISTINCT source, ', ' ORDER BY source) AS sources "
        "FROM measures GROUP BY measure HAVING n > 1 ORDER BY ALL",
    ),
    Check(
        "negative counts",
        "fails",
        "{value} for place {place}, month {month}.",
        "No count is negative.",
        "SELECT source, measure, place, month, value FROM panel_all WHERE value < 0 "
        f"AND unit IN {COUNTED} ORDER BY ALL",
    ),
    Check(
        "gaps and provisional months",
        "ok",
        "{unknown} rows unknown, {provisional} provisional, {undercount} undercounted{since}.",
        "All rows are known and final.",
        """
        SELECT source, count(*) - count(value) AS unknown,
               count(*) FILTER (status = 'provisional') AS provisional,
               count(*) FILTER (status = 'undercount') AS undercount,
               coalesce(' (from ' || min(month) FILTER (status <> 'final') || ')', '') AS since
        FROM panel_sources GROUP BY ALL HAVING unknown + provisional + undercount > 0 ORDER BY ALL
        """,
    ),
    Check(
        "months without rows",
        "look",
        "{n} months between {first} and {last} have no row at all.",
        "No month is left out.",
        """
        SELECT source, measure, min(month) AS first, max(month) AS last,
               date_diff('month', (first || '-01')::DATE, (last || '-01')::DATE) + 1
                   - count(DISTINCT month) AS n
        FROM panel_sources WHERE period = 'month' GROUP BY source, measure HAVING n > 0 ORDER BY ALL
        """,
    ),
    Check(
        "sources have terms",
        "fails",
        "Publisher, terms or access date is missing.",
        "Every source has publisher, terms and access date.",
        "SELECT source FROM measures ANTI JOIN (SELECT source FROM sources WHERE publisher <> '' "
        "AND terms <> '' AND accessed <> '') USING (source) GROUP BY source ORDER BY source",
    ),
)
