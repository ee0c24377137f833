"""Backtests: every forecast from rolling origins, knowing only what was known then, and scored.

Which months are forecast from which origins was fixed before any score was seen. Some targets are
held out and scored apart: the year after a dated removal, and years in which the level jumped.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import fingerprint
from hidra.core.cache import Cache
from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.core.workers import Progress, Workers, silent, spread
from hidra.data import reference
from hidra.forecast.history import digest, month, record
from hidra.forecast.means import HALF, Hindcasts, cache_folder, level
from hidra.forecast.mechanistic import EXPLANATIONS
from hidra.forecast.model import Ask
from hidra.forecast.models import ALL, models
from hidra.forecast.scores import scores

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts, History
    from hidra.forecast.model import Model
    from hidra.forecast.scores import Mask


@dataclass(frozen=True)
class Protocol:
    """Origins, horizons and places of one table of scores.

    Attributes
    ----------
    measure, level : str
    origins : tuple of str
        Last months of data, ``YYYY-MM``.
    horizons : tuple of int
        Months ahead that are scored.
    block : int
        Origins that are resampled together, because they share a stretch of history.
    """

    measure: str
    level: str
    origins: tuple[str, ...]
    horizons: tuple[int, ...]
    block: int

    def known(self) -> History:
        """The whole record; every forecast sees it only up to its origin."""
        return record(self.measure, self.level)


# VIEWS: data to October, each month of the next year (science: Hegre et al., arXiv 2407.11045).
OCTOBERS = tuple(f"{year}-10" for year in range(2009, 2022))
# Case files of victims begin in January 2015: the first origin has 41 months behind it.
MONTHLY = tuple(str(m) for m in np.arange("2018-05", "2024-07", dtype="datetime64[M]"))
NEWEST = 6  # Octobers of municipalities: minutes each, but from fewer no verdict follows
PROTOCOLS = {
    ("inegi_homicides", "state"): Protocol(
        "inegi_homicides", "state", OCTOBERS, tuple(range(3, 15)), block=2
    ),
    ("sesnsp_homicide_victims", "state"): Protocol(
        "sesnsp_homicide_victims", "state", MONTHLY, tuple(range(1, 7)), block=6
    ),
}


def protocol(measure: str, level: str) -> Protocol:
    """Return the protocol of a measure and level.

    Municipalities are scored where the user brought their counts: the newest Octobers with three
    years of data before and at least one scored month after.
    """
    if (measure, level) in PROTOCOLS:
        return PROTOCOLS[measure, level]
    known = record(measure, level)
    octobers = [
        str(month)
        for month in np.arange(known.first + 35, known.origin - 2)
        if str(month).endswith("-10")
    ]
    if not octobers:
        raise SpecError(
            _(
                "The panel's {measure} by {level} is too short to score: {first} to {origin}.",
                measure=measure,
                level=level,
                first=known.first,
                origin=known.origin,
            ),
            where=f"--measure {measure} --level {level}",
            fix=_("Bring at least four years of it."),
        )
    return Protocol(measure, level, tuple(octobers[-NEWEST:]), tuple(range(3, 15)), block=2)


DRAWS = 1000
SEEDS = (1, 2, 3)


def rolled(
    plan: Protocol,
    seeds: Sequence[int] = SEEDS,
    names: Sequence[str] | None = None,
    progress: Progress = silent,
    workers: Workers = 1,
) -> dict[str, Counts]:
    """Score every forecast from every origin of a protocol.

    Parameters
    ----------
    seeds : whose scores are averaged.
    names : only these forecasts; all without mechanisms that the record allows if none.
    workers : processes, or any standard executor: an origin each at a time.

    Returns
    -------
    dict of arrays (O, 6, H, P) by model
        Origins, `scores.NAMES`, horizons, places.
    """
    known = plan.known()
    wanted = tuple(names or (model.name for model in models(known)))
    fixed = (plan.horizons, tuple(seeds), known, cache_folder())
    jobs = [partial(_row, wanted, origin, *fixed) for origin in plan.origins]
    rows: dict[int, dict[str, Counts]] = {}
    for number, row in spread(operator.call, jobs, workers):
        rows[number] = row
        progress("score", len(rows), len(plan.origins))
    return {name: np.stack([rows[n][name] for n in range(len(rows))]) for name in wanted}


def _row(
    names: tuple[str, ...],
    origin: str,
    horizons: tuple[int, ...],
    seeds: tuple[int, ...],
    known: History,
    folder: Path,
) -> dict[str, Counts]:
    """Score forecasts from one origin, each (6, H, P) and each kept: one more costs only itself."""
    history = known.until(month(origin))
    came = known.since(month(origin), max(horizons))[np.array(horizons) - 1]
    asks = [Ask(history, horizons, DRAWS, seed, _hindcasts(folder)) for seed in seeds]
    key = {"origin": origin, "horizons": horizons, "seeds": seeds, "known": digest(known)}

    def scored(name: str) -> Counts:
        model = (ALL | EXPLANATIONS)[name]
        return np.asarray(np.mean([scores(came, model.draw(ask)) for ask in asks], axis=0))

    return {
        name: _kept(folder, name).get_or_make(
            {"model": name, "draws": DRAWS, **key}, partial(scored, name)
        )
        for name in names
    }


@cache
def _hindcasts(folder: Path) -> Hindcasts:
    """One memory per process, so that neighbouring origins share what they rehearse."""
    return Hindcasts(folder)


def _kept(folder: Path, name: str) -> Cache:
    """Return the cache of a model's scores; an edit of the mechanisms leaves the others alone."""
    drawn = "hidra.forecast.models" if name in ALL else "hidra.forecast.mechanistic"
    return Cache("scores", code=fingerprint.code(drawn, "hidra.forecast.scores"), folder=folder)


