"""What a user sees when something fails: what happened, where, what to do."""

from __future__ import annotations

import errno
import os
import sys

from hidra.cli.words import say, translated
from hidra.core.errors import HidraError, RunError, SpecError

FULL = (errno.ENOSPC, errno.EDQUOT)


def report(error: Exception) -> int:
    """Print the error in three lines on standard error and return its exit code."""
    known = explained(error)
    lines = (
        (say("error"), translated(known.what)),
        (say("where"), translated(known.where)),
        (say("what to do"), translated(known.fix)),
    )
    if _plain():
        for label, text in lines:
            print(f"{label}: {text}", file=sys.stderr)
    else:
        from rich.console import Console
        from rich.text import Text

        console = Console(stderr=True)
        for (label, text), style in zip(lines, ("bold", "dim", ""), strict=True):
            console.print(Text.assemble((f"{label}: ", "bold"), (text, style)))
    return known.exit_code


def interrupted() -> int:
    """Say that nothing half-written is left, and return the exit code of Ctrl-C."""
    print(say("Interrupted. Nothing half-written is left."), file=sys.stderr)
    return 130


def explained(error: Exception) -> HidraError:
    """Turn any exception into one with three parts."""
    if isinstance(error, HidraError):
        return error
    if hasattr(error, "format_message"):  # what the command line parser raises
        return _usage(error)
    if isinstance(error, OSError) and error.errno in FULL:
        return RunError(
            "The disk is full.",
            where=str(error.filename or "the folder being written"),
            fix="Free some space, or choose another folder with --out.",
        )
    if isinstance(error, OSError) and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return RunError(
            "No permission to read or write here.",
            where=str(error.filename or "unknown file"),
            fix="Choose a folder you may write to, or change its permissions.",
        )
    return HidraError(
        f"Unexpected {type(error).__name__}: {error}",
        where=_last_place(error),
        fix="This is a bug in hidra. Run again with --debug and report what it prints.",
    )


def _usage(error: Exception) -> SpecError:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "hidra"
    message = error.format_message().strip()  # type: ignore[attr-defined]
    return SpecError(message, where=command, fix=f"See: {command} --help")


def _last_place(error: Exception) -> str:
    trace = error.__traceback__
    if trace is None:
        return "unknown"
    while trace.tb_next is not None:
        trace = trace.tb_next
    name = trace.tb_frame.f_globals.get("__name__", "unknown")
    return f"{name}, line {trace.tb_lineno}"


def _plain() -> bool:
    return not sys.stderr.isatty() or "NO_COLOR" in os.environ
