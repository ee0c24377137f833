"""From a study to a finished run. The fit is stood in for by prior draws; the rest is real."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import hidra.inference.calibrate
from hidra.cli import main
from hidra.core import files
from hidra.core.errors import FitError, RunError
from hidra.core.weeks import month_after
from hidra.inference.posterior import Posterior
from hidra.model.observe import knots_for
from hidra.run import Run, execute
from hidra.run.execute import run_study
from hidra.run.fitted import reused
from hidra.run.verify import DATED, again
from hidra.study import Study

SMALL = Path(__file__).parents[2] / "studies" / "small.yaml"

TABLES = [
    "breaks", "causes", "coverage", "difference", "explained", "mechanisms", "newest", "observed", "parameters",
    "scale", "scenarios", "sensitivity", "sources", "summary", "unknown",
]  # fmt: skip


def short(**changes):
    """One year and a half: half a year to fit, two months held out, a scenario at the end."""
    plan = {
        "start": "2018-01",
        "end": "2019-06",
        "draws": 2,
        "fit": {"until": "2018-06", "held_out_until": "2018-08", "records_until": "2018-12"},
        "scenarios": {"half_recruitment": {"start": "2019-01", "change": {"recruitment": 0.5}}},
    }
    return Study.load(SMALL).with_(**(plan | changes))


def prior_draws(system, *, seed, steps, kept=None, progress=None):
    """Draw from the priors, in the shape of a posterior."""
    rng, size = np.random.default_rng(seed), 4
    params = (*system.dynamics, *system.recording)
    draws = {
        q.name: q.prior.quantile(rng.random(size)) if q.prior else np.full(size, q.value)
        for q in params
    }
    knots, places = knots_for(len(system.weeks.months)), (size, 32)
    draws |= {
        "unlinked": np.full(places, 1e-7),
        "linked": np.full(places, 2.0),
        "size_place": np.full(places, 20.0),
        "reporting": np.full(places, 0.95),
        "knots_nation": np.zeros((size, knots)),
        "knots_place": np.zeros((size, knots, 32)),
    }
    return Posterior(draws, {"rhat": 1.2, "ess": 10.0, "diverging": 0.0, "emulator_error": 0.01})


@pytest.fixture(autouse=True)
def quick_fit(monkeypatch, quick_forecast):
    monkeypatch.setenv("HIDRA_LANG", "en")
    monkeypatch.setattr(hidra.inference.calibrate, "calibrate", prior_draws)


@pytest.fixture(scope="module")
def finished(tmp_path_factory, quick_forecast):
    stages = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hidra.inference.calibrate, "calibrate", prior_draws)
        folder = tmp_path_factory.mktemp("runs") / "short"
        run = run_study(short(), folder, progress=lambda *told: stages.append(told))
    return run, stages


def resealed(folder, name, text):
    """Write another text into a run with a manifest that fits it, as a faulty program might."""
    (folder / name).write_text(text)
    told = json.loads((folder / "manifest.json").read_text())
    del told["seal"]
    told["files"][name] = [len(text.encode()), files.sha256(folder / name)]
    files.write_json(folder / "manifest.json", files.sealed(told))


@pytest.mark.slow
def test_a_run_made_again_is_fitted_again_and_equal_bit_for_bit(finished, tmp_path, capsys):
    run, _ = finished
    assert "fits_of" not in run.manifest or not run.manifest["fits_of"]
    found = again(run, progress=lambda *told: None)
    assert not found.near
    assert {"posterior/check.npz", "tables/summary.parquet"} <= {*found.same}
    assert {*found.same} == {*run.manifest["files"]} - {*DATED}
    other = shutil.copytree(run.folder, tmp_path / "other")
    resealed(other, "tables/summary.csv", "scenario\n")
    with pytest.raises(FitError, match=r"summary\.csv.*is another"):
        again(Run.open(other), progress=lambda *told: None)
    assert main(["verify", str(run.folder), "--workers", "1"]) == 0
    assert "bit" in capsys.readouterr().err


def test_a_run_holds_everything_it_promises(finished):
    run, _ = finished
    assert sorted(p.name for p in run.folder.iterdir()) == [
        "check.zarr", "manifest.json", "posterior", "report.html", "results.zarr", "study.yaml",
        "tables",
    ]  # fmt: skip
    assert list(run.tables) == TABLES
    assert all((run.folder / "tables" / f"{name}.csv").is_file() for name in TABLES)
    assert Study.load(run.folder / "study.yaml").digest() == run.manifest["study_digest"]


def test_no_change_and_the_held_out_months_are_the_forecast_bit_for_bit(finished, quick_forecast):
    run, plan = finished[0], short()
    for found, scenario, origin, months in (
        (run.results, "no_change", plan.fit.records_until, 6), (run.check, "check", plan.fit.until, 6),
    ):  # fmt: skip
        for measure in ("inegi_homicides", "sesnsp_homicide_victims"):
            said = quick_forecast(measure, origin, months, plan.draws, plan.seed)
            ahead = found[measure].sel(scenario=scenario).transpose("draw", "month", "place")
            np.testing.assert_array_equal(ahead[:, -months:], said.draws)
    recorded = run.results["inegi_homicides"].sel(scenario="half_recruitment")
    assert float((recorded - run.results["inegi_homicides"][0]).max()) <= 0, "thinned, never added"
    alone = run.tables["summary"].query("measure == 'model_homicides' and place == '00'")
    assert {*alone["scenario"]} == {"check", "no_change", "half_recruitment"}
    assert "model_homicides" in set(run.tables["coverage"]["measure"])


def test_the_check_and_the_projection_stay_two(finished):
    run, _ = finished
    assert run.check["scenario"].values.tolist() == ["check"]
    assert str(run.check["month"].values[-1])[:7] == "2018-12"
    assert run.results["scenario"].values.tolist() == ["no_change", "half_recruitment"]
    assert str(run.results["month"].values[-1])[:7] == "2019-06"


def test_scenarios_are_told_from_their_start_and_against_the_same_dates(finished):
    summary, difference = finished[0].tables["summary"], finished[0].tables["difference"]
    first = summary.groupby("scenario")["month"].min()
    assert first.to_dict() == {
        "check": "2018-01", "no_change": "2018-01", "half_recruitment": "2019-01",
    }  # fmt: skip
    assert set(difference["scenario"]) == {"half_recruitment"} and set(difference["year"]) == {2019}
    recruits = difference[(difference["measure"] == "recruits") & (difference["place"] == "00")]
    assert recruits["rel_p50"].item() == pytest.approx(-0.5, abs=0.03)


def test_coverage_speaks_of_months_the_check_never_saw(finished):
    coverage = finished[0].tables["coverage"]
    held_out = coverage[~coverage["fitted"]]
    assert set(held_out["period_from"]) == {"2018-07"} and set(held_out["period_to"]) == {"2018-08"}
    assert held_out["crps_baseline"].notna().all()


def test_a_run_says_how_much_the_mechanisms_explain_and_how_much_the_discrepancy(finished):
    shares = finished[0].tables["explained"]
    assert set(shares["part"]) == {"mechanisms", "discrepancy", "noise"}
    assert {(f, bool(b)) for f, b in zip(shares["fit"], shares["fitted"], strict=True)} == {
        ("check", True), ("projection", True),
    }  # fmt: skip
    assert set(shares["place"]) == {"00", *(f"{code:02d}" for code in range(1, 33))}
    page = finished[0].report.read_text()
    assert "not understood" in page and "no entendido" in page


def test_a_run_says_what_the_size_of_the_groups_rests_on(finished):
    table = finished[0].tables["scale"].set_index("name")
    assert table.loc["initial_members", "power"] == 1 and table.loc["linked", "power"] == -1
    assert table.loc[table["on_bound"]].index.tolist() == [
        "initial_members", "enforcement", "saturation",
    ]  # fmt: skip


def test_the_manifest_tells_what_the_numbers_stand_on(finished):
    manifest = finished[0].manifest
    assert manifest["seed"] == 20061211 and manifest["draws"] == 2
    assert manifest["mechanisms_on"] == ["leadership_removal", "precarity"]
    assert len(manifest["source_tables"]["homicides_inegi_state_month"]) == 64
    assert {"hidra", "python", "jax"} <= set(manifest["versions"])
    assert manifest["seconds"]["simulation of the scenarios"] > 0
    assert manifest["fits"]["check"]["trusted"] is False
    assert len(manifest["limits_en"]) == len(manifest["limits_es"]) > 3


def test_the_report_is_one_page_in_two_languages(finished):
    page = finished[0].report.read_text()
    assert "El núcleo y dos mecanismos" in page and "The core and two mechanisms" in page


def test_a_reason_has_its_fit_and_one_of_both_fits_names_both():
    prior = Posterior({"x": np.zeros(1)}, {"prior": True})
    [doubt] = prior.doubts()
    both = {"check": prior, "projection": prior}
    assert execute._doubts(both, "en") == [f"fit of the check and fit of the projection – {doubt}"]
    assert execute._doubts({"check": prior}, "en") == [f"fit of the check – {doubt}"]
    assert "ajuste de la prueba y ajuste de la proyección – " in execute._doubts(both, "es")[0]


def test_chains_that_disagree_are_said_where_they_are_seen(finished):
    run, _ = finished
    assert "do not trust the intervals" in run.manifest["warning_en"]
    told = [run.manifest["fits"][part]["doubts"] for part in ("check", "projection")]
    for doubt in {*told[0], *told[1]}:
        assert run.manifest["warning_en"].count(doubt) == 1, "a reason is said once"
    page = run.report.read_text()
    assert run.manifest["warning_en"] in page and run.manifest["warning_es"] in page


def test_every_stage_begins_and_ends(finished):
    _, stages = finished
    names = list(dict.fromkeys(stage for stage, _, _ in stages))
    assert names == [
        "fit of the check", "simulation of the check", "forecast", "fit of the projection",
        "simulation of the scenarios", "tables", "report",
    ]  # fmt: skip
    last = {stage: (done, total) for stage, done, total in stages}
    assert all(done == total for done, total in last.values())


def test_the_command_prints_only_json_and_gives_the_same_numbers(finished, tmp_path, capsys):
    study = tmp_path / "short.yaml"
    study.write_text(short().yaml())
    folder = tmp_path / "again"
    assert main(["run", str(study), "--out", str(folder), "--workers", "1", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["study_digest"] == finished[0].manifest["study_digest"]
    assert "report: 1/1" in err
    again = Run.open(folder).tables["summary"]
    pd.testing.assert_frame_equal(again, finished[0].tables["summary"])


def test_another_study_is_refused_before_the_work_begins(finished, monkeypatch, capsys):
    def never(*_args, **_more):
        raise AssertionError("the fit began")

    monkeypatch.setattr(hidra.inference.calibrate, "calibrate", never)
    assert main(["run", "--out", str(finished[0].folder), "--workers", "1"]) == 6
    assert "--force" in capsys.readouterr().err
    assert Run.open(finished[0].folder).manifest == finished[0].manifest


def test_a_fit_that_fails_leaves_nothing(tmp_path, monkeypatch, capsys):
    def fails(*_args, **_more):
        raise FitError("The posterior has no finite mode.", where="fit", fix="Check the priors.")

    monkeypatch.setattr(hidra.inference.calibrate, "calibrate", fails)
    study = tmp_path / "short.yaml"  # whose fits do not come with hidra
    study.write_text(short().yaml(), encoding="utf-8")
    assert main(["run", str(study), "--out", str(tmp_path / "mine"), "--workers", "1"]) == 5
    assert "no finite mode" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [study]


def test_a_missing_table_of_the_package_leaves_nothing(tmp_path, monkeypatch, capsys):
    from hidra.core.errors import SourceError
    from hidra.data import panel

    def missing(*_args, **_more):
        raise SourceError("A built-in table is missing.", where="x.csv", fix="Install again.")

    monkeypatch.setattr(panel, "rows", missing)
    monkeypatch.setattr(
        hidra.inference.calibrate, "calibrate", None
    )  # it is said before the work begins
    assert main(["run", "--out", str(tmp_path / "mine"), "--workers", "1"]) == 3
    assert "missing" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_run_gives_its_fits_to_studies_that_differ_only_in_scenarios(finished):
    run, _ = finished
    other = short(scenarios={"more": {"start": "2019-02", "change": {"enforcement": 2}}})
    found = reused(other, run.folder)
    assert set(found) == {"check", "projection"} and not found["check"].trusted
    with pytest.raises(RunError, match="something else: seed"):
        reused(short(seed=5), run.folder)
    with pytest.raises(RunError, match="parameters recruitment"):
        reused(short(parameters={"recruitment": 0.002}), run.folder)


def test_the_month_after():
    assert month_after("2019-12") == "2020-01"
    assert month_after("2020-09") == "2020-10"
