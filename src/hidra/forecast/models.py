"""Every forecast by name, the simplest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.forecast import naive
from hidra.forecast.choice import chosen, stacked
from hidra.forecast.default import pooled
from hidra.forecast.density import NegativeBinomial, PoissonLogT, TwoNegativeBinomials
from hidra.forecast.hurdle import hurdle
from hidra.forecast.model import Model
from hidra.forecast.pool import around, equal, mixture
from hidra.forecast.spread import Spread

if TYPE_CHECKING:
    from hidra.forecast.past import Past

ONE_K = Spread(NegativeBinomial())
BY_HORIZON = Spread(NegativeBinomial(), horizon=True)
BY_LEVEL = Spread(NegativeBinomial(), horizon=True, level=True)
BY_PLACE = Spread(NegativeBinomial(), horizon=True, level=True, place=True)
TAILS = Spread(TwoNegativeBinomials(), horizon=True, level=True, place=True)
WIDE = Spread(PoissonLogT(), horizon=True, level=True, place=True, by_level=True)


def _around(name: str, path: str, spread: Spread, what: str) -> Model:
    return Model(name, what, around((path,), spread, name))


SIMPLE = (
    Model("global-bootstrap", "all places, last 60 months, resampled", naive.global_bootstrap),
    Model("last-month", "Poisson around the last month", naive.last_month_poisson),
    Model("last-12", "last 12 months resampled", naive.last_year_resampled),
    Model("hurdle", "hurdle: months without a death, then counts seen", hurdle),
    _around("nb-last-12", "last-12", ONE_K, "NB around the last-12 mean, one k"),
    _around("nb-ewm6", "ewm6", ONE_K, "NB around the 6-month exponential mean, one k"),
    _around("nb-ewm2", "ewm2", ONE_K, "NB around the 2-month exponential mean, one k"),
    _around("nb-ewm2-h", "ewm2", BY_HORIZON, "the same, k by horizon"),
    _around("nb-ewm2-hl", "ewm2", BY_LEVEL, "the same, k by level and horizon"),
    _around("nb-ewm2-hlp", "ewm2", BY_PLACE, "the same, k by place too, shrunk"),
    _around("nb-ewm2-season", "seasonal-ewm2", BY_PLACE, "the same, with one season for all"),
    _around("2nb-ewm2-season", "seasonal-ewm2", TAILS, "the same, two NB (tails)"),
    _around("nb-neighbours", "regression", BY_PLACE, "hierarchical NB, ridge with neighbours"),
)
SINGLE = (
    _around("logt-ewm2-season", "seasonal-ewm2", WIDE, "seasonal 2-month mean, Poisson-log-t"),
    _around("logt-walk", "walk", WIDE, "log random walks, national shock (Kalman)"),
    _around("logt-return", "return", WIDE, "the same, own parts return to their mean"),
    _around("logt-ets", "ets", WIDE, "exponential smoothing of seasonless logs"),
    _around("logt-ar2", "ar2", WIDE, "ARIMA(2,0,0) of seasonless logs"),
    _around("logt-regression", "regression", WIDE, "ridge regression with neighbours"),
    _around("logt-boosting", "boosting", WIDE, "gradient boosting of log changes"),
)
HEAVY = {"logt-walk", "logt-return", "logt-ets", "logt-ar2", "logt-boosting"}
MEMBERS = tuple(m for m in SINGLE if m.name != "logt-ar2")
MIXTURES = (
    Model("mixture-equal", "draws of the single families, equal weights",
          mixture(MEMBERS, equal, "mixture-equal")),
    Model("mixture-stacked", "the same, weights by past log score",
          mixture(MEMBERS, stacked, "mixture-stacked")),
)  # fmt: skip
SHAPES = (
    Model("hidra-2nb", "geometric mean of the families, two NB", pooled(TAILS, "hidra-2nb")),
    Model("hidra-log-t", "geometric mean of the families, Poisson-log-t",
          pooled(WIDE, "hidra-log-t")),
)  # fmt: skip
DEFAULT = Model("hidra", "the one of these two with the better past CRPS", chosen(SHAPES))
ALL = {model.name: model for model in (*SIMPLE, *SINGLE, *MIXTURES, *SHAPES, DEFAULT)}


def models(past: Past) -> tuple[Model, ...]:
    """Every forecast that can be had for a record: where places are many, only light ones."""
    from hidra.forecast.default import MANY

    if len(past.places) <= MANY:
        return tuple(ALL.values())
    heavy = HEAVY | {model.name for model in MIXTURES}
    return tuple(model for model in ALL.values() if model.name not in heavy)
