"""Try what the forecast of case files leaves unused; write what came of it beside the page.

    python -m scripts.make_baseline_tries

**The rule, written down before any candidate was scored and before 2025 was looked at.** Two
earlier tries at the width of the bands (a conformal scale, the same by state) were refused; this is
the third. Six candidates, each alone against the forecast as it is:

* `share`: of the pool. Weights under which the two models gave the most probability to what came at
  the origins before (optimal linear pool, Geweke & Amisano 2011), instead of one half.
* `shocks`: own, national and a month's noise of the state-space model, out of 27 settings the one
  with the least CRPS of the pool at the origins before, instead of the one that INEGI's origins of
  2005 to 2011 gave.
* `slope`: the national level has a slope that fades (damped local linear trend); its shocks and its
  fading are the most likely ones of INEGI 2000 to 2014.
* `tails`: own shocks follow a Student t with 5 degrees of freedom, of the same variance.
* `intercept`: half of the mean national error of the ten earlier origins is taken off the
  statistical model (intercept correction, Clements & Hendry 1996).
* `memory`: the record is prolonged by INEGI before 2015, by state, and spread is learnt from twenty
  earlier origins, ten years, instead of ten.

Scored on SESNSP from 23 origins, December 2018 to June 2024 every three months, months 1-6; each
knows only outcomes up to itself; until four origins are known in full, a learnt one is as it is
now. A candidate *earns its place* if the CRPS of the states is lower, the 95 % interval of the
paired difference (origins in blocks of a year) below zero, and neither the CRPS of the nation nor
ignorance and interval score of the states is worse by an interval above zero. Of several the one
with the lowest CRPS is taken; then every row of INEGI must hold what it holds now (eight Decembers
<= 225 / 14.45 with cover .87-.92, December 2019 <= 145 / 15.0, Octobers <= 12.65). Only then is
2025 looked at, once, with that one. It cannot make another one chosen; it can refuse this one, if a
bound held now (states <= 10.7; the band of the second half of 2025) breaks. If none earns its
place, none is looked at on 2025.

It is a try of one day: it is not stamped, nor made again because other code or newer counts came.
It was run twice, the first time with draws of the two models paired otherwise: the same one was
taken, and the same came of it (CRPS 11.00, cover .833 against .859).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr
from scipy.stats import t as student
from statsmodels.tsa.statespace.mlemodel import MLEModel

from hidra.core.files import write_json
from hidra.forecast import known_at, means, models
from hidra.forecast.history import OVERLAP, PRIOR, History, month, record
from hidra.forecast.means import Hindcasts, cache_folder
from hidra.forecast.model import LEAST, Ask, counted, normals
from hidra.forecast.scores import NAMES, difference, scores, share_in_bin

FILE = Path(__file__).parents[1] / "docs" / "data" / "baseline-tries.json"
INEGI, SESNSP = "inegi_homicides", "sesnsp_homicide_victims"
ORIGINS = tuple(str(m) for m in np.arange("2018-12", "2024-07", 3, dtype="datetime64[M]"))
HORIZONS, DRAWS, SEED = tuple(range(1, 7)), 1000, 1
AFTER = ("2024-09", "2024-12")  # origins of one look, the last at January to June 2025
BOUND = 10.7  # CRPS of the states there, asked for before
YEAR = 4  # origins
SHOCKS = [np.array(sd) ** 2 for sd in product((0.06, 0.08, 0.11), (0.03, 0.05, 0.07),
                                              (0.05, 0.1, 0.15))]  # fmt: skip
BEFORE = "2015-01"  # case files begin
FREEDOM = 5


class Sloped(MLEModel):
    """Own log levels and a national one with a slope that fades; P + 2 states of P places."""

    def __init__(self, history: History, window: int, nation: float, slope: float, fade: float):
        free = (history.counts / means.season(history)[history.calendar][:, None])[-window:]
        logs, places = np.log(free + means.HALF), free.shape[1]
        own, _, noise = models.SHOCKS
        super().__init__(logs, k_states=places + 2, k_posdef=places + 2)
        self["design"] = np.hstack([np.eye(places), np.ones((places, 1)), np.zeros((places, 1))])
        self["selection"] = np.eye(places + 2)
        self["transition"] = np.eye(places + 2)
        self["transition", -2, -1], self["transition", -1, -1] = 1.0, fade
        self["state_cov"] = np.diag([*[own] * places, nation, slope])
        self["obs_cov"] = np.zeros((places, places, len(logs)))
        index = np.arange(places)
        self.ssm["obs_cov"][index, index] = (means._counting_noise(free) + noise).T
        self.ssm.filter_univariate = True
        start = [*np.nan_to_num(np.nanmean(logs[:12], axis=0)), 0.0, 0.0]
        spread = [*np.ones(places), 1e-6, slope / (1 - fade**2)]
        self.ssm.initialize_known(np.array(start), np.diag(spread))


def most_likely() -> tuple[float, float, float]:
    """Variances of the national shock and of the slope's, and its fading, INEGI before 2015."""
    history = record(INEGI, "state").until(month(BEFORE) - 1)

    def read(at: np.ndarray) -> tuple[float, float, float]:
        return float(np.exp(at[0])), float(np.exp(at[1])), float(0.95 / (1 + np.exp(-at[2])))

    def cost(at: np.ndarray) -> float:
        return -float(Sloped(history, len(history.counts), *read(at)).ssm.loglike())

    first = [np.log(0.05**2), np.log(0.01**2), 2.0]
    return read(minimize(cost, first, method="Nelder-Mead", options={"maxfev": 150}).x)


