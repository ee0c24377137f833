"""G9 as a prior check, untuned: where the end of the ban acts. Its size is published, not asserted."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from hidra.core.weeks import Weeks
from hidra.model.series import ALL_KNOWN, border, population, states

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from scripts.check_arms import OPEN_BORDER, excess


@pytest.fixture(scope="module")
def found():
    return excess(4)


def test_the_end_of_the_ban_kills_more_where_supply_grew_and_nowhere_else(found):
    places = list(states())
    assert (found.sum(axis=1) > 0).all()
    # whoever crosses there meets California's own ban; members do not move in this check
    assert np.abs(found[:, places.index("02")]).max() < 1e-3 * found.sum(axis=1).max()


def test_the_excess_is_concentrated_near_the_open_border(found):
    places = list(states())
    people = population(Weeks("2006-07", "2006-07"))[0]
    rows = [places.index(code) for code in OPEN_BORDER]
    near = found[:, rows].sum() / people[rows].sum()
    assert near > 2 * found.sum() / people.sum()
    near = border(None, None, ALL_KNOWN)
    rest = [row for row, code in enumerate(places) if code not in (*OPEN_BORDER, "02")]
    assert near[rows].min() > near[rest].max()  # by land, Baja California apart
