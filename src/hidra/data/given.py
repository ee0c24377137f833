"""A small table that somebody hands over, as a file or a frame: places, months, numbers.

For what is looked at once and not kept: forecasts to score, events to study. Tables that stay go
through `hidra.data.importing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from hidra.core import place, weeks
from hidra.core.errors import HidraError, SpecError, foreign
from hidra.core.i18n import Message, _, either
from hidra.core.param import number
from hidra.data import readers, spelling

Given = str | Path | pd.DataFrame


def table(given: Given, needs: Sequence[str], also: Mapping[str, str]) -> pd.DataFrame:
    """Return the rows with names of columns as they are asked for, cells as they stand.

    Parameters
    ----------
    given : ``.csv`` (comma, semicolon or tab), ``.parquet``, ``.xlsx``, or a frame.
    needs : columns without which nothing can be done.
    also : other names of columns, accents and capitals aside -> the name asked for.

    Raises
    ------
    SpecError
        A column is missing, or there are no rows. SourceError : the file cannot be read.
    """
    rows = given.reset_index(drop=True) if isinstance(given, pd.DataFrame) else _read(Path(given))
    names = {str(one): readers.fold(str(one)).strip() for one in rows.columns}
    rows = rows.rename(columns={old: also.get(new, new) for old, new in names.items()})
    where = said(given)
    for name in needs:
        if name not in rows:
            raise SpecError(
                _("The column '{name}' is missing.", name=name),
                where=where,
                fix=_("It needs {needs}; it has {has}.", needs=", ".join(needs),
                      has=", ".join(names) or "-"),
            )  # fmt: skip
    if rows.columns.duplicated().any():
        twice = rows.columns[rows.columns.duplicated()][0]
        raise SpecError(
            _("Two columns are both '{name}'.", name=twice),
            where=where,
            fix=_("Leave one of them."),
        )
    if rows.empty:
        raise SpecError(_("There are no rows."), where=where, fix=_("Give at least one."))
    return rows


def said(given: Given) -> str:
    """Return how the table is called in an error."""
    return "frame" if isinstance(given, pd.DataFrame) else str(given)


def _read(path: Path) -> pd.DataFrame:
    try:
        readers.within(path)
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        if path.suffix in (".xlsx", ".xls", ".ods"):
            return pd.read_excel(path, dtype=str, engine="calamine")
        with path.open(encoding=readers.encoding(path)) as file:
            first = file.readline()
            file.seek(0)
            return pd.read_csv(file, dtype=str, sep=readers.separator(first))
    except HidraError:
        raise
    except OSError as error:
        raise foreign(error) or error from None
    except Exception as error:  # each library has errors of its own for a damaged file
        raise SpecError(
            _("This is no table: {text}", text=error),
            where=str(path),
            fix=_("Give a .csv, .parquet or .xlsx file with names of columns in its first row."),
        ) from None


def places(cells: pd.Series, where: str) -> pd.Series:
    """Return INEGI codes of places told by code or, of states, by name; text, never a number."""
    found = {one: _place(str(one).strip(), where, row) for one, row in _rows(cells)}
    return cells.map(found)


def _rows(cells: pd.Series) -> list[tuple[Any, int]]:
    """Return every value once, with the row of a file that it first stands in."""
    first = cells.drop_duplicates()
    return [(one, int(row) + 2) for one, row in zip(first, first.index, strict=True)]


def _place(text: str, where: str, row: int) -> str:
    try:
        code = place.code(text)
        if code != place.NATION.code:
            place.state_of(code)  # refuses what is none
        return code
    except HidraError as error:
        raise _at(row, error.what, where, error.fix) from None


def months(cells: pd.Series, where: str) -> pd.Series:
    """Return ``YYYY-MM`` of months or days, however a frame or spreadsheet keeps them.

    Days written otherwise than ``YYYY-MM-DD``, as in 25/07/2024, are read as an import reads them,
    all in one way; what may be two months is refused.
    """
    found, others = {}, {}
    for one, row in _rows(cells):
        text = str(one).strip()
        try:
            found[one] = weeks.month(text)
        except SpecError as error:
            others[one] = text, row
            if not spelling.forms(text):
                raise _at(row, error.what, where, error.fix) from None
    ways = [set(spelling.forms(text)) for text, _row in others.values()]
    common = set.intersection(*ways) if ways else set()
    for one, (text, row) in others.items():
        read = sorted({spelling.in_form(text, way) for way in common})
        if len(read) != 1:
            what = (
                _("'{text}' may be {months}.", text=text, months=either(read))
                if read
                else _("'{text}' is not written as the days before it.", text=text)
            )
            raise _at(row, what, where, _("Write days as YYYY-MM-DD."))
        found[one] = read[0]
    return cells.map(found)


def numbers(cells: pd.Series, where: str) -> pd.Series:
    """Return numbers; an empty cell is unknown, anything else that is none is refused."""
    if pd.api.types.is_numeric_dtype(cells) and not np.isinf(cells.astype(float)).any():
        return cells.astype(float)
    found = {str(one): _number(one, where, row) for one, row in _rows(cells)}
    return cells.map(lambda one: found[str(one)]).astype(float)


def _number(cell: Any, where: str, row: int) -> float:
    if pd.isna(cell) or not str(cell).strip():
        return np.nan
    try:
        return number(str(cell))
    except ValueError:
        what = _("'{text}' is not a number.", text=cell)
        raise _at(row, what, where, _("Write digits only, with a decimal point.")) from None


def _at(row: int, what: str | Message, where: str, fix: str | Message) -> SpecError:
    return SpecError(what, where=_("{file}, row {row}", file=where, row=row), fix=fix)
