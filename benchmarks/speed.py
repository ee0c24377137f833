"""What a draw of the model costs: states, municipalities, gradients, and how cost grows.

One thread, 32 bits. Draws are computed as an ensemble computes them (``hidra.scenario.ensemble``),
one at a time and in batches; the bar of the municipal core is the hand-tuned kernel of
``benchmarks/kernels.py`` on the same cells.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from unittest.mock import patch

import jax
import jax.numpy as jnp

from benchmarks import Figure, seconds
from hidra.inference.posterior import of_system
from hidra.model.equation import CORE
from hidra.model.simulate import compiled
from hidra.model.system import System
from hidra.scenario.ensemble import Plan, work
from hidra.study import Study

ROOT = Path(__file__).parents[1]
SETS = {
    "core": (),
    "default": Study.load(ROOT / "studies" / "small.yaml").mechanisms,
    "whole": Study.load(ROOT / "studies" / "default.yaml").mechanisms,
}
BATCH = 32
WEEK = {"default": 25.0, "whole": 40.0}  # goals, microseconds a week of the states
DRAW = {"default": 0.25, "whole": 0.8}  # goals, seconds a draw of 20 years of the municipalities
CORE_BATCH, CORE_ONE = 0.8, 1.5  # goals, of the hand-tuned kernel
GRADIENT = 3.0  # goal, of a run
_fresh = count(1)


def system(names: tuple[str, ...], space: str = "states", end: str = "2031-12", **more) -> System:
    """Return a system from 2012 on whose records end a month before it does."""
    return System(names, space=space, start="2012-01", end=end, until=f"{end[:5]}11", **more)


def centres(one: System) -> dict[str, float]:
    """Return every parameter at the centre of its prior."""
    return {q.name: float(q.centre) for q in one.dynamics}


def alone(one: System) -> float:
    """Return processor seconds of one draw, computed by itself."""
    program, p = one.program, {n: jnp.asarray(v) for n, v in centres(one).items()}
    run = compiled(lambda number: program.draw(p, 1, number).past)
    return seconds(lambda: jax.block_until_ready(run(jnp.uint32(next(_fresh)))), 3)


def together(one: System, batch: int, times: int = 3) -> float:
    """Return processor seconds a draw in an ensemble that hands out so many at a time."""
    plan = Plan(one, (), 1, batch, size=batch)
    p = of_system(one, batch, 1)

    def draws() -> None:  # others each time: what was before a change is kept of each
        first = batch * next(_fresh)
        work((plan, range(first, first + batch), p))

    return seconds(draws, times) / batch


def states() -> Iterator[Figure]:
    """A week of the 32 states: alone, and a draw of an ensemble in batches."""
    for name, mechanisms in SETS.items():
        one = system(mechanisms, end="2035-12")
        weeks = len(one.weeks.first_days)
        yield Figure(f"states-{name}-one", 1e6 * alone(one) / weeks, "us a week")
        cost = 1e6 * together(one, BATCH, 2) / weeks
        yield Figure(f"states-{name}", cost, "us a week", WEEK.get(name))


def municipal() -> Iterator[Figure]:
    """Twenty years of all municipalities, the core against the hand-tuned kernel."""
    from benchmarks.kernels import cells, simulate

    core = system((), "municipalities")
    p, model, weeks = centres(core), core.model, len(core.weeks.first_days)
    at = cells(model, p["initial_members"])
    groups = model.spread.shape[1]
    bar = seconds(lambda: simulate(at, p, weeks, groups))
    one, many = alone(core), together(core, BATCH, 1)
    yield Figure("municipal-cells", len(at.members), "place-group cells with somebody")
    yield Figure("municipal-bar", bar, "s a draw, hand-tuned kernel")
    yield Figure("municipal-core", many, "s a draw", CORE_BATCH, many / bar)
    yield Figure("municipal-core-one", one, "s a draw", CORE_ONE, one / bar)
    for name, goal in DRAW.items():
        cost = together(system(SETS[name], "municipalities"), 8, 1)
        yield Figure(f"municipal-{name}", cost, "s a draw", goal)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("municipal-memory", peak, "MiB, peak of the process")


def gradient() -> Iterator[Figure]:
    """Members killed in the states to 2019, and how they change with every core parameter."""
    one = system((), end="2019-12")
    program, names = one.program, [q.name for q in CORE]

    def killed(values):
        p = dict(zip(names, values, strict=True))
        return program.draw(p, 1, 1, stream="fit").past["member_deaths"].sum()

    at = jnp.asarray([float(q.centre) for q in CORE])
    forward, slope = compiled(killed), compiled(jax.value_and_grad(killed))
    run = seconds(lambda: forward(at).block_until_ready())
    cost = seconds(lambda: jax.block_until_ready(slope(at)))
    yield Figure("gradient", 1e3 * cost, "ms with value", GRADIENT, cost / run)


def curves() -> Iterator[Figure]:
    """How the cost of the core grows with draws, months, groups and places."""
    for draws in (1, 8, 32, 128):
        cost = together(system((), end="2014-12"), draws, 1)
        yield Figure(f"draws {draws}", 1e3 * cost * draws, "ms")
    for years in (2, 8, 32):
        cost = together(system((), end=f"{2011 + years}-12"), BATCH, 1)
        yield Figure(f"months {12 * years}", 1e3 * cost, "ms a draw")
    for slots in (0, 50, 150):
        with patch("hidra.model.system.SPARE", slots):  # empty ones cost as much
            cost = together(
                system((), end="2014-12", parameters={"initial_members": 1e5 + slots}), 8, 1
            )
        yield Figure(f"groups {150 + slots}", 1e3 * cost, "ms a draw")
    for space in ("states", "municipalities"):
        one = system((), space, end="2013-12")
        cost = together(one, 8, 1)
        yield Figure(f"places {len(one.model.share)}", 1e3 * cost, "ms a draw")
