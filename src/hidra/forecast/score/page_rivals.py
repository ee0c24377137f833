"""The worth of the mechanisms as a page, in both languages, written by the run that measured it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.files import write_text
from hidra.forecast.mechanistic import BELIEF, CONTROLS, UPPER
from hidra.forecast.score import rolling
from hidra.forecast.score.compare import FEWEST, summary
from hidra.forecast.score.page import FOLDERS, table
from hidra.forecast.score.protocol import protocol
from hidra.forecast.score.rivals import ALL_RIVALS, beyond_drift, bound, courses, started, worth
from hidra.forecast.score.stacking import gains, hindsight, prequential
from hidra.forecast.score.words import WORDS
from hidra.forecast.score.words_rivals import WORDS_RIVALS
from hidra.model.explanations import RIVALS

if TYPE_CHECKING:
    from hidra.forecast.past import Counts
    from hidra.forecast.score.protocol import Protocol


def write_rivals(
    folder: Path, plan: Protocol, found: Mapping[str, Counts], seeds: tuple[int, ...]
) -> list[Path]:
    """Write the page in both languages under a folder; return the files."""
    name = "rivals" if plan.measure.startswith("inegi") else "rivals-sesnsp"
    parts = _measured(plan, found)
    files = []
    for language in (0, 1):
        target = folder / FOLDERS[language] / f"{name}.md"
        files.append(write_text(target, page(plan, found, seeds, parts, language)))
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


def page(
    plan: Protocol,
    found: Mapping[str, Counts],
    seeds: tuple[int, ...],
    parts: Mapping[str, Any],
    language: int,
) -> str:
    """Return the page in English (0) or Spanish (1)."""
    from hidra.forecast.course import run

    begun = parts["started"]
    intervals = sum(len(by_part) for by_part in parts["worth"].values())
    values = {
        "measure": plan.measure, "origins": len(plan.origins), "first": plan.origins[0],
        "last": plan.origins[-1], "low": plan.horizons[0], "high": plan.horizons[-1],
        "seeds": ", ".join(map(str, seeds)), "start": run.START, "fewest": run.FEWEST,
        "draws": run.DRAWS, "scored": rolling.DRAWS, "places": len(plan.known().places),
        "bound": parts["bound"],
        "started": len(begun), "left": len(plan.origins) - len(begun), "list": _span(begun),
        "block": plan.block, "jumps": _jumps(plan, parts), "few": FEWEST,
        "count": intervals, "lucky": round(0.05 * intervals),
        **{kind: _gap(gap, language, 4) for kind, gap in parts["gains"].items()},
        "names": " | ".join(parts["stacking"]),
    }  # fmt: skip

    def say(key: str, **more: object) -> str:
        return WORDS_RIVALS[key][language].format(**values | more)

    wanting = [name for name in ALL_RIVALS if name not in found]
    whole = protocol(plan.measure, plan.level).origins
    later = [origin for origin in whole if origin not in plan.origins]
    text = [
        "# " + say("title"), say("made"), say("how"), say("known"), say("hindsight"),
        *([say("missing", names=", ".join(wanting))] if wanting else []),
        *([say("wanting", list=", ".join(later))] if later else []),
        "## " + say("worth"), say("worth_key"),
        table(say("worth_head"), _worth(parts["worth"], language)),
        *([say("of_bound", gain=_of_all(parts["worth"]["V5"]))] if "V5" in found else []),
        "## " + say("drift"), say("drift_key"),
        table(say("drift_head"), [_drift(row, language) for row in parts["drift"]]),
        "## " + say("scores"),
        table(say("scores_head"), [_scores(row, language) for row in summary(found)]),
        "## " + say("stacking"), say("stacking_key"),
        table(say("stacking_head"), _stacking(parts["stacking"], language)),
        "### " + say("learnt"), say("learnt_key"),
        table(say("learnt_head"), [_learnt(row) for row in parts["learnt"]]),
        "## " + say("courses"), say("courses_key", last=plan.horizons[-1]),
        table(say("courses_head"), _courses(parts["courses"], language)),
    ]  # fmt: skip
    return "\n\n".join(text) + "\n"


def _worth(gaps: Mapping[str, Mapping[str, dict[str, Any]]], language: int) -> list[list[str]]:
    some = next(iter(gaps.values()))
    rows = [[WORDS_RIVALS["targets"][language], *(f"{gap['targets']:,}" for gap in some.values())]]
    for name, by_part in gaps.items():
        cells = [_gap(gap, language) for gap in by_part.values()]
        rows.append([_marked(name, language), *cells])
    return rows


def _gap(gap: Mapping[str, Any], language: int, digits: int = 3) -> str:
    mean, low, high = (f"{gap[key]:+.{digits}f}" for key in ("mean", "p025", "p975"))
    return f"{mean} ({low} .. {high}), {WORDS[gap['words']][language]}"


def _of_all(by_part: Mapping[str, Mapping[str, Any]]) -> float:
    """Return the gain in the jumps as a part of the mean of all targets."""
    jumps, every = by_part["jumps"], by_part["all"]
    return float(jumps["mean"] * jumps["targets"] / every["targets"])


def _drift(row: Mapping[str, Any], language: int) -> list[str]:
    cells = []
    for gap in (part for part in row.values() if isinstance(part, dict)):
        cells += [_gap(gap, language), f"{gap['won']}/{gap['origins']}"]
    return [row["one"], row["other"], *cells]


def _learnt(row: Mapping[str, Any]) -> list[str]:
    means = (np.nanmean(row[kind]) for kind in ("mixture", "equal", "alone"))
    shares = (f"{share:.2f}" for share in row["weights"].values())
    return [row["origin"], *shares, *(f"{mean:.4f}" for mean in means)]


def _scores(row: Mapping[str, Any], language: int) -> list[str]:
    return [
        _marked(row["model"], language), _title(row["model"], language), f"{row['crps']:.3f}",
        f"{row['ign']:.4f}", f"{row['mis90']:.1f}", f"{row['coverage50']:.3f}",
        f"{row['coverage90']:.3f}",
    ]  # fmt: skip


def _stacking(found: Mapping[str, Mapping[str, float]], language: int) -> list[list[str]]:
    return [
        [
            f"{name}, {_title(name, language)}",
            f"{share['weight']:.2f}",
            f"{share['p05']:.2f} .. {share['p95']:.2f}",
        ]
        for name, share in found.items()
    ]


def _courses(found: Mapping[str, list[Any]], language: int) -> list[list[str]]:
    rows = []
    for name, made in found.items():
        last = np.stack([one.factor[-1] for one in made])
        on = RIVALS[name.partition("-")[0]].switched_on()
        rows.append([
            _marked(name, language),
            ", ".join(sorted(on)) or WORDS_RIVALS["core_alone"][language],
            f"{last.mean():.3f}", f"{last.min():.3f} .. {last.max():.3f}",
            f"{sum(one.trusted for one in made)}/{len(made)}",
            ", ".join(sorted({one.engine for one in made})),
        ])  # fmt: skip
    return rows


def _marked(name: str, language: int) -> str:
    return name + WORDS_RIVALS["upper"][language] * (name in UPPER)


def _title(name: str, language: int) -> str:
    if name == BELIEF or name in CONTROLS:
        return WORDS_RIVALS["belief" if name == BELIEF else name][language]
    rival = RIVALS[name.partition("-")[0]]
    return (rival.title_en, rival.title_es)[language]


def _span(origins: tuple[str, ...]) -> str:
    return ", ".join(origins) or "-"


def _jumps(plan: Protocol, parts: Mapping[str, Any]) -> int:
    some = next(iter(parts["worth"].values()))
    return int(some["jumps"]["targets"] / len(plan.horizons))
