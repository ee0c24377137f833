"""What agencies record of what the model makes happen.

Latent deaths of members D_pm become expected homicides

    mu_pm = (u_p N_pm days_m + c_p D_pm) exp(delta_m + delta_pm)

with u_p the rate of killings not linked to groups (the background of a state) and c_p the killings
linked to each member killed. Records are negative binomial around mu (INEGI) and around rep_p mu
(SESNSP), and share what a month has more or less than expected: both count the same deaths. The
discrepancy delta is what the mechanisms do not explain; it is reported, never hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from scipy.special import ndtri

from hidra.core import noise
from hidra.core.param import Beta, LogNormal, Param

OURS = "weakly informative"
LONG = (
    "rounded median of a preliminary NUTS fit of 2012-2019 (R-hat 1.07, not fully converged), "
    "then held; give it a prior to learn it again"
)
PARAMS = (
    Param(
        name="linked_share",
        value=Beta(a=12, b=13),
        unit="share of homicides",
        source="125,000-150,000 of 286,000 homicides of 2006-2018 (press count, second hand)",
        doc="Homicides linked to groups, typical state.",
    ),
    Param(
        name="dispersion",
        value=LogNormal(median=25, log_sd=0.5),
        unit="1",
        source=OURS,
        doc="Negative binomial size of monthly counts, typical state (k).",
    ),
    Param(
        name="persistence",
        value=0.9,
        unit="share left after half a year",
        source=LONG,
        doc="How much of the discrepancy is still there half a year later.",
    ),
    Param(
        name="discrepancy_nation",
        value=0.1,
        unit="log homicides",
        source=LONG,
        doc="New national discrepancy in half a year, standard deviation.",
    ),
    Param(
        name="discrepancy_place",
        value=0.25,
        unit="log homicides",
        source=LONG,
        doc="New discrepancy of one state in half a year, standard deviation.",
    ),
)
ATTRIBUTED = Param(
    name="attributed_share",
    value=Beta(a=5, b=45),
    unit="share",
    source="Science 2023 assumes 0.10",
    doc="Members killed per homicide or missing person: the anchor of the absolute scale (f).",
)
KNOT = 6  # months between the knots of the discrepancy


def interpolate(knots: Array, months: int) -> Array:
    """Draw straight lines between knots KNOT months apart: (K, ...) -> (months, ...)."""
    at = np.arange(months) / KNOT
    left = np.minimum(at.astype(int), knots.shape[0] - 2)
    right = (at - left).reshape(-1, *[1] * (knots.ndim - 1))
    return knots[left] * (1.0 - right) + knots[left + 1] * right


def knots_for(months: int) -> int:
    """Number of knots that cover `months` months."""
    return (months - 1) // KNOT + 2


def homicides(
    o: Mapping[str, Array], deaths: Array, population: Any, days: Any, log_discrepancy: Array
) -> Array:
    """Return expected homicides, (M, P), persons a month.

    Parameters
    ----------
    o : `unlinked` (P,), killings per person and day not linked to groups; `linked` (P,), killings
        per member killed.
    deaths : (M, P) members killed a month. population : (M, P) persons. days : (M,).
    log_discrepancy : (M, P).
    """
    exposure = population * days[:, None]
    return (o["unlinked"] * exposure + o["linked"] * deaths) * jnp.exp(log_discrepancy)


def continued(knots: Array, months: int, persistence: Array, sd: Array, stream: Array) -> Array:
    """Tell fitted knots (K,) by month, and go on from the last of them, (months,).

    What the last knot says stays: a return to zero would be a forecast that nothing supports.
    Around it the same autoregression makes new noise, less half its variance, so that the mean of
    the factor exp(delta) is the same in every month ahead.
    """
    ahead = months - ((knots.shape[0] - 1) * KNOT + 1)  # months after the last knot
    if ahead <= 0:
        return interpolate(knots, months)
    steps = jnp.arange(knots_for(ahead + 1) - 1)
    fresh = jax.vmap(lambda k: jax.random.normal(noise.at(stream, k)))(steps)

    def later(last: Array, new: Array) -> tuple[Array, Array]:
        value = jnp.stack([persistence * last[0] + sd * new, persistence**2 * last[1] + sd**2])
        return value, value

    _, found = jax.lax.scan(later, jnp.zeros(2), fresh)
    noisy = jnp.concatenate([jnp.zeros((1, 2)), found])
    at = np.arange(ahead + 1)
    part, left = at % KNOT / KNOT, noisy[at // KNOT, 1]
    line = interpolate(noisy, ahead + 1)  # between two knots the variance lies below the line
    bent = part * (1.0 - part) * (noisy[at // KNOT + 1, 1] + (1.0 - 2.0 * persistence) * left)
    moved = line[:, 0] - (line[:, 1] - bent) / 2.0
    return jnp.concatenate([interpolate(knots, months - ahead), knots[-1] + moved[1:]])


def centred(innovations: Any, persistence: Any, sd: Any) -> Any:
    """Turn standard normal innovations (K, ...) into knots of a stationary autoregression.

    Their mean is minus half their variance: the mean of the factor exp(delta) is one.
    """
    steps = np.arange(innovations.shape[0])
    lag = steps[:, None] - steps
    memory = jnp.where(lag >= 0, persistence ** np.maximum(lag, 0), 0.0)
    variance = sd**2 / (1.0 - persistence**2)
    scale = jnp.where(steps == 0, jnp.sqrt(variance), sd)
    return jnp.tensordot(memory * scale, innovations, 1) - variance / 2.0


def luck(stream: Array, places: Any, months: int) -> Array:
    """Uniform numbers behind the records, (M, P), keyed by place; a longer horizon only adds."""
    keys = noise.each(stream, places)
    return jax.vmap(lambda key: jax.random.uniform(key, (months,), jnp.float64), 0, 1)(keys)


def second(mean: Any, of: Any, size: Any, first: Any) -> tuple[Any, Any]:
    """Return mean and size of what a second agency counts, given the count of the first.

    Both are Poisson around one gamma factor, of mean one and shape `size`, which they share: each
    is negative binomial by itself, and the second given the first is too.

    Parameters
    ----------
    mean, of : expected counts of the second and of the first. first : its count, NaN if unknown.
    """
    numbers: Any = np if isinstance(first, np.ndarray) else jnp  # of what is computed already
    known = ~numbers.isnan(first)
    more = numbers.where(known, first, 0.0)
    return mean * numbers.where(known, (size + more) / (size + of), 1.0), size + more


def record(luck: np.ndarray, mean: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return negative binomial counts by inversion: the same luck, the same rank.

    Parameters
    ----------
    luck, mean : (..., M, P) uniform numbers and expected counts. size : dispersion k, of each place
        or of each count.
    """
    from scipy.stats import nbinom

    mean = np.maximum(mean, 1e-12)
    return inverted(
        luck, mean, 1.0 / size, lambda u, m, bend: nbinom.ppf(u, 1 / bend, 1 / (1 + bend * m))
    )


