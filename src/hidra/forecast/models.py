"""Every forecast by name, the simplest first; the last is that of hidra.

The forecast of hidra is a linear pool of two models. One is statistical: a geometric mean of
families, with a Student t of log errors learnt from the ten earlier origins (6 months apart, 5
years). The other is a state-space model in closed form (statsmodels): the log level of a place is
its own walk plus one that all places share, and a month's count is a negative binomial around it.
Each draw comes whole from one of them, so that months and places may be summed. Both keep their
mean: their noise is log normal without drift, half its variance taken off the log, so that the
mean of a level stays where it is however far ahead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.stats import rankdata

from hidra.core.i18n import _
from hidra.forecast.dispersion import Dispersion, NegativeBinomial, PoissonLogT
from hidra.forecast.history import YEAR, digest
from hidra.forecast.means import HALF, filtered, season
from hidra.forecast.model import LEAST, Model, counted, generator, normals

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hidra.forecast.history import Counts, History
    from hidra.forecast.model import Ask

GLOBAL_MONTHS = 60


def last_month_poisson(ask: Ask) -> Counts:
    """Poisson around the last known month, (D, H, P)."""
    last = np.maximum(_last_known(ask.history.counts), LEAST)
    return _by_place(ask, "last-month", lambda rng, i, shape: rng.poisson(last[i], shape))


def last_year_resampled(ask: Ask) -> Counts:
    """Each place's own last 12 months, drawn with replacement, (D, H, P)."""
    year = ask.history.counts[-YEAR:]

    def draw(rng: np.random.Generator, i: int, shape: tuple[int, int]) -> Counts:
        known = year[~np.isnan(year[:, i]), i]
        return rng.choice(known, shape)

    return _by_place(ask, "last-12", draw)


def global_bootstrap(ask: Ask) -> Counts:
    """The last five years of all places alike, drawn with replacement, (D, H, P)."""
    pool = ask.history.counts[-GLOBAL_MONTHS:]
    known = pool[~np.isnan(pool)]
    return _by_place(ask, "global-bootstrap", lambda rng, i, shape: rng.choice(known, shape))


def _last_known(counts: Counts) -> Counts:
    known = ~np.isnan(counts)
    row = len(counts) - 1 - known[::-1].argmax(axis=0)
    return np.asarray(counts[row, np.arange(counts.shape[1])])


def _by_place(ask: Ask, name: str, draw) -> Counts:  # type: ignore[no-untyped-def]
    shape = (ask.draws, len(ask.horizons))
    places = enumerate(ask.history.places)
    found = [draw(generator(ask.seed, name, ask.history, code), i, shape) for i, code in places]
    return np.stack(found, axis=-1).astype(float)


WINDOW = 24
PRIOR_MONTHS = 6.0  # how many months of the average place are added to each place's own


def hurdle(ask: Ask) -> Counts:
    """Zero or not by the share of months with deaths; then a count that was seen, (D, H, P).

    Share and counts are those of the place's last two years, with some months of all places
    added, so that a place without a death is not thought safe for ever.
    """
    recent = ask.history.counts[-WINDOW:]
    known = ~np.isnan(recent)
    everywhere = recent[known]
    share = (recent > 0).sum(axis=0) + PRIOR_MONTHS * (everywhere > 0).mean()
    share = share / (known.sum(axis=0) + PRIOR_MONTHS)
    positive = everywhere[everywhere > 0]

    def draw(rng: np.random.Generator, at: tuple[slice, int, int]) -> Counts:
        own = recent[recent[:, at[2]] > 0, at[2]]
        weight = len(own) / (len(own) + PRIOR_MONTHS * share[at[2]])
        killed, which, one = rng.random((ask.draws, 3)).T  # of a draw, whatever their number
        count = _picked(positive, one)
        if len(own):
            count = np.where(which < weight, _picked(own, one), count)
        return np.where(killed < share[at[2]], count, 0.0)

    return counted(ask, "hurdle", draw)


def _picked(counts: Counts, uniform: Counts) -> Counts:
    """Pick one of the counts for each uniform number; zeros where there are none."""
    if not len(counts):
        return np.zeros(len(uniform))
    return np.asarray(counts[(uniform * len(counts)).astype(int)])


STREAM = "together"  # of the random numbers: another name would change every draw


class Shares(NamedTuple):
    """Of the variance of errors, what is common; the four add up to one.

    Attributes
    ----------
    country : to all places and months of an origin. month : to all places in a month.
    place : to all months of a place. own : to nothing else.
    """

    country: float
    month: float
    place: float
    own: float


