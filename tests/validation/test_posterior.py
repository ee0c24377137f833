"""The posterior that comes with hidra is what its manifest re-makes."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from hidra.inference import posterior

ROOT = Path(__file__).parents[2]
SHIFT = 0.1  # of a posterior standard deviation: what another processor's rounding may do
SPREAD = 0.05  # of the standard deviation itself
STILL = 1e-12  # what does not vary has a deviation of rounding


@pytest.mark.parametrize("name", ["system", "check"])
def test_the_fits_of_the_default_study_are_chains_that_agree(name):
    """By their own diagnostics, on all draws: nothing speaks against relying on them."""
    found = posterior.shipped(name)
    assert found.trusted, found.doubts()
    assert found.diagnostics["rhat"] < 1.01 and found.diagnostics["ess"] > 1000
    assert found.diagnostics["diverging"] < 0.001 and found.diagnostics["drawn"] == 4000


@pytest.mark.slow
def test_the_default_posterior_is_made_again(tmp_path):
    """Same seed, same records: means within a tenth of a standard deviation of those shipped."""
    spec = importlib.util.spec_from_file_location("make", ROOT / "scripts" / "make_posterior.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.make("small", tmp_path)
    again, there = posterior.load(tmp_path / "small"), posterior.shipped("small")
    told = posterior.manifest(tmp_path / "small")
    assert told["digest"] == posterior.manifest(posterior.place("small"))["digest"]
    assert set(again.draws) == set(there.draws) and again.size == there.size
    for name, shipped in there.draws.items():
        sd = np.maximum(shipped.std(axis=0), STILL)
        shift = np.abs(again.draws[name].mean(axis=0) - shipped.mean(axis=0)) / sd
        assert (shift < SHIFT).all(), name
        varies = shipped.std(axis=0) > STILL
        ratio = again.draws[name].std(axis=0)[varies] / sd[varies]
        assert (np.abs(ratio - 1) < SPREAD).all(), name
