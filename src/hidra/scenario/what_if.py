"""What if: scenarios simulated from a posterior that is already there, in minutes instead of a run.

Conditional projections, not forecasts: what would follow if the model were right and one thing
changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SpecError
from hidra.core.weeks import month_after
from hidra.inference import posterior as posteriors
from hidra.scenario import Intervention

if TYPE_CHECKING:
    import xarray as xr

    from hidra.scenario.ensemble import Plan

START, END = "2027-01", "2030-12"  # of scenarios, where nothing else is said


class StoppedError(Exception):
    """Whoever asked no longer wants the answer."""


def what_if(
    scenarios: Mapping[str, Intervention],
    *,
    posterior: str | Path = "system",
    end: str = END,
    draws: int = 100,
    seed: int | None = None,
    workers: int = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    stop: Callable[[], bool] = lambda: False,
) -> xr.Dataset:
    """Simulate scenarios and ``no_change`` with the draws of a posterior.

    Parameters
    ----------
    scenarios : name -> what changes; ``no_change`` always runs and comes first.
    posterior : ``default``, ``system``, or the folder of a finished run.
    end : last month, ``YYYY-MM``. draws : ensemble members of each scenario; the draws of the
        posterior are used in turn. seed : that of the posterior if None.
    workers : processes; changes no number. executor : any standard executor instead.
    progress : called with draws done and in all. stop : asked after every draw.

    Returns
    -------
    xarray.Dataset
        The results contract: variables over scenario, draw, month, place. Attributes tell the
        posterior, whether it is trusted, the seed, and the starts of the scenarios (JSON).

    Raises
    ------
    SpecError
        A scenario that cannot be run, or an unknown posterior.
    RunError
        The run kept no posterior.
    StoppedError
        When `stop` says so; nothing is left running.
    """
    from hidra.scenario.ensemble import ensemble

    path = find(posterior)
    told = posteriors.manifest(path)
    bring(told)
    plan = planned(told["basis"], scenarios, end=end, draws=draws, seed=seed)

    def tell(done: int, total: int) -> None:
        if stop():
            raise StoppedError
        progress(done, total)

    tell(0, draws)
    found = ensemble(
        plan, posteriors.load(path).draws, workers=workers, executor=executor, chunk=1,
        progress=tell,
    )  # fmt: skip
    starts = {name: wanted.start for name, wanted in scenarios.items()}
    return found.assign_attrs(
        posterior=str(posterior), posterior_digest=told["digest"], trusted=int(told["trusted"]),
        seed=plan.seed, fitted_until=told["basis"]["until"], starts=json.dumps(starts),
    )  # fmt: skip


def bring(told: Mapping[str, Any]) -> None:
    """Take the user's own mechanisms and drivers that a posterior was fitted with."""
    import yaml

    from hidra.model import own, series

    study = yaml.safe_load(told.get("study", "{}"))
    if study.get("mechanism_files"):
        own.use(tuple(study["mechanism_files"]))
    if study.get("driver_files"):
        series.bring(tuple(study["driver_files"]))


def find(posterior: str | Path) -> Path:
    """Return where a posterior lies: a shipped one by name, or that of a run by its folder."""
    if str(posterior) in posteriors.SHIPPED or not Path(posterior).exists():
        return posteriors.place(str(posterior))
    return Path(posterior) / "posterior" / "projection"


def planned(
    basis: Mapping[str, Any],
    scenarios: Mapping[str, Intervention],
    *,
    end: str,
    draws: int,
    seed: int | None = None,
) -> Plan:
    """Return the plan of an ensemble on the basis of a posterior, its scenarios checked.

    Raises
    ------
    SpecError
        A scenario or a number that cannot be run.
    """
    from hidra.model.mechanisms import find as mechanisms
    from hidra.scenario.ensemble import Plan
    from hidra.scenario.levers import Setting
    from hidra.scenario.refusals import check

    if draws < 1:
        raise SpecError(
            f"An ensemble of {draws} draws says nothing.", where="draws", fix="Take 1 or more."
        )
    until = basis["until"]
    names = tuple(basis["mechanisms"])
    check(scenarios, Setting(mechanisms(names, where="posterior"), _numbers(basis), until, end))
    return Plan(
        mechanisms=names,
        start=basis["start"],
        end=end,
        splits_from=month_after(until),
        scenarios=tuple(scenarios.items()),
        seed=basis["seed"] if seed is None else seed,
        draws=draws,
    )


def _numbers(basis: Mapping[str, Any]) -> dict[str, float]:
    """Return the parameters that the study of a posterior fixes."""
    return {n: float(v) for n, v in basis["parameters"].items() if isinstance(v, int | float)}
