"""Fit the mechanisms to what was known at an origin, run them on, and keep the relative course.

The course says by what factor the killings of a month ahead differ from those of the months before
the origin, as the mechanisms alone would have it: the discrepancy of the fit has no part in it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hidra.core import fingerprint
from hidra.core.errors import SpecError
from hidra.core.weeks import Weeks
from hidra.data import reference
from hidra.model.series import states

if TYPE_CHECKING:
    from hidra.forecast.course.variant import Variant
    from hidra.forecast.history import Counts, History
    from hidra.inference import Posterior
    from hidra.model.equation import Model

START = "2012-01"  # the model begins here: its sizes and their anchor are of 2012
FEWEST = 24  # months of records without which nothing is fitted
RUNS = 200  # model runs behind the emulator of a fit
DRAWS = 120  # posterior draws run on past the origin; their mean is good to half a percent
BASE = 3  # months before the origin that a course is relative to
SEED = 20061211


class Course(NamedTuple):
    """A course and what to think of it.

    Attributes
    ----------
    factor : array (months, P)
        Killings of each month ahead over those of the last months before the origin, by day.
    trusted : whether the fit passed its own checks. engine : digest of the code that made it.
    """

    factor: Counts
    trusted: bool
    engine: str


def starts(history: History) -> bool:
    """Whether the mechanisms can be run from here: 32 states, records of two years from 2012 on."""
    first = np.datetime64(START, "M")
    behind = (history.origin - first).astype(int) + 1
    return bool(history.places == states() and history.first <= first and behind >= FEWEST)


@cache
def acts(variant: Variant, origin: str) -> bool:
    """Whether a mechanism of the variant has its drivers anywhere at the origin; else it is V0."""
    from hidra.forecast.course.known import model
    from hidra.model.drivers import unknown

    with reference.known_until(origin):
        rows = unknown(variant.mechanisms, Weeks(START, origin), model(variant, START).network)
    silent = {(row["mechanism"], row["driver"]): 0 for row in rows}
    for row in rows:
        silent[row["mechanism"], row["driver"]] += float(row["share"]) == 1
    off = {mechanism for (mechanism, _), places in silent.items() if places == len(states())}
    return any(m.name not in off for m in variant.mechanisms)


def course(variant: Variant, history: History, months: int) -> Course:
    """Fit a variant to the counts up to the origin and run it on.

    Parameters
    ----------
    past : History
        Counts of the 32 states; nothing after its origin is looked at, in no table.
    months : int
        How many months after the origin.

    Raises
    ------
    SpecError
        The mechanisms cannot start from this record, see `starts`.
    FitError
        The fit gave numbers that are not finite.
    """
    if not starts(history):
        raise SpecError(
            f"The mechanisms cannot start from {history.origin}.",
            where=f"course of {variant.name}",
            fix=f"Give the 32 states and at least {FEWEST} months since {START}.",
        )
    with reference.known_until(str(history.origin)):
        from hidra.forecast.course import known

        model = known.model(variant, START)
        posterior = _fitted(variant, model, history)
        level = _expected(variant, model, posterior, history, months)
    ahead, before = level[-months:], level[-months - BASE : -months].mean(axis=0)
    return Course(ahead / before, posterior.trusted, engine())


def _fitted(variant: Variant, model: Model, history: History) -> Posterior:
    from hidra.forecast.course.memory import memory
    from hidra.inference import fit
    from hidra.inference.calibrate import dynamics, recording, records
    from hidra.model import world

    weeks = Weeks(START, str(history.origin))
    counts = history.counts[-len(weeks.months) :]
    names = tuple(m.name for m in variant.mechanisms)
    return fit(
        model,
        dynamics(names, variant.overrides()),
        world.drivers(model.network, weeks, mechanisms=model.mechanisms),
        weeks,
        replace(records(weeks), inegi=counts, sesnsp=np.full_like(counts, np.nan)),
        seed=SEED,
        recording=recording(memory(history)),
        runs=RUNS,
    )


def _expected(
    variant: Variant, model: Model, posterior: Posterior, history: History, months: int
) -> Counts:
    """Return expected killings a day without any discrepancy, mean of the draws, (M, P).

    From the origin on groups may split and operations are drawn; no removal is known any more.
    """
    import jax
    import jax.numpy as jnp

    from hidra.core import noise
    from hidra.model import world
    from hidra.model.observe import homicides
    from hidra.model.simulate import Policy, compiled, run_months

    weeks = Weeks(START, str(history.origin + np.timedelta64(months, "M")))
    after = str(history.origin + np.timedelta64(1, "M"))
    drivers = world.drivers(model.network, weeks, after, model.mechanisms)
    people, days = jnp.asarray(world.population(weeks)), jnp.asarray(weeks.days)

    def one(drawn: tuple[dict[str, jax.Array], jax.Array]) -> jax.Array:
        p, number = drawn
        key = noise.key(SEED, number, variant.rival.code)
        deaths = run_months(model, p, drivers, Policy(), weeks, key)["member_deaths"]
        return homicides(p, deaths, people, days, jnp.zeros(())) / days[:, None]

    some = np.arange(DRAWS) % posterior.size
    p = {name: jnp.asarray(value[some]) for name, value in posterior.draws.items()}
    numbers = jnp.arange(DRAWS, dtype=jnp.uint32)
    return np.asarray(compiled(lambda q: jax.lax.map(one, q))((p, numbers))).mean(axis=0)


@cache
def engine() -> str:
    """Return what identifies the code behind a course: frozen before a score is seen."""
    return fingerprint.code("hidra.forecast.course.run")
