"""SESNSP: case files and the victims named in them, by common and federal jurisdiction.

Three methods follow one another and are never joined: to 2017 (old), 2015-2025 ("nueva
metodología") and from 2026 the register RNID, where attempted homicide and femicide stand
apart. The tables of the last two look alike, so a source takes only the years of its method.

All tables have a column for each month. An empty cell is not published, not zero; a month in which
the whole file counts nothing is not published either (some cuts fill the months to come with
zeros); numbers may carry thousands commas; codes come without their leading zero. The vintage
is the last day of the last month published: that is what the cut knows.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
YEAR = ("ano", "anio")
STATE = ("clave_ent", "cve._ent", "cve_ent", "clave_entidad", "inegi")
TOWN = ("cve._municipio", "cve_municipio", "clave_municipio")


def is_wide(seen: Glance) -> bool:
    """Whether a table has a column for each month."""
    return seen.kind in ("csv", "excel") and seen.has(*MONTHS)


def is_municipal(seen: Glance) -> bool:
    """Whether a table has a code of municipality (the old method calls it INEGI)."""
    return bool(seen.folded.intersection(TOWN)) or seen.has("inegi", "municipio")


def first_year(seen: Glance) -> int:
    """Return the year of the first row; 0 where none is seen."""
    cells = (seen.first(*YEAR),) if seen.kind == "csv" else seen.columns
    years = [cell[:4] for cell in cells if cell[:4].isdigit() and cell[4:] in ("", ".0")]
    return int(years[0]) if years else 0


def table_of(file: Path, recognise: Callable[[Glance], bool]) -> Glance:
    """Return the table of a file (or of the zip) that is recognised."""
    for seen in glances(file):
        if recognise(seen):
            return seen
    raise SourceError(
        _("The file does not hold the table of this source."),
        where=_("{name}, row 1", name=file.name),
        fix=readers.DOWNLOAD_AGAIN,
    )


def load(
    con: duckdb.DuckDBPyConnection,
    seen: Glance,
    words: Mapping[str, Sequence[str]],
    context: Context,
    *,
    years: tuple[int, int],
    measures: Mapping[str, str],
) -> str:
    """Create ``wide_rows`` (year, place, the words, m1..m12) and return the cut ``YYYY-MM``.

    Parameters
    ----------
    words : mapping
        Text columns to keep and their written (folded) forms; lower case without accents.
    years : (int, int)
        Years this method covers; rows of other years are left out, with a note.
    measures : mapping
        Measure to SQL condition on the words; other rows are surveyed, not kept.
    """
    if seen.kind == "excel":
        text = readers.as_csv(seen, context.scratch, MONTHS)
        return load(con, text, words, context, years=years, measures=measures)
    plain = unpack(seen.path, seen.member, context.scratch)
    texts = ", ".join(
        f"strip_accents(lower(trim({readers.identifier(seen.column(*forms))}))) AS {one}"
        for one, forms in words.items()
    )
    old = seen.has("inegi", "municipio")
    town = readers.identifier(seen.column(*TOWN, "inegi")) if is_municipal(seen) else "NULL"
    state = "NULL" if old else readers.identifier(seen.column(*STATE))
    keys = (
        f"trim({readers.identifier(seen.column(*YEAR))}) AS year,"
        f" CAST(trim({state}) AS VARCHAR) AS state, trim({town}) AS town, {texts}"
    )
    source = readers.csv_table(plain, seen.columns, seen.delimiter)
    with readers.rows_named(seen.path.name):
        table = (
            f"(SELECT {keys}, {_wide_cells(seen)} FROM {source})"
            if is_wide(seen)
            else _long_table(con, seen, keys, tuple(words), source)
        )
        published = _survey(con, table, years, seen.path.name)
        _keep(con, table, published, years, tuple(measures.values()), seen.path.name, context)
    if plain.parent == context.scratch:
        plain.unlink()
    return max(published)


def _wide_cells(seen: Glance) -> str:
    return ", ".join(
        f"nullif(replace(trim({readers.identifier(seen.column(one))}), ',', ''), '') AS m{i}"
        for i, one in enumerate(MONTHS, start=1)
    )


def _long_table(
    con: duckdb.DuckDBPyConnection, seen: Glance, keys: str, words: Sequence[str], source: str
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
    readers.refuse_cells(con, seen.path.name, wrong, shown, what, table)
    cells = ", ".join(f"any_value(value) FILTER (WHERE month = {i}) AS m{i}" for i in range(1, 13))
    return f"(SELECT year, state, town, {', '.join(words)}, {cells} FROM {table} GROUP BY ALL)"


def _sound() -> str:
    months = " AND ".join(f"(m{i} IS NULL OR TRY_CAST(m{i} AS DOUBLE) >= 0)" for i in range(1, 13))
    return f"""
        TRY_CAST(year AS INTEGER) BETWEEN 1990 AND 2100
        AND (state IS NULL OR state = '' OR TRY_CAST(state AS INTEGER) BETWEEN 0 AND 99)
        AND (town IS NULL OR TRY_CAST(town AS INTEGER) BETWEEN 1 AND 33999) AND {months}
    """


def _survey(
    con: duckdb.DuckDBPyConnection, table: str, years: tuple[int, int], file: str
) -> dict[str, None]:
    """Look at every row once: refuse what cannot be, return the months that count anything."""
    sums = ", ".join(f"sum(TRY_CAST(m{i} AS DOUBLE))" for i in range(1, 13))
    sound = f"coalesce({_sound()}, false)"
    found = con.execute(
        f"SELECT TRY_CAST(year AS INTEGER), count(*), count(*) FILTER (NOT {sound}), {sums}"
        f" FROM {table} GROUP BY 1 ORDER BY 1"
    ).fetchall()
    if any(unsound for _, _, unsound, *_ in found):
        shown = "year, state, town, [m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12]"
        what = _(
            "A row with a year, a code or a number that cannot be (year, state, "
            "municipality, months)"
        )
        readers.refuse_cells(con, file, f"NOT {sound}", shown, what, table)
    months = {
        f"{year}-{i:02d}": None
        for year, _, _, *counted in found
        for i, n in enumerate(counted, 1)
        if n and years[0] <= year <= years[1]
    }
    if not months:
        raise SourceError(
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
    outside = sum(n for year, n, *_ in found if not years[0] <= year <= years[1])
    if outside:
        words = _(
            "rows outside {years}-{years_2} follow another method: left out, never joined",
            years=years[0],
            years_2=years[1],
        )
        note(con, file, "break", words, n=outside)
    return months


def _keep(
    con: duckdb.DuckDBPyConnection,
    table: str,
    published: Mapping[str, None],
    years: tuple[int, int],
    wanted: Sequence[str],
    file: str,
    context: Context,
) -> None:
    known = ", ".join(readers.quoted(month) for month in published)
    blank = ", ".join(
        f"CASE WHEN year || '-{i:02d}' IN ({known}) THEN CAST(m{i} AS DOUBLE) END AS m{i}"
        for i in range(1, 13)
    )
    place = """
        CASE WHEN town IS NOT NULL AND length(town) > 3 THEN lpad(town, 5, '0')
             WHEN town IS NOT NULL THEN lpad(state, 2, '0') || lpad(town, 3, '0')
             WHEN TRY_CAST(state AS INTEGER) BETWEEN 1 AND 32 THEN lpad(state, 2, '0')
             ELSE '33' END
    """
    readers.run(
        con,
        f"CREATE OR REPLACE TEMP TABLE wide_rows AS SELECT {place} AS place,"
        f" * EXCLUDE (state, town) REPLACE ({blank}) FROM {table}"
        f" WHERE CAST(year AS INTEGER) BETWEEN {years[0]} AND {years[1]}"
        f" AND ({' OR '.join(f'({one})' for one in wanted)})",
        context,
        file,
    )
    con.execute("CREATE OR REPLACE TEMP TABLE wide_published (month VARCHAR)")
    con.executemany("INSERT INTO wide_published VALUES (?)", [[one] for one in published])


def panel_rows(
    con: duckdb.DuckDBPyConnection, source: Source, measures: Mapping[str, str], cut: str
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
    vintage = f"{cut}-{calendar.monthrange(year, month)[1]}"
    provisional = f"{year - 1}-{month:02d}"
    for measure, where in measures.items():
        add_rows(
            con,
            source,
            f"""
            WITH cells AS (
                SELECT place, year || '-' || printf('%02d', cell.m) AS month, cell.v AS v
                FROM (SELECT place, year, unnest([{cells}]) AS cell
                      FROM wide_rows WHERE {where})),
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
    con.execute("DROP TABLE wide_rows; DROP TABLE wide_published")


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
PERSONS = {"sex": ("sexo",)}
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
    "attempted_extortion": "crime = 'tentativa de extorsion'",
}
OLD_WORDS = {"kind": ("modalidad",), "crime": ("tipo",), "manner": ("subtipo",)}
OLD_HOMICIDE = "kind LIKE 'homicidio%' AND crime LIKE 'doloso%'"
OLD_CRIMES = {
    "sesnsp_homicide_files_old_method": OLD_HOMICIDE,
    "sesnsp_firearm_homicide_files_old_method": f"{OLD_HOMICIDE} AND manner LIKE '%arma de fuego%'",
}
FEDERAL_WORDS = {"law": ("ley",), "concept": ("concepto",), "kind": ("tipo",)}
LAWS = {
    "federal_drug_files": "concept = 'contra la salud'",
    "federal_firearms_files": "concept LIKE '%armas de fuego%' OR kind LIKE '%armas de fuego%'",
    "federal_organised_crime_files": (
        "concept LIKE '%delincuencia organizada%' OR kind LIKE '%delincuencia organizada%'"
    ),
    # to 2018 they are hidden in "otras leyes especiales": unknown, not zero
    "federal_hydrocarbons_files": (
        "(concept LIKE '%hidrocarburos%' OR kind LIKE '%hidrocarburos%') AND year >= '2019'"
    ),
}


