"""SESNSP, crimes of the common jurisdiction: case files and the victims named in them.

Three methods follow one another and are never joined: to 2017 (old), 2015-2025 ("nueva
metodología") and from 2026 the register RNID, where attempted homicide and femicide stand
apart. The tables of the last two look alike, so a source takes only the years of its method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hidra.data.sources import wide_months
from hidra.data.sources.base import Context, Measure, Source, start
from hidra.data.sources.glance import Glance

if TYPE_CHECKING:
    import duckdb

PUBLISHER = "Secretariado Ejecutivo del Sistema Nacional de Seguridad Pública (SESNSP)"
TERMS = "Términos de libre uso MX (federal open data): cite the source (not re-read)"
HOMEPAGE = "https://www.gob.mx/sesnsp/acciones-y-programas/datos-abiertos-de-incidencia-delictiva"
WORDS = {
    "kind": ("tipo_de_delito",),
    "crime": ("subtipo_de_delito",),
    "manner": ("modalidad",),
}
PERSONS = {"sex": ("sexo",)}

Crime = tuple[str, str, str]  # SQL condition on the words; name in Spanish; name in English
CRIMES: dict[str, Crime] = {
    "homicide": ("crime = 'homicidio doloso'", "homicidio doloso", "intentional homicide"),
    "firearm_homicide": (
        "crime = 'homicidio doloso' AND manner = 'con arma de fuego'",
        "homicidio doloso con arma de fuego",
        "intentional homicide by firearm",
    ),
    "femicide": ("crime = 'feminicidio'", "feminicidio", "femicide"),
    "manslaughter": ("crime = 'homicidio culposo'", "homicidio culposo", "manslaughter"),
    "injury": ("crime = 'lesiones dolosas'", "lesiones dolosas", "intentional injury"),
    "kidnapping": ("kind = 'secuestro'", "secuestro", "kidnapping"),
    "extortion": (
        "kind = 'extorsion' AND crime NOT LIKE 'tentativa%'",
        "extorsión",
        "extortion",
    ),
    "trafficking": ("kind = 'trata de personas'", "trata de personas", "human trafficking"),
}
ONLY_FILES = {
    "drug_dealing": ("kind = 'narcomenudeo'", "narcomenudeo", "retail drug dealing"),
}
ONLY_VICTIMS = {
    "women_homicide": (
        "crime = 'homicidio doloso' AND sex = 'mujer'",
        "homicidio doloso de mujeres, feminicidio aparte",
        "intentional homicide of women, femicide apart",
    ),
}
ONLY_RNID = {
    "attempted_homicide": (
        "crime = 'tentativa de homicidio doloso'",
        "tentativa de homicidio doloso",
        "attempted intentional homicide",
    ),
    "attempted_femicide": (
        "crime = 'tentativa de feminicidio'",
        "tentativa de feminicidio",
        "attempted femicide",
    ),
    "attempted_extortion": (
        "crime = 'tentativa de extorsion'",
        "tentativa de extorsión",
        "attempted extortion",
    ),
}
# Concepts shared with the built-in tables, word for word, so that the same thing is the same.
CONCEPTS = {
    "sesnsp_homicide_victims": "victims in case files, month of the file",
    "sesnsp_firearm_homicide_victims": "victims in case files, by firearm, month of the file",
    "sesnsp_femicide_victims": "victims in case files of femicide, month of the file",
    "sesnsp_women_homicide_victims": "women victims in case files of intentional homicide "
    "(femicide apart), month of the file",
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
    def crimes(self) -> Mapping[str, Crime]:
        """Crimes taken from the table."""
        more = ONLY_FILES if self.thing == "files" else ONLY_VICTIMS
        return CRIMES | more | (ONLY_RNID if self.register == "rnid" else {})

    def measure_name(self, crime: str) -> str:
        """Name in the panel."""
        return f"{self.register}_{crime}_{self.thing}"

    def recognise(self, seen: Glance) -> bool:
        """Look at the columns, and at the year of the first row."""
        if not seen.has("subtipo_de_delito", "modalidad") or seen.has("sexo") != (
            self.thing == "victims"
        ):
            return False
        if not (wide_months.is_wide(seen) or seen.has("mes", "incidencia_delictiva")):
            return False
        new = wide_months.first_year(seen) >= 2026
        return wide_months.is_municipal(seen) == self.municipal and new == (self.register == "rnid")

    def measure(self, crime: str) -> Measure:
        """Describe one crime as a measure."""
        name = self.measure_name(crime)
        _, spanish, english = self.crimes[crime]
        method = " (RNID, from 2026)" if self.register == "rnid" else ""
        if self.thing == "files":
            concept = f"case files opened for {english}, month of opening{method}"
            return Measure(
                name, "case files", concept, f"Carpetas: {spanish}", f"Case files: {english}"
            )
        concept = f"victims in case files of {english}, month of the file{method}"
        return Measure(
            name,
            "persons",
            CONCEPTS.get(name, concept),
            f"Víctimas: {spanish}",
            f"Victims: {english}",
        )


def _source(name: str, es: str, en: str, layout: _Layout) -> Source:
    def read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
        start(con)
        seen = wide_months.table_of(files[0], layout.recognise)
        words = WORDS | (PERSONS if layout.thing == "victims" else {})
        conditions = {layout.measure_name(one): layout.crimes[one][0] for one in layout.crimes}
        cut = wide_months.load(con, seen, words, context, years=layout.years, measures=conditions)
        wide_months.buckets(con, files[0].name, context)
        wide_months.panel_rows(con, made, conditions, cut)

    made = Source(
        name=name,
        title_es=es,
        title_en=en,
        publisher=PUBLISHER,
        terms=TERMS,
        citation=f"SESNSP, {es}",
        concept="case files opened by prosecutors"
        if layout.thing == "files"
        else "victims named in case files opened by prosecutors",
        cadence="a month; every cut may revise all months",
        access="open",
        holds="cuts",
        level="municipality" if layout.municipal else "state",
        measures=tuple(layout.measure(one) for one in layout.crimes),
        recognise=layout.recognise,
        read=read,
        homepage=HOMEPAGE,
    )
    return made


SOURCES = (
    _source(
        "sesnsp_cases",
        "Incidencia delictiva por municipio, 2015-2025",
        "Recorded crime by municipality, 2015-2025",
        _Layout("files", "sesnsp", municipal=True),
    ),
    _source(
        "sesnsp_cases_state",
        "Incidencia delictiva por estado, 2015-2025",
        "Recorded crime by state, 2015-2025",
        _Layout("files", "sesnsp", municipal=False),
    ),
    _source(
        "sesnsp_victims",
        "Víctimas del fuero común por estado, 2015-2025",
        "Victims of common crime by state, 2015-2025",
        _Layout("victims", "sesnsp", municipal=False),
    ),
    _source(
        "sesnsp_rnid_cases",
        "RNID: delitos por municipio, desde 2026",
        "RNID: recorded crime by municipality, from 2026",
        _Layout("files", "rnid", municipal=True),
    ),
    _source(
        "sesnsp_rnid_cases_state",
        "RNID: delitos por estado, desde 2026",
        "RNID: recorded crime by state, from 2026",
        _Layout("files", "rnid", municipal=False),
    ),
    _source(
        "sesnsp_rnid_victims",
        "RNID: víctimas por municipio, desde 2026",
        "RNID: victims by municipality, from 2026",
        _Layout("victims", "rnid", municipal=True),
    ),
    _source(
        "sesnsp_rnid_victims_state",
        "RNID: víctimas por estado, desde 2026",
        "RNID: victims by state, from 2026",
        _Layout("victims", "rnid", municipal=False),
    ),
)
