"""Scenarios: from a month on, something differs from no change.

A scenario is a `do`: rates are multiplied or dosed, drivers and parameters multiplied or set,
mechanisms stopped. Everything before the start is shared by all scenarios, and so is the noise.
One class serves study files, the page and Python; ``what`` says it in words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from hidra.core.errors import BadValueError, SpecError
from hidra.core.i18n import Language, _, translate
from hidra.core.param import Number
from hidra.core.place import code, find
from hidra.core.weeks import month
from hidra.core.yaml import Closed
from hidra.model.simulate import NO_CHANGE

if TYPE_CHECKING:
    import xarray as xr

    from hidra.model.mechanism import Mechanism

__all__ = ["NO_CHANGE", "Month", "Name", "Scenario", "Text", "cut_of", "starts", "what"]


def _month(given: object) -> str:
    try:
        return month(given)
    except SpecError as error:
        raise BadValueError(error.what, error.fix) from None


def _names(given: object) -> object:
    return (given,) if isinstance(given, str) else given


def _codes(given: object) -> object:
    given = (given,) if isinstance(given, str | int) else given
    try:
        return tuple(map(code, given)) if isinstance(given, list | tuple) else given
    except SpecError as error:
        raise BadValueError(error.what, error.fix) from None


Month = Annotated[str, BeforeValidator(_month)]
Names = Annotated[tuple[str, ...], BeforeValidator(_names)]
Places = Annotated[tuple[str, ...], BeforeValidator(_codes)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Text(Closed):
    """The same words in Spanish and English."""

    es: str = Field(min_length=1)
    en: str = Field(min_length=1)


class Scenario(Closed):
    """One difference from ``no_change``, from a month on.

    Attributes
    ----------
    title : in both languages, or as it is.
    start : first month, as `hidra.core.weeks.month` takes it; kept as ``YYYY-MM``.
    change : core rate, driver or parameter -> factor on it, not negative.
    set : driver or parameter -> the value it takes, in its own unit.
    dose : core rate -> persons added to its flow in every week; negative takes away.
    off : mechanisms that stop, or the one; their multipliers are one and their states at rest.
    places : states by name or code, or the one, where rates and drivers change; everywhere when
        empty. Kept as codes.
    """

    title: Text | str | None = None
    start: Month
    change: dict[str, Number] = Field(default_factory=dict)
    set: dict[str, Number] = Field(default_factory=dict)
    dose: dict[str, Number] = Field(default_factory=dict)
    off: Names = ()
    places: Places = ()

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

        told = {"from": self.start, "changes": what(self, "en")}
        return html_table(({"title": self.titled("", "en")} if self.title else {}) | told)


def starts(scenarios: Mapping[str, Scenario]) -> dict[str, str]:
    """Return the month in which each scenario starts."""
    return {name: one.start for name, one in scenarios.items()}


RATES = {
    "recruitment": _("recruitment"),
    "enforcement": _("arrests"),
    "lethality": _("lethality"),
    "saturation": _("exit by saturation"),
}
DRIVERS = {
    "captured": _("leaders captured"),
    "killed": _("leaders killed"),
    "captured_here": _("leaders captured in the place"),
    "killed_here": _("leaders killed in the place"),
    "seat": _("part of a state that a place of removal is"),
    "precarity": _("precarity"),
    "young_men": _("men aged 15-29"),
    "population": _("population"),
    "border": _("nearness of the border"),
    "ban_in_force": _("US assault weapons ban"),
    "rents": _("rents of the sectors"),
    "mining_price": _("price of mining"),
    "mining_share": _("weight of mining"),
    "overdose": _("US overdose deaths"),
    "deployment": _("federal forces deployed"),
    "remittances": _("remittances"),
    "community": _("coverage of community defence"),
    "deported": _("people deported from the United States"),
    "may_split": _("splits of groups"),
    "may_operate": _("operations against leaders"),
    "us_pressure": _("US pressure"),
    "arms_supply": _("arms that come from the north"),
    "arms_seizure": _("arms seized per week"),
    "drug_supply": _("supply of drugs"),
    "legal_share": _("legal share of the drug market"),
    "laundering": _("share of money laundered"),
    "crackdown": _("crackdown on the drug trade"),
    "follows_rule": _("deployment by the rule"),
    "search": _("capacity to search"),
    "protected": _("protection of groups"),
    "alternation": _("alternation of parties"),
}


Cut = Mapping[str, Mapping[str, float]]  # rate -> in how many `draws` `of` all; the `least`


def cut_of(results: xr.Dataset) -> dict[str, Cut]:
    """Return by scenario which of its doses lacked people in some draws of results."""
    found: dict[str, Cut] = json.loads(results.attrs.get("doses_cut", "{}"))
    return found


def what(
    scenario: Scenario,
    language: Language,
    own: Mapping[str, Mechanism] | None = None,
    cut: Cut | None = None,
) -> str:
    """Say in words what a scenario changes.

    Parameters
    ----------
    own : mechanisms of a user's own, by name.
    cut : doses that lacked people in some draws, where it was simulated (``cut_of``).
    """
    unit = translate(_("persons per week"), language)

    def called(name: str) -> str:
        return name_of(name, language, own or {})

    parts = [f"{called(name)} × {by:g}" for name, by in scenario.change.items()]
    parts += [f"{called(name)} = {to:g}" for name, to in scenario.set.items()]
    for name, persons in scenario.dose.items():
        parts.append(f"{called(name)} {persons:+g} {unit}")
        if short := (cut or {}).get(name):
            some = _("in {draws:,} of {of:,} draws fewer, down to {least:,.0f}", **short)
            parts[-1] += f" ({translate(some, language)})"
    parts += [
        translate(_("without the mechanism '{name}'", name=called(name)), language)
        for name in scenario.off
    ]
    if scenario.places:
        listed = ", ".join(find(code).name_es for code in scenario.places)
        parts.append(translate(_("in {places} only", places=listed), language))
    return "; ".join(parts).replace("-", "−")


def name_of(name: str, language: Language, own: Mapping[str, Mechanism]) -> str:
    """Return what people call a rate, a driver, a mechanism or a parameter of one."""
    from hidra.model.mechanisms import package

    known = RATES | DRIVERS
    if name in known:
        return translate(known[name], language)
    owner, _, parameter = name.partition(".")
    m = (package() | dict(own)).get(owner)
    if m is None:
        return name.replace("_", " ")
    title = translate(m.title, language).lower()
    return f"{title} ({parameter})" if parameter else title
