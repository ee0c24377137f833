"""Sources of data: the official ones, a file each, and those that somebody adds.

A source of your own is a `Source` in the ``SOURCES`` of a Python file in the folder ``sources`` of
the data folder, or of a module that a package names under the entry point group ``hidra.sources``.
`sources` lists all of them, `recognise` says whose a file is.
"""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from hidra.core.errors import SourceError, unknown
from hidra.core.i18n import _
from hidra.data import home
from hidra.data.readers import glances
from hidra.data.sources.base import Context, Measure, Source

__all__ = ["Context", "Measure", "Source", "official", "recognise", "source", "sources"]

GROUP = "hidra.sources"
MODULES = (
    "inegi_deaths", "sesnsp", "conapo_population", "events", "rnpdno",
    "inegi_geography", "siap_crops", "economy", "researchers", "deprivation",
)  # fmt: skip


def sources() -> dict[str, Source]:
    """Return every source by name, in the order of the reference page, then those added.

    Raises
    ------
    SourceError
        A file or package of somebody's sources cannot be read, holds none, or takes a name.
    """
    found = dict(official())
    for where, module in _added():
        for one in _sources_of(module, where):
            if one.name in found:
                raise SourceError(
                    _("The name '{name}' is taken by another source.", name=one.name),
                    where=where,
                    fix=_("Give the source another name."),
                )
            found[one.name] = one
    return found


@cache
def official() -> dict[str, Source]:
    """Return the sources that come with hidra, by name."""
    modules = (importlib.import_module(f"{__name__}.{name}") for name in MODULES)
    return {one.name: one for module in modules for one in module.SOURCES}


def _added() -> Iterator[tuple[str, object]]:
    """Yield where each added module comes from, and the module."""
    for point in entry_points(group=GROUP):
        yield f"entry point {point.name} = {point.value}", _loaded(point)
    for path in sorted((home.home() / "sources").glob("[!_]*.py")):
        yield str(path), _file(path, path.stat().st_mtime_ns)


def _loaded(point: EntryPoint) -> object:
    try:
        return point.load()
    except Exception as error:  # whatever somebody's package raises
        raise _unreadable(
            _("entry point {name} = {value}", name=point.name, value=point.value), error
        ) from error


@cache
def _file(path: Path, _changed: int) -> ModuleType:
    """Read a file of sources; an edited one is read again."""
    module = ModuleType(f"own_{zlib.crc32(str(path).encode())}")
    module.__file__ = str(path)
    try:  # not by import: kept bytecode would answer for a file edited within the same second
        exec(compile(path.read_bytes(), str(path), "exec", dont_inherit=True), vars(module))
    except Exception as error:  # whatever somebody's file raises
        raise _unreadable(str(path), error) from error
    return module


def _unreadable(where: str, error: Exception) -> SourceError:
    return SourceError(
        _("The source cannot be read: {kind}: {error}", kind=type(error).__name__, error=error),
        where=where,
        fix=_("Correct the file, or move it away; docs/en/how-to/your-own-source.md shows one."),
    )


def _sources_of(module: object, where: str) -> tuple[Source, ...]:
    found = getattr(module, "SOURCES", ())
    if not found or not all(isinstance(one, Source) for one in found):
        raise SourceError(
            _("There is no source in it."),
            where=where,
            fix=_("End it with SOURCES = (A_SOURCE,); see docs/en/how-to/your-own-source.md."),
        )
    return tuple(found)


def source(name: str) -> Source:
    """Return one source; a wrong name is answered with the closest ones."""
    if name not in sources():
        raise unknown(_("source"), name, sources(), where="hidra data")
    return sources()[name]


def recognise(path: Path) -> Source:
    """Return the source whose file this is, by its content.

    Raises
    ------
    SourceError
        The file is empty, an error page, unreadable, or of no known source.
    """
    tables = glances(path)
    for seen in tables:
        for one in sources().values():
            if one.recognise(seen):
                return one
    raise SourceError(
        _(
            "'{name}' is not a file of any known source (it holds: {words}).",
            name=path.name,
            words=tables[0].words(),
        ),
        where=str(path),
        fix=_(
            "Compare its columns with docs/en/reference/sources.md, or bring it in "
            "with `hidra data import TABLE --spec SPEC.yaml`."
        ),
    )
