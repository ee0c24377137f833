"""What identifies code by what it does: its syntax, without imports, comments and docstrings.

A module that only moves to another room, or is told better, keeps its fingerprint, and with it all
that was computed by it.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterable
from typing import Protocol


class Source(Protocol):
    """A file of code, on disk or in a package."""

    @property
    def name(self) -> str:
        """Name of the file, without its folder."""

    def read_text(self, encoding: str | None = None) -> str:
        """Return what is in it."""


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
