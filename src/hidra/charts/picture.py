"""Charts for Python and notebooks: a table in, an Altair chart out, drawn where no network is.

``Study.map``, ``Study.plot``, ``Run.map`` and ``Run.plot`` are short ways to these.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hidra.charts import cell, chart, interval, map, places, sections, series, summary
from hidra.charts.theme import Language
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.errors import SpecError, unknown
from hidra.data import panel, reference

if TYPE_CHECKING:
    import altair as alt

Tables = Mapping[str, pd.DataFrame]


def offline() -> None:
    """Let charts show in notebooks without a network, unless the user has chosen another way.

    Altair's default asks a content network for its scripts; with ``inline`` they come from the
    installed ``vl-convert-python`` and lie in the notebook.
    """
    import altair

    if altair.renderers.active == "default":
        altair.renderers.enable("html", template="inline")
        altair.data_transformers.disable_max_rows()


def shown(drawn: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """Return a chart, ready to be shown in a notebook without a network."""
    offline()
    return drawn


def records(measure: str) -> pd.DataFrame:
    """Return the panel rows of a measure, of states and nation, and of those who live there.

    Raises
    ------
    SpecError
        When there is no such measure.
    """
    rows = panel.rows([measure, "population"])
    return rows[rows["place"].str.len() == 2].reset_index(drop=True)


def map_of(
    rows: pd.DataFrame, measure: str, *, year: int | None = None, language: Language = "es"
) -> alt.TopLevelMixin:
    """Draw the yearly rate of the states.

    Parameters
    ----------
    rows : DataFrame
        Panel rows of `measure` and of ``population``.
    year : int, optional
        Year shown first; the last full one otherwise.
    """
    words = Words(language)
    mine = rows[(rows["measure"] == measure) & rows["place"].map(place.is_state)]
    rates = cell.rates(mine, series.population(rows))
    known = rates.loc[rates["rate"].notna(), "year"]
    if known.empty:
        raise SpecError(
            "There is no full year of this measure to map.",
            where=f"measure {measure}",
            fix="Choose a measure with monthly or yearly counts: hidra data status",
        )
    outlines = place.outlines()["features"]
    return shown(
        map.choropleth(
            rates, outlines, places.names(language), words, year=year or int(known.max()),
            counted=label_of(measure, language),
        )
    )  # fmt: skip


def label_of(measure: str, language: Language) -> str:
    """Words of a measure: those of the built-in table, else its name."""
    rows = reference.table("measure").set_index("measure")[f"label_{language}"]
    return str(rows.get(measure, measure))


def plot_of(
    rows: pd.DataFrame, measure: str, where: str = "00", *, language: Language = "es"
) -> alt.TopLevelMixin:
    """Draw the months of a measure in one place; the line is cut at gaps and changes of method.

    Parameters
    ----------
    rows : DataFrame
        Panel rows.
    where : str
        Code, name or abbreviation of a state; ``00`` the nation.
    """
    words, code = Words(language), "00" if where == "00" else place.find(where).code
    mine = series.monthly(rows, (measure,))
    mine = series.national(mine) if code == "00" else mine[mine["place"] == code]
    breaks = reference.table("method_break")
    cut = series.segmented(mine, breaks)
    if cut.empty:
        raise SpecError(
            "There are no months of this measure in this place.",
            where=f"measure {measure}, place {code}",
            fix="Choose another: hidra data status",
        )
    marks = sections.break_marks(breaks, {measure}, words)
    marks = marks[marks["month"].between(cut["month"].min(), cut["month"].max())]
    columns = ["measure", "month", "value", "status", "segment"]
    label = label_of(measure, language)
    return shown(chart.sources(cut[columns], marks, {measure: label}, words, counted=label))


def fan_of(
    tables: Tables,
    meta: Mapping[str, Any],
    *,
    scenario: str = "no_change",
    measure: str = summary.MAIN,
    where: str = "00",
    language: Language = "es",
) -> alt.TopLevelMixin:
    """Draw simulated bands of one scenario, measure and place over the observed months."""
    words, code = Words(language), "00" if where == "00" else place.find(where).code
    known = tables["summary"]
    for name, value in (("scenario", scenario), ("measure", measure)):
        if value not in set(known[name]):
            raise unknown(name, value, sorted(set(known[name])), where="run")
    if scenario == "no_change":
        band = series.model_band(known, measure, (code,))
    else:
        band = series.fan(known, scenario, measure, code).assign(part="projection")
    seen = series.monthly(tables["observed"], (measure,))
    seen = series.national(seen) if code == "00" else seen[seen["place"] == code]
    seen = seen[["month", "value", "status"]].rename(columns={"value": "observed"})
    rows = band.merge(seen, on="month", how="left")
    marks = sections.break_marks(tables.get("breaks", _NO_BREAKS), {measure}, words)
    marks = marks[marks["month"].between(rows["month"].min(), rows["month"].max())]
    held = sections.held_out(meta) if scenario == "no_change" else None
    if held:
        label = pd.DataFrame({"month": [held[0]], "label": [words("mark.held_out")]})
        marks = pd.concat([label, marks], ignore_index=True)
    return shown(chart.fan(rows, marks, words, held_out=held))


_NO_BREAKS = pd.DataFrame(columns=["measure", "month"])


def rates_of(
    tables: Tables,
    *,
    scenario: str = "no_change",
    year: int | None = None,
    language: Language = "es",
) -> alt.TopLevelMixin:
    """Draw the yearly rates of the states, observed and simulated, with a choice of the two."""
    words = Words(language)
    rates = sections.yearly_rates(tables, scenario)
    if rates.empty:
        raise unknown("scenario", scenario, sorted(set(tables["summary"]["scenario"])), where="run")
    known = rates[rates["rate"].notna()]
    first = known.loc[known["kind"] == rates["kind"].iloc[0], "year"]  # what the map opens with
    year = year or int((first if len(first) else known["year"]).max())
    outlines = place.outlines()["features"]
    return shown(map.choropleth(rates, outlines, places.names(language), words, year=year))


def differences_of(
    table: pd.DataFrame,
    titles: Mapping[str, str],
    *,
    measure: str = summary.EXPECTED,
    where: str = "00",
    language: Language = "es",
) -> alt.TopLevelMixin:
    """Draw paired differences from no change, with a slider of years.

    Parameters
    ----------
    table : DataFrame
        From `hidra.run.summary.difference`: ``scenario, place, year, measure``, quantiles.
    titles : mapping
        Scenario -> title, in the order of the rows.
    """
    code = "00" if where == "00" else place.find(where).code
    rows = table[(table["place"] == code) & (table["measure"] == measure)]
    rows = rows[rows["scenario"].isin(list(titles))]
    if rows.empty:
        raise unknown("measure", measure, sorted(set(table["measure"])), where="table")
    return shown(interval.differences(rows.reset_index(drop=True), titles, Words(language)))
