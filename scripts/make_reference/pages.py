"""The documentation page of the built-in tables, in both languages, from the catalogue."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import yaml

WORDS = {
    "en": {
        "head": "# Built-in reference tables",
        "intro": "Made by `python -m scripts.make_reference`; do not edit by hand. In Python:\n"
        "`hidra.data.reference.table(name)`. Empty cells are unknown, never zero.",
        "what": "What is counted",
        "unit": "Unit",
        "publisher": "Publisher",
        "terms": "Terms",
        "cite": "Cite as",
        "address": "Address",
        "accessed": "Accessed",
        "vintage": "vintage",
        "gaps": "Known gaps",
        "columns": "Columns",
        "rows": "rows",
        "months": "January to December; empty = unknown",
        "years": "the years; empty = unknown",
    },
    "es": {
        "head": "# Tablas de referencia incluidas",
        "intro": "Hecha con `python -m scripts.make_reference`; no se edita a mano. En Python:\n"
        "`hidra.data.reference.table(name)`. Las celdas vacías son desconocidas, nunca cero.",
        "what": "Qué se cuenta",
        "unit": "Unidad",
        "publisher": "Quién publica",
        "terms": "Términos",
        "cite": "Cítese como",
        "address": "Dirección",
        "accessed": "Consultada",
        "vintage": "corte",
        "gaps": "Vacíos conocidos",
        "columns": "Columnas",
        "rows": "filas",
        "months": "enero a diciembre; vacío = desconocido",
        "years": "los años; vacío = desconocido",
    },
}


PAGES = {"en": "en/reference/tables.md", "es": "es/referencia/tablas.md"}


def write(tables: Path, docs: Path) -> None:
    """Write the pages of ``PAGES`` under the folder `docs`."""
    text = (Path(__file__).parent / "columns.yaml").read_text(encoding="utf-8")
    meanings: dict[str, dict[str, str]] = yaml.safe_load(text)
    with (tables / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for language, words in WORDS.items():
        sections = [_section(row, tables, meanings, language) for row in rows]
        page = "\n\n".join([words["head"], words["intro"], *sections]) + "\n"
        path = docs / PAGES[language]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8", newline="\n")


def _section(
    row: dict[str, str], tables: Path, meanings: dict[str, dict[str, str]], language: str
) -> str:
    words = WORDS[language]
    concept, unit, terms, citation = (
        row[key if language == "en" else f"{key}_{language}"]
        for key in ("concept", "unit", "terms", "citation")
    )
    address = row["address"]
    lines = [
        f"## {row['name']}",
        f"{row[f'title_{language}']}.",
        f"- {words['what']}: {concept}",
        f"- {words['unit']}: {unit}",
        f"- {words['publisher']}: {row['publisher']}",
        f"- {words['terms']}: {terms}",
        f"- {words['cite']}: {citation}",
        f"- {words['address']}: {f'<{address}>' if '://' in address else address}",
        f"- {words['accessed']}: {row['accessed']}; {words['vintage']}: {row['vintage']}",
        f"- {words['gaps']}: {row[f'status_{language}']}",
        *_columns(tables / row["file"], meanings, language),
    ]
    return "\n\n".join(lines[:2]) + "\n\n" + "\n".join(lines[2:])


def _columns(path: Path, meanings: dict[str, dict[str, str]], language: str) -> list[str]:
    if path.suffix != ".csv":
        return []
    with path.open(encoding="utf-8", newline="") as file:
        names, *rows = csv.reader(file)
    words = WORDS[language]
    lines = [f"- {words['columns']} ({len(rows):,} {words['rows']}):"]
    wide = {"m": "months", "y": "years"}
    for name in names:
        side = re.fullmatch(r"m\d\d|y\d{4}", name)
        same = [one for one in names if re.fullmatch(rf"{name[0]}\d+", one)]
        if not side:
            lines.append(f"    - `{name}`: {meanings[name][language]}")
        elif name == same[0]:
            lines.append(f"    - `{name}`..`{same[-1]}`: {words[wide[name[0]]]}")
    return lines
