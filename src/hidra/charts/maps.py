"""Choropleth of any outlines: the states, all municipalities, or those of one state.

The 570 municipalities of Oaxaca cannot be read on a map of the country, nor those around Mexico
City: a map of all municipalities brings the centre as a second map, and any state can be drawn by
itself. Outlines come from outside; this file neither reads nor simplifies them. What is
simulated of municipalities needs none: it is drawn as dots on the states.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import atan, degrees, exp, log, pi, radians, tan
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, theme
from hidra.charts.theme import WIDTH, text_of, tips
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.i18n import Language

HEIGHT = 470
#: Mexico City and the states around it: drawn again, larger, beside a map of the country.
CENTRE = ("09", "15", "17", "29")
INSET = 0.31  # width of that second map, as a share of the first
KEY = 128  # pixels of the key beside the map of one state
#: More rows than this are laid side by side by year, so that the slider stays quick.
MANY = 10_000
_BY_YEAR = ("cell", "rate", "persons", "mean")
SMALLEST, LARGEST = (
    5,
    260,
)  # square pixels of a dot of what is simulated: from nobody killed to most
Feature = dict[str, Any]


def state_names(language: Language) -> dict[str, str]:
    """Map state code -> everyday name."""
    return {state.code: getattr(state, f"name_{language}") for state in place.states()}


def north_to_south() -> list[str]:
    """State codes from the northernmost to the southernmost."""
    return [state.code for state in sorted(place.states(), key=lambda state: -(state.lat or 0))]


def alphabetical(language: Language) -> list[str]:
    """State codes in the alphabetical order of their names, accents ignored."""
    named = state_names(language)
    return sorted(named, key=lambda code: unicodedata.normalize("NFKD", named[code]).casefold())


def choropleth(
    rates: pd.DataFrame, outlines: Sequence[Feature], names: Mapping[str, str], words: Words, *,
    year: int | None = None, limits: list[float] | None = None, counted: str = "",
    width: int = WIDTH,
) -> alt.TopLevelMixin:  # fmt: skip
    """Places coloured by rate, with a slider of years and a choice of what is shown.

    Parameters
    ----------
    rates : ``place, year, rate, persons`` and, where known, ``cell`` (from :func:`cell.kinds`, with
        nulls where the rate is null), ``kind`` (``observed``, ``simulated``) and ``mean`` (rate
        over several years, for places with too few people). A place without a row, or with a null
        rate, is hatched.
    outlines : GeoJSON features with ``id`` = place code; ``properties.lon`` and ``properties.lat``
        (a point inside) are added for states.
    names : Place code -> name; empty where the features carry ``properties.name``.
    year : Year shown first; the last one otherwise.
    limits : Class limits of the measure (:func:`cell.scale`); by default of all rates given.
    counted : Words of what is counted; people killed otherwise.
    """
    rates = rates if "kind" in rates else rates.assign(kind="observed")
    rates = rates if "cell" in rates else rates.assign(cell=cell.kinds(rates))
    bounds = limits or cell.limits(rates["rate"])
    features = [_placed(feature) for feature in outlines]
    municipal = any(len(feature["id"]) == 5 for feature in features)
    whole = len({feature["id"][:2] for feature in features}) > 1
    bottom = "concat_0_height" if municipal else "height"
    key = cell.key(
        cell.entries(bounds, cell.present(rates), words), bottom=bottom if whole else "", fold=True
    )
    small = 1.5 if whole and municipal else 4.0
    mean = [("mean", "column.mean", ",.1f")] if "mean" in rates else []
    tip = tips(
        words, ("name", "word.place", ""), ("year", "control.year", ".0f"), _RATE,
        ("persons", counted or "word.persons", ",.0f"), *mean,
    )  # fmt: skip
    edges = [_edges(features)] if municipal else []
    layers = [*_places(tip, bounds, dot=small), *edges, *(key if whole else ())]
    share = HEIGHT / WIDTH if whole else height_share(features)
    room = width if whole else width - KEY
    view = "" if whole and not municipal else "concat_0_"
    drawn = alt.layer(*layers).properties(projection=_projection(features, view))
    chart: Any = drawn.properties(width=room, height=round(room * share))
    if not whole:
        strip = alt.layer(*key).properties(width=KEY, height=cell.LINE * 10)
        chart = alt.hconcat(chart, strip, spacing=0)
    elif municipal:
        side = round(width * INSET)
        chart = alt.hconcat(chart, _centre(tip, bounds, features, side), spacing=-side)
    chart = _told(chart, rates, names)
    chart = chart.add_params(*_controls(rates, year or int(rates["year"].max()), words))
    chart = chart.properties(datasets=alt.Datasets(outlines=_text(features)))
    return theme.themed(chart, words.language)


def _placed(feature: Feature) -> Feature:
    """The feature with a point inside, where that is known."""
    if not place.is_state(feature["id"]):
        return feature
    state = place.find(feature["id"])
    point = {"lon": state.lon, "lat": state.lat}
    return {**feature, "properties": {**point, **feature.get("properties", {})}}


_RATE = ("rate", "column.rate", ",.1f")
_POINT = alt.Longitude("lon:Q"), alt.Latitude("lat:Q")
#: Outlines as text, read by Vega itself: Altair would walk through every point of them.
_OUTLINES = alt.NamedData(name="outlines", format=alt.JsonDataFormat(type="json"))


def _text(features: Sequence[Feature]) -> str:
    return json.dumps(features, ensure_ascii=False, separators=(",", ":"))


def borders(features: Sequence[Feature]) -> list[list[Any]]:
    """Return the borders and coasts of states, as lines, from the outlines of municipalities.

    Neighbours share every point of a border, so a step that two municipalities of one state take is
    inside it, and any other is on its edge. A border of two states is drawn once.
    """
    steps = [(one["id"][:2], ring) for one in features for ring in rings(one["geometry"])]
    of: dict[tuple[Any, ...], list[str]] = {}
    for state, ring in steps:
        for step in pairwise(map(tuple, ring)):
            of.setdefault(tuple(sorted(step)), []).append(state)
    lines: list[list[Any]] = []
    for _state, ring in steps:
        last = None
        for step in pairwise(map(tuple, ring)):
            states = of[tuple(sorted(step))]
            if (len(states) == 2 and states[0] == states[1]) or not states:
                last = None
                continue
            if last != step[0]:
                lines.append([step[0]])
            lines[-1].append(step[1])
            last = step[1]
            states.clear()
    return lines


def rings(geometry: Mapping[str, Any]) -> list[Any]:
    """Return every ring of a polygon or of many."""
    found = geometry["coordinates"]
    return found if geometry["type"] == "Polygon" else [ring for one in found for ring in one]


def height_share(features: Sequence[Feature]) -> float:
    """Height over width of some outlines as Mercator draws them, kept between 0.5 and 1.3."""
    west, east, low, high = _frame(features)
    return min(max((high - low) / max(east - west, 1e-6), 0.5), 1.3)


def _frame(features: Sequence[Feature]) -> tuple[float, float, float, float]:
    """West, east, south and north end of some outlines on the plane of Mercator, in radians."""
    points = [point for one in features for ring in rings(one["geometry"]) for point in ring]
    across = [radians(point[0]) for point in points]
    up = [log(tan(pi / 4 + radians(point[1]) / 2)) for point in points]
    return min(across), max(across), min(up), max(up)


def _projection(features: Sequence[Feature], view: str) -> alt.Projection:
    """Mercator that shows the outlines whole, whatever the size of the view.

    Vega would fit it to the data anew with every move of the slider, and draw all outlines again.
    """
    west, east, low, high = _frame(features)
    wide, tall = f"{view}width", f"{view}height"
    middle = degrees(2 * atan(exp((low + high) / 2)) - pi / 2)
    across, up = max(east - west, 1e-6), max(high - low, 1e-6)
    scale = f"0.99 * min({wide} / {across:.6f}, {tall} / {up:.6f})"
    return alt.Projection(
        type="mercator", center=[degrees((west + east) / 2), middle],
        scale=alt.ExprRef(scale), translate=alt.ExprRef(f"[{wide} / 2, {tall} / 2]"),
    )  # fmt: skip


def _told(chart: Any, rates: pd.DataFrame, names: Mapping[str, str]) -> Any:
    """Give a chart what is known in the chosen year, with outline and name.

    It is worked out once, here at the top, and not again for every layer: a move of the slider
    then costs a redraw and little more.
    """
    name = text_of(names, "datum.place") if names else "datum.properties.name"
    wide = rates["kind"].nunique() == 1 and len(rates) > MANY
    chart.data = _wide(rates) if wide else rates
    if not wide:
        chart = chart.transform_filter("datum.year == year && datum.kind == kind")
    outline = alt.LookupData(_OUTLINES, "id", ["type", "geometry", "properties"])
    chart = chart.transform_lookup("place", outline)
    chart = chart.transform_filter("isValid(datum.geometry)")  # of a place not drawn here
    chart = chart.transform_calculate(name=name)
    if wide:
        given = {name: f"datum['{name}_' + year]" for name in _BY_YEAR if name in rates}
        chart = chart.transform_calculate(year="year", **given)
    return chart.transform_filter("isValid(datum.cell) && datum.cell != 'no_report'")


def _wide(rates: pd.DataFrame) -> pd.DataFrame:
    """One row a place, its years side by side: a year is then looked up, not searched for."""
    given = [name for name in _BY_YEAR if name in rates]
    wide = rates.pivot(index="place", columns="year", values=given)
    wide.columns = pd.Index(["_".join(map(str, pair)) for pair in wide.columns])
    return wide.astype(object).where(wide.notna(), None).reset_index()


def _places(
    tooltip: list[alt.Tooltip], bounds: list[float], within: Sequence[str] = (), *, dot: float = 4.0
) -> list[alt.Chart]:
    """Hatch under everything, then what is known; ``within`` keeps the places of some states."""
    some = f"indexof({list(within)}, slice(datum.%s, 0, 2)) >= 0" if within else ""
    shapes: Any = alt.Chart(_OUTLINES)
    ground = shapes.transform_filter(some % "id") if within else shapes
    known: Any = alt.Chart()
    known = known.transform_filter(some % "place") if within else known
    line = alt.ExprRef("length(data('outlines')) > 100 ? 0.25 : 0.7")
    quiet = cell.is_one(("zero", "few"))
    pale = alt.condition(quiet, alt.value("#c9c5b8"), alt.value(theme.PAPER))
    return [
        ground.mark_geoshape(fill=cell.hatch(), stroke=cell.EDGE, strokeWidth=0.9, aria=False),
        known.mark_geoshape(strokeWidth=line, aria=False).encode(
            fill=cell.fill(bounds), stroke=pale, tooltip=tooltip
        ),
        cell.dots(_inside(known, "datum.cell == 'few'"), dot).encode(*_POINT),
        cell.open_dot(_inside(known, cell.is_one(cell.OPEN)), 3 * dot).encode(*_POINT),
    ]  # fmt: skip


def _edges(features: Sequence[Feature]) -> alt.Chart:
    """The borders of the states over their municipalities."""
    lines = {"type": "MultiLineString", "coordinates": borders(features)}
    chart: Any = alt.Chart(alt.Data(values=[{"type": "Feature", "geometry": lines}]))
    edge: alt.Chart = chart.mark_geoshape(
        filled=False, stroke=theme.INK, strokeWidth=0.7, aria=False
    )
    return edge


def _inside(known: alt.Chart, which: str) -> alt.Chart:
    """The point inside each place of some kind, where one is known."""
    return known.transform_filter(which).transform_calculate(
        lon="datum.properties.lon", lat="datum.properties.lat"
    ).transform_filter("isValid(datum.lon)")  # fmt: skip


def _centre(
    tooltip: list[alt.Tooltip], bounds: list[float], features: Sequence[Feature], side: int
) -> alt.LayerChart | alt.FacetChart:
    """The centre of the country again, larger, for the empty sea at the upper right."""
    inside = [feature for feature in features if feature["id"][:2] in CENTRE] or features
    drawn = alt.layer(*_places(tooltip, bounds, CENTRE))
    drawn = drawn.properties(projection=_projection(inside, "concat_1_"))
    frame = alt.ViewBackground(stroke=theme.RULE, fill=theme.PAPER)
    return drawn.properties(width=side, height=side, view=frame)


def _controls(rates: pd.DataFrame, year: int, words: Words) -> list[alt.Parameter]:
    """A slider and a choice; neither is shown where there is nothing to choose."""
    kinds = list(dict.fromkeys(rates["kind"]))
    first, last = int(rates["year"].min()), int(rates["year"].max())
    slider = alt.binding_range(min=first, max=last, step=1, name=words("control.year") + " ")
    labels = [words(f"map.{kind}") for kind in kinds]
    choice = alt.binding_select(options=kinds, labels=labels, name=words("control.layer") + " ")
    years: dict[str, Any] = {"bind": slider} if first < last else {}
    shown: dict[str, Any] = {"bind": choice} if len(kinds) > 1 else {}
    return [alt.param("year", value=year, **years), alt.param("kind", value=kinds[0], **shown)]


def dots(
    rates: pd.DataFrame, outlines: Sequence[Mapping[str, Any]], words: Words, *,
    limits: list[float] | None = None, titled: bool = False, width: int = WIDTH,
) -> alt.TopLevelMixin:  # fmt: skip
    """One year of municipalities: colour by rate, area by the number of people killed.

    A dot lies at the centroid; its colour is the class of the rate, so that a large desert weighs
    no more than a town.

    Parameters
    ----------
    rates : ``place, name, lat, lon, year, persons, rate`` and ``low, high`` (interval of the rate).
    outlines : GeoJSON features of the states.
    limits : Class limits of the measure (:func:`cell.scale`); by default of all rates given.
    titled : whether title and doubt stand on the picture itself, for one that is handed on alone.
    """
    bounds = limits or cell.limits(rates["rate"])
    rows = rates.assign(cell=cell.kinds(rates)).sort_values("persons")
    ground: Any = alt.Chart(alt.Data(values=list(outlines)))
    ground = ground.mark_geoshape(fill="#f4f2ec", stroke=cell.EDGE, strokeWidth=0.6, aria=False)
    areas = [alt.ExprRef(f"{area} * pow(width / {WIDTH}, 2)") for area in (SMALLEST, LARGEST)]
    scale = alt.Scale(type="sqrt", domainMin=0, range=areas)  # smaller on a phone, like the map
    size = alt.Size("persons:Q", legend=None, scale=scale)
    marks = alt.Chart(rows).mark_circle(
        opacity=0.9, stroke=theme.INK, strokeWidth=0.25, aria=False
    ).encode(
        longitude="lon:Q", latitude="lat:Q", size=size, fill=cell.fill(bounds),
        tooltip=tips(
            words, ("name", "word.place", ""), _RATE, ("low", "column.low", ",.1f"),
            ("high", "column.high", ",.1f"), ("persons", "word.persons", ",.1f"),
        ),
    )  # fmt: skip
    listed = cell.entries(bounds, cell.present(rows), words)[:-1]  # no place is without a figure
    height = round(width * HEIGHT / WIDTH)
    layers = [ground, marks, *cell.key(listed, fold=True)]
    drawn = alt.layer(*layers).properties(width=width, height=height).project(type="mercator")
    if titled:
        year = int(rates["year"].max())
        lines = [words("municipal.subtitle", year=year), words("municipal.doubt")]
        drawn = drawn.properties(title=alt.TitleParams(words("municipal.title"), subtitle=lines))
    return theme.themed(drawn, words.language)
