"""Panels with a known effect: whether an estimator's 90 % intervals hold what was put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hidra.claims.designs.estimators import ESTIMATORS
from hidra.claims.designs.event import quiet, with_windows
from hidra.claims.designs.synthetic import synthetic

if TYPE_CHECKING:
    import pandas as pd

PLACES, MONTHS = 60, 72
IMPOSED = float(np.log(1.4))  # 40 % more in months 0 to 5, nothing afterwards
OVERDISPERSION = 20.0
SEED = 500


@dataclass(frozen=True)
class Recovery:
    """How often intervals held the truth.

    Attributes
    ----------
    estimator : str
    imposed : float
        Effect put in, on the log scale; 0 = placebo panels.
    mean : float
        Mean estimate.
    coverage : float
        Share of 90 % intervals that hold the imposed effect.
    replicates : int
    """

    estimator: str
    imposed: float
    mean: float
    coverage: float
    replicates: int


def simulated(seed: Sequence[int], effect: float) -> pd.DataFrame:
    """Return a panel of 60 places x 72 months with staggered events at the start of half-years.

    Counts are negative binomial around 40 a month with place and month effects; the effect acts in
    months 0 to 5. A third of the places is treated in the last half-year only, as controls.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    first = rng.integers(4, 8, PLACES) * 6
    first[: PLACES // 3] = 11 * 6
    month = np.arange(MONTHS)
    since = month[None, :] - first[:, None]
    place_effect = rng.normal(0, 0.5, PLACES)[:, None]
    month_effect = rng.normal(0, 0.1, MONTHS)[None, :]
    mean = 40 * np.exp(place_effect + month_effect + effect * ((since >= 0) & (since <= 5)))
    deaths = rng.poisson(rng.gamma(OVERDISPERSION, mean / OVERDISPERSION))
    names = [f"{number:05d}" for number in range(1000, 1000 * (PLACES + 1), 1000)]
    rows = pd.DataFrame(
        {
            "place": np.repeat(names, MONTHS),
            "month": np.tile(month, PLACES),
            "deaths": deaths.ravel().astype(float),
            "first": np.repeat(first, MONTHS),
            "lat": np.repeat(15.0 + np.arange(PLACES) // 10, MONTHS),  # a grid of one degree
            "lon": np.repeat(-110.0 + np.arange(PLACES) % 10, MONTHS),
        }
    )
    return with_windows(rows)


def recover(
    name: str,
    effect: float,
    replicates: int,
    seed: int = SEED,
    window: str = "months 0-5",
    first: int = 0,
) -> Recovery:
    """Return how an estimator does on simulated panels; errors clustered by place.

    `first` is the number of the first panel: blocks of panels together give what one call gives.
    """
    run = ESTIMATORS[name]
    every = 1
    if run is synthetic:  # many fits: one window, and every second place
        run, every = partial(synthetic, halves={0: "months 0-5"}), 2
    values, held = [], []
    for number in range(first, first + replicates):
        rows = simulated((seed, number), effect)
        rows["state"] = rows["unit"]
        rows = rows[rows["unit"] % every == 0]
        found = quiet(run, rows)
        one = next(estimate for estimate in found if estimate.name.endswith(window))
        values.append(one.value)
        held.append(one.low <= effect <= one.high)
    return Recovery(name, effect, float(np.mean(values)), float(np.mean(held)), replicates)