AFTER = 12  # months after a removal
JUMP = 1.5


def after_removals(plan: Protocol, known: History, by_origin: bool = False) -> Mask:
    """Targets in the 12 months after the month of a dated removal in the same state, (O, H, P).

    Parameters
    ----------
    by_origin : only after removals that had come by the origin.
    """
    events = reference.table("leadership_removals")
    events = events[events["removal"].astype(bool)]
    when = events["date"].astype(str).str[:7].to_numpy(dtype="datetime64[M]")
    where = events["place"].astype(str).to_numpy()
    target, origins = _targets(plan), np.array(plan.origins, dtype="datetime64[M]")[:, None]
    found = np.zeros((*target.shape, len(known.places)), bool)
    for column, code in enumerate(known.places):
        for event in when[where == code[:2]]:
            gap = (target - event).astype(int)
            told = origins >= event if by_origin else True
            found[..., column] |= (gap >= 1) & (gap <= AFTER) & told
    return found


def nobody(plan: Protocol, known: History) -> Mask:
    """Targets in which nobody was killed, (O, H, P); known only afterwards."""
    rows = np.array(plan.horizons) - 1
    came = [known.since(month(origin), max(plan.horizons))[rows] for origin in plan.origins]
    return np.asarray(np.stack(came) == 0)


def jumps(plan: Protocol, known: History) -> tuple[Mask, Mask]:
    """Targets of places whose mean went up, or down, by more than x1.5 from the level before.

    The level is the 2-month exponential mean at the origin. Known only afterwards: it says where a
    forecast fails, never how good it is.

    Returns
    -------
    two arrays (O, H, P): up, down.
    """
    rows = np.array(plan.horizons) - 1
    up, down = [], []
    for origin in plan.origins:
        history = known.until(month(origin))
        came = known.since(month(origin), max(plan.horizons))[rows]
        mean = np.nanmean(came, axis=0)
        change = np.nan_to_num((mean + HALF) / (level(history.counts, 2.0) + HALF), nan=1.0)
        up.append(np.broadcast_to(change > JUMP, came.shape))
        down.append(np.broadcast_to(change < 1 / JUMP, came.shape))
    return np.stack(up), np.stack(down)


def _targets(plan: Protocol) -> NDArray[np.datetime64]:
    origins = np.array(plan.origins, dtype="datetime64[M]")
    return np.asarray(origins[:, None] + np.array(plan.horizons))


#: What is summed over: axes of (months, places) behind the draws.
SUMS = {"month_nation": (-1,), "year_place": (-2,), "year_nation": (-2, -1)}


def sums(
    plan: Protocol, model: Model, hindcasts: Hindcasts, draws: int = 1000, seed: int = 1
) -> list[dict[str, Any]]:
    """Score sums of a forecast from every origin of a protocol.

    Returns
    -------
    list of dict
        `sum` (a key of `SUMS`), `dependent` (bool; else every month and place in an order of its
        own), `n`, `coverage50`, `coverage90`, `crps`.
    """
    known = plan.known()
    said: dict[tuple[str, bool], list[Counts]] = {}
    came: dict[str, list[Counts]] = {}
    for origin in plan.origins:
        ask = Ask(known.until(month(origin)), plan.horizons, draws, seed, hindcasts)
        outcome = known.since(month(origin), max(plan.horizons))[ask.rows]
        joint = model.draw(ask)
        apart = np.random.default_rng(seed).permuted(joint, axis=0)
        for dependent, found in ((False, apart), (True, joint)):
            for name, axes in SUMS.items():
                said.setdefault((name, dependent), []).append(
                    found.sum(axis=axes).reshape(draws, -1)
                )
        for name, axes in SUMS.items():
            came.setdefault(name, []).append(np.ravel(outcome.sum(axis=axes)))
    return [
        {"sum": name, "dependent": dependent} | _scored(came[name], found)
        for (name, dependent), found in sorted(said.items())
    ]


def _scored(came: list[Counts], said: list[Counts]) -> dict[str, Any]:
    """Scores of outcomes (N,) and draws (D, N) of all origins; what is not known is left out."""
    import scoringrules  # compiles for seconds where numba is there

    outcome, draws = np.concatenate(came), np.concatenate(said, axis=1)
    known = ~np.isnan(outcome)
    outcome, draws = outcome[known], draws[:, known]
    inside = {}
    for share in (50, 90):
        low, high = np.percentile(draws, [50 - share / 2, 50 + share / 2], axis=0)
        inside[f"coverage{share}"] = float(np.mean((low <= outcome) & (outcome <= high)))
    crps = scoringrules.crps_ensemble(outcome, draws.T.astype(float)).mean()
    return {"n": len(outcome), **inside, "crps": float(crps)}
