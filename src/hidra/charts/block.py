"""What a page is made of: sections, and chart blocks that always carry words, source and data.

Page and report share these; only the templates that print them differ.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import altair as alt
import pandas as pd

from hidra.charts.words import Words, local


@dataclass(frozen=True)
class Axis:
    """What one direction of a chart tells; on a map, what its places and colours tell.

    Attributes
    ----------
    kind : ``time`` (months or years on a scale of time), ``quantity``, ``place``, or ``name`` for
        rows of other named things (scenarios, parameters, registers).
    column : Column of the block's data that it shows.
    unit : Unit in words of the reader's language; empty where there is none.
    """

    kind: Literal["time", "quantity", "place", "name"]
    column: str
    unit: str = ""


#: Begins the description of a mark that stands for a row of the data: ``key:place=25``.
KEY = "key:"


@dataclass(frozen=True)
class Block:
    """A chart with everything a reader needs to judge it.

    Attributes
    ----------
    name : Short ASCII name: anchor, file name and key of the chart.
    title, subtitle, reading, source : str
        Subject; measure, unit and period; one sentence of help; publisher, dataset, date, gaps.
    brief : The source in a line, where a page shows the whole of it only when asked.
    axes : What its directions tell, so that nobody has to guess it from the drawing.
    sources : Names, in the catalogue, of the tables it rests on; ``source`` is their printed line.
    chart : The chart.
    data : Exactly the rows the chart draws: table twin and CSV are made of them.
    columns : Column of ``data`` -> its words, in order.
    codes : Code found in ``data`` -> its words, for the table that people read.
    layout : How the page may refit the chart: ``kind`` (``plain``, ``rows``, ``map``, ``panels``)
        and its options.
    """

    name: str
    title: str
    subtitle: str
    reading: str
    source: str
    chart: alt.TopLevelMixin
    data: pd.DataFrame
    columns: Mapping[str, str]
    codes: Mapping[str, str] = field(default_factory=dict)
    layout: Mapping[str, Any] = field(default_factory=lambda: {"kind": "plain"})
    brief: str = ""
    axes: Sequence[Axis] = ()
    sources: Sequence[str] = ()


def described(
    name: str, words: Words, key: str, fill: Mapping[str, object] | None = None, *,
    columns: Sequence[str] = (), heads: Mapping[str, str] | None = None, **given: Any,
) -> Block:  # fmt: skip
    """Return a block with the words kept under ``key.title``, ``key.subtitle``, ``key.reading``.

    Parameters
    ----------
    fill : What fills the gaps in title and subtitle.
    columns : Columns shown; their words are kept under ``column.NAME``.
    heads : Column -> other words than those kept.
    given : what else a :class:`Block` has, or other words than those kept.
    """
    said = {
        part: words(f"{key}.{part}", **(fill or {}))
        for part in ("title", "subtitle", "reading")
        if part not in given
    }
    given = {"source": ""} | said | given
    return Block(name=name, columns=columns_of(columns, words) | dict(heads or {}), **given)


def columns_of(names: Sequence[str], words: Words) -> dict[str, str]:
    """Words of the columns that a table of data shows."""
    return {name: words(f"column.{name}") for name in names}


@dataclass(frozen=True)
class Table:
    """A small table of words: column heads and rows of text; a page may fold it."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    folded: bool = False

    def spoken(self) -> Table:
        """Return the table without the columns that are silent (–) in every row."""
        kept = [at for at in range(len(self.heads)) if any(row[at] != "–" for row in self.rows)]
        rows = [[row[at] for at in kept] for row in self.rows]
        return replace(self, heads=[self.heads[at] for at in kept], rows=rows)


