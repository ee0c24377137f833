"""CIDE-PPD: confrontations with and aggressions against public forces; the user brings it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources import tables
from hidra.data.sources.asked import load, town_sql, with_sums
from hidra.data.sources.base import Context, Measure, Source
from hidra.data.sources.glance import Glance, glance

if TYPE_CHECKING:
    import duckdb


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
    tables.refuse_cells(
        con,
        files[0].name,
        f"TRY_CAST(date AS DATE) IS NULL OR {tables.numbers('dead')}",
        "date, dead",
        "An event with a date or a number that cannot be",
    )
    with_sums(
        PPD,
        con,
        f"""
        SELECT place, month, unnest(['ppd_' || kind, 'ppd_' || kind || '_dead']) AS measure,
               unnest([1, dead]) AS n
        FROM (SELECT {code} AS place, left(date, 7) AS month, {tables.number("dead")} AS dead,
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
SOURCES = (PPD,)
