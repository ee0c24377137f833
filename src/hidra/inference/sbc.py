"""Simulation-based calibration: whether the fit finds what was put in, on average over the prior.

Truths are drawn from the prior, records are simulated from them, each is fitted as real records
are, and the rank of the truth among the draws is kept. Ranks of a right fit are uniform (Talts et
al. 2018, arXiv 1804.06788). The prior of what the records say is that of the fit itself, the soft
anchor of the absolute scale included, by resampling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import jax
import numpy as np

from hidra.core.param import Param
from hidra.inference import FLOOR, NEW, Records, probability
from hidra.inference.emulate import Emulator
from hidra.inference.sample import Surface, draw, surface

if TYPE_CHECKING:
    import pandas as pd

MANY = 4000  # draws of the prior, resampled by the anchor
COUNTS = ("inegi", "sesnsp")
Draws = Mapping[str, np.ndarray]
Simulator = Callable[[np.ndarray], np.ndarray]


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

    Returns
    -------
    pandas.DataFrame
        `site`, `entry`, `rank` (share of draws below the truth), `kept`, `excess` (see
        ``sample.sample``).
    """
    import pandas as pd

    known = {name: np.isfinite(getattr(question.records, name)) for name in COUNTS}
    counts = [np.where(known[name], truth[name], np.nan) for name in COUNTS]
    draws, judged = draw(question.surface, seed, steps, *counts)
    rows = [
        pd.DataFrame(
            {
                "site": name,
                "entry": np.arange(truth[name].size),
                "rank": (draws[name] < truth[name]).mean(axis=0).ravel(),
            }
        )
        for name in sorted(draws)
        if not name.endswith(NEW)
    ]
    told = {name: judged[name] for name in ("kept", "excess") if name in judged}
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
    import pandas as pd
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
    sites = _trace(question, _Given(question.emulator.dimensions, log_deaths), key)
    return {n: s["value"] for n, s in sites.items() if n != "attributed"}


@dataclass(frozen=True)
class _Given:
    """Log deaths that are known, in the place of the emulator."""

    dimensions: int
    log_deaths: jax.Array

    def __call__(self, z: jax.Array) -> jax.Array:
        return self.log_deaths


def _trace(question: Question, emulator: Any, key: jax.Array) -> dict[str, dict[str, Any]]:
    from numpyro import handlers

    r = question.records
    model = partial(probability, emulator, question.recording, r, question.days)
    free = handlers.uncondition(handlers.seed(model, key))
    return dict(handlers.trace(free).get_trace(r.inegi, r.sesnsp))
