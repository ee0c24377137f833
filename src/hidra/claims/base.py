"""What a claim is: a sentence somebody said, a test on data, and what would count against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hidra.claims.attribution import told

Verdict = Literal[
    "supported",
    "partly",
    "not supported",
    "contradicted",
    "not testable with these data",
]
VERDICTS: tuple[Verdict, ...] = (
    "supported",
    "partly",
    "not supported",
    "contradicted",
    "not testable with these data",
)
VERDICTS_ES: Mapping[str, str] = {
    "supported": "se sostiene",
    "partly": "en parte",
    "not supported": "no se sostiene",
    "contradicted": "los datos la contradicen",
    "not testable with these data": "no comprobable con estos datos",
}
KINDS = ("figure", "comparison", "place", "causal", "interpretation")
WORDS = ("exactly", "about", "nearly", "more than", "less than", "range")

Words = Literal["exactly", "about", "nearly", "more than", "less than", "range"]
Rank = Literal["primary", "other"]


@dataclass(frozen=True)
class Stated:
    """A figure as somebody said it.

    Attributes
    ----------
    value : float
        In `unit`; for a range its lower end.
    words : str
        How it was said: one of `WORDS`.
    unit : str
        ``persons``, ``percent``, ``per 100,000``, ``per day``, ``year``, ``truth`` (1 or 0), ...
    place_value : float
        Size of the last digit that was meant: 1,000 for "17,000", 0.1 for "25.6".
    upper : float or None
        Upper end of a range.
    """

    value: float
    words: Words = "exactly"
    unit: str = "persons"
    place_value: float = 1.0
    upper: float | None = None


@dataclass(frozen=True)
class Reading:
    """What one source says of the same thing.

    Attributes
    ----------
    value : float
        In the unit of the statement.
    source : str
        Who counts, in words.
    rank : str
        ``primary``: a primary source read as the sentence reads; ``other``: another base, source,
        concept or period.
    floor : bool
        The series covers only a part: the truth is at least this.
    quoted : bool
        The number is quoted from a press note or report, not computed here.
    room : float
        Share by which a figure on the usual basis is known to run above this one.
    """

    value: float
    source: str
    rank: Rank = "primary"
    floor: bool = False
    quoted: bool = False
    source_es: str = ""
    room: float = 0.0

    def named(self, lang: str) -> str:
        """Return the source in a language."""
        return told(self.source_es or self.source, lang) if lang == "es" else self.source


@dataclass(frozen=True)
class Claim:
    """A claim of the library as its file declares it.

    `test` is one of: ``sql`` (rows of value, source, rank, floor, quoted), ``figure`` (a figure of
    the panel), ``parts`` (several tests), ``design`` (Python), ``untestable`` (a reason).
    """

    id: str
    statement: Mapping[str, str]
    kind: str
    test: Mapping[str, Any]
    said_by: str
    said_in: str
    said_when: str
    where: str
    when: str
    against: Mapping[str, str]
    strength: str
    caveats: Mapping[str, str]
    stated: Stated | None = None
    detect: tuple[tuple[str, ...], ...] = ()
    seed: str = ""


@dataclass(frozen=True)
class Result:
    """The verdict on a claim with the numbers it rests on.

    `why` is keyed by language; `readings` are all sources looked at, the best one first; `strip` is
    the answer of a design asked in other ways: name, en, es, n, estimate, low, high (shares), main.
    """

    claim: str
    verdict: Verdict
    why: Mapping[str, str]
    readings: tuple[Reading, ...] = ()
    ours: float | None = None
    source: str = ""
    vintage: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    strip: tuple[Mapping[str, Any], ...] = ()
