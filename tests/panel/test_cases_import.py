"""Small tables of users' own that were once read wrongly, refused, or answered with a bad cure.

Each case lies in ``cases/import/NAME``; its right value is here, and where the file is rightly
refused, the cure that the message names is tried. Then come other inputs of the same kinds.
"""

from __future__ import annotations

import datetime
import gzip
import io
import json
import shutil
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.core.errors import HidraError
from hidra.data import readers
from hidra.data.panel import unit_of
from hidra.data.spec import TimeColumns, make_spec, read_spec
from hidra.data.spelling import figure, joined_code, moment, place_code

from .conftest import SPEC

CASES = Path(__file__).parent / "cases" / "import"
J1, J2 = ("08037", "2024-01"), ("08037", "2024-02")


@pytest.fixture
def case(tmp_path, monkeypatch):
    """Copy a case aside and work there."""

    def enter(name: str) -> Path:
        folder = tmp_path / name
        shutil.copytree(CASES / name, folder)
        monkeypatch.chdir(folder)
        return folder

    return enter


def changed(name: str, changes: dict[str, Any]) -> Path:
    """Write a description again with some keys changed; a key of a mapping by ``place.level``."""
    content = yaml.load(Path(name).read_text("utf-8"), Loader=yaml.BaseLoader)
    for path, value in changes.items():
        *above, key = path.split(".")
        inner = content
        for one in above:
            inner = inner.setdefault(one, {})
        inner[key] = value
    Path("changed.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return Path("changed.yaml")


@pytest.fixture
def rows(answer):
    """The rows of a source: place, month and value."""

    def ask(source: str = "ours", columns: str = "place, month, value") -> list[tuple[Any, ...]]:
        query = f"SELECT {columns} FROM panel_sources WHERE source = '{source}' ORDER BY ALL"
        return [tuple(one.values()) for one in answer("data", "sql", query)]

    return ask


def right(name: str, en: str, es: str, *more: Any, id: str = "") -> Any:
    """One row of a table of cases: what it is tried with, and its words for the docs."""
    mark = pytest.mark.case(f"import/{name}", en, es)
    return pytest.param(name, *more, marks=mark, id=id or name)


BLANK = ("a row with nothing in it is skipped and counted", "una fila vacía se salta y se cuenta")
TAIL = ("empty columns at the end do not matter", "las columnas vacías del final no importan")
SAME = ("three events of one day are three", "tres hechos de un mismo día son tres")
FOLDER = ("names of folders are no data", "los nombres de carpetas no son datos")
DATES = ("dates are read as date_format says", "las fechas se leen como dice date_format")
COMMA = ("1.234,5 and 12,5 with decimal: ','", "1.234,5 y 12,5 con decimal: ','")
KINDS = (
    "ODS, UTF-16, gzip and JSON under a key are read",
    "se leen ODS, UTF-16, gzip y JSON bajo una clave",
)
MANY = ("several files are one series", "varios archivos son una serie")
NOTES = ("a note below the table is left out", "una nota bajo la tabla se deja fuera")
TWO = ("the place from two columns is 08037", "el lugar de dos columnas es 08037")
MEXICO = ("with level: nation Mexico is 00", "con level: nation México es 00")
PIPE = ("a category with | and a column file_row", "una categoría con | y una columna file_row")
SENTINEL = ("999.0 is the unknown 999", "999.0 es el 999 desconocido")
DOT = ("1.234 persons is refused or, as told, 1234", "1.234 personas se rechaza o, dicho, es 1234")
ZONE = ("the day as written, on every machine", "el día como está escrito, en toda máquina")
WHERE = (
    "words are compared without case, accents or Unicode form: total 12",
    "las palabras se comparan sin mayúsculas, acentos ni forma Unicode: total 12",
)
CP = ("Windows-1252 with its quotes and dashes", "Windows-1252 con sus comillas y rayas")
NO = ("NO, 02004 and 00 are what is written", "NO, 02004 y 00 son lo que está escrito")
ZIP = ("two tables of a zip: asked which, both if told", "dos tablas de un zip: se pregunta cuál")

READ = [
    right("blank-rows", *BLANK, ["table.csv"], "spec.yaml", {}, [(*J1, 5)], id="blank-csv"),
    right("blank-rows", *BLANK, ["table.xlsx"], "spec2.yaml", {}, [(*J1, 5)], id="blank-xlsx"),
    right("empty-columns-at-the-end", *TAIL, ["table.csv"], "spec.yaml", {}, [(*J1, 5)]),
    right("events-same-day", *SAME, ["table.csv"], "spec.yaml", {}, [("08037", "2024-03", 3)]),
    right("folder-year-overrides", *FOLDER, ["year=2019/month=7/table.csv"], "spec.yaml", {}, [(*J1, 5)]),
    right("missing-date-forms", *DATES, ["table.csv"], "spec.yaml",
          {"time.date_format": "%d/%m/%Y"}, [("08037", "2024-03", 5)], id="date_format-day"),
    right("missing-date-forms", *DATES, ["month.csv"], "spec2.yaml",
          {"time.date_format": "%Y%m"}, [("08037", "2024-03", 5)], id="date_format-month"),
    right("missing-decimal-comma", *COMMA, ["table.csv"], "spec.yaml", {"decimal": ","},
          [(*J1, 1234.5), (*J2, 12.5)]),
    *(right("missing-file-kinds", *KINDS, [file], "spec.yaml", {}, [(*J1, 5)], id=file)
      for file in ("table.ods", "utf16.csv", "table.csv.gz", "wrapped.json")),
    right("missing-many-files", *MANY, ["2023.csv", "2024.csv"], "spec.yaml", {},
          [("08037", "2023-12", 5), (*J1, 6)]),
    right("missing-notes-below", *NOTES, ["table.csv"], "spec.yaml", {"footer_rows": "1"},
          [(*J1, 5)], id="footer_rows"),
    right("missing-notes-below", *NOTES, ["table.csv"], "spec.yaml", {"last_row": "2"},
          [(*J1, 5)], id="last_row"),
    right("missing-two-code-columns", *TWO, ["table.csv"], "spec.yaml",
          {"place": {"state": "cve_ent", "municipality": "cve_mun"}}, [(*J1, 5)]),
    right("nation-called-mexico", *MEXICO, ["table.csv"], "spec.yaml", {}, [("00", "2024-01", 2500)]),
    right("pipe-in-a-category", *PIPE, ["table.csv"], "spec.yaml", {}, [(*J1, 3), (*J1, 5)], id="pipe"),
    right("pipe-in-a-category", *PIPE, ["row.csv"], "spec_row.yaml", {}, [(*J1, 5)], id="file_row"),
    right("sentinel-999-as-decimal", *SENTINEL, ["table.csv"], "spec.yaml", {},
          [("08019", "2024-01", None), (*J1, 5)]),
    right("thousands-with-a-dot", *DOT, ["table.csv"], "spec.yaml", {"thousands": "."},
          [(*J1, 1234), (*J2, 15)]),
    right("time-zone-moves-month", *ZONE, ["table.json"], "spec.yaml", {}, [(*J1, 5)]),
    right("where-loses-spellings", *WHERE, ["table.csv"], "spec.yaml", {},
          [("08019", "2024-02", 3), ("08019", "2024-03", 4), (*J1, 5)]),
    right("windows-1252", *CP, ["table.csv"], "spec.yaml", {}, [(*J1, 5)]),
    right("yaml-no-and-octal", *NO, ["table.csv"], "spec_no.yaml", None,
          [("02004", "2024-01", 5), ("02004", "2024-02", 7), ("05035", "2024-01", 2), (*J1, 3)], id="no"),
    right("yaml-no-and-octal", *NO, ["table.csv"], "spec_code.yaml", None,
          [("02004", "2024-01", 5), ("02004", "2024-02", 7), (*J1, 3)], id="octal"),
    right("yaml-no-and-octal", *NO, ["one.csv"], "spec_fixed.yaml", None,
          [("02004", "2024-01", 5)], id="octal-fixed"),
    right("yaml-no-and-octal", *NO, ["ent.csv"], "spec_recode.yaml", None,
          [("09", "2024-01", 4), ("33", "2024-01", 4)], id="recode-00"),
    right("zip-two-tables", *ZIP, ["two.zip"], "spec.yaml",
          {"member": ["enero.csv", "febrero.csv"]}, 16, id="both"),
    right("zip-two-tables", *ZIP, ["mac.zip"], "spec2.yaml", {}, [(*J1, 5)], id="mac"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "files", "spec", "changes", "found"), READ)
def test_the_table_of_a_case_comes_in_right(
    name, files, spec, changes, found, case, hidra, answer, rows
):
    case(name)
    described = Path(spec) if changes is None else changed(spec, changes)
    source = read_spec(described).source
    code, _out, err = hidra("data", "import", *files, "--spec", described)
    assert code == 0, err
    if isinstance(found, int):  # a total is enough
        query = f"SELECT sum(value) AS s FROM panel WHERE source = '{source}'"
        assert answer("data", "sql", query) == [{"s": found}]
    else:
        assert rows(source) == found


ABSURD = (
    "days that cannot be are refused, with a cure",
    "los días que no pueden ser se rechazan, con remedio",
)
FORMULA = (
    "a formula without a result, an error: named by sheet and cell",
    "una fórmula sin resultado, un error: con hoja y celda",
)
SLUG = (
    "two words that would share a name, two units: refused",
    "dos palabras con un mismo nombre, dos unidades: se rechazan",
)
UNITS = ("`personas` are persons: -5 is refused", "`personas` son personas: -5 se rechaza")
CURED_DATES = {"time.unknown_dates": ["9999-12-31", "0001-01-01", "2024-02-30"]}

#: Refused: exit code, what is said and where, and the cure it names with what then comes in.
REFUSED = [
    right("dates-that-cannot-be", *ABSURD, "table.csv", "spec.yaml", "9999-12-31",
          "table.csv, row 3", "unknown_dates", CURED_DATES, [("08037", "2024-03", 1)], id="9999"),
    right("dates-that-cannot-be", *ABSURD, "zero.csv", "spec_zero.yaml", "2924-03-01",
          "zero.csv, row 3", "unknown_dates", {"time.unknown_dates": ["2924-03-01"]}, 1, id="2924"),
    right("excel-formula-not-computed", *FORMULA, "formula.xlsx", "spec.yaml", "'=2+3'",
          "Hoja1, row 2, cell D2", "open the workbook", None, None, id="formula"),
    right("excel-formula-not-computed", *FORMULA, "error.xlsx", "spec2.yaml", "'#N/A'",
          "Hoja1, row 2, cell D2", "unknown_values: ['#N/A']", {"unknown_values": ["#N/A"]},
          [("08019", "2024-01", 4), (*J1, None)], id="error"),
    right("missing-date-forms", *DATES, "table.csv", "spec.yaml", "15/03/2024", "row 2, column date",
          'date_format: "%d/%m/%Y"', {"time.date_format": "%d/%m/%Y"}, [("08037", "2024-03", 5)]),
    right("missing-notes-below", *NOTES, "table.csv", "spec.yaml", "1 cells, the header 4",
          "table.csv, row 3", "last_row: 2", {"last_row": "2"}, [(*J1, 5)]),
    right("missing-two-code-columns", *TWO, "table.csv", "spec.yaml", "place: {state: COLUMN",
          "row 2", "Correct", {"place": {"state": "cve_ent", "municipality": "cve_mun"}}, [(*J1, 5)]),
    right("slug-joins-categories", *SLUG, "table.csv", "spec.yaml", "'18+' and '<18'",
          "row 3 and table.csv, row 2", 'recode: {"age": {"<18": 18_2}}',
          {"recode": {"age": {"<18": "18_2"}}}, [("08", "2024-01", 1), ("09", "2024-01", 10)], id="slug"),
    right("slug-joins-categories", *SLUG, "units.csv", "spec_units.yaml", "several units: ha, persons",
          "row 3 and units.csv, row 2", "split_by: [unit]", {"split_by": ["unit"]},
          [("08", "2024-01", 5), ("09", "2024-01", 3)], id="units"),
    right("spanish-units", *UNITS, "table.csv", "spec.yaml", "'-5' is a negative count",
          "table.csv, row 3", "unknown_values", {"unknown_values": ["-5"]}, None, id="personas"),
    right("thousands-with-a-dot", *DOT, "table.csv", "spec.yaml", "'1.234' is no whole number",
          "row 2", 'thousands: "."', {"thousands": "."}, [(*J1, 1234), (*J2, 15)]),
    right("zip-two-tables", *ZIP, "two.zip", "spec.yaml", "enero.csv, febrero.csv", "two.zip",
          "member: [enero.csv, febrero.csv]", {"member": ["enero.csv", "febrero.csv"]}, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "spec", "what", "where", "fix", "cure", "found"), REFUSED)
def test_what_is_refused_is_named_and_its_cure_works(
    name, file, spec, what, where, fix, cure, found, case, hidra, rows
):
    case(name)
    code, _out, err = hidra("data", "import", file, "--spec", spec)
    said = err.splitlines()[-3:]
    assert code in (2, 3) and "bug" not in err, err
    assert what in said[0] and where in said[1] and fix in " ".join(said), err
    if cure is None:
        return
    described = changed(spec, cure)
    code, _out, err = hidra("data", "import", file, "--spec", described)
    assert code == 0, err
    known = [one for one in rows(read_spec(described).source) if one[2]]
    if isinstance(found, int):
        assert len(known) == found
    elif found is not None:
        assert rows(read_spec(described).source) == found


@pytest.mark.case("import/where-loses-spellings", *WHERE)
def test_a_wanted_word_that_no_row_has_is_said(case, answer):
    case("where-loses-spellings")
    (receipt,) = answer("data", "import", "table.csv", "--spec", "spec.yaml")
    assert any(
        note["detail"].startswith("No row has crime Feminicidio") for note in receipt["notes"]
    )


@pytest.mark.case("import/pipe-in-a-category", *PIPE)
def test_categories_with_marks_have_their_names(case, answer):
    case("pipe-in-a-category")
    (receipt,) = answer("data", "import", "table.csv", "--spec", "spec.yaml")
    totals = {one["measure"]: one["total"] for one in receipt["series"]}
    assert totals == {"our_killings_robo_con_violencia": 5, "our_killings_otro": 3}


@pytest.mark.case("import/spanish-units", *UNITS)
def test_a_unit_in_spanish_has_rates_as_one_in_english(case, answer):
    case("spanish-units")
    Path("table.csv").write_text("ent,year,month,killed\n08,2024,1,500\n")
    answer("data", "import", "table.csv", "--spec", "spec.yaml")
    query = "SELECT count(*) AS n, min(unit) AS u FROM {} WHERE source = 'ours'"
    assert answer("data", "sql", query.format("panel")) == [{"n": 1, "u": "persons"}]
    assert answer("data", "sql", "SELECT count(*) AS n FROM rates WHERE source = 'ours'") == [
        {"n": 1}
    ]


ZEROS = (
    "zeros begin where the measure's own rows begin",
    "los ceros empiezan donde empiezan las filas de la medida",
)
TO_COME = (
    "months that every row leaves empty stay unknown",
    "los meses que todas las filas dejan vacíos quedan desconocidos",
)


@pytest.mark.case("import/zeros-before-a-category", *ZEROS)
def test_zeros_of_a_measure_are_of_its_own_months(case, answer):
    case("zeros-before-a-category")
    answer("data", "import", "table.csv", "--spec", "spec.yaml")
    found = answer(
        "data",
        "sql",
        "SELECT measure, min(month) AS a, max(month) AS b, count(*) AS n, sum(value) AS s "
        "FROM panel WHERE source = 'ours' GROUP BY 1 ORDER BY 1",
    )
    assert [tuple(one.values()) for one in found] == [
        ("femicide", "2019-12", "2019-12", 10, 4),
        ("homicide", "2010-01", "2020-01", 1210, 5),
    ]


@pytest.mark.case("import/zeros-in-months-to-come", *TO_COME)
def test_no_zero_in_a_month_that_is_not_published(case, answer):
    case("zeros-in-months-to-come")
    answer("data", "import", "table.csv", "--spec", "spec.yaml")
    found = answer(
        "data",
        "sql",
        "SELECT month, count(value) AS known FROM panel WHERE source = 'ours' GROUP BY 1 ORDER BY 1",
    )
    assert [one["known"] for one in found] == [10] * 9 + [0] * 3


EVENTS = ("an event is counted once, by its id", "un hecho se cuenta una vez, por su clave")


@pytest.mark.case("import/event-ids-repeated", *EVENTS)
def test_an_event_that_stands_twice_is_counted_once(case, hidra, answer):
    case("event-ids-repeated")
    assert hidra("data", "add", "acled.csv", "ged.csv")[0] == 0
    query = (
        "SELECT measure, value FROM panel WHERE source IN ('acled', 'ucdp_ged') AND place = '25'"
    )
    found = {one["measure"]: one["value"] for one in answer("data", "sql", query)}
    assert found["acled_events"] == 2 and found["acled_fatalities"] == 4
    assert found["ucdp_deaths"] == found["ucdp_deaths_dated"] == 5


@pytest.mark.case("import/event-ids-repeated", *EVENTS)
def test_two_rows_of_one_event_that_differ_are_refused(case, hidra):
    folder = case("event-ids-repeated")
    text = (folder / "acled.csv").read_text().splitlines()
    text[2] = text[2].replace("Mexico,3", "Mexico,9")
    (folder / "acled.csv").write_text("\n".join(text) + "\n")
    code, _out, err = hidra("data", "add", "acled.csv")
    assert code == 3 and "MEX1" in err and "rows 2 and 3" in err


@pytest.mark.case("import/folder-year-overrides", *FOLDER)
@pytest.mark.case("import/windows-1252", *CP)
def test_official_events_of_any_folder_and_encoding(case, hidra, answer):
    folder = case("folder-year-overrides")
    assert hidra("data", "add", folder / "admin1=Colima" / "acled.csv")[0] == 0
    query = "SELECT DISTINCT place FROM panel WHERE source = 'acled' AND place <> '00'"
    assert answer("data", "sql", query) == [{"place": "25"}]
    assert hidra("data", "add", CASES / "windows-1252" / "acled.csv", "--replace")[0] == 0


DRIVERS = (
    "`study check` refuses a place, month, name, value or repetition, with its row",
    "`study check` rechaza lugar, mes, nombre, valor o repetición, con su fila",
)


@pytest.mark.case("import/drivers-without-effect", *DRIVERS)
@pytest.mark.parametrize(
    ("file", "what", "where", "fix"),
    [
        ("lost_zero", "'9' is not the code of a state", "lost_zero.csv, row 2", "such as 09"),
        ("month", "'2027-1' is not a month", "month.csv, row 2", "2027-01"),
        ("typo", "'serach'", "key driver_files.0", "Did you mean search?"),
        ("twice", "given twice", "twice.csv, row 2 and twice.csv, row 3", "Keep one"),
        ("comma", "'2,5' is no number", "comma.csv, row 2", "with a point"),
    ],
)
def test_a_file_of_drivers_is_checked_with_the_study(file, what, where, fix, case, hidra):
    case("drivers-without-effect")
    study = Path("study.yaml")
    study.write_text(
        "title: {es: p, en: t}\nquestion: {es: p, en: q}\ndraws: 4\nmechanisms: [victims]\n"
        f"driver_files: [{file}.csv]\n"
    )
    code, _out, err = hidra("study", "check", study)
    said = err.splitlines()[-3:]
    assert code in (2, 3) and what in said[0] and where in said[1] and fix in said[2], err


@pytest.mark.case("import/drivers-without-effect", *DRIVERS)
def test_good_drivers_pass(case, hidra):
    case("drivers-without-effect")
    Path("good.csv").write_text("driver,place,month,value\nsearch,09,2027-01,2\n")
    Path("study.yaml").write_text(
        "title: {es: p, en: t}\nquestion: {es: p, en: q}\ndraws: 4\nmechanisms: [victims]\n"
        "driver_files: [good.csv]\n"
    )
    assert hidra("study", "check", "study.yaml")[0] == 0


SQL = ("two columns of one name stay two", "dos columnas con un mismo nombre siguen siendo dos")
EXCEL = ("CSV with the UTF-8 mark (--excel)", "CSV con la marca de UTF-8 (--excel)")
LINES = ("one line with tabs for each row", "una línea con tabuladores por fila")
BASE = ("the page works below a path (--base-path)", "la página funciona bajo una ruta")


@pytest.mark.case("import/sql-two-columns-one-name", *SQL)
def test_columns_of_a_query_keep_their_figures_apart(answer):
    assert answer("data", "sql", "SELECT 1 AS n, 2 AS n, 3 AS n_2") == [
        {"n": 1, "n_3": 2, "n_2": 3}
    ]
    (row,) = answer(
        "data",
        "sql",
        "SELECT a.month, a.value, b.value FROM panel a JOIN panel b USING (place, month) WHERE "
        "a.measure = 'inegi_homicides' AND b.measure = 'sesnsp_homicide_victims' "
        "AND a.place = '25' AND a.month = '2020-01'",
    )
    assert list(row) == ["month", "value", "value_2"] and row["value"] != row["value_2"]


@pytest.mark.case("import/missing-csv-for-excel", *EXCEL)
def test_an_export_for_excel_has_the_mark(case, hidra, tmp_path):
    case("missing-csv-for-excel")
    hidra("data", "import", "table.csv", "--spec", "spec.yaml")
    plain, marked = tmp_path / "plain.csv", tmp_path / "marked.csv"
    hidra("data", "export", "--to", plain, "--source", "ours")
    hidra("data", "export", "--to", marked, "--source", "ours", "--excel")
    assert marked.read_bytes() == b"\xef\xbb\xbf" + plain.read_bytes()
    pd.testing.assert_frame_equal(pd.read_csv(plain), pd.read_csv(marked))


@pytest.mark.case("import/missing-csv-for-excel", *EXCEL)
def test_a_forecast_is_also_a_small_table_of_quantiles():
    from hidra.forecast import quantiles

    index = pd.MultiIndex.from_product([["08"], ["2022-01", "2022-02"], range(101)])
    draws = index.set_names(["place", "month", "draw"]).to_frame(index=False)
    found = quantiles(draws.assign(value=draws["draw"].astype(float)))
    assert list(found) == ["place", "month", "p05", "p25", "p50", "p75", "p95", "mean"]
    assert found.iloc[0].tolist()[2:] == [5, 25, 50, 75, 95, 50] and len(found) == 2


@pytest.mark.case("import/piped-table-is-folded", *LINES)
def test_a_table_for_other_programs_is_one_line_a_row(capsys):
    from hidra.cli.terminal import print_table

    print_table(["a", "b"], [["x" * 200, "1\n2"]], title="above", caption="Not a forecast.")
    out, err = capsys.readouterr()
    assert out == f"a\tb\n{'x' * 200}\t1 2\n"
    assert "Not a forecast." in err


@pytest.mark.case("import/missing-base-path", *BASE)
@pytest.mark.parametrize("asked", ["/about", "/u/x/en/about"])
def test_the_page_below_a_path(asked, tmp_path):
    from starlette.testclient import TestClient

    from hidra.web.app import make
    from hidra.web.site import Settings

    settings = Settings(folder=tmp_path, warm=False, base_path="/u/x")
    asked = asked if asked.startswith("/u/x") else f"/en{asked}"
    with TestClient(make(settings), base_url="http://localhost") as page:
        found = page.get(asked)
        assert found.status_code == 200
        links = {one.split('"')[1] for one in found.text.split("href=")[1:]}
        inside = {one for one in links if one.startswith("/")}
        assert inside and all(one.startswith("/u/x/") for one in inside)
        assert 'src="/u/x/static/hidra.js"' in found.text
        assert page.get("/u/x/static/hidra.js").status_code == 200
        assert page.get("/u/xy/en/about").status_code == 404


# Other inputs of the same kinds.


@pytest.fixture
def brought(tmp_path):
    """Read tables by a description into rows of place, month, measure and value, and notes."""
    import duckdb

    from hidra.data.importing import rows_from_tables
    from hidra.data.panel import LEVEL

    numbers = iter(range(10**6))

    def read(*files: Any, **changes: Any) -> tuple[list[tuple[Any, ...]], list[str]]:
        here = tmp_path / str(next(numbers))
        here.mkdir()
        paths = []
        for number, file in enumerate(files):
            paths.append(file if isinstance(file, Path) else here / f"table{number}.csv")
            if not isinstance(file, Path):
                paths[-1].write_bytes(file if isinstance(file, bytes) else file.encode())
        spec = make_spec({k: v for k, v in {**SPEC, **changes}.items() if v is not None})
        scratch = here / "scratch"
        scratch.mkdir()
        with duckdb.connect() as con:
            con.execute(LEVEL)
            rows_from_tables(con, paths, spec, scratch)
            rows = con.execute(
                "SELECT place, month, measure, value FROM incoming ORDER BY ALL"
            ).fetchall()
            notes = con.execute("SELECT detail FROM incoming_notes").fetchall()
        return rows, [one for (one,) in notes]

    return read


def refused(read: Any, *files: Any, **changes: Any) -> HidraError:
    with pytest.raises(HidraError) as caught:
        read(*files, **changes)
    return caught.value


HEAD = "cve_mun,year,month,killed\n"
ONE = [("08037", "2024-01", "our_killings", 5)]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r", "mixed"])
@pytest.mark.parametrize(
    "written", ["utf-8", "utf-8-sig", "windows-1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_any_encoding_and_line_end_gives_the_same_rows(written, ends, brought):
    lines = ["Municipio,Año,mes,víctimas", "08037,2024,1,5", "08019,2024,1,3", "08037,2024,2,9", ""]
    text = "".join(
        f"{one}{end}"
        for one, end in zip(
            lines, ["\r\n", "\n", "\r\n", "\n"] if ends == "mixed" else [ends] * 4, strict=False
        )
    )
    rows, _notes = brought(
        text.encode(written),
        place={"column": "Municipio", "level": "municipality"},
        time={"year": "Año", "month": "mes"},
        values={"víctimas": "our_killings"},
    )
    assert [(one[0], one[1], one[3]) for one in rows] == [
        ("08019", "2024-01", 3), ("08037", "2024-01", 5), ("08037", "2024-02", 9)
    ]  # fmt: skip


@settings(max_examples=60)
@given(
    words=st.lists(st.text("áéíóúñÑ“”–€abc ,;\"'", max_size=8), min_size=1, max_size=4),
    written=st.sampled_from(["utf-8", "utf-8-sig", "windows-1252", "utf-16"]),
    ends=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_a_text_of_any_encoding_is_unpacked_as_it_was(words, written, ends, tmp_path_factory):
    here = tmp_path_factory.mktemp("unpack")
    text = ends.join(["héader", *words, ""])
    (here / "t.csv").write_bytes(text.encode(written))
    plain = readers.unpack(here / "t.csv", None, here)
    assert plain.read_text("utf-8-sig") == text.replace(ends, "\n")


def test_an_encoding_that_is_declared_is_used_or_refused(brought):
    text = "cve_mun,year,month,killed,nota\n08037,2024,1,5,Peñón\n"
    for written in ("cp850", "mac-roman", "latin-1"):
        where = {"nota": ["Peñón"]}
        assert brought(text.encode(written), encoding=written, where=where)[0] == ONE
    error = refused(brought, text, encoding="latin-1")
    assert "utf-8" in error.what and "Leave encoding out" in error.fix
    with pytest.raises(HidraError, match="no encoding"):
        make_spec({**SPEC, "encoding": "ansi-mexico"})


def test_what_stands_around_a_table_is_left_out_and_counted(brought):
    text = (
        "Víctimas de homicidio\n\ncve_mun;year;month;killed;;\n08037;2024;1;5;;\n;;;;;\n"
        "08019;2024;1;3;;\nTotal;;;8;;\nFuente: nosotros\n"
    )
    rows, notes = brought(text, header_row=3, footer_rows=2)
    assert [one[3] for one in rows] == [3, 5] and {"Blank rows.", "Below the table."} <= {*notes}
    assert brought(text, header_row=3, last_row=6)[0] == rows
    total = "cve_mun,year,month,killed\n08037,2024,1,5\nTotal,2024,1,5\n"
    assert brought(total, where_not={"cve_mun": ["TOTAL"]})[0] == ONE


def test_cells_left_blank_below_a_word_are_filled_where_told(brought):
    text = HEAD + "08037,2024,1,5\n,,2,6\n08019,2024,1,\n"
    error = refused(brought, text)
    assert "the place is missing" in error.what
    rows, _notes = brought(text, fill_down=["cve_mun", "year"])
    assert [(one[0], one[1], one[3]) for one in rows] == [
        ("08019", "2024-01", None), ("08037", "2024-01", 5), ("08037", "2024-02", 6)
    ]  # fmt: skip


def workbook(
    rows: list[list[Any]], merge: str = "", title: str = "Hoja1", more: Any = None
) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    if more:
        other = book.create_sheet("Hoja2")
        for row in more:
            other.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


NAMES = ["cve_mun", "year", "month", "killed"]


def test_a_merged_cell_holds_for_all_its_rows_but_never_a_figure(brought):
    rows = [NAMES, ["08037", 2024, 1, 5], [None, 2024, 2, 6]]
    found, _notes = brought(workbook(rows, "A2:A3"))
    assert [(one[0], one[3]) for one in found] == [("08037", 5), ("08037", 6)]
    rows = [NAMES, ["08037", 2024, 1, 5], ["08037", 2024, 2, None]]
    error = refused(brought, workbook(rows, "D2:D3"))
    assert "'5' stands in a merged cell" in error.what and "D2:D3" in error.where


def test_of_several_sheets_the_one_that_fits_is_read_and_two_are_a_question(brought):
    one, other = [NAMES, ["08037", 2024, 1, 5]], [NAMES, ["08037", 2024, 2, 6]]
    assert brought(workbook([["Notas"], ["leer"]], more=one))[0] == ONE
    error = refused(brought, workbook(one, more=other))
    assert "Hoja1, Hoja2" in error.what and "sheet: [Hoja1, Hoja2]" in error.fix
    assert brought(workbook(one, more=other), sheet="Hoja1")[0] == ONE
    assert len(brought(workbook(one, more=other), sheet=["Hoja1", "Hoja2"])[0]) == 2
    error = refused(brought, workbook(one, more=other), sheet="Hoja3")
    assert "Did you mean" in error.fix


def test_typed_figures_do_not_hang_on_how_texts_write_them(brought, tmp_path):
    rows = [NAMES, ["08037", 2024, 1, 12.345], ["08019", 2024.0, 1, 5.0]]
    for marks in ({"thousands": "."}, {"decimal": ","}, {"thousands": ","}, {"decimal": "."}):
        found, _notes = brought(workbook(rows), unit="index", **marks)
        assert [one[3] for one in found] == [5, 12.345]
    records = [dict(zip(NAMES, row, strict=True)) for row in rows[1:]]
    (tmp_path / "t.json").write_text(json.dumps(records))
    pd.DataFrame(records).to_parquet(tmp_path / "t.parquet")
    for name in ("t.json", "t.parquet"):
        found, _notes = brought(tmp_path / name, unit="index", thousands=".")
        assert [one[3] for one in found] == [5, 12.345]


RECORD = {"cve_mun": "08037", "year": 2024, "month": 1, "killed": 5}


@pytest.mark.parametrize(
    "shape",
    [
        [RECORD],
        {"meta": {"n": 1}, "data": {"rows": [RECORD]}},
        {key: [value] for key, value in RECORD.items()},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": RECORD}]},
    ],
)
def test_json_of_any_shape(shape, brought):
    assert brought(json.dumps(shape))[0] == ONE
    assert brought(b"\xef\xbb\xbf" + json.dumps(shape, indent=1).encode())[0] == ONE


def test_two_lists_in_a_json_are_a_question(brought):
    text = json.dumps({"a": [RECORD], "b": [{**RECORD, "killed": 9}]})
    error = refused(brought, text)
    assert "records: one of a, b" in error.fix
    assert brought(text, records="a")[0] == ONE
    assert brought(json.dumps(RECORD))[0] == ONE
    two = "\n".join([json.dumps(RECORD), json.dumps({**RECORD, "month": 2})])
    assert len(brought(two)[0]) == 2


def test_a_moment_with_a_zone_in_parquet_needs_a_word(brought, tmp_path):
    moment_utc = pd.Timestamp("2024-02-01 05:30", tz="UTC")
    pd.DataFrame({"cve_mun": ["08037"], "date": [moment_utc], "killed": [5]}).to_parquet(
        tmp_path / "t.parquet"
    )
    error = refused(brought, tmp_path / "t.parquet", time={"date": "date"}, sum_over=["killed"])
    assert "zone: America/Mexico_City" in error.fix
    for zone, month in (("America/Mexico_City", "2024-01"), ("UTC", "2024-02")):
        rows, _notes = brought(
            tmp_path / "t.parquet", time={"date": "date", "zone": zone}, sum_over=["killed"]
        )
        assert rows[0][1] == month


def test_zip_and_gzip_of_any_text(brought, tmp_path):
    text = (HEAD + "08037,2024,1,5\n").encode("utf-16")
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a/table.csv", text)
        archive.writestr("__MACOSX/a/._table.csv", b"\0\5\x16\7" * 20)
        archive.writestr("a/.hidden.csv", "x,y\n1,2\n")
        archive.writestr("leeme.txt", "nada")
    for name in ("t.csv.gz", "t.zip"):
        assert brought(tmp_path / name)[0] == ONE


@pytest.mark.parametrize(
    ("head", "kind"),
    [(b"%PDF-1.7\n", "PDF"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"), (b"Rar!\x1a", "RAR")],
)
def test_a_file_of_another_kind_is_named(head, kind, brought):
    assert kind in refused(brought, head + b"x" * 200).what


@pytest.mark.parametrize(
    ("written", "told", "month"),
    [
        ("15/03/2024", "%d/%m/%Y", "2024-03"), ("3/4/2024", "%d/%m/%Y", "2024-04"),
        ("03-2024", "%m-%Y", "2024-03"), ("202403", "%Y%m", "2024-03"),
        ("15 de marzo de 2024", "%d de %B de %Y", "2024-03"), ("mar-24", "%b-%y", "2024-03"),
        ("SEPT. 2024", "%b %Y", "2024-09"), ("15-Ene-2024", "%d-%b-%Y", "2024-01"),
        ("Diciembre 2024", "%B %Y", "2024-12"), ("15/03/2024 23:59", "%d/%m/%Y %H:%M", "2024-03"),
    ],
)  # fmt: skip
def test_dates_are_read_as_told_and_offered_when_they_are_not(written, told, month):
    assert moment([written], TimeColumns(date="d", date_format=told)).month == month
    with pytest.raises(ValueError, match="is no date"):
        moment([written], TimeColumns(date="d"))


def test_a_date_that_can_be_read_two_ways_is_a_question():
    with pytest.raises(ValueError, match="is no date") as caught:
        moment(["03/04/2024"], TimeColumns(date="d"))
    assert "%d/%m/%Y" in str(caught.value) and "%m/%d/%Y" in str(caught.value)


@given(st.dates(datetime.date(1800, 1, 1), datetime.date(2099, 12, 31)))
def test_every_day_is_its_month_and_no_other_day_is_one(day):
    assert moment([day.isoformat()], TimeColumns(date="d")).month == day.isoformat()[:7]
    assert moment([f"{day:%d/%m/%Y}"], TimeColumns(date="d", date_format="%d/%m/%Y")).month == (
        f"{day.year:04d}-{day.month:02d}"
    )


@pytest.mark.parametrize(
    "day", ["9999-12-31", "0001-01-01", "2024-02-30", "2024-13-01", "2924-03-01"]
)
def test_a_day_that_cannot_be_is_refused_or_set_aside(day):
    for time in (TimeColumns(date="d"), TimeColumns(period="d")):
        if day[:4] in ("9999", "0001", "2924") or time.date:
            with pytest.raises(ValueError, match=r"no date|no such day"):
                moment([day], time)
    aside = TimeColumns(date="d", unknown_dates=[day])
    assert moment([day], aside).known == "nothing"
    assert moment([f"{day} 00:00:00"], aside).known == "nothing"


@pytest.mark.parametrize(
    ("text", "marks", "number"),
    [
        ("5", {}, 5), ("-2.5", {}, -2.5), ("\u22125", {}, -5), ("9.99e2", {}, 999),
        ("1,234", {"thousands": ","}, 1234), ("1.234", {"thousands": "."}, 1234),
        ("1.234.567", {"thousands": "."}, 1234567), ("1.234,5", {"thousands": ".", "decimal": ","}, 1234.5),
        ("12,5", {"decimal": ","}, 12.5), ("1 234", {"thousands": " "}, 1234),
        ("1\u202f234,5", {"thousands": " ", "decimal": ","}, 1234.5), ("1'234", {"thousands": "'"}, 1234),
        ("999", {"unknown_values": ["999"]}, None), ("999.0", {"unknown_values": [999]}, None),
        ("9.99E+2", {"unknown_values": ["999"]}, None), ("n.d.", {"unknown_values": ["N.D."]}, None),
        ("-99,0", {"unknown_values": ["-99"], "decimal": ","}, None), ("", {}, None), ("NaN", {}, None),
    ],
)  # fmt: skip
def test_a_figure_is_read_as_told(text, marks, number):
    assert figure(text, make_spec({**SPEC, **marks})) == number


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("1,234", {}), ("1.234,5", {}), ("12,34", {"thousands": ","}), ("1.23", {"thousands": "."}),
        ("5 personas", {}), ("$5", {}), ("5%", {}), ("\u0663", {}), ("1_000", {}), ("inf", {}), ("SI", {}),
        ("1.5", {"decimal": ","}),
    ],
)  # fmt: skip
def test_a_figure_that_is_none_is_refused(text, marks):
    with pytest.raises(ValueError, match=r"\S"):
        figure(text, make_spec({**SPEC, **marks}))


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("1,234", {"thousands": ","}), ("1.234,5", {"thousands": "."}),
        ("12,5", {"decimal": ","}), ("1 234", {"thousands": " "}),
    ],
)  # fmt: skip
def test_the_mark_that_would_read_a_figure_is_offered_and_reads_it(text, cure, brought):
    table = HEAD.replace(",", ";") + f"08037;2024;1;{text}\n"
    error = refused(brought, table)
    for name, mark in cure.items():
        assert f'{name}: "{mark}"' in error.fix
    assert brought(table, **cure)[0][0][3] > 5


@given(st.integers(1, 32), st.integers(1, 570))
def test_a_place_in_two_columns_is_its_code_whatever_zeros_were_lost(state, number):
    code = f"{state:02d}{number:03d}"
    for first in (f"{state}", f"{state:02d}", f"{state}.0"):
        for second in (f"{number}", f"{number:03d}", code):
            assert joined_code(first, second) == code


def test_a_place_in_two_columns_that_disagree_is_refused():
    assert joined_code("Chihuahua", "37") == "08037" and joined_code("8", "999") == "08999"
    assert joined_code("8", "Juárez") == "08037"
    for first, second in (("8", "09002"), ("8", "000"), ("8", "Culiacán"), ("45", "1")):
        with pytest.raises(ValueError, match=r"."):
            joined_code(first, second)


def test_a_state_without_its_municipality_stays_in_the_state(brought):
    text = "ent,mun,year,month,killed\n8,,2024,1,5\n8,37,2024,1,2\n"
    place = {"state": "ent", "municipality": "mun"}
    assert "place.when_missing: 999" in refused(brought, text, place=place).what
    rows, _notes = brought(text, place={**place, "when_missing": "999"})
    assert [(one[0], one[3]) for one in rows] == [("08037", 2), ("08999", 5)]


@pytest.mark.parametrize(
    "name", ["Mexico", "MÉXICO", "Estados Unidos Mexicanos", "Nacional", "Total", "0", "00"]
)
def test_the_nation_by_its_names(name):
    assert place_code(name, "nation") == "00"


def test_mexico_without_a_level_is_a_question_and_other_codes_are_no_nation():
    assert place_code("México", "state") == "15" and place_code("Estado de México", None) == "15"
    for name in ("Mexico", "MÉX"):
        with pytest.raises(ValueError, match="level"):
            place_code(name, None)
    for name in ("1", "09", "Jalisco"):
        with pytest.raises(ValueError, match=r"."):
            place_code(name, "nation")


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("Personas", "persons"), ("PERSONAS", "persons"), ("persona", "persons"), ("víctimas", "victims"),
        ("Víctima", "victims"), ("Homicidios", "homicides"), ("carpetas de investigación", "case files"),
        ("Carpetas", "case files"), ("Case files", "case files"), ("Defunciones", "deaths"),
        ("eventos", "events"), ("Ataques", "attacks"), ("ha", "ha"), ("pesos", "pesos"),
    ],
)  # fmt: skip
def test_units_have_one_name(unit, name):
    assert unit_of(unit) == name


