"""Official files in their true layouts, each once read wrongly, and siblings of their kinds.

The inputs under ``cases/official/`` are extracts of what publishers laid out; figures of persons are
aggregates. The right value of each was counted in the published file.
"""

from __future__ import annotations

import io
import json
import math
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ..sources.layouts import MONTHS, xlsx

OFFICIAL = Path(__file__).parent / "cases/official"
LIFE = "La vida y la Integridad corporal"
MUNICIPAL = ["Año", "Clave_Ent", "Entidad", "Cve. Municipio", "Municipio", "Bien jurídico afectado",
             "Tipo de delito", "Subtipo de delito", "Modalidad", *MONTHS]  # fmt: skip
Add = Callable[..., list[dict[str, object]]]


@pytest.fixture
def add(answer) -> Add:
    """Add files, by a path or by the folder of a case; return the receipts."""

    def run(*files: Path | str, accessed: str = "2026-11-20") -> list[dict[str, object]]:
        paths = [OFFICIAL / one if isinstance(one, str) else one for one in files]
        return answer("data", "add", *paths, "--accessed", accessed)

    return run


@pytest.fixture
def values(answer) -> Callable[[str], list[tuple[object, ...]]]:
    def ask(rest: str) -> list[tuple[object, ...]]:
        return [tuple(row.values()) for row in answer("data", "sql", f"SELECT {rest}")]

    return ask


def notes(receipts: list[dict[str, object]], kind: str) -> list[str]:
    return [
        one["detail"] for receipt in receipts for one in receipt["notes"] if one["kind"] == kind
    ]


def case(name: str, english: str, spanish: str) -> pytest.MarkDecorator:
    return pytest.mark.case(f"official/{name}", english, spanish)


def counted(year: int, state: int, town: int, cells: list[object], crime: str = "Homicidio doloso"):
    kind = crime.split(maxsplit=1)[0]
    return [year, state, "", town, "", LIFE, kind, crime, "Con arma de fuego", *cells]


def text(rows: list[list[object]]) -> str:
    return "\n".join(",".join(map(str, row)) for row in [MUNICIPAL, *rows]) + "\n"


@case(
    "add_total_mixes_levels",
    "3,996 case files, the nation once",
    "3,996 carpetas, la nación una vez",
)
def test_a_printed_total_is_of_one_level(hidra) -> None:
    file = OFFICIAL / "add_total_mixes_levels/RNID-Delitos_Estatal-2026-mar2026_hom.csv"
    code, _out, err = hidra("data", "add", file)
    assert (
        code == 0 and "rnid_homicide_files: 99 rows, 2026-01 to 2026-03, total 3996 (nation)" in err
    )


def test_a_total_without_a_nation_is_of_the_states(add) -> None:
    (receipt,) = add("banxico_ce100_bullets_and_xls_name/CE100.xls")
    (series,) = receipt["series"]
    assert series["level"] == "state" and series["rows"] == 96


@case("banxico_ce100_bullets_and_xls_name", "32 states; Aguascalientes 246.244619 in July 2025",
      "32 estados; Aguascalientes 246.244619 en julio de 2025")  # fmt: skip
@pytest.mark.parametrize("name", ["CE100.xls", "CE100.xlsx", "remesas.dat"])
def test_a_workbook_is_opened_by_its_content(tmp_path, add, values, name) -> None:
    file = tmp_path / name
    shutil.copyfile(OFFICIAL / "banxico_ce100_bullets_and_xls_name/CE100.xls", file)
    add(file)
    assert values("count(DISTINCT place) FROM panel WHERE source = 'banxico_remittances'") == [
        (32,)
    ]
    found = values("month, value FROM panel WHERE measure = 'remittances_musd' AND place = '01'"
                   " AND source = 'banxico_remittances' ORDER BY 1")  # fmt: skip
    assert found == [("2025-07", 246.244619), ("2025-10", 243.411166), ("2026-01", 221.495629)]


