"""No count of one or two persons of a municipality leaves, by any way out, nor can be solved for."""

from __future__ import annotations

import csv
import io
import re
from html import escape
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from scipy.optimize import linprog
from starlette.testclient import TestClient

import hidra as package
from hidra.core.errors import SpecError
from hidra.data import panel, privacy, reference
from hidra.data.spec import make_spec
from hidra.study import describe
from hidra.web.app import TIPS, TWINS, make
from hidra.web.figure import Figure
from hidra.web.site import Settings

TOWN, OTHER, THIRD = "08037", "08019", "08032"
MONTHS = [f"2023-{number:02d}" for number in range(1, 13)]


def table(small: int = 1, columns: str = "cve_mun,year,month,n") -> str:
    """A town with `small` persons in March of two years, and one with sixty a year less those."""
    rows = [columns]
    for year, month in product((2023, 2024), range(1, 13)):
        some = small if month == 3 else 0
        rows += [f"{TOWN},{year},{month},{some}", f"{OTHER},{year},{month},{5 - some}"]
    return "\n".join(rows) + "\n"


@pytest.fixture
def bring(answer, own):
    """Import a table of monthly counts under a name."""

    def bring(measure: str = "rnpdno_missing", text: str | None = None, **keys: Any) -> None:
        values = [{"column": "n", "measure": measure}]
        answer("data", "import", *_words(own(text or table(), values=values, **keys)))

    return bring


def _words(files: tuple[Path, Path]) -> list[object]:
    return [files[0], "--spec", files[1], "--replace"]


