"""Mechanisms: pure functions that contribute to the core."""
