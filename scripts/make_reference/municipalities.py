"""The municipalities: codes, names, centroids, areas and people in four years."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

YEARS = (2000, 2010, 2020, 2030)


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the municipalities that have a figure of population; three newer ones have none."""
    source = pd.read_csv(shared / "municipios.csv", dtype={"cve_mun": str})
    people = pd.read_parquet(shared / "population_mun_year_1990_2040.parquet")
    wide = people[people.year.isin(YEARS)].pivot(index="cve_mun", columns="year", values="pop")
    wide.columns = [f"p{year}" for year in wide.columns]
    table = source[["cve_mun", "name", "lat", "lon", "area_km2"]].merge(
        wide.reset_index(), on="cve_mun"
    )
    table = table.assign(lat=table.lat.round(4), lon=table.lon.round(4))
    names = {"cve_mun": "place", "name": "name_es"}
    return {"municipality": table.sort_values("cve_mun").rename(columns=names)}
