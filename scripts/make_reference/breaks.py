"""Months in which a register changed how it counts: lines are never drawn across them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

COLUMNS = [
    "measure", "month", "words_es", "words_en", "what_es", "what_en", "publisher", "source",
    "verified",
]  # fmt: skip


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return one row per measure and break (hand-written: nothing is read from `shared`)."""
    text = (Path(__file__).parent / "breaks.yaml").read_text(encoding="utf-8")
    rows = [
        {"measure": measure} | entry
        for entry in yaml.safe_load(text)
        for measure in entry["measures"]
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return {"method_break": table.sort_values(["measure", "month"])}
