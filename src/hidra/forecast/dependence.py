"""Draws that move together: months and places that erred together before do so in every draw.

Forecasts draw each month and place for itself, and are scored so. Here the draws of each are only
put in another order, as Clark et al. (2004, J. Hydrometeorology 5:243) do: the spread of every
month and place stays as it was, and sums over months or places are as wide as errors have been.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import rankdata

from hidra.forecast.combination import kept
from hidra.forecast.means import HALF
from hidra.forecast.model import normals

if TYPE_CHECKING:
    from hidra.forecast.history import Counts
    from hidra.forecast.model import Ask


STREAM = "together"  # of the random numbers: another name would change every draw


class Shares(NamedTuple):
    """Of the variance of errors, what is common; the four add up to one.

    Attributes
    ----------
    country : to all places and months of an origin. month : to all places in a month.
    place : to all months of a place. own : to nothing else.
    """

    country: float
    month: float
    place: float
    own: float


def ordered(ask: Ask, draws: Counts) -> Counts:
    """Put the draws (D, H, P) of every month and place in an order that they share.

    What they share is learnt from errors at the ten earlier origins.
    """
    common = shares(log_errors(*ask.hindcasts.with_outcomes(kept(ask), ask.history, ask.horizons)))
    order = rankdata(deviates(ask, common), method="ordinal", axis=0).astype(int) - 1
    return np.asarray(np.take_along_axis(np.sort(draws, axis=0), order, axis=0))


def log_errors(said: Counts, came: Counts) -> Counts:
    """Return by what outcomes differ from what was said, in logs; NaN where unknown."""
    return np.asarray(np.log((came + HALF) / (said + HALF)))


def shares(errors: Counts) -> Shares:
    """Estimate what errors (S, H, P) have in common, from products of pairs of them.

    Errors are of logs, NaN where unknown, each place scaled by its own. Pairs of other places
    and other months show what is the country's; of other places, what is the month's beside it; of
    other months, what is the place's.
    """
    known = ~np.isnan(errors)
    found = np.where(known, errors, 0.0)
    scale = np.sqrt((found**2).sum(axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)), 1))
    z = found / np.maximum(scale, 1e-9)
    everyone, month = _pairs(z, known, (1, 2)), _pairs(z, known, (2,))
    place = _pairs(z, known, (1,))
    elsewhere = tuple(e - m - p for e, m, p in zip(everyone, month, place, strict=True))
    country = _part(elsewhere)
    by_month, by_place = _part(month) - country, _part(place) - country
    parts = np.clip([country, by_month, by_place], 0.0, 1.0)
    of_country, of_month, of_place = (parts / max(1.0, parts.sum())).tolist()
    return Shares(of_country, of_month, of_place, 1.0 - of_country - of_month - of_place)


def _pairs(z: Counts, known: Counts, axes: tuple[int, ...]) -> tuple[float, float]:
    """Sum of products over all pairs that differ along these axes only, and how many there are."""
    product = (z.sum(axis=axes) ** 2 - (z**2).sum(axis=axes)).sum()
    count = known.sum(axis=axes)
    return float(product), float((count**2 - count).sum())


def _part(pairs: tuple[float, ...]) -> float:
    return pairs[0] / pairs[1] if pairs[1] else 0.0


def deviates(ask: Ask, common: Shares) -> Counts:
    """Standard normal deviates that share what errors share, (D, H, P), keyed draw by draw."""
    weight = Shares(*np.sqrt(common))
    country = weight.country * normals(ask, STREAM, ("country",))
    place = weight.place * normals(ask, STREAM, ask.history.places)
    found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
    for at, ahead in enumerate(ask.horizons):
        month = weight.month * normals(ask, STREAM, ("country",), ahead)
        own = weight.own * normals(ask, STREAM, ask.history.places, ahead)
        found[:, at] = country + month + place + own
    return found
