"""One file per official source; `sources` lists them, `recognise` says whose a file is."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path

from hidra.core.errors import SourceError, unknown
from hidra.data.sources.base import Context, Measure, Source
from hidra.data.sources.glance import glances

__all__ = ["Context", "Measure", "Source", "recognise", "source", "sources"]

MODULES: tuple[str, ...] = (
    *(
        "inegi_deaths",
        "sesnsp",
        "sesnsp_old",
        "sesnsp_federal",
        "conapo_population",
        "ucdp_ged",
        "ocved",
        "acled",
        "rnpdno",
        "inegi_geography",
        "siap_crops",
        "economy",
        "cide_ppd",
        "trejo_ley",
        "coscia_rios",
        "mayor_parties",
    ),
    *("deprivation",),
)


@cache
def sources() -> dict[str, Source]:
    """Return every source by name, in the order of the reference page."""
    found: dict[str, Source] = {}
    for module in MODULES:
        for one in importlib.import_module(f"{__name__}.{module}").SOURCES:
            found[one.name] = one
    return found


def source(name: str) -> Source:
    """Return one source; a wrong name is answered with the closest ones."""
    if name not in sources():
        raise unknown("source", name, sources(), where="hidra data")
    return sources()[name]


def recognise(path: Path) -> Source:
    """Return the source whose file this is, by its content.

    Raises
    ------
    SourceError
        The file is empty, an error page, unreadable, or of no known source.
    """
    tables = glances(path)
    for seen in tables:
        for one in sources().values():
            if one.recognise(seen):
                return one
    raise SourceError(
        f"'{path.name}' is not a file of any known source (it holds: {tables[0].words()}).",
        where=str(path),
        fix="Compare its columns with docs/en/reference/sources.md, or bring it in with "
        "`hidra data import TABLE --spec SPEC.yaml`.",
    )
