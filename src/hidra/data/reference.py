"""Built-in reference tables: official facts and figures that load without a network.

Each table is a CSV in ``reference/`` beside this file, made by a script of the project and
described by one row of the catalogue. Text codes stay text; null is unknown, never zero.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    import pandas as pd

PANEL_COLUMNS = (
    "place", "month", "measure", "value", "source",
    "concept", "vintage", "status", "period", "unit",
)  # fmt: skip
CODES = ("cve_ent", "place", "neighbour", "municipality")
WIDE = tuple(f"m{number:02d}" for number in range(1, 13))
PUBLISHED_AFTER = 2  # years: a yearly figure counts as known once the year after its own has ended
UNDATED = ("crime_state_mean", "pipeline_state")  # known from the cut in the catalogue on
KEYS = ("file", "sha256", "vintage")


def names() -> tuple[str, ...]:
    """Return the names of the built-in tables."""
    return tuple(name for name, row in _fingerprints().items() if row["file"].endswith(".csv"))


def table(name: str, *, known_until: str | None = None) -> pd.DataFrame:
    """Return a built-in table, one row per fact; text codes stay text, null is NaN.

    Parameters
    ----------
    known_until : month at whose end only what could be known is given. Dated events after it,
        periods that had not ended and yearly figures not yet published are left out; means of many
        years and lists without a date are left out until their cut. Monthly counts lying side by
        side stay whole: a forecast cuts those itself. So do distances and outlines, and the network
        of 2020, which a forecast must leave aside by itself.

    Raises
    ------
    SpecError
        When there is no table of that name; the closest names are offered.
    SourceError
        When its file is missing or is not what the catalogue says.
    """
    if name not in names():
        raise unknown(_("built-in table"), name, names(), where=_("reference table"))
    frame = _frame(name)
    return (frame if known_until is None else _as_known(name, frame, known_until)).copy()


def _as_known(name: str, frame: pd.DataFrame, origin: str) -> pd.DataFrame:
    year = int(origin[:4])
    if name in UNDATED and _fingerprints()[name]["vintage"][:7] > origin:
        return frame.iloc[:0]
    if "m01" in frame:
        return frame
    if "date" in frame:
        frame = frame[frame["date"].astype(str).str[:7] <= origin]
    if "month" in frame:
        frame = frame[frame["month"].astype(str) <= origin]
    if "year" in frame:
        frame = frame[frame["year"] <= year - PUBLISHED_AFTER]
    if "period" in frame:
        ends = frame["period"].astype(str).str.extract(r"^\d{4}-(\d{4})$")[0].astype(float)
        frame = frame[ends.isna() | (ends < year)]
    return frame


def catalogue() -> pd.DataFrame:
    """Return one row per table: titles, publisher, concept, unit, terms, dates, citation, gaps."""
    return _parse("catalogue", _content("catalogue.csv")).copy()


@cache
def digest() -> str:
    """Return the SHA-256 of the catalogue, which holds that of every table."""
    return hashlib.sha256(_content("catalogue.csv")).hexdigest()


def hashes(names: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of some built-in tables, name -> hash."""
    return {name: _fingerprints()[name]["sha256"] for name in sorted(names)}


def panel() -> pd.DataFrame:
    """Return every place x time table as panel rows (columns of the architecture page).

    Rows are sorted by measure, place and month, and unique in these three. Annual rows carry
    January and say so in `period`. `source` is the table's name in the catalogue.
    """
    return _panel().copy()


@cache
def _panel() -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    parts = [
        (name, row, _long(_frame(name), row["measure"]))
        for row in table("measure").to_dict("records")
        for name in row["table"].split("|")
    ]
    rows = pd.concat([part.assign(status=_status(part["month"], row)) for _, row, part in parts])
    same = pd.DataFrame(  # of all rows of a part
        {column: row[column] for column in ("measure", "concept", "period", "unit")}
        | {"source": name, "vintage": _fingerprints()[name]["vintage"]}
        for name, row, _ in parts
    )
    of_row = same.take(np.repeat(np.arange(len(parts)), [len(part) for *_, part in parts]))
    whole = pd.concat([rows, of_row.set_index(rows.index)], axis="columns")
    order = ["measure", "place", "month"]
    return whole.sort_values(order, ignore_index=True)[list(PANEL_COLUMNS)]


def _long(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return place, month, value: of months or years side by side, of a row a figure, of a column.

    Months after the last with a figure are not published yet: they have no row.
    """
    rows = frame[frame["measure"] == measure] if "measure" in frame else frame
    years = [name for name in map(str, frame) if re.fullmatch(r"y\d{4}", name)]
    if "m01" in frame:
        rows = rows.melt(["place", "year"], list(WIDE), "number", "value")
        rows["month"] = rows["year"].astype(str) + "-" + rows["number"].str[1:]
        rows = rows[rows["month"] <= rows.loc[rows["value"].notna(), "month"].max()]
    elif years:
        wide = rows.dropna(axis="columns", how="all")
        rows = wide.melt(["place"], [name for name in years if name in wide], "number", "value")
        rows["month"] = rows["number"].str[1:] + "-01"
    else:
        month = rows["month"] if "month" in rows else rows["year"].astype(str) + "-01"
        value = rows["value"] if "measure" in frame else rows[measure]
        rows = rows.assign(month=month, value=value, place=frame.get("place", "00"))
    return rows.assign(value=rows["value"].astype("float64"))[["place", "month", "value"]]


def _status(months: pd.Series, measure: Mapping[Any, str]) -> pd.Series:
    """Return the status of each month; an undercount outranks a provisional figure."""
    import pandas as pd

    status = pd.Series("final", months.index, dtype="str")
    for word in ("provisional", "undercount"):
        first = measure[f"{word}_from"]
        if isinstance(first, str):
            status = status.mask(months >= first, word)
    return status


@cache
def _frame(name: str) -> pd.DataFrame:
    row = _fingerprints()[name]
    content = _content(row["file"])
    if hashlib.sha256(content).hexdigest() != row["sha256"]:
        raise _damaged(name, _("is not the file the catalogue describes"))
    return _parse(name, content)


def _parse(name: str, content: bytes) -> pd.DataFrame:
    import pandas as pd

    try:
        return pd.read_csv(
            io.BytesIO(content),
            dtype=dict.fromkeys(CODES, "str"),
            keep_default_na=False,
            na_values=[""],
        )
    except (ValueError, pd.errors.ParserError) as error:
        raise _damaged(name, _("cannot be read")) from error


@cache
def _fingerprints() -> dict[str, dict[str, str]]:
    """Return file name and sha256 per table, read without pandas."""
    text = _content("catalogue.csv").decode("utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return {row["name"]: {key: row[key] for key in KEYS} for row in rows}
    except KeyError as error:
        raise _damaged("catalogue", _("has no column {error}", error=error)) from error


def _content(file: str) -> bytes:
    try:
        return (files("hidra") / "data" / "reference" / file).read_bytes()
    except FileNotFoundError as error:
        raise _damaged(file.partition(".")[0], _("is missing")) from error


def _damaged(name: str, problem: str) -> SourceError:
    return SourceError(
        _("The built-in table '{name}' {problem}.", name=name, problem=problem),
        where=f"hidra/data/reference/{name}",
        fix=_("Install hidra again; in a checkout, restore the file from version control."),
    )
