"""The command line: verbs only, no logic of their own."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hidra.cli import words


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    ``--lang`` and ``--debug`` are accepted anywhere, as users write them anywhere.

    Parameters
    ----------
    arguments : words after ``hidra``; those of the process by default.
    """
    given, options = _everywhere(sys.argv[1:] if arguments is None else arguments)
    _streams()
    try:
        Path.cwd()  # gone: then nothing works, and libraries say it in odd ways
        words.choose(options.get("--lang"))
        code = _run(given)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # who reads has what was wanted
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except (Exception, KeyboardInterrupt) as error:
        from hidra.cli.terminal import interrupted, report

        if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "InterruptException":
            return interrupted()  # DuckDB has an exception of its own for Ctrl-C
        if "--debug" in options:
            raise
        return report(error)


def _streams() -> None:
    """Let nothing that is said fail: closed streams take and give nothing, odd letters escape."""
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace"))
        elif name != "stdin" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _run(arguments: list[str]) -> int:
    import signal

    from hidra.cli.app import command
    from hidra.cli.terminal import interrupted

    words.help_in_words()
    # Being asked to end is treated like Ctrl-C: partial folders are removed on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = command().main(arguments, prog_name="hidra", standalone_mode=False)
    except KeyboardInterrupt:
        code = 130
    return interrupted() if code == 130 else int(code or 0)


def _everywhere(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Take ``--debug``, ``--lang VALUE`` and ``--lang=VALUE`` out of the arguments.

    What stands after ``--`` is left alone.
    """
    end = list(arguments).index("--") if "--" in arguments else len(arguments)
    kept: list[str] = []
    found: dict[str, str] = {}
    left = iter(arguments[:end])
    for word in left:
        name, equals, value = word.partition("=")
        if word == "--debug":
            found[word] = ""
        elif name == "--lang":
            found[name] = value if equals else next(left, "")
        else:
            kept.append(word)
    return [*kept, *arguments[end:]], found
