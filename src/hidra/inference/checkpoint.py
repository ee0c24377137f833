"""Finished pieces of long work, kept on the disk: killing the work loses at most one piece."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hidra.core import files

Piece = dict[str, np.ndarray]


@dataclass(frozen=True)
class Checkpoint:
    """A folder of pieces of one piece of work; nothing is kept where there is none.

    Attributes
    ----------
    folder : where the pieces lie, under the digest of the work.
    """

    folder: Path | None = None

    @classmethod
    def of(cls, folder: str | Path, digest: str) -> Checkpoint:
        """Return the checkpoint of the work called `digest`, which others do not disturb."""
        return cls(Path(folder) / digest[:16])

    def once(self, name: str, work: Callable[[], Mapping[str, np.ndarray]]) -> Piece:
        """Return the piece `name`: what was kept of it, or the result of the work, kept now."""
        found = self.read(name)
        if found is None:
            found = {key: np.asarray(value) for key, value in work().items()}
            self.keep(name, found)
        return found

    def read(self, name: str) -> Piece | None:
        """Return a piece that was kept whole, or None."""
        if self.folder is None:
            return None
        try:
            return files.read_npz((self.folder / f"{name}.npz").read_bytes())
        except (OSError, ValueError):
            return None

    def keep(self, name: str, piece: Mapping[str, np.ndarray]) -> None:
        """Keep a piece, whole or not at all."""
        if self.folder is None:
            return
        file = self.folder / f"{name}.npz"  # damaged by a power cut, it reads as none
        files.write_bytes(file, files.npz(piece), lasting=False)

    def names(self) -> list[str]:
        """Return the pieces that are kept."""
        return sorted(p.stem for p in self.folder.glob("*.npz")) if self.folder else []

    def forget(self) -> None:
        """Remove what was kept: the work is done."""
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            with suppress(OSError):  # others may keep theirs beside
                self.folder.parent.rmdir()


NOWHERE = Checkpoint()
