"""INEGI, geostatistical framework: municipalities and states as outlines, and who borders whom.

The web service gives GeoJSON in degrees, one file for the states and one for the municipalities
of each state. Areas are taken on an equal-area cylinder (sphere); neighbours are municipalities
whose outlines come within two metres of each other, across state borders too.
"""

from __future__ import annotations

import importlib.util
import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError, lacking
from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glances
from hidra.data.sources.base import Context, described, note, start

if TYPE_CHECKING:
    import duckdb
    from shapely.geometry.base import BaseGeometry

EARTH_KM = 6371.0072  # radius of the sphere with the Earth's area
NEAR_DEGREES = 2e-5  # about two metres: outlines of two files do not share every vertex
ROOK_KM = 0.01  # a border shorter than ten metres is a corner


def _recognise(seen: Glance) -> bool:
    return (
        seen.kind == "json"
        and seen.has("features", "geometry")
        and bool(seen.folded.intersection(("cvegeo", "cve_agee", "cve_ent")))
    )


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    if importlib.util.find_spec("shapely") is None:
        raise lacking("geography", where=files[0].name)
    outlines: dict[str, BaseGeometry] = {}
    names: dict[str, str] = {}
    for number, file in enumerate(files):
        context.progress(file.name, number / len(files))
        found = [
            one
            for seen in glances(file)
            if _recognise(seen)
            for one in _features(file, seen.member)
        ]
        again = sorted({code for code, *_ in found} & outlines.keys())
        if again:
            words = _("{code} and others are in two files: the last one is kept", code=again[0])
            note(con, file.name, "count", words, n=len(again))
        outlines |= {code: shape for code, _name, shape in found}
        names |= {code: name for code, name, _shape in found}
    import shapely

    codes = sorted(outlines)
    inside = [outlines[code].representative_point() for code in codes]
    pairs = [
        pair
        for length in (2, 5)
        for pair in neighbours({one: outlines[one] for one in codes if len(one) == length})
    ]
    readers.store(
        con,
        "incoming_places",
        place=codes,
        name=[names[code] for code in codes],
        state=[code[:2] for code in codes],
        lat=[point.y for point in inside],
        lon=[point.x for point in inside],
        area_km2=[area_km2(outlines[code]) for code in codes],
    )
    texts = [shapely.to_geojson(outlines[code]) for code in codes]
    readers.store(con, "incoming_outlines", place=codes, geojson=texts)
    readers.store(
        con,
        "incoming_neighbours",
        place_a=[pair[0] for pair in pairs],
        place_b=[pair[1] for pair in pairs],
        border_km=[pair[2] for pair in pairs],
        rook=[pair[3] for pair in pairs],
    )


def _features(file: Path, member: str | None) -> list[tuple[str, str, BaseGeometry]]:
    from shapely.errors import GEOSException
    from shapely.geometry import shape

    try:
        with readers.opened(file, member) as text:
            collection = json.loads(text.read())
    except ValueError as error:
        line = getattr(error, "lineno", 1)
        raise SourceError(
            _("The outlines are cut short or damaged."),
            where=_("{name}, row {line}", name=file.name, line=line),
            fix=_("Run `hidra data fetch inegi_geography` again."),
        ) from error
    found = []
    for number, feature in enumerate(collection["features"], start=1):
        facts = {key.lower(): value for key, value in feature["properties"].items()}
        code = _code(facts)
        try:
            outline = shape(feature["geometry"])
        except (GEOSException, ValueError, TypeError, AttributeError, KeyError) as error:
            raise SourceError(
                _("The outline of '{code}' is not one.", code=code),
                where=_("{name}, feature {number}", name=file.name, number=number),
                fix=_("Run `hidra data fetch inegi_geography` again."),
            ) from error
        if not code.isdecimal() or len(code) not in (2, 5) or outline.is_empty:
            raise SourceError(
                _("'{code}' is no code of a state or municipality, or has no outline.", code=code),
                where=_("{name}, feature {number}", name=file.name, number=number),
                fix=_("Run `hidra data fetch inegi_geography` again."),
            )
        if not -120 < outline.bounds[0] < -80:
            raise SourceError(
                _("The outlines are not in degrees (INEGI's shapefiles are in Lambert metres)."),
                where=_("{name}, feature {number}", name=file.name, number=number),
                fix=_("Use the web service's GeoJSON (`hidra data fetch inegi_geography`)."),
            )
        name = (
            facts.get("nomgeo")
            or facts.get("nom_agem")
            or facts.get("nom_mun")
            or facts.get("nom_agee")
        )
        found.append((code, str(name or ""), outline if outline.is_valid else outline.buffer(0)))
    return found


