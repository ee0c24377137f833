"""Crimes of federal jurisdiction (IDEFF): case files by state and law, 2012 on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.sources import sesnsp, wide_months
from hidra.data.sources.base import Context, Measure, Source, start
from hidra.data.sources.glance import Glance

if TYPE_CHECKING:
    import duckdb

LAWS = {
    "federal_drug_files": (
        "concept = 'contra la salud'",
        "delitos contra la salud (narcóticos)",
        "offences against health (drugs)",
    ),
    "federal_firearms_files": (
        "concept LIKE '%armas de fuego%' OR kind LIKE '%armas de fuego%'",
        "ley de armas de fuego y explosivos",
        "firearms and explosives law",
    ),
    "federal_organised_crime_files": (
        "concept LIKE '%delincuencia organizada%' OR kind LIKE '%delincuencia organizada%'",
        "ley contra la delincuencia organizada",
        "organised-crime law",
    ),
    "federal_hydrocarbons_files": (
        # to 2018 they are hidden in "otras leyes especiales": unknown, not zero
        "(concept LIKE '%hidrocarburos%' OR kind LIKE '%hidrocarburos%') AND year >= '2019'",
        "ley de hidrocarburos (aparte desde 2019)",
        "hydrocarbons law, fuel theft (apart from 2019)",
    ),
}


def _recognise(seen: Glance) -> bool:
    return wide_months.is_wide(seen) and seen.has("ley", "concepto", "tipo", "inegi")


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    seen = wide_months.table_of(files[0], _recognise)
    words = {"law": ("ley",), "concept": ("concepto",), "kind": ("tipo",)}
    measures = {name: where for name, (where, _, _) in LAWS.items()}
    cut = wide_months.load(con, seen, words, context, years=(2012, 2100), measures=measures)
    wide_months.panel_rows(con, SESNSP_FEDERAL, measures, cut)


SESNSP_FEDERAL = Source(
    name="sesnsp_federal",
    title_es="Incidencia delictiva del fuero federal (IDEFF)",
    title_en="Recorded federal crime (IDEFF)",
    publisher=sesnsp.PUBLISHER,
    terms=sesnsp.TERMS,
    citation="SESNSP, Incidencia delictiva del fuero federal",
    concept="case files opened by the federal prosecution",
    cadence="a month; every cut may revise all months",
    access="open",
    holds="cuts",
    level="state",
    measures=tuple(
        Measure(
            name,
            "case files",
            f"federal case files: {english}, month of opening",
            f"Carpetas federales: {spanish}",
            f"Federal case files: {english}",
        )
        for name, (_, spanish, english) in LAWS.items()
    ),
    recognise=_recognise,
    read=_read,
    homepage=sesnsp.HOMEPAGE,
)
SOURCES = (SESNSP_FEDERAL,)
