"""The page of the worked studies, in both languages, from the figures kept in ``docs/data``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from hidra.core.markdown import table

from .frozen import ROOT
from .told import Told

KEPT = ROOT / "docs" / "data" / "worked-studies.json"
PAGES = {
    "en": "docs/en/explanation/worked-studies.md",
    "es": "docs/es/explicacion/estudios-de-caso.md",
}
WORDS = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
STUDIES = {"sinaloa": "sinaloa2024", "february": "february2026"}


def kept() -> dict[str, Any]:
    """Return the figures kept."""
    found: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def write(root: Path) -> None:
    """Write the pages."""
    for language, path in PAGES.items():
        (root / path).write_text(page(language, kept()), encoding="utf-8", newline="\n")


def page(language: str, found: dict[str, Any]) -> str:
    """Return the page in one language."""
    w = WORDS[language]
    parts = [w["head"], w["made"], w["how"].format(draws=found["draws"])]
    for key, study in STUDIES.items():
        rows = [_row(_told(row), w) for row in found[key]]
        parts += [w[key]["head"], w[key]["event"], w[key]["priors"], _digest(study, found, w)]
        parts += [table(w["columns"], rows), _score(found[key], w), _reading(found[key], w[key])]
    rows = [_row(_told(row), w) for row in found["library"]]
    parts += [w["library"]["head"], w["library"]["how"], table(w["columns"], rows)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _told(row: dict[str, Any]) -> Told:
    inside = row["inside"]
    return Told(**{**row, "inside": None if inside is None else (inside[0], inside[1])})


def _digest(study: str, found: dict[str, Any], w: dict[str, Any]) -> str:
    digest = found["digests"][study]
    return str(w["digest"]).format(
        study=study, until=digest["fitted_until"], file=digest["study"][:16],
        draws=digest["draws"][:16],
    )  # fmt: skip


def _row(t: Told, w: dict[str, Any]) -> tuple[str, ...]:
    kind, _, month = t.key.partition(".")
    what, source = w["rows"].get(t.key) or w["rows"][kind]
    came = _number(t.came, t.digits) if t.came is not None else "–"
    if t.inside is not None:
        came = w["median_in"].format(low=f"{t.inside[0]:g}", high=f"{t.inside[1]:g}")
    said = (
        f"{_number(t.middle, t.digits)} ({_number(t.low, t.digits)} – {_number(t.high, t.digits)})"
    )
    return (what.format(month=month), said, came, source, w["answer"][t.hit])


def _score(rows: list[dict[str, Any]], w: dict[str, Any]) -> str:
    """How many of the comparisons held."""
    judged = [hit for hit in (_told(row).hit for row in rows) if hit is not None]
    return str(w["score"]).format(hits=sum(judged), all=len(judged))


def _reading(rows: list[dict[str, Any]], words: dict[str, Any]) -> str:
    """What to make of it; said another way where something missed."""
    missed = any(_told(row).hit is False for row in rows)
    return f"{words['reading']} {words['miss'] if missed else ''}"


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".replace("-", "\u2212")
