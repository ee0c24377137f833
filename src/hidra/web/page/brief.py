"""The brief of a place or the country: two printed pages of the panel alone, or beside a run."""

from __future__ import annotations

import base64
import datetime
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from hidra.charts.block import Block, Table, source_line
from hidra.charts.words import Words
from hidra.core.errors import SourceError, SpecError
from hidra.core.i18n import LANGUAGES, Language, _
from hidra.notebook import authors
from hidra.report import brief, summary
from hidra.report.brief import PLAIN, Brief, Own
from hidra.run import Run, execute
from hidra.web import records
from hidra.web.atlas import name_of
from hidra.web.page import panorama, registers
from hidra.web.page.place import NATION, checked, simulation
from hidra.web.records import KILLED, MISSING, newest
from hidra.web.site import Ask, View, address, words

SHOWN = "sesnsp_homicide_victims"  # count of the states, for the country
YEARS, NOTE = 6, 1200  # years of the table; letters of own words that two pages have room for
LOGO = 500_000  # bytes
MARKS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"<svg": "svg+xml", b"<?xml": "svg+xml"}


def view(ask: Ask, run: Path) -> View:
    """Return the page of a brief; ``run`` is where a finished run may stand."""
    told = of_place(ask.code, ask.words, run)
    return View(
        told.title, told.sentences[0], template="brief.html.j2",
        more={"brief": told, "back": _page_of(ask.code, ask.language)},
    )  # fmt: skip


def _page_of(code: str, language: Language) -> str:
    return address("panorama", language) if code == NATION else address("place", language, code)


def html(
    code: str = "",
    run: Path | None = None,
    *,
    first: Language = "es",
    own: Own = PLAIN,
) -> str:
    """Return a brief as one file.

    Parameters
    ----------
    code : INEGI code of a place, ``00`` the country; empty for that of the run.
    run : Finished run; without one, what the records say.

    Raises
    ------
    SpecError
        There is no such place.
    """
    if run is not None and code in ("", NATION):
        missing = {one: _missing(NATION, words(one)) for one in LANGUAGES}
        done = Run.open(run)
        return brief.build(
            done.tables, execute.meta_again(done), first=first, own=own, also=missing
        )
    briefs = {one: of_place(code or NATION, words(one), run, own) for one in LANGUAGES}
    return brief.html(briefs, first=first)


def own(note: str = "", logo: Path | None = None, contact: str = "") -> Own:
    """Return what an organisation adds, read and looked at.

    Parameters
    ----------
    note : Its words, or a file of text that holds them; an empty line parts paragraphs.
    logo : PNG, JPEG or SVG.

    Raises
    ------
    SpecError
        More words than two pages hold, or a file of text that is not there.
    SourceError
        A logo that is none, or too large.
    """
    file = Path(note) if 0 < len(note) < 255 and "\n" not in note else None
    if file is not None and file.is_file():
        note = file.read_text(encoding="utf-8", errors="replace")
    elif file is not None and file.suffix in (".txt", ".md") and " " not in note:
        raise SpecError(
            _("There is no file '{name}'.", name=note),
            where="--note",
            fix=_("Correct the path, or write the words themselves."),
        )
    if len(note) > NOTE:
        raise SpecError(
            _("The note has {n} letters; two pages have room for {most}.", n=len(note), most=NOTE),
            where="--note",
            fix=_("Shorten it."),
        )
    told = tuple(" ".join(part.split()) for part in note.split("\n\n") if part.strip())
    return Own(told, _mark(logo) if logo else "", contact)


def _mark(logo: Path) -> str:
    content = logo.read_bytes() if logo.is_file() and logo.stat().st_size <= LOGO else b""
    kind = next((one for head, one in MARKS.items() if content.lstrip().startswith(head)), "")
    if not kind:
        raise SourceError(
            _("The logo is no picture of at most {most} kB.", most=LOGO // 1000),
            where=f"--logo {logo}",
            fix=_("Give a file of PNG, JPEG or SVG."),
        )
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def of_place(code: str, words: Words, run: Path | None = None, own: Own = PLAIN) -> Brief:
    """Return the brief of a state, a municipality or the country (``00``) from the panel.

    Parameters
    ----------
    run : Where a finished run may stand, whose projection of a state is shown.
    """
    rows = records.of_place(checked(code))
    annual = registers.years(rows)
    name, day = _name(code, words), datetime.date.today().isoformat()
    title, years = words("place.killed", name=name), words("place.years", name=name)
    main = annual[annual["measure"].isin(KILLED)]
    killed = [*registers.by_year(main if len(main) else annual, rows, words, title=title),
              *registers.monthly("observed", KILLED, rows,
                                 words("place.killed.months", name=name), words)]  # fmt: skip
    used = list(dict.fromkeys(rows.loc[rows["measure"].isin([*KILLED, *MISSING]), "source"]))
    return Brief(
        words=words,
        title=words("brief.title", name=name),
        sentences=_sentences(code, annual, day, words),
        first=[brief.picture(one) for one in killed],
        second=[brief.picture(one) for one in _second(code, name, rows, run, words)],
        tables=[_short(one) for one in registers.table(annual, years, words)],
        limits=[words("brief.limit.registers"), words("brief.limit.open"), words("missing.lead"),
                words("brief.limit.cause")],
        source=source_line(records.records().sources, used, words, gaps=None),
        facts=[(words("cover.date"), words.day(day)),
               (words("site.vintage"), records.records().vintage),
               (words("cover.cite"), f"{authors(words.language)} ({day[:4]}). "
                                     f"{words('brief.title', name=name)}. hidra.")],
        own=own,
    )  # fmt: skip


def _missing(code: str, words: Words) -> list[Block]:
    title = words("place.missing", name=_name(code, words))
    return registers.monthly("missing", MISSING, records.of_place(code), title, words)


def _sentences(code: str, annual: pd.DataFrame, day: str, words: Words) -> list[str]:
    """What is newest of each register, what changed in a year, where registers disagree."""
    table = newest(code)
    gone = table["register"].eq("rnpdno")
    told = [
        summary.observed({"newest": table[~gone]}, words, day),
        *registers.changes(annual, words)[:1],
        summary.registers({"newest": table}, words),
        summary.observed({"newest": table[gone]}, words, day) if gone.any() else "",
    ]
    return [one for one in told if one]


def _name(code: str, words: Words) -> str:
    return words("word.nation") if code == NATION else name_of(code, words.language)


def _second(
    code: str, name: str, rows: pd.DataFrame, run: Path | None, words: Words
) -> Iterator[Block]:
    """The missing, the states of the country, the projection of a state."""
    yield from _missing(code, words)
    if code == NATION:
        yield panorama.hexagons(
            SHOWN, panorama.newest_year(SHOWN), words, Ask("panorama", words.language)
        )
    elif run:
        yield from simulation(code, name, rows, run, words).blocks


def _short(table: Table) -> Table:
    """The last years of a table, without registers that are silent in all of them."""
    return Table(table.title, table.heads, table.rows[:YEARS]).spoken()
