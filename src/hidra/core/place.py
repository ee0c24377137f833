"""Places: the key of every row besides its month.

Codes are INEGI's and always text: ``00`` the nation, ``01`` to ``32`` the states, five
characters for municipalities, where the endings ``998`` and ``999`` are buckets without
a municipality. State ``33`` means unknown or abroad.
"""

from __future__ import annotations

import csv
import difflib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hidra.core.errors import SourceError, SpecError, unknown
from hidra.core.i18n import _

UNKNOWN_STATE = "33"


@dataclass(frozen=True)
class Place:
    """A place.

    Attributes
    ----------
    code : str
        INEGI code: two characters for a state, five for a municipality.
    name_es, name_en : str
        Everyday name; the English one equals the Spanish where there is no other.
    abbr : str
        Short form for charts.
    lat, lon : float or None
        Centroid in degrees (WGS84); None = unknown.
    area_km2 : float or None
        Area of the digital outline in square kilometres; None = unknown.
    other_names : tuple of str
        Official and former names, accepted by `find`.
    """

    code: str
    name_es: str
    name_en: str
    abbr: str = ""
    lat: float | None = None
    lon: float | None = None
    area_km2: float | None = None
    other_names: tuple[str, ...] = ()


NATION = Place("00", "México (país)", "Mexico (nation)", "MX", other_names=("nacional", "nation"))


@cache
def states() -> tuple[Place, ...]:
    """Return the 32 states in order of code. Source: INEGI, Marco Geoestadístico."""
    return tuple(
        Place(
            code=row["cve_ent"],
            name_es=row["name_es"],
            name_en=row["name_en"] or row["name_es"],
            abbr=row["abbr"],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            area_km2=float(row["area_km2"]),
            other_names=(row["official_es"], *filter(None, row["other_names"].split("|"))),
        )
        for row in _rows("place")
    )


def find(text: str) -> Place:
    """Return the nation or a state by code, name or abbreviation, accents and case aside.

    Raises
    ------
    SpecError
        When nothing has that name; the closest names are offered.
    """
    found = _by_name().get(unaccented(text))
    if found is None and is_municipal(text):
        raise SpecError(
            _("Municipality '{code}' is not built in.", code=text),
            where="place",
            fix=_("Give a state; municipalities are in the panel: `hidra data status`."),
        )
    if found is None:
        raise unknown(_("place"), text, _closest(text), where="place")
    return found


def code(given: object) -> str:
    """Return the INEGI code of what names a place: a code, or what `find` takes.

    A number has lost its zeros, as in a spreadsheet: 9 is ``09``, 9014 is ``09014``. Whether there
    is a place with that code is not looked up.

    Raises
    ------
    SpecError
        A name that no state has.
    """
    text = str(given).strip()
    number = re.fullmatch(r"(\d{1,5})(\.0)?", text, re.ASCII)
    if number:
        return number[1].zfill(2 if len(number[1]) < 3 else 5)
    return find(text).code


def neighbours(code: str) -> tuple[str, ...]:
    """Return the codes of the states that share a border with a state."""
    state = find(code).code
    return tuple(row["neighbour"] for row in _rows("place_neighbour") if row["place"] == state)


def outlines(level: str = "place") -> dict[str, Any]:
    """Return the outlines of the 32 states as a GeoJSON FeatureCollection.

    Features are in order of code, with ``id`` the code. Exterior rings run clockwise, as d3-geo
    and Vega read them. For drawing, not for measuring. ``level="municipality"``: those of the 2,475
    municipalities, with ``name`` and a point inside (``lon``, ``lat``, degrees).
    """
    document: dict[str, Any] = json.loads(_text(f"{level}_outline.json"))
    return document


def is_state(code: str) -> bool:
    """Tell whether a text is the code of one of the 32 states."""
    return re.fullmatch(r"0[1-9]|[12][0-9]|3[0-2]", code) is not None


def is_municipal(code: str) -> bool:
    """Tell whether a text is a well-formed municipal code, buckets included."""
    town = re.fullmatch("(..)([0-9]{3})", code)
    return town is not None and town[2] != "000" and is_state(town[1])


def is_bucket(code: str) -> bool:
    """Tell whether a municipal code means "no municipality" (ending 998 or 999)."""
    return is_municipal(code) and code[2:] in {"998", "999"}


def state_of(code: str) -> str:
    """Return the state of a municipal code; a state is its own."""
    if is_state(code) or is_municipal(code):
        return code[:2]
    raise no_place(code)


def no_place(code: str) -> SpecError:
    """Build the error for a code that no place has."""
    return SpecError(
        _("'{code}' is not the code of a state or a municipality.", code=code),
        where=_("place code"),
        fix=_("Use INEGI's text codes: two characters for a state, five for a municipality."),
    )


@cache
def _by_name() -> dict[str, Place]:
    named: dict[str, Place] = {}
    for place in (NATION, *states()):
        for name in (place.code, place.abbr, place.name_es, place.name_en, *place.other_names):
            named[unaccented(name)] = place
    return named


def _closest(text: str) -> set[str]:
    """Return the closest states, judged without accents but shown with them; else all."""
    close = difflib.get_close_matches(unaccented(text), _by_name(), n=3, cutoff=0.5)
    return {_by_name()[name].name_es for name in close} or {place.name_es for place in states()}


def unaccented(text: str) -> str:
    """Return a text as names are compared: small letters without accents or spaces around."""
    letters = unicodedata.normalize("NFKD", text.replace("\ufeff", "").strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(_text(f"{name}.csv").splitlines()))


@cache
def _text(name: str) -> str:
    try:
        return (files("hidra") / "data" / "reference" / name).read_text(encoding="utf-8")
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise SourceError(
            _("The built-in file '{name}' is missing or damaged.", name=name),
            where=f"hidra/data/reference/{name}",
            fix=_("Install hidra again."),
        ) from error
