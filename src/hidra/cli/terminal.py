"""The terminal: data on standard output, remarks and errors on standard error, Ctrl-C at any time.

Python handles signals only between its own instructions, and a compiled fit may run for minutes
without one. So long work goes to a thread, and the main thread only waits (`interruptible`).
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import sysconfig
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

import hidra
from hidra.cli import chosen, say
from hidra.core.errors import HidraError, SpecError, asked, foreign, place_of, unknown
from hidra.core.i18n import _, either, translate
from hidra.core.workers import Progress, aside, bars

if TYPE_CHECKING:
    from hidra.core.workers import Workers as WhoWorks

T = TypeVar("T")

#: Options that several verbs share.
Json = Annotated[bool, typer.Option("--json", help=say("Print JSON only."))]
StudyFile = Annotated[
    Path | None,
    typer.Argument(metavar="[STUDY]", help=say("Study file; the default study if none.")),
]
Seed = Annotated[
    int | None, typer.Option(min=0, max=2**32 - 1, help=say("Seed of all random numbers."))
]
Workers = Annotated[
    int | None, typer.Option(min=1, help=say("Processes to use; changes no number."))
]
Draws = Annotated[
    str | None,
    typer.Option(
        metavar="N|FROM:TO",
        help=say("Number of ensemble members; FROM:TO: only these, a shard for `hidra merge`."),
    ),
]
Cluster = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help=say("A Dask scheduler, tcp://HOST:8786; or: local. Changes no number."),
    ),
]
Force = Annotated[
    bool,
    typer.Option("--force", help=say("Replace what stands there: another run, files of yours.")),
]

# The tracker of worker processes cleans up after those we end, and would tell the user about it.
QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"
_left_running = threading.Event()


def group() -> typer.Typer:
    """Return an empty group of verbs."""
    return typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def numbers(draws: str | None) -> tuple[int | None, range | None]:
    """Return how many draws were asked for, or which of them.

    Raises
    ------
    SpecError
        It is neither a number nor two with a colon, the first below the second.
    """
    from hidra.core.param import whole

    if draws is None:
        return None, None
    first, colon, last = draws.partition(":")
    try:
        if not colon:
            return whole(draws), None
        span = range(whole(first or "0"), whole(last))
        if not span or span.start < 0:
            raise ValueError
    except ValueError:
        raise SpecError(
            _("'{text}' names no draws.", text=draws), where="--draws",
            fix=_("Write a number, 500, or from which to which, 0:500 (500 is left out)."),
        ) from None  # fmt: skip
    return None, span


@contextmanager
def hired(workers: int | None, cluster: str = "") -> Iterator[WhoWorks]:
    """Give the processes, or the cluster, that an option names."""
    from hidra.core.workers import hired
    from hidra.run import stands_on

    with hired(workers or cores(), cluster, stands_on) as those:
        yield those


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output, and nothing else."""
    plain = "utf" not in (sys.stdout.encoding or "").lower()
    print(json.dumps(value, ensure_ascii=plain, indent=2, allow_nan=False))


def remark(text: str) -> None:
    """Print a line on standard error; that nobody can read it there is no reason to fail."""
    with suppress(OSError):
        print(text, file=sys.stderr)


