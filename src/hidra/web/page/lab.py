"""The lab: the form of scenarios, and a run of them with what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import maps, series, tiles
from hidra.charts.block import Section, Table, simulation_line
from hidra.charts.words import Words
from hidra.core.i18n import LANGUAGES, _, percent, rounded, translate
from hidra.report import blocks
from hidra.report.sections import scenarios
from hidra.run import UNTRUSTED, limits
from hidra.scenario import what
from hidra.web import lab
from hidra.web.lab import MOST_SCENARIOS, OWN, Change, Runs, State, Wanted
from hidra.web.page.model import mechanisms
from hidra.web.site import AbsentError, Ask, Settings, View
from hidra.web.site import words as page_words

STANCES = ("proposed", "rejected", "neither")
HALF = 0.5  # of a person: less is none
#: Measures of the table of outcomes, and those of the pictures of the states, in order.
SHOWN = (
    "inegi_homicides_expected", "member_deaths", "recruits", "arrests", "members",
    "missing", "displaced",
)  # fmt: skip
PICTURED = (series.EXPECTED, series.MAIN)


def form(ask: Ask, runs: Runs, settings: Settings) -> View:
    """Return the form, filled with an earlier run where ``from`` names one."""
    from hidra.study.library import library

    words, names = ask.words, maps.state_names(ask.language)
    before = runs.wanted(ask.query.get("from", ""))
    asked = ask.choice("posterior", ("system", "small"), "system")
    posterior = before.posterior if before else asked
    chosen = before.scenarios if before else {}
    own = chosen.get(OWN, Change())
    rows, ready = mechanisms(), library().items()
    switches = rows[rows["name"].isin(lab.mechanisms(posterior))]
    return View(
        words("page.lab"), words("lab.lead"), template="lab.html.j2",
        state={key: ask.query[key] for key in ("from", "posterior") if key in ask.query},
        more={
            "ready": [(stance, [pair for pair in ready if pair[1].stance == stance])
                      for stance in STANCES],
            "chosen": chosen, "own": own,
            "size": {name: translate(one.basis, ask.language) for name, one in ready}
            | {row["name"]: row[f"size_{ask.language}"] for row in switches.to_dict("records")},
            "mechanisms": switches.to_dict("records"),
            "levers": _levers(posterior, words, own),
            "rates": lab.RATES, "dosed": lab.DOSED,
            "places": [(code, names[code]) for code in maps.alphabetical(ask.language)],
            "posterior": posterior,
            "start": next(iter(chosen.values()), own).start,
            "end": before.end if before else "2030-12",
            "draws": before.draws if before else lab.DRAWS,
            "seed": before.seed if before else lab.SEED,
            "most": MOST_SCENARIOS, "most_draws": settings.most_draws,
            "last_month": settings.last_month, "kept": _kept(runs, words),
        },
        keep=False,
    )  # fmt: skip


def _levers(posterior: str, words: Words, own: Change) -> list[dict[str, Any]]:
    """Return the levers with their words, bounds and value."""
    titles = mechanisms().set_index("name")[f"title_{words.language}"]
    found = []
    for lever in lab.levers(posterior):
        text = translate(lever.doc, words.language)
        numbers = {"rest": lever.rest, "low": lever.low, "high": lever.high,
                   "value": own.set.get(lever.name, lever.rest)}  # fmt: skip
        found.append({
            "name": lever.name,
            "words": text[:1].upper() + text[1:],
            "unit": translate(lever.unit, words.language),
            "step": "1" if lever.switch else "0.05",
            "readers": ", ".join(str(titles[name]) for name in lever.readers),
            **{name: f"{number:g}" for name, number in numbers.items()},
        })  # fmt: skip
    return found


def _kept(runs: Runs, words: Words) -> list[tuple[str, str]]:
    """Return the latest runs: name, and the titles of their scenarios."""
    found = [(name, runs.wanted(name)) for name in runs.finished()[:8]]
    return [(name, _title(wanted, words)) for name, wanted in found if wanted is not None]


def frozen(ask: Ask, runs: Runs) -> View:
    """Return the page of a run: how far it is, and once it is done what it says.

    Raises
    ------
    AbsentError
        There is no run of that name.
    """
    state, wanted = runs.state(ask.code), runs.wanted(ask.code)
    if state is None or wanted is None:
        raise no_run()
    if state["state"] != "done":
        return _running(ask, state, wanted)
    words, facts = ask.words, runs.manifest(ask.code)
    named = titles(wanted, words)
    tables = {**runs.tables(ask.code), "scenarios": _scenarios(wanted, words)}
    years = [str(year) for year in sorted(tables["difference"]["year"].unique())]
    year = ask.choice("year", years, years[-1])
    meta = {
        "hidra_version": facts["version"], "run_id": facts["id"], "draws": wanted.draws,
        "seed": wanted.seed, "scenario_start": facts["first"],
    }  # fmt: skip
    language, shown = ask.language, scenarios(tables, meta, words)
    table = _outcomes(tables["outcome"], facts["labels"], named, words)
    where = _where(tables["difference"], named, meta, int(year), words)
    return View(
        _title(wanted, words),
        words("frozen.lead", start=words.month(facts["first"]), end=words.month(wanted.end)),
        [
            Section("outcome", words("frozen.outcome"), banner=words("scenarios.banner"),
                    paragraphs=[words("frozen.outcome.lead")], tables=[table]),
            Section("differences", shown.title, paragraphs=shown.paragraphs,
                    blocks=shown.blocks, tables=shown.tables),
            where,
            Section("limits", words("section.limits"), points=limits(ask.language)),
        ],
        state={"year": year},
        template="frozen.html.j2",
        more={"code": ask.code, "years": years, "year": year,
              "facts": _facts(facts, wanted, words),
              "warning": "" if facts["told"].get("trusted", 1) else translate(UNTRUSTED, language)},
    )  # fmt: skip


def no_run() -> AbsentError:
    """Return the refusal of a run that is not kept here."""
    return AbsentError(
        _("There is no such run on this machine."),
        where=_("link"),
        fix=_("Ask who gave you the link for its specification, and run it here."),
    )


def _running(ask: Ask, state: State, wanted: Wanted) -> View:
    """Return the page of a run that is not done, with what went wrong in the reader's language."""
    told = state.get("es", {}) if ask.language == "es" else {}
    return View(
        ask.words(f"frozen.{state['state']}"), template="running.html.j2",
        more={"state": {**state, **told}, "code": ask.code,
              "titles": list(titles(wanted, ask.words).values())},
        keep=False,
    )  # fmt: skip


