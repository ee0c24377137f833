"""The brief: two printed pages for the press, in two languages, one file without a script.

Charts are pictures inside the file. They take the room that the words leave, so that the brief is
two pages, Letter or A4, whatever it says.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from hidra.charts import interval
from hidra.charts.block import Block, Table, simulation_line, source_line
from hidra.charts.picture import png
from hidra.charts.words import Words
from hidra.core.i18n import LANGUAGES, Language
from hidra.report import Meta, Tables, sections, summary
from hidra.report.page import asset, check, templates

#: What two pages hold besides the charts.
LIMITS, SCENARIOS = 4, 6
WIDTH, HEIGHT, _SCALE = 340, 270, 3.0  # pixels of a chart: two beside each other, or a phone's


@dataclass(frozen=True)
class Own:
    """What an organisation adds to a brief, in its own language.

    Attributes
    ----------
    note : Its own words, by paragraph.
    logo : Its mark, as a ``data:`` address.
    contact : Whom to ask.
    """

    note: Sequence[str] = ()
    logo: str = ""
    contact: str = ""


PLAIN = Own()


@dataclass(frozen=True)
class Brief:
    """Two pages in one language: what is said, shown first and second, and what it rests on."""

    words: Words
    title: str
    sentences: Sequence[str]
    first: Sequence[Mapping[str, str]]
    second: Sequence[Mapping[str, str]]
    limits: Sequence[str]
    source: str
    facts: Sequence[tuple[str, str]]
    question: str = ""
    warning: str = ""
    tables: Sequence[Table] = ()
    own: Own = PLAIN


def html(briefs: Mapping[Language, Brief], *, first: Language = "es") -> str:
    """Return the brief as one HTML text.

    Parameters
    ----------
    briefs : By language.
    first : {"es", "en"}
        Language shown when the file is opened; ``#es`` and ``#en`` choose one.
    """
    pages = {one: briefs[one] for one in (first, *LANGUAGES)}
    style = asset("style.css") + asset("brief.css")
    return templates().get_template("brief.html.j2").render(pages=pages, first=first, style=style)


def build(
    tables: Tables, meta: Meta, *, first: Language = "es", own: Own = PLAIN,
    also: Mapping[Language, Sequence[Block]] | None = None,
) -> str:  # fmt: skip
    """Return the brief of a run as one HTML text.

    Parameters
    ----------
    tables, meta : As in :func:`hidra.report.page.build`.
    also : Charts that the tables of a run do not hold, by language: of the missing, say.

    Raises
    ------
    SpecError
        When a needed table is absent.
    """
    check(tables)
    shown = also or {}
    briefs = {one: _of_run(tables, meta, Words(one), own, shown.get(one, ())) for one in LANGUAGES}
    return html(briefs, first=first)


def _of_run(tables: Tables, meta: Meta, words: Words, own: Own, also: Sequence[Block]) -> Brief:
    language, known = words.language, tables.get("sources")
    used = list(dict.fromkeys(tables["observed"]["source"]))
    line = "" if known is None else source_line(known, used, words, gaps=None)
    facts = {
        "cover.date": words.day(str(meta.get("created") or "")[:10]),
        "cover.run": meta.get("run_id"),
        "cover.cite": meta.get("citation"),
    }
    model = sections.model(tables, meta, words).blocks  # or the records alone
    shown = [*(model or sections.observed(tables, meta, words).blocks)[:1]]
    shown += sections.last_year(tables, words)
    return Brief(
        words=words,
        title=meta.get(f"title_{language}") or "hidra",
        question=meta.get(f"question_{language}") or "",
        warning=words("brief.untrusted") if meta.get(f"warning_{language}") else "",
        sentences=summary.sentences(tables, meta, words),
        first=[picture(block) for block in shown],
        second=[*_differences(tables, words), *map(picture, also)],
        limits=[*list(meta.get(f"limits_{language}", ()))[:LIMITS], words("limits.general")],
        source=f"{line} {simulation_line(meta, words)}".strip(),
        facts=[(words(key), str(text)) for key, text in facts.items() if text],
        own=own,
    )


def _differences(tables: Tables, words: Words) -> list[dict[str, str]]:
    """The paired differences of the last year; the widest apart where there are many scenarios."""
    last = summary.final_differences(tables)
    titles = summary.scenario_titles(tables, words)
    last = last[last["scenario"].isin(list(titles))] if len(last) else last
    if last.empty:
        return []
    kept = set(last.loc[last["rel_p50"].abs().nlargest(SCENARIOS).index, "scenario"])
    kept |= set(summary.equal_dose(tables) or ())
    shown = {name: title for name, title in titles.items() if name in kept}
    rows = last[last["scenario"].isin(kept)].reset_index(drop=True)
    told = interval.told(rows, words)
    return [
        {
            "title": f"{words('scenarios.diff.title')}, {int(rows['year'].iloc[0])}",
            "subtitle": words("scenarios.diff.subtitle"),
            "reading": sections.difference_reading(rows, words),
            "banner": words("scenarios.banner"),
            "image": _image(interval.differences(told, shown, words, width=WIDTH)),
        }
    ]


def picture(block: Block) -> dict[str, str]:
    """Return a chart for a brief, with its words."""
    told = {name: getattr(block, name) for name in ("title", "subtitle", "reading")}
    drawn: Any = block.chart
    high = HEIGHT
    if block.layout["kind"] == "tiles":
        high = round(WIDTH * block.layout["phone"]) + block.layout["key"]
    return {**told, "banner": "", "image": _image(drawn.properties(width=WIDTH, height=high))}


def _image(chart: alt.TopLevelMixin) -> str:
    """The chart as a PNG inside an address: its text fits on machines with other fonts too."""
    return "data:image/png;base64," + base64.b64encode(png(chart, scale=_SCALE)).decode()
