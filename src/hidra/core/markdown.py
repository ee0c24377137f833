"""Markdown that programs write: the tables of the documentation."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence


def table(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, right: Collection[int] = ()
) -> str:
    """Return a table, one row a line, without a last line end.

    Parameters
    ----------
    head : titles of the columns.
    rows : cells as they are to be read; a bar in one is escaped.
    right : numbers of the columns that are set to the right.

    Raises
    ------
    ValueError
        A row has more or fewer cells than there are columns.
    """
    edges = ("---:" if at in right else "---" for at in range(len(head)))
    lines = [_line(head), f"|{'|'.join(edges)}|"]
    for row in rows:
        if len(row) != len(head):
            raise ValueError(f"{len(row)} cells for {len(head)} columns: {row}")
        lines.append(_line([str(cell) for cell in row]))
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
