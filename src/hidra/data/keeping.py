"""The only way into the panel file, all or nothing: official files on disk or fetched, own tables.

Every write is made on a copy of the panel file, which takes the place of the old one when it is
complete (`hidra.core.files.replacing`). A vintage once kept is never overwritten in silence: the
same rows again change nothing, other rows under the same date are refused.

`update` brings every source that is here to its newest cut, asked for the newest month first; one
that fails stops no other. What a cut revised is told against the cut before it, else against what
is built in.
"""

from __future__ import annotations

import dataclasses
import datetime
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core import files
from hidra.core.errors import HidraError, PanelError, SourceError, SpecError, unknown
from hidra.core.i18n import _
from hidra.core.weeks import month_after, months
from hidra.data import checks, fetch, geography, home, panel, privacy, reference
from hidra.data.home import sha256
from hidra.data.panel import COLUMNS, SERIES_OF
from hidra.data.readers import glances
from hidra.data.sources import recognise, source, sources
from hidra.data.sources.base import Context, Source, note, notes

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Supply:
    """Who a set of rows comes from and on what terms; ``vintage`` is the date of its cut."""

    source: str
    vintage: str
    title: str
    publisher: str
    terms: str
    citation: str
    address: str
    accessed: str
    file: str
    sha256: str
    spec: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a write did.

    Attributes
    ----------
    rows : int
        Rows now in the panel from this write; 0 when all were there already.
    series : list of dict
        One entry per measure: its rows, first and last month, and the total of values with its
        ``level``: of the nation, else of all states, else of all municipalities, never a mixture.
    notes : list of dict
        What was repaired, unknown or left out, each a sentence.
    warnings : list of str
        What to look at before using the figures.
    """

    source: str
    vintage: str
    rows: int
    series: list[dict[str, object]]
    notes: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    tables: dict[str, int] = field(default_factory=dict)  # rows of each table beside the panel


@contextmanager
def writing() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a copy of the panel to write; it becomes the panel when the block ends well.

    Raises
    ------
    PanelError
        Another hidra is writing, or the panel file is damaged.
    RunError
        The disk is full or the folder may not be written.
    """
    import duckdb

    with home.sole_writer(), files.replacing(home.panel_file()) as draft:
        if home.panel_file().exists():
            with duckdb.connect(":memory:") as con:
                panel.open_file(con)
            shutil.copyfile(home.panel_file(), draft)
        with duckdb.connect(str(draft)) as con:
            panel.without_bar(con)
            con.execute(panel.LEVEL)
            panel.create_tables(con)
            yield con
            con.execute("CHECKPOINT")


def keep(
    con: duckdb.DuckDBPyConnection, supply: Supply, *, replace: bool = False, whole: bool = False
) -> Receipt:
    """Move ``incoming`` and ``incoming_notes`` into the panel open for writing.

    Parameters
    ----------
    replace : bool
        Put these rows in place of other rows of the same source, measure and vintage.
    whole : bool
        The supply is all that stands behind its vintage, as `sign` takes it.

    Raises
    ------
    PanelError
        There are no rows; a row stands twice; or the vintage is kept with other figures.
    """
    if supply.source in reference.names():
        raise SpecError(
            _("'{source}' is the name of a built-in table.", source=supply.source),
            where=_("{file}, key source", file=supply.file),
            fix=_("Choose another name for the source: both then stand side by side."),
        )
    arrived = 1 + _number(con, "SELECT coalesce(max(arrived), 0) FROM series")
    found = SERIES_OF.format(rows="incoming", arrived=arrived)
    con.execute(f"CREATE OR REPLACE TEMP TABLE incoming_series AS {found}")
    _refuse_empty(con, supply)
    _refuse_twice(con, supply)
    warnings = _other_meanings(con) + _shrunk(con)
    changed = [one for one in _measures(con) if _differs(con, supply, one, replace=replace)]
    warnings += _lost(con, supply, changed)
    for measure in changed:
        mine, keys = "source = ? AND vintage = ? AND measure = ?", [supply.source, supply.vintage]
        con.execute(f"DELETE FROM added WHERE {mine}", [*keys, measure])
        con.execute(f"DELETE FROM series WHERE {mine}", [*keys, measure])
    wanted = "" if changed == _measures(con) else "WHERE list_contains($changed, measure)"
    values = {"changed": changed} if wanted else {}
    con.execute(f"INSERT INTO added SELECT {COLUMNS} FROM incoming {wanted}", values)
    con.execute(f"INSERT INTO series FROM incoming_series {wanted}", values)
    if changed:
        sign(con, supply, whole=whole)
        warnings += _joined_later(con, supply)
    series = _arrived(con)
    return Receipt(
        supply.source,
        supply.vintage,
        sum(int(str(one["rows"])) for one in series if one["measure"] in changed),
        series,
        notes(con),
        warnings,
    )


