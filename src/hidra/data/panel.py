"""The panel: one place x month table, the built-in figures and what the user brought.

Everybody asks it: the fit, the report, forecasts, claims, pages and Python. `rows` and `read` give
one row for each measure, place and month; the built-in tables are one source beside official files
and own tables. Which row that is, is said once, in the view ``panel``:

1. The usual meaning first: the concept of the built-in table where there is one for the measure at
   this level and period, else that of the newest cut. A row of another concept under the same name
   (an import warns of it) replaces no such row, and stands, with its concept, only where there is
   none; one in another unit never does. Name a ``source`` to read it alone.
2. A known value before an unknown one; a whole row before one that says it is an undercount.
3. The newest vintage; of the same date, what the user brought before what is built in.

`reading` opens it for SQL. The views:

* ``panel``: as above; ``panel_sources``: the newest vintage of every source and measure, side by
  side; ``panel_all``: every vintage;
* ``rates``: counts of persons or events as a rate per 100,000 inhabitants and year;
* ``panel_stable``: counts with split municipalities put back together;
* ``measures``, ``sources``, ``notes``: what is counted, by whom, and what was repaired.

A connection only reads: no statement through it can change a file or open another one. Small
municipal counts of persons are joined in all of them (`hidra.data.privacy`), as they may leave;
``exact`` leaves them as they are kept, for whoever computes with them on this machine: fit,
forecast, checks and `hidra data sql`.

Cuts are kept, so the past can be asked for: ``as_of`` a date, or the `digest` of a panel.
"""

from __future__ import annotations

import datetime
import decimal
import hashlib
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from hidra.core import place, weeks
from hidra.core.errors import PanelError, SpecError, foreign, unknown
from hidra.core.i18n import _
from hidra.data import geography, home, privacy, reference
from hidra.data.readers import fold, quoted
from hidra.data.sources.base import NOTE_COLUMNS, PANEL_COLUMNS

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow

