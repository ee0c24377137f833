"""Rival explanations in the harness: what the mechanisms add to the same forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.forecast.mechanistic import BELIEF, CODES, CONTROLS, STATISTICAL, UPPER
from hidra.forecast.past import month
from hidra.forecast.recall import digest
from hidra.forecast.score import aside
from hidra.forecast.score.compare import difference, summary
from hidra.forecast.score.rolling import SEEDS, Progress, cache_folder, rolled
from hidra.forecast.score.stacking import hindsight

if TYPE_CHECKING:
    from hidra.forecast.course.run import Course
    from hidra.forecast.past import Counts, Past
    from hidra.forecast.score.aside import Mask
    from hidra.forecast.score.protocol import Protocol

ALL_RIVALS = (*CODES, STATISTICAL, BELIEF, *CONTROLS, *UPPER)
PAST_DRIFT, OWN_DRIFT = CONTROLS
BEGUN_JUMPS = "jumps_started"
MINUTES_A_FIT = 0.8  # on one core: 27 to 87 s were measured, on a busy machine


def started(plan: Protocol) -> tuple[str, ...]:
    """Origins that the mechanisms can start from; the others are left to the statistical model."""
    return tuple(_pasts(plan))


def waiting(plan: Protocol, names: Sequence[str] = ALL_RIVALS) -> list[tuple[str, str]]:
    """Courses that have not been kept yet: variant as it is run, and origin."""
    return _waiting(_pasts(plan), names)


def _pasts(plan: Protocol) -> dict[str, Past]:
    """Return what was known at each origin the mechanisms can start from."""
    from hidra.forecast.course.run import starts

    known = plan.known()
    pasts = {origin: known.until(month(origin)) for origin in plan.origins}
    return {origin: past for origin, past in pasts.items() if starts(past)}


def _waiting(pasts: Mapping[str, Past], names: Sequence[str]) -> list[tuple[str, str]]:
    from hidra.forecast.course.kept import run_as, there

    wanting = {
        (run_as(name, past), origin): None
        for name in _courses(names)
        for origin, past in pasts.items()
        if not there(cache_folder(), name, digest(past), past)
    }
    return list(wanting)


def ready(plan: Protocol) -> tuple[str, ...]:
    """Forecasts that need no fit any more."""
    pasts = _pasts(plan)
    return tuple(name for name in ALL_RIVALS if not _waiting(pasts, (name,)))


def prepare(plan: Protocol, names: Sequence[str], progress: Progress) -> None:
    """Make the courses that are wanting, one fit each and each kept when made."""
    from joblib import Parallel, cpu_count, delayed

    known, tasks = plan.known(), waiting(plan, names)
    if not tasks:
        return
    progress("courses", 0, len(tasks))
    work = Parallel(n_jobs=min(cpu_count(), len(tasks)), return_as="generator_unordered")
    made = work(delayed(_make)(name, known.until(month(origin))) for name, origin in tasks)
    for done, _ in enumerate(made, 1):
        progress("courses", done, len(tasks))


def courses(plan: Protocol, names: Sequence[str] = ALL_RIVALS) -> dict[str, list[Course]]:
    """Return the kept courses by variant, in the order of the origins they start from."""
    from hidra.forecast.course.kept import LONGEST, kept

    read, pasts = kept(cache_folder()), _pasts(plan)
    return {
        name: [read(name, digest(past), LONGEST, past) for past in pasts.values()]
        for name in _courses(names)
    }


def scored(
    plan: Protocol,
    progress: Progress = lambda stage, done, total: None,
    names: Sequence[str] = ALL_RIVALS,
    seeds: Sequence[int] = SEEDS,
) -> dict[str, Counts]:
    """Score the rivals from every origin of a protocol; courses first, long and resumable."""
    prepare(plan, names, progress)
    return rolled(plan, seeds, names, progress)


def masks(plan: Protocol) -> dict[str, Mask]:
    """Targets that are compared apart, (O, H, P) by name."""
    known, begun = plan.known(), set(started(plan))
    up, down = aside.jumps(plan, known)
    can = np.zeros(up.shape, bool)
    can[[i for i, origin in enumerate(plan.origins) if origin in begun]] = True
    after = aside.after_removals(plan, known)
    jumps = up | down
    return {
        "all": np.ones_like(up),
        "started": can,
        "after_removals": after & can,
        "jumps": jumps,
        BEGUN_JUMPS: jumps & can,
    }


def worth(plan: Protocol, found: Mapping[str, Counts]) -> dict[str, dict[str, dict[str, Any]]]:
    """Paired CRPS of each rival minus that of the same forecast without mechanisms."""
    apart = masks(plan)
    return {
        name: {
            where: difference(rows, found[STATISTICAL], plan.block, among=mask)
            for where, mask in apart.items()
        }
        for name, rows in found.items()
        if name != STATISTICAL
    }


def bound(plan: Protocol, found: Mapping[str, Counts]) -> float:
    """Return what the mean CRPS of all targets would lose were every jump foreseen exactly."""
    crps = found[STATISTICAL][:, 0]
    return float(np.nansum(crps[masks(plan)["jumps"]]) / (~np.isnan(crps)).sum())


def beyond_drift(plan: Protocol, found: Mapping[str, Counts]) -> list[dict[str, Any]]:
    """Paired CRPS of explanations minus that of the controls: one drift for all states.

    Rows: `one`, `other`, and by part of the targets the difference.
    """
    apart = {name: mask for name, mask in masks(plan).items() if name in ("started", BEGUN_JUMPS)}
    pairs = [(code, PAST_DRIFT) for code in CODES] + [("V5", OWN_DRIFT), (OWN_DRIFT, PAST_DRIFT)]
    return [
        {"one": one, "other": other}
        | {w: difference(found[one], found[other], plan.block, among=m) for w, m in apart.items()}
        for one, other in pairs
        if one in found and other in found
    ]


def told(plan: Protocol, found: Mapping[str, Counts]) -> list[dict[str, Any]]:
    """Rows of ``hidra score --rivals --json``: scores, paired differences, stacking weight."""
    gaps, stack = worth(plan, found), hindsight(plan, found, started(plan))
    return [
        row
        | {
            "origins_started": len(started(plan)),
            "knows_later": row["model"] in UPPER,
            "against_V6": gaps.get(row["model"]),
            "stacking": stack.get(row["model"]),
        }
        for row in summary(found)
    ]


def _courses(names: Sequence[str]) -> list[str]:
    """Variants whose courses these forecasts need."""
    instead = {BELIEF: "V0", OWN_DRIFT: "V5"}
    wanted = {instead.get(name, name) for name in names}
    return [name for name in (*CODES, *UPPER) if name in wanted]


def _make(name: str, past: Any) -> None:
    from hidra.forecast.course.kept import LONGEST, kept

    kept(cache_folder())(name, digest(past), LONGEST, past)
