"""What if, by municipality: scenarios with the parameters learnt on the states, kept sparsely.

Conditional projections for a pattern, not forecasts for a town: nothing was fitted to municipal
records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hidra import posterior as posteriors
from hidra.engine import municipal
from hidra.scenario import Intervention, policies
from hidra.scenario.what_if import END, bring, find, planned

if TYPE_CHECKING:
    import pandas as pd


def what_if_municipal(
    scenarios: Mapping[str, Intervention],
    *,
    posterior: str | Path = "system",
    end: str = END,
    draws: int = 20,
    seed: int | None = None,
    presence_file: str | Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Simulate scenarios and ``no_change`` on all municipalities.

    Parameters are as of ``what_if``; `presence_file` as of ``presence.read``.

    Returns
    -------
    pandas.DataFrame
        scenario, place, year, measure, mean, p05, p50, p95: persons, only where some draw is not
        zero.

    Raises
    ------
    SpecError
        A scenario that cannot be run, or an unknown posterior. SourceError : a wrong set.
    """
    import pandas as pd

    path = find(posterior)
    told = posteriors.manifest(path)
    bring(told)
    plan = planned(told["basis"], scenarios, end=end, draws=draws, seed=seed)
    country = municipal.country(
        plan.mechanisms, plan.start, plan.end, plan.splits_from, plan.seed, presence_file
    )
    learnt = posteriors.load(path).draws
    every = policies(dict(plan.scenarios), plan.weeks, country.drivers)
    total, parts = len(every) * draws, []
    for at, (name, policy) in enumerate(every.items()):
        seen: list[dict[str, np.ndarray]] = []
        for number in range(draws):
            p = {key: values[number % len(values)] for key, values in learnt.items()}
            seen.append(country.yearly(country.draw(p, number, policy)))
            progress(at * draws + number + 1, total)
        table = country.cells(_figures(seen))
        table.insert(0, "scenario", name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _figures(seen: list[dict[str, np.ndarray]]) -> dict[str, dict[str, np.ndarray]]:
    """Mean and quantiles of all draws, column -> measure -> (Y, P)."""
    found: dict[str, dict[str, np.ndarray]] = {"mean": {}, "p05": {}, "p50": {}, "p95": {}}
    for measure in seen[0]:
        values = np.stack([one[measure] for one in seen])
        found["mean"][measure] = values.mean(axis=0)
        low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
        found["p05"][measure], found["p50"][measure], found["p95"][measure] = low, middle, high
    return found
