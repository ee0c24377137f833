"""Random numbers of forecasts, keyed by (seed, model, origin, place): no order changes any draw."""

from __future__ import annotations

import zlib

import numpy as np

from hidra.forecast.past import Past

LEAST = 0.05  # persons a month: a mean of zero would make one death impossible
FARTHEST = 6.0  # e-folds: a draw farther from its mean than exp(6) is no forecast


def generator(seed: int, model: str, past: Past, place: str) -> np.random.Generator:
    """Return the stream of one place; `place` may also name what all places share."""
    names = (zlib.crc32(model.encode()), zlib.crc32(place.encode()))
    return np.random.default_rng([seed, *names, int(past.origin.astype(int))])
