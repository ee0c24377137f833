"""Bringing every source that is here to its newest cut, and saying what that changed.

A source that a publisher cuts anew each month is asked for the newest month first. One that fails
stops no other. What a cut revised is told against the cut before it, else against what is built in.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hidra.core.errors import HidraError, SourceError
from hidra.core.i18n import _
from hidra.core.weeks import month_after, months
from hidra.data import fetch, home, keeping, panel
from hidra.data.keeping import Progress, silent
from hidra.data.sources import source, sources

SLOW = ("rnpdno",)  # asked place by place for hours: only when named
FIRST = 18  # months to look back for a cut where none is known

REVISED = """
WITH mine AS (
    SELECT measure, vintage FROM series WHERE source = $source AND list_contains($cuts, vintage)
    QUALIFY row_number() OVER (PARTITION BY measure ORDER BY vintage DESC) = 1
), before AS (
    SELECT old.* FROM (
        SELECT source, measure, vintage, 1 AS near FROM series WHERE source = $source
        UNION ALL SELECT source, measure, vintage, 0 FROM series_built_in) AS old
    JOIN mine USING (measure) WHERE old.near = 0 OR old.vintage < mine.vintage
    QUALIFY row_number() OVER (PARTITION BY measure ORDER BY near DESC, old.vintage DESC) = 1
), new AS (
    SELECT measure, place, month, period, value, vintage FROM panel_all
    SEMI JOIN mine USING (measure, vintage) WHERE source = $source
), old AS (
    SELECT source AS against, measure, place, month, period, value, vintage AS since
    FROM panel_all SEMI JOIN before USING (source, measure, vintage)
), reach AS (
    SELECT measure, period, level(place) AS level, max(month) AS reached FROM old GROUP BY ALL
), cells AS (
    SELECT measure, level(place) AS level, left(month, 4) AS year, month, against, since,
           new.vintage, old.value AS before, new.value AS after
    FROM new JOIN old USING (measure, place, month, period)
), revised AS (
    SELECT measure, level, year, any_value(against) AS against, any_value(since) AS since,
           any_value(vintage) AS vintage, sum(before) AS before, sum(after) AS after,
           count(*) FILTER (before IS DISTINCT FROM after) AS cells
    FROM cells GROUP BY measure, level, year HAVING cells > 0
)
SELECT * FROM (
    SELECT 'revised' AS kind, measure, level, year, against, since, vintage, before, after,
           coalesce(after, 0) - coalesce(before, 0) AS change, cells, NULL AS first, NULL AS last
    FROM revised
    UNION ALL
    SELECT 'new', new.measure, level(place), NULL, NULL, NULL, any_value(vintage), NULL,
           sum(value), NULL, count(value), min(month), max(month)
    FROM new LEFT JOIN reach ON reach.measure = new.measure AND reach.period = new.period
        AND reach.level = level(new.place)
    WHERE value IS NOT NULL AND (reached IS NULL OR month > reached)
    GROUP BY new.measure, level(place)
) QUALIFY rank() OVER (PARTITION BY measure, kind ORDER BY
    list_position(['nation', 'state', 'municipality'], level)) = 1
ORDER BY measure, kind DESC, year
"""


@dataclass(frozen=True)
class Update:
    """What was done for one source.

    Attributes
    ----------
    vintages : dates of the cuts now read; empty where it failed.
    rows : rows written; 0 where nothing was new.
    changes : one dict each: ``revised`` (measure, level, year, before, after, change, cells,
        against, since) or ``new`` (measure, level, first, last, cells).
    failed : why it could not be had; empty where it could.
    """

    source: str
    vintages: list[str] = field(default_factory=list)
    rows: int = 0
    changes: list[dict[str, Any]] = field(default_factory=list)
    failed: str = ""


def held() -> list[str]:
    """Return the sources in the panel that hidra can fetch again."""
    there = panel.ask("SELECT DISTINCT source FROM supplies ORDER BY source")
    known = set(fetched())
    return [row["source"] for row in there if row["source"] in known]


def fetched() -> list[str]:
    """Return every source that is open and has a known address, without the slow ones."""
    every = [one.name for one in sources().values() if one.access == "open"]
    return [one for one in every if one not in SLOW and fetch.files(one)]


def update(
    names: Sequence[str] = (),
    *,
    offline: bool = False,
    progress: Progress = silent,
    today: datetime.date | None = None,
) -> list[Update]:
    """Bring sources to their newest cut, one after the other; those in the panel if none is named.

    Parameters
    ----------
    offline : take the newest files held and use no network.
    today : day from which the newest cut is looked for; the present one if not given.

    Raises
    ------
    SpecError
        There is no source of a name that was given.
    """
    wanted = [source(one).name for one in names] or held()
    without = home.offline(offline)
    day = today or datetime.date.today()
    return [_one(name, day, offline=without, progress=progress) for name in wanted]


def _one(name: str, today: datetime.date, *, offline: bool, progress: Progress) -> Update:
    try:
        cut = newest_cut(name, today, offline=offline)
        receipts = keeping.fetch_source(name, cut=cut, offline=offline, progress=progress)
    except HidraError as error:
        return Update(name, failed=error.what)
    cuts = sorted({one.vintage for one in receipts})
    rows = sum(one.rows for one in receipts)
    changes = panel.ask(REVISED, {"source": name, "cuts": cuts}) if rows else []
    return Update(name, cuts, rows, changes)


def newest_cut(name: str, today: datetime.date, *, offline: bool = False) -> str | None:
    """Return the month of the newest cut offered, offline of the newest held; None if not by month.

    Raises
    ------
    SourceError
        Nobody answers, or there is no cut of the last months.
    """
    known = fetch.cut_of(name)
    if known is None:
        return None
    last = month_after(f"{today:%Y-%m}", -1)
    first = max(min(known, last), month_after(last, -FIRST))
    here = fetch.held(home.files_of(name)) if offline else {}
    for month in reversed(months(first, last)):
        files = fetch.files(name, cut=month)
        if all(one.name in here if offline else fetch.offered(one.addresses[0]) for one in files):
            return month
    raise SourceError(
        _("There is no cut from {first} to {last}.", first=first, last=last)
        if not offline
        else _("No cut is in the data folder, and the network is not to be used."),
        where=name,
        fix=_("Download the file in a browser and `hidra data add FILE`."),
    )
