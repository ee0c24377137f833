"""Forecasts of monthly counts by place: means, dispersion around them, combinations of both."""

import sys
from typing import TYPE_CHECKING

from hidra import Room
from hidra.forecast.table import Baseline, baseline

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Baseline", "ask", "baseline"]


def ask(
    months: int = 12, *, measure: str = "inegi_homicides", origin: str | None = None,
    level: str = "state", draws: int = 1000, seed: int = 1, model: str = "hidra",
) -> "pd.DataFrame":  # fmt: skip
    """Forecast monthly counts by place; ``hidra.forecast(12)``. The first time takes a minute.

    Parameters
    ----------
    months : how many after the origin, 1 to 120.
    measure : any monthly count of the panel; persons a month.
    origin : last month it may know, ``YYYY-MM``; the newest by default.
    level : ``state`` or ``municipality``.
    draws, seed : how many, and which.
    model : name of a forecast; ``hidra`` is the default one.

    Returns
    -------
    pandas.DataFrame
        ``place`` (INEGI code), ``month``, ``draw``, ``value``. A draw is one course of the whole
        country: its months and places may be summed.

    Raises
    ------
    SpecError
        Unknown measure, level or model, a number out of range, too little data.
    """
    from hidra.core.errors import unknown
    from hidra.core.i18n import _
    from hidra.forecast import table
    from hidra.forecast.history import completed
    from hidra.forecast.means import Hindcasts, cache_folder
    from hidra.forecast.models import ALL

    if model not in ALL:
        raise unknown(_("forecast"), model, ALL, where="model")
    known = completed(table.known_at(origin, measure, level), level)
    asked = table.asked(known.history, months, draws, seed, Hindcasts(cache_folder()))
    return table.forecast(ALL[model], asked)


sys.modules[__name__].__class__ = Room
