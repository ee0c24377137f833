"""Mechanisms: pure functions that contribute to the core, one file each; and a user's own.

One's own come as objects, from plain Python files outside the package, from the files and folders
named in ``HIDRA_MECHANISMS``, or from an installed package by the entry point ``hidra.mechanisms``.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hidra.core.i18n import _

if TYPE_CHECKING:
    from hidra.model.mechanism import Mechanism

PLACES = "HIDRA_MECHANISMS"  # files or folders
DOOR = "hidra.mechanisms"  # entry points of installed packages


def library(files: Iterable[str | Path] = ()) -> dict[str, Mechanism]:
    """Return every mechanism by name: of the package, of other packages, and of files.

    Parameters
    ----------
    files : files or folders of one's own, beside those named in ``HIDRA_MECHANISMS``.

    Raises
    ------
    SpecError
        A file is missing, is no Python, or holds no mechanism; a name is taken.
    """
    from hidra.core.errors import SpecError

    theirs = installed() | read([*named(), *files])
    for name in theirs:
        if name in package():
            raise SpecError(
                _("Your mechanism '{name}' has the name of one of the package.", name=name),
                where=_("mechanism '{name}'", name=name),
                fix=_("Give its function another name."),
            )
    return dict(sorted((package() | theirs).items()))


def named() -> list[Path]:
    """Return the files that ``HIDRA_MECHANISMS`` names, those of its folders too."""
    there = os.environ.get(PLACES, "").split(os.pathsep)
    return [path for part in there if part for path in files_at(Path(part))]


@cache
def package() -> dict[str, Mechanism]:
    """Return the mechanisms found in the files of this folder."""
    found: dict[str, Mechanism] = {}
    for info in pkgutil.iter_modules(__path__):
        found |= _held(importlib.import_module(f"{__name__}.{info.name}"))
    return dict(sorted(found.items()))


@cache
def installed() -> dict[str, Mechanism]:
    """Return the mechanisms that other installed packages bring: a module, or one mechanism."""
    found: dict[str, Mechanism] = {}
    for entry in entry_points(group=DOOR):
        brought = entry.load()
        found |= _held(brought) if isinstance(brought, ModuleType) else {brought.name: brought}
    return found


def read(files: Iterable[str | Path]) -> dict[str, Mechanism]:
    """Read the mechanisms of files and folders, anew each time: what was edited is another.

    Raises
    ------
    SpecError
        When a file is missing, is no Python, or holds no mechanism.
    """
    paths = [path for file in files for path in files_at(Path(file))]
    return {name: m for path in paths for name, m in _read(path).items()}


def find(
    names: Iterable[str | Path | Mechanism], *, where: str, files: Iterable[str | Path] = ()
) -> tuple[Mechanism, ...]:
    """Return the named mechanisms in order of name, or an error that offers the closest name.

    Parameters
    ----------
    names : names; paths of Python files, with all they hold; or mechanisms, taken as they are.
    """
    from hidra.core.errors import unknown

    found: dict[str, Mechanism] = {}
    known: Mapping[str, Mechanism] | None = None
    for name in names:
        if not isinstance(name, str | Path):
            found[name.name] = name
        elif str(name).endswith(".py"):
            found |= read([name])
        else:
            known = known if known is not None else library(files)
            if name not in known:
                raise unknown(_("mechanism"), str(name), known, where=where)
            found[str(name)] = known[str(name)]
    return tuple(found[name] for name in sorted(found))


def _held(module: Any) -> dict[str, Mechanism]:
    from hidra.model.mechanism import Mechanism

    return {m.name: m for m in vars(module).values() if isinstance(m, Mechanism)}


def files_at(path: Path) -> list[Path]:
    """Return the files of mechanisms that a path names: itself, or those of a folder.

    Raises
    ------
    SourceError
        Nothing is there.
    """
    from hidra.core.errors import SourceError

    if path.is_dir():
        return sorted(
            file for file in path.glob("*.py") if not file.name.startswith(("_", "test_"))
        )
    if path.is_file():
        return [path]
    raise SourceError(
        _("There is no such file or folder of mechanisms."),
        where=str(path),
        fix=_("Check `mechanism_files` of the study, or the variable {places}.", places=PLACES),
    )


def _read(path: Path) -> dict[str, Mechanism]:
    from hidra.core import fingerprint
    from hidra.core.errors import SpecError

    module = ModuleType(f"hidra_own_{path.stem}")
    module.__file__ = str(path)
    try:
        text = path.read_text(encoding="utf-8")
        exec(compile(text, str(path), "exec", dont_inherit=True), vars(module))
    except SpecError as error:
        raise SpecError(
            error.what, where=_("{path}: {where}", path=path, where=error.where), fix=error.fix
        ) from error
    except (Exception, SystemExit) as error:
        raise SpecError(
            _(
                "The file of a mechanism fails: {kind}: {error}",
                kind=type(error).__name__,
                error=error,
            ),
            where=str(path),
            fix=_(
                "Run it with Python alone until it loads; `hidra new mechanism` "
                "writes one that does."
            ),
        ) from error
    own = _held(module)
    if not own:
        raise SpecError(
            _("The file holds no mechanism."),
            where=str(path),
            fix=_("Decorate a function with @mechanism(...); see: hidra new mechanism NAME"),
        )
    return {name: m.marked(fingerprint.of([name, text])) for name, m in own.items()}
