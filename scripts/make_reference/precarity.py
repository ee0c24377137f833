"""Marginalisation of the states, and the same turned so that up means worse."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return CONAPO's state index of 2010, 2015 and 2020 with a precarity z-score.

    CONAPO's DP2 distance and its normalised form rise as marginalisation falls, so precarity
    is minus DP2, standardised over the 32 states of the same year (population deviation).
    """
    source = pd.read_csv(
        shared / "conapo_marginalisation_state_2010_2015_2020.csv", dtype={"state_code": str}
    )
    index = source["marginalisation_index_dp2"]
    yearly = index.groupby(source["year"])
    z_score = (index - yearly.transform("mean")) / yearly.transform("std", ddof=0)
    table = pd.DataFrame(
        {
            "place": source["state_code"],
            "year": source["year"],
            "marginalisation_dp2": index.round(6),
            "marginalisation_normalised": source["marginalisation_index_normalised"].round(6),
            "grade": source["marginalisation_grade"],
            "precarity": -z_score.round(6),
        }
    )
    return {"marginalisation_state": table.sort_values(["place", "year"])}
