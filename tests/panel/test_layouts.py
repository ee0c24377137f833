"""Layouts of tables that nobody here wrote: each is read right, or asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook

from hidra.data.propose import propose


def table(folder: Path, text: str, answers=None, encoding="utf-8"):
    """What a small table is taken for; its lines are parted by slashes set apart."""
    file = folder / "tabla.csv"
    file.write_bytes("\n".join(text.split(" / ")).encode(encoding))
    return propose(file, {"unit": "persons"} | (answers or {}))


def sheet(folder: Path, rows, merged=(), answers=None, name="tabla.xlsx"):
    """What a sheet with merged cells is taken for; a cell of None is left empty."""
    file = folder / name
    book = Workbook()
    page = book.active
    for row in rows:
        page.append(row)
    for top, left, bottom, right in merged:
        page.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
    book.save(file)
    return propose(file, {"unit": "persons"} | (answers or {}))


def cells(found):
    """What would come in, by place and month."""
    assert not found.open, [(one.key, one.what) for one in found.open]
    return {(one["place"], one["month"]): one["value"] for one in found.table["rows"]}


@pytest.mark.parametrize("head", ["cvegeo", "CVE_GEO"])
@pytest.mark.parametrize("names", [True, False], ids=["named", "codes-alone"])
def test_the_code_of_a_state_is_no_municipality_whatever_its_column_is_called(
    head, names, tmp_path
):
    rows = (("Jalisco", "14", 7), ("Sonora", "26", 8), ("Aguascalientes", "1", 9))
    lines = [f"{name},{code},2024,{n}" if names else f"{code},2024,{n}" for name, code, n in rows]
    head = f"entidad,{head},anio,casos" if names else f"{head},anio,casos"
    found = cells(table(tmp_path, " / ".join([head, *lines])))
    assert found == {("14", "2024-01"): 7, ("26", "2024-01"): 8, ("01", "2024-01"): 9}


def test_numbers_of_municipalities_beside_their_state_stay_municipalities(tmp_path):
    text = "entidad,cvegeo,anio,casos / Jalisco,14,2024,7 / Jalisco,39,2024,8 / Sonora,26,2024,9"
    assert {place for place, _month in cells(table(tmp_path, text))} == {"14014", "14039", "26026"}


CONAPO = (
    "{},AÑO,ENTIDAD,CVE_GEO,EDAD,SEXO,POBLACION / 1,2024,Jalisco,14,0,Hombres,70 / "
    "2,2024,Jalisco,14,0,Mujeres,68 / 3,2024,Jalisco,14,1,Hombres,71 / 4,2024,Jalisco,14,1,Mujeres,69 / "
    "5,2024,Sonora,26,0,Hombres,20 / 6,2024,Sonora,26,0,Mujeres,19 / 7,2024,Sonora,26,1,Hombres,21 / "
    "8,2024,Sonora,26,1,Mujeres,18"
)


@pytest.mark.parametrize("counter", ["RENGLON", "fila", "row", "No.", "Núm.", "#", "orden"])
def test_the_number_of_a_row_is_no_figure_and_ages_part_the_rows(counter, tmp_path):
    text = CONAPO.format(counter)
    asked = table(tmp_path, text, encoding="latin-1")
    assert {one.key for one in asked.open} == {"rows:EDAD", "rows:SEXO"}
    found = table(tmp_path, text, {"rows:EDAD": "add", "rows:SEXO": "add"}, "latin-1")
    assert cells(found) == {("14", "2024-01"): 278, ("26", "2024-01"): 78}


def test_a_figure_that_happens_to_count_up_alone_is_still_a_figure(tmp_path):
    text = "entidad,anio,casos / Jalisco,2024,1 / Sonora,2024,2 / Colima,2024,3"
    assert sorted(cells(table(tmp_path, text)).values()) == [1, 2, 3]


@pytest.mark.parametrize("above", [[], [["Víctimas", None, None, None, None, None, None]]])
@pytest.mark.parametrize("merge_place", [True, False])
def test_years_merged_over_their_months_are_read_for_several_years(above, merge_place, tmp_path):
    rows = [*above, ["Estado", "2023", None, None, "2024", None, None],
            [None, "Ene", "Feb", "Mar", "Ene", "Feb", "Mar"],
            ["Jalisco", 1, 2, 3, 4, 5, 6], ["Sonora", 7, 8, 9, 10, 11, "n.d."]]  # fmt: skip
    at = len(above)
    merged = [(at, 1, at, 3), (at, 4, at, 6), *([(at, 0, at + 1, 0)] if merge_place else [])]
    found = sheet(tmp_path, rows, merged)
    first = cells(found)  # the first rows alone are shown
    assert first["14", "2023-03"] == 3 and first["26", "2024-01"] == 10
    (series,) = found.table["series"]
    assert (series["total"], series["rows"], series["last_month"]) == (66, 12, "2024-03")


def test_a_row_of_words_that_repeat_below_a_full_header_is_no_second_header(tmp_path):
    text = "Estado,2022,2023,2024 / Jalisco,n.d.,n.d.,n.d. / Sonora,7,8,9"
    found = table(tmp_path, text)
    assert found.spec.header_rows == 1 and cells(found)["26", "2024-01"] == 9


@pytest.mark.parametrize("head", ["fecha", "Date", "mes", "periodo", "fecha_hechos"])
@pytest.mark.parametrize(
    ("first", "second"),
    [("2024-01", "2024-02"), ("01/2024", "02/2024"), ("ene-24", "feb-24"), ("2024/01", "2024/02"),
     ("enero 2024", "febrero 2024"), ("202401", "202402")],
)  # fmt: skip
def test_a_column_of_months_is_told_by_its_cells(head, first, second, tmp_path):
    text = f"estado,{head},muertos / Jalisco,{first},10 / Jalisco,{second},11 / Sonora,{first},5"
    found = cells(table(tmp_path, text))
    assert found == {("14", "2024-01"): 10, ("14", "2024-02"): 11, ("26", "2024-01"): 5}


def test_years_in_a_column_called_date_are_years(tmp_path):
    text = "estado,fecha,muertos / Jalisco,2023,10 / Jalisco,2024,11 / Sonora,2023,5"
    found = table(tmp_path, text)
    assert found.content["time"] == {"year": "fecha"} and cells(found)["14", "2024-01"] == 11


def test_figures_of_a_nameless_column_are_no_codes_where_a_state_stands_beside(tmp_path):
    rows = ("Aguascalientes,811,1001,2023", "Jalisco,897,14039,2023", "Sonora,594,26002,2023")
    found = table(tmp_path, " / ".join(["Entidad federativa,casos,,año", *rows]))
    assert found.content["place"] == {"level": "state", "column": "Entidad federativa"}


def test_deaths_abroad_are_left_out_beside_those_of_an_unknown_state(tmp_path):
    text = "Entidad,2021,2022 / Colima,4,5 / Sonora,6,7 / No especificado,1,2 / Extranjero,3,3"
    found = table(tmp_path, text)
    rows = cells(found)
    assert rows["33", "2022-01"] == 2 and sum(rows.values()) == 25
    assert {one.key: one.answer for one in found.findings}["place:Extranjero"] == "out"
    text = text.replace(" / No especificado,1,2", "")
    assert cells(table(tmp_path, text))["33", "2022-01"] == 3
    assert sum(cells(table(tmp_path, text, {"place:Extranjero": "out"})).values()) == 22


@pytest.mark.parametrize("mark", ["{} P", "{}p", "{} P/", "{}*", "{} (p)"])
def test_a_preliminary_year_is_brought_as_provisional(mark, tmp_path):
    text = f"Entidad,2021,2022,{mark.format(2023)} / Colima,4,5,6 / Sonora,6,7,8"
    found = table(tmp_path, text)
    assert cells(found)["26", "2023-01"] == 8
    assert found.spec.provisional_from == "2023-01"


@pytest.mark.parametrize("mark", ["{} R", "{}r/", "{} 1/"])
def test_a_revised_year_or_one_with_a_note_is_a_year(mark, tmp_path):
    found = table(tmp_path, f"Entidad,2021,{mark.format(2022)} / Colima,4,5 / Sonora,6,7")
    assert cells(found)["26", "2022-01"] == 7 and found.spec.provisional_from is None


@pytest.mark.parametrize(
    ("state", "country"), [("México", "México"), ("Estado de México", "México"), ("Edo. de México", "MEXICO")]
)  # fmt: skip
def test_mexico_above_its_states_is_the_country_and_a_total(state, country, tmp_path):
    text = (
        f"Entidad,2022,2023 / {country},300,320 / Jalisco,100,110 / Oaxaca,90,95 / {state},110,115"
    )
    found = table(tmp_path, text)
    rows = cells(found)
    assert rows["15", "2022-01"] == 110 and rows["15", "2023-01"] == 115
    assert sum(rows.values()) == 620
    assert not [one for one in found.findings if not one.key]  # the total fits
    wrong = table(tmp_path, text.replace("300", "301")) if state != country else None
    assert wrong is None or "301" in next(one for one in wrong.findings if not one.key).what


def test_mexico_of_every_year_in_long_rows_is_the_country(tmp_path):
    rows = [f"{year},{name},{n + year - 2022}" for year in (2022, 2023) for name, n in
            (("Jalisco", 100), ("Oaxaca", 90), ("Estado de México", 110))]  # fmt: skip
    text = " / ".join(["año,entidad,casos", "2022,México,300", "2023,México,303", *rows])
    assert sum(cells(table(tmp_path, text)).values()) == 603


def test_mexico_alone_among_the_states_is_the_state_and_a_sum_by_chance_is_asked(tmp_path):
    found = table(tmp_path, "Entidad,2022,2023 / México,8,9 / Jalisco,1,2 / Oaxaca,2,3")
    assert cells(found)["15", "2022-01"] == 8
    text = "Entidad,2022,2023 / México,3,5 / Jalisco,1,2 / Oaxaca,2,3"
    assert [one.key for one in table(tmp_path, text).open] == ["country"]
    assert cells(table(tmp_path, text, {"country": "15"}))["15", "2022-01"] == 3
    assert sum(cells(table(tmp_path, text, {"country": "total"})).values()) == 8


def test_years_over_counts_and_rates_bring_the_counts_of_every_year(tmp_path):
    rows = [["Entidad federativa", "2022", None, "2023", None],
            [None, "Absolutos", "Tasa", "Absolutos", "Tasa"],
            ["Aguascalientes", 8110, 27034, 8380, 27084],
            ["Jalisco", 8970, 29900, 9269, 29950], ["Sonora", 5940, 19800, 6138, 19850]]  # fmt: skip
    found = sheet(tmp_path, rows)
    assert cells(found)["14", "2023-01"] == 9269
    assert found.table["series"][0]["total"] == 8110 + 8380 + 8970 + 9269 + 5940 + 6138
    assert any("2022 Tasa" in one for one in found.told)
    rates = sheet(tmp_path, rows, answers={"figures": "Tasa", "unit": "index"})
    assert cells(rates)["26", "2022-01"] == 19800
    assert rates.spec.source != found.spec.source  # one does not take the place of the other


def test_two_counts_of_every_year_are_asked_about(tmp_path):
    text = "estado,muertos_2022,heridos_2022,muertos_2023,heridos_2023 / Colima,1,2,3,4 / Sonora,5,6,7,8"
    assert [one.key for one in table(tmp_path, text).open] == ["figures"]
    found = cells(table(tmp_path, text, {"figures": "heridos"}))
    assert found == {("06", "2022-01"): 2, ("06", "2023-01"): 4, ("26", "2022-01"): 6, ("26", "2023-01"): 8}  # fmt: skip


def workbook(folder: Path, sheets):
    """Write a workbook of several sheets, their rows by name."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(folder / "hojas.xlsx")
    return folder / "hojas.xlsx"


