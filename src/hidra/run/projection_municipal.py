"""Scenarios on all municipalities as a folder: results by year, tables, a map, and their doubt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.run import Run, municipal
from hidra.run.projection import described, picture

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.study.parts import Scenario


def keep(
    folder: str | Path,
    scenarios: Mapping[str, Scenario],
    results: xr.Dataset,
    *,
    force: bool = False,
) -> Run:
    """Leave results by year, tables and pictures as a folder like that of a run.

    Raises
    ------
    RunError
        The folder could not be written, or another run stands there.
    """
    from hidra.run.folder import RunFolder
    from hidra.study import describe

    starts = {name: s.start for name, s in scenarios.items()}
    tables = {
        "scenarios": describe.told(scenarios),
        "summary": municipal.summary(results, starts),
        "difference": municipal.difference(results, starts),
    }
    manifest = described(scenarios, results)
    with RunFolder(folder, manifest["digest"], force=force, needed=results.nbytes) as out:
        out.results(results)
        for name, table in tables.items():
            out.table(name, table)
        for language in ("es", "en"):
            picture(tables, scenarios, language, out.partial)
            draw(results, language, out.partial / f"map_{language}.png")
        out.manifest(manifest)
    return Run.open(folder)


def located(rates: pd.DataFrame) -> pd.DataFrame:
    """Return rates of municipalities with name and centroid."""
    from hidra.data import reference

    at = reference.table("municipality")[["place", "name_es", "lat", "lon"]]
    return rates.merge(at.rename(columns={"name_es": "name"}), on="place")


def draw(results: xr.Dataset, language: str, path: Path) -> None:
    """Draw the map of the last year if nothing changes."""
    from hidra.charts.maps import dots
    from hidra.charts.picture import save
    from hidra.charts.words import Words
    from hidra.core import place

    rates = located(municipal.rates(results))
    save(dots(rates, place.outlines()["features"], Words(language), titled=True), path)  # type: ignore[arg-type]