def _arrived(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return measure, rows, months and total of what arrives, the total of its coarsest level."""
    return panel.answer(
        con,
        f"""
        SELECT measure, row_count AS rows,
               CASE WHEN unit NOT IN ('percent', 'index') THEN sums.total END AS total,
               sums.level, first_month, last_month,
               row_count - known AS unknown
        FROM incoming_series LEFT JOIN (
            SELECT measure, arg_min(total, rank) AS total, {LEVELS}[min(rank)] AS level
            FROM (SELECT measure, list_position({LEVELS}, level(place)) AS rank,
                         sum(value) AS total FROM incoming GROUP BY ALL)
            GROUP BY measure) AS sums USING (measure) ORDER BY measure
        """,
    )


LEVELS = "['nation', 'state', 'municipality']"
MOST_OF = 0.9  # of a state's municipalities: new ones are in no older file
PART = 0.5  # of a published total: revisions of a year stay far from that


def _measures(con: duckdb.DuckDBPyConnection) -> list[str]:
    rows = con.execute("SELECT measure FROM incoming_series ORDER BY measure").fetchall()
    return [measure for (measure,) in rows]


def _refuse_empty(con: duckdb.DuckDBPyConnection, supply: Supply) -> None:
    if not _measures(con):
        raise PanelError(
            _("There is no row to keep."),
            where=supply.file,
            fix=_(
                "Check that the file holds data and, for an import, that the filters "
                "of the spec leave rows."
            ),
        )


def _refuse_twice(con: duckdb.DuckDBPyConnection, supply: Supply) -> None:
    """A place, month and measure stands once: otherwise sums would count it twice."""
    twice = con.execute(
        "SELECT place, month, measure, count(*) FROM incoming "
        "GROUP BY place, month, measure, period HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    ).fetchone()
    if twice:
        place, month, measure, times = twice
        raise PanelError(
            _(
                "{times} rows give '{measure}' for place {place} and month {month}.",
                times=times,
                measure=measure,
                place=place,
                month=month,
            ),
            where=supply.file,
            fix=_(
                "Say in the spec what tells them apart (split_by) or that they are "
                "parts of one figure (sum_over); if the file repeats itself, remove "
                "the copies."
            )
            if supply.spec
            else _(
                "The publisher's file gives two figures for one place and month: keep the sheet "
                "or the rows that are right, then `hidra data add FILE`."
            ),
        )


def _differs(
    con: duckdb.DuckDBPyConnection, supply: Supply, measure: str, *, replace: bool
) -> bool:
    """Whether this measure has to be written; refuse to change a vintage in silence."""
    keys = [supply.source, supply.vintage, measure]
    mine = "source = ? AND vintage = ? AND measure = ?"
    if not _number(con, f"SELECT count(*) FROM series WHERE {mine}", keys):
        return True
    new = f"SELECT {COLUMNS} FROM incoming WHERE {mine}"
    old = f"SELECT {COLUMNS} FROM added WHERE {mine}"
    different = _number(
        con,
        f"SELECT count(*) FROM (({new} EXCEPT ALL {old}) UNION ALL ({old} EXCEPT ALL {new}))",
        keys * 4,
    )
    if different and not replace:
        raise PanelError(
            _(
                "The panel already holds '{measure}' of {source} with the date {vintage}, "
                "and {n} rows are different.",
                measure=measure,
                source=supply.source,
                vintage=supply.vintage,
                n=different,
            ),
            where=supply.file,
            fix=_(
                "If this is a newer file, give its date (accessed: YYYY-MM-DD), so "
                "that both stay and `hidra data diff` can compare them; if it is another part of "
                "one series (a year, a state), import all its files at once: hidra data import "
                "FILE FILE --spec SPEC; to correct a mistake add --replace."
            )
            if supply.spec
            else _(
                "If this is a newer file, give its date (--accessed YYYY-MM-DD), so that both "
                "stay and `hidra data diff` can compare them; if it is another part of one series "
                "(a year, a state), put the parts into one file: this source is read from one; to "
                "correct a mistake add --replace: what the first file held is then gone."
            ),
        )
    return bool(different)


def _lost(con: duckdb.DuckDBPyConnection, supply: Supply, changed: Sequence[str]) -> list[str]:
    """Warn of months and places that go with what is replaced: the new file has none of them."""
    return [
        _(
            "'{measure}': {n} {things} from {first} to {last} were in what was replaced, and are "
            "in the panel no more.",
            measure=measure,
            n=n,
            things=things,
            first=first,
            last=last,
        )
        for column, things in (("month", _("months")), ("place", _("places")))
        for measure, n, first, last in con.execute(
            f"""
            SELECT measure, count(DISTINCT {column}), min({column}), max({column})
            FROM added AS old
            WHERE source = ? AND vintage = ? AND list_contains(?, measure) AND NOT EXISTS (
                FROM incoming AS new
                WHERE new.measure = old.measure AND new.{column} = old.{column})
            GROUP BY measure ORDER BY measure
            """,
            [supply.source, supply.vintage, list(changed)],
        ).fetchall()
    ]


def _other_meanings(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Warn when a measure name stands for something else elsewhere: sums would mix concepts."""
    con.register("built", reference.table("measure")[["measure", "concept", "unit", "period"]])
    rows = con.execute(
        """
        SELECT DISTINCT new.measure, new.concept, new.unit, old.concept, old.unit
        FROM incoming_series AS new
        JOIN (SELECT '' AS source, * FROM built
              UNION ALL SELECT source, measure, concept, unit, period FROM series) AS old
          ON old.measure = new.measure AND old.source <> new.source AND old.period = new.period
         AND (old.concept <> new.concept OR old.unit <> new.unit) ORDER BY ALL
        """
    ).fetchall()
    con.unregister("built")
    return [
        _(
            "'{name}' means here '{here}' ({unit}) and elsewhere in the panel '{there}' "
            "({other}): never sum them; filter by source, or choose another measure name.",
            name=name,
            here=here,
            unit=unit,
            there=there,
            other=other,
        )
        for name, here, unit, there, other in rows
    ]


def _joined_later(con: duckdb.DuckDBPyConnection, supply: Supply) -> list[str]:
    """Warn where small municipal counts will be joined on their way out, and nobody said so."""
    mine = [
        measure for source, measure, _family, own in privacy.protected(con)
        if own and source == supply.source and not privacy.missing_persons(measure)
    ]  # fmt: skip
    small = con.execute(
        "SELECT DISTINCT measure FROM incoming WHERE value > 0 AND value < ? "
        "AND level(place) = 'municipality' AND list_contains(?, measure) ORDER BY 1",
        [privacy.SMALL, mine],
    ).fetchall()
    if not small or "persons:" in supply.spec:
        return []
    return [
        _(
            "Counts of one or two in a municipality ({measures}) stay here as they are and are "
            "joined in pages, exports and reports. If they count no persons, say persons: open "
            "in the description.",
            measures=", ".join(measure for (measure,) in small),
        )
    ]


def _shrunk(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Warn when a newer vintage has fewer rows or months than the one before it."""
    rows = con.execute(
        """
        SELECT new.source, new.measure, new.vintage, new.row_count, new.first_month,
               new.last_month, arg_max(old.row_count, old.vintage), arg_max(old.first_month,
               old.vintage), arg_max(old.last_month, old.vintage), max(old.vintage)
        FROM incoming_series AS new JOIN series AS old ON old.source = new.source
             AND old.measure = new.measure AND old.vintage < new.vintage
        GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    return [
        _(
            "'{measure}' of {source}: the cut of {vintage} has {n} rows ({first} to "
            "{last}), that of {before} had {n_old} ({first_old} to {last_old}). The panel "
            "shows the newest cut only; files that are parts of one series are imported at once.",
            measure=measure,
            source=source,
            vintage=vintage,
            n=n,
            first=first,
            last=last,
            before=before,
            n_old=n_old,
            first_old=first_old,
            last_old=last_old,
        )
        for source, measure, vintage, n, first, last, n_old, first_old, last_old, before in rows
        if n < n_old or first > first_old or last < last_old
    ]


def sign(con: duckdb.DuckDBPyConnection, supply: Supply, *, whole: bool = False) -> None:
    """Write down whom the rows come from, and what was noted on the way.

    ``whole``: nothing else stands behind this vintage, so what was written of it before goes.
    """
    mine, keys = "source = ? AND vintage = ?", [supply.source, supply.vintage]
    for ledger in ("supplies", "notes") if whole else ():
        con.execute(f"DELETE FROM {ledger} WHERE {mine}", keys)
    con.execute(f"DELETE FROM supplies WHERE {mine} AND file = ?", [*keys, supply.file])
    con.execute(f"INSERT INTO supplies VALUES ({', '.join('?' * 11)})", astuple(supply))
    noted = "file IN (SELECT file FROM incoming_notes)"
    con.execute(f"DELETE FROM notes WHERE {mine} AND {noted}", keys)
    con.execute(
        "INSERT INTO notes SELECT ?, ?, * FROM incoming_notes", [supply.source, supply.vintage]
    )


def _number(con: duckdb.DuckDBPyConnection, query: str, values: list[str] | None = None) -> int:
    row = con.execute(query, values or []).fetchone()
    return int(row[0]) if row else 0


Progress = Callable[[str, float | None], None]


def silent(words: str, share: float | None) -> None:
    """Report no progress."""


def add(
    path: Path, *, accessed: str | None = None, replace: bool = False, progress: Progress = silent
) -> Receipt:
    """Put an official file that the user has on disk into the panel.

    The file stays where it is. Of sources whose files are parts of one series (editions), a copy
    is kept in the data folder, and all parts held are read together.

    Parameters
    ----------
    accessed : str, optional
        Date of access ``YYYY-MM-DD``; today if not given.

    Raises
    ------
    SourceError
        The file is of no known source, is broken, or cannot be read; with file, row and cure.
    PanelError
        The panel holds the same cut with other figures.
    """
    whose = recognise(path)
    folder = home.files_of(whose.name)
    day = accessed or datetime.date.today().isoformat()
    if whose.holds != "editions":
        return _bring(whose, [path], day, path.name, replace=replace, progress=progress)
    held = fetch.held(folder)
    name = path.name
    # another part of a map under a name that is taken: both stay
    if whose.tables and name in held and sha256(held[name]) != sha256(path):
        name = f"{path.stem}-{sha256(path)[:8]}{path.suffix}"

    def keep_part() -> None:
        copy = folder / "arriving" / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        fetch.keep(copy, folder, name=name, address="", today=day)

    paths = list(_kept(folder, but=name).values())
    newest = max(day, *(one.parent.name[:10] for one in paths)) if paths else day
    return _bring(
        whose, [*paths, path], newest, path.name, replace=replace, progress=progress, then=keep_part
    )


def brought(name: str, cut: str | None = None) -> list[str]:
    """Return the dates of the cuts of a source that were fetched, added or imported, or the one.

    Raises
    ------
    SpecError
        Nothing of that source, or no cut of that date, was brought.
    """
    there = panel.ask("SELECT DISTINCT source, vintage FROM supplies ORDER BY ALL")
    known = {one["source"] for one in there} | {one.name for one in _folders(home.files_of(""))}
    if name not in known:
        raise unknown(_("source"), name, known, where="hidra data remove")
    cuts = [one["vintage"] for one in there if one["source"] == name]
    if cut is not None and cut not in cuts:
        raise unknown(_("cut"), cut, cuts, where=name)
    return cuts if cut is None else [cut]


def remove(name: str, *, cut: str | None = None) -> list[dict[str, Any]]:
    """Take out of the panel what was fetched, added or imported of a source, its kept files too.

    Parameters
    ----------
    cut : str, optional
        Only the cut of this date ``YYYY-MM-DD``; all of them if not given.

    Returns
    -------
    list of dict
        One entry per measure and cut taken out: ``measure``, ``vintage``, ``rows``.

    Raises
    ------
    SpecError
        As `brought`.
    """
    gone = brought(name, cut)
    mine, keys = "source = ? AND list_contains(?, vintage)", [name, gone]
    with writing() as con:
        told = con.execute(f"SELECT DISTINCT accessed FROM supplies WHERE {mine}", keys).fetchall()
        rows = panel.answer(
            con,
            f"SELECT measure, vintage, row_count AS rows FROM series WHERE {mine} ORDER BY ALL",
            keys,
        )
        for table in panel.TABLES:
            con.execute(f"DELETE FROM {table} WHERE {mine}", keys)
        left = _number(con, "SELECT count(*) FROM supplies WHERE source = ?", [name])
        for table in source(name).tables if name in sources() and not left else ():
            con.execute(f"DROP TABLE IF EXISTS {name}_{table}")
    # The files go after the rows: whoever is cut off here asks again.
    files_ = home.files_of(name)
    dated = [one for one in _folders(files_) if cut and (one.name[:10],) in told]
    for folder in dated if cut or not files_.is_dir() else [files_]:
        shutil.rmtree(folder)
    return rows


def _folders(path: Path) -> list[Path]:
    return [one for one in path.iterdir() if one.is_dir()] if path.is_dir() else []


def _kept(folder: Path, *, but: str = "") -> dict[str, Path]:
    """Return the parts of a series that are kept, each compared with its SHA-256."""
    found = {name: path for name, path in fetch.held(folder).items() if name != but}
    for path in found.values():
        fetch.origin(path)
    return found


def fetch_source(
    name: str,
    *,
    years: tuple[int, int] | None = None,
    cut: str | None = None,
    offline: bool = False,
    replace: bool = False,
    progress: Progress = silent,
) -> list[Receipt]:
    """Download the files of a source (or take those held, offline) and put them in the panel.

    Raises
    ------
    SourceError
        The source is brought by the user, a file cannot be had, or it is not what it should be.
    """
    whose = source(name)
    folder = home.files_of(name)
    kept = fetch.fetch_source(
        name, folder, years=years, cut=cut, offline=home.offline(offline), progress=progress
    )
    if whose.holds == "editions":
        addresses = " ".join(one.address for one in kept)
        paths = list(_kept(folder).values())
        day = max(one.parent.name[:10] for one in paths)
        return [_bring(whose, paths, day, addresses, replace=replace, progress=progress)]
    return [
        _bring(whose, [one.path], one.vintage, one.address, replace=replace, progress=progress)
        for one in kept
    ]


def _bring(
    whose: Source,
    paths: Sequence[Path],
    accessed: str,
    address: str,
    *,
    replace: bool,
    progress: Progress,
    then: Callable[[], None] = lambda: None,
) -> Receipt:
    """Read files of one source into the panel, all or nothing.

    ``then`` runs when all was read and before it counts: killed after it, the panel is the old
    one and the next call reads the part again; killed before it, nothing has changed.
    """
    with writing() as con, files.scratch() as scratch:
        known = _municipalities(con)
        whose.read(con, paths, Context(accessed, scratch, known, progress))
        for path in paths:
            _name_others(con, whose, path)
        missing: list[str] = []
        if whose.nation == "sum":
            _only_whole_nations(con, paths[-1].name)
            missing = _parts_of_states(con)
        _refuse_part(con, paths[-1].name)
        vintage = con.execute("SELECT max(vintage) FROM incoming").fetchone()
        supply = Supply(
            whose.name, (vintage and vintage[0]) or accessed, whose.title, whose.publisher,
            whose.terms, whose.citation, address, accessed,
            ", ".join(path.name for path in paths), " ".join(sha256(path) for path in paths),
        )  # fmt: skip
        tables = {f"{whose.name}_{one}": _replace(con, whose.name, one) for one in whose.tables}
        # One more part on the same day completes that day's vintage; the files stay as they are.
        parts = whose.holds == "editions"
        if whose.measures:
            receipt = keep(con, supply, replace=replace or parts, whole=parts)
        else:
            sign(con, supply, whole=parts)
            receipt = Receipt(supply.source, supply.vintage, 0, [], notes(con))
        then()
        warnings = receipt.warnings + (missing if receipt.rows else [])
        return dataclasses.replace(receipt, tables=tables, warnings=warnings)


def _replace(con: duckdb.DuckDBPyConnection, source: str, table: str) -> int:
    """Put a table beside the panel and return its rows."""
    con.execute(f"CREATE OR REPLACE TABLE {source}_{table} AS FROM incoming_{table}")
    return _number(con, f"SELECT count(*) FROM {source}_{table}")


def _name_others(con: duckdb.DuckDBPyConnection, whose: Source, path: Path) -> None:
    """Name the tables of a zip that are not of this source: nothing is left out in silence."""
    others = [one.member for one in glances(path) if one.member and not whose.recognise(one)]
    if others:
        names = ", ".join(map(str, others[:8])) + (" ..." if len(others) > 8 else "")
        words = _(
            "tables of the zip that are not of {source}: {names}", source=whose.name, names=names
        )
        note(con, path.name, "rows left out", words, n=len(others))


def _only_whole_nations(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Take out the nation where it was summed from less than the 32 states: a part is no nation."""
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE whole AS SELECT month FROM incoming
        WHERE place BETWEEN '01' AND '32' AND length(place) = 2
        GROUP BY month HAVING count(DISTINCT place) = 32
        """
    )
    gone = con.execute(
        "DELETE FROM incoming WHERE place = '00' AND month NOT IN (FROM whole)"
    ).fetchall()[0][0]
    if gone:
        words = _("not all 32 states are in the file, so the nation is not summed")
        note(con, file, "rows left out", words, n=gone)


def _parts_of_states(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Warn of states that are summed from less than their municipalities: somebody cut them out."""
    there = con.execute(
        """
        SELECT left(place, 2), count(DISTINCT place) FROM incoming
        WHERE length(place) = 5 AND right(place, 3) NOT IN ('998', '999') GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    known = Counter(code[:2] for code in geography.municipalities())
    return [
        _(
            "{place}: {n} of {all} municipalities are in the file, and its figures are the sum of "
            "these. If it is a part, take it out: hidra data remove.",
            place=geography.label(state),
            n=n,
            all=known[state],
        )
        for state, n in there
        if n < MOST_OF * known[state]
    ]


def _refuse_part(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Refuse a nation that is less than half of what was published: a part read as the whole."""
    whole = con.execute(
        """
        SELECT measure, left(month, 4)::INTEGER, sum(value) FROM incoming
        WHERE place = '00' AND period = 'month' GROUP BY ALL HAVING count(value) = 12 ORDER BY ALL
        """
    ).fetchall()
    for measure, year, total in whole:
        published = checks.published(measure, year)
        if total < PART * published:
            raise PanelError(
                _(
                    "'{measure}' of {year} is {total:,g} for the nation in this file, and "
                    "at least {published:,g} were published: the file holds a part.",
                    measure=measure,
                    year=year,
                    total=total,
                    published=published,
                ),
                where=file,
                fix=_(
                    "Add the publisher's whole file. A part comes in as a table of your own, under "
                    "a name of its own: hidra data import FILE."
                ),
            )


def _municipalities(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return codes and names of the catalogue in the panel; empty when none was fetched."""
    columns = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'inegi_geography_places'"
    ).fetchall()
    if not {("place",), ("name",)} <= set(columns):
        return {}
    query = "SELECT place, name FROM inegi_geography_places WHERE length(place) = 5"
    return dict(con.execute(query).fetchall())


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
        receipts = fetch_source(name, cut=cut, offline=offline, progress=progress)
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