def test_remittances_of_municipalities_are_not_those_of_their_states(tmp_path, add, values) -> None:
    rows = [["", "", "Jul-Sep 2025"], ["", "\u2003●\u2002Aguascalientes", 5.5],
            ["", "\u2003\u2003⚬\u2002Aguascalientes", 3.5], ["", "\u2003\u2003⚬\u2002Calvillo", 2.0],
            ["", "Total nacional 1/", 5.5]]  # fmt: skip
    add(xlsx(tmp_path / "CE166.xlsx", {"Hoja1": [["", "Remesas familiares"], *rows]}))
    found = values("place, value FROM panel WHERE source = 'banxico_remittances' ORDER BY 1")
    assert found == [("00", 5.5), ("01", 5.5)]


@case("cide_ppd_original_tables", "events by month and municipality; the dead are PF, DE the detained",
      "eventos por mes y municipio; los muertos son PF, DE los detenidos")  # fmt: skip
def test_the_tables_of_cide_ppd_as_published(tmp_path, add, values) -> None:
    head = "ID\tTIMESTAMP\tDIA\tMES\tAÑO\tESTADO\tMunicipio\t{}DE\tPF\tMIF\n"
    fights = tmp_path / "BD_A-E.txt"
    fights.write_text(head.format("") + "1\t0\t30\t1\t2007\t7\t65\t4\t2\t9999\n"
                      "2\t0\t31\t1\t2007\t7\t65\t9999\t9999\t9999\n", "latin-1")  # fmt: skip
    attacks = tmp_path / "BD_A-A.txt"
    attacks.write_text(head.format("IO\tAG\t") + "1\t0\t9999\t2\t2007\t16\t9999\t0\t1\t9999\t7\t1\n"
                       "2\t0\t1\t99\t2007\t16\t8\t0\t1\t9999\t1\t1\n", "latin-1")  # fmt: skip
    receipts = add(fights, attacks)
    found = values("measure, place, value FROM panel WHERE length(place) = 5 ORDER BY 1, 2")
    found = [one for one in found if str(one[0]).startswith("ppd_")]
    assert found == [("ppd_aggressions", "16999", 1), ("ppd_aggressions_dead", "16999", 7),
                     ("ppd_confrontations", "07065", 2), ("ppd_confrontations_dead", "07065", 2)]  # fmt: skip
    assert notes(receipts, "unknown date") == ["events without a month"]


@case("conapo_imm_2020_two_sheets", "20 municipalities, each once; DP2 of 01001 is 60.3187950417198",
      "20 municipios, cada uno una vez; DP2 de 01001 es 60.3187950417198")  # fmt: skip
def test_a_table_on_two_sheets_is_read_once(add, values) -> None:
    receipts = add("conapo_imm_2020_two_sheets/IMM_2020_extract.xlsx")
    series = receipts[0]["series"]
    assert len(series) == 11 and {one["rows"] for one in series} == {20}
    assert {one["total"] for one in series} == {None}, "shares and indices have no total"
    found = values("value FROM panel WHERE place = '01001' AND source = 'conapo_marginalisation'"
                   " AND measure IN ('marginalisation_dp2', 'marginalisation_normalised')"
                   " ORDER BY measure")  # fmt: skip
    assert found == [(60.3187950417198,), (0.944508383147691,)]
    assert "IMM_2020" in notes(receipts, "rows left out")[0]


def test_the_same_year_again_stands_once(tmp_path, add, values) -> None:
    copy = tmp_path / "IMM_2020 (1).xlsx"
    shutil.copyfile(OFFICIAL / "conapo_imm_2020_two_sheets/IMM_2020_extract.xlsx", copy)
    receipts = add("conapo_imm_2020_two_sheets/IMM_2020_extract.xlsx", copy)
    assert {one["rows"] for one in receipts[1]["series"]} == {20}


@case("conapo_population_two_parts", "both parts 209; one half is never the nation",
      "las dos partes 209; una mitad nunca es la nación")  # fmt: skip
