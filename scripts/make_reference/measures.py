"""What each measure of the panel counts, where it lies, and how far it may be trusted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

COLUMNS = [
    "measure", "table", "label_es", "label_en", "concept", "concept_es", "unit", "period",
    "provisional_from", "undercount_from",
]  # fmt: skip


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the table of measures (hand-written: nothing is read from `shared`)."""
    text = (Path(__file__).parent / "measures.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    rows = [{"measure": name} | entry for name, entry in sorted(entries.items())]
    return {"measure": pd.DataFrame(rows, columns=COLUMNS)}
