"""House rules that a reader would otherwise have to remember."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "hidra"
PIN = r'[\w.-]+==[\w.!+-]+(; python_version (<|>=) "3\.\d+")?'

TEXT = {".py", ".md", ".toml", ".yaml", ".yml", ".cff", ".txt", ".html", ".j2", ".css", ".js", ""}


def tracked() -> list[Path]:
    """Files of the project that are text; those git knows, or all outside hidden folders."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode == 0 and listed.stdout:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        found = [p for p in ROOT.rglob("*") if not any(x[0] == "." for x in p.parts[1:])]
    return [p for p in found if p.is_file() and p.suffix in TEXT]


def test_no_path_of_a_machine_in_the_project():
    # A path of somebody's machine breaks on every other, and tells more than it should.
    machine = re.compile(r"(?<![\w.])/(home|Users|root|work|mnt|opt|srv)/[\w.-]+")
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked()
        for hit in machine.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_nobody_is_told_to_install_what_another_may_have_published():
    """The name hidra is somebody else's on the public index, and ours is not on it."""
    told = re.compile(r"""pip3? install( [^\s;#]+)*? +['"]?hidra(-mx)?(?![\w/])[^\n]*""")
    assert told.search("pip install 'hidra[x]'") and not told.search("pip install ./hidra")
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked()
        if path != Path(__file__)
        for hit in told.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_pins_are_exact_and_name_no_address():
    pins = [
        line
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    ]
    assert all(re.fullmatch(PIN, pin) for pin in pins)


#: An input that would live in the process: a context variable, a write to the environment.
AMBIENT = re.compile(
    r"\bContextVar\b|\b(putenv|unsetenv)\b|\bdel os\.environ|"
    r"environ\[[^\]]*\]\s*=(?!=)|environ\s*\|=|environ\.(update|setdefault|pop|clear)\b"
)


@pytest.mark.parametrize(
    ("line", "refused"),
    [
        ('os.environ["A"] = "1"', True),
        ('os.environ.setdefault("A", "1")', True),
        ("os.environ |= given", True),
        ("asked: ContextVar[bool]", True),
        ('if os.environ["A"] == "1":', False),
        ('os.environ.get("A", "")', False),
    ],
)
def test_the_rule_on_ambient_inputs_sees_what_it_should(line, refused):
    assert bool(AMBIENT.search(line)) is refused


def test_no_input_lives_in_the_process():
    found = [
        f"{path.relative_to(SOURCE)}: {hit.group()}"
        for path in sorted(SOURCE.rglob("*.py"))
        for hit in AMBIENT.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


def plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


def needed(wants: list[str]) -> set[str]:
    """Names of the wanted packages and of all that they need, as far as they are installed."""
    from importlib.metadata import PackageNotFoundError, requires

    from packaging.requirements import Requirement

    found: set[str] = set()
    waiting = [(Requirement(want), "") for want in wants]
    while waiting:
        want, extra = waiting.pop()
        if want.marker and not want.marker.evaluate({"extra": extra}):
            continue
        new = plain(want.name) not in found
        found.add(plain(want.name))
        try:
            inner = requires(want.name) or [] if new or want.extras else []
        except PackageNotFoundError:
            continue
        waiting += [(Requirement(text), e) for text in inner for e in ("", *want.extras)]
    return found


def test_every_dependency_is_pinned_and_what_it_needs_too():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {plain(line.split("==")[0]) for line in lines}
    assert needed(wanted) <= pinned


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_everything_public_is_documented(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    inner = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for child in ast.walk(node)
        if child is not node
    }
    bare = [node.name for node in public if node not in inner and not ast.get_docstring(node)]
    assert ast.get_docstring(tree), "a file says in its first line what it is for"
    assert not bare


def test_groups_of_tests_that_begin_first_are_there():
    from tests.conftest import LONG, SHARED, group

    assert [one for one in (*LONG, *SHARED) if not (ROOT / one).exists()] == []
    names = (
        "tests/web/test_map.py::a[x]",
        "tests/web/test_publish.py::b",
        "tests/unit/test_cli.py::c",
    )
    assert [group(one) for one in names] == [
        "tests/web", "tests/web/test_publish.py", "tests/unit/test_cli.py",
    ]  # fmt: skip
