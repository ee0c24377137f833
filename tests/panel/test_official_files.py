"""Official files on their way in: recognised, kept by date, whole or not at all."""

from __future__ import annotations

import datetime
import json
import signal
import subprocess
import sys

import pytest

from hidra.data import fetch, keeping
from hidra.data.fetch import RegistryFile

from ..sources.layouts import death, deaths_zip, sesnsp_text
from ..sources.server import FlakyServer

LIFE = "La vida y la Integridad corporal"
SUM = "SELECT sum(value) AS s FROM panel WHERE source = '{}' AND measure = '{}' AND place = '{}'"


def cut(path, march):
    """A municipal cut of the SESNSP: January to March 2025, March to be revised."""
    cells = (
        2025,
        25,
        "Sinaloa",
        25006,
        "Culiacán",
        LIFE,
        "Homicidio",
        "Homicidio doloso",
        "Con arma de fuego",
    )
    text = sesnsp_text([(*cells, 40, 50, march, *[""] * 9)], municipal=True, victims=False)
    path.write_bytes(text.encode("latin-1"))
    return path


def april(path):
    """A later cut: March revised to 75, and April."""
    text = cut(path, 75).read_bytes().decode("latin-1")
    path.write_bytes(text.replace(",75,,", ",75,80,").encode("latin-1"))
    return path


def edition(path, year, *places):
    rows = [death(place, "X95", f"{year}-03", f"{year}-04") for place in places]
    return deaths_zip(path, year, [*rows, death(places[0], "I21", f"{year}-03", f"{year}-03")])


def test_parts_of_a_series_are_read_together(answer, tmp_path, folder):
    answer(
        "data",
        "add",
        edition(tmp_path / "a.zip", 2025, "08037", "08037"),
        "--accessed",
        "2026-11-20",
    )
    answer("data", "add", edition(tmp_path / "b.zip", 2026, "25006"), "--accessed", "2026-11-20")
    found = answer("data", "sql", SUM.format("inegi_deaths", "inegi_homicides", "00"))
    assert found == [{"s": 3}]
    kept = {path.name for path in (folder / "files" / "inegi_deaths").rglob("*.zip")}
    assert kept == {"a.zip", "b.zip"}
    (status,) = [one for one in answer("data", "status") if one["name"] == "inegi_deaths"]
    assert status["state"] == "added" and status["vintage"] == "2026-11-20"
    (cited,) = [one for one in answer("data", "cite") if one["name"] == "inegi_deaths"]
    assert "INEGI" in cited["publisher"] and cited["terms"]


def test_what_did_this_cut_revise(answer, tmp_path):
    answer("data", "add", cut(tmp_path / "IDM_NM_mar25.csv", 30), "--accessed", "2025-04-20")
    first = answer("data", "status")
    vintage = next(one["vintage"] for one in first if one["name"] == "sesnsp_cases")
    later = cut(tmp_path / "later.csv", 36)
    later.write_bytes(later.read_bytes().replace(b"36,,", b"36,20,"))
    answer("data", "add", later, "--accessed", "2025-05-20")
    newer = next(
        one["vintage"] for one in answer("data", "status") if one["name"] == "sesnsp_cases"
    )
    assert newer > vintage
    revised = answer("data", "diff", vintage, newer, "--measure", "sesnsp_homicide_files")
    town = [cell for cell in revised["cells"] if cell["place"] == "25006"]
    assert [(c["month"], c["before"], c["after"], c["kind"]) for c in town] == [
        ("2025-03", 30, 36, "revised"),
        ("2025-04", None, 20, "new"),
    ]


def test_a_page_in_place_of_the_file_changes_nothing(hidra, content, tmp_path):
    before = content()
    page = tmp_path / "IDM_NM_dic25.csv"
    page.write_text("<html><body>Esta liga ya no existe</body></html>")
    code, out, err = hidra("data", "add", page)
    assert code == 3 and out == "" and "web page" in err and "IDM_NM_dic25.csv, row 1" in err
    assert content() == before


def test_a_broken_row_in_an_official_file_changes_nothing(hidra, answer, content, tmp_path, folder):
    answer("data", "add", edition(tmp_path / "a.zip", 2025, "08037"), "--accessed", "2026-11-20")
    before = content()
    broken = edition(tmp_path / "b.zip", 2026, "08037")
    broken.write_bytes(broken.read_bytes()[:-600])
    code, _, err = hidra("data", "add", broken)
    assert code == 3 and "b.zip" in err and "what to do: " in err
    assert content() == before
    assert {path.name for path in (folder / "files").rglob("*.zip")} == {"a.zip"}


