"""What programs made is as their code and inputs would make it now."""

import dataclasses
import json

import pytest

from hidra.core import artefacts
from hidra.core.artefacts import ARTEFACTS, Artefact, making, stale
from hidra.core.errors import SpecError


@pytest.mark.parametrize("artefact", ARTEFACTS, ids=lambda artefact: artefact.name)
def test_nothing_is_stale(artefact):
    why = dict(stale([artefact])).get(artefact, "")
    if why == artefacts.NEVER:
        pytest.xfail(f"not made since stamps exist: {artefact.command}")
    assert not why, f"{why}: {artefact.command}"


def test_no_stamp_stays_of_what_is_no_artefact():
    assert set(artefacts._stamps()) <= {one.name for one in ARTEFACTS}


def test_programs_and_files_are_there():
    for one in ARTEFACTS:
        for name in (*one.code, *one.inputs, *(file.partition("#")[0] for file in one.files)):
            assert (artefacts.ROOT / name).exists(), f"{one.name}: {name}"


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A project with one program, one input and one page."""
    for name, text in {
        "scripts/make.py": "x = 1\n", "data/counts.csv": "a\n1\n", artefacts.TABLES + "/t.csv": "b\n",
        "page.md": "Mine.\n<!-- sums: begin -->\nold\n<!-- sums: end -->\nMine too.\n",
    }.items():  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    page = Artefact("page", "make it", ("page.md#sums",), ("scripts/make.py",), ("data",))
    monkeypatch.setattr(artefacts, "ROOT", tmp_path)
    monkeypatch.setattr(artefacts, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(artefacts, "BY_NAME", {"page": page})
    return tmp_path, page


def edit(file, old, new):
    file.write_text(file.read_text().replace(old, new))


def test_a_stamp_tells_what_an_artefact_was_made_from(house):
    root, page = house
    assert stale([page]) == [(page, artefacts.NEVER)]
    with making("page"):
        edit(root / "page.md", "old", "new")
    assert stale([page]) == []
    edit(root / "page.md", "Mine too", "Ours")
    edit(root / "scripts" / "make.py", "x = 1", "x = 1  # so")
    assert stale([page]) == [], "what people write around it, and comments, are no matter"
    for file, old, new, word in (
        ("scripts/make.py", "x = 1", "x = 2", "code"), ("data/counts.csv", "1", "2", "inputs"),
        (artefacts.TABLES + "/t.csv", "b", "c", "inputs"), ("page.md", "new", "newer", "by hand"),
    ):  # fmt: skip
        before = (root / file).read_text()
        edit(root / file, old, new)
        ((one, why),) = stale([page])
        assert one is page and word in why
        (root / file).write_text(before)
    assert stale([page]) == []


def test_work_that_fails_or_changes_under_way_leaves_no_stamp_that_says_otherwise(house):
    root, page = house
    with pytest.raises(RuntimeError), making("page"):
        raise RuntimeError
    assert not (root / "stamps.json").exists()
    with making("page"):
        edit(root / "scripts" / "make.py", "x = 1", "x = 3")
    assert "code" in stale([page])[0][1]


def test_an_unknown_artefact_is_told_and_a_wheel_has_none(house, monkeypatch):
    root, page = house
    with pytest.raises(SpecError, match="artefact"), making("pages"):
        pass
    gone = dataclasses.replace(page, files=("none.md",))
    artefacts.STAMPS.write_text(json.dumps({"page": {}}))
    assert "missing" in stale([gone])[0][1]
    monkeypatch.setattr(artefacts, "ROOT", root / "data")
    assert stale([page]) == []
