"""Weeks are counted into months day by day, and nothing is lost on the way."""

import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.core.errors import SpecError
from hidra.core.weeks import Weeks, day, month, month_after, months, months_between

DECADE = Weeks("2012-01", "2021-12")


def test_days_of_february_in_a_leap_year():
    assert DECADE.days[1] == 29
    assert DECADE.days[13] == 28
    assert DECADE.days.sum() == 3653


def test_a_steady_flow_gives_each_month_its_days():
    monthly = DECADE.share() @ np.full(len(DECADE.first_days), 7.0)
    np.testing.assert_allclose(monthly, DECADE.days)


def test_the_mean_of_a_constant_stock_is_the_constant():
    np.testing.assert_allclose(DECADE.mean() @ np.full(len(DECADE.first_days), 5.0), 5.0)


@given(
    st.dates(
        min_value=np.datetime64("2012-01-01").item(), max_value=np.datetime64("2021-12-31").item()
    )
)
def test_every_day_lies_in_the_week_found_for_it(day):
    first = DECADE.first_days[DECADE.week_of(day.isoformat())]
    assert first <= np.datetime64(day) < first + 7


def test_a_day_outside_the_study_has_no_week():
    assert DECADE.week_of("2011-12-31") is None
    assert DECADE.week_of("2026-02-22") is None


def test_a_scenario_begins_with_the_first_whole_week_of_its_month():
    week = DECADE.from_month("2020-02")
    assert str(DECADE.first_days[week])[:7] == "2020-02"
    assert str(DECADE.first_days[week - 1])[:7] == "2020-01"


def test_months_are_counted_across_years():
    assert month_after("2019-12") == "2020-01" and month_after("2020-01", -13) == "2018-12"
    assert months("2019-10", "2020-04", 3) == ("2019-10", "2020-01", "2020-04")
    assert months_between("2019-11", "2020-02") == 3 == len(months("2019-11", "2020-02")) - 1


@pytest.mark.parametrize(
    ("told", "right"),
    [
        ("2024-02", "2024-02"),
        ("2024-02-29", "2024-02-29"),
        (datetime.date(2024, 2, 29), "2024-02-29"),
        (datetime.datetime(2024, 2, 29, 23, 59), "2024-02-29"),
        (pd.Timestamp("2024-02-29"), "2024-02-29"),
        (pd.Timestamp("2024-02-29", tz="America/Mexico_City"), "2024-02-29"),
        (pd.Period("2024-02"), "2024-02"),
        (pd.Period("2024-02-29", "D"), "2024-02-29"),
        (np.datetime64("2024-02"), "2024-02"),
        (np.datetime64("2024-02-29T12:00"), "2024-02-29"),
    ],
)
def test_a_month_is_taken_as_pandas_and_python_keep_it(told, right):
    assert day(told) == right
    assert month(told) == right[:7] == "2024-02"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (2024, "'2024' is not a month"),
        (None, "'None' is not a month"),
        (pd.NaT, "'NaT' is not a month"),
        (pd.Period("2024Q1"), "'2024Q1' is not a month"),
        ("2024-13", "Did you mean 2024-12"),
        ("2024-2", "Did you mean 2024-02"),
        ("2023-02-29", "There is no day 2023-02-29"),
        ("2024-02 or so", "is not a month"),
        ("2100-12", "from 1900-01 to 2099-12"),
        (pd.Timestamp("1821-09-27"), "from 1900-01 to 2099-12"),
    ],
)
def test_what_is_no_month_is_refused_with_what_to_write(told, words):
    with pytest.raises(SpecError, match=words) as refused:
        month(told, "start")
    assert refused.value.where == "start"
