"""The list of places: the states, and the municipalities that records are about."""

from __future__ import annotations

from hidra import place
from hidra.show import places
from hidra.show.theme import Language
from hidra.web import records
from hidra.web.ask import Ask, View


def name_of(code: str, language: Language) -> str:
    """Return the name of the nation or a state; a municipality has its code and its state."""
    if len(code) == 2:
        return str(getattr(place.find(code), f"name_{language}"))
    state = places.names(language)[place.state_of(code)]
    return f"{'Municipio' if language == 'es' else 'Municipality'} {code}, {state}"


def view(ask: Ask) -> View:
    """Return the list of all places with a page."""
    names = places.names(ask.language)
    order = places.by_name(ask.language)
    within: dict[str, list[str]] = {code: [] for code in order}
    for code in records.municipalities():
        within[place.state_of(code)].append(code)
    words = ask.words
    return View(
        words("page.places"), words("places.lead"), template="places.html.j2",
        more={"states": [(code, names[code], within[code]) for code in order]},
    )  # fmt: skip
