"""A finished run, read back lazily."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.errors import SpecError, unknown

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

MANIFEST = "manifest.json"
LIBRARIES = ("jax", "numpyro", "numpy", "scipy", "pandas", "xarray", "zarr", "duckdb", "altair")


@dataclass(frozen=True)
class Run:
    """A finished run, read back lazily.

    Attributes
    ----------
    folder : where it stands.
    """

    folder: Path

    @classmethod
    def open(cls, folder: str | Path) -> Run:
        """Open a run.

        Raises
        ------
        SpecError
            When no finished run stands there.
        """
        read_manifest(Path(folder))
        return cls(Path(folder))

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Versions, hashes, seed, command and known limits."""
        return read_manifest(self.folder)

    @cached_property
    def tables(self) -> Tables:
        """Tables by name, each read when asked for."""
        return Tables(self.folder / "tables")

    @cached_property
    def results(self) -> xr.Dataset:
        """Results as a dataset (scenario, draw, month, place), values read when used."""
        return self._zarr("results")

    @cached_property
    def check(self) -> xr.Dataset:
        """Results of the fit that never saw the held-out months, as the scenario ``check``."""
        return self._zarr("check")

    def _zarr(self, name: str) -> xr.Dataset:
        import xarray as xr

        return xr.open_zarr(self.folder / f"{name}.zarr", chunks=None, consolidated=False)

    @property
    def report(self) -> Path:
        """The page of the run."""
        return self.folder / "report.html"


class Tables(Mapping[str, "pd.DataFrame"]):
    """Tables of a run by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __getitem__(self, name: str) -> pd.DataFrame:
        import pandas as pd

        if name not in set(self):
            raise unknown("table", name, self, where=str(self._folder))
        return pd.read_parquet(self._folder / f"{name}.parquet")

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(path.stem for path in self._folder.glob("*.parquet")))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def versions() -> dict[str, str]:
    """Return the versions of Python, hidra and the main libraries."""
    import platform
    from importlib.metadata import version

    import hidra

    own = {"python": platform.python_version(), "hidra": hidra.__version__}
    return own | {name: version(name) for name in LIBRARIES}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a finished run, or an error when none stands there."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = None
    if not isinstance(found, dict):
        raise SpecError(
            "No finished run stands here.", where=str(folder), fix="Make one: hidra run --out DIR"
        )
    return found
