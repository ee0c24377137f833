"""What identifies code by what it does, and values by what they hold.

The fingerprint of code is its syntax without imports, docstrings, comments and the words of errors,
of the modules named and of every module of hidra they import, in turn. Code that only moves, or is
told better, keeps its fingerprint, and with it all that was computed by it.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime
import enum
import hashlib
import math
import struct
from collections.abc import Iterator, Mapping, Set
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: Code that no result depends on: it writes, keeps, stamps, and words what went wrong.
NEUTRAL = {f"core/{name}.py" for name in ("artefacts", "cache", "errors", "files", "i18n")}
SEEKS = ("iter_modules", "import_module")  # a package that calls these looks for its own modules


def code(*names: str | Path) -> str:
    """Return 16 digits that change when any of these modules would do something else.

    Parameters
    ----------
    names : of modules (``hidra.forecast.means``) or of packages, which stand for all that lies in
        them; or files and folders of code. What they import of hidra, also inside functions, counts
        in turn.

    Raises
    ------
    ModuleNotFoundError
        There is no module of that name.
    """
    if any(isinstance(name, Path) for name in names):  # a user's own file may change meanwhile
        return _code(*names)
    return _loaded(*map(str, names))


@cache
def _loaded(*names: str) -> str:
    """Return the fingerprint of modules of hidra, once: what a process has loaded stays."""
    return _code(*names)


def _code(*names: str | Path) -> str:
    found = sorted(_module(*_stamp(file)).digest for file in modules(*names))
    return hashlib.sha256(" ".join(found).encode()).hexdigest()[:16]


def modules(*names: str | Path) -> list[Path]:
    """Return the files of hidra's code that these modules and packages stand on, themselves too."""
    waiting = [file for name in names for file in _named(name)]
    found: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _reached(file)
    return sorted(file for file in found if not _neutral(file))


def of(value: Any) -> str:
    """Return the SHA-256 of a value, the same in every process and on every machine.

    Parameters
    ----------
    value : plain values, lists and tuples (alike), sets, mappings in any order, paths (the content
        of the file, or of every file of the folder), arrays, tables, dataclasses, pydantic models.

    Raises
    ------
    TypeError
        Something else, whose identity nobody can tell.
    """
    digest = hashlib.sha256()
    for part in _parts(value):
        digest.update(struct.pack("<q", len(part)))
        digest.update(part)
    return digest.hexdigest()


@dataclasses.dataclass(frozen=True)
class _Module:
    """Digest of a module's syntax, the modules it imports by name, and whether it seeks others."""

    digest: str
    imports: tuple[str, ...]
    seeks: bool


def _stamp(file: Path) -> tuple[Path, int, int]:
    now = file.stat()
    return file, now.st_mtime_ns, now.st_size


@cache
def _module(file: Path, _changed: int, _size: int) -> _Module:
    tree = ast.parse(file.read_bytes())
    plain: list[str] = []
    _write(tree, plain)
    imports: list[str] = []
    _imports(tree, imports)
    called = {getattr(n.func, "attr", "") for n in ast.walk(tree) if isinstance(n, ast.Call)}
    return _Module(
        hashlib.sha256("\0".join(plain).encode()).hexdigest(),
        tuple(sorted(set(imports))),
        file.name == "__init__.py" and not called.isdisjoint(SEEKS),
    )


def _write(node: ast.AST, into: list[str]) -> None:
    """Write the syntax of a node, the same by every version of Python.

    ``ast.dump`` is not: 3.13 leaves out what is empty, 3.12 added fields.
    """
    into.append(type(node).__name__)
    for name, value in ast.iter_fields(node):
        if name in ("ctx", "kind", "type_comment", "type_ignores") or value in (None, []):
            continue
        into.append(name)
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, ast.AST):
                into.append(repr(part))
            elif not _idle(part):
                _write(_silent(part), into)
        into.append(";")


def _idle(node: ast.AST) -> bool:
    """Whether a node does nothing by itself: an import, or a text that stands alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return isinstance(node.value.value, str)
    return isinstance(node, ast.Import | ast.ImportFrom) or _for_types(node)


def _silent(node: ast.AST) -> ast.AST:
    """Take from an error what it says: that it is raised counts, its words do not."""
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return ast.Raise(exc=node.exc.func, cause=None)
    return node


def _for_types(node: ast.AST) -> bool:
    """Whether a block is read by type checkers alone."""
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
    )


def _imports(node: ast.AST, into: list[str]) -> None:
    """Add the names of hidra's modules that are imported anywhere below a node."""
    if _for_types(node):
        return
    if isinstance(node, ast.Import):
        into += [alias.name for alias in node.names if alias.name.startswith("hidra.")]
    elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "hidra":
        into.append(str(node.module))
        into += [f"{node.module}.{alias.name}" for alias in node.names]
    for child in ast.iter_child_nodes(node):
        _imports(child, into)


