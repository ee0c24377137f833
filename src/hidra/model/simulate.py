"""Run one draw of the model through its weeks, under policies, and count it by months.

A policy is the weekly form of a scenario: everything before its start is shared by all, and so is
the noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core.weeks import Weeks
from hidra.model.cells import cellwise
from hidra.model.equation import CORE, POLICIES, Flows, Model, drawn, start, step
from hidra.model.mechanism import KNOWN, State
from hidra.model.series import states
from hidra.model.space import Near

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
    dose : core rate -> (W,) persons added to the flow of that week, as it would be without them in
        the same week: so many persons every week, whatever else the scenario has changed by then.
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
# cache, not in the order that would keep many processors busy. Nor are its small loops parted among
# threads, or barriers taken away before loops are fused: they keep XLA from computing what is of a
# place again in every cell (``mechanism.once``).
ORDER = {
    "xla_disable_hlo_passes": "cse_barrier_expander,cpu-parallel-task-assigner",
    "xla_cpu_scheduler_type": "CPU_SCHEDULER_TYPE_MEMORY_OPTIMIZED",
    "xla_cpu_multi_thread_eigen": False,
}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function that simulates."""
    return jax.jit(function, compiler_options=ORDER)


Carry = tuple[State, dict[str, Array]]  # the state, and the least flows that were dosed so far


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
    rest = start(model, p)
    week = _week(model, drivers)
    series = _by_week(model, drivers, policy, weeks)
    series["luck"] = drawn(model, key, jnp.arange(weeks.start, weeks.stop, dtype=jnp.uint32))
    if begin is None:
        begin = rest, {name: jnp.asarray(jnp.inf, kind) for name in policy.dose}

    def one(carry: Carry, now: dict[str, Any]) -> tuple[Carry, tuple[Array, Array]]:
        groups = carry[0]["members"].sum(axis=0)
        after, told = week(carry, p, rest, now)
        return after, (jnp.stack(told), groups)

    return jax.lax.scan(jax.checkpoint(one), begin, series, len(weeks))


def _week(model: Model, drivers: Drivers) -> Callable[..., Any]:
    """Return what takes one draw through a week: ``(carry, p, rest, now) -> carry, told``."""
    kind = model.dtype
    fixed = {
        name: value.astype(kind) if isinstance(value, Near) else jnp.asarray(value, kind)
        for name, value in drivers.fixed.items()
    }

    def week(carry: Carry, p: Mapping[str, Array], rest: State, now: dict[str, Any]) -> Any:
        """Go on by a week, and tell by place the members before it, the flows and the counts.

        `rest` is the state of what is stopped; `now` the drivers, policy and luck of this week.
        """
        state, least = carry
        driver = {**fixed, **now["driver"], **now["moved"]}
        state, driver = _stopped(model, state, rest, driver, now["on"])
        p_now = _moved(p, now["parameter"])
        after, given, undosed = step(
            model, p_now, state, driver, now["change"], now["luck"], now["dose"]
        )
        least = {
            name: jnp.where(now["dose"][name] == 0, old, jnp.minimum(old, undosed[name]))
            for name, old in least.items()
        }
        places = [flow.sum(axis=1) for flow in (state["members"], *_ordered(given))]
        told = (*places, *(after[name] for name in model.counts))
        return (after, least), told

    return week


def _by_week(model: Model, drivers: Drivers, policy: Policy, weeks: range) -> dict[str, Any]:
    """Return what drives the weeks of a range, and what a policy changes in them, (W, ...)."""

    def cut(every: Mapping[str, Any]) -> dict[str, Array]:
        return {n: jnp.asarray(v[weeks.start : weeks.stop], model.dtype) for n, v in every.items()}

    return {
        "driver": cut(drivers.weekly),
        "moved": cut(policy.driver),
        **{name: cut(getattr(policy, name)) for name in ("change", "dose", "parameter", "on")},
    }


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
            state = state | {
                n: cellwise(lambda now, still: jnp.where(acts > 0, now, still), state[n], rest[n])  # noqa: B023
                for n in m.states
            }
            driver = driver | {KNOWN + m.name: acts * driver.get(KNOWN + m.name, 1.0)}
    return state, driver