def shares(said: Counts, came: Counts) -> Shares:
    """Estimate what errors of earlier origins, (S, H, P), have in common, from pairs of them.

    Errors are of logs, NaN where nothing came yet, each place scaled by its own. Pairs of other
    places and other months show what is the country's; of other places, what is the month's beside
    it; of other months, what is the place's.
    """
    errors = np.log((came + HALF) / (said + HALF))
    known = ~np.isnan(errors)
    found = np.where(known, errors, 0.0)
    scale = np.sqrt((found**2).sum(axis=(0, 1)) / np.maximum(known.sum(axis=(0, 1)), 1))
    z = found / np.maximum(scale, 1e-9)
    everyone, month = _pairs(z, known, (1, 2)), _pairs(z, known, (2,))
    place = _pairs(z, known, (1,))
    elsewhere = tuple(e - m - p for e, m, p in zip(everyone, month, place, strict=True))
    country = _part(elsewhere)
    by_month, by_place = _part(month) - country, _part(place) - country
    parts = np.clip([country, by_month, by_place], 0.0, 1.0)
    of_country, of_month, of_place = (parts / max(1.0, parts.sum())).tolist()
    return Shares(of_country, of_month, of_place, 1.0 - of_country - of_month - of_place)


def _pairs(z: Counts, known: Counts, axes: tuple[int, ...]) -> tuple[float, float]:
    """Sum of products over all pairs that differ along these axes only, and how many there are."""
    product = (z.sum(axis=axes) ** 2 - (z**2).sum(axis=axes)).sum()
    count = known.sum(axis=axes)
    return float(product), float((count**2 - count).sum())


def _part(pairs: tuple[float, ...]) -> float:
    return pairs[0] / pairs[1] if pairs[1] else 0.0


def deviates(ask: Ask, common: Shares) -> Counts:
    """Standard normal deviates that share what errors share, (D, H, P), keyed draw by draw."""
    weight = Shares(*np.sqrt(common))
    country = weight.country * normals(ask, STREAM, ("country",))
    place = weight.place * normals(ask, STREAM, ask.history.places)
    found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
    for at, ahead in enumerate(ask.horizons):
        month = weight.month * normals(ask, STREAM, ("country",), ahead)
        own = weight.own * normals(ask, STREAM, ask.history.places, ahead)
        found[:, at] = country + month + place + own
    return found


if TYPE_CHECKING:
    Factor = Callable[[Ask, tuple[str, ...]], Counts]


# Families enter with equal weight; one plainly worse before the origin stays out.
FAMILIES = ("seasonal-ewm2", "walk", "return", "regression", "boosting", "ets")
LIGHT = ("last-12", "ewm6", "seasonal-ewm2", "regression")
MANY = 100  # places beyond which the joint filter and the series models cost too much
TOO_BAD = 1.25  # times the error of the best family: such a family stays out

LOG_T = PoissonLogT()
WIDE = Dispersion(LOG_T, horizon=True, level=True, place=True, by_level=True, together=0.5)
LEARNT = tuple(range(1, 15))  # months ahead that the dispersion is learnt from; its line goes on
STATISTICAL = "hidra-log-t"
SECOND = 0.5  # share of the draws that come from the second model


def families(history: History) -> tuple[str, ...]:
    """Families that can be had for a record: all, or the light ones where places are many."""
    return LIGHT if len(history.places) > MANY else FAMILIES


def kept(ask: Ask) -> tuple[str, ...]:
    """Families whose mean absolute error at earlier origins is no more than a quarter worse.

    The absolute error of a mean is the CRPS of a forecast without dispersion.
    """
    names = families(ask.history)
    errors = []
    for name in names:
        said, came = ask.hindcasts.with_outcomes((name,), ask.history, ask.horizons)
        errors.append(np.nanmean(np.abs(came - said)))
    return tuple(n for n, e in zip(names, errors, strict=True) if e <= TOO_BAD * min(errors))


def as_it_is(_ask: Ask, _means: tuple[str, ...]) -> Counts:
    """Leave the mean as it is."""
    return np.ones(())


def around(means: tuple[str, ...], dispersion: Dispersion, name: str) -> Callable[[Ask], Counts]:
    """Return the forecast that draws around the geometric mean of mean forecasts."""

    def draw(ask: Ask) -> Counts:
        known, history, horizons = ask.hindcasts, ask.history, ask.horizons
        mean = known.pooled(means, history, max(horizons))[ask.rows]
        fitted = known.once(
            (dispersion, means, digest(history), horizons),
            lambda: dispersion.fit(*known.with_outcomes(means, history, horizons), horizons),
        )
        return dispersion.draws(ask, name, mean, fitted)

    return draw


