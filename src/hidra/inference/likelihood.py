"""How probable the records of agencies are, given parameters: the likelihood and its priors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core.param import Param
from hidra.core.weeks import Weeks
from hidra.model import series
from hidra.model.observe import ATTRIBUTED, KNOT, centred, interpolate, knots_for, second
from hidra.model.series import ALL_KNOWN, Known

if TYPE_CHECKING:
    from hidra.inference.calibrate import Emulator

SHARE_SD, DISPERSION_SD, REPORTING_SD = 0.5, 0.4, 0.2  # of logit or log, states around the typical
YEARLY_SD = 0.1  # of log reporting, the nation of one year around that of all
LEVEL_SD = 1.0  # of log homicides a month, around what was recorded: uninformative
# what is sampled of knots, which say the same
COORDINATES = ("knots_nation_new", "knots_place_new", "course")


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


def records(weeks: Weeks, known: Known = ALL_KNOWN) -> Records:
    """What INEGI and SESNSP recorded, by month and state, and the yearly total of the lost."""
    totals = known.table("science2023_annual").set_index("year")
    years = totals.index.isin([int(str(m)[:4]) for m in weeks.months])
    lost = totals.loc[years if years.any() else slice(None), ["homicides", "missing"]].sum(axis=1)
    return Records(
        inegi=series.records("inegi_homicides", weeks, known),
        sesnsp=series.records("sesnsp_homicide_victims", weeks, known),
        population=series.population(weeks, known=known),
        lost=float(lost.mean()),
    )


def probability(
    emulator: Emulator,
    recording: tuple[Param, ...],
    records: Records,
    days: np.ndarray,
    inegi: Any,
    sesnsp: Any,
) -> None:
    """Joint probability of parameters and counts (M, P, NaN unknown), as a NumPyro model.

    Both agencies count the same deaths: what a month has more than is expected, one gamma factor,
    is in both of their counts (a bivariate negative binomial), and evidence is not had twice. The
    error of the emulator is variance that the records do not speak of.
    """
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
    local = each_place("report", 0.0, REPORTING_SD)
    year = np.arange(months) // 12  # from the first month of the fit
    yearly = YEARLY_SD * numpyro.sample("yearly", unit.expand([year[-1] + 1]).to_event(1))
    reporting = jnp.exp(local + yearly[-1])
    o["unlinked"] = level * (1.0 - share) / exposure.mean(axis=0)
    o["linked"] = level * share / deaths.mean(axis=0)
    kept = {"size_place": size, "reporting": reporting, "reporting_year": yearly - yearly[-1]}
    for name, value in (kept | {k: o[k] for k in ("unlinked", "linked")}).items():
        numpyro.deterministic(name, value)
    base = jnp.log(o["unlinked"] * exposure + o["linked"] * deaths)
    held = not {q.name for q in recording if q.prior} & {"persistence", "discrepancy_place"}
    mean = jnp.exp(base + interpolate(_knots(o, base - records.centre, held), months))
    attributed = deaths.sum() / (months / 12) / records.lost
    numpyro.factor("attributed", ATTRIBUTED.prior.distribution().log_prob(attributed))  # type: ignore[union-attr]
    size = 1.0 / (1.0 / size + (share * emulator.error) ** 2)

    def recorded(name: str, counts: Array, mu: Array, size: Array) -> tuple[Array, Array]:
        known = jnp.isfinite(counts)
        likelihood = dist.NegativeBinomial2(mu, size).mask(known)
        return known, numpyro.sample(name, likelihood, obs=jnp.where(known, counts, 0.0))

    known, first = recorded("inegi", inegi, mean, size)
    other = mean * jnp.exp(local + yearly[year][:, None])
    recorded("sesnsp", sesnsp, *second(other, mean, size, jnp.where(known, first, jnp.nan)))


def _knots(o: Mapping[str, Array], base: Array, held: bool) -> Array:
    """Sample the knots of the discrepancy, nation and place together, (K, P).

    The nation's are sampled as standard normal innovations. Those of a place are sampled as its
    `course`: what is expected of it at each knot, over what is usual. That is what the records
    determine; mechanisms, shares and discrepancy are loose, and make it up together on a bent
    ridge that no normal and no short trajectory follows.

    Parameters
    ----------
    base : (M, P) log of what mechanisms expect, over what is usual.
    held : whether memory and spread of the discrepancy are; where they are learnt the density of a
        course has no highest point, and innovations are sampled instead.
    """
    import numpyro
    from numpyro import distributions as dist

    months, places = base.shape
    count = knots_for(months)
    unit = dist.Normal(0.0, 1.0)
    own = o["persistence"], o["discrepancy_place"]
    fresh = numpyro.sample("knots_nation_new", unit.expand([count]).to_event(1))
    nation = centred(fresh, o["persistence"], o["discrepancy_nation"])[:, None]
    if held:
        mean = centred(jnp.zeros((count, 1)), *own)
        before = base[np.minimum(np.arange(count) * KNOT, months - 1)] + nation
        reach = centred(jnp.eye(count), *own) - mean
        normal = dist.MultivariateNormal((before + mean).T, scale_tril=reach).to_event(1)
        place = numpyro.sample("course", normal).T - before
    else:
        fresh = numpyro.sample("knots_place_new", unit.expand([count, places]).to_event(2))
        place = centred(fresh, *own)
    numpyro.deterministic("knots_nation", nation[:, 0])
    numpyro.deterministic("knots_place", place)
    return nation + place