def walked(ask: Ask, model: MLEModel, *, heavy: bool = False) -> np.ndarray:
    """Draws (D, H, P) as `state_space` makes them, of any such model; own tails `heavy`."""
    last, found = max(ask.horizons), model.ssm.filter()
    at, spread = found.filtered_state[:, -1], found.filtered_state_cov[:, :, -1]
    step, shocks = model["transition"], model["state_cov"]
    noise, see = models.SHOCKS[2], model["design"]
    names = (*ask.history.places, "country", "slope")[: len(at)]
    lower = np.linalg.cholesky(spread + 1e-10 * np.eye(len(at)))
    off = normals(ask, f"{models.STATE_SPACE} start", names) @ lower.T
    logs = []
    for ahead in range(1, last + 1):
        shock = normals(ask, f"{models.STATE_SPACE} shock", names, ahead)
        if heavy:
            own = student.ppf(ndtr(shock[:, :-1]), FREEDOM) * np.sqrt(1 - 2 / FREEDOM)
            shock[:, :-1] = np.clip(own, -5, 5)
        at, off = step @ at, off @ step.T + shock * np.sqrt(np.diag(shocks))
        spread = step @ spread @ step.T + shocks
        doubt = np.einsum("ps,st,pt->p", see, spread, see)
        logs.append((at + off) @ see.T + (noise - doubt) / 2)
    factor, size = means.season(ask.history)[ask.history.after(last)], 1 / np.expm1(noise)
    mean = np.maximum(np.exp(np.stack(logs, axis=1)) * factor[:, None], LEAST)[:, ask.rows]
    share = size / (size + mean)
    return counted(ask, models.STATE_SPACE, lambda rng, i: rng.negative_binomial(size, share[i]))


def heavy(ask: Ask) -> np.ndarray:
    """Draw from the state-space model as it is, own shocks with heavy tails."""
    own, nation, noise = models.SHOCKS
    free = ask.history.counts / means.season(ask.history)[ask.history.calendar][:, None]
    free = free[-means.WINDOW :]
    model = means.Wander(np.log(free + means.HALF), means._counting_noise(free), reverts=False)
    model.update(np.log([own, nation, noise]))
    return walked(ask, model, heavy=True)


