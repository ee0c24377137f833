"""The lab: the form of scenarios, and a run of them with what it says."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

import hidra
from hidra.charts import interval, maps, series, tiles
from hidra.charts.block import Block, Section, Table, described, simulation_line
from hidra.charts.words import Words
from hidra.core.i18n import LANGUAGES, _, about_interval, translate
from hidra.report import blocks
from hidra.report.sections import scenarios
from hidra.run import limits
from hidra.scenario import Cut, Scenario, what
from hidra.web import lab
from hidra.web.lab import MOST_SCENARIOS, OWN, Change, Runs, State, Wanted
from hidra.web.page.model import mechanisms
from hidra.web.site import AbsentError, Ask, Settings, View
from hidra.web.site import words as page_words

if TYPE_CHECKING:
    from hidra.evidence import Study
    from hidra.study.library import Ready

#: Measures of the table of outcomes, and those of the pictures of the states, in order.
SHOWN = (
    "inegi_homicides_expected", "member_deaths", "recruits", "arrests", "members",
    "disappeared", "displaced",
)  # fmt: skip
PICTURED = (series.EXPECTED, series.MAIN)
SHARES = ("p05", "p25", "p50", "p75", "p95")
NO_CHANGE = "no_change"


def form(ask: Ask, runs: Runs, settings: Settings) -> View:
    """Return the ready comparisons and the desk, or the desk alone, filled with what is asked for.

    ``from`` names an earlier run, ``ready`` a scenario of the library, ``posterior`` a fit.
    """
    from hidra.study.library import library
    from hidra.study.library import ready as kept

    words = ask.words
    if settings.warm:
        runs.expect()
    before = runs.wanted(ask.query.get("from", ""))
    ready = ask.choice("ready", ("", *library()), "")
    asked = ask.choice("posterior", ("system", "small"), "system")
    posterior = before.posterior if before else asked
    taken = lab.as_own(library()[ready], posterior) if ready else None
    chosen: dict[str, Scenario] = dict(before.scenarios if before else {})
    chosen |= {OWN: taken} if taken else {ready: library()[ready]} if ready else {}
    own = chosen.get(OWN, Change())
    own = own if isinstance(own, Change) else Change()
    alone = bool({"from", "ready", "posterior"} & set(ask.query))
    shown = {} if alone else comparisons(words)
    start = next((one.start for one in chosen.values()), Change().start)
    return View(
        words("page.lab"), words("lab.lead"), [section for section, _told in shown.values()],
        template="lab.html.j2",
        state={key: ask.query[key] for key in ("from", "ready", "posterior") if key in ask.query},
        more={
            "alone": alone, "trusted": alone or bool(kept()["trusted"].all()),
            "told": {name: told for name, (_section, told) in shown.items()},
            "chosen": chosen, "own": own, "start": start, "posterior": posterior,
            "desk": desk(posterior, chosen, own, words),
            "places": [(code, maps.state_names(ask.language)[code])
                       for code in maps.alphabetical(ask.language)],
            "end": before.end if before else lab.END,
            "draws": before.draws if before else lab.DRAWS,
            "seed": before.seed if before else lab.SEED,
            "most": MOST_SCENARIOS, "most_draws": settings.most_draws,
            "last_month": settings.last_month, "kept": _kept(runs, words),
        },
    )  # fmt: skip


def comparisons(words: Words) -> dict[str, tuple[Section, dict[str, Any]]]:
    """Return the ready comparisons, the best evidence first, and what is told beside each chart."""
    from hidra import evidence
    from hidra.study.library import GRADES, READY, library
    from hidra.study.library import ready as kept

    rows, known, studies = kept(), library(), evidence.bank()
    names = sorted(READY, key=lambda name: GRADES.index(known[name].grade))
    by_month = monthly(rows)
    ends = by_month.loc[by_month["scenario"].isin(names), ["diff_p05", "diff_p95"]]
    domain = float(ends["diff_p05"].min()), float(ends["diff_p95"].max())
    source = words("lab.ready.source", version=hidra.__version__, draws=rows["draws"].iloc[0],
                   seed=rows["seed"].iloc[0])  # fmt: skip
    found = {}
    for name in (*names, NO_CHANGE):
        mine, level = by_month[by_month["scenario"] == name], name == NO_CHANGE
        scenario = {} if level else {name: words("frozen.head.difference")}
        section = Section(
            name, words(f"ready.{name}"),
            paragraphs=[finding(mine, words), words(f"ready.{name}.what")],
            blocks=[_by_year(mine, name, source, words, None if level else domain)],
            tables=[_outcomes(rows[rows["year"].isna()], scenario, words)],
        )  # fmt: skip
        told = {} if level else {
            "caveat": words.maybe(f"ready.{name}.caveat",
                                  getattr(known[name].caveat, words.language)),
            **_evidence(known[name], studies, words),
        }  # fmt: skip
        found[name] = section, told
    return found


def _evidence(one: Ready, studies: Mapping[str, Study], words: Words) -> dict[str, Any]:
    """Return what set the size of a scenario: the words of the bank, and the studies."""
    from hidra.evidence import setting

    found = [studies[study] for name in one.mechanisms for study in setting(name)]
    return {
        "basis": translate(one.basis, words.language),
        "studies": [(getattr(study.title, words.language), study.address) for study in found],
    }


def monthly(rows: pd.DataFrame) -> pd.DataFrame:
    """Return people killed a month in each year, of a table of `outcome`."""
    measure = next(one for one in PICTURED if one in set(rows["measure"]))
    found = rows[(rows["measure"] == measure) & rows["year"].notna()].reset_index(drop=True)
    figures = [f"{part}{one}" for part in ("", "diff_") for one in SHARES]
    return found.assign(**found[figures].div(found["months"], axis=0))


def finding(rows: pd.DataFrame, words: Words) -> str:
    """Say what a scenario comes to in its last year, with its doubt, by rule from the numbers.

    Parameters
    ----------
    rows : of one scenario, as `monthly` has them.
    """
    last = rows.sort_values("year").iloc[-1]
    year = int(last["year"])
    if last["scenario"] == NO_CHANGE:
        return words("finding.level", year=year, level=level(last.to_dict(), words))
    ends = (last["diff_p05"], last["diff_p50"], last["diff_p95"])
    return words.change("finding", *ends, year=year)


def level(row: Mapping[Any, Any] | pd.Series, words: Words) -> str:
    """Say a quantity with its doubt: "about 2,400; from 1,200 to 3,800"."""
    low, middle, high = about_interval(row["p05"], row["p50"], row["p95"])
    return words("change.level", low=low, middle=middle, high=high)


def _by_year(
    rows: pd.DataFrame, name: str, source: str, words: Words, domain: tuple[float, float] | None
) -> Block:
    """Return people killed a month in each year, as a difference where there is a domain."""
    part, kind = ("", "level") if domain is None else ("diff_", "change")
    years = rows["year"].astype(str).to_list()
    data = pd.DataFrame({"year": years} | {one: rows[f"{part}{one}"].to_numpy() for one in SHARES})
    return _rows(data, "year", {year: year for year in years}, kind, words, domain=domain,
                 name=f"killed_{name}", source=source,
                 when=f"{years[0]}–{years[-1]}")  # fmt: skip


def _rows(
    data: pd.DataFrame, column: str, titles: Mapping[str, str], kind: str, words: Words, *,
    name: str, source: str, when: str, domain: tuple[float, float] | None = None,
) -> Block:  # fmt: skip
    """Return the chart of a finding: people killed a month, in rows that say their figures."""
    data = data.round(2)
    said = [level(row, words) if kind == "level" else
            words.change("change", row["p05"], row["p50"], row["p95"])
            for row in data.to_dict("records")]  # fmt: skip
    chart = interval.changes(data.assign(said=said), column, titles, words, zero=kind == "change",
                             domain=domain)  # fmt: skip
    return described(
        name, words, f"killed.{kind}", {"when": when}, source=source, chart=chart, data=data,
        columns=[column, *SHARES], codes=dict(titles), layout={"kind": "rows"},
        axes=blocks.of_names(column, "p50", words("word.persons")),
    )  # fmt: skip


def desk(posterior: str, chosen: Container[str], own: Change, words: Words) -> list[dict[str, Any]]:
    """Return the controls by question: ready scenarios, numbers to move, what to leave out.

    Parameters
    ----------
    chosen : ready scenarios that are ticked. own : where its numbers stand.
    """
    from hidra.study.library import library

    rows = mechanisms()
    switches = rows[rows["name"].isin(lab.mechanisms(posterior))].to_dict("records")
    size = f"size_{words.language}"
    groups: dict[str, dict[str, Any]] = {
        one: {"name": one, "ready": [], "fields": [], "switches": []} for one in lab.QUESTIONS
    }
    for name, one in library().items():
        at = lab.question(*one.change, *one.set, *one.dose, *one.off)
        basis = translate(one.basis, words.language)
        groups[at]["ready"].append({"name": name, "scenario": one, "size": basis})
    for field in (*_rates(own, words), *_levers(posterior, own, words)):
        groups[lab.question(field["of"])]["fields"].append(field)
    for row in switches:
        groups[lab.question(row["name"])]["switches"].append({**row, "size": row[size]})
    for group in groups.values():
        group["open"] = (
            any(ready["name"] in chosen for ready in group["ready"])
            or any(field["value"] != field["rest"] for field in group["fields"])
            or any(row["name"] in own.off for row in group["switches"])
        )
    return [one for one in groups.values() if one["ready"] or one["fields"] or one["switches"]]


def _rates(own: Change, words: Words) -> list[dict[str, Any]]:
    """Return the fields of the core rates: per cent of today's, and people a week."""
    found = []
    for rate in lab.RATES:
        share = {"id": f"rate-{rate}", "value": f"{100 * own.change.get(rate, 1):g}",
                 "rest": "100", "low": 0, "high": 500, "help": words("desk.rate.help")}  # fmt: skip
        dose = {"id": f"dose-{rate}", "value": f"{own.dose.get(rate, 0):g}", "rest": "0",
                "low": -2000, "high": 2000, "help": words("desk.dose.help")}  # fmt: skip
        for one in (share, dose) if rate in lab.DOSED else (share,):
            kind = str(one["id"]).partition("-")[0]
            found.append(one | {"of": rate, "step": "any", "choices": (),
                                "label": words(f"desk.{kind}.{rate}")})  # fmt: skip
    return found


