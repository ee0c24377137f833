"""Every forecast by name, the simplest first."""

from __future__ import annotations

from hidra.forecast import naive
from hidra.forecast.density import NegativeBinomial, PoissonLogT, TwoNegativeBinomials
from hidra.forecast.model import Model
from hidra.forecast.spread import Spread, around

NB, TWO, LOG_T = NegativeBinomial(), TwoNegativeBinomials(), PoissonLogT()
ONE_K = Spread(NB)
BY_HORIZON = Spread(NB, horizon=True)
BY_LEVEL = Spread(NB, horizon=True, level=True)
BY_PLACE = Spread(NB, horizon=True, level=True, place=True)
TAILS = Spread(TWO, horizon=True, level=True, place=True)
WIDE = Spread(LOG_T, horizon=True, level=True, place=True, by_level=True)


def _around(name: str, path: str, spread: Spread, what: str) -> Model:
    return Model(name, what, around(path, spread, name))


BASELINES = (
    Model("global-bootstrap", "all places, last 60 months, resampled", naive.global_bootstrap),
    Model("last-month", "Poisson around the last month", naive.last_month_poisson),
    Model("last-12", "last 12 months resampled", naive.last_year_resampled),
    _around("nb-last-12", "last-12", ONE_K, "NB around the last-12 mean, one k"),
    _around("nb-ewm6", "ewm6", ONE_K, "NB around the 6-month exponential mean, one k"),
    _around("nb-ewm2", "ewm2", ONE_K, "NB around the 2-month exponential mean, one k"),
    _around("nb-ewm2-h", "ewm2", BY_HORIZON, "the same, k by horizon"),
    _around("nb-ewm2-hl", "ewm2", BY_LEVEL, "the same, k by level and horizon"),
    _around("nb-ewm2-hlp", "ewm2", BY_PLACE, "the same, k by place too, shrunk"),
    _around("nb-ewm2-season", "seasonal-ewm2", BY_PLACE, "the same, with one season for all"),
    _around("2nb-ewm2-season", "seasonal-ewm2", TAILS, "the same, two NB (tails)"),
    _around("logt-ewm2-season", "seasonal-ewm2", WIDE, "the same, Poisson-log-t (tails)"),
)
DEFAULT = Model("hidra", "the default forecast", BASELINES[-2].draw)
ALL = {model.name: model for model in (*BASELINES, DEFAULT)}
