"""How far outcomes lie from mean forecasts: shapes of counts around a mean, and their dispersion.

A density has one main parameter per observation (`eta`, a log) and a few of its own. The dispersion
is learnt from earlier origins: `eta` is a line in the log of the level and of the horizon plus one
effect per place, drawn towards zero; every part can be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, gammaln, logsumexp, ndtr
from scipy.stats import gamma
from scipy.stats import t as student

from hidra.core.errors import FitError
from hidra.core.i18n import _
from hidra.forecast.model import LEAST, generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts
    from hidra.forecast.model import Ask

NODES = 15
FREEDOM = 10.0


class Density(Protocol):
    """What the fit of a dispersion asks of a density."""

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
        """Draw counts, each for itself."""
        normal = rng.standard_normal((draws, len(mean)))
        return rng.poisson(mean * np.exp(self.off(normal, eta))).astype(float)

    def off(self, normal: Counts, eta: Counts) -> Counts:
        """By what a log mean is off where a standard normal says how far; the mean stays the mean.

        A deviate beyond `farthest` scales is no forecast and is pulled back.
        """
        at = np.linspace(-8, 8, 4001)
        t = np.interp(normal, at, student.ppf(ndtr(at), self.freedom))
        scale = np.exp(eta)
        far = np.clip(t, -self.farthest, self.farthest)
        return np.asarray(far * scale - self._variance * scale**2 / 2)


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


OWN_SD = 0.5  # of a density's own parameters, on their log and logit scales
ETA = (-5.0, 7.0)  # log dispersions beyond which nothing can be told apart
FEWEST = 50  # outcomes below which no dispersion is learnt


@dataclass(frozen=True)
class Dispersion:
    """A density and what its dispersion depends on.

    Attributes
    ----------
    density : Density
        Shape of the counts around their mean.
    level, horizon, place : bool
        Whether the dispersion changes with them.
    by_level : bool
        Weigh each outcome with the root of its level: scores in persons are decided there.
    together : float
        What each outcome counts for, beside the priors: those of one origin err together.
    """

    density: Density
    level: bool = False
    horizon: bool = False
    place: bool = False
    by_level: bool = False
    together: float = 1.0

    def draws(self, ask: Ask, name: str, mean: Counts, fitted: Fitted) -> Counts:
        """Draw counts around a mean path (H, P), (D, H, P)."""
        mean = np.maximum(mean, LEAST)
        eta = fitted.eta(mean, ask.horizons)
        columns = [
            self.density.draw(
                generator(ask.seed, name, ask.history, code), mean[:, i], eta[:, i], fitted.own,
                ask.draws,
            )
            for i, code in enumerate(ask.history.places)
        ]  # fmt: skip
        return np.stack(columns, axis=-1)

    def fit(self, said: Counts, came: Counts, horizons: tuple[int, ...]) -> Fitted:
        """Fit by penalised maximum likelihood to earlier origins.

        Parameters
        ----------
        said, came : arrays (S, H, P)
            What the model said at earlier origins and what came; NaN where unknown.

        Raises
        ------
        FitError
            Too few outcomes are known to learn from.
        """
        said = np.maximum(said, LEAST)
        seen = ~np.isnan(came) & ~np.isnan(said)
        if seen.sum() < FEWEST:
            raise FitError(
                _(
                    "Only {seen} earlier outcomes are known; {fewest} are needed.",
                    seen=seen.sum(),
                    fewest=FEWEST,
                ),
                where=_("the dispersion of the forecast"),
                fix=_("Choose a later origin or fewer months ahead."),
            )
        cost, first = self._cost(said, came, horizons, seen)
        found = minimize(cost, first, jac=True, method="L-BFGS-B").x
        places = said.shape[2]
        return Fitted(found[:3], found[3 : 3 + places], found[3 + places :])

    def _cost(
        self, said: Counts, came: Counts, horizons: tuple[int, ...], seen: NDArray[np.bool_]
    ) -> tuple[Callable[[Counts], tuple[float, Counts]], Counts]:
        """Return minus the penalised log likelihood with its slope, and where to begin."""
        places = said.shape[2]
        part = np.broadcast_to(np.arange(places), said.shape)[seen]
        ahead = np.broadcast_to(np.array(horizons, float)[:, None], said.shape)[seen]
        count, mean = came[seen], said[seen]
        lines = _lines(mean, ahead) * [self.level, self.horizon]
        weight = np.sqrt(mean) if self.by_level else np.ones_like(mean)
        weight = self.together * weight / weight.mean()
        first = np.concatenate([[self.density.start], np.zeros(2 + places), self.density.own])

        def cost(at: Counts) -> tuple[float, Counts]:
            eta = at[0] + lines @ at[1:3] + at[3 : 3 + places][part]
            value, slope, slope_own = self.density(
                count, mean, np.clip(eta, *ETA), at[3 + places :]
            )
            weighted = weight * slope
            by_place = np.bincount(part, weighted, places) * self.place
            up = np.concatenate([
                [weighted.sum()], weighted @ lines, by_place, weight @ slope_own
            ])  # fmt: skip
            penalty, pull = self._penalty(at - first, places)
            return penalty - weight @ value, pull - up

        return cost, first

    def _penalty(self, off: Counts, places: int) -> tuple[float, Counts]:
        """Normal priors around the start; the first constant is free."""
        sd = np.concatenate([
            [10.0, self.density.prior_sd, self.density.prior_sd],
            np.full(places, self.density.prior_sd), np.full(len(self.density.own), OWN_SD),
        ])  # fmt: skip
        return float((off**2 / sd**2).sum() / 2), off / sd**2


@dataclass(frozen=True)
class Fitted:
    """A learnt dispersion: a line, an effect per place (P,), and the density's own parameters."""

    line: Counts
    effect: Counts
    own: Counts

    def eta(self, mean: Counts, horizons: tuple[int, ...]) -> Counts:
        """Log dispersion of each horizon and place, (H, P)."""
        ahead = np.broadcast_to(np.array(horizons, float)[:, None], mean.shape)
        lines = _lines(mean.ravel(), ahead.ravel()).reshape(*mean.shape, 2)
        return np.asarray(np.clip(self.line[0] + lines @ self.line[1:] + self.effect, *ETA))


def _lines(mean: Counts, ahead: Counts) -> Counts:
    """Log level and log horizon, centred near 30 persons a month and 8 months, (N, 2)."""
    return np.stack([np.log(mean / 30), np.log(ahead / 8)], axis=1)
