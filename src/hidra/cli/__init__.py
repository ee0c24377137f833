"""The command line: verbs only, no logic of their own."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from hidra.cli import words


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    ``--lang`` and ``--debug`` are accepted anywhere, as users write them anywhere.

    Parameters
    ----------
    arguments : words after ``hidra``; those of the process by default.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    given, debug = _without_flag(given, "--debug")
    try:
        given, language = _without_option(given, "--lang")
        words.choose(language)
        return _run(given)
    except Exception as error:
        from hidra.cli.failure import report

        if debug:
            raise
        return report(error)


def _run(arguments: list[str]) -> int:
    import signal

    from typer.main import get_command

    from hidra.cli.app import app
    from hidra.cli.failure import interrupted
    from hidra.cli.interruptible import leave

    # Being asked to end is treated like Ctrl-C: partial folders are removed on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = get_command(app).main(arguments, prog_name="hidra", standalone_mode=False)
    except KeyboardInterrupt:
        code = 130
    return leave(interrupted()) if code == 130 else int(code or 0)


def _without_flag(arguments: list[str], flag: str) -> tuple[list[str], bool]:
    """Take a flag out of the arguments; what stands after ``--`` is left alone."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [word for word in arguments[:end] if word != flag]
    return kept + arguments[end:], len(kept) < end


def _without_option(arguments: list[str], option: str) -> tuple[list[str], str | None]:
    """Take ``option VALUE`` or ``option=VALUE`` out of the arguments."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept: list[str] = []
    value: str | None = None
    words_left = iter(arguments[:end])
    for word in words_left:
        if word == option:
            value = next(words_left, "")
        elif word.startswith(f"{option}="):
            value = word.partition("=")[2]
        else:
            kept.append(word)
    return kept + arguments[end:], value
