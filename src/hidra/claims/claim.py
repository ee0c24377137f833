"""What a claim is: a sentence somebody said, a test on data, and what would count against it.

The library holds one small file per claim; a user's own file is read the same way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from hidra.claims.words import attributed
from hidra.core import yaml
from hidra.core.errors import BadValueError, unknown
from hidra.core.i18n import Language, Message, _, translate
from hidra.core.param import Number

Verdict = Literal[
    "supported",
    "partly",
    "not supported",
    "contradicted",
    "not testable with these data",
]
Failure = Literal["error in the test", "not run: needs an extra"]
Kind = Literal["figure", "comparison", "place", "causal", "interpretation"]
Words = Literal["exactly", "about", "nearly", "more than", "less than", "range", "between"]
Rank = Literal["primary", "other"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
OUTCOMES: tuple[str, ...] = (*VERDICTS, *get_args(Failure))  # what a run of a claim can end in
KINDS: tuple[Kind, ...] = get_args(Kind)
WORDS: tuple[Words, ...] = get_args(Words)


@dataclass(frozen=True)
class Stated:
    """A figure as somebody said it.

    Attributes
    ----------
    value : float
        In `unit`; for a range its lower end.
    words : str
        How it was said: one of `WORDS`; ``range`` ends where it says, ``between`` at the precision
        of its two ends.
    unit : str
        ``persons``, ``percent``, ``per 100,000``, ``per day``, ``year``, ``truth`` (1 or 0), ...
    place_value : float
        Size of the last digit that was meant: 1,000 for "17,000", 0.1 for "25.6".
    upper : float or None
        Upper end of a range.
    """

    value: Number
    words: Words = "exactly"
    unit: str = "persons"
    place_value: Number = 1.0
    upper: Number | None = None


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

    def __post_init__(self) -> None:
        """Keep the Spanish of a source that is a message: results are stored as plain JSON."""
        if isinstance(self.source, Message) and not self.source_es:
            object.__setattr__(self, "source_es", translate(self.source, "es"))

    def named(self, lang: Language) -> str:
        """Return the source in a language."""
        return attributed(self.source_es or self.source, lang) if lang == "es" else self.source


@dataclass(frozen=True)
class Claim:
    """A claim as its file declares it.

    `test` is one of: ``sql`` (rows of value, source, rank, floor, quoted), ``figure`` (a figure of
    the panel), ``parts`` (several tests), ``design`` (a name, or a Python file beside the claim's),
    ``untestable`` (a reason). `folder` is where the file of a user's own claim lies.
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
    folder: Path | None = None

    @property
    def unit(self) -> str:
        """Unit of what is read: of the figure as said, or of the parts that state one."""
        of = [one["stated"].get("unit", "persons") for one in self.test.get("parts", ())
              if "stated" in one]  # fmt: skip
        return self.stated.unit if self.stated else of[0] if len(set(of)) == 1 else ""


@dataclass(frozen=True)
class Result:
    """The verdict on a claim with the numbers it rests on.

    `verdict` is one of `OUTCOMES`: a test that failed or was not run has no verdict and says so,
    with the `trace` of its error. `why` is keyed by language; `readings` are all sources looked at,
    the best one first; `strip` is the answer of a design asked in other ways: name, en, es, n,
    estimate, low, high (shares), main.
    """

    claim: str
    verdict: Verdict | Failure
    why: Mapping[str, str]
    readings: tuple[Reading, ...] = ()
    ours: float | None = None
    source: str = ""
    vintage: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    strip: tuple[Mapping[str, Any], ...] = ()
    trace: str = ""
    exit_code: int = 0

    @property
    def judged(self) -> bool:
        """Whether the test was run to its end, so that `verdict` is a verdict."""
        return self.verdict in VERDICTS


@cache
def claims() -> tuple[Claim, ...]:
    """Return every claim of the library in order of id."""
    folder = files("hidra") / "claims" / "library"
    found = [
        read(item.read_text(encoding="utf-8"), item.name)
        for item in folder.iterdir()
        if item.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda claim: claim.id))


def claim(name: str) -> Claim:
    """Return the claim of that id, or the claim in a file of the user's.

    Raises
    ------
    SpecError
        No claim has that id, or the file does not declare one.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        return read(yaml.text(path), name, path.absolute().parent)
    by_id = {one.id: one for one in claims()}
    if name not in by_id:
        raise unknown(_("claim"), name, by_id, where="hidra claims")
    return by_id[name]


def read(text: str, where: str, folder: Path | None = None) -> Claim:
    """Read one claim from the text of its file.

    Raises
    ------
    SpecError
        The text is not YAML, or keys are missing, unknown or wrong.
    """
    found = yaml.read(text, where, see="`hidra claims new FILE`")
    try:
        entry = _Entry.model_validate(found.value)
    except ValidationError as error:
        raise yaml.explained(error, _Entry, found) from None
    told = entry.model_dump(exclude={"stated", "test"})
    test = entry.test.model_dump(exclude_none=True)
    return Claim(**told, test=test, stated=entry.stated, folder=folder)


class _Closed(BaseModel):
    """A part of a claim's file: keys that it does not know are refused; a number may be words."""

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)


class _Both(_Closed):
    es: str
    en: str


class _Part(_Closed):
    what: _Both
    stated: Stated | None = None
    sql: str | None = None
    figure: dict[str, Any] | None = None
    untestable: _Both | None = None

    @model_validator(mode="after")
    def _one(self) -> _Part:
        if self.untestable is None and (self.stated is None or not (self.sql or self.figure)):
            raise BadValueError(
                _("A part of a test needs 'stated', and 'sql' or 'figure'."),
                _("Or say under 'untestable' why no data can tell."),
            )
        return self


class _Test(_Closed):
    sql: str | None = None
    figure: dict[str, Any] | None = None
    parts: tuple[_Part, ...] | None = None
    design: str | None = None
    untestable: _Both | None = None

    @model_validator(mode="after")
    def _one(self) -> _Test:
        if all(value is None for value in vars(self).values()):
            tests = ", ".join(type(self).model_fields)
            raise BadValueError(
                _("A claim's test is one of: {tests}.", tests=tests),
                _("`hidra claims new FILE` writes one to start from."),
            )
        return self


class _Entry(_Closed):
    id: str
    statement: _Both
    kind: Kind
    test: _Test
    said_by: str
    said_in: str
    said_when: str
    where: str
    when: str
    against: _Both
    strength: str
    caveats: _Both
    stated: Stated | None = None
    detect: tuple[tuple[str, ...], ...] = ()
    seed: str = ""