def _code(facts: Mapping[str, Any]) -> str:
    if facts.get("cvegeo"):
        return str(facts["cvegeo"])
    state = str(facts.get("cve_ent") or facts.get("cve_agee") or "")
    town = str(facts.get("cve_mun") or facts.get("cve_agem") or "")
    return town if len(town) == 5 else state + town


def area_km2(shape: BaseGeometry) -> float:
    """Return the area on the sphere of an outline in degrees."""
    import shapely

    flat = shapely.transform(shape, _cylinder)
    return float(flat.area)


def _cylinder(points: Any) -> Any:
    """Project degrees to the equal-area cylinder, in kilometres."""
    import numpy

    x = numpy.radians(points[:, 0]) * EARTH_KM
    return numpy.column_stack([x, numpy.sin(numpy.radians(points[:, 1])) * EARTH_KM])


def neighbours(outlines: Mapping[str, BaseGeometry]) -> list[tuple[str, str, float, bool]]:
    """Return pairs (a < b, kilometres of border, whether more than a corner is shared).

    Parameters
    ----------
    outlines : mapping of str to geometry
        Outlines in degrees.
    """
    import shapely

    if len(outlines) < 2:  # a file of municipalities only has no states
        return []
    codes = sorted(outlines)
    if not codes:
        return []
    shapes = [outlines[code] for code in codes]
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="dwithin", distance=NEAR_DEGREES)
    pairs = []
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        if a < b:
            length = _border_km(shapes[a], shapes[b])
            pairs.append((codes[a], codes[b], length, length > ROOK_KM))
    return sorted(pairs)


def _border_km(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return the length of one outline that lies on the other, degrees turned to kilometres."""
    near = other.boundary.buffer(NEAR_DEGREES)
    border = one.boundary.intersection(near)
    if border.is_empty:
        return 0.0
    import shapely

    middle = math.radians(border.centroid.y)
    factor = math.radians(1) * EARTH_KM
    flat = shapely.transform(border, lambda points: points * [factor * math.cos(middle), factor])
    return float(flat.length)


def splits(
    new: Mapping[str, BaseGeometry], old: Mapping[str, BaseGeometry], *, least: float = 0.02
) -> list[tuple[str, str, float]]:
    """Return (new code, parent, share of its area) for codes that an older map has not.

    Parameters
    ----------
    new, old : mapping of str to geometry
        Outlines of two years in the same coordinates.
    least : float
        Shares below it are slivers between two drawings of one border.
    """
    import shapely

    codes = sorted(old)
    tree = shapely.STRtree([old[code] for code in codes])
    found = []
    for code in sorted(set(new) - set(old)):
        shape = new[code]
        for at in tree.query(shape, predicate="intersects").tolist():
            share = shape.intersection(old[codes[at]]).area / shape.area
            if share >= least:
                found.append((code, codes[at], share))
    return sorted(found, key=lambda row: (row[0], -row[2]))


INEGI_GEOGRAPHY = described(
    "inegi_geography", _recognise, _read, tables=("places", "outlines", "neighbours")
)
SOURCES = (INEGI_GEOGRAPHY,)
