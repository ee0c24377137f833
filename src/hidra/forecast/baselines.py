"""The simplest forecasts: last month again, last year resampled, all places resampled, a hurdle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.history import YEAR
from hidra.forecast.model import LEAST, counted, generator

if TYPE_CHECKING:
    from hidra.forecast.history import Counts
    from hidra.forecast.model import Ask

GLOBAL_MONTHS = 60


def last_month_poisson(ask: Ask) -> Counts:
    """Poisson around the last known month, (D, H, P)."""
    last = np.maximum(_last_known(ask.history.counts), LEAST)
    return _by_place(ask, "last-month", lambda rng, i, shape: rng.poisson(last[i], shape))


def last_year_resampled(ask: Ask) -> Counts:
    """Each place's own last 12 months, drawn with replacement, (D, H, P)."""
    year = ask.history.counts[-YEAR:]

    def draw(rng: np.random.Generator, i: int, shape: tuple[int, int]) -> Counts:
        known = year[~np.isnan(year[:, i]), i]
        return rng.choice(known, shape)

    return _by_place(ask, "last-12", draw)


def global_bootstrap(ask: Ask) -> Counts:
    """The last five years of all places alike, drawn with replacement, (D, H, P)."""
    pool = ask.history.counts[-GLOBAL_MONTHS:]
    known = pool[~np.isnan(pool)]
    return _by_place(ask, "global-bootstrap", lambda rng, i, shape: rng.choice(known, shape))


def _last_known(counts: Counts) -> Counts:
    known = ~np.isnan(counts)
    row = len(counts) - 1 - known[::-1].argmax(axis=0)
    return np.asarray(counts[row, np.arange(counts.shape[1])])


def _by_place(ask: Ask, name: str, draw) -> Counts:  # type: ignore[no-untyped-def]
    shape = (ask.draws, len(ask.horizons))
    places = enumerate(ask.history.places)
    found = [draw(generator(ask.seed, name, ask.history, code), i, shape) for i, code in places]
    return np.stack(found, axis=-1).astype(float)


WINDOW = 24
PRIOR_MONTHS = 6.0  # how many months of the average place are added to each place's own


def hurdle(ask: Ask) -> Counts:
    """Zero or not by the share of months with deaths; then a count that was seen, (D, H, P).

    Share and counts are those of the place's last two years, with some months of all places
    added, so that a place without a death is not thought safe for ever.
    """
    recent = ask.history.counts[-WINDOW:]
    known = ~np.isnan(recent)
    everywhere = recent[known]
    share = (recent > 0).sum(axis=0) + PRIOR_MONTHS * (everywhere > 0).mean()
    share = share / (known.sum(axis=0) + PRIOR_MONTHS)
    positive = everywhere[everywhere > 0]

    def draw(rng: np.random.Generator, at: tuple[slice, int, int]) -> Counts:
        own = recent[recent[:, at[2]] > 0, at[2]]
        weight = len(own) / (len(own) + PRIOR_MONTHS * share[at[2]])
        killed, which, one = rng.random((ask.draws, 3)).T  # of a draw, whatever their number
        count = _picked(positive, one)
        if len(own):
            count = np.where(which < weight, _picked(own, one), count)
        return np.where(killed < share[at[2]], count, 0.0)

    return counted(ask, "hurdle", draw)


def _picked(counts: Counts, uniform: Counts) -> Counts:
    """Pick one of the counts for each uniform number; zeros where there are none."""
    if not len(counts):
        return np.zeros(len(uniform))
    return np.asarray(counts[(uniform * len(counts)).astype(int)])
