"""Research data that the user asks the authors for and brings; neither shipped nor downloaded.

CIDE-PPD (confrontations with and aggressions against public forces), Trejo & Ley (attacks on local
officials, candidates and activists), Coscia & Rios (groups found in web texts about a municipality,
2012) and the parties of mayors. Names of persons in the files are never read. A municipality-year
without a row in Coscia & Rios has no group found, which is not the absence of groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data import readers
from hidra.data.readers import Glance, glance
from hidra.data.sources.base import Context, Measure, Source, add_rows, note, start

if TYPE_CHECKING:
    import duckdb

TOWN = ("cvegeo", "cve_mun", "clave_municipio", "mun_code", "code", "mun", "municipality_code")
YEAR = ("year", "ano", "anio")


def town_sql(column: str = "place") -> str:
    """SQL of a five-character code from a number that lost its zero or gained a point."""
    return f"lpad(regexp_replace({column}, '\\.0$', ''), 5, '0')"


def with_sums(
    source: Source, con: duckdb.DuckDBPyConnection, select: str, context: Context
) -> None:
    """Add rows of municipalities (place, month, measure, n) with sums for states and nation."""
    add_rows(
        con,
        source,
        f"""
        WITH towns AS ({select}),
        levels AS (FROM towns UNION ALL SELECT left(place, 2), month, measure, n FROM towns
                   UNION ALL SELECT '00', month, measure, n FROM towns)
        SELECT place, month, measure, sum(n) AS value, 'final' AS status
        FROM levels GROUP BY ALL
        """,
        vintage=context.accessed,
    )


def load(
    con: duckdb.DuckDBPyConnection,
    file: Path,
    columns: Mapping[str, Sequence[str]],
    context: Context,
    *,
    optional: frozenset[str] = frozenset(),
) -> None:
    """Read the columns wanted and refuse rows whose municipality cannot be."""
    start(con)
    readers.text_table(con, glance(file), columns, context, optional=optional)
    empty = con.execute("DELETE FROM source_rows WHERE place IS NULL").fetchall()[0][0]
    if empty:
        note(con, file.name, "rows left out", "rows without a municipality", n=empty)
    readers.refuse_cells(
        con,
        file.name,
        "TRY_CAST(place AS DOUBLE) IS NULL OR TRY_CAST(place AS DOUBLE) NOT BETWEEN 1001 AND 33999"
        if "town" not in columns
        else readers.numbers("place", "town"),
        "place",
        "A code of a municipality that cannot be",
    )


def yearly(name: str, unit: str, concept: str, es: str, en: str) -> Measure:
    """Describe a measure of a year."""
    return Measure(name, unit, concept, es, en, "year")


def _is_ppd(seen: Glance) -> bool:
    return {"total.people.dead", "total_people_dead"} & seen.folded != set() and seen.has("date")


def _read_ppd(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    seen = glance(files[0])
    columns: dict[str, Sequence[str]] = {
        "date": ("date",),
        "kind": ("source", "event_type"),
        "dead": ("total.people.dead", "total_people_dead"),
    }
    if seen.has("mun_code"):
        columns |= {"place": ("state_code",), "town": ("mun_code",)}
        code = (
            "lpad(regexp_replace(place, '\\.0$', ''), 2, '0')"
            " || lpad(coalesce(regexp_replace(town, '\\.0$', ''), '999'), 3, '0')"
        )
    else:
        columns |= {"place": ("cvegeo",)}
        code = town_sql()
    load(con, files[0], columns, context)
    readers.refuse_cells(
        con,
        files[0].name,
        f"TRY_CAST(date AS DATE) IS NULL OR {readers.numbers('dead')}",
        "date, dead",
        "An event with a date or a number that cannot be",
    )
    with_sums(
        PPD,
        con,
        f"""
        SELECT place, month, unnest(['ppd_' || kind, 'ppd_' || kind || '_dead']) AS measure,
               unnest([1, dead]) AS n
        FROM (SELECT {code} AS place, left(date, 7) AS month, {readers.number("dead")} AS dead,
                     CASE WHEN lower(kind) LIKE 'confront%' THEN 'confrontations'
                          ELSE 'aggressions' END AS kind
              FROM source_rows)
        """,
        context,
    )


PPD = Source(
    name="cide_ppd",
    title_es="CIDE-PPD: enfrentamientos y agresiones, 2006-2011",
    title_en="CIDE-PPD: confrontations and aggressions, 2006-2011",
    publisher="Programa de Política de Drogas, CIDE",
    terms="ask the programme; a leaked government file authenticated by its team only",
    citation="Atuesta, Siordia & Madrazo (2018), La guerra contra las drogas en México, "
    "Journal of Conflict Resolution",
    concept="events recorded by the federal government",
    cadence="closed",
    access="ask",
    holds="cuts",
    level="event",
    measures=tuple(
        Measure(f"ppd_{kind}{ending}", unit, f"{concept}, month", es, en)
        for kind, ending, unit, concept, es, en in (
            (
                "confrontations",
                "",
                "events",
                "confrontations with public forces",
                "Enfrentamientos",
                "Confrontations",
            ),
            (
                "confrontations",
                "_dead",
                "persons",
                "people killed in confrontations with public forces",
                "Muertos en enfrentamientos",
                "People killed in confrontations",
            ),
            (
                "aggressions",
                "",
                "events",
                "aggressions against public forces",
                "Agresiones",
                "Aggressions",
            ),
            (
                "aggressions",
                "_dead",
                "persons",
                "people killed in aggressions against public forces",
                "Muertos en agresiones",
                "People killed in aggressions",
            ),
        )
    ),
    recognise=_is_ppd,
    read=_read_ppd,
    homepage="https://ppdata.politicadedrogas.org/",
)


ATTACKS = ("attacks_on_officials_candidates_activists", "attacks", "aggr", "ataques")


def _is_attacks(seen: Glance) -> bool:
    return bool(seen.folded.intersection(ATTACKS)) and bool(seen.folded.intersection(TOWN))


def _read_attacks(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    load(con, files[0], {"place": TOWN, "year": YEAR, "attacks": ATTACKS}, context)
    with_sums(
        TREJO_LEY,
        con,
        f"SELECT {town_sql()} AS place, CAST(CAST(year AS DOUBLE) AS INTEGER) || '-01' AS month,"
        f" 'trejo_ley_attacks' AS measure, {readers.number('attacks')} AS n FROM source_rows",
        context,
    )


TREJO_LEY = Source(
    name="trejo_ley",
    title_es="Trejo y Ley: ataques a autoridades, candidatos y activistas, 2007-2012",
    title_en="Trejo & Ley: attacks on officials, candidates and activists, 2007-2012",
    publisher="Guillermo Trejo and Sandra Ley",
    terms="ask the authors; cite (Harvard Dataverse; its terms were not read)",
    citation="Trejo & Ley (2021), High-Profile Criminal Violence, British Journal of Political "
    "Science, doi:10.7910/DVN/VIXNNE",
    concept="attacks reported in the press",
    cadence="closed",
    access="ask",
    holds="cuts",
    level="municipality",
    measures=(
        yearly(
            "trejo_ley_attacks",
            "attacks",
            "attacks on local officials, candidates and activists, year",
            "Ataques a autoridades, candidatos y activistas",
            "Attacks on officials, candidates and activists",
        ),
    ),
    recognise=_is_attacks,
    read=_read_attacks,
    homepage="https://doi.org/10.7910/DVN/VIXNNE",
)


def _groups(seen: Glance) -> list[str]:
    known = ("zetas", "golfo", "sinaloa", "juarez", "tijuana", "familia", "beltran_leyva")
    return [one for one in seen.folded if one.startswith(known) or one in ("otros", "others")]


def _is_presence(seen: Glance) -> bool:
    tidy = seen.has("cvegeo", "year", "group") and not seen.has("actor_main")
    wide = {"zetas", "golfo", "sinaloa", "juarez"} <= seen.folded
    return (tidy or wide) and bool(seen.folded.intersection(TOWN))


def _read_presence(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    seen = glance(files[0])
    columns: dict[str, Sequence[str]] = {"place": TOWN, "year": YEAR}
    if seen.has("group"):
        load(con, files[0], columns | {"named": ("group",)}, context)
        pairs = f"SELECT {town_sql()} AS place, year, named FROM source_rows"
    else:
        groups = sorted(_groups(seen))
        load(con, files[0], columns | {f"g_{one}": (one,) for one in groups}, context)
        pairs = " UNION ALL ".join(
            f"SELECT {town_sql()} AS place, year, '{one}' AS named FROM source_rows"
            f" WHERE {readers.number(f'g_{one}')} > 0"
            for one in groups
        )
    add_rows(
        con,
        PRESENCE,
        f"""
        WITH pairs AS ({pairs}),
        levels AS (FROM pairs UNION ALL SELECT left(place, 2), year, named FROM pairs
                   UNION ALL SELECT '00', year, named FROM pairs)
        SELECT place, CAST(CAST(year AS DOUBLE) AS INTEGER) || '-01' AS month,
               'coscia_rios_groups' AS measure, count(DISTINCT named) AS value, 'final' AS status
        FROM levels GROUP BY place, year
        """,
        vintage=context.accessed,
    )


PRESENCE = Source(
    name="coscia_rios",
    title_es="Coscia y Rios: presencia de grupos por municipio, 1990-2010",
    title_en="Coscia & Rios: presence of groups by municipality, 1990-2010",
    publisher="Michele Coscia and Viridiana Rios",
    terms="ask the authors; cite",
    citation="Coscia & Rios (2012), Knowing Where and How Criminal Organizations Operate Using "
    "Web Content, CIKM",
    concept="groups found in web texts about a municipality; before 2004 less reliable",
    cadence="closed",
    access="ask",
    holds="cuts",
    level="municipality",
    measures=(
        yearly(
            "coscia_rios_groups",
            "groups",
            "distinct groups found in web texts, year",
            "Grupos presentes según textos en la red",
            "Groups present by web texts",
        ),
    ),
    recognise=_is_presence,
    read=_read_presence,
    homepage="https://www.michelecoscia.com/?page_id=1032",
)


PARTY = ("mayor_party", "party", "partido")


ANOTHERS = ("attacks_on_officials_candidates_activists", "event_type")  # another table's


def _is_parties(seen: Glance) -> bool:
    return (
        bool(seen.folded.intersection(PARTY))
        and bool(seen.folded.intersection(TOWN))
        and bool(seen.folded.intersection(YEAR))
        and not seen.folded.intersection(ANOTHERS)
    )


def _read_parties(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    load(con, files[0], {"place": TOWN, "year": YEAR, "party": PARTY}, context)
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE incoming_parties AS
        SELECT DISTINCT {town_sql()} AS place, CAST(CAST(year AS DOUBLE) AS INTEGER) AS year,
               party
        FROM source_rows
        """
    ).fetchall()
    both = con.execute(
        "SELECT count(*) FROM (SELECT place, year FROM incoming_parties GROUP BY ALL"
        " HAVING count(*) > 1)"
    ).fetchall()[0][0]
    if both:
        note(con, files[0].name, "count", "municipality-years with two parties: kept both", n=both)
    add_rows(
        con,
        PARTIES,
        """
        SELECT place, year || '-01' AS month, 'mayor_parties' AS measure, count(*) AS value,
               'final' AS status
        FROM incoming_parties GROUP BY ALL
        """,
        vintage=context.accessed,
    )


PARTIES = Source(
    name="mayor_parties",
    title_es="Partido del alcalde por municipio y año",
    title_en="Party of the mayor by municipality and year",
    publisher="various compilations",
    terms="ask the compiler; cite",
    citation="as the compiler asks",
    concept="party or coalition in the mayor's office; names of persons are not read",
    cadence="closed",
    access="ask",
    holds="cuts",
    level="municipality",
    measures=(
        yearly(
            "mayor_parties",
            "parties",
            "parties in the mayor's office during the year",
            "Partidos en la alcaldía durante el año",
            "Parties in the mayor's office during the year",
        ),
    ),
    recognise=_is_parties,
    read=_read_parties,
    tables=("parties",),
)
SOURCES = (PPD, TREJO_LEY, PRESENCE, PARTIES)