def test_words_that_mean_the_same_are_one_category_and_others_never(brought):
    text = "cve_mun,year,month,sex,killed\n08037,2024,1,Mujer,1\n08037,2024,2,MUJER ,2\n"
    rows, _notes = brought(text, split_by=["sex"])
    assert {one[2] for one in rows} == {"our_killings_mujer"}
    nfd = unicodedata.normalize("NFD", "Niña")
    rows, _notes = brought(text.replace("MUJER ", nfd).replace("Mujer", "Niña"), split_by=["sex"])
    assert {one[2] for one in rows} == {"our_killings_nina"}
    error = refused(
        brought, text.replace("Mujer", "a/b").replace("MUJER ", "a-b"), split_by=["sex"]
    )
    assert "'a-b' and 'a/b'" in error.what or "'a/b' and 'a-b'" in error.what
    error = refused(
        brought, text.replace("Mujer", "").replace("MUJER ", "unknown"), split_by=["sex"]
    )
    assert "unknown" in error.what


@pytest.mark.parametrize(
    "joins", [{"split_by": ["kind"]}, {"values": [{"column": "killed"}], "measure_column": "kind"}]
)
@pytest.mark.parametrize("word", ["a|b", "a, b", "'a\"", "[a]", "{a}", "0"])
def test_a_category_may_hold_any_mark(word, joins, brought):
    text = (
        f'cve_mun,year,month,kind,killed\n08037,2024,1,"{word.replace(chr(34), chr(34) * 2)}",5\n'
    )
    rows, _notes = brought(text, **joins)
    assert rows[0][3] == 5


