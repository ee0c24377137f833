"""Every built-in table says where it comes from, and nothing is shipped that may not be."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from hidra.data import reference

FOLDER = Path(reference.__file__).parent / "reference"
ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = reference.catalogue()
# Research files whose publishers' terms nobody has read yet: loaders only, never tables.
NOT_OURS_TO_SHIP = "coscia|rios|ppd_confront|trejo|mayor_party|terrain|fuel_tap|huachicol"


def test_every_file_has_a_catalogue_row_and_every_row_a_file() -> None:
    there = {path.name for path in FOLDER.iterdir()} - {"catalogue.csv"}
    assert there == set(CATALOGUE["file"])


@pytest.mark.parametrize("row", CATALOGUE.to_dict("records"), ids=lambda row: row["name"])
def test_a_catalogue_row_is_complete(row: dict[str, str]) -> None:
    assert all(isinstance(value, str) and value.strip() for value in row.values()), row
    content = (FOLDER / row["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["sha256"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["accessed"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["vintage"])
    ours = row["publisher"].startswith("hidra")
    assert re.match(r"https://[a-z0-9.]+/", row["address"], re.IGNORECASE) or ours
    assert (ROOT / row["script"]).is_file()


LARGEST = 130_000  # bytes a person reads through in a diff
LINE = 250  # or of a line, where a line is a municipality, or a state and year: it changes alone
ALONE = re.compile("municipality|state_month")


def test_files_read_in_a_diff() -> None:
    for path in FOLDER.iterdir():
        content = path.read_bytes()
        assert b"\r" not in content, path.name
        assert content.endswith(b"\n"), path.name
        content.decode("utf-8")
        longest = max(map(len, content.splitlines()))
        by_line = ALONE.search(path.name) and (longest <= LINE or path.suffix == ".json")
        assert len(content) <= LARGEST or by_line, path.name


def test_no_table_is_shipped_whose_terms_are_unread() -> None:
    for path in FOLDER.iterdir():
        assert not re.search(NOT_OURS_TO_SHIP, path.name), path.name
    for path in (ROOT / "scripts" / "make_reference").glob("*.py"):
        assert not re.search(NOT_OURS_TO_SHIP, path.read_text(encoding="utf-8")), path.name


def test_every_measure_of_the_panel_lies_in_a_catalogued_table() -> None:
    measures = reference.table("measure")
    tables = measures["table"].str.split("|").explode()
    assert set(tables) <= set(CATALOGUE["name"])
