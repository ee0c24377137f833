"""Runs of the whole system at the points of a design, and their totals over the months ahead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core import noise
from hidra.core.weeks import Weeks
from hidra.model import mechanisms, world
from hidra.model.observe import homicides
from hidra.model.simulate import Policy, compiled, run_months
from hidra.scenario.ensemble import Plan, discrepancy

if TYPE_CHECKING:
    from hidra.inference.sensitivity.unknowns import Unknowns

HOMICIDES, MISSING = "inegi_homicides_expected", "disappeared"
MEASURES = (HOMICIDES, MISSING)
CHUNK = 64  # runs at a time: a few megabytes each


@dataclass(frozen=True)
class Whole:
    """What is simulated: mechanisms, from `start` to `end`, fitted until `until`, a seed."""

    mechanisms: tuple[str, ...]
    start: str
    until: str
    end: str
    seed: int

    @property
    def plan(self) -> Plan:
        """The plan of an ensemble without scenarios."""
        after = str(np.datetime64(self.until, "M") + 1)
        return Plan(self.mechanisms, self.start, self.end, after, (), self.seed, CHUNK)


def outputs(
    whole: Whole,
    unknowns: Unknowns,
    points: np.ndarray,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, np.ndarray]:
    """Return the national total of each measure over the months after the fit, (runs,)."""
    usual = usual_deaths(whole, unknowns)
    parts = []
    for first in range(0, len(points), CHUNK):
        some = points[first : first + CHUNK]
        p = unknowns.parameters(some)
        found = _runs(whole.plan, p, unknowns.number(some))
        parts.append(_totals(whole, p, found, usual[unknowns.row(some)]))
        progress(min(first + CHUNK, len(points)), len(points))
    return {name: np.concatenate([part[name] for part in parts]) for name in MEASURES}


def usual_deaths(whole: Whole, unknowns: Unknowns) -> np.ndarray:
    """Mean monthly deaths of members in the fitted months, as fitted, (rows, P)."""
    plan, parts = whole.plan, []  # the program of the runs, compiled but once
    fitted = len(Weeks(whole.start, whole.until).months)
    for first in range(0, unknowns.rows, CHUNK):
        p = {name: v[first : first + CHUNK] for name, v in unknowns.posterior.items()}
        numbers = np.arange(len(next(iter(p.values()))))
        parts.append(_runs(plan, p, numbers)["member_deaths"][:, :fitted].mean(axis=1))
    return np.concatenate(parts)


def anchored(
    killed: np.ndarray,
    deaths: np.ndarray,
    usual: np.ndarray,
    p: Mapping[str, np.ndarray],
    exposure: np.ndarray,
    fitted: int,
) -> np.ndarray:
    """Return expected homicides with the level of the fitted months as it was fitted.

    The killings linked to each member killed were fitted to the deaths that the model gives with
    the parameters of the fit. Where others change these deaths, they are rescaled by state.

    Parameters
    ----------
    killed, deaths : (runs, M, P) as simulated. usual : (runs, P) mean deaths as fitted.
    exposure : (M, P) person-days. fitted : months of the fit.
    """
    linked, apart = p["linked"][:, None] * deaths, p["unlinked"][:, None] * exposure
    ratio = usual / np.maximum(deaths[:, :fitted].mean(axis=1), 1e-12)
    return np.asarray(killed * (apart + ratio[:, None] * linked) / (apart + linked))


def _runs(plan: Plan, p: Mapping[str, np.ndarray], numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Simulate one run for each parameter row, name -> (runs, M, P).

    Short chunks are filled up, so that one compiled program serves them all.
    """
    size = len(numbers)
    filled = np.resize(np.arange(size), CHUNK)
    rows = {name: jnp.asarray(np.asarray(values)[filled]) for name, values in p.items()}
    program = _program(plan.mechanisms, plan.start, plan.end, plan.splits_from, plan.seed)
    found = jax.device_get(program(rows, jnp.asarray(numbers[filled], jnp.uint32)))
    return {name: values[:size] for name, values in found.items()}


@cache
def _program(
    names: tuple[str, ...], start: str, end: str, splits_from: str, seed: int
) -> Callable[..., dict[str, Array]]:
    """Compile the system once: what happens and what is expected, without what agencies draw."""
    weeks = Weeks(start, end)
    model = world.model(mechanisms.find(names, where="sensitivity"), start)
    drivers = world.drivers(model.network, weeks, splits_from, model.mechanisms)
    people, days = jnp.asarray(world.population(weeks)), jnp.asarray(weeks.days)

    def one(p: Mapping[str, Array], number: Array) -> dict[str, Array]:
        found = run_months(model, p, drivers, Policy(), weeks, noise.key(seed, number, "model"))
        deaths, missing = found["member_deaths"], found[MISSING]
        mean = homicides(p, deaths, people, days, discrepancy(p, weeks, seed, number))
        return {"member_deaths": deaths, MISSING: missing, HOMICIDES: mean}

    return compiled(lambda p, numbers: jax.lax.map(lambda q: one(*q), (p, numbers)))


def _totals(
    whole: Whole, p: Mapping[str, np.ndarray], found: Mapping[str, np.ndarray], usual: np.ndarray
) -> dict[str, np.ndarray]:
    weeks = Weeks(whole.start, whole.end)
    fitted = len(Weeks(whole.start, whole.until).months)
    exposure = world.population(weeks) * weeks.days[:, None]
    killed = anchored(found[HOMICIDES], found["member_deaths"], usual, p, exposure, fitted)
    return {
        HOMICIDES: killed[:, fitted:].sum(axis=(1, 2)),
        MISSING: np.nansum(found[MISSING][:, fitted:], axis=(1, 2)),
    }
