"""A place: the model over its records where a run stands, and beside another place."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from hidra.core import files
from hidra.data import reference
from hidra.web.app import make
from hidra.web.site import Settings

STUDY = "fit: {until: 2019-12, held_out_until: 2022-12}\n"


def run_of(folder: Path, middle: float = 100.0) -> Path:
    """A finished run of one state: bands around one number, a check and what follows."""
    check = pd.period_range("2015-01", "2022-12", freq="M").strftime("%Y-%m")
    ahead = pd.period_range("2023-01", "2025-12", freq="M").strftime("%Y-%m")
    rows = [
        {"scenario": name, "place": "25", "month": month, "measure": "inegi_homicides",
         "mean": middle, "p05": middle / 2, "p25": middle * 0.8, "p50": middle,
         "p75": middle * 1.2, "p95": middle * 2}
        for name, months in (("check", check), ("no_change", ahead)) for month in months
    ]  # fmt: skip
    (folder / "tables").mkdir(parents=True)
    pd.DataFrame(rows).to_parquet(folder / "tables" / "summary.parquet")
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    told = {"versions": {"hidra": "0.1.0"}, "study_digest": "abc123", "draws": 50, "seed": 7}
    files.write_json(folder / "manifest.json", files.sealed(told, folder))
    return folder


def served(folder: Path, run: Path) -> TestClient:
    settings = Settings(folder=folder, warm=False, run=run)
    return TestClient(make(settings), base_url="http://localhost")


@pytest.fixture(scope="module")
def there(folder, reader):
    return served(folder / "place", run_of(folder / "a run"))


def test_the_fan_says_what_the_run_and_the_records_say(there):
    told = there.get("/lugar/25.json?chart=model").json()
    rows = pd.DataFrame(told["rows"], columns=told["columns"]).set_index("month")
    assert set(rows["p50"]) == {100.0}
    assert list(rows["part"].unique()) == ["check", "projection"]
    panel = reference.panel()
    seen = panel[(panel["place"] == "25") & (panel["measure"] == "inegi_homicides")]
    seen = seen.set_index("month")["value"].reindex(rows.index)
    pd.testing.assert_series_equal(rows["observed"], seen, check_names=False, check_dtype=False)
    kept = seen["2020-01":"2022-12"]
    inside = int(kept.between(50, 200).sum())
    page = there.get("/lugar/25").text
    assert f"De los {len(kept)} meses que el ajuste no vio, {inside} cayeron" in page
    assert "corrida abc123" in page
    assert "run abc123" in there.get("/en/place/25").text


def test_without_a_run_the_page_says_so_and_how_to_have_one(reader, there):
    assert "hidra run" in reader.get("/lugar/25").text
    assert "No hay aquí una corrida terminada" in reader.get("/lugar/25").text
    assert "no simula este lugar" in there.get("/lugar/09").text
    assert "se ajusta por estado" in there.get("/lugar/25006").text


@pytest.mark.parametrize("damage", ["manifest.json", "tables/summary.parquet", "study.yaml"])
def test_a_run_that_cannot_be_read_is_no_run(folder, damage):
    run = run_of(folder / f"damaged {damage.replace('/', ' ')}")
    (run / damage).write_bytes(b"{")
    page = served(folder / "damaged", run).get("/lugar/25")
    assert page.status_code == 200
    assert "No hay aquí una corrida terminada" in page.text


def test_another_run_is_shown_without_starting_again(folder):
    run = run_of(folder / "changing", 100.0)
    reader = served(folder / "changes", run)
    before = reader.get("/lugar/25.csv?chart=model").text
    rows = pd.read_parquet(run / "tables" / "summary.parquet").assign(p50=123.0)
    rows.to_parquet(run / "tables" / "summary.parquet")
    told = json.loads((run / "manifest.json").read_text()) | {"seed": 8}
    told.pop("seal")
    files.write_json(run / "manifest.json", files.sealed(told, run))
    after = reader.get("/lugar/25.csv?chart=model").text
    assert "123.0" in after
    assert "123.0" not in before


def test_two_places_side_by_side_with_the_state_in_the_address(reader):
    told = reader.get("/lugar/25.json?chart=beside&with=09&measure=sesnsp_homicide_victims").json()
    rows = pd.DataFrame(told["rows"], columns=told["columns"])
    assert set(rows["place"]) == {"25", "09"}
    mine = rows[(rows["place"] == "25") & (rows["month"] == "2024-12")]["value"].item()
    panel = reference.panel()
    panel = panel[(panel["place"] == "25") & panel["month"].str.startswith("2024")]
    killed = panel.loc[panel["measure"] == "sesnsp_homicide_victims", "value"].sum()
    people = panel.loc[panel["measure"] == "population", "value"].item()
    assert mine == pytest.approx(killed / people * 100_000, abs=0.006)
    page = reader.get("/en/place/25?with=09&measure=sesnsp_homicide_victims").text
    assert "Sinaloa and Mexico City" in page
    assert "with=09&amp;measure=sesnsp_homicide_victims" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [("with=99", 404), ("with=<script>", 404), ("measure=nothing", 400), ("with=25006", 200)],
)
def test_what_cannot_be_compared_is_refused(reader, query, status):
    assert reader.get(f"/lugar/25?{query}").status_code == status
