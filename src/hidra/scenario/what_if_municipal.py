"""What if, by municipality: scenarios with the parameters learnt on the states.

Conditional projections for a pattern, not forecasts for a town: nothing was fitted to municipal
records.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data.home import sha256
from hidra.inference import posterior as posteriors
from hidra.scenario import Intervention
from hidra.scenario.what_if import END, bring, find, planned

if TYPE_CHECKING:
    import xarray as xr

DRAWS = 20


def what_if_municipal(
    scenarios: Mapping[str, Intervention],
    *,
    posterior: str | Path = "system",
    end: str = END,
    draws: int = DRAWS,
    seed: int | None = None,
    workers: int = 1,
    presence_file: str | Path | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> xr.Dataset:
    """Simulate scenarios and ``no_change`` on all municipalities.

    Parameters are as of ``what_if``; `presence_file` as of ``engine.presence.read``.

    Returns
    -------
    xarray.Dataset
        As of ``scenario.municipal.ensemble``: variables over scenario, draw, year, place, with the
        attributes of ``what_if``.

    Raises
    ------
    SpecError
        A scenario that cannot be run, an unknown posterior, or more than fits in the memory.
        SourceError : a wrong set of presence.
    """
    from hidra.scenario.municipal import ensemble

    path = find(posterior)
    told = posteriors.manifest(path)
    bring(told)
    plan = planned(told["basis"], scenarios, end=end, draws=draws, seed=seed)
    found = ensemble(
        plan, posteriors.load(path).draws, presence_file=presence_file, workers=workers,
        progress=progress,
    )  # fmt: skip
    starts = {name: wanted.start for name, wanted in scenarios.items()}
    return found.assign_attrs(
        posterior=str(posterior), posterior_digest=told["digest"], trusted=int(told["trusted"]),
        seed=plan.seed, fitted_until=told["basis"]["until"], starts=json.dumps(starts), end=end,
        presence="" if presence_file is None else sha256(Path(presence_file)),
    )  # fmt: skip
