"""The quantiles by which draws are told: columns ``p05`` to ``p95``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

SHARES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
FEW = {name: SHARES[name] for name in ("p05", "p50", "p95")}


def quantiles(
    draws: Any, axis: int = 0, *, prefix: str = "", shares: Mapping[str, float] = SHARES
) -> dict[str, np.ndarray]:
    """Return quantiles of draws along an axis by column name; NaN where a draw is NaN."""
    found = np.quantile(np.asarray(draws), list(shares.values()), axis=axis)
    return {f"{prefix}{name}": one for name, one in zip(shares, found, strict=True)}
