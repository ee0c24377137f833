"""The library: every claim says who, where, when and what would refute it, and carries numbers."""

import json
import re

import pytest

from hidra.claims.ask import data, rows
from hidra.claims.claim import KINDS, VERDICTS, Result, claim, claims, read
from hidra.claims.designs import Design
from hidra.claims.designs.rules import Found
from hidra.claims.page import write_pages
from hidra.claims.run import run, span_of, together
from hidra.cli import main
from hidra.core.errors import SpecError

SEEDS = {f"A{n}" for n in range(1, 15)} | {f"B{n}" for n in range(1, 13)} | {
    f"C{n}" for n in range(1, 10)
}  # fmt: skip
MAPPING = {
    "CONFIRMED": "supported", "UNDERSTATED": "supported", "PARTLY": "partly",
    "WRONG": "contradicted", "NOT FOUND": "not supported", "OPEN": "not testable with these data",
}  # fmt: skip
TABLE = {
    "A1": "CONFIRMED", "A2": "CONFIRMED", "A3": "PARTLY", "A4": "UNDERSTATED", "A5": "UNDERSTATED",
    "A6": "CONFIRMED", "A7": "OPEN", "A8": "PARTLY", "A9": "PARTLY", "A10": "WRONG",
    "A11": "WRONG", "A12": "WRONG", "A13": "NOT FOUND", "A14": "PARTLY", "B1": "PARTLY",
    "B2": "CONFIRMED", "B6": "OPEN", "C9": "OPEN",
    "B3": "CONFIRMED", "B4": "PARTLY", "B5": "PARTLY", "B7": "OPEN", "B8": "OPEN",
    "B9": "PARTLY", "B10": "OPEN", "B11": "OPEN", "B12": "PARTLY", "C1": "OPEN",
    "C2": "CONFIRMED", "C3": "PARTLY", "C4": "OPEN", "C5": "OPEN", "C6": "OPEN",
    "C7": "OPEN", "C8": "CONFIRMED",
}  # fmt: skip


@pytest.fixture(scope="module")
def con():
    with data() as con:
        yield con


@pytest.mark.parametrize("one", claims(), ids=lambda one: one.id)
def test_a_claim_is_whole(one):
    assert one.kind in KINDS and one.strength in ("high", "medium", "low")
    assert one.said_by and one.said_in
    for text in (one.statement, one.against, one.caveats):
        assert all(text[lang].strip() for lang in ("es", "en"))
        assert text["es"] != text["en"]


def test_the_library_holds_every_seed_and_many_more():
    assert {one.seed for one in claims()} - {""} <= SEEDS
    assert len([one for one in claims() if not one.seed]) >= 25
    assert len({one.id for one in claims()}) == len(claims())


@pytest.mark.parametrize(("seed", "word"), TABLE.items())
def test_verdicts_of_the_seeds_are_those_worked_out_by_hand(con, seed, word):
    found = {run(con, one).verdict for one in claims() if one.seed == seed}
    assert found == {MAPPING[word]}


def test_no_verdict_is_written_in_a_file():
    for one in claims():
        assert "verdict" not in json.dumps(one.test)


def test_official_fall_since_2018_mixes_two_sources(con):
    # The public figure of -18.3 % takes 2018 from INEGI and 2024 from SESNSP.
    result = run(con, claim("official-fall-18-2018-2024"))
    assert result.verdict == "partly"
    assert "INEGI 2018 → SESNSP 2024" in result.source
    same = [one.value for one in result.readings if one.rank == "primary"]
    assert [round(value, 1) for value in sorted(same)] == [-11.2, -8.8]


@pytest.mark.parametrize(("name", "said"), [("official-fall-37", -37), ("official-fall-32", -32)])
def test_the_official_fall_is_judged_by_what_was_told_and_set_beside_other_bases(con, name, said):
    result = run(con, claim(name))
    assert result.verdict == "supported"
    told = next(one for one in result.readings if one.rank == "primary")
    assert round(told.value) == said and told.quoted
    mean, own = (one for one in result.readings if one.rank == "other")
    assert told.value < mean.value < own.value < 0  # September 2024 was high; ours ends in June
    assert not own.quoted and own.source.endswith("2025-06")


