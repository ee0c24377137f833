"""The lab: ready scenarios and one's own, every switch with its evidence."""

from __future__ import annotations

from typing import Any

from hidra.charts import maps
from hidra.charts.words import Words
from hidra.model import spanish
from hidra.web.ask import Ask, View
from hidra.web.lab import form
from hidra.web.lab.runs import Runs
from hidra.web.lab.wanted import MOST_SCENARIOS, Wanted
from hidra.web.page.frozen import titles
from hidra.web.page.model import mechanisms
from hidra.web.settings import Settings

GROUPS = ("proposed", "rejected", "neither")


def view(ask: Ask, runs: Runs, settings: Settings) -> View:
    """Return the form, filled with an earlier run where ``from`` names one."""
    words = ask.words
    before = runs.wanted(ask.query.get("from", ""))
    posterior = before.posterior if before else ask.choice("posterior", ("system", "default"),
                                                           "system")  # fmt: skip
    return View(
        words("page.lab"), words("lab.lead"), template="lab.html.j2",
        state={key: ask.query[key] for key in ("from", "posterior") if key in ask.query},
        more={
            "ready": [(group, ready(ask, group, before)) for group in GROUPS],
            "mechanisms": switches(posterior, words, before),
            "levers": levers(posterior, words, before),
            "rates": rates(words, before),
            "places": [(code, maps.state_names(ask.language)[code])
                       for code in maps.alphabetical(ask.language)],
            "posterior": posterior,
            "start": _first(before), "end": before.end if before else "2030-12",
            "draws": before.draws if before else 60, "seed": before.seed if before else 20061211,
            "own": before.scenarios.get(form.OWN) if before else None,
            "most": MOST_SCENARIOS, "most_draws": settings.most_draws,
            "last_month": settings.last_month, "kept": kept(runs, words),
        },
        keep=False,
    )  # fmt: skip


def _first(before: Wanted | None) -> str:
    return next(iter(before.scenarios.values())).start if before else "2027-01"


def ready(ask: Ask, stance: str, before: Wanted | None) -> list[dict[str, Any]]:
    """Return the ready scenarios that the essays propose, reject, or neither."""
    from hidra.study.library import library

    words = ask.words
    return [
        {
            "name": name,
            "title": getattr(one.title, ask.language),
            "words": getattr(one.words, ask.language),
            "caveat": getattr(one.caveat, ask.language),
            "grade": words.maybe(f"grade.{one.grade}", one.grade),
            "essays": one.paragraphs,
            "chosen": before is not None and name in before.scenarios,
        }
        for name, one in library().items()
        if one.stance == stance
    ]


def switches(posterior: str, words: Words, before: Wanted | None) -> list[dict[str, Any]]:
    """Return the mechanisms that can be switched off, each with its evidence."""
    own = before.scenarios.get(form.OWN) if before else None
    on = form.mechanisms(posterior)
    rows = mechanisms()
    return [
        {
            "name": row["name"],
            "title": row[f"title_{words.language}"],
            "grade": words.maybe(f"grade.{row['grade']}", row["grade"]),
            "for": row[f"evidence_for_{words.language}"],
            "against": row[f"evidence_against_{words.language}"],
            "off": own is not None and row["name"] in own.off,
        }
        for _, row in rows[rows["name"].isin(on)].iterrows()
    ]


def levers(posterior: str, words: Words, before: Wanted | None) -> list[dict[str, Any]]:
    """Return the levers with their words, bounds and value."""
    own = before.scenarios.get(form.OWN) if before else None
    titles = mechanisms().set_index("name")[f"title_{words.language}"]
    return [
        {
            "name": lever.name,
            "words": driver(lever.name, lever.doc, words),
            "unit": spanish.unit(lever.unit) if words.language == "es" else lever.unit,
            "rest": f"{lever.rest:g}", "low": f"{lever.low:g}", "high": f"{lever.high:g}",
            "step": "1" if lever.switch else "0.05",
            "value": f"{(own.set.get(lever.name, lever.rest) if own else lever.rest):g}",
            "hears": ", ".join(str(titles[name]) for name in lever.hears),
        }
        for lever in form.levers(posterior)
    ]  # fmt: skip


def driver(name: str, doc: str, words: Words) -> str:
    """Return what a driver is, in words."""
    told = spanish.texts().get("drivers", {}).get(name) if words.language == "es" else doc
    text = told if isinstance(told, str) else doc
    return text[:1].upper() + text[1:]


def rates(words: Words, before: Wanted | None) -> list[dict[str, str]]:
    """Return the core rates with the share and dose they are brought to."""
    own = before.scenarios.get(form.OWN) if before else None
    return [
        {
            "name": rate,
            "words": words(f"rate.{rate}"),
            "share": f"{100 * (own.change.get(rate, 1.0) if own else 1.0):g}",
            "dosed": rate if rate in form.DOSED else "",
            "dose": f"{(own.dose.get(rate, 0.0) if own else 0.0):g}",
        }
        for rate in form.RATES
    ]


def kept(runs: Runs, words: Words) -> list[tuple[str, str]]:
    """Return the latest runs: name, and the titles of their scenarios."""
    found = []
    for name in runs.finished()[:8]:
        wanted = runs.wanted(name)
        if wanted is not None:
            found.append((name, " · ".join(titles(wanted, words).values())))
    return found
