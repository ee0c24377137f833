"""Scenarios ready to use: one small file each, with words, essay paragraphs, stance and caveat."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from hidra.core.errors import SourceError
from hidra.study import file as study_file
from hidra.study.parts import Scenario, Text

FROM_LIBRARY = "library"  # what a study writes for a scenario to be taken from here
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
        from hidra.model.mechanisms import library

        names = {*self.change, *self.set}
        found = [
            m.name
            for m in library().values()
            if m.name in self.off
            or names & {*m.drivers}
            or any(n.startswith(f"{m.name}.") for n in names)
        ]
        return tuple(sorted(found))

    @property
    def grade(self) -> str:
        """The weakest evidence among what it acts on; the core is contested."""
        from hidra.model.mechanisms import library

        grades = [library()[name].grade for name in self.mechanisms] or ["contested"]
        return max(grades, key=GRADES.index)

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
    files = sorted(folder().glob("*.yaml"))
    return {path.stem: _read(path) for path in files}


def _read(path: Path) -> Ready:
    found = study_file.read(path.read_text(encoding="utf-8"), str(path))
    try:
        return Ready.model_validate(found.value)
    except ValidationError as error:
        raise study_file.explained(error, Ready, found) from None


def read(path: Path) -> Scenario:
    """Read a user's file with one scenario: the keys of a scenario, or all of the library.

    Raises
    ------
    SpecError
        With file, line and key of what is wrong.
    """
    found = study_file.load(path)
    model = Ready if "words" in found.value else Scenario
    try:
        return model.model_validate(found.value)
    except ValidationError as error:
        raise study_file.explained(error, model, found) from None


def folder() -> Path:
    """Return where the library lies: in the package, or in a checkout."""
    here = Path(__file__).parents[1]
    for place in (here / "scenarios", here.parents[1] / "scenarios"):
        if place.is_dir():
            return place
    raise SourceError(
        "The library of scenarios is missing.",
        where=str(here / "scenarios"),
        fix="Install hidra again, or write the scenario into the study.",
    )
