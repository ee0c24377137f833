"""Results kept on disk under what made them: inputs and code. Deleting the folder costs only time.

An entry is two files: ``KEY.json`` (its key, its plain values, and a digest of all of it) and
``KEY.npz`` (its arrays). Nothing read back is ever executed; an entry that is damaged, of another
key or of other code is made again, never believed. A `Checkpoint` keeps the finished pieces of long
work in the same spirit: killing the work loses at most one piece.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from hidra.core import files, fingerprint
from hidra.core.errors import RunError

Arrays = dict[str, np.ndarray]
T = TypeVar("T")
log = logging.getLogger("hidra.cache")
LIMIT = 1 << 30  # bytes of one cache; the entries longest unused go first
LOOK = 64  # entries written between two looks at the size


class Cache:
    """A cache with a name.

    Parameters
    ----------
    name : of its folder in ``HIDRA_HOME/cache``.
    code : fingerprint of the code that makes the entries, see ``fingerprint.code``.
    folder : where the caches lie, if elsewhere. limit : bytes it may hold.
    """

    def __init__(
        self, name: str, *, code: str, folder: Path | None = None, limit: int = LIMIT
    ) -> None:
        self.folder = (folder or files.home() / "cache") / name
        self._code, self._limit, self._written = code, limit, 0

    def get_or_make(
        self, key: Mapping[str, Any], make: Callable[[], T], *, fresh: bool = False
    ) -> T:
        """Return what is kept under a key, or what `make` gives, kept now.

        Parameters
        ----------
        key : all that the result depends on besides code; anything with a fingerprint.
        make : gives an array, a dict of arrays and plain values, or a plain value; plain values
            come back as JSON has them, tuples as lists.
        fresh : make it again in any case.

        Notes
        -----
        A disk that is full or may not be written keeps nothing; the result is given all the same.
        """
        at = self._at(key)
        found = None if fresh else self._read(at)
        if found is not None:
            for file in (_json(at), _npz(at)):
                with suppress(OSError):
                    os.utime(file)  # used: it is not among the first to go
            return cast("T", _joined(*found))
        arrays, plain = _parted(make())
        try:
            self._write(at, arrays, plain)
        except RunError as error:
            log.warning("not kept: %s (%s)", error.what, error.where)
        return cast("T", _joined(arrays, plain))

    def holds(self, key: Mapping[str, Any]) -> bool:
        """Whether an entry is kept under a key, whole."""
        return self._read(self._at(key)) is not None

    def _at(self, key: Mapping[str, Any]) -> Path:
        return self.folder / fingerprint.of({"code": self._code, "key": dict(key)})

    def _write(self, at: Path, arrays: Arrays, plain: Any) -> None:
        told = {"key": at.name, "code": self._code, "plain": plain, "arrays": None}
        if arrays:
            content = files.npz(arrays)
            told["arrays"] = hashlib.sha256(content).hexdigest()
            files.write_bytes(_npz(at), content, lasting=False)
        whole = json.dumps(told | {"digest": fingerprint.of(told)}).encode()
        files.write_bytes(_json(at), whole, lasting=False)
        if self._written % LOOK == 0:
            self._make_room()
        self._written += 1

    def _read(self, at: Path) -> tuple[Arrays, Any] | None:
        """Return the arrays and plain values of an entry, or None if none is to be believed."""
        try:
            told = json.loads(_json(at).read_bytes())
            digest = told.pop("digest")
            if digest != fingerprint.of(told) or told["key"] != at.name:
                return None
            if not told["arrays"]:
                return {}, told["plain"]
            content = _npz(at).read_bytes()
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None
        if told["arrays"] != hashlib.sha256(content).hexdigest():
            return None
        return files.read_npz(content), told["plain"]

    def _make_room(self) -> None:
        """Remove the entries longest unused until the cache is within its limit."""
        entries = []
        with suppress(OSError), os.scandir(self.folder) as found:
            entries = [(one.stat().st_mtime, one.stat().st_size, one.path) for one in found]
        over = sum(size for _, size, _ in entries) - self._limit
        for _, size, path in sorted(entries):
            if over <= 0:
                return
            with suppress(OSError):
                Path(path).unlink()
                over -= size


def _parted(made: Any) -> tuple[Arrays, Any]:
    """Part a result into arrays by name and plain values; an array that is alone has no name."""
    if isinstance(made, np.ndarray):
        return {"": made}, None
    if not isinstance(made, dict):
        return {}, json.loads(json.dumps(made))
    arrays = {name: one for name, one in made.items() if isinstance(one, np.ndarray)}
    plain = {name: one for name, one in made.items() if name not in arrays}
    return arrays, json.loads(json.dumps(plain))


def _joined(arrays: Arrays, plain: Any) -> Any:
    if plain is None and list(arrays) == [""]:
        return arrays[""]
    return {**plain, **arrays} if arrays else plain


def _json(at: Path) -> Path:
    return at.with_name(f"{at.name}.json")


def _npz(at: Path) -> Path:
    return at.with_name(f"{at.name}.npz")


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

    def once(self, name: str, work: Callable[[], Mapping[str, np.ndarray]]) -> Arrays:
        """Return the piece `name`: what was kept of it, or the result of the work, kept now."""
        found = self.read(name)
        if found is None:
            found = {key: np.asarray(value) for key, value in work().items()}
            self.keep(name, found)
        return found

    def read(self, name: str) -> Arrays | None:
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