def intercept(ask: Ask, names: tuple[str, ...]) -> np.ndarray:
    """Return the factor that takes half of the mean national error of earlier origins off."""
    said, came = ask.hindcasts.with_outcomes(names, ask.history, models.LEARNT)
    return np.asarray(np.exp(np.nanmean(np.log(came.sum(axis=2) / said.sum(axis=2))) / 2))


def prolonged(files: History) -> History:
    """Put INEGI before the first case files, times what they counted of each state in 2015."""
    inegi = record(INEGI, "state").until(files.first + OVERLAP - 1)
    one, other = files.counts[:OVERLAP], inegi.counts[-OVERLAP:]
    nation = one.sum() / other.sum()
    ratio = (one.sum(axis=0) + PRIOR * nation) / (other.sum(axis=0) + PRIOR)
    before = np.round(inegi.counts[:-OVERLAP] * ratio)
    return replace(files, first=inegi.first, counts=np.concatenate([before, files.counts]))


def remembered(ask: Ask) -> np.ndarray:
    """Draw from the pool as it is, of the prolonged record and of twenty earlier origins."""
    longer = replace(ask, history=prolonged(ask.history))
    with patch.object(means, "origins_before", partial(means.origins_before, back=20)):
        return mixed(models.statistical(longer), models.state_space(longer))


def mixed(one: np.ndarray, other: np.ndarray, share: float = models.SECOND) -> np.ndarray:
    """Take each draw (H, P) whole from one of two models, as `models.pooled` does."""
    which, found = models.members(len(one), share), np.empty(one.shape)
    for member, draws in enumerate((one, other)):
        found[which == member] = draws[: (which == member).sum()]
    return found


class Past(NamedTuple):
    """What an origin teaches later ones: targets' months (H, 1), scores of settings, shares."""

    months: np.ndarray
    settings: np.ndarray  # (settings, H, P)
    shares: np.ndarray  # (H, P, 2)


def learnt(past: list[Past], origin: np.datetime64) -> tuple[float, np.ndarray]:
    """Share and shocks that did best in what is known at an origin; at first those of now."""
    if sum(bool((one.months <= origin).all()) for one in past) < YEAR:
        return models.SECOND, models.SHOCKS
    settings, shares = [], []
    for one in past:
        there = (one.months <= origin)[:, 0]
        settings.append(one.settings[:, there].reshape(len(SHOCKS), -1))
        shares.append(one.shares[there].reshape(-1, 2))
    best = int(np.concatenate(settings, axis=1).mean(axis=1).argmin())
    return float(models.weights(np.concatenate(shares))[1]), SHOCKS[best]


def tried(
    origins: tuple[str, ...], slope: tuple[float, float, float], names: tuple[str, ...] = ()
) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
    """Score candidates and the forecast as it is, (O, 6, H, 1 + P), the nation first.

    With them comes what each origin had learnt.
    """
    hindcasts, known, past = Hindcasts(cache_folder()), record(SESNSP, "state"), list[Past]()
    found: dict[str, list[np.ndarray]] = {}
    told: dict[str, Any] = {}
    for origin in origins:
        ask = Ask(known_at(origin, SESNSP, "state"), HORIZONS, DRAWS, SEED, hindcasts)
        came = known.since(month(origin), len(HORIZONS))
        share, shocks = learnt(past, month(origin))
        one, other = models.statistical(ask), models.state_space(ask)
        fits = [mixed(one, models.state_space(ask, setting)) for setting in SHOCKS]
        told[origin] = {"share": share, "shocks": np.sqrt(shocks).round(3).tolist()}
        for name, draw in candidates(ask, one, other, share, shocks, slope).items():
            if names and name not in names:
                continue
            draws = draw()
            whole = [np.concatenate([a.sum(-1, keepdims=True), a], -1) for a in (came, draws)]
            found.setdefault(name, []).append(scores(*whole))
        print(origin, told[origin], flush=True)
        past.append(Past(
            month(origin) + np.arange(1, 7)[:, None],
            np.stack([scores(came, fit)[0] for fit in fits]),
            np.stack([share_in_bin(came, draws) for draws in (one, other)], axis=-1),
        ))  # fmt: skip
    return {name: np.stack(one) for name, one in found.items()}, told


