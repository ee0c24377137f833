"""Textbook series models, place by place, on log counts: exponential smoothing and ARIMA."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from hidra.forecast.path.season import season

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past

WINDOW = 120
HALF = 0.5


def exponential_smoothing(past: Past, months: int) -> Counts:
    """Simple exponential smoothing of logs freed of season, its pace by maximum likelihood."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    return _each(past, months, lambda y: ETSModel(y, error="add").fit(disp=False).forecast(months))


def autoregression(past: Past, months: int) -> Counts:
    """ARIMA(2,0,0) with a mean, of logs freed of season, by least squares."""
    from statsmodels.tsa.ar_model import AutoReg

    return _each(past, months, lambda y: AutoReg(y, 2).fit().forecast(months))


def _each(past: Past, months: int, ahead) -> Counts:  # type: ignore[no-untyped-def]
    factor = season(past)
    logs = np.log(past.counts / factor[past.calendar][:, None] + HALF)[-WINDOW:]
    columns = []
    for series in logs.T:
        with warnings.catch_warnings():
            # A series without movement does not converge; its level is right all the same.
            warnings.simplefilter("ignore")
            columns.append(np.asarray(ahead(_known(series))))
    path = np.maximum(np.exp(np.stack(columns, axis=1)) - HALF, 0)
    return np.asarray(path * factor[past.after(months)][:, None])


def _known(series: Counts) -> Counts:
    """The series from its first known month, gaps bridged by straight lines."""
    known = np.flatnonzero(~np.isnan(series))
    return np.interp(np.arange(known[0], len(series)), known, series[known])
