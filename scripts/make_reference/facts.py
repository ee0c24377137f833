"""Facts that no series holds: court dates, official statements, estimates, quoted one by one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

COLUMNS = [
    "indicator", "year", "quoted_period", "value", "unit", "date", "what_en", "what_es",
    "publisher", "source", "verified", "notes",
]  # fmt: skip
HELD_AS_SERIES = ("homicides_inegi_first_release", "remittances")


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the cited facts: quoted figures, and statements with their date."""
    quoted = pd.read_csv(shared / "drivers_national.csv")
    quoted = quoted[~quoted["indicator"].isin(HELD_AS_SERIES)].rename(
        columns={
            "period": "quoted_period",
            "source_title": "publisher",
            "source_address": "source",
            "note": "notes",
        }
    )
    text = (Path(__file__).parent / "facts.yaml").read_text(encoding="utf-8")
    stated = pd.DataFrame(yaml.safe_load(text))
    table = pd.concat([quoted, stated], ignore_index=True)
    repeated = table.duplicated(["indicator", "quoted_period", "value"])
    if repeated.any():
        raise ValueError(f"a fact appears twice: {table[repeated]['indicator'].tolist()}")
    return {"cited_fact": table[COLUMNS].sort_values(["indicator", "quoted_period", "value"])}
