"""What the worker process does: simulate, summarise, keep; or stop when asked to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import hidra
from hidra.core import files
from hidra.core.errors import HidraError
from hidra.core.quantiles import quantiles
from hidra.core.weeks import month_after
from hidra.web.lab.wanted import Wanted

if TYPE_CHECKING:
    import xarray as xr

RECORDS = ("inegi_homicides", "sesnsp_homicide_victims")  # drawn anew, so not paired
EARLIER = 36  # months before a scenario begins that are drawn too
Simulate = Callable[..., "xr.Dataset"]


def loop(tasks: Any) -> None:
    """Work on one folder after another until told to end; the process stays warm between."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this
    for folder in iter(tasks.get, None):
        work(Path(folder))


def work(folder: Path, simulate: Simulate | None = None) -> None:
    """Simulate what lies in a folder, and leave its tables there; whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        With ``wanted.json``. What becomes of it is told in ``progress.json``.
    simulate : callable, optional
        ``hidra.scenario.what_if.what_if`` by default.
    """
    wanted = Wanted.model_validate_json((folder / "wanted.json").read_text(encoding="utf-8"))
    stopped = (folder / "stop").exists
    if stopped():
        tell(folder, "cancelled")
        return
    tell(folder, "running", 0, wanted.draws)
    try:
        results = (simulate or _what_if)(
            {name: one.intervention() for name, one in wanted.scenarios.items()},
            posterior=wanted.posterior, end=wanted.end, draws=wanted.draws, seed=wanted.seed,
            progress=lambda done, total: tell(folder, "running", done, total), stop=stopped,
        )  # fmt: skip
        keep(folder, wanted, results)
        tell(folder, "done", wanted.draws, wanted.draws)
    except Exception as error:  # the server tells the reader; the process goes on
        if stopped():
            tell(folder, "cancelled")
        else:
            tell(folder, "failed", error=error)


def _what_if(*given: Any, **named: Any) -> xr.Dataset:
    from hidra.scenario.what_if import what_if

    return what_if(*given, **named)


def tell(
    folder: Path, state: str, done: int = 0, total: int = 0, error: Exception | None = None
) -> None:
    """Say how far the work is, in a file that is never half there."""
    told: dict[str, Any] = {"state": state, "done": int(done), "total": int(total)}
    if isinstance(error, HidraError):
        told |= {"what": error.what, "where": error.where, "fix": error.fix}
    elif error is not None:
        told |= {
            "what": f"The simulation failed: {type(error).__name__}.",
            "fix": "It is a fault of hidra, not yours. Change something and try again.",
        }
    files.write_json(folder / "progress.json", told, indent=None)


def keep(folder: Path, wanted: Wanted, results: xr.Dataset) -> None:
    """Write the tables of a run and what it stands on."""
    from hidra.run.summary import difference, summary

    starts = {name: one.start for name, one in wanted.scenarios.items()}
    first = min(starts.values())
    shown = results.sel(month=slice(month_after(first, -EARLIER), None))
    tables = {
        "summary": summary(shown),
        "difference": difference(results, starts),
        "outcome": outcome(results.sel(month=slice(first, None))),
    }
    for name, table in tables.items():
        files.write_parquet(folder / f"{name}.parquet", table)
    labels = {
        str(name): {key: str(value) for key, value in results[name].attrs.items()}
        for name in results.data_vars
    }
    told = {str(key): _plain(value) for key, value in results.attrs.items()}
    manifest = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": hidra.__version__, "labels": labels, "told": told, "first": first,
    }  # fmt: skip
    files.write_json(folder / "manifest.json", manifest)


def outcome(results: xr.Dataset) -> pd.DataFrame:
    """Return each scenario over its whole time, and its paired difference from no change.

    Returns
    -------
    pandas.DataFrame
        ``scenario, measure, p05 .. p95`` of the nation (sums of flows, means of stocks),
        ``diff_p05 ..`` of scenario minus no change, draw by draw, ``rel_p05 ..`` as a share of it.
    """
    from hidra.run.summary import STOCKS

    rows = []
    for measure in results.data_vars:
        if measure in RECORDS:
            continue
        values = results[measure].sum("place")
        total = values.mean("month") if measure in STOCKS else values.sum("month")
        total = total.transpose("scenario", "draw")
        numbers = dict(zip(total["scenario"].to_numpy().tolist(), total.to_numpy(), strict=True))
        base = numbers["no_change"]
        for name, one in numbers.items():
            gap = one - base
            share = gap / np.where(base > 0, base, np.nan)
            rows.append(
                {"scenario": name, "measure": str(measure)}
                | quantiles(one)
                | (quantiles(gap, prefix="diff_") | quantiles(share, prefix="rel_"))
            )
    return pd.DataFrame(rows)


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def read_tables(folder: Path) -> Mapping[str, pd.DataFrame]:
    """Return the tables that `keep` wrote."""
    return {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("summary", "difference", "outcome")
    }
