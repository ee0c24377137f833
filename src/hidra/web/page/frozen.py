"""A run of the lab: how far it is, and once it is done what it says, frozen under its hash."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from hidra.charts.block import Section, Table
from hidra.charts.words import LANGUAGES, Words, local, minus, percent, rounded
from hidra.report.sections import scenarios
from hidra.run.limits import LIMITS, UNTRUSTED
from hidra.web.ask import AbsentError, Ask, View
from hidra.web.lab.runs import Runs
from hidra.web.lab.wanted import Change, Wanted
from hidra.web.page import spread
from hidra.web.page.model import mechanisms
from hidra.web.page.places import name_of
from hidra.web.words import words as page_words

HALF = 0.5
Translate = Callable[[str, str], str]
SHOWN = (
    "inegi_homicides_expected", "member_deaths", "recruits", "arrests", "members",
    "missing", "displaced",
)  # fmt: skip


def view(ask: Ask, runs: Runs, translate: Translate) -> View:
    """Return the page of a run.

    Parameters
    ----------
    translate : callable
        Gives the words of an error in a language.

    Raises
    ------
    AbsentError
        There is no run of that name.
    """
    state, wanted = runs.state(ask.code), runs.wanted(ask.code)
    if state is None or wanted is None:
        raise AbsentError(
            "There is no such run on this machine.",
            where="link",
            fix="Ask who gave you the link for its specification, and run it here.",
        )
    words = ask.words
    if state["state"] != "done":
        return View(
            words(f"frozen.{state['state']}"), template="running.html.j2",
            more={"state": _in_words(state, ask, translate), "code": ask.code,
                  "titles": [title for _, title in titles(wanted, words).items()]},
            keep=False,
        )  # fmt: skip
    told = runs.manifest(ask.code)
    tables = with_words(runs.tables(ask.code), wanted, words)
    years = spread.years(tables["difference"])
    year = ask.choice("year", years, years[-1])
    return View(
        " · ".join(titles(wanted, words).values()),
        words("frozen.lead", start=words.month(told["first"]), end=words.month(wanted.end)),
        sections(tables, told, wanted, int(year), words),
        state={"year": year},
        template="frozen.html.j2",
        more={"code": ask.code, "years": years, "year": year, "facts": facts(told, wanted, words),
              "warning": "" if told["told"].get("trusted", 1) else UNTRUSTED[words.language]},
    )  # fmt: skip


def _in_words(state: Mapping[str, Any], ask: Ask, translate: Translate) -> dict[str, Any]:
    """Return how far a run is, with what went wrong in the reader's language."""
    said = ("what", "where", "fix")
    told = {key: translate(str(state[key]), ask.language) for key in said if key in state}
    return {**state, **told}


def sections(
    tables: Mapping[str, pd.DataFrame],
    told: Mapping[str, Any],
    wanted: Wanted,
    year: int,
    words: Words,
) -> list[Section]:
    """Return outcome, differences and fans, where in a year, and what the run cannot say."""
    meta = {
        "hidra_version": told["version"], "run_id": told["id"], "draws": wanted.draws,
        "seed": wanted.seed, "scenario_start": told["first"],
    }  # fmt: skip
    shown = scenarios(tables, meta, words)
    outcome = Section(
        "outcome", words("frozen.outcome"), banner=words("scenarios.banner"),
        paragraphs=[words("frozen.outcome.lead")], tables=[outcomes(tables, told, wanted, words)],
    )  # fmt: skip
    rest = Section(
        "differences", shown.title, paragraphs=shown.paragraphs, blocks=shown.blocks,
        tables=shown.tables,
    )  # fmt: skip
    where = spread.section(tables["difference"], titles(wanted, words), meta, year, words)
    return [outcome, rest, where, Section("limits", words("section.limits"),
                                   points=LIMITS[words.language])]  # fmt: skip


def titles(wanted: Wanted, words: Words) -> dict[str, str]:
    """Return the title of every scenario, ready ones in the reader's language."""
    from hidra.study.library import library

    known = library()
    return {
        name: str(getattr(known[name].title, words.language)) if name in known
        else _own(one.title, words)
        for name, one in wanted.scenarios.items()
    }  # fmt: skip


def _own(title: str, words: Words) -> str:
    """Return the title a reader gave; where none was given, that of any own scenario."""
    given = {page_words(language)("lab.own") for language in LANGUAGES}
    return words("lab.own") if not title or title in given else title


