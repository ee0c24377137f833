"""The library of scenarios: each runs in the whole system, says what it is, in two languages."""

import re
from pathlib import Path

import pytest
from scripts import make_scenarios

from hidra.scenario import DRIVERS, RATES, what
from hidra.study import Study
from hidra.study.library import library

ROOT = Path(__file__).parents[2]
NAMES = [*library()]
SYSTEM = Study.load(ROOT / "studies" / "default.yaml")


def test_the_library_holds_what_the_essays_reject_and_what_they_propose():
    stances = [ready.stance for ready in library().values()]
    assert len(NAMES) >= 14
    assert stances.count("rejected") >= 5 and stances.count("proposed") >= 7


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_runs_in_the_whole_system(name):
    study = SYSTEM.with_(scenarios={name: "library"})
    assert set(library()[name].mechanisms) <= set(study.mechanisms)


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_is_told_in_two_languages_with_its_doubt(name):
    ready = library()[name]
    for text in (ready.title, ready.words, ready.caveat):
        assert text.es != text.en
    assert ready.grade in ("contested", "assumed")  # no lever stands on strong evidence
    assert re.fullmatch(r"(\[00[01]\] \d+(, \d+)*(; )?)+", ready.paragraphs)
    assert not re.search(r"\b[a-z]+_[a-z]+\b", what(ready, "es") + what(ready, "en"))


def test_paragraphs_exist_in_the_table_of_the_essays():
    table = (ROOT / "docs" / "en" / "explanation" / "essays.md").read_text(encoding="utf-8")
    for ready in library().values():
        for essay, numbers in ready.essays.items():
            for number in numbers:
                assert f"| [{essay}] {number} |" in table


def test_rates_and_drivers_have_names_in_both_languages():
    from hidra.model import drivers
    from hidra.model.equation import POLICIES
    from hidra.scenario.refusals import PULLED

    movable = {name for name, driver in drivers.DRIVERS.items() if driver.axes in PULLED}
    assert movable <= set(DRIVERS) and set(POLICIES) == set(RATES)


def test_the_default_ensemble_is_twelve_of_them_on_the_shipped_basis():
    study = Study.load(ROOT / "studies" / "scenarios.yaml")
    assert len(study.scenarios) == 12 and set(study.scenarios) <= set(NAMES)
    assert (study.draws, study.end) == (200, "2035-12")
    assert study.basis("projection") == SYSTEM.basis("projection")


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_pages_are_those_the_library_gives(language):
    """When this fails, write them again: python -m scripts.make_scenarios"""
    text = make_scenarios.PAGES[language].read_text(encoding="utf-8")
    assert text.startswith(make_scenarios.listed(language))
