"""A user's own mechanisms: plain Python files outside the package, found, checked and composed."""

from __future__ import annotations

import importlib.util
import os
import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.errors import SpecError

if TYPE_CHECKING:
    from hidra.model.mechanism import Mechanism

PLACES = "HIDRA_MECHANISMS"  # files or folders; in the environment so that workers see them too


def use(files: tuple[str, ...] | list[str]) -> None:
    """Take mechanisms from these files or folders too, here and in processes started here."""
    wanted = [str(Path(file).absolute()) for file in files]
    there = [part for part in os.environ.get(PLACES, "").split(os.pathsep) if part]
    os.environ[PLACES] = os.pathsep.join(dict.fromkeys([*there, *wanted]))


def found() -> dict[str, Mechanism]:
    """Return the user's mechanisms by name.

    Raises
    ------
    SpecError
        When a file is missing, is no Python, or holds no mechanism.
    """
    own: dict[str, Mechanism] = {}
    for part in os.environ.get(PLACES, "").split(os.pathsep):
        if part:
            for path in _files(Path(part)):
                own |= _read(path, path.stat().st_mtime_ns)
    return own


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(
            file for file in path.glob("*.py") if not file.name.startswith(("_", "test_"))
        )
    if path.is_file():
        return [path]
    raise SpecError(
        "There is no such file or folder of mechanisms.",
        where=str(path),
        fix=f"Check `mechanism_files` of the study, or the variable {PLACES}.",
    )


@cache
def _read(path: Path, changed: int) -> dict[str, Mechanism]:
    """Read one file; `changed` makes an edited file be read again."""
    from hidra.model.mechanism import Mechanism

    del changed
    name = f"hidra_own_{zlib.crc32(str(path).encode())}"
    module_spec = importlib.util.spec_from_file_location(name, path)
    if module_spec is None or module_spec.loader is None:
        raise SpecError(
            "This is not a Python file.", where=str(path), fix="Give a file ending in .py."
        )
    module = importlib.util.module_from_spec(module_spec)
    try:
        module_spec.loader.exec_module(module)
    except SpecError as error:
        raise SpecError(error.what, where=f"{path}: {error.where}", fix=error.fix) from error
    except Exception as error:
        raise SpecError(
            f"The file of a mechanism fails: {type(error).__name__}: {error}",
            where=str(path),
            fix="Run it with Python alone until it loads; `hidra new mechanism` writes one that"
            " does.",
        ) from error
    own = {m.name: m for m in vars(module).values() if isinstance(m, Mechanism)}
    if not own:
        raise SpecError(
            "The file holds no mechanism.",
            where=str(path),
            fix="Decorate a function with @mechanism(...); see: hidra new mechanism NAME",
        )
    return own