Values = Sequence[object] | Mapping[str, object]
Texts = str | int | Iterable[Any]  # one text or several, in a list, array or Series
LEVELS = ("nation", "state", "municipality")
LAYOUT = 2
COLUMNS = ", ".join(PANEL_COLUMNS)
SERIES_COLUMNS = {
    "source": "VARCHAR", "measure": "VARCHAR", "vintage": "VARCHAR", "concept": "VARCHAR",
    "unit": "VARCHAR", "period": "VARCHAR", "level": "VARCHAR", "first_month": "VARCHAR",
    "last_month": "VARCHAR", "row_count": "BIGINT", "total": "DOUBLE", "known": "BIGINT",
    "digest": "VARCHAR", "arrived": "BIGINT",
}  # fmt: skip
SUPPLY_COLUMNS = {
    "source": "VARCHAR", "vintage": "VARCHAR", "title": "VARCHAR", "publisher": "VARCHAR",
    "terms": "VARCHAR", "citation": "VARCHAR", "address": "VARCHAR", "accessed": "VARCHAR",
    "file": "VARCHAR", "sha256": "VARCHAR", "spec": "VARCHAR",
}  # fmt: skip
TABLES = {
    "added": PANEL_COLUMNS,
    "series": SERIES_COLUMNS,
    "supplies": SUPPLY_COLUMNS,
    "notes": {"source": "VARCHAR", "vintage": "VARCHAR", **NOTE_COLUMNS},
}
LEVEL = """
CREATE OR REPLACE TEMP MACRO level(code) AS CASE
    WHEN code = '00' THEN 'nation' WHEN length(code) = 2 THEN 'state' ELSE 'municipality' END
"""
DAYS = """
CREATE OR REPLACE TEMP MACRO days(first_month, span) AS date_diff('day',
    (first_month || '-01')::DATE,
    CASE span WHEN 'month' THEN (first_month || '-01')::DATE + INTERVAL 1 MONTH
              WHEN 'quarter' THEN (first_month || '-01')::DATE + INTERVAL 3 MONTH
              WHEN 'year' THEN (first_month || '-01')::DATE + INTERVAL 1 YEAR END::DATE)
"""
SERIES_OF = """
SELECT source, measure, vintage, min(concept) AS concept, min(unit) AS unit,
       string_agg(DISTINCT period, ', ' ORDER BY period) AS period,
       string_agg(DISTINCT level, ', ' ORDER BY level) AS level,
       min(first_month) AS first_month, max(last_month) AS last_month,
       sum(row_count)::BIGINT AS row_count, sum(total) AS total, sum(known)::BIGINT AS known,
       bit_xor(digest)::VARCHAR AS digest, {arrived}::BIGINT AS arrived
FROM (SELECT source, measure, vintage, concept, unit, period, level(place) AS level,
             min(month) AS first_month, max(month) AS last_month, count(*) AS row_count,
             sum(value) AS total, count(value) AS known,
             bit_xor(md5_number(concat_ws('|', place, month, coalesce(value::VARCHAR, '?'),
                                          status, period, concept, unit))) AS digest
      FROM {rows} GROUP BY ALL)
GROUP BY source, measure, vintage
"""
#: Units that are counts, and the words, folded, that mean the same.
COUNTS = {
    "persons": "person people individuals persona personas gente individuos civilians civiles "
    "women mujeres mujer men hombres children ninos ninas ninos_y_ninas menores migrants migrantes "
    "journalists periodistas defensores detainees detenidos missing desaparecidos "
    "personas_desaparecidas missing_persons bodies cuerpos habitantes inhabitants",
    "deaths": "death muerte muertes defuncion defunciones fallecimientos fallecidos muertos "
    "asesinatos killings killed asesinados",
    "victims": "victim victima victimas",
    "case files": "case_file files carpeta carpetas carpetas_de_investigacion "
    "averiguaciones averiguaciones_previas expedientes",
    "events": "event evento eventos suceso sucesos hecho hechos incidente incidentes incidents "
    "incident delitos crimes offences cases case caso casos denuncias complaints",
    "attacks": "attack ataque ataques agresion agresiones",
    "homicides": "homicide homicidio homicidios murders feminicidios femicides",
}
COUNTED = tuple(COUNTS)
UNITS = {word: unit for unit, words in COUNTS.items() for word in words.split()}
VIEWS = f"""
CREATE TEMP VIEW panel_all AS
    SELECT {COLUMNS} FROM built_in UNION ALL SELECT {COLUMNS} FROM brought;
CREATE TEMP VIEW panel_sources AS SELECT {COLUMNS} FROM panel_all SEMI JOIN newest
    USING (source, measure, vintage);
CREATE TABLE meaning AS
    SELECT measure, span, layer, first(concept ORDER BY rank) AS concept,
           first(unit ORDER BY rank) AS unit
    FROM (SELECT *, unnest(string_split(level, ', ')) AS layer,
                 row_number() OVER (ORDER BY arrived > 0, vintage DESC, source) AS rank
          FROM (SELECT *, unnest(string_split(period, ', ')) AS span
                FROM (FROM series_built_in UNION ALL FROM series)
                SEMI JOIN newest USING (source, measure, vintage)))
    GROUP BY ALL;
CREATE TEMP VIEW panel AS
    SELECT one.* FROM panel_sources AS one LEFT JOIN meaning ON meaning.measure = one.measure
        AND meaning.span = one.period AND meaning.layer = level(one.place)
    WHERE meaning.unit IS NULL OR meaning.unit = one.unit
    QUALIFY row_number() OVER (
        PARTITION BY one.measure, one.place, one.month, one.period
        ORDER BY meaning.concept <> one.concept, one.value IS NULL, one.status = 'undercount',
                 one.vintage DESC, one.source IN (SELECT source FROM series_built_in),
                 one.source) = 1;
CREATE TEMP VIEW sources AS
    SELECT name AS source, title_en AS title, publisher, terms, citation, address, accessed,
           vintage, 'built in' AS state FROM catalogue
    UNION ALL SELECT DISTINCT source, title, publisher, terms, citation, address, accessed,
           vintage, 'added' FROM supplies;
CREATE TEMP VIEW measures AS
    SELECT measure, concept, unit, period, source, level, first_month, last_month, vintage
    FROM (FROM series_built_in UNION ALL FROM series) SEMI JOIN newest
    USING (source, measure, vintage) ORDER BY measure, source;
CREATE TEMP VIEW population AS
    SELECT place, left(month, 4) AS year, arg_max(value, vintage || source) AS persons,
           arg_max(source, vintage || source) AS source
    FROM panel WHERE measure = 'population' AND value > 0 GROUP BY ALL;
CREATE TEMP VIEW rates AS
    SELECT p.place, p.month, p.measure, p.value, p.status, p.period, p.source, p.concept,
           population.persons AS population, population.source AS population_source,
           100000 * p.value / population.persons * days(left(p.month, 4) || '-01', 'year')
               / days(p.month, p.period) AS rate
    FROM panel AS p LEFT JOIN population
        ON population.place = p.place AND population.year = left(p.month, 4)
    WHERE p.unit IN {COUNTED} AND NOT starts_with(p.measure, 'population');
CREATE TEMP VIEW panel_stable AS
    SELECT coalesce(stable.unit, p.place) AS place, p.month, p.measure,
           CASE WHEN count(*) = count(p.value) THEN sum(p.value) END AS value,
           p.source, p.concept, p.vintage, max(p.status) AS status, p.period, p.unit
    FROM panel AS p LEFT JOIN stable ON stable.place = p.place
    WHERE p.unit IN {COUNTED} GROUP BY ALL;
"""


