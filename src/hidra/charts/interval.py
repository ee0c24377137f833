"""Charts of intervals: dots and whiskers of scenarios, parameters, places and ways of asking.

A row carries its title and figures above its whisker, so that nothing is lost on a phone, or beside
it where there are many short names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import cell, series, theme
from hidra.charts.theme import NARROW, WIDTH, text_of, tips
from hidra.charts.words import Words

_ROW, _LINE = 62, 15
_FOOT = 16  # pixels under the rows for the word at a rule
_TITLE_LENGTH = 42  # characters of a title that fit on a phone
MINOR = "#5d6b75"  # whiskers of the variants beside that of the answer
_PLACE_ROW, _LEFT, _RIGHT = 21, 126, 150  # px of a row of places, of its name, of its figures
_COLUMNS = ["place", "persons", "population", "rate", "low", "high", "from", "to"]
_MINUS = "replace({}, '-', '\u2212')"  # Vega expression: a true minus sign


@dataclass(frozen=True)
class Rows:
    """How the rows of a chart of intervals lie: their titles in order, and the axis across.

    A title too long for a phone is folded; every row then has as many lines as the longest title,
    so that titles, figures and whiskers keep their distance. ``lines`` is that number.
    """

    column: str
    titles: dict[str, list[str]]
    x: alt.Scale
    axis: alt.Axis
    lines: int

    @classmethod
    def of(cls, rows: pd.DataFrame, column: str, titles: Mapping[str, str], x: alt.Scale,
           **axis: Any) -> Rows:  # fmt: skip
        """Rows in the order of ``titles``, those that are present."""
        present = set(rows[column])
        folded = {n: wrap(title, _TITLE_LENGTH) for n, title in titles.items() if n in present}
        lines = max((len(title) for title in folded.values()), default=1)
        return cls(column, folded, x, alt.Axis(title=None, grid=True, **axis), lines)

    @property
    def height(self) -> int:
        """Pixels of all rows."""
        return len(self.titles) * (_ROW + _LINE * (self.lines - 1))

    @property
    def down(self) -> float:
        """Pixels from the middle of a row down to its whisker."""
        return 12 + _LINE * (self.lines - 1) / 2

    @property
    def y(self) -> alt.Y:
        """The row of each value."""
        return alt.Y(f"{self.column}:N", sort=list(self.titles), axis=None)

    def whisker(self, base: Any, low: str, high: str, *, first: bool = False, down: float = 0,
                **look: Any) -> Any:  # fmt: skip
        """A line from ``low`` to ``high``; the ``first`` of a chart brings the axis."""
        axis: dict[str, Any] = {"axis": self.axis} if first else {}
        drawn = base.mark_rule(yOffset=self.down + down, **look)
        return drawn.encode(alt.X(f"{low}:Q", scale=self.x, **axis), alt.X2(f"{high}:Q"), self.y)

    def dot(self, base: Any, column: str, **look: Any) -> Any:
        """A dot at the value of a column."""
        drawn = base.mark_point(filled=True, opacity=1, yOffset=self.down, **look)
        return drawn.encode(alt.X(f"{column}:Q", scale=self.x), self.y)

    def texts(self, base: Any, figures: str, *, halo: bool = False) -> list[Any]:
        """Title in bold and a line of figures, at the left edge above each whisker.

        With ``halo`` they stand clear of a rule that runs behind them.
        """
        folded: dict[str, str | list[str]] = {
            name: "\n".join([" "] * (self.lines - len(lines)) + lines)
            for name, lines in self.titles.items()
        }
        titled = base.transform_calculate(title=text_of(folded, f"datum.{self.column}"))
        counted = base.transform_calculate(figures=figures)
        layers: list[Any] = []
        left = alt.value(4 if halo else 0)  # clear of a rule at the edge
        for ink in (theme.HALO, {}) if halo else ({},):
            title = titled.mark_text(
                align="left", dy=-5 - self.down, lineBreak="\n", lineHeight=_LINE,
                fontWeight="bold", fontSize=12.5, **ink,
            )  # fmt: skip
            value = counted.mark_text(
                align="left", dy=self.down - 14, color=theme.SECONDARY, fontSize=12, **ink
            )
            layers += [
                title.encode(y=self.y, x=left, text="title:N"),
                value.encode(y=self.y, x=left, text="figures:N"),
            ]
        return layers


def _figures(words: Words, values: Iterable[str], unit: str = "", after: str = "") -> str:
    """Vega expression of a median and its interval in brackets."""
    middle, low, high = values
    inside = f"[{words('word.interval90')} ' + {low} + ' {words('word.to')} ' + {high} + '{unit}]"
    return f"{middle} + '{unit}  {inside}{after}'"


def told(rows: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Return differences, shares of no change, with what is said of each (``said``)."""
    ends = rows[["rel_p05", "rel_p50", "rel_p95"]].to_numpy() * 100
    said = [words.change("change", low, mid, high, unit="\u00a0%") for low, mid, high in ends]
    return rows.assign(said=said)


