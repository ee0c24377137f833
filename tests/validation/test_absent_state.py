"""V1 (absent state) against V2 (militarisation): the page is what the program finds, and no more."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))  # the scripts stand beside the package, not in it

from scripts import make_absent_state as script  # noqa: E402


@pytest.mark.parametrize(
    ("low", "high", "says", "verdict"),
    [
        (0.55, 0.8, 1, "supported"),
        (0.55, 0.8, -1, "contradicted"),
        (0.2, 0.45, 1, "contradicted"),
        (0.2, 0.45, -1, "supported"),
        (0.4, 0.8, 1, "not supported"),
    ],
)
def test_the_verdict_follows_from_the_interval_alone(low, high, says, verdict):
    assert script.Found("any", 0.5, low, high, 32, 0.5, says).verdict == verdict


def test_the_area_is_one_half_for_a_coin_and_one_for_the_thing_itself():
    cases = pd.DataFrame({"blockades": [0, 1] * 30, "same": [0, 1] * 30})
    cases["coin"] = np.random.default_rng(5).normal(size=60)
    assert script.area("same", cases, "blockades", "same", 1).low == 1.0
    coin = script.area("coin", cases, "blockades", "coin", 1)
    assert coin.low < 0.5 < coin.high


def test_unknown_forces_are_left_out_and_not_zero():
    states = script.states()
    assert len(states) == 32 and states["forces"].isna().sum() == 1
    assert script.area("forces", states, "blockades", "forces", 1).n == 31


def test_homicides_after_a_removal_need_all_their_months():
    assert np.isnan(script._after("2022-07-15", "25"))
    assert np.isfinite(script._after("2010-07-29", "14"))


def test_the_pages_say_what_the_program_finds():
    tests = script.found()
    for language, path in script.PAGES.items():
        assert (ROOT / path).read_text(encoding="utf-8") == script.page(language, tests), (
            f"{path} is old: python -m scripts.make_absent_state"
        )


@pytest.mark.parametrize(
    ("group", "people", "said"),
    [((0.6, 0.9), (0.6, 0.9), "not told apart"), ((0.6, 0.9), (0.3, 0.7), "as the group does"),
     ((0.3, 0.7), (0.6, 0.9), "does not show")],
)  # fmt: skip
def test_what_goes_with_blockades_is_said_by_the_intervals(group, people, said):
    ends = {"where_group": group, "where_people": people, "where_killed": (0.3, 0.7)}
    by_key = {
        key: script.Found(key, 0.6, *ends.get(key, (0.3, 0.7)), 32, 0.5, 1)
        for key in script.WORDS["en"]["tests"]
    }
    point = script.WORDS["en"]["answer"][0]
    assert said in script._answer(point, by_key, script.WORDS["en"])
