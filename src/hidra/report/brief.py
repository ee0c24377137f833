"""The brief: two printed pages for the press, in two languages, one file without a script.

Charts are pictures inside the file. They take the room that the words leave, so that the brief is
two A4 pages whatever the run says.
"""

from __future__ import annotations

import base64
from typing import Any

import altair as alt

from hidra.charts import interval, tiles
from hidra.charts.block import Block, simulation_line, source_line
from hidra.charts.picture import png
from hidra.charts.words import Words
from hidra.core.i18n import LANGUAGES, Language
from hidra.report import Meta, Tables, sections, summary
from hidra.report.page import asset, check, templates

#: What two pages hold besides the charts.
LIMITS, SCENARIOS = 4, 6
_WIDTH, _SCALE = 640, 2.0  # pixels of a chart; 185 to the printed inch


def build(tables: Tables, meta: Meta, *, first: Language = "es") -> str:
    """Return the brief as one HTML text.

    Parameters
    ----------
    tables, meta : As in :func:`hidra.report.page.build`.
    first : {"es", "en"}
        Language shown when the file is opened; ``#es`` and ``#en`` choose one.

    Raises
    ------
    SpecError
        When a needed table is absent.
    """
    check(tables)
    order = [first, *(language for language in LANGUAGES if language != first)]
    pages = {language: _page(tables, meta, Words(language)) for language in order}
    template = templates().get_template("brief.html.j2")
    return template.render(pages=pages, first=first, style=asset("brief.css"))


def _page(tables: Tables, meta: Meta, words: Words) -> dict[str, Any]:
    language, known = words.language, tables.get("sources")
    used = list(dict.fromkeys(tables["observed"]["source"]))
    line = "" if known is None else source_line(known, used, words, gaps=None)
    facts = {
        "cover.date": words.day(str(meta.get("created") or "")[:10]),
        "cover.run": meta.get("run_id"),
        "specification.command": meta.get("command"),
        "cover.cite": meta.get("citation"),
    }
    model = sections.model(tables, meta, words).blocks  # or the records alone
    shown = [(one, 160) for one in model or sections.observed(tables, meta, words).blocks][:1]
    shown += [(one, tiles.height(_WIDTH)) for one in sections.last_year(tables, words)]
    return {
        "words": words,
        "title": meta.get(f"title_{language}") or "hidra",
        "question": meta.get(f"question_{language}") or "",
        "warning": str(meta.get(f"warning_{language}") or ""),
        "sentences": summary.sentences(tables, meta, words),
        "first": [_picture(block, height) for block, height in shown],
        "second": _differences(tables, words),
        "limits": [*list(meta.get(f"limits_{language}", ()))[:LIMITS], words("limits.general")],
        "source": f"{line} {simulation_line(meta, words)}".strip(),
        "facts": [(words(key), str(text)) for key, text in facts.items() if text],
    }


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
    return [
        {
            "title": f"{words('scenarios.diff.title')}, {int(rows['year'].iloc[0])}",
            "subtitle": words("scenarios.diff.subtitle"),
            "reading": sections.difference_reading(rows, words),
            "banner": words("scenarios.banner"),
            "image": _image(interval.differences(rows, shown, words, width=_WIDTH)),
        }
    ]


def _picture(block: Block, height: int) -> dict[str, str]:
    told = {name: getattr(block, name) for name in ("title", "subtitle", "reading")}
    drawn = block.chart.properties(width=_WIDTH, height=height)
    return {**told, "banner": "", "image": _image(drawn)}


def _image(chart: alt.TopLevelMixin) -> str:
    """The chart as a PNG inside an address: its text fits on machines with other fonts too."""
    return "data:image/png;base64," + base64.b64encode(png(chart, scale=_SCALE)).decode()
