"""Published findings asked of open data, as far as these allow, with what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.claim import Verdict
from hidra.claims.designs import event, removals, rules
from hidra.claims.designs.event import fixed_effects, quiet
from hidra.claims.designs.rules import (
    LEVEL,
    Estimate,
    Found,
    as_published,
    by_rule,
    normal,
    share,
    shares,
    side,
)
from hidra.claims.words import sentence
from hidra.data import reference

if TYPE_CHECKING:
    import pandas as pd

PERIOD = (83, 131)  # December 2006 to December 2010: 49 months
OPERATIONS = (36, 131)  # January 2003 to December 2010
NEVER = 100_000  # month of the first operation of a state that had none
DRAWS = 2000
SEED = 415
STATES = "INEGI month of death, 32 states"
# What was published, as quoted
DICKENSON = {"deaths": 415.0, "removals": 25, "killed_above_captured": True}  # 2014
ESPINOSA_RUBIN = 11.0  # per 100,000 in the first year, 18 regions; Espinosa & Rubin 2015
OSORIO = "above"  # violence after enforcement; Osorio 2015
ELSEWHERE = 30.0  # percent, same organisation elsewhere, six months; Lindo & Padilla-Romo 2018


@dataclass(frozen=True)
class Study:
    """A published window: who, its rise as a share, months after the removal, captures only."""

    who: str
    rise: float
    months: tuple[int, int]
    captures: bool


STUDIES = {
    "lindo_padilla_romo": Study("Lindo & Padilla-Romo 2018", 0.80, (0, 11), True),
    "calderon_et_al": Study("Calderón et al. 2015", 0.365, (0, 5), False),
}


def published(name: str) -> Found:
    """Return our estimate of a published window beside the published one."""
    study = STUDIES[name]
    rows = removals.panel((lambda events: ~events["killed"]) if study.captures else None)
    ours = over(rows, study.months)
    events = removals.municipal_removals()
    chosen = events[~events["killed"]] if study.captures else events
    placebo = removals.window(chosen, removals.AFTER["1-6"]).placebo
    elsewhere = next(one for one in removals.territories() if removals.ELSEWHERE in one.name)
    n = int(rows.loc[rows["since"] >= 0, "place"].nunique())
    figures = {
        f"change, months {study.months[0]}-{study.months[1]}": shares(ours),
        "published": 100 * study.rise, "places": n,
        "random dates that do as well, months 1-6": placebo,
        "other states of the group, months 1-6": shares(elsewhere),
    }  # fmt: skip
    return Found(
        as_published(ours, float(np.log1p(study.rise)), placebo),
        told_published(study, ours, placebo, n, elsewhere), shares(ours)[0],
        "INEGI registration months at the places of removal, 2007-2015", figures,
    )  # fmt: skip


lindo_padilla_romo = partial(published, "lindo_padilla_romo")
calderon_et_al = partial(published, "calderon_et_al")


def told_published(
    study: Study, ours: Estimate, placebo: float, n: int, elsewhere: Estimate
) -> dict[str, str]:
    """Return our change of a published window beside the published one, in one sentence."""
    found = sentence(
        "published", first=study.months[0], last=study.months[1], change=rules.change(ours),
        who=study.who, published=100 * study.rise,
        beside=rules.beside(ours.low, ours.high, float(np.log1p(study.rise))),
        placebo=placebo, rare=rules.rarity(placebo), n=n,
    )  # fmt: skip
    if not study.captures:
        return found
    more = sentence(
        "elsewhere", change=rules.change(elsewhere), published=ELSEWHERE,
        beside=rules.beside(elsewhere.low, elsewhere.high, np.log1p(ELSEWHERE / 100)),
    )  # fmt: skip
    return {lang: f"{found[lang]} {more[lang]}" for lang in found}


def over(rows: pd.DataFrame, months: tuple[int, int]) -> Estimate:
    """Return the Poisson change over some months after the event, later months apart."""
    rows = rows.assign(
        inside=rows["since"].between(*months).astype(float),
        after=(rows["since"] > months[1]).astype(float),
    )
    run = partial(fixed_effects, formula="deaths ~ inside + after + w0 | unit + month",
                  names={"inside": "inside"}, cluster="state")  # fmt: skip
    return quiet(run, rows)[0]


def dickenson() -> Found:
    """Return Dickenson's design on our removals, its deaths against those published."""
    found = negative_binomial()
    killed, captured = (_by_kind(found, name) for name in ("killed", "captured"))
    low, high = found["attributed_interval"]
    holds = low <= found["published"] <= high
    verdict: Verdict = "partly" if killed.side == "above" else "not supported"
    if low > 0 and killed.value > captured.value and holds:
        verdict = "supported"
    elif high < 0:
        verdict = "contradicted"
    return Found(
        verdict, told_dickenson(found), found["attributed_deaths"], STATES, dict(found)
    )  # fmt: skip


