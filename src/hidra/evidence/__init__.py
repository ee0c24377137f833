"""Published natural experiments, run again inside the model, and what they say of its sizes.

The bank of studies holds one published effect a file. A study is ``bank/ID.yaml``, or a file of
one's own in the same form: what was found, with its interval and how it was read; what it is used
for; and the experiment that repeats it, two arms of one simulation that differ in what the study
says differed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator, model_validator

from hidra import Room
from hidra.core import yaml
from hidra.core.errors import unknown
from hidra.core.i18n import _
from hidra.core.yaml import Closed
from hidra.scenario import Month, Scenario, Text

if TYPE_CHECKING:
    import pandas as pd

PAGE = "docs/en/how-to/add-a-study.md"
NATION = "00"
KILLED = ("homicides", "member_deaths")
#: Words of the keys, for who reads them.
WORDS = (
    _("table"), _("abstract"), _("second hand"), _("own"), _("fit"), _("kept out"), _("shown"),
    _("ratio"), _("persons a year"), _("persons"), _("events"),
)  # fmt: skip
Kind = Literal["all", "killed", "captured"]
At = Literal["municipality", "rest of the state", "state"]
As = Literal["ratio", "event_ratio", "difference", "per_year", "per_event", "per_point"]


class Published(Closed):
    """What a study found: a value between `low` and `high`, the interval it gives or we assume."""

    value: float
    low: float
    high: float

    @model_validator(mode="after")
    def _ordered(self) -> Published:
        if not self.low <= self.value <= self.high:
            raise ValueError("low, value and high are not in order")
        return self


class Before(Closed):
    """What the model gave before it had the mechanisms and sizes of now; None if not measured."""

    value: float | None
    note: Text


class Look(Closed):
    """What is read off the two arms.

    Attributes
    ----------
    measure : ``homicides``, a flow of members, or what a mechanism counts.
    places : codes of states, ``00`` the nation; `against` ``others``: relative to all other states.
    months : first and last, ``YYYY-MM``; or, with `events`, months after each removal.
    events, at : removals of that kind, and where they are looked at.
    by : driver by place, for ``per_point``.
    as_ : ``ratio`` of sums with over without. ``event_ratio``: for each arm, sums after the
        removals over those of the six months before, against the nation; then with over without.
        ``difference`` of sums, ``per_year``, ``per_event`` (removals in the months). ``per_point``:
        ratio for each hundredth more of `by`, by the slope over the states.
    """

    measure: str
    places: tuple[str, ...] = ()
    against: Literal["others"] | None = None
    months: tuple[int, int] | tuple[Month, Month]
    events: Kind | None = None
    at: At | None = None
    by: str | None = None
    as_: Annotated[As, Field(alias="as")]

    @model_validator(mode="after")
    def _whole(self) -> Look:
        if (self.events is None) == (not self.places):
            raise ValueError("give either `places` or `events` with `at`")
        if (self.events is None) != (self.at is None) or isinstance(self.months[0], int) != (
            self.events is not None
        ):
            raise ValueError("`events` need `at`, and months as numbers after the removal")
        return self

    @property
    def neutral(self) -> float:
        """What it is where nothing differs."""
        return 1.0 if self.as_ in ("ratio", "event_ratio", "per_point") else 0.0


class Experiment(Closed):
    """Two arms of one simulation, the same until the month `from`.

    Attributes
    ----------
    until : last month of records, after which groups may split; `end` if not given.
    with_, without : what differs, as in a scenario; nothing where empty.
    look, control : the effect, and what must not move.
    parameters : full names of those it speaks to.
    """

    space: Literal["states", "municipalities"] = "states"
    mechanisms: tuple[str, ...]
    start: Month
    until: Month | None = None
    end: Month
    from_: Annotated[Month, Field(alias="from")]
    with_: Annotated[dict[str, Any], Field(alias="with", default_factory=dict)]
    without: dict[str, Any] = Field(default_factory=dict)
    look: Look
    control: Look
    parameters: tuple[str, ...] = ()

    @field_validator("with_", "without")
    @classmethod
    def _scenario(cls, given: dict[str, Any]) -> dict[str, Any]:
        Scenario(start="2000-01", **given)
        return given

    @property
    def arms(self) -> dict[str, Scenario]:
        """The two arms."""
        given = {"with": self.with_, "without": self.without}
        return {name: Scenario(start=self.from_, **one) for name, one in given.items()}

    @cached_property
    def simulated(self) -> dict[str, Any]:
        """All that a simulation depends on: studies that agree in it share one."""
        return self.model_dump(exclude={"look", "control", "parameters"})


class Study(Closed):
    """One published effect.

    Attributes
    ----------
    read : how it was read. interval : where `low` and `high` come from.
    before : what the model gave once. remark : why it misses, or why its control moves.
    use : ``fit``: it sets sizes. ``kept out``: named before the fit, to judge it. ``shown`` only.
    no_experiment : why there is none.
    """

    id: str
    title: Text
    study: str
    address: str
    read: Literal["table", "abstract", "second hand", "own"]
    estimand: Text
    published: Published
    interval: Text
    before: Before | None = None
    remark: Text | None = None
    unit: str
    use: Literal["fit", "kept out", "shown"]
    experiment: Experiment | None = None
    no_experiment: Text | None = None

    @model_validator(mode="after")
    def _either(self) -> Study:
        if (self.experiment is None) == (self.no_experiment is None):
            raise ValueError("give either `experiment` or `no_experiment`")
        return self

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Names of the mechanisms it speaks to."""
        return self.experiment.mechanisms if self.experiment else ()


