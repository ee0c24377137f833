"""Event studies by library estimators: what follows a removal at its place, against others."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs.removals import municipal_homicides, municipal_removals

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.10  # intervals cover 90 %
WINDOWS = {"months 0-5": (0, 5), "months 6-11": (6, 11), "months 12 on": (12, 10_000)}
LEADS = {"months -12 to -7": (-12, -7)}
HALVES = {0: "months 0-5", 1: "months 6-11"}  # half-years of the calendar from the event's on
FIRST, LAST = 84, 191  # January 2007 to December 2015


@dataclass(frozen=True)
class Estimate:
    """A change with its 90 % interval, on the log scale: 0.18 is 20 % more.

    Attributes
    ----------
    name : str
        Estimator and window.
    value, low, high : float
    n : int
        Rows it rests on.
    """

    name: str
    value: float
    low: float
    high: float
    n: int


def panel(chosen: Callable[[pd.DataFrame], pd.Series] | None = None) -> pd.DataFrame:
    """Return place x month rows of the places of removal, 2007-2015, treated from the first on.

    Columns: place (text), unit (int), state (int), month, deaths, logged (asinh of deaths), first
    (month of the first removal), since (months since it).

    Parameters
    ----------
    chosen : function or None
        Which first removals count, from their rows to true and false; the other places then stand
        in the panel only until their own first removal.
    """
    homicides = municipal_homicides()
    events = municipal_removals().sort_values("month").drop_duplicates("municipality")
    first = events.set_index("municipality")["month"]
    held = homicides.loc[FIRST:LAST, list(first.index)]
    rows = (
        held.rename_axis("month").reset_index().melt("month", var_name="place", value_name="deaths")
    )
    rows = rows.dropna(subset=["deaths"])
    rows["first"] = rows["place"].map(first).astype(int)
    if chosen is not None:
        counts = rows["place"].isin(set(events.loc[chosen(events), "municipality"]))
        rows = rows[counts | (rows["month"] < rows["first"])]
    return with_windows(rows)


def with_windows(rows: pd.DataFrame) -> pd.DataFrame:
    """Add unit, state, asinh, months since the first event and the windows around it."""
    rows = rows.copy()
    rows["unit"] = rows["place"].astype("category").cat.codes.astype(int)
    rows["state"] = rows["place"].astype(str).str[:2].astype("category").cat.codes.astype(int)
    rows["logged"] = np.arcsinh(rows["deaths"].astype(float))
    rows["since"] = rows["month"] - rows["first"]
    for number, (low, high) in enumerate((*LEADS.values(), *WINDOWS.values())):
        rows[f"w{number}"] = rows["since"].between(low, high).astype(float)
    rows["treated"] = (rows["since"] >= 0).astype(float)
    return rows


def poisson(rows: pd.DataFrame, cluster: str = "state") -> list[Estimate]:
    """Return Poisson fixed effects by window (place and month effects, clustered errors)."""
    import pyfixest as pf

    fit = pf.fepois("deaths ~ w0 + w1 + w2 + w3 | unit + month", rows, vcov={"CRV1": cluster})
    return _windows(fit, "Poisson FE")


def linear(rows: pd.DataFrame, cluster: str = "state") -> list[Estimate]:
    """Return linear fixed effects of asinh deaths by window."""
    import pyfixest as pf

    fit = pf.feols("logged ~ w0 + w1 + w2 + w3 | unit + month", rows, vcov={"CRV1": cluster})
    return _windows(fit, "linear FE (asinh)")


def two_stage(rows: pd.DataFrame, cluster: str = "state") -> list[Estimate]:
    """Return did2s (Gardner): effects learnt from months before the event only, by window."""
    import pyfixest as pf

    rows = while_controls_last(rows)
    fit = pf.did2s(
        rows, yname="logged", first_stage="~ 0 | unit + month", second_stage="~ 0 + w1 + w2 + w3",
        treatment="treated", cluster=cluster,
    )  # fmt: skip
    return _windows(fit, "did2s (asinh)", names=("w1", "w2", "w3"))


def saturated(rows: pd.DataFrame, cluster: str = "state") -> list[Estimate]:
    """Return Sun-Abraham, the places treated last standing for those never treated."""
    from diff_diff import SunAbraham

    halves = halves_of(while_controls_last(rows))
    last = halves["start"] == halves["start"].max()
    halves["start"] = halves["start"].mask(last, 0)
    fit = SunAbraham(alpha=LEVEL, cluster=cluster).fit(
        halves, outcome="logged", unit="unit", time="time", first_treat="start"
    )
    return _dynamic(fit, "Sun-Abraham (asinh, half-years)", len(halves))


def staggered(rows: pd.DataFrame, cluster: str = "state") -> list[Estimate]:
    """Return Callaway-Sant'Anna with places not yet treated as controls, in half-years."""
    from diff_diff import CallawaySantAnna

    halves = halves_of(rows)
    fit = CallawaySantAnna(control_group="not_yet_treated", alpha=LEVEL, cluster=cluster).fit(
        halves, outcome="logged", unit="unit", time="time", first_treat="start",
        aggregate="event_study",
    )  # fmt: skip
    return _dynamic(fit, "Callaway-Sant'Anna (asinh, half-years)", len(halves))


