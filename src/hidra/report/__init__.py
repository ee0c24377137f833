"""The report of a run and its brief: sections composed from tables, printed in two languages.

A section is a function from tables to blocks, registered under a name::

    @section("arrests", needs=("observed",), title={"es": "Detenciones", "en": "Arrests"})
    def arrests(tables, meta, words): ...

Those of hidra stand in the entry point group ``hidra.report_sections``; so may those of others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from hidra.charts.block import Block, Section
from hidra.charts.words import Words

Tables = Mapping[str, pd.DataFrame]
Meta = Mapping[str, Any]
Tell = Callable[[Tables, Meta, Words], Section | Sequence[Block]]


@dataclass(frozen=True)
class ReportSection:
    """A section of the report.

    Attributes
    ----------
    name : Short ASCII name: anchor in the page.
    tell : callable
        ``tell(tables, meta, words)`` gives blocks, or a whole :class:`~hidra.charts.block.Section`.
    needs : Tables without which it has nothing to show.
    silent : Whether it is left out then; otherwise it says so in one sentence.
    title : Language -> title; those of hidra are in its catalogue.
    after : Section behind which it stands; at the end where empty.
    """

    name: str
    tell: Tell
    needs: Sequence[str] = ()
    silent: bool = False
    title: Mapping[str, str] = field(default_factory=dict)
    after: str = ""

    def __call__(self, tables: Tables, meta: Meta, words: Words) -> Section:
        """Return the section in one language; an empty one where it is to be left out."""
        title = self.title.get(words.language) or words.maybe(f"section.{self.name}", self.name)
        told: Section | Sequence[Block]
        if any(name not in tables or tables[name].empty for name in self.needs):
            told = Section() if self.silent else missing(words)
        else:
            told = self.tell(tables, meta, words)
        found = told if isinstance(told, Section) else Section(blocks=list(told))
        return replace(found, name=self.name, title=found.title or title)


def missing(words: Words) -> Section:
    """A section with a sentence that says it has nothing to show."""
    return Section(paragraphs=[words("section.missing")])


def section(name: str, **given: Any) -> Callable[[Tell], ReportSection]:
    """Register a function as a section; ``given`` is what else a :class:`ReportSection` has."""
    return lambda tell: ReportSection(name, tell, **given)
