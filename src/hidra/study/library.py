"""Scenarios ready to use: one small file each, with words, essay paragraphs, stance and caveat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from hidra import evidence
from hidra.core import yaml
from hidra.core.errors import SourceError, SpecError, unknown
from hidra.core.i18n import _, bilingual
from hidra.scenario import Scenario, Text

if TYPE_CHECKING:
    import pandas as pd

START = "2027-01"  # of the library, and of equal doses
FROM_LIBRARY = "library"  # what a study writes for a scenario to be taken from here
DOSED = {  # what a dose of so many persons a week does that lowers the number of members
    "recruitment": (-1, _("fewer people recruited per week")),
    "enforcement": (1, _("more people arrested per week")),
    "saturation": (1, _("more people leaving per week")),
}
#: Scenarios that a reader finds simulated already, and what they come to.
READY = ("fewer_arms", "half_recruitment", "no_removals", "decent_work")
KEPT = Path(__file__).with_name("ready.csv")  # scripts/make_ready.py
GRADES = ("strong", "contested", "assumed")  # from the best evidence to the weakest


class Ready(Scenario):
    """A scenario of the library.

    Attributes
    ----------
    words : one paragraph. caveat : what it leaves out.
    essays : code of the essay -> paragraphs that speak of it.
    stance : whether the essays reject it, propose it, or neither.
    """

    title: Text
    words: Text
    essays: dict[Literal["000", "001"], tuple[int, ...]]
    stance: Literal["rejected", "proposed", "neither"]
    caveat: Text

    @property
    def paragraphs(self) -> str:
        """The essay paragraphs, as ``[000] 4, 6; [001] 6``."""
        return "; ".join(
            f"[{essay}] {', '.join(map(str, numbers))}" for essay, numbers in self.essays.items()
        )

    @property
    def mechanisms(self) -> tuple[str, ...]:
        """Mechanisms it acts on; none where it acts on rates of the core alone."""
        from hidra.model.mechanisms import package

        names = {*self.change, *self.set}
        found = [
            m.name
            for m in package().values()
            if m.name in self.off
            or names & {*m.drivers}
            or any(n.startswith(f"{m.name}.") for n in names)
        ]
        return tuple(sorted(found))

    @property
    def grade(self) -> str:
        """The weakest evidence among what it acts on, by the bank of studies.

        Rates of the core are contested: one published model, and no experiment of their size.
        """
        grades = [evidence.grade(name) for name in self.mechanisms] or ["contested"]
        return max(grades, key=GRADES.index)

    @property
    def basis(self) -> str:
        """What set the size of what it acts on, in words."""
        if not self.mechanisms:
            return _("of the published model: no experiment sets its size")
        return evidence.basis(self.mechanisms)

    def scenario(self) -> dict[str, Any]:
        """Return what of it stands in a study, as plain values."""
        return self.model_dump(mode="json", include={*Scenario.model_fields})


@cache
def library() -> dict[str, Ready]:
    """Return the scenarios of the library by name.

    Raises
    ------
    SourceError
        The library is missing. SpecError : a file of it is broken.
    """
    found = {path.stem: _read(path) for path in sorted(folder().glob("*.yaml"))}
    # what no experiment supports comes last
    return dict(sorted(found.items(), key=lambda one: GRADES.index(one[1].grade)))


def ready() -> pd.DataFrame:
    """Return the table of ``hidra.run.projection.ready`` that comes with hidra."""
    import pandas as pd

    return pd.read_csv(KEPT, dtype={"year": "Int64"})


def _read(path: Path) -> Ready:
    found = yaml.load(path)
    try:
        return Ready.model_validate(found.value)
    except ValidationError as error:
        raise yaml.explained(error, Ready, found) from None


def read(path: Path) -> Scenario:
    """Read a user's file with one scenario: the keys of a scenario, or all of the library.

    Raises
    ------
    SpecError
        With file, line and key of what is wrong.
    """
    found = yaml.load(path)
    try:
        return of(found.value)
    except ValidationError as error:
        raise yaml.explained(error, _model(found.value), found) from None


def of(value: Mapping[str, Any]) -> Scenario:
    """Return a scenario from plain values, as a file or a manifest holds them."""
    return _model(value).model_validate(value)


def _model(value: Mapping[str, Any]) -> type[Scenario]:
    return Ready if "words" in value else Scenario


def folder() -> Path:
    """Return where the library lies: in the package, or in a checkout."""
    here = Path(__file__).parents[1]
    for place in (here / "scenarios", here.parents[1] / "scenarios"):
        if place.is_dir():
            return place
    raise SourceError(
        _("The library of scenarios is missing."),
        where=str(here / "scenarios"),
        fix=_("Install hidra again, or write the scenario into the study."),
    )


def chosen(names: Sequence[str], start: str | None = None) -> dict[str, Scenario]:
    """Return scenarios of the library by name, or from files, by the name of the file.

    Raises
    ------
    SpecError
        No such scenario or file, or the same name twice.
    """
    found: dict[str, Scenario] = {}
    for name in names:
        path = Path(name)
        if path.suffix in (".yaml", ".yml"):
            scenario = read(path)
        elif name in library():
            scenario = library()[name]
        else:
            raise unknown(_("scenario"), name, library(), where="scenario")
        if path.stem in found:
            raise SpecError(
                _("The scenario '{name}' is named twice.", name=path.stem),
                where="scenario",
                fix=_("Name each scenario once."),
            )
        found[path.stem] = scenario.model_copy(update={"start": start}) if start else scenario
    return found


def equal_dose(rates: Sequence[str], persons: float, start: str = START) -> dict[str, Scenario]:
    """Return scenarios that move the same number of persons a week by different rates.

    Raises
    ------
    SpecError
        A rate that no policy would move, or a dose that is no number of persons.
    """
    if not 0 < persons < float("inf"):
        raise SpecError(
            _("A dose of {persons:g} persons per week says nothing.", persons=persons),
            where="--equal-dose",
            fix=_("Give a number above zero, for example 110."),
        )
    scenarios = {}
    for rate in rates:
        if rate not in DOSED:
            raise unknown(_("rate with a dose"), rate, DOSED, where="--equal-dose")
        sign, words = DOSED[rate]
        scenarios[f"equal_dose_{rate}"] = Scenario(
            title=Text(**bilingual(_("{persons:g} {words}", persons=persons, words=words))),
            start=start,
            dose={rate: sign * persons},
        )
    return scenarios
