"""What if: from a posterior that is there to the results contract, stopped when asked to."""

import json

import numpy as np
import pandas as pd
import pytest
from tests.unit.test_execute import resealed

from hidra.cli import main
from hidra.core.errors import HidraError, RunError, SpecError
from hidra.data.home import sha256
from hidra.inference import posterior
from hidra.model.system import Branching
from hidra.run.projection import keep, what_if
from hidra.scenario import Scenario, cut_of, ensemble, what
from hidra.scenario.ensemble import Plan, StoppedError, fitted
from hidra.web import lab

pytestmark = pytest.mark.usefixtures("quick_forecast")
LESS = {
    "less": Scenario(start="2025-02", change={"recruitment": 0.5}),
    "dosed": Scenario(start="2025-02", dose={"recruitment": -50.0}),
}


@pytest.fixture(scope="module")
def found(quick_forecast):
    told = []
    result = what_if(
        LESS, posterior="small", end="2025-04", draws=2,
        progress=lambda done, total: told.append((done, total)),
    )  # fmt: skip
    return result, told


def test_it_gives_the_results_contract(found):
    results, told = found
    assert results["scenario"].values.tolist() == ["no_change", "less", "dosed"]
    assert results["members"].dims == ("scenario", "draw", "month", "place")
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert json.loads(results.attrs["starts"]) == {"less": "2025-02", "dosed": "2025-02"}
    assert results.attrs["posterior"] == "small" and results.attrs["trusted"] == int(
        posterior.shipped("small").trusted
    )
    assert results.attrs["fitted_until"] == "2024-12"


def test_draws_of_the_lab_in_threads_are_the_same_bits(found):
    results, _told = found
    given = {"posterior": "small", "end": "2025-04", "draws": 2}
    threads = lab._what_if(LESS, progress=lambda *_: None, **given)
    assert set(threads) == set(results)
    for name in results:
        np.testing.assert_array_equal(threads[name], results[name])


def test_of_what_is_refused_no_forecast_is_begun(monkeypatch):
    begun = []
    monkeypatch.setattr("hidra.run.projection.aside", begun.append)
    for wrong in ({"draws": 0}, {"scenarios": {"late": Scenario(start="2020-01", off="victims")}}):
        with pytest.raises(SpecError):
            what_if(**{"scenarios": LESS, "posterior": "small", "end": "2025-04", **wrong})
    assert not begun


def test_the_past_is_shared_and_recruits_halve(found):
    recruits = found[0]["recruits"].sum("place")
    base, less = recruits.sel(scenario="no_change"), recruits.sel(scenario="less")
    before = slice(None, "2025-01")
    np.testing.assert_array_equal(base.sel(month=before), less.sel(month=before))
    np.testing.assert_allclose(
        less.sel(month="2025-03") / base.sel(month="2025-03"), 0.5, atol=0.02
    )


def test_another_scenario_takes_up_what_draws_were_before_it(found, monkeypatch):
    """Only the months from the change on are simulated again, and the numbers are the same bits."""
    quarter = {
        "less": Scenario(start="2025-02", change={"recruitment": 0.25}),
        "dosed": LESS["dosed"],
    }
    asked = {"posterior": "small", "end": "2025-04", "draws": 2, "remember": True}
    simulated = []
    once = Branching.history

    def counted(program, p, seed, number, nothing):
        simulated.append(number)
        return once(program, p, seed, number, nothing)

    monkeypatch.setattr(Branching, "history", counted)
    ensemble._kept.cache_clear()
    first = what_if(quarter, **asked)
    ensemble._kept.cache_clear()
    what_if(LESS, **asked)
    again = what_if(quarter, **asked)
    assert [int(number) for number in simulated] == [0, 1, 0, 1]
    for name in first:
        np.testing.assert_array_equal(first[name], again[name])


def dosed(persons, **more):
    scenarios = LESS | {"dosed": Scenario(start="2025-02", dose={"recruitment": -persons})}
    return what_if(scenarios, posterior="small", end="2025-04", draws=2, **more)


@pytest.fixture(scope="module")
def most(quick_forecast):
    """The most that any of the draws could give in every week, as the refusal says."""
    with pytest.raises(SpecError, match="larger than what there is") as error:
        dosed(600.0)  # within the most that the priors leave room for, but more than draws recruit
    assert "2025-02" in error.value.where and "dosed" in error.value.where
    return float(error.value.what.split()[-1].rstrip("."))


def test_a_dose_that_some_draws_lack_people_for_is_given_as_far_as_it_goes_and_told(most, tmp_path):
    results = dosed(most - 1, into=tmp_path / "results.zarr")
    cut = cut_of(results)
    assert [*cut] == ["dosed"] and cut["dosed"]["recruitment"]["draws"] == 1
    least = cut["dosed"]["recruitment"]["least"]
    assert 0 < least < most - 1 and cut["dosed"]["recruitment"]["of"] == 2
    recruits = results["recruits"].sel(scenario="dosed", month="2025-03").sum("place")
    assert float(recruits.min()) >= 0
    assert what(LESS["dosed"], "en", cut=cut["dosed"]) == (
        f"recruitment −50 persons per week (in 1 of 2 draws fewer, down to {least:,.0f})"
    )
    keep(tmp_path / "kept", LESS, results)
    told = pd.read_parquet(tmp_path / "kept" / "tables" / "scenarios.parquet").set_index("name")
    assert "en 1 de 2 simulaciones menos" in told.loc["dosed", "what_es"]


