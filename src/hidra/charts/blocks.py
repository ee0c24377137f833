"""Charts of places as blocks: with words, source and exactly the rows they draw.

Each function takes tidy rows and gives a :class:`~hidra.charts.block.Block` for page and report
alike. ``title`` and ``measure`` are words in the reader's language; ``source`` is a whole line
(:func:`hidra.charts.block.source_line`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hidra.charts import cell, coverage, map, places, ranked, tiles, whisker
from hidra.charts.block import Block
from hidra.charts.words import Words
from hidra.core import place

_RATES = ["place", "year", "cell", "persons", "population", "rate", "mean", "status"]


def cell_codes(words: Words) -> dict[str, str]:
    """Words of the kinds of a cell and of the statuses."""
    kinds = ("value", "zero", "few", "no_report", "part")
    status = {name: words(f"status.{name}") for name in ("final", "provisional", "undercount")}
    return status | {kind: words(f"cell.{kind}") for kind in kinds}


def _columns(names: Sequence[str], words: Words) -> dict[str, str]:
    return {name: words(f"column.{name}") for name in names}


def hex_states(
    rates: pd.DataFrame, words: Words, *, year: int, title: str, measure: str, source: str
) -> Block:
    """The states of one year as hexagons of one size.

    ``rates`` comes from :func:`cell.rates`; other places than states are left out.
    """
    rows = rates[(rates["year"] == year) & rates["place"].map(place.is_state)]
    rows = rows[_RATES].reset_index(drop=True)
    names = places.names(words.language)
    listed = len(cell.entries(cell.limits(rows["rate"]), cell.present(rows), words))
    return Block(
        name="states_hex",
        title=title,
        subtitle=words("cells.subtitle", measure=measure, first=year),
        reading=words("tiles.reading"),
        source=source,
        chart=tiles.hexagons(rows, names, words),
        data=rows,
        columns=_columns(_RATES, words),
        codes=names | cell_codes(words),
        layout={"kind": "tiles", "ratio": tiles.RATIO, "key": cell.LINE * listed},
    )


def municipalities(
    rates: pd.DataFrame,
    outlines: Sequence[dict[str, Any]],
    words: Words,
    *,
    title: str,
    measure: str,
    source: str,
    state: str | None = None,
    year: int | None = None,
) -> Block:
    """All municipalities, with the centre again beside them, or those of one state.

    Parameters
    ----------
    rates : pandas.DataFrame
        From :func:`cell.rates`; one year, or several for a slider.
    outlines : sequence of dict
        From :func:`hidra.data.geography.municipal`. Where it is empty the states are drawn, as
        hexagons, and the reading help says why: ``rates`` should then hold the states too.
    state : str, optional
        Code of the state to draw by itself.
    """
    year = year or int(rates["year"].max())
    drawn = [one for one in outlines if state in (None, one["id"][:2])]
    if not drawn:
        block = hex_states(rates, words, year=year, title=title, measure=measure, source=source)
        reading = f"{words('atlas.no_outlines')} {block.reading}"
        return Block(**{**vars(block), "reading": reading})
    known = {one["id"]: one["properties"]["name"] for one in drawn}
    rows = rates[rates["place"].isin(set(known))][_RATES].reset_index(drop=True)
    limits = cell.limits(rates.loc[rates["place"].str.len() == 5, "rate"])
    return Block(
        name=f"municipalities_{state}" if state else "municipalities",
        title=title,
        subtitle=words("cells.subtitle", measure=measure, first=_span(rows)),
        reading=words("atlas.reading"),
        source=source,
        chart=map.choropleth(rows, drawn, {}, words, year=year, limits=limits),
        data=rows,
        columns=_columns(_RATES, words),
        codes=known | cell_codes(words),
        layout={"kind": "inset", "ratio": map.HEIGHT / map.WIDTH, "inset": map.INSET}
        if state is None
        else {"kind": "keyed", "ratio": map.height_share(drawn), "key": map.KEY},
    )


def _span(rows: pd.DataFrame) -> str:
    first, last = int(rows["year"].min()), int(rows["year"].max())
    return str(first) if first == last else f"{first}–{last}"


def calendar(
    rows: pd.DataFrame,
    breaks: pd.DataFrame,
    labels: Mapping[str, str],
    words: Words,
    *,
    years: Sequence[int],
    by: str = "measure",
    title: str,
    source: str,
) -> Block:
    """What was reported in each year, by register or by place (``by``).

    ``labels`` maps each row of the calendar, measure or place code, to its words, in order.
    """
    cells = coverage.calendar_cells(rows, breaks, years, by=by, expected=list(labels))
    return Block(
        name=f"calendar_{by}",
        title=title,
        subtitle=words("calendar.subtitle", first=min(years), last=max(years)),
        reading=words("calendar.reading"),
        source=source,
        chart=coverage.calendar(cells, labels, words, above=by == "measure"),
        data=cells,
        columns=_columns(list(cells.columns), words),
        codes=dict(labels) | cell_codes(words),
        layout={"kind": "rows"},
    )


def sorted_places(
    rates: pd.DataFrame, words: Words, *, year: int, title: str, measure: str, source: str
) -> Block:
    """States sorted by rate, with intervals and the positions that these leave open."""
    rows = rates[(rates["year"] == year) & rates["place"].map(place.is_state)]
    rows = ranked.rank(rows)
    names = places.names(words.language)
    return Block(
        name="ranked",
        title=title,
        subtitle=words("cells.subtitle", measure=measure, first=year),
        reading=words("ranked.reading"),
        source=source,
        chart=ranked.ranked(rows, names, words),
        data=rows,
        columns=_columns(list(rows.columns), words),
        codes=names,
        layout={"kind": "rows"},
    )


def robustness(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
    *,
    title: str,
    subtitle: str,
    source: str,
    name: str = "robustness",
    unit: str = "",
    percent: bool = False,
    claimed: float | None = None,
) -> Block:
    """An answer and what it becomes when it is asked in other ways (:func:`whisker.strip`)."""
    columns = ["name", "estimate", "low", "high", "main"]
    rows = rows[columns].reset_index(drop=True)
    return Block(
        name=name,
        title=title,
        subtitle=subtitle,
        reading=words("strip.reading"),
        source=source,
        chart=whisker.strip(rows, titles, words, unit=unit, percent=percent, claimed=claimed),
        data=rows,
        columns=_columns(columns, words) | {"name": words("column.variant")},
        codes=dict(titles),
        layout={"kind": "rows"},
    )


def sensitivity(
    rows: pd.DataFrame,
    titles: Mapping[str, str],
    words: Words,
    *,
    title: str,
    subtitle: str,
    source: str,
) -> Block:
    """How much of the doubt of a result each parameter brings (:func:`whisker.sensitivity`)."""
    columns = ["name", "first", "first_lo", "first_hi", "total", "total_lo", "total_hi"]
    rows = rows[columns].sort_values("total", ascending=False, ignore_index=True)
    return Block(
        name="sensitivity",
        title=title,
        subtitle=subtitle,
        reading=words("sensitivity.reading"),
        source=source,
        chart=whisker.sensitivity(rows, titles, words),
        data=rows,
        columns=_columns(columns, words) | {"name": words("column.parameter")},
        codes=dict(titles),
        layout={"kind": "rows"},
    )
