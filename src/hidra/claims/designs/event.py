"""Event studies by library estimators: each takes place x month rows and gives windows.

The rows name a place, a month, its deaths and the month of its first event (`with_windows`).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs.rules import LEVEL, Estimate, normal
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

WINDOWS = {"months 0-5": (0, 5), "months 6-11": (6, 11), "months 12 on": (12, 10_000)}
LEADS = {"months -12 to -7": (-12, -7)}
TERMS = {f"w{number}": label for number, label in enumerate((*LEADS, *WINDOWS))}
HALVES = {0: "months 0-5", 1: "months 6-11"}  # half-years of the calendar from the event's on
CLUSTER = "state"  # within which errors hang together
COLUMNS = {"outcome": "logged", "unit": "unit", "time": "time", "first_treat": "start"}
REACH = 300.0  # km; the weight of a pair of places falls to zero there (Bartlett)
MEMORY = 11  # months a place's own errors may hang together
FEWEST = 8  # untouched places a synthetic control is made of, at least
SHORTEST = 4  # half-years before the event, at least


def with_windows(rows: pd.DataFrame) -> pd.DataFrame:
    """Add unit, state, asinh, months since the first event and the windows around it.

    Parameters
    ----------
    rows : DataFrame
        place (text), month (int), deaths, first (month of the place's first event).
    """
    rows = rows.copy()
    rows["unit"] = rows["place"].astype("category").cat.codes.astype(int)
    rows["state"] = rows["place"].astype(str).str[:2].astype("category").cat.codes.astype(int)
    rows["logged"] = np.arcsinh(rows["deaths"].astype(float))
    rows["since"] = rows["month"] - rows["first"]
    for term, window in zip(TERMS, (*LEADS.values(), *WINDOWS.values()), strict=True):
        rows[term] = rows["since"].between(*window).astype(float)
    rows["treated"] = (rows["since"] >= 0).astype(float)
    return rows


def fixed_effects(
    rows: pd.DataFrame, formula: str, names: Mapping[str, str], cluster: str, *,
    linear: bool = False,
) -> list[Estimate]:  # fmt: skip
    """Return named terms of a Poisson (or linear) regression with fixed effects.

    Parameters
    ----------
    formula : as pyfixest reads it, ``deaths ~ term + ... | place + time``.
    names : the estimate's name by term.
    cluster : column within which errors hang together.
    """
    import pyfixest as pf

    fit = (pf.feols if linear else pf.fepois)(formula, rows, vcov={"CRV1": cluster})
    return _terms(fit, names)


def _terms(fit: Any, names: Mapping[str, str]) -> list[Estimate]:
    table = fit.tidy(alpha=LEVEL)
    ends = [column for column in table.columns if str(column).endswith("%")]
    return [
        Estimate(name, float(row["Estimate"]), float(min(row[ends])), float(max(row[ends])),
                 int(fit._N))
        for term, name in names.items()
        if term in table.index
        for row in (table.loc[term],)
    ]  # fmt: skip


def _named(estimator: str) -> dict[str, str]:
    return {term: f"{estimator}, {label}" for term, label in TERMS.items()}


def poisson(rows: pd.DataFrame, cluster: str = CLUSTER) -> list[Estimate]:
    """Return Poisson fixed effects by window (place and month effects, clustered errors)."""
    formula = "deaths ~ w0 + w1 + w2 + w3 | unit + month"
    return fixed_effects(rows, formula, _named("Poisson FE"), cluster)


def linear(rows: pd.DataFrame) -> list[Estimate]:
    """Return linear fixed effects of asinh deaths by window."""
    formula = "logged ~ w0 + w1 + w2 + w3 | unit + month"
    return fixed_effects(rows, formula, _named("linear FE (asinh)"), CLUSTER, linear=True)


def conley(rows: pd.DataFrame) -> list[Estimate]:
    """Return Poisson fixed effects by window with Conley errors: 300 km and eleven months.

    Distances are between the centres of the states: places of one state lie at the same point.
    """
    import pyfixest as pf

    if "lat" not in rows:
        centres = reference.table("place").set_index("cve_ent")
        state = rows["place"].astype(str).str[:2]
        rows = rows.assign(lat=state.map(centres["lat"]), lon=state.map(centres["lon"]))
    fit = pf.fepois("deaths ~ w0 + w1 + w2 + w3 | unit + month", rows, vcov="hetero")
    errors = np.sqrt(np.diag(_conley_covariance(fit)))
    names = _named(f"Poisson FE, Conley {REACH:.0f} km").values()
    return [
        normal(name, float(value), float(error), int(fit._N))
        for name, value, error in zip(names, fit.coef().to_numpy(), errors, strict=True)
    ]


def _conley_covariance(fit: Any) -> NDArray[np.float64]:
    """Return the library's Conley covariance from a fit's own regressors and scores.

    The regressors of a fit are weighted and free of fixed effects, so that theirs times a residual
    is the score; the residual is read where the regressor is largest.
    """
    from diff_diff.linalg import compute_robust_vcov

    regressors, scores = np.asarray(fit._X), np.asarray(fit._scores)
    at = np.abs(regressors).argmax(axis=1)[:, None]
    residual = np.take_along_axis(scores, at, 1) / np.take_along_axis(regressors, at, 1)
    rows = fit._data
    covariance = compute_robust_vcov(
        regressors, residual[:, 0], vcov_type="conley",
        conley_coords=rows[["lat", "lon"]].to_numpy(float), conley_cutoff_km=REACH,
        conley_time=rows["month"].to_numpy(), conley_unit=rows["unit"].to_numpy(),
        conley_lag_cutoff=MEMORY,
    )  # fmt: skip
    return np.asarray(covariance)


def two_stage(rows: pd.DataFrame) -> list[Estimate]:
    """Return did2s (Gardner): effects learnt from months before the event only, by window."""
    import pyfixest as pf

    fit = pf.did2s(
        while_controls_last(rows), yname="logged", first_stage="~ 0 | unit + month",
        second_stage="~ 0 + w1 + w2 + w3", treatment="treated", cluster=CLUSTER,
    )  # fmt: skip
    names = _named("did2s (asinh)")
    return _terms(fit, {term: names[term] for term in ("w1", "w2", "w3")})


def saturated(rows: pd.DataFrame) -> list[Estimate]:
    """Return Sun-Abraham, the places treated last standing for those never treated."""
    from diff_diff import SunAbraham

    halves = halves_of(while_controls_last(rows))
    last = halves["start"] == halves["start"].max()
    halves["start"] = halves["start"].mask(last, 0)
    fit = SunAbraham(alpha=LEVEL, cluster=CLUSTER).fit(halves, **COLUMNS)
    return _dynamic(fit, "Sun-Abraham (asinh, half-years)", len(halves))


def staggered(rows: pd.DataFrame) -> list[Estimate]:
    """Return Callaway-Sant'Anna with places not yet treated as controls, in half-years."""
    from diff_diff import CallawaySantAnna

    halves = halves_of(rows)
    way = CallawaySantAnna(control_group="not_yet_treated", alpha=LEVEL, cluster=CLUSTER)
    fit = way.fit(halves, **COLUMNS, aggregate="event_study")
    return _dynamic(fit, "Callaway-Sant'Anna (asinh, half-years)", len(halves))


def _dynamic(fit: Any, name: str, n: int) -> list[Estimate]:
    effects = fit.event_study_effects
    return [
        normal(f"{name}, {label}", float(effects[at]["effect"]), float(effects[at]["se"]), n)
        for at, label in HALVES.items()
        if at in effects
    ]


def local_projections(rows: pd.DataFrame) -> list[Estimate]:
    """Return local-projection difference-in-differences, places not yet treated as controls."""
    import pyfixest as pf

    halves = halves_of(rows)
    fit = pf.lpdid(
        halves, yname="logged", idname="unit", tname="time", gname="start", att=False,
        pre_window=2, post_window=2, vcov={"CRV1": CLUSTER},
    )  # fmt: skip
    table = fit.tidy() if hasattr(fit, "tidy") else fit
    horizon = table.index.astype(str).str.extract(r"(-?\d+)$")[0].astype(int)
    return [
        normal(f"local projections (asinh, half-years), {label}", float(row["Estimate"]),
               float(row["Std. Error"]), int(row["N"]) if "N" in row else len(halves))
        for at, label in HALVES.items()
        for _, row in table[(horizon == at).to_numpy()].iterrows()
    ]  # fmt: skip


def synthetic(rows: pd.DataFrame, halves: Mapping[int, str] = HALVES) -> list[Estimate]:
    """Return the mean gap to synthetic controls by window, with placebo intervals.

    The library's estimator takes one place at a time (Abadie, Diamond & Hainmueller 2010). Every
    place of an event has its own control, of places without an event until after the window;
    outcomes are asinh deaths in half-years less the place's mean before. The error comes from the
    placebos in space, not from clusters: the same fit for every untouched place, as if it had had
    the event; that controls share untouched places is counted in. `n` is the number of places with
    a control.
    """
    frame = halves_of(rows)
    found = []
    for window, label in halves.items():
        cohorts = list(_cohorts(frame, window))
        gaps = [gap for some, _ in cohorts for gap in some]
        if gaps:
            error = float(np.sqrt(sum(variance for _, variance in cohorts))) / len(gaps)
            name = f"synthetic control (asinh, half-years), {label}"
            found.append(normal(name, float(np.mean(gaps)), error, len(gaps)))
    return found


def _cohorts(frame: pd.DataFrame, window: int) -> Iterator[tuple[list[float], float]]:
    """Yield, for events of one half-year, the places' gaps and the variance of their sum."""
    start = frame.groupby("unit")["start"].first()
    for first in sorted(start.unique()):
        at = first + window
        untouched = list(start.index[start > at])
        before = frame[frame["time"] < first]
        if len(untouched) < FEWEST or before["time"].nunique() < SHORTEST:
            continue
        held = frame[(frame["time"] < first) | (frame["time"] == at)]
        if at not in set(held["time"]):
            continue
        level = before.groupby("unit")["logged"].mean()
        held = held.assign(gap=held["logged"] - held["unit"].map(level))
        fits = [
            _control(held[held["unit"].isin([one, *untouched])], one, at)
            for one in start.index[start == first]
        ]
        yield [float(fit.att) for fit in fits], _variance(fits, untouched)


def _control(held: pd.DataFrame, unit: Any, at: int) -> Any:
    from diff_diff import SyntheticControl

    inside = (held["unit"] == unit) & (held["time"] == at)
    return SyntheticControl(v_method="inverse_variance").fit(
        held.assign(treated=inside.astype(int)), outcome="gap", treatment="treated",
        unit="unit", time="time", post_periods=[at], treated_unit=unit,
    )  # fmt: skip


def _variance(fits: Sequence[Any], untouched: Sequence[Any]) -> float:
    """Return the variance of the sum of some places' gaps, which share untouched places.

    A gap is a place's own chance less the weighted chances of its control. The placebos give the
    variance of one gap, and so of one chance; a place that serves several controls counts for all.
    """
    weights = np.array([[fit.donor_weights.get(one, 0.0) for one in untouched] for fit in fits])
    placebos = fits[0].in_space_placebo()
    one_gap = float(placebos.loc[placebos["status"] == "placebo", "post_mspe"].mean())
    chance = one_gap / (1 + float((weights**2).sum(axis=1).mean()))
    return chance * (len(fits) + float((weights.sum(axis=0) ** 2).sum()))


def while_controls_last(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the months in which some place has not had its event yet, in whole half-years."""
    last = int(rows["first"].max()) // 6 * 6
    return rows[rows["month"] < last].reset_index(drop=True)


def halves_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return place x half-year rows: months 0 to 5 are one period, so no interval is averaged."""
    frame = rows.assign(time=rows["month"] // 6 + 1, start=rows["first"] // 6 + 1)
    keys = ["unit", "state", "time", "start"]
    halves = frame.groupby(keys, as_index=False).agg(deaths=("deaths", "sum"))
    return halves.assign(logged=np.arcsinh(halves["deaths"].astype(float)))


ESTIMATORS: dict[str, Callable[[pd.DataFrame], list[Estimate]]] = {
    "poisson": poisson,
    "poisson_conley": conley,
    "linear": linear,
    "did2s": two_stage,
    "sun_abraham": saturated,
    "callaway_santanna": staggered,
    "local_projections": local_projections,
    "synthetic_control": synthetic,
}


def quiet(
    estimator: Callable[[pd.DataFrame], list[Estimate]], rows: pd.DataFrame
) -> list[Estimate]:
    """Run an estimator without its remarks on standard error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator(rows)
