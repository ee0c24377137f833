"""The lab: what is asked, refused, followed, cancelled, kept; the same numbers after a restart."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from starlette.testclient import TestClient

from hidra.core import files
from hidra.core.errors import SpecError
from hidra.core.place import states
from hidra.evidence import setting
from hidra.scenario.difference import outcome
from hidra.scenario.ensemble import StoppedError
from hidra.study.library import READY, library, ready
from hidra.web import lab as lab_room
from hidra.web.app import make
from hidra.web.lab import read
from hidra.web.site import Settings

LEVERS = {
    "off": ["arms"],
    "dose-recruitment": "-110",
    "start": "2027-01",
    "end": "2027-12",
    "draws": "8",
}
ASKED = {
    "scenarios": {"half": {"start": "2027-01", "change": {"recruitment": 0.5}}},
    "end": "2027-12", "draws": 8, "seed": 7,
}  # fmt: skip


def simulated(scenarios, *, posterior, end, draws, seed, progress, stop) -> xr.Dataset:
    """A model of one line: each scenario has a twentieth fewer deaths than the one before."""
    months = pd.date_range("2025-01", end, freq="MS")
    places = [state.code for state in states()]
    names = ["no_change", *scenarios]
    noise = np.random.default_rng(seed).gamma(20.0, 1.0, (draws, len(months), 32))
    values = np.stack([noise * (1 - 0.05 * at) for at in range(len(names))])
    for done in range(draws + 1):
        progress(done, draws)
        if stop():
            raise RuntimeError("stopped")
    coords = {"scenario": names, "draw": range(draws), "month": months, "place": places}
    dims = ("scenario", "draw", "month", "place")
    told = {"unit": "persons", "label_es": "personas", "label_en": "people"}
    measures = ("inegi_homicides_expected", "inegi_homicides", "members")
    data = dict.fromkeys(measures, (dims, values, told))
    return xr.Dataset(data, coords, {"posterior_digest": "abc", "trusted": 1})


class AtOnce:
    """A worker that has finished when it is given something, or never begins."""

    def __init__(self, idle: bool = False) -> None:
        self.idle = idle
        self.expected = 0

    def expect(self) -> None:
        self.expected += 1

    def give(self, folder: Path) -> None:
        if not self.idle:
            lab_room.work(folder, simulated)

    def alive(self) -> bool:
        return True

    def end(self) -> None:
        pass


def served(folder: Path, *, idle: bool = False, **more) -> TestClient:
    settings = Settings(folder=folder, warm=False, most_waiting=2, **more)
    return TestClient(make(settings, AtOnce(idle)), base_url="http://localhost")


@pytest.fixture(scope="module")
def lab(folder, reader):
    return served(folder / "lab")


def begun(client: TestClient, **fields) -> str:
    answer = client.post("/escenarios", data=LEVERS | fields, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rsplit("/", 1)[1]


def numbers(text: str) -> list[float]:
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*", text)]


def section(page: str, name: str) -> str:
    return page.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def said(html: str) -> str:
    return re.search(r'<p class="finding">(.*?)</p>', html)[1]


def test_the_lab_starts_from_questions_that_it_answers_at_once(lab):
    page = lab.get("/en/scenarios").text
    names = re.findall(r'<section id="(\w+)"[^>]* class="ready"', page)
    assert set(names) == {*READY, "no_change"} and names[-1] == "no_change"
    assert all(f'href="#{name}"' in page for name in names)
    kept = ready()
    killed = kept[(kept["measure"] == "inegi_homicides_expected") & (kept["year"] == 2030)]
    for name in READY:
        row = killed.set_index("scenario").loc[name]
        ends = sorted(abs(float(row[f"diff_{one}"])) / 12 for one in ("p05", "p50", "p95"))
        finding = said(section(page, name))
        assert len(numbers(finding)) > 2 and "2030" in finding
        assert ("No difference" in finding) == (row["diff_p05"] <= 0 <= row["diff_p95"])
        finest = 10 ** (math.floor(math.log10(ends[-1])) - 1)  # two digits of the largest
        for figure in numbers(finding.replace("2030", "")):
            near = [abs(figure - one) <= max(one / 10, finest / 2, 0.5) for one in ends]
            assert any(near), (finding, ends)
    assert "-0.0" not in page and "−0.0" not in page


@pytest.mark.parametrize("path", ["/en/scenarios", "/en/scenarios?ready=no_removals"])
def test_the_lab_says_which_record_its_level_is_of(lab, path):
    page = lab.get(path).text
    assert "INEGI registers" in page and "SESNSP counts" in page
    [there] = re.findall(r'href="(/en/forecast\?measure=[^"]+)"', page)
    assert there.endswith("inegi_homicides") and lab.get(there).status_code == 200


def test_what_no_study_sets_is_marked_and_comes_after_what_one_sets(lab):
    page = lab.get("/en/scenarios").text
    names = re.findall(r'<section id="(\w+)"[^>]* class="ready"', page)[:-1]
    studied = {name: any(setting(one) for one in library()[name].mechanisms) for name in names}
    assert [studied[name] for name in names] == sorted(studied.values(), reverse=True)
    assert studied[names[0]]
    for name in names:
        mine = section(page, name)
        assert ('class="basis weak"' in mine) != studied[name]
        assert ("https://doi.org/" in mine) == studied[name]
        assert library()[name].basis in mine


def test_a_ready_comparison_has_one_chart_with_the_rows_it_says_and_a_folded_table(lab):
    page = lab.get("/en/scenarios").text
    for name in (*READY, "no_change"):
        mine = section(page, name)
        assert mine.count("<figure") == 1 and mine.count("<details><summary>") == 1
        told = lab.get(f"/en/scenarios.json?chart=killed_{name}").json()
        rows = pd.DataFrame(told["rows"], columns=told["columns"])
        kept = ready()
        kept = kept[(kept["measure"] == "inegi_homicides_expected") & (kept["scenario"] == name)
                    & kept["year"].notna()]  # fmt: skip
        column = "p50" if name == "no_change" else "diff_p50"
        assert rows["year"].tolist() == ["2027", "2028", "2029", "2030"]
        assert rows["p50"].tolist() == pytest.approx((kept[column] / 12).tolist(), abs=0.01)


@pytest.mark.parametrize(
    ("name", "field"),
    [("fewer_arms", 'name="lever-arms_supply" value="0.5"'),
     ("half_recruitment", 'name="rate-recruitment" value="50"'),
     ("no_removals", '<option value="0" selected>'), ("decent_work", 'value="decent_work" checked')],
)  # fmt: skip
def test_a_ready_comparison_can_be_changed_in_the_desk(lab, name, field):
    assert f'href="/en/scenarios?ready={name}#desk"' in lab.get("/en/scenarios").text
    page = lab.get(f"/en/scenarios?ready={name}").text
    desk = page.partition('<details id="desk"')[2]
    assert desk.startswith(' class="desk" open') and field in desk and "<figure" not in page
    assert page.count('class="folded" open') == 1
    assert lab.get("/en/scenarios?ready=nothing").status_code == 400


@pytest.mark.parametrize("name", READY)
def test_a_scenario_as_the_desk_says_it_is_the_same_scenario(name):
    from hidra.scenario.ensemble import fitted
    from hidra.scenario.refusals import resting

    one, own = library()[name], lab_room.as_own(library()[name], "system")
    if own is None:
        assert set(one.set) - {lever.name for lever in lab_room.levers("system")}
        return
    assert not own.empty and own.start == one.start
    for lever, to in own.set.items():
        factor = one.change.get(lever)
        assert to == (
            one.set[lever] if factor is None else resting(lever, fitted("system")) * factor
        )


def test_every_control_stands_under_a_question_and_is_explained(lab):
    page = lab.get("/en/scenarios").text
    desk = page.partition('<details id="desk"')[2]
    assert desk.count('class="folded"') == len(lab_room.QUESTIONS) + 1
    fields = re.findall(r'<div class="field">.*?</div>', desk, re.S)
    assert len(fields) > 15
    assert all(re.search(r'class="hint">[^<]{8,}', one) for one in fields if 'id="name"' not in one)
    for private in ("[001]", "[000]", "par.", "log cost", "Heard by", "at rest"):
        assert private not in desk
    mechanisms = lab_room.mechanisms("system")
    named = [one for names in lab_room.QUESTIONS.values() for one in names]
    assert set(named) == {*mechanisms, *lab_room.RATES} and len(named) == len(set(named))


def test_an_outcome_by_year_adds_up_to_the_whole(tmp_path):
    wanted = read(ASKED | {"end": "2028-06"}, Settings(folder=tmp_path))
    results = simulated(
        dict(wanted.scenarios), posterior="system", end="2028-06", draws=1, seed=3,
        progress=lambda *_: None, stop=lambda: False,
    )  # fmt: skip
    rows = outcome(results.sel(month=slice("2027-01", None)))
    by_year = rows[rows["year"].notna()].groupby(["measure", "scenario"])
    whole = rows[rows["year"].isna()].set_index(["measure", "scenario"]).sort_index()
    assert (by_year["months"].sum() == whole["months"]).all()
    assert set(rows["months"]) == {18, 12, 6}
    killed = by_year["diff_p50"].sum()["inegi_homicides_expected"]
    assert killed.to_dict() == pytest.approx(
        whole.loc["inegi_homicides_expected", "diff_p50"].to_dict()
    )
    weights = rows[rows["measure"] == "members"].eval("p50 * months").groupby(rows["year"].isna())
    assert weights.sum()[True] == pytest.approx(weights.sum()[False])


def test_the_form_names_every_switch_with_its_evidence_in_both_languages(lab):
    for path in ("/escenarios", "/en/scenarios"):
        page = lab.get(path).text
        assert all(f'value="{name}"' in page for name in library())
        assert 'name="off" value="arms"' in page
        assert 'name="lever-arms_supply"' in page
        assert page.count('class="grade"') == page.count('type="checkbox"')
        assert "no un pronóstico" in page or "not a forecast" in page


def test_switch_off_dose_run_compare_download_and_open_again_after_a_restart(lab, folder):
    code = begun(lab, ready=["half_recruitment", "fewer_arms"])
    spanish, english = lab.get(f"/escenarios/{code}"), lab.get(f"/en/scenarios/{code}")
    assert spanish.status_code == english.status_code == 200
    assert "Proyección condicional, no un pronóstico" in spanish.text
    assert "The same address means the same numbers" in english.text or code in english.text
    table = lab.get(f"/api/v1/runs/{code}/outcome.csv").text
    again = served(folder / "lab")
    assert (
        again.get(f"/escenarios/{code}").text.split("<main")[1]
        == re.sub(r'nonce="[^"]+"', "", spanish.text).split("<main")[1]
    )
    assert again.get(f"/api/v1/runs/{code}/outcome.csv").text == table
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    own = next(row for row in rows if row["scenario"] == "own" and row["measure"] == "members")
    assert float(own["rel_p50"]) == pytest.approx(-0.15)
    killed = next(row for row in rows if row["scenario"] == "own" and row["year"] == "2027"
                  and row["measure"] == "inegi_homicides_expected")  # fmt: skip
    findings = re.findall(r'<p class="finding">.*?</p>', english.text)
    assert len(findings) == 3
    middle, year, low, high = numbers(findings[-1])
    assert year == 2027 and low <= middle <= high
    assert middle == pytest.approx(-float(killed["diff_p50"]) / 12, rel=0.06)
    first = [english.text.index(one) for one in ("finding", "<figure", "<table", 'class="facts"')]
    assert first == sorted(first)


def test_the_same_question_has_the_same_address_and_another_seed_another(lab):
    assert begun(lab) == begun(lab)
    assert begun(lab, seed="1") != begun(lab)
    assert begun(lab, **{"dose-recruitment": "-111"}) != begun(lab)


def test_every_chart_of_a_run_has_its_twins(lab):
    code = begun(lab)
    told = lab.get(f"/escenarios/{code}.json?chart=differences").json()
    assert {row[0] for row in told["rows"]} == {"own"}
    series = lab.get(f"/escenarios/{code}.csv?chart=scenarios").text
    assert series.startswith("\ufeffscenario,month")
    assert lab.get(f"/en/scenarios/{code}.svg").text.startswith("<svg")


def test_a_run_can_be_taken_up_and_changed(lab):
    code = begun(lab, **{"lever-arms_supply": "0.5"})
    page = lab.get(f"/escenarios?from={code}").text
    assert re.search(r'value="arms" checked', page)
    assert re.search(r'name="lever-arms_supply" value="0.5"', page)
    assert re.search(r'name="dose-recruitment" value="-110"', page)
    here = begun(lab, **{"off": [], "dose-recruitment": "0", "rate-lethality": "80", "place": "25"})
    assert re.search(r'value="25" selected', lab.get(f"/escenarios?from={here}").text)


@pytest.mark.parametrize(
    "fields",
    [
        {"draws": "100000"}, {"draws": "1"}, {"draws": "many"}, {"end": "2099-12"}, {"start": "1999-01"},
        {"start": "2029-01"}, {"seed": "-1"}, {"posterior": "mine"}, {"posterior": "../../etc/passwd"},
        {"off": ["nothing"]}, {"dose-recruitment": "1e300"}, {"dose-recruitment": "nan"},
        {"ready": ["nothing"]}, {"ready": ["half_recruitment", "fewer_arms", "no_arms", "iron_fist"]},
        {"off": [], "dose-recruitment": "0"}, {"lever-legal_share": "7"}, {"place": "99"},
    ],
)  # fmt: skip
def test_what_goes_over_the_limits_is_refused_in_words(lab, fields):
    answer = lab.post("/escenarios", data=LEVERS | fields, follow_redirects=False)
    assert answer.status_code == 400
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    assert "root:" not in answer.text


def test_a_title_is_text_and_nothing_else(lab):
    code = begun(lab, name="<script>alert(1)</script>")
    page = lab.get(f"/escenarios/{code}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_run_waits_is_counted_and_can_be_cancelled(tmp_path):
    client = served(tmp_path, idle=True)
    one, two = begun(client), begun(client, seed="1")
    first, second = (client.get(f"/en/scenarios/{code}").text for code in (one, two))
    assert "<h1>Making the model ready</h1>" in first
    assert "<h1>Waiting for its turn</h1>" in second and "Before this one: 1" in second
    lab_room.write_state(tmp_path / "runs" / "open" / one, "running", 3, 8)
    first = client.get(f"/en/scenarios/{one}").text
    assert "<h1>Simulating</h1>" in first and 'value="3" max="8"' in first
    assert re.search(r"\d seconds so far", first)
    assert client.get(f"/api/v1/runs/{two}").json()["data"]["before"] == 1
    full = client.post("/escenarios", data=LEVERS | {"seed": "2"}, follow_redirects=False)
    assert full.status_code == 429
    done = client.post(f"/escenarios/{one}/cancelar", follow_redirects=False)
    assert done.status_code == 303
    assert client.get(f"/api/v1/runs/{one}").json()["data"]["stopping"]
    assert (tmp_path / "runs" / "open" / one / "stop").exists()
    assert client.post("/en/scenarios/0123456789abcdef/cancel").status_code == 404


def test_what_a_server_that_ended_left_open_goes_with_the_next_start(tmp_path):
    """Of another that still runs it stays; a name that is none of ours is not touched."""
    client = served(tmp_path, idle=True)
    open_ = tmp_path / "runs" / "open"
    gone, lives = begun(client), begun(client, seed="1")
    (open_ / gone / "owner").write_text("999999999 1")
    (open_ / lives / "owner").write_text(files.owner(os.getppid()))
    (open_ / "notes").mkdir()
    again = served(tmp_path, idle=True)
    assert {one.name for one in open_.iterdir()} == {lives, "notes"}
    assert again.get(f"/api/v1/runs/{gone}").status_code == 404
    assert again.get(f"/api/v1/runs/{lives}").json()["data"]["state"] == "waiting"


@pytest.mark.parametrize("end", ["cancelled", "failed"])
def test_a_run_that_ended_ill_is_told_and_then_begun_anew(tmp_path, end):
    client = served(tmp_path, idle=True)
    one = begun(client)
    lab_room.write_state(
        tmp_path / "runs" / "open" / one, end, error=SpecError("a", where="b", fix="c")
    )
    assert client.get(f"/api/v1/runs/{one}").json()["data"]["state"] == end
    assert begun(client) == one  # the same request: the ill end is gone
    assert client.get(f"/api/v1/runs/{one}").json()["data"]["state"] == "waiting"


def test_a_run_asked_to_stop_leaves_nothing_to_show(tmp_path):
    wanted = read(ASKED, Settings(folder=tmp_path))
    (tmp_path / "wanted.json").write_text(wanted.text())
    (tmp_path / "stop").touch()
    lab_room.work(tmp_path, simulated)
    assert json.loads((tmp_path / "progress.json").read_text())["state"] == "cancelled"
    assert not (tmp_path / "manifest.json").exists()


def test_a_simulation_that_fails_says_so(tmp_path):
    def failing(*_given, **_named):
        raise SpecError("It cannot be.", where="here", fix="Do otherwise.")

    wanted = read(ASKED, Settings(folder=tmp_path))
    (tmp_path / "wanted.json").write_text(wanted.text())
    lab_room.work(tmp_path, failing)
    told = json.loads((tmp_path / "progress.json").read_text())
    assert (told["state"], told["what"]) == ("failed", "It cannot be.")


def test_differences_are_paired_draw_by_draw(tmp_path):
    wanted = read(ASKED, Settings(folder=tmp_path))
    results = simulated(
        dict(wanted.scenarios), posterior="system",
        end="2027-12", draws=40, seed=3, progress=lambda *_: None, stop=lambda: False,
    )  # fmt: skip
    rows = outcome(results.sel(month=slice("2027-01", None)))
    rows = rows[rows["year"].isna()].set_index(["scenario", "measure"])
    half = rows.loc[("half", "inegi_homicides_expected")]
    assert half["rel_p05"] == pytest.approx(-0.05)
    assert half["rel_p95"] == pytest.approx(-0.05)
    assert (rows.loc["no_change", ["diff_p05", "diff_p95"]] == 0).all().all()


@pytest.mark.parametrize("code", ["0123456789abcdef", "..%2f..%2fverdicts", "x" * 16, "%00"])
def test_a_bad_permalink_is_refused(lab, code):
    assert lab.get(f"/escenarios/{code}").status_code == 404
    assert lab.get(f"/api/v1/runs/{code}").status_code == 404
    assert lab.get(f"/api/v1/runs/{code}/outcome.csv").status_code == 404


def test_programs_ask_as_readers_do(lab):
    answer = lab.post("/api/v1/runs", json=ASKED)
    assert answer.status_code == 202
    told = lab.get(answer.json()["state"]).json()["data"]
    assert told["state"] == "done"
    assert told["wanted"]["scenarios"]["half"]["change"] == {"recruitment": 0.5}
    assert "recruitment: 0.5" in lab.get(f"{answer.json()['state']}/scenarios.yaml").text
    for wrong in ({}, {"scenarios": {}}, ASKED | {"more": 1}, [1], ASKED | {"draws": 10**9}):
        assert lab.post("/api/v1/runs", json=wrong).status_code == 400
    assert lab.post("/api/v1/runs", content=b"{").status_code == 400
    assert lab.post("/api/v1/runs", content=b"[" * 100_000).status_code == 400
    assert (
        lab.post("/api/v1/runs", json=ASKED, headers={"origin": "https://x.example"}).status_code
        == 403
    )


def test_the_picture_of_the_states_says_what_the_table_of_differences_says(lab):
    code = begun(lab, ready=["half_recruitment"])
    text = lab.get(f"/api/v1/runs/{code}/difference.csv").text
    table = pd.read_csv(io.StringIO(text.lstrip("\ufeff")), dtype={"place": str})
    mine = table[(table["scenario"] == "half_recruitment") & (table["place"] != "00")
                 & (table["measure"] == "inegi_homicides_expected") & (table["year"] == 2027)]  # fmt: skip
    told = lab.get(f"/escenarios/{code}.json?chart=where_half_recruitment&year=2027").json()
    rows = pd.DataFrame(told["rows"], columns=told["columns"]).set_index("place")
    assert len(rows) == 32
    for name in ("p05", "p50", "p95", "rel_p05", "rel_p50", "rel_p95"):
        assert rows[name].to_dict() == pytest.approx(
            mine.set_index("place")[name].to_dict(), rel=1e-5
        )
    page = lab.get(f"/en/scenarios/{code}").text
    assert 'id="chart-where_half_recruitment"' in page
    assert 'id="chart-where_own"' in page
    assert lab.get(f"/escenarios/{code}?year=2031").status_code == 404


def test_the_process_gets_ready_when_the_desk_is_looked_at(folder, reader):
    worker = AtOnce(idle=True)
    settings = Settings(folder=folder / "expected", warm=True)
    client = TestClient(make(settings, worker), base_url="http://localhost")
    assert worker.expected == 0
    client.get("/escenarios")
    assert worker.expected == 1


def test_a_dose_that_some_draws_lack_people_for_is_told_at_the_top(folder, reader):
    def cut(*given, **named):
        short = {"own": {"recruitment": {"draws": 3, "of": 60, "least": 46.2}}}
        return simulated(*given, **named).assign_attrs(doses_cut=json.dumps(short))

    worker = AtOnce()
    worker.give = lambda at: lab_room.work(at, cut)
    app = make(Settings(folder=folder / "cut", warm=False), worker)
    client = TestClient(app, base_url="http://localhost")
    code = begun(client, off=[])
    lead = client.get(f"/en/scenarios/{code}").text.split("<section")[0]
    assert "recruitment −110 persons per week (in 3 of 60 draws fewer, down to 46)." in lead


def test_the_first_task_is_done_before_others_begin():
    """It compiles what all of them run."""
    done = []
    begun = threading.Event()

    def first():
        assert not begun.wait(0.1)
        done.append("first")

    with lab_room.Threads(4) as those:
        told = [those.submit(first), *(those.submit(begun.set) for _ in range(3))]
        told[0].add_done_callback(lambda _: done.append("ended"))
    assert [one.result() for one in told] == [None] * 4
    assert done[0] == "first" and begun.is_set()


@pytest.mark.parametrize("idle", [True, False])
def test_what_is_got_ready_gives_way_to_what_is_asked(monkeypatch, idle):
    """The forecast is made in any case; draws are simulated while nobody waits."""
    done = []

    def simulated(system, draws, stop, finish, **more):
        finish()
        if stop():
            raise StoppedError
        done.append(draws)

    def at_once(work):
        return None, work()

    monkeypatch.setattr("hidra.run.projection.aside", at_once)
    monkeypatch.setattr("hidra.run.projection.forecasts", lambda *a: done.append(a[0]))
    monkeypatch.setattr("hidra.run.projection.simulate", simulated)
    lab_room.prepare(lambda: idle)
    assert {*done} == ({"2024-12", lab_room.DRAWS} if idle else {"2024-12"})