def ordered(ask: Ask, draws: Counts) -> Counts:
    """Put the draws (D, H, P) of every month and place in an order that they share.

    What they share is learnt from errors at the ten earlier origins. The spread of every month and
    place stays as it was (Clark et al. 2004, J. Hydrometeorology 5:243).
    """
    common = shares(*ask.hindcasts.with_outcomes(kept(ask), ask.history, ask.horizons))
    order = rankdata(deviates(ask, common), method="ordinal", axis=0).astype(int) - 1
    return np.asarray(np.take_along_axis(np.sort(draws, axis=0), order, axis=0))


def statistical(ask: Ask, factor: Factor = as_it_is) -> Counts:
    """Return draws (D, H, P) around the geometric mean of the kept families, joined (`dependence`).

    `factor` moves the mean of each month ahead, (H, P); the dispersion stays. What is learnt does
    not depend on how many months are asked for.
    """
    known, history = ask.hindcasts, ask.history
    means = kept(replace(ask, horizons=LEARNT))
    said, came = known.with_outcomes(means, history, LEARNT)
    fitted, common = known.once(
        (STATISTICAL, means, digest(history)),
        lambda: (WIDE.fit(said, came, LEARNT), shares(said, came)),
    )
    mean = known.pooled(means, history, max(ask.horizons))[ask.rows] * factor(ask, means)
    mean = np.maximum(mean, LEAST)
    off = LOG_T.off(deviates(ask, common), fitted.eta(mean, ask.horizons))
    rate = mean * np.exp(off)
    return counted(ask, STATISTICAL, lambda rng, at: rng.poisson(rate[at]))


def pooled(ask: Ask) -> Counts:
    """Return the forecast of hidra, (D, H, P): each draw whole from one of two models (`members`).

    The second is a state-space model; where places are many, a hurdle.
    """
    which = members(ask.draws)
    second = hurdle if len(ask.history.places) > MANY else state_space
    found = np.empty((ask.draws, len(ask.horizons), len(ask.history.places)))
    for member, draw in enumerate((statistical, second)):
        if count := int((which == member).sum()):
            found[which == member] = draw(replace(ask, draws=count))
    return found


def members(draws: int, share: float = SECOND) -> NDArray[np.int64]:
    """Return which model each draw comes from, (D,): 0 `statistical`, 1 the second.

    Shares are right among the first draws, too, so that a longer request begins like a shorter one.
    """
    return np.diff(np.floor(np.arange(draws + 1) * share)).astype(np.int64)


def weights(shares: Counts) -> Counts:
    """Weights (M,) under which a mixture gives outcomes the most, from shares (N, M) given to them.

    Maximises the mean log of the mixed shares; the weights sum to one.
    """
    models = shares.shape[1]

    def cost(logits: Counts) -> tuple[float, Counts]:
        weight = np.exp(logits - logits.max())
        weight /= weight.sum()
        mixed = shares @ weight
        slope = (shares / mixed[:, None]).mean(axis=0)
        return -float(np.log(mixed).mean()), -weight * (slope - weight @ slope)

    logits = minimize(cost, np.zeros(models), jac=True, method="L-BFGS-B").x
    weight = np.exp(logits - logits.max())
    return np.asarray(weight / weight.sum())


STATE_SPACE = "state-space"  # of its random numbers
# Variances a month of the own and of the national shock, and of a count beyond counting: those
# under which the pool scored well from origins 2005 to 2011 (`scripts/make_baseline_scores.py`).
# The most likely ones of each origin follow its last jumps, and are too wide in calm years.
SHOCKS = np.array([0.08, 0.05, 0.1]) ** 2


