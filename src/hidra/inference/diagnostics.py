"""What a fit tells: of each parameter, of the records, of the absolute scale, and of itself.

`learnt`: prior against posterior. `explained`: how much of the records the mechanisms explain.
`scale`: what the size of the groups rests on. `ranks` and `summary`: simulation-based calibration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import pandas as pd

from hidra.core.i18n import _, columns
from hidra.core.param import Param
from hidra.core.place import NATION
from hidra.core.weeks import Weeks
from hidra.inference.calibrate import FLOOR, Emulator, Simulator
from hidra.inference.likelihood import COORDINATES, Records, probability
from hidra.inference.posterior import Posterior, contraction, wider
from hidra.inference.samplers import Surface, draw, surface
from hidra.model import series
from hidra.model.observe import ATTRIBUTED
from hidra.model.system import Overrides, dynamics, recording

if TYPE_CHECKING:
    import xarray as xr

    from hidra.model.mechanism import Mechanism

WORDS = (
    (0.1, _("the data say nothing about this")),
    (0.4, _("the data say little")),
    (0.7, _("the data say a good deal")),
    (1.1, _("the data all but determine it")),
)
WIDER = _(
    "the fit leaves it wider than its prior: of a quick fit, a sign that its normal fails",
)
SHARES = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


def quantiles(draws: Any) -> dict[str, np.ndarray]:
    """Return the quantiles `SHARES` of draws (the first axis) by name; NaN where a draw is NaN."""
    found = np.quantile(np.asarray(draws), [*SHARES.values()], axis=0)
    return dict(zip(SHARES, found, strict=True))


def learnt(
    posterior: Posterior, names: tuple[str | Mechanism, ...], overrides: Overrides
) -> pd.DataFrame:
    """Return the table `parameters`: prior against posterior, one row per uncertain parameter.

    Contraction is one minus the ratio of posterior to prior standard deviation.
    """
    rows = []
    for q in (*dynamics(names, overrides), *recording(overrides)):
        if q.prior is None:
            continue
        draws = posterior.draws[q.name]
        less = contraction(q, draws)
        words = next(words for limit, words in WORDS if less < limit)
        words = WIDER if wider(q, draws) else words
        rows.append(
            {
                "name": q.name,
                "unit": q.unit,
                "prior": str(q.prior),
                "doc": q.doc,
                "source": q.source,
            }
            | {f"prior_{name}": q.prior.quantile(share) for name, share in SHARES.items()}
            | quantiles(draws)
            | {"contraction": less, **columns(words=words)}
        )
    return pd.DataFrame(rows)


PARTS = ("mechanisms", "discrepancy", "noise")


def explained(results: xr.Dataset, posterior: Posterior, first: str, last: str) -> pd.DataFrame:
    """Split the variance of log monthly homicides into what moves them, draw by draw.

    With y the log of recorded homicides, x that of what the mechanisms expect, d the discrepancy
    and e what is left (luck in the counts), y = x + d + e in every month. The share of a part is
    its covariance with y over the variance of y, so shares add up to one; a share is negative
    where the part moves against the records. The mean level of a state is a parameter of its own
    and explains nothing of the change from month to month.

    Parameters
    ----------
    results : of the scenario that continues the fit, the first one in it.
    posterior : whose draws it was simulated from. first, last : months, ``YYYY-MM``.

    Returns
    -------
    pandas.DataFrame
        `place` (nation first), `period_from`, `period_to`, `part`, `p05`, `p50`, `p95`.
    """
    weeks = Weeks(first, last)
    seen = series.records("inegi_homicides", weeks)
    known = np.isfinite(seen).all(axis=1)
    if known.sum() < 3:
        return pd.DataFrame()
    expected, base = _expected(results, posterior, weeks)
    rows = []
    for place, y, mu, x in (
        (NATION.code, seen.sum(axis=1), expected.sum(axis=2), base.sum(axis=2)),
        *(
            (str(code), seen[:, i], expected[:, :, i], base[:, :, i])
            for i, code in enumerate(series.states())
        ),
    ):
        found = _shares(np.log(y[known] + 0.5), np.log(mu[:, known]), np.log(x[:, known]))
        rows += [
            {"place": place, "part": part} | quantiles(one)
            for part, one in zip(PARTS, found, strict=True)
        ]
    return pd.DataFrame(rows).assign(period_from=first, period_to=last)


def _expected(
    results: xr.Dataset, posterior: Posterior, weeks: Weeks
) -> tuple[np.ndarray, np.ndarray]:
    """Expected homicides with and without the discrepancy, (draw, M, P)."""
    now = results.isel(scenario=0).sel(month=weeks.months.astype("datetime64[ns]"))
    order = ("draw", "month", "place")
    deaths = now["member_deaths"].transpose(*order).to_numpy().astype(float)
    expected = now["inegi_homicides_expected"].transpose(*order).to_numpy().astype(float)
    which = now["draw"].to_numpy() % posterior.size
    exposure = series.population(weeks) * weeks.days[:, None]
    unlinked, linked = (posterior.draws[n][which][:, None, :] for n in ("unlinked", "linked"))
    return expected, unlinked * exposure + linked * deaths


def _shares(y: np.ndarray, mu: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Shares of mechanisms, discrepancy and noise for every draw, (3, S); y (M,), others (S, M)."""
    off = y - y.mean()
    parts = (x, mu - x, y - mu)
    return np.stack([(part - part.mean(axis=1, keepdims=True)) @ off for part in parts]) / (
        off @ off
    )


