"""Save a chart as PNG, SVG or a Vega-Lite specification, without a browser or a network."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import altair as alt

from hidra.core.errors import unknown
from hidra.core.files import replacing, write_text

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

    with replacing(target) as draft, alt.data_transformers.enable("default", max_rows=None):
        chart.save(draft, format=kind, scale_factor=scale if kind == "png" else 1)
    return target


def page(text: str, path: str | Path) -> Path:
    """Write a page of HTML to ``path``, whole or not at all."""
    return write_text(path, text)