NEWEST = """
CREATE TABLE newest AS SELECT source, measure, max(vintage) AS vintage
FROM (FROM series_built_in UNION ALL FROM series WHERE vintage <= ? AND arrived <= ?)
GROUP BY source, measure
"""
KNOWN_THEN = """
CREATE TEMP VIEW built_in AS FROM built_in_now
WHERE vintage <= '{day}'
   OR CASE WHEN period = 'month' THEN last_day((month || '-01')::DATE)::VARCHAR <= '{day}'
           ELSE left(month, 4)::INTEGER <= {year} END
"""
YEAR = re.compile(r"\d{4}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{16}")
FOR_EVER = "9999-12-31"
TIDY = ("place", "name", "month", "measure", "value", "source", "status")


def unit_of(text: str) -> str:
    """Return a unit by its name in the panel: `Personas` and `person` are persons.

    A unit that is not known as a count stays as it is written.
    """
    folded = fold(text)
    counted = {fold(unit): unit for unit in COUNTED}
    return counted.get(folded) or UNITS.get(folded, text)


LEAVING = """
CREATE TEMP VIEW brought AS
SELECT {columns} FROM added ANTI JOIN protected ON protected.source = added.source
    AND protected.measure = added.measure AND level(added.place) = 'municipality'
UNION ALL SELECT {columns} FROM leaving;
INSERT INTO newest SELECT source, family, max(vintage) FROM newest JOIN protected
    USING (source, measure) WHERE family <> measure GROUP BY ALL
    EXCEPT SELECT source, measure, vintage FROM newest
"""


