"""Charts for Python: a table in, an Altair chart out, shown without a network."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from hidra.charts import picture
from hidra.core import files
from hidra.core.errors import SpecError
from hidra.run import Run
from hidra.study import Study

_demo = importlib.util.spec_from_file_location(
    "demo_tables", Path(__file__).parents[1] / "browser" / "demo_tables.py"
)
assert _demo
assert _demo.loader
demo = importlib.util.module_from_spec(_demo)
_demo.loader.exec_module(demo)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A finished run with the tables of the demo."""
    folder = tmp_path_factory.mktemp("runs") / "demo"
    (folder / "tables").mkdir(parents=True)
    for name, table in demo.tables().items():
        table.to_parquet(folder / "tables" / f"{name}.parquet")
    study = Study.default()
    (folder / "study.yaml").write_text(study.yaml(), encoding="utf-8")
    told = {
        "study_digest": study.digest(), "created": "2026-11-21T10:00:00+00:00",
        "command": "hidra run", "versions": {"hidra": "0.1.0"}, "warning_es": "Cuidado.",
        "warning_en": "Careful.",
    }  # fmt: skip
    files.write_json(folder / "manifest.json", files.sealed(told, folder))
    return Run.open(folder)


def test_a_chart_shows_in_a_notebook_and_asks_nobody(run: Run) -> None:
    chart = run.plot("Jalisco", language="en")
    with alt.renderers.enable("default"):
        picture.offline()
        shown = chart._repr_mimebundle_(None, None)
    shown = shown[0] if isinstance(shown, tuple) else shown
    assert shown["image/png"].startswith(b"\x89PNG"), "a picture, for what runs no scripts"
    assert any(kind.startswith("application/vnd.vegalite") for kind in shown)
    assert "text/html" not in shown, "scripts in the notebook weigh a megabyte a chart"


def test_another_way_of_showing_charts_is_left_alone() -> None:
    with alt.renderers.enable("mimetype"):
        picture.offline()
        assert alt.renderers.active == "mimetype"


def test_a_place_of_a_run_is_its_own_rows(run: Run) -> None:
    spec = run.plot("14").to_dict()
    rows = next(rows for rows in spec["datasets"].values() if "p50" in rows[0])
    table = run.tables["summary"]
    mine = table[(table["place"] == "14") & (table["scenario"] == "check")]
    first = mine[mine["month"] == "2012-01"]["p50"].iloc[0]
    assert rows[0]["p50"] == pytest.approx(first, abs=0.1)
    seen = pd.DataFrame(rows).set_index("month")["observed"]
    assert seen["2019-05"] > 0


def test_a_map_of_a_run_opens_with_the_last_observed_year(run: Run) -> None:
    spec = run.map().to_dict()
    values = {param["name"]: param.get("value") for param in spec["params"]}
    assert values["kind"] == "observed"
    assert values["year"] == 2022


def titles(chart: alt.TopLevelMixin) -> list[str]:
    title = chart.to_dict()["title"]
    return [str(title["text"]), *title["subtitle"]]


def test_a_figure_that_travels_alone_says_what_it_is(run: Run) -> None:
    assert titles(run.plot("14", language="en")) == [
        "Jalisco: No change", "Homicides (INEGI), persons a month",
        "Conditional projection, not a forecast. Source: INEGI; Gargiulo, Aburto, Floridi "
        "(2026-11-21); hidra",
    ]  # fmt: skip
    assert "Homicides (INEGI): No change" in titles(run.map(language="en"))[0]
    drawn = Study.default().plot("14", language="en")
    assert titles(drawn)[0] == "Jalisco, 2000–2022"
    assert titles(drawn)[2].startswith("Source: INEGI")
    assert titles(Study.default().map(language="en"))[1] == "per 100,000 inhabitants and year"


@pytest.mark.parametrize("language", ["es", "en"])
def test_a_study_draws_its_records(language: str) -> None:
    study = Study.default()
    assert study.map(language=language).to_dict()["datasets"]
    spec = study.plot("09", measure="rnpdno_missing", language=language).to_dict()
    word = {"es": "Personas desaparecidas", "en": "Persons missing"}[language]
    assert word in str(spec)
    assert "asesinadas" not in str(spec)
    assert "killed" not in str(spec)


def test_what_is_not_there_is_said_with_the_closest_names(run: Run) -> None:
    with pytest.raises(SpecError, match="Jalsco"):
        run.plot("Jalsco")
    with pytest.raises(SpecError, match="scenario"):
        run.plot(scenario="nothing")
    with pytest.raises(SpecError, match="measure"):
        Study.default().map("inegi_homicide")


def test_the_report_is_told_again_from_the_folder_alone(run: Run) -> None:
    from hidra.run import execute

    meta = execute.meta_again(run)
    assert meta["warning_es"] == "Cuidado."
    assert meta["created"] == "2026-11-21T10:00:00+00:00"
    assert meta["run_id"] == Study.default().digest()[:12]
    page = execute.report_again(run)
    assert page.count('<div class="page"') == 2
    assert len(page.encode()) < 5_000_000
    assert "Careful." in page


def test_the_brief_says_what_the_report_says_and_loads_nothing(run: Run) -> None:
    from hidra.charts.words import Words
    from hidra.report import summary
    from hidra.run import execute
    from hidra.web.page import brief

    page = brief.html(run=run.folder, first="en")
    for words in (Words("es"), Words("en")):
        for sentence in summary.sentences(run.tables, execute.meta_again(run), words):
            assert sentence.split("[")[0][:60] in page
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!data:|#)', page)
    assert page.index('id="en"') < page.index('id="es"')
    assert page.count('class="sheet"') == 4


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    from hidra.core.errors import RunError
    from hidra.core.files import write_text

    (tmp_path / "none").write_text("")
    with pytest.raises(RunError, match="could not be written"):
        write_text(tmp_path / "none" / "report.html", "text")
    assert [one.name for one in tmp_path.iterdir()] == ["none"]


def test_the_command_adds_a_section_of_ones_own_to_the_report(run: Run, tmp_path: Path) -> None:
    from hidra.cli import main

    file, out = tmp_path / "mine.py", tmp_path / "report.html"
    file.write_text(
        "from hidra.charts.block import Section\n"
        "from hidra.report import section\n"
        "@section('mine', title={'es': 'Mía', 'en': 'Mine'}, after='summary')\n"
        "def mine(tables, meta, words):\n"
        "    return Section(paragraphs=[f'{len(tables)} tables, {words.language}'])\n",
        encoding="utf-8",
    )
    assert main(["report", str(run.folder), "--section", str(file), "-o", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert 'id="es-mine"' in page
    assert f"<p>{len(run.tables)} tables, en</p>" in page
    file.write_text(file.read_text().replace("len(tables)", "len(nothing)"), encoding="utf-8")
    assert main(["report", str(run.folder), "--section", str(file), "-o", str(out)]) == 2
