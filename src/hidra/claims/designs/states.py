"""The state level: Dickenson's 32 states x 49 months, and the joint operations of 2006-2010."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs.event import LEVEL, Estimate, with_windows
from hidra.claims.designs.removals import months_since_2000, removals, state_homicides
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd

DICKENSON = (83, 131)  # December 2006 to December 2010: 49 months
REACH = 6  # months a removal counts for
DRAWS = 2000
SEED = 415


def state_rows(first: int, last: int) -> pd.DataFrame:
    """Return state x month rows: place, month, deaths, persons (mid-year population)."""
    homicides = state_homicides()
    rows = (
        homicides.loc[first:last]
        .rename_axis("month")
        .reset_index()
        .melt("month", var_name="place", value_name="deaths")
    )
    people = reference.table("population_state_year")[["place", "year", "population"]]
    rows["year"] = 2000 + rows["month"] // 12
    rows = rows.merge(people, on=["place", "year"], how="left", validate="m:1")
    return rows.rename(columns={"population": "persons"})


def with_removals(rows: pd.DataFrame, reach: int = REACH) -> pd.DataFrame:
    """Add how many leaders were killed and captured in the state in the last `reach` months."""
    rows = rows.copy()
    events = removals().dropna(subset=["place"])
    for name, chosen in (
        ("killed", events[events["killed"]]),
        ("captured", events[~events["killed"]]),
    ):
        recent = np.zeros(len(rows))
        for event in chosen.to_dict("records"):
            since = rows["month"] - event["month"]
            recent += ((rows["place"] == event["place"]) & since.between(1, reach)).to_numpy(float)
        rows[name] = recent
    return rows


def dickenson() -> dict[str, Any]:
    """Return the negative binomial on 32 states x 49 months and the deaths it attributes.

    State and month effects, population as exposure, leaders killed and captured in the state in
    the last six months. Attributed deaths: fitted minus fitted with the removals set to none, with
    a 90 % interval from draws of the coefficients.
    """
    import statsmodels.api as sm

    rows = with_removals(state_rows(*DICKENSON))
    design = _dummies(rows)
    exposure = np.log(rows["persons"].to_numpy(float))
    deaths = rows["deaths"].to_numpy(float)
    spread = _dispersion(
        deaths, sm.GLM(deaths, design, sm.families.Poisson(), offset=exposure).fit()
    )
    family = sm.families.NegativeBinomial(alpha=spread)
    fit = sm.GLM(deaths, design, family, offset=exposure).fit(
        cov_type="cluster",
        cov_kwds={"groups": rows["place"].astype("category").cat.codes.to_numpy()},
    )
    coefficients, covariance = np.asarray(fit.params), np.asarray(fit.cov_params())
    rng = np.random.default_rng(SEED)
    pair = rng.multivariate_normal(coefficients[:2], covariance[:2, :2], DRAWS)
    fitted = np.asarray(fit.mu)
    doses = rows[["killed", "captured"]].to_numpy(float)

    def attributed(one: np.ndarray) -> float:
        return float((fitted * (1 - np.exp(-doses @ one))).sum())

    drawn = np.array([attributed(one) for one in pair])
    low, high = np.quantile(drawn, [LEVEL / 2, 1 - LEVEL / 2])
    return {
        "removals": int(
            ((removals()["month"].between(*DICKENSON)) & removals()["place"].notna()).sum()
        ),
        "rows": len(rows),
        "killed_log": float(coefficients[0]),
        "captured_log": float(coefficients[1]),
        "killed_interval": _interval(coefficients[0], covariance[0, 0]),
        "captured_interval": _interval(coefficients[1], covariance[1, 1]),
        "killing_above_capture": float(np.mean(pair[:, 0] > pair[:, 1])),
        "attributed_deaths": attributed(coefficients[:2]),
        "attributed_interval": (float(low), float(high)),
        "published": 415.0,
    }


def territories() -> list[Estimate]:
    """Return state fixed effects of a removal here, elsewhere in the group's states, next door.

    Poisson, state and month effects, 2008-2018, removals of the last six months; errors clustered
    by state. Presence is by press reports (OCVED), which follow violence.
    """
    import pyfixest as pf

    rows = with_removals(state_rows(96, 227))
    rows["here"] = rows["killed"] + rows["captured"]
    rows["group"], rows["beside"] = 0.0, 0.0
    presence = reference.table("group_presence_state")
    borders = reference.table("place_neighbour")
    for event in removals().dropna(subset=["place"]).to_dict("records"):
        held = set(presence.loc[presence["node"] == event["network_node"], "place"]) - {
            event["place"]
        }
        near = set(borders.loc[borders["place"] == event["place"], "neighbour"]) - held
        recent = (rows["month"] - event["month"]).between(1, REACH)
        rows["group"] += (recent & rows["place"].isin(held)).astype(float)
        rows["beside"] += (recent & rows["place"].isin(near)).astype(float)
    fit = pf.fepois("deaths ~ here + group + beside | place + month", rows, vcov={"CRV1": "place"})
    names = ("state of removal", "other states of the group", "neighbours without the group")
    table = fit.tidy(alpha=LEVEL)
    return [
        Estimate(f"states, {name}, months 1-6", float(row["Estimate"]), *_ends(row), int(fit._N))
        for name, (_, row) in zip(names, table.iterrows(), strict=True)
    ]


def operations() -> pd.DataFrame:
    """Return state x month rows 2003-2010, treated from the first joint operation of the term."""
    table = reference.table("joint_operations")
    table = table[(table["date"] >= "2006-12-01") & table["place"].notna()]
    first = table.assign(month=months_since_2000(table["date"])).groupby("place")["month"].min()
    rows = state_rows(36, 131)
    rows["first"] = rows["place"].map(first).fillna(100_000).astype(int)
    return with_windows(rows)


def operation_effects() -> list[Estimate]:
    """Return Poisson fixed effects around the first operation, with the months before it."""
    import pyfixest as pf

    rows = operations()
    fit = pf.fepois("deaths ~ w0 + w1 + w2 + w3 | unit + month", rows, vcov={"CRV1": "unit"})
    table = fit.tidy(alpha=LEVEL)
    names = ("months -12 to -7", "months 0-5", "months 6-11", "months 12 on")
    return [
        Estimate(f"Poisson FE, {name}", float(row["Estimate"]), *_ends(row), int(fit._N))
        for name, (_, row) in zip(names, table.iterrows(), strict=True)
    ]


def operation_rate() -> Estimate:
    """Return the change of the yearly rate per 100,000 in months 0 to 11 after the operation.

    Linear, state and month effects, errors clustered by state; not on the log scale.
    """
    import pyfixest as pf

    rows = operations()
    rows["rate"] = 12 * 100_000 * rows["deaths"] / rows["persons"]
    rows["year_after"] = rows["since"].between(0, 11).astype(float)
    fit = pf.feols("rate ~ w0 + year_after + w3 | unit + month", rows, vcov={"CRV1": "unit"})
    row = fit.tidy(alpha=LEVEL).loc["year_after"]
    return Estimate("rate per 100,000", float(row["Estimate"]), *_ends(row), int(fit._N))


def _ends(row: Any) -> tuple[float, float]:
    ends = [float(row[column]) for column in row.index if str(column).endswith("%")]
    return min(ends), max(ends)


def _interval(value: float, variance: float) -> tuple[float, float]:
    half = 1.645 * float(np.sqrt(variance))
    return float(value) - half, float(value) + half


def _dummies(rows: pd.DataFrame) -> np.ndarray:
    import pandas as pd

    effects = pd.get_dummies(rows[["place", "month"]].astype(str), drop_first=True, dtype=float)
    ones = np.ones((len(rows), 1))
    return np.hstack([rows[["killed", "captured"]].to_numpy(float), ones, effects.to_numpy()])


def _dispersion(deaths: np.ndarray, fit: Any) -> float:
    """Return the moment estimate of the negative binomial's alpha from a Poisson fit."""
    mean = np.asarray(fit.mu)
    return float(max(1e-3, (((deaths - mean) ** 2 - mean) / mean**2).sum() / fit.df_resid))
