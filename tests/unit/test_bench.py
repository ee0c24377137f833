"""``hidra bench`` gives figures as a list, and names what it does not know."""

import json
from types import SimpleNamespace

import pytest
from benchmarks import BENCHMARKS, Figure, seconds

from hidra.cli import about, main


@pytest.fixture
def two(monkeypatch):
    """Two benchmarks that take no time."""
    figures = {"a": [Figure("a-one", 0.5, "s", 0.8, 0.7)], "b": [Figure("b", 3.0, "us a week")]}
    made = SimpleNamespace(BENCHMARKS=figures, measure=lambda name: iter(figures[name]))
    monkeypatch.setattr(about, "_benchmarks", lambda: made)
    monkeypatch.setenv("HIDRA_LANG", "en")


def test_all_are_measured_where_none_is_named(two, capsys):
    assert main(["bench", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in found] == ["a-one", "b"]
    assert found[0] == {"name": "a-one", "value": 0.5, "unit": "s", "goal": 0.8, "ratio": 0.7}
    assert main(["bench", "b"]) == 0
    assert "b\t3\tus a week\t\t" in capsys.readouterr().out


def test_what_is_no_benchmark_is_refused(monkeypatch, capsys):
    monkeypatch.setenv("HIDRA_LANG", "en")
    assert main(["bench", "municipl"]) == 2
    assert "municipal" in capsys.readouterr().err


def test_without_the_source_it_says_so(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("HIDRA_LANG", "en")
    monkeypatch.setattr("hidra.__file__", str(tmp_path / "a" / "b" / "c.py"))
    assert main(["bench"]) == 2
    assert "come with the source" in capsys.readouterr().err


def test_seconds_are_of_the_processor():
    assert 0 <= seconds(lambda: sum(range(1000)), 3) < 1
    assert {"municipal", "states", "peers"} <= {*BENCHMARKS}
