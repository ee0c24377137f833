"""No sentence is typed: what a page says of direction, size and chance follows from the numbers."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.claims import words
from hidra.claims.claim import Reading, Stated
from hidra.claims.designs import exposure, published, removals, rules
from hidra.claims.designs.rules import Estimate
from hidra.claims.judge import judge
from hidra.core.i18n import LANGUAGES, bilingual

UP, DOWN, NONE = (
    Estimate(name, value, value - 0.1, value + 0.1, 99)
    for name, value in (("u", 0.3), ("d", -0.3), ("n", 0.0))
)
ROOM = {
    f"{name}, months {months}": removals.Window(31, 1.2, 1.1, 0.1)
    for name in ("all", "killed", "2008-2010")
    for months in ("1-6", "7-12")
}
STATE = {"n": 40.0, "log_change": 0.0, "standard_error": 0.04}
DICKENSON = {
    "removals": 13, "rows": 1568, "killed_log": 0.3, "captured_log": 0.1,
    "killed_interval": (0.1, 0.5), "captured_interval": (-0.1, 0.3), "attributed_deaths": 200.0,
    "attributed_interval": (-100.0, 900.0), "published": 415.0,
}  # fmt: skip


def _removal(main=UP, leads=(NONE,), log=0.0, placebo=0.1):
    table = ROOM | {"all, months 1-6": removals.Window(31, 1.2, 1.1, placebo)}
    return removals.told(table, main, leads, STATE | {"log_change": log})


RATE = Estimate("rate", 5.0, 1.0, 20.0, 9)


def _operations(lead=NONE, first=UP, rate=RATE):
    return published.told_operations(lead, first, rate)


def _published(ours=UP, placebo=0.01, elsewhere=UP, name="lindo_padilla_romo"):
    return published.told_published(published.STUDIES[name], ours, placebo, 20, elsewhere)


def _dickenson(**changed):
    return published.told_dickenson(DICKENSON | changed)


# Each: a sentence, the same made of other numbers, and what must change in English.
FLIPS = {
    "removal: it rises, it falls": (_removal(), _removal(main=DOWN), "a rise", "a fall"),
    "removal: it rises, nothing is told apart": (
        _removal(), _removal(main=NONE), "months 0-5: +35 % (90 %: +22 to +49; a rise)",
        "months 0-5: +0 % (90 %: -10 to +11; not told apart from no change)"),
    "removal: the state level rises": (
        _removal(), _removal(log=0.2), "not told apart", "(se 0.040): a rise"),
    "removal: the state level falls": (
        _removal(), _removal(log=-0.2), "not told apart", "(se 0.040): a fall"),
    "removal: chance": (_removal(), _removal(placebo=0.01), "too often to rule chance out",
                        "which is rare"),
    "removal: another path before": (
        _removal(), _removal(leads=(UP,)), "no other path is seen", "already on another path"),
    "removal: one of three leads": (
        _removal(leads=(NONE,) * 3), _removal(leads=(NONE, NONE, DOWN)), "0 of 3", "1 of 3"),
    "operations: the lead": (_operations(), _operations(lead=DOWN), "no other path is seen",
                             "already on another path, so no cause is shown"),
    "operations: they fall": (_operations(), _operations(first=DOWN), "a rise", "a fall"),
    "operations: the rate beside the published": (
        _operations(), _operations(rate=Estimate("rate", 1.0, 0.5, 2.0, 9)),
        "the interval holds", "the interval lies below"),
    "operations: the rate falls": (
        _operations(), _operations(rate=Estimate("rate", -1.0, -2.0, -0.5, 9)),
        "; a rise), published for 18", "; a fall), published for 18"),
    "published: holds, lies below": (
        _published(ours=Estimate("o", 0.5, 0.1, 0.7, 9)), _published(), "the interval holds",
        "the interval lies below"),
    "published: lies above": (
        _published(), _published(ours=Estimate("o", 0.9, 0.8, 1.0, 9)), "the interval lies below",
        "the interval lies above"),
    "published: chance": (_published(), _published(placebo=0.3), "which is rare", "too often"),
    "published: elsewhere": (_published(), _published(elsewhere=DOWN), "months 1-6: +35 %",
                             "months 1-6: -26 %"),
    "dickenson: the sum": (_dickenson(), _dickenson(attributed_interval=(10.0, 900.0)),
                           "not told apart", "a rise"),
    "dickenson: below none": (_dickenson(), _dickenson(attributed_interval=(-90.0, -9.0)),
                              "not told apart", "a fall"),
    "dickenson: beside the published": (
        _dickenson(), _dickenson(attributed_interval=(500.0, 900.0)), "the interval holds",
        "the interval lies above"),
    "dickenson: the order": (_dickenson(), _dickenson(captured_log=0.4),
                             "killing above capture, as published",
                             "capture above killing, not as published"),
    "enforcement: all, some": (
        published.told_enforcement(NONE, UP, UP), published.told_enforcement(NONE, UP, NONE),
        "in all that is at hand", "in a part of"),
    "enforcement: none": (
        published.told_enforcement(NONE, UP, UP), published.told_enforcement(NONE, DOWN, NONE),
        "in all that is at hand", "is not seen"),
    "enforcement: before": (
        published.told_enforcement(NONE, UP, UP), published.told_enforcement(UP, UP, UP),
        "no other path is seen", "already on another path"),
    **{
        f"exposure, {name}": (
            exposure.told(name, UP, NONE, 0.01), exposure.told(name, DOWN, UP, 0.5),
            "which is rare; before it +0 %", "too often to rule chance out; before it +35 %")
        for name in exposure.ROWS
    },
    "exposure: nothing before": (
        exposure.told("groups", UP, NONE, 0.01), exposure.told("groups", UP, None, 0.01),
        "before it +0 %", "what came before is not looked at"),
}  # fmt: skip


@pytest.mark.parametrize("name", FLIPS)
def test_a_sentence_turns_with_its_numbers(name):
    one, other, before, after = FLIPS[name]
    assert before in one["en"] and after in other["en"]
    assert one["es"] != other["es"] and one["en"] != other["en"]
    assert after not in one["en"]


@given(
    st.floats(-2, 2), st.floats(0.01, 1), st.floats(0, 1), st.floats(-2, 2), st.floats(-0.5, 0.5)
)
def test_what_is_said_of_an_estimate_is_where_its_interval_lies(value, half, placebo, lead, log):
    one = Estimate("x", value, value - half, value + half, 9)
    ahead = Estimate("l", lead, lead - half, lead + half, 9)
    told = removals.told(ROOM, one, [ahead], STATE | {"log_change": log})
    for lang in LANGUAGES:
        said = {
            side: bilingual(words.PHRASES[f"effect_{side}"])[lang]
            for side in ("above", "below", "around")
        }
        assert said[one.side] in rules.change(one)[lang]
        assert not any(
            text in rules.change(one)[lang] for key, text in said.items() if key != one.side
        )
        assert rules.change(one)[lang] in told[lang]
        off = bilingual(words.PHRASES["path_other"])[lang] in told[lang]
        assert off == (ahead.side != "around")
    rare = words.PHRASES["rare"] == rules.rarity(placebo)["en"]
    assert rare == (placebo <= rules.RARE)


@given(st.floats(-2, 2), st.floats(0.01, 1), st.floats(0.01, 2))
def test_a_published_figure_is_held_above_or_below(value, half, figure):
    said = rules.beside(value - half, value + half, figure)["en"]
    assert ("holds" in said) == (value - half <= figure <= value + half)
    assert ("above" in said) == (value - half > figure)


CHOSEN = re.compile(r"(effect|published|path|direction|total)_\w+|(not_)?rare|(not_)?as_published"
                    r"|\w+_above")  # fmt: skip
DIRECTION = re.compile(
    r"\b(rises?|rose|falls?|fell|higher|lower|more than|fewer|same (direction|sign)|no(ne)? "
    r"(change|effect|cause)|differ|significant|told apart|aument\w+|baj[aó]n?|subi\w+|ningun[oa]|"
    r"misma dirección|mismo signo|no difieren|se distingue|significativ\w+)\b"
)


@pytest.mark.parametrize("key", words.PHRASES)
def test_no_template_asserts_what_a_number_should_choose(key):
    """Words of direction stand only in phrases that a value chooses."""
    if CHOSEN.fullmatch(key) or key in ("before", "error"):
        return
    for text in bilingual(words.PHRASES[key]).values():
        found = DIRECTION.search(re.sub(r"\{[^}]*\}", "", text))
        assert found is None, f"{key}: '{found.group()}' is typed"


def test_every_phrase_is_told_in_both_languages_with_the_same_values():
    for key, phrase in words.PHRASES.items():
        en, es = bilingual(phrase)["en"], bilingual(phrase)["es"]
        assert sorted(re.findall(r"\{(\w+)", en)) == sorted(re.findall(r"\{(\w+)", es)), key
        assert en != es, key


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.sampled_from(["exactly", "about", "more than"]))
def test_the_reason_of_a_figure_opens_with_its_verdict(said, counted, how):
    stated, readings = Stated(said, how), [Reading(counted, "INEGI")]
    verdict, best = judge(stated, readings)
    why = words.why(stated, readings, verdict, best)
    for lang in LANGUAGES:
        opens = [
            key
            for key, one in words.OPENING.items()
            if why[lang].startswith(f"{bilingual(one)[lang]}: ")
        ]
        assert opens == [verdict]


@pytest.mark.parametrize(
    ("change", "verdict"),
    [({}, "partly"), ({"killed_interval": (-0.1, 0.5)}, "not supported"),
     ({"attributed_interval": (10.0, 900.0)}, "supported"),
     ({"attributed_interval": (500.0, 900.0)}, "partly"),
     ({"attributed_interval": (-900.0, -1.0)}, "contradicted")],
)  # fmt: skip
def test_the_verdict_on_dickenson_turns_with_its_numbers(monkeypatch, change, verdict):
    monkeypatch.setattr(published, "negative_binomial", lambda: DICKENSON | change)
    assert published.dickenson().verdict == verdict


@pytest.mark.parametrize(
    ("first", "removal", "verdict"),
    [(UP, UP, "partly"), (UP, DOWN, "partly"), (NONE, DOWN, "not supported"),
     (DOWN, DOWN, "contradicted")],
)  # fmt: skip
def test_the_verdict_on_enforcement_turns_with_its_numbers(monkeypatch, first, removal, verdict):
    monkeypatch.setattr(published, "operation_effects", lambda: [NONE, first])
    monkeypatch.setattr(published, "over", lambda rows, months: replace(removal))
    assert published.enforcement().verdict == verdict
