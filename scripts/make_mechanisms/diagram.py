"""The causal diagram, drawn from the declarations: drivers, mechanisms, rates, states, counts."""

# ruff: noqa: E501 - prose

from __future__ import annotations

from hidra.causes import edges

from .pages import MADE, SPANISH

TEXT = {
    "en": (
        "# Causal diagram",
        "Drawn from what the mechanisms declare. Solid arrows act within the week; dotted ones through states of the "
        "week before. A rectangle is a mechanism, a rounded box a core flow or state, a slanted one a driver. An arrow "
        "says *the model lets this act on that*, not that it has been shown to.",
        "The same as data: `hidra.causes.edges()`.",
    ),
    "es": (
        "# Diagrama causal",
        "Dibujado con lo que declaran los mecanismos. Las flechas continuas actúan en la semana; las punteadas, por "
        "estados de la semana anterior. Un rectángulo es un mecanismo, uno redondeado un flujo o estado del núcleo, uno "
        "inclinado un impulsor. Una flecha dice *el modelo deja que esto actúe en aquello*, no que esté probado.",
        "Lo mismo como datos: `hidra.causes.edges()`.",
    ),
}
SHAPE = {"driver": ("[/", "/]"), "mechanism": ("[", "]")}
PAGE = {"en": "en/explanation/causal-diagram.md", "es": "es/explicacion/diagrama-causal.md"}


def pages() -> dict[str, str]:
    """Return path under ``docs`` -> text."""
    assert SPANISH
    return {path: page(language) for language, path in PAGE.items()}


def page(language: str) -> str:
    """Return the page with its Mermaid drawing."""
    head, how, data = TEXT[language]
    lines = ["flowchart LR"]
    for kind, name in sorted(
        {(e.kind_from, e.origin) for e in edges()} | {(e.kind_to, e.target) for e in edges()}
    ):
        left, right = SHAPE.get(kind, ("([", "])"))
        lines.append(f'  {kind}_{name}{left}"{name.replace("_", " ")}"{right}')
    for e in edges():
        arrow = "-.->" if e.lagged else "-->"
        lines.append(f"  {e.kind_from}_{e.origin} {arrow} {e.kind_to}_{e.target}")
    drawing = "\n".join(["```mermaid", *lines, "```"])
    return "\n\n".join([head, f"*{MADE[language]}*", how, data, drawing]) + "\n"
