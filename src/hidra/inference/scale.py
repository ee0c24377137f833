"""What fixes the absolute size of the groups: not the records, but an assumed share of deaths.

If members and arrests are multiplied by k, and lethality and saturation divided by k, every course
is the same times k (Science 2023 has the same property). Killings linked to each member killed
take up the k, so nothing recorded changes. Only the prior of the attributed share holds it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hidra.inference import Posterior
from hidra.model.observe import ATTRIBUTED

if TYPE_CHECKING:
    import xarray as xr

POWER = {
    "initial_members": 1, "enforcement": 1, "attributed_share": 1, "recruitment": 0,
    "lethality": -1, "saturation": -1, "linked": -1,
}  # fmt: skip
# Published estimate and box of the authors' code (github.com/rafaelprietocuriel/Recruitment).
PUBLISHED = {
    "recruitment": (2.527474e-3, 2e-3, 3e-3),
    "enforcement": (110.0, 110.0, 120.0),
    "lethality": (1.549231e-8, 1e-8, 2e-8),
    "saturation": (4e-8, 4e-8, 1e-7),
    "initial_members": (115_000.0, 110_000.0, 115_000.0),
}


def attributed(results: xr.Dataset, lost: float, first: str, last: str) -> np.ndarray:
    """Members killed per homicide or missing person in the months of a fit, (draw,)."""
    now = results["member_deaths"].isel(scenario=0).sel(month=slice(first, last))
    years = now.sizes["month"] / 12
    return np.asarray(now.sum(("month", "place")).to_numpy() / years / lost, float)


def scale(posterior: Posterior, share: np.ndarray) -> pd.DataFrame:
    """Return how each parameter moves along the ridge of equal records.

    Parameters
    ----------
    share : (draw,) attributed share of the draws, in order.

    Returns
    -------
    pandas.DataFrame
        `name`; `power` of k by which it moves without changing a record; `slope` of its logarithm
        on that of `initial_members` over the draws, and their `correlation`; `p05`, `p50`, `p95`;
        of the attributed share also its prior; the published `estimate`, its box `low`, `high`,
        and whether it stands `on_bound`.
    """
    draws = {n: v for n, v in posterior.draws.items() if n in POWER}
    which = np.arange(len(share)) % posterior.size
    size = np.log(draws["initial_members"])
    rows = []
    for name, power in POWER.items():
        if name == "attributed_share":
            values, against = np.log(share), size[which]
        else:
            logs = np.log(draws[name])
            values, against = logs.reshape(len(logs), -1).mean(axis=1), size
        rows.append(
            {"name": name, "power": power}
            | _moves(values, against)
            | dict(zip(("p05", "p50", "p95"), np.exp(np.quantile(values, _AT)), strict=True))
            | _published(name)
        )
    return pd.DataFrame(rows)


_AT = (0.05, 0.5, 0.95)


def _moves(values: np.ndarray, against: np.ndarray) -> dict[str, float]:
    """Slope and correlation of values on what they are held against; none where it is fixed."""
    if min(values.std(), against.std()) < 1e-12:
        return {"slope": np.nan, "correlation": np.nan}
    correlation = float(np.corrcoef(values, against)[0, 1])
    return {"slope": correlation * values.std() / against.std(), "correlation": correlation}


def _published(name: str) -> dict[str, object]:
    estimate, low, high = PUBLISHED.get(name, (np.nan, np.nan, np.nan))
    before = np.full(3, np.nan)
    if name == "attributed_share" and ATTRIBUTED.prior is not None:
        before = np.asarray(ATTRIBUTED.prior.quantile(np.array(_AT)))
    return {
        "estimate": estimate,
        "low": low,
        "high": high,
        "on_bound": bool(np.isfinite(estimate) and estimate in {low, high}),
    } | dict(zip(("prior_p05", "prior_p50", "prior_p95"), before, strict=True))
