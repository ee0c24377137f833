"""Mechanisms: pure functions that contribute to the core, one file each."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hidra.model.mechanism import Mechanism


def library() -> dict[str, Mechanism]:
    """Return every mechanism by name: those of the package, and the user's own (see ``own``)."""
    from hidra.core.errors import SpecError
    from hidra.model import own

    ours, theirs = package(), own.found()
    for name in theirs:
        if name in ours:
            raise SpecError(
                f"Your mechanism '{name}' has the name of one of the package.",
                where=f"mechanism '{name}'",
                fix="Give its function another name.",
            )
    return dict(sorted((ours | theirs).items()))


@cache
def package() -> dict[str, Mechanism]:
    """Return the mechanisms found in the files of this folder."""
    from hidra.model.mechanism import Mechanism

    found: dict[str, Mechanism] = {}
    for info in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{info.name}")
        found |= {m.name: m for m in vars(module).values() if isinstance(m, Mechanism)}
    return dict(sorted(found.items()))


def find(names: list[str] | tuple[str, ...], *, where: str) -> tuple[Mechanism, ...]:
    """Return the named mechanisms, or an error that offers the closest name."""
    from hidra.core.errors import unknown

    known = library()
    for name in names:
        if name not in known:
            raise unknown("mechanism", name, known, where=where)
    return tuple(known[name] for name in sorted(set(names)))
