"""What pages, reports, briefs and the README open on: the newest complete figure of each register."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from hidra.core.i18n import MONTHS
from hidra.data import importing
from hidra.data.newest import newest
from hidra.data.spec import read_spec

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path_factory, monkeypatch) -> Path:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HIDRA_HOME", str(home))
    return home


def told(rows: pd.DataFrame, register: str, shown: str = "newest") -> list[tuple[object, ...]]:
    mine = rows[(rows["register"] == register) & (rows["shown"] == shown)]
    return list(mine[["last", "value", "status"]].itertuples(index=False, name=None))


def test_the_nation_opens_on_final_figures_then_on_provisional_ones() -> None:
    rows = newest()
    assert told(rows, "inegi") == [("2024-12", 33_550, "final")]
    assert told(rows, "sesnsp") == [
        ("2024-12", 30_060, "final"), ("2025-12", 23_609, "provisional"),
    ]  # fmt: skip
    assert told(rows, "rnid") == [("2026-08", 11_586, "provisional")]
    assert told(rows, "rnpdno") == [("2026-06", 133_924, "provisional")]
    shown = rows[rows["shown"] == "newest"].set_index(["register", "last"])
    rate = shown["rate"]
    assert rate["inegi", "2024-12"] == pytest.approx(100_000 * 33_550 / 132_274_416)
    assert pd.isna(rate["rnid", "2026-08"]), "eight months are no year"
    assert set(rows["cut"].str.match(r"\d{4}-\d\d-\d\d"))


def test_registers_are_compared_in_a_year_both_closed() -> None:
    (deaths,), (victims,) = (
        told(newest(), register, "compared") for register in ("inegi", "sesnsp")
    )
    assert deaths == ("2024-12", 33_550, "final") and victims == ("2024-12", 30_060, "final")


def test_a_state_says_what_is_final_and_names_an_undercount() -> None:
    rows = newest("11")
    assert told(rows, "inegi") == [
        ("2021-12", 3_987, "final"), ("2024-12", 3_905, "undercount"),
    ]  # fmt: skip
    assert told(rows, "sesnsp") == [
        ("2023-12", 3_104, "final"), ("2024-12", 3_151, "provisional"),
    ]  # fmt: skip
    assert told(rows, "sesnsp_files") == [
        ("2024-12", 2_553, "final"), ("2025-12", 2_035, "provisional"),
    ]  # fmt: skip


def test_a_newer_cut_takes_the_place_of_an_older_one_and_a_year_with_a_gap_does_not(
    tmp_path: Path,
) -> None:
    rows = [
        f"{code:02d},2025-{m:02d},{10 + (code == 9)}" for code in range(1, 33) for m in range(1, 13)
    ]
    rows += [f"{code:02d},2026-{m:02d},10" for code in range(1, 33) for m in range(1, 12)]
    table, spec = tmp_path / "t.csv", tmp_path / "t.yaml"
    table.write_text("\n".join(["place,month,persons", *rows]))
    spec.write_text(
        "source: later_cut\ntitle: a later cut\npublisher: test\nterms: none\n"
        "accessed: 2026-11-20\nconcept: victims in case files, month of the file\n"
        "unit: persons\nplace: {column: place, level: state}\ntime: {month: month}\n"
        "values: [{column: persons, measure: sesnsp_homicide_victims}]\n"
    )
    importing.import_table(table, read_spec(spec), spec_text=spec.read_text())
    assert told(newest("11"), "sesnsp")[-1] == ("2025-12", 120, "final")
    nation = told(newest(), "sesnsp")
    assert nation == [("2025-12", 12 * (32 * 10 + 1), "final")]
    assert told(newest("09"), "sesnsp") == [("2025-12", 132, "final")]


@pytest.mark.parametrize("file", ["README.md", "README.es.md"])
def test_the_readme_tells_these_figures(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    rows = newest()
    for value in rows.loc[~rows["register"].str.endswith("_files"), "value"]:
        assert f"{value:,.0f}" in text
    deaths, victims = (
        rows.loc[(rows["register"] == one) & (rows["shown"] == "compared"), "value"].iloc[0]
        for one in ("inegi", "sesnsp")
    )
    assert re.search(rf"{100 * (1 - victims / deaths):.1f} ?%", text)
    here = newest("11").query("register == 'sesnsp'").iloc[-1]  # a state, of another cut
    year, month = (int(part) for part in here["cut"].split("-")[:2])
    language = "es" if ".es." in file else "en"
    if here["status"] != "final":
        assert re.search(rf"{MONTHS[language][month - 1]}\s(de\s)?{year}", text)
        assert text.count("provisional") > 3  # said of the states too
