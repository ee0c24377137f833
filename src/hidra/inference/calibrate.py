"""From a system to its posterior: fit it to the records, and say beforehand what that costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import partial
from itertools import combinations_with_replacement
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.stats import norm

from hidra.core import fingerprint
from hidra.core.cache import NOWHERE, Checkpoint
from hidra.core.param import Param
from hidra.inference import samplers
from hidra.inference.emulator import Emulator, design, emulate
from hidra.inference.likelihood import NEW, Records, probability, records
from hidra.inference.posterior import Posterior, wider
from hidra.inference.samplers import draw, predictive, surface
from hidra.model.simulate import compiled
from hidra.model.system import Program, System

FLOOR = 0.1  # members killed a month in a state: fewer do not show in its records
RUNS = 400  # of the model, behind the emulator
PIECE = 25  # runs between two checkpoints: half a second of work
FEW = 5  # runs and gradients that are timed
SEARCH = 400  # evaluations that the search for the mode takes, about
COMPILING = 20.0  # seconds

Progress = Callable[[str, int, int], None]
Simulator = Callable[[np.ndarray], np.ndarray]


def _silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


def calibrate(
    system: System,
    *,
    seed: int,
    steps: int = 0,
    seen: Records | None = None,
    runs: int = RUNS,
    kept: Checkpoint = NOWHERE,
    progress: Progress = _silent,
) -> Posterior:
    """Fit a system to the records from its start to its end, with an emulator in its place.

    Dated removals of leaders are conditioned on. Splits are off, so that the likelihood is smooth:
    those of the past are in the network, those of the future are simulated.

    Parameters
    ----------
    system : of the states, ending with the records it is fitted to.
    steps : draws kept of each of two NUTS chains; 0 for the quick approximation.
    seen : records; those the panel holds if None. runs : of the model, behind the emulator.
    kept : where finished pieces of the work are kept, and looked for first.
    progress : called with the stage (``"emulate"``, ``"sample"``), what is done of it, and all.

    Raises
    ------
    FitError
        If the model or the posterior gives numbers that are not finite.
    """
    emulator = stand_in(system, seed, runs=runs, kept=kept, progress=progress)
    made = stamp(system, seed, steps, seen, runs)
    seen = seen or records(system.weeks, system.known)
    counts = (seen.inegi, seen.sesnsp)
    model = partial(probability, emulator, system.recording, seen, system.weeks.days)
    found = surface(model, seed, *counts)
    drawn = draw(found, seed, steps, *counts, kept=kept, progress=partial(progress, "sample"))
    every = drawn.draws
    if len(drawn.points) > len(every["z"]):  # those left out too
        values = found.values(drawn.points, *counts)
        every = {name: np.asarray(value) for name, value in values.items()}
    all_draws = _in_units(system, every)
    uncertain = [q for q in (*system.dynamics, *system.recording) if q.prior is not None]
    told = {
        "emulator_error": emulator.error,
        "emulator_worst": emulator.worst,
        **drawn.diagnostics,
        "wider": [q.name for q in uncertain if wider(q, all_draws[q.name])],
        "predictive": predictive(
            found, drawn.points, seed, dict(zip(("inegi", "sesnsp"), counts, strict=True)), *counts
        ),
    }
    return Posterior(_in_units(system, drawn.draws), told, made, drawn.stats)


def stamp(
    system: System, seed: int, steps: int, seen: Records | None = None, runs: int = RUNS
) -> str:
    """Return the fingerprint of a posterior: of its inputs and of the code; see ``calibrate``."""
    given = None if seen is None else [getattr(seen, part.name) for part in fields(seen)]
    code = fingerprint.code(__name__)
    return fingerprint.of([system.fingerprint, code, seed, steps, runs, given])


def _in_units(system: System, sites: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return draws of parameters for those of the sites of the NumPyro model."""
    fixed = (q for q in system.recording if q.prior is None)
    held = {q.name: np.full(len(sites["z"]), q.value) for q in fixed}
    innovations = {name for name in sites if name.endswith(NEW)}  # the knots say the same
    recorded = {name: value for name, value in sites.items() if name not in innovations | {"z"}}
    return natural(system.dynamics, sites["z"]) | held | recorded


