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
def code(*rooms: str) -> str:
    """Return 16 digits that change when any module of these rooms would do something else.

    Parameters
    ----------
    rooms : folders of the package, ``model`` or ``model/mechanisms``; without their inner folders.
    """
    package = files("hidra")
    return fingerprint([file for room in rooms for file in package.joinpath(room).iterdir()])


def of(value: Any) -> str:
    """Return the SHA-256 of an input: nested plain values, arrays, files, models of pydantic.

    What has a ``fingerprint`` of its own is known by it; a path by the content of its file.
    """
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(getattr(value, "fingerprint", None), str):
        return value.fingerprint
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, Path):
        return hashlib.sha256(value.read_bytes()).hexdigest()
    if isinstance(value, np.ndarray | np.generic):
        inside = np.ascontiguousarray(value)
        known = value.tolist() if inside.dtype == object else inside.tobytes().hex()
        return [str(inside.dtype), list(inside.shape), known]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return [_plain(inner) for inner in value]


def fingerprint(sources: Iterable[Source]) -> str:
    """Return 16 digits that change when any of these modules would do something else."""
    found = sorted(
        (source.name, syntax(source.read_text(encoding="utf-8")))
        for source in sources
        if source.name.endswith(".py")
    )
    return hashlib.sha256(repr(found).encode()).hexdigest()[:16]


def syntax(code: str) -> str:
    """Return what a text of Python does, as text: its tree without what does nothing."""
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
