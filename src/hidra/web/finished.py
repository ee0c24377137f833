"""The finished run that pages show beside the records, where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from hidra.charts import series
from hidra.core.errors import SpecError
from hidra.run import MANIFEST, Run


@dataclass(frozen=True)
class Finished:
    """What a page takes from a finished run.

    Attributes
    ----------
    summary : pandas.DataFrame
        Quantiles by scenario, place, month and measure: the check and what follows without change.
    meta : mapping
        Version, name, draws and seed; last month of the fit, last month held out.
    """

    summary: pd.DataFrame
    meta: Mapping[str, Any]

    def band(self, measure: str, place: str) -> pd.DataFrame:
        """Return the quantiles of a place, month by month (:func:`series.model_band`)."""
        return series.model_band(self.summary, measure, (place,)).round(1)


def stamp(folder: Path) -> tuple[str, int]:
    """Return what changes when another run stands in a folder; 0 where there is none."""
    try:
        return str(folder), (folder / MANIFEST).stat().st_mtime_ns
    except OSError:
        return str(folder), 0


def finished(folder: Path) -> Finished | None:
    """Return the finished run of a folder, or nothing where none that can be read stands there."""
    mark = stamp(folder)
    return _read(mark) if mark[1] else None


@lru_cache(maxsize=2)
def _read(mark: tuple[str, int]) -> Finished | None:
    folder = Path(mark[0])
    try:
        run = Run.open(folder)
        told = run.manifest
        chosen = [("scenario", "in", ["check", "no_change"])]
        summary = pd.read_parquet(folder / "tables" / "summary.parquet", filters=chosen)
        meta = {
            "hidra_version": told["versions"]["hidra"], "run_id": str(told["study_digest"])[:12],
            "draws": told["draws"], "seed": told["seed"], **run.fit_months(),
        }  # fmt: skip
    except (OSError, ValueError, KeyError, AttributeError, yaml.YAMLError, SpecError):
        return None
    return Finished(summary, meta)
