"""Names and orders of the states, as charts need them."""

from __future__ import annotations

import unicodedata

from hidra.charts.theme import Language
from hidra.core import place


def names(language: Language) -> dict[str, str]:
    """Map state code -> everyday name."""
    return {state.code: getattr(state, f"name_{language}") for state in place.states()}


def north_to_south() -> list[str]:
    """State codes from the northernmost to the southernmost."""
    return [state.code for state in sorted(place.states(), key=lambda state: -(state.lat or 0))]


def by_name(language: Language) -> list[str]:
    """State codes in the alphabetical order of their names, accents ignored."""
    named = names(language)
    return sorted(named, key=lambda code: unicodedata.normalize("NFKD", named[code]).casefold())