@pytest.mark.parametrize(
    "name",
    ["file_row", "spot", "at", "whole", "c0", "place", "month", "value", "key", "unit", 'a "b"'],
)
def test_a_column_may_have_any_name(name, brought):
    head = name.replace('"', '""')
    text = f'cve_mun,year,"{head}",killed\n08037,2024,1,5\n'
    assert brought(text, time={"year": "year", "month": name})[0] == ONE


@pytest.mark.parametrize(
    "word",
    [
        "NO",
        "no",
        "SI",
        "y",
        "on",
        "null",
        "00",
        "02004",
        "1e3",
        "12:30",
        "2024-01-01",
        "~",
        "0x1F",
        "1_000",
    ],
)
def test_a_word_of_a_description_is_what_is_written(word, tmp_path):
    text = yaml.safe_dump({**SPEC, "accessed": "2026-10-01"})
    (tmp_path / "s.yaml").write_text(
        text + f"where: {{kind: [{word}]}}\nunknown_values: [{word}]\n"
    )
    spec = read_spec(tmp_path / "s.yaml")
    assert spec.where == {"kind": [word]} and spec.unknown_values == [word]


def test_a_code_in_a_study_is_what_is_written():
    from hidra.core.yaml import read

    written = "a: [02, 010, 00, 12:30, 2027-01-01, no, 5, -1, 0, 0.5, 1e-3]\n"
    assert read(written, "s.yaml").value["a"] == [
        "02", "010", "00", "12:30", "2027-01-01", "no", 5, -1, 0, 0.5, 1e-3
    ]  # fmt: skip