def local_projections(rows: pd.DataFrame, cluster: str = "state") -> list[Estimate]:
    """Return local-projection difference-in-differences, places not yet treated as controls."""
    import pyfixest as pf

    halves = halves_of(rows)
    fit = pf.lpdid(
        halves, yname="logged", idname="unit", tname="time", gname="start", att=False,
        pre_window=2, post_window=2, vcov={"CRV1": cluster},
    )  # fmt: skip
    table = fit.tidy() if hasattr(fit, "tidy") else fit
    horizon = table.index.astype(str).str.extract(r"(-?\d+)$")[0].astype(int)
    return [
        _estimate(f"local projections (asinh, half-years), {label}", float(row["Estimate"]),
                  float(row["Std. Error"]), int(row["N"]) if "N" in row else len(halves))
        for at, label in HALVES.items()
        for _, row in table[(horizon == at).to_numpy()].iterrows()
    ]  # fmt: skip


def while_controls_last(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the months in which some place has not had its event yet, in whole half-years."""
    last = int(rows["first"].max()) // 6 * 6
    return rows[rows["month"] < last].reset_index(drop=True)


def quiet(
    estimator: Callable[[pd.DataFrame], list[Estimate]], rows: pd.DataFrame
) -> list[Estimate]:
    """Run an estimator without its remarks on standard error."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return estimator(rows)


def halves_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Return place x half-year rows: months 0 to 5 are one period, so no interval is averaged."""
    frame = rows.assign(time=rows["month"] // 6 + 1, start=rows["first"] // 6 + 1)
    keys = ["unit", "state", "time", "start"]
    halves = frame.groupby(keys, as_index=False).agg(deaths=("deaths", "sum"))
    return halves.assign(logged=np.arcsinh(halves["deaths"].astype(float)))


def _windows(
    fit: Any, name: str, names: tuple[str, ...] = ("w0", "w1", "w2", "w3")
) -> list[Estimate]:
    labels = dict(zip(("w0", "w1", "w2", "w3"), (*LEADS, *WINDOWS), strict=True))
    table = fit.tidy(alpha=LEVEL)
    found = []
    for one in names:
        if one in table.index:
            row = table.loc[one]
            ends = [float(row[column]) for column in table.columns if str(column).endswith("%")]
            found.append(
                Estimate(f"{name}, {labels[one]}", float(row["Estimate"]), min(ends), max(ends),
                         int(fit._N))
            )  # fmt: skip
    return found


def _dynamic(fit: Any, name: str, n: int) -> list[Estimate]:
    effects = fit.event_study_effects
    return [
        _estimate(f"{name}, {label}", float(effects[at]["effect"]), float(effects[at]["se"]), n)
        for at, label in HALVES.items()
        if at in effects
    ]


def _estimate(name: str, value: float, error: float, n: int) -> Estimate:
    return Estimate(name, value, value - 1.645 * error, value + 1.645 * error, n)
