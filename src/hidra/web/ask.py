"""What a reader asks for, and what a page answers with."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hidra.charts.block import Block, Section
from hidra.charts.words import Language, Words
from hidra.core.errors import SpecError, unknown
from hidra.core.place import month
from hidra.web import site
from hidra.web.words import words


class AbsentError(SpecError):
    """What was asked for is not there."""


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
        """
        given = self.query.get(name, default)
        if given not in allowed:
            raise unknown(name, given[:40], allowed, where="link")
        return given

    def month(self, name: str, default: str) -> str:
        """Return a part of the state that is a month, ``YYYY-MM``."""
        return month(self.query.get(name, default)[:20])

    def address(self, page: str, code: str = "", **query: str) -> str:
        """Return the address of another page in the same language."""
        return site.address(page, self.language, code, query)


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
