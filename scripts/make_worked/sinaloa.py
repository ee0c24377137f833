"""G12: Sinaloa after the removal of 25 July 2024, from a fit that ends in June 2024."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from hidra.core import noise
from hidra.core.weeks import Weeks
from hidra.model.series import records, states
from hidra.model.simulate import Policy, run_weeks
from hidra.model.system import System
from hidra.scenario import Scenario

from . import frozen
from .told import Told, told

EVENT, STATE, GROUP = "2024-07-25", "25", "N10013"
UNTIL = "2024-06"  # what was known
MONTHS = ("2024-09", "2024-10", "2024-11")
PROSECUTOR = (144.0, 188.0, 175.0)  # counts of the state's prosecutor, quoted by the press
LAG = (3.0, 15.0)  # weeks; the war began 46 days after the capture
LONGEST = 52  # weeks in which a split is counted
WITHOUT = "without_removal"


def run(draws: int = frozen.KEPT) -> list[Told]:
    """Return what the frozen study said, against what came."""
    name = "sinaloa2024"
    study, draws_of = frozen.study(name), frozen.posterior(name).draws
    system = System(study.mechanisms, start=study.start, end="2024-12", until=UNTIL)
    without = Scenario(start=EVENT[:7], off=("leadership_removal",))
    found = system.simulate(
        draws=draws, posterior=draws_of, scenarios={WITHOUT: without}, seed=study.seed
    )  # fmt: skip
    here = found.sel(place=STATE)
    seen = records("sesnsp_homicide_victims", Weeks("2024-09", "2024-11"))
    recorded = seen[:, list(states()).index(STATE)]
    rows = []
    for number, month in enumerate(MONTHS):
        counts = here["sesnsp_homicide_victims"].sel(scenario="no_change", month=month).to_numpy()
        rows.append(told(f"prosecutor.{month}", counts.ravel(), PROSECUTOR[number]))
        rows.append(told(f"sesnsp.{month}", counts.ravel(), float(recorded[number])))
    expected = here["inegi_homicides_expected"].sel(month=slice(MONTHS[0], MONTHS[-1]))
    total = expected.sum("month")
    added = total.sel(scenario="no_change") / total.sel(scenario=WITHOUT) - 1.0
    rows.append(told("added", 100 * added.to_numpy(), digits=1))
    lag = split_lags(draws)
    rows.append(told("split", 100 * np.isfinite(lag)[None].mean(axis=1), digits=0))
    rows.append(told("lag", lag, inside=LAG, digits=1))
    return rows


def split_lags(draws: int) -> np.ndarray:
    """Weeks from the event to the split of the group, (draws,); not a number where it did not."""
    name = "sinaloa2024"
    study, p = frozen.study(name), frozen.posterior(name).draws
    system = System(study.mechanisms, start=study.start, end=study.end, until=UNTIL)
    weeks, model, drivers = system.weeks, system.model, system.driven
    first = weeks.week_of(EVENT)
    if first is None:
        raise ValueError(EVENT)
    span = range(first + min(LONGEST, len(weeks.first_days) - first))
    parent = model.network.ids.index(GROUP)

    def one(number: jax.Array, q: dict[str, jax.Array]) -> jax.Array:
        key = noise.key(study.seed, number, "model")
        _, weekly = run_weeks(model, q, drivers, Policy(), span, key)
        return weekly["groups"][first:]

    rows = {n: jnp.asarray(v[:draws]) for n, v in p.items()}
    size = len(next(iter(rows.values())))
    numbers = jnp.arange(size, dtype=jnp.uint32)
    groups = np.asarray(jax.jit(lambda n, q: jax.lax.map(lambda x: one(*x), (n, q)))(numbers, rows))
    return np.array([_lag(one_run, parent) for one_run in groups])


def _lag(groups: np.ndarray, parent: int) -> float:
    """Weeks until a slot fills up while the group shrinks by more than one in twenty."""
    shrinks = groups[1:, parent] < 0.95 * groups[:-1, parent]
    fills = ((groups[:-1] == 0) & (groups[1:] > 0)).any(axis=1)
    when = np.flatnonzero(shrinks & fills)
    return float(when[0] + 1) if len(when) else np.nan
