"""One store: what somebody brings is seen by the fit, report, forecast, claims, pages and Python."""

from __future__ import annotations

import datetime
import json

import pytest
import yaml
from starlette.testclient import TestClient

import hidra
from hidra.claims.ask import data
from hidra.claims.claim import Stated
from hidra.claims.run import read
from hidra.core.errors import PanelError, SpecError
from hidra.core.weeks import Weeks
from hidra.data import panel
from hidra.forecast.history import record
from hidra.model import series
from hidra.study import describe
from hidra.web.app import make
from hidra.web.site import Settings

from ..sources.layouts import death, deaths_zip, sesnsp_text
from .conftest import SPEC

STATES = [f"{number:02d}" for number in range(1, 33)]
JUAREZ = "08037"
KILLED = {"inegi_homicides": 7, "sesnsp_homicide_victims": 321}


@pytest.fixture(params=sorted(KILLED))
def official(request, tmp_path, answer):
    """Bring a file in the layout of its publisher with months that are not built in."""
    measure = request.param
    if measure == "inegi_homicides":
        rows = [death(JUAREZ, "X950", "2025-03", "2025-03")] * 7
        rows += [death(f"{state}001", "I219", "2025-03", "2025-03") for state in STATES]
        file, month = deaths_zip(tmp_path / "deaths.zip", 2025, rows), "2025-03"
    else:
        life, crime = "La vida y la Integridad corporal", "Homicidio doloso"
        head = ("Homicidio", crime, "Con arma de fuego", "Hombre", "Adultos (18 y más)")
        table = [
            (
                2025,
                int(state),
                "Estado",
                life,
                *head,
                *[321 if state == "08" else 10] * 9,
                "",
                "",
                "",
            )
            for state in STATES
        ]
        file, month = tmp_path / "victims.csv", "2025-09"
        file.write_text(sesnsp_text(table, municipal=False, victims=True), "utf-8")
    answer("data", "add", file)
    return measure, month


@pytest.fixture
def own_table(tmp_path, answer):
    """Import a table of one figure of Chihuahua that counts the same thing as a built-in measure."""

    def bring(value=321, month="2010-06", *words, **changes):
        table, spec = tmp_path / "killed.csv", tmp_path / "killed.yaml"
        text = value if isinstance(value, str) and "\n" in value else f"08,{month},{value}\n"
        table.write_text(f"state,month,killed\n{text}", "utf-8")
        described = {
            **SPEC,
            "accessed": datetime.date.today().isoformat(),
            "concept": "deaths by homicide, month of occurrence",
            "place": {"column": "state", "level": "state"},
            "time": {"month": "month"},
            "values": {"killed": "inegi_homicides"},
            **changes,
        }
        spec.write_text(yaml.safe_dump(described, allow_unicode=True), encoding="utf-8")
        return answer("data", "import", table, "--spec", spec, *words)

    return bring


def everywhere(measure: str, month: str) -> dict[str, float]:
    """What each room says of Chihuahua in a month, after it went the whole way to a reader."""
    at = series.states().index("08")
    seen = describe.observed(hidra.Study.default())
    mine = seen[(seen["measure"] == measure) & (seen["place"] == "08") & (seen["month"] == month)]
    past = record(measure, "state")
    row = month_number(month) - month_number(str(past.first))
    figure = {"thing": "homicide", "place": "08", "span": month}
    publisher = measure.partition("_")[0].upper()
    with data() as con:
        found = read(con, {"figure": figure}, Stated(1.0))
    said = {one.value for one in found if one.source.startswith(publisher)}
    with TestClient(make(Settings(warm=False)), base_url="http://localhost") as client:
        records = client.get("/api/v1/places/08/records", params={"measure": measure}).json()
    shown = [one for one in rows_in(records) if (one["measure"], one["month"]) == (measure, month)]
    mine_too = hidra.panel(measure, places="Chihuahua", start=month, end=month)
    fitted = series.records(measure, Weeks(month, month))[0, at]
    if mine["status"].item() == "undercount":
        assert fitted != fitted, "a month known to be short teaches nothing"
        fitted = mine["value"].item()
    return {
        "fit": fitted,
        "report": mine["value"].item(),
        "forecast": past.counts[row, past.places.index("08")],
        "claim": said.pop() if len(said) == 1 else said,
        "page": shown[0]["value"],
        "python": mine_too["value"].item(),
    }


def month_number(month: str) -> int:
    return 12 * int(month[:4]) + int(month[5:])


def rows_in(answer: object) -> list[dict]:
    """The records of an answer of the interface, wherever they stand in it."""
    if isinstance(answer, list):
        return answer
    return next(value for value in answer.values() if isinstance(value, list))


