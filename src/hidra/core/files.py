"""The one way to write a file: beside its place, made safe on the disk, put there in one move.

Killed at any moment, a target is either what stood there before or the new content, whole. What a
killed process leaves half-written is removed by the next that writes there.

What is more than one file bears a seal: a manifest with size and SHA-256 of each, and a digest of
the manifest itself (`sealed`). It is opened through `unsealed` and `check`, which refuse by name
what is missing, foreign or not as it was written.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import io
import json
import os
import re
import shutil
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import RunError, SourceError, SpecError
from hidra.core.i18n import _

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FIX = "Free some space, check that you may write there, or choose another place."
LITTER = (".DS_Store", "Thumbs.db", "desktop.ini")  # file managers leave them
_LINUX = sys.platform.startswith("linux")
LEFT = re.compile(r"(.+)\.(partial|ready|old)-(\d+)(-\d+.*)?")  # target, kind, process
_number = count()
_open: set[Path] = set()  # drafts of this process, for `abandon`


def home() -> Path:
    """Return the user's data folder, ``HIDRA_HOME`` or the system's own; it may not exist yet."""
    chosen = os.environ.get("HIDRA_HOME")
    if chosen:
        try:
            chosen.encode()
            return Path(chosen).expanduser().resolve()
        except (RuntimeError, ValueError, OSError) as error:
            raise SpecError(
                _("HIDRA_HOME names no folder: {text}.", text=error),
                where="HIDRA_HOME",
                fix=_("Set it to a folder whose name is text in UTF-8."),
            ) from error
    import platformdirs

    return platformdirs.user_data_path("hidra", appauthor=False)


@contextmanager
def replacing(target: str | Path, *, fix: str = FIX, lasting: bool = True) -> Iterator[Path]:
    """Give a draft path beside `target` that takes its place only when all went well.

    Parameters
    ----------
    fix : what to do when it cannot be written.
    lasting : wait until it is on the disk; needless for what is checked when it is read.

    Raises
    ------
    RunError
        The disk is full, the folder may not be written, or another program holds the file.
        SpecError : a folder stands there.
    """
    target = Path(target).resolve()  # through a link, not in its place
    if target.is_dir():
        raise SpecError(
            _("A folder stands where the file should go."), where=str(target),
            fix=_("Give the name of a file."),
        )  # fmt: skip
    with _drafted(target, target, fix) as draft:
        yield draft
        if lasting:
            _to_disk(draft)
        draft.replace(target)
        if lasting:
            _to_disk(target.parent)


@contextmanager
def replacing_folder(target: str | Path, *, fix: str = FIX) -> Iterator[Path]:
    """Give a draft folder beside `target`; what stands there stays until the draft is whole.

    Raises
    ------
    RunError
        The disk is full, or the folder may not be written.
    """
    target = Path(target).resolve()
    with _drafted(target, target, fix) as draft:
        draft.mkdir()
        yield draft
        for path in (*draft.rglob("*"), draft):
            _to_disk(path)
        _swap(draft, target)
        _to_disk(target.parent)


@contextmanager
def replacing_set(first: str | Path) -> Iterator[Path]:
    """Give a draft folder whose files take their places beside `first`, which is one of them.

    What else lies there stays. Once all are on the disk the draft is called ready, and from then
    on the new set stands: who is killed between two moves leaves the rest to whoever comes next,
    the next writer or reader (`settle`).

    Raises
    ------
    RunError
        The disk is full, or the folder may not be written.
    """
    first = Path(first).resolve()
    with _drafted(first, first.parent) as draft:
        draft.mkdir()
        yield draft
        for path in (*draft.iterdir(), draft):
            _to_disk(path)
        ready = draft.with_name(draft.name.replace(".partial-", ".ready-"))
        _open.add(ready)
        draft.rename(ready)
        _to_disk(first.parent)
        _finish(ready)


@contextmanager
def _drafted(target: Path, where: Path, fix: str = FIX) -> Iterator[Path]:
    """Give the path of a draft beside a target; nothing of it is left, however that ends."""
    draft = target.with_name(f"{target.name}.partial-{os.getpid()}-{next(_number)}")
    try:
        with told(where, fix=fix):
            target.parent.mkdir(parents=True, exist_ok=True)
            _tidy(target)
            _open.add(draft)
            yield draft
    finally:  # what a library wrote beside it too, but not the draft of a longer number
        for left in (draft, *target.parent.glob(f"{_escaped(draft.name)}[!0-9]*")):
            _remove(left)
        _open.discard(draft)


def settle(folder: Path) -> None:
    """Move what a killed process had ready for a folder to its place, where it may be written."""
    with suppress(OSError):
        for path in folder.glob("*.ready-*"):
            found = LEFT.fullmatch(path.name)
            if found and path not in _open and not _alive(int(found[3])):
                _finish(path)


def _finish(ready: Path) -> None:
    """Move the files of a set to their places; one that has gone, somebody else has moved."""
    names = sorted(path.name for path in ready.iterdir())
    for name in sorted(names, key=lambda name: name.endswith("manifest.json")):
        with suppress(FileNotFoundError):
            (ready / name).replace(ready.parent / name)
    _to_disk(ready.parent)
    shutil.rmtree(ready, ignore_errors=True)
    _open.discard(ready)


@contextmanager
def scratch() -> Iterator[Path]:
    """Give an empty folder for files on their way; what killed processes left is removed first."""
    above = Path(tempfile.gettempdir())
    for left in above.glob("hidra-scratch-*"):
        by = left.name.split("-")[2:4]
        if not owned(" ".join(by)):
            shutil.rmtree(left, ignore_errors=True)
    with told(above):
        here = above / f"hidra-scratch-{owner().replace(' ', '-')}-{next(_number)}"
        here.mkdir(mode=0o700)
    try:
        yield here
    finally:
        shutil.rmtree(here, ignore_errors=True)


def write_text(target: str | Path, text: str, *, fix: str = FIX) -> Path:
    """Write a text as UTF-8 with bare line ends, whole or not at all, and return where."""
    return write_bytes(target, text.encode(), fix=fix)


def write_bytes(
    target: str | Path, content: bytes, *, fix: str = FIX, lasting: bool = True
) -> Path:
    """Write bytes, whole or not at all, and return where; see `replacing`."""
    with replacing(target, fix=fix, lasting=lasting) as draft:
        draft.write_bytes(content)
    return Path(target)


def write_new(target: str | Path, text: str) -> Path:
    """Write a text where nothing stands yet.

    Raises
    ------
    RunError
        Something stands there.
    """
    target = Path(target)
    if target.exists():
        raise RunError(
            _("The file already exists."), where=str(target), fix=_("Choose another name.")
        )
    return write_text(target, text)


def write_json(target: str | Path, value: object, *, indent: int | None = 1, **more: Any) -> Path:
    """Write plain values as JSON with a last line end; `more` goes to ``json.dumps``."""
    text = json.dumps(value, indent=indent, ensure_ascii=False, **more)
    return write_text(target, text + "\n")


def write_csv(target: str | Path, frame: pd.DataFrame, **more: Any) -> Path:
    """Write a table as CSV without its index; `more` goes to ``DataFrame.to_csv``."""
    return write_text(target, frame.to_csv(index=False, lineterminator="\n", **more))


def write_parquet(target: str | Path, frame: pd.DataFrame) -> Path:
    """Write a table as Parquet without its index."""
    with replacing(target) as draft:
        frame.to_parquet(draft, index=False)
    return Path(target)


def write_npz(
    target: str | Path, arrays: Mapping[str, np.ndarray], *, compressed: bool = False
) -> Path:
    """Write arrays of numbers or texts as NPZ; objects, which would need pickle, are refused."""
    return write_bytes(target, npz(arrays, compressed=compressed))


def npz(arrays: Mapping[str, np.ndarray], *, compressed: bool = False) -> bytes:
    """Return arrays as the bytes of an NPZ file."""
    import numpy as np

    content = io.BytesIO()
    save = np.savez_compressed if compressed else np.savez
    save(content, allow_pickle=False, **arrays)
    return content.getvalue()


def read_npz(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays in the bytes of an NPZ file; nothing in it is executed.

    Raises
    ------
    ValueError
        The bytes are of no such file, damaged, or hold objects.
    """
    import numpy as np

    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            return dict(found)
    except (OSError, EOFError, KeyError, TypeError, zipfile.BadZipFile, zlib.error) as error:
        raise ValueError(f"no NPZ file: {error}") from error


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sealed(
    told: Mapping[str, Any],
    folder: Path | None = None,
    *,
    leave: Sequence[str] = ("manifest.json",),
) -> dict[str, Any]:
    """Return plain values with a digest of them, and of a folder size and SHA-256 of each file.

    Parameters
    ----------
    leave : names of files that are none of what is sealed.
    """
    whole = json.loads(json.dumps(told))
    if folder is not None:
        whole["files"] = {
            path.relative_to(folder).as_posix(): [path.stat().st_size, sha256(path)]
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name not in leave
        }
    return {**whole, "seal": _digest(whole)}


