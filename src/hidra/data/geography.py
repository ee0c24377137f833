"""Places: which codes exist, which were split, the names people write, outlines for maps.

Facts: INEGI, Marco Geoestadístico (catalogue of municipalities; free use with citation, accessed
2026-11-21). Parents come from laying the 2025 outlines over the 2,457 municipalities of a 2012
map; where a new municipality took land from two or three old ones, all are named. The dates of
creation are not in that material, so a split municipality is only said to be "new since 2012".
A newer catalogue (``hidra data fetch inegi_geography``) takes the place of this one.

A name that is written as the catalogue has it is its place. Whatever else is found (accents,
abbreviations, short forms, typos) is only proposed, with how it was found, and the caller shows
it; where two places fit there are candidates and no answer.

Outlines of INEGI have many millions of points; a map on a screen needs some tens of thousands.
Those built in are simplified together, so that a border stays one line for the two places it parts.
Those of a newer edition that was fetched are simplified in the same way and kept in the data
folder beside the panel.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from hidra.core import files, place
from hidra.core.errors import SpecError, lacking
from hidra.core.i18n import _
from hidra.data import home, panel, reference

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
#: In the catalogue of 2025 and founded since the table of populations: they have none of their own.
FOUNDED = {"24059": "Villa de Pozos", "25019": "Eldorado", "25020": "Juan José Ríos"}
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


# -- names ----------------------------------------------------------------------------------------

SHORT = {
    "sta": "santa", "sto": "santo", "sn": "san", "gral": "general", "cd": "ciudad", "dr": "doctor",
    "dra": "doctora", "pdte": "presidente", "pte": "presidente", "cnel": "coronel",
    "lic": "licenciado",
    "cap": "capitan", "tte": "teniente", "ma": "maria", "fco": "francisco", "gpe": "guadalupe",
    "hgo": "hidalgo", "edo": "estado", "mpio": "municipio", "mun": "municipio", "sra": "senora",
    "nvo": "nuevo", "nva": "nueva", "fcc": "francisco", "pto": "puerto", "col": "colonia",
    "hdez": "hernandez",
}  # fmt: skip
#: Words that stand before a name and are no part of it.
BEFORE = re.compile(
    r"^((el )?municipio de|ayuntamiento de|alcaldia|delegacion|heroica|h|ciudad( de)?|villa de) "
)
STATE_BEFORE = re.compile(r"^(gobierno del )?estado (libre y soberano )?(de )?")
STATES = {"nl": "19", "bcs": "03", "bcn": "02", "edo mex": "15", "estado mexico": "15",
          "mexico": "15", "slp": "24", "qro": "22", "q roo": "23", "s l p": "24", "n l": "19",
          "b c": "02", "b c s": "03", "d f": "09"}  # fmt: skip
#: What registers write where no municipality, or no place at all, is known.
NOWHERE = re.compile(
    r"(no (especificad[oa]|identificad[oa]|disponible|aplica|se sabe)|"
    r"sin (especificar|dato|municipio|informacion)|se (ignora|desconoce)|desconocid[oa]|"
    r"ignorad[oa]|(en el )?extranjero|abroad|otros?( municipios)?|n ?[aedi]|s ?[de])"
)
CLOSE, NEAR, APART = 86.0, 60.0, 4.0
Way = Literal["exact", "abbreviation", "short", "close", "nowhere", "none"]


@dataclass(frozen=True)
class Match:
    """What a written name is.

    Attributes
    ----------
    code : str or None
        The place; None where none or more than one fits.
    way : str
        How it was found; ``exact`` needs nobody's word, the others are shown.
    candidates : tuple of str
        Codes to choose from, likeliest first.
    """

    code: str | None
    way: Way
    candidates: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Return a name as names are compared: small letters, no accents, no abbreviations."""
    words = re.sub(r"[^a-z0-9]+", " ", place.unaccented(text)).split()
    return " ".join(SHORT.get(one, one) for one in words)


