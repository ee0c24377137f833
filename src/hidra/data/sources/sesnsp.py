"""SESNSP: case files and the victims named in them, by common and federal jurisdiction.

Three methods follow one another and are never joined: to 2017 (old), 2015-2025 ("nueva
metodología") and from 2026 the register RNID, where attempted homicide and femicide stand
apart. The tables of the last two look alike, so a source takes only the years of its method.

All tables have a column for each month. An empty cell is not published, not zero; a month in which
the whole file counts nothing is not published either (some cuts fill the months to come with
zeros); numbers may carry thousands commas; codes come without their leading zero. The vintage
is the last day of the last month published: that is what the cut knows. A cell below zero is a
correction of the publisher: it comes in as published, and is noted.

A zip holds one CSV of all years, a workbook for each year, or both; a workbook may have several
sheets. Every table is read, and none twice.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hidra.core.errors import SourceError
from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glances, unpack
from hidra.data.sources.base import Context, Source, add_rows, described, note, start

if TYPE_CHECKING:
    import duckdb

MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre"),
    *("octubre", "noviembre", "diciembre"),
)
SENTINEL = -9  # a correction is a small number; -9, -99 or -999 would mean "none"
PLACE = """
    CASE WHEN town IS NOT NULL AND length(town) > 3 THEN lpad(town, 5, '0')
         WHEN town IS NOT NULL THEN lpad(state, 2, '0') || lpad(town, 3, '0')
         WHEN TRY_CAST(state AS INTEGER) BETWEEN 1 AND 32 THEN lpad(state, 2, '0')
         WHEN TRY_CAST(state AS INTEGER) = 0 THEN '00' ELSE '33' END
