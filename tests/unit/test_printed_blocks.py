"""Commands and code of the README and of how-to pages run as printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from hidra.cli import main
from hidra.cli.app import EXAMPLES, command

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted(ROOT.glob("docs/e[ns]/[hc]o*/*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(hidra [a-z][^`\n]*)`")


def blocks(kind: str) -> list[tuple[str, str]]:
    return [
        (str(page.relative_to(ROOT)), text)
        for page in PAGES
        for found, text in FENCE.findall(page.read_text(encoding="utf-8"))
        if found == kind
    ]


def lines() -> set[tuple[str, str]]:
    """Every command line that is printed, continued lines joined, remarks left out."""
    printed = set()
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        printed |= {(str(page.relative_to(ROOT)), one) for one in INLINE.findall(text)}
        for kind, block in FENCE.findall(text):
            if kind in ("sh", "bash", ""):
                joined = block.replace("\\\n", " ")
                printed |= {
                    (str(page.relative_to(ROOT)), one.partition(" #")[0].strip())
                    for one in joined.splitlines()
                    if one.startswith("hidra ")
                }
    return printed


@pytest.mark.parametrize(("page", "line"), sorted(lines()))
def test_a_printed_command_is_one(page, line):
    """Its verb and its options exist; what stands for something else may be any word."""
    words = shlex.split(re.split(r"[|>;&]|\.\.\.", line)[0])
    at = command()
    for word in words[1:]:
        inner = getattr(at, "commands", None)
        if inner is None:
            break
        if word.startswith("-"):
            continue
        assert word in inner, f"{page}: {line}"
        at = inner[word]
    known = {name for one in at.params for name in one.opts} | {"--help", "--lang", "--debug"}
    given = [word.partition("=")[0] for word in words if word.startswith("--")]
    assert [one for one in given if one not in known] == []


QUICK = ("scenarios", "mechanisms", "data status", "claims list", "claims designs", "study show",
         "evidence list", "cite", "claims show", "reproduce", "new mechanism", "study new",
         "claims new", "evidence show")  # fmt: skip


@pytest.mark.parametrize("verb", QUICK)
def test_an_example_of_the_help_runs(verb, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    assert main(shlex.split(EXAMPLES[verb])[1:]) == 0
    assert "error:" not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("page", ["how-to/use-from-python.md", "como/usar-desde-python.md"])
def test_python_of_the_pages_runs(page, tmp_path, monkeypatch):
    pytest.importorskip("pyfixest")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    states = ("Jalisco", "Guanajuato", "Colima", "Sinaloa", "Sonora")
    rows = "".join(f"{one},2016-0{n + 1}-01\n" for n, one in enumerate(states))
    (tmp_path / "events.csv").write_text(f"place,date\n{rows}", encoding="utf-8")
    given: dict[str, object] = {}
    for where, text in blocks("python"):
        if where.endswith(page):
            small = re.sub(r"draws=200", "draws=20, model='last-12'", text)  # the default: a minute
            exec(small.replace("placebos=40", "placebos=2"), given)
    assert (tmp_path / "jalisco.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "README.es.md"])
def test_python_of_the_readme_runs(page, tmp_path, monkeypatch):
    """The fit comes with hidra; fewer draws than printed."""
    monkeypatch.chdir(tmp_path)
    given: dict[str, object] = {}
    for where, text in blocks("python"):
        if where == page:
            exec(text.replace("draws=20", "draws=2").replace("draws=10", "draws=4"), given)
    assert given["run"]