@cache
def _pool(state: str) -> dict[str, list[str]]:
    """Return codes by plain name, of one state or (empty) of all."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in names().items():
        if code.startswith(state):
            found[plain(name)].append(code)
    return dict(found)


@cache
def names() -> dict[str, str]:
    """Return the names of the municipalities, by code."""
    rows = reference.table("municipality").sort_values("p2020", ascending=False)
    return FOUNDED | dict(zip(rows["place"], rows["name_es"], strict=True))


def label(code: str) -> str:
    """Return a place in words, with its code: ``Juárez, Chihuahua (08037)``."""
    if len(code) == 2:
        known = {one.code: one.name_es for one in (place.NATION, *place.states())}
        return f"{known.get(code, '–')} ({code})"
    state = next((one.name_es for one in place.states() if one.code == code[:2]), "")
    return f"{names().get(code, '–')}, {state} ({code})"


@cache
def state_named(text: str) -> Match:
    """Return the state, or the nation, that a name means; ``México`` is the state of that name."""
    said = STATE_BEFORE.sub("", plain(text)) or plain(text)
    if said in STATES:
        return Match(STATES[said], "exact")
    for one in (text, said, plain(text)):
        try:
            return Match(place.find(one.strip()).code, "exact")
        except SpecError:
            continue
    if said.startswith("estados unidos mexicanos") or said in ("republica mexicana", "nacional"):
        return Match("00", "exact")
    if not said or NOWHERE.fullmatch(said):
        return Match("33", "nowhere", ("33",))
    known = {plain(name): one.code for one in place.states()
             for name in (one.name_es, *one.other_names)}  # fmt: skip
    return _closest(said, {name: [code] for name, code in known.items()})


@cache
def town_named(text: str, within: str = "") -> Match:
    """Return the municipality that a name means, in a state where one is told.

    Parameters
    ----------
    within : code of the state; empty where the table does not say it.
    """
    pool, said = _pool(within), plain(text)
    if not said or NOWHERE.fullmatch(said):
        return Match(f"{within}999" if within else "33", "nowhere")
    short = BEFORE.sub("", said)
    for name in dict.fromkeys((said, short)):
        if codes := pool.get(name):
            exact = place.unaccented(names()[codes[0]]) == place.unaccented(" ".join(text.split()))
            way: Way = "exact" if exact else "abbreviation" if name == said else "short"
            return _one(codes, way)
    if codes := _part_of(short, pool):
        return _one(codes, "short")
    return _closest(short, pool)


def _one(codes: list[str], way: Way) -> Match:
    return Match(codes[0] if len(codes) == 1 else None, way, tuple(codes))


def _part_of(said: str, pool: dict[str, list[str]]) -> list[str]:
    """Return places whose name begins with the words said, else holds them, or is held by them."""
    words = set(said.split())
    if not words or max(map(len, words)) < 4:
        return []
    ways = (
        lambda name: name.startswith(f"{said} "),
        lambda name: words <= set(name.split()),
        lambda name: set(name.split()) <= words and len(name) > 6,
    )
    for fits in ways:
        if codes := [code for name, own in pool.items() if fits(name) for code in own]:
            return codes
    return []


def _closest(said: str, pool: dict[str, list[str]]) -> Match:
    """Return the one place that is spelt much like it, else the nearest to choose from."""
    from rapidfuzz import fuzz, process

    found = process.extract(said, list(pool), scorer=fuzz.ratio, limit=5, score_cutoff=NEAR)
    codes = tuple(code for name, _, _ in found for code in pool[name])[:6]
    scores = [score for _, score, _ in found]
    alone = bool(scores) and scores[0] >= CLOSE and len(pool[found[0][0]]) == 1
    if alone and (len(scores) == 1 or scores[1] < scores[0] - APART):
        return Match(codes[0], "close", codes)
    return Match(None, "none", codes)


def all_states() -> tuple[place.Place, ...]:
    """Return the nation and the 32 states."""
    return (place.NATION, *place.states())


# -- outlines -------------------------------------------------------------------------------------

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