def test_a_key_that_stands_twice_in_a_description_is_refused(tmp_path):
    (tmp_path / "s.yaml").write_text(yaml.safe_dump(SPEC) + "where: {a: [b]}\nwhere: {a: [c]}\n")
    with pytest.raises(HidraError, match="stands twice"):
        read_spec(tmp_path / "s.yaml")


def test_rows_that_agree_in_every_column_are_once_and_others_never(brought):
    text = "cve_mun,date,id\n08037,2024-03-01,1\n08037,2024-03-01,2\n08037,2024-03-01,2\n"
    event = {
        "time": {"date": "date"},
        "values": [{"measure": "n"}],
        "count_rows": True,
        "unit": "events",
    }
    assert brought(text, **event, identical_rows="once")[0][0][3] == 2
    rows, notes = brought(text, **event)
    assert rows[0][3] == 3 and any("identical_rows: once" in one for one in notes)
    assert brought(text, text, **event, identical_rows="once")[0][0][3] == 2  # overlapping files


def test_two_figures_for_one_cell_are_refused_with_a_cure_that_works(brought):
    text = "cve_mun,year,month,killed,part\n08037,2024,1,2,a\n08037,2024,1,3,b\n"
    error = refused(brought, text)
    assert "sum_over" in error.fix and "once" not in error.fix
    assert brought(text, sum_over=["part"])[0] == ONE
    text = HEAD + "08037,2024,1,5\n08037,2024,1,5\n"
    assert "identical_rows: once" in refused(brought, text).fix
    assert brought(text, identical_rows="once")[0] == ONE