def told_dickenson(found: Mapping[str, Any]) -> dict[str, str]:
    """Return the deaths attributed and the order of killing and capture, in one sentence."""
    killed, captured = (_by_kind(found, name) for name in ("killed", "captured"))
    low, high = found["attributed_interval"]
    above = killed.value > captured.value
    return sentence(
        "dickenson", removals=found["removals"], theirs=DICKENSON["removals"],
        deaths=found["attributed_deaths"], low=low, high=high, published=found["published"],
        beside=rules.beside(low, high, found["published"]),
        killed=share(killed.value), captured=share(captured.value),
        order=sentence("killing_above" if above else "capture_above"),
        as_published=sentence(
            "as_published" if above == DICKENSON["killed_above_captured"] else "not_as_published"
        ),
        effect=rules.effect(side(low, high)),
    )  # fmt: skip


def _by_kind(found: Mapping[str, Any], name: str) -> Estimate:
    low, high = found[f"{name}_interval"]
    return Estimate(name, found[f"{name}_log"], low, high, found["rows"])


def negative_binomial() -> dict[str, Any]:
    """Return the negative binomial on 32 states x 49 months and the deaths it attributes.

    State and month effects, population as exposure, leaders killed and captured in the state in
    the last six months. Attributed deaths: fitted minus fitted with the removals set to none, with
    a 90 % interval from draws of the coefficients.
    """
    import statsmodels.api as sm

    rows, events = removals.state_rows(*PERIOD), removals.removals()
    after = range(1, removals.COUNTS_FOR + 1)
    rows["killed"] = removals.recent(rows, events[events["killed"]], after)
    rows["captured"] = removals.recent(rows, events[~events["killed"]], after)
    design, doses = _dummies(rows), rows[["killed", "captured"]].to_numpy(float)
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

    def attributed(one: np.ndarray) -> float:
        return float((fitted * (1 - np.exp(-doses @ one))).sum())

    drawn = np.array([attributed(one) for one in pair])
    low, high = np.quantile(drawn, [LEVEL / 2, 1 - LEVEL / 2])
    kinds = [
        normal(name, float(coefficients[at]), float(np.sqrt(covariance[at, at])), len(rows))
        for at, name in enumerate(("killed", "captured"))
    ]
    return {
        "removals": int((events["month"].between(*PERIOD) & events["place"].notna()).sum()),
        "rows": len(rows),
        **{f"{one.name}_log": one.value for one in kinds},
        **{f"{one.name}_interval": (one.low, one.high) for one in kinds},
        "killing_above_capture": float(np.mean(pair[:, 0] > pair[:, 1])),
        "attributed_deaths": attributed(coefficients[:2]),
        "attributed_interval": (float(low), float(high)),
        "published": DICKENSON["deaths"],
    }


def _dummies(rows: pd.DataFrame) -> np.ndarray:
    import pandas as pd

    effects = pd.get_dummies(rows[["place", "month"]].astype(str), drop_first=True, dtype=float)
    ones = np.ones((len(rows), 1))
    return np.hstack([rows[["killed", "captured"]].to_numpy(float), ones, effects.to_numpy()])


