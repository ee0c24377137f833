"""Every mean path by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.forecast.path import ewm, kalman, learners, smoothing

if TYPE_CHECKING:
    from hidra.forecast.model import Path

PATHS: dict[str, Path] = {
    "last-12": ewm.last_year,
    "ewm6": ewm.ewm6,
    "ewm2": ewm.ewm2,
    "seasonal-ewm2": ewm.seasonal_ewm2,
    "walk": kalman.walk,
    "return": kalman.return_to_mean,
    "boosting": learners.boosting,
    "regression": learners.regression,
    "ets": smoothing.exponential_smoothing,
    "ar2": smoothing.autoregression,
}
