"""Tables of scenarios on all municipalities: by year, of places that are not empty, with totals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hidra.core.place import NATION
from hidra.core.quantiles import FEW, quantiles
from hidra.scenario import NO_CHANGE

if TYPE_CHECKING:
    import xarray as xr

MAIN = "inegi_homicides_expected"
#: What the tables tell of every place; the other measures stay in the results.
TOLD = ("members", "member_deaths", MAIN, "disappeared", "displaced", "arrivals")
TINY = 1e-6  # persons: less is rounding
MANY = 100_000  # residents a rate stands for


def summary(results: xr.Dataset, starts: Mapping[str, str]) -> pd.DataFrame:
    """Return mean and quantiles over draws by scenario, place, year and measure.

    Nation, states, and municipalities where some draw is not zero: an absent row is zero, a null
    one unknown. Until the year in which a scenario starts it is ``no_change``.
    """
    parts = []
    for measure in _told(results):
        values, places = with_totals(results, measure)
        figures = {"mean": values.mean(axis=1)} | quantiles(values, axis=1)
        for at, scenario in enumerate(results["scenario"].to_numpy()):
            one = {name: figure[at] for name, figure in figures.items()}
            rows = _rows(one, places, results, _first(results, starts.get(scenario)), values[at])
            parts.append(rows.assign(scenario=scenario, measure=measure))
    return pd.concat(parts, ignore_index=True)


def difference(results: xr.Dataset, starts: Mapping[str, str]) -> pd.DataFrame:
    """Return each scenario minus ``no_change``, draw by draw, by place, year and measure.

    From the year in which the scenario starts. ``rel_`` columns are shares of ``no_change`` in the
    same year and draw.
    """
    names, parts = list(results["scenario"].to_numpy()), []
    for measure in _told(results):
        values, places = with_totals(results, measure)
        base = values[names.index(NO_CHANGE)]
        for scenario, start in starts.items():
            changed = values[names.index(scenario)]
            gap = changed - base + 0.0  # no negative zeros
            share = gap / np.where(base > TINY, base, np.nan)
            figures = quantiles(gap) | quantiles(share, prefix="rel_")
            rows = _rows(figures, places, results, _first(results, start), base + changed)
            parts.append(rows.assign(scenario=scenario, measure=measure))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def rates(results: xr.Dataset, scenario: str = NO_CHANGE) -> pd.DataFrame:
    """Return the median of expected homicides in the last year, of the municipalities with a row.

    Columns ``place, year, persons, rate`` (per 100,000 residents), ``low, high`` (rate, 5 and
    95 %), ``population``.
    """
    last = results.isel(year=-1).sel(scenario=scenario)
    inside = _municipal(results)
    draws = last[MAIN].to_numpy()[:, inside]
    people = last["population"].to_numpy()[inside]
    low, middle, high = quantiles(draws, shares=FEW).values()
    table = {
        "place": results["place"].to_numpy()[inside], "year": int(last["year"]),
        "persons": middle, "population": people, "rate": middle / people * MANY,
        "low": low / people * MANY, "high": high / people * MANY,
    }  # fmt: skip
    return pd.DataFrame(table)


def with_totals(results: xr.Dataset, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Put nation and states before the municipalities, (scenario, draw, year, place) and codes."""
    values = results[measure].transpose("scenario", "draw", "year", "place").to_numpy()
    codes = results["place"].to_numpy().astype(str)
    states = np.array([code[:2] for code in codes])
    names = np.unique(states)
    begins = np.searchsorted(states, names)  # places lie in order of their state
    by_state = np.add.reduceat(values, begins, axis=-1)
    inside = _municipal(results)
    whole = (values.sum(axis=-1, keepdims=True), by_state, values[..., inside])
    return np.concatenate(whole, axis=-1), np.array([NATION.code, *names, *codes[inside]])


def _municipal(results: xr.Dataset) -> np.ndarray:
    """Which places are municipalities, and not what is left of a state."""
    return np.array([not str(code).endswith("000") for code in results["place"].to_numpy()])


def _told(results: xr.Dataset) -> list[str]:
    return [name for name in TOLD if name in results]


def _first(results: xr.Dataset, start: str | None) -> int:
    """Return the place of the first year told, among the years."""
    years = results["year"].to_numpy()
    return 0 if start is None else int(np.searchsorted(years, int(start[:4])))


def _rows(
    figures: Mapping[str, np.ndarray], places: np.ndarray, results: xr.Dataset, first: int,
    draws: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    """Lay figures (year, place) out as rows, leaving out municipalities that are empty."""
    some = (~(np.abs(draws) < TINY)).any(axis=0)  # (year, place)
    some |= np.char.str_len(places) == 2
    some[:first] = False
    year, at = np.nonzero(some)
    rows = {"place": places[at], "year": results["year"].to_numpy()[year]}
    return pd.DataFrame(rows | {name: figure[some] for name, figure in figures.items()})