def unsealed(file: Path, *, fix: str) -> dict[str, Any]:
    """Return what a JSON file with a seal tells.

    Raises
    ------
    SourceError
        It is not there, was written without a seal, or is not as it was written.
    """
    settle(file.parent)
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        seal = told.pop("seal")
        whole = seal == _digest(told)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise _other(file, _("is missing, or is none that hidra wrote"), fix) from error
    if not whole:
        raise _other(file, _("is not as it was written: its digest differs"), fix)
    return {**told, "seal": seal}


def check(
    folder: Path,
    told: Mapping[str, Any],
    *,
    fix: str,
    only: Callable[[str], bool] = lambda name: True,
) -> None:
    """Compare the files of a folder with those that `sealed` listed.

    Parameters
    ----------
    only : which of the names, from the folder, with ``/``.

    Raises
    ------
    SourceError
        The first that is missing, not as it was written, or lies in a folder of theirs unlisted.
    """
    listed = told.get("files")
    if not isinstance(listed, dict):
        raise _other(folder, _("lists no files: it is none that this hidra wrote"), fix)
    for name, (size, digest) in listed.items():
        path = folder / name
        if not only(name):
            continue
        if not path.is_file():
            raise _other(path, _("is missing"), fix, name)
        if path.stat().st_size != size or sha256(path) != digest:
            raise _other(path, _("is not as it was written: its SHA-256 differs"), fix, name)
    for inner in sorted({name.partition("/")[0] for name in listed if "/" in name}):
        for path in sorted((folder / inner).rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and only(name) and name not in listed:
                raise _other(
                    path, _("was not written with the rest and does not belong here"), fix, name
                )


def refuse_others(folder: str | Path) -> None:
    """Refuse to replace a sealed folder that holds files which its manifest does not list.

    Raises
    ------
    RunError
        Naming them: somebody put them there, and they would go with the folder.
    """
    manifest = Path(folder) / "manifest.json"
    if not manifest.is_file():
        return
    fix = _("Move them away, choose another folder with --out, or replace all of it with --force.")
    names = (one.relative_to(folder).as_posix() for one in sorted(Path(folder).rglob("*"))
             if one.is_file() and one.name not in (manifest.name, *LITTER))  # fmt: skip
    listed = unsealed(manifest, fix=fix).get("files", ())
    if others := [one for one in names if one not in listed]:
        raise RunError(
            _("Files lie in this folder that no run wrote: {names}.", names=", ".join(others[:12])),
            where=str(folder), fix=fix,
        )  # fmt: skip


def _digest(told: Any) -> str:
    text = json.dumps(told, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _other(path: Path, what: str, fix: str, name: str = "") -> SourceError:
    return SourceError(
        _("'{name}' {what}.", name=name or path.name, what=what), where=str(path), fix=fix
    )


def abandon() -> None:
    """Remove what this process has half-written; for leaving without unwinding."""
    for draft in tuple(_open):
        _remove(draft)


@contextmanager
def told(target: Path, *, fix: str = FIX) -> Iterator[None]:
    """Tell an error of the file system, or of DuckDB's files, in three parts."""
    try:
        yield
    except _of_the_disk() as error:
        raise as_run_error(error, target, fix) from error


def as_run_error(error: BaseException, target: Path, fix: str = FIX) -> RunError:
    """Return an error of the file system in three parts."""
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    if full or "No space left" in str(error):
        what = _("The disk is full. Nothing half-written is left.")
    else:
        reason = getattr(error, "strerror", None) or (str(error).splitlines() or [repr(error)])[0]
        what = _("The file could not be written: {text}.", text=reason)
    return RunError(what, where=str(target), fix=fix)


def _of_the_disk() -> tuple[type[BaseException], ...]:
    """Errors of writing: the system's, and DuckDB's where it has been loaded."""
    duckdb = sys.modules.get("duckdb")
    if duckdb is None:
        return (OSError,)
    names = ("IOException", "OutOfMemoryException", "TransactionException", "FatalException")
    return (OSError, *(getattr(duckdb, name) for name in names))


def _to_disk(path: Path) -> None:
    """Wait until a file or the names in a folder are on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open a folder
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _swap(draft: Path, target: Path) -> None:
    """Put a finished folder in its place; the one before keeps its name until it is there."""
    if target.exists() and _exchange(draft, target):
        _remove(draft)
        return
    old = target.with_name(f"{target.name}.old-{os.getpid()}")
    if target.exists():
        target.rename(old)
    try:
        draft.rename(target)
    except BaseException:
        if old.exists():
            old.rename(target)
        raise
    if old.exists():
        _remove(old)


def _exchange(one: Path, other: Path) -> bool:
    """Let two paths change places in one move, where the system can (Linux, ``renameat2``)."""
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None) if _LINUX else None
    at, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    return call is not None and not call(
        at, os.fsencode(one), at, os.fsencode(other), ctypes.c_uint(exchange)
    )


def leftovers(folder: Path) -> Iterator[Path]:
    """Give what dead processes left half-written, or set aside, anywhere in a folder."""
    every = (path for kind in ("partial", "ready", "old") for path in folder.rglob(f"*.{kind}-*"))
    for path in sorted(every):
        found = LEFT.fullmatch(path.name)
        if found and path not in _open and not _alive(int(found[3])):
            yield path


def _tidy(target: Path) -> None:
    """Remove what dead processes left half-written; bring back a folder they had set aside."""
    settle(target.parent)
    for path in target.parent.glob(f"{_escaped(target.name)}.*-*"):
        found = LEFT.fullmatch(path.name)
        if not found or found[1] != target.name or path in _open or _alive(int(found[3])):
            continue
        if found[2] == "old" and not target.exists():
            path.rename(target)
        else:
            _remove(path)


def owner(process: int | None = None) -> str:
    """Return what names a process for as long as the machine runs: its number, and its start."""
    number = os.getpid() if process is None else process
    try:
        told = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        return f"{number} {told.rpartition(')')[2].split()[19]}"
    except (OSError, IndexError):
        return f"{number} "


def owned(by: str) -> bool:
    """Tell whether the process that `owner` named still runs."""
    number = by.partition(" ")[0]
    return number.isdecimal() and _runs(int(number)) and owner(int(number)) == by


def _alive(process: int) -> bool:
    # With our own number and not open: an earlier process had it.
    return process != os.getpid() and _runs(process)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    return True


def _remove(path: Path) -> None:
    """Remove a file or a folder, also one into which a library's threads are still writing.

    Zarr hands on the first error of many writes at once and lets the others end by themselves;
    each makes the folders it needs. So a folder must be seen gone several times in a row.
    """
    if not path.is_dir():
        with suppress(OSError):
            path.unlink(missing_ok=True)
        if not path.is_dir():
            return
    gone = 0
    for _rest in range(100):
        shutil.rmtree(path, ignore_errors=True)
        gone = 0 if path.exists() else gone + 1
        if gone == 5:
            return
        time.sleep(0.05)


def _escaped(name: str) -> str:
    import glob

    return glob.escape(name)
