"""Fit the built-in world, and say in words what the data taught about each parameter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np

from hidra.core.param import Param, Prior
from hidra.core.weeks import Weeks
from hidra.data import reference
from hidra.inference import Posterior, Progress, Records, fit
from hidra.inference.checkpoint import NOWHERE, Checkpoint
from hidra.model import mechanisms, world
from hidra.model.equation import CORE, Model
from hidra.model.observe import PARAMS
from hidra.model.simulate import Drivers

if TYPE_CHECKING:
    import pandas as pd

Overrides = Mapping[str, "float | Prior"]


def dynamics(names: tuple[str, ...], overrides: Overrides) -> tuple[Param, ...]:
    """Return the parameters of core and mechanisms under full names, overrides applied."""
    own = tuple(
        q.model_copy(update={"name": f"{m.name}.{q.name}"})
        for m in mechanisms.find(names, where="mechanisms of the study")
        for q in m.params
    )
    return _overridden(CORE + own, overrides)


def recording(overrides: Overrides) -> tuple[Param, ...]:
    """Return the parameters of what agencies record, overrides applied."""
    return _overridden(PARAMS, overrides)


def _overridden(params: tuple[Param, ...], overrides: Overrides) -> tuple[Param, ...]:
    return tuple(
        q.model_copy(update={"value": overrides[q.name], "source": "set by the study"})
        if q.name in overrides
        else q
        for q in params
    )


def calibrate(
    names: tuple[str, ...],
    start: str,
    until: str,
    overrides: Overrides,
    *,
    seed: int,
    steps: int,
    kept: Checkpoint = NOWHERE,
    progress: Progress = lambda stage, done, total: None,
) -> Posterior:
    """Fit the model with these mechanisms to the records of `start` ... `until`.

    Dated removals of leaders are conditioned on; splits are off (see ``fit.fit``).

    Parameters
    ----------
    kept : where finished pieces of the work are kept; see ``calibration.py`` of the verbs.
    """
    now = setting(names, start, until, overrides)
    return fit(
        now.model,
        now.params,
        now.drivers,
        now.weeks,
        now.records,
        seed=seed,
        recording=recording(overrides),
        steps=steps,
        kept=kept,
        progress=progress,
    )


@dataclass(frozen=True)
class Setting:
    """The built-in world as a fit needs it."""

    model: Model
    params: tuple[Param, ...]
    drivers: Drivers
    weeks: Weeks
    records: Records


def setting(names: tuple[str, ...], start: str, until: str, overrides: Overrides) -> Setting:
    """Compose the built-in world with these mechanisms over the months of a fit."""
    weeks = Weeks(start, until)
    model = world.model(mechanisms.find(names, where="mechanisms of the study"), start, jnp.float32)
    drivers = world.drivers(model.network, weeks, mechanisms=model.mechanisms)
    return Setting(model, dynamics(names, overrides), drivers, weeks, records(weeks))


def records(weeks: Weeks) -> Records:
    """What INEGI and SESNSP recorded, by month and state, and the yearly total of the lost."""
    totals = reference.table("science2023_annual").set_index("year")
    years = totals.index.isin([int(str(m)[:4]) for m in weeks.months])
    lost = totals.loc[years if years.any() else slice(None), ["homicides", "missing"]].sum(axis=1)
    return Records(
        inegi=world.records("inegi_homicides", weeks),
        sesnsp=world.records("sesnsp_homicide_victims", weeks),
        population=world.population(weeks),
        lost=float(lost.mean()),
    )


WORDS = (
    (0.1, "los datos no dicen nada de este parámetro", "the data say nothing about this"),
    (0.4, "los datos dicen poco", "the data say little"),
    (0.7, "los datos dicen bastante", "the data say a good deal"),
    (1.1, "los datos lo determinan casi por completo", "the data all but determine it"),
)


def learnt(posterior: Posterior, names: tuple[str, ...], overrides: Overrides) -> pd.DataFrame:
    """Return the table `parameters`: prior against posterior, one row per uncertain parameter.

    Contraction is one minus the ratio of posterior to prior standard deviation.
    """
    import pandas as pd

    rows = []
    for q in (*dynamics(names, overrides), *recording(overrides)):
        if q.prior is None:
            continue
        draws = posterior.draws[q.name]
        contraction = 1.0 - float(np.std(draws)) / float(q.prior.frozen().std())
        words = next((es, en) for limit, es, en in WORDS if contraction < limit)
        before, after = q.prior.quantile([0.05, 0.5, 0.95]), np.quantile(draws, [0.05, 0.5, 0.95])
        rows.append(
            {
                "name": q.name,
                "unit": q.unit,
                "prior": str(q.prior),
                "doc": q.doc,
                "source": q.source,
            }
            | dict(zip(("prior_p05", "prior_p50", "prior_p95"), before, strict=True))
            | dict(zip(("p05", "p50", "p95"), after, strict=True))
            | {"contraction": contraction, "words_es": words[0], "words_en": words[1]}
        )
    return pd.DataFrame(rows)
