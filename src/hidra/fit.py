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

from hidra import noise
from hidra.emulate import Emulator, design, emulate
from hidra.model import Model
from hidra.observe import ATTRIBUTED, PARAMS, homicides, interpolate, knots_for
from hidra.param import Param
from hidra.sample import sample
from hidra.simulate import Drivers, Policy, run_months
from hidra.weeks import Weeks

SHARE_SD, DISPERSION_SD, REPORTING_SD = 0.5, 0.4, 0.2  # of logit or log, states around the typical
FLOOR = 0.1  # members killed a month in a state: fewer do not show in its records
LEVEL_SD = 1.0  # of log homicides a month, around what was recorded: uninformative


@dataclass(frozen=True)
class Records:
    """What was recorded in the months of the fit; NaN where unknown.

    Attributes
    ----------
    inegi, sesnsp : (M, P) persons a month.
    population : (M, P) persons.
    lost : homicides plus missing persons a year, nationally: the base of the attributed share.
    """

    inegi: np.ndarray
    sesnsp: np.ndarray
    population: np.ndarray
    lost: float


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
    runs: int = 400,
    steps: int = 0,
    progress: Callable[[str], None] = lambda stage: None,
) -> Posterior:
    """Draw from the posterior, with an emulator in place of the core.

    Parameters
    ----------
    params : uncertain and fixed parameters of core and mechanisms, full names.
    weeks : the months of the fit. Splits are off in it, so that the likelihood is smooth: those of
        the past are in the network, those of the future are simulated.
    recording : parameters of what agencies record. runs : model runs behind the emulator.
    steps : draws kept of each of two NUTS chains; 0 for the quick approximation.
    progress : called with the stage that begins.

    Raises
    ------
    FitError
        If the model or the posterior gives numbers that are not finite.
    """
    uncertain = tuple(q for q in params if q.prior is not None)
    points = design(len(uncertain), runs, seed)
    progress("emulate")
    emulator = emulate(lambda z: _deaths(model, params, drivers, weeks, z), points, floor=FLOOR)
    progress("sample")
    probability = partial(_probability, emulator, recording, records, weeks.days)
    found, judged = sample(probability, seed, steps)
    held = {q.name: np.full(len(found["z"]), q.value) for q in recording if q.prior is None}
    draws = natural(params, found.pop("z")) | held | found
    return Posterior(draws, emulator.error, emulator.worst, judged)


def natural(params: tuple[Param, ...], z: np.ndarray) -> dict[str, np.ndarray]:
    """Turn standard normal coordinates (S, D) into parameters in their units, name -> (S,)."""
    share = iter(norm.cdf(np.asarray(z)).T)
    return {
        q.name: np.full(len(z), q.value)
        if q.prior is None
        else np.asarray(q.prior.quantile(next(share)))
        for q in params
    }


def _deaths(
    model: Model, params: tuple[Param, ...], drivers: Drivers, weeks: Weeks, z: np.ndarray
) -> np.ndarray:
    """Monthly member deaths for each row of z, (runs, M, P)."""
    key = noise.key(0, 0, "fit")

    def one(p: Mapping[str, Array]) -> Array:
        return run_months(model, p, drivers, Policy(), weeks, key)["member_deaths"]

    p = {name: jnp.asarray(v) for name, v in natural(params, z).items()}
    return np.asarray(jax.jit(lambda q: jax.lax.map(one, q))(p))


def _probability(
    emulator: Emulator, recording: tuple[Param, ...], records: Records, days: np.ndarray
) -> None:
    """Joint probability of parameters and records, as a NumPyro model."""
    import numpyro
    from numpyro import distributions as dist

    months, places = records.inegi.shape
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
    seen = np.isfinite(records.inegi)
    recorded = np.log(np.nanmean(np.where(seen, records.inegi, np.nan), axis=0) + 0.5)
    level = jnp.exp(each_place("level", recorded, LEVEL_SD))
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
        ("inegi", records.inegi, mean),
        ("sesnsp", records.sesnsp, reporting * mean),
    ):
        known = np.isfinite(counts)
        likelihood = dist.NegativeBinomial2(mu, size).mask(known)
        numpyro.sample(name, likelihood, obs=np.where(known, counts, 0.0))


def _discrepancy(o: Mapping[str, Array], months: int, places: int) -> Array:
    """Autoregressive knots of the nation and of each place, as log discrepancy (M, P)."""
    knots = knots_for(months)
    nation = _remembered("knots_nation", (knots,), o["persistence"], o["discrepancy_nation"])
    place = _remembered("knots_place", (knots, places), o["persistence"], o["discrepancy_place"])
    return interpolate(nation[:, None] + place, months)


def _remembered(name: str, shape: tuple[int, ...], persistence: Array, sd: Array) -> Array:
    """Sample a stationary first-order autoregression along the first axis."""
    import numpyro
    from numpyro import distributions as dist

    flat = dist.ImproperUniform(dist.constraints.real, (), event_shape=shape)
    knots = numpyro.sample(name, flat)
    first = dist.Normal(0.0, sd / jnp.sqrt(1.0 - persistence**2)).log_prob(knots[0])
    later = dist.Normal(persistence * knots[:-1], sd).log_prob(knots[1:])
    numpyro.factor(f"{name}_prior", first.sum() + later.sum())
    return knots
