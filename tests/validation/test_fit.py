"""The fit finds what was put in: a closed form for the sampler, a simulated country for the rest."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import pytest
from numpyro import distributions as dist

from hidra.core.param import LogNormal, Normal
from hidra.inference import likelihood
from hidra.inference.calibrate import calibrate, natural, simulator, stand_in
from hidra.inference.diagnostics import Question
from hidra.inference.likelihood import COORDINATES, Records
from hidra.inference.likelihood import records as seen
from hidra.inference.posterior import Posterior
from hidra.inference.samplers import CHAINS, draw, judge, predictive, psis_k, surface
from hidra.model.observe import interpolate, knots_for
from hidra.model.system import System, dynamics

ON = ("leadership_removal", "precarity")


def test_the_sampler_meets_the_closed_form_of_a_normal_mean():
    """Thirty numbers with known spread, normal prior: the posterior is known exactly."""
    data = np.random.default_rng(3).normal(2.0, 1.5, 30)

    def model():
        mean = numpyro.sample("mean", dist.Normal(0.0, 1.0))
        numpyro.sample("data", dist.Normal(mean, 1.5), obs=data)

    precision = 1.0 + 30 / 1.5**2
    exact = data.sum() / 1.5**2 / precision
    found = surface(model, 1)
    quick, chains = draw(found, 1, 0), draw(found, 1, 600)
    for found in (quick, chains):
        draws = found.draws["mean"]
        assert draws.mean() == pytest.approx(exact, abs=0.06)
        assert draws.std() == pytest.approx(precision**-0.5, rel=0.15)
    assert quick.diagnostics["kept"] > 0.98
    assert quick.diagnostics["excess"] == pytest.approx(1.0, abs=0.15)
    assert quick.diagnostics["psis_k"] < 0.5
    assert chains.diagnostics["rhat"] < 1.02
    assert chains.diagnostics["diverging"] == 0


def normal_mean(centre):
    """Forty numbers of a known spread whose mean is not known; they are seen around `centre`."""
    data = np.random.default_rng(3).normal(centre, 1.0, 40)

    def model(seen):
        mean = numpyro.sample("mean", dist.Normal(0.0, 1.0))
        known = jnp.isfinite(seen)
        likelihood = dist.Normal(mean, 1.0).expand([40]).mask(known)
        numpyro.sample("seen", likelihood, obs=jnp.where(known, seen, 0.0))

    return model, data


def test_predictive_checks_see_what_the_model_would_not_observe():
    model, data = normal_mean(0.5)
    data[3] = np.nan
    found = surface(model, 1, data)
    drawn = draw(found, 1, 0, data)
    told = predictive(found, drawn.points, 1, {"seen": data}, data)["seen"]
    assert 0.8 <= told["coverage90"] <= 0.99 and 0.1 < told["total"] < 0.9
    strange = np.where(np.arange(40) < 20, data - 6.0, data + 6.0)
    told = predictive(found, drawn.points, 1, {"seen": strange}, data)["seen"]
    assert told["coverage90"] < 0.1, "counts of two kinds where one was expected"
    told = predictive(found, drawn.points, 1, {"seen": data + 3.0}, data)["seen"]
    assert told["total"] < 0.01, "all of them more than expected"
    assert predictive(found, drawn.points, 1, {"seen": np.full(40, np.nan)}, data) == {}


def test_the_tail_of_weights_has_the_shape_of_a_pareto():
    rng = np.random.default_rng(1)
    logs = np.log(rng.pareto(1 / 0.9, 4000) + 1)  # its tail has shape 0.9
    assert psis_k(logs) == pytest.approx(0.9, abs=0.15)
    assert psis_k(rng.normal(0.0, 0.2, 4000)) < 0.5
    assert psis_k(np.zeros(800)) is None
    assert psis_k(np.where(np.arange(800) < 600, np.nan, 1.0)) is None


def test_priors_keep_their_quantiles_through_standard_normal_coordinates():
    params = tuple(q for q in dynamics(ON, {}) if q.prior)
    z = np.array([[-1.6448536, 0.0, 1.6448536][i % 3] for i in range(len(params))])[None, :]
    for i, (q, found) in enumerate(zip(params, natural(params, z).values(), strict=True)):
        assert found[0] == pytest.approx(q.prior.quantile([0.05, 0.5, 0.95][i % 3]), rel=1e-6)


def test_a_study_may_fix_a_parameter_or_replace_its_prior():
    changed = {"enforcement": 130.0, "precarity.slope": Normal(loc=0.0, scale=0.01)}
    params = {q.name: q for q in dynamics(ON, changed)}
    assert params["enforcement"].prior is None
    assert params["precarity.slope"].prior.scale == 0.01
    assert params["recruitment"].prior == LogNormal(median=2.527474e-3, log_sd=0.15)


@pytest.mark.slow
def test_a_simulated_country_is_recovered():
    """Records made by the model with known parameters: 90 % intervals hold about nine in ten."""
    system = System(ON, start="2012-01", end="2015-12")
    weeks, params = system.weeks, system.dynamics
    rng = np.random.default_rng(20)
    z = rng.normal(size=(1, sum(q.prior is not None for q in params)))
    deaths = simulator(system)(z)[0]
    months, places = deaths.shape
    people = system.program.people
    exposure = people * weeks.days[:, None]
    level = 40 * people.mean(axis=0) / people.mean()
    share = rng.beta(6, 6, places)
    truth = {
        "unlinked": level * (1 - share) / exposure.mean(axis=0),
        "linked": level * share / deaths.mean(axis=0),
        "size_place": np.exp(rng.normal(np.log(25), 0.4, places)),
        "reporting": np.exp(rng.normal(0, 0.2, places)),
    }
    knots = np.zeros((knots_for(months), places))
    knots[0] = rng.normal(0, 0.25 / np.sqrt(1 - 0.9**2), places)
    for k in range(1, len(knots)):
        knots[k] = 0.9 * knots[k - 1] + rng.normal(0, 0.25, places)
    mean = (truth["unlinked"] * exposure + truth["linked"] * deaths) * np.exp(
        np.asarray(interpolate(jnp.asarray(knots), months))
    )

    common = rng.gamma(truth["size_place"], 1 / truth["size_place"], mean.shape)

    def counts(mu):
        return rng.poisson(mu * common).astype(float)

    lost = float(deaths.sum() / (months / 12) / 0.1)
    records = Records(counts(mean), counts(truth["reporting"] * mean), people, lost)
    found = calibrate(system, seed=4, seen=records)
    assert found.diagnostics["kept"] > 0.5
    for told in found.diagnostics["predictive"].values():
        assert told["coverage90"] > 0.8 and 0.01 < told["total"] < 0.99
    inside = []
    for name, value in truth.items():
        low, high = np.quantile(found.draws[name], [0.05, 0.95], axis=0)
        inside.append((low <= value) & (value <= high))
    core = natural(params, z)
    for q in params:
        if q.prior is not None:
            low, high = np.quantile(found.draws[q.name], [0.05, 0.95])
            inside.append(np.array([low <= core[q.name][0] <= high]))
    assert 0.82 <= np.concatenate(inside).mean() <= 0.99


def test_the_course_of_a_state_has_the_discrepancy_that_was_declared():
    """Courses are sampled, but the prior of the knots is the stationary autoregression of sd .25."""
    months, places, many = 24, 3, 4000
    o = {"persistence": jnp.asarray(0.9), "discrepancy_place": jnp.asarray(0.25),
         "discrepancy_nation": jnp.asarray(0.1)}  # fmt: skip
    base = jnp.asarray(np.random.default_rng(2).normal(size=(months, places)))

    def knots(key, held):
        model = numpyro.handlers.seed(likelihood._knots, key)
        sites = numpyro.handlers.trace(model).get_trace(o, base, held)
        return sites["knots_place"]["value"], sites["knots_nation"]["value"]

    sd = 0.25 / np.sqrt(1 - 0.9**2)
    keys = jax.random.split(jax.random.key(1), many)
    for held in (True, False):
        place, nation = jax.vmap(partial(knots, held=held))(keys)
        assert place.shape == (many, knots_for(months), places)
        assert np.exp(place).mean(axis=0) == pytest.approx(np.ones(place.shape[1:]), abs=0.06)
        assert place.std(axis=0) == pytest.approx(np.full(place.shape[1:], sd), rel=0.06)
        for i, j in ((0, 1), (1, 4)):
            left, right = (np.asarray(place[:, k, 0]) for k in (i, j))
            assert np.corrcoef(left, right)[0, 1] == pytest.approx(0.9 ** (j - i), abs=0.03)
        assert abs(np.corrcoef(place[:, 2, 0], nation[:, 2])[0, 1]) < 0.06


@pytest.mark.slow
def test_long_chains_agree_on_eight_states_and_four_years():
    """Real records, 136 parameters: R-hat below 1.01 in all that has a meaning, no divergence."""
    system = System(ON, start="2012-01", end="2019-12")
    whole = Question(stand_in(system, 1), system.recording, seen(system.weeks), system.weeks.days)
    small = whole.cut(48, np.arange(0, 32, 4))
    drawn = draw(small.surface, 1, 1000, small.records.inegi, small.records.sesnsp)
    named = {
        name: values.reshape(CHAINS, 1000, *values.shape[1:])
        for name, values in drawn.draws.items()
        if name not in COORDINATES
    }
    told = judge(named)
    assert told["rhat"] < 1.01 and told["ess"] > 400
    assert drawn.diagnostics["diverging"] == 0


def banana():
    """Ten numbers whose second half is pinned to the squares of the first: nothing normal."""
    first = numpyro.sample("first", dist.Normal(0.0, 1.0).expand([5]).to_event(1))
    second = numpyro.sample("second", dist.Normal(0.0, 9.0).expand([5]).to_event(1))
    numpyro.factor("pinned", -0.5 * (((second - 3.0 * first**2) / 0.05) ** 2).sum())


@pytest.mark.slow
def test_a_bad_fit_is_not_called_good_whichever_way_it_was_made():
    """Quick draws that miss the bulk, and chains that are too short: neither is trusted."""
    bent = surface(banana, 1)
    drawn = draw(bent, 1, 0)
    assert len(drawn.points) == drawn.diagnostics["drawn"] > len(drawn.draws["first"])
    assert not Posterior(drawn.draws, drawn.diagnostics).trusted
    drawn = draw(bent, 1, 30)
    assert drawn.diagnostics["rhat"] > 1.05 or drawn.diagnostics["ess"] < 100
    assert not Posterior(drawn.draws, drawn.diagnostics).trusted


def test_left_out_draws_count_in_what_is_told_of_the_approximation():
    """What is kept looks normal; all draws together do not."""
    drawn = draw(surface(banana, 1), 1, 0)
    told = drawn.diagnostics
    assert told["kept"] < 0.99 and told["excess"] > 1.2
    assert len(drawn.stats["log_weight"]) == len(drawn.draws["first"])