def run_months(
    model: Model, p: Mapping[str, Array], drivers: Drivers, policy: Policy, weeks: Weeks, key: Array
) -> dict[str, Array]:
    """Simulate and count by month: mean stocks and summed flows, each (M, P), 64 bits."""
    _, (weekly, _) = _follow(model, p, drivers, policy, range(len(weeks.first_days)), key)
    return _by_month(model, weekly, weeks, range(len(weeks.months)))


def run_span(
    model: Model,
    p: Mapping[str, Array],
    drivers: Drivers,
    policy: Policy,
    weeks: Weeks,
    key: Array,
    begin: State,
    first: Array,
    stop: Array,
) -> tuple[State, Array, dict[str, Array]]:
    """Simulate the weeks from `first` to before `stop`: numbers that the compiled program is given.

    One program so serves the past and what follows from every scenario, whatever its month. It
    has no gradient. Bit for bit as ``run_weeks``.

    Parameters
    ----------
    begin : state at the start of the week `first`; of the counts those that are heard.

    Returns
    -------
    State
        At the end of the last week, likewise.
    Array
        By week of the whole run what ``run_weeks`` tells, (W, series, P); other weeks are zero.
    dict
        The least flow that each dose was added to, persons/week.
    """
    kind, count = model.dtype, len(weeks.first_days)
    p = {name: jnp.asarray(value, kind) for name, value in p.items()}
    rest, week = start(model, p), _week(model, drivers)
    every = _by_week(model, drivers, policy, range(count))
    every["luck"] = drawn(model, key, jnp.arange(count, dtype=jnp.uint32))

    def one(number: Array, so_far: tuple[Carry, Array]) -> tuple[Carry, Array]:
        (state, least), series = so_far
        now = jax.tree.map(lambda v: jax.lax.dynamic_index_in_dim(v, number, keepdims=False), every)
        (state, least), told = week((rest | state, least), p, rest, now)
        kept = {name: state[name] for name in begin}
        return (kept, least), jax.lax.dynamic_update_index_in_dim(
            series, jnp.stack(told), number, 0
        )

    least = {name: jnp.asarray(jnp.inf, kind) for name in policy.dose}
    series = jnp.zeros((count, len(_series(model)), len(model.share)), kind)
    (state, least), series = jax.lax.fori_loop(first, stop, one, ((begin, least), series))
    return state, series, least


class History(NamedTuple):
    """A draw until the week in which policies part: what it needs to go on, and what it was.

    Attributes
    ----------
    state : at the start of that week. last : series of the week before, (0 or 1, series, P).
    months : those that lie wholly before, as of ``run_months``, each (M1, P).
    """

    state: State
    last: Array
    months: dict[str, Array]


def months_before(
    model: Model, series: Array, weeks: Weeks, branch: int
) -> tuple[Array, dict[str, Array]]:
    """Count what ``run_span`` told of the weeks before `branch`: see ``History``."""
    months = _by_month(model, series, weeks, range(shared_months(weeks, branch)))
    return series[max(branch - 1, 0) :], months


def months_after(
    model: Model, last: Array, series: Array, weeks: Weeks, branch: int
) -> dict[str, Array]:
    """Count what ``run_span`` told of the weeks from `branch` on, by month, each (M2, P).

    `last` is of the week before, within which the first of these months may begin.
    """
    weekly = jnp.concatenate([last, series])
    months = range(shared_months(weeks, branch), len(weeks.months))
    return _by_month(model, weekly, weeks, months, max(branch - 1, 0))


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
    total = sum(
        s[:, None, None] * weekly[i].astype(jnp.float64)
        for s, i in zip(share.T, index.T, strict=True)
    )
    found = {name: total[:, number] for number, name in enumerate(_series(model))}
    return found | {name: found[name] / length[:, None] for name in STOCKS}