def _dispersion(deaths: np.ndarray, fit: Any) -> float:
    """Return the moment estimate of the negative binomial's alpha from a Poisson fit."""
    mean = np.asarray(fit.mu)
    return float(max(1e-3, (((deaths - mean) ** 2 - mean) / mean**2).sum() / fit.df_resid))


def operations() -> pd.DataFrame:
    """Return state x month rows 2003-2010, treated from the first joint operation of the term."""
    table = reference.table("joint_operations")
    table = table[(table["date"] >= "2006-12-01") & table["place"].notna()]
    dated = table.assign(month=removals.months_since_2000(table["date"]))
    first = dated.groupby("place")["month"].min()
    rows = removals.state_rows(*OPERATIONS)
    rows["first"] = rows["place"].map(first).fillna(NEVER).astype(int)
    return event.with_windows(rows)


def operation_effects() -> list[Estimate]:
    """Return Poisson fixed effects around the first operation, the months before it first."""
    return event.poisson(operations(), cluster="unit")


def operation_rate() -> Estimate:
    """Return the change of the yearly rate per 100,000 in months 0 to 11 after the operation.

    Linear, state and month effects, errors clustered by state; not on the log scale.
    """
    rows = operations()
    rows["rate"] = 12 * 100_000 * rows["deaths"] / rows["persons"]
    rows["year_after"] = rows["since"].between(0, 11).astype(float)
    formula, names = "rate ~ w0 + year_after + w3 | unit + month", {"year_after": "rate"}
    return fixed_effects(rows, formula, names, "unit", linear=True)[0]


def joint_operations() -> Found:
    """Return what follows the first joint operation in a state, and the months before it."""
    lead, first, *later = estimates = operation_effects()
    rate = operation_rate()
    mixed = quiet(event.synthetic, operations())
    figures: dict[str, Any] = {one.name: shares(one) for one in (*estimates, *mixed)}
    figures["rate per 100,000 a year, months 0-11"] = (rate.value, rate.low, rate.high)
    figures["published rate, 18 regions, first year"] = ESPINOSA_RUBIN
    return Found(
        by_rule(first, later, np.nan, [lead]), told_operations(lead, first, rate),
        share(first.value), STATES, figures,
    )  # fmt: skip


def told_operations(lead: Estimate, first: Estimate, rate: Estimate) -> dict[str, str]:
    """Return what came before and after an operation, and its rate beside the published one."""
    return sentence(
        "joint_operations", change=rules.change(first), before=rules.before([lead]),
        rate=rate.value, low=rate.low, high=rate.high, effect=rules.effect(rate.side),
        published=ESPINOSA_RUBIN, beside=rules.beside(rate.low, rate.high, ESPINOSA_RUBIN),
    )  # fmt: skip


def enforcement() -> Found:
    """Return the direction Osorio (2015) found: violence after enforcement, in what is at hand."""
    lead, first, *_ = operation_effects()
    removal = over(removals.panel(), (0, 5))
    sides = [one.side for one in (first, removal)]
    verdict: Verdict = "partly" if OSORIO in sides else "not supported"
    if OSORIO not in sides and "around" not in sides:
        verdict = "contradicted"
    figures = {
        "operations, months 0-5": shares(first),
        "operations, months -12 to -7": shares(lead),
        "removals, months 0-5": shares(removal),
    }
    return Found(verdict, told_enforcement(lead, first, removal), share(first.value), "INEGI",
                 figures)  # fmt: skip


def told_enforcement(lead: Estimate, first: Estimate, removal: Estimate) -> dict[str, str]:
    """Return the direction after operations and removals against the published one."""
    return sentence(
        "enforcement", direction=sentence(f"direction_{_agreement(first, removal)}"),
        operations=rules.change(first), before=rules.before([lead]), removals=rules.change(removal),
    )  # fmt: skip


def _agreement(*found: Estimate) -> str:
    """Return how many estimates go the published way: ``all``, ``some`` or ``none``."""
    same = [one.side == OSORIO for one in found]
    return "all" if all(same) else "some" if any(same) else "none"
