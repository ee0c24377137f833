"""The municipalities: codes, names, centroids, areas, people in four years, and neighbours."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import shapely

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
    table = table.sort_values("cve_mun").rename(columns=names)
    near = neighbours(shared)
    known = near["place"].isin(table["place"]) & near["neighbour"].isin(table["place"])
    return {"municipality": table, "municipality_neighbour": near[known]}


def neighbours(shared: Path) -> pd.DataFrame:
    """Return the pairs of municipalities whose outlines touch, each pair once."""
    text = (shared / "geo_municipios.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    codes = [feature["properties"]["cve_mun"] for feature in features]
    outlines = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = {(codes[a], codes[b]) for a, b in zip(one, other, strict=True) if codes[a] < codes[b]}
    return pd.DataFrame(sorted(pairs), columns=["place", "neighbour"])
