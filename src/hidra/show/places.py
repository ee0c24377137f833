"""Names, positions and outlines of the states, as charts need them."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd


def names(places: pd.DataFrame) -> dict[str, str]:
    """Map place code -> name."""
    return dict(zip(places["place"], places["name"], strict=True))


def north_to_south(places: pd.DataFrame) -> list[str]:
    """Place codes from the northernmost to the southernmost."""
    return places.sort_values("lat", ascending=False)["place"].tolist()


def by_name(places: pd.DataFrame) -> list[str]:
    """Place codes in the alphabetical order of their names, accents ignored."""
    plain = places["name"].str.normalize("NFKD").str.encode("ascii", "ignore").str.decode("ascii")
    return places.assign(plain=plain).sort_values("plain")["place"].tolist()


def outlines(places: pd.DataFrame) -> list[dict[str, Any]]:
    """GeoJSON features, one per place that has an outline, keyed by ``id`` = place code."""
    return [
        {
            "type": "Feature",
            "id": row.place,
            "properties": {"name": row.name},
            "geometry": _wound(json.loads(row.outline)),
        }
        for row in places.itertuples(index=False)
        if isinstance(row.outline, str)
    ]


def _wound(geometry: dict[str, Any]) -> dict[str, Any]:
    """Turn rings the way the chart library reads them: outer clockwise, holes the other way.

    GeoJSON (RFC 7946) asks for the opposite; drawn on a sphere, an outer ring wound its way would fill
    everything but the state.
    """
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    turned = [
        [ring if _clockwise(ring) == (place == 0) else ring[::-1] for place, ring in enumerate(rings)]
        for rings in polygons
    ]
    return {"type": "MultiPolygon", "coordinates": turned}


def _clockwise(ring: list[list[float]]) -> bool:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairs) > 0
