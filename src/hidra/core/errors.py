"""Every error a user can meet: what happened, where, and what to do.

Exit codes (documented in ``docs/en/reference/exit-codes.md``):

====  =====================================================================
code  meaning
====  =====================================================================
0     the command worked
1     an unexpected error inside hidra (a bug: please report it)
2     the request is wrong: an argument, a study file, a mechanism, a month
3     a source, table, run or file is missing, broken or not what it says it is
4     the panel fails a check, or an import would damage it
5     a fit or score could not be computed or may not be trusted
6     this machine does not give what is needed: disk, permission, memory
130   interrupted (Ctrl-C); nothing half-written is left
141   who reads the output has closed it (``hidra ... | head``)
====  =====================================================================
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Mapping
from typing import Any

from hidra.core.i18n import Message, _, either

DISTRIBUTION = "hidra-mx"  # under which hidra is packed; `hidra` alone is somebody else's


class HidraError(Exception):
    """An error with three parts, shown to the user as three lines.

    Parameters
    ----------
    what : str
        What happened, with the value found.
    where : str
        File, line, key, place or month where it happened.
    fix : str
        What to do next.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str, fix: str) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.what}\n  where: {self.where}\n  what to do: {self.fix}"

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process borders: keyword-only arguments need telling pickle how.
        return _rebuild, (type(self), self.what, self.where, self.fix)


class SpecError(HidraError):
    """The request is wrong: argument, study, mechanism, parameter, month."""

    exit_code = 2


class SourceError(HidraError):
    """A source or table is missing, broken or not what it claims to be."""

    exit_code = 3


class PanelError(HidraError):
    """The panel fails a check, or an import would damage it."""

    exit_code = 4


class FitError(HidraError):
    """A fit or a score could not be computed, or must not be trusted."""

    exit_code = 5


class RunError(HidraError):
    """A run folder could not be written."""

    exit_code = 6


def _rebuild(kind: type[HidraError], what: str, where: str, fix: str) -> HidraError:
    return kind(what, where=where, fix=fix)


def unknown(thing: str, name: str, allowed: Iterable[str], *, where: str) -> SpecError:
    """Build the error for a name that is not in a list, offering the closest ones."""
    name, names = str(name), sorted(set(allowed))  # the key of a file may be any plain value
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    fix = (
        _("Did you mean {names}?", names=either(close))
        if close
        else _("Use one of: {names}.", names=", ".join(names))
    )
    return SpecError(
        _("There is no {thing} called '{name}'.", thing=thing, name=name), where=where, fix=fix
    )


def lacking(extra: str, *, where: str) -> SourceError:
    """Build the error for work that needs packages the default install leaves out.

    Parameters
    ----------
    extra : the extra of the distribution that lists them; what it lists is what is offered, so
        that nobody is sent to a package of a similar name.
    """
    from importlib.metadata import PackageNotFoundError, requires

    mark = f'extra == "{extra}"'
    try:
        named = [one for one in requires(DISTRIBUTION) or () if mark in one.replace("'", '"')]
    except PackageNotFoundError:
        named = []
    packages = " ".join(one.partition(";")[0].strip() for one in named)
    return SourceError(
        _(
            "This needs what the extra '{extra}' brings: {packages}.",
            extra=extra,
            packages=packages or extra,
        ),
        where=where,
        fix=_(
            "Install it beside hidra: python -m pip install {packages}", packages=packages or extra
        ),
    )


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
#: What libraries raise over a file that is damaged, locked or of an odd kind: module and class.
BROKEN = frozenset({
    "zipfile.BadZipFile", "zipfile.LargeZipFile", "zlib.error", "gzip.BadGzipFile",
    "_lzma.LZMAError", "_csv.Error", "struct.error", "binascii.Error", "builtins.EOFError",
    "builtins.UnicodeDecodeError", "builtins.UnicodeEncodeError", "json.decoder.JSONDecodeError",
    "xml.etree.ElementTree.ParseError", "tomllib.TOMLDecodeError", "pandas.errors.ParserError",
    "pandas.errors.EmptyDataError", "pyarrow.lib.ArrowInvalid", "pyarrow.lib.ArrowException",
    "pyogrio.errors.DataSourceError", "pyogrio.errors.DataLayerError",
})  # fmt: skip
READERS = ("python_calamine",)  # libraries that only read files: whatever they raise is of the file
DAMAGED = ("FatalException", "InternalException", "SerializationException")  # of DuckDB's file


