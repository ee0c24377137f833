"""The rule by which estimates become a verdict, and what a design hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hidra.claims.base import Verdict
from hidra.claims.designs.event import Estimate

RARE = 0.05  # share of random dates that may do as well before chance is the simpler story


@dataclass(frozen=True)
class Found:
    """A design's verdict with its numbers; `strip` is the answer asked in other ways."""

    verdict: Verdict
    why: Mapping[str, str]
    ours: float | None = None
    source: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    strip: Sequence[Mapping[str, Any]] = ()


def by_rule(
    main: Estimate, others: Sequence[Estimate], placebo: float, leads: Sequence[Estimate]
) -> Verdict:
    """Return the verdict on "it rises" from estimates on the log scale.

    Parameters
    ----------
    main : Estimate
        The estimate named before looking: Poisson fixed effects, months 0 to 5.
    others : sequence of Estimate
        The same window by other estimators, and other windows and units.
    placebo : float
        Share of random dates (or of random places) with a rise at least as large.
    leads : sequence of Estimate
        Months before the event, against those just before it.
    """
    if any(one.low > 0 or one.high < 0 for one in leads):
        return "not testable with these data"
    agree = [one.low > 0 for one in others]
    if main.high < 0:
        return "contradicted"
    if main.low > 0 and np.mean(agree) > 0.5 and placebo <= RARE:
        return "supported"
    return "partly" if main.low > 0 or any(agree) or placebo <= RARE else "not supported"


def as_published(ours: Estimate, published: float, placebo: float) -> Verdict:
    """Return the verdict on a published rise (log scale) from our interval of the same window.

    supported: ours leaves out zero, holds the published one and is rare at random dates; partly: it
    leaves out zero on the same side, or holds the published one; contradicted: it leaves out zero
    on the other side; else not supported.
    """
    holds = ours.low <= published <= ours.high
    if np.sign(published) * (ours.low if published > 0 else ours.high) > 0:
        return "supported" if holds and placebo <= RARE else "partly"
    if ours.high < 0 < published or ours.low > 0 > published:
        return "contradicted"
    return "partly" if holds else "not supported"


def share(log: float) -> float:
    """Return a change on the log scale as percent."""
    return float(100 * np.expm1(log))


def shares(one: Estimate) -> tuple[float, float, float]:
    """Return an estimate and the ends of its interval as percent."""
    return share(one.value), share(one.low), share(one.high)