@pytest.fixture
def exported(answer, tmp_path):
    """Return the rows of an export, and what it said."""

    def exported(*words: str) -> tuple[list[dict[str, str]], dict[str, Any]]:
        said = answer("data", "export", "--to", tmp_path / "out.csv", *words)
        with (tmp_path / "out.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file)), said

    return exported


def told(rows: list[dict[str, str]]) -> list[tuple[str, str, str]]:
    return [(row["place"], row["month"], row["value"]) for row in rows]


BUCKET = [("08998", "2023-01", "60.0"), ("08998", "2024-01", "60.0")]


@pytest.mark.case(
    "import/missing-bucket-of-one",
    "a sum that stands for one municipality takes the next smallest in; sums of the state stay",
    "una suma que es de un solo municipio incorpora al siguiente más pequeño; las sumas del estado "
    "no cambian",
)
def test_a_sum_of_one_municipality_takes_in_the_next(bring, exported):
    bring()
    rows, said = exported("--source", "our_counts")
    assert told(rows) == BUCKET
    assert (said["joined"], said["withheld"]) == (4, 0)


SPELT = (
    "Personas_Desaparecidas", "no_localizadas", "RNPDNO_total", "NO_LOCALIZADAS", "Missing",
    "Personas_no_Localizadas_total", "desaparición", "disappeared", "extraviadas",
)  # fmt: skip


@pytest.mark.case(
    "import/missing-by-name",
    "missing persons however spelt are joined, also where the description says they are open",
    "las personas desaparecidas se suman como sea que se escriban, también si la descripción las "
    "declara abiertas",
)
@pytest.mark.parametrize("name", SPELT)
def test_missing_persons_are_joined_however_they_are_spelt(bring, exported, name):
    bring(name)
    rows, _said = exported("--source", "our_counts")
    assert told(rows) == BUCKET
    open_ = {"values": [{"column": "n", "measure": name}], "persons": "open"}
    keys = {"source", "title", "publisher", "terms", "concept"}
    spec = dict.fromkeys(keys, "words") | {"accessed": "2026-10-01", "unit": "persons"}
    spec |= {"place": "cve_mun", "time": {"year": "year", "month": "month"}} | open_
    with pytest.raises(SpecError, match="missing persons"):
        make_spec(spec)


@pytest.mark.parametrize(
    ("keys", "joined"),
    [
        ({}, True),
        ({"unit": "eventos"}, True),
        ({"persons": "sensitive"}, True),
        ({"persons": "open"}, False),
        ({"unit": "ha"}, False),
        ({"unit": "tasa por 100 mil habitantes"}, False),
        ({"unit": "ha", "persons": "sensitive"}, True),
    ],
)
def test_own_counts_are_joined_unless_the_description_says_they_are_open(
    bring, exported, keys, joined
):
    bring("our_killings", **keys)
    rows, _said = exported("--source", "our_counts")
    assert (told(rows) == BUCKET) == joined
    assert (len(rows) == 48) == (not joined)


@pytest.mark.parametrize(
    ("source", "measure", "joined"),
    [
        ("sesnsp_cases", "sesnsp_homicide_files", False),
        ("rnpdno", "rnpdno_missing", True),
        ("rnpdno", "rnpdno_found_alive", True),
    ],
)
def test_an_official_count_is_joined_only_where_its_source_says_so(source, measure, joined):
    rows = [(TOWN, "2023-01", measure, 1.0), (OTHER, "2023-01", measure, 9.0)]
    assert (len(left(rows, source=source)) == 1) == joined


def left(
    rows: list[tuple[str, str, str, float | None]],
    source: str = "ours",
    period: str | list[str] = "month",
) -> pd.DataFrame:
    """Return what leaves of some rows (place, month, measure, value) of one source."""
    frame = pd.DataFrame(rows, columns=["place", "month", "measure", "value"])
    frame = frame.assign(
        source=source, concept="persons", vintage="2026-01-01", status="final", period=period,
        unit="persons", value=frame["value"].astype(float),
    )[list(reference.PANEL_COLUMNS)]  # fmt: skip
    with duckdb.connect() as con:
        con.execute(panel.LEVEL)
        panel.create_tables(con)
        con.register("frame", frame)
        con.execute(f"INSERT INTO added SELECT {panel.COLUMNS} FROM frame")
        con.execute(f"INSERT INTO series {panel.SERIES_OF.format(rows='added', arrived=1)}")
        privacy.leaving(con)
        return con.execute("FROM leaving ORDER BY ALL").df()


def years(*towns: float, period: str = "year") -> list[tuple[str, str, str, float | None]]:
    """A count of each of some towns of Chihuahua in 2023."""
    return [(f"08{at:03d}", "2023-01", "x", n) for at, n in enumerate(towns, 1)]


@pytest.mark.parametrize(
    ("towns", "bucket"),
    [
        ((1, 1, 9, 40), 11),  # below three: the next goes in
        ((2, 1, 9, 40), 3),
        ((2, 2, 9, 40), 4),  # could be one and three
        ((1, 1, 1, 9), 12),  # a sum of three over three tells them all
        ((2, 2, 2, 2, 9), 17),
        ((1, 0, 0), 1),  # nobody else: those who reported zero
        ((9, 40), None),
        ((0, 0), None),
    ],
)
def test_the_sum_of_a_state_and_year_never_tells_its_parts(towns, bucket):
    found = left(years(*towns), period="year").set_index("place")["value"]
    assert found.sum() == sum(towns)
    assert found.get("08998") == bucket
    assert not found.between(0.5, 2.5).loc[lambda small: small.index != "08998"].any()


def test_a_count_of_one_municipality_alone_is_withheld_not_zero():
    (row,) = left(years(2), period="year").to_dict("records")
    assert (row["place"], row["period"]) == ("08998", "year") and np.isnan(row["value"])


def test_parts_of_a_measure_are_joined_with_it():
    rows = [
        (TOWN, "2023-01", "x_f", 1.0), (TOWN, "2023-01", "x_m", 8.0), (TOWN, "2023-01", "x", 9.0),
        (TOWN, "2023-02", "x", 4.0), (OTHER, "2023-01", "x", 30.0), (OTHER, "2023-01", "x_f", 30.0),
        (THIRD, "2023-01", "x_f", 50.0), (THIRD, "2023-01", "x", 50.0),
    ]  # fmt: skip
    found = left(rows)
    assert found[["place", "measure", "period", "value"]].to_numpy().tolist() == [
        [OTHER, "x", "year", 30.0],  # its months would give away those of the town
        [THIRD, "x", "month", 50.0],
        [THIRD, "x_f", "month", 50.0],
        [TOWN, "x", "year", 13.0],
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("2023-01", "x", "month", 10.0), ("2023-01", "x_f", "month", 9.0)],  # one man
        [("2023-01", "x", "year", 10.0), ("2023-01", "x", "month", 8.0)],  # two in other months
    ],
)
def test_what_is_left_over_from_the_parts_is_small_too(rows):
    whole = [(TOWN, month, measure, value, period) for month, measure, period, value in rows]
    whole += [(OTHER, month, measure, 5 * value, period) for month, measure, period, value in rows]
    found = left([row[:4] for row in whole], period=[row[4] for row in whole])
    told = found.loc[found["place"] == TOWN, ["measure", "period", "value"]]
    assert told.to_numpy().tolist() == [["x", "year", 10.0]]


