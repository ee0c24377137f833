"""Sobol indices of the whole system, by group of what is not known.

Indices by group of what is not known (SALib): what the records leave open of the fitted
parameters, the unfitted parameters of each mechanism within their priors, and chance. Each is a
share of the variance of the logarithm of a national total over the months ahead. Within the groups
every single parameter is screened on the same runs.

What the records say must not be forgotten while a prior is swept: every run is brought back to the
homicides fitted in each state, so that only what follows differs (``runs.anchored``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.inference.sensitivity.runs import MEASURES, Whole, outputs
from hidra.inference.sensitivity.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.9  # of the intervals
CLEAR = 0.05  # a group stands out where the interval of its total begins above this
RESAMPLES = 500
HARMONICS = 4  # of the screening (random balance designs, Tarantola et al. 2006)
SAMPLES = 128  # base samples; a power of two


def sobol(
    whole: Whole,
    unknowns: Unknowns,
    *,
    samples: int = SAMPLES,
    seed: int = 20061211,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Run the design and return the table `sensitivity`.

    Parameters
    ----------
    whole : what is simulated. unknowns : what varies.
    samples : base samples, a power of two; the model runs ``samples * (groups + 2)`` times.
    progress : called with runs done and runs in all.

    Returns
    -------
    pandas.DataFrame
        ``measure, level`` (``group`` or ``parameter``), ``name, first, first_lo, first_hi,
        total, total_lo, total_hi, stands``: shares of variance with bootstrap intervals; the total
        of a single parameter is not estimated. ``stands``: may be named as driving the measure.
    """
    from SALib.sample.sobol import sample

    points = sample(unknowns.problem, samples, calc_second_order=False, seed=seed)
    found = outputs(whole, unknowns, points, progress)
    return table(unknowns, points, found, seed)


def table(
    unknowns: Unknowns, points: np.ndarray, found: Mapping[str, np.ndarray], seed: int
) -> pd.DataFrame:
    """Return the indices of runs at the points of a Sobol design.

    Parameters
    ----------
    points : (runs, dimensions) of the design. found : measure -> (runs,) positive totals.
    """
    import pandas as pd

    rows = []
    for measure in MEASURES:
        logs = np.log(found[measure])
        groups = _groups(unknowns, logs, seed)
        most = {row["name"]: row["total_hi"] for row in groups}
        single = _single(unknowns, points, logs, seed)
        for row in single:  # alone it cannot bring more than its group does in all
            row["stands"] = 0 < row["first_lo"] <= most[unknowns.group(row["name"])]
        rows += [{"measure": measure, **row} for row in (*groups, *single)]
    return pd.DataFrame(rows)


def _groups(unknowns: Unknowns, logs: np.ndarray, seed: int) -> list[dict[str, Any]]:
    from SALib.analyze.sobol import analyze

    found = analyze(
        unknowns.problem, logs, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL,
        seed=seed,
    )  # fmt: skip
    return [
        {
            "level": "group",
            "name": name,
            **_around("first", found["S1"][i], found["S1_conf"][i]),
            **_around("total", found["ST"][i], found["ST_conf"][i]),
            "stands": bool(found["ST"][i] - found["ST_conf"][i] > CLEAR),
        }
        for i, name in enumerate(unknowns.groups)
    ]


def _single(
    unknowns: Unknowns, points: np.ndarray, logs: np.ndarray, seed: int
) -> list[dict[str, Any]]:
    """First-order shares of single parameters, from the independent runs of the design."""
    from SALib.analyze.rbd_fast import analyze

    block = len(unknowns.groups) + 2
    apart = np.sort(
        np.concatenate([np.arange(0, len(logs), block), np.arange(block - 1, len(logs), block)])
    )
    names, values = unknowns.columns(points[apart])
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = analyze(
        problem, values, logs[apart], M=max(1, min(HARMONICS, len(apart) // 16)),
        num_resamples=RESAMPLES // 5, conf_level=LEVEL, seed=seed,
    )  # fmt: skip
    return [
        {"level": "parameter", "name": name, **_around("first", share, wide)}
        for name, share, wide in zip(names, found["S1"], found["S1_conf"], strict=True)
    ]


def _around(what: str, share: float, wide: float) -> dict[str, float]:
    return {
        what: float(share),
        f"{what}_lo": float(share - wide),
        f"{what}_hi": float(share + wide),
    }
