"""Posteriors on disk: the same draws again, refused when broken, reused only on the same basis."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.core.errors import RunError, SpecError
from hidra.core.param import Beta, LogNormal, Param
from hidra.inference import Posterior, posterior
from hidra.inference.posterior.prior import from_prior
from hidra.study import Study

ROOT = Path(__file__).parents[2]
DRAWS = {"recruitment": np.linspace(1e-3, 3e-3, 50), "reporting": np.ones((50, 32))}
FOUND = Posterior(DRAWS, 0.01, 0.2, {"kept": 0.9, "excess": 1.0})


def test_what_is_kept_comes_back(tmp_path):
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {"seed": 1}})
    again = posterior.load(tmp_path / "mine")
    assert again.judged == FOUND.judged and again.trusted
    for name, values in DRAWS.items():
        np.testing.assert_allclose(again.draws[name], values, rtol=1e-7)
    assert posterior.manifest(tmp_path / "mine")["trusted"] is True


def test_thinned_draws_are_spread_over_all(tmp_path):
    posterior.keep(FOUND, tmp_path / "few", {"basis": {}}, most=10)
    few = posterior.load(tmp_path / "few")
    assert few.size == 10
    assert few.draws["recruitment"][[0, -1]] == pytest.approx(DRAWS["recruitment"][[0, -1]])
    assert posterior.manifest(tmp_path / "few")["of"] == 50


def test_a_broken_posterior_is_refused(tmp_path):
    with pytest.raises(RunError, match="no posterior here"):
        posterior.load(tmp_path / "nothing")
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
    (tmp_path / "mine.npz").write_bytes(b"not numbers")
    with pytest.raises(RunError, match="no posterior here"):
        posterior.load(tmp_path / "mine")
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
    told = json.loads((tmp_path / "mine.json").read_text())
    (tmp_path / "mine.json").write_text(json.dumps(told | {"draws": 7}))
    with pytest.raises(RunError, match="no posterior here"):
        posterior.load(tmp_path / "mine")


def test_an_unknown_name_offers_the_closest():
    with pytest.raises(SpecError, match="sistem"):
        posterior.shipped("sistem")


@pytest.mark.parametrize("name", posterior.SHIPPED)
def test_a_shipped_posterior_stands_on_the_tables_and_parameters_of_today(name):
    """When this fails, make it again: python scripts/make_posterior.py"""
    study = Study.load(ROOT / "studies" / f"{name}.yaml")
    told = posterior.manifest(posterior.place(name))
    now = study.basis("projection")
    assert posterior.changed(now, told["basis"]) == []
    assert told["digest"] == posterior.digest(now)
    assert told["trusted"] and told["draws"] == 200 and name in told["remake"]
    assert posterior.place(name).with_suffix(".npz").stat().st_size < 1.5e6


@pytest.mark.parametrize("name", posterior.SHIPPED)
def test_a_shipped_posterior_has_every_parameter_of_its_study_in_bounds(name):
    from hidra.inference.calibrate import dynamics, recording

    study = Study.load(ROOT / "studies" / f"{name}.yaml")
    found = posterior.shipped(name)
    for q in (*dynamics(study.mechanisms, {}), *recording({})):
        values = found.draws[q.name]
        assert np.isfinite(values).all(), q.name
        if q.prior is not None:
            low, high = q.prior.frozen().support()
            assert (low <= values.min()) and (values.max() <= high), q.name


def test_bases_differ_by_name():
    one, other = {"seed": 1, "tables": {"a": "x", "b": "y"}}, {"seed": 2, "tables": {"a": "x"}}
    assert posterior.changed(one, other) == ["seed", "tables b"]


@pytest.mark.parametrize(
    "change",
    [{"seed": 3}, {"parameters": {"recruitment": 0.002}}, {"from_prior": ["precarity"]},
     {"mechanisms": ["precarity"]}, {"fit": {"steps": 100}}, {"start": "2013-01"}],
)  # fmt: skip
def test_what_the_fit_depends_on_changes_the_basis_and_scenarios_do_not(change):
    study = Study.default()
    here = posterior.digest(study.basis("projection"))
    assert posterior.digest(study.with_(**change).basis("projection")) != here
    less = study.with_(scenarios={}, end="2032-12", draws=7)
    assert posterior.digest(less.basis("projection")) == here
    assert posterior.digest(study.basis("check")) != here


@given(st.integers(0, 2**32 - 1))
def test_draws_from_a_prior_cover_it_evenly_and_leave_the_others(seed):
    share = Param(name="x", value=Beta(a=2, b=5), unit="share", source="a", doc="a")
    found = from_prior(FOUND, [share], seed)
    covered = np.sort(share.prior.frozen().cdf(found.draws["x"]) * FOUND.size).astype(int)
    np.testing.assert_array_equal(covered, np.arange(FOUND.size))
    assert found.draws["recruitment"] is FOUND.draws["recruitment"]
    np.testing.assert_array_equal(found.draws["x"], from_prior(FOUND, [share], seed).draws["x"])


def test_two_parameters_from_priors_are_independent():
    params = [
        Param(name=n, value=LogNormal(median=1, log_sd=1), unit="1", source="a", doc="a")
        for n in ("one", "two")
    ]
    found = from_prior(FOUND, params, 1).draws
    assert abs(np.corrcoef(np.log(found["one"]), np.log(found["two"]))[0, 1]) < 0.4
