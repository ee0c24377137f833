"""Scenarios ready to use, for Python: ``library()["fewer_arms"].intervention()``."""

from __future__ import annotations

from hidra.study.library import Ready, library

__all__ = ["Ready", "library"]
