"""The parts of a report that are words and tables: coverage, mechanisms, data, limits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pandas as pd

from hidra.charts import series
from hidra.charts.block import Section, Table, published_by
from hidra.charts.series import ALONE, MAIN, NATION
from hidra.charts.words import Words, local
from hidra.core.i18n import minus, percent, rounded, whole
from hidra.report import Meta, Tables, section
from hidra.report.summary import publisher

PARTS = ("mechanisms", "discrepancy", "noise")
LISTED = 8  # single parameters of a sensitivity


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], words: Words) -> Table:
    """A table whose heads (``column.NAME``) are in the catalogue."""
    return Table(title, [words(f"column.{name}") for name in columns], rows)


def coverage_notes(tables: Tables, words: Words) -> list[str]:
    """Coverage in words, baselines that beat the model first."""
    coverage = tables.get("coverage")
    if coverage is None:
        return []
    held = coverage[~coverage["fitted"].astype(bool) & (coverage["measure"] != ALONE)]
    notes: dict[str, list[str]] = {"worse": [], "better": []}
    for _, row in held[held["crps"].notna() & held["crps_baseline"].notna()].iterrows():
        key = "better" if row["crps"] < row["crps_baseline"] else "worse"
        code = local(row, "baseline", words.language)
        notes[key].append(words(
            f"model.baseline.{key}", level=words(f"level.{row['level']}"),
            register=publisher(row["measure"], words), crps=rounded(row["crps"]),
            baseline=words.maybe(f"baseline.{code}", code.replace("_", " ")),
            other=rounded(row["crps_baseline"]),
        ))  # fmt: skip
    contained = [
        words(
            "model.coverage", register=publisher(row["measure"], words),
            level=words(f"level.{row['level']}.cap"),
            first=words.month(row["period_from"]), last=words.month(row["period_to"]),
            role=words(f"model.coverage.{'fitted' if row['fitted'] else 'held'}"),
            n=whole(row["n"]), coverage50=percent(row["coverage50"]),
            coverage90=percent(row["coverage90"]),
        )
        for _, row in held.iterrows()
    ]  # fmt: skip
    return [*notes["worse"], *notes["better"], *contained]


WEIGHTS = (0.0, 0.5, 1.0)  # how far the model alone may be believed; the first of equals is taken


def belief(tables: Tables, meta: Meta, words: Words) -> list[str]:
    """The weight that the model alone earned where the check was forecast and records have come.

    Judged by the mean absolute error of the national median, the forecast to the power of one less
    the weight times the model to that of the weight.
    """
    held = series.held_out(meta)
    seen = series.national(series.monthly(tables["observed"], (MAIN,)))
    seen = seen[seen["value"].notna() & (seen["status"] != "undercount")].set_index("month")
    check = tables["summary"].query("scenario == 'check' and place == @NATION")
    both = check.pivot_table(index="month", columns="measure", values="p50")
    if held is None or not {MAIN, ALONE} <= set(both):
        return []
    both = both[(both.index >= held[0]) & (both.index < held[1]) & both.index.isin(seen.index)]
    if both.empty:
        return []
    forecast, model, came = both[MAIN], both[ALONE], seen["value"].reindex(both.index)
    missed = [float((forecast ** (1 - w) * model**w - came).abs().mean()) for w in WEIGHTS]
    none, half, one = map(whole, missed)
    weight = WEIGHTS[missed.index(min(missed))]
    return [words(
        "model.belief", n=len(both), first=words.month(both.index[0]),
        last=words.month(both.index[-1]), none=none, half=half, one=one,
        weight=percent(weight), verdict=words(f"model.belief.{'none' if not weight else 'some'}"),
    )]  # fmt: skip


def coverage_table(tables: Tables, words: Words) -> list[Table]:
    """Coverage and scores as a table."""
    coverage = tables.get("coverage")
    if coverage is None or coverage.empty:
        return []
    rows = [
        [
            publisher(row["measure"], words), words(f"level.{row['level']}"),
            f"{row['period_from']}–{row['period_to']}",
            words("yes" if row["fitted"] else "no"), whole(row["n"]), percent(row["coverage50"]),
            percent(row["coverage90"]), rounded(row["crps_baseline"]), rounded(row["crps"]),
        ]
        for _, row in coverage.iterrows()
    ]  # fmt: skip
    shares = ("coverage50", "coverage90", "crps_baseline", "crps")
    names = ("register", "level", "period", "fitted", "n", *shares)
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
    ]
    return [table(words("scenarios.table"), ("scenario", "start", "what"), rows, words)]


@section("mechanisms")
def mechanisms(tables: Tables, meta: Meta, words: Words) -> Section:
    """Each mechanism as a card: switch, equation, evidence for and against, parameters."""
    given, lead = tables.get("mechanisms"), [words("mechanisms.lead")]
    if given is None or given.empty:
        return Section(paragraphs=[*lead, words("section.missing")])
    cards = [_card(row, words) for _, row in given.iterrows()]
    return Section(paragraphs=lead, cards=cards)


ESSAYS = {"[000]": "Left Voice,", "[001]": "International Viewpoint,"}  # as mechanisms quote them


def _card(row: pd.Series, words: Words) -> dict[str, Any]:
    def said(name: str) -> str:
        return local(row, name, words.language)

    essay = said("essay")
    for number, name in ESSAYS.items():
        essay = essay.replace(number, name)
    grade, none = str(row.get("grade") or ""), words("word.none_given")
    lists = [(key, _listed(row.get(key), words)) for key in ("reads", "rates", "flows", "drivers")]
    facts = [
        ("grade", "; ".join(filter(None, (words.maybe(f"grade.{grade}", grade), said("size"))))),
        ("share", _contribution(row, words)), ("for", said("evidence_for")),
        ("against", said("evidence_against")), *lists, ("essay", essay),
    ]  # fmt: skip
    return {
        "title": said("title") or row["name"],
        "name": row["name"],
        "state": words("mechanisms.on" if row["on"] else "mechanisms.off"),
        "on": bool(row["on"]),
        "equation": said("equation"),
        "facts": [(words(f"mechanisms.{key}"), text or none)
                  for key, text in facts if text or key in ("for", "against")],
        "params": _params(row.get("params"), words),
    }  # fmt: skip


def _contribution(row: pd.Series, words: Words) -> str:
    """What a mechanism adds to the people killed in the years ahead, or that it is decoration."""
    if not pd.notna(row.get("share_p50")):
        return ""
    shares = {name: percent(row[f"share_{name}"], sign=True) for name in ("p05", "p50", "p95")}
    said = words("mechanisms.share.size", **shares)
    decorative = words("mechanisms.share.decorative", luck=percent(row["luck"]))
    return f"{said} {decorative}" if row["decorative"] else said


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
    named = isinstance(loaded, dict)
    items = loaded.items() if named else ((str(one.get("name", "")), one) for one in loaded)
    return [_param(name, entry, words) for name, entry in items]


def _param(name: str, entry: Any, words: Words) -> str:
    """The words of a parameter: a number, the median and 90 % interval of a prior, or as given."""
    if not isinstance(entry, dict):
        return f"{name} = {entry}"
    middle, low, high = (entry.get(key) for key in ("p50", "p05", "p95"))
    if middle is None:
        spread = str(entry["value"] if entry.get("value") is not None else entry.get("prior"))
    elif low is None or high is None:
        spread = minus(f"{middle:.3g}")
    else:
        ends = f"{words('word.interval90')} {low:.3g} {words('word.to')} {high:.3g}"
        spread = minus(f"{middle:.3g} [{ends}]")
    doc, unit, source = (local(entry, key, words.language) for key in ("doc", "unit", "source"))
    line = f"{name} = {spread}" + (f" {unit}" if unit not in ("", "1") else "")
    return f"{doc} {line} ({source})".strip() if source else f"{doc} {line}".strip()


@section("data")
def data(tables: Tables, meta: Meta, words: Words) -> Section:
    """The tables used, with what each counts, and the breaks in their method."""
    sources, breaks = tables.get("sources"), tables.get("breaks")
    cards = [] if sources is None else [_source_card(row, words) for _, row in sources.iterrows()]
    if breaks is None or breaks.empty:
        lead = [words("data.lead"), words("data.no_breaks")]
        return Section(paragraphs=lead, cards=cards)
    rows = [
        [
            words.maybe(f"measure.{row['measure']}", row["measure"]), words.month(row["month"]),
            *(local(row, name, words.language) for name in ("words", "what", "publisher")),
        ]
        for _, row in breaks.iterrows()
    ]  # fmt: skip
    names = ("measure", "start", "break", "what", "publisher")
    shown = [table(words("data.breaks"), names, rows, words)]
    return Section(paragraphs=[words("data.lead")], cards=cards, tables=shown)


def _source_card(row: pd.Series, words: Words) -> dict[str, Any]:
    def said(name: str) -> str:
        return local(row, name, words.language)

    address = said("address")
    facts = [
        ("column.publisher", published_by(row, words)), ("column.concept", said("concept")),
        ("column.accessed", words.day(said("accessed"))),
        ("word.gaps", said("status") or said("gaps")), ("column.terms", said("terms")),
        ("column.citation", said("citation")),
        ("column.address", address if "://" in address else ""),  # "our own" has none to open
    ]  # fmt: skip
    return {"title": said("title"), "facts": [(words(key), text) for key, text in facts if text]}


@section("limits")
def limits(tables: Tables, meta: Meta, words: Words) -> Section:
    """What the results cannot say."""
    points = [*meta.get(f"limits_{words.language}", ()), words("limits.general")]
    return Section(points=points)


@section("specification")
def specification(tables: Tables, meta: Meta, words: Words) -> Section:
    """The command and the whole study that give the same numbers again."""
    listings = [
        (words(f"specification.{name}"), str(meta[key]))
        for name, key in (("command", "command"), ("study", "study_yaml"))
        if meta.get(key)
    ]
    lead = [words("specification.lead")]
    return Section(paragraphs=lead, listings=listings)


@section("explained")
def explained(tables: Tables, meta: Meta, words: Words) -> Section:
    """What explains the records, and on what the size of the groups rests: empty without either."""
    shares, scale = tables.get("explained"), tables.get("scale")
    paragraphs: list[str] = []
    shown: list[Table] = []
    if shares is not None and len(shares):
        paragraphs += [words("explained.lead"), _national(shares, words)]
        shown.append(_shares(shares, words))
    if scale is not None and len(scale):
        paragraphs.append(_anchor(scale, words))
        shown.append(_scale(scale, words))
    return Section(paragraphs=paragraphs, tables=shown)


def _national(shares: pd.DataFrame, words: Words) -> str:
    shares = shares[shares["fit"] == "projection"]
    rows, states = shares[shares["place"] == NATION], shares[shares["place"] != NATION]
    found, usual = rows.set_index("part")["p50"], states.groupby("part")["p50"].median()
    return words(
        "explained.national",
        first=words.month(rows["period_from"].iloc[0]),
        last=words.month(rows["period_to"].iloc[0]),
        **{part: percent(found[part]) for part in PARTS},
        **{f"{part}_state": percent(usual[part]) for part in PARTS},
    )


def _shares(shares: pd.DataFrame, words: Words) -> Table:
    """Nation and median state of each fit and period, with 90 % intervals.

    That of the states is the middle nine tenths of states.
    """

    def cell(rows: pd.DataFrame) -> str:
        alone = rows[["p50", "p05", "p95"]].iloc[0] if len(rows) == 1 else None
        values = rows["p50"].quantile([0.5, 0.05, 0.95]) if alone is None else alone
        middle, low, high = (percent(value) for value in values)
        return f"{middle} [{low}, {high}]"

    rows = []
    for (fit, first, last), part in shares.groupby(["fit", "period_from", "period_to"], sort=False):
        nation = part["place"] == NATION
        for level, chosen in (("nation", part[nation]), ("state", part[~nation])):
            cells = [cell(chosen[chosen["part"] == name]) for name in PARTS]
            rows.append([words(f"part.{fit}"), words(f"level.{level}"), f"{first}–{last}", *cells])
    return table(words("explained.table"), ("fit", "level", "period", *PARTS), rows, words)


def _anchor(scale: pd.DataFrame, words: Words) -> str:
    row = scale[scale["name"] == "attributed_share"].iloc[0]
    bound = ", ".join(words(f"scale.{name}") for name in scale.loc[scale["on_bound"], "name"])
    names = ("prior_p05", "prior_p95", "p05", "p50", "p95")
    return words("scale.lead", bound=bound, **{name: percent(row[name]) for name in names})


def _scale(scale: pd.DataFrame, words: Words) -> Table:
    """How each parameter moves along the ridge, and where the published estimate stood."""

    def spread(row: pd.Series, middle: str, low: str, high: str, after: str = "") -> str:
        return f"{rounded(row[middle])} [{rounded(row[low])}, {rounded(row[high])}] {after}".strip()

    rows = [
        [
            words(f"scale.{row['name']}"),
            minus(f"{row['power']:+d}") if row["power"] else "0",
            *(
                minus(f"{row[key]:+.2f}") if pd.notna(row[key]) else "–"
                for key in ("slope", "correlation")
            ),
            spread(row, "p50", "p05", "p95"),
            spread(
                row, "estimate", "low", "high", words("scale.on_bound") if row["on_bound"] else ""
            )
            if pd.notna(row["estimate"])
            else "–",
        ]
        for _, row in scale.iterrows()
    ]
    names = ("parameter", "power", "slope", "correlation", "after", "published")
    return table(words("scale.table"), names, rows, words)


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