SPARSE = {"missing_means": "zero", "place": {"column": "cve_mun"}}


def test_zeros_are_never_written_for_sums(brought):
    text = HEAD + "23001,2024,1,2\n23001,2024,3,1\n23,2024,1,2\n00,2024,1,2\n"
    rows, _notes = brought(text, **SPARSE)
    assert {one[1] for one in rows if len(one[0]) == 2} == {"2024-01"}
    assert {one[1] for one in rows if len(one[0]) == 5} == {"2024-01", "2024-02", "2024-03"}


def test_zeros_stay_in_the_places_of_their_own_measure(brought):
    text = (
        "cve_mun,year,month,kind,killed\n23001,2024,1,a,2\n23001,2024,2,a,2\n"
        "02001,2024,1,b,2\n02001,2024,2,b,2\n"
    )
    rows, _notes = brought(text, **SPARSE, split_by=["kind"])
    states = {(one[2], one[0][:2]) for one in rows}
    assert states == {("our_killings_a", "23"), ("our_killings_b", "02")}
    text = HEAD + "08,2024,1,2\n09,2024,3,1\n"
    assert {one[0] for one in brought(text, **SPARSE)[0]} == {"08", "09"}


def test_a_year_mistyped_writes_no_century_of_zeros(brought):
    text = HEAD + "23001,1924,1,2\n23001,2024,1,1\n"
    error = refused(brought, text, **SPARSE)
    assert "1924-01" in error.what and "zeros_from: 2024-01" in error.fix
    rows, _notes = brought(text, **SPARSE, zeros_from="2024-01")
    assert {one[1] for one in rows} == {"1924-01", "2024-01"}
    rows, _notes = brought(
        HEAD + "23001,2023,6,1\n", **SPARSE, zeros_from="2023-01", zeros_to="2023-12"
    )
    assert len({one[1] for one in rows}) == 12


