"""The command line: verbs only, no logic of their own; one language for the whole process."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hidra.core.errors import SpecError
from hidra.core.i18n import LANGUAGES, Language, _, translate


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
        choose(options.get("--lang"))
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

    help_in_words()
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


#: Names of columns, stages and codes that tables show in words.
SHOWN = (
    _("system"), _("cores"), _("memory_gb"), _("home"), _("home_exists"),
    _("state"), _("nation"), _("municipality"),
    _("built in"), _("added"), _("not fetched"), _("bring your own file"),
    _("level"), _("from"), _("to"), _("rows"), _("vintage"),
    _("ok"), _("fails"), _("not run"),
    _("measure"), _("place"), _("month"), _("year"), _("before"), _("after"), _("change"),
    _("kind"), _("cells_changed"),
    _("strong"), _("contested"), _("assumed"), _("rejected"), _("proposed"), _("neither"),
    _("figure"), _("comparison"), _("causal"), _("interpretation"),
    _("high"), _("medium"), _("low"),
    _("emulate, check"), _("sample, check"), _("emulate, projection"), _("sample, projection"),
    _("tables"), _("report"), _("score"), _("courses"),
    _("Options"), _("Commands"), _("Arguments"), _("Show this message and exit."),
    _("Install completion for the current shell."),
    _("Show completion for the current shell, to copy it or customize the installation."),
    _("Example"), _("pages"), _("COMMAND [ARGS]..."),
)  # fmt: skip
_chosen: Language = "en"


def choose(language: str | None) -> None:
    """Set the language: the one asked for, else HIDRA_LANG, else that of the system."""
    global _chosen  # noqa: PLW0603 - one process speaks one language
    asked = language if language is not None else os.environ.get("HIDRA_LANG")
    if asked is None:
        system = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
        asked = "es" if system.startswith("es") else "en"
    if asked not in LANGUAGES:
        raise SpecError(
            _("There is no language called '{asked}'.", asked=asked),
            where="--lang",
            fix=_("Use one of: en, es."),
        )
    _chosen = asked


def chosen() -> Language:
    """Return the language of this process, ``es`` or ``en``."""
    return _chosen


def help_in_words() -> None:
    """Let the help of the command line say its own few words in the chosen language."""
    import typer

    context: Any = typer.Context.__base__

    class Formatter(context.formatter_class):
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            args = args.replace("[OPTIONS]", f"[{say('Options').upper()}]")
            args = args.replace("COMMAND [ARGS]...", say("COMMAND [ARGS]..."))
            super().write_usage(prog, args, prefix or f"{say('Usage')}: ")

        def write_heading(self, heading: str) -> None:
            super().write_heading(say(heading))

        def write_dl(self, rows: Any, *sizes: Any, **more: Any) -> None:
            super().write_dl([(term, say(help)) for term, help in rows], *sizes, **more)

    context.formatter_class = Formatter


def say(text: str, /, **values: object) -> str:
    """Return the text in the chosen language with its values filled in."""
    return translate(_(text, **values) if values else text, _chosen)