def test_a_dose_that_every_draw_can_give_is_not_said_to_be_cut(found):
    assert cut_of(found[0]) == {}


def test_who_no_longer_wants_it_stops_it(monkeypatch):
    def never(*_args, **_more):
        raise AssertionError("it was simulated")

    monkeypatch.setattr(ensemble, "work", never)
    with pytest.raises(StoppedError):
        what_if(LESS, posterior="small", draws=1, stop=lambda: True)


@pytest.mark.parametrize(
    ("scenarios", "more", "what"),
    [
        ({"x": Scenario(start="2024-12", change={"recruitment": 0.5})}, {}, "before the data end"),
        ({"x": Scenario(start="2031-01", change={"recruitment": 0.5})}, {}, "after the study ends"),
        (
            {"x": Scenario(start="2027-01", change={"arms_supply": 0.5})},
            {},
            "No mechanism that is on",
        ),
        (LESS, {"draws": 0}, "says nothing"),
    ],
)
def test_what_cannot_be_run_is_refused_before_it_begins(scenarios, more, what):
    with pytest.raises(SpecError, match=what):
        Plan(fitted("small"), tuple(scenarios.items()), 1, more.get("draws", 2)).refuse()


def test_a_folder_without_a_posterior_is_refused(tmp_path):
    with pytest.raises(HidraError, match="no posterior here"):
        what_if(LESS, posterior=tmp_path)


def own_posterior(tmp_path, name, value):
    """Draws of the default posterior, kept as those of a run with a driver file of its own."""
    drivers = tmp_path / f"{name}.csv"
    drivers.write_text(
        f"driver,place,month,value\nprecarity,00,2012-01,{value}\n", encoding="utf-8"
    )
    shipped = posterior.place("small")
    study = f"driver_files: [{drivers}]\n"
    own = {n: v for n, v in posterior.manifest(shipped).items() if n != "seal"}
    manifest = own | {"study": study}
    manifest["basis"] = manifest["basis"] | {"own_files": {drivers.name: sha256(drivers)}}
    kept = posterior.load(shipped)
    posterior.keep(kept, tmp_path / name / "posterior" / "projection", manifest)
    return tmp_path / name


def test_drivers_of_ones_own_come_with_the_posterior_and_go_with_it(tmp_path):
    """What one question brings must not reach the next: it did, in silence, by the environment."""
    ask = {"end": "2025-04", "draws": 2, "scenarios": LESS}  # one program with the tests above
    alone = what_if(posterior="small", **ask)
    mine = what_if(posterior=own_posterior(tmp_path, "mine", 3.0), **ask)
    again = what_if(posterior="small", **ask)
    assert not np.array_equal(mine["recruits"], alone["recruits"])
    for name in alone.data_vars:
        np.testing.assert_array_equal(again[name], alone[name])


def test_no_file_that_a_fit_names_is_executed(tmp_path, monkeypatch):
    own = tmp_path / "own.py"
    own.write_text("from pathlib import Path\nPath('ran').touch()\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shipped = posterior.place("small")
    told = {n: v for n, v in posterior.manifest(shipped).items() if n != "seal"}
    told["study"] = f"mechanism_files: [{own}]\n"
    told["basis"] = told["basis"] | {
        "mechanisms": [*told["basis"]["mechanisms"], "mine"], "own_files": {"own.py": sha256(own)},
    }  # fmt: skip
    posterior.keep(posterior.load(shipped), tmp_path / "fit" / "posterior" / "projection", told)
    with pytest.raises(SpecError, match="which are programs: mine") as caught:
        fitted(tmp_path / "fit")
    assert "HIDRA_MECHANISMS" in caught.value.fix
    assert not (tmp_path / "ran").exists()


def test_a_file_edited_since_the_fit_is_refused(tmp_path):
    run = own_posterior(tmp_path, "mine", 3.0)
    file = tmp_path / "mine.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("3.0", "1.0"), encoding="utf-8")
    with pytest.raises(RunError, match="not what it was"):
        what_if({}, posterior=run, end="2025-02", draws=1)


def test_a_simulation_made_again_is_the_same_bit_for_bit_and_a_changed_figure_is_named(
    found, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("HIDRA_LANG", "en")
    folder = keep(tmp_path / "less", LESS, found[0]).folder
    asked = ["verify", str(folder), "--workers", "1", "--json"]
    assert main(asked) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["near"] == 0 and told["same"] == told["files"] > 10
    summary = folder / "tables" / "summary.csv"
    written = summary.read_text()
    other = written.replace("less", "more", 1)
    assert other != written
    summary.write_text(other)  # by hand: not as it was written
    assert main(asked) == 3
    assert "summary.csv" in capsys.readouterr().err
    resealed(folder, "tables/summary.csv", other)  # as a faulty program might: whole, and not so
    assert main([*asked, "--files"]) == 0
    assert main(asked) == 5
    assert "'tables/summary.csv' is another" in capsys.readouterr().err