# If members and arrests are multiplied by k, and lethality and saturation divided by k, every
# course is the same times k (Science 2023 has the same property). Killings linked to each member
# killed take up the k: nothing recorded changes. Only the prior of the attributed share holds it.
POWER = {
    "initial_members": 1, "enforcement": 1, "attributed_share": 1, "recruitment": 0,
    "lethality": -1, "saturation": -1, "linked": -1,
}  # fmt: skip
# Published estimate and box of the authors' code (github.com/rafaelprietocuriel/Recruitment).
PUBLISHED = {
    "recruitment": (2.527474e-3, 2e-3, 3e-3),
    "enforcement": (110.0, 110.0, 120.0),
    "lethality": (1.549231e-8, 1e-8, 2e-8),
    "saturation": (4e-8, 4e-8, 1e-7),
    "initial_members": (115_000.0, 110_000.0, 115_000.0),
}


def attributed(results: xr.Dataset, lost: float, first: str, last: str) -> np.ndarray:
    """Members killed per homicide or missing person in the months of a fit, (draw,)."""
    now = results["member_deaths"].isel(scenario=0).sel(month=slice(first, last))
    years = now.sizes["month"] / 12
    return np.asarray(now.sum(("month", "place")).to_numpy() / years / lost, float)


def scale(posterior: Posterior, share: np.ndarray) -> pd.DataFrame:
    """Return how each parameter moves along the ridge of equal records.

    Parameters
    ----------
    share : (draw,) attributed share of the draws, in order.

    Returns
    -------
    pandas.DataFrame
        `name`; `power` of k by which it moves without changing a record; `slope` of its logarithm
        on that of `initial_members` over the draws, and their `correlation`; `p05`, `p50`, `p95`;
        of the attributed share also its prior; the published `estimate`, its box `low`, `high`,
        and whether it stands `on_bound`.
    """
    draws = {n: v for n, v in posterior.draws.items() if n in POWER}
    which = np.arange(len(share)) % posterior.size
    size = np.log(draws["initial_members"])
    rows = []
    for name, power in POWER.items():
        if name == "attributed_share":
            values, against = np.log(share), size[which]
        else:
            logs = np.log(draws[name])
            values, against = logs.reshape(len(logs), -1).mean(axis=1), size
        rows.append(
            {"name": name, "power": power}
            | _moves(values, against)
            | {at: np.exp(value) for at, value in quantiles(values).items()}
            | _published(name)
        )
    return pd.DataFrame(rows)


def _moves(values: np.ndarray, against: np.ndarray) -> dict[str, float]:
    """Slope and correlation of values on what they are held against; none where it is fixed."""
    if min(values.std(), against.std()) < 1e-12:
        return {"slope": np.nan, "correlation": np.nan}
    correlation = float(np.corrcoef(values, against)[0, 1])
    return {"slope": correlation * values.std() / against.std(), "correlation": correlation}


def _published(name: str) -> dict[str, object]:
    estimate, low, high = PUBLISHED.get(name, (np.nan, np.nan, np.nan))
    prior = ATTRIBUTED.prior if name == "attributed_share" else None
    return {
        "estimate": estimate,
        "low": low,
        "high": high,
        "on_bound": bool(np.isfinite(estimate) and estimate in {low, high}),
    } | {f"prior_{at}": prior.quantile(p) if prior else np.nan for at, p in SHARES.items()}


# Simulation-based calibration: truths are drawn from the prior, records are simulated from them,
# each is fitted as real records are, and the rank of the truth among the draws is kept. Ranks of a
# right fit are uniform (Talts et al. 2018, arXiv 1804.06788). The prior of what the records say is
# that of the fit itself, the soft anchor of the absolute scale included, by resampling.
MANY = 4000  # draws of the prior, resampled by the anchor
COUNTS = ("inegi", "sesnsp")
Draws = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Question:
    """What is fitted, but for the records.

    Attributes
    ----------
    emulator : of the member deaths of the same months and places as in `records`.
    recording : parameters of what agencies record.
    records : real ones; only their shape, gaps, people and ``usual`` level are used.
    days : (M,) days of each month.
    """

    emulator: Emulator
    recording: tuple[Param, ...]
    records: Records
    days: np.ndarray

    @cached_property
    def surface(self) -> Surface:
        """The posterior of any records of this shape, compiled once."""
        r = self.records
        model = partial(probability, self.emulator, self.recording, r, self.days)
        return surface(model, 0, r.inegi, r.sesnsp)

    def cut(self, months: int, places: np.ndarray) -> Question:
        """Return the question for the first months and some places."""
        e, r = self.emulator, self.records
        usual = np.exp(r.centre)[places]
        share = usual.sum() / np.exp(r.centre).sum()
        part = partial(np.take, indices=places, axis=1)
        records = Records(
            part(r.inegi)[:months], part(r.sesnsp)[:months], part(r.population)[:months],
            r.lost * share, usual,
        )  # fmt: skip
        weights = e.weights[:, :months][:, :, places]
        return replace(self, emulator=replace(e, weights=weights), records=records,
                       days=self.days[:months])  # fmt: skip


