"""Real counts written in the official layouts come out of the readers to the unit.

The counts are public figures laid down beside this project; where they are absent these tests
are skipped. The layouts are the official ones, the records are made from the counts.
"""

from __future__ import annotations

import os
import struct
from pathlib import Path

import duckdb
import pytest

from .layouts import DEATH_FIELDS, MONTHS, xlsx

SHARED = Path(os.environ.get("HIDRA_SHARED") or Path(__file__).parents[2].parent / "shared")
DATA = SHARED / "data"
if not DATA.is_dir() and (Path(__file__).parents[2] / ".git").is_file():  # a linked worktree
    DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not here")


def parquet(name: str) -> str:
    return f"read_parquet('{DATA / name}.parquet')"


def by_year(con: duckdb.DuckDBPyConnection, measure: str, place: str = "00") -> dict[int, float]:
    found = con.execute(
        "SELECT CAST(left(month, 4) AS INTEGER), sum(value) FROM incoming"
        " WHERE place = ? AND measure = ? GROUP BY 1 ORDER BY 1",
        [place, measure],
    )
    return dict(found.fetchall())


def deaths_dbf(path: Path, rows: list[tuple[str, int, int, int]]) -> Path:
    """One table of deaths from (municipality, year, month, n); cause by the classification."""
    at = {}
    offset = 1
    for name, _, size in DEATH_FIELDS:
        at[name], offset = offset, offset + size
    total = sum(n for *_, n in rows)
    size = 32 + 32 * len(DEATH_FIELDS) + 1
    with path.open("wb") as out:
        out.write(struct.pack("<B3BIHH16xBBxx", 0x03, 26, 11, 21, total, size, offset, 0, 3))
        for name, kind, length in DEATH_FIELDS:
            out.write(struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), length, 0))
        out.write(b"\r")
        for place, year, month, n in rows:
            record = bytearray(b" " * offset)
            for name, text in {
                "ENT_OCURR": place[:2], "MUN_OCURR": place[2:], "MES_OCURR": "99",
                "CAUSA_DEF": "X959" if year >= 1998 else "9650", "ANIO_OCUR": str(year),
                "ANIO_REGIS": str(year), "MES_REGIS": f"{month:2d}",
            }.items():  # fmt: skip
                record[at[name] : at[name] + len(text)] = text.encode()
            out.write(bytes(record) * n)
        out.write(b"\x1a")
    return path


def test_registered_homicides_1990_2015_equal_the_printed_totals(tmp_path, con, read) -> None:
    files = []
    for year in range(1990, 2016):
        rows = con.execute(
            f"SELECT cve_mun, year_reg, month_reg, homicides FROM"
            f" {parquet('homicides_inegi_mun_regmonth_1990_2015')} WHERE year_reg = {year}"
        ).fetchall()
        files.append(deaths_dbf(tmp_path / f"DEFUN{year % 100:02d}.DBF", rows))
    codes = dict(con.execute(f"SELECT cve_mun, name FROM '{DATA / 'municipios.csv'}'").fetchall())
    read(*files, municipalities={str(code).zfill(5): name for code, name in codes.items()})
    totals = by_year(con, "inegi_homicides_registered")
    printed = con.execute(
        f"SELECT year, inegi_registered_cube FROM read_csv('{DATA / 'national_totals_by_source.csv'}')"
        " WHERE year BETWEEN 1990 AND 2015"
    )
    expected = {int(year): float(n) for year, n in printed.fetchall()}
    assert totals == expected, "26 of 26 years"
    assert totals[2007] == 8867 and totals[2011] == 27213
    cells = con.execute(
        f"""
        SELECT count(*) FROM {parquet("homicides_inegi_mun_regmonth_1990_2015")} AS laid
        JOIN incoming ON place = cve_mun AND measure = 'inegi_homicides_registered'
             AND month = year_reg || '-' || printf('%02d', month_reg) AND value = homicides
        WHERE cve_ent <= '32'
        """
    ).fetchall()
    inside = con.execute(
        f"SELECT count(*) FROM {parquet('homicides_inegi_mun_regmonth_1990_2015')}"
        " WHERE cve_ent <= '32'"
    ).fetchall()
    assert cells == inside, "every municipality and month"
    unknown = con.execute("SELECT detail FROM incoming_notes WHERE kind = 'code unknown'")
    assert unknown.fetchall() == [], "every code is in the catalogue"


def wide(path: Path, con: duckdb.DuckDBPyConnection, select: str) -> Path:
    """Write a table of the SESNSP from rows of (keys ..., month, n)."""
    cells = ", ".join(
        f"coalesce(sum(n) FILTER (month = {i}), 0) AS {name}" for i, name in enumerate(MONTHS, 1)
    )
    con.execute(
        f"COPY (SELECT * EXCLUDE (month, n), {cells} FROM ({select}) GROUP BY ALL)"
        f" TO '{path}' (HEADER)"
    ).fetchall()
    return path


