"""The parts of a report that are words and tables: coverage, mechanisms, data, limits."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hidra.charts.block import Section, Table, published_by
from hidra.charts.series import NATION
from hidra.charts.words import Words, local, minus, percent, rounded, whole
from hidra.report import Meta, Tables, section
from hidra.report.summary import publisher

PARTS = ("mechanisms", "discrepancy", "noise")
LISTED = 8  # single parameters of a sensitivity


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], words: Words) -> Table:
    """A table whose title and heads (``column.NAME``) are in the catalogue."""
    return Table(title, [words(f"column.{name}") for name in columns], rows)


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
        "register", "level", "period", "fitted", "n", "coverage50", "coverage90", "crps_baseline",
        "crps",
    )  # fmt: skip
    rows = [
        [
            publisher(row["measure"], words), words(f"level.{row['level']}"),
            f"{row['period_from']}–{row['period_to']}",
            words("yes" if row["fitted"] else "no"), whole(row["n"]), percent(row["coverage50"]),
            percent(row["coverage90"]), rounded(row["crps_baseline"]), rounded(row["crps"]),
        ]
        for _, row in coverage.iterrows()
    ]  # fmt: skip
    return [table(words("model.table"), names, rows, words)]


def scenario_table(tables: Tables, words: Words) -> list[Table]:
    """What each scenario changes, and from when."""
    given = tables.get("scenarios")
    if given is None or given.empty:
        return []
    rows = [
        [
            local(row, "title", words.language) or row["name"],
            words.month(row["start"]) if isinstance(row["start"], str) else "–",
            local(row, "what", words.language),
        ]
        for _, row in given.iterrows()
    ]  # fmt: skip
    return [table(words("scenarios.table"), ("scenario", "start", "what"), rows, words)]


@section("mechanisms")
def mechanisms(tables: Tables, meta: Meta, words: Words) -> Section:
    """Each mechanism as a card: switch, equation, evidence for and against, parameters."""
    del meta
    given, lead = tables.get("mechanisms"), [words("mechanisms.lead")]
    if given is None or given.empty:
        return Section("mechanisms", "", paragraphs=[*lead, words("section.missing")])
    cards = [_card(row, words) for _, row in given.iterrows()]
    return Section("mechanisms", "", paragraphs=lead, cards=cards)


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


@section("data")
def data(tables: Tables, meta: Meta, words: Words) -> Section:
    """The tables used, with what each counts, and the breaks in their method."""
    del meta
    sources, breaks = tables.get("sources"), tables.get("breaks")
    shown: list[Table] = []
    cards = [] if sources is None else [_source_card(row, words) for _, row in sources.iterrows()]
    if breaks is not None and len(breaks):
        shown.append(_break_table(breaks, words))
    lead = [words("data.lead")]
    if breaks is None or breaks.empty:
        lead.append(words("data.no_breaks"))
    return Section("data", "", paragraphs=lead, cards=cards, tables=shown)


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
    names = ("measure", "start", "break", "what", "publisher")
    return table(words("data.breaks"), names, rows, words)


@section("limits")
def limits(tables: Tables, meta: Meta, words: Words) -> Section:
    """What the results cannot say."""
    del tables
    points = [*meta.get(f"limits_{words.language}", ()), words("limits.general")]
    return Section("limits", "", points=points)


@section("specification")
def specification(tables: Tables, meta: Meta, words: Words) -> Section:
    """The command and the whole study that give the same numbers again."""
    del tables
    listings = [
        (words(f"specification.{name}"), str(meta[key]))
        for name, key in (("command", "command"), ("study", "study_yaml"))
        if meta.get(key)
    ]
    lead = [words("specification.lead")]
    return Section("specification", "", paragraphs=lead, listings=listings)


@section("explained")
def explained(tables: Tables, meta: Meta, words: Words) -> Section:
    """What explains the records, and on what the size of the groups rests: empty without either."""
    del meta
    shares, scale = tables.get("explained"), tables.get("scale")
    paragraphs: list[str] = []
    shown: list[Table] = []
    if shares is not None and len(shares):
        paragraphs += [words("explained.lead"), _national(shares, words)]
        shown.append(_shares(shares, words))
    if scale is not None and len(scale):
        paragraphs.append(_anchor(scale, words))
        shown.append(_scale(scale, words))
    return Section("explained", "", paragraphs=paragraphs, tables=shown)


def _national(shares: pd.DataFrame, words: Words) -> str:
    rows = shares[(shares["place"] == NATION) & (shares["fit"] == "projection")]
    found = rows.set_index("part")["p50"]
    states = shares[(shares["place"] != NATION) & (shares["fit"] == "projection")]
    usual = states.groupby("part")["p50"].median()
    return words(
        "explained.national",
        first=words.month(rows["period_from"].iloc[0]),
        last=words.month(rows["period_to"].iloc[0]),
        **{part: percent(found[part]) for part in PARTS},
        **{f"{part}_state": percent(usual[part]) for part in PARTS},
    )


def _shares(shares: pd.DataFrame, words: Words) -> Table:
    """Nation and median state of each fit and period."""
    rows = []
    for (fit, first, last), part in shares.groupby(["fit", "period_from", "period_to"], sort=False):
        for level, chosen in (
            ("nation", part[part["place"] == NATION]),
            ("state", part[part["place"] != NATION]),
        ):
            cells = [_interval(chosen[chosen["part"] == name]) for name in PARTS]
            rows.append([words(f"part.{fit}"), words(f"level.{level}"), f"{first}–{last}", *cells])
    return table(words("explained.table"), ("fit", "level", "period", *PARTS), rows, words)


def _interval(rows: pd.DataFrame) -> str:
    """Median and 90 % interval; of states the median state and the middle nine tenths of states."""
    if len(rows) == 1:
        row = rows.iloc[0]
        middle, low, high = row["p50"], row["p05"], row["p95"]
    else:
        middle, low, high = (rows["p50"].quantile(q) for q in (0.5, 0.05, 0.95))
    return f"{percent(middle)} [{percent(low)}, {percent(high)}]"


def _anchor(scale: pd.DataFrame, words: Words) -> str:
    row = scale[scale["name"] == "attributed_share"].iloc[0]
    bound = ", ".join(words(f"scale.{name}") for name in scale.loc[scale["on_bound"], "name"])
    values: dict[str, Any] = {
        name: percent(row[name]) for name in ("prior_p05", "prior_p95", "p05", "p50", "p95")
    }
    return words("scale.lead", bound=bound, **values)


def _scale(scale: pd.DataFrame, words: Words) -> Table:
    """How each parameter moves along the ridge, and where the published estimate stood."""
    rows = [
        [
            words(f"scale.{row['name']}"),
            f"{row['power']:+d}" if row["power"] else "0",
            _number(row["slope"], "+.2f"),
            _number(row["correlation"], "+.2f"),
            f"{rounded(row['p50'])} [{rounded(row['p05'])}, {rounded(row['p95'])}]",
            _box(row, words),
        ]
        for _, row in scale.iterrows()
    ]
    names = ("parameter", "power", "slope", "correlation", "after", "published")
    return table(words("scale.table"), names, rows, words)


def _number(value: float, form: str) -> str:
    return format(value, form) if pd.notna(value) else "–"


def _box(row: pd.Series, words: Words) -> str:
    if pd.isna(row["estimate"]):
        return "–"
    text = f"{rounded(row['estimate'])} [{rounded(row['low'])}, {rounded(row['high'])}]"
    return f"{text} {words('scale.on_bound')}" if row["on_bound"] else text


def single(rows: pd.DataFrame, measure: str, words: Words) -> list[Table]:
    """The single parameters of a sensitivity that stand out, or no table where none does."""
    rows = rows[(rows["level"] == "parameter") & rows["stands"].astype(bool)]
    rows = rows.sort_values("first", ascending=False).head(LISTED)
    shares = ("first", "first_lo", "first_hi")
    told = [
        [local(row, "title", words.language) or row["name"], *(percent(row[s]) for s in shares)]
        for _, row in rows.iterrows()
    ]
    title = words("sensitivity.single", measure=words(f"sensitivity.{measure}"))
    return [table(title, ("parameter", *shares), told, words)] if told else []
