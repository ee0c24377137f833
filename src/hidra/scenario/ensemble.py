"""Draws spread over processes: paired scenarios, the same numbers whatever the spreading.

Every draw is computed alone, by the same compiled program, from noise keyed by its number. So
chunks, workers and resumption cannot change a result.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from hidra.core import noise
from hidra.core.errors import SpecError
from hidra.core.weeks import Weeks
from hidra.model import mechanisms, world
from hidra.model.observe import continued, homicides, interpolate, knots_for, luck, record
from hidra.model.simulate import Drivers, Policy, compiled, run_branches, shared_months
from hidra.scenario import NO_CHANGE, Intervention, branch, policies
from hidra.scenario.levers import Setting
from hidra.scenario.refusals import check

CHUNK = 5  # draws a task: seconds of work, so that dispatch costs nothing and progress is seen
LABELS = {
    "members": ("persons, mean of the month", "Integrantes", "Members"),
    "member_deaths": ("persons a month", "Integrantes muertos", "Members killed"),
    "recruits": ("persons a month", "Personas reclutadas", "People recruited"),
    "arrests": ("persons a month", "Integrantes detenidos", "Members arrested"),
    "departures": ("persons a month", "Salidas por saturación", "Departures by saturation"),
    "inegi_homicides_expected": (
        "persons a month", "Personas asesinadas, valor esperado", "People killed, expected"),
    "inegi_homicides": (
        "persons a month", "Homicidios registrados (INEGI), simulados",
        "Recorded homicides (INEGI), simulated"),
    "sesnsp_homicide_victims": (
        "persons a month", "Víctimas de homicidio doloso (SESNSP), simuladas",
        "Victims of intentional homicide (SESNSP), simulated"),
}  # fmt: skip
COUNTS = ("inegi_homicides", "sesnsp_homicide_victims")


@dataclass(frozen=True)
class Plan:
    """What to simulate; small enough to send to a worker.

    Attributes
    ----------
    mechanisms : names of those that are on. start, end : months, ``YYYY-MM``.
    splits_from : month from which groups may split; before it the network is taken as known.
    scenarios : name -> intervention; ``no_change`` is added.
    seed, draws : of the ensemble.
    """

    mechanisms: tuple[str, ...]
    start: str
    end: str
    splits_from: str
    scenarios: tuple[tuple[str, Intervention], ...]
    seed: int
    draws: int

    @property
    def weeks(self) -> Weeks:
        """The weekly grid."""
        return Weeks(self.start, self.end)


def ensemble(
    plan: Plan,
    posterior: Mapping[str, np.ndarray],
    *,
    workers: int | None = None,
    chunk: int = CHUNK,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> xr.Dataset:
    """Simulate every scenario for every draw.

    Parameters
    ----------
    posterior : name -> (S, ...) draws of the parameters; ensemble member d uses draw d mod S.
    workers : processes; 1 stays in this one. executor : any standard executor, instead of workers.
    progress : called with draws done and draws in all.

    Returns
    -------
    xarray.Dataset
        Variables of ``labels`` over scenario, draw, month, place.

    Raises
    ------
    SpecError
        A scenario cannot be run, or a draw cannot give its dose.
    """
    on = mechanisms.find(plan.mechanisms, where="plan")
    known = str(np.datetime64(plan.splits_from, "M") - 1)
    check(dict(plan.scenarios), Setting(on, {}, known, plan.end))
    size = len(next(iter(posterior.values())))
    tasks = [range(i, min(i + chunk, plan.draws)) for i in range(0, plan.draws, chunk)]
    jobs = (
        (plan, task, {k: v[[d % size for d in task]] for k, v in posterior.items()})
        for task in tasks
    )
    whole: dict[str, np.ndarray] = {}
    done = 0
    for task, part in spread(simulate, list(jobs), workers or os.cpu_count() or 1, executor):
        for name, (past, ahead) in part.items():
            shared, (scenarios, _, later, places) = past.shape[1], ahead.shape
            if name not in whole:  # in its place at once: results may be as large as the memory
                whole[name] = np.empty((scenarios, plan.draws, shared + later, places), np.float32)
            whole[name][:, task.start : task.stop, :shared] = past
            whole[name][:, task.start : task.stop, shared:] = ahead
        done += len(task)
        progress(done, plan.draws)
    return _dataset(plan, whole)


Job = tuple[Plan, range, dict[str, np.ndarray]]
Result = TypeVar("Result")


def spread(
    work: Callable[[Any], Result], jobs: list[Any], workers: int, executor: Executor | None = None
) -> Iterator[Result]:
    """Do every job, each in one of several processes of one core; results come as they are done."""
    if executor is None and workers == 1:
        yield from map(work, jobs)
        return
    context = multiprocessing.get_context("spawn")  # a forked JAX deadlocks
    pool = executor or ProcessPoolExecutor(
        min(workers, len(jobs)), context, initializer=_one_thread
    )
    try:
        for future in as_completed([pool.submit(work, job) for job in jobs]):
            yield future.result()
    finally:
        if executor is None:
            pool.shutdown(wait=True, cancel_futures=True)


def _one_thread() -> None:
    """Keep a worker to one core: the draws are what is spread."""
    flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}".strip()


def simulate(job: Job) -> tuple[range, dict[str, tuple[np.ndarray, np.ndarray]]]:
    """Simulate some draws of all scenarios, in 32 bits.

    Returns
    -------
    range
        The draws.
    dict
        name -> the months that all scenarios share, once: (draw, month, place); and those after,
        (scenario, draw, month, place).
    """
    plan, task, posterior = job
    scenarios = dict(plan.scenarios)
    begin = branch(scenarios, plan.weeks)
    program, drivers = _program(
        plan.mechanisms, plan.start, plan.end, plan.splits_from, plan.seed, begin
    )
    every = policies(scenarios, plan.weeks, drivers).values()
    stacked = jax.tree.map(lambda *arrays: jnp.asarray(np.stack(arrays)), *every)
    parts = []
    for i, number in enumerate(task):
        p = {name: values[i] for name, values in posterior.items()}
        given = {name: jnp.asarray(value) for name, value in p.items()}
        past, ahead, reference, chance = jax.device_get(program(given, jnp.uint32(number), stacked))
        refuse_overdose(scenarios, plan.weeks, reference, ahead["members"])
        shared = len(past["members"])
        past |= _recorded(past, {n: u[:shared] for n, u in chance.items()}, p)
        ahead |= _recorded(ahead, {n: u[shared:] for n, u in chance.items()}, p)
        parts.append((past, ahead))
    return task, {
        name: (
            np.stack([past[name].astype(np.float32) for past, _ in parts]),
            np.stack([ahead[name].astype(np.float32) for _, ahead in parts], axis=1),
        )
        for name in labels(plan.mechanisms)
    }


def _recorded(
    found: Mapping[str, np.ndarray], luck: Mapping[str, np.ndarray], p: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Draw what each agency records of what the model makes happen, (..., month, place)."""
    expected = found["inegi_homicides_expected"]
    mean = {"inegi_homicides": expected}
    mean["sesnsp_homicide_victims"] = expected * p["reporting"]
    return {agency: record(luck[agency], mean[agency], p["size_place"]) for agency in COUNTS}


