"""What the tests of all sources share: a connection, and reading a file as the panel would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from hidra.data.sources import Context, recognise
from hidra.data.sources.base import PANEL_COLUMNS

Read = Callable[..., str]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture
def read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> Read:
    """Read files into ``incoming``, check what holds for every source, return the source's name."""

    def run(*files: Path, **more: object) -> str:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        source = recognise(files[0])
        source.read(con, files, Context("2026-11-21", scratch, **more))  # type: ignore[arg-type]
        assert list(scratch.iterdir()) == [], "nothing unpacked stays behind"
        columns = [row[0] for row in con.execute("DESCRIBE incoming").fetchall()]
        assert columns == list(PANEL_COLUMNS)
        known = {one.name for one in source.measures}
        found = {row[0] for row in con.execute("SELECT DISTINCT measure FROM incoming").fetchall()}
        assert found <= known, "every measure is described"
        doubles = con.execute(
            "SELECT place, month, measure FROM incoming GROUP BY ALL HAVING count(*) > 1"
        ).fetchall()
        assert doubles == [], "one row for a place, month and measure"
        vintages = con.execute("SELECT count(DISTINCT vintage) FROM incoming").fetchall()
        assert vintages == [(1,)] or not found
        return source.name

    return run


@pytest.fixture
def value(con: duckdb.DuckDBPyConnection) -> Callable[[str, str, str], object]:
    """Value of one cell; "no row" where the panel would say nothing at all."""

    def look(place: str, month: str, measure: str) -> object:
        found = con.execute(
            "SELECT value FROM incoming WHERE place = ? AND month = ? AND measure = ?",
            [place, month, measure],
        ).fetchall()
        return found[0][0] if found else "no row"

    return look