def test_victims_by_state_2015_2024(tmp_path, con, read) -> None:
    file = wide(
        tmp_path / "IDVFC_NM.csv",
        con,
        f"""
        SELECT year AS "Año", CAST(cve_ent AS INTEGER) AS "Clave_Ent", '' AS "Entidad",
               '' AS "Bien jurídico afectado", crime AS "Tipo de delito",
               crime AS "Subtipo de delito", modality AS "Modalidad",
               CASE sex WHEN 'M' THEN 'Hombre' WHEN 'F' THEN 'Mujer' ELSE 'No identificado' END
                   AS "Sexo",
               age AS "Rango de edad", month, victims AS n
        FROM {parquet("sesnsp_victims_state_month_2015_2024")}
        """,
    )
    assert read(file) == "sesnsp_victims"
    manifest = (17884, 22541, 28868, 33742, 34723, 34569, 33359, 30979, 29721, 30046)
    assert tuple(by_year(con, "sesnsp_homicide_victims").values()) == manifest
    columns = {
        "sesnsp_firearm_homicide_victims": "homicidio_doloso_firearm",
        "sesnsp_women_homicide_victims": "homicidio_doloso_women",
        "sesnsp_femicide_victims": "feminicidio",
        "sesnsp_kidnapping_victims": "secuestro",
        "sesnsp_extortion_victims": "extorsion",
    }
    for measure, column in columns.items():
        sums = con.execute(
            f"SELECT sum({column}) FROM '{DATA / 'sesnsp_victims_state_month_wide.csv'}'"
        ).fetchall()[0][0]
        assert sum(by_year(con, measure).values()) == sums


def test_case_files_by_municipality_2024(tmp_path, con, read) -> None:
    file = wide(
        tmp_path / "IDM_NM.csv",
        con,
        f"""
        SELECT 2024 AS "Año", CAST(left(cve_mun, 2) AS INTEGER) AS "Clave_Ent", '' AS "Entidad",
               CAST(cve_mun AS INTEGER) AS "Cve. Municipio", '' AS "Municipio",
               '' AS "Bien jurídico afectado", 'Homicidio' AS "Tipo de delito",
               'Homicidio doloso' AS "Subtipo de delito", 'Con arma de fuego' AS "Modalidad",
               month, homicidio_doloso AS n
        FROM {parquet("sesnsp_mun_month_homicide_2024")}
        """,
    )
    assert read(file) == "sesnsp_cases"
    assert by_year(con, "sesnsp_homicide_files") == {2024: 25449}
    towns = con.execute(
        "SELECT count(DISTINCT place) FROM incoming WHERE length(place) = 5"
    ).fetchall()
    assert towns == [(2486,)]


def test_federal_case_files_2012_2024(tmp_path, con, read) -> None:
    file = wide(
        tmp_path / "IDEFF.csv",
        con,
        f"""
        SELECT year AS "AÑO", CASE WHEN cve_ent <> '00' THEN CAST(cve_ent AS INTEGER) END AS "INEGI",
               '' AS "ENTIDAD", law AS "LEY", concept AS "CONCEPTO", type AS "TIPO", month, cases AS n
        FROM {parquet("sesnsp_federal_crime_state_month_2012_2024")}
        """,
    )
    assert read(file) == "sesnsp_federal"
    oil = by_year(con, "federal_hydrocarbons_files")
    assert oil == dict(zip(range(2019, 2025), (10464, 5939, 6155, 6220, 8308, 6715), strict=True))


def test_missing_persons_of_the_tidy_table(con, read) -> None:
    assert read(DATA / "rnpdno_mun_month_2010_2026.parquet") == "rnpdno"
    missing = by_year(con, "rnpdno_missing")
    expected = {
        2010: 4216,
        2015: 4142,
        2019: 8306,
        2022: 8306,
        2023: 10342,
        2024: 12619,
        2025: 12253,
    }
    assert {year: missing[year] for year in expected} == expected
    assert sum(missing.values()) == 118605


def test_municipal_population_adds_up_to_the_nation(tmp_path, con, read) -> None:
    file = tmp_path / "pobproy_quinq1.csv"
    ages = ", ".join(f"0 AS POB_{a:02d}_{a + 4:02d}" for a in range(5, 85, 5))
    con.execute(
        f"""
        COPY (SELECT CAST(cve_mun AS INTEGER) AS CLAVE, sex AS SEXO, year AS "AÑO",
                     n AS POB_00_04, {ages}, 0 AS POB_85_mm
              FROM (UNPIVOT (SELECT cve_mun, year, pop_m AS HOMBRES, pop_f AS MUJERES FROM
                    {parquet("population_mun_year_1990_2040")}) ON HOMBRES, MUJERES
                    INTO NAME sex VALUE n))
        TO '{file}' (HEADER)
        """
    ).fetchall()
    assert read(file) == "conapo_population_municipal"
    nation = by_year(con, "population")
    assert {year: nation[year] for year in (1990, 2010, 2020, 2024)} == {
        1990: 84502988, 2010: 114756059, 2020: 128209170, 2024: 132274416,
    }  # fmt: skip


