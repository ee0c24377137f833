"""Persons missing, found alive and found dead, from the national register (RNPDNO)."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .layout import MONTHS, STATES, long, wide

UNKNOWN_STATE = "33"
LAST_YEAR, LAST_MONTH = 2026, 7  # consulted 8-9 July 2026: July is partial, later is unknown

STOCK = {
    "disappeared": "rnpdno_disappeared_stock",
    "not_located": "rnpdno_not_located_stock",
    "missing": "rnpdno_missing_stock",
    "found_alive": "rnpdno_found_alive_stock",
    "found_dead": "rnpdno_found_dead_stock",
}


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return dated persons by state and month, and undated persons by state."""
    return {
        "missing_rnpdno_state_month": _dated(shared),
        "missing_rnpdno_undated": _undated(shared),
        "missing_rnpdno_state_stock": _stock(shared),
    }


def _dated(shared: Path) -> pd.DataFrame:
    source = pd.read_parquet(shared / "rnpdno_mun_month_2010_2026.parquet")
    keys = ["cve_ent", "year", "month"]
    parts = []
    for status, all_rows in source.groupby("status"):
        women = all_rows[all_rows["sex"] == "F"]
        for measure, rows in ((f"rnpdno_{status}", all_rows), (f"rnpdno_women_{status}", women)):
            counts = rows.groupby(keys)["n"].sum()
            part = wide(counts, [*STATES, UNKNOWN_STATE], range(2010, LAST_YEAR + 1))
            part.loc[part["year"] == LAST_YEAR, MONTHS[LAST_MONTH:]] = pd.NA
            part.insert(0, "measure", measure)
            parts.append(part)
    return pd.concat(parts).sort_values(["measure", "place", "year"])


def _undated(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "rnpdno_undated_by_state.csv", dtype={"cve_ent": str})
    table = pd.DataFrame(
        {
            "measure": "rnpdno_" + source["status"],
            "place": source["cve_ent"],
            "persons": source["n"],
        }
    )
    return table.sort_values(["measure", "place"])


def _stock(shared: Path) -> pd.DataFrame:
    """Return the persons in the register in June 2026, of all years and of none, by state."""
    file = shared / "found2026" / "rnpdno_state_all_years_2026-06.csv"
    source = pd.read_csv(file, dtype={"cve_ent": str}).assign(month="2026-06")
    return long(source.set_index(["cve_ent", "month"]), STOCK)
