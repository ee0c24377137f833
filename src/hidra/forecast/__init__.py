"""Forecasts of monthly counts by place: means, dispersion around them, combinations of both."""
