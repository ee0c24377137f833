"""What the bank says of the sizes of mechanisms: indirect inference on the effects they imply.

Each experiment is run at points of the prior; a Gaussian process then gives the effect of any point
with its error (of the emulator, and of all that the study does not speak to). The posterior is the
prior weighed by how well the effects meet those published, error and interval together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.stats import norm

from hidra.core.param import Param
from hidra.core.workers import Workers
from hidra.evidence import Experiment, Look, Study
from hidra.evidence.experiment import SEED, drawn, run, system_of

if TYPE_CHECKING:
    import pandas as pd

POINTS, ROUNDS = 48, 2  # at which experiments are run, over the prior and then the posterior
TRIED = 60_000  # draws of the prior that are weighed
KEPT = 200  # draws of the posterior
NINETY = 2 * norm.ppf(0.95)  # width of a 90 % interval in standard deviations


def scale(look: Look, effect: Any) -> Any:
    """Put an effect on the scale where errors are even: logs of ratios, counts nearly so."""
    return np.log(effect) if look.neutral else np.arcsinh(effect)


def unscale(look: Look, value: Any) -> Any:
    """Return an effect from the scale of ``scale``."""
    return np.exp(value) if look.neutral else np.sinh(value)


@dataclass(frozen=True)
class Emulator:
    """The effect of one study at any point of the parameters it speaks to."""

    study: Study
    experiment: Experiment
    process: Any

    @classmethod
    def of(
        cls, study: Study, seen: Iterable[tuple[Mapping[str, np.ndarray], np.ndarray]]
    ) -> Emulator:
        """Train it on rounds of points in standard normal scores, name -> (draw,), and effects."""
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

        one = study.experiment
        assert one is not None
        smooth = ConstantKernel(1.0) * RBF(np.ones(len(one.parameters)), (0.3, 100.0))
        process = GaussianProcessRegressor(
            smooth + WhiteKernel(0.1, (1e-6, 10.0)), normalize_y=True, random_state=SEED
        )
        rounds = [(np.stack([z[n] for n in one.parameters], axis=1), effect) for z, effect in seen]
        at, effects = (np.concatenate(parts) for parts in zip(*rounds, strict=True))
        return cls(study, one, process.fit(at, scale(one.look, effects)))

    def at(self, points: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and standard deviation of the effect, on its scale, (draw,) each."""
        where = np.stack([points[name] for name in self.experiment.parameters], axis=1)
        mean, sd = self.process.predict(where, return_std=True)
        return mean, sd

    def log_likelihood(self, points: Mapping[str, np.ndarray]) -> np.ndarray:
        """Return how well points meet what was published, (draw,)."""
        mean, sd = self.at(points)
        found, look = self.study.published, self.experiment.look
        low, value, high = (scale(look, x) for x in (found.low, found.value, found.high))
        error = np.hypot((high - low) / NINETY, sd)
        return np.asarray(norm.logpdf(value, mean, error))


@dataclass(frozen=True)
class Sizes:
    """Posterior of the parameters that the bank speaks to.

    Attributes
    ----------
    draws : full name -> (S,). table : by parameter, prior and posterior 5, 50, 95 %, contraction
        and the studies. left_out : by study, what the others predict of it. effective : draws that
        the weighed prior is worth.
    """

    draws: dict[str, np.ndarray]
    table: list[dict[str, Any]]
    left_out: list[dict[str, Any]]
    effective: float

    def frame(self) -> pd.DataFrame:
        """Return the draws as a table, one column a parameter."""
        import pandas as pd

        return pd.DataFrame(self.draws)