def titles(wanted: Wanted, words: Words) -> dict[str, str]:
    """Return the title of every scenario: ready ones, and one without a title, in words."""
    from hidra.study.library import library

    known = library()
    unnamed = {"", *(page_words(language)("lab.own") for language in LANGUAGES)}
    return {
        name: str(getattr(known[name].title, words.language)) if name in known
        else words("lab.own") if one.title in unnamed else one.title
        for name, one in wanted.scenarios.items()
    }  # fmt: skip


def _title(wanted: Wanted, words: Words) -> str:
    return " · ".join(titles(wanted, words).values())


def _scenarios(wanted: Wanted, words: Words) -> pd.DataFrame:
    """Return the scenarios of a run as the report takes them: name, title, start, what changes."""
    language, named = words.language, titles(wanted, words)
    rows: list[dict[str, Any]] = [
        {"name": "no_change", "title": words("frozen.no_change"), "start": None,
         "what": words("frozen.no_change.what")}
    ]  # fmt: skip
    rows += [
        {"name": name, "title": named[name], "start": one.start,
         "what": what(one, language)}
        for name, one in wanted.scenarios.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _outcomes(
    rows: pd.DataFrame,
    labels: Mapping[str, Mapping[str, str]],
    named: Mapping[str, str],
    words: Words,
) -> Table:
    """Return what each scenario comes to, and its paired difference from no change."""
    named = {"no_change": words("frozen.no_change"), **named}
    lines = []
    for measure in (one for one in SHOWN if one in set(rows["measure"])):
        label = labels.get(measure, {}).get(f"label_{words.language}", measure)
        for _rest, row in rows[rows["measure"] == measure].iterrows():
            name = row["scenario"]
            difference = ["–", "–"] if name == "no_change" else [
                _persons(row, "diff_", sign=True), _share(row)
            ]  # fmt: skip
            lines.append([label, named.get(name, name), _persons(row, ""), *difference])
    heads = ("measure", "scenario", "total", "difference", "share")
    return Table(
        words("frozen.outcome.caption"), [words(f"frozen.head.{name}") for name in heads], lines
    )


def _persons(row: pd.Series, prefix: str, *, sign: bool = False) -> str:
    """Median and 90 % of some draws; less than half a person is none."""
    low, middle, high = (
        rounded(value if abs(value) >= HALF else 0.0)
        for value in (row[f"{prefix}{one}"] for one in ("p05", "p50", "p95"))
    )
    plus = "+" if sign and row[f"{prefix}p50"] > 0 else ""
    return f"{plus}{middle} [{low} – {high}]"


def _share(row: pd.Series) -> str:
    low, middle, high = (percent(row[f"rel_{one}"], sign=True) for one in ("p05", "p50", "p95"))
    return f"{middle} [{low} – {high}]"


def _where(
    difference: pd.DataFrame,
    named: Mapping[str, str],
    meta: Mapping[str, object],
    year: int,
    words: Words,
) -> Section:
    """Return a picture of the states in a year for each scenario, all on one scale."""
    rows = difference[difference["place"].isin(series.STATES) & (difference["year"] == year)]
    measure = next((one for one in PICTURED if one in set(rows["measure"])), None)
    rows = rows[rows["measure"] == measure].reset_index(drop=True)
    rows = rows.assign(shift=tiles.shift_kinds(rows))[["scenario", *tiles.SHIFTED]]
    bounds, states = tiles.shift_steps(rows), maps.state_names(words.language)
    pictures = [
        blocks.shifts(
            mine[tiles.SHIFTED].reset_index(drop=True), bounds, states, words,
            name=f"where_{name}", title=title, year=year,
            source=simulation_line(meta, words),
        )
        for name, title in named.items()
        if len(mine := rows[rows["scenario"] == name])
    ]  # fmt: skip
    return Section("where", words("map.difference"), blocks=pictures)


def _facts(manifest: Mapping[str, Any], wanted: Wanted, words: Words) -> list[tuple[str, str]]:
    """Return what the hash stands for, and when it was run."""
    digest = str(manifest["told"].get("posterior_digest"))[:12]
    posterior = f"{words(f'lab.posterior.{wanted.posterior}')} · {digest}"
    return [
        (words("cover.date"), words.day(manifest["created"][:10])),
        (words("cover.version"), manifest["version"]),
        (words("site.vintage"), manifest["vintage"]),
        (words("frozen.posterior"), posterior),
        (words("cover.draws"), str(wanted.draws)),
        (words("cover.seed"), str(wanted.seed)),
        (words("cover.run"), manifest["id"]),
    ]