def inverted(
    luck: np.ndarray, mean: np.ndarray, bend: Any, search: Callable[..., np.ndarray]
) -> np.ndarray:
    """Return quantiles of counts with mean m and variance m + bend m^2.

    The negative binomial (bend 1/k), the Poisson (0) and the binomial (-1/n) are those. What an
    expansion in cumulants says (Cornish & Fisher 1938; Fisher & Cornish 1960, to the fifth), with
    Sheppard's corrections as counts are rounded, is kept where it is farther from a whole number
    than it errs; the rest, one in fifty of monthly records, is searched for.

    Parameters
    ----------
    luck, mean, bend : of each count, or broadcast to the shape of `mean`.
    search : ``(luck, mean, bend) -> count``, of a few of them.
    """
    luck, bend = np.broadcast_to(luck, mean.shape), np.broadcast_to(bend, mean.shape)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        spread, tilt = mean * (1.0 + bend * mean), 1.0 + 2.0 * bend * mean
        wide = spread - 1.0 / 12.0
        sd, z = np.sqrt(wide), ndtri(luck)
        square = z * z
        third = spread * tilt / (wide * sd)
        fourth = (spread * (tilt * tilt + 2.0 * bend * spread) + 1.0 / 120.0) / (wide * wide)
        fifth = third * (tilt * tilt + 8.0 * bend * spread) / wide
        bent = third * (square - 1.0) / 6.0
        bent += z * (fourth * (square - 3.0) / 24.0 - third**2 * (2.0 * square - 5.0) / 36.0)
        bent += fifth * ((square - 6.0) * square + 3.0) / 120.0
        bent -= third * fourth * ((square - 5.0) * square + 2.0) / 24.0
        bent += third**3 * ((12.0 * square - 53.0) * square + 17.0) / 324.0
        about = mean + sd * (z + bent) - 0.5
        count = np.ceil(about)
        # 1.6 times the worst of nine million chances, in means of .3 to 3,000 and sizes from 1
        error = 0.02 * (1.0 + square * square) * (1.0 + tilt**4 / 10.0) / (wide * sd)
        sure = (np.abs(count - about - 0.5) < 0.5 - error) & (square < 16.0)
    count = np.maximum(count, 0.0)
    left = ~sure
    count[left] = search(luck[left], mean[left], bend[left])
    return count
