"""The contract of a source: what it counts, how a file of it is known, how it becomes panel rows.

One file of this folder describes one publisher's data. A reader turns official files into the
table ``incoming`` of a DuckDB connection, in the columns of the panel, by SQL that streams; it
never touches the panel itself. A file is recognised by what is in it, never by its name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as package_files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hidra.core.i18n import _

if TYPE_CHECKING:
    import duckdb

    from hidra.data.readers import Glance

PANEL_COLUMNS: Mapping[str, str] = {
    "place": "VARCHAR",
    "month": "VARCHAR",
    "measure": "VARCHAR",
    "value": "DOUBLE",
    "source": "VARCHAR",
    "concept": "VARCHAR",
    "vintage": "VARCHAR",
    "status": "VARCHAR",
    "period": "VARCHAR",
    "unit": "VARCHAR",
}
NOTE_COLUMNS: Mapping[str, str] = {
    "file": "VARCHAR",  # name of the file, without its folder
    "row": "BIGINT",  # line in the file, header = 1; null when the note is about many rows
    "kind": "VARCHAR",  # one of NOTE_KINDS
    "n": "BIGINT",  # rows or persons concerned; null when not a count
    "detail": "VARCHAR",  # one plain sentence
}
NOTE_KINDS = (
    _("code repaired"), _("code unknown"), _("rows left out"), _("unknown date"), _("count"),
    _("break"), _("correction"), _("absent"),
)  # fmt: skip
#: What notes of this process say, by the English sentence that a table keeps of it.
SAID: dict[str, str] = {}

MEMORY = "600MB"

Period = Literal["month", "quarter", "year"]


@dataclass(frozen=True)
class Measure:
    """One thing counted: its name in the panel and what it means.

    ``unit`` is the thing counted ("persons", "case files", "tonnes", ...); ``concept`` says in
    words what a number is, so that two numbers are only compared when it is the same.
    ``persons``: whether small municipal counts are joined before they leave (``sensitive``,
    `hidra.data.privacy`) or not (``open``); unsaid, official statistics are open and those of
    somebody's own source are not.
    """

    name: str
    unit: str
    concept: str
    title: str
    period: Period = "month"
    persons: Literal["open", "sensitive"] | None = None


@dataclass(frozen=True)
class Context:
    """What a reader may know besides the file.

    Parameters
    ----------
    accessed : str
        Date of access ``YYYY-MM-DD``: the vintage of a file that does not state its own cut.
    scratch : Path
        An empty folder for unpacked files; the caller removes it.
    municipalities : mapping of str to str
        Known five-character codes and names, to repair and to report codes. Empty: not known.
    progress : callable
        Called with a short sentence and the share done (0 to 1, None when unknown).
    """

    accessed: str
    scratch: Path
    municipalities: Mapping[str, str] = field(default_factory=dict)
    progress: Callable[[str, float | None], None] = lambda words, share: None


Reader = Callable[["duckdb.DuckDBPyConnection", Sequence[Path], Context], None]


@dataclass(frozen=True)
class Source:
    """One official or open source.

    Parameters
    ----------
    access : {"open", "ask", "licence"}
        Fetched by hidra; brought by the user, who asked the authors; brought under the user's
        own licence.
    holds : {"editions", "cuts"}
        ``editions``: the files are parts (years) and all of them together make one panel
        vintage; ``read`` gets them all. ``cuts``: every file holds the whole series as known on
        its date; ``read`` gets one, and each is its own vintage.
    level : str
        Finest level: "municipality", "state", "national" or "event". Rows for the coarser
        levels come with it (states, and ``00``), including what has no municipality or state.
    recognise : callable
        Whether a file, seen by its content, is of this source.
    read : callable
        Creates tables ``incoming`` (`PANEL_COLUMNS`) and ``incoming_notes`` (`NOTE_COLUMNS`),
        and ``incoming_<name>`` for each name of ``tables``. All rows carry one vintage.
        Raises `SourceError` naming file, row and cure; the tables may then be half there.
    tables : tuple of str
        Typed tables kept beside the panel (events, places, neighbours).
    nation : {"", "sum"}
        ``sum``: the nation is the sum of its states, kept only where all 32 have rows.
    met : str
        The true file of the publisher that the reader has read, and when; empty: none yet.
    addresses : mapping of str to str
        Name of each file to fetch and where it lies; those of the official sources are in
        ``registry.csv``.
    """

    name: str
    title: str
    publisher: str
    terms: str
    citation: str
    concept: str
    cadence: str
    access: Literal["open", "ask", "licence"]
    holds: Literal["editions", "cuts"]
    level: Literal["municipality", "state", "national", "event"]
    measures: tuple[Measure, ...]
    recognise: Callable[[Glance], bool]
    read: Reader
    tables: tuple[str, ...] = ()
    homepage: str = ""
    nation: Literal["", "sum"] = ""
    met: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)

    def measure(self, name: str) -> Measure:
        """Return one measure by its panel name."""
        return next(one for one in self.measures if one.name == name)


@cache
def _words() -> dict[str, dict[str, Any]]:
    text = (package_files("hidra.data.sources") / "sources.toml").read_text("utf-8")
    return tomllib.loads(text)


def described(
    name: str, recognise: Callable[[Glance], bool], read: Reader, tables: tuple[str, ...] = ()
) -> Source:
    """Return an official source: its words are in ``sources.toml``, how it is read in the code."""
    words = dict(_words()[name])
    if "like" in words:  # what is met is not inherited
        words = dict(_words()[words.pop("like")]) | {"met": ""} | words
    persons = words.pop("persons", None)
    measures = tuple(
        Measure(one, unit, concept, title, period, persons)
        for one, unit, period, concept, title in words.pop("measures")
    )
    return Source(name, measures=measures, recognise=recognise, read=read, tables=tables, **words)


def start(con: duckdb.DuckDBPyConnection) -> None:
    """Create the empty tables ``incoming`` and ``incoming_notes``, in bounded memory.

    Thirty-five years of months of every municipality are six million rows: beyond the limit
    DuckDB writes to disk beside the panel, at little cost.
    """
    con.execute(f"SET memory_limit = '{MEMORY}'")
    for table, columns in (("incoming", PANEL_COLUMNS), ("incoming_notes", NOTE_COLUMNS)):
        spec = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({spec})")


def add_rows(con: duckdb.DuckDBPyConnection, source: Source, select: str, *, vintage: str) -> None:
    """Insert rows into ``incoming`` from a query giving place, month, measure, value, status.

    Concept, unit and period come from the measure, so that no reader can mix concepts.
    """
    facts = ", ".join(["(?, ?, ?, ?)"] * len(source.measures))
    values = [
        part for one in source.measures for part in (one.name, one.concept, one.unit, one.period)
    ]
    con.execute(
        f"""
        INSERT INTO incoming
        SELECT row.place, row.month, row.measure, row.value, ?, facts.concept, ?, row.status,
               facts.period, facts.unit
        FROM ({select}) AS row
        JOIN (VALUES {facts}) AS facts(measure, concept, unit, period) USING (measure)
        """,
        [source.name, vintage, *values],
    )


def at_every_level(towns: str, columns: str) -> str:
    """Return SQL: rows of municipalities, and again under the code of their state and the nation.

    Parameters
    ----------
    towns : query that gives ``place`` and the columns, in this order.
    """
    return (
        f"WITH towns AS ({towns}) FROM towns UNION ALL SELECT left(place, 2), {columns} FROM towns"
        f" UNION ALL SELECT '00', {columns} FROM towns"
    )


def note(
    con: duckdb.DuckDBPyConnection,
    file: str,
    kind: str,
    detail: str,
    *,
    n: int | None = None,
    row: int | None = None,
) -> None:
    """Record what a reader repaired, left out or found worth saying."""
    SAID[str(detail)] = detail
    con.execute("INSERT INTO incoming_notes VALUES (?, ?, ?, ?, ?)", [file, row, kind, n, detail])


def notes(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return what was recorded: file, row, kind, n, detail, each detail to be told in any language.

    A table keeps plain text; what was said in this process is a message again.
    """
    found = con.execute("SELECT file, row, kind, n, detail FROM incoming_notes").fetchall()
    names = ("file", "row", "kind", "n", "detail")
    return [dict(zip(names, (*row, SAID.get(last, last)), strict=True)) for *row, last in found]
