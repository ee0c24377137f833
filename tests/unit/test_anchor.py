"""No change is the best forecast: noise has mean one, and mechanisms only move what is forecast."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import hidra
from hidra.core import noise
from hidra.core.weeks import Weeks
from hidra.model.observe import KNOT, centred, continued
from hidra.model.series import population, records

FROZEN = {"recruitment": 0.0, "enforcement": 0.0, "lethality": 1e-9, "saturation": 0.0}


@pytest.mark.parametrize("sd", [0.1, 0.27])
def test_noise_ahead_has_mean_one_in_every_month_and_begins_where_the_past_ends(sd):
    knots = jnp.asarray([0.3, -0.1, -0.19])
    past = (len(knots) - 1) * KNOT + 1
    keys = jax.vmap(lambda number: noise.key(1, number, "noise"))(jnp.arange(20_000))
    found = np.exp(jax.vmap(lambda k: continued(knots, past + 72, 0.9, sd, k))(keys))
    np.testing.assert_allclose(found[:, past - 1], np.exp(-0.19), rtol=1e-12)
    spread = found[:, past:].std(axis=0) / np.exp(-0.19) / np.sqrt(len(keys))
    apart = np.abs(found[:, past:].mean(axis=0) / np.exp(-0.19) - 1.0)
    assert (apart < 4 * spread).all() and (np.diff(spread[::12]) > 0).all()
    shorter = jax.vmap(lambda k: continued(knots, past + 20, 0.9, sd, k))(keys[:3])
    np.testing.assert_array_equal(np.exp(shorter), found[:3, : past + 20])


def test_noise_of_the_past_has_mean_one_too():
    fresh = np.random.default_rng(1).standard_normal((9, 40_000))
    assert np.exp(centred(fresh, 0.9, 0.25)).mean(axis=1) == pytest.approx(np.ones(9), abs=0.02)


def test_with_every_mechanism_off_and_the_core_frozen_no_change_does_not_drift():
    system = hidra.System((), start="2012-01", end="2018-12", until="2012-12", parameters=FROZEN)
    found = system.simulate(draws=200, seed=3)["inegi_homicides_expected"].isel(scenario=0)
    weeks = Weeks("2013-01", "2018-12")
    exposure = population(weeks) * weeks.days[:, None]
    rate = found.sel(month=slice("2013-01", None)).mean("draw").to_numpy() / exposure
    assert rate[71].sum() / rate[0].sum() == pytest.approx(1.0, abs=0.03)


def test_months_that_are_known_to_be_an_undercount_are_no_records():
    seen = records("inegi_homicides", Weeks("2021-12", "2022-01"))
    assert np.isfinite(seen[0]).all() and np.isnan(seen[1]).all()
