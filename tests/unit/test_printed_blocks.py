"""Commands and code of the README and of how-to pages run as printed, page by page, in order."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from hidra.cli import main
from hidra.cli.app import EXAMPLES, command

from .test_execute import short

ROOT = Path(__file__).parents[2]
PAGES = [*sorted(ROOT.glob("README*.md")), *sorted(ROOT.glob("docs/e[ns]/[hc]o*/*.md"))]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(hidra [a-z][^`\n]*)`")


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


def test_what_printed_code_imports_is_there():
    printed = "\n".join(page.read_text(encoding="utf-8") for page in ROOT.glob("docs/**/*.md"))
    named = re.findall(r"^from (hidra[\w.]*) import ([\w, ]+)", printed, re.MULTILINE)
    assert named
    for module, names in named:
        for name in re.split(r",\s*", re.sub(r" as \w+", "", names).strip()):
            exec(f"from {module} import {name}", {})


QUICK = ("scenarios", "mechanisms", "data status", "claims list", "claims designs", "study show",
         "evidence list", "cite", "claims show", "reproduce", "new mechanism", "study new",
         "claims new", "evidence show")  # fmt: skip


@pytest.mark.parametrize("verb", QUICK)
def test_an_example_of_the_help_runs(verb, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    assert main(shlex.split(EXAMPLES[verb])[1:]) == 0
    assert "error:" not in capsys.readouterr().err


@dataclass(frozen=True)
class Step:
    """A block of code or one command of a page."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


STEP = re.compile(r"^```(\w*)\n(.*?)^```|^ {4}(hidra [^\n]+)$|`((?:hidra|pytest) [a-z][^`\n]*)`",
                  re.MULTILINE | re.DOTALL)  # fmt: skip
SHELL = ("", "sh", "bash", "console")


def steps(page: Path) -> Iterator[Step]:
    """Give what a page tells its reader to run or to write, in the order of the page.

    A verb alone between words (`hidra merge`) is spoken of; in the table of the README it is asked.
    """
    text, name = page.read_text(encoding="utf-8"), str(page.relative_to(ROOT))
    for found in STEP.finditer(text):
        kind, block, indented, inline = found.groups()
        line = text.count("\n", 0, found.start()) + 1
        if inline and ("README" in name or len(inline.split()) > 3 or ".py" in inline):
            yield Step(name, line, "sh", inline)
        elif indented:
            yield Step(name, line, "sh", indented.partition(" #")[0].strip())
        elif kind in SHELL and block and block.startswith("#!"):
            yield Step(name, line, "script", block)
        elif kind in SHELL and block:
            for more, one in enumerate(block.replace("\\\n", " ").splitlines()):
                if one.strip():
                    yield Step(name, line + 1 + more, "sh", one.partition(" #")[0].strip())
        elif kind:
            yield Step(name, line, kind, block)