def test_a_sheet_for_each_year_is_brought_whole_where_the_reader_says_so(tmp_path):
    head, end = ["Estado", "Enero", "Febrero"], ["Fuente: registro propio"]
    book = workbook(tmp_path, {
        "2022": [head, ["Jalisco", 10, 11], ["Sonora", 12, 13], end],
        "2023": [head, ["Jalisco", 20, 21], ["Sonora", 22, 23], ["Colima", 5, "s/d"], end],
    })  # fmt: skip
    asked = propose(book, {"unit": "persons"})
    assert [one.key for one in asked.open] == ["sheet"]
    found = propose(book, {"unit": "persons", "sheet": "all"})
    rows = cells(found)
    assert rows["14", "2022-02"] == 11 and rows["26", "2023-01"] == 22
    (series,) = found.table["series"]
    assert series["total"] == 10 + 11 + 12 + 13 + 20 + 21 + 22 + 23 + 5
    assert (series["first_month"], series["last_month"]) == ("2022-01", "2023-02")


def test_a_fault_in_a_later_sheet_is_named_by_its_own_cell(tmp_path):
    head = ["Estado", "Enero", "Febrero"]
    book = workbook(tmp_path, {"2022": [head, ["Jalisco", 1, 2], ["Sonora", 3, 4]],
                               "2023": [head, ["Jalisco", 5, "seis"], ["Sonora", 7, 8]]})  # fmt: skip
    found = propose(book, {"unit": "persons", "sheet": "all"})
    (one,) = found.open
    assert one.key == "value:seis" and one.where.endswith("2023!C2")


def test_sheets_of_years_with_their_own_column_of_years_are_brought_by_it(tmp_path):
    head = ["Estado", "Año", "Muertos"]
    book = workbook(tmp_path, {"2022": [head, ["Jalisco", 2022, 4], ["Sonora", 2022, 6]],
                               "2023": [head, ["Jalisco", 2023, 5], ["Sonora", 2023, 7]]})  # fmt: skip
    found = propose(book, {"unit": "persons", "sheet": "all"})
    assert cells(found)["26", "2023-01"] == 7 and len(found.table["series"]) == 1


def test_sheets_of_different_headers_are_never_joined(tmp_path):
    book = workbook(tmp_path, {"2022": [["Estado", "Enero", "Febrero"], ["Jalisco", 1, 2]],
                               "2023": [["Estado", "Marzo", "Abril"], ["Jalisco", 3, 4]]})  # fmt: skip
    (asked,) = [one for one in propose(book, {"unit": "persons"}).open if one.key == "sheet"]
    assert [one.value for one in asked.choices] == ["2022", "2023"]