class Together(NamedTuple):
    """Many draws at a moment of their run, each array with the draws as its last axis, (..., B).

    Attributes
    ----------
    state : what is the same in all draws without that axis. least : see ``run_span``.
    slots : (B,) most slots for groups that split off that were taken in any week.
    begun : of each series (P, B), what the last week gave to the month that has begun.
    """

    state: State
    least: dict[str, Array]
    slots: Array
    begun: tuple[Array, ...]


def run_together(
    model: Model,
    p: Mapping[str, Array],
    drivers: Drivers,
    policies: Policy | None,
    weeks: Weeks,
    keys: Array,
    branch: int = 0,
) -> tuple[dict[str, Array], dict[str, Array], dict[str, Array], Array]:
    """Simulate many draws at once until scenarios part, and from there on for every scenario.

    Draws are last, in 32 bits by month.

    The weeks of a month are counted as they pass: those of 20 years and many draws would not fit
    the memory, and the time goes in storing them.

    Parameters
    ----------
    p : parameters by name, draws first, (B, ...). keys : (B,), of the model's random numbers.
    policies : as one policy whose arrays have a leading axis of S scenarios; before `branch` none
        of them changes anything, and no month is after it if None.

    Returns
    -------
    dict
        The months before any policy acts, (M1, P, B).
    dict
        The months after, each (S, M2, P, B).
    dict
        The least flow that each dose was added to, (S, B).
    Array
        The most slots that were taken at once, (B,); where all are, a group may have lacked one.
    """
    model_weeks, months = len(weeks.first_days), len(weeks.months)
    p = {name: jnp.asarray(value, model.dtype) for name, value in p.items()}
    parts = months if policies is None else shared_months(weeks, branch)
    none = {} if policies is None else {n: np.zeros(model_weeks) for n in policies.dose}
    run = _Draws(model, p, drivers, weeks, keys)
    at, before = run.follow(Policy(dose=none), range(parts), run.begin(none))
    if policies is None:
        return run.named(before, 0), {}, {}, at.slots

    def ahead(policy: Policy) -> Any:
        end, after = run.follow(policy, range(parts, months), at)
        return run.named(after, parts), end.least, end.slots

    later, least, slots = jax.lax.map(ahead, policies)
    return run.named(before, 0), later, least, slots.max(axis=0)