def differences(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """Paired differences from no change in one year, chosen with a slider.

    Parameters
    ----------
    rows : ``scenario, year, rel_p05, rel_p50, rel_p95, p05, p50, p95`` and, where computed,
        ``rel_p25, rel_p75``; shares of no change, persons; ``said`` from :func:`told`.
    titles : Scenario -> title, in the order of the rows.
    """
    years = sorted(int(one) for one in rows["year"].unique())
    slider = alt.binding_range(min=years[0], max=years[-1], step=1,
                               name=words("control.year") + " ")  # fmt: skip
    chart = changes(rows, "scenario", titles, words, part="rel_", zero=True,
                    share=True, year=True, width=width)  # fmt: skip
    return chart.add_params(alt.param("year", value=years[-1], bind=slider))


def changes(
    rows: pd.DataFrame, column: str, titles: Mapping[str, str], words: Words, *,
    part: str = "", zero: bool = True, share: bool = False, year: bool = False,
    domain: tuple[float, float] | None = None, width: int = WIDTH,
) -> Any:  # fmt: skip
    """Medians and intervals in rows, each told in words above its whisker.

    Parameters
    ----------
    rows : `column`; ``p05, p50, p95`` and, where computed, ``p25, p75``, after `part`; ``said``.
    titles : Row -> title, in the order of the rows.
    zero : Whether they are differences: zero is on the axis, with a rule.
    share : Whether they are shares, else persons.
    year : Whether the parameter ``year`` of the chart chooses the rows drawn.
    domain : Ends of the axis, for charts that are to be compared.
    """
    p05, p25, p50, p75, p95 = (f"{part}{one}" for one in ("p05", "p25", "p50", "p75", "p95"))
    low, high = domain or (float(rows[p05].min()), float(rows[p95].max()))
    low, high = (min(low, 0), max(high, 0)) if zero else (low, high)
    room = 0.04 * max(high - low, 0.01)
    x = alt.Scale(domain=[low - room, high + room], nice=False, zero=zero)
    number, unit = ("datum.value * 100", "\u00a0%") if share else ("datum.value", "")
    format_ = ("+" if zero else "") + (",.2~f" if share else ",.0f")
    text = _MINUS.format(f"format({number}, '{format_}')") + f" + '{unit}'"
    label = f"datum.value == 0 ? '0{unit}' : {text}"
    lie = Rows.of(rows, column, titles, x, tickCount=6, labelExpr=label)
    base: Any = alt.Chart(rows)
    base = base.transform_filter("datum.year == year") if year else base
    layers = [lie.whisker(base, p05, p95, first=True, strokeWidth=1.6, color=theme.MEDIAN)]
    if {p25, p75} <= set(rows.columns):
        layers.append(lie.whisker(base, p25, p75, strokeWidth=6, color="#5f94b0"))
    dot = lie.dot(base, p50, size=70, fill=theme.MEDIAN, stroke=theme.PAPER, strokeWidth=1)
    persons = [(one, f"column.{one}", "+,.0f" if zero else ",.0f") for one in ("p50", "p05", "p95")]
    when = [("year", "control.year", ".0f")] if year else []
    dot = dot.encode(tooltip=tips(words, *when, *persons))
    layers += [dot, *lie.texts(base, "datum.said")]
    if zero:
        at: Any = alt.Chart(pd.DataFrame({"zero": [0]}))
        rule = at.mark_rule(color=theme.INK, strokeWidth=1)
        layers.append(rule.encode(alt.X("zero:Q", scale=x)))
    return theme.sized(alt.layer(*layers), words, lie.height, width)


def parameter_rows(parameters: pd.DataFrame) -> pd.DataFrame:
    """Place every parameter on one axis: 0 is the prior median, ±1 the ends of its 90 % interval.

    Columns ``z_*`` are added; each side of the prior median has its own length, so a skewed prior
    still spans exactly -1 to 1. A column ``before`` is placed as well.
    """
    rows = parameters.copy()
    below = rows["prior_p50"] - rows["prior_p05"]
    above = rows["prior_p95"] - rows["prior_p50"]
    for name in {"p05", "p50", "p95", "before"} & set(rows.columns):
        away = rows[name] - rows["prior_p50"]
        side = above.where(away >= 0, below)
        rows[f"z_{name}"] = (away / side.where(side > 0)).round(4)
    rows["z_low"], rows["z_high"] = -1.0, 1.0
    return rows


def parameters(
    rows: pd.DataFrame, titles: Mapping[str, str], units: Mapping[str, str], words: Words, *,
    scale: str = "prior", width: int = WIDTH,
) -> alt.TopLevelMixin:  # fmt: skip
    """Prior and posterior of each parameter, as dot and whisker on the scale of its prior.

    ``rows`` comes from :func:`parameter_rows`; ``titles`` and ``units`` give the words of each.
    ``scale`` names what the grey bar is: ``prior``; or ``published`` beside what is simulated, with
    its figures, a diamond at ``before``, and far values drawn nearer.
    """
    told = scale == "published"
    at = ["z_p05", "z_p95"] + ["z_before"] * told
    edge = max(1.15, float(rows[at].abs().max().max()) * 1.05)
    sides = [("<", "left"), (">", "right")]
    align = {
        "condition": [{"test": f"datum.value {sign} 0", "value": side} for sign, side in sides],
        "value": "center",
    }
    ends = {"-1": f"{scale}_low", "0": f"{scale}_mid", "1": f"{scale}_high"}
    said = text_of({at: words(f"axis.{end}") for at, end in ends.items()}, "toString(datum.value)")
    lie = Rows.of(
        rows, "parameter", titles,
        alt.Scale(type="symlog" if told else "linear", domain=[-edge, edge], nice=False),
        values=[-1, 0, 1], labelAlign=align, labelExpr=said,
    )  # fmt: skip
    base = alt.Chart(rows)

    def said_of(*names: str) -> list[str]:
        written = "format(datum.{0}, abs(datum.{0}) < 1000 ? '.3~g' : ',.3~r')"  # never 1.14e+5
        return [_MINUS.format(written.format(name)) for name in names]

    figures = _figures(words, said_of("p50", "p05", "p95"), after="  ")
    figures += f" + ({NARROW} ? '' : {text_of(dict(units), 'datum.parameter')})"
    layers = [
        lie.whisker(base, "z_low", "z_high", first=True, strokeWidth=5, color="#d5d2c8"),
        lie.whisker(base, "z_p05", "z_p95", strokeWidth=1.8, color=theme.MEDIAN),
        lie.dot(base, "z_p50", size=64, fill=theme.MEDIAN),
    ]
    if told:
        middle, low, high = said_of("prior_p50", "prior_p05", "prior_p95")
        span = f"' [' + {low} + ' {words('word.to')} ' + {high} + ']'"
        beside = f"{middle} + ({NARROW} ? '' : {span})"
        figures += f" + '  ·  {words('axis.published_mid')} ' + {beside}"
        known = base.transform_filter("isValid(datum.before)")
        ink = {"stroke": theme.INK, "fill": theme.PAPER, "strokeWidth": 1.2}
        layers.append(lie.dot(known, "z_before", shape="diamond", size=56, **ink))
    chart = alt.layer(*layers, *lie.texts(base, figures))
    return theme.sized(chart, words, lie.height, width)


def strip(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, unit: str = "",
    percent: bool = False, claimed: float | None = None, width: int = WIDTH,
) -> alt.TopLevelMixin:  # fmt: skip
    """Robustness strip: the answer first, then what it becomes when it is asked in other ways.

    Parameters
    ----------
    rows : ``name, estimate, low, high, main``; null bounds are drawn as a dot without whisker, a
        null estimate as words only. ``main`` marks the answer itself.
    titles : Name -> what was asked, in the order of the rows.
    unit : Words after the figures.
    percent : Figures are shares, written as per cent.
    claimed : What was claimed: a rule with a label.
    """
    drawn = rows[["name", "estimate", "low", "high", "main"]].reset_index(drop=True)
    values = drawn[["low", "high", "estimate"]]
    ends = [float(values.min().min()), float(values.max().max()), 0.0]
    ends += [] if claimed is None else [claimed]
    low, high = min(ends), max(ends)
    room = 0.05 * max(high - low, 1e-9)  # none below zero where nothing is: names stand there
    x = alt.Scale(domain=[low - room if low < 0 else 0, high + room], nice=False, zero=False)

    def written(value: str) -> str:
        """Vega expression that writes a value: counts whole, since a claim may turn on a digit."""
        share = f"format({value} * 100, '+,.3~r') + '\u00a0%'"
        count = f"format({value}, abs({value}) < 1000 ? ',.3~r' : ',.0f')"
        text = share if percent else count
        return f"({value} == 0 ? '0' : {_MINUS.format(text)})"

    lie = Rows.of(drawn, "name", titles, x, tickCount=6, labelExpr=written("datum.value"))
    inside = f"{written('datum.low')} + ' {words('word.to')} ' + {written('datum.high')}"
    interval = f"isValid(datum.low) ? '  [' + {inside} + ']' : ''"
    end = f" + ' {unit}'" if unit else ""
    figures = (
        f"isValid(datum.estimate) ? {written('datum.estimate')} + ({interval})"
        f"{end} : '{words('strip.none')}'"
    )

    def of_main(mine: Any, other: Any) -> Any:
        return alt.condition("datum.main", alt.value(mine), alt.value(other))

    base: Any = alt.Chart(drawn)
    colour = of_main(theme.MEDIAN, MINOR)
    told = base.transform_filter("isValid(datum.estimate)")
    layers = [
        *_rules(x, claimed, words, lie.height, right=claimed is not None and claimed > high / 2),
        lie.whisker(base, "low", "high", first=True).encode(
            color=colour, strokeWidth=of_main(3, 1.6)
        ),
        lie.dot(told, "estimate", stroke=theme.PAPER, strokeWidth=1).encode(
            fill=colour, size=of_main(90, 52), shape=of_main("circle", "diamond")
        ),
        *lie.texts(base, figures, halo=True),
    ]
    return theme.sized(alt.layer(*layers), words, lie.height + _FOOT, width)


def _rules(
    x: alt.Scale, claimed: float | None, words: Words, height: int, *, right: bool
) -> list[Any]:
    """A rule at zero, and one at what was claimed, its label to the left where it is ``right``."""
    marks = [(0.0, "")] + ([] if claimed is None else [(claimed, words("strip.claimed"))])
    layers: list[Any] = []
    for value, label in marks:
        one: Any = alt.Chart(pd.DataFrame({"at": [value], "label": [label]}))
        ink, dash = (theme.SERIES[2], [4, 3]) if label else (theme.INK, [1, 0])
        at, foot = alt.X("at:Q", scale=x), alt.value(height - 2)
        rule = one.mark_rule(color=ink, strokeDash=dash)
        layers.append(rule.encode(at, y=alt.value(0), y2=alt.value(height)))
        if label:
            align, dx = ("right", -4) if right else ("left", 4)
            text = one.mark_text(color=ink, dy=_FOOT / 2, dx=dx, align=align, fontSize=12)
            layers.append(text.encode(at, y=foot, text="label:N"))
    return layers


def sensitivity(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """How much of the doubt of a result comes from each parameter or mechanism.

    Parameters
    ----------
    rows : ``name, first, first_lo, first_hi, total, total_lo, total_hi``; shares of the variance.
        ``first`` is what a parameter brings by itself, ``total`` also what it brings together with
        others. Estimates below zero are drawn as zero.
    titles : Name -> words; the order of the rows is that of ``total``, largest first.
    """

    def share(value: str) -> str:
        return f"format({value} * 100, '.0f') + '\u00a0%'"

    drawn = rows.reset_index(drop=True)
    shares = drawn.columns.drop("name")
    drawn[shares] = drawn[shares].clip(lower=0)  # no share is negative: the estimate of one may be
    named = drawn.sort_values("total", ascending=False)["name"]
    top = max(float(drawn[["total_hi", "first_hi", "total"]].max().max()), 0.05)
    x = alt.Scale(domain=[0, top * 1.02], nice=False)
    lie = Rows.of(
        drawn, "name", {name: titles.get(name, name) for name in named}, x,
        tickCount=6, labelExpr=share("datum.value"),
    )  # fmt: skip
    base: Any = alt.Chart(drawn)
    layers: list[Any] = []
    for kind, colour, down in (("total", theme.BAND_50, 0), ("first", theme.MEDIAN, 8)):
        bar = base.mark_bar(color=colour, height=8, yOffset=lie.down + down)
        layers += [
            bar.encode(alt.X(f"{kind}:Q", scale=x, axis=lie.axis), lie.y),
            lie.whisker(base, f"{kind}_lo", f"{kind}_hi", down=down, color=theme.INK),
        ]
    said = (
        f"'{words('sensitivity.total')} ' + {share('datum.total')} + "
        f"', {words('sensitivity.first')} ' + {share('datum.first')}"
    )
    chart = alt.layer(*layers, *lie.texts(base, said))
    return theme.sized(chart, words, lie.height + 10, width)


def tenths(rows: pd.DataFrame, words: Words) -> alt.TopLevelMixin:
    """Share of outcomes in each tenth of what was forecast, with a rule where all would be equal.

    ``rows`` has ``tenth`` (1 to 10) and ``share``.
    """
    top = max(0.2, float(rows["share"].max()) * 1.15)
    share = alt.Axis(title=None, labelExpr="format(datum.value * 100, '.0f') + '\u00a0%'")
    ends = {"1": words("tenths.low"), "10": words("tenths.high")}
    label = f"({text_of(ends)}) || (datum.value == 9 && {NARROW} ? '' : datum.value)"
    side = {"test": "datum.value == 10", "value": "right"}
    align = {"condition": [{"test": "datum.value == 1", "value": "left"}, side], "value": "center"}
    axis = alt.Axis(title=None, labelAngle=0, ticks=False, labelExpr=label, labelAlign=align)
    y = alt.Y("share:Q", scale=alt.Scale(domain=[0, top], nice=False), axis=share)
    bars = alt.Chart(rows).mark_bar(color=theme.BAND_50, stroke=theme.MEDIAN, strokeWidth=0.6)
    even: Any = alt.Chart(pd.DataFrame({"share": [0.1]})).mark_rule(
        color=theme.INK, strokeDash=[5, 3]
    )
    x = alt.X("tenth:O", axis=axis, scale=alt.Scale(paddingInner=0.08, paddingOuter=0.04))
    return theme.sized(alt.layer(bars.encode(x, y), even.encode(y)), words, 220)


def rank(rates: pd.DataFrame) -> pd.DataFrame:
    """Sort places by rate, with the 90 % interval of each and the positions it leaves open.

    No league table: an order of rates says little where the intervals share values, so every place
    also has the range of positions that its interval leaves open.

    Parameters
    ----------
    rates : ``place, persons, population`` of one period; unknowns and places with too few people
        are left out.

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
    rows["rate"] = (rows["persons"] * per).round(series.KEPT)
    rows["low"] = (pd.Series(chi2.ppf(0.05, 2 * rows["persons"]), rows.index).fillna(0) / 2) * per
    rows["high"] = chi2.ppf(0.95, 2 * rows["persons"] + 2) / 2 * per
    rows[["low", "high"]] = rows[["low", "high"]].round(series.KEPT)
    rows["from"] = [int((rows["low"] > high).sum()) + 1 for high in rows["high"]]
    rows["to"] = [len(rows) - int((rows["high"] < low).sum()) for low in rows["low"]]
    return rows.sort_values(["rate", "place"], ascending=[False, True], ignore_index=True)[_COLUMNS]


def ranked(
    rows: pd.DataFrame, names: Mapping[str, str], words: Words, *, width: int = WIDTH
) -> alt.TopLevelMixin:
    """Names, dots with whiskers, and figures, one line a place.

    ``rows`` comes from :func:`rank`.
    """
    drawn = rows.assign(y=[index * _PLACE_ROW + 12 for index in range(len(rows))])
    scale = alt.Scale(
        domain=[0, float(rows["high"].max()) * 1.02], nice=False, rangeMin=_LEFT,
        rangeMax=alt.ExprRef(f"width - ({NARROW} ? 86 : {_RIGHT})"),
    )  # fmt: skip
    base: Any = alt.Chart(drawn).transform_calculate(
        name=text_of(names, "datum.place"),
        figure=f"format(datum.rate, ',.1f') + ({NARROW} ? '' : "
        "'  [' + format(datum.low, ',.1f') + '–' + format(datum.high, ',.1f') + ']')",
        position="datum.from == datum.to ? '' + datum.from : datum.from + '–' + datum.to",
    )
    y = theme.pixels("y")
    low = alt.X(
        "low:Q", scale=scale, axis=alt.Axis(title=None, grid=True, tickCount=4, format=",.0f")
    )
    right = alt.ExprRef(f"width - ({NARROW} ? 80 : {_RIGHT - 6})")

    def text(column: str, x: Any, align: Any, **look: Any) -> Any:
        drawn = base.mark_text(align=align, fontSize=12, baseline="middle", **look)
        return drawn.encode(x=alt.value(x), y=y, text=f"{column}:N")

    layers = [
        text("name", 0, "left"),
        base.mark_rule(strokeWidth=1.8, color=theme.MEDIAN).encode(low, alt.X2("high:Q"), y),
        base.mark_point(filled=True, opacity=1, size=46, fill=theme.MEDIAN).encode(
            alt.X("rate:Q", scale=scale), y
        ),
        text("figure", right, "left", color=theme.SECONDARY),
        text("position", alt.ExprRef("width"), "right", color=theme.SECONDARY),
    ]
    return theme.sized(alt.layer(*layers), words, len(rows) * _PLACE_ROW + 4, width)
