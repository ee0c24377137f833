"""The list of places: the states, and the municipalities that records are about."""

from __future__ import annotations

from functools import cache

from hidra.charts import maps
from hidra.charts.words import Language
from hidra.core import place
from hidra.data import reference
from hidra.web import records
from hidra.web.ask import Ask, View


def name_of(code: str, language: Language) -> str:
    """Return the name of the nation or a state; a municipality has its code and its state."""
    if len(code) == 2:
        return str(getattr(place.find(code), f"name_{language}"))
    state = maps.state_names(language)[place.state_of(code)]
    unnamed = f"{'Municipio' if language == 'es' else 'Municipality'} {code}"
    return f"{municipal().get(code, unnamed)}, {state}"


@cache
def municipal() -> dict[str, str]:
    """Return the names of the municipalities, by code."""
    rows = reference.table("municipality")
    return dict(zip(rows["place"], rows["name_es"], strict=True))


def view(ask: Ask) -> View:
    """Return the list of all places with a page."""
    names = maps.state_names(ask.language)
    order = maps.alphabetical(ask.language)
    within: dict[str, list[str]] = {code: [] for code in order}
    for code in records.municipalities():
        within[place.state_of(code)].append(code)
    words = ask.words
    named = {code: municipal().get(code, code) for code in records.municipalities()}
    return View(
        words("page.places"), words("places.lead"), template="places.html.j2",
        more={"states": [(code, names[code], within[code]) for code in order], "named": named},
    )  # fmt: skip
