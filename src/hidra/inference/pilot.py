"""What a fit will cost, measured on a few runs and gradients before it begins."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement
from typing import Any

import jax.numpy as jnp
import numpy as np

from hidra.inference import RUNS, probability, simulator
from hidra.inference.calibrate import records
from hidra.inference.chains import CHAINS, DEPTH, WARM_UP
from hidra.inference.emulate import Emulator, design
from hidra.inference.sample import MOVES, QUICK, surface
from hidra.model.system import System

FEW = 5  # runs and gradients that are timed
SEARCH = 400  # evaluations that the search for the mode takes, about
COMPILING = 20.0  # seconds


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