def test_zeros_keep_the_status_of_their_month_and_end_with_the_file(answer, own):
    table, spec = own(
        HEAD + "23001,2026,5,2\n23001,2026,8,1\n23001,2027,1,1\n",
        missing_means="zero", provisional_from="2026-06", undercount_from="2026-08",
    )  # fmt: skip
    (receipt,) = answer("data", "import", table, "--spec", spec)
    found = answer(
        "data", "sql",
        "SELECT month, min(status) AS a, max(status) AS b FROM panel WHERE source = 'our_counts' "
        "AND place <> '23001' GROUP BY 1 ORDER BY 1",
    )  # fmt: skip
    assert [tuple(one.values()) for one in found] == [
        ("2026-05", "final", "final"), ("2026-06", "provisional", "provisional"),
        ("2026-07", "provisional", "provisional"), ("2026-08", "undercount", "undercount"),
        ("2026-09", "undercount", "undercount"), ("2026-10", "undercount", "undercount"),
    ]  # fmt: skip
    assert any("Later than the date of the file" in note["detail"] for note in receipt["notes"])


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_separator_also_below_a_title(mark, brought):
    text = "Víctimas, por municipio, y mes, 2024, preliminar\n" + (
        HEAD + "08037,2024,1,5\n"
    ).replace(",", mark)
    assert brought(text, header_row=2)[0] == ONE
    assert brought(f"sep={mark}\n" + (HEAD + "08037,2024,1,5\n").replace(",", mark))[0] == ONE


