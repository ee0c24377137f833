"""Fit the few uncertain parameters to what agencies recorded, and say how far to trust it.

A homicide walks: `likelihood` (how probable a record is) -> `emulator` (in place of the model) ->
`samplers` (draws) -> `calibrate` (a system in, a `posterior` out) -> `diagnostics` (what it tells).
"""
