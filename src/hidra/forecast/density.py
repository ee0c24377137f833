"""Densities of a count around its mean, with the slope that a fit needs.

Each has one main parameter per observation (`eta`, a log) and a few of its own; it returns the log
density and its derivatives with respect to `eta` and to each of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.special import digamma, gammaln, logsumexp
from scipy.stats import gamma

if TYPE_CHECKING:
    from hidra.forecast.past import Counts

NODES = 15
FREEDOM = 10.0


class Density(Protocol):
    """What the fit of a spread asks of a density."""

    @property
    def start(self) -> float:
        """Where the search for `eta` begins."""

    @property
    def prior_sd(self) -> float:
        """Standard deviation of the priors on slopes and place effects of `eta`."""

    @property
    def own(self) -> tuple[float, ...]:
        """Own parameters where their search begins and their priors lie."""

    def __call__(
        self, count: Counts, mean: Counts, eta: Counts, own: Counts
    ) -> tuple[Counts, Counts, Counts]:
        """Log density (N,), its slope in `eta` (N,) and in its own parameters (N, K)."""

    def draw(
        self, rng: np.random.Generator, mean: Counts, eta: Counts, own: Counts, draws: int
    ) -> Counts:
        """Draws around the means, (draws, H), from means and `eta` of shape (H,)."""


@dataclass(frozen=True)
class NegativeBinomial:
    """Negative binomial; eta = log of its size k (large k = Poisson)."""

    start: float = 1.6
    prior_sd: float = 0.5
    own: tuple[float, ...] = ()

    def __call__(
        self, count: Counts, mean: Counts, eta: Counts, own: Counts
    ) -> tuple[Counts, Counts, Counts]:
        """Log density and slopes."""
        value, slope = _nb(count, mean, eta)
        return value, slope, np.zeros((len(count), 0))

    def draw(
        self, rng: np.random.Generator, mean: Counts, eta: Counts, own: Counts, draws: int
    ) -> Counts:
        """Draw counts."""
        size = np.exp(eta)
        return _nb_draw(rng, np.tile(mean, (draws, 1)), np.tile(size, (draws, 1)))


@dataclass(frozen=True)
class TwoNegativeBinomials:
    """A calm and a wild negative binomial with one mean; eta = log size of the calm one.

    Its own parameters: logit of the wild share, log of how many times smaller the wild size is.
    """

    start: float = 1.6
    prior_sd: float = 0.5
    own: tuple[float, ...] = (-1.5, 1.5)

    def __call__(
        self, count: Counts, mean: Counts, eta: Counts, own: Counts
    ) -> tuple[Counts, Counts, Counts]:
        """Log density and slopes."""
        wild = 1 / (1 + np.exp(-own[0]))
        calm_value, calm_slope = _nb(count, mean, eta)
        wild_value, wild_slope = _nb(count, mean, eta - own[1])
        parts = np.stack([calm_value + np.log1p(-wild), wild_value + np.log(wild)])
        value = logsumexp(parts, axis=0)
        is_wild = np.exp(parts[1] - value)
        slope = (1 - is_wild) * calm_slope + is_wild * wild_slope
        return value, slope, np.stack([is_wild - wild, -is_wild * wild_slope], axis=1)

    def draw(
        self, rng: np.random.Generator, mean: Counts, eta: Counts, own: Counts, draws: int
    ) -> Counts:
        """Draw counts."""
        wild = rng.random((draws, len(mean))) < 1 / (1 + np.exp(-own[0]))
        size = np.exp(eta - own[1] * wild)
        return _nb_draw(rng, np.tile(mean, (draws, 1)), size)


@dataclass(frozen=True)
class PoissonLogT:
    """Poisson whose log mean is off by a Student t times a scale; eta = log of the scale."""

    start: float = -1.0
    prior_sd: float = 0.25  # a size k goes with 1 / scale**2, so half of its 0.5 on the log
    own: tuple[float, ...] = ()
    freedom: float = FREEDOM
    farthest: float = field(default=5.0)

    def __call__(
        self, count: Counts, mean: Counts, eta: Counts, own: Counts
    ) -> tuple[Counts, Counts, Counts]:
        """Log density and slopes.

        The integral over the unknown mean runs over quantiles of the gamma that a Poisson count
        gives it, so that its nodes depend on the count alone.
        """
        rate = _rates(int(count.max()) + 1)[count.astype(int)]
        scale = np.exp(eta)[:, None]
        below = self._variance * scale / 2  # in scales, so that the mean stays the mean
        z = (np.log(rate) - np.log(mean)[:, None]) / scale + below
        power = (self.freedom + 1) / 2
        parts = -power * np.log1p(z**2 / self.freedom) - np.log(scale) - np.log(rate)
        value = logsumexp(parts, axis=1)
        slope = 2 * power * z * (z - 2 * below) / (self.freedom + z**2) - 1
        return (
            value - np.log(NODES) + self._constant,
            (np.exp(parts - value[:, None]) * slope).sum(axis=1),
            np.zeros((len(count), 0)),
        )

    @property
    def _variance(self) -> float:
        return self.freedom / (self.freedom - 2)

    @property
    def _constant(self) -> float:
        n = self.freedom
        return float(gammaln((n + 1) / 2) - gammaln(n / 2) - np.log(n * np.pi) / 2)

    def draw(
        self, rng: np.random.Generator, mean: Counts, eta: Counts, own: Counts, draws: int
    ) -> Counts:
        """Draw counts; a deviate beyond `farthest` scales is no forecast and is pulled back."""
        z = rng.standard_t(self.freedom, (draws, len(mean)))
        far = np.clip(z, -self.farthest, self.farthest)
        scale = np.exp(eta)
        off = far * scale - self._variance * scale**2 / 2
        return rng.poisson(mean * np.exp(off)).astype(float)


@cache
def _rates(counts: int) -> Counts:
    """Quantiles of the mean that a Poisson count 0, 1, 2 ... lets one believe, (counts, NODES)."""
    at = (np.arange(NODES) + 0.5) / NODES
    return np.asarray(gamma.ppf(at, np.arange(counts)[:, None] + 1))


def _nb(count: Counts, mean: Counts, eta: Counts) -> tuple[Counts, Counts]:
    size = np.exp(eta)
    log_share = -np.log1p(mean / size)  # log of size / (size + mean)
    value = (
        gammaln(count + size) - gammaln(size) - gammaln(count + 1)
        + size * log_share + count * (np.log(mean / size) + log_share)
    )  # fmt: skip
    slope = size * (
        digamma(count + size) - digamma(size) + log_share + (mean - count) / (size + mean)
    )
    return value, slope


def _nb_draw(rng: np.random.Generator, mean: Counts, size: Counts) -> Counts:
    return rng.negative_binomial(size, size / (size + mean)).astype(float)