def truths(
    question: Question, count: int, seed: int, simulate: Simulator | None = None
) -> list[Draws]:
    """Draw parameters and records from the prior.

    Parameters
    ----------
    simulate : z (S, D) -> member deaths (S, M, P): the model itself, where the emulator that the
        fit uses should not also make the records.

    Returns
    -------
    list of dict
        `count` truths, each site -> (...), with the records ``inegi`` and ``sesnsp``.
    """
    keys = jax.random.split(jax.random.key(seed), MANY)
    heights, z = jax.jit(lambda k: jax.lax.map(partial(_prior, question), k))(keys)
    weight = np.exp(np.asarray(heights) - float(np.max(heights)))
    chosen = np.random.default_rng(seed).choice(MANY, count, replace=False, p=weight / weight.sum())
    z = np.asarray(z)[chosen]
    if simulate is None:
        deaths = np.stack([np.asarray(question.emulator(row)) for row in z])
    else:
        deaths = np.log(simulate(z) + FLOOR)
    make = jax.jit(partial(_country, question))
    return [
        {name: np.asarray(v) for name, v in make(keys[i], d).items()}
        for i, d in zip(chosen, deaths, strict=True)
    ]


def ranks(question: Question, truth: Draws, seed: int, steps: int = 0) -> pd.DataFrame:
    """Fit one truth as real records are fitted, and return the rank of every parameter.

    Parameters
    ----------
    steps : see ``samplers.draw``.

    Returns
    -------
    pandas.DataFrame
        `site`, `entry`, `rank` (share of draws below the truth; what is fixed has none), and in
        every row what ``samplers.draw`` tells of the draws.
    """
    known = {name: np.isfinite(getattr(question.records, name)) for name in COUNTS}
    counts = [np.where(known[name], truth[name], np.nan) for name in COUNTS]
    drawn = draw(question.surface, seed, steps, *counts)
    rows = []
    for name in sorted(drawn.draws):
        values, true = drawn.draws[name], truth[name]
        if name in COORDINATES:
            continue
        free = np.ravel(np.ptp(values, axis=0) > 1e-9)  # a ratio to itself is one, but for rounding
        below = np.ravel((values < true).mean(axis=0))
        entry = np.flatnonzero(free)
        rows.append(pd.DataFrame({"site": name, "entry": entry, "rank": below[entry]}))
    told = {n: np.nan if value is None else value for n, value in drawn.diagnostics.items()}
    return pd.concat(rows, ignore_index=True).assign(**told)


def summary(found: pd.DataFrame) -> pd.DataFrame:
    """Judge ranks of many replicates (column `replicate`), one row per site.

    Returns
    -------
    pandas.DataFrame
        `site`, `n` ranks, `coverage50`, `coverage90` of central intervals, `mean` rank (0.5 when
        right), and `p`, of a Kolmogorov-Smirnov test of uniformity on one entry per replicate,
        since entries of one replicate are not independent.
    """
    from scipy.stats import kstest

    rows = []
    for site, part in found.groupby("site", sort=True):
        off = (part["rank"] - 0.5).abs()
        one = part.groupby("replicate").sample(1, random_state=1)["rank"]
        rows.append(
            {
                "site": site,
                "n": len(part),
                "coverage50": (off <= 0.25).mean(),
                "coverage90": (off <= 0.45).mean(),
                "mean": part["rank"].mean(),
                "p": kstest(one, "uniform").pvalue,
            }
        )
    return pd.DataFrame(rows)


def _prior(question: Question, key: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Log weight that the anchor gives to one draw of the prior, and its z."""
    sites = _trace(question, question.emulator, key)
    return sites["attributed"]["fn"].log_factor, sites["z"]["value"]


def _country(question: Question, key: jax.Array, log_deaths: jax.Array) -> dict[str, jax.Array]:
    """Everything of one draw of the prior, given the log deaths of members (M, P)."""
    sites = _trace(
        question, _Given(question.emulator.dimensions, log_deaths, question.emulator.error), key
    )
    return {n: s["value"] for n, s in sites.items() if n != "attributed"}


@dataclass(frozen=True)
class _Given:
    """Log deaths that are known, in the place of the emulator."""

    dimensions: int
    log_deaths: jax.Array
    error: float

    def __call__(self, z: jax.Array) -> jax.Array:
        return self.log_deaths


def _trace(question: Question, emulator: Any, key: jax.Array) -> dict[str, dict[str, Any]]:
    from numpyro import handlers

    r = question.records
    model = partial(probability, emulator, question.recording, r, question.days)
    free = handlers.uncondition(handlers.seed(model, key))
    return dict(handlers.trace(free).get_trace(r.inegi, r.sesnsp))
