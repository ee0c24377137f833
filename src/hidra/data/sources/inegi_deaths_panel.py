"""From cells of deaths to panel rows: which months are known, which are short, which are not.

A month of occurrence is the sum over the years of registration loaded. So it is final only
when the next year's table is there too, an undercount in the newest year, and not known at all
before the first table (what is found there are late registrations of that year, not its deaths).
Zero is stated for every municipality from the first year in which its code appears among
deaths of any cause; before that year there is no row. Deaths by legal intervention are so few
that only the municipalities that ever had one have rows (states and nation always do).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.data.sources.base import Context, Measure, Source, add_rows, note

if TYPE_CHECKING:
    import duckdb

OCCURRED = "month of occurrence"
REGISTERED = "month of registration"


def _pair(kind: str, es: str, en: str, concept: str) -> tuple[Measure, Measure]:
    return (
        Measure(
            f"inegi_{kind}",
            "persons",
            f"{concept}, {OCCURRED}",
            f"{es}, mes de ocurrencia",
            f"{en}, {OCCURRED}",
        ),
        Measure(
            f"inegi_{kind}_registered",
            "persons",
            f"{concept}, {REGISTERED}",
            f"{es}, mes de registro",
            f"{en}, {REGISTERED}",
        ),
    )


KINDS = {
    "homicides": "('homicide', 'firearm')",
    "firearm_homicides": "('firearm')",
    "legal_intervention_deaths": "('legal')",
}
MEASURES: tuple[Measure, ...] = (
    *_pair(
        "homicides",
        "Defunciones por homicidio",
        "Deaths by homicide",
        "deaths by homicide",
    ),
    *_pair(
        "firearm_homicides",
        "Homicidios con arma de fuego",
        "Homicides by firearm",
        "deaths by homicide with a firearm",
    ),
    *_pair(
        "legal_intervention_deaths",
        "Defunciones por intervención legal",
        "Deaths by legal intervention",
        "deaths by legal intervention (not among homicides)",
    ),
    Measure(
        "inegi_homicides_month_unknown",
        "persons",
        "deaths by homicide whose year of occurrence is known and whose month is not",
        "Homicidios de mes desconocido",
        "Homicides of unknown month",
        "year",
    ),
)

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
        note(con, edition, "count", f"deaths of any cause registered in {year}", n=deaths)
        note(con, edition, "count", f"homicides registered in {year}", n=killed or 0)
        if undated:
            note(
                con,
                edition,
                "unknown date",
                "homicides without a year of occurrence: in the registration measures only",
                n=undated,
            )
        if odd:
            note(con, edition, "code unknown", "deaths with a state code that is none: 33", n=odd)
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
            f"homicides that happened in {year}, whose own table is not loaded: a part of that "
            "year only, so no row is written for it",
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
            note(con, "all tables", "code unknown", f"municipality {code} is in no catalogue", n=n)
