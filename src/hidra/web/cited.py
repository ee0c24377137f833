"""Sources under a chart: who counts what in a line, the whole citation and its gaps behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hidra.charts.block import Block, published_by, source_line
from hidra.charts.words import Words, local
from hidra.web import records


def cited(block: Block, names: Sequence[str], words: Words, *, beside: str = "") -> Block:
    """Return a block with the sources of its figures, short and whole.

    Parameters
    ----------
    names : of the sources, in the catalogue.
    beside : what else the chart rests on, a simulation for instance.
    """
    known = records.records().sources
    whole = " ".join(part for part in (source_line(known, names, words), beside) if part)
    return replace(block, source=whole, brief=brief(names, words, beside))


def brief(names: Sequence[str], words: Words, beside: str = "") -> str:
    """Return who counts what, and when it was read, in one or two lines."""
    known = records.records().sources.set_index("name", drop=False)
    rows = [known.loc[name] for name in dict.fromkeys(names) if name in known.index]
    counted: dict[str, list[str]] = {}
    for row in rows:
        publisher = published_by(row, words).split(";")[0].split(" (")[0]
        counted.setdefault(publisher, []).append(local(row, "concept", words.language))
    said = [_counts(who, "; ".join(filter(None, what))) for who, what in counted.items()]
    days = sorted({local(row, "accessed", words.language) for row in rows})
    read = words("word.accessed", day=words.day(days[-1])) if days else ""
    label = words("word.sources" if len(said) > 1 else "word.source")
    line = f"{label}: {', '.join(said)}; {read}." if said else ""
    return " ".join(part for part in (line, beside) if part)


def _counts(who: str, what: str) -> str:
    return f"{who} ({what})" if what else who
