"""What if: from a posterior that is there to the results contract, stopped when asked to."""

import json

import numpy as np
import pytest

from hidra.core.errors import HidraError, SpecError
from hidra.inference import posterior
from hidra.scenario import Intervention
from hidra.scenario.what_if import StoppedError, find, planned, what_if

LESS = {
    "less": Intervention("2025-02", {"recruitment": 0.5}),
    "dosed": Intervention("2025-02", dose={"recruitment": -50.0}),
}


@pytest.fixture(scope="module")
def found():
    told = []
    result = what_if(
        LESS, posterior="default", end="2025-04", draws=2,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    return result, told


def test_it_gives_the_results_contract(found):
    results, told = found
    assert results["scenario"].values.tolist() == ["no_change", "less", "dosed"]
    assert results["members"].dims == ("scenario", "draw", "month", "place")
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert json.loads(results.attrs["starts"]) == {"less": "2025-02", "dosed": "2025-02"}
    assert results.attrs["posterior"] == "default" and results.attrs["trusted"] == 1
    assert results.attrs["fitted_until"] == "2024-12"


def test_the_past_is_shared_and_recruits_halve(found):
    recruits = found[0]["recruits"].sum("place")
    base, less = recruits.sel(scenario="no_change"), recruits.sel(scenario="less")
    before = slice(None, "2025-01")
    np.testing.assert_array_equal(base.sel(month=before), less.sel(month=before))
    np.testing.assert_allclose(
        less.sel(month="2025-03") / base.sel(month="2025-03"), 0.5, atol=0.02
    )


def test_a_dose_that_a_draw_cannot_give_is_refused_in_the_simulation(found):
    """Within the most that the priors leave room for, but more than the draw recruits."""
    more = LESS | {"dosed": Intervention("2025-02", dose={"recruitment": -600.0})}
    with pytest.raises(SpecError, match="larger than what there is") as error:
        what_if(more, posterior="default", end="2025-04", draws=1)
    assert "2025-02" in error.value.where and "dosed" in error.value.where


def test_who_no_longer_wants_it_stops_it(monkeypatch):
    from hidra.scenario import ensemble

    def never(*_args, **_more):
        raise AssertionError("it was simulated")

    monkeypatch.setattr(ensemble, "simulate", never)
    with pytest.raises(StoppedError):
        what_if(LESS, posterior="default", draws=1, stop=lambda: True)


@pytest.mark.parametrize(
    ("scenarios", "more", "what"),
    [
        ({"x": Intervention("2024-12", {"recruitment": 0.5})}, {}, "before the data end"),
        ({"x": Intervention("2031-01", {"recruitment": 0.5})}, {}, "after the study ends"),
        ({"x": Intervention("2027-01", {"arms_supply": 0.5})}, {}, "No mechanism that is on"),
        (LESS, {"draws": 0}, "says nothing"),
    ],
)
def test_what_cannot_be_run_is_refused_before_it_begins(scenarios, more, what):
    basis = posterior.manifest(find("default"))["basis"]
    with pytest.raises(SpecError, match=what):
        planned(basis, scenarios, **({"end": "2030-12", "draws": 2} | more))


def test_a_folder_without_a_posterior_is_refused(tmp_path):
    with pytest.raises(HidraError, match="no posterior here"):
        what_if(LESS, posterior=tmp_path)


def test_mechanisms_and_drivers_of_ones_own_come_with_the_posterior(monkeypatch):
    from hidra.model import own, series
    from hidra.scenario.what_if import bring

    brought = {}
    monkeypatch.setattr(own, "use", lambda files: brought.update(mechanisms=files))
    monkeypatch.setattr(series, "bring", lambda files: brought.update(drivers=files))
    bring({"study": "mechanism_files: [mine.py]\ndriver_files: [mine.csv]\n"})
    assert brought == {"mechanisms": ("mine.py",), "drivers": ("mine.csv",)}
    brought.clear()
    bring(posterior.manifest(find("system")))
    assert brought == {}
