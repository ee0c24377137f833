"""The report: one HTML file in two languages, everything inside, nothing asked of a network.

Printed to PDF it is by a Chromium that is already on the machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import runpy
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import jinja2
import pandas as pd
import vl_convert

from hidra.charts import theme
from hidra.charts.block import Section, Store
from hidra.charts.words import Words
from hidra.core.errors import RunError, SpecError, unknown
from hidra.core.i18n import LANGUAGES, Language, _
from hidra.report import Meta, ReportSection, Tables
from hidra.report import sections as own

GROUP = "hidra.report_sections"
REQUIRED = ("summary", "observed")
Told = Callable[[Tables, Meta, Words], list[Section]]


def build(tables: Tables, meta: Meta, *, sections: Sequence[str | Path] = ()) -> str:
    """Return the report as one HTML text.

    Parameters
    ----------
    tables : Tables of a run (``docs/en/architecture.md``). ``summary`` and ``observed`` are needed;
        a section whose table is absent says so in one sentence.
    meta : ``title_es/en, question_es/en, created, hidra_version, run_id, study_yaml, command, seed,
        draws, fit_until, observed_until, scenario_start, horizon, limits_es/en, citation``; all
        optional. ``warning_es/en`` is shown on the cover, where a fit may not be trusted.
    sections : Python files with sections of one's own.

    Raises
    ------
    SpecError
        When a needed table is absent, or a section of one's own fails.
    """
    check(tables)
    every = found(sections)
    return page(tables, meta, lambda *given: [_told(one, *given) for one in every])


def _told(one: ReportSection, tables: Tables, meta: Meta, words: Words) -> Section:
    """The section; what breaks in one that is not hidra's own is told by its name."""
    try:
        return one(tables, meta, words)
    except Exception as error:
        if one in own.BUILT_IN:
            raise
        raise SpecError(
            _(
                "The section '{name}' fails: {kind}: {error}",
                name=one.name,
                kind=type(error).__name__,
                error=error,
            ),
            where=_("report section {name}", name=one.name),
            fix=_("Mend the function, or make the report without it."),
        ) from error


def found(paths: Sequence[str | Path] = ()) -> list[ReportSection]:
    """Return all sections in reading order: hidra's, those of installed packages, those of files.

    Raises
    ------
    SpecError
        When a file or an entry point gives no section, or two have one name.
    """
    every = list(own.BUILT_IN)
    for one in [*_installed(), *(one for path in paths for one in _read(Path(path)))]:
        names = [known.name for known in every]
        if one in every:
            continue
        if one.name in names:
            raise SpecError(
                _("There is already a section '{name}'.", name=one.name),
                where=_("report section {name}", name=one.name),
                fix=_("Choose another name than those in use: {names}", names=", ".join(names)),
            )
        if one.after and one.after not in names:
            raise unknown(
                _("section"), one.after, names, where=_("`after` of section {name}", name=one.name)
            )
        every.insert(names.index(one.after) + 1 if one.after else len(every), one)
    return every


def _installed() -> Iterator[ReportSection]:
    """Sections of installed packages, hidra among them: each entry point gives one or several."""
    for point in entry_points(group=GROUP):
        given = point.load()
        for one in given if isinstance(given, tuple | list) else (given,):
            if not isinstance(one, ReportSection):
                raise SpecError(
                    _("The entry point '{name}' gives no section.", name=point.name),
                    where=f"{GROUP}: {point.value}",
                    fix=_("Let it name a function decorated with @hidra.report.section(...)."),
                )
            yield one


def _read(path: Path) -> list[ReportSection]:
    """Sections of a Python file."""
    if not path.is_file():
        raise SpecError(
            _("There is no such Python file."), where=str(path), fix=_("Check its name.")
        )
    try:
        names = runpy.run_path(str(path), run_name=f"hidra_section_{path.stem}")
    except Exception as error:
        raise SpecError(
            _(
                "The file of a section fails: {kind}: {error}",
                kind=type(error).__name__,
                error=error,
            ),
            where=str(path),
            fix=_("Run it with Python alone until it loads."),
        ) from error
    told = [one for one in names.values() if isinstance(one, ReportSection)]
    if not told:
        fix = _("Decorate a function with @section(...) from hidra.report.")
        raise SpecError(_("The file holds no section."), where=str(path), fix=fix)
    return told


def page(tables: Tables, meta: Meta, told: Told) -> str:
    """Return one HTML text of the sections that `told` gives for tables, meta and words."""
    store = Store()
    pages = {language: _page(tables, meta, language, store, told) for language in LANGUAGES}
    quiet = {"mark": {"aria": False}}  # a chart is one picture with one name
    kept = {
        "datasets": store.datasets,
        "specs": {language: page["specs"] for language, page in pages.items()},
        "config": {one: theme.config(one) | quiet for one in LANGUAGES},
    }
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, safe in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        text = text.replace(sign, safe)  # it lies inside a script element
    nonce = hashlib.sha256(text.encode()).hexdigest()[:24]
    template = templates().get_template("report.html.j2")
    return template.render(
        pages=pages, data=text, nonce=nonce, bundle=_bundle(), style=asset("style.css"),
        script=asset("report.js"),
    )  # fmt: skip


