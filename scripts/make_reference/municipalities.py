"""The municipalities: codes, names, areas, people, neighbours, outlines, homicides by year."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from .layout import STATES, by_year

YEARS = (2000, 2010, 2020, 2030)
SPAN = range(2000, 2027)
DECIMALS = 3  # about 100 m
#: Side of the square whose area is the smallest triangle kept, in degrees.
FINE = 0.012
ABROAD = "33999"


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
    return {
        "municipality": table,
        "municipality_neighbour": near[known],
        "population_municipality_year": by_year(
            people.set_index(["cve_mun", "year"])["pop"], "population", list(table["place"]), SPAN
        ),
        **homicides(shared, source),
    }


def neighbours(shared: Path) -> pd.DataFrame:
    """Return the pairs of municipalities whose outlines touch, each pair once."""
    text = (shared / "geo_municipios.geojson").read_text(encoding="utf-8")
    features = json.loads(text)["features"]
    codes = [feature["properties"]["cve_mun"] for feature in features]
    outlines = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features])
    one, other = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    pairs = {(codes[a], codes[b]) for a, b in zip(one, other, strict=True) if codes[a] < codes[b]}
    return pd.DataFrame(sorted(pairs), columns=["place", "neighbour"])


def homicides(shared: Path, places: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return deaths by homicide (INEGI) and case files (SESNSP) by municipality (or none) and year.

    A missing row of the two tables of INEGI is a zero of a municipality that there was; one created
    later is unknown until its first death.
    """
    register = pd.read_parquet(shared / "homicides_inegi_mun_regmonth_1990_2015.parquet")
    register = register.rename(columns={"year_reg": "year"})
    means = pd.read_parquet(
        shared / "found2026/inegi_homicides_known_means_mun_year_2015_2023.parquet"
    ).rename(columns={"year_reg": "year", "deaths": "homicides"})
    files = pd.read_parquet(shared / "found2026/sesnsp_cases_mun_month_2024-01_2025-06.parquet")
    files = files[files.year == 2024].groupby(["cve_mun", "year"])["homicide"].sum()
    deaths = pd.concat([
        _zeros(register, "inegi_homicides_registered_annual", places, range(2000, 2016)),
        _zeros(means, "inegi_homicides_known_means_annual", places, range(2015, 2024)),
    ])  # fmt: skip
    codes = sorted(files.index.unique(0))
    return {
        "homicides_municipality_year": deaths[["measure", "place", *sorted(deaths.columns[2:])]],
        "homicide_files_municipality_year": by_year(
            files, "sesnsp_homicide_files", codes, range(2024, 2025)
        ),
    }


def _zeros(source: pd.DataFrame, measure: str, places: pd.DataFrame, years: range) -> pd.DataFrame:
    """Return a sparse table of INEGI by year, with its zeros; deaths abroad stand in one row."""
    inside = source.cve_mun.str[:2].isin(STATES)
    code = source.cve_mun.where(inside, ABROAD)
    counts = source.assign(place=code).groupby(["place", "year"])["homicides"].sum()
    codes = sorted({*places["cve_mun"], *counts.index.unique(0)})
    table = by_year(counts, measure, codes, years).set_index("place")
    new = set(places.loc[places["created_after_2012_map"].astype(bool), "cve_mun"])
    columns = list(table.columns[1:])
    begun = table[columns].notna().cummax(axis=1)
    begun |= ~table.index.to_series().isin(new).to_numpy()[:, None]
    table[columns] = table[columns].fillna(0).where(begun)
    return table.reset_index()[["measure", "place", *columns]]


def outlines(shared: Path) -> dict[str, Any]:
    """Return a GeoJSON of the municipalities for drawing: one border is one line for both sides.

    Exterior rings run clockwise, as d3-geo (and so Vega) reads them.
    """
    text = (shared / "geo_municipios.geojson").read_text(encoding="utf-8")
    features = sorted(json.loads(text)["features"], key=lambda one: one["properties"]["cve_mun"])
    known = pd.read_csv(shared / "municipios.csv", dtype={"cve_mun": str}).set_index("cve_mun")
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in features]
    shapes = shapely.orient_polygons(shapely.coverage_simplify(shapes, FINE), exterior_cw=True)
    return {
        "type": "FeatureCollection",
        "features": [
            _feature(one["properties"]["cve_mun"], known.loc[one["properties"]["cve_mun"]], shape)
            for one, shape in zip(features, shapes, strict=True)
        ],
    }


def _feature(code: str, known: pd.Series, shape: Any) -> dict[str, Any]:
    geometry = json.loads(shapely.to_geojson(shape))
    inside = {name: round(float(known[f"{name}_inside"]), DECIMALS) for name in ("lon", "lat")}
    return {
        "type": "Feature",
        "id": code,
        "properties": {"name": known["name"], **inside},
        "geometry": {**geometry, "coordinates": _rounded(geometry["coordinates"])},
    }


def _rounded(part: Any) -> Any:
    return [_rounded(one) for one in part] if isinstance(part, list) else round(part, DECIMALS)
