"""Forecasts made of forecasts: the geometric mean of paths, and mixtures of draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.chance import generator
from hidra.forecast.recall import digest
from hidra.forecast.spread import Spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.model import Ask, Model
    from hidra.forecast.past import Counts

    Weights = Callable[[Ask, Sequence[Model]], Counts]
    Factor = Callable[[Ask, tuple[str, ...]], Counts]


def as_it_is(ask: Ask, paths: tuple[str, ...]) -> Counts:
    """Leave the mean as the paths have it."""
    del ask, paths
    return np.ones(())


def around(
    paths: tuple[str, ...], spread: Spread, name: str, factor: Factor = as_it_is
) -> Callable[[Ask], Counts]:
    """Return the forecast that puts a spread around the geometric mean of mean paths.

    `factor` moves the mean of each month ahead, (H, P); the spread stays that of the paths.
    """

    def draw(ask: Ask) -> Counts:
        mean = ask.recall.mean(paths, ask.past, max(ask.horizons))[ask.rows] * factor(ask, paths)
        fitted = ask.recall.once(
            (spread, paths, digest(ask.past), ask.horizons),
            lambda: spread.fit(*ask.recall.earlier(paths, ask.past, ask.horizons), ask.horizons),
        )
        return spread.draws(ask, name, mean, fitted)

    return draw


def mixture(models: Sequence[Model], weights: Weights, name: str) -> Callable[[Ask], Counts]:
    """Return the forecast whose every draw comes, whole, from one of the models."""

    def draw(ask: Ask) -> Counts:
        share = weights(ask, models)
        which = _members(ask, share, name)
        found = np.empty((ask.draws, len(ask.horizons), len(ask.past.places)))
        for m, model in enumerate(models):
            if (which == m).any():
                found[which == m] = model.draw(ask)[which == m]
        return found

    return draw


def equal(ask: Ask, models: Sequence[Model]) -> Counts:
    """Weigh every model alike, (M,)."""
    del ask
    return np.full(len(models), 1 / len(models))


def _members(ask: Ask, share: Counts, name: str) -> NDArray[np.int64]:
    """Return the model of each draw, (D,): as many as its share, in a keyed order."""
    at = (np.arange(ask.draws) + 0.5) / ask.draws
    which = np.minimum(np.searchsorted(np.cumsum(share), at), len(share) - 1)
    return np.asarray(generator(ask.seed, name, ask.past, "members").permutation(which))
