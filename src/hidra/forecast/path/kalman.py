"""Levels that wander, seen through noise: log counts, a shock shared by all places and own shocks.

Filter and likelihood are those of statsmodels. The three (four) variances are found by maximum
likelihood at every origin anew, from the last ten years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from statsmodels.tsa.statespace.mlemodel import MLEModel

from hidra.forecast.path.ewm import level
from hidra.forecast.path.season import season

if TYPE_CHECKING:
    from hidra.forecast.past import Counts, Past

WINDOW = 120
HALF = 0.5  # added before logs, so that months without a death can be told


class Wander(MLEModel):
    """Log levels of all places with a national shock; with `reverts`, own parts fade.

    Parameters
    ----------
    logs : array (T, P)
        Log counts freed of season; NaN where unknown.
    noise : array (T, P)
        Variance of a log count that is due to counting alone.
    reverts : bool
        Own parts return to zero at an estimated pace; otherwise they are random walks.
    """

    def __init__(self, logs: Counts, noise: Counts, *, reverts: bool) -> None:
        months, places = logs.shape
        states = places + 1
        super().__init__(logs, k_states=states, k_posdef=states)
        self.noise, self.reverts = noise, reverts
        self["design"] = np.hstack([np.eye(places), np.ones((places, 1))])
        self["selection"] = np.eye(states)
        self["obs_cov"] = np.zeros((places, places, months))
        self.ssm.filter_univariate = True
        # The national part starts at zero: the places carry the levels.
        start = np.append(np.nan_to_num(np.nanmean(logs[:12], axis=0)), 0.0)
        self.ssm.initialize_known(start, np.diag(np.append(np.ones(places), 1e-6)))

    @property
    def start_params(self) -> Counts:
        """Where the search begins: log variances, and the logit of the pace of return."""
        own, nation, noise = np.log([0.01, 0.005, 0.03])
        return np.array([own, nation, noise, 3.5][: 3 + self.reverts])

    def update(self, params: Counts, **options: Any) -> None:
        """Put parameters into the matrices."""
        places = self.k_endog
        own, nation, noise = np.exp(np.clip(params[:3], -12, 3))
        fade = 1 / (1 + np.exp(-params[3])) if self.reverts else 1.0
        self["transition"] = np.diag(np.append(np.full(places, fade), 1.0))
        self["state_cov"] = np.diag(np.append(np.full(places, own), nation))
        index = np.arange(places)
        self.ssm["obs_cov"][index, index] = (self.noise + noise).T


def walk(past: Past, months: int) -> Counts:
    """Random walks in logs with a national shock: the filtered level, held, times the season."""
    return _path(past, months, reverts=False)


def return_to_mean(past: Past, months: int) -> Counts:
    """The same, each place's own part returning to its mean of ten years."""
    return _path(past, months, reverts=True)


def _path(past: Past, months: int, *, reverts: bool) -> Counts:
    factor = season(past)
    free = (past.counts / factor[past.calendar][:, None])[-WINDOW:]
    logs = np.log(free + HALF)
    centre = np.nanmean(logs, axis=0) if reverts else np.zeros(logs.shape[1])
    model = Wander(logs - centre, _counting_noise(free), reverts=reverts)
    found = model.fit(method="lbfgs", disp=False, maxiter=60, cov_type="none")
    at = np.asarray(found.filter_results.filtered_state[:, -1])
    fade = np.diag(model["transition"])[:-1]
    ahead = fade[None, :] ** np.arange(1, months + 1)[:, None]
    path = np.exp(centre + ahead * at[:-1] + at[-1]) - HALF
    return np.asarray(np.maximum(path, 0) * factor[past.after(months)][:, None])


def _counting_noise(free: Counts) -> Counts:
    """One over the level of the months before: what a Poisson count adds to a log, (T, P)."""
    first = np.nanmean(free[:12], axis=0)
    levels = [level(free[: t + 1], 6.0) if t >= 12 else first for t in range(len(free))]
    return np.asarray(1 / (np.nan_to_num(np.array(levels)) + 1))
