"""Rates of all places through all months, and the outlines they colour."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import vl_convert

from hidra.charts import cell, maps, series
from hidra.charts.words import Language
from hidra.core import place
from hidra.data import outlines as official
from hidra.data import panel
from hidra.web import inset, records
from hidra.web.figure import SVG
from hidra.web.page.places import municipal

MEASURES = ("inegi_homicides", "sesnsp_homicide_victims", "rnpdno_missing")
SPANS = ("12", "1")
ORDER = ("final", "provisional", "undercount")


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
        Class limits of all months together, so that colours do not move with the month.
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


def atlas(measure: str, span: str, level: str) -> Atlas:
    """Return a measure through all months.

    Parameters
    ----------
    measure : one of `MEASURES`.
    span : ``1`` for the month alone, ``12`` for the twelve months that end with it.
    level : ``state`` or ``municipality``; municipalities have a month a year, December.
    """
    return _atlas(measure, span, level, records.stamp())


@lru_cache(maxsize=12)
def _atlas(measure: str, span: str, level: str, stamp: tuple[str, int, int]) -> Atlas:
    rows = records.records().rows if level == "state" else _municipal(measure)
    people = series.population(rows)
    seen = series.monthly(rows, (measure,))
    size = 2 if level == "state" else 5
    seen = seen[(seen["place"].str.len() == size) & ~seen["place"].isin(["00", "33"])]
    summed = windows(seen, int(span))
    if level != "state":
        summed = summed[summed["month"].str.endswith("-12")]
    made = rated(summed, people, int(span))
    months = sorted(made.loc[made["persons"].notna(), "month"].unique())
    made = made[made["month"].between(months[0], months[-1])] if months else made.iloc[:0]
    used = tuple(dict.fromkeys([*seen["source"], *rows.query("measure == 'population'")["source"]]))
    return Atlas(made, months, cell.limits(made["rate"]), used)


def windows(seen: pd.DataFrame, span: int) -> pd.DataFrame:
    """Sums over the months of each window; unknown where one of them is."""
    wide = seen.pivot(index="month", columns="place", values="value").sort_index()
    if wide.empty:
        return pd.DataFrame(columns=["place", "month", "persons", "status"])
    every = place.months(wide.index[0], wide.index[-1])
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
    joined["rate"] = rate.round(2).where(joined["cell"] != "few")
    columns = ["place", "month", "persons", "population", "rate", "status", "cell"]
    return joined[columns].sort_values(["month", "place"], ignore_index=True)


def _municipal(measure: str) -> pd.DataFrame:
    """Return the monthly rows of a measure and the population of every municipality."""
    query = """
        SELECT place, month, measure, value, source, status, period
        FROM panel WHERE measure IN (?, 'population') AND length(place) = 5
            AND right(place, 3) NOT IN ('998', '999')
        QUALIFY row_number() OVER (PARTITION BY measure, place, month, period
                                   ORDER BY vintage DESC, source) = 1
    """
    with panel.reading() as con:
        rows: pd.DataFrame = con.execute(query, [measure]).df()
    return rows.assign(value=rows["value"].astype("float64"))


def features(level: str, state: str = "") -> list[dict[str, Any]]:
    """Return the outlines of a level, or of one state's municipalities; none if not fetched."""
    if level == "municipality":
        return [one for one in official.municipal() if one["id"].startswith(state)]
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
    known = municipal()
    return {
        one["id"]: str(one["properties"]["name"] or known.get(one["id"], one["id"]))
        for one in official.municipal()
    }


@lru_cache(maxsize=12)
def drawn(level: str, stamp: tuple[str, int, int], state: str = "") -> str:
    """Return the outlines as SVG; each shape has ``data-place``, and a dot that may be hidden."""
    chart = maps.outlines(features(level, state), "es")  # no words in it
    root = ElementTree.fromstring(vl_convert.vegalite_to_svg(chart.to_dict()))
    for part in root.iter():
        code = part.attrib.pop("aria-label", None)
        for key in ("role", "aria-roledescription", "aria-hidden"):
            part.attrib.pop(key, None)
        if code is not None and code.startswith("dot-"):
            part.set("data-dot", code.removeprefix("dot-"))
            part.set("visibility", "hidden")
        elif code is not None and code.isdecimal():
            part.set("data-place", code)
            part.set("fill", "url(#hatch)")
            part.set("d", light(part.get("d", "")))
    for group in root.iter(f"{{{SVG}}}g"):
        _share(group)
    if level == "municipality" and not state:
        inset.gather(root)
    hatch = ElementTree.fromstring(_HATCH)
    root.insert(0, hatch)
    root.set("class", "map")
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return ElementTree.tostring(root, encoding="unicode")


def _share(group: ElementTree.Element) -> None:
    """Say once, on the group, what all its places say alike."""
    parts = [part for part in group if part.get("data-place") or part.get("data-dot")]
    for key in ("stroke", "stroke-width", "stroke-opacity", "opacity"):
        said = {part.get(key) for part in parts}
        if len(said) == 1 and None not in said:
            group.set(key, str(said.pop()))
            for part in parts:
                del part.attrib[key]
    for part in parts:
        if part.get("transform") == "translate(0,0)":
            del part.attrib["transform"]


def light(path: str) -> str:
    """Return a path of straight lines in tenths of a pixel and relative steps, a fifth as long."""
    found = []
    for ring in _RING.findall(path):
        points = [(round(10 * float(x)), round(10 * float(y))) for x, y in _POINT.findall(ring)]
        if not points:
            continue
        before = points[0]
        steps = [f"M{before[0] / 10:g},{before[1] / 10:g}l"]
        for point in points[1:]:
            across, down = point[0] - before[0], point[1] - before[1]
            if across or down:
                steps.append(f"{across / 10:g},{down / 10:g} ")
                before = point
        found.append("".join(steps).rstrip(" l") + "Z")
    return "".join(found)


_RING = re.compile(r"M[^MZ]*")
_POINT = re.compile(r"(-?[\d.]+(?:e-?\d+)?),(-?[\d.]+(?:e-?\d+)?)")
_HATCH = f"""<defs xmlns="{SVG}"><pattern id="hatch" width="6" height="6"
patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6"
fill="#fbfaf7"/><rect width="2" height="6" fill="#a7a294"/></pattern><pattern id="few" width="5"
height="5" patternUnits="userSpaceOnUse"><rect width="5" height="5" fill="#fbfaf7"/><circle cx="2"
cy="2" r="0.9" fill="#8f8a7c"/></pattern></defs>"""


def fill(kind: str, rate: float, limits: list[float]) -> str:
    """Return the fill of a cell: by class, palest for a zero, hatched where nothing is known."""
    if kind == "no_report":
        return "url(#hatch)"
    if kind == "few":
        return "url(#few)"
    if kind == "zero":
        return cell.ZERO
    return cell.CLASSES[int(np.searchsorted(limits, rate, side="right"))]


def coloured(svg: str, rows: pd.DataFrame, limits: list[float]) -> str:
    """Return the outlines with the fills of one month, as the page begins."""
    root = ElementTree.fromstring(svg)
    cells = {row["place"]: row for row in rows.to_dict("records")}
    for part in root.iter():
        row = cells.get(part.get("data-place", ""))
        if row is not None:
            part.set("fill", fill(row["cell"], row["rate"], limits))
        dot = cells.get(part.get("data-dot", ""))
        if dot is not None and dot["cell"] in cell.OPEN:
            part.set("visibility", "visible")
    return ElementTree.tostring(root, encoding="unicode")