@pytest.mark.parametrize("order", [("01", "02"), ("02", "01")])
@pytest.mark.parametrize("days", [("2026-11-20", "2026-11-21"), ("2026-11-21", "2026-11-20")])
def test_a_population_in_two_parts(add, values, order, days) -> None:
    asked = ("place, value FROM panel WHERE source = 'conapo_population_municipal'"
             " AND measure = 'population' ORDER BY 1")  # fmt: skip
    parts = [f"conapo_population_two_parts/base_municipios_final_datos_{one}.csv" for one in order]
    add(parts[0], accessed=days[0])
    first = {"01": [("01", 190), ("01001", 190)], "02": [("20", 19), ("20001", 19)]}
    assert values(asked) == first[order[0]], "no nation"
    whole = [("00", 209), ("01", 190), ("01001", 190), ("20", 19), ("20001", 19)]
    add(parts[1], accessed=days[1])
    assert values(asked) == whole
    add(parts[1], accessed=days[1])
    assert values(asked) == whole, "given again it changes nothing"


def ring(lon: float, lat: float, points: int) -> list[list[float]]:
    turns = [2 * math.pi * i / points for i in range(points)]
    shape = [[lon + math.cos(one) / 10, lat + math.sin(one) / 10] for one in turns]
    return [*shape, shape[0]]


@case("geo_geometry_before_properties", "01003 and 01004, however far the codes stand from the start",
      "01003 y 01004, por lejos que estén las claves del principio")  # fmt: skip
@pytest.mark.parametrize("keys", [("cvegeo", ""), ("CVE_AGEE", "CVE_AGEM")])
def test_codes_may_come_after_the_coordinates(tmp_path, add, values, keys) -> None:
    files = []
    for town, points in (("003", 4000), ("004", 30)):
        code = {keys[0]: "01", keys[1]: town} if keys[1] else {"cvegeo": f"01{town}"}
        area = {"type": "Polygon", "coordinates": [ring(-102, 21 + points / 4000, points)]}
        feature = {"type": "Feature", "geometry": area, "properties": {**code, "nom_agem": town}}
        files.append(tmp_path / f"AGEM_01{town}.geojson")
        files[-1].write_text(
            json.dumps({"type": "FeatureCollection", "features": [feature]}, indent=2)
        )
    assert files[0].stat().st_size > 1 << 16
    add(*files)
    assert values("place FROM inegi_geography_places ORDER BY 1") == [("01003",), ("01004",)]


@case("geo_parts_lost", "3 municipalities of 01, 2 of 06, then 1 of 09: all stay",
      "3 municipios de 01, 2 de 06, luego 1 de 09: todos quedan")  # fmt: skip
@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-25", "2026-01-01"])
def test_outlines_in_parts_accumulate(hidra, add, values, day) -> None:
    asked = "state, count(*) FROM inegi_geography_places GROUP BY 1 ORDER BY 1"
    add("geo_parts_lost/mgem_01.json", "geo_parts_lost/mgem_06.json")
    assert values(asked) == [("01", 3), ("06", 2)]
    code, _out, err = hidra(
        "data", "add", OFFICIAL / "geo_parts_lost/mgem_09.json", "--accessed", day
    )
    assert code == 0 and "inegi_geography_places: 6 rows" in err and "Nothing new" not in err
    assert values(asked) == [("01", 3), ("06", 2), ("09", 1)]


def test_outlines_of_one_name_and_in_a_zip_accumulate(tmp_path, add, values) -> None:
    for number in ("01", "06"):
        file = tmp_path / number / "mgem.json"
        file.parent.mkdir()
        shutil.copyfile(OFFICIAL / f"geo_parts_lost/mgem_{number}.json", file)
        add(file)
    packed = tmp_path / "outlines.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(OFFICIAL / "geo_parts_lost/mgem_09.json", "09/mgem.json")
    add(packed)
    found = values("state, count(*) FROM inegi_geography_places GROUP BY 1 ORDER BY 1")
    assert found == [("01", 3), ("06", 2), ("09", 1)]


@case("inegi_pibe_member_csv_crash", "refused: give the zip as downloaded",
      "rechazado: dé el zip tal como se descargó")  # fmt: skip
def test_one_table_out_of_the_zip_of_the_product_is_refused(hidra, content) -> None:
    before = content()
    file = OFFICIAL / "inegi_pibe_member_csv_crash/conjunto_de_datos_pibe_entidad_ags2024_r.csv"
    code, _out, err = hidra("data", "add", file)
    assert code == 4 and "zip" in err and "as downloaded" in err and content() == before


@case("rnid_attempted_extortion", "98, 124 and 183 attempts; 660, 711 and 999 extortions",
      "98, 124 y 183 tentativas; 660, 711 y 999 extorsiones")  # fmt: skip
