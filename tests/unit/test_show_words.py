"""Both languages say the same things, numbers are Mexican, months are written out."""

from __future__ import annotations

import re

import pytest

from hidra.charts.theme import locale
from hidra.charts.words import Words
from hidra.core.errors import SpecError
from hidra.core.i18n import about_interval, percent, rounded, whole


@pytest.mark.parametrize("language", ["es", "en"])
def test_words_are_sober(language: str) -> None:
    everything = " ".join(Words(language)._words.values()).casefold()
    for word in (
        "will be killed",
        "most dangerous",
        "más peligros",
        "narco",
        "sicario",
        "bloodbath",
        "!",
    ):
        assert word not in everything, word
    assert re.search(r"people killed|personas asesinadas", everything)


def test_months_and_days_are_written_in_the_language() -> None:
    assert Words("es").month("2020-05") == "mayo de 2020"
    assert Words("en").month("2020-05") == "May 2020"
    assert Words("es").day("2026-11-21") == "21 de noviembre de 2026"
    assert Words("en").day("2026-11-21") == "21 November 2026"
    assert locale("es")["time"]["months"][0] == "enero"


def test_numbers_are_mexican_and_rounded_as_stated() -> None:
    assert whole(481835.0) == "481,835"
    assert rounded(34567.0) == "34,600"
    assert rounded(2.4567) == "2.46"
    assert rounded(1.5492e-8) == "1.55\u00a0×\u00a010⁻⁸"
    assert rounded(0.0) == "0"
    assert rounded(float("nan")) == "–"
    assert percent(-0.1234, sign=True) == "\u221212.3\u00a0%"
    assert percent(0.861) == "86.1\u00a0%"


@pytest.mark.parametrize(
    ("ends", "written"),
    [
        ((59.9, 211, 581), ("60", "200", "580")),
        ((31, 136, 373), ("30", "140", "370")),
        ((5, 96, 330), ("5", "100", "330")),
        ((190, 393, 640), ("190", "390", "640")),
        ((1243, 2373, 3826), ("1,200", "2,400", "3,800")),
        ((1530, 7351, 19036), ("2,000", "7,000", "19,000")),
        ((2100, 2499, 9900), ("2,100", "2,500", "9,900")),
        ((-280, -120, 2), ("\u2212280", "\u2212120", "2")),
        ((0, 0, 0.4), ("0", "0", "0")),
        ((float("nan"), 1, 2), ("–", "1", "2")),
    ],
)
def test_an_interval_is_rounded_as_people_say_it(ends, written) -> None:
    assert about_interval(*ends) == written


@pytest.mark.parametrize("middle", [0.6, 3.2, 9.7, 21, 47, 96, 104, 250, 999, 2499, 12345, 481835])
@pytest.mark.parametrize("spread", [0.01, 0.5, 1.5, 3])
def test_a_rounded_interval_is_near_and_in_order(middle: float, spread: float) -> None:
    ends = (max(middle * (1 - spread / 2), 0.0), middle, middle * (1 + spread / 2))
    low, said, high = (float(text.replace(",", "")) for text in about_interval(*ends))
    assert low <= said <= high
    assert abs(said - middle) <= max(0.25 * middle, 0.5)
    assert abs(high - ends[2]) <= max(0.05 * ends[2], 0.5)


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-581, -211, -59.9), "about 200 fewer; from 60 to 580"),
        ((59.9, 211, 581), "about 200 more; from 60 to 580"),
        ((-1500, 300, 2200), "from 1,500 fewer to 2,200 more"),
        ((-103, -9, 0.0), "none, or up to 100 fewer"),
        ((-0.2, 9, 103), "none, or up to 100 more"),
        ((-0.4, -0.0, 0.3), "no difference"),
        ((0, 0, 0), "no difference"),
        ((float("nan"), 0, 0), "unknown: its mechanism is off"),
        ((-11, -2, -0.3), "about 2 fewer; from less than 1 to 11"),
    ],
)
def test_a_difference_is_said_with_its_doubt(ends, said) -> None:
    assert Words("en").change("change", *ends) == said


def test_a_share_is_said_with_its_unit_and_never_as_minus_zero() -> None:
    share = Words("en").change("change", -12.3, -4.6, -1.9, unit="\u00a0%")
    assert share == "about 5\u00a0% fewer; from 2\u00a0% to 12\u00a0%"
    assert percent(-0.0001, sign=True) == percent(0.0, sign=True) == "0.0\u00a0%"


def test_an_unknown_word_names_the_closest() -> None:
    with pytest.raises(SpecError, match=r"section\.sumary") as caught:
        Words("es")("section.sumary")
    assert "section.summary" in caught.value.fix
