"""Every mean path by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.forecast.path import ewm

if TYPE_CHECKING:
    from hidra.forecast.model import Path

PATHS: dict[str, Path] = {
    "last-12": ewm.last_year,
    "ewm6": ewm.ewm6,
    "ewm2": ewm.ewm2,
    "seasonal-ewm2": ewm.seasonal_ewm2,
}
