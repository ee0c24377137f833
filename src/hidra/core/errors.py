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
from collections.abc import Iterable

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
    fix = f"Did you mean {' or '.join(close)}?" if close else f"Use one of: {', '.join(names)}."
    return SpecError(f"There is no {thing} called '{name}'.", where=where, fix=fix)


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
        f"This needs what the extra '{extra}' brings: {packages or extra}.",
        where=where,
        fix=f"Install it beside hidra: python -m pip install {packages or extra}",
    )
