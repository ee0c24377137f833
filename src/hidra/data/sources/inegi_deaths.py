"""INEGI, registered deaths (EDR): homicides by month of occurrence and of registration.

Two kinds of file hold the same records: open data in CSV (2017 on) and microdata in DBF (1990
on), one table for each year of *registration*. Every table is folded in one streaming pass into
cells (place x month x kind of death), from which the panel rows are made.

Causes: ICD-9 without the letter E to 1997 (960-969 homicide, 965.0-965.4 by firearm, 970-978
legal intervention), ICD-10 from 1998 (X85-Y09, X93-X95, Y35-Y36).

A month of occurrence is the sum over the years of registration loaded. So it is final only
when the next year's table is there too, an undercount in the newest year, and not known at all
before the first table (what is found there are late registrations of that year, not its deaths).
Zero is stated for every municipality from the first year in which its code appears among
deaths of any cause; before that year there is no row. Deaths by legal intervention are so few
that only the municipalities that ever had one have rows (states and nation always do).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.errors import SourceError
from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glances, unpack
from hidra.data.sources.base import Context, Source, add_rows, described, note, start

if TYPE_CHECKING:
    import duckdb

KINDS = {
    "homicides": "('homicide', 'firearm')",
    "firearm_homicides": "('firearm')",
    "legal_intervention_deaths": "('legal')",
}
SPINE = """
    CREATE OR REPLACE TEMP TABLE deaths_spine AS
    WITH tables AS (SELECT DISTINCT registered AS year FROM deaths_cells),
    seen AS (SELECT state || municipality AS place,
                    -- a first death may be registered late: its own year counts where loaded
                    min(CASE WHEN year IN (SELECT year FROM tables) THEN least(year, registered)
                             ELSE registered END) AS since
             FROM deaths_cells GROUP BY 1),
    places AS (SELECT * FROM seen
               UNION ALL SELECT left(place, 2), min(since) FROM seen GROUP BY 1
               UNION ALL SELECT '00', min(since) FROM seen)
    SELECT place, year, m AS month, printf('%04d-%02d', year, m) AS label,
           CASE WHEN year + 1 IN (SELECT year FROM tables) THEN 'final' ELSE 'undercount' END
               AS status
    FROM places JOIN tables ON year >= since, range(1, 13) AS months(m)
