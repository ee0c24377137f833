"""The forecast as pages show it, and earlier forecasts with what came: quantiles, kept in a table.

The table that comes with hidra is made by ``scripts/make_forecasts.py``. Where the panel has newer
counts, `ahead` makes the same rows of them, and keeps them in ``HIDRA_HOME``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import fingerprint
from hidra.core.cache import Cache
from hidra.core.place import NATION
from hidra.core.workers import Progress, silent
from hidra.forecast import QUANTILES, asked, known_at, models
from hidra.forecast.history import History, completed, digest, month, record
from hidra.forecast.means import LONGEST, Hindcasts, cache_folder, origins_before
from hidra.forecast.model import Ask
from hidra.forecast.models import ALL
from hidra.forecast.scores import scores

if TYPE_CHECKING:
    import pandas as pd

    from hidra.forecast.history import Counts

FILE = Path(__file__).with_name("kept.parquet")
OURS, NAIVE = "hidra", "last-12"
STATES = 32  # all of them, or there is no nation to be summed
YEAR = 12
DRAWS, PAST_DRAWS, SEED = 4000, 1000, 1
#: Origins of the earlier forecasts, and months ahead of each: one ends where the next begins, and
#: every month of theirs was published in full.
PAST: dict[str, tuple[tuple[str, ...], int]] = {
    "inegi_homicides": (tuple(f"{year}-12" for year in range(2013, 2021)), 12),
    "sesnsp_homicide_victims": (
        tuple(str(m) for m in np.arange("2018-06", "2025-01", 6, dtype="datetime64[M]")), 6,
    ),
}  # fmt: skip


@cache
def shipped() -> pd.DataFrame:
    """Return the rows that come with hidra.

    Returns
    -------
    pandas.DataFrame
        ``measure, model, origin, place`` (``00`` the nation), ``month`` (the first of `months`, 1
        or several that are summed), ``p05`` to ``p95``, ``came`` (persons, NaN where not known),
        ``crps``, ``wis``, ``pit``; ``record``: digest of the counts that the forecast knew.
    """
    import pandas as pd

    return pd.read_parquet(FILE)


def known(measure: str) -> History:
    """Return the counts that a forecast of the states from the newest month knows."""
    return completed(known_at(None, measure, "state"), "state").history


def ahead(measure: str, progress: Progress = silent) -> pd.DataFrame:
    """Forecast two years from the newest month there is, as rows of `shipped`; kept.

    Raises
    ------
    SpecError
        Unknown measure, or too little data.
    """
    import pandas as pd

    history = known(measure)
    code = fingerprint.code("hidra.forecast.kept")
    made = Cache("ahead", code=code).get_or_make(
        {"record": digest(history)}, lambda: _ahead(history, progress).to_dict("list")
    )
    return pd.DataFrame(made)


def there(history: History) -> bool:
    """Tell whether `ahead` has kept the forecast of these counts."""
    code = fingerprint.code("hidra.forecast.kept")
    return Cache("ahead", code=code).holds({"record": digest(history)})


def _ahead(history: History, progress: Progress) -> pd.DataFrame:
    import pandas as pd

    hindcasts = Hindcasts(cache_folder())
    origins = [history.origin, *origins_before(history)]
    means = list(product(models.families(history), origins))
    for done, (name, origin) in enumerate(means, 1):
        hindcasts.mean(name, history.until(origin), LONGEST)
        progress("means", done, len(means))
    ask = asked(history, LONGEST, DRAWS, SEED, hindcasts)
    return pd.DataFrame(_rows(OURS, ask, ALL[OURS].draw(ask), None, YEAR))


def past(measure: str, progress: Progress = silent) -> pd.DataFrame:
    """Forecast from the origins of `PAST`, knowing nothing later, beside what came."""
    import pandas as pd

    origins, months = PAST[measure]
    hindcasts, whole = Hindcasts(cache_folder()), record(measure, "state")
    found: list[dict[str, Any]] = []
    for done, origin in enumerate(origins, 1):
        history = known_at(origin, measure, "state")
        ask = asked(history, months, PAST_DRAWS, SEED, hindcasts)
        came = whole.since(month(origin), months)
        for name in (OURS, NAIVE):
            found += _rows(name, ask, ALL[name].draw(ask), came, months)
        progress(measure, done, len(origins))
    return pd.DataFrame(found)


def _rows(
    name: str, ask: Ask, draws: Counts, came: Counts | None, summed: int
) -> Iterator[dict[str, Any]]:
    """Give rows of every place and month, and of sums over `summed` months."""
    history, places = ask.history, list(ask.history.places)
    outcome = np.full(draws.shape[1:], np.nan) if came is None else came
    if len(places) == STATES:
        places = [NATION.code, *places]
        draws, outcome = (
            np.concatenate([one.sum(axis=-1, keepdims=True), one], axis=-1)
            for one in (draws, outcome)
        )
    first = [str(history.origin + ahead) for ahead in ask.horizons]
    told = {"measure": history.measure, "model": name, "origin": str(history.origin),
            "record": digest(history)[:16]}  # fmt: skip
    yield from _scored(told, first, places, 1, draws, outcome)
    years = len(first) // summed
    shape = (years, summed, len(places))
    draws = draws.reshape(len(draws), *shape).sum(axis=2)
    outcome = outcome.reshape(shape).sum(axis=1)
    yield from _scored(told, first[::summed], places, summed, draws, outcome)


def _scored(
    told: dict[str, Any], first: list[str], places: list[str], months: int, draws: Counts,
    came: Counts,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    import scoringrules

    levels = np.array(QUANTILES) / 100
    points = np.quantile(draws, levels, axis=0)
    found = scores(came, draws)
    with np.errstate(invalid="ignore"):  # unknown stays unknown
        wis = scoringrules.crps_quantile(came, np.moveaxis(points, 0, -1), levels)
    for m, p in product(range(len(first)), range(len(places))):
        yield told | {
            "place": places[p], "month": first[m], "months": months,
            **{f"p{level:02d}": float(points[q, m, p]) for q, level in enumerate(QUANTILES)},
            "came": float(came[m, p]), "crps": float(found[0, m, p]), "wis": float(wis[m, p]),
            "pit": float(found[5, m, p]),
        }  # fmt: skip
