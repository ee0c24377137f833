"""One place: its registers side by side, its years, its neighbours, what was announced there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hidra.charts.block import Block, Section, Table
from hidra.charts.words import Words, rounded, whole
from hidra.core import place
from hidra.core.errors import SpecError
from hidra.data import reference
from hidra.web import records
from hidra.web.ask import AbsentError, Ask, View
from hidra.web.page import beside, followed, registers
from hidra.web.page.places import name_of
from hidra.web.records import MISSING

#: Words of the table of announced events, which is in English; longer ones first.
TERMS: dict[str, dict[str, str]] = {
    "en": {},
    "es": {
        "federal and state police, army": "policías federal y estatal, ejército",
        "federal police": "policía federal", "state police": "policía estatal",
        "state prosecution": "fiscalía estatal", "national guard": "Guardia Nacional",
        "navy (marines)": "marina", "navy": "marina", "army": "ejército",
        "air force": "fuerza aérea", "US agencies": "agencias de EE. UU.",
        "US intelligence": "inteligencia de EE. UU.", "Knights Templar": "Caballeros Templarios",
        "Gulf": "Golfo", "splinter": "escisión", "ally": "aliado", "group": "grupo",
    },
}  # fmt: skip


def view(ask: Ask, run: Path) -> View:
    """Return the page of a place.

    Parameters
    ----------
    run : where a finished run of the model may stand.

    Raises
    ------
    AbsentError
        There is no place of that code.
    """
    code, words = checked(ask.code), ask.words
    found = records.records()
    rows = found.rows[found.rows["place"] == code] if len(code) == 2 else records.of_place(code)
    name = name_of(code, ask.language)
    other, measure = beside.wanted(code, ask)
    if other != beside.NATION:
        checked(other)
    table = registers.year_table(rows, words, words("place.years", name=name))
    sections = [
        _section("observed", _filled(registers.killed(rows, _killed(name, words), words)),
                 words, words("place.years_note"), table),
        _section("missing", _filled(registers.missing(rows, _missing(name, words), words)),
                 words, _undated(code, words)),
        followed.section(code, name, rows, run, words),
        beside.section(code, other, measure, words),
        announced(code, words),
    ]  # fmt: skip
    return View(
        name,
        lead(rows, words),
        [one for one in sections if one is not None],
        template="place.html.j2",
        state={"with": other, "measure": measure},
        more={
            "code": code,
            "beside": beside.choice(code, other, measure, ask),
            "neighbours": _neighbours(code, ask),
            "within": _within(code, ask),
        },
    )


def checked(code: str) -> str:
    """Return a code that has a page."""
    if place.is_state(code) or (place.is_municipal(code) and records.known_municipality(code)):
        return code
    raise AbsentError(
        "There is no page for this place.",
        where="link",
        fix="Use INEGI's codes: 01 to 32 for a state, five digits for a municipality.",
    )


def lead(rows: pd.DataFrame, words: Words) -> str:
    """Say persons and rate of the last full year of each register."""
    annual = registers.yearly(rows, registers.KILLED)
    annual = annual[annual["persons"].notna()].sort_values("year")
    parts = []
    for measure, part in annual.groupby("measure", sort=False):
        last = part.iloc[-1]
        key = "place.said.rate" if last["rate"] == last["rate"] else "place.said"
        parts.append(
            words(
                key, register=words.maybe(f"measure.{measure}", str(measure)).split(":")[0],
                year=int(last["year"]), persons=whole(last["persons"]),
                rate=rounded(last["rate"]) if key.endswith("rate") else "",
            )
        )  # fmt: skip
    return " ".join(dict.fromkeys(parts)) or words("place.no_records")


def _killed(name: str, words: Words) -> str:
    return words("place.killed", name=name)


def _missing(name: str, words: Words) -> str:
    return words("place.missing", name=name)


def _filled(block: Block | None) -> list[Block]:
    return [block] if block is not None else []


def _section(
    name: str, blocks: list[Block], words: Words, note: str, table: Table | None = None
) -> Section:
    text = [] if blocks else [words("place.no_records")]
    return Section(
        name, words(f"place.section.{name}"), paragraphs=text, blocks=blocks,
        notes=[note] if note else (), tables=[table] if table else (),
    )  # fmt: skip


def _undated(code: str, words: Words) -> str:
    """Say how many records of the missing have no date and are therefore not drawn."""
    rows = reference.table("missing_rnpdno_undated")
    mine = rows[(rows["place"] == code) & (rows["measure"] == MISSING[0])]
    if mine.empty or pd.isna(mine["persons"].iloc[0]):
        return ""
    return words("place.undated", persons=whole(mine["persons"].iloc[0]))


def announced(code: str, words: Words) -> Section | None:
    """Return captures and deaths of leaders announced officially, by month and role, no names."""
    rows = reference.table("leadership_removals")
    column = "place" if len(code) == 2 else "municipality"
    rows = rows[rows[column] == code].sort_values("date")
    if rows.empty:
        return None
    heads = [words(f"announced.{name}") for name in ("month", "event", "group", "force")]
    lines = [
        [
            words.month(str(row["date"])[:7]),
            words.maybe(f"event.{row['event']}", str(row["event"])),
            told(row["group"], words),
            told(row["force"], words),
        ]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    title = words("announced.title")
    return Section(
        "announced", words("place.section.announced"), paragraphs=[words("announced.lead")],
        tables=[Table(title, heads, lines)],
    )  # fmt: skip


def told(text: object, words: Words) -> str:
    """Return a name of the English table in the reader's language; nothing is a dash."""
    if not isinstance(text, str):
        return "–"
    for english, own in TERMS[words.language].items():
        text = text.replace(english, own)
    return text


def _neighbours(code: str, ask: Ask) -> list[tuple[str, str]]:
    try:
        codes = place.neighbours(place.state_of(code)) if len(code) == 2 else ()
    except SpecError:
        codes = ()
    return [(one, name_of(one, ask.language)) for one in codes]


def _within(code: str, ask: Ask) -> list[tuple[str, str]]:
    """Municipalities of a state, or the state of a municipality."""
    if len(code) == 5:
        state = place.state_of(code)
        return [(state, name_of(state, ask.language))]
    inside = [one for one in records.municipalities() if one.startswith(code)]
    return [(one, name_of(one, ask.language)) for one in inside]