"""


def rows(con: duckdb.DuckDBPyConnection, source: Source, context: Context) -> None:
    """Write ``incoming`` from ``deaths_cells``: municipalities, states (33 = abroad), nation."""
    con.execute(SPINE)
    few = (
        "length(spine.place) = 2 OR spine.place IN"
        " (SELECT state || municipality FROM deaths_cells WHERE kind = 'legal')"
    )
    for kind, codes in KINDS.items():
        for year, month, ending in (
            ("year", "month", ""),
            ("registered", "month_registered", "_registered"),
        ):
            status = "'final'" if ending else "spine.status"
            add_rows(
                con,
                source,
                f"""
                WITH counted AS ({_by_place(codes, year, month)})
                SELECT spine.place, spine.label AS month, 'inegi_{kind}{ending}' AS measure,
                       coalesce(counted.n, 0) AS value, {status} AS status
                FROM deaths_spine AS spine LEFT JOIN counted USING (place, year, month)
                WHERE {few if codes == KINDS["legal_intervention_deaths"] else "true"}
                """,
                vintage=context.accessed,
            )
    _month_unknown(con, source, context)
    con.execute("DROP TABLE deaths_spine")


def _by_place(codes: str, year: str, month: str) -> str:
    return f"""
        SELECT CASE GROUPING(state, municipality) WHEN 0 THEN state || municipality
                    WHEN 1 THEN state ELSE '00' END AS place, year, month, sum(n) AS n
        FROM (SELECT state, municipality, {year} AS year, {month} AS month, n
              FROM deaths_cells WHERE kind IN {codes})
        GROUP BY GROUPING SETS ((state, municipality, year, month), (state, year, month),
                                (year, month))
    """


def _month_unknown(con: duckdb.DuckDBPyConnection, source: Source, context: Context) -> None:
    add_rows(
        con,
        source,
        f"""
        WITH counted AS ({_by_place(KINDS["homicides"], "year", "month")})
        SELECT spine.place, label AS month, 'inegi_homicides_month_unknown' AS measure,
               coalesce(counted.n, 0) AS value, status
        FROM deaths_spine AS spine
        LEFT JOIN counted ON counted.place = spine.place AND counted.year = spine.year
                             AND counted.month IS NULL
        WHERE spine.month = 1
        """,
        vintage=context.accessed,
    )


def notes(con: duckdb.DuckDBPyConnection, context: Context) -> None:
    """Say what was counted, what has no date, what lies before the first table, odd codes."""
    homicides = f"kind IN {KINDS['homicides']}"
    for edition, year, deaths, killed, undated, odd in con.execute(
        f"""
        SELECT edition, mode(registered), sum(n), sum(n) FILTER ({homicides}),
               sum(n) FILTER ({homicides} AND year IS NULL), sum(n) FILTER (odd)
        FROM deaths_cells GROUP BY edition ORDER BY 2
        """
    ).fetchall():
        note(
            con,
            edition,
            "count",
            _("deaths of any cause registered in {year}", year=year),
            n=deaths,
        )
        note(con, edition, "count", _("homicides registered in {year}", year=year), n=killed or 0)
        if undated:
            note(
                con,
                edition,
                "unknown date",
                _("homicides without a year of occurrence: in the registration measures only"),
                n=undated,
            )
        if odd:
            note(
                con, edition, "code unknown", _("deaths with a state code that is none: 33"), n=odd
            )
    _outside(con, homicides)
    _codes(con, context)


def _outside(con: duckdb.DuckDBPyConnection, homicides: str) -> None:
    found = con.execute(
        f"""
        SELECT year, sum(n) FROM deaths_cells
        WHERE {homicides} AND year NOT IN (SELECT registered FROM deaths_cells) GROUP BY 1
        ORDER BY 1
        """
    ).fetchall()
    for year, n in found:
        note(
            con,
            "all tables",
            "rows left out",
            _(
                "homicides that happened in {year}, whose own table is not loaded: a part "
                "of that year only, so no row is written for it",
                year=year,
            ),
            n=n,
        )


def _codes(con: duckdb.DuckDBPyConnection, context: Context) -> None:
    if not context.municipalities:
        return
    for code, n in con.execute(
        "SELECT state || municipality, sum(n) FROM deaths_cells WHERE municipality <> '999'"
        " GROUP BY 1 ORDER BY 1"
    ).fetchall():
        if code not in context.municipalities:
            note(
                con,
                "all tables",
                "code unknown",
                _("municipality {code} is in no catalogue", code=code),
                n=n,
            )


FIELDS = {
    "state": ("ent_ocurr",),
    "municipality": ("mun_ocurr",),
    "cause": ("causa_def",),
    "year": ("anio_ocur", "anio_ocurr"),
    "month": ("mes_ocurr",),
    "registered": ("anio_regis",),
    "month_registered": ("mes_regis",),
}

# Text order does the work: 'X93' <= cause < 'X96' holds for X93, X93.1 ... X959.
KIND = """
    CASE WHEN cause >= 'X93' AND cause < 'X96' THEN 'firearm'
         WHEN cause >= 'X85' AND cause < 'Y10' THEN 'homicide'
         WHEN cause >= 'Y35' AND cause < 'Y37' THEN 'legal'
         WHEN cause >= '9650' AND cause < '9655' THEN 'firearm'
         WHEN cause >= '960' AND cause < '970' THEN 'homicide'
         WHEN cause >= '970' AND cause < '979' THEN 'legal'
         ELSE 'other' END
"""

SOUND = """
    coalesce(cause, '') <> '' AND registered BETWEEN 80 AND 2100 AND year BETWEEN 0 AND 9999
    AND (month BETWEEN 0 AND 12 OR month = 99)
    AND (month_registered BETWEEN 0 AND 12 OR month_registered = 99)
