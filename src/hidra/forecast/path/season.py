"""One season for all places: how each calendar month stands to the months around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.past import YEAR

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past

YEARS = 10
PRIOR_YEARS = 2.0  # a season seen for 2 years is believed by half, for 8 years by four fifths


def season(past: Past) -> Counts:
    """Factors of the calendar months, (12,), geometric mean one.

    Ratios of the national count to its centred 12-month mean over the last ten years, averaged
    in logs and drawn towards one as far as they rest on few years.
    """
    total = np.nansum(past.counts, axis=1)[-(YEARS + 1) * YEAR :]
    month = past.calendar[-len(total) :]
    if len(total) < 2 * YEAR or not (total > 0).all():
        return np.ones(YEAR)
    window = np.r_[0.5, np.ones(YEAR - 1), 0.5] / YEAR
    centred = np.convolve(total, window, "valid")
    inner = slice(YEAR // 2, len(total) - YEAR // 2)
    ratio, month = np.log(total[inner] / centred), month[inner]
    years = np.bincount(month, minlength=YEAR)
    mean = np.bincount(month, ratio, YEAR) / np.maximum(years, 1)
    mean -= mean.mean()
    return np.asarray(np.exp(mean * years / (years + PRIOR_YEARS)))
