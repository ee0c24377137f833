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

from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glances
from hidra.data.sources.base import (
    Context,
    Source,
    add_rows,
    at_every_level,
    described,
    note,
    start,
)

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
        "SELECT place, month, measure, sum(n) AS value, 'final' AS status "
        f"FROM ({at_every_level(select, 'month, measure, n')}) GROUP BY ALL",
        vintage=context.accessed,
    )


def load(
    con: duckdb.DuckDBPyConnection,
    seen: Glance,
    columns: Mapping[str, Sequence[str]],
    context: Context,
    *,
    optional: frozenset[str] = frozenset(),
) -> None:
    """Read the columns wanted and refuse rows whose municipality cannot be."""
    file = seen.path
    readers.text_table(con, seen, columns, context, optional=optional)
    empty = con.execute("DELETE FROM source_rows WHERE place IS NULL").fetchall()[0][0]
    if empty:
        note(con, file.name, "rows left out", _("rows without a municipality"), n=empty)
    readers.refuse_cells(
        con,
        file.name,
        "TRY_CAST(place AS DOUBLE) IS NULL OR TRY_CAST(place AS DOUBLE) NOT BETWEEN 1001 AND 33999"
        if "town" not in columns
        else readers.numbers("place", "town"),
        "place",
        _("A code of a municipality that cannot be"),
    )


DEAD = ("total.people.dead", "total_people_dead")
NONE = 9999  # "no entry" in the tables as published
# PF, "personas fallecidas", are the dead (equal, event by event, to the later re-working); DE are
# the detained. Only the table of aggressions says who began (IO, AG).
AS_PUBLISHED: dict[str, Sequence[str]] = {
    "place": ("estado",), "town": ("municipio",), "year": YEAR, "month": ("mes",), "dead": ("pf",),
}  # fmt: skip
EVENTS_AS_PUBLISHED = f"""
    SELECT CASE WHEN TRY_CAST(place AS INTEGER) NOT BETWEEN 1 AND 32 THEN '33999'
                WHEN TRY_CAST(town AS INTEGER) BETWEEN 1 AND 998
                THEN lpad(place, 2, '0') || lpad(town, 3, '0')
                ELSE lpad(place, 2, '0') || '999' END AS place,
           year || '-' || lpad(month, 2, '0') AS month,
           nullif(CAST(dead AS DOUBLE), {NONE}) AS dead,
           '{{kind}}' AS kind
    FROM source_rows
"""
EVENTS = """
    SELECT {code} AS place, left(date, 7) AS month, {dead} AS dead,
           CASE WHEN lower(kind) LIKE 'confront%' THEN 'confrontations'
                ELSE 'aggressions' END AS kind
    FROM source_rows
"""


def _is_ppd_as_published(seen: Glance) -> bool:
    return seen.has("dia", "mes", "ano", "estado", "municipio", "de", "pf")


def _is_ppd(seen: Glance) -> bool:
    reworked = bool(seen.folded.intersection(DEAD)) and seen.has("date")
    return reworked or _is_ppd_as_published(seen)


def _read_ppd(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    """Read the tables as published (one for each kind of event), or their later re-working."""
    start(con)
    tables = [seen for seen in glances(files[0]) if _is_ppd(seen)]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE ppd_events"
        " (place VARCHAR, month VARCHAR, dead DOUBLE, kind VARCHAR)"
    )
    for seen in tables:
        read = _events_as_published if _is_ppd_as_published(seen) else _events_reworked
        con.execute(f"INSERT INTO ppd_events {read(con, seen, context)}")
    with_sums(
        PPD,
        con,
        "SELECT place, month, unnest(['ppd_' || kind, 'ppd_' || kind || '_dead']) AS measure,"
        " unnest([1, coalesce(dead, 0)]) AS n FROM ppd_events",
        context,
    )
    con.execute("DROP TABLE ppd_events")


def _events_as_published(con: duckdb.DuckDBPyConnection, seen: Glance, context: Context) -> str:
    load(con, seen, AS_PUBLISHED, context)
    file = seen.member or seen.path.name
    readers.refuse_cells(
        con, file, readers.numbers("year", "month", "dead"), "year, month, dead",
        _("An event with a date or a number that cannot be"),
    )  # fmt: skip
    undated = con.execute(
        "DELETE FROM source_rows WHERE coalesce(CAST(month AS INTEGER) NOT BETWEEN 1 AND 12"
        " OR CAST(year AS INTEGER) NOT BETWEEN 2006 AND 2011, true)"
    ).fetchall()[0][0]
    if undated:
        note(con, file, "unknown date", _("events without a month"), n=undated)
    kind = "aggressions" if seen.has("io", "ag") else "confrontations"
    words = _("{kind} as published: dead are PF (fallecidas), 9999 is none; DE are detained",
              kind=kind)  # fmt: skip
    n = con.execute("SELECT count(*) FROM source_rows").fetchall()[0][0]
    note(con, file, "count", words, n=n)
    return EVENTS_AS_PUBLISHED.format(kind=kind)


