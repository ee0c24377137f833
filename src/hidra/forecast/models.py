"""Every forecast by name, the simplest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.forecast import baselines
from hidra.forecast.combination import MANY, around, equal, mixture, pooled, selected, stacked
from hidra.forecast.dispersion import (
    Dispersion,
    NegativeBinomial,
    PoissonLogT,
    TwoNegativeBinomials,
)
from hidra.forecast.model import Model

if TYPE_CHECKING:
    from hidra.forecast.history import History

ONE_K = Dispersion(NegativeBinomial())
BY_HORIZON = Dispersion(NegativeBinomial(), horizon=True)
BY_LEVEL = Dispersion(NegativeBinomial(), horizon=True, level=True)
BY_PLACE = Dispersion(NegativeBinomial(), horizon=True, level=True, place=True)
TAILS = Dispersion(TwoNegativeBinomials(), horizon=True, level=True, place=True)
WIDE = Dispersion(PoissonLogT(), horizon=True, level=True, place=True, by_level=True)


def _around(name: str, mean: str, dispersion: Dispersion) -> Model:
    return Model(name, around((mean,), dispersion, name))


SIMPLE = (
    Model("global-bootstrap", baselines.global_bootstrap),
    Model("last-month", baselines.last_month_poisson),
    Model("last-12", baselines.last_year_resampled),
    Model("hurdle", baselines.hurdle),
    _around("nb-last-12", "last-12", ONE_K),
    _around("nb-ewm6", "ewm6", ONE_K),
    _around("nb-ewm6-hlp", "ewm6", BY_PLACE),
    _around("nb-ewm2", "ewm2", ONE_K),
    _around("nb-ewm2-h", "ewm2", BY_HORIZON),
    _around("nb-ewm2-hl", "ewm2", BY_LEVEL),
    _around("nb-ewm2-hlp", "ewm2", BY_PLACE),
    _around("nb-ewm2-season", "seasonal-ewm2", BY_PLACE),
    _around("2nb-ewm2-season", "seasonal-ewm2", TAILS),
    _around("nb-neighbours", "regression", BY_PLACE),
)
SINGLE = (
    _around("logt-ewm2-season", "seasonal-ewm2", WIDE),
    _around("logt-walk", "walk", WIDE),
    _around("logt-return", "return", WIDE),
    _around("logt-ets", "ets", WIDE),
    _around("logt-ar2", "ar2", WIDE),
    _around("logt-regression", "regression", WIDE),
    _around("logt-boosting", "boosting", WIDE),
)
HEAVY = {"logt-walk", "logt-return", "logt-ets", "logt-ar2", "logt-boosting"}
MEMBERS = tuple(m for m in SINGLE if m.name != "logt-ar2")
MIXTURES = (
    Model("mixture-equal", mixture(MEMBERS, equal, "mixture-equal")),
    Model("mixture-stacked", mixture(MEMBERS, stacked, "mixture-stacked")),
)
SHAPES = (
    Model("hidra-2nb", pooled(TAILS, "hidra-2nb")),
    Model("hidra-log-t", pooled(WIDE, "hidra-log-t")),
)
DEFAULT = Model("hidra", selected(SHAPES))
ALL = {model.name: model for model in (*SIMPLE, *SINGLE, *MIXTURES, *SHAPES, DEFAULT)}


def models(history: History) -> tuple[Model, ...]:
    """Every forecast that can be had for a record: where places are many, only light ones."""
    if len(history.places) <= MANY:
        return tuple(ALL.values())
    heavy = HEAVY | {model.name for model in MIXTURES}
    return tuple(model for model in ALL.values() if model.name not in heavy)
