"""Scenarios: from a month on, something differs from no change.

A scenario is a `do`: rates are multiplied or dosed, drivers and parameters multiplied or set,
mechanisms stopped. Everything before the start is shared by all scenarios, and so is the noise.
One class serves study files, the page and Python; ``what`` says it in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hidra.core.errors import BadValueError, SpecError
from hidra.core.place import find, month
from hidra.model.simulate import NO_CHANGE

if TYPE_CHECKING:
    from hidra.model.mechanism import Mechanism

__all__ = ["NO_CHANGE", "Closed", "Month", "Name", "Scenario", "Text", "starts", "what"]

Language = Literal["es", "en"]


def _month(text: str) -> str:
    try:
        return month(text)
    except SpecError as error:
        raise BadValueError(error.what, error.fix) from None


Month = Annotated[str, AfterValidator(_month)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Closed(BaseModel):
    """A model that refuses unknown keys and never changes."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(Closed):
    """The same words in Spanish and English."""

    es: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Scenario(Closed):
    """One difference from ``no_change``, from a month on.

    Attributes
    ----------
    title : in both languages, or as it is.
    start : first month, ``YYYY-MM``.
    change : core rate, driver or parameter -> factor on it, not negative.
    set : driver or parameter -> the value it takes, in its own unit.
    dose : core rate -> persons per week added to its flow as it stood at the start; negative takes
        away.
    off : mechanisms that stop; their multipliers are one and their states at rest.
    places : codes of states where rates and drivers change; everywhere when empty.
    """

    title: Text | str | None = None
    start: Month
    change: dict[str, float] = Field(default_factory=dict)
    set: dict[str, float] = Field(default_factory=dict)
    dose: dict[str, float] = Field(default_factory=dict)
    off: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it changes nothing."""
        return not (self.change or self.set or self.dose or self.off)

    def titled(self, name: str, language: Language) -> str:
        """Return its title in a language; its name, readable, where it has none."""
        if isinstance(self.title, Text):
            return str(getattr(self.title, language))
        return self.title or name.replace("_", " ")

    def _repr_html_(self) -> str:
        from hidra.model.system import html_table

        told = {"from": self.start, "changes": what(self, 1)}
        return html_table(({"title": self.titled("", "en")} if self.title else {}) | told)


def starts(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the month in which each scenario starts."""
    return {name: one.start for name, one in scenarios.items()}


RATES = {
    "recruitment": ("reclutamiento", "recruitment"),
    "enforcement": ("detenciones", "arrests"),
    "lethality": ("letalidad", "lethality"),
    "saturation": ("salida por saturación", "exit by saturation"),
}
DRIVERS = {
    "precarity": ("precariedad", "precarity"),
    "young_men": ("hombres de 15 a 29 años", "men aged 15-29"),
    "population": ("población", "population"),
    "border": ("cercanía de la frontera", "nearness of the border"),
    "ban_in_force": ("prohibición de armas de asalto en Estados Unidos", "US assault weapons ban"),
    "rents": ("rentas de los sectores", "rents of the sectors"),
    "mining_price": ("precio de la minería", "price of mining"),
    "mining_share": ("peso de la minería", "weight of mining"),
    "overdose": ("sobredosis en Estados Unidos", "US overdose deaths"),
    "deployment": ("fuerzas federales desplegadas", "federal forces deployed"),
    "remittances": ("remesas", "remittances"),
    "community": ("cobertura de la defensa comunitaria", "coverage of community defence"),
    "may_split": ("divisiones de grupos", "splits of groups"),
    "may_operate": ("operaciones contra líderes", "operations against leaders"),
    "us_pressure": ("presión de Estados Unidos", "US pressure"),
    "arms_supply": ("armas que entran del norte", "arms that come from the north"),
    "arms_seizure": ("decomiso de armas por semana", "arms seized per week"),
    "drug_supply": ("oferta de drogas", "supply of drugs"),
    "legal_share": ("parte legal del mercado de drogas", "legal share of the drug market"),
    "laundering": ("parte del dinero que se lava", "share of money laundered"),
    "crackdown": ("ofensiva contra el tráfico de drogas", "crackdown on the drug trade"),
    "follows_rule": ("despliegue según la regla", "deployment by the rule"),
    "search": ("capacidad de búsqueda", "capacity to search"),
    "protected": ("protección de grupos", "protection of groups"),
    "alternation": ("alternancia de partidos", "alternation of parties"),
}
WORDS = (
    {
        "unit": "personas por semana",
        "off": "sin el mecanismo «{name}»",
        "places": "solo en {places}",
    },
    {
        "unit": "persons per week",
        "off": "without the mechanism '{name}'",
        "places": "in {places} only",
    },
)


def what(scenario: Scenario, language: int, own: Mapping[str, Mechanism] | None = None) -> str:
    """Say in words what a scenario changes.

    Parameters
    ----------
    language : 0 for Spanish and 1 for English. own : mechanisms of a user's own, by name.
    """
    words = WORDS[language]

    def called(name: str) -> str:
        return name_of(name, language, own or {})

    parts = [f"{called(name)} × {by:g}" for name, by in scenario.change.items()]
    parts += [f"{called(name)} = {to:g}" for name, to in scenario.set.items()]
    parts += [
        f"{called(name)} {persons:+g} {words['unit']}" for name, persons in scenario.dose.items()
    ]
    parts += [words["off"].format(name=called(name)) for name in scenario.off]
    if scenario.places:
        listed = ", ".join(find(code).name_es for code in scenario.places)
        parts.append(words["places"].format(places=listed))
    return "; ".join(parts).replace("-", "−")


def name_of(name: str, language: int, own: Mapping[str, Mechanism]) -> str:
    """Return what people call a rate, a driver, a mechanism or a parameter of one."""
    from hidra.model.mechanisms import package

    known = RATES | DRIVERS
    if name in known:
        return known[name][language]
    owner, _, parameter = name.partition(".")
    m = (package() | dict(own)).get(owner)
    if m is None:
        return name.replace("_", " ")
    title = (m.title_es, m.title_en)[language].lower()
    return f"{title} ({parameter})" if parameter else title
