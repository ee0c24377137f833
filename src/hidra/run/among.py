"""The part of a run that is of municipalities: checked first, simulated last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from hidra.core.weeks import month_after
from hidra.run import municipal
from hidra.run.projection_municipal import located
from hidra.study import Study

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.inference import Posterior
    from hidra.scenario.ensemble import Plan

STAGE = "simulation of the municipalities"


def wanted(study: Study) -> bool:
    """Whether a study asks for municipalities."""
    return study.places == "municipalities"


def plan(study: Study) -> Plan:
    """Return what to simulate: every scenario, to the end of the study, with fewer draws."""
    from hidra.scenario.ensemble import Plan

    return Plan(
        mechanisms=study.mechanisms,
        start=study.start,
        end=study.end,
        splits_from=month_after(study.fit.records_until),
        scenarios=tuple((name, s.intervention()) for name, s in study.scenarios.items()),
        seed=study.seed,
        draws=min(study.municipal_draws, study.draws),
    )


def check(study: Study) -> None:
    """Refuse what cannot be run, before the fits: too many numbers, a wrong set of presence."""
    from hidra.model import presence, world
    from hidra.scenario.municipal import refuse_what_does_not_fit

    if not wanted(study):
        return
    refuse_what_does_not_fit(plan(study))
    if study.presence_file is not None:
        groups = world.model((), study.start).network
        presence.read(study.presence_file, world.municipalities(study.start, ()).codes, groups)


def space(study: Study) -> int:
    """Return about how many bytes the results take on the disk."""
    from hidra.scenario.municipal import needed

    return needed(plan(study)) if wanted(study) else 0


def simulated(
    study: Study, posterior: Posterior, workers: int, progress: Callable[[str, int, int], None]
) -> xr.Dataset:
    """Simulate every scenario on all municipalities, with the fit of the projection."""
    from hidra.scenario.municipal import ensemble

    asked = plan(study)
    progress(STAGE, 0, asked.draws)
    tell = partial(progress, STAGE)
    file = study.presence_file
    return ensemble(asked, posterior.draws, presence_file=file, workers=workers, progress=tell)


def tables(results: xr.Dataset, study: Study) -> Mapping[str, pd.DataFrame]:
    """Return the tables of municipalities; ``municipal_rates`` is what the map shows."""
    starts = {name: s.start for name, s in study.scenarios.items()}
    rates = located(municipal.rates(results)).assign(draws=results.sizes["draw"])
    return {
        "municipal_summary": municipal.summary(results, starts),
        "municipal_difference": municipal.difference(results, starts),
        "municipal_rates": rates,
    }
