"""Two vintages of one source, cell by cell: what a new cut revised."""

from __future__ import annotations

from typing import Any

from hidra.core.errors import SpecError
from hidra.data import panel

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
            f"No source has both vintages {before} and {after}.",
            where=f"hidra data diff {before} {after}",
            fix=f"Sources with several vintages: {listed or 'none yet'}.",
        )
    values = {"before": before, "after": after, "sources": both, "measure": measure}
    return {
        "before": before,
        "after": after,
        "sources": both,
        "years": panel.ask(YEARS, values),
        "cells": panel.ask(CELLS, values),
    }