"""
YEAR = ("ano", "anio")
STATE = ("clave_ent", "cve._ent", "cve_ent", "clave_entidad", "inegi")
TOWN = ("cve._municipio", "cve_municipio", "clave_municipio")


def is_wide(seen: Glance) -> bool:
    """Whether a table has a column for each month."""
    return seen.kind in ("csv", "excel") and seen.has(*MONTHS)


def is_municipal(seen: Glance) -> bool:
    """Whether a table has a code of municipality (the old method calls it INEGI)."""
    return bool(seen.folded.intersection(TOWN)) or seen.has("inegi", "municipio")


def years_seen(seen: Glance) -> list[int]:
    """Return the years in the head of a table: of its first row, or of the sheets of a book."""
    cells = (seen.first(*YEAR),) if seen.kind == "csv" else seen.columns
    years = [cell[:4] for cell in cells if cell[:4].isdecimal() and cell[4:] in ("", ".0")]
    found = [int(year) for year in years if "1990" <= year <= "2100"]
    # further down the municipalities 2001-2007 of Baja California look like years
    return found[:1] + [year for year in found[1:] if year > 2007]


def load(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    recognise: Callable[[Glance], bool],
    words: Mapping[str, Sequence[str]],
    context: Context,
    *,
    years: tuple[int, int],
    measures: Mapping[str, str],
) -> str:
    """Create ``wide_rows`` (year, place, the words, m1..m12) and return the cut ``YYYY-MM``.

    With it come ``wide_published`` (the months published) and ``wide_places`` (place, year, whether
    month i is known for any row of the place).

    Parameters
    ----------
    words : mapping
        Text columns to keep and their written (folded) forms; lower case without accents.
    years : (int, int)
        Years this method covers; rows of other years are left out, with a note.
    measures : mapping
        Measure to SQL condition on the words; other rows are surveyed, not kept.
    """
    published: dict[str, None] = {}
    for left in ("rows", "places"):
        con.execute(f"DROP TABLE IF EXISTS wide_{left}")
    tables = _Tables(file, recognise, context)
    for where, seen in tables:
        plain = unpack(seen.path, seen.member, context.scratch)
        source = readers.csv_table(plain, seen.columns, seen.delimiter)
        with readers.rows_named(where):
            keys = _keys(con, seen, words, source)
            table = (
                f"(SELECT {keys}, {_wide_cells(seen)} FROM {source})"
                if is_wide(seen)
                else _long_table(con, seen, keys, tuple(words), source, where)
            )
            found = _survey(con, table, years, where, context)
            _keep(con, table, years, tuple(measures.values()), where, context)
        if plain.parent == context.scratch:
            plain.unlink()
        published |= found
        tables.read |= {int(month[:4]) for month in found}
        _once(con, where, tuple(words))
    for name in tables.covered:
        words_ = _("{name}: its years are in another table of the file, read there", name=name)
        note(con, file.name, "rows left out", words_)
    if not published:
        raise _nothing_published(file.name, years)
    con.execute("CREATE OR REPLACE TEMP TABLE wide_published (month VARCHAR)")
    con.executemany("INSERT INTO wide_published VALUES (?)", [[one] for one in published])
    return max(published)


class _Tables:
    """The tables of a file: texts first, then the workbooks whose years no text held.

    Iterating opens them one by one; ``read`` gathers the years read, ``covered`` the books left.
    """

    def __init__(self, file: Path, recognise: Callable[[Glance], bool], context: Context) -> None:
        found = [seen for seen in glances(file) if recognise(seen)]
        self.found = sorted(found, key=lambda seen: (seen.kind == "excel", seen.member or ""))
        self.context = context
        self.read: set[int] = set()
        self.covered: list[str] = []

    def __iter__(self) -> Iterator[tuple[str, Glance]]:
        for number, seen in enumerate(self.found):
            where = f"{seen.path.name} > {seen.member}" if seen.member else seen.path.name
            if seen.kind != "excel":
                yield where, seen
            elif self.read.issuperset(years_seen(seen)) and self.read:
                self.covered.append(seen.member or seen.path.name)
            else:
                self.context.progress(where, number / len(self.found))
                for sheet, text in readers.as_csv(seen, self.context.scratch, MONTHS):
                    yield f"{where} > {sheet}", text


def _keys(
    con: duckdb.DuckDBPyConnection, seen: Glance, words: Mapping[str, Sequence[str]], source: str
) -> str:
    """Return the SQL of year, state, town and words of a row."""
    texts = ", ".join(
        f"strip_accents(lower(trim({readers.identifier(seen.column(*forms))}))) AS {one}"
        if one != "age" or seen.folded.intersection(forms)
        else f"NULL AS {one}"
        for one, forms in words.items()
    )
    old = seen.has("inegi", "municipio")
    town = readers.identifier(seen.column(*TOWN, "inegi")) if is_municipal(seen) else "NULL"
    if old:
        state = "NULL"
    elif seen.folded.intersection(STATE):
        state = readers.identifier(seen.column(*STATE))
    else:
        state = _state_by_name(con, readers.identifier(seen.column("entidad")), source)
    return (
        f"trim({readers.identifier(seen.column(*YEAR))}) AS year,"
        f" CAST(trim({state}) AS VARCHAR) AS state, trim({town}) AS town, {texts}"
    )


def _state_by_name(con: duckdb.DuckDBPyConnection, column: str, source: str) -> str:
    """Return the SQL of a code from the name: state files of the old method have no code."""
    readers.state_codes(con, column, source)
    cases = " ".join(
        f"WHEN {readers.quoted(name)} THEN '{code}'"
        for name, code in con.execute("FROM state_names").fetchall()
    )
    return f"CASE coalesce({column}, '') {cases} END"


def _wide_cells(seen: Glance) -> str:
    return ", ".join(
        f"nullif(replace(trim({readers.identifier(seen.column(one))}), ',', ''), '') AS m{i}"
        for i, one in enumerate(MONTHS, start=1)
    )


def _long_table(
    con: duckdb.DuckDBPyConnection,
    seen: Glance,
    keys: str,
    words: Sequence[str],
    source: str,
    where: str,
) -> str:
    """Return the wide form of a table with a row for each month (INM)."""
    month = readers.identifier(seen.column("mes"))
    value = readers.identifier(seen.column("incidencia_delictiva"))
    names = ", ".join(readers.quoted(one) for one in MONTHS)
    table = f"""
        (SELECT {keys}, {month} AS written_month, {value} AS written_value,
                coalesce(TRY_CAST({month} AS INTEGER),
                         list_position([{names}], strip_accents(lower(trim({month}))))) AS month,
                nullif(replace(trim({value}), ',', ''), '') AS value
         FROM {source})
    """
    wrong = (
        "month IS NULL OR month NOT BETWEEN 1 AND 12"
        " OR (value IS NOT NULL AND TRY_CAST(value AS DOUBLE) IS NULL)"
    )
    what = _("A month or a number that cannot be (month, number)")
    shown = "written_month, written_value"
    readers.refuse_cells(con, where, wrong, shown, what, table)
    cells = ", ".join(f"any_value(value) FILTER (WHERE month = {i}) AS m{i}" for i in range(1, 13))
    return f"(SELECT year, state, town, {', '.join(words)}, {cells} FROM {table} GROUP BY ALL)"


def _sound() -> str:
    months = " AND ".join(
        f"(m{i} IS NULL OR TRY_CAST(m{i} AS DOUBLE) > {SENTINEL})" for i in range(1, 13)
    )
    return f"""
        TRY_CAST(year AS INTEGER) BETWEEN 1990 AND 2100
        AND (state IS NULL OR state = '' OR TRY_CAST(state AS INTEGER) BETWEEN 0 AND 99)
        AND (town IS NULL OR TRY_CAST(town AS INTEGER) BETWEEN 1 AND 33999) AND {months}
    """


def _survey(
    con: duckdb.DuckDBPyConnection,
    table: str,
    years: tuple[int, int],
    where: str,
    context: Context,
) -> dict[str, None]:
    """Look at every row once: refuse what cannot be, return the months that count anything."""
    sums = ", ".join(f"sum(TRY_CAST(m{i} AS DOUBLE)) AS s{i}" for i in range(1, 13))
    known = ", ".join(f"count(m{i}) > 0 AS k{i}" for i in range(1, 13))
    below = " OR ".join(f"TRY_CAST(m{i} AS DOUBLE) < 0" for i in range(1, 13))
    sound = f"coalesce({_sound()}, false)"
    readers.run(
        con,
        f"CREATE OR REPLACE TEMP TABLE wide_survey AS SELECT TRY_CAST(year AS INTEGER) AS year,"
        f" {PLACE} AS place, count(*) AS n, count(*) FILTER (NOT {sound}) AS unsound,"
        f" count(*) FILTER ({below}) AS below, {sums}, {known} FROM {table} GROUP BY 1, 2",
        context,
        where,
        (0.0, 0.5),
    )
    if _total(con, "sum(unsound)"):
        shown = "year, state, town, [m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12]"
        what = _(
            "A row with a year, a code or a number that cannot be (year, state, "
            "municipality, months)"
        )
        readers.refuse_cells(con, where, f"NOT {sound}", shown, what, table)
    if _total(con, "sum(below)"):
        _note_corrections(con, table, where, below)
    nation = _total(con, "sum(n) FILTER (place = '00')")
    if nation:
        words = _("rows of the nation's total: left out, the sum is made here")
        note(con, where, "rows left out", words, n=nation)
    within = f"year BETWEEN {years[0]} AND {years[1]}"
    outside = _total(con, f"sum(n) FILTER (NOT {within})")
    if outside:
        words = _(
            "rows outside {years}-{years_2} follow another method: left out, never joined",
            years=years[0],
            years_2=years[1],
        )
        note(con, where, "break", words, n=outside)
    added = f"SELECT place, year, {', '.join(f'k{i}' for i in range(1, 13))} FROM wide_survey"
    _append(con, "wide_places", f"{added} WHERE place <> '00' AND {within}")
    totals = ", ".join(f"sum(s{i})" for i in range(1, 13))
    return {
        f"{year}-{i:02d}": None
        for year, *counted in con.execute(
            f"SELECT year, {totals} FROM wide_survey WHERE {within} GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for i, n in enumerate(counted, 1)
        if n
    }


def _total(con: duckdb.DuckDBPyConnection, what: str) -> int:
    return int(con.execute(f"SELECT coalesce({what}, 0) FROM wide_survey").fetchall()[0][0])


def _nothing_published(file: str, years: tuple[int, int]) -> SourceError:
    return SourceError(
        _(
            "No month of {years}-{years_2} is published in this file.",
            years=years[0],
            years_2=years[1],
        ),
        where=_("{file}, all rows", file=file),
        fix=_(
            "Check that the file is the one meant: before 2015, 2015-2025 and "
            "from 2026 on three methods of counting follow one another, in files "
            "of their own."
        ),
    )


def _note_corrections(
    con: duckdb.DuckDBPyConnection, table: str, where: str, below: str, most: int = 20
) -> None:
    """Note each cell below zero: place and month, as published."""
    cells = ", ".join(f"{{'m': {i}, 'v': TRY_CAST(m{i} AS DOUBLE)}}" for i in range(1, 13))
    found = con.execute(
        f"SELECT place, year || '-' || printf('%02d', cell.m), crime, cell.v FROM"
        f" (SELECT {PLACE} AS place, year, crime, unnest([{cells}]) AS cell"
        f"  FROM (SELECT * FROM {table} WHERE {below})) WHERE cell.v < 0 ORDER BY 1, 2"
    ).fetchall()
    for place, month, crime, value in found[:most]:
        words = _(
            "{value:g} for place {place}, month {month} ({crime}): a correction of the publisher, "
            "kept as published",
            value=value,
            place=place,
            month=month,
            crime=crime,
        )
        note(con, where, "correction", words, n=1)
    if len(found) > most:
        note(con, where, "correction", _("more cells below zero"), n=len(found) - most)


def _append(con: duckdb.DuckDBPyConnection, table: str, select: str) -> None:
    """Create a table from a query, or add to it what a further table of the file gives."""
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} AS FROM ({select}) LIMIT 0")
    con.execute(f"INSERT INTO {table} {select}")


def _keep(
    con: duckdb.DuckDBPyConnection,
    table: str,
    years: tuple[int, int],
    wanted: Sequence[str],
    where: str,
    context: Context,
) -> None:
    """Create ``wide_new``: the rows of a table that are counted, with their place."""
    cells = ", ".join(f"CAST(m{i} AS DOUBLE) AS m{i}" for i in range(1, 13))
    readers.run(
        con,
        f"CREATE OR REPLACE TEMP TABLE wide_new AS SELECT {PLACE} AS place,"
        f" * EXCLUDE (state, town) REPLACE ({cells}) FROM {table}"
        f" WHERE CAST(year AS INTEGER) BETWEEN {years[0]} AND {years[1]} AND {PLACE} <> '00'"
        f" AND ({' OR '.join(f'({one})' for one in wanted)})",
        context,
        where,
        (0.5, 1.0),
    )


def _once(con: duckdb.DuckDBPyConnection, where: str, words: Sequence[str]) -> None:
    """Move ``wide_new`` to ``wide_rows``: a row read before is left out, another figure refused."""
    keys = ["place", "year", *words]
    columns = [*keys, *(f"m{i}" for i in range(1, 13))]
    _append(con, "wide_rows", f"SELECT {', '.join(columns)} FROM wide_new WHERE false")

    def joined(kind: str, on: Sequence[str]) -> str:
        same = " AND ".join(f"a.{one} IS NOT DISTINCT FROM b.{one}" for one in on)
        return f"FROM wide_new AS a {kind} JOIN wide_rows AS b ON {same}"

    repeated = con.execute(f"SELECT count(*) {joined('SEMI', columns)}").fetchall()[0][0]
    if repeated:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE wide_new AS SELECT a.* {joined('ANTI', columns)}"
        )
        words_ = _("rows that another table of the file has too: read once")
        note(con, where, "rows left out", words_, n=repeated)
    for year, place in con.execute(
        f"SELECT a.year, a.place {joined('SEMI', keys)} ORDER BY ALL LIMIT 1"
    ).fetchall():
        raise SourceError(
            _(
                "Two tables of the file give different figures for {year} and place {place}; "
                "counted together every case file would count twice.",
                year=year,
                place=place,
            ),
            where=where,
            fix=_("Keep one of the two tables in the file, then `hidra data add FILE`."),
        )
    _append(con, "wide_rows", f"SELECT {', '.join(columns)} FROM wide_new")
    con.execute("DROP TABLE wide_new")


# A register that writes no row where it counted nothing: 0 for each of its places and months, but
# unknown where all a place has in the month is empty.
ABSENT = """
    UNION ALL BY NAME
    SELECT place, month, CASE WHEN known IS NULL OR known THEN 0 END AS v
    FROM (SELECT DISTINCT place FROM wide_places) CROSS JOIN wide_published
    LEFT JOIN (SELECT place, year || '-' || printf('%02d', cell.m) AS month,
                      bool_or(cell.k) AS known
               FROM (SELECT place, year, unnest([{known}]) AS cell FROM wide_places)
               GROUP BY ALL) USING (place, month)