def test_killed_while_a_part_is_kept_nothing_counts_and_nothing_is_lost(
    answer, content, tmp_path, folder
):
    answer("data", "add", edition(tmp_path / "a.zip", 2025, "08037"), "--accessed", "2026-11-20")
    before = content()
    part = edition(tmp_path / "b.zip", 2026, "25006")
    code = (
        "import os, signal, sys; from pathlib import Path; from hidra.data import keeping\n"
        "keeping.fetch.keep = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "keeping.add(Path(sys.argv[1]), accessed='2026-11-20')"
    )
    done = subprocess.run([sys.executable, "-c", code, str(part)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert content() == before
    answer("data", "add", part, "--accessed", "2026-11-20")
    found = answer("data", "sql", SUM.format("inegi_deaths", "inegi_homicides", "00"))
    assert found == [{"s": 2}]


@pytest.fixture
def publisher(monkeypatch, tmp_path):
    """A publisher's server with one edition; the registry points at it."""
    with FlakyServer() as server:
        server.bodies["/a.zip"] = edition(tmp_path / "a.zip", 2026, "08037", "25006").read_bytes()
        one = RegistryFile(
            "inegi_deaths", "a.zip", (f"{server.address}/a.zip",), None, None, 2026, 2026, ""
        )
        monkeypatch.setattr(fetch, "files", lambda *_, **__: [one])
        yield server


def test_fetched_files_are_in_the_panel_and_serve_offline_after(answer, publisher, content):
    answer("data", "fetch", "inegi_deaths")
    found = answer("data", "sql", SUM.format("inegi_deaths", "inegi_homicides", "00"))
    assert found == [{"s": 2}]
    asked, before = len(publisher.asked), content()
    (receipt,) = answer("data", "fetch", "inegi_deaths", "--offline")
    assert receipt["rows"] == 0 and len(publisher.asked) == asked and content() == before


def test_a_server_that_gives_a_page_changes_nothing(hidra, publisher, content):
    before = content()
    publisher.manner["/a.zip"] = ["page"] * 9
    code, out, err = hidra("data", "fetch", "inegi_deaths")
    assert code == 3 and out == "" and "web page" in err
    assert content() == before


@pytest.fixture
def cuts(monkeypatch, tmp_path):
    """A publisher that cuts municipal files anew each month: February and March of 2025."""
    with FlakyServer() as server:
        for name, march in (("2025-02", 60), ("2025-03", 75)):
            server.bodies[f"/{name}.csv"] = cut(tmp_path / f"{name}.csv", march).read_bytes()

        def files(source, *, years=None, cut=None):
            name = f"{cut or '2025-02'}.csv"
            address = f"{server.address}/{name}"
            return [RegistryFile(source, name, (address,), None, None, 2015, 2025, "")]

        monkeypatch.setattr(fetch, "files", files)
        monkeypatch.setattr(fetch, "cut_of", lambda name: "2025-02")
        monkeypatch.setattr(keeping, "SLOW", ("rnpdno",))
        yield server


def test_an_update_takes_the_newest_cut_and_says_what_it_revised(cuts, tmp_path, content):
    march = datetime.date(2025, 4, 20)
    cuts.bodies.pop("/2025-03.csv")
    [first] = keeping.update(["sesnsp_cases"], today=march)
    assert first.failed == "" and first.vintages == ["2025-03-31"] and first.rows
    new = [one for one in first.changes if one["measure"] == "sesnsp_homicide_files"]
    assert [(one["kind"], one["first"], one["last"]) for one in new] == [
        ("new", "2025-01", "2025-03")
    ]
    cuts.bodies["/2025-03.csv"] = april(tmp_path / "later.csv").read_bytes()
    assert keeping.held() == ["sesnsp_cases"]
    [second] = keeping.update(today=march)
    told = {one["kind"]: one for one in second.changes if one["measure"] == "sesnsp_homicide_files"}
    assert (told["revised"]["before"], told["revised"]["after"]) == (150, 165)
    assert told["revised"]["change"] == 15 and told["revised"]["level"] == "state"
    assert (told["revised"]["against"], told["revised"]["since"]) == ("sesnsp_cases", "2025-03-31")
    assert (told["new"]["first"], told["new"]["last"]) == ("2025-04", "2025-04")


def test_an_update_without_news_or_network_changes_nothing(cuts, content, hidra):
    day = datetime.date(2025, 4, 20)
    keeping.update(["sesnsp_cases"], today=day)
    before, asked = content(), len(cuts.asked)
    [again] = keeping.update(today=day)
    assert again.rows == 0 and again.changes == [] and content() == before
    asked = len(cuts.asked)
    [offline] = keeping.update(offline=True, today=day)
    assert offline.rows == 0 and offline.vintages == again.vintages and len(cuts.asked) == asked
    for name in list(cuts.bodies):
        cuts.bodies.pop(name)
    [failed] = keeping.update(today=day)
    assert "2025-02" in failed.failed and content() == before
    code, out, err = hidra("update")
    assert code == 3 and "sesnsp_cases: not updated" in out and "holds what it held" in err


def test_an_update_of_nothing_says_what_there_is(hidra):
    code, out, err = hidra("update")
    assert code == 0 and out == "" and "sesnsp_victims" in err and "--all" in err


def test_a_source_that_is_asked_for_says_how(hidra):
    code, _, err = hidra("data", "fetch", "trejo_ley")
    assert code == 3 and "hidra data add FILE" in err


def test_outlines_have_tables_of_their_own_and_name_the_codes(answer, tmp_path):
    square = [[[-106, 31], [-105, 31], [-105, 32], [-106, 32], [-106, 31]]]
    places = [
        {"type": "Feature", "properties": {"cvegeo": code, "nomgeo": name},
         "geometry": {"type": "Polygon", "coordinates": square}}
        for code, name in (("08037", "Juárez"), ("08068", "A new one"))
    ]  # fmt: skip
    file = tmp_path / "08.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": places}))
    answer("data", "add", file, "--accessed", "2026-11-20")
    rows = answer("data", "sql", "SELECT place, name FROM inegi_geography_places ORDER BY place")
    assert rows == [{"place": "08037", "name": "Juárez"}, {"place": "08068", "name": "A new one"}]
    (entry,) = [one for one in answer("data", "status") if one["name"] == "inegi_geography"]
    assert (entry["state"], entry["vintage"]) == ("added", "2026-11-20") and entry["rows"] > 0


