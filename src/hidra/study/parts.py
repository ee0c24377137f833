"""The parts of a study: months, words in two languages, the fit, one scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hidra.study.file import BadValueError

if TYPE_CHECKING:
    from hidra.scenario import Intervention

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
    """One difference from ``no_change``, from a month on; keys as of ``hidra.scenario``.

    Attributes
    ----------
    change : core rate, driver or parameter -> factor on it, not negative.
    set : driver or parameter -> the value it takes.
    dose : core rate -> persons per week added to its flow; negative takes away.
    off : mechanisms that stop. places : states where rates and drivers change; all when empty.
    """

    title: Text | None = None
    start: Month
    change: dict[str, float] = Field(default_factory=dict)
    set: dict[str, float] = Field(default_factory=dict)
    dose: dict[str, float] = Field(default_factory=dict)
    off: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    def intervention(self) -> Intervention:
        """Return what the engine does with it."""
        from hidra.scenario import Intervention

        return Intervention(self.start, self.change, self.set, self.dose, self.off, self.places)
