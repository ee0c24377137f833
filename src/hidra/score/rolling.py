"""Rolling origins: every model, every origin, knowing only what was known then."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hidra.data.home import home
from hidra.forecast.model import Ask, Model
from hidra.forecast.past import month
from hidra.forecast.recall import Recall, digest
from hidra.score.rules import scores

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past
    from hidra.score.protocol import Protocol

DRAWS = 1000
Progress = Callable[[str, int, int], None]


def cache_folder() -> Path:
    """Where scores and paths are kept between runs; may be deleted at any time."""
    return home() / "cache" / "forecast"


def rolled(
    plan: Protocol,
    models: Sequence[Model],
    seeds: Sequence[int],
    progress: Progress = lambda stage, done, total: None,
) -> dict[str, Counts]:
    """Score every model from every origin of a protocol.

    Returns
    -------
    dict of arrays (O, 6, H, P) by model
        Origins, `rules.NAMES`, horizons, places; means over seeds.
    """
    from joblib import Memory

    known = plan.known()
    recall = Recall(cache_folder())
    score = Memory(cache_folder(), verbose=0).cache(_score, ignore=["model", "known", "recall"])
    steps, found = len(models) * len(plan.origins), {}
    for m, model in enumerate(models):
        rows = []
        for o, origin in enumerate(plan.origins):
            kept = (model.name, origin, plan.horizons, tuple(seeds), digest(known), version())
            rows.append(score(*kept, model, known, recall))
            progress("score", m * len(plan.origins) + o + 1, steps)
        found[model.name] = np.stack(rows)
    return found


@cache
def version() -> str:
    """Return what identifies the code of forecasts and scores."""
    rooms = [files("hidra.forecast"), files("hidra.forecast.path"), files("hidra.score")]
    sources = sorted(
        (f"{room.name}/{file.name}", file.read_bytes())
        for room in rooms
        for file in room.iterdir()
        if file.name.endswith(".py")
    )
    return hashlib.sha256(repr(sources).encode()).hexdigest()[:16]


def _score(
    name: str,
    origin: str,
    horizons: tuple[int, ...],
    seeds: tuple[int, ...],
    data: str,
    code: str,
    model: Model,
    known: Past,
    recall: Recall,
) -> Counts:
    del name, data, code  # they only say which score this is
    past = known.until(month(origin))
    came = known.since(month(origin), max(horizons))[np.array(horizons) - 1]
    asks = [Ask(past, horizons, DRAWS, seed, recall) for seed in seeds]
    return np.mean([scores(came, model.draw(ask)) for ask in asks], axis=0)
