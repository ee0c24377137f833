"""A place: the model over its records where a run stands, and beside another place."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from starlette.testclient import TestClient

from hidra.core import files
from hidra.data import reference
from hidra.data.newest import newest
from hidra.data.readers import fold
from hidra.web import records
from hidra.web.app import make
from hidra.web.site import Settings, words

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


YEARS = "/lugar/11.json?chart=years&from=2018&to=2024"


def frame(told: dict) -> pd.DataFrame:
    return pd.DataFrame(told["rows"], columns=told["columns"])


def test_a_range_of_years_is_shown_and_compared_within_one_register(reader):
    """Guanajuato, 2024 against 2018: the same register, the same two years, for the press."""
    rows = frame(reader.get(YEARS).json()).set_index(["measure", "year"])
    panel = reference.panel().query("place == '11' and measure == 'sesnsp_homicide_victims'")
    counts = panel.groupby(panel["month"].str[:4])["value"].sum()
    for year in (2018, 2024):
        assert rows.loc[("sesnsp_homicide_victims", year), "persons"] == counts[str(year)]
    assert rows.index.get_level_values("year").min() == 2018
    assert rows.index.get_level_values("year").max() == 2024
    page = reader.get("/en/place/11?from=2018&to=2024").text
    share = f"{100 * (counts['2024'] / counts['2018'] - 1):.1f}".replace("-", "\u2212")
    assert f"{counts['2024']:,.0f} in 2024 (provisional)" in page
    assert f"{counts['2018']:,.0f} in 2018: {share}" in page
    assert "INEGI, deaths: no complete count of 2024" in page
    assert "<option selected>2018</option>" in page
    months = frame(reader.get(YEARS.replace("years", "observed")).json())
    assert months["month"].between("2018-01", "2024-12").all()


@pytest.mark.parametrize(
    ("query", "status"),
    [("from=2018-06&to=2024-01", 200), ("from=2024&to=2018", 400), ("from=2018-13", 400),
     ("to=<script>", 400), ("from=1990&to=1991", 200)],
)  # fmt: skip
def test_a_range_is_read_or_refused(reader, query, status):
    assert reader.get(f"/lugar/11?{query}").status_code == status


def test_the_nation_has_a_page_and_its_months_are_those_of_the_states(reader):
    months = frame(reader.get("/lugar/00.json?chart=observed").json())
    panel = reference.panel().query("measure == 'inegi_homicides' and month == '2011-05'")
    mine = months.query("measure == 'inegi_homicides' and month == '2011-05'")["value"].item()
    assert mine == panel["value"].sum()
    years = frame(reader.get("/lugar/00.json?chart=years").json()).set_index(["measure", "year"])
    quoted = reference.panel().query("measure == 'inegi_homicides_registered_quoted'")
    for _, row in quoted.dropna(subset=["value"]).iterrows():
        told = years.loc[("inegi_homicides_registered", int(row["month"][:4])), "persons"]
        assert told == row["value"]


def test_fates_add_up_to_those_reported(reader):
    rows = frame(reader.get("/lugar/14.json?chart=fates").json())
    panel = reference.panel().query("place == '14' and month.str.startswith('2020')")
    for measure in ("rnpdno_missing", "rnpdno_found_dead", "rnpdno_found_alive"):
        mine = rows.query("measure == @measure and year == 2020")["persons"].item()
        assert mine == panel.loc[panel["measure"] == measure, "value"].sum()


def test_captures_are_marked_on_the_months_and_told_without_names(reader):
    page = reader.get("/en/place/25").text
    table = reference.table("leadership_removals").query("place == '25'")
    dated = table[table["event"].isin(["captured", "killed"])]
    assert f"The {len(dated)} marks on the axis" in page
    assert not any(alias in page for alias in table["alias"].dropna())


def test_the_list_finds_a_place_without_accents(reader):
    page = reader.get("/lugares?q=culiacan").text
    assert 'href="/lugar/25006"' in page
    assert 'href="/lugar/11007"' not in page
    assert (
        "Ningún" in reader.get("/lugares?q=zzz").text
        or "No place" in reader.get("/lugares?q=zzz").text
    )


def test_what_the_panel_holds_is_said_in_the_readers_language(reader):
    page = reader.get("/lugar/11").text
    table = page[page.index("Todo lo que el panel tiene") :].partition("</table>")[0]
    assert "enero de 2026 a agosto de 2026" in table
    assert not re.findall(r"\b20\d\d-\d\d\b|\bJan\b", table)
    units = {f"unit.{one}" for one in reference.table("measure")["unit"]}
    assert [one for one in units if words("en").maybe(one, "") == ""] == []


@pytest.mark.parametrize(("path", "ours"), [("/lugar/14", "14"), ("/en/place/11", "11")])
def test_a_state_says_where_its_cut_is_not_that_of_the_nation(reader, path, ours):
    page = html.unescape(reader.get(path).text)
    language = "en" if "/en/" in path else "es"
    both = newest(ours).merge(newest(), on=["register", "last", "shown"])
    apart = both[(both["shown"] == "newest") & (both["status_x"] != both["status_y"])]
    assert len(apart) == 2  # SESNSP and INEGI, 2024
    for row in apart.to_dict("records"):
        assert f"{row[f'label_{language}_x']}, 2024: " in page
        assert words(language).day(row["cut_x"]) in page
        assert words(language).day(row["cut_y"]) in page


def test_municipalities_of_a_state_stand_by_name(reader):
    page = reader.get("/lugar/14").text.partition('id="near"')[2]
    names = re.findall(r'href="/lugar/14\d{3}">([^<]+)<', page)
    assert len(names) > 120
    assert [fold(one) for one in names] == sorted(fold(one) for one in names)
    assert not any("Jalisco" in one.partition(",")[2] for one in names)


@pytest.mark.parametrize("path", ["/datos", "/en/data", "/lugar/14"])
def test_a_period_is_told_in_words_and_once(reader, path):
    text = re.sub(r"<[^>]+>", "|", reader.get(path).text)
    assert not re.search(r"\|(until )?\d{4} [A-Z][a-z]{2}-|\|until \d{4}", text)
    assert not re.search(r"(\w+ (?:de )?\d{4}) (?:a|to) \1", text)


@pytest.mark.parametrize("code", ["00", "14", "32"])
def test_women_among_the_missing_are_told_and_drawn(reader, code):
    page = html.unescape(reader.get(f"/en/place/{code}").text)
    [said] = re.findall(
        r"Of those who went missing in (\d{4}), women were ([\d,]+) of ([\d,]+)", page
    )
    rows = records.of_place(code).query("month.str[:4] == @said[0]")
    women, both = (rows.loc[rows["measure"] == one, "value"].sum()
                   for one in ("rnpdno_women_missing", "rnpdno_missing"))  # fmt: skip
    assert said[1:] == (f"{women:,.0f}", f"{both:,.0f}") and 0 < women < both
    drawn = reader.get(f"/en/place/{code}.json?chart=sexes").text
    assert "rnpdno_women_missing" in drawn and "rnpdno_women_found_dead" not in drawn
