"""What the worker process does: simulate, summarise, keep; or stop when asked to."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

import hidra
from hidra.core.errors import HidraError
from hidra.web.lab.wanted import Wanted

if TYPE_CHECKING:
    import xarray as xr

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
        ``hidra.what_if`` by default.
    """
    wanted = Wanted.model_validate_json((folder / "wanted.json").read_text(encoding="utf-8"))
    stopped = (folder / "stop").exists
    if stopped():
        tell(folder, "cancelled")
        return
    tell(folder, "running", 0, wanted.draws)
    try:
        results = (simulate or _what_if)(
            dict(wanted.scenarios),
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
    from hidra.scenario.ensemble import what_if

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
    draft = folder / "progress.partial"
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(folder / "progress.json")


def keep(folder: Path, wanted: Wanted, results: xr.Dataset) -> None:
    """Write the tables of a run and what it stands on."""
    from hidra.scenario.difference import difference, outcome, summary

    starts = {name: one.start for name, one in wanted.scenarios.items()}
    first = min(starts.values())
    shown = results.sel(month=slice(_before(first), None))
    tables = {
        "summary": summary(shown),
        "difference": difference(results, starts),
        "outcome": outcome(results.sel(month=slice(first, None))),
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    labels = {
        str(name): {key: str(value) for key, value in results[name].attrs.items()}
        for name in results.data_vars
    }
    told = {str(key): _plain(value) for key, value in results.attrs.items()}
    manifest = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": hidra.__version__, "labels": labels, "told": told, "first": first,
    }  # fmt: skip
    (folder / "manifest.json").write_text(
        json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8"
    )


def _before(month: str) -> str:
    """Return the month three years earlier: what is drawn before a scenario begins."""
    return f"{int(month[:4]) - 3}-{month[5:]}"


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def read_tables(folder: Path) -> Mapping[str, pd.DataFrame]:
    """Return the tables that `keep` wrote."""
    return {
        name: pd.read_parquet(folder / f"{name}.parquet")
        for name in ("summary", "difference", "outcome")
    }
