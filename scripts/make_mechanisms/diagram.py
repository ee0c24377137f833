"""The causal diagram, drawn from the declarations: pictures for a wide page and a phone, a table."""

# ruff: noqa: E501 - prose

from __future__ import annotations

from pathlib import Path

from hidra.charts import diagram
from hidra.charts.picture import save
from hidra.charts.words import Words
from hidra.core import markdown
from hidra.core.i18n import LANGUAGES, Language
from hidra.model import causes
from hidra.report import blocks

from .pages import MADE

TEXT = {
    "en": (
        "# Causal diagram",
        "A rectangle is a mechanism. The same as a picture or a page of one's own: `hidra mechanisms --diagram FILE` "
        "(`.svg`, `.png` or `.html`; `--study STUDY` draws only what is on in a study). The same as data: "
        "`hidra.model.causes.table()`.",
        "## The arrows as a table",
    ),
    "es": (
        "# Diagrama causal",
        "Un recuadro es un mecanismo. Lo mismo como imagen o página propia: `hidra mechanisms --diagram ARCHIVO` "
        "(`.svg`, `.png` o `.html`; `--study ESTUDIO` dibuja solo lo que un estudio tiene activo). Lo mismo como datos: "
        "`hidra.model.causes.table()`.",
        "## Las flechas en una tabla",
    ),
}
PAGE = {"en": "en/explanation/causal-diagram.md", "es": "es/explicacion/diagrama-causal.md"}
WIDTHS = {"wide": 860, "narrow": 350}  # px: a page of docs, a phone


def pages() -> dict[str, str]:
    """Return path under ``docs`` -> text."""
    return {path: page(language) for language, path in PAGE.items()}  # type: ignore[arg-type]


def page(language: Language) -> str:
    """Return the page: pictures, how to read them, the arrows as a table."""
    head, how, table = TEXT[language]
    words = Words(language)
    block = blocks.causes(causes.table(), words)
    said = f"**{words('block.read')}** {block.reading} {how}"
    heads = tuple(block.columns.values())
    rows = [
        tuple(block.codes.get(value, value) for value in row)
        for row in block.data[list(block.columns)].itertuples(index=False)
    ]
    parts = [
        head,
        f"*{MADE[language]}*",
        block.subtitle + ".",
        _picture(language, block.title),
        said,
    ]
    return "\n\n".join([*parts, table, markdown.table(heads, rows)]) + "\n"


def _picture(language: Language, title: str) -> str:
    name = Path(PAGE[language]).stem
    return (
        f'<picture><source media="(max-width: 600px)" srcset="{name}-narrow.svg">'
        f'<img src="{name}-wide.svg" alt="{title}"></picture>'
    )


def draw(docs: Path) -> None:
    """Write the pictures beside the pages."""
    for language in LANGUAGES:
        for name, width in WIDTHS.items():
            path = docs / PAGE[language]
            chart = diagram.causal(causes.table(), Words(language), width=width)
            save(chart, path.with_name(f"{path.stem}-{name}.svg"))
