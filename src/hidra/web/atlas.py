"""Rates of all places through all months, and the outlines they colour.

The centre of the country is shown again, larger, beside the map of all municipalities: its shapes
are gathered in a group of their own on the map, and a second picture shows that same group through
a smaller window, so that one change of a fill changes both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd

from hidra.charts import cell, maps, series, theme
from hidra.charts.maps import CENTRE, height_share
from hidra.core import place
from hidra.core.i18n import Language, _, translate
from hidra.core.weeks import months
from hidra.data import geography, panel, reference
from hidra.web import records
from hidra.web.figure import SVG

MEASURES = ("inegi_homicides", "sesnsp_homicide_victims", "rnpdno_missing")
#: What a map of municipalities may show, the newest register first.
MUNICIPAL = (
    "sesnsp_homicide_files", "inegi_homicides_known_means_annual",
    "inegi_homicides_registered_annual", "inegi_homicides", "rnpdno_missing",
)  # fmt: skip
EVERY = tuple(dict.fromkeys([*MEASURES, *MUNICIPAL]))
SPANS = ("12", "1")

ORDER = ("final", "provisional", "undercount")
WIDTH = 720  # pixels of the map
MANY = 100  # more shapes than this have finer lines
GROUP = "centre"  # the shapes of the centre of the country, on a map of municipalities
BORDERS = "borders"  # of the states, over the municipalities
MARGIN = 1.5  # pixels of the map left around the centre
UNSEEN = {"aria-hidden": "true", "focusable": "false"}
_HATCH = f"""<defs xmlns="{SVG}"><pattern id="hatch" width="6" height="6"
patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6"
fill="#fbfaf7"/><rect width="2" height="6" fill="#a7a294"/></pattern><pattern id="few" width="5"
height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fbfaf7"/><circle cx="2"
cy="2" r="0.9" fill="#8f8a7c"/></pattern></defs>"""


@dataclass(frozen=True)
class Atlas:
    """One measure in every place and month.

    Attributes
    ----------
    rows : pandas.DataFrame
        ``place, month, persons, population, rate, status, cell``; rates per 100,000 and year.
    months : list of str
        Months that can be shown, oldest first.
    limits : list of float
        Class limits of the measure, the same for every month, span and level.
    sources : tuple of str
        Names of the sources used.
    """

    rows: pd.DataFrame
    months: list[str]
    limits: list[float]
    sources: tuple[str, ...]

    def at(self, month: str, state: str = "") -> pd.DataFrame:
        """Return the rows of a month, in order of code; those of one state where asked."""
        rows = self.rows[self.rows["month"] == month]
        return rows[rows["place"].str.startswith(state)].reset_index(drop=True)

    def matrix(self, state: str = "") -> dict[str, Any]:
        """Return all months as the page keeps them: lists by month of lists by place."""
        codes = sorted(one for one in self.rows["place"].unique() if one.startswith(state))
        wide = {
            name: self.rows.pivot(index="month", columns="place", values=name)
            .reindex(index=self.months, columns=codes)
            for name in ("rate", "persons", "cell")
        }  # fmt: skip
        number = {kind: at for at, kind in enumerate(cell.KINDS)}
        kinds = wide["cell"].fillna("no_report").map(number.__getitem__)
        return {
            "months": self.months,
            "places": codes,
            "limits": self.limits,
            "kinds": list(cell.KINDS),
            "rate": [_numbers(row, 1) for row in wide["rate"].to_numpy()],
            "persons": [_numbers(row, 0) for row in wide["persons"].to_numpy()],
            "kind": kinds.to_numpy().astype(int).tolist(),
        }


def _numbers(row: np.ndarray, digits: int) -> list[float | None]:
    return [round(float(value), digits) if np.isfinite(value) else None for value in row]


@records.of_panel(12)
def atlas(measure: str, span: str, level: str) -> Atlas:
    """Return a measure through all months.

    Parameters
    ----------
    measure : one of `measures` of the level.
    span : ``1`` for the month alone, ``12`` for the twelve months that end with it.
    level : ``state`` or ``municipality``; municipalities have a month a year, December.
    """
    rows = panel.rows([measure, "population"], level=level)
    rows = rows[_drawn_there(rows["place"])].reset_index(drop=True)
    people = series.population(rows)
    mine = rows[rows["measure"] == measure]
    monthly = series.monthly(mine, (measure,))
    summed = windows(monthly, int(span))
    if span == "12":
        ends = summed if level == "state" else summed[summed["month"].str.endswith("-12")]
        summed = with_years(ends, mine)
        if level != "state" and summed["persons"].notna().sum() == 0:
            summed, span = windows(monthly, 1), "1"
    made = rated(summed, people, int(span))
    months = sorted(made.loc[made["persons"].notna(), "month"].unique())
    made = made[made["month"].between(months[0], months[-1])] if months else made.iloc[:0]
    counted = rows.loc[rows["measure"].isin([measure, "population"]), ["measure", "source"]]
    used = tuple(counted.sort_values("measure", key=lambda one: one != measure)["source"].unique())
    return Atlas(made, months, scale(measure), used)


@records.of_panel(32)
def scale(measure: str) -> list[float]:
    """Return the class limits of a measure, the same on every map, list and page."""
    rows = panel.rows([measure, "population"])
    return cell.scale(rows[_drawn_there(rows["place"])], measure)


def measures(level: str) -> tuple[str, ...]:
    """Return what a map of a level can show: the registers, and counts that the reader brought."""
    found = _newest_first() if level == "state" else _municipal_measures()
    mine = [one.measure for one in records.own().values() if one.counted and level in one.levels]
    return tuple(dict.fromkeys([*found, *mine]))


def every() -> tuple[str, ...]:
    """Return what the map shows at one level or the other."""
    return tuple(dict.fromkeys([*measures("state"), *measures("municipality"), *EVERY]))


@records.of_panel(2)
def _newest_first() -> tuple[str, ...]:
    """Return what a map of states shows, the newest register of people killed first."""
    query = (
        "SELECT measure, max(month) AS last FROM panel WHERE length(place) = 2 "
        "AND value IS NOT NULL AND list_contains($measures, measure) GROUP BY ALL"
    )
    last = {row["measure"]: row["last"] for row in panel.ask(query, {"measures": list(MEASURES)})}
    killed = sorted(records.KILLED, key=lambda one: last.get(one, ""), reverse=True)
    return tuple(dict.fromkeys(one for one in (*killed, *MEASURES) if one in MEASURES))


@records.of_panel(2)
def _municipal_measures() -> tuple[str, ...]:
    query = "SELECT DISTINCT measure FROM panel WHERE length(place) = 5 AND value IS NOT NULL"
    there = {row["measure"] for row in panel.ask(query)}
    return tuple(one for one in MUNICIPAL if one in there)


def with_years(ends: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Take the figure of a whole year where the months do not tell it."""
    whole = rows[(rows["period"] == "year") & rows["value"].notna()]
    years = pd.DataFrame(
        {"place": whole["place"], "month": whole["month"].str[:4] + "-12",
         "persons": whole["value"], "status": whole["status"]}
    )  # fmt: skip
    known = ends["persons"].notna()
    parts = [part for part in (ends[known], years, ends[~known]) if len(part)]
    both = pd.concat(parts) if parts else ends
    return both.drop_duplicates(["place", "month"])


