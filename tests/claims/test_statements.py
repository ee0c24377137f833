"""How much the checker finds and how often it is right, on public statements judged by hand.

The set has 85 statements, 55 Spanish and 30 English: 64 with something to find (67 figures and
dated facts, of them six with errors put in on purpose) and 21 hard negatives (other countries,
events, money, sport, surveys, other deaths). It was used while tuning: the figures are in-sample.
"""

from pathlib import Path

import pytest
import yaml

from hidra.claim.article.check import check
from hidra.claim.ask import data
from hidra.claim.base import VERDICTS

VERDICT = dict(zip("spnco", VERDICTS, strict=True))
STATEMENTS = yaml.safe_load((Path(__file__).parent / "statements.yaml").read_text("utf-8"))
POSITIVE = [one for one in STATEMENTS if one["expect"]]
NEGATIVE = [one for one in STATEMENTS if not one["expect"]]


@pytest.fixture(scope="module")
def judged():
    """Pairs of expected and found verdicts; None where one of them is missing."""
    with data() as con:
        return [(one, list(_pairs(con, one))) for one in STATEMENTS]


def _pairs(con, statement):
    found = check(con, statement["text"])
    used = set()
    for part, letter in statement["expect"]:
        at = statement["text"].index(part)
        hit = next(
            (
                number
                for number, one in enumerate(found)
                if number not in used and one.core[0] < at + len(part) and at < one.core[1]
            ),
            None,
        )
        used.add(hit)
        yield part, VERDICT[letter], found[hit].result.verdict if hit is not None else None
    for number, one in enumerate(found):
        if number not in used:
            yield statement["text"][one.core[0] : one.core[1]], None, one.result.verdict


def test_the_set_is_what_it_says(capsys):
    languages = [one["lang"] for one in STATEMENTS]
    assert (len(STATEMENTS), languages.count("es"), languages.count("en")) == (85, 55, 30)
    assert (len(POSITIVE), len(NEGATIVE)) == (64, 21)
    assert sum(len(one["expect"]) for one in POSITIVE) == 66


def test_precision_and_recall(judged):
    pairs = [pair for _, told in judged for pair in told]
    right = sum(wanted == found for _, wanted, found in pairs)
    said = sum(found is not None for _, _, found in pairs)
    wanted = sum(wanted is not None for _, wanted, _ in pairs)
    wrong = [pair for pair in pairs if pair[1] != pair[2]]
    assert right / said >= 0.95, wrong
    assert right / wanted >= 0.95, wrong


def test_nothing_is_contradicted_that_is_not_false(judged):
    false = [pair for _, told in judged for pair in told
             if pair[2] == "contradicted" and pair[1] != "contradicted"]  # fmt: skip
    assert not false


def test_hard_negatives_are_met_with_silence(judged):
    assert [pair for one, told in judged if not one["expect"] for pair in told] == []