@contextmanager
def reading(
    *, frozen: bool = True, as_of: str | None = None, exact: bool = False
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the panel to read it; a writer elsewhere neither waits nor disturbs.

    Parameters
    ----------
    frozen : bool
        Refuse every statement that writes or opens a file, as users' queries need it. An export
        works with more freedom, on tables of its own beside the panel.
    as_of : str, optional
        What was known then, see `read`.
    exact : bool
        Small municipal counts of persons as they are kept: for computing here, not for handing on.

    Raises
    ------
    PanelError
        The panel file is damaged or was written by another hidra; no panel has this digest.
    """
    import duckdb

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as con:
        attach(con)
        _choose(con, as_of)
        _bring(con, exact=exact)
        con.execute(VIEWS)
        if frozen:
            _freeze(con)
        yield con


def _bring(con: duckdb.DuckDBPyConnection, *, exact: bool) -> None:
    """Create ``brought``: what the user added, as it is kept or as it may leave."""
    joined = {} if exact else _leaving(stamp())
    for name, rows in joined.items():
        con.register(name, rows)
    query = LEAVING.format(columns=COLUMNS)
    con.execute(query if joined else "CREATE TEMP VIEW brought AS FROM added")


@lru_cache(maxsize=2)
def _leaving(seen: tuple[str, int, int]) -> dict[str, pyarrow.Table]:
    """Return what `privacy.leaving` makes of a panel, made once for each state of its file."""
    import duckdb

    if not any(seen[1:]):
        return {}
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        attach(con)
        privacy.leaving(con)
        tables = ("protected", "joined", "leaving")
        return {name: con.sql(f"FROM {name}").to_arrow_table() for name in tables}


def _choose(con: duckdb.DuckDBPyConnection, as_of: str | None) -> None:
    """Create ``newest``, the cut of each series that counts, and the built-in rows known then."""
    day, arrived = FOR_EVER, 2**62
    if as_of is not None and DIGEST.fullmatch(str(as_of)):
        arrived = _arrival_of(con, str(as_of))
    elif as_of is not None:
        day = _last_day(as_of)
    if day == FOR_EVER:
        con.execute("CREATE TEMP VIEW built_in AS FROM built_in_now")
    else:
        year = int(day[:4]) - reference.PUBLISHED_AFTER
        con.execute(KNOWN_THEN.format(day=day, year=year))
    con.execute(NEWEST, [day, arrived])


def _last_day(given: object) -> str:
    """Return a day, or the last there can be of a month or year, ``YYYY-MM-DD``."""
    try:
        day = weeks.day(f"{given}-12" if YEAR.fullmatch(str(given)) else given)
    except SpecError as error:
        raise SpecError(
            _("'{as_of}' is neither a date nor the digest of a panel.", as_of=given),
            where="as_of",
            fix=_(
                "Write YYYY-MM-DD (or YYYY-MM), or the 16 characters under 'panel' in "
                "the manifest of a run."
            ),
        ) from error
    return day if len(day) == len(FOR_EVER) else f"{day}-31"


def _arrival_of(con: duckdb.DuckDBPyConnection, wanted: str) -> int:
    """Return the last arrival of the panel that had this digest."""
    found = con.execute("SELECT DISTINCT arrived FROM series ORDER BY arrived DESC").fetchall()
    for arrived in (*(row[0] for row in found), 0):
        if digest_of(con, arrived=arrived) == wanted:
            return int(arrived)
    raise PanelError(
        _(
            "The panel {wanted} is no longer there: a cut of it was replaced or removed, "
            "or the built-in tables of this hidra are other ones.",
            wanted=wanted,
        ),
        where=f"as_of, {home.panel_file()}",
        fix=_(
            "Add the same files again (the manifest of the run lists its cuts), or "
            "install the hidra version that the manifest names."
        ),
    )


def digest_of(
    con: duckdb.DuckDBPyConnection, measures: Sequence[str] = (), arrived: int = 2**62
) -> str:
    """Return the `digest` of the panel of a connection, as it was after an arrival."""
    series = con.execute(
        """
        SELECT source, measure, max(vintage), arg_max(digest, vintage)
        FROM (FROM series_built_in UNION ALL FROM series WHERE arrived <= $arrived)
        WHERE len($measures) = 0 OR list_contains($measures, measure)
        GROUP BY source, measure ORDER BY source, measure
        """,
        {"arrived": arrived, "measures": list(measures)},
    ).fetchall()
    return hashlib.sha256(repr(series).encode()).hexdigest()[:16]


def _freeze(con: duckdb.DuckDBPyConnection) -> None:
    for setting in (
        "python_enable_replacements = false",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        con.execute(f"SET {setting}")
    con.execute("BEGIN TRANSACTION READ ONLY")


def without_bar(con: duckdb.DuckDBPyConnection) -> None:
    """Keep standard output for answers."""
    import duckdb

    with suppress(duckdb.InvalidInputException):  # Jupyter without ipywidgets: there is no bar
        con.execute("SET enable_progress_bar = false")


def attach(con: duckdb.DuckDBPyConnection) -> None:
    """Create what lies under the views: built in, added, and the boundary changes."""
    without_bar(con)
    con.execute(LEVEL)
    con.execute(DAYS)
    for name, rows in _built_in().items():
        con.register(name, rows)
    if not home.panel_file().exists():
        create_tables(con)
        return
    open_file(con)
    kept = con.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'home'")
    for (table,) in kept.fetchall():
        con.execute(f"CREATE TEMP VIEW {table} AS FROM home.{table}")


@cache
def _built_in() -> dict[str, pyarrow.Table]:
    """Return the built-in tables under the views, made once per process."""
    import duckdb

    tables = {
        "built_in_now": reference.panel(),
        "catalogue": reference.catalogue().astype(str),
        "stable": geography.stable_units(geography.frame()),
    }
    with duckdb.connect() as con:
        con.execute(LEVEL)
        for name, frame in tables.items():
            con.register(name, frame)
        series = SERIES_OF.format(rows="built_in_now", arrived=0)
        con.execute(f"CREATE TABLE series_built_in AS {series}")
        names = [*tables, "series_built_in"]
        return {name: in_codes(con.sql(f"FROM {name}").to_arrow_table()) for name in names}


def in_codes(table: pyarrow.Table) -> pyarrow.Table:
    """Write each text of a table once: a question about one measure takes a third of the time."""
    import pyarrow

    texts = [pyarrow.types.is_string(one.type) for one in table.schema]
    columns = zip(table.columns, texts, strict=True)
    coded = [one.combine_chunks().dictionary_encode() if text else one for one, text in columns]
    return pyarrow.table(coded, names=table.column_names)


def open_file(con: duckdb.DuckDBPyConnection) -> None:
    """Attach the user's panel file, read only, as ``home``."""
    import duckdb

    path = home.panel_file()
    try:
        con.execute(f"ATTACH {quoted(path)} AS home (READ_ONLY)")
        layout = con.execute("SELECT max(layout) FROM home.made_by").fetchone()
    except duckdb.Error as error:
        if "lock is held" in str(error):
            raise home.busy(path, error) from error
        raise PanelError(
            _("The panel file cannot be read: {reason}", reason=str(error).splitlines()[0]),
            where=str(path),
            fix=_(
                "Move the file away; the built-in tables work without it, and `hidra "
                "data fetch`, `add` and `import` build it again."
            ),
        ) from error
    if layout is None or layout[0] != LAYOUT:
        raise PanelError(
            _(
                "The panel file has layout {layout}, this hidra reads {layout_2}.",
                layout=layout and layout[0],
                layout_2=LAYOUT,
            ),
            where=str(path),
            fix=_(
                "If a newer hidra wrote it, install that one; otherwise move the file "
                "away and add your data again."
            ),
        )


def create_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the tables of a panel file where they are not there yet."""
    for name, columns in TABLES.items():
        spec = ", ".join(f"{column} {sort}" for column, sort in columns.items())
        con.execute(f"CREATE TABLE IF NOT EXISTS {name} ({spec})")
    con.execute(f"CREATE TABLE IF NOT EXISTS made_by AS SELECT {LAYOUT} AS layout")


def read(
    measure: Texts | None = None,
    places: Texts | None = None,
    start: object = None,
    end: object = None,
    level: str | None = None,
    source: str | None = None,
    as_of: object = None,
    *,
    exact: bool = False,
) -> pd.DataFrame:
    """Return figures of the panel, one row for each measure, place and month.

    Parameters
    ----------
    measure : str or several (list, array, Series), optional
        Names as in ``hidra data status``; all if not given.
    places : str or several (list, array, Series), optional
        INEGI codes, names or abbreviations of states, codes of municipalities; ``00`` the nation.
        A number is a code that lost its zeros: 9 is ``09``.
    start, end : str or date, optional
        First and last month, both included: ``YYYY-MM``, ``YYYY-MM-DD``, or a date of Python,
        NumPy or pandas.
    level : {"nation", "state", "municipality"}, optional
    source : str, optional
        Rows of this source alone, whatever other sources say of the same month.
    as_of : str or date, optional
        A date, as above: each source by its newest cut not later than that. Of a built-in
        table, which holds one cut, the months that had ended and the years published by then, in
        the figures of today. Or the `digest` of a panel, as a run's manifest gives it.
    exact : bool
        Small municipal counts of persons as they are kept, for computing on this machine; joined
        (`hidra.data.privacy`) otherwise, so that what is made of them may be handed on.

    Returns
    -------
    pandas.DataFrame
        place (INEGI code), name, month (first day, as a date), measure, value (null is unknown),
        source, status, concept, vintage, period, unit.

    Raises
    ------
    SpecError
        There is no such measure, place, source or level; the end comes before the start; or a
        place or level that was asked for has no row at all of the measure.
    PanelError
        The panel with this digest is no longer there.
    """
    import pandas as pd

    found = rows(measure, places, start, end, level, source, as_of, exact=exact)
    lacking = {place.code(one) for one in _listed(places)} - {*found["place"]}
    if lacking or found.empty:
        _require_held(_listed(measure), lacking, level)
    known = reference.table("municipality").set_index("place")["name_es"].to_dict()
    known |= {one.code: one.name_es for one in (place.NATION, *place.states())}
    found = found.assign(
        name=found["place"].map(known).fillna(found["place"]),
        month=pd.to_datetime(found["month"], format="%Y-%m"),
    )
    return found[[*TIDY, *(name for name in found if name not in TIDY)]]


def tidy(measure: Texts | None = None, **asked: Any) -> pd.DataFrame:
    """As `read`, the seven columns place, name, month, measure, value, source, status."""
    return read(measure, **asked)[list(TIDY)]


def rows(
    measure: Texts | None = None,
    places: Texts | None = None,
    start: object = None,
    end: object = None,
    level: str | None = None,
    source: str | None = None,
    as_of: object = None,
    *,
    exact: bool = False,
) -> pd.DataFrame:
    """As `read`, in the columns of the panel: month ``YYYY-MM``, no name.

    For programs: a place or level without rows is no error here.
    """
    if level not in (None, *LEVELS):
        raise unknown(_("level"), level, LEVELS, where="level")
    measures, codes = _listed(measure), tuple(map(place.code, _listed(places)))
    if measure is not None and not measures:
        raise SpecError(
            _("No measure is named."), where="measure", fix=_("Leave it out to have every one.")
        )
    if places is not None and not codes:
        raise SpecError(
            _("No place is named."), where="places", fix=_("Leave it out to have every place.")
        )
    first = None if start is None else weeks.month(start, "start")
    last = None if end is None else weeks.month(end, "end")
    if first and last and first > last:
        raise SpecError(
            _("The end ({end}) comes before the start ({start}).", end=last, start=first),
            where=_("start, end"),
            fix=_("Put the months in order."),
        )
    then, one_source = (None if one is None else str(one) for one in (as_of, source))
    found = _rows((measures, codes, first, last, level, one_source, then, exact), stamp())
    return found.copy()


def _listed(given: Texts | None) -> tuple[str, ...]:
    """Return one text or several, in whatever holds them, a number as it is written."""
    if given is None:
        return ()
    if isinstance(given, str) or not isinstance(given, Iterable):
        return (str(given),)
    return tuple(map(str, given))


@lru_cache(maxsize=64)
def _rows(asked: tuple[Any, ...], _stamp: tuple[str, int, int]) -> pd.DataFrame:
    measures, codes, start, end, level, source, as_of, exact = asked
    with reading(as_of=as_of, exact=exact) as con:
        for one in measures:
            require(con, "measure", one)
        if source is not None:
            require(con, "source", source)
        found = con.execute(
            f"""
            SELECT {COLUMNS} FROM {"panel" if source is None else "panel_sources"}
            WHERE (len($measures) = 0 OR list_contains($measures, measure))
              AND (len($codes) = 0 OR list_contains($codes, place))
              AND month BETWEEN coalesce($start, '') AND coalesce($end, '9999')
              AND ($level IS NULL OR level(place) = $level)
              AND ($source IS NULL OR source = $source)
            ORDER BY measure, place, month, period, source
            """,
            {"measures": list(measures), "codes": list(codes), "start": start, "end": end,
             "level": level, "source": source},
        ).df()  # fmt: skip
    return found.assign(value=found["value"].astype("float64"))


def _require_held(measures: tuple[str, ...], codes: set[str], level: str | None) -> None:
    """Refuse a code that is no place, a place or level of which the measures have no row at all."""
    rows = ask(
        "SELECT place, level(place) AS level, bool_or(list_contains($measures, measure)) AS held "
        "FROM panel_sources GROUP BY place ORDER BY place",
        {"measures": list(measures)},
    )
    known = {place.NATION.code, *(one.code for one in place.states()), *(r["place"] for r in rows)}
    for code in sorted(codes - known - {*reference.table("municipality")["place"]}):
        if not place.is_bucket(code):
            raise place.no_place(code)
    if not measures:
        return
    held = {row["place"]: row["level"] for row in rows if row["held"]}
    absent = sorted(codes - {*held}) or ([level] if level and level not in held.values() else [])
    if absent:
        raise SpecError(
            _("The panel has no row of {names} for {what}.", names=", ".join(measures),
              what=", ".join(absent)),
            where="places" if codes - {*held} else "level",
            fix=_(
                "There are rows by {levels}. Sum states for the nation, where none is unknown; "
                "municipalities come with `hidra data fetch`, `add` or `import`.",
                levels=", ".join(sorted({*held.values()})),
            ),
        )  # fmt: skip


def require(con: duckdb.DuckDBPyConnection, column: str, name: str) -> None:
    """Refuse a measure or source of which no cut is in the panel."""
    query = f"SELECT DISTINCT {column} FROM (FROM series_built_in UNION ALL FROM series) ORDER BY 1"
    there = [row[0] for row in con.execute(query).fetchall()]
    if name not in there:
        raise unknown(column, name, there, where=column)


def digest(measures: Sequence[str] = ()) -> str:
    """Return the name of the panel as it is now, 16 characters: over every row of every newest cut.

    Parameters
    ----------
    measures : sequence of str
        Only these. The digest of all brings the panel back: ``read(as_of=digest)``.
    """
    return _digest_now(tuple(sorted(measures)), stamp())


@lru_cache(maxsize=64)
def _digest_now(measures: tuple[str, ...], _stamp: tuple[str, int, int]) -> str:
    with reading() as con:
        return digest_of(con, measures)


def cuts(measures: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return source, measure, vintage and digest of each newest cut, for the record of a run."""
    query = """
        SELECT source, measure, vintage, digest FROM (FROM series_built_in UNION ALL FROM series)
        SEMI JOIN newest USING (source, measure, vintage)
        WHERE len($measures) = 0 OR list_contains($measures, measure) ORDER BY measure, source
    """
    return ask(query, {"measures": list(measures)})


def sources() -> pd.DataFrame:
    """Return the catalogue of the built-in tables with one row more for every source brought."""
    import pandas as pd

    known = reference.catalogue()
    with reading() as con:
        own = con.execute(
            "SELECT source AS name, title AS title_en, title AS title_es, publisher, terms, "
            "citation, address, accessed, vintage, sha256, file FROM supplies "
            "QUALIFY row_number() OVER (PARTITION BY source ORDER BY vintage DESC) = 1"
        ).df()
    if own.empty:
        return known
    own = own.assign(concept="", concept_es="")
    return pd.concat([known, own[[name for name in own if name in known]]], ignore_index=True)


def own() -> list[dict[str, Any]]:
    """Return the measures of own tables: measure, title, unit, level, period (both with commas).

    The title is that of the table, or what is counted where a table has several measures.
    """
    return ask(
        "SELECT measure, unit, level, period, if(count(*) OVER (PARTITION BY source) = 1, title, "
        "concept) AS title FROM series SEMI JOIN newest USING (source, measure, vintage) "
        "JOIN supplies USING (source, vintage) WHERE spec <> '' ORDER BY title, measure"
    )


def look() -> None:
    """Compare every cut that was added with the digest of its rows.

    Raises
    ------
    PanelError
        The panel file is damaged, or rows of a cut are not those that were kept.
    """
    with reading(frozen=False) as con:
        if not home.panel_file().exists():
            return
        con.execute("CREATE TEMP TABLE seen AS " + SERIES_OF.format(rows="added", arrived=0))
        other = con.execute(
            "SELECT source, measure, vintage FROM (SELECT source, measure, vintage, digest FROM "
            "series EXCEPT SELECT source, measure, vintage, digest FROM seen) ORDER BY ALL LIMIT 1"
        ).fetchone()
    if other:
        raise PanelError(
            _("The rows of '{cut}' are not those that were kept.", cut=", ".join(other)),
            where=str(home.panel_file()),
            fix=_("Put back a copy, or add the same file again with --replace."),
        )


def stamp() -> tuple[str, int, int]:
    """Return what changes when the user's panel changes."""
    file = home.panel_file()
    try:
        seen = file.stat()
    except OSError:
        return str(file), 0, 0
    return str(file), seen.st_mtime_ns, seen.st_size


def ask(query: str, values: Values = (), *, exact: bool = False) -> list[dict[str, Any]]:
    """Answer one SQL query about the panel as a list of rows.

    Parameters
    ----------
    query : str
        One SELECT (or DESCRIBE, SUMMARIZE, EXPLAIN). ``?`` stands for the ``values``.
    exact : bool
        See `reading`.

    Raises
    ------
    SpecError
        The query is wrong, or would write, or would read anything but the panel.
    """
    with reading(exact=exact) as con:
        return answer(con, query, values)


def answer(con: duckdb.DuckDBPyConnection, query: str, values: Values = ()) -> list[dict[str, Any]]:
    """Answer one query on a connection already open; otherwise as `ask`."""
    import duckdb

    _only_reads(query)
    given = dict(values) if isinstance(values, Mapping) else list(values)
    try:
        result = con.execute(query, given)
        names = _apart([column[0] for column in result.description or ()])
        return [dict(zip(names, map(plain, row), strict=True)) for row in result.fetchall()]
    except (duckdb.PermissionException, duckdb.TransactionException) as error:
        raise _refused(query) from error
    except duckdb.Error as error:
        raise foreign(error) or _wrong(query, error) from error


def _apart(names: Sequence[str]) -> list[str]:
    """Return names of columns, each its own: the second ``value`` becomes ``value_2``."""
    apart: list[str] = []
    for name in names:
        numbered = (f"{name}_{number}" for number in itertools.count(2))
        taken = {*apart, *names} if name in apart else ()
        apart.append(next(one for one in numbered if one not in taken) if taken else name)
    return apart


def _only_reads(query: str) -> None:
    import duckdb

    try:
        statements = duckdb.extract_statements(query)
    except duckdb.Error as error:
        raise _wrong(query, error) from error
    kinds = [statement.type.name for statement in statements]
    if len(kinds) != 1 or kinds[0] not in ("SELECT", "EXPLAIN"):
        raise _refused(query)


def _refused(query: str) -> SpecError:
    return SpecError(
        _(
            "Only one query that reads the panel is answered here: no writing, no second "
            "statement, no other file."
        ),
        where=f"query: {query.strip()[:120]}",
        fix=_(
            "Ask with one SELECT from panel, panel_sources, panel_all, rates, "
            "panel_stable, measures, sources or notes; to take data out use `hidra "
            "data export`, to bring data in `hidra data import`."
        ),
    )


def _wrong(query: str, error: Exception) -> SpecError:
    words = [line for line in str(error).splitlines() if line.strip()]
    hint = next((line for line in words[1:] if line.startswith(("Did you mean", "Candidate"))), "")
    return SpecError(
        _("The query cannot be answered: {reason}", reason=words[0] if words else error),
        where=f"query: {query.strip()[:120]}",
        fix=hint or _("See the columns with: hidra data sql 'DESCRIBE panel'."),
    )


def plain(value: object) -> object:
    """Return a value as JSON knows it: dates as text, no decimals, unknown as null."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    return value if value is None or isinstance(value, bool | int | str) else str(value)
