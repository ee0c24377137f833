"""Every error a user can meet: what happened, where, and what to do.

Exit codes (documented in ``docs/en/reference/exit-codes.md``):

====  =====================================================================
code  meaning
====  =====================================================================
0     the command worked
1     an unexpected error inside hidra (a bug: please report it)
2     the request is wrong: an argument, a study file, a mechanism, a month
3     a source or table is missing, broken or not what it says it is
4     the panel fails a check, or an import would damage it
5     a fit or score could not be computed or may not be trusted
6     a run folder could not be written (full disk, no permission)
130   interrupted (Ctrl-C); nothing half-written is left
====  =====================================================================
"""

from __future__ import annotations

import difflib
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
    names = sorted(set(allowed))
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
    "union_tag_invalid": _(
        "Input tag '{tag}' found using {discriminator} does not match any of the expected tags: "
        "{expected_tags}."
    ),
}


def asked(found: Mapping[str, Any]) -> str:
    """Say what pydantic wants there; what it says of rare kinds stays in its own words."""
    if isinstance(known := found.get("ctx", {}).get("error"), ValueError):
        return _("{what}.", what=known.args[0])
    if found["type"] in ASKED:
        return Message(ASKED[found["type"]], found.get("ctx", {}))
    return f"{found['msg'].rstrip('.')}."
