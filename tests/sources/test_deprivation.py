"""CONAPO and CONEVAL workbooks: titles above the header, merged cells, cells that are no number."""

import zipfile
from pathlib import Path

import pytest

from hidra.core.errors import SourceError

from .layouts import xlsx

SHARES = ["ANALF", "SBASC", "OVSDE", "OVSEE", "OVSAE", "OVPT", "VHAC", "PL.5000", "PO2SM"]


def test_marginalisation_of_towns_and_states(tmp_path: Path, read, value) -> None:
    head = [
        "CVE_ENT",
        "NOM_ENT",
        "CVE_MUN",
        "NOM_MUN",
        "POB_TOT",
        *SHARES,
        "IM_2020",
        "GM_2020",
        "IMN_2020",
    ]
    towns = xlsx(
        tmp_path / "IMM_2020.xlsx",
        {
            "Leeme": [["CONAPO"]],
            "IMM_2020": [
                ["Índice de marginación por municipio, 2020"], [], head,
                ["01", "Ags", "01001", "Aguascalientes", 948990, *[2.5] * 9, 60.2, "Muy bajo", 0.94],
                ["", "", "", "Fuente: CONAPO", "", *[""] * 12],
            ],
        },
    )  # fmt: skip
    head = ["CVE_ENT", "NOM_ENT", "POB_TOT", *SHARES, "IM_2020", "GM_2020", "IMN_2020"]
    states = xlsx(
        tmp_path / "IME_2020.xlsx",
        {"IME_2020": [head, ["01", "Ags", 1425607, *[3.0] * 9, 21.5, "Muy bajo", 0.9]]},
    )
    assert read(towns, states) == "conapo_marginalisation"
    assert value("01001", "2020-01", "marginalisation_dp2") == 60.2
    assert value("01001", "2020-01", "marginalisation_illiterate_pct") == 2.5
    assert value("01", "2020-01", "marginalisation_dp2") == 21.5


def poverty(tmp_path: Path) -> Path:
    def three(*cells: object) -> list[object]:
        return [cells[0], *[""] * 2] if len(cells) == 1 else list(cells)

    groups = ["Pobreza", "Pobreza extrema", "Carencia por acceso a la alimentación"]
    stats = ["Porcentaje", "Personas", "Carencias promedio"]
    keys = ["", "Clave de entidad", "Entidad federativa", "Clave de municipio", "Municipio"]
    title = [*keys, *three("Población"), *[c for g in groups for c in [g, *[""] * 8]]]
    kinds = [*[""] * 8, *[c for _ in groups for s in stats for c in three(s)]]
    years = [*[""] * 5, *[2010, 2015, 2020] * 10]
    row = ["", 1, "Ags", 1001, "Aguascalientes", 1, 2, 3]
    row += [30.5, 26.1, 24.9, 1, 2, 3, 2.1, 2.0, 2.0]
    row += [3.5, "n.d.", 1.2, 1, 2, 3, 3.1, 3.0, 3.0]
    row += [20.5, 19.0, 18.0, 1, 2, 3, 2.1, 2.0, 2.0]
    sheet = [
        ["Anexo estadístico"],
        [],
        [],
        ["Medición de la pobreza"],
        title,
        kinds,
        years,
        [],
        row,
        ["Fuente"],
    ]
    state = [[c for i, c in enumerate(r) if i not in (3, 4)] for r in sheet]
    return xlsx(
        tmp_path / "Concentrado_indicadores_de_pobreza_2020.xlsx",
        {"Concentrado municipal": sheet, "Concentrado estatal": state},
    )  # fmt: skip


def test_poverty_under_three_header_rows_in_a_zip(tmp_path: Path, read, value) -> None:
    book = poverty(tmp_path)
    file = tmp_path / "Concentrado.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.write(book, book.name)
    assert read(file) == "coneval_poverty"
    assert value("01001", "2020-01", "coneval_poverty_pct") == 24.9
    assert value("01001", "2015-01", "coneval_extreme_poverty_pct") is None, "n.d. is unknown"
    assert value("01001", "2010-01", "coneval_food_deprivation_pct") == 20.5
    assert value("01", "2010-01", "coneval_poverty_pct") == 30.5


def test_a_damaged_workbook_is_named(tmp_path: Path, read) -> None:
    book = poverty(tmp_path)
    book.write_bytes(book.read_bytes()[:900])
    with pytest.raises(SourceError) as caught:
        read(book)
    assert book.name in caught.value.where
