"""Forecasts of monthly counts by place: mean paths, spreads around them, and pools of both."""
