"""Both languages say the same things, numbers are Mexican, months are written out."""

from __future__ import annotations

import re

import pytest

from hidra.charts.theme import locale
from hidra.charts.words import Words
from hidra.core.errors import SpecError
from hidra.core.i18n import percent, rounded, whole


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
    assert rounded(1.5492e-8) == "1.55e−8"
    assert rounded(0.0) == "0"
    assert rounded(float("nan")) == "–"
    assert percent(-0.1234, sign=True) == "\u221212.3\u00a0%"
    assert percent(0.861) == "86.1\u00a0%"


def test_an_unknown_word_names_the_closest() -> None:
    with pytest.raises(SpecError, match=r"section\.sumary") as caught:
        Words("es")("section.sumary")
    assert "section.summary" in caught.value.fix
