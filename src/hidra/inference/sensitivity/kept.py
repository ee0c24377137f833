"""The result that comes with hidra: indices of the whole system, and what they were made from."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core import files

if TYPE_CHECKING:
    import pandas as pd

NAME = "system"


def table() -> pd.DataFrame:
    """Return the table `sensitivity` of the whole system (``scripts/make_sensitivity.py``)."""
    import pandas as pd

    return pd.read_csv(place().with_suffix(".csv"))


def manifest() -> dict[str, Any]:
    """Return what the table was made from: study, posterior, design, cost."""
    found: dict[str, Any] = json.loads(place().with_suffix(".json").read_text(encoding="utf-8"))
    return found


def keep(found: pd.DataFrame, told: dict[str, Any], base: Path | None = None) -> None:
    """Write a table and its manifest as ``BASE.csv`` and ``BASE.json``."""
    base = base or place()
    files.write_csv(base.with_suffix(".csv"), found.round(4))
    files.write_json(base.with_suffix(".json"), told, sort_keys=True)


def place() -> Path:
    """Return where the result lies, without ending."""
    return Path(str(resources.files(__package__))) / NAME
