"""How far outcomes lay from a model's earlier paths, learnt from origins already past.

The log of the dispersion is a line in the log of the level and of the horizon plus one effect per
place, drawn towards zero; every part can be left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

from hidra.core.errors import FitError
from hidra.forecast.chance import LEAST, generator
from hidra.forecast.density import Density

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts

OWN_SD = 0.5  # of a density's own parameters, on their log and logit scales
ETA = (-5.0, 7.0)  # log dispersions beyond which nothing can be told apart
FEWEST = 50  # outcomes below which no dispersion is learnt


@dataclass(frozen=True)
class Spread:
    """A density and what its dispersion depends on.

    Attributes
    ----------
    density : Density
        Shape of the counts around their mean.
    level, horizon, place : bool
        Whether the dispersion changes with them.
    by_level : bool
        Weigh each outcome with the root of its level: scores in persons are decided there.
    """

    density: Density
    level: bool = False
    horizon: bool = False
    place: bool = False
    by_level: bool = False

    def draws(self, ask: Ask, name: str, mean: Counts, fitted: Fitted) -> Counts:
        """Draw counts around a mean path (H, P), (D, H, P)."""
        mean = np.maximum(mean, LEAST)
        eta = fitted.eta(mean, ask.horizons)
        columns = [
            self.density.draw(
                generator(ask.seed, name, ask.past, code), mean[:, i], eta[:, i], fitted.own,
                ask.draws,
            )
            for i, code in enumerate(ask.past.places)
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
                f"Only {seen.sum()} earlier outcomes are known; {FEWEST} are needed.",
                where="the spread of the forecast",
                fix="Choose a later origin or fewer months ahead.",
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
        weight = weight / weight.mean()
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