def read(path: Path) -> Study:
    """Read a study from a file; its id is the name of the file.

    Raises
    ------
    SpecError
        It cannot be read, or a key is missing, unknown or of another kind; it is named.
    """
    found = yaml.load(path, see=PAGE)
    try:
        return Study.model_validate({"id": path.stem, **found.value})
    except ValidationError as error:
        raise yaml.explained(error, Study, found) from None


def bank(*own: Path) -> dict[str, Study]:
    """Return the studies by id: those of the package, and files of one's own."""
    return {study.id: study for study in (*_package(), *map(read, own))}


@cache
def _package() -> tuple[Study, ...]:
    folder = Path(str(resources.files("hidra.evidence"))) / "bank"
    return tuple(read(path) for path in sorted(folder.glob("*.yaml")))


def find(names: tuple[str, ...], known: dict[str, Study]) -> list[Study]:
    """Return studies by id, all of them where none is named; a name that is not there is told."""
    for name in names:
        if name not in known:
            raise unknown(_("study"), name, known, where="evidence")
    return [known[name] for name in names or known]


@cache
def setting(mechanism: str) -> tuple[str, ...]:
    """Return the ids of the studies that set how many die by a mechanism."""
    return tuple(
        study.id
        for study in bank().values()
        if study.use == "fit" and study.experiment and study.experiment.look.measure in KILLED
        and any(name.startswith(f"{mechanism}.") for name in study.experiment.parameters)
    )  # fmt: skip


def basis(mechanisms: Iterable[str]) -> str:
    """Say how many studies set the size of mechanisms; of several, the least of them."""
    least = min((len(setting(name)) for name in mechanisms), default=0)
    if not least:
        return _("assumed: no study sets its size")
    return _("set by one study") if least == 1 else _("set by {n} studies", n=least)


def grade(mechanism: str) -> str:
    """Return the grade of a mechanism by rule: strong from two studies on, contested with one."""
    return ("assumed", "contested", "strong")[min(len(setting(mechanism)), 2)]


def ask(*names: str) -> pd.DataFrame:
    """Return the bank of published natural experiments: what each found, what it is used for.

    Parameters
    ----------
    names : ids of studies; all where none is named.

    Returns
    -------
    pandas.DataFrame
        ``id, title, found, low, high, unit, use, mechanisms, study, address``.

    Raises
    ------
    SpecError
        There is no such study.
    """
    import pandas as pd

    rows = [
        {
            "id": one.id, "title": one.title.en, "found": one.published.value,
            "low": one.published.low, "high": one.published.high, "unit": one.unit,
            "use": one.use, "mechanisms": ", ".join(one.mechanisms), "study": one.study,
            "address": one.address,
        }
        for one in find(names, bank())
    ]  # fmt: skip
    return pd.DataFrame(rows)


sys.modules[__name__].__class__ = Room
