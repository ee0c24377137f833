"""The tables of scores as a page, in both languages, written by the run that made them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.files import write_text
from hidra.forecast.score import aside
from hidra.forecast.score.compare import difference, pit_tenths, summary
from hidra.forecast.score.words import WHAT, WORDS

if TYPE_CHECKING:
    from hidra.forecast.past import Counts
    from hidra.forecast.score.protocol import Protocol

FOLDERS = ("en/reference", "es/referencia")
REFERENCE = "nb-ewm6"
DEFAULT = "hidra"
RIVALS = {"state": "2nb-ewm2-season", "municipality": "hurdle"}
DIGITS = {"state": 2, "municipality": 4}  # a municipality counts few deaths, or none


def write_pages(
    folder: Path,
    plan: Protocol,
    found: Mapping[str, Counts],
    seeds: tuple[int, ...],
    covers: tuple[str, str] | None = None,
) -> list[Path]:
    """Write the page in both languages under a folder; return the files.

    `covers` says in both what the panel holds, where it is not what comes with hidra.
    """
    name = "scores" if plan.measure.startswith("inegi") and plan.level == "state" else (
        f"scores-{plan.measure.replace('_', '-')}-{plan.level}"
    )  # fmt: skip
    files = []
    for language in (0, 1):
        target = folder / FOLDERS[language] / f"{name}.md"
        files.append(write_text(target, page(plan, found, seeds, language, covers)))
    return files


def page(
    plan: Protocol,
    found: Mapping[str, Counts],
    seeds: tuple[int, ...],
    language: int,
    covers: tuple[str, str] | None = None,
) -> str:
    """Return the page in English (0) or Spanish (1)."""

    def say(key: str, **values: object) -> str:
        return WORDS[key][language].format(**values)

    known, among_towns = plan.known(), plan.level == "municipality"
    parts = [
        "# " + say("title", measure=plan.measure, level=plan.level),
        say("made", origins=len(plan.origins), first=plan.origins[0], last=plan.origins[-1],
            low=plan.horizons[0], high=plan.horizons[-1], places=len(known.places),
            seeds=", ".join(map(str, seeds))),
        *([covers[language] if covers else say("own_panel")] if among_towns else []),
        "## " + say("all"),
        say("key", reference=REFERENCE, block=plan.block),
        table(say("head"), [_row(row, found, plan, language) for row in summary(found)]),
        _against_rival(plan, found, language),
        "## " + say("apart"),
        say("apart_key"),
        table(say("apart_head"), _apart(plan, found, language)),
        *_by_zero(plan, found, language),
        "## " + say("pit"),
        table(" | ".join(f".{i}-.{i + 1}" if i < 9 else ".9-1" for i in range(10)),
               [_tenths(found[DEFAULT])]),
        *([say("pit_zeros")] if among_towns else []),
    ]  # fmt: skip
    if len(plan.origins) <= 20:
        shown = [name for name in (REFERENCE, RIVALS[plan.level], DEFAULT) if name in found]
        years = [[origin, *(_said(_crps(found[n][o : o + 1]), plan) for n in shown)]
                 for o, origin in enumerate(plan.origins)]  # fmt: skip
        parts += ["## " + say("year"), table(" | ".join(("", *shown)), years)]
    return "\n\n".join(parts) + "\n"


def _against_rival(plan: Protocol, found: Mapping[str, Counts], language: int) -> str:
    rival = RIVALS[plan.level]
    if rival not in found:
        return ""
    gap = difference(found[DEFAULT], found[rival], plan.block)
    return WORDS[f"rival_{plan.level}"][language].format(
        rival=rival,
        mean=_said(gap["mean"], plan, "+"),
        interval=_interval(gap, plan),
        words=WORDS[gap["words"]][language],
    )


def _interval(gap: Mapping[str, Any], plan: Protocol) -> str:
    """Ends of the interval; none where too few origins were resampled for it to mean anything."""
    if gap["words"] == "too_few":
        return "–"
    return f"{_said(gap['p025'], plan, '+')} .. {_said(gap['p975'], plan, '+')}"


def _row(
    row: dict[str, Any], found: Mapping[str, Counts], plan: Protocol, language: int
) -> list[str]:
    model = row["model"]
    gap = difference(found[model], found[REFERENCE], plan.block)
    same = model == REFERENCE
    tail = ["-"] * 4 if same else [
        _said(gap["mean"], plan, "+"),
        _interval(gap, plan),
        f"{gap['won']}/{len(plan.origins)}", WORDS[gap["words"]][language],
    ]  # fmt: skip
    shown = f"**{model}**" if model == DEFAULT else model
    return [
        shown, WHAT[model][language],
        _said(row["crps"], plan), f"{row['ign']:.3f}", _said(row["mis90"], plan, less=1),
        f"{row['coverage50']:.3f}", f"{row['coverage90']:.3f}", *tail,
    ]  # fmt: skip


def _apart(plan: Protocol, found: Mapping[str, Counts], language: int) -> list[list[str]]:
    known = plan.known()
    removal = aside.after_removals(plan, known)
    up, down = aside.jumps(plan, known)
    masks = (removal, ~removal, up, down, ~up & ~down)
    rows = [[WORDS["count"][language], *(f"{mask.sum():,}" for mask in masks)]]
    for row in summary(found):
        crps = found[row["model"]][:, 0]
        rows.append([row["model"], *(_said(_mean(crps[mask]), plan) for mask in masks)])
    return rows


def _by_zero(plan: Protocol, found: Mapping[str, Counts], language: int) -> list[str]:
    """Scores of municipalities by whether anybody was killed in the month."""
    if plan.level != "municipality":
        return []
    nobody = aside.nobody(plan, plan.known())
    share = f"{nobody.mean():.0%}"
    rows = [
        [
            row["model"],
            *(_said(_mean(found[row["model"]][:, 0][m]), plan) for m in (nobody, ~nobody)),
        ]
        for row in summary(found)
    ]
    words = WORDS["zeros"][language].format(share=share)
    return [words, table(WORDS["zeros_head"][language], rows)]


def _said(value: float, plan: Protocol, sign: str = "", less: int = 0) -> str:
    return f"{value:{sign}.{DIGITS[plan.level] - less}f}"


def _crps(scored: Counts) -> float:
    return _mean(scored[:, 0])


def _mean(values: Counts) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _tenths(scored: Counts) -> list[str]:
    return [f"{share:.3f}" for share in pit_tenths(scored)]


def table(head: str, rows: list[list[str]]) -> str:
    """Return a Markdown table; `head` holds the titles, parted by bars."""
    columns = head.count("|") + 1
    lines = [f"| {head} |", "|" + "---|" * columns, *("| " + " | ".join(r) + " |" for r in rows)]
    return "\n".join(lines)
