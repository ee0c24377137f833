"""Bring your spreadsheet: what a table is taken for, what is asked, and that nothing is guessed."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from openpyxl import Workbook

from hidra.charts.words import Words
from hidra.core.errors import HidraError
from hidra.data import geography, panel
from hidra.data.importing import import_table
from hidra.data.propose import propose
from hidra.data.spec import read_spec
from hidra.forecast import history
from hidra.report import sections
from hidra.study import describe
from hidra.web import records
from tests.sources.layouts import dbf_bytes

from . import messy


@pytest.mark.parametrize("make", messy.ALL, ids=lambda one: one.__name__)
def test_a_messy_table_is_read_right_once_its_questions_are_answered(make, tmp_path):
    table = make(tmp_path)
    first = propose(table.path)
    assert {one.key for one in first.open} == set(table.asked)
    found = propose(table.path, table.answers)
    assert not found.open
    assert found.table["series"][0]["total"] == pytest.approx(table.total)
    import_table(table.path, found.spec, spec_text=found.text())
    measure = found.table["series"][0]["measure"]
    rows = panel.rows(measure, exact=True).set_index(["place", "month"])["value"]
    assert rows.sum() == pytest.approx(table.total)
    for key, value in table.cells.items():
        assert rows[key] == value
    told = {written.split(",")[0]: code for written, code, _way in found.matched}
    assert table.matched.items() <= told.items()


@pytest.mark.parametrize("make", messy.ALL, ids=lambda one: one.__name__)
def test_the_description_that_is_written_reads_the_same(make, tmp_path):
    table = make(tmp_path)
    found = propose(table.path, table.answers)
    file = tmp_path / "spec.yaml"
    file.write_text(found.text(), encoding="utf-8")
    assert read_spec(file) == found.spec


def test_all_that_is_open_is_said_at_once_with_its_cell_and_cure(tmp_path):
    found = propose(messy.questions(tmp_path).path)
    said = {one.key: one for one in found.open}
    assert len(said) == 6
    assert "dudas.xlsx, sheet Sheet, C4" in said["value:aprox. 6"].where
    assert said["place:Matamoros"].where.endswith("B4")
    assert {one.value for one in said["place:Matamoros"].choices} == {
        "28022",
        "05017",
        "08044",
        "33",
    }
    assert all(one.fix for one in said.values())


def test_an_answer_that_is_not_offered_is_no_answer(tmp_path):
    table = messy.questions(tmp_path)
    found = propose(table.path, table.answers | {"place:Juárez": "25006"})
    assert [one.key for one in found.open] == ["place:Juárez"]


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_day_over_twelve_says_which_comes_first(tmp_path):
    for day, order in (("15/03/2024", "%d/%m/%Y"), ("03/15/2024", "%m/%d/%Y")):
        table = write(
            tmp_path / "t.csv", "fecha,cve_mun,muertos", f"{day},25006,3", "04/05/2024,25006,4"
        )
        found = propose(table)
        assert not found.open
        assert found.content["time"]["date_format"] == [order]


def test_days_and_months_first_in_one_column_are_a_question(tmp_path):
    table = write(
        tmp_path / "t.csv", "fecha,cve_mun,muertos", "15/03/2024,25006,3", "04/25/2024,25006,4"
    )
    found = propose(table)
    assert "dates" in {one.key for one in found.open}


@pytest.mark.parametrize(
    ("figures", "unit", "open_", "total"),
    [(("1,234", "2"), "persons", set(), 1236), (("1.234", "2"), "persons", set(), 1236),
     (("1.234,5", "2,5"), "index", set(), 1237), (("1,234.5", "2.5"), "index", set(), 1237),
     (("1 234", "2"), "persons", set(), 1236), (("1,234", "2,5"), "index", set(), 3.734),
     (("1,234", "2.5"), "index", set(), 1236.5), (("1,234", "2"), "index", {"mark:,"}, None),
     (("1.234", "2"), "index", {"mark:."}, None)],
)  # fmt: skip
def test_the_signs_of_figures(figures, unit, open_, total, tmp_path):
    lines = [
        f"{state};2023;{one}" for state, one in zip(("Sinaloa", "Sonora"), figures, strict=True)
    ]
    found = propose(write(tmp_path / "t.csv", "entidad;año;valor", *lines), {"unit": unit})
    assert {one.key for one in found.open} == open_
    if total is not None:
        assert found.table["series"][0]["total"] == pytest.approx(total)


def test_excel_numbers_are_days(tmp_path):
    table = write(tmp_path / "t.csv", "fecha,cve_mun,muertos", "45366,25006,3", "45397,25006,4")
    found = propose(table)
    rows = {row["month"]: row["value"] for row in found.table["rows"]}
    assert rows == {"2024-03": 3, "2024-04": 4}


def test_a_printed_total_that_does_not_fit_is_said(tmp_path):
    table = write(
        tmp_path / "t.csv", "año,entidad,víctimas", "2023,Sinaloa,5", "2023,Sonora,6", "Total,,12"
    )
    found = propose(table)
    assert not found.open
    (said,) = [one for one in found.findings if not one.key]
    assert "12" in said.what
    assert "11" in said.what
    assert found.table["series"][0]["total"] == 11


NATION = ("Nacional,2023,11", "Sinaloa,2023,5", "Sonora,2023,6")
SUBTOTALS = ("Sinaloa,2023,5", "Sinaloa,2024,6", "Sinaloa Total,,11", "Sonora,2023,3")


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((*NATION, "Sinaloa,2024,7", "Sonora,2024,8"), None),
        ((*NATION, "Nacional,2024,15", "Sinaloa,2024,7", "Sonora,2024,8"), None),
        ((*NATION, "Nacional,2024,16", "Sinaloa,2024,7", "Sonora,2024,8"), ("16", "15", "C5")),
        ((*NATION, "TOTAL GENERAL,,11"), None),
        ((*NATION, "Suma,,12"), ("12", "11", "C5")),
        ((*SUBTOTALS, "Sonora Total,,3", "Grand Total,,14"), None),
        ((*SUBTOTALS, "Sonora Total,,4", "Grand Total,,14"), ("4", "3", "C6")),
        (("00,2023,11", "25,2023,5", "26,2023,6", "Total,,11"), None),
        (("Sinaloa,2023,5", "Sonora,2023,ND", "Total,2023,9"), None),
        (("Sinaloa,2023,5", "Sonora,2023,ND", "Total,2023,4"), ("4", "5", "C4")),
        (("México,2023,20", "México,2023,9", "Sinaloa,2023,5", "Sonora,2023,6"), None),
    ],
)
def test_totals_are_compared_with_the_rows_they_sum(lines, said, tmp_path):
    found = propose(write(tmp_path / "t.csv", "entidad,año,víctimas", *lines))
    assert not found.open
    problems = [one for one in found.findings if not one.key]
    assert len(problems) == bool(said)
    if said:
        printed, total, cell = said
        assert f"say {printed} for" in problems[0].what and f"sum to {total}." in problems[0].what
        assert problems[0].where.endswith(cell)


def test_a_total_of_one_sex_and_of_both_are_compared_each_with_its_own(tmp_path):
    lines = ("Sinaloa,Hombres,2023,5", "Sinaloa,Mujeres,2023,1", "Sinaloa,Ambos,2023,6",
             "Sonora,Hombres,2023,6", "Sonora,Mujeres,2023,2", "Sonora,Ambos,2023,8",
             "Total,,2023,14", "Total,Hombres,2023,12")  # fmt: skip
    found = propose(write(tmp_path / "t.csv", "entidad,sexo,año,víctimas", *lines))
    (problem,) = [one for one in found.findings if not one.key]
    assert "say 12 for" in problem.what and "sum to 11." in problem.what


@pytest.mark.parametrize(
    ("head", "lines", "asked"),
    [
        ("año", ("2o24", "2023"), ["when:2o24"]),
        ("año", ("2o24", "2o24"), ["when:2o24"]),
        ("fecha", ("2o24", "2023"), ["when:2o24"]),
        ("fecha", ("32/13/2024", "14/12/2024"), ["when:32/13/2024"]),
        ("fecha", ("32/13/2024", "31/14/2024"), ["when:32/13/2024", "when:31/14/2024"]),
        ("año,mes", ("2024,Febero", "2024,Enero"), ["when:Febero"]),
        ("año,mes", ("2o24,Febrero", "2023,Enero"), ["when:2o24"]),
    ],
)
def test_a_typo_in_a_time_is_named_and_its_column_kept(head, lines, asked, tmp_path):
    rows = [f"{state},{when},5" for state, when in zip(("Sinaloa", "Sonora"), lines, strict=True)]
    table = write(tmp_path / "t.csv", f"entidad,{head},víctimas", *rows)
    found = propose(table)
    assert [one.key for one in found.open] == asked
    assert "B2" in found.open[0].where or "C2" in found.open[0].where
    assert not propose(table, dict.fromkeys(asked, "unknown")).open


def test_blank_places_are_asked_and_filled_only_when_told(tmp_path):
    lines = ("entidad,municipio,año,víctimas", "Sinaloa,Culiacán,2023,5", ",Mazatlán,2023,6")
    table = write(tmp_path / "t.csv", *lines)
    assert {one.key for one in propose(table).open} == {"blank:entidad"}
    above = propose(table, {"blank:entidad": "above"})
    assert {row["place"] for row in above.table["rows"]} == {"25006", "25012"}
    out = propose(table, {"blank:entidad": "out"})
    assert {row["place"] for row in out.table["rows"]} == {"25006"}


def test_a_category_written_once_above_its_rows_is_asked(tmp_path):
    lines = ("cve_mun,sexo,edad,2020,2021", "25006,Ambos,0-14,1,2", ",,15+,3,4", ",Hombres,0-14,1,1",
             ",,15+,1,1", "25012,Ambos,0-14,5,6", ",,15+,7,8", ",Hombres,0-14,1,1", ",,15+,1,1")  # fmt: skip
    table = write(tmp_path / "poblacion.csv", *lines)
    told = {"unit": "persons", "blank:cve_mun": "above"}
    assert "blank:sexo" in {one.key for one in propose(table, told).open}
    told |= {"blank:sexo": "above", "rows:edad": "add"}
    found = propose(table, told)
    assert not found.open
    assert found.content["where"] == {"sexo": ["Ambos"]}
    assert found.table["series"][0]["total"] == 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8


def test_sums_among_codes_are_left_out_where_the_reader_says_so(tmp_path):
    lines = ("clave,municipio,2020", "#NAME?,Sinaloa,9", "25 006,Culiacán,4", "25 012,Mazatlán,5")
    table = write(tmp_path / "t.csv", *lines)
    told = {"unit": "persons", "year": "2020"}
    assert {one.key for one in propose(table, told).open} == {"place:#NAME?"}
    found = propose(table, told | {"place:#NAME?": "out"})
    assert not found.open
    assert found.table["series"][0]["total"] == 9
    assert {row["place"] for row in found.table["rows"]} == {"25006", "25012"}


def test_a_town_called_suma_is_no_total(tmp_path):
    lines = ("cvegeo,municipio,2020,2021", "31071,Suma,5,6", "31072,Tahdziú,1,2")
    found = propose(write(tmp_path / "t.csv", *lines), {"unit": "persons"})
    assert found.table["series"][0]["total"] == 14


def test_the_state_of_a_title_tells_names_that_repeat_apart(tmp_path):
    lines = ("Víctimas en Sinaloa,,", "municipio,año,víctimas", "Rosario,2023,5", "Culiacán,2023,6")
    found = propose(write(tmp_path / "t.csv", *lines))
    assert not found.open
    assert {row["place"] for row in found.table["rows"]} == {"25014", "25006"}


@pytest.mark.parametrize(
    ("written", "within", "code", "way"),
    [
        ("CULIACAN", "", "25006", "exact"),
        ("Cd. Juárez", "08", "08037", "short"),
        ("Sta. Catarina", "19", "19048", "abbreviation"),
        ("Guadalajra", "", "14039", "close"),
        ("Alcaldía Iztapalapa", "09", "09007", "short"),
        ("No especificado", "25", "25999", "nowhere"),
        ("Juárez", "", None, "exact"),
        ("Matamoros", "", None, "exact"),
        ("Atlántida del Sur", "", None, "none"),
    ],
)
def test_names_of_municipalities(written, within, code, way):
    found = geography.town_named(written, within)
    assert (found.code, found.way) == (code, way)


@pytest.mark.parametrize(
    ("written", "code"),
    [("N.L.", "19"), ("Edo. de México", "15"), ("Michoacan de Ocampo", "16"), ("Tamaulipsa", "28"),
     ("Q. Roo", "23"), ("DISTRITO FEDERAL", "09"), ("Extranjero", "33")],
)  # fmt: skip
def test_names_of_states(written, code):
    assert geography.state_named(written).code == code


def test_every_name_of_the_catalogue_is_its_own_place():
    names = geography.names()
    wrong = [
        code for code, name in names.items() if geography.town_named(name, code[:2]).code != code
    ]
    repeated = {
        code for code in wrong if len(geography.town_named(names[code], code[:2]).candidates) > 1
    }
    assert set(wrong) == repeated
    assert len(wrong) <= 4  # two pairs of Oaxaca have one name each


def test_the_command_shows_writes_and_imports(hidra, tmp_path):
    table = messy.titled(tmp_path)
    spec = tmp_path / "spec.yaml"
    code, out, err = hidra("data", "import", table.path, "--dry-run", "--write-spec", spec)
    assert code == 0, err
    assert "Guadalajra" in out
    assert yaml.safe_load(spec.read_text())["header_row"] == 4
    assert "# accessed is the day of this file" in spec.read_text()
    assert "accessed is the day of this file" in err
    assert hidra("data", "import", table.path)[0] == 2  # nobody said yes
    code, out, err = hidra("data", "import", table.path, "--yes", "--json")
    assert code == 0, err
    assert json.loads(out)["receipts"][0]["series"][0]["total"] == table.total
    assert hidra("data", "import", table.path, "--spec", spec)[0] == 0


def test_the_command_refuses_with_every_open_question(hidra, tmp_path):
    table = messy.questions(tmp_path)
    code, out, _err = hidra("data", "import", table.path, "--yes")
    assert code == 2
    for key in table.asked:
        assert f"--answer '{key}=" in out
    given = [one for key, value in table.answers.items() for one in ("--answer", f"{key}={value}")]
    assert hidra("data", "import", table.path, "--yes", *given)[0] == 0


def test_an_answer_that_takes_one_kind_alone_is_given_on_the_command_line(hidra, tmp_path):
    rows = [f"{state};2024;{sex};{n}" for state in ("Colima", "Durango", "Sonora")
            for sex, n in (("Hombre", 7), ("Mujer", 3))]  # fmt: skip
    table = write(tmp_path / "victimas.csv", "entidad;año;sexo;victimas", *rows)
    code, out, err = hidra(
        "data", "import", table, "--dry-run", "--json", "--answer", "rows:sexo=only=Mujer"
    )
    assert code == 0, err
    assert json.loads(out)["table"]["series"][0]["total"] == 9


def test_own_counts_stand_in_the_report_and_the_forecast(tmp_path):
    rows = [f"{state};{2019 + at // 12};{at % 12 + 1};{at % 5}" for state in ("Sinaloa", "Sonora")
            for at in range(60)]  # fmt: skip
    table = write(tmp_path / "agresiones.csv", "entidad;año;mes;agresiones", *rows)
    found = propose(table)
    assert not found.open
    import_table(table, found.spec, spec_text=found.text())
    told = describe.brought(SimpleNamespace(end="2030-12"))
    year = told.set_index(["place", "year"])["value"]
    assert year[("25", 2019)] == sum(at % 5 for at in range(12))
    page = sections.brought({"brought": told}, {}, Words("es"))
    assert page.tables[0].rows[0][:2] == ["Sinaloa", f"{year[('25', 2019)]:.0f}"]
    assert history.record("agresiones", "state").places == ("25", "26")


@pytest.mark.parametrize("text", ["[#N/A,b\n1,2\n", "[1, 2", '{"a": [1,}', "[\n"])
def test_what_begins_like_json_and_is_none_is_told(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(HidraError) as told:
        propose(path)
    assert told.value.where == str(path) and told.value.fix


def test_sheets_of_a_workbook_are_series_of_their_own(hidra, tmp_path):
    book = Workbook()
    for at, (name, figure) in enumerate({"Homicidios": 3, "Desaparecidos": 8}.items()):
        page = book.create_sheet(name, at)
        for row in (("Estado", "Año", "Víctimas"), ("Sinaloa", 2023, figure), ("Sonora", 2023, 2)):
            page.append(row)
    book.save(tmp_path / "libro.xlsx")
    for name in ("Homicidios", "Desaparecidos"):
        answers = ("--answer", f"sheet={name}")
        assert hidra("data", "import", tmp_path / "libro.xlsx", "--yes", *answers)[0] == 0
    mine = {one["title"]: one["measure"] for one in panel.own()}
    assert set(mine) == {"libro: Homicidios", "libro: Desaparecidos"}
    assert panel.rows(mine["libro: Desaparecidos"], exact=True)["value"].sum() == 10


def test_kinds_beside_each_other_have_titles_of_their_own(tmp_path):
    heads = "entidad,homicidios 2022,homicidios 2023,feminicidios 2022,feminicidios 2023"
    table = write(tmp_path / "t.csv", heads, "Sinaloa,1,2,3,4", "Sonora,3,4,5,6")
    for kind in ("homicidios", "feminicidios"):
        found = propose(table, {"figures": kind})
        import_table(table, found.spec, spec_text=found.text())
    assert [one["title"] for one in panel.own()] == ["t: feminicidios", "t: homicidios"]


def test_measures_of_one_title_are_told_apart_on_pages_and_in_reports(tmp_path):
    for name in ("uno", "otro"):
        rows = [f"Sinaloa,2023,{month},4" for month in range(1, 13)]
        table = write(tmp_path / f"{name}.csv", "entidad,año,mes,víctimas", *rows)
        found = propose(table, {"title": "Víctimas"})
        import_table(table, found.spec, spec_text=found.text())
    titles = {one.title for one in records.own().values()}
    assert len(titles) == 2 and all(one.startswith("Víctimas (") for one in titles)
    page = sections.brought(
        {"brought": describe.brought(SimpleNamespace(end="2030-12"))}, {}, Words("es")
    )
    assert len({one.title for one in page.tables}) == 2


def test_persons_that_cannot_be_are_refused_and_parts_of_one_remarked(tmp_path):
    table = write(
        tmp_path / "t.csv", "entidad,año,víctimas", "Sinaloa,2023,12.5", "Sonora,2023,1000000000000"
    )
    found = propose(table)
    many, parts = (one for one in found.findings if not one.key)
    assert many.open and many.where.endswith("C3") and not parts.open and parts.where.endswith("C2")
    assert not propose(table, {"unit": "index"}).open


def test_a_place_that_nobody_answered_is_said_to_be_proposed(tmp_path):
    lines = (
        "Entidad,Municipio,año,víctimas",
        "Sinaloa,Culiacán,2023,5",
        "Jalisco,Qwxyz Bmnop,2023,3",
    )
    table = write(tmp_path / "t.csv", *lines)
    found = propose(table)
    assert [way for _written, _code, way in found.matched] == ["apart"]
    key = next(one.key for one in found.findings if one.key.startswith("place:"))
    assert [one[2] for one in propose(table, {key: "14999"}).matched] == ["chosen"]


def test_rows_of_one_place_and_time_say_in_what_they_differ(tmp_path):
    lines = (
        "cve_mun,año,víctimas,fuente",
        "25006,2023,5,una nota",
        "25006,2023,7,otra nota",
        "25012,2023,3,más",
    )
    (asked,) = propose(write(tmp_path / "t.csv", *lines)).open
    assert asked.key == "twice" and "differ in: fuente" in asked.what


DBF = [{"entidad": "Sinaloa", "municipio": "Culiacán", "anio": 2023, "victimas": "5.000"},
       {"entidad": "Coahuila", "municipio": "Torreón", "anio": 2023, "victimas": "7.000"}]  # fmt: skip
FIELDS = (("ENTIDAD", "C", 12), ("MUNICIPIO", "C", 14), ("ANIO", "N", 4), ("VICTIMAS", "N", 9))


@pytest.mark.parametrize(
    ("language", "encoding", "beside"),
    [(0, "utf-8", ""), (0x57, "utf-8", ""), (0x57, "cp1252", ""), (2, "cp850", ""), (0, "cp1252", ""),
     (0, "cp850", "850"), (0x57, "latin-1", "ISO 88591"), (0x57, "utf-8", "UTF-8")],
)  # fmt: skip
@pytest.mark.parametrize("packed", [False, True])
def test_a_dbf_is_read_in_the_letters_it_is_written_in(
    language, encoding, beside, packed, tmp_path
):
    table = tmp_path / "capa.dbf"
    table.write_bytes(dbf_bytes(FIELDS, DBF, language=language, encoding=encoding))
    if beside:
        table.with_suffix(".cpg").write_text(beside)
    if packed:
        with zipfile.ZipFile(tmp_path / "capa.zip", "w") as archive:
            for file in tmp_path.glob("capa.[dc]*"):
                archive.write(file, f"sub/{file.name}")
        table = tmp_path / "capa.zip"
    found = propose(table)
    assert cells(found) == {
        ("25006", "2023-01", "victimas"): 5, ("05035", "2023-01", "victimas"): 7,
    }  # fmt: skip
    assert not found.matched
    assert import_table(table, found.spec).series[0]["total"] == 12


@pytest.mark.parametrize("encoding", ["cp850", "mac-roman"])
@pytest.mark.parametrize("kind", ["csv", "dbf"])
def test_letters_that_look_wrong_are_asked(encoding, kind, tmp_path):
    table = tmp_path / f"t.{kind}"
    rows = [",".join(map(str, one.values())) for one in DBF]
    text = "\n".join(["entidad,municipio,año,víctimas", *rows]).replace(".000", "")
    table.write_bytes(text.encode(encoding) if kind == "csv"
                      else dbf_bytes(FIELDS, DBF, language=0, encoding=encoding))  # fmt: skip
    asked = next(one for one in propose(table).open if one.key == "encoding")
    assert "Culiacán" in next(one.words for one in asked.choices if one.value == encoding)
    found = propose(table, {"encoding": encoding})
    assert not found.matched and len(cells(found)) == 2
    assert found.spec.encoding == encoding and not import_table(table, found.spec).warnings


def test_quotes_of_windows_are_no_wrong_letters(tmp_path):
    table = tmp_path / "t.csv"
    text = "entidad,año,víctimas,nota\nSonora,2023,5,“dos – tres” d’Arc\n"
    table.write_bytes(text.encode("windows-1252"))
    assert "encoding" not in {one.key for one in propose(table).findings}


@pytest.mark.parametrize("broken", ["short", "header"])
def test_a_damaged_dbf_is_told(broken, tmp_path):
    whole = dbf_bytes(FIELDS, DBF)
    table = tmp_path / "t.dbf"
    table.write_bytes(whole[:-30] if broken == "short" else whole[:48] + b"\x20" + whole[49:])
    with pytest.raises(HidraError, match="DBF"):
        propose(table)


def told(folder, name, text, answers=None, encoding="utf-8"):
    """What a small table, written in the form of a publisher, is taken for."""
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return propose(file, {"unit": "events"} | (answers or {}))


def cells(found):
    """The first rows that would come in, by place, month and measure."""
    assert not found.open, [one.key for one in found.open]
    return {
        (one["place"], one["month"], one["measure"]): one["value"] for one in found.table["rows"]
    }


def test_the_day_a_register_was_asked_is_no_day_of_the_facts(tmp_path):
    text = (
        "cve_entidad,entidad,periodo,categoria,conteo,consultado_en\n"
        "14,JALISCO,2019-05,DESAPARECIDA,31,2026-07-09\n25,SINALOA,2019-05,DESAPARECIDA,12,2026-07-09\n"
    )
    found = cells(told(tmp_path, "registro.csv", text))
    assert found == {("14", "2019-05", "registro"): 31, ("25", "2019-05", "registro"): 12}


def test_a_number_of_things_is_a_figure_and_a_rank_is_none(tmp_path):
    text = (
        "Estado,Número de Delitos,Porcentaje,Año,Mes,Ranking\n"
        "Jalisco,902,0.6,2025,Junio,1\nColima,224,0.4,2025,Junio,2\n"
    )
    found = cells(told(tmp_path, "delitos.csv", text))
    assert found[("14", "2025-06", "numero_de_delitos")] == 902 and len(found) == 2
    one = told(
        tmp_path,
        "ids.csv",
        "Número de expediente,Estado,Año,Total\n77,Jalisco,2024,5\n78,Colima,2024,3\n",
    )
    assert sorted(cells(one).values()) == [3, 5]


def test_the_zero_municipality_of_inegi_is_its_state(tmp_path):
    head = "cve_entidad,desc_entidad,cve_municipio,desc_municipio,2022,2023\n"
    text = (
        head
        + "01,Aguascalientes,0,Aguascalientes,41,39\n02,Baja California,0,Baja California,50,52\n"
    )
    found = cells(told(tmp_path, "estatal.csv", text))
    assert {place for place, _month, _name in found} == {"01", "02"}
    assert found["01", "2023-01", "estatal"] == 39
    mixed = (
        head
        + "01,Aguascalientes,0,Total,41,39\n01,Aguascalientes,1,Aguascalientes,30,31\n01,Aguascalientes,2,Asientos,11,8\n"
    )
    asked = told(tmp_path, "mixto.csv", mixed)
    assert [one.key for one in asked.open] == ["place:0"]
    found = cells(told(tmp_path, "mixto.csv", mixed, {"place:0": "out"}))
    assert {place for place, _month, _name in found} == {"01001", "01002"}


def test_an_export_of_inegis_indicators_has_headings_as_long_as_their_path(tmp_path):
    path = "Gobierno, Seguridad y Justicia > Seguridad pública y justicia > Incidencia delictiva > Total de delitos por "
    text = (
        '"Instituto Nacional de Estadística y Geografía (INEGI)"\n""\n"Fecha de consulta: 03/08/2025"\n" "\n'
        f'"Periodos","{path}{"robo o asalto en la calle, en el transporte público o en otro lugar " * 2}"\n'
        '"2022","11903"\n"2023","10204"\n"Notas:"\n'
    )
    found = cells(told(tmp_path, "Indicadores.csv", text, {"place": "00"}, "utf-16-le"))
    assert sorted((month, value) for (_place, month, _name), value in found.items()) == [
        ("2022-01", 11903), ("2023-01", 10204),
    ]  # fmt: skip


def test_rates_alone_are_no_count_and_residents_beside_a_count_are_not_brought(tmp_path):
    text = "cve_estado,anio,tasa_homicidio,tasa_secuestro\n01,2023,6.1,0.2\n02,2023,61.5,0.1\n"
    file = tmp_path / "victimas.csv"
    file.write_text(text, encoding="utf-8")
    assert propose(file).content["unit"] == "index"
    text = "cve_estado,anio,homicidios,poblacion,tasa\n01,2023,98,1461000,6.7\n02,2023,2500,3871000,64.5\n"
    assert {name for _p, _m, name in cells(told(tmp_path, "conteo.csv", text))} == {"homicidios"}


def test_nested_json_is_told_rather_than_counted(tmp_path):
    file = tmp_path / "respuesta.json"
    file.write_text(
        '{"anual": {"2019": 5, "2020": 7}, "espacial": {"JALISCO": 12}}', encoding="utf-8"
    )
    with pytest.raises(HidraError, match="further lists: anual, espacial"):
        propose(file)


def test_an_official_file_is_told_from_somebodys_own(tmp_path):
    months = (
        "ENERO,FEBRERO,MARZO,ABRIL,MAYO,JUNIO,JULIO,AGOSTO,SEPTIEMBRE,OCTUBRE,NOVIEMBRE,DICIEMBRE"
    )
    row = "1997,AGUASCALIENTES,HOMICIDIOS,DOLOSOS,CON ARMA DE FUEGO," + ",".join("123456789012")
    found = told(
        tmp_path, "estatal.csv", f"AÑO,ENTIDAD,MODALIDAD,TIPO,SUBTIPO,{months}\n{row}\n{row}\n"
    )
    assert "sesnsp_old_state" in found.told[0] and "hidra data add" in found.told[0]


def test_a_formula_that_inegi_left_among_codes_is_asked_once(tmp_path):
    towns = {"01001": "Aguascalientes", "01002": "Asientos", "01003": "Calvillo", "01004": "Cosío", "01005": "Jesús María",
             "02001": "Ensenada", "02002": "Mexicali", "02003": "Tecate", "02004": "Tijuana"}  # fmt: skip
    rows = [
        f'" {code[:2]} {code[2:]} ","{name}","{at}","1"'
        for at, (code, name) in enumerate(towns.items())
    ]
    rows.insert(5, '"=CONCATENAR(0,02) ","Baja California","26","4"')
    rows.insert(0, '"=CONCATENAR(0,01) ","Aguascalientes","10","5"')
    head = '"Defunciones por homicidios"\n"Año de registro : 2003"\n\n"","","Enero","Febrero"\n'
    text = head + "\n".join(rows)
    asked = told(tmp_path, "2003.csv", text)
    assert [one.key for one in asked.open] == ["place:=CONCATENAR"]
    found = cells(told(tmp_path, "2003.csv", text, {"place:=CONCATENAR": "out"}))
    assert found["01003", "2003-01", "t_2003"] == 2 and {key[0] for key in found} <= towns.keys()


def test_years_written_with_a_word_before_them_are_columns_of_time(tmp_path):
    text = "federal_entity,year_2022,year_2023\nColima,295.8,285.1\nDurango,130.3,115.9\nChiapas,22.6,21.1\n"
    file = tmp_path / "tasa_delitos.csv"
    file.write_text(text, encoding="utf-8")
    found = propose(file)
    assert found.content["unit"] == "index" and not found.open
    assert found.content["time"] == {"wide": {"year_2022": "2022", "year_2023": "2023"}}


NEW_TOWNS = {
    "whole codes": ("Clave_Ent,Entidad,Cve. Municipio,Municipio", [
        "25,Sinaloa,25006,Culiacán", "25,Sinaloa,25019,Eldorado", "25,Sinaloa,,No especificado",
        "14,Jalisco,14039,Guadalajara", "14,Jalisco,14126,Una Nueva", "24,San Luis Potosí,,",
    ], {"25006", "25019", "25999", "14039", "14126", "24999"}),
    "whole codes, English": ("state,municipality_code", [
        "Sinaloa,25006", "Sinaloa,25020", "Sinaloa,", "Jalisco,14039", "Jalisco,14126", "San Luis Potosí,",
    ], {"25006", "25020", "25999", "14039", "14126", "24999"}),
    "codes of a state": ("state_code,mun_code", ["25,006", "25,019", "25,", "14,039", "14,126", "24,"],
                         {"25006", "25019", "25999", "14039", "14126", "24999"}),
    "names": ("Entidad,Municipio", [
        "Sinaloa,Culiacán", "Sinaloa,Juan José Ríos", "Sinaloa,", "Jalisco,Guadalajara", "Jalisco,Qwxyz Bmnop",
        "San Luis Potosí,",
    ], {"25006", "25020", "25999", "14039", "14999", "24999"}),
}  # fmt: skip


@pytest.mark.parametrize("name", NEW_TOWNS)
def test_a_new_municipality_or_none_stays_in_its_state(name, tmp_path):
    """Codes and names no catalogue has, and blanks beside a state, are kept in sums of the state."""
    head, rows, places = NEW_TOWNS[name]
    file = write(tmp_path / "t.csv", f"year,{head},homicides",
                 *(f"2025,{row},{2**n}" for n, row in enumerate(rows)))  # fmt: skip
    blank = ["Cve. Municipio", "municipality_code", "mun_code", "Municipio"]
    answers = {f"blank:{one}": "unknown" for one in blank} | {"unit": "persons"}
    found = propose(file, answers)
    assert not found.open and found.table["series"][0]["total"] == 63
    import_table(file, found.spec, spec_text=found.text())
    kept = panel.rows(found.table["series"][0]["measure"], exact=True)
    assert set(kept["place"]) == places
    assert kept.groupby(kept["place"].str[:2])["value"].sum().to_dict() == {
        "14": 24,
        "24": 32,
        "25": 7,
    }


def test_a_state_that_is_not_that_of_the_codes_is_left_out(tmp_path):
    """The state a death was registered in may be another: then a blank is of no known state."""
    file = write(tmp_path / "t.csv", "year,state,municipality_code,homicides", "2025,Sinaloa,25006,5",
                 "2025,Jalisco,25012,3", "2025,Jalisco,14039,2", "2025,Sinaloa,,1")  # fmt: skip
    found = propose(file, {"blank:municipality_code": "unknown", "unit": "persons"})
    assert found.spec.place.state is None


def test_municipalities_of_the_catalogue_without_people_of_their_own_have_names():
    assert geography.town_named("Eldorado", "25").code == "25019"
    assert geography.town_named("JUAN JOSE RIOS", "25").code == "25020"
    assert geography.town_named("Villa de Pozos", "24").code == "24059"
    assert set(geography.names()) >= geography.municipalities()


@pytest.mark.parametrize(
    "head", ["Año fiscal,Mes,Entidad,Repatriados", "Fiscal Year,Mes,State,Removals"]
)
def test_fiscal_years_are_never_taken_for_calendar_years_unasked(head, tmp_path):
    name = head.partition(",")[0]
    file = write(
        tmp_path / "t.csv",
        head,
        "2023,Octubre,Sonora,100",
        "2023,Enero,Sonora,200",
        "2024,Octubre,Sonora,70",
    )
    assert f"fiscal:{name}" in {one.key for one in propose(file, {"unit": "persons"}).open}
    found = propose(file, {"unit": "persons", f"fiscal:{name}": "calendar"})
    assert not found.open and found.table["series"][0]["total"] == 370
    found = propose(file, {"unit": "persons", f"fiscal:{name}": "10"})
    assert not found.open and found.spec.time.year_begins == 10
    (series,) = found.table["series"]
    assert (series["first_month"], series["last_month"], series["total"]) == (
        "2022-10",
        "2023-10",
        370,
    )


def test_the_months_of_a_fiscal_year_lie_in_two_calendar_years(tmp_path):
    """US Border encounters: fiscal 2024 began in October 2023; months in short, as published."""
    file = write(
        tmp_path / "t.csv", "Fiscal Year,Month (abbv),Citizenship,Encounter Count",
        "2024,OCT,MEXICO,12", "2024,DEC,MEXICO,15", "2024,JAN,MEXICO,9", "2024,SEP,MEXICO,4",
    )  # fmt: skip
    answers = {"unit": "events", "place": "00", "fiscal:Fiscal Year": "10"}
    (series,) = propose(file, answers).table["series"]
    assert (series["first_month"], series["last_month"], series["total"]) == (
        "2023-10",
        "2024-09",
        40,
    )


def test_whole_fiscal_years_are_refused(tmp_path):
    file = write(tmp_path / "t.csv", "Fiscal Year,State,Removals", "2023,Sonora,3")
    found = propose(file, {"unit": "persons", "fiscal:Fiscal Year": "10"})
    assert [one for one in found.findings if one.stops and "year_begins" in one.what + one.fix]


def test_codes_of_events_are_no_figures(tmp_path):
    file = write(
        tmp_path / "t.csv",
        "event_date,year,time_precision,iso,admin1,admin2,geo_precision,fatalities,timestamp",
        "02 January 2024,2024,1,484,Sinaloa,Culiacan,1,2,1704900000",
        "15 January 2024,2024,1,484,Jalisco,Guadalajara,1,3,1704900001",
        "03 March 2024,2024,2,484,Mexico,Toluca,2,5,1704900002",
    )
    found = propose(file, {"unit": "persons"})
    assert [one["measure"] for one in found.table["series"]] == ["fatalities"]
    assert found.table["series"][0]["total"] == 10


@pytest.mark.parametrize("mark", [" p/", "/p", "*", " (preliminar)", " P", "ᵖ"])
def test_marks_of_notes_behind_years_and_figures_are_no_part_of_them(mark, tmp_path):
    text = f'estado,año,víctimas\nJalisco,2023,90 1/\nJalisco,2024{mark},"1,200*"\nColima,2023,12 (r)\n'
    found = cells(told(tmp_path, "cifras.csv", text))
    assert {key[:2]: value for key, value in found.items()} == {
        ("14", "2023-01"): 90, ("14", "2024-01"): 1200, ("06", "2023-01"): 12,
    }  # fmt: skip
    proposal = propose(tmp_path / "cifras.csv")
    assert any("C2, C3, C4" in one for one in proposal.told)  # nothing is dropped in silence
    assert ("provisional_from" in proposal.content) == (mark != "ᵖ")


@pytest.mark.parametrize("text", ["12 p 3", "1/2", "90 %", "p/", "12 12/", "1,200 personas"])
def test_what_is_no_mark_of_a_note_is_asked(text, tmp_path):
    (tmp_path / "cifras.csv").write_text(
        f'estado,año,víctimas\nJalisco,2023,90\nJalisco,2024,"{text}"\nColima,2023,7\n',
        encoding="utf-8",
    )
    assert f"value:{text}" in {one.key for one in propose(tmp_path / "cifras.csv").open}


@pytest.mark.parametrize("head", [
    "1er trimestre 2024,2do trimestre 2024,3er trimestre 2024,4to trimestre 2024",
    "Primer trimestre de 2024,Segundo trimestre de 2024,Tercer trimestre de 2024,Cuarto trimestre de 2024",
    "Trimestre I 2024,Trimestre II 2024,Trimestre III 2024,Trimestre IV 2024",
    "2024 first quarter,2024 second quarter,2024 third quarter,2024 fourth quarter",
])  # fmt: skip
def test_quarters_in_words_are_columns_of_time(head, tmp_path):
    found = cells(
        told(tmp_path, "victimas.csv", f"entidad,{head}\nJalisco,10,20,30,40\nColima,1,2,3,4\n")
    )
    assert {month: value for (place, month, _name), value in found.items() if place == "14"} == {
        "2024-01": 10, "2024-04": 20, "2024-07": 30, "2024-10": 40,
    }  # fmt: skip


@pytest.mark.parametrize("year", ["2024*", "2024 p/", "2024 (preliminar)"])
def test_a_marked_year_above_its_months_is_read_as_the_others(year, tmp_path):
    text = f"Entidad,2023,,,{year},,\n,Ene,Feb,Mar,Ene,Feb,Mar\nJalisco,1,2,3,4,5,6\n"
    found = cells(told(tmp_path, "victimas.csv", text))
    assert {month: value for (place, month, _name), value in found.items() if place == "14"} == {
        "2023-01": 1, "2023-02": 2, "2023-03": 3, "2024-01": 4, "2024-02": 5, "2024-03": 6,
    }  # fmt: skip


def test_the_same_table_twice_is_the_same_measure(tmp_path):
    file = tmp_path / "casos.csv"
    file.write_text("Entidad,Año,Víctimas\nJalisco,2023,10\nColima,2023,3\n", encoding="utf-8")
    for _time in range(2):
        found = propose(file)
        assert [one["measure"] for one in found.table["series"]] == ["victimas"]
        import_table(file, found.spec, spec_text=found.text())


@pytest.mark.parametrize(
    "answer", [{"unit": "personas"}, {"unidad": "persons"}, {"place:Jalisco": "99"}]
)
def test_an_answer_that_is_none_is_refused(answer, tmp_path):
    file = tmp_path / "casos.csv"
    file.write_text("Entidad,Año,Casos\nJalisco,2023,10\nColima,2023,3\n", encoding="utf-8")
    with pytest.raises(HidraError) as refused:
        propose(file, answer).refuse_other(answer)
    assert (
        next(iter(answer.values())) in refused.value.what
        or next(iter(answer)) in refused.value.what
    )


def test_a_code_kept_as_a_formula_of_text_keeps_its_zero(tmp_path):
    """Spreadsheets keep ="01001"; the names of municipalities alone are of several states."""
    text = (
        'clave,municipio,anio,homicidios\n="01001",Aguascalientes,2023,5\n="08037",Juárez,2023,12\n'
    )
    found = told(tmp_path, "codes.csv", text, {"unit": "persons"})
    assert not found.open
    assert [row["place"] for row in found.table["rows"]] == ["01001", "08037"]


def test_totals_as_the_old_police_statistics_write_them_are_left_out(tmp_path):
    rows = [f"2005,{state},{month},3" for state in ("Jalisco", "Sonora")
            for month in ("Enero", "Febrero", "Total")]  # fmt: skip
    text = "\n".join(["anio,entidad,mes,homicidios", *rows, "2005,Totalestados,Totgeneral,12"])
    found = told(tmp_path, "BD05.csv", text, {"unit": "persons"})
    assert not found.open and len(cells(found)) == 4


def test_whether_persons_are_whole_is_asked_of_persons_only(tmp_path):
    text = "entidad,anio,valor\nJalisco,2023,2.5\nSonora,2023,3.1\n"
    open_ = told(tmp_path, "one.csv", text, {"unit": ""})
    assert [one.key for one in open_.open] == ["unit"]
    assert not any("counted whole" in one.what for one in open_.findings)
    assert any("counted whole" in one.what
               for one in told(tmp_path, "two.csv", text, {"unit": "persons"}).findings)  # fmt: skip


def test_events_with_few_words_are_rows_and_no_notes(tmp_path):
    """Columns that are seldom filled made 9 of 30 events notes below the table."""
    empty = "," * 6
    rows = [f"2024-{1 + at % 12:02d}-05,León,Guanajuato{'x'.join(empty) if at == 20 else empty}"
            for at in range(30)]  # fmt: skip
    text = "\n".join(["fecha,municipio,estado,a,b,c,d,e,f", *rows])
    found = told(tmp_path, "events.csv", text)
    assert not any("notes" in one for one in found.told)
    assert not found.open and found.table["series"][0]["total"] == 30
