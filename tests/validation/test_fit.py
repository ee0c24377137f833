"""The fit finds what was put in: a closed form for the sampler, a simulated country for the rest."""

import jax.numpy as jnp
import numpy as np
import numpyro
import pytest
from numpyro import distributions as dist

from hidra.core.param import LogNormal, Normal
from hidra.inference import Posterior, Records, calibrate, fit, natural, simulator
from hidra.inference.sample import draw, sample, surface
from hidra.model.observe import interpolate, knots_for
from hidra.model.system import System

ON = ("leadership_removal", "precarity")


def test_the_sampler_meets_the_closed_form_of_a_normal_mean():
    """Thirty numbers with known spread, normal prior: the posterior is known exactly."""
    data = np.random.default_rng(3).normal(2.0, 1.5, 30)

    def model():
        mean = numpyro.sample("mean", dist.Normal(0.0, 1.0))
        numpyro.sample("data", dist.Normal(mean, 1.5), obs=data)

    precision = 1.0 + 30 / 1.5**2
    exact = data.sum() / 1.5**2 / precision
    quick, quickly = sample(model, seed=1, steps=0)
    chains, judged = sample(model, seed=1, steps=600)
    for draws in (quick, chains):
        assert draws["mean"].mean() == pytest.approx(exact, abs=0.06)
        assert draws["mean"].std() == pytest.approx(precision**-0.5, rel=0.15)
    assert quickly["kept"] > 0.98
    assert quickly["excess"] == pytest.approx(1.0, abs=0.15)
    assert judged["rhat"] < 1.02
    assert judged["divergences"] == 0


def test_priors_keep_their_quantiles_through_standard_normal_coordinates():
    params = tuple(q for q in calibrate.dynamics(ON, {}) if q.prior)
    z = np.array([[-1.6448536, 0.0, 1.6448536][i % 3] for i in range(len(params))])[None, :]
    for i, (q, found) in enumerate(zip(params, natural(params, z).values(), strict=True)):
        assert found[0] == pytest.approx(q.prior.quantile([0.05, 0.5, 0.95][i % 3]), rel=1e-6)


def test_a_study_may_fix_a_parameter_or_replace_its_prior():
    changed = {"enforcement": 130.0, "precarity.slope": Normal(loc=0.0, scale=0.01)}
    params = {q.name: q for q in calibrate.dynamics(ON, changed)}
    assert params["enforcement"].prior is None
    assert params["precarity.slope"].prior.scale == 0.01
    assert params["recruitment"].prior == LogNormal(median=2.527474e-3, log_sd=0.15)


@pytest.mark.slow
def test_a_simulated_country_is_recovered():
    """Records made by the model with known parameters: 90 % intervals hold about nine in ten."""
    system = System(ON, start="2012-01", end="2015-12")
    weeks, params, model, drivers = system.weeks, system.dynamics, system.model, system.driven
    rng = np.random.default_rng(20)
    z = rng.normal(size=(1, sum(q.prior is not None for q in params)))
    deaths = simulator(model, params, drivers, weeks)(z)[0]
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

    def counts(mu):
        size = truth["size_place"]
        return rng.negative_binomial(size, size / (size + mu)).astype(float)

    lost = float(deaths.sum() / (months / 12) / 0.1)
    records = Records(counts(mean), counts(truth["reporting"] * mean), people, lost)
    found = fit(model, params, drivers, weeks, records, seed=4)
    assert found.trusted
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


def banana():
    """Ten numbers whose second half is pinned to the squares of the first: nothing normal."""
    first = numpyro.sample("first", dist.Normal(0.0, 1.0).expand([5]).to_event(1))
    second = numpyro.sample("second", dist.Normal(0.0, 9.0).expand([5]).to_event(1))
    numpyro.factor("pinned", -0.5 * (((second - 3.0 * first**2) / 0.05) ** 2).sum())


@pytest.mark.parametrize(
    ("judged", "good"),
    [
        ({"kept": 0.96, "excess": 1.02}, True),
        ({"kept": 0.4, "excess": 1.0}, False),
        ({"kept": 0.9, "excess": 1.3}, False),
        ({"kept": 0.0, "excess": float("inf")}, False),
        ({"rhat": 1.01, "ess": 400.0, "divergences": 2}, True),
        ({"rhat": 1.2, "ess": 400.0, "divergences": 0}, False),
        ({"rhat": 1.01, "ess": 60.0, "divergences": 0}, False),
        ({"rhat": 1.01, "ess": 400.0, "divergences": 20}, False),
        ({"rhat": float("nan"), "ess": 400.0, "divergences": 0}, False),
    ],
)
def test_the_verdict_wants_every_sign_to_be_good(judged, good):
    assert Posterior({"x": np.zeros(1000)}, 0.01, 0.1, judged).trusted is good


@pytest.mark.slow
def test_a_bad_fit_is_not_called_good_whichever_way_it_was_made():
    """Quick draws that miss the bulk, and chains that are too short: neither is trusted."""
    bent = surface(banana, 1)
    draws, judged = draw(bent, 1, 0)
    assert not Posterior(draws, 0.01, 0.1, judged).trusted
    draws, judged = draw(bent, 1, 30)
    assert judged["rhat"] > 1.05 or judged["ess"] < 100
    assert not Posterior(draws, 0.01, 0.1, judged).trusted