def _events_reworked(con: duckdb.DuckDBPyConnection, seen: Glance, context: Context) -> str:
    columns: dict[str, Sequence[str]] = {
        "date": ("date",), "kind": ("source", "event_type"), "dead": DEAD,
    }  # fmt: skip
    if seen.has("mun_code"):
        columns |= {"place": ("state_code",), "town": ("mun_code",)}
        code = (
            "lpad(regexp_replace(place, '\\.0$', ''), 2, '0')"
            " || lpad(coalesce(regexp_replace(town, '\\.0$', ''), '999'), 3, '0')"
        )
    else:
        columns |= {"place": ("cvegeo",)}
        code = town_sql()
    load(con, seen, columns, context)
    readers.refuse_cells(
        con,
        seen.path.name,
        f"TRY_CAST(date AS DATE) IS NULL OR {readers.numbers('dead')}",
        "date, dead",
        _("An event with a date or a number that cannot be"),
    )
    return EVENTS.format(code=code, dead=readers.number("dead"))


PPD = described("cide_ppd", _is_ppd, _read_ppd)


ATTACKS = ("attacks_on_officials_candidates_activists", "attacks", "aggr", "ataques")


def _is_attacks(seen: Glance) -> bool:
    return bool(seen.folded.intersection(ATTACKS)) and bool(seen.folded.intersection(TOWN))


def _read_attacks(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    seen = readers.table_of(files[0], _is_attacks)
    load(con, seen, {"place": TOWN, "year": YEAR, "attacks": ATTACKS}, context)
    with_sums(
        TREJO_LEY,
        con,
        f"SELECT {town_sql()} AS place, CAST(CAST(year AS DOUBLE) AS INTEGER) || '-01' AS month,"
        f" 'trejo_ley_attacks' AS measure, {readers.number('attacks')} AS n FROM source_rows",
        context,
    )


TREJO_LEY = described("trejo_ley", _is_attacks, _read_attacks)


def _groups(seen: Glance) -> list[str]:
    known = ("zetas", "golfo", "sinaloa", "juarez", "tijuana", "familia", "beltran_leyva")
    return [one for one in seen.folded if one.startswith(known) or one in ("otros", "others")]


def _is_presence(seen: Glance) -> bool:
    tidy = seen.has("cvegeo", "year", "group") and not seen.has("actor_main")
    wide = {"zetas", "golfo", "sinaloa", "juarez"} <= seen.folded
    return (tidy or wide) and bool(seen.folded.intersection(TOWN))


def _read_presence(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    seen = readers.table_of(files[0], _is_presence)
    columns: dict[str, Sequence[str]] = {"place": TOWN, "year": YEAR}
    if seen.has("group"):
        load(con, seen, columns | {"named": ("group",)}, context)
        pairs = f"SELECT {town_sql()} AS place, year, named FROM source_rows"
    else:
        groups = sorted(_groups(seen))
        load(con, seen, columns | {f"g_{one}": (one,) for one in groups}, context)
        pairs = " UNION ALL ".join(
            f"SELECT {town_sql()} AS place, year, '{one}' AS named FROM source_rows"
            f" WHERE {readers.number(f'g_{one}')} > 0"
            for one in groups
        )
    add_rows(
        con,
        PRESENCE,
        f"""
        SELECT place, CAST(CAST(year AS DOUBLE) AS INTEGER) || '-01' AS month,
               'coscia_rios_groups' AS measure, count(DISTINCT named) AS value, 'final' AS status
        FROM ({at_every_level(pairs, "year, named")}) GROUP BY place, year
        """,
        vintage=context.accessed,
    )


PRESENCE = described("coscia_rios", _is_presence, _read_presence)


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
    start(con)
    seen = readers.table_of(files[0], _is_parties)
    load(con, seen, {"place": TOWN, "year": YEAR, "party": PARTY}, context)
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
        note(
            con, files[0].name, "count", _("municipality-years with two parties: kept both"), n=both
        )
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


PARTIES = described("mayor_parties", _is_parties, _read_parties, tables=("parties",))
SOURCES = (PPD, TREJO_LEY, PRESENCE, PARTIES)
