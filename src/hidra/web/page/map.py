"""The map: one measure in every place, month by month, with its table beside it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd

from hidra.charts import cell, maps, series
from hidra.charts.block import Block, Section, described
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.report.blocks import cell_codes
from hidra.web import atlas
from hidra.web.records import cited, counted, titled
from hidra.web.site import AbsentError, Ask, View

LEVELS = ("state", "municipality")
COLUMNS = ["place", "month", "rate", "persons", "population", "status", "cell"]


class Shown(NamedTuple):
    """What a link asks of the map: a measure summed over a span, of a level or one state."""

    found: atlas.Atlas
    measure: str
    span: str
    level: str
    month: str
    state: str


def view(ask: Ask) -> View:
    """Return the map of a month.

    Raises
    ------
    SpecError
        The link asks for a measure that is not there. AbsentError : for a month that is not.
    """
    words = ask.words
    shown = _asked(ask)
    found, measure, span, level, month, state = shown
    known = atlas.names(level, ask.language)
    names = {code: name for code, name in known.items() if code.startswith(state)}
    block = _block(shown, names, words)
    if level == "municipality" and not state:  # two towns of one name are told apart
        names = {one: f"{name}, {place.find(one[:2]).abbr}" for one, name in names.items()}
    states = [(code, atlas.name_of(code, ask.language)) for code in maps.alphabetical(ask.language)]
    rows, drawing = found.at(month, state), atlas.drawn(level, state)
    return View(
        words("page.map"),
        words("map.page.lead"),
        [Section("map", block.title, blocks=[block])],
        template="map.html.j2",
        state={"measure": measure, "span": span, "level": level, "month": month, "estado": state},
        more={
            **shown._asdict(),
            "block": block,
            "names": names,
            "levels": LEVELS,
            "svg": atlas.coloured(drawing, rows, found.limits),
            "inset": drawing.window,
            "states": states if level == "municipality" else [],
            "measures": [(one, titled("map.measure", one, words)) for one in atlas.measures(level)],
            "counted": words(f"map.counted.{counted(measure)}"),
            "rows": _rows(rows, names),
            "key": key(found.limits, words),
            "words_for_script": _script(words, ask, span, counted(measure)),
        },
    )


def _asked(ask: Ask) -> Shown:
    """Return what a link asks for: what it leaves open, and what its level lacks, is chosen."""
    every = atlas.every()
    wanted = ask.choice("measure", every, every[0])
    level = ask.choice(
        "level", LEVELS, next(one for one in LEVELS if wanted in atlas.measures(one))
    )
    there = atlas.measures(level)
    measure = wanted if wanted in there else there[0]  # the reader came from the other level
    span = ask.choice("span", atlas.SPANS, "12") if level == "state" else "12"
    found = atlas.atlas(measure, span, level)
    if not found.months:
        raise SpecError(
            _("No records of this measure at this level."),
            where=_("link"),
            fix=_("Choose another measure."),
        )
    month = ask.month("month", found.months[-1])
    if level == "municipality":  # a month a year: the last one that has ended
        month = max((one for one in found.months if one <= month), default=found.months[0])
    if month not in found.months:
        raise AbsentError(
            _("There is no map of {month}.", month=month),
            where=_("link"),
            fix=_(
                "Choose a month from {first} to {last}.",
                first=found.months[0],
                last=found.months[-1],
            ),
        )
    state = ask.choice("estado", ("", *series.STATES), "") if level == "municipality" else ""
    return Shown(found, measure, span, level, month, state)


def _block(shown: Shown, names: dict[str, str], words: Words) -> Block:
    """Return the month as a chart of its own, for whoever takes it away."""
    found, measure, span, level, month, state = shown
    rows = found.at(month, state)[COLUMNS]
    outlines = atlas.features(level, state)
    drawn = rows.assign(year=int(month[:4]), kind="observed")
    block = described(
        "map", words, "map.page", title=titled("map.title", measure, words),
        subtitle=words(f"map.span.{span}", month=words.month(month)),
        chart=maps.choropleth(
            drawn, outlines, names if level == "state" else {}, words,
            limits=found.limits, counted=words(f"map.counted.{counted(measure)}"),
        ),
        data=rows, columns=("place", "month", "rate"),
        heads={"persons": words(f"map.counted.{counted(measure)}"),
               **{name: words(f"map.column.{name}") for name in ("population", "status", "cell")}},
        codes={**cell_codes(words), **names},
        layout=_layout(level, state, outlines),
    )  # fmt: skip
    return cited(block, found.sources, words)


def _layout(level: str, state: str, outlines: list[dict[str, Any]]) -> dict[str, Any]:
    """Return how the picture of a level, or of one state, is fitted."""
    ratio = maps.HEIGHT / maps.WIDTH
    if level == "state":
        return {"kind": "map", "ratio": ratio}
    if state:
        return {"kind": "keyed", "ratio": maps.height_share(outlines), "key": maps.KEY}
    return {"kind": "inset", "ratio": ratio, "inset": maps.INSET}


def _rows(rows: pd.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of the table beside the map, in the order of names."""
    known = rows[rows["place"].isin(list(names))]
    named = known.assign(name=known["place"].map(names)).sort_values("name")
    return [{str(key): value for key, value in row.items()} for row in named.to_dict("records")]


def key(limits: list[float], words: Words) -> list[tuple[str, str, str]]:
    """Return code, fill and words of every kind of cell, from little to much."""
    edges = [f"{limit:g}" for limit in limits]
    labels = [f"< {edges[0]}", *(f"{a}–{b}" for a, b in pairwise(edges)), f"≥ {edges[-1]}"]
    classes = [(str(at), cell.CLASSES[at], label) for at, label in enumerate(labels)]
    return [
        ("zero", cell.ZERO, words("cell.zero")), *classes,
        ("few", "url(#few)", words("cell.few")),
        ("no_report", "url(#hatch)", words("cell.no_report")),
    ]  # fmt: skip


def _script(words: Words, ask: Ask, span: str, unit: str) -> dict[str, Any]:
    """Return the words that the script writes into the page."""
    months = [words.month(f"2000-{number:02d}").removesuffix("2000") for number in range(1, 13)]
    return {
        "months": [name.strip() for name in months],
        "when": words(f"map.span.{span}", month="{month}"),
        "rate": words(f"map.say.{unit}", rate="{rate}", persons="{persons}"),
        "unknown": words("map.say.unknown"),
        "few": words("map.say.few"),
        "open": words("map.say.open"),
        "place": ask.address("place", "CODE"),
    }
