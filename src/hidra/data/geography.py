"""Municipalities: which codes exist, which were split, and their outlines for maps.

Facts: INEGI, Marco Geoestadístico (catalogue of municipalities; free use with citation, accessed
2026-11-21). Parents come from laying the 2025 outlines over the 2,457 municipalities of a 2012
map; where a new municipality took land from two or three old ones, all are named. The dates of
creation are not in that material, so a split municipality is only said to be "new since 2012".
A newer catalogue (``hidra data fetch inegi_geography``) takes the place of this one.

Outlines of INEGI have many millions of points; a map on a screen needs some tens of thousands.
Those built in are simplified together, so that a border stays one line for the two places it parts.
Those of a newer edition that was fetched are simplified in the same way and kept in the data
folder beside the panel.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from hidra.core import files, place
from hidra.core.errors import lacking
from hidra.core.i18n import _
from hidra.data import home, panel

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

# Last municipal number of every state, and the numbers never given or no longer used.
LAST_NUMBER = {
    "01": 11, "02": 7, "03": 9, "04": 13, "05": 38, "06": 10, "07": 125, "08": 67, "09": 17,
    "10": 39, "11": 46, "12": 85, "13": 84, "14": 125, "15": 125, "16": 113, "17": 36, "18": 20,
    "19": 51, "20": 570, "21": 217, "22": 18, "23": 11, "24": 59, "25": 20, "26": 72, "27": 17,
    "28": 43, "29": 60, "30": 212, "31": 106, "32": 58,
}  # fmt: skip
NOT_USED = {"03004", "03005", "03006", "03007", "07095", "09001"}
PARENTS: Mapping[str, tuple[str, ...]] = {
    "02006": ("02001",), "02007": ("02001", "02002"), "04012": ("04004",), "04013": ("04001",),
    "07120": ("07080",), "07121": ("07072", "07091", "07073"), "07122": ("07107",),
    "07123": ("07002", "07027"), "07124": ("07092",), "07125": ("07080",), "12082": ("12053",),
    "12083": ("12012",), "12084": ("12041",), "12085": ("12023",), "17034": ("17015",),
    "17035": ("17017",), "17036": ("17022",), "23011": ("23005",),
    "24059": (), "25019": (), "25020": (),
}  # fmt: skip
BUCKETS = ("998", "999")
ABROAD = ("33", "34", "35", "88", "99")


@cache
def municipalities() -> frozenset[str]:
    """Return the 2,478 municipal codes of the 2025 catalogue, without buckets."""
    every = {
        f"{state}{number:03d}"
        for state, last in LAST_NUMBER.items()
        for number in range(1, last + 1)
    }
    return frozenset(every - NOT_USED)


def states() -> tuple[str, ...]:
    """Return the codes of the 32 states."""
    return tuple(LAST_NUMBER)


def kind_of(code: str, known: Collection[str] | None = None) -> str:
    """Say what a code is: nation, state, municipality, bucket, abroad or unknown.

    Parameters
    ----------
    code : str
        Text code.
    known : collection of str, optional
        Municipal codes of a newer catalogue; the built-in one otherwise.
    """
    if code == "00":
        return "nation"
    if code[:2] in ABROAD:
        return "abroad"
    if code in LAST_NUMBER:
        return "state"
    if len(code) == 5 and code[:2] in LAST_NUMBER and code[2:] in BUCKETS:
        return "bucket"
    return "municipality" if code in (known or municipalities()) else "unknown"


def frame(parents: Mapping[str, tuple[str, ...]] = PARENTS) -> pd.DataFrame:
    """Return one row per split municipality: place, parent_cve_mun, other_parents, valid_from.

    ``parent_cve_mun`` is the municipality that gave most of the land; it and ``valid_from`` are
    null where unknown; ``other_parents`` are separated by spaces.
    """
    import pandas as pd

    rows = [
        (place, named[0] if named else None, " ".join(named[1:]) or None, None)
        for place, named in sorted(parents.items())
    ]
    return pd.DataFrame(
        rows, columns=["place", "parent_cve_mun", "other_parents", "valid_from"], dtype="object"
    )


def stable_units(splits: pd.DataFrame) -> pd.DataFrame:
    """Return place and the unit it belongs to when split municipalities are put together.

    A unit holds a split municipality and all its parents, and is named after its smallest code.
    Only places in a unit of two or more are listed. Sums over a unit can be compared over time;
    a split municipality without a known parent cannot be put anywhere and is left out.

    Parameters
    ----------
    splits : DataFrame
        As `frame` returns.
    """
    import pandas as pd

    unit: dict[str, str] = {}
    named = splits.dropna(subset=["parent_cve_mun"]).fillna("")
    for row in named[["place", "parent_cve_mun", "other_parents"]].itertuples(index=False):
        members = set(" ".join(map(str, row)).split())
        touched = {unit[place] for place in members if place in unit}
        joined = members | {place for place in unit if unit[place] in touched}
        unit |= dict.fromkeys(joined, min(joined))
    rows = sorted(unit.items())
    return pd.DataFrame(rows, columns=["place", "unit"], dtype="object")


def without_parent(splits: pd.DataFrame) -> list[str]:
    """Return the split municipalities whose parent is not known."""
    return sorted(splits.loc[splits["parent_cve_mun"].isna(), "place"])


def known_codes(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return the municipal codes of the newest catalogue the panel holds, else the built-in."""
    table = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE table_name = 'inegi_geography_places' "
        "UNION SELECT view_name FROM duckdb_views() WHERE view_name = 'inegi_geography_places'"
    ).fetchone()
    if table is None:
        return municipalities()
    rows = con.execute("SELECT DISTINCT place FROM inegi_geography_places").fetchall()
    return frozenset(code for (code,) in rows if code and len(code) == 5) or municipalities()


Feature = dict[str, Any]
#: Outlines are simplified by triangles smaller than a square with this side, in degrees.
FINE = 0.012
_TABLES = ("inegi_geography_outlines", "inegi_geography_places")
_QUERY = """
SELECT place, geojson, name, lon, lat FROM inegi_geography_outlines
JOIN inegi_geography_places USING (place) WHERE length(place) = 5 ORDER BY place
"""


def municipal(state: str | None = None) -> list[Feature]:
    """Return GeoJSON features of the municipalities, of one state or of all.

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


@cache
def _built_in() -> list[Feature]:
    return list(place.outlines("municipality")["features"])


def _kept() -> list[Feature]:
    """Return the light outlines: of the newest edition fetched, made once, else those built in."""
    with panel.reading() as con:
        known = {name for (name,) in con.execute("SELECT view_name FROM duckdb_views()").fetchall()}
        if not known.issuperset(_TABLES):
            return _built_in()
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
        raise lacking("geography", where=_("outlines of municipalities")) from None
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
