"""What a reader wants simulated: validated, within limits, named by its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import hidra
from hidra.core.errors import SpecError
from hidra.core.weeks import month

if TYPE_CHECKING:
    from hidra.scenario import Intervention
    from hidra.web.settings import Settings

MOST_SCENARIOS = 4
FIRST_START = "2025-01"
LONGEST_TITLE = 120
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=80)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e9, le=1e9)]
Month = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]


class Closed(BaseModel):
    """A model that refuses unknown keys and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(Closed):
    """One scenario: what differs from no change, and from when."""

    title: str = Field(default="", max_length=LONGEST_TITLE)
    start: Month = "2027-01"
    change: dict[Key, Number] = Field(default_factory=dict)
    set: dict[Key, Number] = Field(default_factory=dict)
    dose: dict[Key, Number] = Field(default_factory=dict)
    off: tuple[Key, ...] = Field(default=(), max_length=40)
    places: tuple[Annotated[str, Field(pattern=r"^(0[1-9]|[12]\d|3[0-2])$")], ...] = ()

    def intervention(self) -> Intervention:
        """Return it as the engine takes it."""
        from hidra.scenario import Intervention

        return Intervention(
            start=self.start, change=dict(self.change), set=dict(self.set), dose=dict(self.dose),
            off=self.off, places=self.places,
        )  # fmt: skip


class Wanted(Closed):
    """A run of the lab: one to four scenarios beside no change, from one posterior."""

    scenarios: dict[Name, Change] = Field(min_length=1, max_length=MOST_SCENARIOS)
    posterior: Annotated[str, Field(pattern=r"^(default|system)$")] = "system"
    end: Month = "2030-12"
    draws: int = Field(default=60, ge=2)
    seed: int = Field(default=20061211, ge=0, lt=2**32)

    def text(self) -> str:
        """Return it as one canonical line of JSON."""
        return json.dumps(
            self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )

    def digest(self, vintage: str, posterior: str) -> str:
        """Return the name of the run: its specification, model, data and seed as one hash.

        Parameters
        ----------
        vintage : name of the data.
        posterior : digest of what the posterior stands on.
        """
        parts = (self.text(), hidra.__version__, posterior, vintage)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def read(given: Mapping[str, Any], settings: Settings) -> Wanted:
    """Return a request within the limits of the server.

    Raises
    ------
    SpecError
        It is not understood, or asks for more than the server gives.
    """
    try:
        wanted = Wanted.model_validate(given)
    except ValidationError as error:
        raise _wrong(error) from error
    within(wanted, settings)
    return wanted


def within(wanted: Wanted, settings: Settings) -> None:
    """Refuse what asks for too much."""
    if wanted.draws > settings.most_draws:
        raise SpecError(
            f"This server simulates at most {settings.most_draws} draws.",
            where="draws",
            fix="Ask for fewer, or use the command line: hidra simulate.",
        )
    if wanted.end > settings.last_month:
        raise SpecError(
            f"This server simulates until {settings.last_month} at the latest.",
            where="end",
            fix="Ask for an earlier end, or use the command line: hidra simulate.",
        )
    for name, one in wanted.scenarios.items():
        if name == "no_change":
            raise SpecError(
                "'no_change' is the comparison and always runs.",
                where="scenarios",
                fix="Give the scenario another name.",
            )
        if not FIRST_START <= month(one.start) < wanted.end:
            raise SpecError(
                f"A scenario starts between {FIRST_START} and its end, not in {one.start}.",
                where=name,
                fix="Choose another month.",
            )
        if not (one.change or one.set or one.dose or one.off):
            raise SpecError(
                "The scenario changes nothing.",
                where=name,
                fix="Switch something off, move a lever, or choose a ready scenario.",
            )


def _wrong(error: ValidationError) -> SpecError:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part)[:40] for part in first["loc"]) or "scenarios"
    return SpecError(
        f"The request is not understood: {first['msg']}.",
        where=where,
        fix="See the description of the interface at /api/v1.",
    )