@dataclass(frozen=True)
class _Layout:
    """What tells one table from its look-alikes."""

    thing: Literal["files", "victims"]
    register: Literal["sesnsp", "rnid"]
    municipal: bool

    @property
    def years(self) -> tuple[int, int]:
        """Years of the method."""
        return (2026, 2100) if self.register == "rnid" else (2015, 2025)

    @property
    def measures(self) -> dict[str, str]:
        """The condition of each measure taken from the table."""
        more = ONLY_FILES if self.thing == "files" else ONLY_VICTIMS
        crimes = CRIMES | more | (ONLY_RNID if self.register == "rnid" else {})
        return {f"{self.register}_{crime}_{self.thing}": where for crime, where in crimes.items()}

    def recognise(self, seen: Glance) -> bool:
        """Look at the columns, and at the year of the first row."""
        if not seen.has("subtipo_de_delito", "modalidad") or seen.has("sexo") != (
            self.thing == "victims"
        ):
            return False
        if not (is_wide(seen) or seen.has("mes", "incidencia_delictiva")):
            return False
        new = first_year(seen) >= 2026
        return is_municipal(seen) == self.municipal and new == (self.register == "rnid")


def _source(name: str, layout: _Layout) -> Source:
    def read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
        words = WORDS | (PERSONS if layout.thing == "victims" else {})
        _read(con, files, context, made, words, layout.years, layout.measures)

    made = described(name, layout.recognise, read)
    return made