def test_the_first_release_of_2024_is_told_from_the_final_figure(con):
    first = run(con, claim("homicides-2024-33241"))
    assert first.verdict == "partly" and "first release" in first.source
    told = {one.value: one.rank for one in first.readings}
    assert told[33_550] == "primary" and told[33_241] == "other"


SUMS = re.compile(r"\bFROM (panel|panel_\w+|counted)\b(?![^)]*\bplace\s*(=|IN))", re.DOTALL)


def test_no_claim_sums_a_view_that_holds_several_levels():
    for one in claims():
        for query in queries(one.test):
            assert not SUMS.search(query), one.id


def queries(test):
    """Every SELECT within the test of a claim."""
    if isinstance(test, dict):
        return [
            text
            for key, value in test.items()
            for text in ([value] if key == "sql" else queries(value))
        ]
    return [text for part in test for text in queries(part)] if isinstance(test, list) else []


def test_towns_and_states_brought_beside_the_nation_count_nobody_twice(tmp_path, monkeypatch):
    from hidra.data.importing import import_table
    from hidra.data.spec import read_spec

    named = ("base-month-is-high", "guanajuato-most-homicides", "seven-states-half")
    with data() as con:
        before = {one: values(con, one) for one in named}
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path / "home"))
    table, spec = tmp_path / "t.csv", tmp_path / "t.yaml"
    rows = [f"{code:02d}{town},2024-{m:02d},{n}" for code in range(1, 33) for m in range(1, 13)
            for town, n in (("001", 40), ("002", 60), ("", 100))]  # fmt: skip
    rows += [f"00,2024-{m:02d},3200" for m in range(1, 13)]
    table.write_text("\n".join(["place,month,persons", *rows]))
    spec.write_text(
        "source: every_level\ntitle: every level\npublisher: test\nterms: none\n"
        "accessed: 2026-11-20\nconcept: victims in case files, month of the file\n"
        "unit: persons\nplace: {column: place}\ntime: {month: month}\n"
        "values: [{column: persons, measure: sesnsp_homicide_victims}]\n"
    )
    import_table(table, read_spec(spec), spec_text=spec.read_text())
    with data() as con:
        assert rows_of(con, "SELECT count(DISTINCT level(place)) AS n FROM panel WHERE "
                            "measure = 'sesnsp_homicide_victims' AND month = '2024-09'") == 3  # fmt: skip
        after = {one: values(con, one) for one in named}
    assert before["base-month-is-high"] != after["base-month-is-high"]
    assert after["base-month-is-high"] == [pytest.approx(1.017, abs=0.001)]
    assert after["seven-states-half"] == [pytest.approx(700 / 32)]


def values(con, name):
    """What the readings of a claim say."""
    return [one.value for one in run(con, claim(name)).readings]


def rows_of(con, query):
    """The one number a query gives."""
    return next(iter(rows(con, query)[0].values()))


def test_calderon_148_depends_on_the_base(con):
    result = run(con, claim("homicides-calderon-148"))
    told = {round(one.value, 1): one.rank for one in result.readings}
    assert told[148.4] == "primary" and told[192.8] == "other"
    assert run(con, claim("official-calderon-192")).verdict == "partly"


def test_a_test_only_reads(con):
    for query in ("DROP TABLE counted", "SELECT 1; SELECT 2", "COPY place TO 'x.csv'"):
        with pytest.raises(SpecError):
            rows(con, query)
    with pytest.raises(SpecError):
        rows(con, "SELECT * FROM read_text('/etc/hostname')")
    assert rows(con, "SELECT count(*) AS n FROM place") == [{"n": 32}]


def test_a_design_is_computed_once_for_the_same_data(con, monkeypatch, tmp_path):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path))
    counted = []

    def design():
        counted.append(1)
        row = {
            "name": "a",
            "en": "x",
            "es": "y",
            "n": 3,
            "estimate": 0.1,
            "low": 0.0,
            "high": 0.2,
            "main": True,
        }
        return Found("partly", {"en": "so", "es": "así"}, 1.0, "us", {"n": 3}, [row])

    code = ["as it is"]
    monkeypatch.setattr(
        "hidra.claims.designs.design", lambda name, folder: Design(name, design, code[0])
    )
    one = claim("dickenson-415")
    first, second = run(con, one), run(con, one)
    assert first == second and len(counted) == 1
    assert first.strip[0]["n"] == 3
    run(con, one, fresh=True)
    assert len(counted) == 2
    monkeypatch.setattr("hidra.claims.designs.vintage", lambda _: "other data")
    assert run(con, one).vintage == "other data"
    assert len(counted) == 3
    code[0] = "edited"
    run(con, one), run(con, one)
    assert len(counted) == 4


