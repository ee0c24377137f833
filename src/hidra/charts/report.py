"""The report: one HTML file in two languages, everything inside, nothing asked of a network."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import jinja2
import pandas as pd
import vl_convert

from hidra.charts import (
    diagram,
    explained,
    municipal,
    plain,
    sections,
    sensitivity,
    summary,
    theme,
    what_if,
)
from hidra.charts.block import Section, Store
from hidra.charts.theme import LANGUAGES, Language
from hidra.charts.words import Words
from hidra.core.errors import SpecError

REQUIRED = ("summary", "observed")
Tables = Mapping[str, pd.DataFrame]
Meta = Mapping[str, Any]
Told = Callable[[Tables, Meta, Words], list[Section]]


def build(tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any]) -> str:
    """Return the report as one HTML text.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Tables of a run (``docs/en/architecture.md``). ``summary`` and ``observed`` are needed; a
        section whose table is absent says so in one sentence.
    meta : mapping
        ``title_es/en, question_es/en, created, hidra_version, run_id, study_yaml, command, seed,
        draws, fit_until, observed_until, scenario_start, horizon, limits_es/en, citation``; all
        optional. ``warning_es/en`` is shown on the cover, where a fit may not be trusted.

    Raises
    ------
    SpecError
        When a needed table is absent.
    """
    check(tables)
    return page(tables, meta, report_sections)


def page(tables: Tables, meta: Meta, told: Told) -> str:
    """Return one HTML text of the sections that `told` gives for tables, meta and words."""
    store = Store()
    pages = {language: _page(tables, meta, language, store, told) for language in LANGUAGES}
    data = _script_json(
        {
            "datasets": store.datasets,
            "specs": {language: page["specs"] for language, page in pages.items()},
            "config": {language: theme.config(language) for language in LANGUAGES},
        }
    )
    nonce = hashlib.sha256(data.encode()).hexdigest()[:24]
    template = templates().get_template("report.html.j2")
    return template.render(
        pages=pages, data=data, nonce=nonce, bundle=_bundle(), style=asset("style.css"),
        script=asset("report.js"),
    )  # fmt: skip


def check(tables: Mapping[str, pd.DataFrame]) -> None:
    """Refuse tables that lack a needed one."""
    for name in REQUIRED:
        if name not in tables:
            raise SpecError(
                f"The report needs the table '{name}'.",
                where="tables of the run",
                fix="Run the study again, or name the folder of a finished run.",
            )


def _page(
    tables: Tables, meta: Meta, language: Language, store: Store, told: Told
) -> dict[str, Any]:
    """Everything the template needs for one language; charts and data go to ``store``."""
    words = Words(language)
    parts = told(tables, meta, words)
    blocks = [block for part in parts for block in part.blocks]
    return {
        "words": words,
        "title": meta.get(f"title_{language}") or "hidra",
        "question": meta.get(f"question_{language}") or "",
        "warning": meta.get(f"warning_{language}") or "",
        "cover": _cover(meta, words),
        "sections": [*parts, _downloads(tables, parts, words, store)],
        "specs": {block.name: store.lift(block.chart) for block in blocks},
        "data": {block.name: store.frame(block.data) for block in blocks},
    }


def report_sections(
    tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], words: Words
) -> list[Section]:
    """All sections but the downloads, in reading order."""
    five = summary.sentences(tables, meta, words)
    return [
        Section("summary", words("section.summary"), points=five),
        sections.observed(tables, words),
        sections.model(tables, meta, words),
        sections.where(tables, meta, words),
        sections.states(tables, meta, words),
        *municipal.section(tables, meta, words),
        what_if.scenarios(tables, meta, words),
        what_if.parameters(tables, meta, words),
        *sensitivity.section(tables, words),
        *diagram.section(tables, words),
        *explained.explained(tables, words),
        plain.mechanisms(tables, words),
        plain.data(tables, words),
        plain.limits(meta, words),
        plain.specification(meta, words),
    ]


def _cover(meta: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    def month(key: str) -> str:
        return words.month(meta[key]) if meta.get(key) else ""

    facts = [
        ("date", words.day(str(meta.get("created") or "")[:10])),
        ("run", meta.get("run_id")),
        ("version", meta.get("hidra_version")),
        ("draws", meta.get("draws")),
        ("seed", meta.get("seed")),
        ("fitted", month("fit_until")),
        ("observed", month("observed_until")),
        ("horizon", month("horizon")),
        ("cite", meta.get("citation")),
    ]
    return [(words(f"cover.{key}"), str(text)) for key, text in facts if text not in (None, "")]


#: Rows of a table that lies whole in the page; a larger one is only in ``tables/`` of the run.
LARGEST = 20_000
#: Whole tables offered as downloads where they are small enough.
_WHOLE = (
    "difference",
    "parameters",
    "sensitivity",
    "coverage",
    "explained",
    "scale",
    "mechanisms",
    "scenarios",
    "breaks",
    "sources",
)


def _downloads(
    tables: Mapping[str, pd.DataFrame], parts: Sequence[Section], words: Words, store: Store
) -> Section:
    """CSV of every chart and of the small tables."""
    charts = [
        (f"{block.name}.csv", block.title, store.frame(block.data))
        for part in parts
        for block in part.blocks
    ]
    whole = [
        (f"{name}_table.csv", words.maybe(f"download.{name}", name), store.frame(tables[name]))
        for name in _WHOLE
        if name in tables and 0 < len(tables[name]) <= LARGEST
    ]
    return Section(
        "downloads", words("section.downloads"), paragraphs=[words("downloads.lead")],
        files=[*charts, *whole],
    )  # fmt: skip


def _script_json(value: Any) -> str:
    """JSON that may lie inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the package that ships them."""
    script: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def asset(name: str) -> str:
    """Text of a file beside the templates."""
    return files("hidra.charts").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def templates() -> jinja2.Environment:
    """The templates, with every text escaped."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("hidra.charts", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False}  # columns keep their order
    return environment
