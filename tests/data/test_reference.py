"""The built-in tables add up to what their publishers printed, and say what they do not know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.core.errors import SourceError, SpecError
from hidra.data import reference

MONTHS = list(reference.WIDE)
STATES = [f"{number:02d}" for number in range(1, 33)]


def test_inegi_homicides_cover_every_state_and_month_2000_to_2022() -> None:
    table = reference.table("homicides_inegi_state_month")
    assert sorted(table["place"].unique()) == STATES
    assert len(table) == 32 * 23
    assert table[MONTHS].notna().all(axis=None)
    assert table[MONTHS].sum(axis=1).groupby(table["year"]).sum()[2018] == 34_426


def test_sesnsp_victims_add_up_to_the_printed_national_figures() -> None:
    table = reference.table("victims_sesnsp_state_month")
    yearly = table[MONTHS].sum(axis=1).groupby([table["measure"], table["year"]]).sum()
    assert yearly["sesnsp_homicide_victims"].tolist() == [
        17_884, 22_541, 28_868, 33_742, 34_723, 34_569, 33_359, 30_979, 29_721, 30_046,
        12_752,
    ]  # fmt: skip
    assert yearly["sesnsp_femicide_victims"].tolist()[:10] == [
        428, 647, 768, 920, 970, 976, 1_021, 983, 851, 852,
    ]  # fmt: skip
    half = table[(table["measure"] == "sesnsp_homicide_victims") & (table["year"] == 2025)]
    months = [2_389, 2_099, 2_322, 1_973, 2_001, 1_968]
    assert half[MONTHS[:6]].sum().tolist() == months
    assert half[MONTHS[6:]].isna().all(axis=None), "not published yet is no zero"


def test_the_parts_of_intentional_homicide_never_exceed_the_whole() -> None:
    table = reference.table("victims_sesnsp_state_month").set_index(["measure", "place", "year"])
    whole = table.loc["sesnsp_homicide_victims"]
    for part in ("sesnsp_firearm_homicide_victims", "sesnsp_women_homicide_victims"):
        told = whole.notna()
        assert (table.loc[part].notna() == told).all(axis=None)
        assert (table.loc[part].where(told, 0) <= whole.where(told, 0)).all(axis=None)


def test_registered_homicides_equal_the_totals_printed_by_inegi() -> None:
    table = reference.table("homicides_national_registered_month").set_index("year")
    yearly = table[MONTHS].sum(axis=1)
    assert yearly.loc[2007:].tolist() == [
        8_867, 14_006, 19_803, 25_757, 27_213, 25_967, 23_063, 20_010, 20_762,
    ]  # fmt: skip


def test_municipal_homicides_add_up_to_the_totals_printed_by_inegi_and_sesnsp() -> None:
    files = reference.table("homicide_files_municipality_year")
    assert files["y2024"].sum() == 25_449
    table = reference.table("homicides_municipality_year").drop(columns="place")
    yearly = table.groupby("measure").sum(min_count=1)
    assert yearly.loc["inegi_homicides_registered_annual", "y2007":"y2015"].tolist() == [
        8_867, 14_006, 19_803, 25_757, 27_213, 25_967, 23_063, 20_010, 20_762,
    ]  # fmt: skip
    known = yearly.loc["inegi_homicides_known_means_annual", "y2016":"y2023"]
    whole = reference.table("national_totals").set_index("year")[
        "inegi_homicides_registered_quoted"
    ]
    share = known.to_numpy() / whole.loc[2016:2023].to_numpy()
    assert ((share > 0.85) & (share < 0.94)).all()


def test_a_municipality_created_later_is_unknown_until_its_first_death() -> None:
    table = reference.table("homicides_municipality_year").set_index(["measure", "place"])
    registered = table.loc["inegi_homicides_registered_annual"]
    assert registered.loc["02007", "y2000":"y2015"].isna().all()  # San Quintín
    assert (registered.loc["20001", "y2000":"y2015"] >= 0).all()


def test_municipal_population_adds_up_to_the_nation() -> None:
    table = reference.table("population_municipality_year")
    assert len(table) == 2475
    assert table[["y2010", "y2020", "y2024"]].sum().tolist() == [
        114_756_059, 128_209_170, 132_274_416,
    ]  # fmt: skip


def test_population_of_the_states_adds_up_to_the_nation() -> None:
    table = reference.table("population_state_year").set_index(["place", "year"])
    nation = table.loc["00"]
    states = table.drop(index="00").groupby("year").sum(min_count=32)
    assert (states["population"] == nation["population"]).all()
    assert nation["population"][[2010, 2020, 2024]].tolist() == [
        114_756_059, 128_209_170, 132_274_416,
    ]  # fmt: skip
    known = nation["population_15_29"].notna()
    assert known[known].index.tolist() == list(range(2000, 2031))  # later: unknown, not zero
    assert (states["population_15_29"][known] == nation["population_15_29"][known]).all()


def test_the_network_is_the_published_one() -> None:
    groups = reference.table("group")
    relations = reference.table("group_relation")
    weight = relations.groupby("relation")["weight"]
    assert len(groups) == 150
    assert weight.count().to_dict() == {"alliance": 91, "rivalry": 92}
    assert weight.sum().to_dict() == {"alliance": 163, "rivalry": 179}
    for relation, without in {"rivalry": 79, "alliance": 59}.items():
        rows = relations[relations["relation"] == relation]
        tied = set(rows["node_a"]) | set(rows["node_b"])
        assert tied <= set(groups["node"])
        assert 150 - len(tied) == without


def test_groups_named_after_a_private_person_stay_masked() -> None:
    groups = reference.table("group")
    masked = groups[groups["name_masked"]]
    assert len(masked) == 35
    assert masked["name"].str.fullmatch(r"local cell \d{3}").all()


def test_the_panel_is_unique_and_keeps_unknown_apart_from_zero() -> None:
    panel = reference.panel()
    assert list(panel.columns) == list(reference.PANEL_COLUMNS)
    assert not panel.duplicated(["measure", "place", "month"]).any()
    assert panel.drop(columns="value").notna().all(axis=None)
    assert panel["month"].str.fullmatch(r"\d{4}-(0[1-9]|1[0-2])").all()
    assert set(panel["source"]) <= set(reference.names())
    later = panel[(panel["measure"] == "population_15_29") & (panel["month"] > "2031")]
    assert later["value"].isna().all()


WIDE_TABLES = [name for name in reference.names() if "m01" in reference.table(name)]
ROWS = reference.panel().set_index(["measure", "place", "month"])


@given(st.sampled_from(WIDE_TABLES), st.data())
def test_every_cell_of_a_wide_table_is_a_row_of_the_panel(name: str, data: st.DataObject) -> None:
    table = reference.table(name)
    row = table.iloc[data.draw(st.integers(0, len(table) - 1))]
    number = data.draw(st.integers(1, 12))
    key = (row["measure"], row["place"], f"{row['year']}-{number:02d}")
    cell = row[f"m{number:02d}"]
    mine = table[table["measure"] == row["measure"]]
    told = [m for m in MONTHS if mine.loc[mine["year"] == row["year"], m].notna().any()]
    if row["year"] == mine["year"].max() and f"m{number:02d}" > told[-1]:
        assert key not in ROWS.index, "a month not published yet has no row"
        return
    found = ROWS.loc[key]
    assert found["source"] == name
    assert pd.isna(found["value"]) if pd.isna(cell) else found["value"] == cell


def test_nothing_heavy_is_loaded_before_a_table_is_asked_for() -> None:
    code = "import sys, hidra.core.place, hidra.data.reference as r; r.names(); print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_inegi_2022_is_marked_an_undercount() -> None:
    panel = reference.panel()
    rows = panel[panel["measure"] == "inegi_homicides"]
    late = rows["month"] >= "2022-01"
    assert set(rows["status"][late]) == {"undercount"}
    assert set(rows["status"][~late]) == {"final"}


def test_a_table_handed_out_can_be_changed_without_harm() -> None:
    groups, panel = reference.table("group"), reference.panel()
    groups["name"], panel["value"] = "changed", 0
    assert "changed" not in set(reference.table("group")["name"])
    assert reference.panel()["value"].sum() > 0


def test_an_unknown_table_offers_the_closest() -> None:
    with pytest.raises(SpecError, match="group_relation"):
        reference.table("group_relations")


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the built-in tables that a test may damage."""
    origin = Path(reference.__file__).parent / "reference"
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    for file in origin.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(reference, "files", lambda _: tmp_path)
    reference._frame.cache_clear()
    reference._fingerprints.cache_clear()
    yield folder
    reference._frame.cache_clear()
    reference._fingerprints.cache_clear()


