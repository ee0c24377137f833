from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from hidra.cli import main

DOCS = Path(__file__).parents[2] / "docs"
WORDS = {
    "en/reference/cases.md": (
        "# Cases: what the import and the official files were tried with",
        "Small tables that were once read wrongly, refused, or answered with a cure that does harm. "
        "Each is a test with the right value; this page is written by the run of those tests: "
        "`pytest tests/panel -m case --write-cases`. Other inputs of the same kinds are tests too.",
        ("case", "what is right", "result"),
        {"passed": "right", "failed": "wrong", "skipped": "not tried here"},
        "{n} cases, {right} right.",
    ),
    "es/referencia/casos.md": (
        "# Casos: con qué se probaron la importación y los archivos oficiales",
        "Tablas pequeñas que alguna vez se leyeron mal, se rechazaron o recibieron un remedio que "
        "hace daño. Cada una es una prueba con el valor correcto; esta página la escribe la "
        "ejecución de esas pruebas: `pytest tests/panel -m case --write-cases`. También se prueban "
        "otras entradas de las mismas clases.",
        ("caso", "lo correcto", "resultado"),
        {"passed": "correcto", "failed": "mal", "skipped": "no se probó aquí"},
        "{n} casos, {right} correctos.",
    ),
}


def pytest_addoption(parser):
    parser.addoption(
        "--write-cases", action="store_true", help="write the table of cases of the docs"
    )


def pytest_collection_modifyitems(items):
    """A test of a case says so in its report: `@pytest.mark.case(NAME, WORDS, WORDS_IN_SPANISH)`."""
    for item in items:
        item.user_properties += [("case", mark.args) for mark in item.iter_markers("case")]


CASES: dict[str, tuple[str, str, set[str]]] = {}


def pytest_runtest_logreport(report):
    for key, case in report.user_properties:
        if key == "case" and (report.when == "call" or report.outcome != "passed"):
            name, *words = case
            CASES.setdefault(name, (*words, set()))[2].add(report.outcome)


def pytest_sessionfinish(session):
    """Write the page in both languages: a case is right when every test of it passed."""
    if not session.config.getoption("--write-cases", default=False):
        return
    worst = ("failed", "skipped", "passed")
    for number, (page, (title, what, columns, said, told)) in enumerate(WORDS.items()):
        rows = {
            name: (case[number], next(one for one in worst if one in case[2]))
            for name, case in sorted(CASES.items())
        }
        right = sum(result == "passed" for _, result in rows.values())
        lines = [title, "", what, "", told.format(n=len(rows), right=right), ""]
        lines += [f"| {' | '.join(columns)} |", "|---|---|---|"]
        lines += [f"| `{name}` | {words} | {said[one]} |" for name, (words, one) in rows.items()]
        (DOCS / page).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture(autouse=True)
def folder(tmp_path_factory, monkeypatch) -> Path:
    """An empty data folder for every test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HIDRA_HOME", str(home))
    monkeypatch.setenv("HIDRA_LANG", "en")
    return home


@pytest.fixture
def hidra(capsys):
    """Run a command as a user does: exit code, standard output, standard error."""

    def run(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def answer(hidra):
    """Run a command with --json and return what it said."""

    def ask(*words: object) -> Any:
        code, out, err = hidra(*words, "--json")
        assert code == 0, err
        return json.loads(out)

    return ask


@pytest.fixture
def content(answer):
    """A fingerprint of everything in the panel, all vintages, whatever the file looks like."""

    def fingerprint() -> object:
        return answer(
            "data", "sql", "SELECT count(*) AS n, bit_xor(hash(p)) AS x FROM panel_all AS p"
        )

    return fingerprint


SPEC = {
    "source": "our_counts",
    "title": "Killings documented by an organisation",
    "publisher": "An organisation",
    "terms": "internal",
    "accessed": "2026-10-01",
    "concept": "persons killed, documented by the organisation",
    "unit": "persons",
    "place": {"column": "cve_mun", "level": "municipality"},
    "time": {"year": "year", "month": "month"},
    "values": [{"column": "killed", "measure": "our_killings"}],
}
TABLE = "cve_mun,year,month,killed\n8037,2024,1,5\n08037,2024,2,\n08019,2024,1,0\n"


@pytest.fixture
def own(tmp_path):
    """Write a table and its description; keys given replace those of a good description."""

    def write(
        table: str | bytes = TABLE, name: str = "table.csv", **changes: Any
    ) -> tuple[Path, Path]:
        file = tmp_path / name
        file.write_bytes(table.encode() if isinstance(table, str) else table)
        described = {k: v for k, v in {**SPEC, **changes}.items() if v is not None}
        spec = tmp_path / "spec.yaml"
        spec.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
        return file, spec

    return write
