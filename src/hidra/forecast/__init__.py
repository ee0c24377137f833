"""Forecasts of monthly counts by place: what is asked of one and what is given.

``hidra.forecast(12)`` gives rows; `baseline` is the one forecast that scenarios are anchored in.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from numbers import Integral
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hidra import Room
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.core.place import NATION, states
from hidra.forecast.history import History, bridged, completed, month, record
from hidra.forecast.means import Hindcasts, cache_folder
from hidra.forecast.model import Ask
from hidra.forecast.models import ALL, members, ordered, pooled

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts
    from hidra.forecast.model import Model

BEHIND = 36  # months of data without which there is nothing to learn a dispersion from
FARTHEST = 120  # months ahead
MOST_DRAWS = 100_000
STALE = 12  # a place without a figure in so many months is left out


def known_at(origin: str | None, measure: str, level: str) -> History:
    """Return what was known at the origin, of the places with a figure in the last year.

    Without an origin, at the newest month there is. Months counted short are bridged
    (`history.bridged`).

    Raises
    ------
    SpecError
        The origin is no month, too early, or after the last month of data.
    """
    wanted = month(origin) if origin is not None else None
    whole = bridged(record(measure, level), level, wanted)
    at = whole.origin if wanted is None else wanted
    earliest = whole.first + np.timedelta64(BEHIND - 1, "M")
    if not earliest <= at <= whole.origin:
        early = at < earliest
        last = bridged(record(measure, level), level, None).origin
        raise SpecError(
            _(
                "{measure} by {level} cannot be forecast from {origin}: {what}",
                measure=measure,
                level=level,
                origin=at,
                what=_("fewer than {behind} months lie before it.", behind=BEHIND)
                if early
                else _("it is not known yet."),
            ),
            where="--origin",
            fix=_("Choose an origin from {first} to {last}.", first=earliest, last=last)
            if earliest <= last
            else _("Bring at least {behind} months, one after the other.", behind=BEHIND),
        )
    return with_recent(whole.until(at))


def with_recent(history: History) -> History:
    """Keep the places with at least one known month in the last year."""
    kept = np.flatnonzero((~np.isnan(history.counts[-STALE:])).any(axis=0))
    places = tuple(history.places[i] for i in kept)
    return replace(history, places=places, counts=history.counts[:, kept])


QUANTILES = (5, 25, 50, 75, 95)  # in hundredths


class Baseline(NamedTuple):
    """Draws of what comes if things go on as they have gone on.

    Attributes
    ----------
    draws : integer array (D, M, P)
        Persons a month; a draw is one course of the whole country, so that months and places may
        be summed.
    places, months : lists of str
        INEGI codes; ``YYYY-MM``, the first being the month after the origin.
    origin : str
        The last month of data.
    member : integer array (D,)
        Which model a draw comes from (`models.members`).
    """

    draws: NDArray[np.int64]
    places: list[str]
    months: list[str]
    origin: str
    member: NDArray[np.int64]


def baseline(
    measure: str,
    origin: str | None,
    months: int,
    draws: int,
    seed: int,
    *,
    level: str = "state",
    hindcasts: Hindcasts | None = None,
) -> Baseline:
    """Forecast the months after an origin, knowing nothing later: the one forecast of hidra.

    The first draws and the first months of a larger request are those of a smaller one.

    Parameters
    ----------
    measure, level : str
        One of ``history.MEASURES`` and ``history.LEVELS``.
    origin : str or None
        Last month of data, ``YYYY-MM``; the newest there is if none.
    months, draws, seed : int
        How many, 1 to 120 and 1 to 100,000, and which.
    hindcasts : Hindcasts or None
        Where means of earlier origins are kept; in ``HIDRA_HOME`` if none.

    Raises
    ------
    SpecError
        Unknown measure or level, an origin without enough data, a number out of range.
    """
    known = completed(known_at(origin, measure, level), level)
    ask = asked(known.history, months, draws, seed, hindcasts or Hindcasts(cache_folder()))
    found = pooled(ask).astype(np.int64)
    places, after = list(ask.history.places), months_after(ask.history, months)
    return Baseline(found, places, after, str(ask.history.origin), members(draws))


def asked(history: History, months: int, draws: int, seed: int, hindcasts: Hindcasts) -> Ask:
    """Return a request for the months after the origin.

    Raises
    ------
    SpecError
        A number is out of range; told in the words of the command line.
    """
    for name, value, low, high in (
        ("--months", months, 1, FARTHEST),
        ("--draws", draws, 1, MOST_DRAWS),
        ("--seed", seed, 0, 2**32 - 1),
    ):
        if not (isinstance(value, Integral) and low <= value <= high):
            raise SpecError(
                _("{value} is out of range.", value=value),
                where=name,
                fix=_("Give a number from {low} to {high}.", low=low, high=high),
            )
    return Ask(history, tuple(range(1, months + 1)), draws, seed, hindcasts)


def rows(model: Model, ask: Ask) -> pd.DataFrame:
    """Return a forecast as rows: place (INEGI code), month, draw (from 0), value (persons).

    A draw is one course of the whole country: its months and places may be summed.
    """
    found = model.draw(ask)
    return as_table(found if model.joint else ordered(ask, found), ask.history)


def months_after(history: History, months: int) -> list[str]:
    """Return the months after the origin, ``YYYY-MM``."""
    return [str(history.origin + np.timedelta64(ahead, "M")) for ahead in range(1, months + 1)]


def as_table(found: Counts, history: History) -> pd.DataFrame:
    """Return draws (D, H, P) as rows, by place, month and draw."""
    import pandas as pd

    draws, months = found.shape[:2]
    index = pd.MultiIndex.from_product(
        [history.places, months_after(history, months), range(draws)],
        names=["place", "month", "draw"],
    )
    return pd.DataFrame({"value": found.transpose(2, 1, 0).ravel()}, index=index).reset_index()


def quantiles(draws: pd.DataFrame) -> pd.DataFrame:
    """Return what a spreadsheet wants of draws: mean and quantiles by place and month.

    The quantiles of a sum are not the sums of these: of all states there are those of the nation.
    """
    import pandas as pd

    if set(draws["place"]) == {one.code for one in states()}:
        nation = draws.groupby(["month", "draw"], as_index=False)["value"].sum()
        draws = pd.concat([nation.assign(place=NATION.code), draws])
    groups = draws.groupby(["place", "month"], sort=False)["value"]
    found = groups.quantile(np.array(QUANTILES) / 100).unstack()
    found.columns = [f"p{one:02d}" for one in QUANTILES]
    return found.assign(mean=groups.mean()).reset_index()


def ask(
    months: int = 12, *, measure: str = "inegi_homicides", origin: str | None = None,
    level: str = "state", draws: int = 1000, seed: int = 1, model: str = "hidra",
) -> pd.DataFrame:  # fmt: skip
    """Forecast monthly counts by place; ``hidra.forecast(12)``. The first time takes a minute.

    Parameters
    ----------
    months : how many after the origin, 1 to 120.
    measure : any monthly count of the panel; persons a month.
    origin : last month it may know, ``YYYY-MM`` or a date; the newest by default.
    level : ``state`` or ``municipality``.
    draws, seed : how many, and which.
    model : name of a forecast; ``hidra`` is the default one.

    Returns
    -------
    pandas.DataFrame
        ``place`` (INEGI code), ``month``, ``draw``, ``value``, ``measure``. A draw is one course of
        the whole country: its months and places may be summed.

    Raises
    ------
    SpecError
        Unknown measure, level or model, a number out of range, too little data.
    """
    if model not in ALL:
        raise unknown(_("forecast"), model, ALL, where="model")
    known = completed(known_at(origin, measure, level), level).history
    found = rows(ALL[model], asked(known, months, draws, seed, Hindcasts(cache_folder())))
    return found.assign(measure=measure)


sys.modules[__name__].__class__ = Room