def test_an_official_month_is_seen_by_all(official):
    measure, month = official
    assert set(everywhere(measure, month).values()) == {KILLED[measure]}


@pytest.mark.parametrize("month", ["2024-02", "2010-06"], ids=["a new month", "a newer cut"])
def test_an_own_table_of_the_same_thing_is_seen_by_all(month, own_table):
    own_table(321, month)
    assert set(everywhere("inegi_homicides", month).values()) == {321}


def test_the_report_names_who_says_so_and_the_run_keeps_the_cut(official):

    measure, _ = official
    study = hidra.Study.default()
    shown = describe.observed(study)
    source = {"inegi_homicides": "inegi_deaths", "sesnsp_homicide_victims": "sesnsp_victims"}[
        measure
    ]
    assert source in set(describe.sources(shown, study)["name"])
    assert any(name.startswith(f"{source} {measure}") for name in study.basis("check")["tables"])


def test_another_meaning_under_the_same_name_replaces_nothing(own_table):
    concept = "persons killed, documented by an organisation"
    told = own_table("08,2010-06,999\n08,2024-02,999\n", concept=concept)
    assert concept in told[0]["warnings"][0], "it is told at the import"
    assert panel.read("inegi_homicides", "08", "2010-06", "2010-06")["value"].item() != 999
    new = panel.read("inegi_homicides", "08", "2024-02", "2024-02")
    assert new["value"].item() == 999 and new["concept"].item() == concept, "it says what it is"
    named = panel.read("inegi_homicides", source="our_counts")
    assert named["value"].tolist() == [999, 999]
    own_table("08,2024-03,999\n", source="in_files", unit="case files")
    assert panel.read("inegi_homicides", "08", "2024-03").empty


def test_a_short_month_and_an_unknown_one_take_the_place_of_nothing(own_table):
    before = panel.read("inegi_homicides", "08", "2010-06", "2010-06")["value"].item()
    own_table(value=1, status="undercount")
    own_table(value="", source="others")
    after = panel.read("inegi_homicides", "08", "2010-06", "2010-06")
    assert after["value"].item() == before and after["source"].item() != "our_counts"


def test_a_date_and_a_digest_bring_back_what_was_known(own_table):
    empty = panel.digest()
    own_table(value=1, month="2024-02", accessed="2026-11-22")
    first = panel.digest()
    own_table(value=2, month="2024-02", accessed="2026-11-25")
    at = ("inegi_homicides", "08", "2024-02", "2024-02")

    assert panel.read(*at)["value"].tolist() == [2]
    assert panel.read(*at, as_of="2026-11-24")["value"].tolist() == [1]
    assert panel.read(*at, as_of="2026-11-21").empty
    assert panel.read(*at, as_of=first)["value"].tolist() == [1]
    assert panel.read(*at, as_of=empty).empty
    assert len({empty, first, panel.digest()}) == 3
    with pytest.raises(PanelError, match="no longer there"):
        panel.read(*at, as_of="0123456789abcdef")
    with pytest.raises(SpecError, match="neither a date nor the digest"):
        panel.read(*at, as_of="yesterday")


def test_persons_moved_between_places_are_another_panel(own_table):
    """The sums stay, the rows do not: a digest of totals would keep the old answers."""
    own_table("07,2024-03,5\n08,2024-03,1\n")
    killed, people = panel.digest(["inegi_homicides"]), panel.digest(["population"])
    own_table("07,2024-03,1\n08,2024-03,5\n", "", "--replace")
    assert killed != panel.digest(["inegi_homicides"]) and people == panel.digest(["population"])
    with pytest.raises(PanelError, match="no longer there"):
        panel.read("inegi_homicides", as_of=killed)


def test_built_in_rows_as_of_a_date_end_there():
    homicides = hidra.panel("inegi_homicides", as_of="2015-06")
    assert homicides["month"].max().strftime("%Y-%m") == "2015-06"
    assert list(homicides) == ["place", "name", "month", "measure", "value", "source", "status"]
    assert hidra.panel("population", as_of="2015-06")["month"].max().year == 2013


def test_wrong_names_are_answered_with_the_closest():
    with pytest.raises(SpecError) as caught:
        hidra.panel("inegi_homicide")
    assert "inegi_homicides" in caught.value.fix
    with pytest.raises(SpecError):
        hidra.panel(level="county")
    with pytest.raises(SpecError):
        hidra.panel(source="nobody")


def test_a_manifest_names_the_panel_it_stands_on(own_table):
    own_table(month="2024-02")
    cuts = panel.cuts(["inegi_homicides"])
    assert [cut["source"] for cut in cuts] == ["homicides_inegi_state_month", "our_counts"]
    assert json.dumps(cuts) and all(len(cut["digest"]) > 10 for cut in cuts)
