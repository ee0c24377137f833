"""Scores as pages, in both languages, written by the run that measured them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.files import write_text
from hidra.core.i18n import Language, _, minus, translate
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
from hidra.forecast.scores import FEWEST, VERDICTS, difference, pit_tenths, summary

if TYPE_CHECKING:
    from hidra.forecast.backtest import Protocol
    from hidra.forecast.history import Counts

WORDS: dict[str, str] = {
    "title": _("Scores of the forecasts: {measure}, {level}"),
    "made": _(
        "Written by `hidra score --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, {places} places, 1,000 "
        "draws, mean of seeds {seeds}."
    ),
    "all": _("All targets"),
    "key": _(
        "CRPS, IGN and MIS 90: lower is better. Coverage should be .50 and .90. The "
        "difference is CRPS minus that of `{reference}`, paired by place and origin; "
        "its 95 % interval resamples origins in blocks of {block}. *indistinguishable*:"
        " the interval holds zero."
    ),
    "rival_municipality": _(
        "Against `{rival}`, the baseline for many zeros: {mean} ({interval}), {words}. In most "
        "months of most municipalities nobody is killed: mean scores are small, and few places "
        "decide them."
    ),
    "own_panel": _("The panel scored here is the user's; what it covers is what was brought."),
    "rival_state": _(
        "Against `{rival}`, the best of the simple ones: {mean} ({interval}), {words}."
    ),
    "head": _(
        "forecast | what it is | CRPS | IGN | MIS 90 | cover 50 | cover 90 | difference"
        " | 95 % | won | verdict"
    ),
    "apart": _("Scored apart (CRPS)"),
    "apart_key": _(
        "*After a removal*: the 12 months after a dated removal in the state. *Up*, "
        "*down*: places whose mean moved by more than x1.5 from the level at the "
        "origin; known only afterwards."
    ),
    "apart_head": _("forecast | after a removal | elsewhere | up | down | neither"),
    "count": _("*targets*"),
    "pit": _("Where outcomes fell among the draws (PIT of `hidra`, tenths; .10 each when right)"),
    "pit_zeros": _(
        "Where nearly all draws and the count are zero, the count lies in the middle of "
        "its equals: the middle tenths are crowded, and coverage is far above its mark, "
        "even when a forecast is right."
    ),
    "zeros": _(
        "In {share} of these months and municipalities nobody was killed. CRPS apart, "
        "again known only afterwards:"
    ),
    "zeros_head": _("forecast | nobody was killed | somebody was killed"),
    "year": _("CRPS by origin"),
}


WORDS_EXPLANATIONS: dict[str, str] = {
    "title": _("The worth of the mechanisms, and the rival explanations: {measure}"),
    "made": _(
        "Written by `hidra score --rivals --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, {places} states, {scored:,} draws, "
        "mean of seeds {seeds}."
    ),
    "how": _(
        "Every row is the statistical forecast `hidra-log-t`, with the same families, spread and "
        "random numbers; only its mean is carried along the *course* of an explanation: by what "
        "factor its mechanisms, fitted to the counts up to the origin and run on, let "
        "killings rise or fall. V6 has no course: it is `hidra-log-t`. The model begins in {start} "
        "and needs {fewest} months: it starts from {started} of the {origins} origins "
        "({list}); the other {left} are left to the statistical forecast, where every row is "
        "the same. `hidra-core` believes the course of V0 by 0, one half or one, whichever "
        "would have had the least absolute error in the years before; with no year before, by"
        " 0."
    ),
    "known": _(
        "What is known at an origin: the counts up to it, removals dated up to it (none "
        "later), groups the press had reported in periods that had ended, at equal ties and "
        "sized by their reports, yearly figures published by then (two years behind). How long "
        "a departure from the mechanisms lasts is measured on the months before. Pipelines and "
        "mean crime by state were published later: before, their sectors lie as residents do. "
        "Federal forces were counted in July 2019: before that the militarisation of V1, V2 and "
        "V5 is off, and V1 is V0. Rows that end in *-network* know the ties of 2020 at every "
        "origin: they are an **upper bound, not a forecast**."
    ),
    "hindsight": _(
        "What no cut can take out: the equation and the centres of its priors were published in "
        "2023 from data of 2012-2021; the lists of removals, of groups and of community defence "
        "were drawn up after the events; counts and yearly figures are as later revised. So "
        "every row but V6 and `V6-drift` knows a little of what came, and what follows flatters "
        "the mechanisms."
    ),
    "scores": _("Scores"),
    "scores_head": _("forecast | explanation | CRPS | IGN | MIS 90 | cover 50 | cover 90"),
    "worth": _("What the mechanisms add"),
    "worth_key": _(
        "CRPS minus that of V6, the very same forecast without mechanisms, paired by place "
        "and origin (below zero: the mechanisms help), with its 95 % interval, origins "
        "resampled in blocks of {block}. *After a removal*: the 12 months after a dated "
        "removal in the state; *known*: it came before the origin, so that a "
        "mechanism could know of it. *Jumps*: the {jumps} state-years whose mean moved by more than"
        " x1.5; foreseen exactly they would take {bound:.3f} from the mean CRPS of all targets,"
        " and no more. *Indistinguishable*: the interval holds zero. *Too few origins to "
        "tell*: fewer than {few} origins differ; were all of them on one side, luck alone would "
        "do so in more than one of twenty. Of the {count} intervals here about {lucky} would be "
        "clear of zero by luck alone."
    ),
    "worth_head": _(
        "forecast | all targets | origins the model starts from | after a removal | "
        "after one known | jumps | jumps, started"
    ),
    "of_bound": _(
        "In the same units the gain of V5 in the jumps is {gain:+.3f} of the mean CRPS "
        "of all targets."
    ),
    "drift": _("More than a drift?"),
    "drift_key": _(
        "A course that rises gains in years of rise, whatever its cause. `V6-drift` is V6 moved "
        "by one factor a month ahead for all states: by how much deaths outran the forecasts of "
        "the five years before the origin. `V5-national` is V5 with its course averaged over "
        "the states: it forgets which state rises. CRPS of the first minus that of the second, "
        "paired and resampled as above, where the model starts; *won*: origins."
    ),
    "drift_head": _("first | second | all targets | won | jumps | won"),
    "targets": _("*targets*"),
    "nothing": _(
        "**Mechanisms add nothing here**: of {count} explanations none forecasts better than the "
        "same forecast without mechanisms, neither over all targets nor after removals."
    ),
    "something": _(
        "Of {count} explanations these forecast better than the same forecast without mechanisms, "
        "over all targets or after removals: {names}."
    ),
    "stacking": _("Stacking weights"),
    "stacking_key": _(
        "Weights of a mixture of the explanations under which the outcomes of the {started} "
        "origins would have been the most probable (binned, as in IGN), with the 5-95 % range"
        " over resampled origins. Wide ranges say that the data do not tell the explanations "
        "apart. These weights saw the outcomes; V1 is V0 before July 2019, and weight passes "
        "freely between the two. Prediction does not prove cause."
    ),
    "learnt": _("Weights as they would have been learnt"),
    "learnt_key": _(
        "At each origin, weights from the outcomes of earlier origins that had come by then; "
        "equal at the first. IGN of the mixture beside that of V6 alone. Over all: the mixture "
        "minus V6 {mixture}; equal weights minus V6 {equal}."
    ),
    "learnt_head": _("origin | {names} | IGN of the mixture | of equal weights | of V6"),
    "core_alone": _("core alone"),
    "V6-drift": _("V6 and one drift, from the past"),
    "V5-national": _("V5, its course the same for all states"),
    "stacking_head": _("explanation | weight | 5-95 %"),
    "courses": _("The courses"),
    "courses_key": _(
        "How far each explanation moves the mean {last} months ahead: mean over states and "
        "origins, and the smallest and largest. *Passed*: fits that passed their own checks. "
        "*Engine*: digest of the code, frozen before its scores were seen. A course is the mean "
        "of {draws} draws of one fit."
    ),
    "courses_head": _("variant | mechanisms | factor | smallest .. largest | passed | engine"),
    "upper": _(" (upper bound)"),
    "belief": _("the core, believed as far as it earned"),
    "missing": _("Not run yet: {names}. The command takes up where it stopped."),
    "wanting": _(
        "Origins of the protocol that this page does not hold yet: {list}. `hidra score "
        "--rivals` takes up where it stopped."
    ),
}


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
    return _written(folder, name, lambda one: page(plan, found, seeds, one, covers))


def _written(folder: Path, name: str, page: Callable[[Language], str]) -> list[Path]:
    return [write_text(folder / under / f"{name}.md", page(one)) for one, under in FOLDERS.items()]


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
               [[f"{share:.3f}" for share in pit_tenths(found[DEFAULT])]]),
        *([say("pit_zeros")] if among_towns else []),
    ]  # fmt: skip
    if len(plan.origins) <= 20:
        shown = [name for name in (REFERENCE, REFERENCES[plan.level], DEFAULT) if name in found]
        years = [[origin, *(_said(_mean(found[n][o : o + 1, 0]), plan) for n in shown)]
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
        words=translate(VERDICTS[gap["words"]], language),
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
        f"{gap['won']}/{len(plan.origins)}", translate(VERDICTS[gap["words"]], language),
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


def _mean(values: Counts) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def write_explanations(
    folder: Path, plan: Protocol, found: Mapping[str, Counts], seeds: tuple[int, ...]
) -> list[Path]:
    """Write the page in both languages under a folder; return the files."""
    name = "rivals" if plan.measure.startswith("inegi") else "rivals-sesnsp"
    parts = _measured(plan, found)
    return _written(folder, name, lambda one: explained(plan, found, seeds, parts, one))


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
        "started": len(begun), "left": len(plan.origins) - len(begun),
        "list": ", ".join(begun) or "-",
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
    return f"{minus(f'{mean} ({low} .. {high})')}, {translate(VERDICTS[gap['words']], language)}"


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
    from hidra.forecast.course import RIVALS

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
    from hidra.forecast.course import RIVALS

    if name == BELIEF or name in CONTROLS:
        return translate(WORDS_EXPLANATIONS["belief" if name == BELIEF else name], language)
    rival = RIVALS[name.partition("-")[0]]
    return translate(rival.title, language)


def _jumped(plan: Protocol, parts: Mapping[str, Any]) -> int:
    some = next(iter(parts["worth"].values()))
    return int(some["jumps"]["targets"] / len(plan.horizons))
