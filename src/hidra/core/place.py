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
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from hidra.core.errors import SourceError, SpecError, unknown
from hidra.core.i18n import _
from hidra.core.weeks import month

UNKNOWN_STATE = "33"


@dataclass(frozen=True)
class Place:
    """A place and the time it has existed.

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
    split_from : str or None
        Code of the municipality it was split from, None where it was not.
    valid_from, valid_to : str or None
        First and last month (``YYYY-MM``) of its existence; None = open.
    """

    code: str
    name_es: str
    name_en: str
    abbr: str = ""
    lat: float | None = None
    lon: float | None = None
    area_km2: float | None = None
    other_names: tuple[str, ...] = ()
    split_from: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None

    def exists(self, when: str) -> bool:
        """Tell whether the place exists in a month (``YYYY-MM``)."""
        when = month(when)
        return (self.valid_from or when) <= when <= (self.valid_to or when)


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
            fix=_("Fetch a table of municipalities and read it with place.municipalities()."),
        )
    if found is None:
        raise unknown(_("place"), text, _closest(text), where="place")
    return found


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
    return re.fullmatch(r"0[1-9]|[12]\d|3[0-2]", code) is not None


def is_municipal(code: str) -> bool:
    """Tell whether a text is a well-formed municipal code, buckets included."""
    return len(code) == 5 and code[2:].isdecimal() and code[2:] != "000" and is_state(code[:2])


def is_bucket(code: str) -> bool:
    """Tell whether a municipal code means "no municipality" (ending 998 or 999)."""
    return is_municipal(code) and code[2:] in {"998", "999"}


def state_of(code: str) -> str:
    """Return the state of a municipal code; a state is its own."""
    if is_state(code) or is_municipal(code):
        return code[:2]
    raise SpecError(
        _("'{code}' is not the code of a state or a municipality.", code=code),
        where=_("place code"),
        fix=_("Use INEGI's text codes: two characters for a state, five for a municipality."),
    )


def municipalities(rows: Iterable[Mapping[str, Any]]) -> dict[str, Place]:
    """Return municipalities from the rows of a table the user has fetched.

    Parameters
    ----------
    rows : iterable of mappings
        With ``cve_mun`` and ``name``; if known also ``lat``, ``lon``, ``area_km2``,
        ``split_from``, ``valid_from`` and ``valid_to`` (empty or None = unknown or open).

    Raises
    ------
    SourceError
        For a malformed or repeated code, or a parent that is not in the table.
    """
    found: dict[str, Place] = {}
    for number, row in enumerate(rows, start=1):
        code = str(row["cve_mun"])
        if not is_municipal(code) or is_bucket(code) or code in found:
            problem = _("appears twice") if code in found else _("is not a municipality")
            raise SourceError(
                _("Code '{code}' {problem}.", code=code, problem=problem),
                where=_("table of municipalities, row {number}", number=number),
                fix=_("Keep codes as text of five characters: as numbers they lose their zero."),
            )
        found[code] = _municipality(code, row)
    for place in found.values():
        if place.split_from is not None and place.split_from not in found:
            raise SourceError(
                _(
                    "{code} is split from {parent}, which is not in the table.",
                    code=place.code,
                    parent=place.split_from,
                ),
                where=_("table of municipalities, {code}", code=place.code),
                fix=_("Add the parent's row, or leave 'split_from' empty."),
            )
    return found


def at_time(code: str, when: str, places: Mapping[str, Place]) -> str:
    """Return the code under which a municipality's territory was counted in a month.

    A municipality that did not yet exist is counted under the one it was split from.
    """
    place = places[code]
    while place.split_from is not None and not place.exists(when):
        place = places[place.split_from]
    return place.code


def _municipality(code: str, row: Mapping[str, Any]) -> Place:
    def number(key: str) -> float | None:
        value = _known(row, key)
        return None if value is None else float(value)

    def when(key: str) -> str | None:
        value = _known(row, key)
        return None if value is None else month(str(value))

    parent = _known(row, "split_from")
    return Place(
        code=code,
        name_es=str(row["name"]),
        name_en=str(row["name"]),
        lat=number("lat"),
        lon=number("lon"),
        area_km2=number("area_km2"),
        split_from=None if parent is None else str(parent),
        valid_from=when("valid_from"),
        valid_to=when("valid_to"),
    )


def _known(row: Mapping[str, Any], key: str) -> Any:
    """Return a value, or None where it is absent, empty or not a number (a frame's null)."""
    value = row.get(key)
    return None if value is None or value == "" or value != value else value  # noqa: PLR0124


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
