"""Coscia & Rios (2012): groups found in web texts about a municipality; the user brings it.

A municipality-year without a row has no group found, which is not the absence of groups.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources import tables
from hidra.data.sources.asked import TOWN, YEAR, load, town_sql, yearly
from hidra.data.sources.base import Context, Source, add_rows
from hidra.data.sources.glance import Glance, glance

if TYPE_CHECKING:
    import duckdb


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
            f" WHERE {tables.number(f'g_{one}')} > 0"
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
SOURCES = (PRESENCE,)