#: The same with less of it: draws, origins, random dates, a study of few months for the default.
#: What takes minutes is no other command.
LESS = (
    (r"0:500", "0:2"), (r"500:1000", "2:4"), (r"--draws 20\b", "--draws 2"),
    (r"--draws 1000\b", "--draws 4 --out runs/one"),
    (r"draws=200\b", "draws=20, model='last-12'"), (r"\bdraws=(10|20|50)\b", "draws=2"),
    (r"placebos=40", "placebos=2"), (r"^hidra run$", "hidra run short.yaml --out runs/default"),
    (r"^hidra run (mine|mio).yaml$", r"hidra run short.yaml --out runs/\1"),
    (r"Study\.default\(\)", "Study.load('short.yaml')"),
    (r"^(hidra (?:compare .*|simulate .*-end.*))$", r"\1 --draws 2"),
    (r"^hidra claims run( --fresh)?$", r"hidra claims run official-fall-37\1"),
    (r"^(hidra evidence run .*)$", r"\1 --draws 2"), (r"--points 16", "--points 6"),
    (r"^(hidra forecast --out .*)$", r"\1 --model last-12 --draws 50"),
    (r"^hidra score$", "hidra score --measure rnpdno_missing --json"),
    (r"^pdftotext report.pdf - \|", "cat article.txt |"),
    (r"^(hidra data import victimas.xlsx)$", r"\1 --yes"),
    (r"2024.csv --spec spec.yaml", "2024.csv --spec parts.yaml"),  # another series than the first
    (r"(--write-spec|--example >) spec.yaml", r"\1 example.yaml"),  # that of the page is there
)  # fmt: skip
#: What a test cannot run, and why.
NOT_HERE = (
    (r"sbatch|dask|HOST|SLURMCluster", "needs a cluster; tests/unit/test_shards.py has a stand-in"),
    (r"\bRUN\b|\bDIR\b|\bSTUDY\b|\bNAME\b|CORRIDA|ESTUDIO|CARPETA|NOMBRE|\.\.\.", "holds a gap to be filled"),
    (r"example\.org/n|data fetch|pip install", "asks the network"),
    (r"^make ", "is what continuous integration calls, or the suite itself"),
    (r"^hidra score( --measure .*)?$", "scores all origins: an hour; its page is an artefact"),
    (r"^hidra publish", "writes all pages: tests/web/test_publish.py does"),
    (r"claims run official-fall-37 --fresh", "is spoken of in general"),
    (r"^persons: ", "is a line of a description"),
)  # fmt: skip
#: Blocks that the reader saves under a name; the page says it.
SAVED = {
    "your-own-design": {"python": "after_2007.py", "yaml": "claim.yaml"},
    "tu-propio-diseno": {"python": "tras_2007.py", "yaml": "afirmacion.yaml"},
    "add-a-study": {"yaml": "my_crackdown.yaml"},
    "agregar-un-estudio": {"yaml": "mi_ofensiva.yaml"},
    "your-own-section": {"python": "jalisco.py"},
    "tu-propia-seccion": {"python": "jalisco.py"},
    "your-own-source": {"python": "home/sources/morgue.py", "csv": "bodies.csv"},
    "tu-propia-fuente": {"csv": "bodies.csv"},
}
ARTICLE = "En 2018 hubo 3,290 víctimas de homicidio doloso en Guanajuato, según el SESNSP.\n"
EVENTS = "place,date\n" + "".join(
    f"{state},2016-0{month}-01\n"
    for month, state in enumerate(("Jalisco", "Guanajuato", "Colima", "Sinaloa", "Sonora"), 1)
)


@dataclass
class Room:
    """The folder in which a page is walked, with what its reader already has."""

    folder: Path
    names: dict[str, Any] = field(default_factory=dict)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory) -> dict[str, Room]:
    return {}


def _had(folder: Path, page: str) -> None:
    """Lay down what a reader of a page brings: an article, events, a forecast, a workbook."""
    folder.joinpath("home", "sources").mkdir(parents=True)
    for name in (
        "article.txt",
        "article.html",
        "nota.txt",
        "articulo.html",
        "words.txt",
        "palabras.txt",
    ):
        (folder / name).write_text(ARTICLE, encoding="utf-8")
    text = (ROOT / page).read_text(encoding="utf-8")
    for kind, name in SAVED.get(Path(page).stem, {}).items():  # the command may stand before it
        [block] = [block for found, block in FENCE.findall(text) if found == kind]
        fitted = block.replace("use: shown", "use: fit")  # add a study: the page fits it in the end
        (folder / name).write_text(fitted, encoding="utf-8")
    for name in ("events.csv", "eventos.csv"):
        (folder / name).write_text(EVENTS, encoding="utf-8")
    rows = [f"11,2021-{month},{draw},{200 + draw}\n" for month in (11, 12) for draw in range(20)]
    for name in ("mine.csv", "mio.csv"):  # a forecast of the reader's own
        (folder / name).write_text("place,month,draw,value\n" + "".join(rows), "utf-8")
    from PIL import Image

    for name in ("ours.png", "nuestro.png"):
        Image.new("RGB", (40, 20), "navy").save(folder / name)
    if "dat" in Path(page).stem:  # your own data, of two dates
        from ..panel import messy

        messy.titled(folder)
        [spec, *_others] = [block for kind, block in FENCE.findall(text) if kind == "yaml"]
        (folder / "spec.yaml").write_text(spec, encoding="utf-8")
        parts = re.sub("my_organisation|mi_organizacion", "parts", spec)
        (folder / "parts.yaml").write_text(parts, encoding="utf-8")
        (folder / "old.yaml").write_text(spec.replace("2026-11-21", "2026-10-01"), "utf-8")
        for name in ("killings", "asesinatos", "2022", "2023", "2024", "old"):
            year, killed = (name, 5) if name.isdigit() else (2021, 3 if name == "old" else 4)
            columns = "cve_mun,year,anio,month,mes,killed,victimas"
            rows = f"{columns}\n16053,{year},{year},1,1,{killed},{killed}\n"
            (folder / f"{name}.csv").write_text(rows, encoding="utf-8")
        old, spec = str(folder / "old.csv"), str(folder / "old.yaml")
        assert main(["data", "import", old, "--spec", spec]) == 0
    if "your-own-source" in page or "tu-propia-fuente" in page:
        english = (ROOT / "docs/en/how-to/your-own-source.md").read_text(encoding="utf-8")
        [code] = [text for kind, text in FENCE.findall(english) if kind == "python"]
        (folder / "home/sources/morgue.py").write_text(code, encoding="utf-8")
    for name in ("short.yaml", "study.yaml"):
        (folder / name).write_text(short().yaml(), encoding="utf-8")
    if "section" in page or "seccion" in page or "report" in page or "informe" in page:
        study, run = str(folder / "short.yaml"), str(folder / "runs/default")
        assert main(["run", study, "--out", run]) == 0


