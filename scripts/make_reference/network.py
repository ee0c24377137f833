"""The 150 criminal groups of the 2020 network, their relations, and the paper's series."""

from __future__ import annotations

from pathlib import Path

import pandas as pd


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return groups, relations and the annual series used by the Science 2023 paper."""
    groups = pd.read_csv(shared / "bacrim2020_groups.csv")
    relations = pd.read_csv(shared / "bacrim2020_relations.csv")
    annual = pd.read_csv(shared / "prieto_curiel_trends_2012_2021.csv")
    return {
        # The state listed beside each group is an artefact of the source file: left out.
        "group": groups.rename(columns={"group": "name", "person_named_cell": "name_masked"})[
            ["node", "name", "name_masked"]
        ].sort_values("node"),
        "group_relation": relations.rename(columns={"states_with_relation": "weight"})[
            ["relation", "node_a", "node_b", "weight"]
        ].sort_values(["relation", "node_a", "node_b"]),
        "science2023_annual": annual.rename(
            columns={
                "homicides_inegi": "homicides",
                "missing_persons_reported": "missing",
                "arrests_or_incarcerations": "arrests",
            }
        ).sort_values("year"),
    }