def check(tables: Tables) -> None:
    """Refuse tables that lack a needed one."""
    for name in REQUIRED:
        if name not in tables:
            raise SpecError(
                _("The report needs the table '{name}'.", name=name),
                where=_("tables of the run"),
                fix=_("Run the study again, or name the folder of a finished run."),
            )


def _page(
    tables: Tables, meta: Meta, language: Language, store: Store, told: Told
) -> dict[str, Any]:
    """Everything the template needs for one language; charts and data go to ``store``."""
    words = Words(language)
    parts = [part for part in told(tables, meta, words) if not part.empty]
    blocks = [block for part in parts for block in part.blocks]
    return {
        "words": words, "title": meta.get(f"title_{language}") or "hidra",
        "question": meta.get(f"question_{language}") or "",
        "warning": meta.get(f"warning_{language}") or "", "cover": _cover(meta, words),
        "sections": [*parts, _downloads(tables, parts, words, store)],
        "specs": {block.name: store.lift(block.chart) for block in blocks},
        "data": {block.name: store.frame(block.data) for block in blocks},
    }  # fmt: skip


def _cover(meta: Meta, words: Words) -> list[tuple[str, str]]:
    keys = {"run": "run_id", "version": "hidra_version", "draws": "draws", "seed": "seed"}
    months = {"fitted": "fit_until", "observed": "observed_until", "horizon": "horizon"}
    facts = [
        ("date", words.day(str(meta.get("created") or "")[:10])),
        *((key, meta.get(name)) for key, name in keys.items()),
        *((key, words.month(meta[name])) for key, name in months.items() if meta.get(name)),
        ("cite", meta.get("citation")),
    ]
    return [(words(f"cover.{key}"), str(text)) for key, text in facts if text not in (None, "")]


#: Rows of a table that lies whole in the page; a larger one is only in ``tables/`` of the run.
LARGEST = 20_000
#: Whole tables offered as downloads where they are small enough.
_WHOLE = (
    "difference", "parameters", "sensitivity", "coverage", "explained", "scale", "mechanisms",
    "scenarios", "breaks", "sources",
)  # fmt: skip


def _downloads(tables: Tables, parts: Sequence[Section], words: Words, store: Store) -> Section:
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
    lead, title = [words("downloads.lead")], words("section.downloads")
    return Section("downloads", title, paragraphs=lead, files=[*charts, *whole])


@cache
def _bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the package that ships them."""
    script: str = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    return script.replace("</script", "<\\/script").replace("<!--", "<\\!--")


@cache
def asset(name: str) -> str:
    """Text of a file beside the templates."""
    return files("hidra.report").joinpath("templates", name).read_text(encoding="utf-8")


def environment(loader: jinja2.BaseLoader) -> jinja2.Environment:
    """Templates with every text escaped; a name that is not given is an error."""
    return jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )  # fmt: skip


@cache
def templates() -> jinja2.Environment:
    """The templates of report and brief."""
    found = environment(jinja2.PackageLoader("hidra.report", "templates"))
    found.policies["json.dumps_kwargs"] = {"sort_keys": False}  # columns keep their order
    return found


def causes(arrows: pd.DataFrame) -> str:
    """Return the causal diagram, drawn from the table `causes`, as one page in both languages."""
    titles = {f"title_{language}": Words(language)("section.causes") for language in LANGUAGES}
    return page({"causes": arrows}, titles, lambda *given: [replace(own.causes(*given), shown=1)])


PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_HERE = "http://hidra.invalid/"  # the page has an address, so that #en is one; none is ever asked


def pdf(
    html: str, *, language: Language = "es", paper: Literal["letter", "a4"] = "letter",
    whole: bool = False,
) -> bytes:  # fmt: skip
    """Return report or brief as it prints, every chart drawn, in one of its languages.

    Parameters
    ----------
    html : A page of :mod:`hidra.report`; nothing is fetched while it is printed.
    paper : Letter is the paper of Mexico.
    whole : Print what the page folds, too.

    Raises
    ------
    RunError
        Without playwright or without a browser.
    """
    cure = _("Open the HTML and print it there, or: pip install playwright, and install Chromium "
             "(Debian: apt install chromium; anywhere: playwright install chromium).")  # fmt: skip
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise RunError(
            _("Writing a PDF needs playwright, which is not installed."), where="--pdf", fix=cure
        ) from error
    chosen = os.environ.get("HIDRA_CHROMIUM")
    program = chosen or next(filter(None, map(shutil.which, PROGRAMS)), None)
    try:
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path=program)
            page = browser.new_page(viewport={"width": 900, "height": 1100})
            page.route("**/*", lambda asked: _answer(asked, html))
            page.goto(f"{_HERE}#{language}")
            page.evaluate("whole => window.hidraDrawn && hidraDrawn(whole)", whole)
            made = page.pdf(format=paper, print_background=True, prefer_css_page_size=False)
            browser.close()
    except Error as error:
        said = str(error).strip().splitlines()[0][:200]
        raise RunError(
            _("No browser could print the page: {said}", said=said),
            where=program or "chromium",
            fix=cure,
        ) from error
    return bytes(made)


def _answer(asked: Any, html: str) -> None:
    """Give the page to the browser, and nothing else."""
    if asked.request.url.startswith(_HERE):
        asked.fulfill(body=html, content_type="text/html; charset=utf-8")
    else:
        asked.abort()