def fit(
    studies: Iterable[Study],
    *,
    points: int = POINTS,
    seed: int = SEED,
    workers: Workers = 1,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> Sizes:
    """Fit the sizes of mechanisms to the studies whose use is ``fit``.

    Parameters
    ----------
    points : of each round, at which every experiment is run. workers, progress : see
        ``experiment.run``.
    """
    chosen = [study for study in studies if study.use == "fit" and study.experiment]
    params = _parameters(chosen)
    rng = np.random.default_rng(seed)
    tried = {name: rng.standard_normal(TRIED) for name in params}
    seen: dict[str, list[tuple[dict[str, np.ndarray], np.ndarray]]] = {s.id: [] for s in chosen}
    draws: dict[str, np.ndarray] = {}
    for number in range(ROUNDS):  # first over the prior, then where the posterior lies
        told = partial(_round, progress, number)
        found = run(
            chosen, draws=points, seed=seed + number, given=draws, workers=workers, progress=told
        )
        for result in found:
            one = result.study.experiment
            assert one is not None
            p = drawn(system_of(one), points, seed + number, draws)
            scores = {name: _score(params[name], p[name]) for name in one.parameters}
            seen[result.study.id].append((scores, result.effect))
        emulators = {s.id: Emulator.of(s, seen[s.id]) for s in chosen}
        log = {name: one.log_likelihood(tried) for name, one in emulators.items()}
        weights = _weights(sum(log.values()))
        kept = rng.choice(TRIED, KEPT, p=weights)
        draws = {name: _value(q, tried[name][kept]) for name, q in params.items()}
    table = [_told(q, tried[name], weights, chosen) for name, q in params.items()]
    left_out = [
        _without(one, tried, _weights(sum(log.values()) - log[name]))
        for name, one in emulators.items()
    ]
    return Sizes(draws, table, left_out, float(1.0 / (weights**2).sum()))


def _round(
    progress: Callable[[str, int, int], None], number: int, what: str, done: int, total: int
) -> None:
    progress(what, number * total + done, ROUNDS * total)


def _parameters(studies: Iterable[Study]) -> dict[str, Param]:
    found: dict[str, Param] = {}
    for study in studies:
        assert study.experiment is not None
        known = {q.name: q for q in system_of(study.experiment).dynamics}
        found |= {name: known[name] for name in study.experiment.parameters}
    return dict(sorted(found.items()))


def _score(q: Param, values: np.ndarray) -> np.ndarray:
    """Return values of a parameter as standard normal scores of its prior."""
    assert q.prior is not None
    return np.asarray(norm.ppf(np.clip(q.prior.frozen().cdf(values), 1e-6, 1 - 1e-6)))


def _value(q: Param, scores: np.ndarray) -> np.ndarray:
    assert q.prior is not None
    return np.asarray(q.prior.quantile(norm.cdf(scores)), float)


def _weights(log: Any) -> np.ndarray:
    found = np.exp(log - np.max(log))
    return np.asarray(found / found.sum())


def _quantiles(values: np.ndarray, weights: np.ndarray) -> list[float]:
    order = np.argsort(values)
    return [float(x) for x in np.interp([0.05, 0.5, 0.95], weights[order].cumsum(), values[order])]


def _told(
    q: Param, scores: np.ndarray, weights: np.ndarray, studies: Iterable[Study]
) -> dict[str, Any]:
    """Return prior and posterior of a parameter, and the studies that speak of it."""
    mean = float(weights @ scores)
    spread = float(np.sqrt(weights @ (scores - mean) ** 2))
    low, middle, high = (float(_value(q, np.array(s))) for s in _quantiles(scores, weights))
    before = [float(_value(q, np.array(norm.ppf(share)))) for share in (0.05, 0.5, 0.95)]
    return {
        "name": q.name, "unit": q.unit, "prior_p05": before[0], "prior_p50": before[1],
        "prior_p95": before[2], "p05": low, "p50": middle, "p95": high,
        "contraction": 1.0 - spread,
        "studies": [s.id for s in studies if s.experiment and q.name in s.experiment.parameters],
    }  # fmt: skip


def _without(one: Emulator, tried: Mapping[str, np.ndarray], weights: np.ndarray) -> dict[str, Any]:
    """Return what all other studies predict of one, beside what it found."""
    rng = np.random.default_rng(SEED)
    kept = rng.choice(TRIED, KEPT, p=weights)
    mean, sd = one.at({name: tried[name][kept] for name in one.experiment.parameters})
    look, found = one.experiment.look, one.study.published
    predicted = unscale(look, mean + sd * rng.standard_normal(KEPT))
    low, middle, high = (float(x) for x in np.quantile(predicted, [0.05, 0.5, 0.95]))
    return {
        "id": one.study.id, "published": found.value, "low": found.low, "high": found.high,
        "predicted": middle, "pred_low": low, "pred_high": high,
        "overlaps": low <= found.high and found.low <= high,
    }  # fmt: skip
