"""Published results, run again from published parameters."""

from __future__ import annotations

import math
from typing import Any

import jax.numpy as jnp
import numpy as np

from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _
from hidra.model.equation import CORE, Model, flows, national, start
from hidra.model.space import network

#: The letters of the paper and the names that studies and pages use; both are understood.
SCALES = {
    "rho": "recruitment",
    "eta": "enforcement",
    "theta": "lethality",
    "omega": "saturation",
}
SCALES |= {name: name for name in SCALES.values()}
#: What was published, and where it was read: the abstract, the authors' code, or the press.
TOLD = {
    "members_2012": ("115,000", "code"),
    "members_2022": ("160,000-185,000", "abstract"),
    "recruits_per_week_mean": ("350-370", "abstract"),
    "deaths_per_week_2012": ("-", "-"),
    "deaths_per_week_2022": ("125 (6,500 a year)", "press"),
}
#: Of members and of deaths a week from January 2022 to January 2027, percent, told by the press.
TOLD_CHANGES = {"no_change": ("+26", "+40"), "double_enforcement": ("-", "+8"),
                "half_recruitment": ("-11", "-")}  # fmt: skip
DECADE = 520.0  # weeks from January 2012 to January 2022, 52 a year as in the paper
LONGEST = 100  # years of scenarios
SCENARIOS: dict[str, dict[str, float]] = {
    "no_change": {},
    "double_enforcement": {"eta": 2.0},
    "half_recruitment": {"rho": 0.5},
    "both": {"eta": 2.0, "rho": 0.5},
    "no_recruitment": {"rho": 0.0},
}


def published() -> tuple[Model, dict[str, float]]:
    """Return the published one-place model and its parameters."""
    return national(network()), {q.name: q.centre for q in CORE}


def trajectory(
    model: Model, p: dict[str, float], members: np.ndarray, at: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Integrate the core in continuous time (LSODA) from `members`.

    Parameters
    ----------
    members : (G,) persons at the first time. at : (T,) increasing times, weeks.

    Returns
    -------
    sizes (T, G) persons, and flows (T, 4): recruits, arrests, deaths, departures, persons/week.
    """
    import jax
    from scipy.integrate import solve_ivp

    rest = {k: v for k, v in start(model, p).items() if k != "members"}

    @jax.jit
    def given(size: jnp.ndarray) -> jnp.ndarray:
        found, _sides = flows(model, p, {**rest, "members": size[None, :]}, {})
        return jnp.stack([f[0] for f in found])

    def slope(_time: float, size: np.ndarray) -> np.ndarray:
        recruits, arrests, deaths, departures = np.asarray(given(size))
        return np.asarray(recruits - arrests - deaths - departures)

    found = solve_ivp(
        slope, (at[0], at[-1]), members, method="LSODA", t_eval=at, rtol=1e-9, atol=1e-6
    )
    sizes = found.y.T
    return sizes, np.array([np.asarray(given(row)).sum(axis=1) for row in sizes])


def science2023(scale: dict[str, float] | None = None, years: float = 5.0) -> dict[str, Any]:
    """Run the model of Science 2023 from its published parameters.

    Parameters
    ----------
    scale : factors on recruitment, enforcement, lethality or saturation (or rho, eta, theta,
        omega, as the paper writes them) that apply from 2022, reported as ``custom``.
    years : length of the scenarios after January 2022, in years of 52 weeks.

    Returns
    -------
    dict
        ``members_2012``, ``members_2022`` (persons), ``recruits_per_week_mean``,
        ``deaths_per_week_2012``, ``deaths_per_week_2022`` (persons/week), ``groups`` (name ->
        members 2022) and ``scenarios`` (name -> ``size``, ``deaths_per_week`` at the end,
        ``size_change``, ``deaths_change`` in percent of January 2022).

    Raises
    ------
    SpecError
        There is no such factor, it is not above zero, or the years are not above 0 and up to 100.
    """
    for name, factor in (scale or {}).items():
        if name not in SCALES:
            raise unknown(_("parameter to scale"), name, SCALES, where="scale")
        if not (math.isfinite(factor) and factor > 0):
            raise SpecError(
                _("A factor must be a number above zero, not '{text}'.", text=factor),
                where=f"scale: {name}",
                fix=_("Write for example 0.8 for a fifth less."),
            )
    if not (math.isfinite(years) and 0 < years <= LONGEST):
        raise SpecError(
            _("The scenarios cannot last {years:g} years.", years=years),
            where="years",
            fix=_("Give a number above 0 and up to {most}.", most=LONGEST),
        )
    model, p = published()
    begin = np.asarray(start(model, p)["members"][0])
    weeks = np.arange(DECADE + 1)
    sizes, given = trajectory(model, p, begin, weeks)
    today, deaths = sizes[-1], given[-1, 2]
    wanted = SCENARIOS | ({"custom": scale} if scale else {})
    scenarios = {}
    for name, factors in wanted.items():
        changed = p | {SCALES[k]: p[SCALES[k]] * f for k, f in factors.items()}
        later, rates = trajectory(model, changed, today, np.array([0.0, 52.0 * years]))
        scenarios[name] = {
            "size": float(later[-1].sum()),
            "deaths_per_week": float(rates[-1, 2]),
            "size_change": float(100 * (later[-1].sum() / today.sum() - 1)),
            "deaths_change": float(100 * (rates[-1, 2] / deaths - 1)),
        }
    return {
        "members_2012": float(sizes[0].sum()),
        "members_2022": float(today.sum()),
        "recruits_per_week_mean": float(np.trapezoid(given[:, 0], weeks) / DECADE),
        "deaths_per_week_2012": float(given[0, 2]),
        "deaths_per_week_2022": float(deaths),
        "groups": dict(zip(model.network.names, map(float, today), strict=True)),
        "scenarios": scenarios,
    }