def windows(seen: pd.DataFrame, span: int) -> pd.DataFrame:
    """Sums over the months of each window; unknown where one of them is."""
    wide = seen.pivot(index="month", columns="place", values="value").sort_index()
    if wide.empty:
        return pd.DataFrame(columns=["place", "month", "persons", "status"])
    every = months(wide.index[0], wide.index[-1])
    wide = wide.reindex(list(every))
    rank = seen["status"].map({name: at for at, name in enumerate(ORDER)})
    weak = seen.assign(rank=rank).pivot(index="month", columns="place", values="rank")
    weak = weak.reindex(index=wide.index, columns=wide.columns).fillna(0)
    sums = wide.rolling(span, min_periods=span).sum()
    worst = weak.rolling(span, min_periods=span).max().fillna(0)
    long = pd.DataFrame(
        {
            "place": np.tile(sums.columns, len(sums)),
            "month": np.repeat(sums.index, len(sums.columns)),
            "persons": sums.to_numpy().ravel(),
            "status": np.array(ORDER)[worst.to_numpy().astype(int).ravel()],
        }
    )
    return long.iloc[len(wide.columns) * (span - 1) :].reset_index(drop=True)


def rated(windows: pd.DataFrame, people: pd.DataFrame, span: int) -> pd.DataFrame:
    """Add population, rate per 100,000 and year, and what each cell says, to `windows`."""
    year = windows["month"].str[:4].astype(int)
    joined = windows.assign(year=year).merge(people, on=["place", "year"], how="left")
    days = pd.PeriodIndex(joined["month"], freq="M").days_in_month if span == 1 else 365.25
    rate = joined["persons"] / joined["population"] * series.PER * 365.25 / days
    known = joined.assign(persons=joined["persons"].where(rate.notna()))
    joined["cell"] = cell.kinds(known)
    joined["rate"] = rate.round(series.KEPT).where(joined["cell"] != "few")
    columns = ["place", "month", "persons", "population", "rate", "status", "cell"]
    return joined[columns].sort_values(["month", "place"], ignore_index=True)


