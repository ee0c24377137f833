"""Facts that no series holds: court dates, official statements, estimates, quoted one by one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

COLUMNS = [
    "indicator", "place", "year", "quoted_period", "value", "unit", "date", "what_en", "what_es",
    "publisher", "source", "verified", "notes",
]  # fmt: skip
HELD_AS_SERIES = ("homicides_inegi_first_release", "remittances")
KNOWN_AS = {  # what the press quotes of 2025-2026 under the name it has here
    "rnpdno_missing": "rnpdno_missing_total_stated",
    "atf_traces_mexico": "atf_traces_mexico_total",
    "national_guard_strength": "national_guard_staff",
}
ONE_COUNT = ("journalists_killed", "clandestine_graves", "displaced_persons", "defenders_killed")
UNITS = {"clandestine_graves": "graves"}


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
    newest = _newest(shared)
    pair = ["quoted_period", "value"]
    held = newest[pair].astype(str).agg(" ".join, axis=1)
    newest = newest[~held.isin(quoted[pair].astype(str).agg(" ".join, axis=1))]
    table = pd.concat([quoted, stated, newest, *_partial(shared)], ignore_index=True)
    table["quoted_period"] = table["quoted_period"].astype(str)
    keys = ["indicator", "place", "quoted_period", "value"]
    repeated = table.duplicated([*keys, "publisher"])
    if repeated.any():
        raise ValueError(f"a fact appears twice: {table[repeated]['indicator'].tolist()}")
    return {"cited_fact": table[COLUMNS].sort_values([*keys, "publisher"])}


def _newest(shared: Path) -> pd.DataFrame:
    """Return what the press quoted of the newest national figures: anchors, no series."""
    source = pd.read_csv(shared / "found2026" / "national_anchors_newest.csv")
    table = source.rename(columns={"period": "quoted_period", "address": "source"})
    table["indicator"] = table["indicator"].replace(KNOWN_AS)
    stock = table["indicator"] == "rnpdno_missing_total_stated"
    table["date"] = table["quoted_period"].str[5:].where(stock)
    return _as_quoted(table)


def _partial(shared: Path) -> list[pd.DataFrame]:
    """Return counts that stand for some states only, each publisher's own: never one series."""
    parts = []
    for file in sorted((shared / "found2026").glob("*_partial.csv")):
        source = pd.read_csv(file, dtype={"cve_ent": str})
        counted = next((name for name in ONE_COUNT if name in source), "value")
        named = {"cve_ent": "place", "period": "quoted_period", "address": "source"}
        table = source.rename(columns=named | {counted: "value"})
        if counted == "value":  # taps found, and complaints filed: two things in one list
            kind = source["concept"].str.startswith("complaints")
            names = {True: "fuel_theft_complaints_in_place", False: "illegal_taps_found_in_place"}
            table["indicator"], table["unit"] = kind.map(names), "taps"
            table.loc[kind, "unit"] = "complaints"
            table["publisher"] = "PEMEX as quoted"
        else:
            table["indicator"] = f"{counted}_in_place"
            table["unit"] = UNITS.get(counted, "persons")
            table["publisher"] = source.get("publisher", "federal government as quoted")
        parts.append(_as_quoted(table))
    return parts


def _as_quoted(table: pd.DataFrame) -> pd.DataFrame:
    year = table["quoted_period"].astype(str).str[:4].astype(int)
    return table.assign(year=year, verified="no")
