"""Rolling origins: every model, every origin, knowing only what was known then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core.fingerprint import fingerprint
from hidra.data.home import home
from hidra.forecast.mechanistic import RIVALS
from hidra.forecast.model import Ask
from hidra.forecast.models import ALL, models
from hidra.forecast.past import month
from hidra.forecast.recall import Recall, digest
from hidra.forecast.score.rules import scores

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past
    from hidra.forecast.score.protocol import Protocol

DRAWS = 1000
SEEDS = (1, 2, 3)
Progress = Callable[[str, int, int], None]


def cache_folder() -> Path:
    """Where scores and paths are kept between runs; may be deleted at any time."""
    return home() / "cache" / "forecast"


def rolled(
    plan: Protocol,
    seeds: Sequence[int] = SEEDS,
    names: Sequence[str] | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Counts]:
    """Score every forecast from every origin of a protocol, an origin per core at a time.

    Parameters
    ----------
    seeds : whose scores are averaged.
    names : only these forecasts; all without mechanisms that the record allows if none.

    Returns
    -------
    dict of arrays (O, 6, H, P) by model
        Origins, `rules.NAMES`, horizons, places.
    """
    from joblib import Parallel, cpu_count, delayed

    known = plan.known()
    wanted = tuple(names or (model.name for model in models(known)))
    fixed = (plan.horizons, tuple(seeds), digest(known), version(), known, cache_folder())
    work = Parallel(n_jobs=min(cpu_count(), len(plan.origins)), return_as="generator")
    rows = []
    for row in work(delayed(_row)(wanted, origin, *fixed) for origin in plan.origins):
        rows.append(row)
        progress("score", len(rows), len(plan.origins))
    return {name: np.stack([row[name] for row in rows]) for name in wanted}


@cache
def version() -> str:
    """Return what identifies the code that draws and scores."""
    room, here = files("hidra.forecast"), files("hidra.forecast.score")
    sources = [*room.iterdir(), *(room / "path").iterdir(), here / "rules.py", here / "rolling.py"]
    return fingerprint(sources)


def _row(names: tuple[str, ...], origin: str, *fixed: Any) -> dict[str, Counts]:
    """Score forecasts from one origin, each (6, H, P) and each kept: one more costs only itself."""
    from joblib import Memory

    folder = fixed[-1]
    score = Memory(folder, verbose=0).cache(_scores, ignore=["known", "folder"])
    return {name: score(name, origin, *fixed) for name in names}


def _scores(
    name: str,
    origin: str,
    horizons: tuple[int, ...],
    seeds: tuple[int, ...],
    data: str,
    code: str,
    known: Past,
    folder: Path,
) -> Counts:
    del data, code  # with the other arguments they say which scores these are
    past = known.until(month(origin))
    came = known.since(month(origin), max(horizons))[np.array(horizons) - 1]
    asks = [Ask(past, horizons, DRAWS, seed, _recall(folder)) for seed in seeds]
    model = (ALL | RIVALS)[name]
    return np.asarray(np.mean([scores(came, model.draw(ask)) for ask in asks], axis=0))


@cache
def _recall(folder: Path) -> Recall:
    """One memory per process, so that neighbouring origins share what they rehearse."""
    return Recall(folder)
