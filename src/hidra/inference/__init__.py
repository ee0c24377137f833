"""Fit the few uncertain parameters to what agencies recorded, and say how far to trust it.

A homicide walks: `likelihood` (how probable a record is) -> `calibrate` (a system in, a `posterior`
out, by an emulator in place of the model and the draws of `samplers`) -> `diagnostics` (what it
tells).
"""
