"""The parts of a report that are words and tables: coverage, mechanisms, data, limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts.block import Section, Table, local, published_by
from hidra.charts.words import Words, minus, percent, rounded, whole

Tables = Mapping[str, pd.DataFrame]
Meta = Mapping[str, Any]


def coverage_notes(tables: Tables, words: Words) -> list[str]:
    """Coverage in words, baselines that beat the model first."""
    coverage = tables.get("coverage")
    if coverage is None:
        return []
    notes = []
    held = coverage[~coverage["fitted"].astype(bool)]
    for _, row in held[held["crps"].notna() & held["crps_baseline"].notna()].iterrows():
        key = "better" if row["crps"] < row["crps_baseline"] else "worse"
        note = words(
            f"model.baseline.{key}", level=words(f"level.{row['level']}"),
            register=publisher(row["measure"], words), baseline=baseline(row, words),
            crps=rounded(row["crps"]),
            other=rounded(row["crps_baseline"]),
        )  # fmt: skip
        notes.append((key == "better", note))
    ordered = [note for _, note in sorted(notes, key=lambda pair: pair[0])]
    return [*ordered, *(_contained(row, words) for _, row in held.iterrows())]


def publisher(measure: str, words: Words) -> str:
    """Who keeps the register of a measure: what stands before the colon of its words."""
    return words.maybe(f"measure.{measure}", measure).split(":")[0]


def baseline(row: pd.Series, words: Words) -> str:
    """Words of the baseline that the model is compared with."""
    code = local(row, "baseline", words.language)
    return words.maybe(f"baseline.{code}", code.replace("_", " "))


def _contained(row: pd.Series, words: Words) -> str:
    role = "fitted" if row["fitted"] else "held"
    return words(
        "model.coverage", register=publisher(row["measure"], words),
        level=words(f"level.{row['level']}.cap"),
        first=words.month(row["period_from"]), last=words.month(row["period_to"]),
        role=words(f"model.coverage.{role}"), n=whole(row["n"]),
        coverage50=percent(row["coverage50"]), coverage90=percent(row["coverage90"]),
    )  # fmt: skip


def coverage_table(tables: Tables, words: Words) -> list[Table]:
    """Coverage and scores as a table."""
    coverage = tables.get("coverage")
    if coverage is None or coverage.empty:
        return []
    names = (
        "register",
        "level",
        "period",
        "fitted",
        "n",
        "coverage50",
        "coverage90",
        "crps_baseline",
        "crps",
    )
    rows = [
        [
            publisher(row["measure"], words), words(f"level.{row['level']}"),
            f"{row['period_from']}–{row['period_to']}",
            words("yes" if row["fitted"] else "no"), whole(row["n"]), percent(row["coverage50"]),
            percent(row["coverage90"]), rounded(row["crps_baseline"]), rounded(row["crps"]),
        ]
        for _, row in coverage.iterrows()
    ]  # fmt: skip
    heads = [words(f"column.{name}") for name in names]
    return [Table(words("model.table"), heads, rows)]


def scenario_table(tables: Tables, words: Words) -> list[Table]:
    """What each scenario changes, and from when."""
    table = tables.get("scenarios")
    if table is None or table.empty:
        return []
    rows = [
        [
            local(row, "title", words.language) or row["name"],
            words.month(row["start"]) if isinstance(row["start"], str) else "–",
            local(row, "what", words.language),
        ]
        for _, row in table.iterrows()
    ]  # fmt: skip
    heads = [words("column.scenario"), words("column.start"), words("column.what")]
    return [Table(words("scenarios.table"), heads, rows)]


def mechanisms(tables: Tables, words: Words) -> Section:
    """Each mechanism as a card: switch, equation, evidence for and against, parameters."""
    table = tables.get("mechanisms")
    name = "mechanisms"
    if table is None or table.empty:
        text = [words("mechanisms.lead"), words("section.missing")]
        return Section(name, words(f"section.{name}"), paragraphs=text)
    cards = [_card(row, words) for _, row in table.iterrows()]
    lead = [words("mechanisms.lead")]
    return Section(name, words(f"section.{name}"), paragraphs=lead, cards=cards)


def _card(row: pd.Series, words: Words) -> dict[str, Any]:
    grade = str(row.get("grade") or "")
    facts = [
        (words("mechanisms.grade"), words.maybe(f"grade.{grade}", grade)),
        (words("mechanisms.for"), local(row, "evidence_for", words.language)),
        (words("mechanisms.against"), local(row, "evidence_against", words.language)),
        *((words(f"mechanisms.{key}"), _listed(row.get(key), words))
          for key in ("reads", "rates", "flows", "drivers")),
        (words("mechanisms.essay"), local(row, "essay", words.language)),
    ]  # fmt: skip
    none = words("word.none_given")
    evidence = {words("mechanisms.for"), words("mechanisms.against")}
    return {
        "title": local(row, "title", words.language) or row["name"],
        "name": row["name"],
        "state": words("mechanisms.on" if row["on"] else "mechanisms.off"),
        "on": bool(row["on"]),
        "equation": local(row, "equation", words.language),
        "facts": [(key, text or none) for key, text in facts if text or key in evidence],
        "params": _params(row.get("params"), words),
    }


def _listed(value: Any, words: Words) -> str:
    """A list as words; frames read back from CSV or Parquet hold text, arrays or nothing."""
    if value is None or isinstance(value, float):
        return ""
    names = value.split(", ") if isinstance(value, str) else [str(part) for part in value]
    return ", ".join(words.maybe(f"node.{name}", name) for name in names)


def _params(text: Any, words: Words) -> list[str]:
    """One line per parameter of the JSON in ``params``: what it is, its spread, unit, source."""
    if not isinstance(text, str) or not text.strip():
        return []
    loaded = json.loads(text)
    items = loaded.items() if isinstance(loaded, dict) else (
        (str(entry.get("name", "")), entry) for entry in loaded
    )  # fmt: skip
    return [_param(name, entry, words) for name, entry in items]


def _param(name: str, entry: Any, words: Words) -> str:
    if not isinstance(entry, dict):
        return f"{name} = {entry}"
    doc, unit, source = (local(entry, key, words.language) for key in ("doc", "unit", "source"))
    said = [f"{name} = {_spread(entry, words)}", unit if unit != "1" else ""]
    line = " ".join(part for part in said if part)
    return f"{doc} {line} ({source})".strip() if source else f"{doc} {line}".strip()


def _spread(entry: Mapping[str, Any], words: Words) -> str:
    """A number, or the median and 90 % interval of a prior; else as declared."""
    middle, low, high = (entry.get(key) for key in ("p50", "p05", "p95"))
    if middle is None:
        return str(entry["value"] if entry.get("value") is not None else entry.get("prior"))
    if low is None or high is None:
        return minus(f"{middle:.3g}")
    inside = words("word.interval90"), f"{low:.3g}", words("word.to"), f"{high:.3g}"
    return minus(f"{middle:.3g} [{' '.join(inside)}]")


def data(tables: Tables, words: Words) -> Section:
    """The tables used, with what each counts, and the breaks in their method."""
    sources, breaks = tables.get("sources"), tables.get("breaks")
    shown: list[Table] = []
    cards = [] if sources is None else [_source_card(row, words) for _, row in sources.iterrows()]
    if breaks is not None and len(breaks):
        shown.append(_break_table(breaks, words))
    lead = [words("data.lead")]
    if breaks is None or breaks.empty:
        lead.append(words("data.no_breaks"))
    return Section("data", words("section.data"), paragraphs=lead, cards=cards, tables=shown)


def _source_card(row: pd.Series, words: Words) -> dict[str, Any]:
    language = words.language
    known = local(row, "status", language) or local(row, "gaps", language)
    accessed = words.day(local(row, "accessed", language))
    facts = [
        (words("column.publisher"), published_by(row, words)),
        (words("column.concept"), local(row, "concept", language)),
        (words("column.accessed"), accessed),
        (words("word.gaps"), known),
        (words("column.terms"), local(row, "terms", language)),
        (words("column.citation"), local(row, "citation", language)),
        (words("column.address"), _web(local(row, "address", language))),
    ]
    title = local(row, "title", language)
    return {"title": title, "facts": [(term, text) for term, text in facts if text]}


def _web(address: str) -> str:
    """An address that a browser opens; what only says "our own" has none."""
    return address if "://" in address else ""


def _break_table(breaks: pd.DataFrame, words: Words) -> Table:
    rows = [
        [
            words.maybe(f"measure.{row['measure']}", row["measure"]),
            words.month(row["month"]),
            local(row, "words", words.language),
            local(row, "what", words.language),
            local(row, "publisher", words.language),
        ]
        for _, row in breaks.iterrows()
    ]  # fmt: skip
    heads = [words(f"column.{name}") for name in ("measure", "start", "break", "what", "publisher")]
    return Table(words("data.breaks"), heads, rows)


def limits(meta: Meta, words: Words) -> Section:
    """What the results cannot say."""
    points = [*meta.get(f"limits_{words.language}", ()), words("limits.general")]
    return Section("limits", words("section.limits"), points=points)


def specification(meta: Meta, words: Words) -> Section:
    """The command and the whole study that give the same numbers again."""
    listings = [
        (words(f"specification.{name}"), str(meta[key]))
        for name, key in (("command", "command"), ("study", "study_yaml"))
        if meta.get(key)
    ]
    return Section(
        "specification", words("section.specification"),
        paragraphs=[words("specification.lead")], listings=listings,
    )  # fmt: skip
