"""Draws that move together: months and places that erred together before do so in every draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

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


def shares(said: Counts, came: Counts) -> Shares:
    """Estimate what errors of earlier origins, (S, H, P), have in common, from pairs of them.

    Errors are of logs, NaN where nothing came yet, each place scaled by its own. Pairs of other
    places and other months show what is the country's; of other places, what is the month's beside
    it; of other months, what is the place's.
    """
    errors = np.log((came + HALF) / (said + HALF))
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
