"""The user's data folder: where it is, what lies in it, and one writer at a time.

``HIDRA_HOME`` sets the folder; without it the usual data folder of the system is used. In it:

* ``panel.duckdb`` what the user fetched, added or imported (absent until then);
* ``files/SOURCE/`` official files that are parts of one series, kept to be read together;
* ``panel.lock`` held while somebody writes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hidra.core.errors import PanelError, RunError
from hidra.core.files import home as home  # noqa: PLC0414  (also asked for here)
from hidra.core.files import sha256 as sha256  # noqa: PLC0414
from hidra.core.i18n import _

_one_writer_here = threading.Lock()


def panel_file() -> Path:
    """Return the path of the panel file; it may not exist yet."""
    return home() / "panel.duckdb"


def files_of(source: str) -> Path:
    """Return the folder where the official files of a source are kept."""
    return home() / "files" / source


def offline(asked: bool = False) -> bool:
    """Whether the network must not be used: asked for, or ``HIDRA_OFFLINE`` is set."""
    return asked or os.environ.get("HIDRA_OFFLINE", "") not in ("", "0")


@contextmanager
def sole_writer() -> Iterator[None]:
    """Hold the folder for writing: one writer at a time, readers are not disturbed.

    DuckDB's own file lock does it: the system releases it when a process dies, also by kill -9.

    Raises
    ------
    PanelError
        Another hidra is writing.
    """
    import duckdb

    lock = home() / "panel.lock"
    if not _one_writer_here.acquire(blocking=False):
        raise busy(lock, "this same program")
    try:
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            held = duckdb.connect(str(lock))
        except duckdb.IOException as error:
            if "lock is held" in str(error):
                raise busy(lock, error) from error
            raise _closed(lock, str(error).splitlines()[0]) from error
        except OSError as error:
            raise _closed(lock, error.strerror or "unknown reason") from error
        with held:
            yield
    finally:
        _one_writer_here.release()


def busy(file: Path, lock: Exception | str) -> PanelError:
    """Say who holds a file, from DuckDB's message about its lock."""
    _rest, _rest, holder = str(lock).partition("lock is held in ")
    return PanelError(
        _("The panel is being written by {holder}.", holder=holder.partition(". ")[0] or lock),
        where=str(file),
        fix=_("Wait until it has finished and try again; reading is possible meanwhile."),
    )


def _closed(lock: Path, reason: str) -> RunError:
    return RunError(
        _("The data folder cannot be written: {reason}.", reason=reason),
        where=str(lock.parent),
        fix=_("Check that you may write there, or set HIDRA_HOME to another folder."),
    )
