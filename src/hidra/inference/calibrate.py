"""Fit the built-in world, and say in words what the data taught about each parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hidra.core.i18n import _, columns
from hidra.core.weeks import Weeks
from hidra.inference import Posterior, Progress, Records, fit
from hidra.inference.checkpoint import NOWHERE, Checkpoint
from hidra.model import series
from hidra.model.series import ALL_KNOWN, Known
from hidra.model.system import Overrides, System, dynamics, recording

if TYPE_CHECKING:
    import pandas as pd

    from hidra.model.mechanism import Mechanism

__all__ = ["Overrides", "calibrate", "dynamics", "learnt", "recording", "records"]


def calibrate(
    system: System,
    *,
    seed: int,
    steps: int,
    kept: Checkpoint = NOWHERE,
    progress: Progress = lambda stage, done, total: None,
) -> Posterior:
    """Fit a system to the records from its start to its end.

    Dated removals of leaders are conditioned on; splits are off (see ``fit.fit``).

    Parameters
    ----------
    system : of the states, ending with the records it is fitted to.
    kept : where finished pieces of the work are kept; see ``calibration.py`` of the verbs.
    """
    program = system.program
    return fit(
        program.model,
        system.dynamics,
        program.drivers,
        program.weeks,
        records(program.weeks, system.known),
        seed=seed,
        recording=system.recording,
        steps=steps,
        kept=kept,
        progress=progress,
    )


def records(weeks: Weeks, known: Known = ALL_KNOWN) -> Records:
    """What INEGI and SESNSP recorded, by month and state, and the yearly total of the lost."""
    totals = known.table("science2023_annual").set_index("year")
    years = totals.index.isin([int(str(m)[:4]) for m in weeks.months])
    lost = totals.loc[years if years.any() else slice(None), ["homicides", "missing"]].sum(axis=1)
    return Records(
        inegi=series.records("inegi_homicides", weeks, known),
        sesnsp=series.records("sesnsp_homicide_victims", weeks, known),
        population=series.population(weeks, known=known),
        lost=float(lost.mean()),
    )


WORDS = (
    (0.1, _("the data say nothing about this")),
    (0.4, _("the data say little")),
    (0.7, _("the data say a good deal")),
    (1.1, _("the data all but determine it")),
)


def learnt(
    posterior: Posterior, names: tuple[str | Mechanism, ...], overrides: Overrides
) -> pd.DataFrame:
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
        words = next(words for limit, words in WORDS if contraction < limit)
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
            | {"contraction": contraction, **columns(words=words)}
        )
    return pd.DataFrame(rows)