def stand_in(
    system: System,
    seed: int,
    *,
    runs: int = RUNS,
    kept: Checkpoint = NOWHERE,
    progress: Progress = _silent,
) -> Emulator:
    """Return the emulator of monthly member deaths; see ``calibrate`` for the arguments."""
    points = design(sum(q.prior is not None for q in system.dynamics), runs, seed)
    return emulate(partial(_in_pieces, simulator(system), kept, progress), points, floor=FLOOR)


def natural(params: tuple[Param, ...], z: np.ndarray) -> dict[str, np.ndarray]:
    """Turn standard normal coordinates (S, D) into parameters in their units, name -> (S,)."""
    share = iter(norm.cdf(np.asarray(z)).T)
    return {
        q.name: np.full(len(z), q.value)
        if q.prior is None
        else np.asarray(q.prior.quantile(next(share)))
        for q in params
    }


def simulator(system: System) -> Simulator:
    """Return a compiled function from z (runs, D) to monthly member deaths (runs, M, P)."""
    program = Program(system.model, system.driven, system.weeks)

    def one(p: Mapping[str, Array]) -> Array:
        return program.draw(p, 0, 0, stream="fit").past["member_deaths"]

    every = compiled(lambda p: jax.lax.map(one, p))

    def simulate(z: np.ndarray) -> np.ndarray:
        found = natural(system.dynamics, z)
        return np.asarray(every({name: jnp.asarray(value) for name, value in found.items()}))

    return simulate


def _in_pieces(
    simulate: Simulator, kept: Checkpoint, progress: Progress, points: np.ndarray
) -> np.ndarray:
    """Run the model at every point, keeping each piece of the work."""
    parts = []
    for first in range(0, len(points), PIECE):
        progress("emulate", first, len(points))
        piece = points[first : first + PIECE]
        name = f"runs-{first:05d}"
        parts.append(kept.once(name, lambda piece=piece: {"deaths": simulate(piece)})["deaths"])  # type: ignore[misc]
    progress("emulate", len(points), len(points))
    return np.concatenate(parts)


@dataclass(frozen=True)
class Cost:
    """Expected cost of a fit.

    Attributes
    ----------
    run, gradient : seconds of one model run, of one gradient of the posterior.
    least, most : seconds of the fit; NUTS chooses the length of its trajectories as it goes.
    """

    run: float
    gradient: float
    least: float
    most: float


def pilot(system: System, steps: int) -> Cost:
    """Time a few runs and gradients of a fit, and say what all of it will take."""
    free = sum(q.prior is not None for q in system.dynamics)
    simulate, known = simulator(system), records(system.weeks, system.known)
    points = design(free, FEW, 0)
    run = _seconds(lambda: simulate(points)) / FEW
    months, places = known.population.shape
    pairs = np.array(list(combinations_with_replacement(range(free), 2)))
    blank = Emulator(np.zeros((1 + free + len(pairs), months, places)), pairs, 0.0, 0.0)
    given: tuple[Any, Any] = (known.inegi, known.sesnsp)
    model = partial(probability, blank, system.recording, known, system.weeks.days)
    found = surface(model, 0, *given)
    at = jnp.asarray(found.start)
    gradient = _seconds(
        lambda: [found.slope(at, *given)[0].block_until_ready() for _ in range(FEW)]
    )
    gradient /= FEW
    quick = SEARCH + 3 * len(at) + 2 * samplers.MOVES + samplers.QUICK // 2
    fixed = COMPILING + RUNS * run + quick * gradient
    moves = samplers.CHAINS * (samplers.WARM_UP + steps) * gradient if steps else 0.0
    return Cost(run, gradient, fixed + 15 * moves, fixed + (2**samplers.DEPTH - 1) * moves)


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of the second call: the first compiles."""
    work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