@dataclass(frozen=True)
class Section:
    """A part of the page, in reading order: banner, paragraphs, blocks, tables, the rest.

    A section of the report takes name and title from where it is registered. There, what follows
    the first paragraph and the first ``shown`` charts is folded.
    """

    name: str = ""
    title: str = ""
    banner: str = ""
    paragraphs: Sequence[str] = ()
    blocks: Sequence[Block] = ()
    notes: Sequence[str] = ()
    points: Sequence[str] = ()
    terms: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    listings: Sequence[tuple[str, str]] = ()
    files: Sequence[tuple[str, str, str]] = ()
    shown: int = 1

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it but its title."""
        return not any(
            value for key, value in vars(self).items() if key not in ("name", "title", "shown")
        )


class Store:
    """Data sets kept once for both languages, under a name made of their content."""

    def __init__(self) -> None:
        self.datasets: dict[str, dict[str, Any]] = {}

    def add(self, records: Sequence[Mapping[Any, Any]]) -> str:
        """Keep ``records`` by column and return their name."""
        columns = list(dict.fromkeys(key for record in records for key in record))
        rows = [[_plain(record.get(column)) for column in columns] for record in records]
        kept = {"columns": columns, "rows": rows}
        text = json.dumps(kept, sort_keys=True, ensure_ascii=False)
        name = "d" + hashlib.sha256(text.encode()).hexdigest()[:12]
        self.datasets[name] = kept
        return name

    def frame(self, frame: pd.DataFrame) -> str:
        """Keep a frame and return its name."""
        return self.add(frame.to_dict("records"))

    def lift(self, chart: alt.TopLevelMixin) -> dict[str, Any]:
        """Return the specification of ``chart`` with its data moved here and its theme left out."""
        with alt.data_transformers.enable("default", max_rows=None):
            spec: dict[str, Any] = chart.to_dict(validate=False)  # tests do
        given = spec.pop("datasets", {})
        names = {}
        for name, rows in given.items():  # a chart holds outlines as text
            names[name] = self.add(json.loads(rows) if isinstance(rows, str) else rows)
        spec = {key: part for key, part in spec.items() if key not in ("config", "$schema")}
        _rename(spec, names)
        return spec


def _rename(part: Any, names: Mapping[str, str]) -> None:
    """Rename data sets in place, wherever a specification refers to them."""
    if isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, dict) and data.get("name") in names:
            data["name"] = names[data["name"]]
            data.pop("format", None)  # what was text is kept as rows
        for value in part.values():
            _rename(value, names)
    elif isinstance(part, list):
        for value in part:
            _rename(value, names)


def _plain(value: Any) -> Any:
    """A value as JSON keeps it: null for unknown, no more than seven significant digits."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = float(f"{value:.7g}")
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return None if value is pd.NA or value is None else value


def published_by(row: Any, words: Words) -> str:
    """Who publishes a table, in the language where the catalogue holds words for it."""
    return words.maybe(f"publisher.{row.get('name')}", local(row, "publisher", words.language))


def source_line(
    sources: pd.DataFrame, names: Sequence[str], words: Words, *, gaps: bool | None = True
) -> str:
    """Publisher, dataset, concept, date of access and known gaps of each source named.

    With ``gaps=False`` the gaps are left to the section on data, which tells all of them, and the
    line says so; with ``gaps=None`` there is no such section either.
    """
    parts = []
    fields = ("title", "concept", "accessed", "status", "gaps")
    for _, row in sources[sources["name"].isin(list(names))].iterrows():
        title, concept, day, status, missing = (local(row, f, words.language) for f in fields)
        accessed = words("word.accessed", day=words.day(day))
        text = f"{published_by(row, words)}, {title} ({concept}), {accessed}."
        known = (status or missing) if gaps else ""
        parts.append(f"{text} {words('word.gaps')}: {known}" if known else text)
    label = words("word.sources" if len(parts) > 1 else "word.source")
    if parts and gaps is False:
        parts.append(words("word.gaps_elsewhere"))
    return f"{label}: {' '.join(parts)}" if parts else ""


def brief_line(sources: pd.DataFrame, names: Sequence[str], words: Words) -> str:
    """Who counts what, and when it was read, in one or two lines."""
    known = sources.set_index("name", drop=False)
    rows = [known.loc[name] for name in dict.fromkeys(names) if name in known.index]
    if not rows:
        return ""
    counted: dict[str, list[str]] = {}
    for row in rows:
        publisher = published_by(row, words).split(";")[0].split(" (")[0]
        concept = local(row, "concept", words.language)
        counted.setdefault(publisher, []).extend(filter(None, [concept]))
    who = [f"{one} ({'; '.join(what)})" if what else one for one, what in counted.items()]
    last = max(local(row, "accessed", words.language) for row in rows)
    label = words("word.sources" if len(who) > 1 else "word.source")
    return f"{label}: {', '.join(who)}; {words('word.accessed', day=words.day(last))}."


def simulation_line(meta: Mapping[str, Any], words: Words) -> str:
    """Version, run, draws and seed of what was simulated."""
    keys = {"version": "hidra_version", "run": "run_id", "draws": "draws", "seed": "seed"}
    return words("word.simulation", **{key: meta.get(name, "–") for key, name in keys.items()})
