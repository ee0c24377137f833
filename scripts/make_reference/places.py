"""The 32 states: codes, names, neighbours and simplified outlines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
from shapely.geometry import mapping, shape

# Everyday names: the official ones are too long for a chart, and "México" alone is the nation.
EVERYDAY = {
    "05": "Coahuila",
    "15": "Estado de México",
    "16": "Michoacán",
    "30": "Veracruz",
}
ENGLISH = {"09": "Mexico City", "15": "State of Mexico"}
OTHER_NAMES = {"09": "Distrito Federal|DF", "15": "Edomex"}

TOLERANCE = 0.03  # degrees: about 3 km, finer than a pixel of a national map on a page
SMALLEST_ISLAND_KM2 = 300.0
DECIMALS = 3  # about 100 m


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the states and their borders."""
    source = pd.read_csv(shared / "estados.csv", dtype={"cve_ent": str})
    codes = source.cve_ent
    place = pd.DataFrame(
        {
            "cve_ent": codes,
            "name_es": codes.map(EVERYDAY).fillna(source.name),
            "name_en": codes.map(ENGLISH),
            "official_es": source.name,
            "other_names": codes.map(OTHER_NAMES),
            "abbr": source.abbr,
            "lat": source.lat,
            "lon": source.lon,
            "area_km2": source.area_km2,
        }
    )
    borders = pd.read_csv(
        shared / "adjacency_estados.csv", dtype={"cve_ent_a": str, "cve_ent_b": str}
    )
    names = {"cve_ent_a": "place", "cve_ent_b": "neighbour"}
    there = borders.rename(columns=names)
    back = borders.rename(columns={"cve_ent_a": "neighbour", "cve_ent_b": "place"})
    both = pd.concat([there, back]).sort_values(["place", "neighbour"])
    return {
        "place": place.sort_values("cve_ent"),
        "place_neighbour": both[["place", "neighbour", "border_km"]],
    }


def outlines(shared: Path) -> dict[str, Any]:
    """Return a small GeoJSON of the states, shared borders kept shared.

    Exterior rings run clockwise, as d3-geo (and so Vega) reads them; the other way round
    a state would fill the rest of the globe.
    """
    text = (shared / "geo_estados.geojson").read_text(encoding="utf-8")
    features = sorted(json.loads(text)["features"], key=lambda f: f["properties"]["cve_ent"])
    shapes = [shape(feature["geometry"]) for feature in features]
    simple = shapely.coverage_simplify(shapes, TOLERANCE)
    simple = [_without_small_islands(area) for area in simple]
    simple = shapely.set_precision(simple, 10.0**-DECIMALS, mode="pointwise")
    if not shapely.is_valid(simple).all():
        raise ValueError("rounding broke an outline: lower TOLERANCE or raise DECIMALS")
    return {
        "type": "FeatureCollection",
        "features": [
            _feature(feature["properties"], area)
            for feature, area in zip(features, simple, strict=True)
        ],
    }


def write_outlines(outline: dict[str, Any], path: Path) -> None:
    """Write one state per line, so that a change reads in a diff."""
    lines = ",\n".join(
        json.dumps(feature, ensure_ascii=False, separators=(",", ":"))
        for feature in outline["features"]
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def _without_small_islands(area: Any) -> Any:
    parts = shapely.get_parts(area)
    # A degree squared near 23 degrees north is about 111.3 x 102.5 km.
    kept = [part for part in parts if part.area * 111.3 * 102.5 >= SMALLEST_ISLAND_KM2]
    kept = kept or [max(parts, key=lambda part: part.area)]
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _feature(properties: dict[str, str], area: Any) -> dict[str, Any]:
    geometry = mapping(shapely.orient_polygons(area, exterior_cw=True))
    rings = json.loads(json.dumps(geometry["coordinates"]), parse_float=_rounded)
    code = properties["cve_ent"]
    return {
        "type": "Feature",
        "id": code,
        "properties": {"place": code, "abbr": properties["abbr"]},
        "geometry": {"type": geometry["type"], "coordinates": rings},
    }


def _rounded(text: str) -> float:
    return round(float(text), DECIMALS)
