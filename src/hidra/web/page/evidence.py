"""The bank of published natural experiments: what each found, and what the model gives for it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from hidra.charts import interval
from hidra.charts.block import Block, Section, Table, described
from hidra.charts.words import Words
from hidra.core.i18n import minus, translate
from hidra.evidence import Study, bank
from hidra.report import blocks
from hidra.study import describe
from hidra.web.page.model import SILENT, assumed, mechanisms
from hidra.web.site import Ask, View

USES = ("fit", "kept out", "shown")
PARTS = ("p05", "p50", "p95")


@cache
def results() -> dict[str, Any]:
    """Return what ``scripts/make_evidence.py`` keeps.

    Returns
    -------
    dict
        ``prior`` and ``fitted``: id of a study -> row of `experiment.Result` with sizes of the
        priors, or as the studies leave them; ``sizes`` and ``left_out``: tables of `fit.Sizes`.
    """
    text = files("hidra.evidence").joinpath("results.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def told() -> list[dict[str, Any]]:
    """Return every study with what the model gives, for programs."""
    kept = results()
    left = {one["id"]: one for one in kept["left_out"]}
    return [
        one.model_dump(mode="json", by_alias=True)
        | {"mechanisms": list(one.mechanisms), "model": kept["fitted"].get(one.id),
           "priors_only": kept["prior"].get(one.id), "others_predict": left.get(one.id)}
        for one in bank().values()
    ]  # fmt: skip


def view(ask: Ask) -> View:
    """Return the page of the evidence."""
    words, kept = ask.words, results()
    studies = bank()
    run = {name: one for name, one in studies.items() if name in kept["fitted"]}
    return View(
        words("evidence.title"), words("evidence.lead", n=len(studies), run=len(run)),
        [
            Section("found", words("evidence.found.head"), paragraphs=score(run, words),
                    blocks=[forest(run, words)]),
            Section("table", words("evidence.table.head"), tables=[verdicts(run, words)]),
            Section("sizes", words("evidence.sizes.head"),
                    paragraphs=[narrowed(words), assumed(mechanisms(), words)],
                    blocks=[sizes(words)]),
        ],
        template="evidence.html.j2",
        more={"studies": [card(one, words) for one in studies.values()]},
    )  # fmt: skip


def score(run: dict[str, Study], words: Words) -> list[str]:
    """Say how many published effects the model meets, of each use."""
    rows = results()["fitted"]

    def count(use: str) -> tuple[int, int]:
        mine = [rows[name] for name, one in run.items() if one.use == use]
        return sum(row["inside"] for row in mine), len(mine)

    (fit, fitted), (out, kept_out) = count("fit"), count("kept out")
    return [words("evidence.score", fit=fit, fitted=fitted, out=out, kept_out=kept_out)]


def of_study(one: Study, words: Words) -> str:
    """Return the title of a study, and that it was kept out where it was."""
    title: str = getattr(one.title, words.language)
    return f"{title} ({words('evidence.use.kept out')})" if one.use == "kept out" else title


def forest(run: dict[str, Study], words: Words) -> Block:
    """Return published intervals beside those of the model, each on the scale of its own."""
    rows = results()["fitted"]
    frame = pd.DataFrame([
        {"parameter": name, "before": getattr(getattr(one, "before", None), "value", None),
         "prior_p05": one.published.low, "prior_p50": one.published.value,
         "prior_p95": one.published.high, "p05": rows[name]["sim_low"],
         "p50": rows[name]["simulated"], "p95": rows[name]["sim_high"]}
        for use in USES for name, one in run.items() if one.use == use
    ]).astype({"before": float})  # fmt: skip
    titles = {one: of_study(run[one], words) for one in frame["parameter"]}
    units = {name: translate(one.unit, words.language) for name, one in run.items()}
    placed = interval.parameter_rows(frame)
    columns = ("prior_p05", "prior_p50", "prior_p95", "p05", "p50", "p95")
    return described(
        "evidence", words, "evidence.forest", chart=interval.parameters(
            placed, titles, units, words, scale="published"
        ),
        data=placed[["parameter", *columns]], codes=titles, layout={"kind": "rows"},
        heads={"parameter": words("evidence.study")}
        | {name: words(f"evidence.{name}") for name in columns},
        source=words("evidence.source"), axes=blocks.of_names("parameter", "z_p50"),
    )  # fmt: skip


def verdict(one: Study, row: dict[str, Any], words: Words) -> str:
    """Say by rule whether the model gives what a study found: less, more, or the contrary."""
    assert one.experiment is not None
    if row["inside"]:
        return words("evidence.verdict.inside")
    neutral = one.experiment.look.neutral
    found, given = row["published"] - neutral, row["simulated"] - neutral
    kind = "contrary" if found * given < 0 else "less" if abs(given) < abs(found) else "more"
    meet = row["sim_low"] <= row["high"] and row["low"] <= row["sim_high"]
    return words(f"evidence.verdict.{kind}") + (words("evidence.verdict.meet") if meet else "")


def written(value: float, low: float, high: float, words: Words) -> str:
    """Write a value and its interval in words, all with as many decimals."""
    ends = (value, low, high)
    places = sum(max(map(abs, ends)) < limit for limit in (100, 10))
    while places and all(round(one, places - 1) == round(one, places) for one in ends):
        places -= 1
    if low < high and round(low, places) == round(high, places):
        places = 3
    middle, first, last = (minus(f"{one:,.{places}f}") for one in ends)
    return f"{middle} ({first} {words('word.to')} {last})"


def _published(one: Study, words: Words) -> str:
    found = one.published
    unit = translate(one.unit, words.language)
    return f"{written(found.value, found.low, found.high, words)} {unit}"


def _model(row: dict[str, Any], words: Words) -> str:
    return written(row["simulated"], row["sim_low"], row["sim_high"], words)


def verdicts(run: dict[str, Study], words: Words) -> Table:
    """Return one line a study: what it found, what the model gives, verdict, what it is for."""
    rows = results()["fitted"]
    heads = [words(f"evidence.{one}") for one in ("study", "published", "model", "verdict", "use")]
    lines = [
        [getattr(one.title, words.language), _published(one, words), _model(rows[name], words),
         verdict(one, rows[name], words), words(f"evidence.use.{one.use}")]
        for use in USES for name, one in run.items() if one.use == use
    ]  # fmt: skip
    return Table(words("evidence.table.caption"), heads, lines)


@cache
def parameters() -> pd.DataFrame:
    """Return the parameters that studies speak to, prior and posterior, with titles and units."""
    from hidra.model.mechanisms import package

    docs = {f"{m.name}.{q.name}": q.doc for m in package().values() for q in m.params}
    table = pd.DataFrame(results()["sizes"])
    table = table[table["name"].isin(docs)].reset_index(drop=True)
    return describe.worded(table.assign(doc=table["name"].map(docs)))


def narrowed(words: Words) -> str:
    """Say how many of the parameters that studies speak to they narrow."""
    table = parameters()
    return words("evidence.sizes.lead", n=len(table),
                 told=int((table["contraction"] >= SILENT).sum()))  # fmt: skip


def sizes(words: Words) -> Block:
    """Return prior and posterior of the parameters that the studies narrow."""
    table = parameters()
    table = table[table["contraction"] >= SILENT].reset_index(drop=True)
    titles = dict(zip(table["name"], table[f"title_{words.language}"], strict=True))
    units = dict(zip(table["name"], table[f"unit_{words.language}"].replace("1", ""), strict=True))
    rows = interval.parameter_rows(table.rename(columns={"name": "parameter"}))
    columns = ["parameter", *(f"prior_{one}" for one in PARTS), *PARTS, "contraction"]
    return described(
        "sizes", words, "parameters", layout={"kind": "rows"}, columns=columns, codes=titles,
        chart=interval.parameters(rows, titles, units, words), data=rows[columns],
        title=words("evidence.sizes.title"), source=words("evidence.source"),
        axes=blocks.of_names("parameter", "z_p50"),
    )  # fmt: skip


def card(one: Study, words: Words) -> dict[str, Any]:
    """Return all that there is of a study: title, verdict and facts, in the reader's language."""
    kept, language = results(), words.language
    row, prior = (kept[name].get(one.id) for name in ("fitted", "prior"))
    left = next((each for each in kept["left_out"] if each["id"] == one.id), None)
    titles = mechanisms().set_index("name")[f"title_{language}"]
    levers = parameters().set_index("name")[f"title_{language}"]
    moved = one.experiment.parameters if one.experiment else ()
    facts = [
        ("compares", getattr(one.estimand, language)),
        ("published", _published(one, words)),
        ("interval", getattr(one.interval, language)),
        ("read", translate(one.read, language)),
        ("use", words(f"evidence.use.{one.use}")),
        ("model", _model(row, words) if row else ""),
        ("prior", _model(prior, words) if prior else ""),
        ("others", written(left["predicted"], left["pred_low"], left["pred_high"], words)
         if left else ""),
        ("control", words("evidence.control.still" if row["control_ok"] else
                          "evidence.control.moved") if row else ""),
        ("before", before(one, words)),
        ("remark", getattr(getattr(one, "remark", None), language, "")),
        ("none", getattr(one.no_experiment, language) if one.no_experiment else ""),
        ("mechanisms", ", ".join(str(titles.get(name, name)) for name in one.mechanisms)),
        ("parameters", "; ".join(str(levers.get(name, name)) for name in moved)),
    ]  # fmt: skip
    return {
        "id": one.id, "title": getattr(one.title, language),
        "study": words.maybe(f"evidence.own.{one.id}", one.study),
        "address": one.address, "kept_out": one.use == "kept out",
        "verdict": verdict(one, row, words) if row else words("evidence.verdict.none"),
        "facts": [(words(f"evidence.{name}"), text) for name, text in facts if text],
    }  # fmt: skip


def before(one: Study, words: Words) -> str:
    """Say what the model gave before it had the mechanisms of now, where that was measured."""
    kept = getattr(one, "before", None)
    if kept is None or kept.value is None:
        return ""
    return f"{minus(f'{kept.value:.3g}')} ({getattr(kept.note, words.language)})"
