"""The explanations V0-V6 as forecasts, compared: what the mechanisms add, and stacking weights.

Stacking asks how much of a mixture each explanation would have earned, before and after the fact.
Shares are those of the ignorance score: the binned probability a forecast gave to what came.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.workers import Progress, Workers, silent, spread
from hidra.forecast.backtest import SEEDS, after_removals, jumps, rolled
from hidra.forecast.history import month
from hidra.forecast.means import cache_folder
from hidra.forecast.mechanistic import BELIEF, CODES, CONTROLS, STATISTICAL, UPPER
from hidra.forecast.models import weights
from hidra.forecast.scores import NAMES, block_picks, difference, summary

if TYPE_CHECKING:
    from hidra.forecast.backtest import Protocol
    from hidra.forecast.course import Course
    from hidra.forecast.history import Counts, History
    from hidra.forecast.scores import Mask

ALL_EXPLANATIONS = (*CODES, STATISTICAL, BELIEF, *CONTROLS, *UPPER)
PAST_DRIFT, OWN_DRIFT = CONTROLS
BEGUN_JUMPS = "jumps_started"
MINUTES_A_FIT = 0.8  # on one core: 27 to 87 s were measured, on a busy machine


def started(plan: Protocol) -> tuple[str, ...]:
    """Origins that the mechanisms can start from; the others are left to the statistical model."""
    return tuple(_histories(plan))


def waiting(plan: Protocol, names: Sequence[str] = ALL_EXPLANATIONS) -> list[tuple[str, str]]:
    """Courses that have not been kept yet: variant as it is run, and origin."""
    return _waiting(_histories(plan), names)


def _histories(plan: Protocol) -> dict[str, History]:
    """Return what was known at each origin the mechanisms can start from."""
    from hidra.forecast.course import starts

    known = plan.known()
    histories = {origin: known.until(month(origin)) for origin in plan.origins}
    return {origin: history for origin, history in histories.items() if starts(history)}


def _waiting(histories: Mapping[str, History], names: Sequence[str]) -> list[tuple[str, str]]:
    from hidra.forecast.course import run_as, there

    wanting = {
        (run_as(name, history), origin): None
        for name in _courses(names)
        for origin, history in histories.items()
        if not there(cache_folder(), name, history)
    }
    return list(wanting)


def ready(plan: Protocol) -> tuple[str, ...]:
    """Forecasts that need no fit any more."""
    histories = _histories(plan)
    return tuple(name for name in ALL_EXPLANATIONS if not _waiting(histories, (name,)))


def prepare(plan: Protocol, names: Sequence[str], progress: Progress, workers: Workers = 1) -> None:
    """Make the courses that are wanting, one fit each and each kept when made.

    Workers on other machines keep them in the ``HIDRA_HOME`` that all share.
    """
    known, tasks = plan.known(), waiting(plan, names)
    if not tasks:
        return
    progress("courses", 0, len(tasks))
    jobs = [partial(_make, name, known.until(month(origin))) for name, origin in tasks]
    for done, _ in enumerate(spread(operator.call, jobs, workers), 1):
        progress("courses", done, len(tasks))


def courses(plan: Protocol, names: Sequence[str] = ALL_EXPLANATIONS) -> dict[str, list[Course]]:
    """Return the kept courses by variant, in the order of the origins they start from."""
    from hidra.forecast.course import LONGEST, kept

    read, histories = kept(cache_folder()), _histories(plan)
    return {
        name: [read(name, LONGEST, history) for history in histories.values()]
        for name in _courses(names)
    }


def scored(
    plan: Protocol,
    progress: Progress = silent,
    names: Sequence[str] = ALL_EXPLANATIONS,
    seeds: Sequence[int] = SEEDS,
    workers: Workers = 1,
) -> dict[str, Counts]:
    """Score the explanations from every origin of a protocol; courses first, long and resumable."""
    prepare(plan, names, progress, workers)
    return rolled(plan, seeds, names, progress, workers)


def masks(plan: Protocol) -> dict[str, Mask]:
    """Targets that are compared apart, (O, H, P) by name."""
    known, begun = plan.known(), set(started(plan))
    up, down = jumps(plan, known)
    can = np.zeros(up.shape, bool)
    can[[i for i, origin in enumerate(plan.origins) if origin in begun]] = True
    jumped = up | down
    return {
        "all": np.ones_like(up),
        "started": can,
        "after_removals": after_removals(plan, known) & can,
        "after_known": after_removals(plan, known, by_origin=True) & can,
        "jumps": jumped,
        BEGUN_JUMPS: jumped & can,
    }


def worth(plan: Protocol, found: Mapping[str, Counts]) -> dict[str, dict[str, dict[str, Any]]]:
    """Paired CRPS of each explanation minus that of the same forecast without mechanisms."""
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


def _make(name: str, history: History) -> None:
    from hidra.forecast.course import LONGEST, kept

    kept(cache_folder())(name, LONGEST, history)


RESAMPLES = 200


def stacked(found: Mapping[str, Counts]) -> tuple[str, ...]:
    """Explanations that take part; those that know later things do not."""
    return tuple(name for name in (*CODES, STATISTICAL) if name in found)


def hindsight(
    plan: Protocol, found: Mapping[str, Counts], begun: tuple[str, ...]
) -> dict[str, dict[str, float]]:
    """Weights under which the mixture gives all outcomes of these origins the most.

    The range resamples origins in blocks.
    """
    names = stacked(found)
    shares = [part[_known(part)] for part in _shares(plan, found, names, begun)]
    picks = block_picks(len(shares), plan.block, RESAMPLES)
    resampled = [weights(np.concatenate([shares[o] for o in pick])) for pick in picks]
    low, high = np.quantile(resampled, (0.05, 0.95), axis=0)
    best = weights(np.concatenate(shares))
    return {
        name: {"weight": float(best[i]), "p05": float(low[i]), "p95": float(high[i])}
        for i, name in enumerate(names)
    }


def prequential(
    plan: Protocol, found: Mapping[str, Counts], begun: tuple[str, ...]
) -> list[dict[str, Any]]:
    """Weights at each origin, from the outcomes of earlier origins that were known by then.

    Equal where nothing had come yet. Rows: `origin`, `weights` by explanation, and the ignorance
    of the `mixture`, of `equal` weights and of the forecast without mechanisms (`alone`).
    """
    names = stacked(found)
    parts = _shares(plan, found, names, begun)
    rows = []
    for at, origin in enumerate(begun):
        before = [
            part[_known(part) & _came_by(plan, earlier, origin)]
            for earlier, part in zip(begun[:at], parts[:at], strict=True)
        ]
        learnt = np.concatenate([np.zeros((0, len(names))), *before])
        equal = np.full(len(names), 1 / len(names))
        weight = weights(learnt) if len(learnt) else equal
        now = parts[at]
        rows.append({
            "origin": origin,
            "weights": dict(zip(names, map(float, weight), strict=True)),
            "mixture": -np.log2(now @ weight),
            "equal": -np.log2(now @ equal),
            "alone": -np.log2(now[..., names.index(STATISTICAL)]),
        })  # fmt: skip
    return rows


def gains(plan: Protocol, rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Ignorance of the mixtures minus that of the forecast without mechanisms, paired."""
    alone = np.stack([row["alone"] for row in rows])[:, None]
    return {
        kind: difference(np.stack([row[kind] for row in rows])[:, None], alone, plan.block)
        for kind in ("mixture", "equal")
    }


def _shares(
    plan: Protocol, found: Mapping[str, Counts], names: tuple[str, ...], begun: tuple[str, ...]
) -> list[Counts]:
    """Share each explanation gave to what came, (H, P, M) for each of the origins."""
    ign = np.stack([found[name][:, NAMES.index("ign")] for name in names], axis=-1)
    return [2.0 ** -ign[plan.origins.index(origin)] for origin in begun]


def _known(shares: Counts) -> Mask:
    return np.asarray(~np.isnan(shares).any(axis=-1))


def _came_by(plan: Protocol, earlier: str, origin: str) -> Mask:
    """Whether the months ahead of an earlier origin had come by a later one, (H, 1)."""
    months = np.datetime64(earlier, "M") + np.array(plan.horizons)
    return np.asarray(months <= np.datetime64(origin, "M"))[:, None]
