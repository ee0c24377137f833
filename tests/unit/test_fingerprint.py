"""Code is what it does, a value is what it holds."""

import dataclasses
import datetime
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from hidra.core import fingerprint

BEFORE = '''
"""A module."""
import os

def f(x):
    """Say."""
    if x < 0:
        raise ValueError(f"{x} is bad")
    return x + 1
'''


def digest(tmp_path, text, name="m.py"):
    file = tmp_path / name
    file.write_text(text)
    return fingerprint._module.__wrapped__(file, 0, 0).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [("A module", "Better words"), ("import os", "import sys"), ("Say.", "Say it."),
     ("is bad", "is less than zero"), ("return", "# why\n    return")],
)  # fmt: skip
def test_words_comments_and_imports_change_nothing(tmp_path, old, new):
    assert digest(tmp_path, BEFORE) == digest(tmp_path, BEFORE.replace(old, new), "other.py")


@pytest.mark.parametrize(("old", "new"), [("+ 1", "+ 2"), ("< 0", "<= 0"), ("raise", "print;")])
def test_what_would_do_something_else_changes_it(tmp_path, old, new):
    if old == "raise":
        old, new = 'raise ValueError(f"{x} is bad")', "pass"
    assert digest(tmp_path, BEFORE) != digest(tmp_path, BEFORE.replace(old, new))


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small house in the place of hidra: `a` stands on `b`, and a package seeks its modules."""
    root = tmp_path / "hidra"
    for name, text in {
        "__init__.py": "", "a.py": "from hidra import parts\ndef f():\n    from hidra.b import g\n",
        "b.py": "from hidra.c import C\n", "c.py": "C = 1\n", "d.py": "D = 1\n",
        "parts/__init__.py": "import pkgutil\nfound = pkgutil.iter_modules(__path__)\n",
        "parts/one.py": "X = 1\n",
    }.items():  # fmt: skip
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    monkeypatch.setattr(fingerprint, "ROOT", root)
    monkeypatch.setattr(fingerprint, "_named", lambda name: [root / f"{name}.py"])
    return root


@pytest.mark.parametrize(
    ("edited", "moves"),
    [("a.py", True), ("c.py", True), ("parts/one.py", True), ("d.py", False)],
)
def test_it_follows_what_is_imported_and_what_a_package_looks_for(house, edited, moves):
    before = fingerprint._code("a")
    (house / edited).write_text("Y = 2\n" * 3 + (house / edited).read_text())
    assert (fingerprint._code("a") != before) == moves


def test_every_layer_below_a_forecast_counts():
    below = {
        p.relative_to(fingerprint.ROOT).parts[0] for p in fingerprint.modules("hidra.forecast")
    }
    assert below >= {"core", "data", "forecast", "model", "inference"}
    assert not below & {"cli", "web", "charts"}


def test_equal_values_are_equal_whatever_holds_them():
    of = fingerprint.of
    assert of({"a": 1, "b": (1.5, None)}) == of({"b": [1.5, None], "a": 1})
    assert of({"x", "y"}) == of({"y", "x"})
    assert of(np.array(["a", "bb"])) == of(np.array(["a", "bb"], object))
    assert of(np.float64(0.5)) == of(0.5) and of(np.str_("a")) == of("a")


@dataclasses.dataclass
class Pair:
    a: object
    b: object = 2


def test_different_values_differ(tmp_path):
    (tmp_path / "x").write_text("1")
    (tmp_path / "y").write_text("2")
    frame = pd.DataFrame({"place": ["01", None], "value": [1.0, np.nan]})
    values = [
        None, 0, False, 0.0, "", "0", b"", [], {}, [[]], [None], [1, [2]], [[1], 2], {"a": 1},
        datetime.date(2020, 1, 1), Pair(1), Pair(2), tmp_path / "x", tmp_path / "y", tmp_path,
        np.zeros(2), np.zeros((2, 1)), np.zeros(2, int), np.array([0.0, -0.0, np.nan]),
        frame, frame.assign(value=0.0), frame.rename(columns={"value": "v"}), frame[::-1],
    ]  # fmt: skip
    found = [fingerprint.of(value) for value in values]
    assert len(set(found)) == len(found)


def test_it_is_the_same_in_another_process():
    code = "from hidra.core.fingerprint import of, code\nprint(of({'a': {'x', 'y', 1.5}}), code('hidra.core'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        fingerprint.of({"a": {"x", "y", 1.5}}),
        fingerprint.code("hidra.core"),
    ]


def test_what_nobody_can_identify_is_refused():
    with pytest.raises(TypeError, match="has no fingerprint"):
        fingerprint.of(lambda: 1)
