"""SESNSP, the old method (to 2017): preliminary inquiries, never joined to what came after."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources import sesnsp, wide_months
from hidra.data.sources.base import Context, Measure, Source, start
from hidra.data.sources.glance import Glance

if TYPE_CHECKING:
    import duckdb

WORDS = {"kind": ("modalidad",), "crime": ("tipo",), "manner": ("subtipo",)}
CRIMES = {
    "sesnsp_homicide_files_old_method": (
        "kind LIKE 'homicidio%' AND crime LIKE 'doloso%'",
        "homicidio doloso",
        "intentional homicide",
    ),
    "sesnsp_firearm_homicide_files_old_method": (
        "kind LIKE 'homicidio%' AND crime LIKE 'doloso%' AND manner LIKE '%arma de fuego%'",
        "homicidio doloso con arma de fuego",
        "intentional homicide by firearm",
    ),
}


def _recognise(seen: Glance) -> bool:
    return (
        wide_months.is_wide(seen)
        and seen.has("modalidad", "tipo", "subtipo", "inegi")
        and not seen.has("ley")
    )


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    seen = wide_months.table_of(files[0], _recognise)
    conditions = {name: where for name, (where, _, _) in CRIMES.items()}
    cut = wide_months.load(con, seen, WORDS, context, years=(1997, 2017), measures=conditions)
    wide_months.buckets(con, files[0].name, context)
    wide_months.panel_rows(con, SESNSP_OLD, conditions, cut)


SESNSP_OLD = Source(
    name="sesnsp_old",
    title_es="Incidencia delictiva, metodología anterior (a 2017)",
    title_en="Recorded crime, old method (to 2017)",
    publisher=sesnsp.PUBLISHER,
    terms=sesnsp.TERMS,
    citation="SESNSP, Incidencia delictiva del fuero común, metodología anterior",
    concept="preliminary inquiries and case files, old method: a break with 2015-2025",
    cadence="closed",
    access="open",
    holds="cuts",
    level="municipality",
    measures=tuple(
        Measure(
            name,
            "case files",
            f"case files opened for {english}, month of opening, old method",
            f"Averiguaciones y carpetas: {spanish}, metodología anterior",
            f"Case files: {english}, old method",
        )
        for name, (_, spanish, english) in CRIMES.items()
    ),
    recognise=_recognise,
    read=_read,
    homepage=sesnsp.HOMEPAGE,
)
SOURCES = (SESNSP_OLD,)
