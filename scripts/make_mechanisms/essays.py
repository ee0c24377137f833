"""Every paragraph of both essays: what stands for it here, and what was simplified."""

# ruff: noqa: E501 - prose

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hidra.core.markdown import table

from .pages import FOLDER, MADE

TEXT = {
    "en": {
        "head": "# The essays, paragraph by paragraph",
        "intro": "[000] *U.S. Imperialist Policy Driving Violence in Mexico*, Left Voice, 23 February 2026. [001] *Violence and drug "
        "trafficking - what response from the revolutionary left?*, International Viewpoint, June 2026. Paragraphs are "
        "counted from the first of the text, headings included. At most fifteen words are quoted. A mechanism or "
        "a claim named here says that the statement is modelled or tested, not that it is true.",
        "columns": ("Paragraph", "Quoted", "Mechanisms", "Claims", "Otherwise", "Simplified"),
        "heading": "heading", "credit": "credits", "interpretation": "interpretation, not testable",
        "scenarios": "scenario", "studies": "study", "rivals": "rivals", "all": "all",
    },
    "es": {
        "head": "# Los ensayos, párrafo a párrafo",
        "intro": "[000] *U.S. Imperialist Policy Driving Violence in Mexico*, Left Voice, 23 de febrero de 2026. [001] *Violence and "
        "drug trafficking - what response from the revolutionary left?*, International Viewpoint, junio de 2026. Los "
        "párrafos se cuentan desde el primero del texto, con títulos. Se citan a lo más quince palabras, en el inglés de la "
        "fuente. Que aquí se nombre un mecanismo o una afirmación dice que se modela o prueba, no que sea cierto.",
        "columns": ("Párrafo", "Citado", "Mecanismos", "Afirmaciones", "Además", "Simplificado"),
        "heading": "título", "credit": "créditos", "interpretation": "interpretación, no se puede probar",
        "scenarios": "escenario", "studies": "estudio", "rivals": "rivales", "all": "todos",
    },
}  # fmt: skip
WORKED = {"en": "worked-studies.md", "es": "estudios-de-caso.md"}
V1_V2 = {"en": "absent-state.md", "es": "estado-ausente.md"}
PAGE = {"en": "en/explanation/essays.md", "es": "es/explicacion/ensayos.md"}


def rows() -> list[dict[str, Any]]:
    """Return every paragraph as it stands in ``essays.yaml``."""
    found: list[dict[str, Any]] = yaml.safe_load(
        (Path(__file__).parent / "essays.yaml").read_text(encoding="utf-8")
    )
    return found


def pages() -> dict[str, str]:
    """Return path under ``docs`` -> text."""
    return {path: page(language) for language, path in PAGE.items()}


def page(language: str) -> str:
    """Return the table of both essays."""
    t = TEXT[language]
    lines = [_row(row, language) for row in rows()]
    return (
        "\n\n".join([t["head"], f"*{MADE[language]}*", t["intro"], table(t["columns"], lines)])
        + "\n"
    )


def _row(row: dict[str, Any], language: str) -> tuple[str, ...]:
    t = TEXT[language]
    folder = "../../" + FOLDER[language]
    named = [
        t["all"] if name == "*" else f"[{name}]({folder}/{name}.md)"
        for name in row.get("mechanisms", [])
    ]
    other = [t[kind] for kind in ("heading", "credit", "interpretation") if row.get(kind)]
    if "scenarios" in row:
        other.append(f"{t['scenarios']} " + ", ".join(f"`{n}`" for n in row["scenarios"]))
    if "studies" in row:
        other.append(f"[{t['studies']} {', '.join(row['studies'])}]({WORKED[language]})")
    if "rivals" in row:
        said = f"{t['rivals']} {', '.join(row['rivals'])}"
        both = {"V1", "V2"} <= set(row["rivals"])
        other.append(f"[{said}]({V1_V2[language]})" if both else said)
    quoted = f"“{row['quote']}”"
    if language == "es" and "es" in row:
        quoted = f"{row['es']} {quoted}"
    claims = ", ".join(f"`{name}`" for name in row.get("claims", []))
    note = row.get(f"{language}_note", "")
    return (
        f"[{row['essay']}] {row['par']}",
        quoted,
        ", ".join(named),
        claims,
        "; ".join(other),
        note,
    )
