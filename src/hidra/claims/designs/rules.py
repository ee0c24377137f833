"""Estimates, the rules by which they become a verdict, and what a design hands back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from hidra.claims.claim import Verdict
from hidra.claims.words import Text, sentence

LEVEL = 0.10  # intervals cover 90 %
HALF = 1.645  # standard errors on each side of such an interval
RARE = 0.05  # share of random dates that may do as well before chance is the simpler story
Side = Literal["above", "below", "around"]


@dataclass(frozen=True)
class Estimate:
    """A change with its 90 % interval, on the log scale: 0.18 is 20 % more.

    Attributes
    ----------
    name : str
        Estimator and window.
    value, low, high : float
    n : int
        Rows it rests on.
    """

    name: str
    value: float
    low: float
    high: float
    n: int

    @property
    def side(self) -> Side:
        """Where its interval lies: ``above`` zero, ``below`` it, or ``around`` it."""
        return side(self.low, self.high)

    def times(self, unit: float) -> Estimate:
        """Return it per another unit of exposure, `unit` > 0."""
        return Estimate(self.name, unit * self.value, unit * self.low, unit * self.high, self.n)


@dataclass(frozen=True)
class Found:
    """A design's verdict with its numbers.

    Attributes
    ----------
    verdict : str
        One of `hidra.claims.claim.VERDICTS`.
    why : mapping
        One sentence by language (``es``, ``en``), made from the numbers.
    ours : float or None
        The number the verdict rests on, and its `source`.
    figures : mapping
        Every number by name: float, int, (low, high), (value, low, high) or a mapping of these.
    strip : sequence of mapping
        The answer asked in other ways: name, en, es, n, estimate, low, high (shares), main.
    """

    verdict: Verdict
    why: Mapping[str, str]
    ours: float | None = None
    source: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    strip: Sequence[Mapping[str, Any]] = ()


def side(low: float, high: float, zero: float = 0.0) -> Side:
    """Return where an interval lies from `zero`: ``above``, ``below`` or ``around`` it."""
    return "above" if low > zero else "below" if high < zero else "around"


def normal(name: str, value: float, error: float, n: int) -> Estimate:
    """Return an estimate with the 90 % interval of its standard error."""
    return Estimate(name, value, value - HALF * error, value + HALF * error, n)


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
        Share of random dates (or of random places) with a rise at least as large as the main
        one; nan where none were drawn. Beyond `LEVEL` the others count for nothing where the main
        estimate is not told apart from no change.
    leads : sequence of Estimate
        Months before the event, against those just before it.
    """
    if any(one.side != "around" for one in leads):
        return "not testable with these data"
    agree = [one.side == "above" for one in others] or [False]
    if main.side == "below":
        return "contradicted"
    if main.side == "above" and np.mean(agree) > 0.5 and placebo <= RARE:
        return "supported"
    chance = placebo > LEVEL  # what random dates do as often is no sign of anything
    some = main.side == "above" or (any(agree) and not chance) or placebo <= RARE
    return "partly" if some else "not supported"


def as_published(ours: Estimate, published: float, placebo: float) -> Verdict:
    """Return the verdict on a published rise (log scale) from our interval of the same window.

    supported: ours leaves out zero, holds the published one and is rare at random dates; partly: it
    leaves out zero on the same side, or holds the published one; contradicted: it leaves out zero
    on the other side; else not supported.
    """
    holds = ours.low <= published <= ours.high
    if ours.side == "around":
        return "partly" if holds else "not supported"
    if ours.side != side(published, published):
        return "contradicted"
    return "supported" if holds and placebo <= RARE else "partly"


def share(log: float) -> float:
    """Return a change on the log scale as percent."""
    return float(100 * np.expm1(log))


def shares(one: Estimate) -> tuple[float, float, float]:
    """Return an estimate and the ends of its interval as percent."""
    return share(one.value), share(one.low), share(one.high)


def effect(where: Side) -> Text:
    """Return in words what an interval shows: a rise, a fall, or neither told apart."""
    return sentence(f"effect_{where}")


def change(one: Estimate) -> Text:
    """Return an estimate on the log scale in words: percent, interval, and what it shows."""
    value, low, high = shares(one)
    return sentence("change", value=value, low=low, high=high, effect=effect(one.side))


def rarity(placebo: float) -> Text:
    """Return in words whether random dates or places do as well too often."""
    return sentence("rare" if placebo <= RARE else "not_rare")


def beside(low: float, high: float, published: float) -> Text:
    """Return in words where an interval lies from a published figure, on one scale."""
    return sentence(f"published_{side(low, high, published)}")


def before(leads: Sequence[Estimate]) -> Text:
    """Return in words whether the places were on another path before."""
    off = [one for one in leads if one.side != "around"]
    conclusion = sentence("path_other" if off else "path_same")
    if not leads:
        return sentence("before_unseen")
    if len(leads) == 1:
        return sentence("before_one", change=change(leads[0]), conclusion=conclusion)
    return sentence("before", off=len(off), n=len(leads), conclusion=conclusion)
