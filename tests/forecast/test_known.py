"""What comes after an origin reaches no fit: neither counts, nor tables, nor what has no date."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hidra.data import reference
from hidra.forecast import course as courses
from hidra.forecast.course import PERSISTENT, memory, variant
from hidra.forecast.history import month
from hidra.model.series import ALL_KNOWN, Known
from hidra.model.system import System

AT = "2016-10"
LATER = {  # columns that say when, and which of their rows came later
    "date": lambda when: when.astype(str).str[:7] > AT,
    "month": lambda when: when.astype(str) > AT,
    "year": lambda when: when > 2014,
    "period": lambda when: when.astype(str).str[-4:].astype(float) >= 2016,
}
GEOGRAPHY = {"place", "border_distance", "place_neighbour", "municipality"}


@pytest.fixture
def otherwise(monkeypatch):
    """Call it, and every built-in table stands as if all had gone otherwise after the origin."""
    whole = reference._frame

    def changed(name):
        frame = whole(name).copy()
        if name in GEOGRAPHY or "m01" in frame:  # counts side by side are cut by the record itself
            return frame
        later = pd.Series(True, frame.index)  # what has no date may all be later
        for column, came in LATER.items():
            if column in frame:
                later = came(frame[column])
        for column in frame.select_dtypes("number").columns.difference(["year"]):
            frame[column] = frame[column].astype(float).mask(later, frame[column] * 3 + 1)
        for column in frame.columns.intersection(["network_node", "event"]):
            frame[column] = frame[column].mask(later, frame[column].iloc[0])
        return frame

    return lambda: monkeypatch.setattr(reference, "_frame", changed)


@pytest.fixture
def otherwise_counts(country):
    """The record with every count after the origin replaced by noise."""
    counts = country.counts.copy()
    later = len(country.until(month(AT)).counts)
    counts[later:] = np.random.default_rng(3).integers(0, 2000, counts[later:].shape)
    return dataclasses.replace(country, counts=counts)


class Looked(Exception):
    """What the engine was given, in the place of its answer."""


@pytest.fixture
def seen(monkeypatch):
    """Every array and number that a course hands to the engine: to fit, or to run on."""

    def look(given, *args, **kwargs):
        if isinstance(given, System):
            given = (given.model, given.driven, given.weeks)
        raise Looked((given, *args), kwargs)

    def call(name, history, where):
        with monkeypatch.context() as patched, pytest.raises(Looked) as caught:
            patched.setattr(where, look)
            courses.course(variant(name), history.until(month(AT)), 3)
        return arrays(caught.value.args)

    return call


def arrays(found):
    """Take models, drivers and records apart into their arrays and numbers."""
    if dataclasses.is_dataclass(found):
        found = [getattr(found, part.name) for part in dataclasses.fields(found)]
    if hasattr(found, "_asdict"):
        found = found._asdict()
    if isinstance(found, dict):
        found = [found[key] for key in sorted(found)]
    if isinstance(found, list | tuple):
        return [leaf for part in found for leaf in arrays(part)]
    return [np.asarray(found)] if hasattr(found, "shape") or isinstance(found, float) else []


@pytest.mark.parametrize("name", ["V3", "V5"])
def test_no_later_value_of_any_table_reaches_the_fit(
    name, country, otherwise, otherwise_counts, seen
):
    one = seen(name, country, "hidra.inference.calibrate.calibrate")
    otherwise()
    other = seen(name, otherwise_counts, "hidra.inference.calibrate.calibrate")
    assert len(one) == len(other) > 20
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_the_upper_bound_does_know_the_ties_of_2020(country, otherwise, otherwise_counts, seen):
    """So the test above would see a leak."""
    one = seen("V5-network", country, "hidra.inference.calibrate.calibrate")
    otherwise()
    other = seen("V5-network", otherwise_counts, "hidra.inference.calibrate.calibrate")
    assert not all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))


def test_means_of_many_years_are_left_out_until_their_cut():
    then, later = Known("2021-10"), Known("2025-08")
    assert then.table("crime_state_mean").empty
    assert then.table("pipeline_state").empty
    assert len(then.table("border_distance")) == 32, "distances do not change"
    assert len(later.table("crime_state_mean")) == 32


def test_a_sector_whose_table_is_not_known_yet_lies_as_people_do():
    from hidra.core.weeks import Weeks
    from hidra.model import series

    weeks = Weeks("2012-07", "2012-07")
    rents = series.rents(weeks, None, Known(AT))
    people = series.population(weeks)[0]
    fuel = rents[0, :, 2]
    np.testing.assert_allclose(fuel / fuel.sum(), people / people.sum())
    assert not np.allclose(series.rents(weeks, None, ALL_KNOWN)[0, :, 2], fuel)


def test_memory_is_measured_on_the_months_before(country, otherwise_counts):
    found = memory(country.until(month(AT)))
    assert found == memory(otherwise_counts.until(month(AT)))
    assert found != memory(country.until(month("2021-10")))
    assert 0 < found["persistence"] <= PERSISTENT
    assert 0 < found["discrepancy_nation"] < found["discrepancy_place"] < 1


def test_memory_finds_the_constants_that_made_the_counts(country):
    """Half years with persistence .8, national shocks of .1 and own ones of .25, few deaths."""
    rng = np.random.default_rng(5)
    halves, places = 400, 32
    logs = np.zeros((halves, places))
    for i in range(1, halves):
        logs[i] = 0.8 * logs[i - 1] + rng.normal(0, 0.1) + rng.normal(0, 0.25, places)
    counts = np.repeat(2000 * np.exp(logs), 6, axis=0)
    found = memory(dataclasses.replace(country, counts=counts))
    assert found["persistence"] == pytest.approx(0.8, abs=0.02)
    assert found["discrepancy_nation"] == pytest.approx(0.11, abs=0.01)
    assert found["discrepancy_place"] == pytest.approx(0.246, abs=0.01)


@pytest.mark.slow  # four fits
def test_no_later_value_changes_the_forecast_along_every_mechanism(
    country, otherwise, otherwise_counts, monkeypatch
):
    from hidra.forecast.means import Hindcasts
    from hidra.forecast.mechanistic import EXPLANATIONS
    from hidra.forecast.model import Ask

    monkeypatch.setattr(courses, "RUNS", 60)
    monkeypatch.setattr(courses, "DRAWS", 8)
    monkeypatch.setattr("hidra.forecast.models.FAMILIES", ("seasonal-ewm2", "regression"))

    def drawn(record):
        history = record.until(month(AT))
        return EXPLANATIONS["V5"].draw(Ask(history, tuple(range(3, 15)), 50, 1, Hindcasts()))

    one = drawn(country)
    otherwise()
    assert np.array_equal(one, drawn(otherwise_counts))