def test_a_changed_table_is_refused(copied: Path) -> None:
    path = copied / "group.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("N10001", "N99999"), encoding="utf-8")
    with pytest.raises(SourceError, match="not the file") as caught:
        reference.table("group")
    assert "Install hidra again" in caught.value.fix


def test_a_missing_table_is_named(copied: Path) -> None:
    (copied / "group.csv").unlink()
    with pytest.raises(SourceError, match=r"'group' is missing") as caught:
        reference.table("group")
    assert caught.value.exit_code == 3


def test_a_catalogue_that_is_not_one_is_refused(copied: Path) -> None:
    (copied / "catalogue.csv").write_text("this,is\nnot,it\n", encoding="utf-8")
    with pytest.raises(SourceError, match="catalogue"):
        reference.table("group")


def test_the_register_of_2026_is_its_own_measure() -> None:
    panel = reference.panel()
    old = panel[panel["measure"].str.startswith("sesnsp_") & panel["value"].notna()]
    new = panel[panel["measure"].str.startswith("rnid_")]
    assert old["month"].max() < "2026-01" <= new["month"].min()
    assert set(old["measure"]).isdisjoint(new["measure"])
    files = new[new["measure"] == "rnid_homicide_files"].set_index(["place", "month"])["value"]
    assert files["00"].tolist() == [1_394, 1_206, 1_394, 1_393, 1_258, 1_203, 1_154, 1_113]
    assert files.drop("00").groupby("month").sum().tolist() == [1_392, 1_206, 1_398]
    sums = new[new["measure"] == "rnid_homicide_files_sum"].set_index("place")["value"]
    assert sums["00"] == sums.drop("00").sum() == files["00"].sum() == 10_115
    assert set(new["status"]) == {"provisional"}