def _reached(file: Path) -> Iterator[Path]:
    """Files a file leads to: what it imports, the packages that lie above, what it looks for."""
    module = _module(*_stamp(file))
    for name in module.imports:
        path = ROOT.joinpath(*name.split(".")[1:])
        for one in (path.with_suffix(".py"), path / "__init__.py"):
            if one.is_file():
                yield one
    for folder in file.parents:
        if folder == ROOT or ROOT not in folder.parents:
            break
        if (folder / "__init__.py").is_file():
            yield folder / "__init__.py"
    if module.seeks and file.parent != ROOT:
        yield from file.parent.rglob("*.py")


def _neutral(file: Path) -> bool:
    return ROOT in file.parents and file.relative_to(ROOT).as_posix() in NEUTRAL


def _named(name: str | Path) -> list[Path]:
    if isinstance(name, Path):
        return sorted(name.rglob("*.py")) if name.is_dir() else [name]
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module called '{name}'.", name=name)
    file = Path(spec.origin)
    return sorted(file.parent.rglob("*.py")) if spec.submodule_search_locations else [file]


def _parts(value: Any) -> Iterator[bytes]:
    """Yield the bytes of a value, each kind under its own mark."""
    if isinstance(value, enum.Enum):
        yield from _parts(value.value)
    elif value is None or isinstance(value, bool | int):
        yield f"number {value}".encode()
    elif isinstance(value, float):
        yield b"float " + struct.pack("<d", math.nan if math.isnan(value) else value)
    elif isinstance(value, str):
        yield f"text {value}".encode()
    elif isinstance(value, bytes):
        yield b"bytes " + value
    elif isinstance(value, datetime.date | datetime.time):
        yield f"time {value.isoformat()}".encode()
    elif isinstance(value, Path):
        yield from _content(value)
    else:
        yield from _held(value)


def _held(value: Any) -> Iterator[bytes]:
    """Yield the bytes of what holds other values."""
    if isinstance(value, Mapping):
        yield f"mapping {sorted((of(key), of(one)) for key, one in value.items())}".encode()
    elif isinstance(value, Set):
        yield f"set {sorted(map(of, value))}".encode()
    elif isinstance(value, list | tuple):
        yield f"list {len(value)}".encode()
        for one in value:
            yield from _parts(one)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        told = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        yield f"dataclass {type(value).__name__} {of(told)}".encode()
    elif hasattr(value, "model_dump"):
        yield f"model {type(value).__name__} {of(value.model_dump())}".encode()
    elif hasattr(value, "columns") and hasattr(value, "to_numpy"):  # a pandas table
        columns = [[str(name), value[name].to_numpy()] for name in value.columns]
        yield f"table {of([columns, value.index.to_numpy()])}".encode()
    elif hasattr(value, "__array__"):
        yield from _array(value)
    else:
        raise TypeError(f"a {type(value).__qualname__} has no fingerprint")


def _content(path: Path) -> Iterator[bytes]:
    """Yield what lies in a file, or in every file of a folder under its name there."""
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
        told = {p.relative_to(path).as_posix(): of(p) for p in inside}
        yield f"folder {of(told)}".encode()
    else:
        with path.open("rb") as file:
            yield b"file " + hashlib.file_digest(file, "sha256").digest()


def _array(value: Any) -> Iterator[bytes]:
    import numpy as np

    array = np.asarray(value)
    if array.dtype.kind in "OTU":  # texts are what they say, however long the array's longest
        yield f"objects {array.shape} {of([_known(one) for one in array.ravel()])}".encode()
    elif array.ndim == 0 and array.dtype.kind in "biuf":
        yield from _parts(array.item())
    else:
        little = array.dtype.newbyteorder("<") if array.dtype.byteorder == ">" else array.dtype
        yield f"array {little.str} {array.shape}".encode()
        yield np.ascontiguousarray(array, little).tobytes()


def _known(one: Any) -> Any:
    """Return an entry of a table; whatever stands for unknown in pandas is None."""
    unknown = type(one).__name__ in ("NAType", "NaTType") or (
        isinstance(one, float) and math.isnan(one)
    )
    return None if unknown else one
