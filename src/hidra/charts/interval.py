"""Charts of intervals: paired differences between scenarios, and priors beside posteriors.

Each row carries its own title and figures above its whisker, so that nothing is lost on a phone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from hidra.charts import theme
from hidra.charts.chart import WIDTH, text_of
from hidra.charts.words import Words

_ROW, _LINE = 62, 15
_TITLE_LENGTH = 42  # characters of a title that fit on a phone


def differences(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
    *,
    width: int = WIDTH,
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
        .encode(alt.X("rel_p50:Q", scale=x), y, tooltip=_difference_tooltip(words)),
        *lie.texts(base, _difference_text(words)),
        alt.Chart(pd.DataFrame({"zero": [0]})).mark_rule(color=theme.INK, strokeWidth=1)
        .encode(alt.X("zero:Q", scale=x)),
    ]  # fmt: skip
    chart = alt.layer(*layers).add_params(year)
    return theme.themed(chart.properties(width=width, height=lie.height), words.language)


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


def _difference_tooltip(words: Words) -> list[alt.Tooltip]:
    return [
        alt.Tooltip("year:Q", title=words("control.year"), format=".0f"),
        alt.Tooltip("p50:Q", title=words("column.p50"), format="+,.0f"),
        alt.Tooltip("p05:Q", title=words("column.p05"), format="+,.0f"),
        alt.Tooltip("p95:Q", title=words("column.p95"), format="+,.0f"),
    ]


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
    chart = alt.layer(*layers)
    return theme.themed(chart.properties(width=width, height=lie.height), words.language)
