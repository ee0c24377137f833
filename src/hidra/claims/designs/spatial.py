"""Errors that near places share: Conley's, beside those clustered by state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs.event import Estimate
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

REACH = 300.0  # km; the weight of a pair falls to zero there (Bartlett)
MONTHS = 11  # months a place's own errors may hang together


def conley(rows: pd.DataFrame) -> list[Estimate]:
    """Return Poisson fixed effects by window with Conley errors: 300 km and eleven months.

    Distances are between the centres of the states: places of one state lie at the same point.
    """
    import pyfixest as pf

    rows = with_points(rows)
    fit = pf.fepois("deaths ~ w0 + w1 + w2 + w3 | unit + month", rows, vcov="hetero")
    error = np.sqrt(np.diag(_covariance(fit)))
    windows = ("months -12 to -7", "months 0-5", "months 6-11", "months 12 on")
    values = fit.coef().to_numpy()
    return [
        Estimate(f"Poisson FE, Conley {REACH:.0f} km, {label}", float(value),
                 float(value - 1.645 * one), float(value + 1.645 * one), int(fit._N))
        for label, value, one in zip(windows, values, error, strict=True)
    ]  # fmt: skip


def with_points(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `lat` and `lon`, the centre of each row's state, unless the rows carry points."""
    if "lat" in rows:
        return rows
    centres = reference.table("place").set_index("cve_ent")
    state = rows["place"].astype(str).str[:2]
    return rows.assign(lat=state.map(centres["lat"]), lon=state.map(centres["lon"]))


def _covariance(fit: Any) -> NDArray[np.float64]:
    """Return the library's Conley covariance from a fit's own regressors and scores.

    The regressors of a fit are weighted and free of fixed effects, so that theirs times a residual
    is the score; the residual is read where the regressor is largest.
    """
    from diff_diff.linalg import compute_robust_vcov

    regressors, scores = np.asarray(fit._X), np.asarray(fit._scores)
    at = np.abs(regressors).argmax(axis=1)[:, None]
    residual = np.take_along_axis(scores, at, 1) / np.take_along_axis(regressors, at, 1)
    rows = fit._data
    covariance = compute_robust_vcov(
        regressors, residual[:, 0], vcov_type="conley",
        conley_coords=rows[["lat", "lon"]].to_numpy(float), conley_cutoff_km=REACH,
        conley_time=rows["month"].to_numpy(), conley_unit=rows["unit"].to_numpy(),
        conley_lag_cutoff=MONTHS,
    )  # fmt: skip
    return np.asarray(covariance)
