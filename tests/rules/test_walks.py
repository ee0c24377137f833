"""The walks of the documentation: every step is there, none is long, and none climbs back."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("docs/en/walks.md", "docs/es/recorridos.md")
#: From the top down, as import-linter has it; a number walks down to the engine, a count walks up.
LAYERS = ("cli", "run", "study", "scenario", "inference", "model", "data", "core")
MOST = 12


def walks() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Title and steps of every walk; a step is a file and the names it speaks of."""
    found = []
    for page in PAGES:
        for part in (ROOT / page).read_text(encoding="utf-8").split("\n## ")[1:]:
            title, body = part.split("\n", 1)
            steps = re.findall(r"^\d+\. `([\w/.]+\.py)`:(.*(?:\n   .*)*)", body, re.M)
            found.append(
                (f"{page}: {title}", [(f, re.findall(r"`([\w.]+)`", t)) for f, t in steps])
            )
    return found


def defined(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    names = {n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
    inner = {
        f"{n.name}.{m.name}"
        for n in ast.walk(tree)
        if isinstance(n, ast.ClassDef)
        for m in n.body
        if isinstance(m, ast.FunctionDef)
    }
    return names | inner


@pytest.mark.parametrize("title, steps", walks(), ids=lambda x: x if isinstance(x, str) else "")
def test_a_walk_passes_few_files_and_each_step_is_there(title, steps):
    assert 5 <= len(steps) <= MOST
    assert len({file for file, _ in steps}) == len(steps), "no file is passed twice"
    for file, names in steps:
        known = defined(ROOT / "src" / "hidra" / file)
        assert names and names[0] in known, f"{file} has no {names[:1]}"


@pytest.mark.parametrize("title, steps", walks(), ids=lambda x: x if isinstance(x, str) else "")
def test_a_walk_never_climbs_back(title, steps):
    rooms = [file.split("/")[0] for file, _ in steps]
    order = [LAYERS.index(room) for room in rooms]
    assert order in (sorted(order), sorted(order, reverse=True))
