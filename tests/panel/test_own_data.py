"""An organisation's own table stands beside the official ones, described by a small file."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.data.importing import places_to_fill
from hidra.data.spec import TimeColumns
from hidra.data.spelling import moment, place_code, slug


def test_own_counts_stand_in_the_panel_as_described(hidra, answer, own):
    table, spec = own()
    code, out, err = hidra("data", "import", table, "--spec", spec)
    assert code == 0 and out == ""
    assert "our_killings: 3 rows" in err and "such as 8037 -> 08037" in err
    rows = answer("data", "sql", "SELECT * FROM panel WHERE source = 'our_counts' ORDER BY ALL")
    assert [(r["place"], r["month"], r["value"]) for r in rows] == [
        ("08019", "2024-01", 0),  # a reported zero
        ("08037", "2024-01", 5),
        ("08037", "2024-02", None),  # unknown stays unknown
    ]
    assert {(r["measure"], r["concept"], r["vintage"], r["period"], r["unit"]) for r in rows} == {
        ("our_killings", "persons killed, documented by the organisation", "2026-10-01", "month", "persons")
    }  # fmt: skip


def test_the_printed_example_is_a_working_description(hidra, tmp_path):
    code, example, _ = hidra("data", "import", "--example")
    assert code == 0
    (tmp_path / "spec.yaml").write_text(example, encoding="utf-8")
    (tmp_path / "t.csv").write_text("cve_mun,year,month,killed\n1001,2024,3,2\n")
    assert hidra("data", "import", tmp_path / "t.csv", "--spec", tmp_path / "spec.yaml")[0] == 0


def test_an_absent_row_is_unknown_unless_the_description_says_zero(answer, own):
    sparse = "cve_mun,year,month,killed\n23001,2024,1,1\n23001,2024,3,2\n"
    table, spec = own(sparse)
    answer("data", "import", table, "--spec", spec)
    count = "SELECT count(*) AS n, sum(value) AS s FROM panel_sources WHERE source = '{}'"
    assert answer("data", "sql", count.format("our_counts")) == [{"n": 2, "s": 3}]

    table, spec = own(sparse, source="sparse_counts", missing_means="zero")
    answer("data", "import", table, "--spec", spec)
    # Ten of Quintana Roo's eleven municipalities x three months: Puerto Morelos (23011) was made
    # by a split and gets zeros only from its first row on; other states are not in the table.
    assert answer("data", "sql", count.format("sparse_counts")) == [{"n": 30, "s": 3}]


def test_months_side_by_side_and_latin_1(answer, own):
    months = ["Enero", "Febrero", "Marzo", "Abril", "Mayo", "Junio", "Julio", "Agosto",
              "Septiembre", "Octubre", "Noviembre", "Diciembre"]  # fmt: skip
    text = f'Año,Clave_Ent,{",".join(months)}\n2024,8,"1,234",2,3,4,5,6,7,8,9,,,\n'
    table, spec = own(
        text.encode("latin-1"),
        place={"column": "Clave_Ent", "level": "state"},
        time={"year": "Año", "months": months},
        values=[{"measure": "wide_killings"}],
        thousands=",",
    )
    answer("data", "import", table, "--spec", spec)
    rows = answer(
        "data",
        "sql",
        "SELECT place, month, value FROM panel WHERE measure = 'wide_killings' ORDER BY month",
    )
    assert rows[0] == {"place": "08", "month": "2024-01", "value": 1234}
    assert [r["value"] for r in rows[-3:]] == [None, None, None]  # not yet published is not zero


@pytest.mark.parametrize("kind", ["parquet", "xlsx", "json"])
def test_the_same_table_in_other_formats(answer, own, tmp_path, kind):
    import duckdb

    table, spec = own()
    other = tmp_path / f"table.{kind}"
    if kind == "xlsx":
        other.write_bytes(
            _workbook(
                [
                    ["cve_mun", "year", "month", "killed"],
                    ["08037", 2024, 1, 5],
                    ["08019", 2024, 1, 0],
                ]
            )
        )
    else:
        with duckdb.connect() as con:
            shape = "FORMAT json, ARRAY true" if kind == "json" else "FORMAT parquet"
            con.execute(
                f"COPY (FROM read_csv('{table}', all_varchar = true)) TO '{other}' ({shape})"
            )
    answer("data", "import", other, "--spec", spec)
    rows = answer(
        "data",
        "sql",
        "SELECT place, value FROM panel WHERE source = 'our_counts' AND value IS NOT NULL ORDER BY place",
    )
    assert rows == [{"place": "08019", "value": 0}, {"place": "08037", "value": 5}]


def test_parts_are_added_or_kept_apart_but_an_unknown_part_makes_the_sum_unknown(answer, own):
    text = "cve_ent,year,sex,age,n\n08,2020,F,0-14,1\n08,2020,F,15+,2\n08,2020,M,0-14,3\n08,2020,M,15+,\n"
    table, spec = own(
        text, place={"column": "cve_ent", "level": "state"}, time={"year": "year"},
        values=[{"column": "n", "measure": "killed"}], split_by=["sex"], sum_over=["age"],
    )  # fmt: skip
    answer("data", "import", table, "--spec", spec)
    rows = answer(
        "data",
        "sql",
        "SELECT measure, value, concept, period FROM panel WHERE source = 'our_counts' ORDER BY measure",
    )
    assert [(r["measure"], r["value"], r["period"]) for r in rows] == [
        ("killed_f", 3, "year"),
        ("killed_m", None, "year"),
    ]
    assert rows[0]["concept"].endswith("; sex F")


def test_a_month_nobody_knows_is_kept_apart_and_a_year_nobody_knows_is_reported(answer, own):
    text = "cve_mun,year,month,killed\n08037,1990,1,1\n08037,1990,99,2\n08037,0,99,4\n"
    table, spec = own(
        text, time={"year": "year", "month": "month", "unknown_months": [99], "unknown_years": [0]}
    )
    (receipt,) = answer("data", "import", table, "--spec", spec)
    totals = {one["measure"]: one["total"] for one in receipt["series"]}
    assert totals == {"our_killings": 1, "our_killings_month_unknown": 2}
    said = [note["detail"] for note in receipt["notes"] if note["kind"] == "unknown date"]
    assert any("Year unknown: 4" in words for words in said)


def test_what_was_left_out_is_told_in_spanish(hidra, answer, own):
    text = "cve_mun,year,month,killed\n08037,1990,1,1\n08037,0,99,4\n"
    table, spec = own(
        text, time={"year": "year", "month": "month", "unknown_months": [99], "unknown_years": [0]}
    )
    code, _out, told = hidra("--lang", "es", "data", "import", table, "--spec", spec)
    (receipt,) = answer("data", "import", table, "--spec", spec, "--replace")
    details = [one["detail"] for one in receipt["notes"]]
    assert code == 0 and details and not any(one in told for one in details)
    assert "Año desconocido: 4" in told


def test_every_code_is_known_or_reported(answer, own):
    text = "cve_mun,year,month,killed\n08037,2024,1,1\n08999,2024,1,2\n33999,2024,1,3\n17093,2024,1,4\n"
    table, spec = own(text)
    (receipt,) = answer("data", "import", table, "--spec", spec)
    told = {note["detail"] for note in receipt["notes"]}
    assert any(words.startswith("17093 is in no catalogue") for words in told)
    assert any("municipality not given" in words for words in told)
    assert any("abroad or unknown" in words for words in told)
    assert receipt["series"][0]["total"] == 10  # reported, not dropped
    (found,) = [f for f in answer("data", "check") if f["name"] == "codes known"]
    assert found["verdict"] == "look" and "17093" in found["detail"]


def test_the_same_table_twice_changes_nothing_and_a_newer_one_is_a_new_vintage(
    hidra, answer, own, content
):
    table, spec = own()
    answer("data", "import", table, "--spec", spec)
    before = content()
    assert "already" in hidra("data", "import", table, "--spec", spec)[2]
    assert content() == before

    table, spec = own(
        "cve_mun,year,month,killed\n08037,2024,1,6\n08037,2024,2,1\n", accessed="2026-11-01"
    )
    (receipt,) = answer("data", "import", table, "--spec", spec)
    assert any("has 2 rows" in warning and "had 3" in warning for warning in receipt["warnings"])
    newest = answer("data", "sql", "SELECT sum(value) AS s FROM panel WHERE source = 'our_counts'")
    every = answer("data", "sql", "SELECT count(*) AS n FROM panel_all WHERE source = 'our_counts'")
    assert newest == [{"s": 7}] and every == [{"n": 5}]

    revised = answer("data", "diff", "2026-10-01", "2026-11-01")
    assert [
        (c["place"], c["month"], c["before"], c["after"], c["kind"]) for c in revised["cells"]
    ] == [
        ("08019", "2024-01", 0, None, "vanished"),
        ("08037", "2024-01", 5, 6, "revised"),
        ("08037", "2024-02", None, 1, "now known"),
    ]
    assert revised["years"][0]["change"] == 2 and revised["years"][0]["cells_changed"] == 3
    shrunk = [f for f in answer("data", "check") if f["name"] == "silent shrinking"]
    assert [f["verdict"] for f in shrunk] == ["look"]


def test_a_mistake_is_corrected_with_replace(answer, own):
    table, spec = own()
    answer("data", "import", table, "--spec", spec)
    table, spec = own("cve_mun,year,month,killed\n08037,2024,1,50\n")
    answer("data", "import", table, "--spec", spec, "--replace")
    assert answer(
        "data",
        "sql",
        "SELECT count(*) AS n, sum(value) AS s FROM panel_all WHERE source = 'our_counts'",
    ) == [{"n": 1, "s": 50}]


def test_a_name_with_two_meanings_is_said(answer, own):
    table, spec = own(values=[{"column": "killed", "measure": "inegi_homicides"}])
    (receipt,) = answer("data", "import", table, "--spec", spec)
    assert "never sum them" in receipt["warnings"][0]
    found = [f for f in answer("data", "check") if f["name"] == "one concept per measure"]
    assert [(f["measure"], f["verdict"]) for f in found] == [("inegi_homicides", "look")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("2024", ("2024-01", "year")), ("2023Q2", ("2023-04", "quarter")), ("2014-03", ("2014-03", "month")),
     ("2009-2014", ("2009-01", "2009-2014")), ("2018 Jan-Sep", ("2018-01", "2018 Jan-Sep")),
     ("2024-10 to 2026-02", ("2024-10", "2024-10 to 2026-02"))],
)  # fmt: skip
def test_periods_as_published_keep_their_words(written, meant):
    when = moment([written], TimeColumns(period="p"))
    assert (when.month, when.period) == meant


@given(st.integers(1, 12), st.integers(1900, 2099))
def test_every_month_is_understood_with_and_without_its_zero(month, year):
    time = TimeColumns(year="y", month="m")
    assert moment([str(year), str(month)], time) == moment([str(year), f"{month:02d}"], time)
    assert moment([str(year), str(month)], time).month == f"{year}-{month:02d}"


@given(st.integers(1, 32), st.integers(1, 570))
def test_a_code_comes_back_whatever_zeros_were_lost(state, number):
    code = f"{state:02d}{number:03d}"
    assert place_code(str(int(code)), "municipality") == code
    assert place_code(f"{int(code)}.0", "municipality") == code
    assert place_code(place_code(code, None), None) == code


@given(st.text(min_size=1, max_size=30))
def test_a_slug_is_always_a_name(words):
    assert slug(words) == slug(slug(words))
    assert set(slug(words)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_")


@pytest.mark.parametrize("word", ["Enero", "ENE", "january", "1", "01"])
def test_a_month_may_be_written_in_words(word):
    assert moment(["2024", word], TimeColumns(year="y", month="m")).month == "2024-01"


def test_one_and_four_digits_have_lost_a_zero_and_three_are_refused():
    assert place_code("8", None) == "08" and place_code("8037", None) == "08037"
    with pytest.raises(ValueError, match="level"):
        place_code("803", None)


@pytest.mark.parametrize(
    ("name", "code"), [("Michoacán de Ocampo", "16"), ("MEXICO", "15"), ("cdmx", "09")]
)
def test_a_state_may_be_written_by_its_name(name, code):
    assert place_code(name, "state") == code
    with pytest.raises(ValueError, match=r"place\.recode"):
        place_code(name, "municipality")


def test_an_own_population_makes_municipal_rates(answer, own):
    table, spec = own(
        "cve_mun,year,n\n24059,2024,1000\n",  # of which CONAPO has no figure
        source="our_population",
        time={"year": "year"},
        values={"n": "population"},
    )
    answer("data", "import", table, "--spec", spec)
    table, spec = own("cve_mun,year,month,killed\n24059,2024,1,5\n")
    answer("data", "import", table, "--spec", spec)
    rows = answer(
        "data",
        "sql",
        "SELECT rate, population_source FROM rates WHERE source = 'our_counts'",
    )
    assert rows == [
        {"rate": pytest.approx(5 / 1000 * 1e5 * 366 / 31), "population_source": "our_population"}
    ]


def test_what_leaves_comes_back_the_same(hidra, answer, own, tmp_path):
    table, spec = own()
    answer("data", "import", table, "--spec", spec)
    answer("data", "export", "--to", tmp_path / "out.parquet", "--source", "our_counts")
    _, again = own(
        source="again",
        place={"column": "place"},
        time={"month": "month"},
        values={"value": "our_killings"},
    )
    answer("data", "import", tmp_path / "out.parquet", "--spec", again)
    same = "SELECT place, month, value FROM panel_sources WHERE source = '{}' ORDER BY ALL"
    assert answer("data", "sql", same.format("again")) == answer(
        "data", "sql", same.format("our_counts")
    )


def test_a_table_for_other_programs_has_tabs_and_nothing_cut(hidra):
    code, out, _ = hidra(
        "data",
        "sql",
        "SELECT source, count(*) AS n FROM panel WHERE measure = 'inegi_homicides' GROUP BY 1",
    )
    assert code == 0 and out == "source\tn\nhomicides_inegi_state_month\t8832\n"


def test_the_short_forms_mean_the_same(answer, own):
    table, spec = own(
        "killed,year\n5,2024\n",
        place="00",
        time={"year": "year"},
        values={"killed": "Our-killings"},
    )
    answer("data", "import", table, "--spec", spec)
    rows = answer(
        "data",
        "sql",
        "SELECT place, month, measure, value, period FROM panel WHERE source = 'our_counts'",
    )
    assert rows == [
        {"place": "00", "month": "2024-01", "measure": "Our-killings", "value": 5, "period": "year"}
    ]


def test_the_name_of_a_built_in_table_is_taken(hidra, own, content):
    before = content()
    table, spec = own(source="population_state_year")
    code, _, err = hidra("data", "import", table, "--spec", spec)
    assert code == 2 and "Choose another name" in err and content() == before


def test_the_places_that_get_zeros():
    known = frozenset({"17001", "17034", "08037"})
    assert places_to_fill({"17001": "2010-01"}, known) == [("17001", ""), ("17034", "9999")]


def _workbook(rows: list[list[object]]) -> bytes:
    """A smallest .xlsx: no writer is a dependency of the project."""
    import io
    import zipfile

    cells = "".join(
        "<row>" + "".join(
            f"<c><v>{cell}</v></c>" if isinstance(cell, int) else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
            for cell in row
        ) + "</row>"
        for row in rows
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="Hoja1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, json.loads(json.dumps(text)))
    return buffer.getvalue()