class _Draws:
    """Draws that go through the weeks together."""

    def __init__(
        self, model: Model, p: dict[str, Array], drivers: Drivers, weeks: Weeks, keys: Array
    ) -> None:
        self.model, self.p, self.drivers, self.weeks, self.keys = model, p, drivers, weeks, keys
        changed = {name for _, operator in model.operators for name in operator.changes}
        own = {name for m in model.mechanisms for name in m.states}
        moving = {"members", *own, *model.counts, *changed}
        one = jax.eval_shape(partial(start, model), {n: v[0] for n, v in p.items()})
        self.axes = {name: -1 if name in moving else None for name in one}
        self.rest = jax.vmap(partial(start, model), out_axes=self.axes)(p)
        self.week = _week(model, drivers)
        self.first = [weeks.from_month(str(m)[:7]) for m in weeks.months]
        self.first.append(len(weeks.first_days))

    def begin(self, dose: Mapping[str, Any]) -> Together:
        """Return the start of the first week."""
        draws = len(self.keys)
        places = len(self.model.share)
        least = {name: jnp.full(draws, jnp.inf, self.model.dtype) for name in dose}
        nothing = jnp.zeros((places, draws), self.model.dtype)
        begun = tuple(nothing for _ in _series(self.model))
        return Together(self.rest, least, jnp.zeros(draws, jnp.int32), begun)

    def follow(self, policy: Policy, months: range, at: Together) -> tuple[Together, Any]:
        """Simulate the weeks that begin in some months: of each series (M, P, B)."""
        if not len(months):
            return at, tuple(jnp.zeros((0, *one.shape), one.dtype) for one in at.begun)
        span = range(self.first[months.start], self.first[months.stop])
        every = _by_week(self.model, self.drivers, policy, span)
        number = jnp.arange(span.start, span.stop, dtype=jnp.uint32)
        luck = jax.vmap(lambda key: drawn(self.model, key, number), out_axes=-1)(self.keys)
        share = np.append(self.weeks.share(), np.zeros((1, len(self.weeks.first_days))), axis=0)
        month = np.searchsorted(self.first, np.arange(span.start, span.stop), side="right") - 1
        inside, next_ = (
            jnp.asarray(share[month + later, np.arange(span.start, span.stop)], self.model.dtype)
            for later in (0, 1)
        )
        carried, alike = (self.axes, -1), dict.fromkeys(every)
        week = jax.vmap(self.week, (carried, 0, self.axes, {**alike, "luck": -1}), (carried, -1))

        def one(number: Array, now: tuple[Together, Any]) -> tuple[Together, Any]:
            at, counted = now
            given = jax.tree.map(lambda v: v[number], {**every, "luck": luck})
            (state, least), told = week((at.state, at.least), self.p, self.rest, given)
            counted = tuple(n + inside[number] * t for n, t in zip(counted, told, strict=True))
            return Together(state, least, self._taken(at), told), counted

        def whole(at: Together, weeks: tuple[Array, Array]) -> tuple[Together, Any]:
            at, counted = jax.lax.fori_loop(*weeks, one, (at, at.begun))
            over = next_[weeks[1] - 1]
            return at._replace(begun=tuple(over * last for last in at.begun)), counted

        firsts = np.array(self.first[months.start : months.stop + 1]) - span.start
        return jax.lax.scan(whole, at, (jnp.asarray(firsts[:-1]), jnp.asarray(firsts[1:])))

    def _taken(self, at: Together) -> Array:
        """Return the most slots that were taken until now, (B,)."""
        spare = self.model.network.spare
        if not spare:
            return at.slots
        axes = self.axes["members"]
        size = jax.vmap(lambda members: members.sum(axis=0), axes, -1)(at.state["members"])
        return jnp.maximum(at.slots, (size[-spare:] > 0).sum(axis=0).astype(jnp.int32))

    def named(self, monthly: tuple[Array, ...], first: int) -> dict[str, Array]:
        """Return sums by name, and means of what is a stock, (M, P, B)."""
        found = dict(zip(_series(self.model), monthly, strict=True))
        length = self.weeks.share().sum(axis=1)[first : first + len(monthly[0])]
        mean = jnp.asarray(1.0 / length, self.model.dtype)[:, None, None]
        return found | {name: found[name] * mean for name in STOCKS}


def _ordered(given: Flows) -> tuple[Array, Array, Array, Array]:
    return given.deaths, given.recruits, given.arrests, given.departures


NO_CHANGE = "no_change"


@dataclass(frozen=True)
class Nothing:
    """What ``no_change`` changes, with the fields of a ``hidra.Scenario``."""

    start: str
    change: Mapping[str, float] = field(default_factory=dict)
    set: Mapping[str, float] = field(default_factory=dict)
    dose: Mapping[str, float] = field(default_factory=dict)
    off: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


Change = Any  # a ``hidra.Scenario``, of the room above, or ``Nothing``


def is_parameter(name: str) -> bool:
    """Whether a name is one of a parameter, of the core or ``mechanism.parameter``."""
    return "." in name or name in {q.name for q in CORE}


def policies(
    scenarios: Mapping[str, Change], weeks: Weeks, drivers: Drivers, switches: Iterable[str] = ()
) -> dict[str, Policy]:
    """Return the weekly policy of each scenario and of ``no_change``, which comes first.

    All have the same shape, factors of one and doses of zero included, so that one compiled model
    serves them all and ``no_change`` is computed like the rest. Where any mechanism is stopped,
    `switches` have the shape too: whoever stops another of them has the same program.
    """
    everyone = {NO_CHANGE: Nothing(weeks.end), **scenarios}
    touched = _Touched(tuple(everyone.values()), weeks, drivers, tuple(switches))
    return {name: touched.of(wanted) for name, wanted in everyone.items()}


