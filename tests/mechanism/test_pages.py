"""The pages of the mechanisms are those the declarations give, and leave nothing of the essays out."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

from hidra.forecast.course import RIVALS
from hidra.model.causes import edges
from hidra.model.equation import CORE
from hidra.model.mechanisms import package
from hidra.study.library import library

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("HIDRA_SHARED", ROOT.parent / "shared")) / "essays"
sys.path.insert(0, str(ROOT))  # the scripts stand beside the package, not in it

from scripts.make_mechanisms.__main__ import make  # noqa: E402
from scripts.make_mechanisms.essays import rows  # noqa: E402


def test_the_pages_are_up_to_date(tmp_path):
    make(tmp_path)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.md"))
    assert len(made) == 2 * (len(package()) + 3)
    for path in made:
        there = ROOT / "docs" / path
        assert there.is_file() and there.read_bytes() == (tmp_path / path).read_bytes(), (
            f"{path} is old: python -m scripts.make_mechanisms"
        )


@pytest.mark.parametrize(
    "page", ["en/explanation/core-equation.md", "es/explicacion/ecuacion-central.md"]
)
def test_the_page_of_the_equation_has_each_parameter_with_its_value(page):
    cells = [line.split(" | ") for line in (ROOT / "docs" / page).read_text("utf-8").splitlines()]
    told = {
        row[1].strip("`"): row[-1].strip("| ").replace(",", "") for row in cells if len(row) > 4
    }
    units = {row[1].strip("`"): row[3] for row in cells if len(row) > 4}
    for one in CORE:
        assert float(told[one.name]) == one.value.median
        spanish = one.unit.replace("person", "persona")
        assert units[one.name] in (one.unit, spanish.replace("week", "semana"))


def test_every_link_of_the_pages_leads_somewhere():
    for folder in (
        "en/reference/mechanisms",
        "es/referencia/mecanismos",
        "en/explanation",
        "es/explicacion",
    ):
        for page in (ROOT / "docs" / folder).glob("*.md"):
            for target in re.findall(r"\]\(([^)#]+\.md)", page.read_text(encoding="utf-8")):
                assert (page.parent / target).resolve().is_file(), f"{page.name}: {target}"


def test_every_row_names_what_exists():
    claims = {path.stem for path in (ROOT / "src/hidra/claims/library").glob("*.yaml")}
    for row in rows():
        assert set(row.get("mechanisms", [])) <= {*package(), "*"}
        assert set(row.get("claims", [])) <= claims
        assert set(row.get("rivals", [])) <= set(RIVALS)
        assert set(row.get("scenarios", [])) <= set(library())
        assert all((ROOT / "studies" / f"{name}.yaml").is_file() for name in row.get("studies", []))
        assert len(row["quote"].split()) <= 15
        said = (
            "mechanisms",
            "claims",
            "scenarios",
            "studies",
            "interpretation",
            "heading",
            "credit",
        )
        assert any(row.get(kind) for kind in said), row


def test_every_grade_and_every_paragraph_a_mechanism_cites_is_there():
    """The table mechanism x essay x grade: the paragraphs cited name the mechanism in turn."""
    named = {(row["essay"], row["par"]): row.get("mechanisms", []) for row in rows()}
    for m in package().values():
        assert m.grade in {"strong", "contested", "assumed"}
        cited = _cited(m.essay)
        assert cited, f"{m.name} cites no paragraph"
        for where in cited:
            assert where in named, f"{m.name} cites {where}, which is not there"
        assert any(m.name in named[where] or "*" in named[where] for where in cited), m.name


def _cited(text: str) -> list[tuple[str, int]]:
    """Paragraphs as ``[000] par. 6``; a bare ``par. 12`` belongs to the essay named before."""
    found, essay = [], ""
    for name, number in re.findall(r"\[(\d{3})\]|par\. (\d+)", text):
        essay = name or essay
        if number:
            found.append((essay, int(number)))
    return found


def test_every_mechanism_stands_for_a_paragraph():
    named = {name for row in rows() for name in row.get("mechanisms", [])}
    assert named - {"*"} == set(package())


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the essays are not at {SHARED}")
def test_no_paragraph_of_the_essays_is_left_out():
    first, second = sorted(SHARED.glob("*.txt"))
    blocks = {
        "000": [line for line in first.read_text(encoding="utf-8").splitlines() if line.strip()],
        "001": _blocks(second.read_text(encoding="utf-8")),
    }
    for essay, found in blocks.items():
        mine = [row for row in rows() if row["essay"] == essay]
        assert [row["par"] for row in mine] == list(range(1, len(found) + 1))
        for row, text in zip(mine, found, strict=True):
            assert _plain(row["quote"]) in _plain(text), row


def _blocks(text: str) -> list[str]:
    """The paragraphs of the second essay from its first; list items count, all credits as one."""
    body = text[text.index("**On 22 February 2026") :]
    end = body.index("*February 2026*")
    found = [line for line in body[:end].splitlines() if line.strip() and line.strip() != "---"]
    return [*found, body[end:]]


def _plain(text: str) -> str:
    return re.sub(r"[^\w ]", "", text.replace("’", "'")).lower()


def test_the_pictures_of_the_diagram_name_every_node():
    from hidra.charts.diagram import names
    from hidra.charts.words import Words
    from hidra.model import causes

    for language, stem in (
        ("en", "en/explanation/causal-diagram"),
        ("es", "es/explicacion/diagrama-causal"),
    ):
        for width in ("wide", "narrow"):
            picture = (ROOT / "docs" / f"{stem}-{width}.svg").read_text(encoding="utf-8")
            drawn = re.sub(r"<[^>]*>", " ", picture)
            for label in names(causes.table(), Words(language)).values():
                assert all(word in drawn for word in label.split()), (stem, width, label)


def test_the_diagram_says_only_what_is_declared():
    arrows = edges(("precarity", "economy_feedback"))
    assert {
        (e.origin, e.target, e.lagged) for e in arrows if e.kind_from == e.kind_to == "mechanism"
    } == {("economy_feedback", "precarity", True)}
    changed = {e.target for e in arrows if (e.kind_from, e.origin) == ("mechanism", "precarity")}
    assert changed == {"recruits"}