def test_pages_of_all_claims_in_both_languages(con, tmp_path):
    done = [(one, run(con, one)) for one in claims() if "design" not in one.test][:5]
    told = []

    def draw(result, lang):
        told.append(lang)
        return ["<svg></svg>", "<svg></svg>"]

    row = {
        "name": "a",
        "en": "municipality",
        "es": "municipio",
        "n": 3,
        "estimate": 0.476,
        "low": -0.01,
        "high": 1.2,
        "main": True,
    }
    done.append((claim("dickenson-415"), Result("dickenson-415", "partly", {"en": "so", "es": "así"}, strip=(row,),
                                                figures={"change, months 0-5": (47.6, -1.0, 120.0)})))  # fmt: skip
    lists = write_pages(done, tmp_path, draw)
    assert [str(one.relative_to(tmp_path)) for one in lists] == ["es/index.html", "en/index.html"]
    assert told == ["es", "en"]  # only a design with a strip is drawn
    spanish = (tmp_path / "es" / "dickenson-415.html").read_text("utf-8")
    assert "municipio" in spanish and "+48 % (\u22121 a +120)" in spanish
    assert "cambio, meses 0-5" in spanish and "+48 % (90 %: \u22121.0 % a +120 %)" in spanish
    assert spanish.count("<svg") == 2 and "../en/dickenson-415.html" in spanish
    for lang in ("en", "es"):
        text = (tmp_path / lang / "index.html").read_text("utf-8")
        assert all(f'href="{one.id}.html"' in text for one, _ in done)
        assert "<script" not in text and "http" not in text


def test_a_wrong_file_is_told_in_words(tmp_path):
    for text in ("[", "a: 1", "id: x\nkind: rumour"):
        with pytest.raises(SpecError):
            read(text, "x.yaml")
    with pytest.raises(SpecError) as error:
        claim("homicides-since-207")
    assert "homicides-since-2007" in error.value.fix
    with pytest.raises(SpecError):
        claim(str(tmp_path / "none.yaml"))


def test_a_new_claim_runs_as_it_is(tmp_path, capsys):
    file = tmp_path / "mine.yaml"
    assert main(["claims", "new", str(file)]) == 0
    assert main(["claims", "new", str(file)]) == 6  # never overwritten, as every new file
    capsys.readouterr()
    page = tmp_path / "mine.html"
    assert main(["claims", "show", str(file), "--json", "--out", str(page)]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["verdict"] == "supported" and shown["ours"] > 30_000
    text = page.read_text(encoding="utf-8")
    assert "supported" in text and "<script" not in text and "http-equiv" not in text


def test_claims_are_listed_in_both_languages(capsys):
    assert main(["claims", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert len(listed) == len(claims())
    assert main(["claims", "list", "--lang", "es"]) == 0
    assert "[cifra]" in capsys.readouterr().out


def test_verdicts_stay_english_in_json_whatever_the_language(capsys):
    assert main(["claims", "run", "homicides-since-2007", "--json", "--lang", "es"]) == 0
    [one] = json.loads(capsys.readouterr().out)
    assert one["verdict"] in VERDICTS and "Se sostiene" in one["why"]["es"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2006", "2006-01", "2006-12"), ("2007..2012", "2007-01", "2012-12"),
     ("2024-09", "2024-09", "2024-09"), ("2006-12..2012-11 term", "2006-12", "2012-11")],
)  # fmt: skip
def test_periods_of_files(text, first, last):
    span = span_of(text)
    assert (span.first, span.last) == (first, last)


def test_what_the_parts_of_a_claim_read_has_one_unit():
    """Readings of all parts stand in one table."""
    assert all(
        one.unit for one in claims() if any("stated" in p for p in one.test.get("parts", ()))
    )


def test_parts_make_a_whole():
    assert together(["supported", "supported"]) == "supported"
    assert together(["supported", "not testable with these data"]) == "partly"
    assert together(["contradicted", "not testable with these data"]) == "contradicted"