WALK = [one for page in PAGES for one in steps(page)]


@pytest.mark.slow
@pytest.mark.parametrize("step", WALK, ids=str)
def test_what_a_page_prints_runs(step, rooms, tmp_path_factory, monkeypatch, capfd):
    """In the order of the page, each in the folder that those before it left."""
    text = step.text
    if step.kind == "script":
        subprocess.run(["bash", "-n"], input=text, text=True, check=True)
        return
    for pattern, less in LESS:
        text = re.sub(pattern, less, text, flags=re.MULTILINE)
    for pattern, why in NOT_HERE:
        if re.search(pattern, text):
            pytest.skip(f"{text.splitlines()[0]}: {why}")
    if step.page not in rooms:
        rooms[step.page] = Room(tmp_path_factory.mktemp("page"))
        monkeypatch.setenv("HIDRA_HOME", str(rooms[step.page].folder / "home"))
        _had(rooms[step.page].folder, step.page)
    room = rooms[step.page]
    monkeypatch.setenv("HIDRA_HOME", str(room.folder / "home"))
    monkeypatch.chdir(room.folder)
    saved = SAVED.get(Path(step.page).stem, {}).get(step.kind)
    if step.kind == "python" and saved is None:
        _python(text, room)
    elif step.kind == "sh":
        _shell(text, monkeypatch, capfd)
    elif step.kind == "yaml":
        assert yaml.safe_load(step.text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", ["en/how-to/use-many-machines.md", "es/como/usar-muchas-maquinas.md"]
)
def test_shards_merged_on_a_page_are_the_run_that_it_names(page, rooms):
    from hidra.run import Run

    if f"docs/{page}" not in rooms:
        pytest.skip("that page was not walked")
    runs = rooms[f"docs/{page}"].folder / "runs"
    one, both = (Run.open(runs / name) for name in ("one", "study"))
    assert one.manifest["study_digest"] == both.manifest["study_digest"]
    assert one.results.load().identical(both.results.load())
    for name in one.tables:
        assert one.tables[name].equals(both.tables[name]), name


def _python(text: str, room: Room) -> None:
    for name in re.findall(r"claims|event_study", text)[:1]:
        pytest.importorskip("pyfixest", reason=f"{name} needs the extra claims")
    exec(text, room.names)


def _shell(line: str, monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    """Run one command; pipes and redirections as a shell would."""
    line, _arrow, to = (part.strip() for part in line.partition(" > "))
    before, pipe, line = line.rpartition("|")
    words = shlex.split(line)
    if words[:2] == ["hidra", "serve"]:
        return _served(words[2:])
    if words[0] == "pytest":  # a process of its own, as a reader starts it
        own = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words[1:]]
        found = os.environ | {"PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(own, env=found, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        return None
    if pipe:
        piped = subprocess.run(before, shell=True, capture_output=True, check=True).stdout
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(piped), encoding="utf-8"))
    if "--pdf" in words and importlib.util.find_spec("playwright") is None:
        pytest.skip("--pdf needs playwright")
    capfd.readouterr()
    code = main(words[1:])
    said = capfd.readouterr()
    assert code == 0, said.err
    if to:
        Path(to).write_text(said.out, encoding="utf-8")
    if "--json" in words:
        json.loads(said.out)
    return None


def _served(words: list[str]) -> None:
    """Start the page, open the address that it prints, end it with Ctrl-C."""
    command = [sys.executable, "-m", "hidra", "serve", *words]
    command += [] if "--port" in words else ["--port", "0"]  # that of the page may be taken here
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        address = server.stdout.readline().strip()
        with urllib.request.urlopen(address, timeout=120) as answer:
            assert answer.status == 200
        server.send_signal(signal.SIGINT)
        assert server.wait(60) in (0, 130)
