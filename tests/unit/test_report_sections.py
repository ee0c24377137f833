"""A section of one's own reaches the report by a plain file or an installed package."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import pytest
import vl_convert

from hidra.charts.block import Section
from hidra.charts.words import Words
from hidra.core.errors import SpecError
from hidra.report import page, section, sections

ROOT = Path(__file__).parents[2]
_demo = importlib.util.spec_from_file_location(
    "demo_tables", ROOT / "tests" / "browser" / "demo_tables.py"
)
assert _demo
assert _demo.loader
demo = importlib.util.module_from_spec(_demo)
_demo.loader.exec_module(demo)
PAGES = ("en/how-to/your-own-section.md", "es/como/tu-propia-seccion.md")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    made: dict[str, pd.DataFrame] = demo.tables()
    return made


def code(document: str) -> str:
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    return text.split("```python\n")[1].split("```")[0]


def heads(text: str, language: str) -> list[str]:
    return re.findall(rf'<section id="{language}-([a-z_]+)"', text)


@pytest.mark.parametrize("document", [PAGES[0], pytest.param(PAGES[1], marks=pytest.mark.slow)])
def test_the_file_of_the_documentation_adds_a_section(
    document: str, tables: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(code(document), encoding="utf-8")
    built = page.build(tables, demo.meta(), sections=[file])
    for language in ("es", "en"):
        names = heads(built, language)
        assert names.index("jalisco") == names.index("observed") + 1
        assert f'id="{language}-chart-jalisco"' in built
    assert "jalisco" not in heads(page.build(tables, demo.meta()), "es")


def test_an_installed_package_adds_a_section(
    tables: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "brings_a_section.py").write_text(code(PAGES[0]), encoding="utf-8")
    known = tmp_path / "brings_a_section-1.dist-info"
    known.mkdir()
    (known / "METADATA").write_text("Name: brings-a-section\nVersion: 1\n", encoding="utf-8")
    (known / "entry_points.txt").write_text(
        f"[{page.GROUP}]\nmine = brings_a_section:jalisco\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    names = [one.name for one in page.found()]
    assert names.index("jalisco") == names.index("observed") + 1
    monkeypatch.delitem(sys.modules, "brings_a_section", raising=False)


def test_hidra_brings_its_own_sections_by_the_same_way() -> None:
    named = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"{page.GROUP}"]\nhidra = "hidra.report.sections:BUILT_IN"' in named
    assert [one.name for one in page.found()][: len(sections.BUILT_IN)] == [
        one.name for one in sections.BUILT_IN
    ]


def test_what_a_section_lacks_is_said_and_the_silent_one_is_left_out() -> None:
    def tell(tables: Any, meta: Any, words: Words) -> Section:
        return Section(paragraphs=["here"])

    told = section("mine", needs=("rows",), title={"en": "Mine"})(tell)
    some = {"rows": pd.DataFrame({"a": [1]})}
    assert told(some, {}, Words("en")) == Section("mine", "Mine", paragraphs=["here"])
    assert told({}, {}, Words("en")).paragraphs == [Words("en")("section.missing")]
    assert section("mine", needs=("rows",), silent=True)(tell)({}, {}, Words("en")).empty


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x = 1\n", "holds no section"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("from hidra.report import section\nmine = section('observed')(list)\n", "already"),
        (
            "from hidra.report import section\nm = section('m', after='none')(list)\n",
            "no section called 'none'",
        ),
    ],
)
def test_a_file_that_gives_no_section_is_refused_with_its_name(
    text: str, what: str, tmp_path: Path
) -> None:
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    with pytest.raises(SpecError, match=what):
        page.found([tmp_path / "mine.py"])
    with pytest.raises(SpecError, match="no such Python file"):
        page.found([tmp_path / "nowhere.py"])


def test_every_chart_says_of_itself_whether_it_runs_over_time(
    tables: dict[str, pd.DataFrame],
) -> None:
    told = [one(tables, demo.meta(), Words("en")) for one in page.found()]
    blocks = [block for part in told for block in part.blocks]
    assert len(blocks) >= 7
    for block in blocks:
        with alt.data_transformers.enable("default", max_rows=None):
            drawn = vl_convert.vegalite_to_svg(block.chart.to_dict())
        over_time = "for a utc scale" in drawn  # the words Vega itself gives an axis of time
        assert over_time == any(axis.kind == "time" for axis in block.axes), block.name
        assert all(axis.column in block.data for axis in block.axes), block.name
        assert block.axes and (
            not block.sources or set(block.sources) <= set(tables["sources"]["name"])
        )