"""


def panel_rows(
    con: duckdb.DuckDBPyConnection,
    source: Source,
    measures: Mapping[str, str],
    cut: str,
    file: str,
    *,
    absent_is_zero: bool = False,
) -> None:
    """Write ``incoming`` from ``wide_rows``: each measure at every level.

    A place whose cells are all empty in a published month is unknown (null); where only some
    are empty the sum is an undercount. The newest twelve months of a cut are provisional.

    Parameters
    ----------
    measures : mapping
        Measure to SQL condition on the words.
    """
    cells = ", ".join(f"{{'m': {i}, 'v': m{i}}}" for i in range(1, 13))
    year, month = int(cut[:4]), int(cut[5:])
    known = ", ".join(f"{{'m': {i}, 'k': k{i}}}" for i in range(1, 13))
    absent = ABSENT.format(known=known) if absent_is_zero else ""
    vintage = f"{cut}-{calendar.monthrange(year, month)[1]}"
    provisional = f"{year - 1}-{month:02d}"
    without = [
        measure
        for measure, where in measures.items()
        if not con.execute(f"SELECT 1 FROM wide_rows WHERE {where} LIMIT 1").fetchall()
    ]
    if without:
        names = ", ".join(without)
        words = (
            _("no row of {names}: counted as 0, as this table leaves out what counted nothing",
              names=names)
            if absent_is_zero
            else _("no row of {names}: not known, never zero", names=names)
        )  # fmt: skip
        note(con, file, "absent", words, n=len(without))
    for measure, where in measures.items():
        if measure in without and not absent_is_zero:
            continue
        add_rows(
            con,
            source,
            f"""
            WITH cells AS (
                SELECT place, year || '-' || printf('%02d', cell.m) AS month, cell.v AS v
                FROM (SELECT place, year, unnest([{cells}]) AS cell
                      FROM wide_rows WHERE {where}) {absent}),
            towns AS (
                SELECT place, month, sum(v) AS v, count(v) AS known, count(*) AS n
                FROM cells SEMI JOIN wide_published USING (month) GROUP BY ALL),
            levels AS (
                SELECT place, month, v, known, n FROM towns WHERE length(place) = 5
                UNION ALL
                SELECT left(place, 2), month, sum(v), sum(known), sum(n) FROM towns GROUP BY 1, 2
                UNION ALL
                SELECT '00', month, sum(v), sum(known), sum(n) FROM towns GROUP BY month)
            SELECT place, month, '{measure}' AS measure,
                   CASE WHEN known > 0 THEN v END AS value,
                   CASE WHEN known < n THEN 'undercount'
                        WHEN month > '{provisional}' THEN 'provisional' ELSE 'final' END AS status
            FROM levels
            """,
            vintage=vintage,
        )
    for table in ("rows", "published", "places", "survey"):
        con.execute(f"DROP TABLE wide_{table}")


def buckets(con: duckdb.DuckDBPyConnection, file: str, context: Context) -> None:
    """Say how much lies in buckets without a municipality, and which codes nobody knows."""
    found = con.execute(
        "SELECT place, count(*) FROM wide_rows WHERE length(place) = 5 GROUP BY 1 ORDER BY 1"
    ).fetchall()
    apart = sum(n for place, n in found if place[2:] in ("998", "999"))
    if apart:
        note(con, file, "count", _("rows in 'not specified' (999) or 'others' (998)"), n=apart)
    for place, n in found:
        if (
            context.municipalities
            and place[2:] not in ("998", "999")
            and place not in context.municipalities
        ):
            note(
                con,
                file,
                "code unknown",
                _("municipality {place} is in no catalogue", place=place),
                n=n,
            )


WORDS = {"kind": ("tipo_de_delito",), "crime": ("subtipo_de_delito",), "manner": ("modalidad",)}
PERSONS = {"sex": ("sexo",), "age": ("rango_de_edad",)}
# Each crime as an SQL condition on the words of a row.
CRIMES = {
    "homicide": "crime = 'homicidio doloso'",
    "firearm_homicide": "crime = 'homicidio doloso' AND manner = 'con arma de fuego'",
    "femicide": "crime = 'feminicidio'",
    "manslaughter": "crime = 'homicidio culposo'",
    "injury": "crime = 'lesiones dolosas'",
    "kidnapping": "kind = 'secuestro'",
    "extortion": "kind = 'extorsion' AND crime NOT LIKE 'tentativa%'",
    "trafficking": "kind = 'trata de personas'",
}
ONLY_FILES = {"drug_dealing": "kind = 'narcomenudeo'"}
ONLY_VICTIMS = {"women_homicide": "crime = 'homicidio doloso' AND sex = 'mujer'"}
ONLY_RNID = {
    "attempted_homicide": "crime = 'tentativa de homicidio doloso'",
    "attempted_femicide": "crime = 'tentativa de feminicidio'",
    # in person, or by other means
    "attempted_extortion": "crime LIKE 'tentativa de extorsion%'",
}
OLD_WORDS = {"kind": ("modalidad",), "crime": ("tipo",), "manner": ("subtipo",)}
OLD_HOMICIDE = "kind LIKE 'homicidio%' AND crime LIKE 'doloso%'"
OLD_CRIMES = {
    "sesnsp_homicide_files_old_method": OLD_HOMICIDE,
    "sesnsp_firearm_homicide_files_old_method": f"{OLD_HOMICIDE} AND manner LIKE '%arma de fuego%'",
}
FEDERAL_WORDS = {"law": ("ley",), "crime": ("concepto",), "kind": ("tipo",)}
LAWS = {
    "federal_drug_files": "crime = 'contra la salud'",
    "federal_firearms_files": "crime LIKE '%armas de fuego%' OR kind LIKE '%armas de fuego%'",
    "federal_organised_crime_files": (
        "crime LIKE '%delincuencia organizada%' OR kind LIKE '%delincuencia organizada%'"
    ),
    # to 2018 they are hidden in "otras leyes especiales": unknown, not zero
    "federal_hydrocarbons_files": (
        "(crime LIKE '%hidrocarburos%' OR kind LIKE '%hidrocarburos%') AND year >= '2019'"
    ),
}


def _source(
    name: str,
    recognise: Callable[[Glance], bool],
    words: Mapping[str, Sequence[str]],
    years: tuple[int, int],
    measures: Mapping[str, str],
    absent_is_zero: bool = False,
) -> Source:
    def read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
        start(con)
        cut = load(con, files[0], recognise, words, context, years=years, measures=measures)
        buckets(con, files[0].name, context)
        panel_rows(con, made, measures, cut, files[0].name, absent_is_zero=absent_is_zero)

    made = described(name, recognise, read)
    return made


def _layout(
    name: str, thing: Literal["files", "victims"], register: Literal["sesnsp", "rnid"], *,
    municipal: bool,
) -> Source:  # fmt: skip
    """Return a source of the new method or of RNID, told from its look-alikes."""
    victims, rnid = thing == "victims", register == "rnid"

    def recognise(seen: Glance) -> bool:
        """Look at the columns, and at the year of the first row."""
        if not seen.has("subtipo_de_delito", "modalidad") or seen.has("sexo") != victims:
            return False
        if not (is_wide(seen) or seen.has("mes", "incidencia_delictiva")):
            return False
        new = next(iter(years_seen(seen)), 0) >= 2026
        return is_municipal(seen) == municipal and new == rnid

    crimes = CRIMES | (ONLY_VICTIMS if victims else ONLY_FILES) | (ONLY_RNID if rnid else {})
    measures = {f"{register}_{crime}_{thing}": where for crime, where in crimes.items()}
    words = WORDS | (PERSONS if victims else {})
    years = (2026, 2100) if rnid else (2015, 2025)
    return _source(name, recognise, words, years, measures, absent_is_zero=victims and rnid)


def _is_old(seen: Glance) -> bool:
    return is_wide(seen) and seen.has("modalidad", "tipo", "subtipo") and not seen.has("ley")


def _recognise_old(seen: Glance) -> bool:
    return _is_old(seen) and is_municipal(seen)


def _recognise_old_state(seen: Glance) -> bool:
    return _is_old(seen) and not seen.has("municipio") and seen.has("entidad")


def _recognise_federal(seen: Glance) -> bool:
    return is_wide(seen) and seen.has("ley", "concepto", "tipo", "inegi")


SOURCES = (
    _layout("sesnsp_cases", "files", "sesnsp", municipal=True),
    _layout("sesnsp_cases_state", "files", "sesnsp", municipal=False),
    _layout("sesnsp_victims", "victims", "sesnsp", municipal=False),
    _layout("sesnsp_rnid_cases", "files", "rnid", municipal=True),
    _layout("sesnsp_rnid_cases_state", "files", "rnid", municipal=False),
    _layout("sesnsp_rnid_victims", "victims", "rnid", municipal=True),
    _layout("sesnsp_rnid_victims_state", "victims", "rnid", municipal=False),
    _source("sesnsp_old", _recognise_old, OLD_WORDS, (1997, 2017), OLD_CRIMES),
    _source("sesnsp_old_state", _recognise_old_state, OLD_WORDS, (1997, 2017), OLD_CRIMES),
    _source("sesnsp_federal", _recognise_federal, FEDERAL_WORDS, (2012, 2100), LAWS),
)
