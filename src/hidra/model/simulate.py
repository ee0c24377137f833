"""Run one draw of the model through its weeks and count it by months."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core.weeks import Weeks
from hidra.model.equation import Flows, Model, drawn, start, step
from hidra.model.mechanism import KNOWN, State
from hidra.model.near import Near

STOCKS = ("members",)
FLOWS = ("member_deaths", "recruits", "arrests", "departures")


@partial(
    jax.tree_util.register_dataclass,
    data_fields=["change", "dose", "parameter", "driver", "on"],
    meta_fields=[],
)
@dataclass(frozen=True)
class Policy:
    """What a scenario changes, week by week; as arrays, so that all scenarios are one program.

    Attributes
    ----------
    change : core rate -> (W,) multiplier on it, or (W, P, 1) by place.
    dose : core rate -> (W,) persons per week added to the flow, as it stood when the dose began:
        the flow is multiplied by 1 + dose / flow(start), never below zero.
    parameter : name -> (W, 2) factor on the parameter, and the value it takes; NaN for none.
    driver : name -> (W, ...) the driver, in place of what it was.
    on : mechanism -> (W,) 1 where it acts, 0 where it is stopped.
    """

    change: Mapping[str, np.ndarray] = field(default_factory=dict)
    dose: Mapping[str, np.ndarray] = field(default_factory=dict)
    parameter: Mapping[str, np.ndarray] = field(default_factory=dict)
    driver: Mapping[str, np.ndarray] = field(default_factory=dict)
    on: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Drivers:
    """What drives mechanisms: `weekly` name -> (W, ...) and `fixed` name -> (...).

    `gaps` tells where drivers are known that are not known everywhere: mechanism -> driver ->
    (P,) or (W, P).
    """

    weekly: Mapping[str, Any] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    gaps: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)


# A draw is computed by one processor: the work of a week in the order in which it stays in the
# cache, not in the order that would keep many processors busy. The numbers are the same.
ORDER = {"xla_cpu_scheduler_type": "CPU_SCHEDULER_TYPE_MEMORY_OPTIMIZED"}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that simulates."""
    return jax.jit(function, compiler_options=ORDER)


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
    carry, (series, groups) = _follow(model, p, drivers, policy, weeks, key, begin)
    told = {name: series[:, number] for number, name in enumerate(_series(model))}
    return carry, told | {"groups": groups}


def _series(model: Model) -> tuple[str, ...]:
    """Names of what is told by place and week."""
    return (*STOCKS, *FLOWS, *model.counts)


def _follow(
    model: Model,
    p: Mapping[str, Array],
    drivers: Drivers,
    policy: Policy,
    weeks: range,
    key: Array,
    begin: Carry | None = None,
) -> tuple[Carry, tuple[Array, Array]]:
    """Simulate as ``run_weeks``; all series in one array (W, series, P): one store a week."""
    kind = model.dtype  # one stray 64-bit scalar would drag every array to 64 bits
    p = {name: jnp.asarray(value, kind) for name, value in p.items()}
    fixed = {
        name: value.astype(kind) if isinstance(value, Near) else jnp.asarray(value, kind)
        for name, value in drivers.fixed.items()
    }
    rest = start(model, p)

    def week(carry: Carry, now: dict[str, Any]) -> Any:
        state, reference = carry
        factor = _factors(now["change"], now["dose"], reference)
        driver = {**fixed, **now["driver"], **now["moved"]}
        state, driver = _stopped(model, state, rest, driver, now["on"])
        p_now = _moved(p, now["parameter"])
        after, given = step(model, p_now, state, driver, factor, now["luck"])
        reference = _remember(reference, given, now["dose"])
        places = [flow.sum(axis=1) for flow in (state["members"], *_ordered(given))]
        told = jnp.stack([*places, *(after[name] for name in model.counts)])
        return (after, reference), (told, state["members"].sum(axis=0))

    def cut(every: Mapping[str, Any]) -> dict[str, Array]:
        return {n: jnp.asarray(v[weeks.start : weeks.stop], kind) for n, v in every.items()}

    series = {
        "luck": drawn(model, key, jnp.arange(weeks.start, weeks.stop, dtype=jnp.uint32)),
        "driver": cut(drivers.weekly),
        "moved": cut(policy.driver),
        **{name: cut(getattr(policy, name)) for name in ("change", "dose", "parameter", "on")},
    }
    if begin is None:
        begin = rest, {name: jnp.ones((), kind) for name in policy.dose}
    return jax.lax.scan(week, begin, series, length=len(weeks))