def branch(scenarios: Mapping[str, Change], weeks: Weeks) -> int:
    """Return the week in which the first scenario begins: until then all are one run."""
    begun = [weeks.from_month(wanted.start) for wanted in scenarios.values()]
    return min(begun, default=len(weeks.first_days))


@dataclass(frozen=True)
class _Touched:
    """Whatever any of the scenarios touches: what the policy of each has to name."""

    everyone: tuple[Change, ...]
    weeks: Weeks
    drivers: Drivers
    switches: tuple[str, ...]

    def _names(self, *kinds: str) -> list[str]:
        return sorted(
            {name for one in self.everyone for kind in kinds for name in getattr(one, kind)}
        )

    def of(self, wanted: Change) -> Policy:
        """Return the policy of one scenario."""
        later = np.arange(len(self.weeks.first_days)) >= self.weeks.from_month(wanted.start)
        others = [
            n for n in self._names("change", "set") if n not in POLICIES or n in self._names("set")
        ]
        stopped = self._names("off")
        switches = sorted({*stopped, *(self.switches if stopped else ())})
        return Policy(
            change={name: self._rate(wanted, name, later) for name in POLICIES},
            dose={n: np.where(later, wanted.dose.get(n, 0.0), 0.0) for n in self._names("dose")},
            parameter={n: _parameter(wanted, n, later) for n in others if is_parameter(n)},
            driver={n: self._driver(wanted, n, later) for n in others if not is_parameter(n)}
            | self._known(wanted, later),
            on={n: np.where(later & (n in wanted.off), 0.0, 1.0) for n in switches},
        )

    def _rate(self, wanted: Change, name: str, later: np.ndarray) -> np.ndarray:
        """Return the factor on a rate: (W,), or (W, P, 1) where any scenario is of some places."""
        factor = wanted.change.get(name, 1.0)
        if not any(one.places for one in self.everyone):
            return np.where(later, factor, 1.0)
        return np.where(later[:, None] & _here(wanted), factor, 1.0)[:, :, None]

    def _driver(self, wanted: Change, name: str, later: np.ndarray) -> np.ndarray:
        """Return a driver with what the scenario makes of it, (W, ...)."""
        if name in self.drivers.weekly:
            base = np.asarray(self.drivers.weekly[name], float)
        else:
            fixed = np.asarray(self.drivers.fixed[name], float)
            base = np.broadcast_to(fixed, (len(later), *fixed.shape))
        if name not in {*wanted.set, *wanted.change}:
            return base
        now = later.reshape(-1, *[1] * (base.ndim - 1))
        if wanted.places:
            now = now & _here(wanted).reshape(1, -1, *[1] * (base.ndim - 2))
        return np.where(now, wanted.set.get(name, base * wanted.change.get(name, 1.0)), base)

    def _known(self, wanted: Change, later: np.ndarray) -> dict[str, np.ndarray]:
        """Return where mechanisms act, (W, P): a driver that is set is known from then on."""
        found, now = {}, later[:, None] & _here(wanted)
        for name, known in self.drivers.gaps.items():
            if set(known) & set(self._names("set")):
                every = [known[driver] | (now & (driver in wanted.set)) for driver in known]
                found[KNOWN + name] = np.prod(every, axis=0).astype(float)
        return found


def _here(wanted: Change) -> np.ndarray:
    """Where an intervention acts, (P,)."""
    return np.array([not wanted.places or code in wanted.places for code in states()])


def _parameter(wanted: Change, name: str, later: np.ndarray) -> np.ndarray:
    """Return factor and value of a parameter by week, (W, 2); no value is NaN."""
    factor = 1.0 if name in POLICIES else wanted.change.get(name, 1.0)
    factors = np.where(later, factor, 1.0)
    values = np.where(later, wanted.set.get(name, np.nan), np.nan)
    return np.stack([factors, values], axis=1)
