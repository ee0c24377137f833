"""Crops, state product and remittances."""

import zipfile
from pathlib import Path

import pytest

from hidra.core.errors import SourceError
from hidra.data.sources.economy import _prices

from .layouts import xlsx

SIAP = (
    "Anio,Idestado,Nomestado,Idddr,Nomddr,Idcader,Nomcader,Idmunicipio,Nommunicipio,Idciclo,"
    "Nomcicloproductivo,Idmodalidad,Nommodalidad,Idunidadmedida,Nomunidad,Idcultivo,Nomcultivo,"
    "Sembrada,Cosechada,Siniestrada,Volumenproduccion,Rendimiento,Precio,Valorproduccion"
)


def crop(year, state, town, name, regime, planted, output, worth):
    return (
        f"{year},{state},E,1,D,1,C,{town},M,3,Perennes,{regime},R,200201,Tonelada,5060,{name},"
        f"{planted},{planted},0,{output},1,1,{worth}"
    )


def test_crops_sum_seasons_and_water_regimes(tmp_path: Path, read, value, con) -> None:
    files = []
    for year in (2019, 2020):
        rows = [
            crop(year, 16, 102, "Aguacate", 1, 100, '"1,000.5"', 2000),
            crop(year, 16, 102, "Aguacate", 2, 50, 500, 900),
            crop(year, 16, 102, "Limón", 1, 10, 70, 50),
            crop(year, 16, 102, "Maíz grano", 1, 900, 700, 600),
        ]
        file = tmp_path / f"Cierre_agricola_mun_{year}.csv"
        file.write_bytes(("\r\n".join([SIAP, *rows]) + "\r\n").encode("latin-1"))
        files.append(file)
    assert read(*files) == "siap_crops"
    assert value("16102", "2020-01", "avocado_production_t") == 1500.5
    assert value("16", "2019-01", "avocado_planted_ha") == 150
    assert value("16102", "2020-01", "lime_production_t") == 70
    assert value("00", "2020-01", "crops_value_mxn") == 3550
    assert con.execute("SELECT count(DISTINCT crop) FROM incoming_crops").fetchall() == [(3,)]


def test_state_product_follows_the_index_of_the_zip(tmp_path: Path, read, value) -> None:
    def table(rows: list[str]) -> str:
        return "\n".join(["Descriptores,2022<R>,2023<P>", *rows]) + "\n"

    kinds = (
        "Millones de pesos a precios de 2018|Valores constantes",
        "Millones de pesos|Valores corrientes",
    )
    places = ("Estados Unidos Mexicanos", "Michoacán de Ocampo<C1>", "Sonora")
    mining = [f"{kind}|{place},{i}0,{i}1" for i, kind in enumerate(kinds, 1) for place in places]
    mining.append("Variación porcentual anual|Valores constantes|Sonora,1.5,1.6")
    file = tmp_path / "conjunto_de_datos_pibe_csv.zip"
    with zipfile.ZipFile(file, "w") as archive:
        folder = "conjunto_de_datos/"
        archive.writestr(
            folder + "indice.csv",
            "conjunto_de_datos_pibe_actividad_212p.csv,PIBE|Actividades secundarias|21---Minería|21-2---Minería no petrolera\n"
            "conjunto_de_datos_pibe_actividad_t.csv,PIBE|Total de la economía\n"
            "conjunto_de_datos_pibe_entidad_son.csv,PIBE|Sonora\n",
        )
        archive.writestr(folder + "conjunto_de_datos_pibe_actividad_212p.csv", table(mining))
        archive.writestr(
            folder + "conjunto_de_datos_pibe_actividad_t.csv", table([f"{kinds[0]}|Sonora,900,901"])
        )
        archive.writestr(
            folder + "conjunto_de_datos_pibe_entidad_son.csv", table([f"{kinds[0]}|X,5,6"])
        )
    assert read(file) == "inegi_state_gdp"
    assert value("26", "2023-01", "gdp_mining_constant") == 11
    assert value("16", "2022-01", "gdp_mining_current") == 20
    assert value("00", "2022-01", "gdp_mining_constant") == 10
    assert value("26", "2022-01", "gdp_total_constant") == 900


def test_remittances_by_quarter(tmp_path: Path, read, value, con) -> None:
    rows = [["Banco de México"], ["Remesas familiares por entidad federativa"]] + [[""]] * 7
    rows += [
        ["", "Título", "Ene-Mar 2024", "Abr-Jun 2024"],
        ["", "Unidad", "Millones de Dólares", "Millones de Dólares"],
        ["", "Total", 14000.5, "15000.25"],
        ["", "   Michoacán", 1200.5, 1300],
        ["", "   Estado de México", "1,000.5", "N/E"],
        ["", "Nota: cifras preliminares", "", ""],
    ]
    file = xlsx(tmp_path / "CE100.xlsx", {"Hoja1": rows})
    assert read(file) == "banxico_remittances"
    assert value("16", "2024-04", "remittances_musd") == 1300
    assert value("15", "2024-04", "remittances_musd") is None, "N/E is unknown"
    assert value("00", "2024-01", "remittances_musd") == 14000.5
    assert con.execute("SELECT DISTINCT period FROM incoming").fetchall() == [("quarter",)]


def test_a_crop_row_that_cannot_be_is_named(tmp_path: Path, read) -> None:
    file = tmp_path / "Cierre_agricola_mun_2019.csv"
    rows = [crop(2019, 16, 102, "Aguacate", 1, 1, 1, 1), crop(2019, 16, "", "Aguacate", 1, 1, 1, 1)]
    file.write_text("\n".join([SIAP, *rows]) + "\n", "utf-8")
    with pytest.raises(SourceError) as caught:
        read(file)
    assert caught.value.where == "Cierre_agricola_mun_2019.csv, row 3"


@pytest.mark.parametrize(
    ("descriptor", "prices"),
    [
        ("Millones de pesos|A00---Producto interno bruto|Aguascalientes", "current"),
        ("Millones de pesos a precios de 2018|A00---Producto interno bruto|Colima", "constant"),
        ("Millones de pesos a precios corrientes|Producto interno bruto|Colima", "current"),
        ("Millones de pesos|Índice de precios implícitos|Colima", None),
        ("Variación porcentual anual|Producto interno bruto|Colima", None),
    ],
)
def test_the_prices_of_a_row_of_the_product(descriptor, prices) -> None:
    assert _prices(descriptor) == prices
