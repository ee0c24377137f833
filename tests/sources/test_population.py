"""CONAPO: people at mid-year, and the young men among them."""

from pathlib import Path

import pytest

from hidra.core.errors import SourceError


def state_rows(year_word: str) -> str:
    lines = [f"RENGLON,{year_word},ENTIDAD,CVE_GEO,EDAD,SEXO,POBLACION"]
    number = 0
    for geo, name in ((0, "República Mexicana"), (25, "Sinaloa")):
        for year in (2019, 2020):
            for age in (14, 15, 29, 30):
                for sex, n in (("Hombres", 100), ("Mujeres", 110)):
                    number += 1
                    lines.append(f"{number},{year},{name},{geo},{age},{sex},{n + age}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("word", "encoding"), [("AÑO", "latin-1"), ("ANIO", "utf-8-sig")])
def test_states_by_single_age(tmp_path: Path, read, value, con, word, encoding) -> None:
    file = tmp_path / "00_Pob_Mitad_1950_2070.csv"
    file.write_bytes(state_rows(word).encode(encoding))
    assert read(file) == "conapo_population_state"
    assert value("25", "2019-01", "population") == sum(2 * a + 210 for a in (14, 15, 29, 30))
    assert value("25", "2019-01", "population_15_29") == sum(2 * a + 210 for a in (15, 29))
    assert value("25", "2019-01", "population_men_15_29") == sum(a + 100 for a in (15, 29))
    found = con.execute("SELECT DISTINCT left(month, 4), status, period FROM incoming ORDER BY 1")
    assert found.fetchall() == [("2019", "final", "year"), ("2020", "provisional", "year")]


AGES = [f"POB_{a:02d}_{a + 4:02d}" for a in range(0, 85, 5)] + ["POB_85_mm"]


def test_municipalities_by_five_year_age(tmp_path: Path, read, value) -> None:
    lines = [
        ",".join(["CLAVE", "CLAVE_ENT", "NOM_ENT", "NOM_MUN", "SEXO", "AÑO", *AGES, "POB_TOTAL"])
    ]
    lines += [
        ",".join(map(str, [code, 1, "Ags", "X", sex, 2015, *[10] * 18, 180]))
        for code in (1001, 1002)
        for sex in ("HOMBRES", "MUJERES")
    ]
    file = tmp_path / "pobproy_quinq1.csv"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert read(file) == "conapo_population_municipal"
    assert value("01001", "2015-01", "population") == 360
    assert value("01001", "2015-01", "population_15_29") == 60
    assert value("01001", "2015-01", "population_men_15_29") == 30
    assert value("01", "2015-01", "population") == 720
    assert value("00", "2015-01", "population") == "no row", "one state is no nation"


def test_the_older_long_layout(tmp_path: Path, read, value) -> None:
    lines = ["RENGLON,CLAVE,CLAVE_ENT,NOM_ENT,MUN,SEXO,AÑO,EDAD_QUIN,POB"]
    for i, age in enumerate(("pobm_10_14", "pobm_15_19", "pobm_20_24", "pobm_25_29")):
        lines.append(f"{i},8037,8,Chihuahua,Juárez,Hombres,2018,{age},1{i}")
    file = tmp_path / "base_municipios_final_datos_01.csv"
    file.write_bytes(("\r\n".join(lines) + "\r\n").encode("latin-1"))
    assert read(file) == "conapo_population_municipal"
    assert value("08037", "2018-01", "population") == 46
    assert value("08037", "2018-01", "population_men_15_29") == 36


def test_a_number_that_is_none_is_named(tmp_path: Path, read) -> None:
    file = tmp_path / "pob.csv"
    file.write_text(state_rows("ANIO").replace("25,15,Hombres,115", "25,15,Hombres,muchos", 1))
    with pytest.raises(SourceError, match="muchos") as caught:
        read(file)
    assert caught.value.where == "pob.csv, row 20"
