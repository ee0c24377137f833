"""What is said of the sources is complete, in both languages, and in step with the code."""

import runpy
from pathlib import Path

import pytest

from hidra.core.i18n import translate
from hidra.data.sources import sources

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "make_source_pages.py"


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_reference_pages_are_what_the_sources_say(language: str) -> None:
    made = runpy.run_path(str(SCRIPT))
    assert (ROOT / made["PAGES"][language]).read_text("utf-8") == made["page"](language)


def test_every_source_says_who_publishes_what_and_under_which_terms() -> None:
    for name, one in sources().items():
        assert name == one.name
        for text in (
            one.title,
            one.publisher,
            one.terms,
            one.citation,
            one.concept,
        ):
            assert text.strip(), name
        assert translate(one.title, "es") != one.title


def test_a_measure_means_one_thing_wherever_it_comes_from() -> None:
    meaning: dict[str, tuple[str, str, str]] = {}
    for one in sources().values():
        for measure in one.measures:
            said = (
                measure.concept.split(", single")[0].split(", five")[0],
                measure.unit,
                measure.period,
            )
            assert meaning.setdefault(measure.name, said) == said, measure.name


def test_terms_that_forbid_passing_on_are_not_called_open() -> None:
    assert {name for name, one in sources().items() if one.access != "open"} == {
        "acled", "cide_ppd", "coscia_rios", "mayor_parties", "trejo_ley",
    }  # fmt: skip
