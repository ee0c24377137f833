"""A mechanism of one's own is found, checked and composed; the command writes one that passes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hidra.cli import main
from hidra.core.errors import RunError, SourceError, SpecError
from hidra.forecast.course import RIVALS
from hidra.model import mechanisms
from hidra.model.system import System
from hidra.study import Study

runner = CliRunner()


@pytest.fixture(autouse=True)
def nothing_brought(monkeypatch):
    monkeypatch.setenv(mechanisms.PLACES, "")


def written(tmp_path: Path, name: str = "drought") -> Path:
    assert main(["new", "mechanism", name, "--to", str(tmp_path)]) == 0
    return tmp_path / f"{name}.py"


def test_the_written_mechanism_composes_with_those_of_the_package(tmp_path):
    path = written(tmp_path)
    study = Study.default().with_(mechanism_files=[str(path)], mechanisms=["precarity", "drought"])
    assert study.mechanisms == ("drought", "precarity")
    assert "drought.slope" in study.declared()
    digest = study.digest()
    path.write_text(
        path.read_text(encoding="utf-8").replace("scale=0.1", "scale=0.2"), encoding="utf-8"
    )
    assert study.digest() != digest, "what is in the file names the run too"


def test_its_own_test_passes(tmp_path):
    written(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path / "test_drought.py")],
        capture_output=True, text=True, check=False,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_a_folder_named_in_the_environment_is_searched(tmp_path, monkeypatch):
    written(tmp_path)
    monkeypatch.setenv(mechanisms.PLACES, str(tmp_path))
    assert "drought" in mechanisms.library()


def test_an_installed_package_brings_mechanisms_by_its_entry_point(tmp_path, monkeypatch):
    from importlib.metadata import EntryPoint

    from hidra.model.system import System

    written(tmp_path, "flood")
    monkeypatch.syspath_prepend(tmp_path)
    door = EntryPoint("flood", "flood", mechanisms.DOOR)
    monkeypatch.setattr(mechanisms, "entry_points", lambda group: [door])
    mechanisms.installed.cache_clear()
    try:
        assert "flood" in mechanisms.library()
        system = System(("flood", "precarity"), end="2012-02")
        assert system.names == ("flood", "precarity") and "flood.slope" in {
            q.name for q in system.dynamics
        }
    finally:
        mechanisms.installed.cache_clear()


RUNS = "from pathlib import Path\nPath('ran').touch()\n"


def test_a_study_that_is_looked_at_executes_nothing_nor_do_its_copies(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("m.py").write_text(RUNS, encoding="utf-8")
    text = Study.default().yaml().replace("mechanism_files: []", "mechanism_files: [m.py]")
    Path("s.yaml").write_text(text, encoding="utf-8")
    study = Study.load("s.yaml")
    assert study.mechanism_files == ("m.py",)
    for copy in (study.with_(draws=3), study.without("precarity"), study.with_(draws=3).with_()):
        assert copy.mechanism_files == ("m.py",)
    for verb in (["study", "check"], ["study", "show"], ["mechanisms", "--study"]):
        assert main([*verb, "s.yaml"]) == 0
    assert main(["mechanisms", "--study", "s.yaml", "--diagram", "d.html"]) == 0
    assert "m.py" in capsys.readouterr().err
    assert not Path("ran").exists()
    with pytest.raises(SpecError, match="no mechanism"):
        study.with_(mechanism_files=["m.py"])  # named by hand: it is one's own
    assert Path("ran").exists()


def test_a_file_that_does_not_exist_says_where_to_look():
    with pytest.raises(SourceError, match="no such file") as caught:
        Study.default().with_(mechanism_files=["nowhere.py"], mechanisms=["precarity"])
    assert "mechanism_files" in caught.value.fix


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", "holds no mechanism"),
        ("import nothing_of_the_kind", "fails"),
        ("def f(:", "fails"),
    ],
)
def test_a_file_without_a_mechanism_is_refused(tmp_path, text, said):
    (tmp_path / "bad.py").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=said):
        mechanisms.library([str(tmp_path / "bad.py")])


def test_a_parameter_without_unit_names_the_file(tmp_path):
    path = written(tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('unit="log recruitment per standard deviation"', 'unit=""'), encoding="utf-8"
    )
    with pytest.raises(SpecError, match="without unit"):
        mechanisms.library([path])


def test_the_name_of_one_of_the_package_is_refused(tmp_path):
    with pytest.raises(SpecError, match="already a mechanism"):
        from hidra.cli.model import new_mechanism

        new_mechanism("precarity", tmp_path)


def test_nothing_is_overwritten(tmp_path):
    from hidra.cli.model import new_mechanism

    written(tmp_path)
    with pytest.raises(RunError, match="already exists"):
        new_mechanism("drought", tmp_path)


def test_mechanisms_are_listed_as_json(capsys):
    assert main(["mechanisms", "--json"]) == 0
    found = {m["name"]: m for m in json.loads(capsys.readouterr().out)}
    assert set(found) == set(mechanisms.package())
    for m in found.values():
        assert m["grade"] in {"strong", "contested", "assumed"}
        assert {"essay", "reads", "rates", "flows", "drivers", "params", "on"} <= set(m)
        for q in m["params"]:
            assert q["unit"] and q["source"] and ("value" in q or "prior" in q)
    assert found["precarity"]["on"] and not found["selective_protection"]["on"]


def test_the_study_of_the_whole_system_switches_on_all_that_open_series_allow():
    path = Path(__file__).parents[2] / "studies" / "default.yaml"
    study = Study.load(path)
    assert set(mechanisms.package()) - set(study.mechanisms) == {
        "selective_protection",
        "deportation",
    }


def test_every_rival_is_made_of_known_parts():
    known = mechanisms.package()
    assert list(RIVALS) == [f"V{n}" for n in range(7)]
    for found in RIVALS.values():
        assert set(found.mechanisms) <= set(known)
        for name in found.parameters:
            owner, _, parameter = name.partition(".")
            assert owner in found.mechanisms
            assert parameter in {q.name for q in known[owner].params}
    assert RIVALS["V0"].mechanisms == () and RIVALS["V6"].statistical
    assert set(RIVALS["V5"].mechanisms) == set(known)
    forces = "militarisation.lethality"
    assert RIVALS["V1"].parameters[forces].quantile(0.975) < 0.01
    assert RIVALS["V2"].parameters[forces].quantile(0.025) > -0.01


def test_a_driver_nobody_publishes_says_how_to_bring_it(tmp_path):
    from hidra.core.weeks import Weeks
    from hidra.model import drivers, series

    (protection,) = mechanisms.find(["selective_protection"], where="test")
    model = System().model
    weeks = Weeks("2012-01", "2012-06")
    with pytest.raises(SpecError, match="no open series") as caught:
        drivers.build((protection,), weeks, model.network)
    assert "driver_files" in caught.value.fix
    file = tmp_path / "own.csv"
    file.write_text(
        "driver,place,month,value,node\nalternation,00,2012-03,0,\nalternation,16,2012-03,1,\n"
        "protected,25,2012-01,0.5,N10013\n", encoding="utf-8",
    )  # fmt: skip
    found = drivers.build((protection,), weeks, model.network, series.Brought.of(file))
    michoacan = series.states().index("16")
    march = weeks.from_month("2012-03")
    assert found["alternation"][march, michoacan] == 1
    assert found["alternation"][march, 0] == 0
    assert found["protected"].shape == (32, len(model.network.ids))
    assert found["protected"].sum() == 0.5


def test_a_file_of_drivers_without_its_columns_is_refused(tmp_path):
    from hidra.model.series import Brought

    (tmp_path / "bad.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="lacks the columns"):
        Brought.of(tmp_path / "bad.csv")


def test_where_a_driver_is_unknown_is_listed():
    on = ("militarisation", "community_defence", "arms")
    found = System(on, end="2012-06").unknown()
    assert [r["place"] for r in found if r["mechanism"] == "militarisation"] == ["10"]  # Durango
    assert len([r for r in found if r["mechanism"] == "community_defence"]) == 29
    assert not [r for r in found if r["mechanism"] == "arms"]


def test_a_run_lists_where_mechanisms_are_off_and_the_tables_behind_them():
    from hidra.study import describe

    study = Study.load(Path(__file__).parents[2] / "studies" / "default.yaml")
    off = describe.unknown(study)
    assert set(off["mechanism"]) == {"community_defence", "militarisation"}
    used = set(describe.sources(describe.observed(study), study)["name"])
    assert {"border_distance", "economy_state_year", "federal_forces_state"} <= used
    assert describe.unknown(study.with_(mechanisms=["precarity"])).empty


def test_in_the_32_states_all_mechanisms_at_once_stay_finite_over_years():
    import jax
    import numpy as np

    from hidra.model.series import states

    names = Study.load(Path(__file__).parents[2] / "studies" / "default.yaml").mechanisms
    system = System(names, end="2014-12", until="2012-12")
    p = {q.name: q.centre for q in system.dynamics}
    run = jax.jit(lambda p: system.program.draw(p, 1, 0).past)
    found = {name: np.asarray(value) for name, value in run(p).items()}
    durango = states().index("10")
    for name, values in found.items():
        known = (
            np.delete(values, durango, axis=1) if name in {"state_deaths", "complaints"} else values
        )
        assert np.isfinite(known).all() and (known >= 0).all(), name
    assert np.isnan(found["state_deaths"][:, durango]).all(), "unknown, not zero"
    assert 0.5e5 < found["members"].sum(axis=1).mean() < 3e5
