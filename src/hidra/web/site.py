"""The site: its pages and their addresses, what a reader asks for, what a page answers with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from hidra.charts.block import Block, Section
from hidra.charts.words import Words
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import Language, Message, _
from hidra.core.weeks import month
from hidra.data import home

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """What the server allows.

    Attributes
    ----------
    folder : pathlib.Path
        Where frozen runs and verdicts are kept; in the user's data folder by default.
    allow_fetch : bool
        Let readers give an address to check; private addresses are refused all the same.
    allow_import : bool
        Let readers bring tables into the panel; not where other machines are served.
    hosts : tuple of str
        Names under which the server answers; ``*`` for any.
    largest : int
        Bytes of the largest request body.
    most_draws, last_month : int, str
        Limits of a scenario request: simulations, and the last month simulated.
    most_waiting : int
        Runs that may wait at a time.
    warm : bool
        Compute the verdicts in the background from the start.
    run : pathlib.Path
        A finished run that pages show beside the records, where one stands there.
    base_path : str
        Path below which a proxy shows the site, ``/user/x/proxy/8642``; empty: none.
    """

    folder: Path = field(default_factory=lambda: home.home() / "web")
    allow_fetch: bool = False
    allow_import: bool = True
    hosts: tuple[str, ...] = LOOPBACK
    largest: int = 2_000_000
    most_draws: int = 400
    last_month: str = "2035-12"
    most_waiting: int = 8
    warm: bool = True
    run: Path = Path("runs/default")
    base_path: str = ""


@cache
def words(language: Language) -> Words:
    """Return all words of a language, those of charts and those of the page."""
    return Words(language, ("charts", "web"))


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
    part_of : str
        The page of the menu that it belongs to; itself by default.
    live : bool
        Whether it needs a server: a published site has no such page.
    """

    name: str
    es: str
    en: str
    menu: bool = True
    part_of: str = ""
    live: bool = False

    def slug(self, language: Language) -> str:
        """Return the address below the root of a language."""
        return self.es if language == "es" else self.en


PAGES = (
    Page("panorama", "", ""),
    Page("map", "mapa", "map"),
    Page("places", "lugares", "places"),
    Page("place", "lugar/{code}", "place/{code}", menu=False, part_of="places"),
    Page("compare", "comparar", "compare", menu=False, part_of="places"),
    Page("year", "ano/{code}", "year/{code}", menu=False, part_of="panorama"),
    Page(
        "brief",
        "lugar/{code}/informe",
        "place/{code}/brief",
        menu=False,
        part_of="places",
        live=True,
    ),
    Page("claims", "afirmaciones", "claims"),
    Page("claim", "afirmaciones/{code}", "claims/{code}", menu=False, part_of="claims"),
    Page("review", "revisar", "check", live=True),
    Page("lab", "escenarios", "scenarios"),
    Page("frozen", "escenarios/{code}", "scenarios/{code}", menu=False, part_of="lab", live=True),
    Page("forecast", "pronostico", "forecast"),
    Page("evidence", "evidencia", "evidence", menu=False, part_of="model"),
    Page("model", "modelo", "model"),
    Page("data", "datos", "data"),
    Page("bring", "traer", "bring", menu=False, part_of="data", live=True),
    Page("brought", "traer/{code}", "bring/{code}", menu=False, part_of="data", live=True),
    Page("about", "acerca", "about"),
    Page("api", "api/v1", "api/v1", menu=False, live=True),
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
    kind : ``csv``, ``parquet``, ``json``, ``png`` or ``svg`` for a twin,
        ``bib`` or ``csl`` for a reference.
    """
    slug = BY_NAME[name].slug(language)
    if kind and not slug:
        slug = FRONT
    path = f"{root(language)}/{slug.format(code=quote(code, safe=''))}"
    path = f"{path}.{kind}" if kind else path
    kept = {key: value for key, value in (query or {}).items() if value != ""}
    return f"{path}?{urlencode(kept)}" if kept else path


class AbsentError(SpecError):
    """What was asked for is not there."""


#: Parts of a query that say which page is meant: without it there is none.
WHICH = ("place", "estado", "year", "month")
#: What other parts are called where one holds something unknown.
CALLED = {
    "estado": _("state"), "ready": _("ready scenario"), "verdict": _("verdict"),
    "order": _("order"), "unit": _("unit"), "span": _("span"), "measures": _("measure"),
    "parameter": _("parameter"),
}  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """A request as a page sees it: language, what varies in the address, and the state."""

    page: str
    language: Language
    code: str = ""
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> Words:
        """The words of the language asked for."""
        return words(self.language)

    def choice(self, name: str, allowed: Collection[str], default: str) -> str:
        """Return a part of the state that is one of some words.

        Raises
        ------
        SpecError
            It is none of them: the link was changed or is of another version.
        AbsentError
            It names a place, year or month that is not there.
        """
        given = self.query.get(name, default)
        if given not in allowed:
            called = CALLED.get(name, Message(name, {}))
            error = unknown(called, given[:40], filter(None, allowed), where=_("link"))
            if name in WHICH:
                raise AbsentError(error.what, where=error.where, fix=error.fix)
            raise error
        return given

    def month(self, name: str, default: str) -> str:
        """Return a part of the state that is a month, ``YYYY-MM``."""
        return month(self.query.get(name, default)[:20])

    def span(self) -> tuple[str, str]:
        """Return the first and last month asked for, ``from`` and ``to``: months or years.

        Raises
        ------
        SpecError
            The range ends before it begins.
        """
        ends = []
        for name, usual, month_of_year in (("from", "1900-01", "-01"), ("to", "2099-12", "-12")):
            given = self.query.get(name) or usual
            whole_year = len(given) == 4 and given.isdecimal()
            ends.append(month(given[:20] + (month_of_year if whole_year else "")))
        if ends[0] > ends[1]:
            raise SpecError(
                _("The range ends before it begins."),
                where=f"from={ends[0]}, to={ends[1]}",
                fix=_("Choose a first year before the last one."),
            )
        return ends[0], ends[1]

    def address(self, page: str, code: str = "", **query: str) -> str:
        """Return the address of another page in the same language."""
        return address(page, self.language, code, query)


@dataclass
class View:
    """What a page shows.

    Attributes
    ----------
    title, lead : str
        Heading and first sentence.
    sections : list of Section
        Parts in reading order; charts are in their blocks.
    template : str
        Template that prints it.
    state : mapping
        The state with every default filled in, as the permalink keeps it.
    more : mapping
        What only the template of this page needs.
    keep : bool
        Whether the page may be kept and shown again for the same request.
    """

    title: str
    lead: str = ""
    sections: list[Section] = field(default_factory=list)
    template: str = "sections.html.j2"
    state: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    keep: bool = True

    @property
    def blocks(self) -> dict[str, Block]:
        """Charts of the page by name, in reading order."""
        return {block.name: block for part in self.sections for block in part.blocks}


Builder = Callable[[Ask], View]
