"""Scenarios: a name, a start month, and what differs from no change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hidra.errors import unknown
from hidra.model import POLICIES
from hidra.simulate import Policy
from hidra.weeks import Weeks

NO_CHANGE = "no_change"


@dataclass(frozen=True)
class Intervention:
    """What a scenario changes from `start` on.

    Attributes
    ----------
    start : first month, ``YYYY-MM``.
    change : rate -> factor. dose : rate -> persons per week, as the flow stood at the start.
    """

    start: str
    change: Mapping[str, float] = field(default_factory=dict)
    dose: Mapping[str, float] = field(default_factory=dict)


def policies(scenarios: Mapping[str, Intervention], weeks: Weeks) -> dict[str, Policy]:
    """Return the weekly policy of each scenario and of ``no_change``, which comes first.

    All have the same shape, factors of one and doses of zero included, so that one compiled model
    serves them all and ``no_change`` is computed like the rest.
    """
    for name, wanted in scenarios.items():
        for rate in (*wanted.change, *wanted.dose):
            if rate not in POLICIES:
                raise unknown("rate", rate, POLICIES, where=f"scenario '{name}'")
    changed = sorted({rate for s in scenarios.values() for rate in s.change})
    dosed = sorted({rate for s in scenarios.values() for rate in s.dose})
    nothing = Intervention(str(weeks.months[-1])[:7])
    count = len(weeks.first_days)
    found = {}
    for name, wanted in {NO_CHANGE: nothing, **scenarios}.items():
        later = np.arange(count) >= weeks.from_month(wanted.start)
        found[name] = Policy(
            change={r: np.where(later, wanted.change.get(r, 1.0), 1.0) for r in changed},
            dose={r: np.where(later, wanted.dose.get(r, 0.0), 0.0) for r in dosed},
        )
    return found