def test_persons_in_the_register_stand_apart_from_those_by_month() -> None:
    panel = reference.panel()
    stock = panel[panel["measure"].str.endswith("_stock")]
    total = stock.groupby("measure")["value"].sum()
    assert total["rnpdno_missing_stock"] == 133_924
    assert total[["rnpdno_disappeared_stock", "rnpdno_not_located_stock"]].sum() == 133_924
    assert total["rnpdno_found_alive_stock"] == 244_537
    assert total["rnpdno_found_dead_stock"] == 22_473
    assert set(stock["period"]) == {"until 2026-06-03"} and stock["place"].nunique() == 32


def test_federal_files_and_remittances_reach_their_newest_period() -> None:
    panel = reference.panel()
    federal = panel[panel["measure"].str.startswith("federal_")]
    assert federal.groupby("measure")["value"].sum().to_dict() == {
        "federal_drug_files": 117_271, "federal_firearms_files": 207_371,
        "federal_organised_crime_files": 8_764, "federal_hydrocarbons_files": 48_705,
    }  # fmt: skip
    assert federal["month"].max() == "2025-07"
    fuel = federal[federal["measure"] == "federal_hydrocarbons_files"]
    assert fuel["month"].min() == "2019-01"
    assert fuel.loc[fuel["month"] >= "2025-01", "value"].sum() == 4_904
    paid = panel[panel["measure"] == "remittances_musd"]
    assert paid["month"].max() == "2026-01" and set(paid["period"]) == {"quarter"}
    assert paid.loc[paid["month"] == "2026-01", "value"].sum() == pytest.approx(14_698.4, abs=0.1)
