"""The simplest forecasts: last month again, last year resampled, all places resampled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.chance import LEAST, generator
from hidra.forecast.past import YEAR

if TYPE_CHECKING:
    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts

GLOBAL_MONTHS = 60


def last_month_poisson(ask: Ask) -> Counts:
    """Poisson around the last known month, (D, H, P)."""
    last = np.maximum(_last_known(ask.past.counts), LEAST)
    return _by_place(ask, "last-month", lambda rng, i, shape: rng.poisson(last[i], shape))


def last_year_resampled(ask: Ask) -> Counts:
    """Each place's own last 12 months, drawn with replacement, (D, H, P)."""
    year = ask.past.counts[-YEAR:]

    def draw(rng: np.random.Generator, i: int, shape: tuple[int, int]) -> Counts:
        known = year[~np.isnan(year[:, i]), i]
        return rng.choice(known, shape)

    return _by_place(ask, "last-12", draw)


def global_bootstrap(ask: Ask) -> Counts:
    """The last five years of all places alike, drawn with replacement, (D, H, P)."""
    pool = ask.past.counts[-GLOBAL_MONTHS:]
    known = pool[~np.isnan(pool)]
    return _by_place(ask, "global-bootstrap", lambda rng, i, shape: rng.choice(known, shape))


def _last_known(counts: Counts) -> Counts:
    known = ~np.isnan(counts)
    row = len(counts) - 1 - known[::-1].argmax(axis=0)
    return np.asarray(counts[row, np.arange(counts.shape[1])])


def _by_place(ask: Ask, name: str, draw) -> Counts:  # type: ignore[no-untyped-def]
    shape = (ask.draws, len(ask.horizons))
    places = enumerate(ask.past.places)
    found = [draw(generator(ask.seed, name, ask.past, code), i, shape) for i, code in places]
    return np.stack(found, axis=-1).astype(float)
