"""Charts of intervals: dots and whiskers of scenarios, parameters, places and ways of asking.

A row carries its title and figures above its whisker, so that nothing is lost on a phone, or beside
it where there are many short names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, series, theme
from hidra.charts.theme import NARROW, WIDTH, text_of, tips
from hidra.charts.words import Words

_ROW, _LINE = 62, 15
_TITLE_LENGTH = 42  # characters of a title that fit on a phone
MINOR = "#5d6b75"  # whiskers of the variants beside that of the answer
_PLACE_ROW, _LEFT, _RIGHT = 21, 126, 150  # px of a row of places, of its name, of its figures
_COLUMNS = ["place", "persons", "population", "rate", "low", "high", "from", "to"]


def differences(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """Paired differences from no change in one year, chosen with a slider.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``scenario, year, rel_p05, rel_p50, rel_p95, p05, p50, p95`` and, where computed,
        ``rel_p25, rel_p75``; shares of no change, persons.
    titles : mapping
        Scenario -> title, in the order of the rows.
    """
    lie = rows_of("scenario", titles, rows["scenario"])
    last = int(rows["year"].max())
    first = int(rows["year"].min())
    slider = alt.binding_range(min=first, max=last, step=1, name=words("control.year") + " ")
    year = alt.param("year", value=last, bind=slider)
    low, high = float(rows["rel_p05"].min()), float(rows["rel_p95"].max())
    room = 0.04 * max(high - low, 0.01)
    x = alt.Scale(domain=[min(low, 0) - room, max(high, 0) + room], nice=False)
    base = alt.Chart(rows).transform_filter("datum.year == year")
    y = lie.y()
    axis = alt.Axis(
        title=None, grid=True, tickCount=6,
        labelExpr="datum.value == 0 ? '0\u00a0%' : replace(format(datum.value * 100, '+.0f'), '-', "
        "'\u2212') + '\u00a0%'",
    )  # fmt: skip
    layers = [
        base.mark_rule(strokeWidth=1.6, color=theme.MEDIAN, yOffset=lie.whisker).encode(
            alt.X("rel_p05:Q", axis=axis, scale=x), alt.X2("rel_p95:Q"), y
        )
    ]
    if {"rel_p25", "rel_p75"} <= set(rows.columns):
        layers.append(
            base.mark_rule(strokeWidth=6, color="#5f94b0", yOffset=lie.whisker).encode(
                alt.X("rel_p25:Q", scale=x), alt.X2("rel_p75:Q"), y
            )
        )
    layers += [
        base.mark_point(size=70, filled=True, fill=theme.MEDIAN, stroke=theme.PAPER, strokeWidth=1,
                        opacity=1, yOffset=lie.whisker)
        .encode(alt.X("rel_p50:Q", scale=x), y, tooltip=tips(words, *_DIFFERENCES)),
        *lie.texts(base, _difference_text(words)),
        alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=theme.INK, strokeWidth=1)
        .encode(alt.X("zero:Q", scale=x)),
    ]  # fmt: skip
    return theme.sized(alt.layer(*layers).add_params(year), words, lie.height, width)


_DIFFERENCES = (
    ("year", "control.year", ".0f"),
    *((name, f"column.{name}", "+,.0f") for name in ("p50", "p05", "p95")),
)


@dataclass(frozen=True)
class Rows:
    """How the rows of a chart of intervals lie: their order, their titles, the room they take.

    A title too long for a phone is folded; every row then has as many lines as the longest title,
    so that titles, figures and whiskers keep their distance.
    """

    column: str
    order: list[str]
    titles: dict[str, list[str]]

    @property
    def room(self) -> int:
        """Pixels that folded titles add to a row."""
        return _LINE * (max((len(self.titles[name]) for name in self.order), default=1) - 1)

    @property
    def height(self) -> int:
        """Pixels of all rows."""
        return len(self.order) * (_ROW + self.room)

    @property
    def whisker(self) -> float:
        """Pixels from the middle of a row down to its whisker."""
        return 12 + self.room / 2

    def y(self) -> alt.Y:
        """The row of each value."""
        return alt.Y(f"{self.column}:N", sort=self.order, axis=None)

    def texts(self, base: alt.Chart, figures: str, *, halo: bool = False) -> list[alt.Chart]:
        """Title in bold and a line of figures, at the left edge above each whisker.

        With ``halo`` they stand clear of a rule that runs behind them.
        """
        most = self.room // _LINE + 1
        folded = {
            name: "\n".join([" "] * (most - len(lines)) + lines)
            for name, lines in self.titles.items()
        }
        titled = base.transform_calculate(title=text_of(folded, f"datum.{self.column}"))
        counted = base.transform_calculate(figures=figures)
        behind: dict[str, Any] = {"stroke": theme.PAPER, "strokeWidth": 4, "strokeJoin": "round"}
        layers: list[alt.Chart] = []
        for ink in (behind, {}) if halo else ({},):
            title = titled.mark_text(
                align="left", dy=-17 - self.room / 2, lineBreak="\n", lineHeight=_LINE,
                fontWeight="bold", fontSize=12.5, **ink,
            )  # fmt: skip
            value = counted.mark_text(
                align="left", dy=self.whisker - 14, color=theme.SECONDARY, fontSize=12, **ink
            )
            layers += [
                title.encode(y=self.y(), x=alt.value(0), text="title:N"),
                value.encode(y=self.y(), x=alt.value(0), text="figures:N"),
            ]
        return layers


def rows_of(column: str, titles: Mapping[str, str], present: pd.Series) -> Rows:
    """Rows in the order of ``titles``, those that are present."""
    order = [name for name in titles if name in set(present)]
    return Rows(column, order, {name: wrap(titles[name], _TITLE_LENGTH) for name in order})


def _signed(field: str) -> str:
    return f"replace(format(datum.{field} * 100, '+,.1f'), '-', '\u2212')"


def _short(field: str) -> str:
    return f"replace(format(datum.{field}, '.3~g'), '-', '\u2212')"


def _difference_text(words: Words) -> str:
    return (
        f"{_signed('rel_p50')} + '\u00a0%  [{words('word.interval90')} ' + {_signed('rel_p05')} + "
        f"' {words('word.to')} ' + {_signed('rel_p95')} + '\u00a0%]'"
    )


def parameter_rows(parameters: pd.DataFrame) -> pd.DataFrame:
    """Place every parameter on one axis: 0 is the prior median, ±1 the ends of its 90 % interval.

    Columns ``z_*`` are added; each side of the prior median has its own length, so a skewed prior
    still spans exactly -1 to 1.
    """
    rows = parameters.copy()
    below = rows["prior_p50"] - rows["prior_p05"]
    above = rows["prior_p95"] - rows["prior_p50"]
    for name in ("p05", "p50", "p95"):
        away = rows[name] - rows["prior_p50"]
        side = above.where(away >= 0, below)
        rows[f"z_{name}"] = (away / side.where(side > 0)).round(4)
    rows["z_low"], rows["z_high"] = -1.0, 1.0
    return rows


def parameters(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    units: Mapping[str, str],
    words: Words,
    *,
    width: int = WIDTH,
) -> alt.TopLevelMixin:
    """Prior and posterior of each parameter, as dot and whisker on the scale of its prior.

    ``rows`` comes from :func:`parameter_rows`; ``titles`` and ``units`` give the words of each.
    """
    lie = rows_of("parameter", titles, rows["parameter"])
    edge = max(1.15, float(rows[["z_p05", "z_p95"]].abs().max().max()) * 1.05)
    x = alt.Scale(domain=[-edge, edge], nice=False)
    axis = alt.Axis(
        title=None, values=[-1, 0, 1], grid=True,
        labelAlign={"condition": [{"test": "datum.value < 0", "value": "left"},
                                  {"test": "datum.value > 0", "value": "right"}],
                    "value": "center"},
        labelExpr=text_of({"-1": words("axis.prior_low"), "0": words("axis.prior_mid"),
                           "1": words("axis.prior_high")}, "toString(datum.value)"),
    )  # fmt: skip
    base = alt.Chart(rows)
    y = lie.y()
    figures = (
        f"{_short('p50')} + '  [{words('word.interval90')} ' + {_short('p05')} + "
        f"' {words('word.to')} ' + {_short('p95')} + ']  ' + "
        f"(width < 520 ? '' : {text_of(dict(units), 'datum.parameter')})"
    )
    layers = [
        base.mark_rule(strokeWidth=5, color="#d5d2c8", yOffset=lie.whisker).encode(
            alt.X("z_low:Q", scale=x, axis=axis), alt.X2("z_high:Q"), y
        ),
        base.mark_rule(strokeWidth=1.8, color=theme.MEDIAN, yOffset=lie.whisker).encode(
            alt.X("z_p05:Q", scale=x), alt.X2("z_p95:Q"), y
        ),
        base.mark_point(
            size=64, filled=True, fill=theme.MEDIAN, opacity=1, yOffset=lie.whisker
        ).encode(alt.X("z_p50:Q", scale=x), y),
        *lie.texts(base, figures),
    ]
    return theme.sized(alt.layer(*layers), words, lie.height, width)


def strip(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
    *,
    unit: str = "",
    percent: bool = False,
    claimed: float | None = None,
    width: int = WIDTH,
) -> alt.TopLevelMixin:
    """Robustness strip: the answer first, then what it becomes when it is asked in other ways.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``name, estimate, low, high, main``; null bounds are drawn as a dot without whisker, a null
        estimate as words only. ``main`` marks the answer itself.
    titles : mapping
        Name -> what was asked, in the order of the rows.
    unit : str
        Words after the figures.
    percent : bool
        Figures are shares, written as per cent.
    claimed : float, optional
        What was claimed: a rule with a label.
    """
    lie = rows_of("name", titles, rows["name"])
    drawn = rows[["name", "estimate", "low", "high", "main"]].reset_index(drop=True)
    x = _scale(drawn[["low", "high", "estimate"]], claimed)
    y = lie.y()
    base: Any = alt.Chart(drawn)
    colour = alt.condition("datum.main", alt.value(theme.MEDIAN), alt.value(MINOR))
    axis = alt.Axis(title=None, grid=True, tickCount=6, labelExpr=_written("datum.value", percent))
    layers = [
        *_rules(x, claimed, words, lie.height),
        base.mark_rule(yOffset=lie.whisker).encode(
            alt.X("low:Q", scale=x, axis=axis), alt.X2("high:Q"), y, color=colour,
            strokeWidth=alt.condition("datum.main", alt.value(3), alt.value(1.6)),
        ),
        base.transform_filter("isValid(datum.estimate)")
        .mark_point(filled=True, opacity=1, stroke=theme.PAPER, strokeWidth=1, yOffset=lie.whisker)
        .encode(
            alt.X("estimate:Q", scale=x), y, fill=colour,
            size=alt.condition("datum.main", alt.value(90), alt.value(52)),
            shape=alt.condition("datum.main", alt.value("circle"), alt.value("diamond")),
        ),
        *lie.texts(base, _figures(words, percent, unit), halo=True),
    ]  # fmt: skip
    return theme.sized(alt.layer(*layers), words, lie.height + 8, width)


def _scale(values: pd.DataFrame, claimed: float | None) -> alt.Scale:
    low, high = float(values.min().min()), float(values.max().max())
    ends = [low, high, 0.0, *([claimed] if claimed is not None else [])]
    room = 0.05 * max(max(ends) - min(ends), 1e-9)
    return alt.Scale(domain=[min(ends) - room, max(ends) + room], nice=False, zero=False)


def _written(value: str, percent: bool) -> str:
    """Vega expression that writes a value with a true minus sign."""
    text = (
        f"format({value} * 100, '+,.3~r') + '\u00a0%'" if percent else f"format({value}, ',.3~r')"
    )
    return f"({value} == 0 ? '0' : replace({text}, '-', '\u2212'))"


def _figures(words: Words, percent: bool, unit: str) -> str:
    inside = f"{_written('datum.low', percent)} + ' {words('word.to')} ' + " + _written(
        "datum.high", percent
    )
    interval = f"isValid(datum.low) ? '  [' + {inside} + ']' : ''"
    end = f" + ' {unit}'" if unit else ""
    return (
        f"isValid(datum.estimate) ? {_written('datum.estimate', percent)} + ({interval}){end} : "
        f"'{words('strip.none')}'"
    )


def _rules(x: alt.Scale, claimed: float | None, words: Words, height: int) -> list[alt.Chart]:
    marks = [(0.0, "")] + ([] if claimed is None else [(claimed, words("strip.claimed"))])
    layers: list[alt.Chart] = []
    for value, label in marks:
        one: Any = alt.Chart(pd.DataFrame({"at": [value], "label": [label]}))
        dash = [4, 3] if label else [1, 0]
        ink = theme.SERIES[2] if label else theme.INK
        layers.append(
            one.mark_rule(color=ink, strokeDash=dash).encode(
                alt.X("at:Q", scale=x), y=alt.value(0), y2=alt.value(height)
            )
        )
        if label:
            text = one.mark_text(color=ink, dy=6, dx=4, align="left", fontSize=11.5)
            layers.append(
                text.encode(alt.X("at:Q", scale=x), y=alt.value(height - 2), text="label:N")
            )
    return layers


def sensitivity(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """How much of the doubt of a result comes from each parameter or mechanism.

    Parameters
    ----------
    rows : pandas.DataFrame
        ``name, first, first_lo, first_hi, total, total_lo, total_hi``; shares of the variance.
        ``first`` is what a parameter brings by itself, ``total`` also what it brings together with
        others.
    titles : mapping
        Name -> words; the order of the rows is that of ``total``, largest first.
    """
    order = rows.sort_values("total", ascending=False)["name"]
    lie = rows_of("name", {name: titles.get(name, name) for name in order}, rows["name"])
    drawn = rows.reset_index(drop=True)
    top = max(float(drawn[["total_hi", "first_hi", "total"]].max().max()), 0.05)
    low = min(float(drawn[["total_lo", "first_lo"]].min().min()), 0.0)
    x = alt.Scale(domain=[low * 1.02, top * 1.02], nice=False)
    axis = alt.Axis(title=None, grid=True, tickCount=6, labelExpr=_share("datum.value"))
    base: Any = alt.Chart(drawn)
    y = lie.y()
    layers: list[Any] = []
    for kind, colour, offset in (("total", theme.BAND_50, 0), ("first", theme.MEDIAN, 8)):
        at = lie.whisker + offset
        layers += [
            base.mark_bar(color=colour, height=8, yOffset=at).encode(
                alt.X(f"{kind}:Q", scale=x, axis=axis), y
            ),
            base.mark_rule(color=theme.INK, yOffset=at).encode(
                alt.X(f"{kind}_lo:Q", scale=x), alt.X2(f"{kind}_hi:Q"), y
            ),
        ]
    said = (
        f"'{words('sensitivity.total')} ' + {_share('datum.total')} + "
        f"', {words('sensitivity.first')} ' + {_share('datum.first')}"
    )
    chart = alt.layer(*layers, *lie.texts(base, said))
    return theme.sized(chart, words, lie.height + 10, width)


def _share(value: str) -> str:
    return f"replace(format({value} * 100, '.0f'), '-', '\u2212') + '\u00a0%'"


def rank(rates: pd.DataFrame) -> pd.DataFrame:
    """Sort places by rate, with the 90 % interval of each and the positions it leaves open.

    No league table: an order of rates says little where the intervals share values, so every place
    also has the range of positions that its interval leaves open.

    Parameters
    ----------
    rates : pandas.DataFrame
        ``place, persons, population`` of one period; unknowns and places with too
        few people are left out.

    Returns
    -------
    pandas.DataFrame
        ``place, persons, population, rate, low, high, from, to``: per 100,000; ``low`` and
        ``high`` are Garwood's exact interval of a Poisson count, what a count of that size tells
        of the rate behind it if deaths came one by one (they do not always, so it is too short
        rather than too long); ``from`` is one more than the number of places whose interval lies
        wholly above, ``to`` the number of places less those whose interval lies wholly below.

    Notes
    -----
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.
    """
    from scipy.stats import chi2

    rows = rates.dropna(subset=["persons", "population"])
    rows = rows[rows["population"] >= cell.FEW].copy()
    per = series.PER / rows["population"]
    rows["rate"] = (rows["persons"] * per).round(2)
    rows["low"] = (pd.Series(chi2.ppf(0.05, 2 * rows["persons"]), rows.index).fillna(0) / 2) * per
    rows["high"] = chi2.ppf(0.95, 2 * rows["persons"] + 2) / 2 * per
    rows[["low", "high"]] = rows[["low", "high"]].round(2)
    rows["from"] = [int((rows["low"] > high).sum()) + 1 for high in rows["high"]]
    rows["to"] = [len(rows) - int((rows["high"] < low).sum()) for low in rows["low"]]
    return rows.sort_values(["rate", "place"], ascending=[False, True])[_COLUMNS].reset_index(
        drop=True
    )


def ranked(
    rows: pd.DataFrame, names: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """Names, dots with whiskers, and figures, one line a place.

    ``rows`` comes from :func:`rank`.
    """
    drawn = rows.assign(y=[index * _PLACE_ROW + 12 for index in range(len(rows))])
    top = float(rows["high"].max()) * 1.02
    scale = alt.Scale(
        domain=[0, top], nice=False, rangeMin=_LEFT,
        rangeMax=alt.ExprRef(f"width - ({NARROW} ? 86 : {_RIGHT})"),
    )  # fmt: skip
    axis = alt.Axis(title=None, grid=True, tickCount=4, format=",.0f")
    base: Any = alt.Chart(drawn).transform_calculate(
        name=text_of(names, "datum.place"),
        figure=f"format(datum.rate, ',.1f') + ({NARROW} ? '' : "
        "'  [' + format(datum.low, ',.1f') + '–' + format(datum.high, ',.1f') + ']')",
        position="datum.from == datum.to ? '' + datum.from : datum.from + '–' + datum.to",
    )
    y = alt.Y("y:Q", scale=None, axis=None)
    text: dict[str, Any] = {"fontSize": 12, "baseline": "middle"}
    right = alt.value(alt.ExprRef(f"width - ({NARROW} ? 80 : {_RIGHT - 6})"))
    end = alt.value(alt.ExprRef("width"))
    quiet = {**text, "color": theme.SECONDARY}
    layers = [
        base.mark_text(align="left", **text).encode(x=alt.value(0), y=y, text="name:N"),
        base.mark_rule(strokeWidth=1.8, color=theme.MEDIAN).encode(
            alt.X("low:Q", scale=scale, axis=axis), alt.X2("high:Q"), y
        ),
        base.mark_point(filled=True, opacity=1, size=46, fill=theme.MEDIAN).encode(
            alt.X("rate:Q", scale=scale), y
        ),
        base.mark_text(align="left", **quiet).encode(x=right, y=y, text="figure:N"),
        base.mark_text(align="right", **quiet).encode(x=end, y=y, text="position:N"),
    ]
    return theme.sized(alt.layer(*layers), words, len(rows) * _PLACE_ROW + 4, width)
