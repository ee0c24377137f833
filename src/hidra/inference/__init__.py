"""Fit the few uncertain parameters to what agencies recorded, and say how far to trust it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.stats import norm

from hidra.core.param import Param
from hidra.core.weeks import Weeks
from hidra.inference.checkpoint import NOWHERE, Checkpoint
from hidra.inference.emulate import Emulator, design, emulate
from hidra.inference.sample import sample
from hidra.model.equation import Model
from hidra.model.observe import ATTRIBUTED, PARAMS, homicides, interpolate, knots_for
from hidra.model.simulate import Drivers, compiled
from hidra.model.system import Program

SHARE_SD, DISPERSION_SD, REPORTING_SD = 0.5, 0.4, 0.2  # of logit or log, states around the typical
FLOOR = 0.1  # members killed a month in a state: fewer do not show in its records
LEVEL_SD = 1.0  # of log homicides a month, around what was recorded: uninformative
RUNS = 400  # of the model, behind the emulator
NEW = "_new"  # ends the names of innovations
PIECE = 25  # runs between two checkpoints: half a second of work

Progress = Callable[[str, int, int], None]
Simulator = Callable[[np.ndarray], np.ndarray]


def _silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


@dataclass(frozen=True)
class Records:
    """What was recorded in the months of the fit; NaN where unknown.

    Attributes
    ----------
    inegi, sesnsp : (M, P) persons a month.
    population : (M, P) persons.
    lost : homicides plus missing persons a year, nationally: the base of the attributed share.
    usual : (P,) homicides a month, the centre of the prior of each place's level; the mean of what
        was recorded when None.
    """

    inegi: np.ndarray
    sesnsp: np.ndarray
    population: np.ndarray
    lost: float
    usual: np.ndarray | None = None

    @property
    def centre(self) -> np.ndarray:
        """Log of what is usual in each place, (P,)."""
        if self.usual is not None:
            return np.log(self.usual)
        return np.asarray(np.log(np.nanmean(self.inegi, axis=0) + 0.5))


@dataclass(frozen=True)
class Posterior:
    """Draws of every parameter, with what is needed to judge them.

    Attributes
    ----------
    draws : name -> (S, ...) array; core and mechanism parameters, and those of observation.
    emulator_error, emulator_worst : of log monthly deaths on runs kept aside.
    judged : what the sampler says of itself, see ``sample.sample``.
    """

    draws: dict[str, np.ndarray]
    emulator_error: float
    emulator_worst: float
    judged: dict[str, float]

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(next(iter(self.draws.values())))

    @property
    def trusted(self) -> bool:
        """Whether the draws may be relied on.

        Chains must agree (R-hat below 1.05, 100 effective draws, under 1 % divergent); of quick
        draws more than half must lie in the bulk, as high above the mode as normal draws do.
        """
        if "kept" in self.judged:
            return self.judged["kept"] > 0.5 and abs(self.judged["excess"] - 1.0) < 0.2
        good = self.judged["rhat"] < 1.05 and self.judged["ess"] > 100
        return good and self.judged["divergences"] < 0.01 * self.size


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
    found, judged = sample(
        partial(probability, emulator, recording, records, weeks.days),
        seed,
        steps,
        records.inegi,
        records.sesnsp,
        kept=kept,
        progress=partial(progress, "sample"),
    )
    held = {q.name: np.full(len(found["z"]), q.value) for q in recording if q.prior is None}
    innovations = {name for name in found if name.endswith(NEW)}  # the knots say the same
    recorded = {name: value for name, value in found.items() if name not in innovations | {"z"}}
    draws = natural(params, found["z"]) | held | recorded
    return Posterior(draws, emulator.error, emulator.worst, judged)


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


def probability(
    emulator: Emulator,
    recording: tuple[Param, ...],
    records: Records,
    days: np.ndarray,
    inegi: Any,
    sesnsp: Any,
) -> None:
    """Joint probability of parameters and counts (M, P, NaN unknown), as a NumPyro model."""
    import numpyro
    from numpyro import distributions as dist

    months, places = records.population.shape
    unit = dist.Normal(0.0, 1.0)
    o = {
        q.name: numpyro.sample(q.name, q.prior.distribution()) if q.prior else jnp.asarray(q.value)
        for q in recording
    }

    def each_place(name: str, centre: Any, sd: float) -> Array:
        return centre + sd * numpyro.sample(name, unit.expand([places]).to_event(1))

    z = numpyro.sample("z", unit.expand([emulator.dimensions]).to_event(1))
    deaths = jnp.exp(emulator(z))
    exposure = records.population * days[:, None]
    level = jnp.exp(each_place("level", records.centre, LEVEL_SD))
    odds = jnp.log(o["linked_share"]) - jnp.log1p(-o["linked_share"])
    share = jax.nn.sigmoid(each_place("share", odds, SHARE_SD))
    size = jnp.exp(each_place("size", jnp.log(o["dispersion"]), DISPERSION_SD))
    reporting = jnp.exp(each_place("report", 0.0, REPORTING_SD))
    o["unlinked"] = level * (1.0 - share) / exposure.mean(axis=0)
    o["linked"] = level * share / deaths.mean(axis=0)
    kept = {"size_place": size, "reporting": reporting}
    for name, value in (kept | {k: o[k] for k in ("unlinked", "linked")}).items():
        numpyro.deterministic(name, value)
    mean = homicides(o, deaths, records.population, days, _discrepancy(o, months, places))
    attributed = deaths.sum() / (months / 12) / records.lost
    numpyro.factor("attributed", ATTRIBUTED.prior.distribution().log_prob(attributed))  # type: ignore[union-attr]
    for name, counts, mu in (
        ("inegi", inegi, mean),
        ("sesnsp", sesnsp, reporting * mean),
    ):
        known = jnp.isfinite(counts)
        likelihood = dist.NegativeBinomial2(mu, size).mask(known)
        numpyro.sample(name, likelihood, obs=jnp.where(known, counts, 0.0))


def _discrepancy(o: Mapping[str, Array], months: int, places: int) -> Array:
    """Autoregressive knots of the nation and of each place, as log discrepancy (M, P)."""
    knots = knots_for(months)
    nation = _remembered("knots_nation", (knots,), o["persistence"], o["discrepancy_nation"])
    place = _remembered("knots_place", (knots, places), o["persistence"], o["discrepancy_place"])
    return interpolate(nation[:, None] + place, months)


def _remembered(name: str, shape: tuple[int, ...], persistence: Array, sd: Array) -> Array:
    """Sample a stationary first-order autoregression along the first axis.

    Its standard normal innovations are what is sampled, so that every coordinate of the posterior
    has the same prior scale.
    """
    import numpyro
    from numpyro import distributions as dist

    steps = np.arange(shape[0])
    lag = steps[:, None] - steps
    memory = jnp.where(lag >= 0, persistence ** np.maximum(lag, 0), 0.0)
    first = 1.0 / jnp.sqrt(1.0 - persistence**2)
    scale = sd * jnp.where(steps == 0, first, 1.0)
    unit = dist.Normal(0.0, 1.0).expand(list(shape)).to_event(len(shape))
    knots = jnp.tensordot(memory * scale, numpyro.sample(f"{name}{NEW}", unit), 1)
    return jnp.asarray(numpyro.deterministic(name, knots))
