"""The map of the site: every page with its address in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from hidra.charts.words import Language


@dataclass(frozen=True)
class Page:
    """A page and where it lies.

    Attributes
    ----------
    name : str
        Name inside the program; ``page.NAME`` are its words.
    es, en : str
        Address below the root of each language; ``{code}`` stands for what varies.
    menu : bool
        Whether the header names it.
    """

    name: str
    es: str
    en: str
    menu: bool = True

    def slug(self, language: Language) -> str:
        """Return the address below the root of a language."""
        return self.es if language == "es" else self.en


PAGES = (
    Page("panorama", "", ""),
    Page("map", "mapa", "map"),
    Page("places", "lugares", "places"),
    Page("place", "lugar/{code}", "place/{code}", menu=False),
    Page("claims", "afirmaciones", "claims"),
    Page("claim", "afirmaciones/{code}", "claims/{code}", menu=False),
    Page("review", "revisar", "check"),
    Page("lab", "escenarios", "scenarios"),
    Page("frozen", "escenarios/{code}", "scenarios/{code}", menu=False),
    Page("model", "modelo", "model"),
    Page("data", "datos", "data"),
    Page("about", "acerca", "about"),
    Page("api", "api/v1", "api/v1", menu=False),
)
BY_NAME = {page.name: page for page in PAGES}
#: Where the twins of the front page lie: ``/panorama.csv``.
FRONT = "panorama"


def root(language: Language) -> str:
    """Return the root of a language: nothing for Spanish, ``/en`` for English."""
    return "" if language == "es" else "/en"


def address(
    name: str,
    language: Language,
    code: str = "",
    query: Mapping[str, str] | None = None,
    kind: str = "",
) -> str:
    """Return the address of a page.

    Parameters
    ----------
    name : name of the page.
    code : what stands for ``{code}``.
    query : state of the page.
    kind : ``csv``, ``parquet``, ``json``, ``png`` or ``svg`` for a twin.
    """
    slug = BY_NAME[name].slug(language)
    if kind and not slug:
        slug = FRONT
    path = f"{root(language)}/{slug.format(code=quote(code, safe=''))}"
    path = f"{path}.{kind}" if kind else path
    kept = {key: value for key, value in (query or {}).items() if value != ""}
    return f"{path}?{urlencode(kept)}" if kept else path
