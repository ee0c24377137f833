"""Scenarios by name or file, their paired differences, and the verbs that tell them."""

import json

import numpy as np
import pytest
import xarray as xr

from hidra.cli import main
from hidra.core.errors import SpecError
from hidra.model.series import states
from hidra.run import Run, projection
from hidra.scenario import NO_CHANGE
from hidra.study import library

UNIT = {"unit": "persons a month", "label_es": "Personas", "label_en": "Persons"}
MEASURES = ("inegi_homicides_expected", "member_deaths", "recruits", "arrests", "members")
DRAWS = 40


def made_up(
    scenarios, *, posterior, end, draws, seed=None, workers=1, progress=None, space="states",
    presence=None, chunk=1, kept=(), into=None,
):  # fmt: skip
    """Results in which the n-th scenario has n tenths less of everything from its start on."""
    draws = DRAWS if draws is None else draws
    months = np.arange("2024-01", np.datetime64(end, "M") + 1, dtype="datetime64[M]")
    base = np.random.default_rng(1).gamma(20, 5, (draws, len(months), 32))
    every = [base]
    for number, wanted in enumerate(scenarios.values(), 1):
        later = months >= np.datetime64(wanted.start, "M")
        every.append(np.where(later[None, :, None], base * (1 - 0.1 * number), base))
    progress(draws, draws)
    axes = ("scenario", "draw", "month", "place")
    return xr.Dataset(
        {name: (axes, np.stack(every), UNIT) for name in MEASURES},
        coords={"scenario": [NO_CHANGE, *scenarios], "draw": np.arange(draws),
                "month": months.astype("datetime64[ns]"), "place": list(states())},
        attrs={"posterior": str(posterior), "posterior_digest": "x", "trusted": 1, "seed": 1,
               "doubts": json.dumps({"es": [], "en": []}),
               "fitted_until": "2023-12", "starts": "{}"},
    )  # fmt: skip


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setenv("HIDRA_LANG", "en")
    monkeypatch.setattr(projection, "what_if", made_up)


def test_differences_are_paired_with_no_change_and_with_the_first(capsys):
    assert main(["compare", "fewer_arms", "no_removals", "--json", "--draws", str(DRAWS)]) == 0
    rows = json.loads(capsys.readouterr().out)
    killed = {
        (r["scenario"], r["against"]): r for r in rows if r["measure"] == "inegi_homicides_expected"
    }
    assert set(killed) == {
        ("fewer_arms", NO_CHANGE), ("no_removals", NO_CHANGE), ("no_removals", "fewer_arms"),
    }  # fmt: skip
    first = killed["fewer_arms", NO_CHANGE]
    assert (first["year"], first["place"], first["unit"]) == (2030, "00", "persons a year")
    # the same draws: what every draw loses is a tenth, and there is no spread in the share
    assert first["rel_p05"] == pytest.approx(-0.1) and first["rel_p95"] == pytest.approx(-0.1)
    assert first["p05"] < first["p50"] < first["p95"] < 0
    assert killed["no_removals", "fewer_arms"]["rel_p50"] == pytest.approx(0.8 / 0.9 - 1)


def test_why_a_fit_may_not_be_trusted_is_said_in_the_folder(monkeypatch, tmp_path):
    doubts = json.dumps({"es": ["la razón"], "en": ["the reason"]})
    monkeypatch.setattr(
        projection,
        "what_if",
        lambda *a, **k: made_up(*a, **k).assign_attrs(trusted=0, doubts=doubts),
    )
    assert main(["simulate", "fewer_arms", "--out", str(tmp_path / "run")]) == 0
    told = Run.open(tmp_path / "run").manifest
    assert told["warning_en"].startswith("The fit does not pass its own checks")
    assert "Why: the reason." in told["warning_en"] and "Por qué: la razón." in told["warning_es"]


def test_the_table_is_for_people_in_two_languages(capsys):
    for language, words in (("en", "paired differences"), ("es", "diferencias pareadas")):
        assert main(["compare", "fewer_arms", "--place", "Sinaloa", "--lang", language]) == 0
        out, told = capsys.readouterr()  # rows for another program; the title is no row
        assert words in told and "Sinaloa, 2030" in told
        assert "−10.0%" in out and all(row.count("\t") == 3 for row in out.splitlines())