def _moved(p: Mapping[str, Array], moved: Mapping[str, Array]) -> dict[str, Array]:
    """Return the parameters of this week: factor and value as of ``Policy.parameter``."""
    now = {n: jnp.where(jnp.isnan(v[1]), p[n] * v[0], v[1]) for n, v in moved.items()}
    return {**p, **now}


def _stopped(
    model: Model, state: State, rest: State, driver: dict[str, Any], on: Mapping[str, Array]
) -> tuple[State, dict[str, Any]]:
    """Put the states of stopped mechanisms at rest, and mask what they would contribute."""
    for m in model.mechanisms:
        if m.name in on:
            acts = on[m.name]
            state = state | {n: jnp.where(acts > 0, state[n], rest[n]) for n in m.states}
            driver = driver | {KNOWN + m.name: acts * driver.get(KNOWN + m.name, 1.0)}
    return state, driver


def run_months(
    model: Model, p: Mapping[str, Array], drivers: Drivers, policy: Policy, weeks: Weeks, key: Array
) -> dict[str, Array]:
    """Simulate and count by month: mean stocks and summed flows, each (M, P), 64 bits."""
    _, (weekly, _) = _follow(model, p, drivers, policy, range(len(weeks.first_days)), key)
    return _by_month(model, weekly, weeks, range(len(weeks.months)))


def run_branches(
    model: Model,
    p: Mapping[str, Array],
    drivers: Drivers,
    policies: Policy,
    weeks: Weeks,
    key: Array,
    branch: int,
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array]]:
    """Simulate once until the week `branch`, and from there on once for every policy.

    Parameters
    ----------
    policies : as one policy whose arrays have a leading axis of S scenarios; before `branch` none
        of them changes anything.

    Returns
    -------
    dict
        The months before any policy acts, as of ``run_months``, each (M1, P).
    dict
        The months after, each (S, M2, P); M1 = ``shared_months(weeks, branch)``.
    dict
        The flows that doses refer to, persons/week, each (S,).
    """
    count, shared = len(weeks.first_days), shared_months(weeks, branch)
    waiting = Policy(dose={name: np.zeros(count) for name in policies.dose})
    carry, (before, _) = _follow(model, p, drivers, waiting, range(branch), key)
    kept = max(branch - 1, 0)  # the first month after may begin within the week before

    def ahead(policy: Policy) -> tuple[dict[str, Array], dict[str, Array]]:
        span = range(branch, count)
        (_, reference), (after, _) = _follow(model, p, drivers, policy, span, key, carry)
        weekly = jnp.concatenate([before[kept:], after])
        months = range(shared, len(weeks.months))
        return _by_month(model, weekly, weeks, months, kept), reference

    return _by_month(model, before, weeks, range(shared)), *jax.lax.map(ahead, policies)


def shared_months(weeks: Weeks, branch: int) -> int:
    """Return how many months lie wholly before the week `branch`."""
    return int((weeks.share()[:, branch:].sum(axis=1) == 0).sum())


def _by_month(
    model: Model, weekly: Array, weeks: Weeks, months: range, first: int = 0
) -> dict[str, Array]:
    """Average stocks and sum flows and counts over some months: name -> (M, P), 64 bits.

    Parameters
    ----------
    weekly : (W, series, P) as of ``_follow``; `first` is the number of its first week.
    """
    index, share = (part[months.start : months.stop] for part in weeks.parts())
    index = np.where(share > 0, index - first, 0)  # what has no share may lie outside
    length = share.sum(axis=1)
    total = (share[:, :, None, None] * weekly.astype(jnp.float64)[index]).sum(axis=1)
    found = {name: total[:, number] for number, name in enumerate(_series(model))}
    return found | {name: found[name] / length[:, None] for name in STOCKS}


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