def _drawn_there(places: pd.Series) -> pd.Series:
    """Tell which places have an outline of their own on a map, of many rows of each."""
    return places.isin([
        one for one in places.unique()
        if place.is_state(one) or (place.is_municipal(one) and not place.is_bucket(one))
    ])  # fmt: skip


@lru_cache(maxsize=1)
def municipal_names() -> dict[str, str]:
    """Return the names of the municipalities, by code."""
    rows = reference.table("municipality")
    return dict(zip(rows["place"], rows["name_es"], strict=True))


def name_of(code: str, language: Language) -> str:
    """Return the name of the nation or a state; a municipality has its code and its state."""
    if len(code) == 2:
        return str(getattr(place.find(code), f"name_{language}"))
    state = maps.state_names(language)[place.state_of(code)]
    unnamed = f"{translate(_('Municipality'), language)} {code}"
    return f"{municipal_names().get(code, unnamed)}, {state}"


def features(level: str, state: str = "") -> list[dict[str, Any]]:
    """Return the outlines of a level, or of one state's municipalities."""
    if level == "municipality":
        return [one for one in geography.municipal() if one["id"].startswith(state)]
    found: list[dict[str, Any]] = []
    for one in place.outlines()["features"]:
        named = place.find(one["id"])
        inside = {"lon": named.lon, "lat": named.lat}
        found.append({**one, "properties": {**one["properties"], **inside}})
    return found


def names(level: str, language: Language) -> dict[str, str]:
    """Return the name of every place of a level."""
    if level == "state":
        return maps.state_names(language)
    known = municipal_names()
    return {
        one["id"]: str(one["properties"]["name"] or known.get(one["id"], one["id"]))
        for one in geography.municipal()
    }


@dataclass(frozen=True)
class Drawing:
    """Outlines as SVG.

    Attributes
    ----------
    svg : str
        Each shape has ``data-place``; its dot, that may be hidden, ``data-dot``.
    window : str
        The centre of the country again, through a smaller window; empty where it is not apart.
    """

    svg: str
    window: str = ""


@records.of_panel(12)
def drawn(level: str, state: str = "") -> Drawing:
    """Return the outlines of a level, or of one state's municipalities.

    Every outline is drawn once: a page that moves through months changes only fills.
    """
    shapes = features(level, state)
    rings = {one["id"]: [_mercator(ring) for ring in maps.rings(one["geometry"])] for one in shapes}
    points = np.concatenate([ring for inside in rings.values() for ring in inside])
    high = round(WIDTH * height_share(shapes))
    low, size = points.min(axis=0), np.maximum(np.ptp(points, axis=0), 1e-9)
    scale = min(WIDTH / size[0], high / size[1])
    shift = (np.array([WIDTH, high]) - scale * size) / 2 - scale * low
    few = len(shapes) <= MANY
    root = _element(None, "svg", viewBox=f"-2 -2 {WIDTH + 4} {high + 4}", width=WIDTH + 4,
                    height=high + 4, **{"class": "map", **UNSEEN})  # fmt: skip
    root.append(ElementTree.fromstring(_HATCH))
    ground = _element(root, "g", stroke=cell.EDGE, **{"stroke-width": 0.7 if few else 0.25})
    centre = _element(ground, "g", id=GROUP)
    if level == "municipality":
        lines = [_mercator(line) * scale + shift for line in maps.borders(shapes)]
        _element(root, "path", id=BORDERS, d="".join(_path(line, close=False) for line in lines),
                 fill="none", stroke=theme.INK, **{"stroke-width": 0.7, "pointer-events": "none",
                 "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round"})  # fmt: skip
    if level == "municipality" and not state:
        _named(root, lambda one: _mercator([[one.lon, one.lat]])[0] * scale + shift)
    dots = _element(root, "g", stroke=theme.INK, fill=theme.PAPER, **{"stroke-width": 1.2})
    apart = []
    for one in shapes:
        code, inside = one["id"], [one["properties"].get(name) for name in ("lon", "lat")]
        scaled = [ring * scale + shift for ring in rings[code]]
        central = level == "municipality" and not state and code[:2] in CENTRE
        apart += scaled if central else []
        path = "".join(map(_path, scaled))
        _element(centre if central else ground, "path", d=path, fill="url(#hatch)",
                 **{"data-place": code})  # fmt: skip
        if None not in inside:
            x, y = (_mercator([inside])[0] * scale + shift).round(1)
            _element(dots, "circle", cx=f"{x:g}", cy=f"{y:g}", r=2.6 if few else 1,
                     visibility="hidden", **{"data-dot": code})  # fmt: skip
    if not apart:
        ground.remove(centre)
    svg = ElementTree.tostring(root, encoding="unicode")
    return Drawing(svg, _window(np.concatenate(apart)) if apart else "")


