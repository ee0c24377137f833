"""Forecasts of monthly counts by place: means, dispersion around them, combinations of both."""

from hidra.forecast.table import Baseline, baseline

__all__ = ["Baseline", "baseline"]