def print_table(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    caption: str = "",
    right: Sequence[str] = (),
) -> None:
    """Print a table on a terminal; where another program reads, a line with tabs for each row.

    Parameters
    ----------
    columns : names; those in `right` are aligned to the right, as numbers are.
    rows : cells as text.
    title, caption : what stands above and below; not among the rows for another program, which
        finds them on standard error.
    """
    if not sys.stdout.isatty():
        for text in filter(None, (title, caption)):
            remark(text)
        for row in [columns, *rows]:
            print("\t".join(" ".join(str(one).split()) for one in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console()
    table = Table(
        title=title or None, caption=caption or None, box=box.SIMPLE, title_justify="left"
    )
    table.caption_justify = "left"
    longest = [
        max(len(word) for text in (" ", *column) for word in (str(text).split() or [""]))
        for column in zip(columns, *rows, strict=True)
    ]
    if sum(longest) + 3 * len(columns) + 1 > console.width:  # a name would be cut: one below other
        for text in filter(None, (title, caption)):
            console.print(text, markup=False)
        for row in rows:
            told = [f"  {name}: {text}" if name else f"  {text}"
                    for name, text in zip(columns[1:], row[1:], strict=True) if text]  # fmt: skip
            console.print(row[0], *told, sep="\n", markup=False, highlight=False)
        return
    for name, least in zip(columns, longest, strict=True):
        justify: Any = "right" if name in right else "left"
        table.add_column(name, justify=justify, min_width=least)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def cell(value: object) -> str:
    """Return a value as a cell of text; unknown is empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.12g}"
    return str(value)


def progress() -> AbstractContextManager[Progress]:
    """Show one bar per stage on a terminal, and a line every tenth of the way elsewhere."""
    return bars(say)


def report(error: Exception) -> int:
    """Print the error in three lines on standard error and return its exit code."""
    known = explained(error)
    lines = (
        (say("error"), translate(known.what, chosen())),
        (say("where"), translate(known.where, chosen())),
        (say("what to do"), translate(known.fix, chosen())),
    )
    if not sys.stderr.isatty() or "NO_COLOR" in os.environ:
        for label, text in lines:
            remark(f"{label}: {text}")
    else:
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True)
        for (label, text), style in zip(lines, ("bold", "dim", ""), strict=True):
            console.print(Text.assemble((f"{label}: ", "bold"), (text, style)))
    return known.exit_code


def explained(error: Exception) -> HidraError:
    """Turn any exception into one with three parts: what, where, what to do."""
    if isinstance(error, HidraError):
        return error
    if hasattr(error, "format_message"):  # what the command line parser raises
        return _misused(error)
    known = foreign(error)
    if known is not None:
        return known
    mine = _own_line(error)
    fix = _("This is a bug in hidra. Run again with --debug and report what it prints.")
    if mine:
        fix = _("The file is your own: correct it there; --debug shows the whole trace.")
    return HidraError(
        _("Unexpected {kind}: {text}", kind=type(error).__name__, text=error),
        where=mine or place_of(error), fix=fix,
    )  # fmt: skip


def _own_line(error: BaseException) -> str:
    """Return file and line of a mechanism, design or the like of one's own in a trace; else "".

    A worker hands its trace on as text.
    """
    said = "".join(traceback.format_exception(error))
    installed = (sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib"))
    theirs = (str(Path(hidra.__file__).parent), *installed)
    lines = re.findall(r'File "([^"<>]+)", line (\d+)', said)
    own = [one for one in lines if not one[0].startswith(theirs) and Path(one[0]).suffix == ".py"]
    return _("{file}, line {line}", file=own[-1][0], line=own[-1][1]) if own else ""


def _misused(error: Any) -> HidraError:
    """Say what the parser of the command line refuses; rare kinds stay in its own words."""
    context, kind = getattr(error, "ctx", None), type(error).__name__
    command = context.command_path if context is not None else "hidra"
    said, param = str(error.format_message()).strip(), getattr(error, "param", None)
    verbs = getattr(getattr(context, "command", None), "commands", {})
    quoted = re.findall("'(.+?)'", said)
    what: str = said
    if kind == "UsageError" and verbs and quoted:
        return unknown(_("command"), quoted[0], verbs, where=command)
    if kind == "NoSuchOption":
        near = sorted(error.possibilities or ())
        what = _("No such option: {name}.", name=error.option_name)
        if near:
            name, names = error.option_name, either(near)
            what = _("No such option: {name}. Did you mean {names}?", name=name, names=names)
    elif kind == "MissingParameter" and param is not None:
        what = _("Missing: {hint}.", hint=param.get_error_hint())
    elif kind == "BadParameter" and param is not None:
        cause = error.__cause__
        why = asked(cause.errors()[0]) if hasattr(cause, "errors") else error.message
        what = _("Invalid value for {hint}: {why}", hint=param.get_error_hint(), why=why)
    elif said.startswith("Got unexpected extra argument"):
        what = _("Too many arguments: {words}.", words=said.partition(" (")[2].rstrip(")"))
    return SpecError(what, where=command, fix=_("See: {command} --help", command=command))


def interruptible(work: Callable[[], T]) -> T:
    """Do the work in a thread; on Ctrl-C end its processes and remove what it half wrote.

    Raises
    ------
    KeyboardInterrupt
        After cleaning up. The thread may still be inside compiled code: end by `interrupted`.
    """
    if QUIET not in sys.warnoptions:
        sys.warnoptions.append(QUIET)  # multiprocessing hands these to the processes it starts

    def masked() -> T:
        if hasattr(signal, "pthread_sigmask"):  # worker processes inherit the mask: Ctrl-C is ours
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        return work()

    thread, told = aside(masked)
    try:
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        _stop(thread)
        raise
    return told.result()


def _stop(thread: threading.Thread) -> None:
    """End worker processes, give the thread a moment to notice, and clean up after it."""
    from hidra.core import workers
    from hidra.core.files import abandon

    workers.end()
    thread.join(1.0)
    if any(one.name == workers.ASIDE for one in threading.enumerate()):
        _left_running.set()
    abandon()


def interrupted() -> int:
    """Say that nothing half-written is left, and return the exit code of Ctrl-C.

    Where a thread cannot be waited for, the process ends here.
    """
    remark(say("Interrupted. Nothing half-written is left."))
    if _left_running.is_set():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(130)
    return 130
