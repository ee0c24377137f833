"""A forecast of somebody else's: what is read, and that nothing of it is dropped in silence."""

from __future__ import annotations

import pandas as pd
import pytest

from hidra.core.errors import SpecError
from hidra.forecast.own import score

ROW = {"place": "11", "month": "2021-11"}
LEVELS = {"p2.5": 200.0, "p50": 300.0, "p97.5": 400.0}


def scored(rows, **asked):
    return score(pd.DataFrame(rows), measure="inegi_homicides", beside=(), **asked).iloc[0]


def test_levels_of_three_digits_are_those_with_a_point():
    names = dict(zip(LEVELS, ("p025", "p500", "p975"), strict=True))
    told = scored([ROW | LEVELS], origin="2021-10")
    short = scored(
        [ROW | {names.get(n, n).replace("p500", "p50"): v for n, v in LEVELS.items()}],
        origin="2021-10",
    )
    assert told["wis"] == short["wis"]


@pytest.mark.parametrize("name", ["p100", "q1000", "1.0", "p0"])
def test_a_column_that_is_no_level_is_refused_not_dropped(name):
    with pytest.raises(SpecError) as refused:
        scored([ROW | LEVELS | {name: 500.0}], origin="2021-10")
    assert name in refused.value.what or "level" in refused.value.what


def test_an_origin_that_is_not_the_files_is_refused():
    with pytest.raises(SpecError, match="another origin"):
        scored([ROW | LEVELS | {"origin": "2021-09"}], origin="2021-10")


def test_crossing_quantiles_and_holes_name_place_and_month():
    rows = [ROW | {"quantile": q, "value": v} for q, v in ((0.05, 200), (0.5, 150), (0.95, 400))]
    with pytest.raises(SpecError) as refused:
        scored(rows, origin="2021-10")
    assert "11" in refused.value.where and "2021-11" in refused.value.where


def test_an_output_type_that_is_not_read_is_said():
    row = ROW | {"output_type": "sample", "output_type_id": 1, "value": 3}
    with pytest.raises(SpecError, match="output type"):
        scored([row], origin="2021-10")


@pytest.mark.parametrize(
    ("origins", "words"),
    [(1, "one origin carries no verdict"), (2, "too few origins to tell")],
)
def test_few_origins_carry_no_verdict(origins, words):
    rows = [ROW | LEVELS | {"origin": f"2021-{10 - at:02d}"} for at in range(origins)]
    told = score(pd.DataFrame(rows), beside="last-12").set_index("forecast").loc["last-12"]
    assert str(told["words"]) == words
    assert bool(pd.isna(told["gap_low"])) == (origins == 1)