def test_equal_doses_move_the_same_number_of_people(monkeypatch, capsys):
    asked = {}

    def look(scenarios, **more):
        asked.update(scenarios)
        return made_up(scenarios, **more)

    monkeypatch.setattr(projection, "what_if", look)
    verb = ["compare", "recruitment", "enforcement", "--equal-dose", "110", "--json"]
    assert main(verb) == 0
    capsys.readouterr()
    doses = {name: s.dose for name, s in asked.items()}
    assert doses == {
        "equal_dose_recruitment": {"recruitment": -110},
        "equal_dose_enforcement": {"enforcement": 110},
    }
    assert {s.start for s in asked.values()} == {"2027-01"}


def test_a_folder_to_hand_on(tmp_path, capsys):
    mine = tmp_path / "mine.yaml"
    mine.write_text("start: 2028-01\nchange: {recruitment: 0.5}\n")
    out = tmp_path / "two"
    assert main(["simulate", "fewer_arms", str(mine), "--out", str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    run = Run.open(out)
    assert told["kind"] == "projection" and told["scenarios"]["mine"]["start"] == "2028-01"
    assert sorted(run.tables) == ["compared", "difference", "scenarios", "summary"]
    assert run.results["scenario"].values.tolist() == [NO_CHANGE, "fewer_arms", "mine"]
    assert "against" not in run.tables["difference"]
    for language in ("es", "en"):
        assert (out / f"differences_{language}.png").stat().st_size > 5_000
    assert "forecast" in " ".join(told["limits_en"])


def test_another_projection_in_the_folder_is_refused(tmp_path, capsys):
    out = tmp_path / "one"
    assert main(["simulate", "fewer_arms", "--out", str(out)]) == 0
    assert main(["simulate", "no_arms", "--out", str(out)]) == 6
    assert "--force" in capsys.readouterr().err
    assert Run.open(out).results["scenario"].values.tolist() == [NO_CHANGE, "fewer_arms"]


def test_the_list_of_scenarios_tells_change_stance_and_evidence(capsys):
    assert main(["scenarios"]) == 0
    out = capsys.readouterr().out
    assert "fewer_arms\tarms that come from the north × 0.5\tproposed [001] 8, 9, 15" in out
    assert main(["scenarios", "--json"]) == 0
    rows = {row["name"]: row for row in json.loads(capsys.readouterr().out)}
    assert rows["no_removals"]["grade"] == "assumed"
    assert rows["no_removals"]["mechanisms"] == ["us_pressure"]
    assert rows["no_removals"]["what_es"] == "operaciones contra líderes = 0"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["compare", "fewer_armz"], "fewer_armz"),
        (["compare", "fewer_arms", "fewer_arms"], "named twice"),
        (["compare", "nothing.yaml"], "no such file"),
        (["compare", "fewer_arms", "--place", "Atlantis"], "Atlantis"),
        (["compare", "lethality", "--equal-dose", "110"], "lethality"),
        (["compare", "recruitment", "--equal-dose", "-5"], "says nothing"),
    ],
)
def test_what_is_asked_wrongly_is_told(words, what, capsys):
    assert main(words) == 2
    assert what in capsys.readouterr().err


def test_a_broken_file_names_line_and_key(tmp_path):
    mine = tmp_path / "mine.yaml"
    mine.write_text("start: 2028-01\nchangee: {recruitment: 0.5}\n")
    with pytest.raises(SpecError, match="changee") as error:
        library.chosen([str(mine)])
    assert "line 2" in error.value.where and "change" in error.value.fix


def test_the_share_of_a_mechanism_that_hides_the_dead_is_unknown_and_not_all_of_them(monkeypatch):
    """A sum that took unknown for zero once said that nobody would be killed without it."""
    system = projection.fitted("system")
    names, months = list(system.names), np.array(["2027-01", "2027-02"], "datetime64[ns]")
    known = np.full((1 + len(names), 2, len(months), 2), 10.0)  # scenario, draw, month, place
    known[1, 1, :, 0] = np.nan  # one draw of the first, in one place
    axes = {"scenario": [NO_CHANGE, *names], "draw": [0, 1], "month": months, "place": ["01", "02"]}
    told = xr.Dataset(
        {one: (tuple(axes), known + 1e-3) for one in (projection.RECORDED, projection.EXPECTED)},
        axes,
    )
    monkeypatch.setattr(projection, "simulate", lambda *_given, **_named: told)
    rows = projection.shares(2).set_index("name")
    assert rows.loc[names[0], ["share_p05", "share_p50", "share_p95"]].isna().all()
    assert (rows.loc[names[1:], "share_p50"] == 0).all()
