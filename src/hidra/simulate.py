"""Run one draw of the model through its weeks and count it by months."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.mechanism.base import State
from hidra.model import Flows, Model, start, step
from hidra.weeks import Weeks

STOCKS = ("members",)
FLOWS = ("member_deaths", "recruits", "arrests", "departures")


@partial(jax.tree_util.register_dataclass, data_fields=["change", "dose"], meta_fields=[])
@dataclass(frozen=True)
class Policy:
    """What a scenario changes in national rates, week by week.

    Attributes
    ----------
    change : name -> (W,) multiplier on the rate.
    dose : name -> (W,) persons per week added to the flow, as it stood when the dose began: the
        flow is multiplied by 1 + dose / flow(start), never below zero.
    """

    change: Mapping[str, np.ndarray] = field(default_factory=dict)
    dose: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Drivers:
    """What drives mechanisms: `weekly` name -> (W, ...) and `fixed` name -> (...)."""

    weekly: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)


Carry = tuple[State, dict[str, Array]]  # the state, and the flows as they stood when doses began


def run_weeks(
    model: Model,
    p: Mapping[str, Array],
    drivers: Drivers,
    policy: Policy,
    weeks: range,
    key: Array,
    begin: Carry | None = None,
) -> tuple[Carry, dict[str, Array]]:
    """Simulate the weeks of a range; a run cut in two is the same run.

    Parameters
    ----------
    weeks : ``range(first, stop)``; drivers and policies are given for all weeks from 0.
    begin : what an earlier call returned for the weeks before; the start of the model if None.

    Returns
    -------
    Carry
        At the end of the last week.
    dict
        Per week: ``members`` at the start of the week, the flows and what mechanisms count, each
        (W, P); ``groups``,
        national members of each group at the start of the week, (W, G).
    """
    kind = model.dtype  # one stray 64-bit scalar would drag every array to 64 bits
    p = {name: jnp.asarray(value, kind) for name, value in p.items()}
    fixed = {name: jnp.asarray(value, kind) for name, value in drivers.fixed.items()}

    def week(carry: Carry, now: dict[str, Any]) -> Any:
        state, reference = carry
        factor = _factors(now["change"], now["dose"], reference)
        driver = {**fixed, **now["driver"]}
        after, given = step(model, p, state, driver, factor, key, now["week"])
        reference = _remember(reference, given, now["dose"])
        out = {"members": state["members"].sum(axis=1), "groups": state["members"].sum(axis=0)}
        out |= {name: after[name] for name in model.counts}
        out |= {name: flow.sum(axis=1) for name, flow in zip(FLOWS, _ordered(given), strict=True)}
        return (after, reference), out

    cut = slice(weeks.start, weeks.stop)
    series = {
        "week": jnp.arange(weeks.start, weeks.stop, dtype=jnp.uint32),
        "driver": {name: jnp.asarray(v[cut], kind) for name, v in drivers.weekly.items()},
        "change": {name: jnp.asarray(v[cut], kind) for name, v in policy.change.items()},
        "dose": {name: jnp.asarray(v[cut], kind) for name, v in policy.dose.items()},
    }
    if begin is None:
        begin = start(model, p), {name: jnp.ones((), kind) for name in policy.dose}
    return jax.lax.scan(week, begin, series)


def run_months(
    model: Model, p: Mapping[str, Array], drivers: Drivers, policy: Policy, weeks: Weeks, key: Array
) -> dict[str, Array]:
    """Simulate and count by month: mean stocks and summed flows, each (M, P), 64 bits."""
    _, weekly = run_weeks(model, p, drivers, policy, range(len(weeks.first_days)), key)
    share, mean = jnp.asarray(weeks.share()), jnp.asarray(weeks.mean())
    stocks = {name: mean @ weekly[name].astype(jnp.float64) for name in STOCKS}
    flows = (*FLOWS, *model.counts)
    return stocks | {name: share @ weekly[name].astype(jnp.float64) for name in flows}


def _ordered(given: Flows) -> tuple[Array, Array, Array, Array]:
    return given.deaths, given.recruits, given.arrests, given.departures


def _flow(given: Flows, rate: str) -> Array:
    """Return the national flow that a policy on `rate` acts on, persons/week."""
    by_rate = dict(
        zip(("recruitment", "enforcement", "lethality", "saturation"), given, strict=True)
    )
    return by_rate[rate].sum()


def _factors(
    change: Mapping[str, Array], dose: Mapping[str, Array], reference: Mapping[str, Array]
) -> dict[str, Array]:
    factor = dict(change)
    for name, persons in dose.items():
        by_dose = jnp.maximum(0.0, 1.0 + persons / jnp.maximum(reference[name], 1e-9))
        factor[name] = factor[name] * by_dose if name in factor else by_dose
    return factor


def _remember(
    reference: Mapping[str, Array], given: Flows, dose: Mapping[str, Array]
) -> dict[str, Array]:
    """Keep the last flow before a dose began; it stays fixed while the dose lasts."""
    return {
        name: jnp.where(dose[name] == 0, _flow(given, name), old).astype(old.dtype)
        for name, old in reference.items()
    }