def _element(parent: ElementTree.Element | None, tag: str, **given: object) -> ElementTree.Element:
    """Return a new element of SVG, in another one where there is one."""
    attributes = {name: str(value) for name, value in given.items()}
    if parent is None:
        return ElementTree.Element(f"{{{SVG}}}{tag}", attributes)
    return ElementTree.SubElement(parent, f"{{{SVG}}}{tag}", attributes)


def _named(root: ElementTree.Element, at: Callable[[place.Place], np.ndarray]) -> None:
    """Write the short names of the states; those of the centre only in its window."""
    look = {"text-anchor": "middle", "fill": theme.INK, "stroke": theme.PAPER,
            "paint-order": "stroke", "pointer-events": "none"}  # fmt: skip
    wide = _element(root, "g", **{"font-size": 10, "stroke-width": 2.2, **look})
    apart = _element(_element(root, "defs"), "g", id=f"{GROUP}-names",
                     **{"font-size": 3, "stroke-width": 0.6, **look})  # fmt: skip
    for one in place.states():
        x, y = at(one).round(1)
        _element(
            apart if one.code in CENTRE else wide, "text", x=f"{x:g}", y=f"{y:g}"
        ).text = one.abbr


def _window(points: np.ndarray) -> str:
    """Return a second picture of the group of the centre, which has these corners."""
    left, top = points.min(axis=0) - MARGIN
    wide, high = np.ptp(points, axis=0) + 2 * MARGIN
    box = f"{left:.1f} {top:.1f} {wide:.1f} {high:.1f}"
    root = _element(None, "svg", viewBox=box, **{"class": "inset", **UNSEEN})
    for part in (GROUP, BORDERS, f"{GROUP}-names"):
        _element(root, "use", href=f"#{part}")
    return ElementTree.tostring(root, encoding="unicode")


def _mercator(ring: Sequence[Sequence[float | None]]) -> np.ndarray:
    """Return degrees east and north on the plane of Mercator, in radians, downwards."""
    east, north = np.radians(np.asarray(ring, dtype=float)[:, :2]).T
    return np.column_stack([east, -np.log(np.tan(np.pi / 4 + north / 2))])


def _path(points: np.ndarray, *, close: bool = True) -> str:
    """Return a ring, or an open line, in tenths of a pixel: its start, then short relative steps.

    One smaller than a tenth of a pixel is left out.
    """
    whole = np.round(10 * points).astype(int)
    steps = np.diff(whole, axis=0)
    steps = steps[steps.any(axis=1)] / 10
    if not len(steps):
        return ""
    x, y = whole[0] / 10
    end = "Z" if close else ""
    return f"M{x:g},{y:g}l{' '.join(f'{across:g},{down:g}' for across, down in steps)}{end}"


def fill(kind: str, rate: float, limits: list[float]) -> str:
    """Return the fill of a cell: by class, palest for a zero, hatched where nothing is known."""
    if kind == "no_report":
        return "url(#hatch)"
    if kind == "few":
        return "url(#few)"
    if kind == "zero":
        return cell.ZERO
    return cell.CLASSES[int(np.searchsorted(limits, rate, side="right"))]


def coloured(drawing: Drawing, rows: pd.DataFrame, limits: list[float]) -> str:
    """Return the outlines with the fills of one month, as the page begins."""
    root = ElementTree.fromstring(drawing.svg)
    cells = {row["place"]: row for row in rows.to_dict("records")}
    for part in root.iter():
        row = cells.get(part.get("data-place", ""))
        if row is not None:
            part.set("fill", fill(row["cell"], row["rate"], limits))
        dot = cells.get(part.get("data-dot", ""))
        if dot is not None and dot["cell"] in cell.OPEN:
            part.set("visibility", "visible")
    return ElementTree.tostring(root, encoding="unicode")
