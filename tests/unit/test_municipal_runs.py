"""Scenarios on all municipalities as a folder: totals, what is empty, pairs, a map, and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from hidra.charts.words import Words
from hidra.cli import main
from hidra.core.errors import SourceError, SpecError
from hidra.core.i18n import translate
from hidra.model.system import System
from hidra.report.sections import municipal as show
from hidra.run import LIMITS, MUNICIPAL, Run, limits, projection
from hidra.run.execute import planned, run_study
from hidra.run.projection import located
from hidra.scenario import NO_CHANGE, Scenario, ensemble
from hidra.scenario import difference as municipal
from hidra.scenario.ensemble import COPIES, Plan
from hidra.study import Study

SMALL = Path(__file__).parents[2] / "studies" / "small.yaml"

PLACES = ["01001", "01005", "01000", "25006", "25012"]  # Aguascalientes and what is left of it
DRAWS, YEARS = 20, [2026, 2027, 2028]
STARTS = {"half_recruitment": "2027-01"}


def made_up(scenarios, *, posterior="system", end="2028-12", draws=None, seed=None, workers=1,
            space="municipalities", presence=None, progress=None, chunk=1, kept=(), into=None):  # fmt: skip
    """Half the recruits from 2027 on, and nobody in the second municipality."""
    rng = np.random.default_rng(1)
    base = rng.gamma(20, 5, (DRAWS, len(YEARS), len(PLACES)))
    base[..., 1] = 0.0
    later = np.array(YEARS)[None, :, None] >= 2027
    every = np.stack([base, *(np.where(later, base / 2, base) for _ in scenarios)])
    axes = ("scenario", "draw", "year", "place")
    unit = {"unit": "persons a year", "label_es": "Personas", "label_en": "Persons"}
    names = ("inegi_homicides_expected", "member_deaths", "members", "departures")
    people = np.tile([900_000.0, 130_000.0, 50_000.0, 1_000_000.0, 8_000.0], (len(YEARS), 1))
    return xr.Dataset(
        dict.fromkeys(names, (axes, every, unit)) | {"population": (axes[2:], people)},
        coords={"scenario": [NO_CHANGE, *scenarios], "draw": np.arange(DRAWS), "year": YEARS,
                "place": PLACES},
        attrs={"posterior": str(posterior), "posterior_digest": "x", "trusted": 1, "seed": 1,
               "doubts": json.dumps({"es": [], "en": []}),
               "fitted_until": "2025-12", "starts": "{}", "end": end, "presence": ""},
    )  # fmt: skip


@pytest.fixture
def results():
    return made_up({"half_recruitment": Scenario(start="2027-01", change={"recruitment": 0.5})})


def test_nation_and_states_are_the_sums_of_their_municipalities(results):
    values, places = municipal.with_totals(results, "members")
    assert places.tolist() == ["00", "01", "25", "01001", "01005", "25006", "25012"]
    whole = results["members"].to_numpy()
    np.testing.assert_allclose(values[..., 0], whole.sum(axis=-1))
    np.testing.assert_allclose(values[..., 1], whole[..., :3].sum(axis=-1))
    np.testing.assert_allclose(values[..., 2], whole[..., 3:].sum(axis=-1))


def test_the_summary_leaves_out_who_is_nowhere_and_what_is_left_of_a_state(results):
    table = municipal.summary(results, STARTS)
    assert set(table["place"]) == {"00", "01", "25", "01001", "25006", "25012"}
    assert "departures" not in set(table["measure"]), "told in the results only"
    later = table[table["scenario"] == "half_recruitment"]
    assert later["year"].min() == 2027, "until its start a scenario is no change"
    assert (table["p05"] <= table["p50"]).all() and (table["p50"] <= table["p95"]).all()


def test_differences_are_paired_draw_by_draw(results):
    table = municipal.difference(results, STARTS)
    assert set(table["year"]) == {2027, 2028}
    for name in ("rel_p05", "rel_p50", "rel_p95"):
        np.testing.assert_allclose(table[name], -0.5, err_msg="in every draw, so no doubt at all")
    assert (table["p95"] < 0).all()


def test_what_is_unknown_in_a_draw_is_null_and_not_zero(results):
    members = results["members"].copy()
    members[:, :, 2, 3] = np.nan
    table = municipal.summary(results.assign(members=members), STARTS)
    rows = table[(table["year"] == 2028) & (table["measure"] == "members")]
    median = rows[rows["scenario"] == NO_CHANGE].set_index("place")["p50"]
    assert median[["25006", "25", "00"]].isna().all()
    assert median["25012"] > 0


def test_the_folder_has_results_tables_a_map_and_the_doubt(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(projection, "what_if", made_up)
    out = tmp_path / "run"
    command = ["--lang", "en", "simulate", "half_recruitment", "--level", "municipality"]
    assert main([*command, "--out", str(out)]) == 0
    assert "no forecast for a town" in capsys.readouterr().err
    run = Run.open(out)
    assert run.manifest["level"] == "municipality"
    assert MUNICIPAL in run.manifest["limits_en"]
    assert {"map_es.png", "map_en.png", "differences_es.png"} <= {p.name for p in out.iterdir()}
    assert run.results["members"].dims == ("scenario", "draw", "year", "place")
    assert set(run.tables) == {"scenarios", "summary", "difference"}


def test_limits_of_states_and_of_municipalities_do_not_contradict_each_other():
    for language in ("es", "en"):
        usual = limits(language)
        assert usual == [translate(one, language) for one in LIMITS]
        without = limits(language, municipal=True)
        assert len(without) == len(usual)
        assert sum(one not in usual for one in without) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--level", "town"], "Use one of: municipality, state."),
        (["--presence", "seen.csv"], "Add --level municipality"),
    ],
)
def test_wrong_wishes_are_refused_with_the_cure(tmp_path, capsys, more, said):
    command = ["--lang", "en", "simulate", "half_recruitment", "--out", str(tmp_path / "x")]
    assert main([*command, *more]) != 0
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x").exists()


def test_more_than_fits_in_the_memory_is_refused_before_anything_runs(monkeypatch):
    system = System(("precarity",), space="municipalities", end="2035-12")
    monkeypatch.setattr(ensemble, "memory_here", lambda: 8 * 10**9)
    with pytest.raises(SpecError, match="GB of memory") as refused:
        system.simulate(draws=100_000, posterior="small")
    most = int(refused.value.fix.split()[1])
    fits = Plan(system, (), 1, most)
    fits.refuse()
    assert COPIES * fits.bytes <= 4 * 10**9


def study(**changes):
    """The default study, which is of the states, with some keys changed."""
    return Study.load(SMALL).with_(**changes)


def test_a_study_of_municipalities_is_another_study_and_one_of_states_keeps_its_name():
    before, towns = study(), study(places="municipalities", municipal_draws=5)
    assert "municipal" not in before.yaml() and "presence" not in before.yaml()
    assert towns.digest() != before.digest()
    assert Study.parse(towns.yaml()) == towns
    assert towns.basis("projection") == before.basis("projection"), "the fits are of the states"
    assert planned(towns)["municipal"].draws == 5
    assert planned(study(places="municipalities", draws=3))["municipal"].draws == 3


def test_keys_of_municipalities_are_refused_where_places_are_states():
    with pytest.raises(SpecError, match="`municipal_draws` says nothing") as refused:
        study(municipal_draws=5)
    assert "places: municipalities" in refused.value.fix


def test_a_wrong_set_of_presence_is_refused_before_the_fits(tmp_path):
    file = tmp_path / "seen.csv"
    file.write_text("place,node,period\n25,N10003,2012\n", encoding="utf-8")
    wrong = study(places="municipalities", presence_file=str(file))
    with pytest.raises(SourceError, match="'25' is not the code"):
        run_study(wrong, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_the_report_shows_municipalities_with_what_they_cannot_say(results):
    rates = located(municipal.rates(results)).assign(draws=DRAWS)
    assert set(rates["place"]) == {"01001", "01005", "25006", "25012"}
    few = rates.set_index("place").loc["25012"]
    assert few["low"] <= few["rate"] <= few["high"]
    section = show(dict.fromkeys(["municipal_rates"], rates), {}, Words("en"))
    assert "Nothing here was fitted to municipal records" in section.paragraphs[0]
    drawn = section.blocks[0].chart.to_dict()
    assert "Culiac" in json.dumps(drawn, ensure_ascii=False)
    assert show({}, {}, Words("es")).empty