def test_events_and_files_the_user_brings(con, read) -> None:
    assert read(DATA / "ucdp_ged_mexico_1989_2023.parquet") == "ucdp_ged"
    assert sum(by_year(con, "ucdp_deaths").values()) == 140695
    assert con.execute("SELECT count(*) FROM incoming_events").fetchall() == [(18957,)]
    dated = sum(by_year(con, "ucdp_deaths_dated").values())
    assert dated / 140695 == pytest.approx(0.23, abs=0.005)
    assert read(DATA / "ocved_events_2000_2018.parquet") == "ocved"
    assert con.execute("SELECT count(*) FROM incoming_events").fetchall() == [(64895,)]
    assert read(DATA / "coscia_rios_presence_mun_year_1990_2010.parquet") == "coscia_rios"
    places = con.execute(
        "SELECT left(month, 4), count(*), sum(value) FROM incoming WHERE length(place) = 5"
        " AND left(month, 4) IN ('2006', '2010') GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert [(year, n) for year, n, _ in places] == [("2006", 297), ("2010", 709)]
    assert places[1][2] == 1486
    assert read(DATA / "trejo_ley_attacks_mun_year_2007_2012.parquet") == "trejo_ley"
    assert read(DATA / "mayor_party_mun_year_2006_2013.parquet") == "mayor_parties"
    assert ("count", 42) in con.execute("SELECT kind, n FROM incoming_notes").fetchall()
    assert read(DATA / "ppd_confrontations_aggressions_2006_2011.parquet") == "cide_ppd"
    events = by_year(con, "ppd_confrontations"), by_year(con, "ppd_aggressions")
    assert [sum(one.values()) for one in events] == [3834, 1561], "one row has no municipality"


def test_avocado_of_2020(tmp_path, con, read) -> None:
    file = tmp_path / "Cierre_agricola_mun_2020.csv"
    con.execute(
        f"""
        COPY (SELECT year AS "Anio", CAST(left(cvegeo, 2) AS INTEGER) AS "Idestado",
                     CAST(right(cvegeo, 3) AS INTEGER) AS "Idmunicipio", 'Aguacate' AS "Nomcultivo",
                     planted_ha AS "Sembrada", harvested_ha AS "Cosechada",
                     lost_ha AS "Siniestrada", production_t AS "Volumenproduccion",
                     value_mxn AS "Valorproduccion"
              FROM {parquet("avocado_mun_year_2003_2023")} WHERE year = 2020)
        TO '{file}' (HEADER)
        """
    ).fetchall()
    assert read(file) == "siap_crops"
    assert by_year(con, "avocado_production_t")[2020] == pytest.approx(2393849, abs=1)


def test_remittances_of_every_quarter(tmp_path, con, read) -> None:
    table = f"read_csv('{DATA / 'remittances_state_quarter_2003_2026.csv'}')"
    cells = con.execute(
        f"SELECT state, year, quarter, remittances_usd / 1e6 FROM {table} ORDER BY 2, 3"
    ).fetchall()
    words = ("Ene-Mar", "Abr-Jun", "Jul-Sep", "Oct-Dic")
    quarters = list(dict.fromkeys((year, quarter) for _, year, quarter, _ in cells))
    values = {(state, year, quarter): usd for state, year, quarter, usd in cells}
    rows = [["", "Título: Remesas familiares", *(f"{words[q - 1]} {y}" for y, q in quarters)]]
    states = sorted({state for state, *_ in cells})
    rows += [["", f"   {state}", *(values[state, *one] for one in quarters)] for state in states]
    assert read(xlsx(tmp_path / "CE100.xlsx", {"Hoja1": rows})) == "banxico_remittances"
    total = con.execute("SELECT count(*), sum(value) FROM incoming").fetchall()[0]
    assert total[0] == 2976
    assert total[1] == pytest.approx(sum(values.values()), rel=1e-9)


@pytest.mark.slow
def test_outlines_areas_and_neighbours(con, read) -> None:
    assert read(DATA / "geo_municipios.geojson") == "inegi_geography"
    count, area = con.execute("SELECT count(*), sum(area_km2) FROM incoming_places").fetchall()[0]
    assert count == 2475
    assert area == pytest.approx(1963298, rel=0.005), "sphere against ellipsoid"
    pairs = f"read_csv('{DATA / 'adjacency_municipios.csv'}', all_varchar = true)"
    columns = [row[0] for row in con.execute(f"DESCRIBE FROM {pairs}").fetchall()]
    a, b = columns[0], columns[1]
    common = con.execute(
        f"SELECT count(*) FROM {pairs} AS laid JOIN incoming_neighbours AS found"
        f" ON laid.{a} = found.place_a AND laid.{b} = found.place_b"
    ).fetchall()[0][0]
    ours = con.execute("SELECT count(*) FROM incoming_neighbours").fetchall()[0][0]
    assert common / 7247 > 0.99, "the outlines here are simplified"
    assert common / ours > 0.99