def _levers(posterior: str, own: Change, words: Words) -> list[dict[str, Any]]:
    """Return the fields of the levers, each with what its numbers mean."""
    found = []
    for lever in lab.levers(posterior):
        doc, unit = translate(lever.doc, words.language), translate(lever.unit, words.language)
        choices = [("1", words("desk.yes")), ("0", words("desk.no"))] if lever.switch else []
        found.append({
            "id": f"lever-{lever.name}", "of": lever.name, "choices": choices,
            "label": words.maybe(f"lever.{lever.name}", doc[:1].upper() + doc[1:]),
            "help": words.maybe(f"lever.{lever.name}.help",
                                words("desk.lever.help", unit=unit, rest=f"{lever.rest:g}")),
            "value": f"{own.set.get(lever.name, lever.rest):g}", "rest": f"{lever.rest:g}",
            "low": f"{lever.low:g}", "high": f"{lever.high:g}", "step": "0.05",
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
    cut = json.loads(facts["told"].get("doses_cut", "{}"))
    tables = {**runs.tables(ask.code), "scenarios": _scenarios(wanted, words, cut)}
    years = [str(year) for year in sorted(tables["difference"]["year"].unique())]
    year = ask.choice("year", years, years[-1])
    meta = {
        "hidra_version": facts["version"], "run_id": facts["id"], "draws": wanted.draws,
        "seed": wanted.seed, "scenario_start": facts["first"],
    }  # fmt: skip
    by_month = monthly(tables["outcome"])
    several = len(named) > 1
    findings = [(title if several else "", finding(by_month[by_month["scenario"] == name], words))
                for name, title in named.items()]  # fmt: skip
    whole = tables["outcome"][tables["outcome"]["year"].isna()]
    heads = named if several else dict.fromkeys(named, words("frozen.head.difference"))
    shown = scenarios(tables, meta, words)
    return View(
        _title(wanted, words),
        " ".join([
            words("frozen.lead", start=words.month(facts["first"]), end=words.month(wanted.end)),
            *(f"{named[one]}: {what(wanted.scenarios[one], ask.language, cut=cut[one])}."
              for one in cut),
        ]),
        [
            Section("outcome", words("frozen.outcome"),
                    blocks=[_last_year(by_month, named, simulation_line(meta, words), words)],
                    tables=[_outcomes(whole, heads, words)]),
            Section("over_time", words("frozen.over_time"), tables=shown.tables,
                    blocks=[replace(block, reading=words("frozen.over_time.reading"))
                            for block in shown.blocks if block.name == "scenarios"]),
            _where(tables["difference"], named, meta, int(year), words),
            Section("limits", words("section.limits"), points=limits(ask.language)),
        ],
        state={"year": year},
        template="frozen.html.j2",
        more={"code": ask.code, "years": years, "year": year, "findings": findings,
              "chosen": "year" in ask.query, "facts": _facts(facts, wanted, words),
              "trusted": facts["told"].get("trusted", 1)},
    )  # fmt: skip


def _last_year(
    by_month: pd.DataFrame, named: Mapping[str, str], source: str, words: Words
) -> Block:
    """Return people killed a month in the last year, more or fewer in each scenario."""
    year = int(by_month["year"].max())
    rows = by_month[(by_month["year"] == year) & (by_month["scenario"] != NO_CHANGE)]
    figures = {one: rows[f"diff_{one}"].to_numpy() for one in SHARES}
    data = pd.DataFrame({"scenario": rows["scenario"].to_numpy()} | figures)
    return _rows(data, "scenario", named, "change", words, name="differences", source=source,
                 when=str(year))  # fmt: skip


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
    phase = state["state"]
    if phase in lab.OPEN:  # the model is made ready before the first simulation is counted
        first = phase == "waiting" and state.get("before")
        phase = "waiting" if first else "running" if state["done"] else "preparing"
    return View(
        ask.words(f"frozen.{phase}"), template="running.html.j2",
        more={"state": {"before": 0, "seconds": 0, **state, **told}, "phase": phase,
              "code": ask.code, "titles": list(titles(wanted, ask.words).values())},
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


def _scenarios(wanted: Wanted, words: Words, cut: Mapping[str, Cut]) -> pd.DataFrame:
    """Return the scenarios of a run as the report takes them: name, title, start, what changes."""
    language, named = words.language, titles(wanted, words)
    rows: list[dict[str, Any]] = [
        {"name": "no_change", "title": words("frozen.no_change"), "start": None,
         "what": words("frozen.no_change.what")}
    ]  # fmt: skip
    rows += [
        {"name": name, "title": named[name], "start": one.start,
         "what": what(one, language, cut=cut.get(name))}
        for name, one in wanted.scenarios.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _outcomes(rows: pd.DataFrame, heads: Mapping[str, str], words: Words) -> Table:
    """Return what no change comes to over the whole time, and what differs in each scenario.

    Parameters
    ----------
    rows : of `outcome`, those of the whole time. heads : scenario -> words of its column.
    """
    found = {(row["measure"], row["scenario"]): row for row in rows.to_dict("records")}
    lines = [
        [words(f"outcome.{measure}"), level(found[measure, NO_CHANGE], words),
         *(words.change("change", *(found[measure, name][f"diff_{one}"]
                                    for one in ("p05", "p50", "p95"))) for name in heads)]
        for measure in SHOWN if (measure, NO_CHANGE) in found
    ]  # fmt: skip
    head = [words("frozen.head.measure"), words("frozen.no_change"), *heads.values()]
    return Table(words("frozen.outcome.caption"), head, lines)


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
