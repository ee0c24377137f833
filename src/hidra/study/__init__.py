"""A study: one validated object that says everything a run needs. Its digest names the run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import (
    Field,
    PrivateAttr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from hidra.core import yaml as study_file
from hidra.core.errors import BadValueError, SourceError
from hidra.core.i18n import _
from hidra.core.param import Number, Param, Prior, Whole
from hidra.core.yaml import Closed
from hidra.scenario import NO_CHANGE, Month, Name, Scenario, Text

if TYPE_CHECKING:
    import altair as alt

    from hidra.model.mechanism import Mechanism
    from hidra.model.system import System

MUNICIPAL_DRAWS = 20
LOOKED_AT = {"own": False}  # context of a validation: no file of the study is executed
Part = Literal["check", "projection"]
PARTS: tuple[Part, ...] = ("check", "projection")
#: First version whose fits may still be taken up; what the code has become is in a fit's stamp.
FITS_SINCE = "0.1.0"
RECORDS = (
    "homicides_inegi_state_month",
    "victims_sesnsp_state_month",
    "population_state_year",
    "place",
)
BUILT_ON = (
    "group",
    "group_relation",
    "group_presence_state",
    "leadership_removals",
    "marginalisation_state",
    "science2023_annual",
)


def _closed(files: tuple[str, ...], info: ValidationInfo) -> bool:
    """Tell whether files of a study stay closed, so that what rests on them cannot be checked."""
    return bool(files) and info.context == LOOKED_AT


class FitPlan(Closed):
    """Which months teach the model, and which are kept aside to judge it.

    A run fits twice: the check until `until`, judged on what follows; the projection on all
    records, for the scenarios.

    Attributes
    ----------
    until : last month the check is fitted to.
    held_out_until : last month the check is judged on.
    records_until : last month the projection is fitted to.
    steps : draws of each of two NUTS chains; 0 for the quick normal approximation.
    """

    until: Month = "2019-12"
    held_out_until: Month = "2022-12"
    records_until: Month = "2024-12"
    steps: Whole = Field(default=0, ge=0, le=20_000)


class Study(Closed):
    """Everything a run needs: places, months, mechanisms, priors, scenarios, seed.

    Attributes
    ----------
    places : fits and report are of the states; with ``municipalities`` the scenarios are also
        simulated on all of them.
    municipal_draws : ensemble members of each scenario there. presence_file : see
        ``System``.
    draws : number of ensemble members of each scenario.
    seed : of all random numbers, 0 <= seed < 2**32.
    mechanism_files, driver_files : the user's own mechanisms (Python) and drivers (CSV).
    mechanisms : names of the mechanisms that are on.
    parameters : overrides, ``name`` or ``mechanism.name`` -> number or prior.
    from_prior : mechanisms or ``mechanism.name`` whose parameters no record speaks of: at their
        centres in the fit, drawn from their priors in the simulations.
    scenarios : name -> difference; ``no_change`` always runs and is never listed.
    arrests : by what they are shared among states: residents, as published, or members.
    """

    title: Text
    question: Text
    places: Literal["states", "municipalities"] = "states"
    start: Month = "2012-01"
    end: Month = "2030-12"
    fit: FitPlan = FitPlan()
    draws: Whole = Field(default=100, ge=1, le=100_000)
    seed: Whole = Field(default=20061211, ge=0, lt=2**32)
    mechanism_files: tuple[str, ...] = ()
    driver_files: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    parameters: dict[str, Number | Prior] = Field(default_factory=dict)
    from_prior: tuple[str, ...] = ()
    scenarios: dict[Name, Scenario] = Field(default_factory=dict)
    # left out of what is written where they are not used: the names of other studies stay
    municipal_draws: Whole = Field(
        default=MUNICIPAL_DRAWS, ge=1, le=10_000, exclude_if=lambda n: n == MUNICIPAL_DRAWS
    )
    presence_file: str | None = Field(default=None, exclude_if=lambda file: file is None)
    arrests: Literal["residents", "members"] = Field(
        default="residents", exclude_if=lambda by: by == "residents"
    )

    _looked_at: bool = PrivateAttr(default=False)

    def model_post_init(self, context: Any, /) -> None:
        """Remember whether the study is only looked at: its copies are no more than that."""
        self._looked_at = context == LOOKED_AT

    @field_validator("mechanism_files")
    @classmethod
    def _files_are_there(cls, files: tuple[str, ...]) -> tuple[str, ...]:
        from hidra.model.mechanisms import files_at

        for one in files:
            files_at(Path(one))
        return files

    @field_validator("mechanisms")
    @classmethod
    def _known_mechanisms(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        from hidra.model.mechanism import check
        from hidra.model.mechanisms import library

        files = info.data.get("mechanism_files", ())
        if _closed(files, info):
            return tuple(sorted(set(names)))
        known = library(files)
        for number, name in enumerate(names):
            if name not in known:
                raise BadValueError.unknown(_("mechanism"), name, known, at=(number,))
        check(tuple(known[name] for name in names), tuple(known.values()))
        return tuple(sorted(set(names)))  # order cannot matter, so it does not name the run

    @field_validator("scenarios", mode="before")
    @classmethod
    def _from_the_library(cls, given: Any) -> Any:
        """Put what the library says in the place of the word, so that the digest holds it."""
        from hidra.study.library import FROM_LIBRARY, library

        if not isinstance(given, dict):
            return given
        for name, scenario in given.items():
            if scenario == FROM_LIBRARY and name not in library():
                raise BadValueError.unknown(_("ready scenario"), name, library(), at=(name,))
        return {
            name: library()[name].scenario() if scenario == FROM_LIBRARY else scenario
            for name, scenario in given.items()
        }

    @field_validator("scenarios")
    @classmethod
    def _no_change_is_ours(cls, given: dict[str, Scenario]) -> dict[str, Scenario]:
        if NO_CHANGE in given:
            raise BadValueError(
                _("'{name}' always runs: it is what the others are compared with.", name=NO_CHANGE),
                _("Give your scenario another name."),
            )
        return given

    @model_validator(mode="after")
    def _months_in_order(self) -> Study:
        times = (
            ("start", self.start),
            ("fit.until", self.fit.until),
            ("fit.held_out_until", self.fit.held_out_until),
            ("fit.records_until", self.fit.records_until),
            ("end", self.end),
        )
        for (early, first), (late, second) in pairwise(times):
            if first > second or (early == "start" and first == second):
                raise BadValueError(
                    _(
                        "`{late}` ({second}) comes before `{early}` ({first}).",
                        late=late,
                        second=second,
                        early=early,
                        first=first,
                    ),
                    _(
                        "Put the months in order: {names}.",
                        names=", ".join((name for name, _ in times)),
                    ),
                    at=tuple(late.split(".")),
                )
        return self

    @model_validator(mode="after")
    def _municipal_keys_are_used(self) -> Study:
        for key in ("municipal_draws", "presence_file"):
            if key in self.model_fields_set and self.places == "states":
                raise BadValueError(
                    _("`{key}` says nothing where `places` is states.", key=key),
                    _("Write `places: municipalities`, or leave it out."),
                    at=(key,),
                )
        return self

    @model_validator(mode="after")
    def _overrides_fit(self, info: ValidationInfo) -> Study:
        if _closed(self.mechanism_files, info):
            return self
        known = self.declared()
        for name, value in self.parameters.items():
            at = ("parameters", name)
            if name not in known:
                raise BadValueError.unknown(_("parameter of this study"), name, known, at=at)
            if not known[name].allows(value):
                low, high = known[name].limits
                raise BadValueError(
                    _(
                        "The parameter '{name}' lies between {low:g} and {high:g}; "
                        "{value} does not stay there.",
                        name=name,
                        low=low,
                        high=high,
                        value=value,
                    ),
                    _("Give a number or a prior within these bounds."),
                    at=at,
                )
        return self

    @model_validator(mode="after")
    def _from_prior_have_one(self, info: ValidationInfo) -> Study:
        if _closed(self.mechanism_files, info):
            return self
        known = self.declared()
        names = (*known, *self.mechanisms)
        for number, name in enumerate(self.from_prior):
            at = ("from_prior", number)
            if name not in names:
                raise BadValueError.unknown(_("parameter of this study"), name, names, at=at)
            fixed = isinstance(self.parameters.get(name), float)
            if fixed or (name in known and name not in self.drawn_from_prior()):
                raise BadValueError(
                    _(
                        "The parameter '{name}' has no prior to draw from, or is of the core.",
                        name=name,
                    ),
                    _(
                        "Name parameters of mechanisms that have a prior; `hidra "
                        "mechanisms` shows it."
                    ),
                    at=at,
                )
        return self

    @model_validator(mode="after")
    def _drivers_are_read(self) -> Study:
        from hidra.model.series import Brought

        if not self.driver_files:
            return self
        read = {name for one in self.on() for name in one.drivers}
        for number, file in enumerate(self.driver_files):
            for name in Brought.of(file).names:
                if name not in read:
                    at = ("driver_files", number)
                    raise BadValueError.unknown(
                        _("driver that a mechanism of the study reads"), name, read, at=at
                    )
        Brought.of(self.driver_files)
        return self

    @model_validator(mode="after")
    def _scenarios_can_run(self, info: ValidationInfo) -> Study:
        from hidra.scenario.refusals import objections

        if not self.scenarios or _closed(self.mechanism_files, info):
            return self
        system = self._system(end=self.end, until=self.fit.records_until)
        for name, scenario in self.scenarios.items():
            for at, what, fix in objections(name, scenario, system):
                raise BadValueError(what, fix, at=("scenarios", name, *at))
        return self

    def on(self) -> tuple[Mechanism, ...]:
        """Return the mechanisms that are on, those of files as the files are now."""
        from hidra.model.mechanisms import find

        files = self.mechanism_files
        return find(self.mechanisms, where="mechanisms of the study", files=files)

    def _system(self, **more: Any) -> System:
        from hidra.model.system import System

        given: Any = {"parameters": self.parameters, "arrests": self.arrests} | more
        return System(self.on(), self.driver_files, start=self.start, **given)  # type: ignore[arg-type]

    def system(self, part: Part = "projection", *, space: str = "states") -> System:
        """Return what is simulated: the check to the last record, the projection to the end.

        Parameters
        ----------
        space : ``municipalities`` takes the set of presence too.
        """
        plan = self.fit
        until, end = (
            (plan.until, plan.records_until) if part == "check" else (plan.records_until, self.end)
        )
        seen = self.presence_file if space == "municipalities" else None
        return self._system(until=until, end=end, space=space, presence=seen or ())

    def taught(self, part: Part) -> System:
        """Return what is fitted, until the last month of the part.

        What no record tells stands at the centre of its prior.
        """
        until = self.fit.until if part == "check" else self.fit.records_until
        from statistics import median

        from hidra.inference.posterior import sizes

        sized = {name: float(median(draws)) for name, draws in sizes().items()}
        centres = {name: sized.get(name, q.centre) for name, q in self.drawn_from_prior().items()}
        return self._system(until=until, end=until, parameters=self.parameters | centres)

    def declared(self) -> dict[str, Param]:
        """Return what `parameters` may override: core, recording, mechanisms that are on."""
        from hidra.model.equation import CORE
        from hidra.model.observe import PARAMS

        own = {f"{m.name}.{q.name}": q for m in self.on() for q in m.params}
        return {q.name: q for q in (*CORE, *PARAMS)} | own

    def drawn_from_prior(self) -> dict[str, Param]:
        """Return the parameters of ``from_prior``, full name -> parameter with its prior."""
        found = {}
        for name, q in self.declared().items():
            if "." in name and {name, name.partition(".")[0]} & {*self.from_prior}:
                value = self.parameters.get(name, q.value)
                if not isinstance(value, float):
                    found[name] = q.model_copy(update={"value": value})
        return found

    @classmethod
    def load(cls, path: str | Path, *, own: bool = False) -> Study:
        """Read a study file.

        Parameters
        ----------
        own : it is the user's and to be run: the Python of its ``mechanism_files`` is executed and
            all that rests on them checked. Else nothing of it is executed: a study that somebody
            sent, or that lies in a run, may be looked at.

        Raises
        ------
        SpecError
            With file, line and key of what is wrong; the closest known name is offered.
        """
        found = study_file.load(Path(path))
        return cls._valid(found, None if own else LOOKED_AT)

    @classmethod
    def parse(cls, text: str, *, name: str = "study") -> Study:
        """Read a study from YAML text; `name` stands in error messages."""
        return cls._valid(study_file.read(text, name), LOOKED_AT)

    @classmethod
    def _valid(cls, found: study_file.Read, context: dict[str, bool] | None) -> Study:
        try:
            return cls.model_validate(found.value, context=context)
        except ValidationError as error:
            raise study_file.explained(error, cls, found) from None

    @classmethod
    def default(cls) -> Study:
        """Return the study that comes with hidra."""
        return cls.parse(default_text(), name="default study")

    def with_(self, **changes: Any) -> Study:
        """Return a changed copy, validated like any other.

        Mechanism files that stayed closed stay closed, unless the change names them.
        What it says of the parameters of mechanisms that are no longer on goes with them.
        """
        gone = {*self.mechanisms} - {*changes.get("mechanisms", self.mechanisms)}
        raw = self.model_dump(mode="json")
        kept = {n: v for n, v in raw["parameters"].items() if n.partition(".")[0] not in gone}
        drawn = [name for name in raw["from_prior"] if name.partition(".")[0] not in gone]
        raw |= {"parameters": kept, "from_prior": drawn, **changes}
        closed = self._looked_at and "mechanism_files" not in changes
        try:
            return type(self).model_validate(raw, context=LOOKED_AT if closed else None)
        except ValidationError as error:
            raise study_file.explained(error, type(self), study_file.nowhere()) from None

    def without(self, *names: str) -> Study:
        """Return the study with some mechanisms off, and what it says of their parameters gone."""
        from hidra.core.errors import unknown

        for name in names:
            if name not in self.mechanisms:
                raise unknown(_("mechanism in this study"), name, self.mechanisms, where="without")
        return self.with_(mechanisms=tuple(m for m in self.mechanisms if m not in names))

    def map(
        self,
        measure: str = "inegi_homicides",
        *,
        year: int | None = None,
        language: Literal["es", "en"] = "es",
    ) -> alt.TopLevelMixin:
        """Draw the records of the study: yearly rates of the states, with a slider of years."""
        from hidra.charts.picture import map_of
        from hidra.data import panel
        from hidra.study import describe

        rows, label = describe.records(measure), describe.label(measure, language)
        shown = rows[rows["month"] <= self.end]
        return map_of(shown, panel.sources(), measure, label, year=year, language=language)

    def plot(
        self,
        place: str | Sequence[str] = "00",
        *,
        measure: str = "inegi_homicides",
        language: Literal["es", "en"] = "es",
    ) -> alt.TopLevelMixin:
        """Draw the records of the study in a place, or several, month by month."""
        from hidra.charts.picture import plot_of
        from hidra.data import panel
        from hidra.study import describe

        rows, label = describe.records(measure), describe.label(measure, language)
        shown, breaks = rows[rows["month"] <= self.end], describe.breaks((measure,))
        return plot_of(shown, panel.sources(), breaks, measure, label, place, language=language)

    def yaml(self) -> str:
        """Return the study as YAML with every default filled in."""
        return study_file.told(self.model_dump(mode="json"))

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON: equal studies, equal names."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        files = (*self.mechanism_files, *self.driver_files, self.presence_file)
        own = [Path(file).read_bytes() for file in files if file is not None]
        return hashlib.sha256(b"".join([text.encode(), *own])).hexdigest()

    def basis(self, part: Part) -> dict[str, Any]:
        """Return what the fit of the check or of the projection depends on, as plain JSON.

        Mechanisms, parameters as the study sets them, months, seed, steps, hashes of the records
        and of the tables that drive the mechanisms, the user's own files.
        """
        from hidra.core import fingerprint
        from hidra.data.reference import hashes
        from hidra.inference.posterior import sizes
        from hidra.model.drivers import tables
        from hidra.model.series import brought

        said = self.model_dump(mode="json")
        own = (*self.mechanism_files, *self.driver_files)
        return {
            "mechanisms": said["mechanisms"],
            "parameters": said["parameters"],
            "from_prior": said["from_prior"],
            "start": self.start,
            "until": self.fit.until if part == "check" else self.fit.records_until,
            "seed": self.seed,
            "steps": self.fit.steps,
            "tables": hashes({*BUILT_ON, *RECORDS, *tables(self.on())}) | brought(),
            "own_files": {
                Path(f).name: hashlib.sha256(Path(f).read_bytes()).hexdigest() for f in own
            },
            "hidra": FITS_SINCE,
            **({"arrests": self.arrests} if "arrests" in said else {}),
            "sizes": fingerprint.of(
                {n: v for n, v in sizes().items() if n in self.drawn_from_prior()}
            ),
        }

    def __repr__(self) -> str:
        return f"Study({'; '.join(f'{name}: {value}' for name, value in self._in_short().items())})"

    def _repr_html_(self) -> str:
        from hidra.model.system import html_table

        return html_table(self._in_short())

    def _in_short(self) -> dict[str, str]:
        return {
            "title": self.title.en,
            "question": self.question.en,
            "months": f"{self.start} to {self.end}, records until {self.fit.records_until}",
            "mechanisms": ", ".join(self.mechanisms) or "core only",
            "scenarios": ", ".join(self.scenarios) or "none",
            "draws, seed": f"{self.draws}, {self.seed}",
        }


def default_text() -> str:
    """Return the text of the default study, from the package or from a checkout."""
    here = Path(__file__).parents[1]
    for folder in (here / "studies", here.parents[1] / "studies"):
        if (folder / "default.yaml").is_file():
            return (folder / "default.yaml").read_text(encoding="utf-8")
    raise SourceError(
        _("The default study is missing."),
        where=str(here / "studies" / "default.yaml"),
        fix=_("Install hidra again, or name a study file: hidra run STUDY"),
    )
