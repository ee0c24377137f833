"""Official files on their way in: recognised by content, read, kept by date, put in the panel."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.data import fetch, home
from hidra.data.fingerprint import sha256
from hidra.data.keeping import Receipt, Supply, keep, sign, writing
from hidra.data.sources import recognise, source
from hidra.data.sources.base import Context, Source

if TYPE_CHECKING:
    import duckdb

Progress = Callable[[str, float | None], None]


def silent(words: str, share: float | None) -> None:
    """Report no progress."""


def add(
    path: Path,
    *,
    accessed: str | None = None,
    replace: bool = False,
    progress: Progress = silent,
) -> Receipt:
    """Put an official file that the user has on disk into the panel.

    The file stays where it is. Of sources whose files are parts of one series (editions), a copy
    is kept in the data folder, and all parts held are read together.

    Parameters
    ----------
    accessed : str, optional
        Date of access ``YYYY-MM-DD``; today if not given.

    Raises
    ------
    SourceError
        The file is of no known source, is broken, or cannot be read; with file, row and cure.
    PanelError
        The panel holds the same cut with other figures.
    """
    whose = recognise(path)
    folder = home.files_of(whose.name)
    paths = [path]
    if whose.holds == "editions":
        paths = list((fetch.held(folder) | {path.name: path}).values())
    day = accessed or datetime.date.today().isoformat()

    def keep_part() -> None:
        if whose.holds == "editions":
            copy = folder / "arriving" / path.name
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
            fetch.keep(copy, folder, name=path.name, address="", today=day)

    return _bring(whose, paths, day, path.name, replace=replace, progress=progress, then=keep_part)


def fetch_source(
    name: str,
    *,
    years: tuple[int, int] | None = None,
    cut: str | None = None,
    offline: bool = False,
    replace: bool = False,
    progress: Progress = silent,
) -> list[Receipt]:
    """Download the files of a source (or take those held, offline) and put them in the panel.

    Raises
    ------
    SourceError
        The source is brought by the user, a file cannot be had, or it is not what it should be.
    """
    whose = source(name)
    folder = home.files_of(name)
    kept = fetch.fetch_source(
        name, folder, years=years, cut=cut, offline=home.offline(offline), progress=progress
    )
    if whose.holds == "editions":
        day = max(one.vintage for one in kept)
        addresses = " ".join(one.address for one in kept)
        paths = list(fetch.held(folder).values())
        return [_bring(whose, paths, day, addresses, replace=replace, progress=progress)]
    return [
        _bring(whose, [one.path], one.vintage, one.address, replace=replace, progress=progress)
        for one in kept
    ]


def _bring(
    whose: Source,
    paths: Sequence[Path],
    accessed: str,
    address: str,
    *,
    replace: bool,
    progress: Progress,
    then: Callable[[], None] = lambda: None,
) -> Receipt:
    """Read files of one source into the panel, all or nothing.

    ``then`` runs when all was read and before it counts: killed after it, the panel is the old
    one and the next call reads the part again; killed before it, nothing has changed.
    """
    with writing() as con, tempfile.TemporaryDirectory() as scratch:
        known = _municipalities(con)
        whose.read(con, paths, Context(accessed, Path(scratch), known, progress))
        vintage = con.execute("SELECT max(vintage) FROM incoming").fetchone()
        supply = Supply(
            whose.name, (vintage and vintage[0]) or accessed, whose.title_en, whose.publisher,
            whose.terms, whose.citation, address, accessed,
            ", ".join(path.name for path in paths), " ".join(sha256(path) for path in paths),
        )  # fmt: skip
        for table in whose.tables:
            con.execute(f"CREATE OR REPLACE TABLE {whose.name}_{table} AS FROM incoming_{table}")
        if whose.tables and not (vintage and vintage[0]):
            sign(con, supply)
            return Receipt(supply.source, supply.vintage, 0, [])
        # One more part on the same day completes that day's vintage; the files stay as they are.
        if whose.holds == "editions":
            for ledger in ("supplies", "notes"):
                con.execute(
                    f"DELETE FROM {ledger} WHERE source = ? AND vintage = ?",
                    [supply.source, supply.vintage],
                )
        receipt = keep(con, supply, replace=replace or whose.holds == "editions")
        then()
        return receipt


def _municipalities(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return codes and names of the catalogue in the panel; empty when none was fetched."""
    columns = con.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'inegi_geography_places'"
    ).fetchall()
    if not {("place",), ("name",)} <= set(columns):
        return {}
    query = "SELECT place, name FROM inegi_geography_places WHERE length(place) = 5"
    return dict(con.execute(query).fetchall())
