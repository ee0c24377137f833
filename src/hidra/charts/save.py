"""Save a chart as PNG, SVG or a Vega-Lite specification, without a browser or a network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import altair as alt

from hidra.core.errors import RunError, unknown

Kind = Literal["png", "svg", "json"]
KINDS: tuple[Kind, ...] = ("png", "svg", "json")


def save(chart: alt.TopLevelMixin, path: str | Path, *, scale: float = 2.0) -> Path:
    """Write ``chart`` to ``path``; the ending chooses the format.

    Parameters
    ----------
    chart : altair.TopLevelMixin
        Any chart of this package.
    path : str or Path
        Ends in ``.png``, ``.svg`` or ``.json``.
    scale : float
        Pixels per chart pixel (PNG only).

    Raises
    ------
    SpecError
        For another ending.
    RunError
        When the file cannot be written; no half-written file is left.
    """
    target = Path(path)
    kind = target.suffix.removeprefix(".").lower()
    if kind not in KINDS:
        raise unknown("picture format", kind or "(none)", KINDS, where=str(target))

    def write(partial: Path) -> None:
        with alt.data_transformers.enable("default", max_rows=None):
            chart.save(partial, format=kind, scale_factor=scale if kind == "png" else 1)

    return _whole(target, write)


def page(text: str, path: str | Path) -> Path:
    """Write a page of HTML to ``path``, whole or not at all."""
    return _whole(Path(path), lambda partial: partial.write_text(text, encoding="utf-8"))


def _whole(target: Path, write: Callable[[Path], object]) -> Path:
    """Let ``write`` fill a file beside ``target`` and put it there in one move."""
    partial = target.with_name(target.name + ".partial")
    try:
        write(partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise RunError(
            f"The picture could not be written: {error.strerror or error}.",
            where=str(target),
            fix="Choose a folder that exists, has room, and that you may write to.",
        ) from error
    return target