def test_the_same_file_twice_keeps_its_source(answer, tmp_path):
    """A second `data add` of the same edition dropped whom the rows came from."""
    file = edition(tmp_path / "a.zip", 2026, "08037")
    for _time in range(2):
        answer("data", "add", file, "--accessed", "2027-11-20")
        cited = {one["name"]: one for one in answer("data", "cite")}
        assert "INEGI" in cited["inegi_deaths"]["publisher"]
    assert answer("data", "add", file, "--accessed", "2027-11-20")[0]["rows"] == 0


def test_a_part_of_a_national_file_is_not_the_nation(hidra, answer, tmp_path, folder):
    """Deaths of one state, cut out by somebody, became the nation with final small figures."""
    code, _out, error = hidra("data", "add", edition(tmp_path / "a.zip", 2018, "14039"))
    assert code == 4
    assert "'inegi_homicides' of 2018 is 1 for the nation" in error and "holds a part" in error
    assert "hidra data import FILE" in error
    assert not list((folder / "files").rglob("*.zip"))
    assert [one for one in answer("data", "status") if one["state"] == "added"] == []


def test_a_state_of_some_of_its_municipalities_is_named(answer, tmp_path):
    (told,) = answer("data", "add", cut(tmp_path / "IDM_NM_mar25.csv", 30))
    assert any(
        "Sinaloa (25): 1 of 20 municipalities are in the file" in one for one in told["warnings"]
    )
    (again,) = answer("data", "add", cut(tmp_path / "IDM_NM_mar25.csv", 30))
    assert again["warnings"] == []


def test_a_source_is_taken_out_and_brought_again(hidra, answer, content, tmp_path, folder):
    before = content()
    wrong, right = (
        edition(tmp_path / f"{name}.zip", 2026, *places)
        for name, places in (("wrong", ["08037", "08037"]), ("right", ["08037"]))
    )
    answer("data", "add", wrong, "--accessed", "2027-11-20")
    code, _out, error = hidra("data", "remove", "inegi_deaths")
    assert code == 2 and "Nothing was taken out" in error and "--yes" in error
    gone = answer("data", "remove", "inegi_deaths", "--yes")
    assert ("inegi_homicides", "2027-11-20") in {(one["measure"], one["vintage"]) for one in gone}
    assert content() == before
    assert not (folder / "files" / "inegi_deaths").exists()
    answer("data", "add", right, "--accessed", "2027-11-20")
    assert answer("data", "sql", SUM.format("inegi_deaths", "inegi_homicides", "00")) == [{"s": 1}]
    code, _out, error = hidra("data", "remove", "inegi_death", "--yes")
    assert code == 2 and "Did you mean inegi_deaths?" in error


def test_one_cut_is_taken_out_and_the_one_before_it_stands(hidra, answer, tmp_path):
    march = "SELECT value FROM panel WHERE place = '25006' AND month = '2025-03' LIMIT 1"
    answer("data", "add", cut(tmp_path / "IDM_NM_mar25.csv", 30))
    (first,) = answer("data", "sql", march)
    answer("data", "add", april(tmp_path / "IDM_NM_abr25.csv"))
    assert answer("data", "sql", march) != [first]
    newest = answer(
        "data", "sql", "SELECT max(vintage) AS v FROM panel WHERE source = 'sesnsp_cases'"
    )
    code, out, error = hidra("data", "remove", "sesnsp_cases", "--cut", newest[0]["v"], "--yes")
    assert code == 0 and "rows taken out" in out and "The panel is now" in error
    assert answer("data", "sql", march) == [first]
