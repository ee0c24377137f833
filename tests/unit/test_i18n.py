"""A message is English where it is made, keeps what it was made of, and is told at the edge."""

from __future__ import annotations

import pickle

import pytest

from hidra.core.i18n import (
    Message,
    _,
    bilingual,
    columns,
    day,
    either,
    minus,
    month,
    percent,
    rounded,
    translate,
    whole,
)

ABSENT = _("There is no {thing} called '{name}'.", thing=_("scenario"), name="scenario")


def test_a_message_is_finished_english_and_remembers_its_parts():
    assert ABSENT == "There is no scenario called 'scenario'."
    assert ABSENT.msgid == "There is no {thing} called '{name}'."
    assert dict(ABSENT.values) == {"thing": "scenario", "name": "scenario"}


def test_words_among_the_values_are_translated_and_names_are_not():
    assert translate(ABSENT, "es") == "No existe «scenario» (escenario)."
    assert translate(ABSENT, "en") == str(ABSENT)
    assert type(translate(ABSENT, "en")) is str


def test_a_number_in_a_message_has_a_true_minus_and_other_hyphens_stay():
    told = _("{gap:+.1f} of {share:.1%}, {small:g}; {month}", gap=-4.2, share=-0.5, small=-2e-9,
             month="2024-06")  # fmt: skip
    assert told == "−4.2 of −50.0\u00a0%, −2\u00a0×\u00a010⁻⁹; 2024-06"


def test_a_message_crosses_processes():
    again = pickle.loads(pickle.dumps(ABSENT))
    assert isinstance(again, Message) and translate(again, "es") == translate(ABSENT, "es")


def test_numbers_keep_the_format_of_the_message():
    said = _("A dose of {persons:g} persons per week says nothing.", persons=-0.5)
    assert said == "A dose of −0.5 persons per week says nothing."
    assert translate(said, "es") == "Una dosis de −0.5 personas por semana no dice nada."


def test_a_share_in_a_message_has_the_space_of_all_others():
    said = _("{left_out:.0%} of the draws lay outside the bulk of the posterior and were left out",
             left_out=0.04)  # fmt: skip
    assert said.startswith("4\u00a0% of the draws")
    assert translate(said, "es").startswith("4\u00a0% de las muestras")


def test_what_has_no_spanish_stays_as_it_is():
    assert translate("my own words {x}", "es") == "my own words {x}"
    assert translate("", "es") == ""


def test_braces_without_values_are_only_braces():
    assert _('Send {"text": "..."}') == 'Send {"text": "..."}'


def test_alternatives_are_joined_in_each_language():
    assert either(["a"]) == "a"
    assert either(["a", "b", "c"]) == "a or b or c"
    assert translate(either(["a", "b", "c"]), "es") == "a o b o c"


def test_both_languages_side_by_side():
    word = _("scenario")
    assert bilingual(word) == {"es": "escenario", "en": "scenario"}
    assert bilingual((word, 1.5))["es"] == ("escenario", 1.5)
    assert bilingual({"a": word})["es"] == {"a": "escenario"}
    assert columns(title=word) == {"title_es": "escenario", "title_en": "scenario"}


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (month("2020-05", "es"), "mayo de 2020"),
        (month("2020-05", "en"), "May 2020"),
        (day("2026-11-21", "es"), "21 de noviembre de 2026"),
        (day("2026-11-21", "en"), "21 November 2026"),
        (day("2026-11", "en"), "November 2026"),
        (whole(1234.4), "1,234"),
        (rounded(34567), "34,600"),
        (rounded(-0.1234), "−0.123"),
        (minus("-1.35e-08 [1e+07]"), "−1.35\u00a0×\u00a010⁻⁸ [1\u00a0×\u00a010⁷]"),
        (rounded(1.55e-08), "1.55\u00a0×\u00a010⁻⁸"),
        (rounded(float("nan")), "–"),
        (percent(-0.123), "−12.3\u00a0%"),
        (percent(0.05, sign=True), "+5.0\u00a0%"),
    ],
)
def test_numbers_and_dates_are_written_in_one_way(written, text):
    assert written == text
