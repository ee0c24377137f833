from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hidra.forecast.history import History, month, record
from hidra.forecast.means import Hindcasts
from hidra.forecast.model import Ask


@pytest.fixture(autouse=True)
def folder(tmp_path_factory, monkeypatch):
    """An empty data folder for every test."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HIDRA_HOME", str(home))
    monkeypatch.setenv("HIDRA_LANG", "en")
    return home


@pytest.fixture(scope="session")
def country() -> History:
    return record("inegi_homicides", "state")


@pytest.fixture(scope="session")
def homicides(country) -> History:
    """Eight states since 2011: everything a forecast does, in seconds."""
    chosen = ("02", "05", "08", "11", "19", "25", "26", "28")
    kept = [country.places.index(code) for code in chosen]
    first = np.datetime64("2011-01", "M")
    since = (first - country.first).astype(int)
    return dataclasses.replace(
        country, places=chosen, first=first, counts=country.counts[since:, kept]
    )


@pytest.fixture(scope="session")
def hindcasts() -> Hindcasts:
    return Hindcasts()


@pytest.fixture
def ask(homicides, hindcasts):
    """A request at an origin; anything else may be replaced."""

    def build(origin: str, **changes) -> Ask:
        asked = Ask(homicides, tuple(range(1, 15)), 200, 1, hindcasts).at(month(origin))
        return dataclasses.replace(asked, **changes)

    return build


@pytest.fixture
def noise_after(homicides):
    """The record with every value after an origin replaced by noise."""

    def disturbed(origin: str) -> History:
        counts = homicides.counts.copy()
        later = len(homicides.until(month(origin)).counts)
        rng = np.random.default_rng(3)
        counts[later:] = rng.integers(0, 2000, counts[later:].shape)
        return dataclasses.replace(homicides, counts=counts)

    return disturbed
