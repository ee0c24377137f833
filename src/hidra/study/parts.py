"""The parts of a study: months, words in two languages, the fit, one scenario."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from hidra.study.file import BadValueError

CORE_RATES = ("recruitment", "enforcement", "lethality", "saturation")
NO_CHANGE = "no_change"


def _month(text: str) -> str:
    year, dash, month = text.partition("-")
    if not (dash and len(year) == 4 and len(month) == 2 and (year + month).isdigit()):
        raise BadValueError(f"'{text}' is not a month.", "Write YYYY-MM, for example 2027-03.")
    if not 1 <= int(month) <= 12:
        raise BadValueError(
            f"'{text}' is not a month: it must end in 01 to 12.", f"Write for example {year}-03."
        )
    return text


Month = Annotated[str, AfterValidator(_month)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Closed(BaseModel):
    """A model that refuses unknown keys and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Closed):
    """The same words in Spanish and English."""

    es: str = Field(min_length=1)
    en: str = Field(min_length=1)


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
    steps: int = Field(default=0, ge=0, le=20_000)


class Scenario(Closed):
    """One difference from ``no_change``, from a month on.

    Attributes
    ----------
    change : core rate -> factor on it, not negative.
    dose : core rate -> persons per week added to its flow; negative takes away.
    """

    title: Text | None = None
    start: Month
    change: dict[str, float] = Field(default_factory=dict)
    dose: dict[str, float] = Field(default_factory=dict)

    @field_validator("change", "dose")
    @classmethod
    def _known_rates(cls, given: dict[str, float]) -> dict[str, float]:
        for name in given:
            if name not in CORE_RATES:
                raise BadValueError.unknown("core rate", name, CORE_RATES)
        return given

    @field_validator("change")
    @classmethod
    def _factors(cls, given: dict[str, float]) -> dict[str, float]:
        for name, factor in given.items():
            if not 0 <= factor < float("inf"):
                raise BadValueError(
                    f"The rate '{name}' cannot be multiplied by {factor:g}.",
                    "Give a factor of zero or more: 0.5 is half, 2 is double.",
                )
        return given

    @field_validator("dose")
    @classmethod
    def _doses(cls, given: dict[str, float]) -> dict[str, float]:
        for name, persons in given.items():
            if not (persons and abs(persons) < float("inf")):
                raise BadValueError(
                    f"A dose of {persons:g} persons per week on '{name}' says nothing.",
                    "Give persons per week, for example -110 or 110.",
                )
        return given

    @model_validator(mode="after")
    def _says_something(self) -> Scenario:
        if not (self.change or self.dose):
            raise BadValueError(
                "The scenario changes nothing.", "Give it a `change` or a `dose`, or take it out."
            )
        return self
