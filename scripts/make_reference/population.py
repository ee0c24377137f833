"""Population of the states and the nation, and of those aged 15 to 29."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

LAST_YEAR = 2050


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the population table."""
    total = pd.read_csv(shared / "population_state_year_1970_2050.csv", dtype={"cve_ent": str})
    total = total[total.year.between(2000, LAST_YEAR)][["cve_ent", "year", "pop"]]
    young = _young(shared)
    table = total.merge(young, on=["cve_ent", "year"], how="left").sort_values(["cve_ent", "year"])
    names = {"cve_ent": "place", "pop": "population", "young": "population_15_29"}
    return {"population_state_year": table.rename(columns=names)}


def _young(shared: Path) -> pd.DataFrame:
    """Return the estimate scaled to the official national 15-29, with the nation as their sum."""
    path = shared / "population_state_year_15_29_est_1990_2030.csv"
    source = pd.read_csv(path, dtype={"cve_ent": str})
    young = source[["cve_ent", "year"]].assign(young=source.pop1529_scaled)
    nation = young.groupby("year", as_index=False)["young"].sum().assign(cve_ent="00")
    return pd.concat([young, nation])