def candidates(
    ask: Ask, one: np.ndarray, other: np.ndarray, share: float, shocks: np.ndarray,
    slope: tuple[float, float, float],
) -> dict[str, Callable[[], np.ndarray]]:  # fmt: skip
    """Return what draws (D, H, P) for the forecast as it is, and for each candidate."""
    return {
        "now": lambda: mixed(one, other),
        "share": lambda: mixed(one, other, share),
        "shocks": lambda: mixed(one, models.state_space(ask, shocks)),
        "slope": lambda: mixed(one, walked(ask, Sloped(ask.history, means.WINDOW, *slope))),
        "tails": lambda: mixed(one, heavy(ask)),
        "intercept": lambda: mixed(models.statistical(ask, intercept), other),
        "memory": lambda: remembered(ask),
    }


def row(one: np.ndarray, now: np.ndarray) -> dict[str, Any]:
    """Mean scores of a candidate, what sets it apart from now, and whether it earns its place."""
    parts = {"crps": ("crps", slice(1, None)), "crps_nation": ("crps", slice(0, 1)),
             "ign": ("ign", slice(1, None)), "mis90": ("mis90", slice(1, None))}  # fmt: skip
    told: dict[str, Any] = {}
    for part, (score, places) in parts.items():
        at = NAMES.index(score)
        values, others = (a[:, at : at + 1, :, places] for a in (one, now))
        gap = difference(values, others, block=YEAR)
        told[part] = [round(float(v), 4) for v in (values.mean(), gap["mean"], gap["p025"],
                                                   gap["p975"])]  # fmt: skip
    cover = one[:, NAMES.index("coverage90")]
    told["cover"] = [round(float(cover[..., places].mean()), 4)
                     for places in (slice(0, 1), slice(1, None))]  # fmt: skip
    worse = any(told[part][2] > 0 for part in parts if part != "crps")
    return told | {"earned": told["crps"][3] < 0 and not worse}


def looked(found: dict[str, np.ndarray], taken: str) -> dict[str, Any]:
    """Tell what the forecast as it is, and the one taken, gave for January to June 2025."""
    told: dict[str, Any] = {"origin": AFTER[-1], "bound": BOUND}
    for name, key in (("now", "now"), ("then", taken)):
        last = found[key][-1, ..., 1:]
        crps, cover = (float(last[NAMES.index(score)].mean()) for score in ("crps", "coverage90"))
        told[name] = {"crps": round(crps, 4), "cover": round(cover, 4)}
    return told | {"refused": told["then"]["crps"] > BOUND}


def main() -> None:
    """Score the candidates by the rule and write what came of it."""
    slope = most_likely()
    found, learnt_at = tried(ORIGINS, slope)
    rows = {name: row(one, found["now"]) for name, one in found.items()}
    earned = [name for name, one in rows.items() if one["earned"]]
    taken = min(earned, key=lambda name: rows[name]["crps"][0], default=None)
    last = None
    if taken:
        again, learnt_at = tried((*ORIGINS, *AFTER), slope, ("now", taken))
        last = looked(again, taken)
    nation, slopes, fade = slope
    print(write_json(FILE, {
        "origins": [ORIGINS[0], ORIGINS[-1], len(ORIGINS)], "rows": rows, "taken": taken,
        "looked": last, "slope": {"nation": nation**0.5, "slope": slopes**0.5, "fade": fade},
        "learnt": list(learnt_at.values())[-1],
    }))  # fmt: skip
    for name, one in rows.items():
        print(name, one)


if __name__ == "__main__":
    main()
