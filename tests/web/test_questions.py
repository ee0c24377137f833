"""The front page, a year, and places compared: what they say is what the panel holds."""

from __future__ import annotations

import html
import io
import re

import pandas as pd
import pytest

from hidra.charts import maps
from hidra.data import newest, reference
from hidra.web import site
from hidra.web.page import panorama, registers
from hidra.web.site import words


def frame(told: dict) -> pd.DataFrame:
    return pd.DataFrame(told["rows"], columns=told["columns"])


@pytest.fixture(scope="module")
def front(reader) -> str:
    return html.unescape(reader.get("/en").text)


def test_the_front_page_asks_and_shows_before_it_explains(front):
    """A chart or a list follows every question; nothing is written before the first chart."""
    questions = front.split("<h2")[1:]
    assert len(questions) == 6
    for part in questions[:4]:
        assert part.index("<svg") < part.index('<p class="answer">')
    before = front[front.index("<main") : front.index("<svg")]
    assert "<p" not in before


def test_the_newest_figure_of_each_register_is_told_with_its_age(front):
    found = newest.newest()
    found = found[found["shown"] == "newest"].groupby("register").last()
    for register in ("inegi", "sesnsp", "rnid", "rnpdno"):
        assert f"{found.loc[register, 'value']:,.0f}" in front
    assert re.search(r"\d+ months old", front)


def test_the_year_so_far_is_set_beside_the_same_months(front):
    rows = reference.panel().query("place == '00' and measure == 'sesnsp_homicide_victims_annual'")
    counts = rows.dropna(subset=["value"]).set_index("month")["value"]
    last, before = counts.index[-1], counts.index[-2]
    share = f"{100 * (counts[last] / counts[before] - 1):.1f}".replace("-", "\u2212")
    assert f"{counts[last]:,.0f} from January {last[:4]} to December {last[:4]}" in front
    assert f"{counts[before]:,.0f} in the same months of {before[:4]}: {share}" in front
    assert "no earlier year can stand beside it" in front


def test_a_year_that_has_not_ended_is_compared_as_far_as_it_goes():
    months = pd.period_range("2023-01", "2024-05", freq="M").strftime("%Y-%m")
    rows = pd.DataFrame({"month": months, "place": "00", "measure": "sesnsp_homicide_victims",
                         "value": range(1, 18), "status": "final", "period": "month"})  # fmt: skip
    annual = pd.DataFrame({"measure": ["sesnsp_homicide_victims"], "year": [2023], "persons": [78.0],
                           "status": ["final"]})  # fmt: skip
    told = panorama.so_far(rows, annual, "sesnsp_homicide_victims", words("en"))
    assert "75 from January 2024 to May 2024 (final), 15 in the same months of 2023" in told
    unknown = rows.assign(value=rows["value"].where(rows["month"] != "2023-03"))
    assert panorama.so_far(unknown, annual, "sesnsp_homicide_victims", words("en")) == ""


def test_half_of_the_victims_and_the_highest_rates_are_those_of_the_chart(reader, front):
    rows = frame(reader.get("/en/panorama.json?chart=states_hex").json())
    top = rows.sort_values("rate", ascending=False).iloc[0]
    names = maps.state_names("en")
    assert f"{names[top['place']]} ({top['rate']:.1f})" in front
    counts = rows["persons"].sort_values(ascending=False).cumsum()
    half = int((counts < rows["persons"].sum() / 2).sum()) + 1
    assert f"in {half} of 32 states" in front


def test_hexagons_lead_to_the_pages_of_their_states(reader, front):
    links = set(re.findall(r'<a [^>]*href="(/en/place/\d\d)"[^>]*aria-label', front))
    assert len(links) == 32
    assert reader.get(min(links)).status_code == 200


def test_what_is_contested_leads_to_claims_that_data_do_not_bear_out(reader, front):
    part = front[front.index('id="contested"') : front.index('id="next"')]
    ids = re.findall(r'href="/en/claims/([^"]+)"', part)
    assert 1 <= len(ids) <= panorama.TOLD
    for one in ids:
        told = reader.get(f"/api/v1/claims/{one}").json()["data"]
        assert told["verdict"] in panorama.CONTESTED


def test_a_year_tells_every_register_and_every_state(reader):
    page = html.unescape(reader.get("/en/year/2024").text)
    rows = reference.panel()
    quoted = rows.query("measure == 'inegi_homicides_registered_quoted' and place == '00'")
    quoted = quoted.set_index("month")["value"]
    assert f"{quoted['2024-01']:,.0f} in 2024, {quoted['2023-01']:,.0f} in 2023" in page
    killed = rows.query("measure == 'sesnsp_homicide_victims' and place == '11'")
    killed = killed.groupby(killed["month"].str[:4])["value"].sum()
    cells = re.search(r'href="/en/place/11">Guanajuato</a></th>(.*?)</tr>', page)[1]
    numbers = re.findall(r">([^<]+)</td>", cells)
    share = f"{100 * (killed['2024'] / killed['2023'] - 1):+.1f}"
    assert numbers[0] == f"{killed['2024']:,.0f}*"
    assert numbers[2].replace("\u00a0%", "").replace("\u2212", "-") == share
    rates = [
        float(one)
        for one in re.findall(
            r'</th><td class="number">[^<]*</td><td class="number">([\d.]+)<', page
        )
    ]
    assert len(rates) == 32
    assert rates == sorted(rates, reverse=True)
    assert 'href="/en/year/2023"' in page


