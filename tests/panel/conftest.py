from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from hidra.cli import main


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