def test_attempted_extortion_in_person_and_by_other_means(add, values) -> None:
    receipts = add("rnid_attempted_extortion/RNID-Delitos_Estatal-2026-mar2026_extract.csv")
    for measure, expected in (
        ("attempted_extortion", (98, 124, 183)),
        ("extortion", (660, 711, 999)),
    ):
        found = values(f"value FROM panel WHERE place = '00' AND measure = 'rnid_{measure}_files'"
                       " ORDER BY month")  # fmt: skip
        assert tuple(value for (value,) in found) == expected
    assert "rnid_homicide_files" in notes(receipts, "absent")[0], "what no row is of is named"


@case("rnid_victims_municipal_absent_is_zero", "01001: homicide victims 0 and 0, extortion 1 and 0,"
      " attempts 1 and 2", "01001: víctimas de homicidio 0 y 0, extorsión 1 y 0, tentativas 1 y 2")  # fmt: skip
def test_victims_absent_are_zero_there_and_only_there(tmp_path, add, values) -> None:
    file = OFFICIAL / "rnid_victims_municipal_absent_is_zero"
    file = file / "RNID-Victimas_Municipal-2026-feb2026_extract.csv"
    (receipt,) = add(file)
    rows = f"FROM panel_sources WHERE source = '{receipt['source']}'"
    for measure, expected in (
        ("homicide", [0, 0]),
        ("extortion", [1, 0]),
        ("attempted_extortion", [1, 2]),
    ):
        found = values(f"value FROM panel WHERE measure = 'rnid_{measure}_victims' AND place = '01001'"
                       " ORDER BY month")  # fmt: skip
        assert [value for (value,) in found] == expected
    assert values(f"count(*) {rows} AND month > '2026-02'") == [(0,)]
    assert values(f"count(*) {rows} AND place = '00'") == [(0,)]


def test_a_municipality_whose_month_is_empty_is_unknown(tmp_path, add, values) -> None:
    head = [*MUNICIPAL[:9], "Sexo", "Rango de edad", *MONTHS]
    said = [LIFE, "Homicidio", "Homicidio doloso", "Con arma de fuego", "Hombre", "18 a 29 años"]
    rows = [head, [2026, "01", "", "01001", "", *said, 2, 1, *[""] * 10],
            [2026, "01", "", "01002", "", *said, 3, "", *[""] * 10]]  # fmt: skip
    file = tmp_path / "victims.csv"
    file.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n")
    add(file)
    found = values("place, month, value FROM panel WHERE measure = 'rnid_femicide_victims'"
                   " AND length(place) = 5 ORDER BY 1, 2")  # fmt: skip
    assert found == [("01001", "2026-01", 0), ("01001", "2026-02", 0),
                     ("01002", "2026-01", 0), ("01002", "2026-02", None)]  # fmt: skip


@case("sesnsp_municipal_negative_correction", "the file comes in; -1 of 27010 in May 2018 is noted",
      "el archivo entra; el -1 de 27010 en mayo de 2018 se anota")  # fmt: skip
def test_a_correction_below_zero_comes_in_with_a_note(add, values) -> None:
    receipts = add("sesnsp_municipal_negative_correction/Municipal-Delitos-2015-2025_extract.csv")
    (said,) = notes(receipts, "correction")
    assert "27010" in said and "2018-05" in said and "−1" in said
    found = values("place, sum(value) FROM panel WHERE measure = 'sesnsp_homicide_files'"
                   " AND period = 'month' AND place IN ('11001', '11002') GROUP BY 1 ORDER BY 1")  # fmt: skip
    rows = (OFFICIAL / "sesnsp_municipal_negative_correction").glob("*.csv")
    lines = [one.split(",") for one in next(rows).read_text("latin-1").splitlines()]
    right = {
        town: sum(sum(map(int, one[9:])) for one in lines if one[3] == town and "doloso" in one[7])
        for town in ("11001", "11002")
    }
    assert dict(found) == right and sum(right.values()) > 0


