"""How much of what was recorded the mechanisms explain, and how much the discrepancy does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hidra.core.place import NATION
from hidra.core.quantiles import FEW, quantiles
from hidra.core.weeks import Weeks
from hidra.inference import Posterior
from hidra.model import series

if TYPE_CHECKING:
    import xarray as xr

PARTS = ("mechanisms", "discrepancy", "noise")


def explained(results: xr.Dataset, posterior: Posterior, first: str, last: str) -> pd.DataFrame:
    """Split the variance of log monthly homicides into what moves them, draw by draw.

    With y the log of recorded homicides, x that of what the mechanisms expect, d the discrepancy
    and e what is left (luck in the counts), y = x + d + e in every month. The share of a part is
    its covariance with y over the variance of y, so shares add up to one; a share is negative
    where the part moves against the records. The mean level of a state is a parameter of its own
    and explains nothing of the change from month to month.

    Parameters
    ----------
    results : of the scenario that continues the fit, the first one in it.
    posterior : whose draws it was simulated from. first, last : months, ``YYYY-MM``.

    Returns
    -------
    pandas.DataFrame
        `place` (nation first), `period_from`, `period_to`, `part`, `p05`, `p50`, `p95`.
    """
    weeks = Weeks(first, last)
    seen = series.records("inegi_homicides", weeks)
    known = np.isfinite(seen).all(axis=1)
    if known.sum() < 3:
        return pd.DataFrame()
    expected, base = _expected(results, posterior, weeks)
    rows = []
    for place, y, mu, x in (
        (NATION.code, seen.sum(axis=1), expected.sum(axis=2), base.sum(axis=2)),
        *(
            (str(code), seen[:, i], expected[:, :, i], base[:, :, i])
            for i, code in enumerate(series.states())
        ),
    ):
        found = _shares(np.log(y[known] + 0.5), np.log(mu[:, known]), np.log(x[:, known]))
        rows += [
            {"place": place, "part": part} | quantiles(one, shares=FEW)
            for part, one in zip(PARTS, found, strict=True)
        ]
    return pd.DataFrame(rows).assign(period_from=first, period_to=last)


def _expected(
    results: xr.Dataset, posterior: Posterior, weeks: Weeks
) -> tuple[np.ndarray, np.ndarray]:
    """Expected homicides with and without the discrepancy, (draw, M, P)."""
    now = results.isel(scenario=0).sel(month=weeks.months.astype("datetime64[ns]"))
    order = ("draw", "month", "place")
    deaths = now["member_deaths"].transpose(*order).to_numpy().astype(float)
    expected = now["inegi_homicides_expected"].transpose(*order).to_numpy().astype(float)
    which = now["draw"].to_numpy() % posterior.size
    exposure = series.population(weeks) * weeks.days[:, None]
    unlinked, linked = (posterior.draws[n][which][:, None, :] for n in ("unlinked", "linked"))
    return expected, unlinked * exposure + linked * deaths


def _shares(y: np.ndarray, mu: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Shares of mechanisms, discrepancy and noise for every draw, (3, S); y (M,), others (S, M)."""
    off = y - y.mean()
    parts = (x, mu - x, y - mu)
    return np.stack([(part - part.mean(axis=1, keepdims=True)) @ off for part in parts]) / (
        off @ off
    )
