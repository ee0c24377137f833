"""The bank of natural experiments: whole, two arms that differ in one thing, effects read as told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.cli import main
from hidra.core.errors import SpecError
from hidra.evidence import Look, bank, experiment, read
from hidra.evidence.fit import scale, unscale
from hidra.inference.posterior import sizes
from hidra.model.mechanisms import package
from hidra.model.system import System

ROOT = Path(__file__).resolve().parents[2]
BANK = bank()
RATIO = {"measure": "homicides", "places": ["00"], "months": ["2007-01", "2007-12"], "as": "ratio"}


def test_the_bank_names_what_it_fits_and_what_it_keeps_out():
    uses = [study.use for study in BANK.values()]
    assert uses.count("fit") == 8
    assert uses.count("kept out") == 4
    declared = {f"{m.name}.{q.name}" for m in package().values() for q in m.params}
    for study in BANK.values():
        if study.experiment:
            assert {*study.experiment.parameters} <= declared
            assert {*study.mechanisms} <= {*package()}


def test_the_sizes_that_scenarios_take_are_those_of_the_fitted_studies():
    told = {
        q for s in BANK.values() if s.use == "fit" and s.experiment for q in s.experiment.parameters
    }
    assert {*sizes()} == told
    assert len({len(draws) for draws in sizes().values()}) == 1


@pytest.fixture(scope="module")
def arms():
    """Two draws of a short experiment: one arm with a crackdown in Michoacán, one without."""
    one = BANK["crackdown_place"].experiment.model_copy(update={"end": "2007-12"})
    system = experiment.system_of(one)
    p = experiment.drawn(system, 2, 1, {"diversification.provocation": np.array([0.5])})
    return system, list(experiment.simulate(one, system, ["homicides", "recruits"], p, 1))


def test_the_arms_are_the_same_until_they_part_and_differ_where_the_study_says(arms):
    system, draws = arms
    part = [str(m)[:7] for m in system.weeks.months].index("2007-01")
    for found in draws:
        with_, without = found["homicides"]
        np.testing.assert_array_equal(with_[:part], without[:part])
        michoacan = list(system.model.space.codes).index("16")
        ratio = with_[part + 1 :].sum(axis=0) / without[part + 1 :].sum(axis=0)
        assert ratio[michoacan] > 1.1
        assert ratio[michoacan] == ratio.max()


def test_looks_are_the_sums_they_say(arms):
    system, draws = arms
    months = [str(m)[:7] for m in system.weeks.months]
    year = slice(months.index("2007-01"), months.index("2007-12") + 1)
    with_, without = (arm[year].sum() for arm in draws[0]["homicides"])
    for kind, right in (
        ("ratio", with_ / without),
        ("difference", with_ - without),
        ("per_year", with_ - without),
    ):
        look = Look(**RATIO | {"as": kind})
        assert experiment.effect(look, system, draws[0]) == pytest.approx(right)


def test_nothing_that_differs_is_exactly_no_effect():
    one = BANK["crackdown_place"].experiment.model_copy(update={"end": "2007-12", "with_": {}})
    system = experiment.system_of(one)
    [found] = experiment.simulate(one, system, ["homicides"], experiment.drawn(system, 1, 1), 1)
    assert experiment.effect(one.look, system, found) == 1.0


def test_a_removal_is_felt_in_its_municipality_and_in_its_part_of_the_state():
    whole = System("leadership_removal", start="2010-01", end="2010-12").driven.weekly
    parts = System("leadership_removal", space="municipalities", start="2010-01", end="2010-12")
    here = parts.driven.weekly["captured_here"] + parts.driven.weekly["killed_here"]
    state = whole["captured_here"] + whole["killed_here"]
    assert 0 < state.sum() < here.sum()  # of the state it is the part that the place is
    assert here.max() == 1.0  # a top leader in one municipality


@given(st.floats(0.01, 100))
def test_effects_come_back_from_the_scale_they_are_fitted_on(effect):
    for kind in ("ratio", "difference"):
        look = Look(**RATIO | {"as": kind})
        assert unscale(look, scale(look, effect)) == pytest.approx(effect)


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("en/how-to/add-a-study.md", "my_crackdown"),
        ("es/como/agregar-un-estudio.md", "mi_ofensiva"),
    ],
)
def test_a_study_of_ones_own_runs_from_the_documentation_alone(
    page, name, tmp_path, monkeypatch, capsys
):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    [block] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / f"{name}.yaml").write_text(block, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["evidence", "run", f"{name}.yaml", "--draws", "2", "--json"]) == 0
    [row] = json.loads(capsys.readouterr().out)
    keys = {"id", "study", "mechanism", "published", "low", "high", "unit", "simulated", "sim_low",
            "sim_high", "inside", "kept_out", "control_ok"}  # fmt: skip
    assert keys <= {*row}
    assert row["id"] == name
    assert row["control_ok"]
    assert main(["--lang", "en", "evidence", "run", f"{name}.yaml", "--draws", "2"]) == 0
    assert name in capsys.readouterr().out
    assert main(["--lang", "en", "evidence", "fit", f"{name}.yaml"]) == 2  # its use is `shown`
    assert "use: fit" in capsys.readouterr().err


@pytest.mark.slow  # three processes; the fast suite kills runs, shards, fits and imports
def test_killed_in_the_middle_it_takes_up_its_work_and_ends_the_same(tmp_path):
    """Two experiments of two simulations; the process dies when the first is kept."""
    ids = ["crackdown_place", "jobs_lost"]
    command = [sys.executable, "-m", "hidra", "evidence", "run", *ids, "--draws", "2", "--json"]

    def home(name):
        return os.environ | {"HIDRA_HOME": str(tmp_path / name), "PYTHONPATH": str(ROOT / "src")}

    def kept(name):
        return {f.name: f.stat().st_ino for f in (tmp_path / name / "cache").rglob("*.npz")}

    whole = subprocess.run(command, env=home("whole"), check=True, capture_output=True, text=True)
    broken = subprocess.Popen(
        command, env=home("broken"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 240
    while not list((tmp_path / "broken").rglob("*.json")) and time.monotonic() < until:
        assert broken.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    broken.kill()
    broken.wait()
    first = kept("broken")
    assert len(first) == 1
    again = subprocess.run(command, env=home("broken"), check=True, capture_output=True, text=True)
    assert json.loads(again.stdout) == json.loads(whole.stdout)
    assert first.items() <= kept("broken").items(), "what was kept is not made again"
    assert len(kept("broken")) == 2


def test_a_file_that_is_not_as_it_should_be_is_refused_by_key(tmp_path):
    right = (ROOT / "src/hidra/evidence/bank/ban_border.yaml").read_text(encoding="utf-8")
    for wrong, key in (
        (right.replace("low: 1.03", "low: 2.0"), "published"), (right.replace("read: own", "read: seen"), "read"),
        (right.replace("as: ratio", "as: rate"), "look"), (right + "mood: good\n", "mood"),
        (right.replace("end: 2008-12", "end: 2008-13"), "end"),
    ):  # fmt: skip
        path = tmp_path / "wrong.yaml"
        path.write_text(wrong, encoding="utf-8")
        with pytest.raises(SpecError) as raised:
            read(path)
        assert key in f"{raised.value.what} {raised.value.where}"
