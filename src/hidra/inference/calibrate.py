"""From a system to its posterior: fit it to the records, and say beforehand what that costs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations_with_replacement
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.stats import norm

from hidra.core import fingerprint
from hidra.core.param import Param
from hidra.core.weeks import Weeks
from hidra.inference.checkpoint import NOWHERE, Checkpoint
from hidra.inference.emulator import Emulator, design, emulate
from hidra.inference.likelihood import NEW, Records, probability, records
from hidra.inference.posterior import Posterior, wider
from hidra.inference.samplers import (
    CHAINS,
    DEPTH,
    MOVES,
    QUICK,
    WARM_UP,
    Drawn,
    Surface,
    draw,
    predictive,
    surface,
)  # fmt: skip
from hidra.model.equation import Model
from hidra.model.observe import PARAMS
from hidra.model.simulate import Drivers, compiled
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
    steps: int,
    kept: Checkpoint = NOWHERE,
    progress: Progress = _silent,
) -> Posterior:
    """Fit a system to the records from its start to its end.

    Dated removals of leaders are conditioned on; splits are off (see ``fit.fit``).

    Parameters
    ----------
    system : of the states, ending with the records it is fitted to.
    kept : where finished pieces of the work are kept; see ``calibration.py`` of the verbs.
    """
    program = system.program
    found = fit(
        program.model,
        system.dynamics,
        program.drivers,
        program.weeks,
        records(program.weeks, system.known),
        seed=seed,
        recording=system.recording,
        steps=steps,
        kept=kept,
        progress=progress,
    )
    return replace(found, fingerprint=stamp(system, seed, steps))


def stamp(system: System, seed: int, steps: int) -> str:
    """Return the fingerprint of the posterior of a system: of its inputs and of the code."""
    return fingerprint.of([system.fingerprint, fingerprint.code(__name__), seed, steps])


def fit(
    model: Model,
    params: tuple[Param, ...],
    drivers: Drivers,
    weeks: Weeks,
    records: Records,
    *,
    seed: int,
    recording: tuple[Param, ...] = PARAMS,
    runs: int = RUNS,
    steps: int = 0,
    kept: Checkpoint = NOWHERE,
    progress: Progress = _silent,
) -> Posterior:
    """Draw from the posterior, with an emulator in place of the core.

    Parameters
    ----------
    params : uncertain and fixed parameters of core and mechanisms, full names.
    weeks : the months of the fit. Splits are off in it, so that the likelihood is smooth: those of
        the past are in the network, those of the future are simulated.
    recording : parameters of what agencies record. runs : model runs behind the emulator.
    steps : draws kept of each of two NUTS chains; 0 for the quick approximation.
    kept : where finished pieces are kept, and looked for first.
    progress : called with the stage (``"emulate"``, ``"sample"``), what is done of it, and all.

    Raises
    ------
    FitError
        If the model or the posterior gives numbers that are not finite.
    """
    emulator = stand_in(
        model, params, drivers, weeks, seed, runs=runs, kept=kept, progress=progress
    )
    judged_by = partial(probability, emulator, recording, records, weeks.days)
    seen = (records.inegi, records.sesnsp)
    found = surface(judged_by, seed, *seen)
    drawn = draw(found, seed, steps, *seen, kept=kept, progress=partial(progress, "sample"))
    told = {
        "emulator_error": emulator.error,
        "emulator_worst": emulator.worst,
        **drawn.diagnostics,
        **_checked(found, drawn, seed, seen, params, recording),
    }
    return Posterior(_told(drawn.draws, params, recording), told, sample_stats=drawn.stats)


def _told(
    sites: Mapping[str, np.ndarray], params: tuple[Param, ...], recording: tuple[Param, ...]
) -> dict[str, np.ndarray]:
    """Return draws of parameters in their units for those of the sites of the NumPyro model."""
    held = {q.name: np.full(len(sites["z"]), q.value) for q in recording if q.prior is None}
    innovations = {name for name in sites if name.endswith(NEW)}  # the knots say the same
    recorded = {name: value for name, value in sites.items() if name not in innovations | {"z"}}
    return natural(params, sites["z"]) | held | recorded


def _checked(
    found: Surface,
    drawn: Drawn,
    seed: int,
    seen: tuple[np.ndarray, np.ndarray],
    params: tuple[Param, ...],
    recording: tuple[Param, ...],
) -> dict[str, Any]:
    """Return the diagnostics on all draws that need parameters and records."""
    every = drawn.draws
    if len(drawn.points) > len(every["z"]):
        values = found.values(drawn.points, *seen)
        every = {name: np.asarray(value) for name, value in values.items()}
    draws = _told(every, params, recording)
    uncertain = [q for q in (*params, *recording) if q.prior is not None]
    counts = dict(zip(("inegi", "sesnsp"), seen, strict=True))
    return {
        "wider": [q.name for q in uncertain if wider(q, draws[q.name])],
        "predictive": predictive(found, drawn.points, seed, counts, *seen),
    }


def stand_in(
    model: Model,
    params: tuple[Param, ...],
    drivers: Drivers,
    weeks: Weeks,
    seed: int,
    *,
    runs: int = RUNS,
    kept: Checkpoint = NOWHERE,
    progress: Progress = _silent,
) -> Emulator:
    """Return the emulator of monthly member deaths; see ``fit`` for the arguments."""
    points = design(sum(q.prior is not None for q in params), runs, seed)
    run = partial(_in_pieces, simulator(model, params, drivers, weeks), kept, progress)
    return emulate(run, points, floor=FLOOR)


def natural(params: tuple[Param, ...], z: np.ndarray) -> dict[str, np.ndarray]:
    """Turn standard normal coordinates (S, D) into parameters in their units, name -> (S,)."""
    share = iter(norm.cdf(np.asarray(z)).T)
    return {
        q.name: np.full(len(z), q.value)
        if q.prior is None
        else np.asarray(q.prior.quantile(next(share)))
        for q in params
    }


def simulator(model: Model, params: tuple[Param, ...], drivers: Drivers, weeks: Weeks) -> Simulator:
    """Return a compiled function from z (runs, D) to monthly member deaths (runs, M, P)."""
    program = Program(model, drivers, weeks)

    def one(p: Mapping[str, Array]) -> Array:
        return program.draw(p, 0, 0, stream="fit").past["member_deaths"]

    every = compiled(lambda p: jax.lax.map(one, p))
    return lambda z: np.asarray(every({n: jnp.asarray(v) for n, v in natural(params, z).items()}))


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
    now, params = system.program, system.dynamics
    free = sum(q.prior is not None for q in params)
    simulate = simulator(now.model, params, now.drivers, now.weeks)
    known = records(now.weeks, system.known)
    points = design(free, FEW, 0)
    run = _seconds(lambda: simulate(points)) / FEW
    months, places = known.population.shape
    pairs = np.array(list(combinations_with_replacement(range(free), 2)))
    blank = Emulator(np.zeros((1 + free + len(pairs), months, places)), pairs, 0.0, 0.0)
    given: tuple[Any, Any] = (known.inegi, known.sesnsp)
    model = partial(probability, blank, system.recording, known, now.weeks.days)
    found = surface(model, 0, *given)
    at = jnp.asarray(found.start)
    gradient = _seconds(
        lambda: [found.slope(at, *given)[0].block_until_ready() for _ in range(FEW)]
    )
    gradient /= FEW
    quick = SEARCH + 3 * len(at) + 2 * MOVES + QUICK // 2
    fixed = COMPILING + RUNS * run + quick * gradient
    moves = CHAINS * (WARM_UP + steps) * gradient if steps else 0.0
    return Cost(run, gradient, fixed + 15 * moves, fixed + (2**DEPTH - 1) * moves)


def _seconds(work: Callable[[], object]) -> float:
    """Seconds of the second call: the first compiles."""
    work()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
