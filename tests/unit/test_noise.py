"""A number depends on its key alone: not on who else draws, how many, or in which order."""

import jax
import numpy as np
import pytest
from scipy import stats

from hidra.core import noise
from hidra.model.observe import continued, inverted, luck, record

KEY = noise.key(1, 2, "sesnsp")


def test_other_seeds_draws_and_streams_give_other_numbers():
    keys = [noise.key(1, 2, "a"), noise.key(2, 2, "a"), noise.key(1, 3, "a"), noise.key(1, 2, "b")]
    assert len({float(jax.random.uniform(key)) for key in keys}) == 4


def test_more_entities_change_no_number_already_drawn():
    few, many = noise.uniform(KEY, [5, 9]), noise.uniform(KEY, [9, 1, 5, 30])
    np.testing.assert_array_equal(few, many[np.array([2, 0])])


def test_names_are_the_same_in_every_process():
    assert noise.name("leadership_removal.split") == 496310498


def test_uniform_numbers_are_uniform():
    assert stats.kstest(np.asarray(noise.uniform(KEY, range(5000))), "uniform").pvalue > 0.01


def test_more_months_and_places_change_no_record():
    long, short = luck(KEY, [7, 8, 9], 24), luck(KEY, [8, 9], 10)
    np.testing.assert_array_equal(short, long[:10, 1:])


@pytest.mark.parametrize(("mu", "k"), [(3.0, 2.0), (60.0, 12.0)])
def test_records_are_negative_binomial(mu, k):
    chance = np.asarray(luck(KEY, [1], 4000))
    counts = record(chance, np.full((4000, 1), mu), np.array([k])).ravel()
    edges = stats.nbinom.ppf([0.1, 0.3, 0.5, 0.7, 0.9], k, k / (k + mu))
    expected = np.diff([0, *stats.nbinom.cdf(edges, k, k / (k + mu)), 1])
    found = np.histogram(counts, [-1, *(edges + 0.5), np.inf])[0]
    assert stats.chisquare(found, expected * len(counts)).pvalue > 0.001


def test_more_killings_never_give_fewer_records_of_the_same_luck():
    chance = np.asarray(luck(KEY, [1, 2], 50))
    fewer, more = (
        record(chance, np.full((50, 2), mu), np.array([9.0, 9.0])) for mu in (20.0, 22.0)
    )
    assert (more >= fewer).all()
    assert record(chance, np.zeros((50, 2)), np.array([9.0, 9.0])).sum() == 0


def test_a_longer_horizon_continues_the_same_discrepancy():
    fitted = np.array([0.1, -0.2, 0.3])
    long = continued(fitted, 24, 0.9, 0.2, KEY)
    np.testing.assert_array_equal(continued(fitted, 15, 0.9, 0.2, KEY), long[:15])
    np.testing.assert_allclose(np.asarray(long)[[0, 6, 12]], fitted)  # knots lie half a year apart


@pytest.mark.parametrize(("low", "high"), [(1e-9, 1e-2), (1e-2, 5.0), (5.0, 5e4)])
def test_what_is_thinned_and_added_are_the_quantiles_of_binomial_and_poisson(low, high):
    """Against the search of the library, of whatever share and number."""
    chosen = np.random.default_rng(5)
    mean, chance = np.exp(chosen.uniform(np.log(low), np.log(high), 4000)), chosen.random(4000)
    poisson = inverted(chance, mean, 0.0, lambda u, mean, _: stats.poisson.ppf(u, mean))
    np.testing.assert_array_equal(poisson, stats.poisson.ppf(chance, mean))
    share = chosen.random(4000)
    of = np.ceil(mean / share)
    binomial = inverted(
        chance, of * share, -1.0 / of,
        lambda u, mean, bend: stats.binom.ppf(u, np.rint(-1.0 / bend), -bend * mean),
    )  # fmt: skip
    np.testing.assert_array_equal(binomial, stats.binom.ppf(chance, of, share))


@pytest.mark.parametrize(("low", "high"), [(1e-9, 1e-2), (1e-2, 5.0), (5.0, 5e4)])
def test_records_are_the_quantiles_of_the_negative_binomial(low, high):
    """Against the search of the library, from nobody killed to far more than ever were."""
    chosen = np.random.default_rng(4)
    mean = np.exp(chosen.uniform(np.log(low), np.log(high), (3, 300, 4)))
    chance, size = chosen.random((300, 4)), np.array([0.3, 2.0, 25.0, 400.0])
    expected = stats.nbinom.ppf(chance, size, size / (size + mean))
    np.testing.assert_array_equal(record(chance, mean, size), expected)
    assert np.isnan(record(chance, np.full((300, 4), np.nan), size)).all(), "unknown stays unknown"