def test_names_of_columns_are_compared_as_words_when_not_found_as_written(brought):
    text = unicodedata.normalize("NFD", "CVE_MUN ,Año,MES,Víctimas\n08037,2024,1,5\n")
    rows, _notes = brought(
        text,
        place="cve_mun",
        time={"year": "año", "month": "mes"},
        values={"víctimas": "our_killings"},
    )
    assert rows == ONE
    error = refused(brought, "cve_mun,year,month,killed,killed\n08037,2024,1,5,6\n")
    assert "stands twice" in error.what


def test_many_files_name_the_one_that_is_wrong(brought):
    error = refused(brought, HEAD + "08037,2024,1,5\n", HEAD + "08037,2024,2,x\n")
    assert "table1.csv, row 2" in error.where
    error = refused(brought, HEAD + "08037,2024,1,5\n", HEAD + "08037,2024,1,6\n")
    assert "table0.csv, row 2 and table1.csv, row 2" in error.where


def test_another_part_under_the_same_date_is_told_the_way(case, hidra, rows):
    case("missing-many-files")
    hidra("data", "import", "2023.csv", "--spec", "spec.yaml")
    code, _out, err = hidra("data", "import", "2024.csv", "--spec", "spec.yaml")
    assert code == 4 and "import all its files at once" in err
    code, *_said = hidra(
        "data", "import", "2023.csv", "2024.csv", "--spec", "spec.yaml", "--replace"
    )
    assert code == 0 and len(rows()) == 2
