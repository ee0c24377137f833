"""Outlines of municipalities for maps: the official ones that the user fetched, made light.

INEGI's outlines have many millions of points; a map on a screen needs some tens of thousands. They
are simplified together, so that a border stays one line for the two places it parts, and kept in
the data folder beside the panel until a newer edition comes. None are built in: without
``hidra data fetch inegi_geography`` there are only the 32 states.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from hidra.core import files
from hidra.core.errors import lacking
from hidra.data import home, panel

Feature = dict[str, Any]
#: Outlines are simplified by triangles smaller than a square with this side, in degrees.
FINE = 0.012
_TABLES = ("inegi_geography_outlines", "inegi_geography_places")
_QUERY = """
SELECT place, geojson, name, lon, lat FROM inegi_geography_outlines
JOIN inegi_geography_places USING (place) WHERE length(place) = 5 ORDER BY place
"""


def municipal(state: str | None = None) -> list[Feature]:
    """Return GeoJSON features of the municipalities, of one state or of all; empty when none.

    Parameters
    ----------
    state : str, optional
        Two-character code; all municipalities otherwise.

    Returns
    -------
    list of dict
        In order of code; ``id`` the code, ``properties`` with ``name`` and a point inside
        (``lon``, ``lat``, degrees). Exterior rings run clockwise, as d3-geo and Vega read them.

    Raises
    ------
    SourceError
        When outlines were fetched but shapely, which simplifies them, is not installed.
    """
    found = _kept()
    return [feature for feature in found if state in (None, feature["id"][:2])]


def _kept() -> list[Feature]:
    """Return the light outlines, made once for each edition of the official ones."""
    with panel.reading() as con:
        known = {name for (name,) in con.execute("SELECT view_name FROM duckdb_views()").fetchall()}
        if not known.issuperset(_TABLES):
            return []
        edition = con.execute(
            "SELECT count(*), sum(length(geojson)), sum(hash(geojson))::VARCHAR "
            "FROM inegi_geography_outlines"
        ).fetchone()
        name = hashlib.sha256(repr((edition, FINE)).encode()).hexdigest()[:16]
        file = home.home() / f"outlines-{name}.json"
        if file.exists():
            kept: list[Feature] = json.loads(file.read_text(encoding="utf-8"))
            return kept
        rows = con.execute(_QUERY).fetchall()
    made = light(rows)
    files.write_json(file, made, indent=None, separators=(",", ":"))
    return made


def light(
    rows: Iterable[tuple[str, str, str, float, float]], *, fine: float = FINE
) -> list[Feature]:
    """Simplify outlines together: one border stays one line.

    Parameters
    ----------
    rows : iterable of (code, GeoJSON geometry as text, name, lon, lat)
        Official outlines in degrees.
    fine : float
        Side of the square whose area is the smallest triangle kept, in degrees.
    """
    try:
        import shapely
    except ImportError:
        raise lacking("geography", where="outlines of municipalities") from None
    rows = list(rows)
    shapes = shapely.coverage_simplify([shapely.from_geojson(row[1]) for row in rows], fine)
    return [
        {
            "type": "Feature", "id": code, "properties": {"name": name, "lon": lon, "lat": lat},
            "geometry": _clockwise(shape),
        }
        for (code, _, name, lon, lat), shape in zip(rows, shapes, strict=True)
    ]  # fmt: skip


def _clockwise(shape: Any) -> dict[str, Any]:
    """Return the geometry with exterior rings clockwise and three decimals (about 100 m)."""
    import shapely

    turned = shapely.orient_polygons(shape, exterior_cw=True)
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(turned))
    geometry["coordinates"] = _rounded(geometry["coordinates"])
    return geometry


def _rounded(part: Any) -> Any:
    return [_rounded(one) for one in part] if isinstance(part, list) else round(part, 3)