def _read(
    con: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    context: Context,
    source: Source,
    words: Mapping[str, Sequence[str]],
    years: tuple[int, int],
    measures: Mapping[str, str],
) -> None:
    start(con)
    seen = table_of(files[0], source.recognise)
    cut = load(con, seen, words, context, years=years, measures=measures)
    buckets(con, files[0].name, context)
    panel_rows(con, source, measures, cut)


def _recognise_old(seen: Glance) -> bool:
    return (
        is_wide(seen) and seen.has("modalidad", "tipo", "subtipo", "inegi") and not seen.has("ley")
    )


def _read_old(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    _read(con, files, context, SESNSP_OLD, OLD_WORDS, (1997, 2017), OLD_CRIMES)


def _recognise_federal(seen: Glance) -> bool:
    return is_wide(seen) and seen.has("ley", "concepto", "tipo", "inegi")


def _read_federal(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    _read(con, files, context, SESNSP_FEDERAL, FEDERAL_WORDS, (2012, 2100), LAWS)


SESNSP_OLD = described("sesnsp_old", _recognise_old, _read_old)
SESNSP_FEDERAL = described("sesnsp_federal", _recognise_federal, _read_federal)
SOURCES = (
    _source("sesnsp_cases", _Layout("files", "sesnsp", municipal=True)),
    _source("sesnsp_cases_state", _Layout("files", "sesnsp", municipal=False)),
    _source("sesnsp_victims", _Layout("victims", "sesnsp", municipal=False)),
    _source("sesnsp_rnid_cases", _Layout("files", "rnid", municipal=True)),
    _source("sesnsp_rnid_cases_state", _Layout("files", "rnid", municipal=False)),
    _source("sesnsp_rnid_victims", _Layout("victims", "rnid", municipal=True)),
    _source("sesnsp_rnid_victims_state", _Layout("victims", "rnid", municipal=False)),
    SESNSP_OLD,
    SESNSP_FEDERAL,
)
