"""Fit the few uncertain parameters to what agencies recorded, and say how far to trust it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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
from hidra.simulate import Drivers, Policy, run_months
from hidra.weeks import Weeks

LOCAL_SD = 0.7  # prior scale of log local intensity, weakly informative
PLACE_SD = {"background": 0.5, "dispersion": 0.4, "reporting": 0.2}  # of log, around the typical


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
    rhat, ess, divergences : worst R-hat, smallest effective sample size, divergent transitions.
    """

    draws: dict[str, np.ndarray]
    emulator_error: float
    emulator_worst: float
    rhat: float
    ess: float
    divergences: int

    @property
    def size(self) -> int:
        """Number of draws."""
        return len(next(iter(self.draws.values())))

    @property
    def trusted(self) -> bool:
        """Whether the chains agree: R-hat below 1.05, 100 effective draws, under 1 % divergent."""
        return self.rhat < 1.05 and self.ess > 100 and self.divergences < 0.01 * self.size


def fit(
    model: Model,
    params: tuple[Param, ...],
    drivers: Drivers,
    weeks: Weeks,
    records: Records,
    *,
    seed: int,
    runs: int = 400,
    steps: int = 400,
    progress: bool = False,
) -> Posterior:
    """Sample the posterior by NUTS on an emulator of the core.

    Parameters
    ----------
    params : uncertain and fixed parameters of core and mechanisms, full names.
    weeks : the months of the fit. Splits are off in it: the network is later than the data.
    runs : model runs behind the emulator. steps : warm-up steps and draws of each of two chains.
    """
    uncertain = tuple(q for q in params if q.prior is not None)
    points = design(len(uncertain), runs, seed)
    emulator = emulate(lambda z: _deaths(model, params, drivers, weeks, z), points)
    months = len(weeks.months)
    found, trace = _sample(emulator, records, weeks, len(uncertain), months, seed, steps, progress)
    draws = natural(params, found.pop("z")) | found
    return Posterior(draws, emulator.error, emulator.worst, **trace)


def natural(params: tuple[Param, ...], z: np.ndarray) -> dict[str, np.ndarray]:
    """Turn standard normal coordinates (S, D) into parameters in their units, name -> (S,)."""
    share = iter(norm.cdf(np.asarray(z)).T)
    return {
        q.name: np.full(len(z), q.value) if q.prior is None else np.asarray(q.prior.quantile(next(share)))
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


def _sample(
    emulator: Emulator,
    records: Records,
    weeks: Weeks,
    dimensions: int,
    months: int,
    seed: int,
    steps: int,
    progress: bool,
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    from numpyro.diagnostics import summary
    from numpyro.infer import MCMC, NUTS, init_to_median

    kernel = NUTS(_probability, init_strategy=init_to_median(num_samples=5), max_tree_depth=8)
    sampler = MCMC(
        kernel,
        num_warmup=steps,
        num_samples=steps,
        num_chains=2,
        chain_method="vectorized",
        progress_bar=progress,
    )
    sampler.run(jax.random.key(seed), emulator, records, weeks.days, dimensions, months)
    found = {k: np.asarray(v) for k, v in sampler.get_samples().items() if not k.startswith("raw_")}
    watched = {k: v for k, v in sampler.get_samples(group_by_chain=True).items() if k in WATCHED}
    rows = [s for s in summary(watched).values()]
    trace = {
        "rhat": float(max(np.max(s["r_hat"]) for s in rows)),
        "ess": float(min(np.min(s["n_eff"]) for s in rows)),
        "divergences": int(sampler.get_extra_fields()["diverging"].sum()),
    }
    return found, trace


WATCHED = ("z", *(q.name for q in PARAMS), "local_sd", "knots_nation")


def _probability(
    emulator: Emulator, records: Records, days: np.ndarray, dimensions: int, months: int
) -> None:
    """The joint probability of parameters and records, as a NumPyro model."""
    import numpyro
    from numpyro import distributions as dist

    places = records.inegi.shape[1]
    unit = dist.Normal(0.0, 1.0)
    deaths = jnp.exp(emulator(numpyro.sample("z", unit.expand([dimensions]).to_event(1))))
    o = {q.name: numpyro.sample(q.name, q.prior.distribution()) for q in PARAMS if q.prior}

    def by_place(name: str, centre: Array | float, sd: Array | float) -> Array:
        raw = numpyro.sample(f"raw_{name}", unit.expand([places]).to_event(1))
        return numpyro.deterministic(f"{name}_place", centre * jnp.exp(sd * raw))

    local_sd = numpyro.sample("local_sd", dist.HalfNormal(LOCAL_SD))
    o["local"] = by_place("local", 1.0, local_sd)
    size = by_place("dispersion", o["dispersion"], PLACE_SD["dispersion"])
    o["background"] = by_place("background", o["background"], PLACE_SD["background"])
    reporting = by_place("reporting", 1.0, PLACE_SD["reporting"])
    delta = _discrepancy(o, months, places)
    mean = homicides(o, deaths, records.population, days, delta)
    share = deaths.sum() / (months / 12) / records.lost
    numpyro.factor("attributed", ATTRIBUTED.prior.distribution().log_prob(share))  # type: ignore[union-attr]
    for name, counts, mu in (
        ("inegi", records.inegi, mean),
        ("sesnsp", records.sesnsp, reporting * mean),
    ):
        seen = np.isfinite(counts)
        likelihood = dist.NegativeBinomial2(mu, size).mask(seen)
        numpyro.sample(name, likelihood, obs=np.where(seen, counts, 0.0))


def _discrepancy(o: Mapping[str, Array], months: int, places: int) -> Array:
    """Autoregressive knots of the nation and of each place, as log discrepancy (M, P)."""
    import numpyro
    from numpyro import distributions as dist

    knots = knots_for(months)
    lag = np.arange(knots)[:, None] - np.arange(knots)[None, :]
    phi = o["persistence"]
    memory = jnp.where(lag >= 0, phi ** np.maximum(lag, 0), 0.0)
    memory = memory.at[:, 0].divide(jnp.sqrt(1.0 - phi**2))  # the first knot is stationary
    unit = dist.Normal(0.0, 1.0)
    nation = numpyro.sample("raw_nation", unit.expand([knots]).to_event(1))
    place = numpyro.sample("raw_place", unit.expand([knots, places]).to_event(2))
    nation = numpyro.deterministic("knots_nation", o["discrepancy_nation"] * (memory @ nation))
    place = numpyro.deterministic("knots_place", o["discrepancy_place"] * (memory @ place))
    return interpolate(nation[:, None] + place, months)
