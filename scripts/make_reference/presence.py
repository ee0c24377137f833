"""Where the press reported a group: OCVED 2.0, for groups whose name matches the network's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from .layout import states

PERIODS = {"2009-2013": range(2009, 2014), "2014-2018": range(2014, 2019)}


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return reports by group, state and period, and the matching of names behind them."""
    path = Path(__file__).parent / "presence.yaml"
    match = pd.DataFrame(yaml.safe_load(path.read_text(encoding="utf-8")))
    events = pd.read_parquet(shared / "ocved_events_2000_2018.parquet")
    used = events.merge(match, on=["actor_main", "actor_sub"], validate="m:1")
    used["place"] = states(used["state_code"])
    parts = [
        used[used["year"].isin(years)].assign(period=period) for period, years in PERIODS.items()
    ]
    reports = pd.concat(parts).groupby(["node", "place", "period"]).size()
    return {
        "group_presence_state": reports.rename("reports").reset_index(),
        "group_presence_match": match.sort_values(["node", "actor_main", "actor_sub"]),
    }
