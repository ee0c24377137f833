"""How verbs speak: data to standard output, progress and remarks to standard error."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from hidra.core.progress import Progress, bars


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output, and nothing else."""
    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


def remark(text: str) -> None:
    """Print a line on standard error."""
    print(text, file=sys.stderr)


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    caption: str = "",
    right: Sequence[str] = (),
) -> None:
    """Print a table of at most 80 columns where the output is not a terminal.

    Parameters
    ----------
    columns : names; those in `right` are aligned to the right, as numbers are.
    rows : cells as text.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(
        title=title or None, caption=caption or None, box=box.SIMPLE, title_justify="left"
    )
    table.caption_justify = "left"
    for number, name in enumerate(columns):
        justify: Any = "right" if name in right else "left"
        table.add_column(name, justify=justify, no_wrap=number == 0)
    for row in rows:
        table.add_row(*row)
    console = Console() if sys.stdout.isatty() else Console(width=80)
    console.print(table)


def progress() -> AbstractContextManager[Progress]:
    """Show one bar per stage on a terminal, and a line every tenth of the way elsewhere."""
    from hidra.cli.words import say

    return bars(say)