def test_one_sex_alone_keeps_its_name():
    rows = [(TOWN, "2023-01", "x_women", 1.0), (OTHER, "2023-01", "x_women", 9.0)]
    (row,) = left(rows).to_dict("records")
    assert (row["place"], row["measure"], row["value"]) == ("08998", "x_women", 10.0)


def test_an_unknown_month_makes_the_year_an_undercount_and_buckets_stay_in_the_sum():
    rows = [
        (TOWN, "2023-01", "x", 2.0), (TOWN, "2023-02", "x", None), (TOWN, "2023-03", "x", 2.0),
        (OTHER, "2023-01", "x", 30.0), (THIRD, "2023-01", "x", 1.0),
        ("08998", "2023-01", "x", 7.0), ("08999", "2023-01", "x", 1.0),
    ]  # fmt: skip
    found = left(rows).set_index("place")[["value", "period", "status"]]
    assert TOWN not in found.index  # it is the next smallest
    assert found.loc["08998"].tolist() == [12.0, "year", "undercount"]
    assert found.loc["08999"].tolist() == [1.0, "month", "final"]  # of no municipality
    assert found["value"].sum() == 43


@st.composite
def counts(draw: st.DrawFn) -> np.ndarray:
    """Persons by town and month: few, so that most tables have something to hide."""
    towns, months = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    cell = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 4, 9])
    row = st.lists(cell, min_size=months, max_size=months)
    return np.array(draw(st.lists(row, min_size=towns, max_size=towns)))


@settings(max_examples=60, deadline=None)
@given(counts())
def test_no_count_below_three_can_be_solved_for(table: np.ndarray):
    """From all that leaves, and the state's months and year, nobody finds a count of one or two.

    Every hidden count is bounded by all equations together, counts not being negative: the lowest
    and the highest value it may have are apart.
    """
    towns, months = table.shape
    codes = [f"08{at:03d}" for at in range(1, towns + 1)]
    rows = [
        (codes[at], MONTHS[month], "x", float(table[at, month]))
        for at, month in np.ndindex(table.shape)
    ]
    found = left(rows)
    if found["value"].isna().any() or (table.sum(axis=1) > 0).sum() < 2:
        return  # the state's own sum is that of one municipality
    assert found["value"].sum() == table.sum()
    equations, sums = _equations(found, table, codes)
    for at in range(towns):
        singles = [np.eye(table.size)[at * months + month] for month in range(months)]
        for weights in (*singles, np.sum(singles, axis=0)):
            if weights @ table.ravel() in (1, 2):
                low, high = _bounds(weights, equations, sums)
                assert high - low > 0.4, (table, found)