"""

# A first fold on the texts as they stand: nearly all deaths are no homicide, registered in their
# year, with months written as usual. They differ in nothing that counts here but the place, so
# they are added up before any text is trimmed or turned into a number. All others pass as they
# are, so no doubtful row is hidden.
USUAL = ", ".join(
    readers.quoted(f"{month:0{width}d}") for width in (1, 2) for month in range(1, 13)
)
FOLDED = f"""
    SELECT state, municipality, registered,
           CASE WHEN plain THEN 'I00' ELSE cause END AS cause,
           CASE WHEN plain THEN '9999' ELSE year END AS year,
           CASE WHEN plain THEN '99' ELSE month END AS month,
           CASE WHEN plain THEN '99' ELSE month_registered END AS month_registered,
           count(*) AS n
    FROM (SELECT *, ((cause >= '979' AND cause < 'X85') OR (cause >= 'Y10' AND cause < 'Y35')
                     OR (cause >= 'Y37' AND cause < 'a') OR (cause >= '0' AND cause < '960'))
                    AND year = registered AND month IN ({USUAL}, '99')
                    AND month_registered IN ({USUAL}) AS plain
          FROM {{table}})
    GROUP BY ALL
"""

CODED = """
    SELECT upper(trim(cause)) AS cause,
           TRY_CAST(trim(state) AS INTEGER) AS state,
           TRY_CAST(trim(municipality) AS INTEGER) AS municipality,
           TRY_CAST(trim(year) AS INTEGER) AS year,
           TRY_CAST(trim(month) AS INTEGER) AS month,
           TRY_CAST(trim(registered) AS INTEGER) AS registered,
           TRY_CAST(trim(month_registered) AS INTEGER) AS month_registered
"""

# Sentinels become null here: 99 and 0 for months; 9999, 99 and 0 for years (two digits to 1997).
# States 33-35 are abroad, 88 and 99 unknown: all '33'. Oaxaca's codes 209xx name a district only.
CELLS = """
    INSERT INTO deaths_cells
    WITH coded AS ({coded}, n FROM ({folded})),
    kinds AS (SELECT *, {kind} AS kind, {sound} AS sound FROM coded)
    SELECT {edition},
           CASE WHEN state BETWEEN 1 AND 32 THEN printf('%02d', state) ELSE '33' END,
           CASE WHEN state IS NULL OR state NOT BETWEEN 1 AND 32
                     OR municipality IS NULL OR municipality NOT BETWEEN 1 AND 998
                     OR (state = 20 AND municipality >= 900) THEN '999'
                ELSE printf('%03d', municipality) END,
           kind,
           CASE WHEN registered < 100 THEN 1900 + registered ELSE registered END,
           CASE WHEN kind = 'other' OR year IN (0, 99, 9999) THEN NULL
                WHEN year < 100 THEN 1900 + year ELSE year END,
           CASE WHEN kind = 'other' OR month IN (0, 99) THEN NULL ELSE month END,
           CASE WHEN kind = 'other' OR month_registered IN (0, 99) THEN NULL
                ELSE month_registered END,
           coalesce(sound, false),
           state IS NOT NULL AND state NOT BETWEEN 1 AND 35 AND state NOT IN (88, 99),
           sum(n)
    FROM kinds GROUP BY ALL
