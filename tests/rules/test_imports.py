"""Imports go down only: a room may use the rooms below it, never those above or beside it."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "hidra"

# From the ground up. A room may import itself and every room in a line above this one.
FLOORS = (
    ("core",),
    ("data",),
    ("model",),
    ("inference", "scenario"),
    ("forecast",),
    ("study",),
    ("run",),
    ("web",),
    ("cli",),
)
ASIDE = {  # data only; tables only
    "claims": {"core", "data"},
    "charts": {"core"},
    "report": {"core", "charts"},
}
#: A method at hand for the reader: ``System.simulate`` is told by the room that spreads draws.
UPWARDS = {"model/system.py": {"scenario"}}
#: The only ones that may call `claims`, `charts` and `report`.
JOINERS = {"study", "run", "web", "cli"}


def allowed(room: str) -> set[str]:
    """Rooms that `room` may import."""
    if room in ASIDE:
        return ASIDE[room] | {room}
    height = next(i for i, floor in enumerate(FLOORS) if room in floor)
    below = {name for floor in FLOORS[: height + 1] for name in floor} | {room}
    return below | set(ASIDE) if room in JOINERS else below


def rooms_imported(path: Path) -> set[str]:
    """Rooms of hidra imported anywhere in a file, inside functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: relative imports hide where things come from"
            module = node.module or ""
            names |= {f"hidra.{a.name}" for a in node.names} if module == "hidra" else {module}
    return {name.split(".")[1] for name in names if name.startswith("hidra.")}


def files() -> list[Path]:
    return [p for p in sorted(SOURCE.rglob("*.py")) if p.parent != SOURCE or p.stem[0] != "_"]


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_go_down_only(path):
    room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    known = {name for floor in FLOORS for name in floor} | set(ASIDE)
    assert room in known, f"give '{room}' a floor here and in docs/en/architecture.md"
    excused = UPWARDS.get(str(path.relative_to(SOURCE)), set())
    too_high = (rooms_imported(path) & known) - allowed(room) - excused
    assert not too_high, f"{path.name} reaches up or sideways to {sorted(too_high)}"


def test_the_reader_sees_imports_inside_functions(tmp_path):
    file = tmp_path / "x.py"
    file.write_text("def f():\n    from hidra.cli import main\n    from hidra import charts\n")
    assert rooms_imported(file) == {"cli", "charts"}
    assert "cli" not in allowed("model") and "charts" not in allowed("inference")
