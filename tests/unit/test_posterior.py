"""Posteriors on disk: the same draws again, refused when broken, reused only on the same basis."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.core.errors import RunError, SpecError
from hidra.core.param import Beta, LogNormal, Param
from hidra.inference import posterior
from hidra.inference.posterior import Posterior, from_prior
from hidra.model.system import System
from hidra.study import Study

ROOT = Path(__file__).parents[2]
MADE = dict.fromkeys(posterior.SHIPPED, ("default", "projection"))
MADE |= {"small": ("small", "projection"), "check": ("default", "check")}
DRAWS = {"recruitment": np.linspace(1e-3, 3e-3, 50), "reporting": np.ones((50, 32))}
GOOD = {"psis_k": 0.2, "kept": 1.0, "excess": 1.0, "wider": [], "predictive": {}}
WEIGHTS = {"log_weight": np.linspace(-1.0, 1.0, 50)}
FOUND = Posterior(DRAWS, {"emulator_error": 0.01, **GOOD}, "code and inputs", WEIGHTS)


def test_what_is_kept_comes_back(tmp_path):
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {"seed": 1}})
    again = posterior.load(tmp_path / "mine")
    assert again.diagnostics == FOUND.diagnostics and again.trusted
    assert again.fingerprint == "code and inputs"
    for name, values in DRAWS.items():
        np.testing.assert_allclose(again.draws[name], values, rtol=1e-7)
    np.testing.assert_allclose(again.sample_stats["log_weight"], WEIGHTS["log_weight"], rtol=1e-6)
    assert posterior.manifest(tmp_path / "mine")["trusted"] is True
    assert {file.name for file in tmp_path.iterdir()} == {"mine.npz", "mine.json"}


def test_thinned_draws_are_spread_over_all(tmp_path):
    posterior.keep(FOUND, tmp_path / "few", {"basis": {}}, most=10)
    few = posterior.load(tmp_path / "few")
    assert few.size == 10
    assert few.draws["recruitment"][[0, -1]] == pytest.approx(DRAWS["recruitment"][[0, -1]])
    assert posterior.manifest(tmp_path / "few")["of"] == 50


def test_a_broken_posterior_is_refused(tmp_path):
    with pytest.raises(RunError, match="no posterior here"):
        posterior.load(tmp_path / "nothing")
    for broken in (b"not numbers", b"", b"PK\x03\x04 torn"):
        posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
        (tmp_path / "mine.npz").write_bytes(broken)
        with pytest.raises(RunError, match="no posterior here"):
            posterior.load(tmp_path / "mine")
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
    (tmp_path / "mine.json").write_text("[" * 10**5)
    with pytest.raises(RunError, match="no posterior here"):
        posterior.load(tmp_path / "mine")


def test_draws_of_another_fit_beside_a_manifest_are_refused(tmp_path):
    """Killed between its two files, a fit leaves new draws beside the old manifest."""
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
    other = dict(DRAWS, recruitment=DRAWS["recruitment"] * 0.9)
    posterior.keep(Posterior(other), tmp_path / "other", {"basis": {}})
    (tmp_path / "other.npz").replace(tmp_path / "mine.npz")
    with pytest.raises(RunError, match="not the file that its manifest describes"):
        posterior.load(tmp_path / "mine")


@pytest.mark.parametrize(
    ("values", "why"),
    [
        (np.full(50, np.nan), "'recruitment' holds numbers that are not finite"),
        (np.full(50, np.inf), "'recruitment' holds numbers that are not finite"),
        (np.linspace(-1e-3, 1e-3, 50), "'recruitment' lies between −0.001 and 0.001, outside of 0"),
        (np.full((50, 2), 2e-3), "'recruitment' should be one number a draw"),
    ],
)
def test_draws_that_cannot_be_are_refused_by_name(tmp_path, values, why):
    posterior.keep(Posterior(dict(DRAWS, recruitment=values)), tmp_path / "mine", {"basis": {}})
    with pytest.raises(RunError, match=why) as refused:
        posterior.load(tmp_path / "mine")
    assert "Fit again" in refused.value.fix and "mine.npz" in refused.value.where


def test_what_the_records_are_told_by_is_never_negative(tmp_path):
    wrong = Posterior(dict(DRAWS, reporting=-DRAWS["reporting"]))
    posterior.keep(wrong, tmp_path / "mine", {"basis": {}})
    with pytest.raises(RunError, match="'reporting' lies between −1 and −1"):
        posterior.load(tmp_path / "mine")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda d: {"recruitment": d["recruitment"]}, "'reporting' is missing"),
        (lambda d: d | {"more": d["recruitment"]}, "'more' is unknown"),
        (lambda d: d | {"recruitment": d["recruitment"][:7]}, r"'recruitment' should .*\(50,\)"),
        (lambda d: d | {"reporting": d["reporting"][:, 0]}, r"'reporting' should .*\(50, 32\)"),
        (lambda d: d | {"recruitment": d["recruitment"].astype(str)}, "should be numbers"),
    ],
)
def test_parameters_missing_unknown_or_of_another_size_are_refused_by_name(tmp_path, change, why):
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
    np.savez(tmp_path / "mine.npz", **change(DRAWS))
    with pytest.raises(RunError, match=why):
        posterior.load(tmp_path / "mine")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_parameter_that_is_there_twice_is_refused(tmp_path):
    posterior.keep(FOUND, tmp_path / "mine", {"basis": {}})
    with zipfile.ZipFile(tmp_path / "mine.npz", "a") as file:
        file.writestr("recruitment.npy", file.read("recruitment.npy"))
    with pytest.raises(RunError, match="'recruitment' is there twice"):
        posterior.load(tmp_path / "mine")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, ""),
        ({"psis_k": 0.71}, "Pareto k 0.71"),
        ({"psis_k": None}, "Pareto k nan"),
        ({"kept": 0.82}, "18\u00a0% of the draws lay outside the bulk"),
        ({"excess": 1.3}, "1.3 times as high"),
        ({"wider": ["saturation"]}, "wider than its prior in saturation"),
        ({"predictive": {"inegi": {"coverage90": 0.6, "total": 0.4}}}, "records of inegi"),
        ({"predictive": {"inegi": {"coverage90": 0.9, "total": 0.0}}}, "records of inegi"),
        ({"predictive": {"inegi": {"coverage90": 0.9, "total": 0.4}}}, ""),
        ({"rhat": 1.005, "ess": 900.0, "diverging": 0.001}, ""),
        ({"rhat": 1.02, "ess": 900.0, "diverging": 0.0}, "R-hat 1.020"),
        ({"rhat": None, "ess": 900.0, "diverging": 0.0}, "R-hat nan"),
        ({"rhat": 1.001, "ess": 150.0, "diverging": 0.0}, "few effective draws"),
        ({"rhat": 1.001, "ess": 900.0, "diverging": 0.02}, "2.0\u00a0% of the transitions"),
    ],
)
def test_trust_wants_every_diagnostic_on_all_draws_to_be_good(told, why):
    found = Posterior(DRAWS, GOOD | told)
    assert found.trusted is (not why)
    assert len(found.doubts("es")) == len(found.doubts()) == bool(why)
    assert why in " ".join(found.doubts())


def test_without_diagnostics_on_all_draws_nothing_is_trusted():
    for told in ({}, {"kept": 1.0, "excess": 1.0}):
        found = Posterior(DRAWS, told)
        (why,) = found.doubts()
        assert why == "its diagnostics were not kept on all draws"
        assert repr(found) == f"Posterior(50 draws of 2 parameters; not trusted: {why})"


def test_the_tree_of_groups_has_places_and_chains_by_name():
    chains = {"chain": np.repeat([0, 1], 25), "diverging": np.zeros(50)}
    tree = Posterior(DRAWS, GOOD, "abc", chains).to_arviz()
    assert dict(tree["posterior"].sizes) == {"chain": 2, "draw": 25, "place": 32}
    np.testing.assert_array_equal(tree["posterior"]["recruitment"][1], DRAWS["recruitment"][25:])
    assert list(tree["sample_stats"].data_vars) == ["diverging"]
    assert tree.attrs["fingerprint"] == "abc" and tree.attrs["trusted"] == 1
    assert dict(FOUND.to_arviz()["sample_stats"].sizes) == {"chain": 1, "draw": 50}


def test_the_tree_of_a_system_has_its_prior_and_its_records():
    system = System((), start="2018-01", end="2018-06")
    tree = FOUND.to_arviz(system)
    assert tree["prior"]["recruitment"].sizes == {"chain": 1, "draw": 50}
    assert dict(tree["observed_data"]["inegi"].sizes) == {"month": 6, "place": 32}
    assert float(tree["observed_data"]["inegi"].sum()) > 10_000


def test_an_unknown_name_offers_the_closest():
    with pytest.raises(SpecError, match="sistem"):
        posterior.shipped("sistem")


@pytest.mark.parametrize("name", posterior.SHIPPED)
def test_a_shipped_posterior_stands_on_the_tables_and_parameters_of_today(name):
    """When this fails, make it again: python -m scripts.make_posterior"""
    of, part = MADE[name]
    study = Study.load(ROOT / "studies" / f"{of}.yaml")
    told = posterior.manifest(posterior.place(name))
    now = study.basis(part)
    assert posterior.changed(now, told["basis"]) == []
    assert told["digest"] == posterior.digest(now)
    assert told["trusted"] is posterior.load(posterior.place(name)).trusted
    assert told["draws"] == 200 and name in told["remake"]
    assert posterior.place(name).with_suffix(".npz").stat().st_size < 1.5e6


@pytest.mark.parametrize("name", posterior.SHIPPED)
def test_a_shipped_posterior_has_every_parameter_of_its_study_in_bounds(name):
    from hidra.model.system import dynamics, recording

    study = Study.load(ROOT / "studies" / f"{MADE[name][0]}.yaml")
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
    study = Study.load(ROOT / "studies" / "small.yaml")
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


def test_only_what_is_wider_beyond_its_own_noise_is_said_to_be():
    """A long tail makes standard deviations noisy; where the prior is normal they are not."""
    prior = LogNormal(median=1, log_sd=1.5)
    q = Param(name="x", value=prior, unit="1", source="a", doc="a")
    normal = np.random.default_rng(1).standard_normal(800)
    assert not posterior.wider(q, np.exp(1.5 * normal))
    assert not posterior.wider(q, np.exp(0.3 * normal))
    assert posterior.wider(q, np.exp(1.15 * 1.5 * normal))
    slow = np.repeat(np.random.default_rng(1).standard_normal((2, 100)), 20, axis=1)
    slow *= 1.1 / slow.std()  # 4,000 draws of chains that say no more than 200 would
    assert posterior.wider(q, np.exp(1.5 * slow.ravel()))
    assert not posterior.wider(q, np.exp(1.5 * slow.ravel()), chains=2)
