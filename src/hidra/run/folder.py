"""The folder of a run: written beside its place, put there in one move, never half there."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from hidra.core.errors import RunError
from hidra.inference.posterior import keep
from hidra.run import MANIFEST, read_manifest

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.inference import Posterior

_writing: set[Path] = set()  # what this process has open, for `abandon`


class RunFolder:
    """A run being written. Everything goes to ``DIR.partial-PID``; leaving renames it to ``DIR``.

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
        self.partial = self.folder.with_name(f"{self.folder.name}.partial-{os.getpid()}")

    def __enter__(self) -> RunFolder:
        with _told(self.folder):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            _tidy(self.folder)
            self._refuse_what_is_not_ours()
            self._look_for_space()
            self.partial.mkdir()
        _writing.add(self.partial)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                with _told(self.folder):
                    self._publish()
            elif isinstance(error, OSError):
                raise as_run_error(error, self.folder) from error
        finally:
            if kind is not None or self.partial.exists():
                _remove(self.partial)
            _writing.discard(self.partial)

    def text(self, name: str, content: str) -> None:
        """Write a text file."""
        (self.partial / name).write_text(content, encoding="utf-8")

    def manifest(self, content: Mapping[str, Any]) -> None:
        """Write the manifest: `content` after the digest of the study."""
        whole = {"study_digest": self.digest, **content}
        self.text(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table as Parquet and as CSV."""
        folder = self.partial / "tables"
        folder.mkdir(exist_ok=True)
        frame.to_parquet(folder / f"{name}.parquet", index=False)
        frame.to_csv(folder / f"{name}.csv", index=False, float_format="%.10g")

    def results(self, dataset: xr.Dataset, name: str = "results") -> None:
        """Write results as Zarr, names as strings of any length, which the format knows."""
        texts = {n: c.astype(object) for n, c in dataset.coords.items() if c.dtype.kind == "U"}
        dataset.assign_coords(texts).to_zarr(
            self.partial / f"{name}.zarr", mode="w", consolidated=False
        )

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
                "Something that is not a run stands where the run should go.",
                where=str(self.folder),
                fix="Choose another folder with --out.",
            )
        if (self.folder / MANIFEST).is_file() and not self.force:
            there = read_manifest(self.folder).get("study_digest")
            if there != self.digest:
                raise RunError(
                    "The run of another study stands in this folder.",
                    where=str(self.folder),
                    fix="Choose another folder with --out, or replace it with --force.",
                )

    def _look_for_space(self) -> None:
        free = shutil.disk_usage(self.folder.parent).free
        if free < self.needed:
            raise RunError(
                f"The disk has {_size(free)} free; the run needs about {_size(self.needed)}.",
                where=str(self.folder.parent),
                fix="Free some space, or choose another folder with --out.",
            )

    def _publish(self) -> None:
        """Put the finished folder in its place; the one before stays until it is there."""
        old = self.folder.with_name(f"{self.folder.name}.old-{os.getpid()}")
        if self.folder.exists():
            self.folder.rename(old)
        try:
            self.partial.rename(self.folder)
        except BaseException:
            if old.exists():
                old.rename(self.folder)
            raise
        shutil.rmtree(old, ignore_errors=True)


def abandon() -> None:
    """Remove what this process has half-written; for leaving without unwinding."""
    for folder in tuple(_writing):
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder into which the library's threads may still be writing, or that they remake.

    Zarr hands on the first error of many writes at once and lets the others end by themselves;
    each makes the folders it needs. So the folder must be seen gone several times in a row.
    """
    gone = 0
    for _ in range(100):
        shutil.rmtree(folder, ignore_errors=True)
        gone = 0 if folder.exists() else gone + 1
        if gone == 5:
            return
        time.sleep(0.05)


def as_run_error(error: OSError, folder: Path) -> RunError:
    """Tell an error of the file system in three parts."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(error):
        return RunError(
            "The disk is full. Nothing half-written is left.",
            where=str(folder),
            fix="Free some space, or choose another folder with --out.",
        )
    return RunError(
        f"The run cannot be written: {error.strerror or error}.",
        where=str(folder),
        fix="Choose a folder you may write to, or change its permissions.",
    )


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise as_run_error(error, folder) from error


def _tidy(folder: Path) -> None:
    """Remove what dead processes left half-written; bring back a run they had set aside."""
    for path in folder.parent.glob(f"{folder.name}.*-*"):
        found = re.fullmatch(re.escape(folder.name) + r"\.(partial|old)-(\d+)", path.name)
        if not found or _alive(int(found[2])):
            continue
        if found[1] == "old" and not folder.exists():
            path.rename(folder)
        else:
            shutil.rmtree(path, ignore_errors=True)


def _alive(process: int) -> bool:
    if process == os.getpid():
        return False  # what bears our number is from an earlier process, or is ours to redo
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def _size(amount: float) -> str:
    return f"{amount / 1e6:,.0f} MB"
