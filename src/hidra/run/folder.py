"""The folder of a run: written beside its place, put there in one move, never half there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from hidra.core import files
from hidra.core.errors import RunError
from hidra.core.i18n import _
from hidra.inference.posterior import keep
from hidra.run import MANIFEST, read_manifest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.inference.posterior import Posterior

FIX = _("Free some space, or choose another folder with --out.")


class RunFolder:
    """A run being written. Everything goes to a draft beside it; leaving puts it there.

    Leaving by an error or by Ctrl-C removes what was written and leaves ``DIR`` as it was.

    Parameters
    ----------
    folder : where the run will stand.
    digest : of the study. The same study's run is replaced; another's only with `force`.
    needed : bytes that must be free before beginning.

    Raises
    ------
    RunError
        No space, no permission, or something else stands in `folder`.
    """

    def __init__(
        self, folder: str | Path, digest: str, *, force: bool = False, needed: int = 0
    ) -> None:
        self.folder = Path(folder).absolute()
        self.digest, self.force, self.needed = digest, force, needed

    def __enter__(self) -> RunFolder:
        with ExitStack() as opened:
            self.partial = opened.enter_context(files.replacing_folder(self.folder, fix=FIX))
            self._refuse_what_is_not_ours()
            self._look_for_space()
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._opened.__exit__(kind, error, trace)

    def text(self, name: str, content: str) -> None:
        """Write a text file."""
        files.write_text(self.partial / name, content)

    def manifest(self, content: Mapping[str, Any]) -> None:
        """Write the manifest, the last of all: `content`, then size and hash of every file."""
        whole = files.sealed({"study_digest": self.digest, **content}, self.partial)
        self.text(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as Parquet and as CSV."""
        folder = self.partial / "tables"
        files.write_parquet(folder / f"{name}.parquet", frame)
        files.write_csv(folder / f"{name}.csv", frame, float_format="%.10g")

    def results(self, dataset: xr.Dataset, name: str = "results") -> None:
        """Write results as Zarr; those that lie in a store already are moved, and read here."""
        from hidra.scenario.ensemble import write

        store = self.partial / f"{name}.zarr"
        if "source" in dataset.encoding:
            shutil.move(dataset.encoding["source"], store)
        else:
            write(dataset, store)

    def posterior(self, found: Posterior, name: str, manifest: Mapping[str, Any]) -> None:
        """Keep a posterior with its manifest; `name` without ending."""
        keep(found, self.partial / name, manifest)

    def _refuse_what_is_not_ours(self) -> None:
        if not self.folder.exists():
            return
        if not self.folder.is_dir() or (
            any(self.folder.iterdir()) and not (self.folder / MANIFEST).is_file()
        ):
            raise RunError(
                _("Something that is not a run stands where the run should go."),
                where=str(self.folder),
                fix=_("Choose another folder with --out."),
            )
        if (self.folder / MANIFEST).is_file() and not self.force:
            there = read_manifest(self.folder).get("study_digest")
            if there != self.digest:
                raise RunError(
                    _("The run of another study stands in this folder."),
                    where=str(self.folder),
                    fix=_("Choose another folder with --out, or replace it with --force."),
                )

    def _look_for_space(self) -> None:
        free = shutil.disk_usage(self.folder.parent).free
        if free < self.needed:
            raise RunError(
                _(
                    "The disk has {free} free; the run needs about {needed}.",
                    free=_size(free),
                    needed=_size(self.needed),
                ),
                where=str(self.folder.parent),
                fix=FIX,
            )


def _size(amount: float) -> str:
    return f"{amount / 1e6:,.0f} MB"