"""

Table = tuple[str, Glance]  # where it lies (file > member), what it is


def _recognise(seen: Glance) -> bool:
    return seen.kind in ("csv", "dbf") and seen.has("causa_def", "ent_ocurr", "anio_regis")


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE deaths_cells (edition VARCHAR, state VARCHAR,"
        " municipality VARCHAR, kind VARCHAR, registered INTEGER, year INTEGER, month INTEGER,"
        " month_registered INTEGER, sound BOOLEAN, odd BOOLEAN, n BIGINT)"
    )
    tables = [one for file in files for one in _tables(file)]
    for number, table in enumerate(tables):
        span = (number / len(tables), (number + 1) / len(tables))
        _count(con, table, context, span)
    _one_table_a_year(con, dict(tables))
    rows(con, INEGI_DEATHS, context)
    notes(con, context)
    con.execute("DROP TABLE deaths_cells")


def _tables(file: Path) -> list[Table]:
    found = [
        (f"{file.name} > {seen.member}" if seen.member else file.name, seen)
        for seen in glances(file)
        if _recognise(seen)
    ]
    if not found:
        raise SourceError(
            _("No table of deaths (with CAUSA_DEF and ENT_OCURR) was found."),
            where=_("{name}, row 1", name=file.name),
            fix=readers.DOWNLOAD_AGAIN,
        )
    return found


def _count(
    con: duckdb.DuckDBPyConnection, table: Table, context: Context, span: tuple[float, float]
) -> None:
    """Fold one table into cells: a single streaming pass, a second one only to name a bad row."""
    where, seen = table
    columns = {one: seen.column(*written) for one, written in FIELDS.items()}
    chosen = ", ".join(
        f"CAST({readers.identifier(written)} AS VARCHAR) AS {one}"
        for one, written in columns.items()
    )
    if seen.kind == "csv":
        plain = unpack(seen.path, seen.member, context.scratch)
        source = f"(SELECT {chosen} FROM {readers.csv_table(plain, seen.columns, seen.delimiter)})"
        with readers.rows_named(where):
            readers.run(con, _cells(source, where), context, where, span)
            if _unsound(con, where):
                _refuse(con, where, source)
        if plain.parent == context.scratch:
            plain.unlink()
        return
    source = f"(SELECT {chosen} FROM deaths_batches)"
    wanted = list(columns.values())
    with readers.dbf_relation(con, "deaths_batches", seen, wanted, context.scratch):
        con.execute(_cells(source, where)).fetchall()
    if _unsound(con, where):
        with readers.dbf_relation(con, "deaths_batches", seen, wanted, context.scratch):
            _refuse(con, where, source)
    context.progress(where, span[1])


def _cells(table: str, where: str) -> str:
    folded = FOLDED.format(table=table)
    edition = readers.quoted(where)
    return CELLS.format(coded=CODED, folded=folded, kind=KIND, sound=SOUND, edition=edition)


def _unsound(con: duckdb.DuckDBPyConnection, where: str) -> bool:
    counted = "SELECT count(*) FROM deaths_cells WHERE edition = ? AND NOT sound"
    return bool(con.execute(counted, [where]).fetchall()[0][0])


def _refuse(con: duckdb.DuckDBPyConnection, where: str, table: str) -> None:
    """Refuse a table with a cause missing, a month 13 or a year that is no year."""
    shown = ("cause", "year", "month", "registered", "month_registered")
    written = ", ".join(f"{one} AS written_{one}" for one in shown)
    readers.refuse_cells(
        con,
        where,
        f"NOT coalesce({SOUND}, false)",
        ", ".join(f"written_{one}" for one in shown),
        _(
            "A death without a cause, or with a year or month that cannot be (cause, "
            "year, month, year and month of registration)"
        ),
        f"({CODED}, {written} FROM {table})",
    )


def _one_table_a_year(con: duckdb.DuckDBPyConnection, tables: dict[str, Glance]) -> None:
    """Keep one table for each year of registration: the CSV where both kinds are there."""
    editions = con.execute(
        "SELECT edition, mode(registered) FROM deaths_cells GROUP BY edition ORDER BY 2, 1"
    ).fetchall()
    kept: dict[int, str] = {}
    for edition, year in editions:
        other = kept.get(year)
        if other is None:
            kept[year] = edition
            continue
        if tables[edition].kind == tables[other].kind:
            raise SourceError(
                _(
                    "Two tables hold the deaths registered in {year}; counted together "
                    "every death would count twice.",
                    year=year,
                ),
                where=_("{other} and {edition}", other=tables[other].path,
                        edition=tables[edition].path),
                fix=_("Keep one of the two files."),
            )  # fmt: skip
        dropped = other if tables[edition].kind == "csv" else edition
        kept[year] = edition if dropped == other else other
        con.execute("DELETE FROM deaths_cells WHERE edition = ?", [dropped])


INEGI_DEATHS = described("inegi_deaths", _recognise, _read)
SOURCES = (INEGI_DEATHS,)
