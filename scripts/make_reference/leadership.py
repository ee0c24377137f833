"""Leadership removals, joint operations and the blockades of 22 February 2026.

Leaders appear under the alias as officially announced; full civil names are left out.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import yaml

from .layout import states

OPERATIONS_ADDRESS = "https://github.com/{repository}/blob/{commit}/{path}"


def tables(shared: Path) -> dict[str, pd.DataFrame]:
    """Return the events and the two small tables of judgements they rest on."""
    judged = yaml.safe_load((Path(__file__).parent / "leadership.yaml").read_text(encoding="utf-8"))
    roles = pd.DataFrame(judged["roles"]).sort_values("role")
    groups = pd.DataFrame(judged["groups"]).sort_values("group")
    return {
        "leadership_removals": _removals(shared, judged, roles, groups),
        "leadership_role": roles,
        "leadership_group": groups,
        "joint_operations": _operations(shared),
        "blockades_2026_02_22": _blockades(shared, judged["blockades"]),
    }


def _removals(
    shared: Path, judged: dict[str, Any], roles: pd.DataFrame, groups: pd.DataFrame
) -> pd.DataFrame:
    source = pd.read_csv(shared / "leadership_removals.csv", dtype={"cvegeo": str})
    source = source.replace({"alias": judged["aliases"], "event": judged["events"]})
    source["notes"] = source["notes"].replace(judged["notes"])
    source["place"] = states(source["state_code"])
    source["source"] = source["sources"].map(_addresses)
    source = source.merge(roles[["role", "rank"]], on="role", how="left", validate="m:1")
    source = source.merge(groups[["group", "network_node"]], on="group", how="left", validate="m:1")
    if source["rank"].isna().any():
        raise ValueError("a role has no rank in leadership.yaml")
    columns = [
        "event_id", "date", "alias", "group", "network_node", "role", "rank", "event", "removal",
        "force", "place", "cvegeo", "retaliation", "confidence", "source", "notes",
    ]  # fmt: skip
    return source[columns].rename(columns={"cvegeo": "municipality"}).sort_values("event_id")


def _addresses(text: str) -> str:
    """Return the addresses of a cell, a page read through a proxy under its own address."""
    return "|".join(_own_address(address.strip()) for address in text.split(" | "))


def _own_address(address: str) -> str:
    return parse_qs(urlsplit(address).query).get("url", [address])[0]


def _operations(shared: Path) -> pd.DataFrame:
    source = pd.read_csv(shared / "joint_operations_2005_2010.csv")
    focus = source["municipality_focus"].fillna("")
    table = pd.DataFrame(
        {
            "date": source["start_date"],
            "operation": source["operation"],
            "place": states(source["state_code"]),
            "municipality": focus.map(lambda text: "|".join(re.findall(r"\d{5}", text)) or None),
            "source": source["source"].map(_source_file),
            "notes": source["notes"],
        }
    )
    return table.sort_values(["date", "operation", "place"])


def _source_file(text: str) -> str:
    repository, path, commit = re.match(r"([^:]+):([^@]+)@(\w+)", text).groups()  # type: ignore[union-attr]
    return OPERATIONS_ADDRESS.format(repository=repository, commit=commit, path=path)


def _blockades(shared: Path, judged: dict[str, Any]) -> pd.DataFrame:
    source = pd.read_csv(shared / "blockades_2026_02_22_by_state.csv")
    table = pd.DataFrame(
        {
            "place": states(source["state_code"]),
            "affected": source["affected"].astype(bool),
            "blockades": source["blockades_reported"],
            "source": judged["source"],
        }
    )
    nation = {"place": "00", "affected": True, "blockades": judged["nation"]}
    nation["source"] = judged["source"]
    return pd.concat([pd.DataFrame([nation]), table]).sort_values("place")
