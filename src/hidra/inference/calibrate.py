"""From a system to its posterior: fit it to the records, and say beforehand what that costs.

Sampling needs tens of thousands of evaluations. The deterministic core is smooth in its few
parameters, so log monthly deaths are well described by a second-order polynomial in standardised
parameters, an emulator whose error is measured on runs kept aside. Final results always come from
the model itself; only the fit looks at the stand-in.
"""

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
from scipy.stats import norm, qmc

from hidra.core import fingerprint
from hidra.core.cache import NOWHERE, Checkpoint
from hidra.core.errors import FitError
from hidra.core.i18n import _
from hidra.core.param import Param
from hidra.core.workers import Progress, silent
from hidra.inference import samplers
from hidra.inference.likelihood import COORDINATES, Records, probability, records
from hidra.inference.posterior import Posterior, wider
from hidra.inference.samplers import draw, predictive, surface
from hidra.model.simulate import compiled
from hidra.model.system import Program, System

ASIDE = 0.2  # share of the runs that the error of an emulator is measured on


@dataclass(frozen=True)
class Emulator:
    """A stand-in for a slow, smooth simulator: log output = features(z) @ weights.

    Attributes
    ----------
    weights : (F, ...) polynomial coefficients.
    error : root mean square error of log output on runs kept aside.
    worst : largest absolute error of log output on those runs.
    """

    weights: np.ndarray
    pairs: np.ndarray
    error: float
    worst: float

    @property
    def dimensions(self) -> int:
        """Number of coordinates."""
        return int(self.pairs.max()) + 1

    def __call__(self, z: Array) -> Array:
        """Evaluate at standard normal coordinates z, (D,)."""
        flat = _features(z, self.pairs) @ self.weights.reshape(len(self.weights), -1)
        return flat.reshape(self.weights.shape[1:])


def _features(z: Array, pairs: np.ndarray) -> Array:
    return jnp.concatenate([jnp.ones(1), z, z[pairs[:, 0]] * z[pairs[:, 1]]])


def design(dimensions: int, runs: int, seed: int) -> np.ndarray:
    """Spread standard normal points evenly, (runs, dimensions): a Latin hypercube."""
    cube = qmc.LatinHypercube(dimensions, seed=seed).random(runs)
    return np.asarray(norm.ppf(np.clip(cube, 0.005, 0.995)))


def emulate(
    simulator: Callable[[np.ndarray], np.ndarray],
    points: np.ndarray,
    floor: float = 0.0,
) -> Emulator:
    """Fit the stand-in to runs of the simulator at `points`.

    Parameters
    ----------
    simulator : maps (runs, D) points to (runs, ...) positive outputs.
    floor : added before the logarithm, so that what is next to nothing does not steer the fit.

    Raises
    ------
    FitError
        If an output is not finite and positive.
    """
    pairs = np.array(list(combinations_with_replacement(range(points.shape[1]), 2)))
    output = np.log(np.asarray(simulator(points)) + floor)
    if not np.isfinite(output).all():
        raise FitError(
            _("The model gives numbers that are not finite for some parameters of the prior."),
            where=_("emulating the model before the fit"),
            fix=_("Narrow the priors of the study, or switch off the mechanism added last."),
        )
    features = np.stack([np.asarray(_features(z, pairs)) for z in points])
    flat = output.reshape(len(points), -1)
    cut = int(len(points) * (1 - ASIDE))
    trial, *_rest = np.linalg.lstsq(features[:cut], flat[:cut], rcond=None)
    miss = features[cut:] @ trial - flat[cut:]
    weights, *_rest = np.linalg.lstsq(features, flat, rcond=None)
    return Emulator(
        weights.reshape(-1, *output.shape[1:]),
        pairs,
        float(np.sqrt(np.mean(miss**2))),
        float(np.abs(miss).max()),
    )


FLOOR = 0.1  # members killed a month in a state: fewer do not show in its records
RUNS = 400  # of the model, behind the emulator
PIECE = 25  # runs between two checkpoints: half a second of work
FEW = 5  # runs and gradients that are timed
SEARCH = 400  # evaluations that the search for the mode takes, about
COMPILING = 20.0  # seconds

Simulator = Callable[[np.ndarray], np.ndarray]


def calibrate(
    system: System,
    *,
    seed: int,
    steps: int = 0,
    seen: Records | None = None,
    runs: int = RUNS,
    kept: Checkpoint = NOWHERE,
    progress: Progress = silent,
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
    chains = samplers.CHAINS if steps else 1
    told = {
        "emulator_error": emulator.error,
        "emulator_worst": emulator.worst,
        **drawn.diagnostics,
        "wider": [q.name for q in uncertain if wider(q, all_draws[q.name], chains)],
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
    recorded = {n: value for n, value in sites.items() if n not in {*COORDINATES, "z"}}
    return natural(system.dynamics, sites["z"]) | held | recorded


def stand_in(
    system: System,
    seed: int,
    *,
    runs: int = RUNS,
    kept: Checkpoint = NOWHERE,
    progress: Progress = silent,
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
