"""Draws of scenarios on all municipalities, counted by year: paired, the past simulated once.

Parameters are those learnt on the states, so this says where the model puts people given who is
reported where. Killings not linked to groups are divided by residents, and the discrepancy is that
of the state.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from hidra.core import noise
from hidra.core.errors import SpecError
from hidra.model import municipal, world
from hidra.model.observe import homicides
from hidra.model.simulate import Policy, compiled, run_branches, shared_months
from hidra.scenario import NO_CHANGE, branch, policies
from hidra.scenario.ensemble import COUNTS, Plan, discrepancy, labels, refuse_overdose, spread

BYTES_PER_NUMBER = 4
COPIES = 3  # of the numbers at once: results, one measure being told, what the disk still takes
Job = tuple[Plan, str | None, int, dict[str, np.ndarray]]


def ensemble(
    plan: Plan,
    posterior: Mapping[str, np.ndarray],
    *,
    presence_file: str | Path | None = None,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> xr.Dataset:
    """Simulate every scenario for every draw, on all municipalities.

    Parameters
    ----------
    posterior : name -> (S, ...) draws of the parameters, of the states.
    presence_file : see ``engine.presence.read``. workers : processes.

    Returns
    -------
    xarray.Dataset
        Over scenario, draw, year, place: stocks are means of the year, flows and counts its sums.
        ``population`` (year, place) holds residents. The place ``25000`` is the municipalities of
        the state 25 where no group is.

    Raises
    ------
    SpecError
        More numbers than fit in the memory, or a dose that a draw cannot give.
    """
    file = None if presence_file is None else str(presence_file)
    refuse_what_does_not_fit(plan)
    size = len(next(iter(posterior.values())))
    jobs: list[Job] = [
        (plan, file, number, {name: values[number % size] for name, values in posterior.items()})
        for number in range(plan.draws)
    ]
    whole: dict[str, np.ndarray] = {}
    for done, (number, found) in enumerate(spread(simulate, jobs, workers), 1):
        for name, values in found.items():
            if name not in whole:
                whole[name] = np.empty((len(values), plan.draws, *values.shape[1:]), np.float32)
            whole[name][:, number] = values
        progress(done, plan.draws)
    return _dataset(plan, file, whole)


def measures(names: tuple[str, ...]) -> dict[str, tuple[str, str, str]]:
    """Return unit and labels of every variable: what the model makes happen, not the records."""
    kept = {name: told for name, told in labels(names).items() if name not in COUNTS}
    return {name: (unit.replace("month", "year"), es, en) for name, (unit, es, en) in kept.items()}


def needed(plan: Plan) -> int:
    """Return about how many bytes of memory the results of a plan take."""
    years = int(plan.end[:4]) - int(plan.start[:4]) + 1
    places = len(world.municipalities(plan.start, ()).codes)
    numbers = (len(plan.scenarios) + 1) * plan.draws * years * places
    return numbers * len(measures(plan.mechanisms)) * BYTES_PER_NUMBER


def refuse_what_does_not_fit(plan: Plan) -> None:
    """Refuse a plan whose results would take more than half of the memory of this machine."""
    memory = _memory()
    wanted = COPIES * needed(plan)
    if memory is None or wanted <= memory / 2:
        return
    most = int(plan.draws * memory / 2 / wanted)
    fix = f"Take {most} draws or fewer, fewer scenarios, an earlier end, or the level of states."
    raise SpecError(
        f"All municipalities need about {wanted / 1e9:,.1f} GB of memory; half of this machine's "
        f"is {memory / 2e9:,.1f} GB.",
        where=f"{plan.draws} draws of {len(plan.scenarios) + 1} scenarios until {plan.end}",
        fix=fix if most else "Take fewer scenarios, an earlier end, or the level of states.",
    )


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None  # not every system tells


def simulate(job: Job) -> tuple[int, dict[str, np.ndarray]]:
    """Simulate one draw of all scenarios: name -> (scenario, year, place), 32 bits."""
    plan, file, number, p = job
    scenarios = dict(plan.scenarios)
    begin = branch(scenarios, plan.weeks)
    country, program = _program(
        plan.mechanisms, plan.start, plan.end, plan.splits_from, plan.seed, begin, file
    )
    every = policies(scenarios, plan.weeks, country.drivers).values()
    stacked = jax.tree.map(lambda *arrays: jnp.asarray(np.stack(arrays)), *every)
    given = {name: jnp.asarray(value) for name, value in p.items()}
    past, ahead, reference = jax.device_get(program(given, jnp.uint32(number), stacked))
    refuse_overdose(scenarios, plan.weeks, reference, ahead["members"])
    return number, {
        name: np.stack([country.by_year(name, np.concatenate([past[name], one])) for one in after])
        for name, after in ahead.items()
    }


@cache
def _program(
    names: tuple[str, ...], start: str, end: str, splits_from: str, seed: int, begin: int,
    file: str | None,
) -> tuple[municipal.Country, Callable[..., Any]]:  # fmt: skip
    """Compile once a process; `begin` is the week in which scenarios part."""
    country = municipal.country(names, start, end, splits_from, seed, file)
    model, weeks = country.model, country.weeks
    people, days = jnp.asarray(country.residents()), jnp.asarray(weeks.days)
    shared = shared_months(weeks, begin)

    def draw(p: Mapping[str, Array], number: Array, every: Policy) -> Any:
        key = noise.key(seed, number, "model")
        past, ahead, reference = run_branches(model, p, country.drivers, every, weeks, key, begin)
        region = country.nested.region
        local = {name: p[name][region] for name in ("unlinked", "linked")}
        delta = discrepancy(p, weeks, seed, number)[:, region]
        for found, when in ((past, slice(shared)), (ahead, slice(shared, None))):
            found["inegi_homicides_expected"] = homicides(
                local, found["member_deaths"], people[when], days[when], delta[when]
            )
        small = jax.tree.map(lambda value: value.astype(jnp.float32), (past, ahead))
        return *small, reference

    return country, compiled(draw)


def _dataset(plan: Plan, file: str | None, whole: Mapping[str, np.ndarray]) -> xr.Dataset:
    country = municipal.country(
        plan.mechanisms, plan.start, plan.end, plan.splits_from, plan.seed, file
    )
    axes = ("scenario", "draw", "year", "place")
    variables: dict[str, Any] = {
        name: (axes, whole[name], {"unit": unit, "label_es": es, "label_en": en})
        for name, (unit, es, en) in measures(plan.mechanisms).items()
    }
    people = country.by_year("members", country.residents())
    variables["population"] = (axes[2:], people, {"unit": "persons"})
    return xr.Dataset(
        variables,
        coords={
            "scenario": [NO_CHANGE, *(name for name, _ in plan.scenarios)],
            "draw": np.arange(plan.draws),
            "year": country.years(),
            "place": list(country.codes),
        },
    )