def state_space(ask: Ask, shocks: Counts = SHOCKS) -> Counts:
    """Counts of the months asked for, (D, H, P): walks from the filtered levels on, then counted.

    A log count lies below the log of its mean by half of the noise, which is put back.
    """
    history, last = ask.history, max(ask.horizons)
    now = ask.hindcasts.once(
        (STATE_SPACE, digest(history), *shocks),
        lambda: filtered(history, reverts=False, given=shocks),
    )
    own, nation, noise = now.params
    parts = (*history.places, "country")
    spread = now.spread + 1e-10 * np.eye(len(parts))
    # Summed in one order however many draws are asked for: their last bits are counts in the end.
    chance = normals(ask, f"{STATE_SPACE} start", parts)[:, None]
    off = (chance * np.linalg.cholesky(spread)).sum(axis=-1)
    doubt = np.diag(spread)[:-1] + spread[-1, -1] + 2 * spread[:-1, -1]
    start = now.at + off
    logs = start[:, :-1] + start[:, -1:] + (noise - doubt) / 2
    levels = np.empty((ask.draws, last, len(history.places)))
    for ahead in range(1, last + 1):
        shock = normals(ask, f"{STATE_SPACE} shock", parts, ahead)
        logs = logs + np.sqrt(own) * shock[:, :-1] + np.sqrt(nation) * shock[:, -1:]
        logs = logs - (own + nation) / 2
        levels[:, ahead - 1] = logs
    factor, size = season(history)[history.after(last)], 1 / np.expm1(noise)
    mean = np.maximum(np.exp(levels) * factor[:, None], LEAST)[:, ask.rows]
    share = size / (size + mean)
    return counted(ask, STATE_SPACE, lambda rng, at: rng.negative_binomial(size, share[at]))


ONE_K = Dispersion(NegativeBinomial())
BY_HORIZON = Dispersion(NegativeBinomial(), horizon=True)
BY_LEVEL = Dispersion(NegativeBinomial(), horizon=True, level=True)
BY_PLACE = Dispersion(NegativeBinomial(), horizon=True, level=True, place=True)


def _around(name: str, mean: str, dispersion: Dispersion, what: str) -> Model:
    return Model(name, around((mean,), dispersion, name), what)


_EVERY = (
    Model("global-bootstrap", global_bootstrap, _("last 60 months of all states, resampled")),
    Model("last-month", last_month_poisson, _("Poisson around the last month")),
    Model("last-12", last_year_resampled, _("own last 12 months, resampled")),
    Model("hurdle", hurdle, _("share of months without a death, then counts seen")),
    _around("nb-last-12", "last-12", ONE_K, _("NB around the last-12 mean, one k")),
    _around("nb-ewm6", "ewm6", ONE_K, _("NB around the 6-month exponential mean, one k")),
    _around("nb-ewm6-hlp", "ewm6", BY_PLACE, _("nb-ewm6, k by level, horizon and place, shrunk")),
    _around("nb-ewm2", "ewm2", ONE_K, _("NB around the 2-month exponential mean, one k")),
    _around("nb-ewm2-h", "ewm2", BY_HORIZON, _("nb-ewm2, k by horizon")),
    _around("nb-ewm2-hl", "ewm2", BY_LEVEL, _("nb-ewm2, k by level and horizon")),
    _around("nb-ewm2-hlp", "ewm2", BY_PLACE, _("nb-ewm2, k by level, horizon and place, shrunk")),
    _around("nb-ewm2-season", "seasonal-ewm2", BY_PLACE,
            _("nb-ewm2-hlp with one season for all places")),
    _around("nb-neighbours", "regression", BY_PLACE,
            _("hierarchical NB: ridge on means and neighbours, k shrunk")),
    _around("logt-ewm2-season", "seasonal-ewm2", WIDE, _("seasonal 2-month mean, Poisson-log-t")),
    _around("logt-walk", "walk", WIDE,
            _("log random walks with a national shock (Kalman), Poisson-log-t")),
    _around("logt-return", "return", WIDE, _("logt-walk, own parts return to their mean")),
    _around("logt-ets", "ets", WIDE, _("exponential smoothing of seasonless logs, Poisson-log-t")),
    _around("logt-regression", "regression", WIDE,
            _("ridge regression with neighbours, Poisson-log-t")),
    _around("logt-boosting", "boosting", WIDE,
            _("gradient boosting of log changes, Poisson-log-t")),
    Model(STATISTICAL, statistical,
          _("geometric mean of the families, Poisson-log-t, joint"), joint=True),
    Model(STATE_SPACE, state_space,
          _("random walks with a national shock (Kalman), negative binomial"), joint=True),
    Model("hidra", pooled,
          _("pool of hidra-log-t and state-space; of a hurdle where places are many"), joint=True),
)  # fmt: skip
ALL = {model.name: model for model in _EVERY}
#: Left out where places are many.
HEAVY = ("logt-walk", "logt-return", "logt-ets", "logt-boosting", STATE_SPACE)


def models(history: History) -> tuple[Model, ...]:
    """Every forecast that can be had for a record: where places are many, only light ones."""
    heavy = HEAVY if len(history.places) > MANY else ()
    return tuple(model for model in ALL.values() if model.name not in heavy)
