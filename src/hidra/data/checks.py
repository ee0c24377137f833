"""Named checks of the panel: each says what it looked at and what it found.

Verdicts: ``ok``; ``look`` (worth a human eye, the figures may be right); ``fails`` (the panel
contradicts a published total or itself); ``not run`` (the table it needs is not in the panel).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hidra.data import panel, reference
from hidra.data.panel import COUNTED
from hidra.data.totals import national_totals

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


def check() -> list[Finding]:
    """Run every check, in the order of the reference page."""
    return [finding for one in CHECKS for finding in one()]


def _found(name: str, query: str, verdict: Verdict, words: str, fine: str) -> list[Finding]:
    """One finding per row of a query (``words`` filled from it), or ok when there is none."""
    rows = panel.ask(query)
    findings = [
        Finding(
            name, verdict, words.format(**row), row.get("source") or "", row.get("measure") or ""
        )
        for row in rows[:MOST]
    ]
    if len(rows) > MOST:
        findings.append(Finding(name, verdict, f"... and {len(rows) - MOST} more."))
    return findings or [Finding(name, "ok", fine)]


def duplicates() -> list[Finding]:
    """Every place, month and measure of a source and vintage stands once."""
    return _found(
        "duplicates",
        "SELECT source, measure, place, month, count(*) AS n FROM panel_all "
        "GROUP BY source, measure, vintage, place, month, period HAVING n > 1 ORDER BY ALL",
        "fails",
        "{n} rows for place {place}, month {month}.",
        "No row stands twice.",
    )


def one_concept() -> list[Finding]:
    """A measure counts one thing, in one unit, whatever the source."""
    return _found(
        "one concept per measure",
        "SELECT measure, count(DISTINCT concept) AS n, string_agg(DISTINCT source, ', ') "
        "AS sources "
        "FROM measures GROUP BY measure HAVING n > 1 OR count(DISTINCT unit) > 1 ORDER BY ALL",
        "look",
        "Means {n} things ({sources}): filter by source, never sum.",
        "Every measure has one meaning.",
    )


def negative_counts() -> list[Finding]:
    """Counts are not negative."""
    return _found(
        "negative counts",
        f"SELECT source, measure, place, month, value FROM panel_all WHERE value < 0 "
        f"AND unit IN {COUNTED} ORDER BY ALL",
        "fails",
        "{value} for place {place}, month {month}.",
        "No count is negative.",
    )


def codes() -> list[Finding]:
    """Every code is known, or reported here; repaired ones are listed."""
    words = "{detail} ({n} in {file})"
    query = (
        "SELECT source, file, detail, n FROM notes WHERE kind = '{kind}' GROUP BY ALL ORDER BY ALL"
    )
    unknown = _found(
        "codes known", query.format(kind="code unknown"), "look", words, "Every code is known."
    )
    repaired = _found(
        "codes repaired", query.format(kind="code repaired"), "ok", words, "No code was repaired."
    )
    return unknown + repaired


def sums_of_parts() -> list[Finding]:
    """States add to the nation, and municipalities to their state, where one source has both."""
    query = f"""
    WITH parts AS (
        SELECT source, measure, month, period, level(place) AS level, sum(value) AS total,
               count(*) = count(value) AS known, count(DISTINCT left(place, 2)) AS states
        FROM panel WHERE unit IN {COUNTED} GROUP BY ALL
    )
    SELECT whole.source, whole.measure, part.level, count(*) AS n, min(whole.month) AS first,
           max(abs(whole.total - part.total)) AS most
    FROM parts AS whole JOIN parts AS part USING (source, measure, month, period)
    WHERE ((whole.level = 'nation' AND part.level <> 'nation')
           OR (whole.level = 'state' AND part.level = 'municipality'))
      AND whole.known AND part.known AND part.states >= 32
      AND abs(whole.total - part.total) > 0.5
    GROUP BY ALL ORDER BY ALL
    """
    words = "{level} rows do not add up in {n} periods (first {first}, at most {most:g} apart)."
    return _found("sums of parts", query, "look", words, "Parts add to their wholes.")


def outliers() -> list[Finding]:
    """No month is far outside the place's own history."""
    query = f"""
    WITH usual AS (
        SELECT source, measure, place, median(value) AS middle, mad(value) AS spread, count(*) AS n
        FROM panel WHERE period = 'month' AND unit IN {COUNTED} AND value IS NOT NULL
        GROUP BY ALL HAVING n >= 24
    )
    SELECT source, measure, count(*) AS n, arg_max(place, value) AS place,
           arg_max(month, value) AS month, max(value) AS most, arg_max(middle, value) AS middle
    FROM panel JOIN usual USING (source, measure, place)
    WHERE value >= 50 AND value > middle + 12 * (spread + sqrt(middle) + 1)
    GROUP BY ALL ORDER BY most DESC
    """
    words = (
        "{n} months far above the usual; the largest: {most:g} in {place}, {month} ({middle:g})."
    )
    return _found("outliers", query, "look", words, "No month is far outside its place's history.")


