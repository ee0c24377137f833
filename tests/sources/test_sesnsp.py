"""SESNSP: the layouts, the codes, and what an empty cell means."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from hidra.core.errors import SourceError

from .layouts import MONTHS, sesnsp_text, xlsx

LIFE = "La vida y la Integridad corporal"


def town(year, code, name, crime, manner, months, kind="Homicidio", state=None):
    state = state or int(str(code)[:-3])
    return (year, state, "Sinaloa", code, name, LIFE, kind, crime, manner, *months)


def full(n: object) -> list[object]:
    return [n] * 12


IDM = [
    town(2024, 25006, "Culiacán", "Homicidio doloso", "Con arma de fuego", full(40)),
    town(2024, 25006, "Culiacán", "Homicidio doloso", "Con arma blanca", full(2)),
    town(2025, 25006, "Culiacán", "Homicidio doloso", "Con arma de fuego", [50] * 10 + [""] * 2),
    town(2025, 25006, "Culiacán", "Homicidio doloso", "Con arma blanca", [1] * 9 + [""] * 3),
    town(2025, 1001, "Aguascalientes", "Homicidio doloso", "Con arma de fuego", [0] * 10 + [""] * 2),
    town(2025, 1002, "Asientos", "Homicidio doloso", "Con arma de fuego", [""] * 12),
    town(2025, 9999, "No Especificado", "Homicidio doloso", "Con arma de fuego", [3] * 10 + [""] * 2),
    town(2025, 9998, "Otros Municipios", "Robo", "X", ["1,234"] * 10 + [""] * 2, kind="Robo"),
    town(2025, 9998, "Otros Municipios", "Narcomenudeo", "Narcomenudeo", ["1,234"] * 10 + [""] * 2, kind="Narcomenudeo"),
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
def test_municipal_case_files_in_either_encoding(
    tmp_path: Path, read, value, con, encoding
) -> None:
    file = tmp_path / "IDM_NM_oct25.csv"
    file.write_bytes(sesnsp_text(IDM, municipal=True, victims=False).encode(encoding))
    assert read(file) == "sesnsp_cases"
    assert value("25006", "2024-03", "sesnsp_homicide_files") == 42
    assert value("25006", "2024-03", "sesnsp_firearm_homicide_files") == 40
    assert value("01001", "2025-05", "sesnsp_homicide_files") == 0, "a reported zero"
    assert value("01002", "2025-05", "sesnsp_homicide_files") is None, "nothing published"
    assert value("25006", "2025-11", "sesnsp_homicide_files") == "no row", "not yet published"
    assert value("09998", "2025-01", "sesnsp_drug_dealing_files") == 1234
    assert value("09", "2025-01", "sesnsp_homicide_files") == 3
    assert value("00", "2025-01", "sesnsp_homicide_files") == 54
    assert con.execute("SELECT DISTINCT vintage FROM incoming").fetchall() == [("2025-10-31",)]


def test_new_months_are_provisional_and_sums_with_holes_undercount(tmp_path, read, con) -> None:
    file = tmp_path / "x.csv"
    file.write_text(sesnsp_text(IDM, municipal=True, victims=False), "utf-8")
    read(file)
    status = dict(
        con.execute(
            "SELECT month, status FROM incoming WHERE place = '25006'"
            " AND measure = 'sesnsp_homicide_files'"
        ).fetchall()
    )
    assert status["2024-10"] == "final"
    assert status["2024-11"] == "provisional"
    assert status["2025-10"] == "undercount", "one manner of killing is missing in that month"


def test_codes_in_no_catalogue_are_reported_and_buckets_counted(tmp_path, read, con) -> None:
    file = tmp_path / "x.csv"
    file.write_text(sesnsp_text(IDM, municipal=True, victims=False), "utf-8")
    read(file, municipalities={"25006": "Culiacán", "01001": "Aguascalientes"})
    notes = con.execute("SELECT kind, detail, n FROM incoming_notes ORDER BY 1, 2").fetchall()
    assert ("code unknown", "municipality 01002 is in no catalogue", 1) in notes
    assert [n for kind, _, n in notes if kind == "count"] == [2], "of the crimes counted"


def test_victims_by_state(tmp_path: Path, read, value) -> None:
    def victims(crime, manner, sex, months, kind="Homicidio"):
        return (2024, 8, "Chihuahua", LIFE, kind, crime, manner, sex, "Adultos (18 y más)", *months)

    rows = [
        victims("Homicidio doloso", "Con arma de fuego", "Hombre", full(100)),
        victims("Homicidio doloso", "Con arma de fuego", "Mujer", full(10)),
        victims("Feminicidio", "Con arma blanca", "Mujer", full(3), kind="Feminicidio"),
    ]
    file = tmp_path / "IDVFC_NM_dic24.csv"
    file.write_bytes(sesnsp_text(rows, municipal=False, victims=True).encode("latin-1"))
    assert read(file) == "sesnsp_victims"
    assert value("08", "2024-12", "sesnsp_homicide_victims") == 110
    assert value("00", "2024-12", "sesnsp_women_homicide_victims") == 10
    assert value("08", "2024-12", "sesnsp_femicide_victims") == 3


def test_the_long_state_file(tmp_path: Path, read, value) -> None:
    head = (
        "ano,clave_ent,entidad,bien_juridico_afectado,tipo_de_delito,subtipo_de_delito,modalidad,"
        "mes,fecha,incidencia_delictiva"
    )
    rows = [
        f"2024,25,Sinaloa,{LIFE},Homicidio,Homicidio doloso,{manner},{month},2024-{i:02d}-01,{n}"
        for i, month in enumerate(MONTHS, start=1)
        for manner, n in (("Con arma de fuego", 30), ("Con arma blanca", 2))
    ]
    file = tmp_path / "INM_estatal_dic24.csv"
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    assert read(file) == "sesnsp_cases_state"
    assert value("25", "2024-07", "sesnsp_homicide_files") == 32
    assert value("25", "2024-07", "sesnsp_firearm_homicide_files") == 30


RNID = [
    (2026, "02", "Baja California", "02004", "Tijuana", LIFE, "Homicidio", crime, "Con arma de fuego", *months)
    for crime, months in (
        ("Homicidio doloso", [90, 80, 70] + [0] * 9),
        ("Tentativa de homicidio doloso", [20, 10, 5] + [0] * 9),
    )
]  # fmt: skip


def test_the_register_of_2026_stands_apart_and_its_zeros_to_come_are_unknown(
    tmp_path, read, value, con
) -> None:
    file = tmp_path / "renamed.zip"
    with zipfile.ZipFile(file, "w") as archive:
        text = sesnsp_text(RNID, municipal=True, victims=False)
        archive.writestr("RNID-Delitos_Municipal-2026-mar2026.csv", text.encode("cp1252"))
    assert read(file) == "sesnsp_rnid_cases"
    assert value("02004", "2026-03", "rnid_homicide_files") == 70
    assert value("02004", "2026-03", "rnid_attempted_homicide_files") == 5
    assert value("02004", "2026-04", "rnid_homicide_files") == "no row"
    assert con.execute("SELECT DISTINCT vintage FROM incoming").fetchall() == [("2026-03-31",)]


def test_rows_beyond_the_break_of_2026_are_left_out_with_a_note(tmp_path, read, value, con) -> None:
    rows = [*IDM, (*RNID[0][:2], *RNID[0][2:])]
    file = tmp_path / "x.csv"
    file.write_text(sesnsp_text(rows, municipal=True, victims=False), "utf-8")
    assert read(file) == "sesnsp_cases"
    assert value("02004", "2026-03", "sesnsp_homicide_files") == "no row"
    assert ("break", 1) in con.execute("SELECT kind, n FROM incoming_notes").fetchall()


def test_federal_crimes_keep_what_lies_abroad(tmp_path: Path, read, value) -> None:
    head = "AÑO,INEGI,ENTIDAD,LEY,CONCEPTO,TIPO," + ",".join(MONTHS).upper()
    oil = "LEY FEDERAL PARA PREVENIR Y SANCIONAR LOS DELITOS COMETIDOS EN MATERIA DE HIDROCARBUROS"
    rows = [
        "2019,25,SINALOA,CODIGO PENAL FEDERAL,CONTRA LA SALUD,POSESION," + ",".join(["7"] * 12),
        "2019,,EXTRANJERO,CODIGO PENAL FEDERAL,CONTRA LA SALUD,POSESION," + ",".join(["1"] * 12),
        f"2018,25,SINALOA,OTRAS LEYES Y CODIGOS,OTRAS LEYES Y CODIGOS,{oil}," + ",".join(["0"] * 12),
        f"2019,25,SINALOA,OTRAS LEYES Y CODIGOS,OTRAS LEYES Y CODIGOS,{oil}," + ",".join(["4"] * 12),
    ]  # fmt: skip
    file = tmp_path / "IDEFF_dic19.csv"
    file.write_bytes(("\r\n".join([head, *rows]) + "\r\n").encode("latin-1"))
    assert read(file) == "sesnsp_federal"
    assert value("00", "2019-02", "federal_drug_files") == 8
    assert value("33", "2019-02", "federal_drug_files") == 1
    assert value("25", "2019-02", "federal_hydrocarbons_files") == 4
    assert value("25", "2018-02", "federal_hydrocarbons_files") == "no row", "hidden, not zero"


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (lambda text: text.replace("50,50", "50,cincuenta", 1), "cincuenta"),
        (lambda text: text.replace("2024,25", "202A,25", 1), "202A"),
        (lambda text: text.replace("25006", "99123", 1), "99123"),
        (lambda text: text.replace(",40,40", ",-40,40", 1), "-40"),
    ],
)
def test_cells_that_cannot_be_are_named_by_row(tmp_path: Path, read, spoil, found) -> None:
    text = sesnsp_text(IDM, municipal=True, victims=False)
    file = tmp_path / "IDM_NM_oct25.csv"
    file.write_text(spoil(text), "utf-8")
    row = next(i for i, line in enumerate(file.read_text().splitlines(), 1) if found in line)
    with pytest.raises(SourceError) as caught:
        read(file)
    assert found in caught.value.what
    assert caught.value.where == f"IDM_NM_oct25.csv, row {row}"
    assert caught.value.fix


def test_a_file_cut_in_the_middle_of_a_row_is_named(tmp_path: Path, read) -> None:
    text = sesnsp_text(IDM, municipal=True, victims=False)
    file = tmp_path / "IDM_NM_oct25.csv"
    file.write_text(text[: text.rindex(",1,") - 2], "utf-8")
    with pytest.raises(SourceError, match="cut short") as caught:
        read(file)
    assert caught.value.where.startswith("IDM_NM_oct25.csv, row ")


def test_the_register_as_a_workbook(tmp_path: Path, read, value) -> None:
    text = sesnsp_text(RNID, municipal=True, victims=False)
    header, *lines = (line.split(",") for line in text.splitlines())
    rows = [
        [int(cell) if cell.isdigit() and len(cell) < 5 else cell for cell in line] for line in lines
    ]
    file = xlsx(
        tmp_path / "RNID-Delitos_Municipal.xlsx", {"Notas": [["x"]], "Datos": [header, *rows]}
    )
    assert read(file) == "sesnsp_rnid_cases"
    assert value("02004", "2026-01", "rnid_homicide_files") == 90
    assert value("02004", "2026-05", "rnid_homicide_files") == "no row"


@pytest.mark.parametrize("municipal", [True, False])
def test_the_old_method_has_measures_of_its_own(tmp_path: Path, read, value, municipal) -> None:
    place = "1001,AGUASCALIENTES,AGUASCALIENTES" if municipal else "1,AGUASCALIENTES"
    head = "AÑO,INEGI,ENTIDAD," + ("MUNICIPIO," if municipal else "")
    rows = [head + "MODALIDAD,TIPO,SUBTIPO," + ",".join(MONTHS).upper()]
    for manner, n in (("POR ARMA DE FUEGO", 3), ("POR ARMA BLANCA", 1)):
        rows.append(f"2014,{place},HOMICIDIOS,DOLOSOS,{manner}," + ",".join([str(n)] * 12))
    rows.append(f"2014,{place},HOMICIDIOS,CULPOSOS,OTROS," + ",".join(["9"] * 12))
    file = tmp_path / "IncidenciaDelictiva.csv"
    file.write_bytes(("\r\n".join(rows) + "\r\n").encode("latin-1"))
    assert read(file) == ("sesnsp_old" if municipal else "sesnsp_old_state")
    assert value("01", "2014-06", "sesnsp_homicide_files_old_method") == 4
    assert value("01", "2014-06", "sesnsp_firearm_homicide_files_old_method") == 3
    town = value("01001", "2014-06", "sesnsp_homicide_files_old_method")
    assert town == (4 if municipal else "no row")
