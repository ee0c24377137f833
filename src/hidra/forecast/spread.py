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

from hidra.errors import FitError
from hidra.forecast.chance import LEAST, generator
from hidra.forecast.density import Density, NegativeBinomial

if TYPE_CHECKING:
    from hidra.forecast.model import Ask
    from hidra.forecast.past import Counts

PRIOR_SD = {"level": 0.5, "horizon": 0.5, "place": 0.5}
START = {NegativeBinomial: 1.6}
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

    def draws(self, ask: Ask, name: str, mean: Counts, earlier: tuple[Counts, Counts]) -> Counts:
        """Draw counts around a mean path.

        Parameters
        ----------
        mean : array (H, P)
        earlier : two arrays (S, H, P), what the model said at earlier origins and what came.

        Returns
        -------
        array (D, H, P)
        """
        horizons = np.array(ask.horizons, float)
        mean = np.maximum(mean, LEAST)
        fitted = self.fit(np.maximum(earlier[0], LEAST), earlier[1], horizons)
        eta = fitted.eta(mean, horizons)
        columns = [
            self.density.draw(
                generator(ask.seed, name, ask.past, code), mean[:, i], eta[:, i], fitted.own,
                ask.draws,
            )
            for i, code in enumerate(ask.past.places)
        ]  # fmt: skip
        return np.stack(columns, axis=-1)

    def fit(self, said: Counts, came: Counts, horizons: Counts) -> Fitted:
        """Fit by penalised maximum likelihood to earlier origins, (S, H, P) each.

        Raises
        ------
        FitError
            Too few outcomes are known to learn from.
        """
        seen = ~np.isnan(came) & ~np.isnan(said)
        if seen.sum() < FEWEST:
            raise FitError(
                f"Only {seen.sum()} earlier outcomes are known; {FEWEST} are needed.",
                where="the spread of the forecast",
                fix="Choose a later origin or fewer months ahead.",
            )
        places = said.shape[2]
        part = np.broadcast_to(np.arange(places), said.shape)[seen]
        ahead = np.broadcast_to(horizons[:, None], said.shape)[seen]
        count, mean = came[seen], said[seen]
        lines = _lines(mean, ahead) * [self.level, self.horizon]
        weight = np.sqrt(mean) if self.by_level else np.ones_like(mean)
        weight = weight / weight.mean()
        own = len(self.density.own)

        def cost(all_: Counts) -> tuple[float, Counts]:
            line, effect, tail = all_[:3], all_[3 : 3 + places], all_[3 + places :]
            eta = line[0] + lines @ line[1:] + effect[part]
            value, slope, slope_own = self.density(count, mean, np.clip(eta, -5, 7), tail)
            weighted = weight * slope
            down = np.concatenate([
                [weighted.sum()], weighted @ lines,
                np.bincount(part, weighted, places) * self.place, weight @ slope_own,
            ])  # fmt: skip
            penalty, pull = _penalty(all_, places, own)
            return penalty - weight @ value, pull - down

        first = np.concatenate([
            [1.6 if own or isinstance(self.density, NegativeBinomial) else -1.0],
            np.zeros(2 + places), self.density.own,
        ])  # fmt: skip
        found = minimize(cost, first, jac=True, method="L-BFGS-B").x
        return Fitted(found[:3], found[3 : 3 + places], found[3 + places :])


@dataclass(frozen=True)
class Fitted:
    """A learnt dispersion: a line, an effect per place (P,), and the density's own parameters."""

    line: Counts
    effect: Counts
    own: Counts

    def eta(self, mean: Counts, horizons: Counts) -> Counts:
        """Log dispersion of each horizon and place, (H, P)."""
        ahead = np.broadcast_to(horizons[:, None], mean.shape)
        lines = _lines(mean.ravel(), ahead.ravel()).reshape(*mean.shape, 2)
        return np.asarray(np.clip(self.line[0] + lines @ self.line[1:] + self.effect, -5, 7))


def _lines(mean: Counts, ahead: Counts) -> Counts:
    """Log level and log horizon, centred near 30 persons a month and 8 months, (N, 2)."""
    return np.stack([np.log(mean / 30), np.log(ahead / 8)], axis=1)


def _penalty(all_: Counts, places: int, own: int) -> tuple[float, Counts]:
    """Normal priors on slopes and effects (log scale), weak ones on a density's own parameters."""
    sd = np.concatenate([
        [10.0, PRIOR_SD["level"], PRIOR_SD["horizon"]],
        np.full(places, PRIOR_SD["place"]), np.full(own, 2.0),
    ])  # fmt: skip
    return float((all_**2 / sd**2).sum() / 2), all_ / sd**2


Around = Callable[["Ask"], "Counts"]


def around(path: str, spread: Spread, name: str) -> Around:
    """Return the forecast that puts a spread around a named mean path."""

    def draw(ask: Ask) -> Counts:
        mean = ask.recall.path(path, ask.past, max(ask.horizons))[ask.rows]
        return spread.draws(ask, name, mean, ask.recall.earlier(path, ask.past, ask.horizons))

    return draw