def _equations(
    found: pd.DataFrame, table: np.ndarray, codes: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Everything a reader may add up, the members of the state's rest being known to them."""
    towns, months = table.shape
    absent = [at for at, code in enumerate(codes) if code not in set(found["place"])]
    lines = [np.tile(np.eye(months)[month], towns) for month in range(months)]
    sums = list(table.sum(axis=0))
    for row in found.to_dict("records"):
        line = np.zeros((towns, months))
        members = absent if row["place"] == "08998" else [codes.index(row["place"])]
        at = slice(None) if row["period"] == "year" else MONTHS.index(row["month"])
        line[members, at] = 1
        lines.append(line.ravel())
        sums.append(row["value"])
    return np.array(lines), np.array(sums, dtype=float)


def _bounds(weights: np.ndarray, lines: np.ndarray, sums: np.ndarray) -> tuple[float, float]:
    low, high = (linprog(sign * weights, A_eq=lines, b_eq=sums) for sign in (1, -1))
    assert low.success and high.success
    return low.fun, -high.fun


def test_the_import_says_what_will_be_joined_unless_it_was_said(answer, own):
    table_of, spec = own(table(), values=[{"column": "n", "measure": "our_killings"}])
    (receipt,) = answer("data", "import", table_of, "--spec", spec)
    (warning,) = receipt["warnings"]
    assert "our_killings" in warning and "persons: open" in warning
    for said in ("open", "sensitive"):
        values = [{"column": "n", "measure": f"ours_{said}"}]
        (receipt,) = answer("data", "import", *own(table(), values=values, persons=said)[:1],
                            "--spec", spec)  # fmt: skip
        assert receipt["warnings"] == []


def test_queries_of_the_holder_and_checks_see_what_is_kept(bring, answer):
    bring()
    kept = answer(
        "data",
        "sql",
        f"SELECT sum(value) AS n FROM panel_sources WHERE source = 'our_counts' AND place = '{TOWN}'",
    )
    assert kept == [{"n": 2}]
    assert panel.rows("rnpdno_missing", TOWN, exact=True)["value"].sum() == 2
    assert panel.rows("rnpdno_missing", TOWN).empty


# Two worlds that differ in nothing but hidden counts must look the same, whatever the way out.
QUERIES = {
    "map": [
        f"?measure=rnpdno_missing&level=municipality{more}"
        for more in ("&estado=08", "", "&month=2023-12")
    ],
    "place": ["", "?measure=rnpdno_missing&with=08", f"?measure=rnpdno_missing&with={OTHER}"],
}
API = {
    "places/{code}/records": [(code, query) for code in (TOWN, OTHER, "08") for query in
                              ("", "?measure=rnpdno_missing", "?from=2023-03&to=2023-03")],
    "map": [("", f"?measure=rnpdno_missing&level={level}&span={span}") for level, span in
            product(("state", "municipality"), ("1", "12"))],
    "tables/{name}": [("missing_rnpdno_state_month", "")],
    "claims/{code}": [("", "")],
    "runs/{code}": [("0" * 16, "")],
}  # fmt: skip


def world(small: int) -> str:
    """The table above and a third town of many, whose months leave."""
    months = product((2023, 2024), range(1, 13))
    return table(small) + "".join(f"{THIRD},{year},{month},50\n" for year, month in months)


def addresses(app: Any, drawn: bool) -> list[str]:
    """Every address the page answers to, from its own list: a new route is walked by itself.

    Pages in English say in other words what those in Spanish say: they are walked with pictures.
    """
    found: list[str] = []
    for route in app.routes:
        path = getattr(route, "path", "")
        if "GET" not in (getattr(route, "methods", None) or ()) or path[1:].endswith("/"):
            continue
        if not drawn and (path == "/en" or path.startswith("/en/")):
            continue
        found += _filled(path, drawn)
    return list(dict.fromkeys(found))


def _filled(path: str, drawn: bool) -> list[str]:
    """Fill what varies in an address with the places that hide something."""
    if path.startswith("/api/v1"):
        rest = path.removeprefix("/api/v1/")
        stem = next((one for one in API if rest.startswith(one)), "")
        return [
            re.sub(r"\{\w+\}", code or "x", path) + query
            for code, query in API.get(stem, [("x", "")])
        ]
    twins = [one for one in TWINS if drawn or one in ("csv", "json")]  # what pictures are drawn of
    kinds = [*twins, TIPS] if "{kind}" in path else [""]
    codes = (
        [TOWN, *([OTHER, "08"] if drawn else ())]
        if re.search(r"(lugar|place)/\{code\}", path)
        else ["x"]
    )
    pages = {"mapa": "map", "map": "map", "lugar": "place", "place": "place"}
    page = next((kind for word, kind in pages.items() if re.search(rf"/{word}(/|\.|$)", path)), "")
    asked = QUERIES.get(page, [""])
    return [
        path.replace("{code}", code).replace("{kind}", kind).replace("{name}", "measure") + query
        for code, kind in product(codes, kinds)
        for query in (asked[:1] if kind else asked)
    ]


def answers(client: TestClient, drawn: bool) -> dict[str, str]:
    """What every address gives, when drawn every chart of a page too, the data's name aside."""
    found: dict[str, str] = {}
    for path in addresses(client.app, drawn):
        reply = client.get(path, headers={"accept-encoding": "identity"})
        found[path] = f"{reply.status_code} {_plain(reply.content)}"
        charts = re.findall(r"\.csv\?chart=(\w+)", reply.text if drawn and "{" not in path else "")
        for chart in charts:
            twin = f"{path.partition('?')[0]}.json?chart={chart}"
            found[twin] = _plain(client.get(twin).content)
    text = "En marzo de 2023 hubo una persona desaparecida en Juárez, Chihuahua."
    checked = client.post("/api/v1/check", json={"text": text, "language": "es"})
    return found | {"check": _plain(checked.content)}


def _plain(content: bytes) -> str:
    """Return an answer without what names the data (a digest) and the request (a nonce)."""
    if content.startswith(b"%PDF"):  # its objects stand in another order each time
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    text = content.decode("utf-8", "replace")
    text = re.sub(r'nonce="[^"]+"|gradient_\d+|clip\d+', "", text)
    return re.sub(r"\b[0-9a-f]{12}\b|\b[0-9a-f]{16}\b", "DATA", text)


def others(tmp_path: Path) -> dict[str, Any]:
    """The ways out beside the page: Python's frames, an export of everything, records of a run."""
    from hidra.data.export import export

    everything = tmp_path / "everything"
    export(everything, all_vintages=True)
    frame = package.panel("rnpdno_missing", level="municipality")
    with panel.reading() as con:
        views = {
            f"view {name}": con.sql(f"SELECT count(*), sum(hash({name})) FROM {name}").fetchall()
            for name in ("panel", "panel_sources", "panel_all", "rates", "panel_stable")
        }
    return views | {
        "hidra.panel": frame.to_csv(),
        "hidra.data.panel.read": panel.read("rnpdno_missing", source="our_counts").to_csv(),
        "export": (everything / "panel.csv").read_text("utf-8"),
        "records of a study": describe.records("rnpdno_missing").to_csv(),
    }


@pytest.mark.case(
    "import/missing-on-pages",
    "pages, their twins, the map and the API join small counts as the export does",
    "las páginas, sus archivos, el mapa y la API suman los conteos pequeños igual que la "
    "exportación",
)
@pytest.mark.parametrize("drawn", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_two_panels_that_differ_in_hidden_counts_look_the_same_from_outside(
    bring, tmp_path, drawn, monkeypatch
):
    if not drawn:  # the rows that a chart draws stand for its picture
        monkeypatch.setattr(Figure, "picture", lambda self, width: escape(self.csv().decode()))
    worlds = []
    for small in (1, 2):
        bring(text=world(small))
        app = make(Settings(folder=tmp_path / f"web{small}", warm=False))
        with TestClient(app, base_url="http://localhost") as client:
            worlds.append(answers(client, drawn) | others(tmp_path / str(small)))
    one, two = worlds
    assert one.keys() == two.keys() and len(one) > 100
    assert one["/mapa?measure=rnpdno_missing&level=municipality"].startswith("200")
    assert f"{THIRD},2023-03,rnpdno_missing" in one["export"]
    assert f"{TOWN},2023-03,rnpdno_missing" not in one["export"]
    assert {where for where in one if one[where] != two[where]} == set()


def test_the_same_walk_finds_what_is_not_joined(bring, tmp_path, monkeypatch):
    """The test above has power: without the joining, these addresses tell the two panels apart."""
    monkeypatch.setattr(panel, "_leaving", lambda seen: {})
    worlds = []
    for small in (1, 2):
        bring(text=table(small))
        app = make(Settings(folder=tmp_path / f"web{small}", warm=False))
        with TestClient(app, base_url="http://localhost") as client:
            found = {
                path: _plain(client.get(path).content)
                for path in (f"/lugar/{TOWN}", f"/lugar/{TOWN}.csv?chart=missing",
                             f"/lugar/{TOWN}.svg?chart=missing", f"/lugar/{TOWN}.png?chart=missing",
                             f"/lugar/{TOWN}.tips?chart=missing",
                             f"/api/v1/places/{TOWN}/records")
            }  # fmt: skip
        worlds.append(found | {"panel": package.panel("rnpdno_missing", places=TOWN).to_csv()})
    one, two = worlds
    assert [where for where in one if one[where] == two[where]] == []
