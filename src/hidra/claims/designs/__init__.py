"""Designs for causal claims: library estimators, placebos, and what they leave open.

A design is a function without arguments that returns `Found`: a verdict by rules, never by hand,
and the numbers it rests on.

* supported: the main estimate's 90 % interval leaves out zero in the direction claimed, more than
  half of the other estimators agree, and at most 5 % of random dates do as well;
* partly: some windows, units or estimators show it and others do not;
* not supported: no interval leaves out zero;
* contradicted: the main interval leaves out zero on the other side;
* not testable: the places were already on another path before.

A claim names its design by an entry point of the group ``hidra.designs``, as the built-in ones
below, or by a Python file: ``design: mine.py`` (its function `design`) or ``mine.py:name``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hidra.claims.ask import vintage
from hidra.claims.claim import VERDICTS, Claim, Result
from hidra.claims.designs.rules import Found
from hidra.core import fingerprint
from hidra.core.cache import Cache
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    import duckdb

GROUP = "hidra.designs"
BUILT_IN = {
    "removal_at_place": "removals:removal_at_place",
    "dickenson": "published:dickenson",
    "joint_operations": "published:joint_operations",
    "lindo_padilla_romo": "published:lindo_padilla_romo",
    "calderon_et_al": "published:calderon_et_al",
    "enforcement": "published:enforcement",
    "arms_border": "exposure:arms_border",
    "mining_price": "exposure:mining_price",
    "avocado_value": "exposure:avocado_value",
    "groups_in_states": "exposure:groups_in_states",
}
LIBRARIES = ("pyfixest", "diff-diff", "statsmodels")  # whose estimators the designs take


@dataclass(frozen=True)
class Design:
    """A design as it is found by its name: what runs it, and the fingerprint of its code."""

    name: str
    run: Callable[[], Found]
    code: str


def designs() -> dict[str, EntryPoint]:
    """Return the designs by name: the built-in ones and those of installed packages.

    Raises
    ------
    SpecError
        Two packages bring a design of the same name.
    """
    found: dict[str, EntryPoint] = {}
    built_in = [EntryPoint(name, f"{__name__}.{at}", GROUP) for name, at in BUILT_IN.items()]
    for one in (*built_in, *entry_points(group=GROUP)):
        if one.name in found and found[one.name].value != one.value:
            raise SpecError(
                _(
                    "Two designs are called '{name}': {value} and {value_2}.",
                    name=one.name,
                    value=found[one.name].value,
                    value_2=one.value,
                ),
                where=_("entry points {group}", group=GROUP),
                fix=_("Remove one of the packages, or rename its entry point."),
            )
        found[one.name] = one
    return found


def design(name: str, folder: Path | None = None) -> Design:
    """Return a design by the name of its entry point, or from a Python file.

    Parameters
    ----------
    folder : where a file that is named without its folder lies, as beside the claim's file.

    Raises
    ------
    SpecError
        There is no such design, or it cannot be loaded.
    """
    path, _rest, function = name.partition(":")
    if path.endswith(".py"):
        return _of_file(name, (folder or Path()) / path, function or "design")
    known = designs()
    if name not in known:
        raise unknown(_("design"), name, known, where=GROUP)
    module = known[name].module
    try:
        run = known[name].load()
    except AttributeError as error:
        raise _wrong(name, _("cannot be loaded: {error}", error=error), module) from error
    return Design(name, run, _code(Path(str(sys.modules[module].__file__))))


def _of_file(name: str, path: Path, function: str) -> Design:
    if not path.is_file():
        raise _wrong(name, _("is not there"), str(path))
    module = ModuleType(f"hidra_design_{path.stem}")
    module.__file__ = str(path)
    try:  # read anew, not from kept bytecode, which an edit within the same second would miss
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), vars(module))
    except ModuleNotFoundError:
        raise
    except Exception as error:
        raise _wrong(
            name, _("fails: {kind}: {error}", kind=type(error).__name__, error=error), str(path)
        ) from error
    run = getattr(module, function, None)
    if not callable(run):
        raise _wrong(name, _("holds no function '{function}'", function=function), str(path))
    return Design(name, run, _code(path))


def _wrong(name: str, what: str, where: str) -> SpecError:
    return SpecError(
        _("The design '{name}' {what}.", name=name, what=what),
        where=where,
        fix=_(
            "Name a design of `hidra claims designs`, or a Python file with a "
            "function `design()` that returns hidra.claims.designs.Found."
        ),
    )


def _code(file: Path) -> str:
    """Return the fingerprint of a design's file, of what it may rest on, and of libraries."""
    return fingerprint.of([file, fingerprint.code(__name__), *_versions()])


@cache
def _versions() -> tuple[str, ...]:
    found = []
    for name in LIBRARIES:
        try:
            found.append(version(name))
        except PackageNotFoundError:
            found.append("")
    return tuple(found)


def run_design(con: duckdb.DuckDBPyConnection, claim: Claim, *, fresh: bool = False) -> Result:
    """Run the design a claim names; the result is kept for these data and this code."""
    one = design(str(claim.test["design"]), claim.folder)
    digest = vintage(con)
    kept = Cache("designs", code=one.code)
    key = {"design": one.name, "data": digest}
    found = Found(**kept.get_or_make(key, lambda: _plain(one), fresh=fresh))
    return Result(
        claim.id, found.verdict, found.why, ours=found.ours, source=found.source,
        vintage=digest, figures=found.figures, strip=tuple(found.strip),
    )  # fmt: skip


def _plain(one: Design) -> dict[str, Any]:
    found = one.run()
    if not isinstance(found, Found) or found.verdict not in VERDICTS:
        raise _wrong(
            one.name, _("gave {kind}, no verdict", kind=type(found).__name__), _("what it returns")
        )
    if not isinstance(found.why, Mapping) or not {"es", "en"} <= set(found.why):
        raise _wrong(one.name, _("tells no reason in both languages, es and en"), "Found.why")
    return asdict(found)
