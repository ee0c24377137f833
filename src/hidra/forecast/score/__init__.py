"""Forecasts against what came: proper scores, rolling origins, paired comparisons."""
