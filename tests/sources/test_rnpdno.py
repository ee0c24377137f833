"""The register of missing persons: asked gently, matched by name, undated records apart."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hidra.core.errors import SourceError
from hidra.data.sources.rnpdno import collect, table_rows

from .server import FlakyServer

TOWNS = {
    "23001": "Cozumel",
    "23005": "Benito Juárez",
    "23009": "Tulum",
    "23010": "Bacalar",
}


def table(rows: list[tuple[str, int, int, int]]) -> str:
    cells = "".join(
        f"<tr><td> {name}\n</td><td>{men:,}</td><td>{women}</td><td>{other}</td></tr>"
        for name, men, women, other in rows
    )
    head = "<tr><th>Categoría</th><th>HOMBRE</th><th>MUJER</th><th>INDETERMINADO</th></tr>"
    return f"<table><thead>{head}</thead><tbody>{cells}</tbody></table>"


MISSING = [("BENITO JUÁREZ", 1001, 2, 0), ("TULUM", 3, 0, 1), ("SE DESCONOCE", 4, 0, 0)]


@pytest.fixture
def server() -> Iterator[FlakyServer]:
    def reply(path: str, body: bytes) -> bytes:
        fields = json.loads(body)
        assert all(isinstance(one, str) for one in fields.values())
        if urlsplit(path).path.endswith("Totales"):
            undated = 7 if fields["mostrarFechaNula"] == "1" else 0
            found = {"TotalDesaparecidos": f"{1013 + undated:,}", "TotalLocalizadosCV": "2"}
            return json.dumps(found | {"TotalLocalizadosSV": 0}).encode()
        assert fields["TipoDetalle"] == "3", "the chart is cut at thirty municipalities"
        rows = {"7": MISSING, "2": [("COZUMEL", 1, 1, 0)], "3": []}[fields["idEstatusVictima"]]
        return json.dumps({"Title": "x", "Html": table(rows)}).encode()

    with FlakyServer() as running:
        running.bodies["/Dashboard/Sociodemografico"] = b"<html>session</html>"
        running.reply = reply
        yield running


def test_replies_are_collected_and_read_by_name(tmp_path, server, read, value, con) -> None:
    file = collect(
        tmp_path / "r.jsonl",
        [None, "2024-01", "2024-02"],
        states=[23],
        base=server.address,
        pause=0.0,
        today="2026-11-21",
    )
    assert read(file, municipalities=TOWNS) == "rnpdno"
    assert value("23005", "2024-01", "rnpdno_missing") == 1003
    assert value("23009", "2024-01", "rnpdno_missing") == 4, "Tulum by its name, not its code"
    assert value("23999", "2024-01", "rnpdno_missing") == 6, (
        "unknown town, and what is not broken down"
    )
    assert (
        value("23", "2024-02", "rnpdno_missing") == value("00", "2024-02", "rnpdno_missing") == 1013
    )
    assert value("23", "2024-01", "rnpdno_found_dead") == 0, "asked, and none"
    assert con.execute("FROM incoming_undated WHERE n > 0").fetchall() == [("23", "missing", 7)]
    assert con.execute("SELECT DISTINCT vintage FROM incoming").fetchall() == [("2026-11-21",)]


def test_a_stopped_run_goes_on_where_it_was(tmp_path, server) -> None:
    target = tmp_path / "r.jsonl"
    collect(target, [None, "2024-01"], states=[23], base=server.address, pause=0.0)
    with target.open("a") as out:
        out.write('{"consulted": "2026-11-21", "state": 23, "mon')  # killed while writing
    before = len(server.asked)
    collect(target, [None, "2024-01", "2024-02"], states=[23], base=server.address, pause=0.0)
    assert len(server.asked) - before == 5, "the page, the totals and three tables of February"
    lines = [json.loads(line) for line in target.read_text().splitlines()]
    assert len(lines) == 9


def test_the_pause_between_requests_is_kept(tmp_path, server, monkeypatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr("hidra.data.sources.rnpdno.time.sleep", waits.append)
    collect(tmp_path / "r.jsonl", ["2024-01"], states=[23], base=server.address, pause=2.0)
    assert len(waits) == len(server.asked) - 1
    assert all(1.0 < wait <= 2.0 for wait in waits)


def test_a_page_instead_of_figures_keeps_what_arrived(tmp_path, server) -> None:
    reply = server.reply
    calls: list[str] = []

    def failing(path: str, body: bytes) -> bytes:
        calls.append(path)
        return b"<html>busy</html>" if len(calls) > 4 else reply(path, body)

    server.reply = failing
    target = tmp_path / "r.jsonl"
    with pytest.raises(SourceError, match="page instead of figures"):
        collect(target, [None, "2024-01"], states=[23], base=server.address, pause=0.0)
    assert len(target.read_text().splitlines()) == 3, "the undated records are there"


def test_a_table_beyond_the_total_is_refused(tmp_path, server) -> None:
    reply = server.reply
    server.reply = lambda path, body: reply(path, body).replace(b"1,013", b"900")
    with pytest.raises(SourceError, match="adds up to"):
        collect(tmp_path / "r.jsonl", ["2024-01"], states=[23], base=server.address, pause=0.0)


def test_total_rows_of_a_table_are_not_places() -> None:
    assert table_rows(table([("CELAYA", 2, 1, 0), ("Total", 2, 1, 0)])) == [
        {"name": "CELAYA", "n": 3}
    ]


def test_a_tidy_table_is_repaired_by_name(tmp_path: Path, read, value, con) -> None:
    file = tmp_path / "panel.csv"
    file.write_text(
        "cve_ent,cve_mun,municipio,year,month,status,sex,n\n"
        "23,23012,TULUM,2024,1,missing,M,5\n"
        "23,23009,SE DESCONOCE,2024,1,missing,F,2\n"
        "33,33999,SE DESCONOCE,2024,2,missing,M,1\n",
        "utf-8",
    )
    assert read(file, municipalities=TOWNS) == "rnpdno"
    assert value("23009", "2024-01", "rnpdno_missing") == 5, "the register's 23012 is Tulum"
    assert value("23999", "2024-01", "rnpdno_missing") == 2, "the register's 23009 is no place"
    assert value("33", "2024-02", "rnpdno_missing") == 1
    assert value("23", "2024-02", "rnpdno_missing") == 0
    kinds = con.execute("SELECT kind, detail FROM incoming_notes").fetchall()
    assert ("code repaired", "'TULUM': 23012 is 23009 at INEGI") in kinds


def test_without_a_catalogue_the_states_are_right_and_one_note_says_what_to_do(
    tmp_path, read, value, con
) -> None:
    file = tmp_path / "r.jsonl"
    one = {"consulted": "2026-11-21", "state": 23, "month": "2024-01", "status": 7}
    towns = [{"name": "TULUM", "n": 4}, {"name": "COZUMEL", "n": 2}]
    file.write_text(json.dumps(one | {"towns": towns}) + "\n", "utf-8")
    read(file)
    assert (
        value("23", "2024-01", "rnpdno_missing") == value("23999", "2024-01", "rnpdno_missing") == 6
    )
    notes = con.execute("SELECT n, detail FROM incoming_notes").fetchall()
    assert len(notes) == 1 and notes[0][0] == 6
    assert "hidra data fetch inegi_geography" in notes[0][1]


def test_a_damaged_line_is_named(tmp_path: Path, read) -> None:
    file = tmp_path / "r.jsonl"
    good = {"consulted": "2026-11-21", "state": 1, "month": "2024-01", "status": 7, "towns": []}
    file.write_text(json.dumps(good) + "\n" + json.dumps(good)[:40] + "\n")
    with pytest.raises(SourceError) as caught:
        read(file)
    assert caught.value.where == "r.jsonl, row 2"


def test_fetching_a_year_keeps_its_replies_as_a_file(tmp_path, server, monkeypatch) -> None:
    from hidra.data import fetch

    monkeypatch.setattr("hidra.data.sources.rnpdno.STATES", range(23, 24))
    monkeypatch.setattr("hidra.data.sources.rnpdno.time.sleep", lambda seconds: None)
    wanted = [
        dataclasses.replace(one, addresses=(server.address + "/Dashboard/Sociodemografico",))
        for one in fetch.files("rnpdno", years=(2024, 2024))
    ]
    kept = fetch.fetch(wanted, tmp_path, today="2024-03-15")
    assert [one.path.name for one in kept] == ["rnpdno_undated.jsonl", "rnpdno_2024.jsonl"]
    months = {json.loads(line)["month"] for line in kept[1].path.read_text().splitlines()}
    assert months == {"2024-01", "2024-02", "2024-03"}, "no month that has not come yet"
