"""Tables of an ensemble: quantiles, paired differences, coverage of what was recorded.

Results of municipalities are by year and of very many places: their tables tell fewer measures, and
of the municipalities those that are not empty. An absent row is zero, a null one unknown. The
nation is the sum of the places that are known, unknown where none is; of results of some places it
is not told.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.core.place import NATION
from hidra.core.weeks import Weeks, month
from hidra.model import series
from hidra.model.simulate import STOCKS
from hidra.model.system import COUNTS as RECORDS
from hidra.scenario import NO_CHANGE
from hidra.scenario.anchor import ALONE, RECORDED

if TYPE_CHECKING:
    import xarray as xr

SHARES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
MAIN = "inegi_homicides_expected"
BY_STATE = ("members", MAIN, "inegi_homicides", "sesnsp_homicide_victims")
#: What the tables tell of every municipality; the other measures stay in the results.
TOLD = ("members", "member_deaths", MAIN, "disappeared", "displaced", "arrivals")
NO_DIFFERENCE = (*RECORDS, ALONE)  # luck and all: their expectation tells it
TINY = 1e-6  # persons: less is rounding
AT_ONCE = 2**27  # bytes of one measure that are told at once
MANY = 100_000  # residents a rate stands for
BASELINE = "last_12_months_resampled"


def summary(results: xr.Dataset, starts: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return mean and quantiles over draws by scenario, place, month or year, and measure.

    The nation has every measure; states those that have a meaning for them (``BY_STATE``).

    Parameters
    ----------
    starts : of results by year: until the year in which a scenario starts it is ``no_change``, and
        not told again.
    """
    results = _with_axes(results)
    if "year" in results.dims:
        return _municipal_summary(results, starts or {})
    parts = []
    for measure in results.data_vars:
        nation: list[dict[str, np.ndarray]] = []
        states: list[dict[str, np.ndarray]] = []
        for years in spans(results):
            values = results[measure].sel(month=years).load()
            values = values.transpose("draw", "scenario", "place", "month")
            if _whole(results):
                total = values.sum("place", min_count=1)
                nation.append(_figures(total.expand_dims(place=[NATION.code], axis=2)))
            if measure in BY_STATE:
                states.append(_figures(values))
        places = results["place"].to_numpy()
        for found, codes in ((nation, np.array([NATION.code])), (states, places)):
            parts += [_rows_of(found, results, str(measure), codes)] if found else []
    return pd.concat(parts, ignore_index=True)


def _with_axes(results: xr.Dataset) -> xr.Dataset:
    """Give back the axes that a selection of one scenario, place, draw, month or year took away."""
    axes = ("draw", "scenario", "place", "month", "year")
    lost = [one for one in axes if one in results.coords and one not in results.dims]
    return results.expand_dims(lost) if lost else results


def _whole(results: xr.Dataset) -> bool:
    """Whether all places are there, so that their sum is the nation."""
    every = len(series.states()) if "month" in results.dims else results.sizes["place"]
    return results.sizes["place"] == int(results.attrs.get("places", every))


def _sum(values: np.ndarray, axis: int) -> np.ndarray:
    """Sum the places that are known, keeping the axis; unknown where none is."""
    total = np.nansum(values, axis=axis, keepdims=True)
    return np.where(np.isnan(values).all(axis=axis, keepdims=True), np.nan, total)


def _both(base: np.ndarray, changed: np.ndarray) -> list[np.ndarray]:
    """Leave of two scenarios what is known in both."""
    known = ~(np.isnan(base) | np.isnan(changed))
    return [np.where(known, one, np.nan) for one in (base, changed)]