KINDS = {
    "state": (["Año", "Clave_Ent", "Entidad", *MUNICIPAL[5:9], *MONTHS],
              [2020, 5, "", LIFE, "Homicidio", "Homicidio doloso", "Otro"], "05"),
    "municipal": (MUNICIPAL, counted(2020, 5, 5002, [])[:9], "05002"),
    "victims": (["Año", "Clave_Ent", "Entidad", *MUNICIPAL[5:9], "Sexo", "Rango de edad", *MONTHS],
                [2020, 5, "", LIFE, "Homicidio", "Homicidio doloso", "Otro", "Mujer", "X"], "05"),
    "federal": (["AÑO", "INEGI", "ENTIDAD", "LEY", "CONCEPTO", "TIPO", *MONTHS],
                [2020, 5, "", "CPF", "CONTRA LA SALUD", "POSESION"], "05"),
    "old": (["AÑO", "ENTIDAD", "MODALIDAD", "TIPO", "SUBTIPO", *MONTHS],
            [2010, "COAHUILA", "HOMICIDIOS", "DOLOSOS", "OTROS"], "05"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_corrections_in_every_file_of_the_secretariat(tmp_path, hidra, add, values, kind) -> None:
    head, keys, place = KINDS[kind]
    file = tmp_path / "cut.csv"
    rows = [head, [*keys, 4, -2, *[3] * 10], [*keys, *[5] * 12]]
    file.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", "latin-1")
    receipts = add(file)
    (said,) = notes(receipts, "correction")
    assert place in said and f"{keys[0]}-02" in said
    measure = receipts[0]["series"][0]["measure"]
    found = values(f"value FROM panel_sources WHERE source = '{receipts[0]['source']}' AND place = '{place}'"
                   f" AND measure = '{measure}' AND month LIKE '%-02'")  # fmt: skip
    assert found == [(3,)], "the sum is the publisher's"
    rows[1][len(keys) + 1] = -99
    file.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", "latin-1")
    code, _out, err = hidra("data", "add", file)
    assert code == 3 and "row 2" in err, "a sentinel is no correction"


def test_a_count_below_zero_is_looked_at_not_failed(tmp_path, hidra, add) -> None:
    file = tmp_path / "cut.csv"
    file.write_text(text([counted(2020, 5, 5002, [-1, *[2] * 11])]), "utf-8")
    add(file)
    _code, out, _err = hidra("data", "check")
    assert "look     corrections below zero [sesnsp_cases]" in out
    assert "ok       negative counts" in out


@case("sesnsp_old_method_state_no_code", "Aguascalientes 39 and 42, Colima 178 and 99",
      "Aguascalientes 39 y 42, Colima 178 y 99")  # fmt: skip
def test_the_old_method_by_state_without_a_code(add, values) -> None:
    file = "sesnsp_old_method_state_no_code/IncidenciaDelictivaEstatal_1997_2014_extract.xlsx"
    (receipt,) = add(file)
    assert receipt["source"] == "sesnsp_old_state"
    found = values("place, left(month, 4), sum(value) FROM panel WHERE source = 'sesnsp_old_state' AND"
                   " measure = 'sesnsp_homicide_files_old_method' GROUP BY 1, 2 ORDER BY 1, 2")  # fmt: skip
    assert found == [
        ("01", "2013", 39),
        ("01", "2014", 42),
        ("06", "2013", 178),
        ("06", "2014", 99),
    ]


def test_names_of_states_as_the_old_method_writes_them(tmp_path, add, values) -> None:
    head = ["AÑO", "ENTIDAD", "MODALIDAD", "TIPO", "SUBTIPO", *MONTHS, "TOTAL AÑO"]
    said = ["HOMICIDIOS", "DOLOSOS", "OTROS", *[1] * 12, 12]
    names = {
        "MEXICO": "15",
        "DISTRITO FEDERAL": "09",
        "VERACRUZ": "30",
        "\u2003● Coahuila 1/": "05",
    }
    rows = [head, *([1999, name, *said] for name in names), [1999, "TOTAL NACIONAL", *said],
            ["Fuente: SESNSP"]]  # fmt: skip
    receipts = add(xlsx(tmp_path / "old.xlsx", {"Notas": [["x"]], "Datos": rows}))
    found = values("DISTINCT place FROM panel WHERE source = 'sesnsp_old_state' ORDER BY 1")
    assert [place for (place,) in found] == sorted(names.values())
    assert any("nation's total" in one for one in notes(receipts, "rows left out"))


@case("sesnsp_zip_of_yearly_workbooks", "285 in 2020, 345 in 2021, 231 in 2022: every workbook",
      "285 en 2020, 345 en 2021, 231 en 2022: todos los libros")  # fmt: skip
def test_every_yearly_workbook_of_a_zip_is_read(add, values) -> None:
    add("sesnsp_zip_of_yearly_workbooks/Municipal-Delitos_only_workbooks.zip")
    found = values("left(month, 4), sum(value) FROM panel WHERE source = 'sesnsp_cases' AND"
                   " measure = 'sesnsp_homicide_files' AND place = '11' GROUP BY 1 ORDER BY 1")  # fmt: skip
    assert found == [("2020", 285), ("2021", 345), ("2022", 231)]


def zipped(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def book(sheets: dict[str, list[list[object]]], folder: Path) -> bytes:
    return xlsx(folder / "book.xlsx", sheets).read_bytes()


def test_tables_of_a_zip_are_read_once_or_named(tmp_path, add, values) -> None:
    old, new = counted(2024, 5, 5002, [1] * 12), counted(2025, 5, 5002, [2] * 12)
    newer = counted(2023, 5, 5002, [7] * 12)
    file = zipped(tmp_path / "all.zip", {
        "all.csv": text([old, new]),
        "2024.xlsx": book({"2024": [MUNICIPAL, old]}, tmp_path),
        "2023.xlsx": book({"a": [MUNICIPAL, newer], "b": [MUNICIPAL, newer]}, tmp_path),
        "__MACOSX/._all.csv": b"\0\5\26\7",
        "leame.txt": "Notas del archivo",
        "roto.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no book",
    })  # fmt: skip
    receipts = add(file)
    found = values("left(month, 4), sum(value) FROM panel WHERE measure = 'sesnsp_homicide_files'"
                   " AND source = 'sesnsp_cases' AND place = '05002' GROUP BY 1 ORDER BY 1")  # fmt: skip
    assert found == [("2023", 84), ("2024", 12), ("2025", 24)]
    said = " ".join(notes(receipts, "rows left out"))
    assert (
        "2024.xlsx" in said and "roto.xls" in said and "leame.txt" in said and "read once" in said
    )


def test_two_tables_that_differ_are_refused_by_name(tmp_path, hidra, content) -> None:
    before = content()
    file = zipped(tmp_path / "two.zip", {
        "a.csv": text([counted(2024, 5, 5002, [1] * 12)]),
        "b.csv": text([counted(2024, 5, 5002, [2] * 12)]),
    })  # fmt: skip
    code, _out, err = hidra("data", "add", file)
    assert code == 3 and "b.csv" in err and "2024" in err and content() == before


def test_a_zip_that_cannot_be_read_is_refused_by_name(tmp_path, hidra) -> None:
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w") as archive:
        archive.writestr("a.csv", text([]))
    code, _out, err = hidra(
        "data", "add", zipped(tmp_path / "in.zip", {"more.zip": inside.getvalue()})
    )
    assert code == 3 and "more.zip" in err
    broken = {"2024.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no book"}
    code, _out, err = hidra("data", "add", zipped(tmp_path / "broken.zip", broken))
    assert code == 3 and "2024.xls" in err


def test_part_of_the_country_is_no_nation(tmp_path, add, values) -> None:
    rows = [counted(2024, state, state * 1000 + 1, [60] * 12) for state in range(1, 32)]
    file = tmp_path / "cut.csv"
    file.write_text(text(rows), "utf-8")
    add(file)
    asked = ("sum(value) FROM panel WHERE source = 'sesnsp_cases' AND place = '00'"
             " AND measure = 'sesnsp_homicide_files'")  # fmt: skip
    assert values(asked) == [(None,)]
    rows.append(counted(2025, 32, 32001, [60] * 12))
    rows += [counted(2025, *row[1:2], row[3], [60] * 12) for row in rows[:31]]
    file.write_text(text(rows), "utf-8")
    add(file)
    assert values(asked) == [(32 * 12 * 60,)], "2025 is whole, 2024 is not"
