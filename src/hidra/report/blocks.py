"""Charts as blocks: with words, source and exactly the rows they draw.

Each function takes tidy rows and gives a :class:`~hidra.charts.block.Block` for page and report
alike. ``title`` and ``measure`` are words in the reader's language; ``source`` is a whole line
(:func:`hidra.charts.block.source_line`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hidra.charts import cell, diagram, interval, lines, maps, series, tiles
from hidra.charts.block import Axis, Block, described
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.i18n import percent
from hidra.report import summary

_RATES = ["place", "year", "cell", "persons", "population", "rate", "mean", "status"]
OVER_RECORDS = ["month", "part", "p05", "p25", "p50", "p75", "p95", "observed", "status"]
MOST = 6  # groups drawn of a sensitivity; what the others add is said in words
SHARES = ("name", "first", "first_lo", "first_hi", "total", "total_lo", "total_hi")


def codes(words: Words, **more: str) -> dict[str, str]:
    """Words of the codes that tables hold: status, register, kind, and ``more``."""
    status = {name: words(f"status.{name}") for name in series.RANK}
    kinds = {name: words(f"map.{name}") for name in ("observed", "simulated")}
    parts = {name: words(f"part.{name}") for name in ("check", "projection")}
    measures = {measure: summary.name(measure, words) for measure in series.KILLED}
    cells = {kind: words(f"cell.{kind}") for kind in cell.KINDS if kind not in status}
    return {**status, **kinds, **parts, **cells, **measures, **more}


def cell_codes(words: Words) -> dict[str, str]:
    """Words of the kinds of a cell and of the statuses."""
    kinds = ("value", "zero", "few", "no_report", "part")
    status = {name: words(f"status.{name}") for name in series.RANK}
    return status | {kind: words(f"cell.{kind}") for kind in kinds}


def over_time(column: str, unit: str) -> tuple[Axis, Axis]:
    """Axes of a chart over time."""
    return Axis("time", "month"), Axis("quantity", column, unit)


def of_places(words: Words) -> tuple[Axis, Axis]:
    """Axes of a chart of places and the rate of each."""
    return Axis("place", "place"), Axis("quantity", "rate", words("column.rate"))


def of_names(column: str, figure: str, unit: str = "") -> tuple[Axis, Axis]:
    """Axes of rows of named things and a figure of each."""
    return Axis("name", column), Axis("quantity", figure, unit)


def hex_states(
    rates: pd.DataFrame, words: Words, *, year: int, title: str, measure: str, counted: str = "",
    **cited: Any,
) -> Block:  # fmt: skip
    """The states of one year as hexagons of one size.

    ``rates`` comes from :func:`cell.rates`, of all years: the classes are of all of them. Other
    places than states are left out. ``counted`` are the words of what is counted, people killed
    otherwise; ``cited`` holds ``source``, ``brief`` and ``sources`` of the
    block.
    """
    rates = rates[rates["place"].map(place.is_state)]
    limits = cell.limits(rates["rate"])
    rows = rates.loc[rates["year"] == year, _RATES].reset_index(drop=True)
    names = maps.state_names(words.language)
    listed = len(cell.entries(limits, cell.present(rows), words))
    return described(
        "states_hex", words, "tiles", title=title, **cited,
        subtitle=words("cells.subtitle", measure=measure, first=year),
        chart=tiles.hexagons(rows, names, words, limits=limits, counted=counted),
        data=rows, columns=_RATES, heads={"persons": counted} if counted else {},
        codes=names | cell_codes(words), axes=of_places(words),
        layout=tiles.fit(listed),
    )  # fmt: skip


def municipalities(
    rates: pd.DataFrame, outlines: Sequence[dict[str, Any]], words: Words, *, title: str,
    measure: str, source: str, state: str | None = None, year: int | None = None,
) -> Block:  # fmt: skip
    """All municipalities, with the centre again beside them, or those of one state.

    Parameters
    ----------
    rates : From :func:`cell.rates`; one year, or several for a slider.
    outlines : From :func:`hidra.data.geography.municipal`.
    state : Code of the state to draw by itself.
    """
    year = year or int(rates["year"].max())
    drawn = [one for one in outlines if state in (None, one["id"][:2])]
    known = {one["id"]: one["properties"]["name"] for one in drawn}
    rows = rates[rates["place"].isin(set(known))][_RATES].reset_index(drop=True)
    limits = cell.limits(rates.loc[rates["place"].str.len() == 5, "rate"])
    span = "–".join(str(one) for one in sorted({rows["year"].min(), rows["year"].max()}))
    return described(
        f"municipalities_{state}" if state else "municipalities", words, "atlas", title=title,
        subtitle=words("cells.subtitle", measure=measure, first=span), source=source,
        chart=maps.choropleth(rows, drawn, {}, words, year=year, limits=limits),
        data=rows, columns=_RATES, codes=known | cell_codes(words), axes=of_places(words),
        layout={"kind": "inset", "ratio": maps.HEIGHT / maps.WIDTH, "inset": maps.INSET}
        if state is None
        else {"kind": "keyed", "ratio": maps.height_share(drawn), "key": maps.KEY},
    )  # fmt: skip


def calendar(
    rows: pd.DataFrame, breaks: pd.DataFrame, labels: Mapping[str, str], words: Words, *,
    years: Sequence[int], by: str = "measure", title: str, source: str,
) -> Block:  # fmt: skip
    """What was reported in each year, by register or by place (``by``).

    ``labels`` maps each row of the calendar, measure or place code, to its words, in order.
    """
    cells = cell.calendar_cells(rows, breaks, years, by=by, expected=list(labels))
    return described(
        f"calendar_{by}", words, "calendar", title=title, source=source,
        subtitle=words("calendar.subtitle", first=min(years), last=max(years)),
        chart=cell.calendar(cells, labels, words, above=by == "measure"),
        data=cells, columns=list(cells.columns), codes=dict(labels) | cell_codes(words),
        layout={"kind": "rows"}, axes=of_names("row", "year"),
    )  # fmt: skip


def sorted_places(
    rates: pd.DataFrame, words: Words, *, year: int, title: str, measure: str, source: str
) -> Block:
    """States sorted by rate, with intervals and the positions that these leave open."""
    rows = rates[(rates["year"] == year) & rates["place"].map(place.is_state)]
    rows, names = interval.rank(rows), maps.state_names(words.language)
    return described(
        "ranked", words, "ranked", title=title, source=source,
        subtitle=words("cells.subtitle", measure=measure, first=year),
        chart=interval.ranked(rows, names, words), data=rows, columns=list(rows.columns),
        codes=names, layout={"kind": "rows"}, axes=of_places(words),
    )  # fmt: skip


def robustness(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, title: str, subtitle: str,
    source: str, name: str = "robustness", percent: bool = False,
    claimed: float | None = None,
) -> Block:  # fmt: skip
    """An answer and what it becomes when it is asked in other ways (:func:`interval.strip`)."""
    columns = ["name", "estimate", "low", "high", "main"]
    rows = rows[columns].reset_index(drop=True)
    return described(
        name, words, "strip", title=title, subtitle=subtitle, source=source,
        chart=interval.strip(rows, titles, words, percent=percent, claimed=claimed),
        data=rows, columns=columns, heads={"name": words("column.variant")}, codes=dict(titles),
        axes=of_names("name", "estimate", "%" if percent else ""), layout={"kind": "rows"},
    )  # fmt: skip


def sensitivity(
    rows: pd.DataFrame, titles: Mapping[str, str], words: Words, *, source: str,
    name: str = "sensitivity", **said: Any,
) -> Block:  # fmt: skip
    """How much of the doubt of a result each parameter brings (:func:`interval.sensitivity`).

    ``said`` holds title, subtitle and reading help where they are not those of the catalogue.
    """
    rows = rows[list(SHARES)].sort_values("total", ascending=False, ignore_index=True)
    return described(
        name, words, "sensitivity", source=source, columns=SHARES,
        heads={"name": words("column.parameter")},
        chart=interval.sensitivity(rows, titles, words), data=rows, codes=dict(titles),
        layout={"kind": "rows"}, axes=of_names("name", "total", "%"), **said,
    )  # fmt: skip


def doubt(table: pd.DataFrame, measure: str, words: Words) -> Block:
    """The ranking of the groups of one measure: all that a group does, and what it does alone.

    ``table`` is the table `sensitivity` of a run.
    """
    groups = table[table["level"] == "group"].sort_values("total", ascending=False)
    titles = summary.titles_of(groups, words)
    rows = groups.head(MOST).round(4)
    rest = [*groups["total"].iloc[MOST:], 0.0]
    others = words("sensitivity.others", others=len(rest) - 1, most=percent(max(rest)))
    return sensitivity(
        rows, titles, words, name=f"sensitivity_{measure}",
        title=words("sensitivity.title", measure=words(f"sensitivity.{measure}")),
        reading=f"{words('sensitivity.reading')} {others}", source=words("sensitivity.source"),
    )  # fmt: skip


def causes(arrows: pd.DataFrame, words: Words) -> Block:
    """The causal diagram with its words, and its arrows (the table `causes`) as a table."""
    columns = ["kind_from", "origin", "kind_to", "target", "through", "lagged"]
    rows = arrows[columns].copy()
    kinds = {k: words(f"kind.{k}") for k in ("driver", "mechanism", "flow", "state", "count")}
    rows["lagged"] = rows["lagged"].astype(bool).map({True: "yes", False: "no"})
    labels = {name: label for (_, name), label in diagram.names(arrows, words).items()}
    mechanisms = rows.loc[rows["kind_from"] == "mechanism", "origin"].nunique()
    return described(
        "causes", words, "diagram", {"mechanisms": mechanisms, "arrows": len(rows)},
        source=words("diagram.source"), chart=diagram.causal(arrows, words), data=rows,
        columns=columns, codes=kinds | labels | {one: words(one) for one in ("yes", "no")},
        layout={"kind": "rows"}, axes=(Axis("name", "origin"), Axis("name", "target")),
    )  # fmt: skip


def shifts(
    rows: pd.DataFrame, bounds: list[float], names: Mapping[str, str], words: Words, *, name: str,
    title: str, year: int, source: str,
) -> Block:  # fmt: skip
    """The paired differences of the states under one scenario in one year.

    ``rows`` has `tiles.SHIFTED`; ``bounds`` come from :func:`tiles.shift_steps`.
    """
    said = {kind: words(f"shift.{kind}") for kind in ("less", "more", "either", "unknown")}
    return described(
        name, words, "shift", {"scenario": title, "year": year}, source=source,
        heads={one: words(f"shift.column.{one}") for one in tiles.SHIFTED},
        chart=tiles.shifts(rows, bounds, words), data=rows, codes={**names, **said},
        axes=(Axis("place", "place"), Axis("quantity", "rel_p50", "%")),
        layout=tiles.fit(8),
    )  # fmt: skip


def over_records(
    band: pd.DataFrame, rows: pd.DataFrame, breaks: pd.DataFrame, meta: Mapping[str, Any],
    words: Words, *, source: str, key: str = "simulated", place: str = "", start: str = "",
    alone: pd.Series | None = None, **given: Any,
) -> Block:  # fmt: skip
    """The bands of a run over the recorded months of a place.

    Parameters
    ----------
    band : From :func:`series.model_band`, of one place.
    rows, breaks : Panel rows of the place, and ``measure, month`` of changes of method.
    meta : ``fit_until``, ``observed_until``: what the check did not see lies between.
    key : Beginning of the keys of its words.
    place : Name of the place, for the title.
    start : Month in which scenarios start, where a rule is to tell of it.
    alone : Month -> median of the model without the forecast, where it is to be drawn.
    """
    measure, columns = series.MAIN, list(OVER_RECORDS)
    joined = series.beside(band, series.monthly(rows, (measure,)))[OVER_RECORDS]
    if alone is not None:
        joined, columns = joined.assign(alone=joined["month"].map(alone)), [*columns, "alone"]
    span = str(joined["month"].min()), str(joined["month"].max())
    held = series.held_out(meta)
    marks = series.marks(
        breaks, {measure}, span, words, held_out=held[0] if held else "",
        scenarios=start, refit=series.refit(band),
    )  # fmt: skip
    first, last = (words.month(month) for month in span)
    fill = {"measure": summary.name(measure, words), "first": first, "last": last, "place": place}
    return described(
        "model", words, key, fill, source=source, columns=columns, data=joined,
        chart=lines.fan(joined, marks, words, held_out=held), codes=codes(words),
        axes=over_time("p50", words("word.persons")), **given,
    )  # fmt: skip