def spans(results: xr.Dataset, start: str | None = None) -> list[slice]:
    """Cut the months from `start` on into years, as many at a time as the memory has room for."""
    months = results["month"].sel(month=slice(start, None)).dt.strftime("%Y-%m").to_numpy()
    years = np.array([month[:4] for month in months])
    a_year = 12 * max(one.nbytes for one in results.values()) // results.sizes["month"]
    many = max(1, AT_ONCE // max(a_year, 1))
    firsts = np.flatnonzero(np.append(True, years[1:] != years[:-1]))[::many]
    lasts = np.append(firsts[1:], len(months)) - 1
    return [slice(months[first], months[last]) for first, last in zip(firsts, lasts, strict=True)]


def _figures(values: xr.DataArray) -> dict[str, np.ndarray]:
    """Mean and quantiles over draws; `values` over draw, scenario, place, month."""
    return {"mean": values.mean("draw").to_numpy()} | quantiles(values.to_numpy())


def _rows_of(
    parts: list[dict[str, np.ndarray]], results: xr.Dataset, measure: str, places: np.ndarray
) -> pd.DataFrame:
    """Rows of one measure: figures of some months after another, of the nation or of states."""
    figures = {name: np.concatenate([one[name] for one in parts], axis=2) for name in parts[0]}
    axes = {
        "scenario": results["scenario"].to_numpy(),
        "place": places,
        "month": results["month"].dt.strftime("%Y-%m").to_numpy(),
    }
    index = pd.MultiIndex.from_product([*axes.values()], names=[*axes])
    frame = pd.DataFrame({name: figure.ravel() for name, figure in figures.items()}, index=index)
    return frame.reset_index().assign(measure=measure)


def quantiles(draws: np.ndarray, prefix: str = "") -> dict[str, np.ndarray]:
    """Return the quantiles over the first axis, ``p05`` ... ``p95``."""
    lined = np.ascontiguousarray(np.moveaxis(draws, 0, -1))
    found = np.quantile(np.sort(lined, axis=-1), list(SHARES.values()), axis=-1)  # sorts are quick
    return {f"{prefix}{name}": q for name, q in zip(SHARES, found, strict=True)}


def paired(base: np.ndarray, changed: np.ndarray, least: float = 0.0) -> dict[str, np.ndarray]:
    """Return quantiles of one minus the other, draw by draw along the first axis.

    Columns ``p05`` ... ``p95`` of the difference, ``rel_p05`` ... as a share of `base`; unknown
    where that is not more than `least`.
    """
    gap = changed - base + 0.0  # no negative zeros
    share = gap / np.where(base > least, base, np.nan)
    return quantiles(gap) | quantiles(share, "rel_")


def difference(
    results: xr.Dataset, starts: Mapping[str, str] | None = None, against: str = NO_CHANGE
) -> pd.DataFrame:
    """Return each scenario minus `against`, draw by draw, by place, year and measure.

    Flows are summed over the year and stocks averaged (``unit`` says which), over the months from
    the start of the scenario on; by year, from the year of the start on. ``rel_`` columns are
    shares of `against` in the same year and draw.

    Parameters
    ----------
    starts : scenario -> first month told; as the results say of those they hold if None.

    Raises
    ------
    SpecError
        A scenario that the results do not hold, or a start after their end.
    """
    results = _with_axes(results)
    known = results["scenario"].to_numpy().tolist()
    if starts is None:
        said = json.loads(results.attrs.get("starts", "{}"))
        starts = {name: start for name, start in said.items() if name in known}
    for name in {against, *starts} - {*known}:
        raise unknown(_("scenario"), name, known, where="against, starts, results")
    _refuse_starts(results, starts)
    parts = list((_by_year if "year" in results.dims else _by_month)(results, starts, against))
    if not parts:
        return pd.DataFrame()
    found = pd.concat(parts, ignore_index=True)
    units = {name: str(one.attrs.get("unit", "")) for name, one in results.data_vars.items()}
    return found.assign(unit=found["measure"].map(units).str.replace("month", "year"))


def _refuse_starts(results: xr.Dataset, starts: Mapping[str, str]) -> None:
    """Refuse a month from which on nothing is held."""
    last = str(results["year"].to_numpy()[-1] if "year" in results.dims
               else results["month"].dt.strftime("%Y-%m").to_numpy()[-1])  # fmt: skip
    for name, given in starts.items():
        if month(given, "starts")[: len(last)] > last:
            raise SpecError(
                _("The scenario '{name}' is told from {start} on, after the results end ({end}).",
                  name=name, start=given, end=last),
                where="starts",
                fix=_("Give a month up to {end}.", end=last),
            )  # fmt: skip


def _by_month(
    results: xr.Dataset, starts: Mapping[str, str], against: str
) -> Iterator[pd.DataFrame]:
    """Compare all scenarios measure by measure: each is read once."""
    measures = [name for name in results.data_vars if name not in NO_DIFFERENCE]
    nation = _whole(results)
    found: dict[str, list[pd.DataFrame]] = {scenario: [] for scenario in starts}
    for measure in measures if starts else ():
        parts: dict[str, list[dict[str, np.ndarray]]] = {scenario: [] for scenario in starts}
        for some in spans(results, min(starts.values())):
            part = results[measure].sel(month=some).load()
            for scenario, start in starts.items():
                both = part.sel(scenario=[against, scenario], month=slice(start, None))
                if both.sizes["month"]:
                    parts[scenario].append(_of_years(both, nation))
        for scenario, start in starts.items():
            each = parts[scenario]
            columns = {n: np.concatenate([one[n] for one in each], axis=1).ravel() for n in each[0]}
            places = [*([NATION.code] if nation else ()), *results["place"].to_numpy()]
            years = np.unique(results["month"].sel(month=slice(start, None)).dt.year)
            index = pd.MultiIndex.from_product([places, years], names=["place", "year"])
            frame = pd.DataFrame(columns, index=index).reset_index()
            found[scenario].append(frame.assign(scenario=scenario, measure=str(measure)))
    for frames in found.values():
        yield from frames


def _of_years(both: xr.DataArray, nation: bool) -> dict[str, np.ndarray]:
    """Paired figures of two scenarios in whole years, (nation if asked for and states, year).

    A place with an unknown month in a year is unknown in it; the nation sums the places that are
    known in both scenarios.
    """
    years = both["month"].dt.year.to_numpy()
    begins = np.flatnonzero(np.append(True, years[1:] != years[:-1]))
    values = both.transpose("scenario", "draw", "place", "month").to_numpy()
    wide = values.astype(float)  # shares of next to nothing do not fit in 32 bits
    yearly = np.add.reduceat(wide, begins, axis=-1)
    if both.name in STOCKS:
        yearly /= np.diff(np.append(begins, len(years)))
    if nation:
        yearly = np.concatenate([_sum(np.stack(_both(*yearly)), 2), yearly], axis=2)
    return paired(*yearly)


def _by_year(
    results: xr.Dataset, starts: Mapping[str, str], against: str
) -> Iterator[pd.DataFrame]:
    names = list(results["scenario"].to_numpy())
    for measure in _told(results):
        values, places = with_totals(results, measure)
        base = values[names.index(against)]
        for scenario, start in starts.items():
            changed = values[names.index(scenario)]
            figures = paired(base, changed, TINY)
            rows = _occupied(figures, places, results, _first(results, start), base + changed)
            yield rows.assign(scenario=scenario, measure=measure)


def outcome(results: xr.Dataset) -> pd.DataFrame:
    """Return each scenario over its whole time and by year, and its paired difference.

    Returns
    -------
    pandas.DataFrame
        ``scenario, measure, year`` (null: the whole time), ``months`` (how many of them),
        ``p05 .. p95`` of the nation (sums of flows, means of stocks), ``diff_p05 ..`` of scenario
        minus no change, draw by draw, ``rel_p05 ..`` as a share of it.

    Raises
    ------
    SpecError
        Not all places are there: of some of them there is no nation; or not ``no_change``.
    """
    results = _with_axes(results)
    if not _whole(results):
        raise SpecError(
            _("An outcome is of the nation; these are {n} of its places.",
              n=results.sizes["place"]),
            where="results",
            fix=_("Give the results of all places, or ask for their `difference`."),
        )  # fmt: skip
    year = results["month"].dt.year.to_numpy()
    spans: dict[int | None, np.ndarray] = {None: year > 0}
    spans |= {int(one): year == one for one in np.unique(year)}
    names, rows = list(results["scenario"].to_numpy().tolist()), []
    if NO_CHANGE not in names:
        raise unknown(_("scenario"), NO_CHANGE, names, where="results")
    for measure in (one for one in results.data_vars if one not in NO_DIFFERENCE):
        values = results[measure].transpose("scenario", "draw", "place", "month").to_numpy()
        base = values[names.index(NO_CHANGE)]
        nation = _sum(values, 2)[:, :, 0]
        pairs = np.stack([_sum(np.stack(_both(base, one)), 2)[:, :, 0] for one in values])
        for when, inside in spans.items():
            count = inside.sum() if measure in STOCKS else 1
            total, both = (one[..., inside].sum(axis=-1) / count for one in (nation, pairs))
            for name, one, pair in zip(names, total, both, strict=True):
                gap = paired(*pair)
                figures = quantiles(one) | {
                    n if n.startswith("rel_") else f"diff_{n}": q for n, q in gap.items()
                }
                told = {"scenario": name, "measure": str(measure), "year": when}
                rows.append(told | {"months": int(inside.sum())}
                            | {n: float(q) for n, q in figures.items()})  # fmt: skip
    return pd.DataFrame(rows).astype({"year": "Int64"})


def _municipal_summary(results: xr.Dataset, starts: Mapping[str, str]) -> pd.DataFrame:
    parts = []
    for measure in _told(results):
        values, places = with_totals(results, measure)
        for at, scenario in enumerate(results["scenario"].to_numpy()):
            draws = values[at]
            figures = {"mean": draws.mean(axis=0)} | quantiles(draws)
            first = _first(results, starts.get(scenario))
            rows = _occupied(figures, places, results, first, draws)
            parts.append(rows.assign(scenario=scenario, measure=measure))
    return pd.concat(parts, ignore_index=True)


def rates(results: xr.Dataset, scenario: str = NO_CHANGE) -> pd.DataFrame:
    """Return the median of expected homicides in the last year, of the municipalities with a row.

    Columns ``place, year, persons, rate`` (per 100,000 residents), ``low, high`` (rate, 5 and
    95 %), ``population``.
    """
    last = results.isel(year=-1).sel(scenario=scenario)
    inside = _municipal(results)
    draws = last[MAIN].to_numpy()[:, inside]
    people = last["population"].to_numpy()[inside]
    low, middle, high = np.quantile(draws, (0.05, 0.5, 0.95), axis=0)
    table = {
        "place": results["place"].to_numpy()[inside], "year": int(last["year"]),
        "persons": middle, "population": people, "rate": middle / people * MANY,
        "low": low / people * MANY, "high": high / people * MANY,
    }  # fmt: skip
    return pd.DataFrame(table)


def with_totals(results: xr.Dataset, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Put nation and states before the municipalities, (scenario, draw, year, place) and codes.

    Of some places there are no totals.
    """
    values = results[measure].transpose("scenario", "draw", "year", "place").to_numpy()
    codes = results["place"].to_numpy().astype(str)
    states = np.array([code[:2] for code in codes])
    names = np.unique(states)
    begins = np.searchsorted(states, names)  # places lie in order of their state
    by_state = np.add.reduceat(values, begins, axis=-1)
    inside = _municipal(results)
    if not _whole(results):
        return values[..., inside], codes[inside]
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


def _occupied(
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
    for measure in (name for name in (*RECORDS, ALONE) if name in results):
        seen = series.records(RECORDED if measure == ALONE else measure, weeks)
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
