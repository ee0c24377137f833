"""The catalogue: who counted what, under which terms, with which gaps; and a fingerprint."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

ACCESSED = "2026-11-21"
COLUMNS = [
    "name", "file", "title_es", "title_en", "publisher", "concept", "concept_es", "unit",
    "unit_es", "terms", "terms_es", "accessed", "citation", "citation_es", "address", "vintage",
    "script", "sha256", "status_es", "status_en",
]  # fmt: skip


def described() -> dict[str, dict[str, Any]]:
    """Return the hand-written part of the catalogue: one entry per table."""
    text = (Path(__file__).parent / "catalogue.yaml").read_text(encoding="utf-8")
    entries: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return {name: entry for name, entry in entries.items() if not name.startswith("_")}


def write(out: Path) -> None:
    """Write catalogue.csv for the tables lying in `out`."""
    rows = []
    for name, entry in sorted(described().items()):
        file = entry.get("file", f"{name}.csv")
        fingerprint = hashlib.sha256((out / file).read_bytes()).hexdigest()
        fixed = {"name": name, "file": file, "sha256": fingerprint}
        rows.append({"accessed": ACCESSED} | entry | fixed)
    table = pd.DataFrame(rows, columns=COLUMNS)
    table.to_csv(out / "catalogue.csv", index=False, encoding="utf-8", lineterminator="\n")
