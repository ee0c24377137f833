"""One rule for every figure: what the words say, what the sources say, which phrase follows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.claims import words
from hidra.claims.claim import OUTCOMES, VERDICTS, Reading, Stated
from hidra.claims.judge import bounds, holds, judge

INEGI = Reading(36_687, "INEGI")
SESNSP = Reading(33_742, "SESNSP")


@pytest.mark.parametrize(
    ("stated", "verdict"),
    [
        (Stated(36_685), "supported"),  # a re-coding of two deaths
        (Stated(33_742), "supported"),  # any primary source, where none is named
        (Stated(36_000, "more than", place_value=1000), "supported"),
        (Stated(3_000, "more than", place_value=1000), "supported"),  # understated
        (Stated(37_000, "nearly", place_value=1000), "supported"),
        (Stated(35_800, place_value=100), "partly"),  # as near as another release
        (Stated(50_000, "more than", place_value=10_000), "contradicted"),
        (Stated(90_000, place_value=10_000), "contradicted"),
    ],
)
def test_homicides_of_2018_as_they_are_told(stated, verdict):
    assert judge(stated, [INEGI, SESNSP])[0] == verdict


def test_a_named_source_is_the_one_that_counts():
    other = Reading(33_742, "SESNSP", "other")
    assert judge(Stated(33_742), [INEGI, other])[0] == "partly"


def test_a_figure_between_the_sources_is_not_contradicted():
    apart = [Reading(70, "one", quoted=True), Reading(87, "another", "other", quoted=True)]
    assert judge(Stated(80, unit="percent"), apart)[0] == "not supported"


def test_a_floor_can_show_more_than_but_never_refute():
    floor = [Reading(13_620, "register from 2010 on", floor=True)]
    assert judge(Stated(10_000, "more than"), floor)[0] == "supported"
    assert judge(Stated(17_000, "more than"), floor)[0] == "not testable with these data"
    assert judge(Stated(100), floor)[0] == "not testable with these data"


def test_without_a_source_nothing_is_said():
    assert judge(Stated(5), []) == ("not testable with these data", None)


def test_years_are_exact():
    assert judge(Stated(2024, unit="year"), [Reading(2023, "court")])[0] == "contradicted"
    assert judge(Stated(2023, unit="year"), [Reading(2023, "court")])[0] == "supported"


def test_every_verdict_has_spanish_words():
    assert set(OUTCOMES) == set(words.OUTCOMES)
    assert set(VERDICTS) < set(OUTCOMES)


@given(st.floats(1, 1e7), st.sampled_from(["exactly", "about", "nearly", "more than"]))
def test_a_figure_holds_for_itself_and_is_never_contradicted_by_itself(value, words):
    stated = Stated(value, words)
    assert holds(stated, value)
    assert judge(stated, [Reading(value, "itself")])[0] == "supported"


@given(st.floats(1, 1e6), st.floats(1, 1e6))
def test_more_sources_never_turn_support_into_anything_else(value, other):
    stated = Stated(value)
    verdict, _ = judge(stated, [Reading(value, "one"), Reading(other, "two")])
    assert verdict == "supported"


@given(st.floats(1, 1e6), st.sampled_from([1.0, 10.0, 100.0, 1000.0]))
def test_rounder_words_cover_more(value, place_value):
    low, high = bounds(Stated(value, place_value=place_value))
    wider = bounds(Stated(value, "about", place_value=place_value))
    assert wider[0] <= low <= value <= high <= wider[1]


def test_a_range_holds_at_the_precision_of_its_ends():
    said = Stated(20, "between", "percent", upper=30)
    found = [judge(said, [Reading(value, "one")])[0] for value in (18.0, 19.6, 25, 30.4, 45)]
    assert found == ["partly", "supported", "supported", "supported", "contradicted"]
    fixed = Stated(20, "range", "percent", upper=30)
    assert not holds(fixed, 19.6)