def test_an_undercount_is_never_compared(reader):
    """INEGI's 2022 of the deaths ends early in the built-in table: no change is said of it."""
    page = html.unescape(reader.get("/en/year/2022").text)
    assert not re.search(r"INEGI, deaths: [\d,]+ in 2022", page)
    annual = pd.DataFrame({"measure": "inegi_homicides", "year": [2021, 2022], "persons": [10.0, 5.0],
                           "rate": 1.0, "status": ["final", "undercount"]})  # fmt: skip
    assert registers.changes(annual, words("en")) == []


@pytest.mark.parametrize("code", ["1850", "2200", "dos", "<b>"])
def test_a_year_that_nobody_tells_is_refused(reader, code):
    assert reader.get(f"/ano/{code}").status_code in (400, 404)


def test_every_year_of_the_country_is_a_page():
    assert {"1990", "2012", "2024"} <= set(panorama.years())


COMPARED = "/comparar{}?places=25&with=09&measures=sesnsp_homicide_victims,inegi_homicides"


def test_places_and_registers_side_by_side_with_the_state_in_the_address(reader):
    rows = frame(reader.get(COMPARED.format(".json") + "&from=2020&to=2024").json())
    assert set(rows["place"]) == {"25", "09"}
    assert set(rows["measure"]) == {"sesnsp_homicide_victims", "inegi_homicides"}
    assert rows["month"].between("2020-01", "2024-12").all()
    mine = rows.query("place == '25' and month == '2024-12'").iloc[0]
    panel = reference.panel()
    panel = panel[(panel["place"] == "25") & panel["month"].str.startswith("2024")]
    killed = panel.loc[panel["measure"] == "sesnsp_homicide_victims", "value"].sum()
    people = panel.loc[panel["measure"] == "population", "value"].item()
    assert mine["persons"] == killed
    assert mine["rate"] == pytest.approx(killed / people * 100_000, abs=0.006)
    page = html.unescape(reader.get(COMPARED.format("").replace("/comparar", "/en/compare")).text)
    assert "Sinaloa, Mexico City" in page
    assert "places=25%2C09" in page
    csv = reader.get(COMPARED.format(".csv")).text
    assert csv.count("\n") > 300


@pytest.mark.parametrize(
    ("query", "status"),
    [("places=99", 404), ("places=<script>", 404), ("measures=nothing", 400), ("unit=kilos", 400),
     ("places=11,25006", 200), ("places=01,02,03,04,05,06,07,08,09", 400), ("from=2024&to=2020", 400),
     ("places=11&places=25&measures=rnpdno_missing&unit=persons", 200)],
)  # fmt: skip
def test_what_cannot_be_compared_is_refused(reader, query, status):
    answer = reader.get(f"/comparar?{query}")
    assert answer.status_code == status
    assert "<script>" not in answer.text.replace('<script nonce="', "")


def test_what_a_form_sends_twice_is_asked_for_together(reader):
    page = reader.get("/en/compare?places=11&places=25&measures=rnpdno_missing").text
    assert "Guanajuato" in page
    assert "places=11%2C25" in page


@pytest.mark.parametrize("name", ["compare", "year"])
def test_new_pages_are_part_of_a_published_site(name):
    assert not site.BY_NAME[name].live


@pytest.mark.parametrize("code", ["00", "11", "32010"])
def test_a_year_of_a_register_is_one_figure_on_every_page(reader, code):
    """The page of a place, and the table beside others: the newest cut that has the year."""

    def cells(path, column):
        frames = pd.read_html(io.StringIO(reader.get(path).text))
        table = next(one for one in frames if one.columns[0] == "Year" and column in one.columns)
        return dict(zip(table["Year"].astype(str), table[column].astype(str), strict=True))

    column = {"32010": "INEGI, known means"}.get(code, "SESNSP, victims")
    measure = {"32010": "inegi_homicides_known_means_annual"}.get(code, "sesnsp_homicide_victims")
    own = cells(f"/en/place/{code}", column)
    both = f"measures={measure}&measures=inegi_homicides"
    beside = cells(f"/en/compare?places={code}&{both}", column)
    assert len([year for year in beside if beside[year] != "–"]) > 7
    assert beside == {year: own[year] for year in beside}