def foreign(error: BaseException) -> HidraError | None:
    """Return trouble that comes from outside in three parts: disk, memory, files of the world.

    The one gate through which command line and page tell it; None for a fault of hidra's own.
    """
    kind, text = type(error), (str(error).strip().splitlines() or [type(error).__name__])[0]
    library, name = kind.__module__.partition(".")[0].lstrip("_"), kind.__name__
    where = str(getattr(error, "filename", None) or place_of(error))
    if isinstance(error, MemoryError) or name == "OutOfMemoryException":
        return RunError(
            _("This machine has not enough memory for it."), where=where,
            fix=_("Ask for less: fewer draws, an earlier end, a smaller file."),
        )  # fmt: skip
    if library == "duckdb":
        return _of_duckdb(name, text, where)
    broken = f"{kind.__module__}.{name}" in BROKEN or library in READERS
    if broken or _locked(error, text):
        return SourceError(
            _("A file that was given is damaged, locked, or of a kind not read here: {text}.",
              text=text.rstrip(".")), where=where,
            fix=_("Open it with the program that made it, and save it again; text in UTF-8."),
        )  # fmt: skip
    if isinstance(error, OSError):
        return _of_the_system(error, where)
    if isinstance(error, RecursionError):
        return SourceError(
            _("Something that was given is nested too deep."), where=where,
            fix=_("Write it flatter."),
        )  # fmt: skip
    return None


def _of_duckdb(name: str, text: str, where: str) -> HidraError | None:
    from hidra.core.files import home

    if "orrupt" in text or "checksum" in text or name in DAMAGED:
        return PanelError(
            _("A block of the panel file is damaged: {text}.", text=text.rstrip(".")),
            where=str(home() / "panel.duckdb"),
            fix=_("Put back a copy, or move the file away and add the same files again."),
        )
    if name == "IOException":
        return RunError(
            _("The system does not do it: {text}.", text=text.rstrip(".")), where=where,
            fix=_("Check that the folder is there, that you may use it, and the space left."),
        )  # fmt: skip
    return None


def _locked(error: BaseException, text: str) -> bool:
    """Tell whether `zipfile` asks for a password, or does not know a way of packing."""
    words = ("encrypted", "password", "compression")
    return isinstance(error, (RuntimeError, NotImplementedError)) and any(w in text for w in words)


def _of_the_system(error: OSError, where: str) -> RunError:
    if error.errno in FULL:
        return RunError(
            _("The disk is full."), where=where,
            fix=_("Free some space, or choose another folder with --out."),
        )  # fmt: skip
    if error.errno in FORBIDDEN:
        return RunError(
            _("No permission to read or write here."), where=where,
            fix=_("Choose a folder you may write to, or change its permissions."),
        )  # fmt: skip
    return RunError(
        _("The system does not do it: {text}.", text=error.strerror or error), where=where,
        fix=_("Check that the folder is there, that you may use it, and the space left."),
    )  # fmt: skip


def place_of(error: BaseException) -> str:
    """Return the module and line in which an error arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return _(
        "{name}, line {line}",
        name=trace.tb_frame.f_globals.get("__name__", "unknown"),
        line=trace.tb_lineno,
    )


class BadValueError(ValueError):
    """What is wrong with a value and how to cure it, before file and line are known.

    Parameters
    ----------
    at : the key it is about, where that is deeper than the object being validated.
    """

    def __init__(self, what: str, fix: str, *, at: tuple[str | int, ...] = ()) -> None:
        super().__init__(what)
        self.what, self.fix, self.at = what, fix, at

    @classmethod
    def unknown(
        cls, thing: str, name: str, known: Iterable[str], *, at: tuple[str | int, ...] = ()
    ) -> BadValueError:
        """Build the error for a name that is not in a list, offering the closest ones."""
        error = unknown(thing, name, known, where="")
        return cls(error.what, error.fix, at=at)


#: What pydantic asks of a value, by the type of its error, with the names of its context.
ASKED = {
    "greater_than_equal": _("Input should be greater than or equal to {ge}."),
    "less_than_equal": _("Input should be less than or equal to {le}."),
    "less_than": _("Input should be less than {lt}."),
    "greater_than": _("Input should be greater than {gt}."),
    "int_parsing": _("Input should be a valid integer, unable to parse string as an integer."),
    "float_parsing": _("Input should be a valid number, unable to parse string as a number."),
    "literal_error": _("Input should be {expected}."),
    "tuple_type": _("Give a list, such as [one, another]."),
    "too_short": _("Give at least {min_length}."),
    "union_tag_not_found": _(
        "Give a number, or a prior with its family, for example "
        "{{family: log_normal, median: 1, log_sd: 0.5}}."
    ),
    "union_tag_invalid": _("There is no family of priors '{tag}': write {expected_tags}."),
}


def asked(found: Mapping[str, Any]) -> str:
    """Say what pydantic wants there; what it says of rare kinds stays in its own words."""
    if isinstance(known := found.get("ctx", {}).get("error"), ValueError):
        return _("{what}.", what=known.args[0])
    if found["type"] in ASKED:
        return Message(ASKED[found["type"]], found.get("ctx", {}))
    return f"{found['msg'].rstrip('.')}."
