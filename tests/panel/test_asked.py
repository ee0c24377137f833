"""What Python asks of the panel: places and months as pandas users hold them, nothing in silence."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest

import hidra
from hidra.core.errors import SpecError
from hidra.data import panel
from hidra.forecast import known_at

MEASURE = "inegi_homicides"
JANUARY = [
    "2010-01",
    "2010-01-31",
    datetime.date(2010, 1, 31),
    pd.Timestamp("2010-01-31"),
    pd.Period("2010-01"),
    np.datetime64("2010-01"),
]


@pytest.mark.parametrize("month", JANUARY, ids=repr)
def test_months_are_asked_for_as_they_are_held(month):
    rows = hidra.panel(MEASURE, places="09", start=month, end=month)
    assert rows["month"].tolist() == [pd.Timestamp("2010-01-01")]
    known = hidra.panel(MEASURE, places="09", as_of=month)
    assert known["month"].max() == pd.Timestamp("2010-01-01")
    assert hidra.Scenario(start=month).start == "2010-01"
    assert str(known_at(month, MEASURE, "state").origin) == "2010-01"
    assert hidra.plot("09", start=month).to_dict()


@pytest.mark.parametrize(
    "places",
    [
        ["09", "14"],
        ["CDMX", "Jalisco"],
        (9, 14),
        {"09", "14"},
        np.array(["09", "14"]),
        np.array([9, 14]),
        pd.Series(["Jalisco", "09"]),
        pd.Index([9.0, 14.0]),
    ],
    ids=lambda given: type(given).__name__,
)
def test_places_are_asked_for_as_they_are_held(places):
    rows = hidra.panel(MEASURE, places=places, start="2010-01", end="2010-01")
    assert rows["place"].tolist() == ["09", "14"]


def test_a_measure_is_asked_for_as_it_is_held():
    rows = hidra.panel(pd.Series([MEASURE, "population"]), places=9, start="2010-01", end="2010-01")
    assert set(rows["measure"]) == {MEASURE, "population"}


@pytest.mark.parametrize("code", ["99999", "45", 45, "09500", ["09", "99999"]], ids=repr)
@pytest.mark.parametrize("measure", [None, MEASURE])
def test_a_code_that_no_place_has_is_refused(code, measure):
    with pytest.raises(SpecError, match="is not the code of a state or a municipality"):
        hidra.panel(measure, places=code)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"places": "00"}, f"no row of {MEASURE} for 00(.|\n)*There are rows by state"),
        ({"places": ["09", "08037"]}, "for 08037(.|\n)*fetch"),
        ({"level": "nation"}, "for nation(.|\n)*There are rows by state"),
        ({"level": ["state"]}, "There is no level"),
        ({"source": ["x"]}, "There is no source"),
        ({"places": []}, "No place is named"),
        ({"start": "2015-01", "end": "2010-01"}, "comes before the start"),
        ({"start": 2010}, "where: start"),
        ({"end": "2100-12"}, "1900-01 to 2099-12"),
        ({"as_of": "2015-02-31"}, "neither a date nor the digest"),
    ],
    ids=repr,
)
def test_what_has_no_answer_is_refused_with_what_to_ask(asked, words):
    with pytest.raises(SpecError, match=words):
        hidra.panel(MEASURE, **asked)


def test_months_without_a_figure_are_no_error():
    assert hidra.panel(MEASURE, places="09", start="2090-01").empty
    assert panel.rows(MEASURE, level="nation").empty  # programs look for themselves


def test_a_month_is_known_when_it_has_ended():
    for day, last in (("2020-01-01", "2019-12-01"), ("2020-01-31", "2020-01-01"),
                      ("2020-02-29", "2020-02-01"), ("2020-02", "2020-02-01")):  # fmt: skip
        assert hidra.panel(MEASURE, as_of=day)["month"].max() == pd.Timestamp(last)
    with pytest.raises(SpecError, match="No measure is named"):
        hidra.panel([])


def test_a_year_is_a_date_to_look_back_from():
    assert hidra.panel(MEASURE, as_of=2015)["month"].max() == pd.Timestamp("2015-12-01")
    assert hidra.panel(MEASURE, as_of="2015")["month"].max() == pd.Timestamp("2015-12-01")
