"""Means of the recent months, weighted so that old months fade; with or without a season."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.path.season import season

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past

WINDOW = 24


def level(counts: Counts, scale: float, window: int = WINDOW) -> Counts:
    """Mean of the last months with weights exp(-lag / scale), (P,); unknown months are left out.

    Parameters
    ----------
    counts : array (T, P)
        Persons a month.
    scale : float
        Months after which a weight has fallen to 37 %; infinity weighs the window equally.
    """
    recent = counts[-window:]
    lag = np.arange(len(recent))[::-1]
    weight = np.exp(-lag / scale)[:, None] * ~np.isnan(recent)
    total = weight.sum(axis=0)
    mean = (weight * np.nan_to_num(recent)).sum(axis=0) / np.where(total > 0, total, 1)
    return np.asarray(np.where(total > 0, mean, np.nan))


def last_year(past: Past, months: int) -> Counts:
    """Mean of the last 12 months, held, (months, P)."""
    return _held(level(past.counts, np.inf, 12), months)


def ewm6(past: Past, months: int) -> Counts:
    """Mean with a 6-month scale, held, (months, P)."""
    return _held(level(past.counts, 6.0), months)


def ewm2(past: Past, months: int) -> Counts:
    """Mean with a 2-month scale, held, (months, P)."""
    return _held(level(past.counts, 2.0), months)


def seasonal_ewm2(past: Past, months: int) -> Counts:
    """Mean with a 2-month scale of the months freed of season, times the season, (months, P)."""
    factor = season(past)
    free = past.counts / factor[past.calendar][:, None]
    return np.asarray(level(free, 2.0) * factor[past.after(months)][:, None])


def _held(mean: Counts, months: int) -> Counts:
    return np.tile(mean, (months, 1))
