"""Long work: how far it is, told as bars or lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def bars(words: Callable[[str], str] = str, *, lines: bool = True) -> Iterator[Progress]:
    """Give a function of stage, done and total that shows one bar a stage.

    Parameters
    ----------
    words : says a stage in the language of the reader.
    lines : print a line every tenth of the way where there is neither terminal nor notebook.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_jupyter:
        yield _display(words)
        return
    if not console.is_terminal:
        yield _lines(words) if lines else silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console) as shown:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(words(stage), total=total)
            shown.update(tasks[stage], completed=done, total=total)

        yield show


def _display(words: Callable[[str], str]) -> Progress:
    """Write one output of a notebook again and again: bars would need widgets installed."""
    from IPython.display import display

    told: dict[str, str] = {}
    shown = display({"text/plain": ""}, raw=True, display_id=True)

    def show(stage: str, done: int, total: int) -> None:
        line = f"{words(stage)}: {100 * done // max(total, 1)}\u00a0%"
        if told.get(stage) != line:
            told[stage] = line
            shown.update({"text/plain": "\n".join(told.values())}, raw=True)

    return show


def _lines(words: Callable[[str], str]) -> Progress:
    told: dict[str, int] = {}

    def show(stage: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if tenth > told.get(stage, -1):
            told[stage] = tenth
            print(f"{words(stage)}: {done}/{total}", file=sys.stderr)

    return show
