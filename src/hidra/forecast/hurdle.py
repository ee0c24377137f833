"""A baseline for places where most months see no death: a hurdle, then a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.chance import generator

if TYPE_CHECKING:
    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts

WINDOW = 24
PRIOR_MONTHS = 6.0  # how many months of the average place are added to each place's own


def hurdle(ask: Ask) -> Counts:
    """Zero or not by the share of months with deaths; then a count that was seen, (D, H, P).

    Share and counts are those of the place's last two years, with some months of all places
    added, so that a place without a death is not thought safe for ever.
    """
    recent = ask.past.counts[-WINDOW:]
    known = ~np.isnan(recent)
    everywhere = recent[known]
    share = (recent > 0).sum(axis=0) + PRIOR_MONTHS * (everywhere > 0).mean()
    share = share / (known.sum(axis=0) + PRIOR_MONTHS)
    positive = everywhere[everywhere > 0]
    shape = (ask.draws, len(ask.horizons))
    columns = []
    for i, code in enumerate(ask.past.places):
        rng = generator(ask.seed, "hurdle", ask.past, code)
        own = recent[(recent[:, i] > 0), i]
        weight = len(own) / (len(own) + PRIOR_MONTHS * share[i])
        count = rng.choice(positive, shape) if len(positive) else np.zeros(shape)
        if len(own):
            count = np.where(rng.random(shape) < weight, rng.choice(own, shape), count)
        columns.append(np.where(rng.random(shape) < share[i], count, 0.0))
    return np.stack(columns, axis=-1)