def refuse_overdose(
    scenarios: Mapping[str, Intervention],
    weeks: Weeks,
    reference: Mapping[str, np.ndarray],
    members: np.ndarray,
) -> None:
    """Refuse a dose that a draw cannot give: it would be cut short in silence.

    Parameters
    ----------
    reference : rate -> (scenario,) the flow when the dose began, persons/week.
    members : (scenario, month, place), the last months of the grid.
    """
    gone = len(weeks.months) - members.shape[1]
    for number, (name, wanted) in enumerate(scenarios.items(), 1):
        month = int(np.searchsorted(weeks.months, np.datetime64(wanted.start))) - gone
        stock = float(members[number, month].sum())
        for rate, persons in wanted.dose.items():
            there = float(reference[rate][number]) if persons < 0 else stock
            if abs(persons) > there and (persons < 0 or rate != "recruitment"):
                raise SpecError(
                    f"A dose of {persons:g} persons per week on '{rate}' is larger than what there "
                    f"is: at the most {there:,.0f}.",
                    where=f"scenario '{name}', dose.{rate}, {wanted.start}, one of the draws",
                    fix="Give a smaller dose, or a factor under `change`.",
                )


def labels(names: tuple[str, ...]) -> dict[str, tuple[str, str, str]]:
    """Return unit and labels of every variable: those of ``LABELS``, and what mechanisms count."""
    counts = (c for m in mechanisms.find(names, where="plan") for c in m.counts.items())
    return LABELS | {name: (f"{c.unit} a month", c.label_es, c.label_en) for name, c in counts}


