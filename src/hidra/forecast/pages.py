"""Scores as pages, in both languages, written by the run that measured them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.files import write_text
from hidra.core.i18n import Language, minus, translate
from hidra.core.markdown import table
from hidra.forecast import backtest
from hidra.forecast.backtest import after_removals, jumps, nobody, protocol
from hidra.forecast.explanations import (
    ALL_EXPLANATIONS,
    beyond_drift,
    bound,
    courses,
    gains,
    hindsight,
    prequential,
    started,
    worth,
)
from hidra.forecast.mechanistic import BELIEF, CODES, CONTROLS, UPPER
from hidra.forecast.models import ALL
from hidra.forecast.scores import FEWEST, difference, pit_tenths, summary
from hidra.forecast.words import WORDS, WORDS_EXPLANATIONS
from hidra.model.explanations import RIVALS

if TYPE_CHECKING:
    from hidra.forecast.backtest import Protocol
    from hidra.forecast.history import Counts

FOLDERS: dict[Language, str] = {"en": "en/reference", "es": "es/referencia"}
REFERENCE = "nb-ewm6"
DEFAULT = "hidra"
REFERENCES = {"state": "nb-ewm2-season", "municipality": "hurdle"}
DIGITS = {"state": 2, "municipality": 4}  # a municipality counts few deaths, or none


def write_pages(
    folder: Path,
    plan: Protocol,
    found: Mapping[str, Counts],
    seeds: tuple[int, ...],
    covers: Mapping[Language, str] | None = None,
) -> list[Path]:
    """Write the page in both languages under a folder; return the files.

    `covers` says in both what the panel holds, where it is not what comes with hidra.
    """
    name = "scores" if plan.measure.startswith("inegi") and plan.level == "state" else (
        f"scores-{plan.measure.replace('_', '-')}-{plan.level}"
    )  # fmt: skip
    files = []
    for language, under in FOLDERS.items():
        target = folder / under / f"{name}.md"
        files.append(write_text(target, page(plan, found, seeds, language, covers)))
    return files


def page(
    plan: Protocol,
    found: Mapping[str, Counts],
    seeds: tuple[int, ...],
    language: Language,
    covers: Mapping[Language, str] | None = None,
) -> str:
    """Return the page in a language."""

    def say(key: str, **values: object) -> str:
        return translate(WORDS[key], language).format(**values)

    known, among_towns = plan.known(), plan.level == "municipality"
    parts = [
        "# " + say("title", measure=plan.measure, level=plan.level),
        say("made", origins=len(plan.origins), first=plan.origins[0], last=plan.origins[-1],
            low=plan.horizons[0], high=plan.horizons[-1], places=len(known.places),
            seeds=", ".join(map(str, seeds))),
        *([covers[language] if covers else say("own_panel")] if among_towns else []),
        "## " + say("all"),
        say("key", reference=REFERENCE, block=plan.block),
        table(say("head").split(" | "),
              [_row(row, found, plan, language) for row in summary(found)]),
        _against_reference(plan, found, language),
        "## " + say("apart"),
        say("apart_key"),
        table(say("apart_head").split(" | "), _apart(plan, found, language)),
        *_by_zero(plan, found, language),
        "## " + say("pit"),
        table([f".{i}-.{i + 1}" if i < 9 else ".9-1" for i in range(10)],
               [_tenths(found[DEFAULT])]),
        *([say("pit_zeros")] if among_towns else []),
    ]  # fmt: skip
    if len(plan.origins) <= 20:
        shown = [name for name in (REFERENCE, REFERENCES[plan.level], DEFAULT) if name in found]
        years = [[origin, *(_said(_crps(found[n][o : o + 1]), plan) for n in shown)]
                 for o, origin in enumerate(plan.origins)]  # fmt: skip
        parts += ["## " + say("year"), table(["", *shown], years)]
    return "\n\n".join(parts) + "\n"


def _against_reference(plan: Protocol, found: Mapping[str, Counts], language: Language) -> str:
    rival = REFERENCES[plan.level]
    if rival not in found:
        return ""
    gap = difference(found[DEFAULT], found[rival], plan.block)
    return translate(WORDS[f"rival_{plan.level}"], language).format(
        rival=rival,
        mean=_said(gap["mean"], plan, "+"),
        interval=_interval(gap, plan),
        words=translate(WORDS[gap["words"]], language),
    )


def _interval(gap: Mapping[str, Any], plan: Protocol) -> str:
    """Ends of the interval; none where too few origins were resampled for it to mean anything."""
    if gap["words"] == "too_few":
        return "–"
    return f"{_said(gap['p025'], plan, '+')} .. {_said(gap['p975'], plan, '+')}"


def _row(
    row: dict[str, Any], found: Mapping[str, Counts], plan: Protocol, language: Language
) -> list[str]:
    model = row["model"]
    gap = difference(found[model], found[REFERENCE], plan.block)
    same = model == REFERENCE
    tail = ["-"] * 4 if same else [
        _said(gap["mean"], plan, "+"),
        _interval(gap, plan),
        f"{gap['won']}/{len(plan.origins)}", translate(WORDS[gap["words"]], language),
    ]  # fmt: skip
    shown = f"**{model}**" if model == DEFAULT else model
    return [
        shown, translate(ALL[model].what, language),
        _said(row["crps"], plan), f"{row['ign']:.3f}", _said(row["mis90"], plan, less=1),
        f"{row['coverage50']:.3f}", f"{row['coverage90']:.3f}", *tail,
    ]  # fmt: skip


def _apart(plan: Protocol, found: Mapping[str, Counts], language: Language) -> list[list[str]]:
    known = plan.known()
    removal = after_removals(plan, known)
    up, down = jumps(plan, known)
    masks = (removal, ~removal, up, down, ~up & ~down)
    rows = [[translate(WORDS["count"], language), *(f"{mask.sum():,}" for mask in masks)]]
    for row in summary(found):
        crps = found[row["model"]][:, 0]
        rows.append([row["model"], *(_said(_mean(crps[mask]), plan) for mask in masks)])
    return rows


def _by_zero(plan: Protocol, found: Mapping[str, Counts], language: Language) -> list[str]:
    """Scores of municipalities by whether anybody was killed in the month."""
    if plan.level != "municipality":
        return []
    none = nobody(plan, plan.known())
    share = f"{none.mean():.0%}"
    rows = [
        [
            row["model"],
            *(_said(_mean(found[row["model"]][:, 0][m]), plan) for m in (none, ~none)),
        ]
        for row in summary(found)
    ]
    words = translate(WORDS["zeros"], language).format(share=share)
    return [words, table(translate(WORDS["zeros_head"], language).split(" | "), rows)]


def _said(value: float, plan: Protocol, sign: str = "", less: int = 0) -> str:
    return f"{value:{sign}.{DIGITS[plan.level] - less}f}"


def _crps(scored: Counts) -> float:
    return _mean(scored[:, 0])


def _mean(values: Counts) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _tenths(scored: Counts) -> list[str]:
    return [f"{share:.3f}" for share in pit_tenths(scored)]


def write_explanations(
    folder: Path, plan: Protocol, found: Mapping[str, Counts], seeds: tuple[int, ...]
) -> list[Path]:
    """Write the page in both languages under a folder; return the files."""
    name = "rivals" if plan.measure.startswith("inegi") else "rivals-sesnsp"
    parts = _measured(plan, found)
    files = []
    for language, under in FOLDERS.items():
        target = folder / under / f"{name}.md"
        files.append(write_text(target, explained(plan, found, seeds, parts, language)))
    return files


def _measured(plan: Protocol, found: Mapping[str, Counts]) -> dict[str, Any]:
    begun = started(plan)
    learnt = prequential(plan, found, begun)
    return {
        "worth": worth(plan, found),
        "bound": bound(plan, found),
        "drift": beyond_drift(plan, found),
        "stacking": hindsight(plan, found, begun),
        "learnt": learnt,
        "gains": gains(plan, learnt),
        "courses": courses(plan, tuple(found)),
        "started": begun,
    }


def explained(
    plan: Protocol,
    found: Mapping[str, Counts],
    seeds: tuple[int, ...],
    parts: Mapping[str, Any],
    language: Language,
) -> str:
    """Return the page in a language."""
    from hidra.forecast import course

    begun = parts["started"]
    intervals = sum(len(by_part) for by_part in parts["worth"].values())
    values = {
        "measure": plan.measure, "origins": len(plan.origins), "first": plan.origins[0],
        "last": plan.origins[-1], "low": plan.horizons[0], "high": plan.horizons[-1],
        "seeds": ", ".join(map(str, seeds)), "start": course.START, "fewest": course.FEWEST,
        "draws": course.DRAWS, "scored": backtest.DRAWS, "places": len(plan.known().places),
        "bound": parts["bound"],
        "started": len(begun), "left": len(plan.origins) - len(begun), "list": _span(begun),
        "block": plan.block, "jumps": _jumped(plan, parts), "few": FEWEST,
        "count": intervals, "lucky": round(0.05 * intervals),
        **{kind: _gap(gap, language, 4) for kind, gap in parts["gains"].items()},
        "names": " | ".join(parts["stacking"]),
    }  # fmt: skip

    def say(key: str, **more: object) -> str:
        return translate(WORDS_EXPLANATIONS[key], language).format(**values | more)

    wanting = [name for name in ALL_EXPLANATIONS if name not in found]
    whole = protocol(plan.measure, plan.level).origins
    later = [origin for origin in whole if origin not in plan.origins]
    text = [
        "# " + say("title"), say("made"), say("how"), say("known"), say("hindsight"),
        *([say("missing", names=", ".join(wanting))] if wanting else []),
        *([say("wanting", list=", ".join(later))] if later else []),
        "## " + say("worth"), say("worth_key"),
        table(say("worth_head").split(" | "), _worth(parts["worth"], language)),
        _verdict(parts["worth"], language),
        *([say("of_bound", gain=_of_all(parts["worth"]["V5"]))] if "V5" in found else []),
        "## " + say("drift"), say("drift_key"),
        table(say("drift_head").split(" | "), [_drift(row, language) for row in parts["drift"]]),
        "## " + say("scores"),
        table(say("scores_head").split(" | "), [_score(row, language) for row in summary(found)]),
        "## " + say("stacking"), say("stacking_key"),
        table(say("stacking_head").split(" | "), _stacking(parts["stacking"], language)),
        "### " + say("learnt"), say("learnt_key"),
        table(say("learnt_head").split(" | "), [_learnt(row) for row in parts["learnt"]]),
        "## " + say("courses"), say("courses_key", last=plan.horizons[-1]),
        table(say("courses_head").split(" | "), _courses(parts["courses"], language)),
    ]  # fmt: skip
    return "\n\n".join(text) + "\n"


def _worth(gaps: Mapping[str, Mapping[str, dict[str, Any]]], language: Language) -> list[list[str]]:
    some = next(iter(gaps.values()))
    rows = [
        [
            translate(WORDS_EXPLANATIONS["targets"], language),
            *(f"{gap['targets']:,}" for gap in some.values()),
        ]
    ]
    for name, by_part in gaps.items():
        cells = [_gap(gap, language) for gap in by_part.values()]
        rows.append([_marked(name, language), *cells])
    return rows


def _verdict(gaps: Mapping[str, Mapping[str, dict[str, Any]]], language: Language) -> str:
    """Say by rule whether any explanation without later knowledge helps, and which."""
    own = {name: by_part for name, by_part in gaps.items() if name in CODES}
    parts = ("all", "after_removals", "after_known")
    better = [n for n, g in own.items() if any(g[part]["words"] == "better" for part in parts)]
    said = WORDS_EXPLANATIONS["something" if better else "nothing"]
    return translate(said, language).format(count=len(own), names=", ".join(better))


def _gap(gap: Mapping[str, Any], language: Language, digits: int = 3) -> str:
    mean, low, high = (f"{gap[key]:+.{digits}f}" for key in ("mean", "p025", "p975"))
    return f"{minus(f'{mean} ({low} .. {high})')}, {translate(WORDS[gap['words']], language)}"


def _of_all(by_part: Mapping[str, Mapping[str, Any]]) -> float:
    """Return the gain in the jumps as a part of the mean of all targets."""
    jumps, every = by_part["jumps"], by_part["all"]
    return float(jumps["mean"] * jumps["targets"] / every["targets"])


def _drift(row: Mapping[str, Any], language: Language) -> list[str]:
    cells = []
    for gap in (part for part in row.values() if isinstance(part, dict)):
        cells += [_gap(gap, language), f"{gap['won']}/{gap['origins']}"]
    return [row["one"], row["other"], *cells]


def _learnt(row: Mapping[str, Any]) -> list[str]:
    means = (np.nanmean(row[kind]) for kind in ("mixture", "equal", "alone"))
    shares = (f"{share:.2f}" for share in row["weights"].values())
    return [row["origin"], *shares, *(f"{mean:.4f}" for mean in means)]


def _score(row: Mapping[str, Any], language: Language) -> list[str]:
    return [
        _marked(row["model"], language), _title(row["model"], language), f"{row['crps']:.3f}",
        f"{row['ign']:.4f}", f"{row['mis90']:.1f}", f"{row['coverage50']:.3f}",
        f"{row['coverage90']:.3f}",
    ]  # fmt: skip


def _stacking(found: Mapping[str, Mapping[str, float]], language: Language) -> list[list[str]]:
    return [
        [
            f"{name}, {_title(name, language)}",
            f"{share['weight']:.2f}",
            f"{share['p05']:.2f} .. {share['p95']:.2f}",
        ]
        for name, share in found.items()
    ]


def _courses(found: Mapping[str, list[Any]], language: Language) -> list[list[str]]:
    rows = []
    for name, made in found.items():
        last = np.stack([one.factor[-1] for one in made])
        on = RIVALS[name.partition("-")[0]].switched_on()
        rows.append([
            _marked(name, language),
            ", ".join(sorted(on)) or translate(WORDS_EXPLANATIONS["core_alone"], language),
            f"{last.mean():.3f}", f"{last.min():.3f} .. {last.max():.3f}",
            f"{sum(one.trusted for one in made)}/{len(made)}",
            ", ".join(sorted({one.engine for one in made})),
        ])  # fmt: skip
    return rows


def _marked(name: str, language: Language) -> str:
    return name + translate(WORDS_EXPLANATIONS["upper"], language) * (name in UPPER)


def _title(name: str, language: Language) -> str:
    if name == BELIEF or name in CONTROLS:
        return translate(WORDS_EXPLANATIONS["belief" if name == BELIEF else name], language)
    rival = RIVALS[name.partition("-")[0]]
    return translate(rival.title, language)


def _span(origins: tuple[str, ...]) -> str:
    return ", ".join(origins) or "-"


def _jumped(plan: Protocol, parts: Mapping[str, Any]) -> int:
    some = next(iter(parts["worth"].values()))
    return int(some["jumps"]["targets"] / len(plan.horizons))
