"""Words of the page: those of the charts and reports, and its own, in one catalogue."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from hidra.charts.words import Language, Words, catalogue


@cache
def own(language: Language) -> dict[str, str]:
    """Return the words that only the page has."""
    text = files("hidra.web").joinpath(f"words_{language}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


@cache
def words(language: Language) -> Words:
    """Return all words of a language, those of charts and those of the page."""
    return PageWords(language)


class PageWords(Words):
    """The catalogue of charts with the page's own words beside it."""

    def __init__(self, language: Language) -> None:
        super().__init__(language)
        self._words = {**catalogue(language), **own(language)}
