"""Deliberately broken inputs: each is refused naming file, row and cure, the panel unharmed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hidra.core.errors import SourceError
from hidra.data import home, keeping

from .layouts import (
    DEATH_FIELDS,
    DEATHS_OLD,
    csv_text,
    dbf_bytes,
    death,
    deaths_zip,
    sesnsp_text,
    xlsx,
)
from .server import PAGE
from .test_events import GED, event
from .test_sesnsp import IDM

SOUND = death("25006", "X959", "2021-03", "2021-03")


def page(file: Path) -> Path:
    file.write_bytes(PAGE)
    return file


def empty(file: Path) -> Path:
    file.write_bytes(b"")
    return file


def cut_zip(file: Path) -> Path:
    deaths_zip(file, 2021, [SOUND] * 400)
    file.write_bytes(file.read_bytes()[:-200])
    return file


def cut_dbf(file: Path) -> Path:
    file.write_bytes(dbf_bytes(DEATH_FIELDS, [SOUND] * 50)[:-300])
    return file


def cut_row(file: Path) -> Path:
    text = csv_text(DEATHS_OLD, [SOUND] * 9)
    file.write_text(text[:-60], "utf-8", newline="")
    return file


def open_quote(file: Path) -> Path:
    text = csv_text(DEATHS_OLD, [SOUND] * 9).replace("X959", '"X959', 1)
    file.write_text(text, "utf-8", newline="")
    return file


def month_13(file: Path) -> Path:
    return deaths_zip(file, 2021, [SOUND, SOUND | {"mes_ocurr": 13}])


def no_year(file: Path) -> Path:
    columns = [one for one in DEATHS_OLD if one != "anio_ocur"]
    file.write_text(csv_text(columns, [SOUND]), "utf-8", newline="")
    return file


def words_for_numbers(file: Path) -> Path:
    text = sesnsp_text(IDM, municipal=True, victims=False).replace(",40,40", ",s/d,40", 1)
    file.write_text(text, "utf-8", newline="")
    return file


def another_method(file: Path) -> Path:
    rows = [(2014, *row[1:]) for row in IDM]
    file.write_text(sesnsp_text(rows, municipal=True, victims=False), "utf-8", newline="")
    return file


def no_date(file: Path) -> Path:
    file.write_text("\n".join([GED, event(1, "Sinaloa", 1, "2019-13-03", 5)]) + "\n", "utf-8")
    return file


def damaged_book(file: Path) -> Path:
    xlsx(file, {"Hoja1": [["Remesas"], ["", "Título", "Ene-Mar 2024"], ["", "Sonora", 1]]})
    with zipfile.ZipFile(file) as book:
        parts = {one: book.read(one) for one in book.namelist()}
    with zipfile.ZipFile(file, "w") as book:
        for name, body in parts.items():
            book.writestr(name, body[:80] if "sheets/" in name else body)
    return file


def metres(file: Path) -> Path:
    square = [[2.4e6, 1e6], [2.5e6, 1e6], [2.5e6, 1.1e6], [2.4e6, 1e6]]
    geometry = {"type": "Polygon", "coordinates": [square]}
    feature = {"type": "Feature", "properties": {"cvegeo": "01001"}, "geometry": geometry}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return file


def half_a_reply(file: Path) -> Path:
    line = json.dumps({"consulted": "2026-11-21", "state": 1, "status": 7, "towns": []})
    file.write_text(line + "\n", "utf-8")
    return file


def unknown_table(file: Path) -> Path:
    file.write_text("a,b\n1,2\n", "utf-8")
    return file


BROKEN: list[tuple[Callable[[Path], Path], str, str]] = [
    (page, "edr2024.zip", "row 1"),
    (empty, "IDM.csv", "row 1"),
    (cut_zip, "edr2021.zip", ""),
    (cut_dbf, "DEFUN21.DBF", "row 44"),
    (cut_row, "edr2021.csv", "row 10"),
    (open_quote, "edr2021.csv", "row"),
    (month_13, "edr2021.zip", "row 3"),
    (no_year, "edr2021.csv", "row 1"),
    (words_for_numbers, "IDM.csv", "row 2"),
    (another_method, "IDM.csv", "all rows"),
    (no_date, "GEDEvent.csv", "row 2"),
    (damaged_book, "CE100.xlsx", ""),
    (metres, "mgem.json", "feature 1"),
    (half_a_reply, "rnpdno.jsonl", "row 1"),
    (unknown_table, "mine.csv", ""),
]


@pytest.mark.parametrize(("make", "name", "row"), BROKEN, ids=[one[0].__name__ for one in BROKEN])
def test_a_broken_file_is_named_and_the_panel_stays(tmp_path, monkeypatch, make, name, row) -> None:
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    keeping.add(
        deaths_zip(tmp_path / "edr2025.zip", 2025, [death("25006", "X959", "2025-03", "2025-03")])
    )
    before = hashlib.sha256(home.panel_file().read_bytes()).hexdigest()
    with pytest.raises(SourceError) as caught:
        keeping.add(make(tmp_path / name))
    assert name in caught.value.where
    assert row in caught.value.where
    assert len(caught.value.fix) > 20
    assert caught.value.exit_code == 3
    assert hashlib.sha256(home.panel_file().read_bytes()).hexdigest() == before
