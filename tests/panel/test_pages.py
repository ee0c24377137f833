"""The pages say what is so: their descriptions are valid, their queries run, both languages agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from hidra.data.checks import CHECKS
from hidra.data.geography import PARENTS, municipalities
from hidra.data.panel import ask
from hidra.data.spec import make_spec

DOCS = Path(__file__).parents[2] / "docs"
HOW_TO = ("en/how-to/your-own-data.md", "es/como/tus-propios-datos.md")
PANEL = ("en/reference/panel.md", "es/referencia/panel.md")


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", HOW_TO)
def test_every_description_on_the_page_is_valid(page):
    found = [make_spec(yaml.safe_load(block), page, block) for block in blocks(page, "yaml")]
    assert len(found) == 5


@pytest.mark.parametrize("page", PANEL)
def test_every_query_on_the_page_has_an_answer(page):
    assert all(ask(query) for query in blocks(page, "sql"))


@pytest.mark.parametrize("page", PANEL)
def test_every_check_and_every_view_is_on_the_page(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [one.name for one in CHECKS if one.name not in text] == []
    views = {"panel", "panel_all", "rates", "panel_stable", "measures", "sources", "notes"}
    assert {view for view in views if f"| `{view}` |" not in text} == set()


@pytest.mark.parametrize("page", PANEL)
def test_the_numbers_of_municipalities_are_those_of_the_code(page):
    text = (DOCS / page).read_text(encoding="utf-8")
    with_parent = sum(1 for named in PARENTS.values() if named)
    assert {f"{len(municipalities()):,}", str(len(PARENTS)), str(with_parent)} <= set(
        re.findall(r"[\d,]*\d", text)
    )
