"""The form of the lab: what can be switched and moved, and what a filled form asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from hidra.core.errors import SpecError

OWN = "own"  # name of the scenario that a reader puts together
RATES = ("recruitment", "enforcement", "lethality", "saturation")
DOSED = ("recruitment", "enforcement")
UNTOUCHED = dict.fromkeys(RATES, 100.0)  # per cent


@dataclass(frozen=True)
class Lever:
    """A lever as the form shows it: value at rest, bounds, unit, mechanisms that hear it."""

    name: str
    rest: float
    low: float
    high: float
    unit: str
    doc: str
    hears: tuple[str, ...]

    @property
    def switch(self) -> bool:
        """Whether it is only on or off."""
        from hidra.model.drivers import DRIVERS

        return DRIVERS[self.name].switch


@cache
def mechanisms(posterior: str) -> tuple[str, ...]:
    """Return the mechanisms that are on in a posterior."""
    from hidra.inference import posterior as posteriors

    return tuple(posteriors.manifest(posteriors.place(posterior))["basis"]["mechanisms"])


@cache
def levers(posterior: str) -> tuple[Lever, ...]:
    """Return the levers that mechanisms of a posterior hear."""
    from hidra.model.drivers import DRIVERS
    from hidra.scenario.ensemble import fitted
    from hidra.scenario.refusals import bounds, heard, resting

    system = fitted(posterior)
    found = []
    for name, hears in heard(system).items():
        rest = resting(name, system)
        if rest is not None and name in DRIVERS:
            low, high = bounds(name, system)
            low, high = max(low, -3.0), min(high, 5.0)
            driver = DRIVERS[name]
            found.append(Lever(name, rest, low, high, driver.unit, driver.doc, hears))
    return tuple(found)


def asked(
    form: Mapping[str, Any], ready: Sequence[str], titles: Mapping[str, str]
) -> dict[str, Any]:
    """Return what a filled form asks for, as plain values that `wanted.read` checks.

    Parameters
    ----------
    form : fields by name; of those that repeat, the lists in ``ready`` and ``off``.
    ready : names of the ready scenarios chosen.
    titles : titles of the scenarios, ``own`` included.

    Raises
    ------
    SpecError
        A number is none.
    """
    from hidra.study.library import library

    start = str(form.get("start") or "2027-01")
    scenarios: dict[str, Any] = {}
    for name in ready:
        known = library()
        if name not in known:
            raise SpecError(
                "There is no such ready scenario.", where="form", fix="Choose from the list."
            )
        one = known[name]
        scenarios[name] = {
            "title": titles.get(name, ""), "start": start,
            "change": dict(one.change), "set": dict(one.set), "dose": dict(one.dose),
            "off": list(one.off), "places": list(one.places),
        }  # fmt: skip
    own = _own(form, start, titles)
    if own is not None:
        scenarios[OWN] = own
    numbers = {"draws": "60", "seed": "20061211"}
    return {
        "scenarios": scenarios,
        "posterior": str(form.get("posterior") or "system"),
        "end": str(form.get("end") or "2030-12"),
        **{key: int(_number(form, key, default)) for key, default in numbers.items()},
    }


def _own(form: Mapping[str, Any], start: str, titles: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the reader's own scenario, or none where nothing was touched."""
    change = {}
    for rate, rest in UNTOUCHED.items():
        share = _number(form, f"rate-{rate}", f"{rest:g}")
        if share != rest:
            change[rate] = share / 100
    dose = {}
    for rate in DOSED:
        persons = _number(form, f"dose-{rate}", "0")
        if persons:
            dose[rate] = persons
    moved = {}
    posterior = str(form.get("posterior") or "system")
    known = levers(posterior) if posterior in ("default", "system") else ()
    for lever in known:
        value = _number(form, f"lever-{lever.name}", f"{lever.rest:g}")
        if value != lever.rest:
            moved[lever.name] = value
    off = [str(name) for name in form.get("off", ())]
    if not (change or dose or moved or off):
        return None
    name = str(form.get("name") or "").strip()[:120] or titles.get(OWN, OWN)
    places = [str(form["place"])] if form.get("place") else []
    return {
        "title": name, "start": start, "change": change, "dose": dose, "set": moved, "off": off,
        "places": places,
    }  # fmt: skip


def _number(form: Mapping[str, Any], key: str, default: str) -> float:
    text = str(form.get(key) or default).strip().replace(",", ".")
    try:
        return float(text)
    except ValueError as error:
        raise SpecError(
            f"'{text[:20]}' is not a number.", where=key[:60], fix="Write for example 50."
        ) from error