def shrinking() -> list[Finding]:
    """A newer cut does not silently hold less than the one before it."""
    query = """
    WITH cuts AS (
        SELECT *, lag(row_count) OVER by_cut AS rows_before, lag(vintage) OVER by_cut AS before,
               lag(first_month) OVER by_cut AS first_before,
               lag(last_month) OVER by_cut AS last_before
        FROM series WINDOW by_cut AS (PARTITION BY source, measure ORDER BY vintage)
    )
    SELECT * FROM cuts WHERE row_count < rows_before OR first_month > first_before
        OR last_month < last_before ORDER BY source, measure, vintage
    """
    words = (
        "The cut of {vintage} has {row_count} rows ({first_month} to {last_month}), "
        "that of {before} {rows_before} ({first_before} to {last_before})."
    )
    return _found("silent shrinking", query, "look", words, "No newer cut holds less.")


def gaps() -> list[Finding]:
    """Months absent, unknown, provisional or undercounted are said."""
    query = """
    SELECT source, count(*) - count(value) AS unknown,
           count(*) FILTER (status = 'provisional') AS provisional,
           count(*) FILTER (status = 'undercount') AS undercount,
           coalesce(' (from ' || min(month) FILTER (status <> 'final') || ')', '') AS since
    FROM panel GROUP BY ALL HAVING unknown + provisional + undercount > 0 ORDER BY ALL
    """
    words = "{unknown} rows unknown, {provisional} provisional, {undercount} undercounted{since}."
    return _found("gaps and provisional months", query, "ok", words, "All rows are final.")


def missing_persons() -> list[Finding]:
    """Missing persons are built in by state only: small places would point at persons."""
    rows = reference.panel()
    small = rows[rows["measure"].str.startswith("rnpdno") & (rows["place"].str.len() > 2)]
    if len(small):
        return [Finding("missing persons by state only", "fails", f"{len(small)} municipal rows.")]
    return [Finding("missing persons by state only", "ok", "No municipal row is built in.")]


def attributed() -> list[Finding]:
    """Every source says who publishes it and on what terms."""
    return _found(
        "sources have terms",
        "SELECT source FROM measures ANTI JOIN (SELECT source FROM sources WHERE publisher <> '' "
        "AND terms <> '' AND accessed <> '') USING (source) GROUP BY source ORDER BY source",
        "fails",
        "Publisher, terms or access date is missing.",
        "Every source has publisher, terms and access date.",
    )


def totals() -> list[Finding]:
    """National totals equal the published ones, to the unit."""
    return [Finding(*one) for one in national_totals()]


CHECKS: tuple[Callable[[], list[Finding]], ...] = (
    totals, duplicates, codes, sums_of_parts, outliers, shrinking, one_concept, negative_counts,
    gaps, missing_persons, attributed,
)  # fmt: skip