def with_words(
    tables: Mapping[str, pd.DataFrame], wanted: Wanted, words: Words
) -> dict[str, pd.DataFrame]:
    """Return the tables of a run with that of its scenarios, as the report takes them."""
    named = titles(wanted, words)
    rows: list[dict[str, Any]] = [
        {"name": "no_change", "title": words("frozen.no_change"), "start": None,
         "what": words("frozen.no_change.what")}
    ]  # fmt: skip
    rows += [
        {"name": name, "title": named[name], "start": one.start, "what": told(one, words)}
        for name, one in wanted.scenarios.items()
    ]
    return {**tables, "scenarios": pd.DataFrame(rows)}


def told(one: Change, words: Words) -> str:
    """Say what a scenario changes."""
    parts = [
        words("frozen.off", names=", ".join(_mechanism(name, words) for name in one.off))
        if one.off else "",
        *(words("frozen.change", name=_named(key, words), share=f"{value * 100:g}")
          for key, value in one.change.items()),
        *(words("frozen.dose", name=_named(key, words), persons=minus(f"{value:+g}"))
          for key, value in one.dose.items()),
        *(words("frozen.set", name=_named(key, words), value=minus(f"{value:g}"))
          for key, value in one.set.items()),
        words("frozen.places", names=", ".join(name_of(code, words.language)
                                               for code in one.places)) if one.places else "",
    ]  # fmt: skip
    return "; ".join(part for part in parts if part)


def _mechanism(name: str, words: Words) -> str:
    rows = mechanisms().set_index("name")[f"title_{words.language}"]
    return str(rows.get(name, name))


def _named(key: str, words: Words) -> str:
    owner, _, name = key.partition(".")
    if name:
        params = json.loads(mechanisms().set_index("name")["params"].get(owner, "[]"))
        entry: dict[str, str] = next((one for one in params if one["name"] == name), {})
        told = local(entry, "doc", words.language).rstrip(".")
        return f"{_mechanism(owner, words)}: {told[:1].lower()}{told[1:] or name}"
    return words.maybe(f"rate.{key}", words.maybe(f"node.{key}", key))


def outcomes(
    tables: Mapping[str, pd.DataFrame], told: Mapping[str, Any], wanted: Wanted, words: Words
) -> Table:
    """Return what each scenario comes to, and its paired difference from no change."""
    rows = tables["outcome"]
    named = {"no_change": words("frozen.no_change"), **titles(wanted, words)}
    labels = told["labels"]
    lines = []
    for measure in (one for one in SHOWN if one in set(rows["measure"])):
        label = labels.get(measure, {}).get(f"label_{words.language}", measure)
        for _, row in rows[rows["measure"] == measure].iterrows():
            lines.append([
                label, named.get(row["scenario"], row["scenario"]), _span(row, ""),
                "–" if row["scenario"] == "no_change" else _span(row, "diff_", sign=True),
                "–" if row["scenario"] == "no_change" else _share(row, words),
            ])  # fmt: skip
    names = ("measure", "scenario", "total", "difference", "share")
    heads = [words(f"frozen.head.{name}") for name in names]
    return Table(words("frozen.outcome.caption"), heads, lines)


def _span(row: pd.Series, prefix: str, *, sign: bool = False) -> str:
    """Median and 90 % of some draws; less than half a person is none."""
    low, middle, high = (
        rounded(value if abs(value) >= HALF else 0.0)
        for value in (row[f"{prefix}{one}"] for one in ("p05", "p50", "p95"))
    )
    plus = "+" if sign and row[f"{prefix}p50"] > 0 else ""
    return f"{plus}{middle} [{low} – {high}]"


def _share(row: pd.Series, words: Words) -> str:
    low, middle, high = (percent(row[f"rel_{one}"], sign=True) for one in ("p05", "p50", "p95"))
    return f"{middle} [{low} – {high}]"


def facts(told: Mapping[str, Any], wanted: Wanted, words: Words) -> list[tuple[str, str]]:
    """Return what the hash stands for, and when it was run."""
    digest = str(told["told"].get("posterior_digest"))[:12]
    return [
        (words("cover.date"), words.day(told["created"][:10])),
        (words("cover.version"), told["version"]),
        (words("site.vintage"), told["vintage"]),
        (
            words("frozen.posterior"),
            f"{words(f'lab.posterior.{wanted.posterior}')} · {digest}",
        ),
        (words("cover.draws"), str(wanted.draws)),
        (words("cover.seed"), str(wanted.seed)),
        (words("cover.run"), told["id"]),
    ]
