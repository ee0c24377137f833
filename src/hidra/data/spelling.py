"""Codes and dates as people write them, turned into the two keys of the panel.

Pure functions on text: every distinct spelling in a table passes here once.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from hidra.core import place
from hidra.core.errors import SpecError
from hidra.data import boundaries
from hidra.data.spec import MONTH, TimeColumns

MONTHS_WRITTEN = (
    ("enero", "ene", "january", "jan"), ("febrero", "feb", "february"),
    ("marzo", "mar", "march"), ("abril", "abr", "april", "apr"), ("mayo", "may"),
    ("junio", "jun", "june"), ("julio", "jul", "july"), ("agosto", "ago", "august", "aug"),
    ("septiembre", "setiembre", "sep", "september"), ("octubre", "oct", "october"),
    ("noviembre", "nov", "november"), ("diciembre", "dic", "december", "dec"),
)  # fmt: skip
MONTH_NUMBER = {word: at for at, words in enumerate(MONTHS_WRITTEN, 1) for word in words}
WIDTH = {"nation": 2, "state": 2, "municipality": 5}
PERIOD = re.compile(rf"({MONTH})(?!\d)")


@dataclass(frozen=True)
class When:
    """A moment of the panel; ``known`` says how much of it is."""

    month: str
    period: str
    known: Literal["all", "year", "nothing"] = "all"


def slug(text: str) -> str:
    """Return words as part of a measure name: small letters, digits, underscores."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "unknown"


def place_code(text: str, level: str | None) -> str:
    """Return the text code of a place, its lost zeros put back.

    Raises
    ------
    ValueError
        It is no code, or its length does not say whether it is a state or a municipality.
    """
    digits = re.sub(r"\.0$", "", text.strip())
    if not digits.isascii() or not digits.isdigit():
        return _state_named(digits, level)
    wanted = [WIDTH[level]] if level else [2, 5]
    if level and len(digits) < wanted[0]:
        digits = digits.zfill(wanted[0])
    elif len(digits) + 1 in wanted:  # one or four digits: a zero was lost, no doubt where
        digits = f"0{digits}"
    if len(digits) not in wanted:
        raise ValueError(
            f"a {level} has {wanted[0]} digits" if level else "say level: state or municipality"
        )
    if boundaries.kind_of(digits) == "unknown" and digits[:2] not in boundaries.LAST_NUMBER:
        raise ValueError("there is no such state: 01 to 32, 00 the nation, 33 unknown or abroad")
    return digits


def _state_named(name: str, level: str | None) -> str:
    """Return the code of a state or the nation written by its name."""
    try:
        if level == "municipality":
            raise ValueError(
                "a municipality is told by its INEGI code, such as 08037: names repeat"
            )
        return place.find(name).code
    except SpecError as error:
        raise ValueError(
            f"it is no INEGI code of digits, such as 08 or 08037, and no state has this name. "
            f"{error.fix.rstrip('.')}"
        ) from error


def moment(key: str, time: TimeColumns) -> When:
    """Return the moment of a row from the texts of its time columns, joined by ``|``.

    Raises
    ------
    ValueError
        It is no month, quarter, year or date.
    """
    parts = [re.sub(r"\.0$", "", part.strip()) for part in key.split("|")]
    if time.year is None:
        return _written(parts[0], time)
    year = parts[0]
    if year in time.unknown_years:
        return When("", "month" if len(parts) > 1 else "year", "nothing")
    if not re.fullmatch(r"(18|19|20)\d\d", year):
        raise ValueError(f"'{year}' is no year; unknown_years: [{year}] sets it aside")
    if time.quarter:
        quarter = re.sub(r"^[QqTt]", "", parts[1])
        if quarter not in ("1", "2", "3", "4"):
            raise ValueError(f"'{parts[1]}' is no quarter: 1 to 4")
        return When(f"{year}-{3 * int(quarter) - 2:02d}", "quarter")
    if len(parts) == 1:
        return When(f"{year}-01", "year")
    if parts[1] in time.unknown_months:
        return When(f"{year}-01", "year", "year")
    return When(f"{year}-{_month_number(parts[1]):02d}", "month")


def _month_number(text: str) -> int:
    if slug(text) in MONTH_NUMBER:
        return MONTH_NUMBER[slug(text)]
    if not re.fullmatch(r"0?[1-9]|1[0-2]", text):
        raise ValueError(f"'{text}' is no month; unknown_months: ['{text}'] sets it apart")
    return int(text)


def _written(text: str, time: TimeColumns) -> When:
    """Read one column or fixed text: 2024-03, 2024-03-17, 2024, 2024Q2, or a span of words."""
    if text in time.unknown_months or text in time.unknown_years:
        return When("", "month", "nothing")
    whole = re.fullmatch(rf"({MONTH})(-\d\d)?([ T].*)?", text)
    if time.month or time.date:
        if not whole:
            shape = "YYYY-MM" if time.month else "YYYY-MM-DD"
            raise ValueError(f"'{text}' is no {'month' if time.month else 'date'}: write {shape}")
        return When(whole.group(1), "month")
    return _span(text)


def _span(text: str) -> When:
    """Read a period as published: a month, a year, a quarter, or words that begin with one."""
    if re.fullmatch(MONTH, text):
        return When(text, "month")
    if re.fullmatch(r"\d{4}", text):
        return When(f"{text}-01", "year")
    quarter = re.fullmatch(r"(\d{4})[ -]?[QT]([1-4])", text)
    if quarter:
        return When(f"{quarter.group(1)}-{3 * int(quarter.group(2)) - 2:02d}", "quarter")
    first = PERIOD.match(text)
    if first or re.match(r"\d{4}(?!\d)", text):
        return When(first.group(1) if first else f"{text[:4]}-01", text)
    raise ValueError(f"'{text}' does not begin with a year")
