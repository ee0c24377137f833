"""A forecast as a table: place, month, draw, value."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.forecast.dependence import ordered
from hidra.forecast.history import History, month, record
from hidra.forecast.model import Ask, Model

if TYPE_CHECKING:
    import pandas as pd

    from hidra.forecast.hindcasts import Hindcasts
    from hidra.forecast.history import Counts

BEHIND = 36  # months of data without which there is nothing to learn a dispersion from
FARTHEST = 36  # months ahead
MOST_DRAWS = 100_000
STALE = 12  # a place without a figure in so many months is left out


def known_at(origin: str, measure: str, level: str) -> History:
    """Return what was known at the origin, of the places with a figure in the last year.

    Raises
    ------
    SpecError
        The origin is no month, too early, or after the last month of data.
    """
    at = month(origin)
    whole = record(measure, level)
    earliest = whole.first + np.timedelta64(BEHIND - 1, "M")
    if not earliest <= at <= whole.origin:
        early = at < earliest
        raise SpecError(
            _(
                "{measure} by {level} cannot be forecast from {origin}: {what}",
                measure=measure,
                level=level,
                origin=origin,
                what=_("fewer than {behind} months lie before it.", behind=BEHIND)
                if early
                else _("it is not known yet."),
            ),
            where="--origin",
            fix=_("Choose an origin from {first} to {last}.", first=earliest, last=whole.origin)
            if earliest <= whole.origin
            else _("Bring at least {behind} months, one after the other.", behind=BEHIND),
        )
    return with_recent(whole.until(at))


def with_recent(history: History) -> History:
    """Keep the places with at least one known month in the last year."""
    kept = np.flatnonzero((~np.isnan(history.counts[-STALE:])).any(axis=0))
    places = tuple(history.places[i] for i in kept)
    return replace(history, places=places, counts=history.counts[:, kept])


QUANTILES = (5, 25, 50, 75, 95)  # in hundredths


def forecast(
    model: Model,
    history: History,
    months: int,
    hindcasts: Hindcasts,
    *,
    draws: int = 1000,
    seed: int = 1,
) -> pd.DataFrame:
    """Forecast the months after the origin.

    Parameters
    ----------
    model : Model
    history : History
        What is known at the origin.
    months : int
        How many months after the origin, 1 to 36.
    draws : int
        Draws of each month and place. A draw is one course of the whole country: its months and
        places may be summed (``dependence``).
    seed : int
        0 or more; the same seed gives the same draws.

    Returns
    -------
    pandas.DataFrame
        Columns place (INEGI code), month (``YYYY-MM``), draw (from 0), value (persons).

    Raises
    ------
    SpecError
        A number is out of range.
    """
    for name, value, low, high in (
        ("--months", months, 1, FARTHEST),
        ("--draws", draws, 1, MOST_DRAWS),
        ("--seed", seed, 0, 2**32 - 1),
    ):
        if not low <= value <= high:
            raise SpecError(
                _("{value} is out of range.", value=value),
                where=name,
                fix=_("Give a number from {low} to {high}.", low=low, high=high),
            )
    ask = Ask(history, tuple(range(1, months + 1)), draws, seed, hindcasts)
    return as_table(ordered(ask, model.draw(ask)), history)


def as_table(found: Counts, history: History) -> pd.DataFrame:
    """Return draws (D, H, P) as rows, by place, month and draw."""
    import pandas as pd

    draws, months = found.shape[:2]
    after = [str(history.origin + np.timedelta64(h + 1, "M")) for h in range(months)]
    index = pd.MultiIndex.from_product(
        [history.places, after, range(draws)], names=["place", "month", "draw"]
    )
    return pd.DataFrame({"value": found.transpose(2, 1, 0).ravel()}, index=index).reset_index()


def quantiles(draws: pd.DataFrame) -> pd.DataFrame:
    """Return what a spreadsheet wants of draws: mean and quantiles by place and month.

    The quantiles of a sum are not the sums of these; add up draws for that.
    """
    groups = draws.groupby(["place", "month"], sort=False)["value"]
    found = groups.quantile(np.array(QUANTILES) / 100).unstack()
    found.columns = [f"p{one:02d}" for one in QUANTILES]
    return found.assign(mean=groups.mean()).reset_index()