@cache
def _program(
    names: tuple[str, ...], start: str, end: str, splits_from: str, seed: int, begin: int
) -> tuple[Callable[..., Any], Drivers]:
    """Compile the model once a process; `begin` is the week in which scenarios part."""
    weeks = Weeks(start, end)
    model = world.model(mechanisms.find(names, where="plan"), start)
    drivers = world.drivers(model.network, weeks, splits_from, model.mechanisms)
    people, days = jnp.asarray(world.population(weeks)), jnp.asarray(weeks.days)
    shared = shared_months(weeks, begin)

    def draw(p: Mapping[str, Array], number: Array, every: Policy) -> Any:
        key = noise.key(seed, number, "model")
        past, ahead, reference = run_branches(model, p, drivers, every, weeks, key, begin)
        delta = discrepancy(p, weeks, seed, number)
        for found, when in ((past, slice(shared)), (ahead, slice(shared, None))):
            found["inegi_homicides_expected"] = homicides(
                p, found["member_deaths"], people[when], days[when], delta[when]
            )
        chance = {agency: _luck(seed, number, agency, weeks) for agency in COUNTS}
        return past, ahead, reference, chance

    return compiled(draw), drivers


def _luck(seed: int, number: Array, agency: str, weeks: Weeks) -> Array:
    """Uniform numbers behind the records of an agency, (month, place)."""
    codes = np.array(world.states(), dtype=int)
    return luck(noise.key(seed, number, agency), codes, len(weeks.months))


def discrepancy(p: Mapping[str, Array], weeks: Weeks, seed: int, number: Array) -> Array:
    """Fitted discrepancy, continued into the future by its own memory, (M, P)."""
    months = len(weeks.months)
    total = max(knots_for(months), p["knots_nation"].shape[0])
    codes = np.array(world.states(), dtype=int)
    nation = continued(
        p["knots_nation"], total, p["persistence"], p["discrepancy_nation"],
        noise.key(seed, number, "discrepancy of the nation"),
    )  # fmt: skip
    place = jax.vmap(continued, (1, None, None, None, 0), 1)(
        p["knots_place"], total, p["persistence"], p["discrepancy_place"],
        noise.each(noise.key(seed, number, "discrepancy of places"), codes),
    )  # fmt: skip
    return interpolate(nation[:, None] + place, months)


def _dataset(plan: Plan, whole: Mapping[str, np.ndarray]) -> xr.Dataset:
    axes = ("scenario", "draw", "month", "place")
    variables = {
        name: (axes, whole[name], {"unit": unit, "label_es": es, "label_en": en})
        for name, (unit, es, en) in labels(plan.mechanisms).items()
    }
    return xr.Dataset(
        variables,
        coords={
            "scenario": [NO_CHANGE, *(name for name, _ in plan.scenarios)],
            "draw": np.arange(plan.draws),
            "month": plan.weeks.months.astype("datetime64[ns]"),
            "place": list(world.states()),
        },
    )
