"""Tables that tell a run: quantiles, paired differences, coverage of what was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hidra.core.place import NATION
from hidra.core.quantiles import quantiles
from hidra.core.weeks import Weeks
from hidra.model import world
from hidra.scenario import NO_CHANGE

if TYPE_CHECKING:
    import xarray as xr

BY_STATE = ("members", "inegi_homicides_expected", "inegi_homicides", "sesnsp_homicide_victims")
STOCKS = ("members",)
RECORDS = ("inegi_homicides", "sesnsp_homicide_victims")
BASELINE = "last_12_months_resampled"


def summary(results: xr.Dataset) -> pd.DataFrame:
    """Return quantiles over draws by scenario, place, month and measure.

    The nation has every measure; states those that have a meaning for them (``BY_STATE``).
    """
    parts = []
    for measure in results.data_vars:
        values = results[measure].transpose("draw", "scenario", "place", "month")
        nation = values.sum("place").expand_dims(place=[NATION.code], axis=2)
        parts.append(_quantiles(nation, str(measure)))
        if measure in BY_STATE:
            parts.append(_quantiles(values, str(measure)))
    return pd.concat(parts, ignore_index=True)


def _quantiles(values: xr.DataArray, measure: str) -> pd.DataFrame:
    """Rows of one measure; `values` over draw, scenario, place, month."""
    axes = [values["scenario"], values["place"], values["month"].dt.strftime("%Y-%m")]
    index = pd.MultiIndex.from_product(
        [np.asarray(axis) for axis in axes], names=["scenario", "place", "month"]
    )
    columns = {name: one.ravel() for name, one in quantiles(values).items()}
    frame = pd.DataFrame({"mean": values.mean("draw").to_numpy().ravel()} | columns, index=index)
    return frame.reset_index().assign(measure=measure)


def difference(
    results: xr.Dataset, starts: Mapping[str, str], against: str = NO_CHANGE
) -> pd.DataFrame:
    """Return each scenario minus `against`, draw by draw, by place, year and measure.

    Flows are summed over the year and stocks averaged, over the months from the start of the
    scenario on. ``rel_`` columns are shares of `against` in the same year and draw.
    """
    rows = [
        _paired(results[measure].sel(month=slice(start, None)), scenario, against)
        for scenario, start in starts.items()
        for measure in results.data_vars
        if measure not in RECORDS
    ]
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame()


def _paired(values: xr.DataArray, scenario: str, against: str) -> pd.DataFrame:
    by_year = values.groupby("month.year")
    yearly = by_year.mean() if values.name in STOCKS else by_year.sum()
    nation = yearly.sum("place").expand_dims(place=[NATION.code])
    both = np.concatenate(
        [part.transpose("scenario", "draw", "place", "year") for part in (nation, yearly)], axis=2
    ).astype(float)  # shares of next to nothing do not fit in 32 bits
    names = list(yearly["scenario"].to_numpy())
    base, changed = both[names.index(against)], both[names.index(scenario)]
    gap = changed - base + 0.0  # no negative zeros
    share = gap / np.where(base > 0, base, np.nan)
    index = pd.MultiIndex.from_product(
        [[NATION.code, *yearly["place"].to_numpy()], yearly["year"].to_numpy()],
        names=["place", "year"],
    )
    columns = quantiles(gap) | quantiles(share, prefix="rel_")
    flat = {name: one.ravel() for name, one in columns.items()}
    frame = pd.DataFrame(flat, index=index).reset_index()
    return frame.assign(scenario=scenario, measure=str(values.name))


def coverage(results: xr.Dataset, until: str, last: str) -> pd.DataFrame:
    """Return how often the bands of the check held what was recorded, fitted and held out.

    Parameters
    ----------
    results : of the check. until : last month of its fit. last : last held-out month.

    Returns
    -------
    pandas.DataFrame
        CRPS in persons a month, beside that of resampling the last twelve fitted months.
    """
    months = pd.PeriodIndex(results["month"].dt.strftime("%Y-%m").to_numpy(), freq="M")
    weeks = Weeks(str(months[0]), str(months[-1]))
    fitted = months <= pd.Period(until, "M")
    held_out = ~fitted & (months <= pd.Period(last, "M"))
    rows = []
    for measure in RECORDS:
        seen = world.records(measure, weeks)
        draws = (
            results[measure]
            .sel(scenario=results["scenario"][0])
            .transpose("month", "place", "draw")
        )
        for level, truth, ensemble in (
            ("nation", seen.sum(axis=1, keepdims=True), draws.sum("place").to_numpy()[:, None]),
            ("state", seen, draws.to_numpy()),
        ):
            recent = truth[fitted][-12:]
            for when, is_fitted in ((fitted, True), (held_out, False)):
                known = when & np.isfinite(truth).all(axis=1)
                if known.any():
                    row = _scores(truth[known], ensemble[known], None if is_fitted else recent)
                    period = {
                        "period_from": str(months[known][0]),
                        "period_to": str(months[known][-1]),
                    }
                    rows.append(
                        {"measure": measure, "level": level, "fitted": is_fitted} | period | row
                    )
    return pd.DataFrame(rows)


def _scores(truth: np.ndarray, draws: np.ndarray, recent: np.ndarray | None) -> dict[str, object]:
    """Coverage and CRPS of draws (months, places, draws) for what was recorded."""
    from scoringrules import crps_ensemble

    inside = {}
    for name, low, high in (("coverage50", 0.25, 0.75), ("coverage90", 0.05, 0.95)):
        bottom, top = np.quantile(draws, [low, high], axis=-1)
        inside[name] = float(((bottom <= truth) & (truth <= top)).mean())
    crps = float(np.mean(crps_ensemble(truth, draws)))
    if recent is None:
        plain: dict[str, object] = {"crps_baseline": np.nan, "baseline": None}
    else:
        same = np.broadcast_to(recent.T, (*truth.shape, len(recent)))
        plain = {"crps_baseline": float(np.mean(crps_ensemble(truth, same))), "baseline": BASELINE}
    return {"n": truth.size, **inside, "crps": crps, **plain}
