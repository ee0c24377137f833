"""What identifies code by what it does, and inputs by what is in them.

Code is its syntax, without imports, comments and docstrings: a module that only moves to another
room, or is told better, keeps its fingerprint, and with it all that was computed by it.
"""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np


class Source(Protocol):
    """A file of code, on disk or in a package."""

    @property
    def name(self) -> str:
        """Name of the file, without its folder."""

    def read_text(self, encoding: str | None = None) -> str:
        """Return what is in it."""


@cache
def code(*names: str | Path) -> str:
    """Return 16 digits that change when any of these modules would do something else.

    Parameters
    ----------
    names : of packages (``hidra.model``), which stand for all that lies in them; or files of code.
    """
    root = Path(str(files("hidra"))).parent
    found: list[Path] = []
    for name in names:
        place = name if isinstance(name, Path) else root.joinpath(*name.split("."))
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return fingerprint(found)


def of(value: Any) -> str:
    """Return the SHA-256 of an input: nested plain values, arrays, files, models of pydantic.

    A path is known by the content of its file.
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        inside = np.ascontiguousarray(value)
        return [str(inside.dtype), list(inside.shape), hashlib.sha256(inside.tobytes()).hexdigest()]
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    dumped = getattr(value, "model_dump", None)
    return dumped(mode="json") if dumped else [_plain(inner) for inner in value]


def fingerprint(sources: Iterable[Source]) -> str:
    """Return 16 digits that change when any of these modules would do something else."""
    found = sorted(
        (source.name, _syntax(source.read_text(encoding="utf-8")))
        for source in sources
        if source.name.endswith(".py")
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def _syntax(code: str) -> str:
    return ast.dump(_Acting().visit(ast.parse(code)))


class _Acting(ast.NodeTransformer):
    """Takes away what does nothing by itself: imports, and strings that stand alone."""

    def visit_Import(self, node: ast.Import) -> None:
        """Leave out."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Leave out."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        """Leave out a docstring."""
        alone = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if alone else node
