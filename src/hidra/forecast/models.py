"""Every forecast by name, the simplest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.forecast import baselines, statespace
from hidra.forecast.combination import MANY, STATISTICAL, WIDE, around, pooled, statistical
from hidra.forecast.dispersion import Dispersion, NegativeBinomial
from hidra.forecast.model import Model

if TYPE_CHECKING:
    from hidra.forecast.history import History

ONE_K = Dispersion(NegativeBinomial())
BY_HORIZON = Dispersion(NegativeBinomial(), horizon=True)
BY_LEVEL = Dispersion(NegativeBinomial(), horizon=True, level=True)
BY_PLACE = Dispersion(NegativeBinomial(), horizon=True, level=True, place=True)


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
    _around("nb-neighbours", "regression", BY_PLACE),
)
SINGLE = (
    _around("logt-ewm2-season", "seasonal-ewm2", WIDE),
    _around("logt-walk", "walk", WIDE),
    _around("logt-return", "return", WIDE),
    _around("logt-ets", "ets", WIDE),
    _around("logt-regression", "regression", WIDE),
    _around("logt-boosting", "boosting", WIDE),
)
HEAVY = {"logt-walk", "logt-return", "logt-ets", "logt-boosting", statespace.NAME}
PARTS = (
    Model(STATISTICAL, statistical, joint=True),
    Model(statespace.NAME, statespace.draws, joint=True),
)
DEFAULT = Model("hidra", pooled, joint=True)
ALL = {model.name: model for model in (*SIMPLE, *SINGLE, *PARTS, DEFAULT)}


def models(history: History) -> tuple[Model, ...]:
    """Every forecast that can be had for a record: where places are many, only light ones."""
    heavy = HEAVY if len(history.places) > MANY else ()
    return tuple(model for model in ALL.values() if model.name not in heavy)
