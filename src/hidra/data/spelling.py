"""What a text says: a place, a moment, a figure, as people write them in tables.

Pure functions of a spelling and of what the description of its table says; each distinct text is
understood once. What cannot be understood is a `ValueError` with its words, never a guess.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hidra.core import place
from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.core.param import NUMBER, number
from hidra.data import geography
from hidra.data.readers import fold
from hidra.data.spec import MONTH, Spec, TimeColumns

MONTHS_WRITTEN = (
    ("enero", "ene", "january", "jan"), ("febrero", "feb", "february"),
    ("marzo", "mar", "march"), ("abril", "abr", "april", "apr"), ("mayo", "may"),
    ("junio", "jun", "june"), ("julio", "jul", "july"), ("agosto", "ago", "august", "aug"),
    ("septiembre", "setiembre", "sep", "sept", "set", "september"), ("octubre", "oct", "october"),
    ("noviembre", "nov", "november"), ("diciembre", "dic", "december", "dec"),
)  # fmt: skip
MONTH_NUMBER = {word: at for at, words in enumerate(MONTHS_WRITTEN, 1) for word in words}
WIDTH = {"nation": 2, "state": 2, "municipality": 5}
PERIOD = re.compile(rf"({MONTH})(?!\d)")
YEAR = re.compile(r"(18|19|20)\d\d")
#: Written for "not known" by every program, besides what the spec declares.
#: What points to a note behind a figure or a year: 1,234 p/, 2024*, 90 (r), 12 1/.
MARK = re.compile(
    r"(?<=\d)(?: ?(?:\(?(?:p|r|e|pe|pr|pre|prel|preliminar|revisad[oa]|estimad[oa])\.?\)?/?"
    r"|/[pre]|\*+|[\u00b9\u00b2\u00b3\u2074-\u2079\u1d43\u1d47\u1d9c\u1d48\u1d49\u1d56\u02b3]+"
    r"|\(\d\)|\[\d\])| \d/)$",
    re.IGNORECASE,
)
NO_NUMBER = ("nan", "<na>", "none", "null")
COUNTRY = (
    "mexico", "mex", "mx", "estados_unidos_mexicanos", "republica_mexicana", "nacional", "national",
    "nation", "pais", "country", "total", "total_nacional", "mexico_(pais)", "mexico_(nation)",
)  # fmt: skip
#: How dates are written in Mexico and elsewhere, to offer for `date_format`.
FORMATS = (
    "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%y", "%d-%b-%Y",
    "%d-%b-%y", "%d de %B de %Y", "%d %B %Y", "%Y%m", "%m/%Y", "%m-%Y", "%Y/%m", "%B %Y",
    "%B de %Y", "%b %Y", "%b-%Y", "%b-%y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
)  # fmt: skip
ISO = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m", "%Y %B", "%Y %b")
SERIAL = "excel"  # days as spreadsheets count them: 45366 is 15 March 2024


@dataclass(frozen=True)
class When:
    """A moment of the panel; ``known`` says how much of it is."""

    month: str
    period: str
    known: Literal["all", "year", "nothing"] = "all"


def slug(text: str) -> str:
    """Return words as part of a measure name: small letters, digits, underscores."""
    return re.sub(r"[^a-z0-9]+", "_", place.unaccented(text)).strip("_") or "unknown"


def alike(text: str) -> str:
    """Return a word as it is compared: case, accents, spaces and a lost ``.0`` do not count."""
    return fold(re.sub(r"(?<=\d)\.0+$", "", text))


def declared(text: str, given: Iterable[str]) -> bool:
    """Tell whether a text is one of those declared: the same word, or the same number."""
    figure = float(text) if NUMBER.fullmatch(text) else None
    return any(
        alike(text) == alike(one) or (NUMBER.fullmatch(one) and float(one) == figure)
        for one in given
    )


def unmarked(text: str) -> str:
    """Return a figure or a year without the mark of a note behind it.

    >>> unmarked("1,234 p/"), unmarked("2024*"), unmarked("12 1/")
    ('1,234', '2024', '12')
    """
    return MARK.sub("", text)


def place_code(text: str, level: str | None) -> str:
    """Return the text code of a place, its lost zeros put back.

    Raises
    ------
    ValueError
        It is no code, or its length does not say whether it is a state or a municipality.
    """
    digits = re.sub(r"(?<=\d) (?=\d)|\.0$", "", text.strip())
    if not digits.isascii() or not digits.isdecimal():
        return _municipality_named(text) if level == "municipality" else _state_named(digits, level)
    wanted = [WIDTH[level]] if level else [2, 5]
    if level and len(digits) < wanted[0]:
        digits = digits.zfill(wanted[0])
    elif len(digits) + 1 in wanted:  # one or four digits: a zero was lost, no doubt where
        digits = f"0{digits}"
    if len(digits) not in wanted:
        raise ValueError(
            _("a {level} has {n} digits", level=level, n=wanted[0])
            if level
            else _("say level: state or municipality")
        )
    if level == "nation" and digits != "00":
        raise ValueError(_("the code of the nation is 00; for states write level: state"))
    if level == "municipality" and digits[:2] == "00":
        raise ValueError(
            _(
                "a municipality has five digits; where the state stands in a column of its own, "
                "write place: {state: COLUMN, municipality: COLUMN}"
            )
        )
    if geography.kind_of(digits) == "unknown" and digits[:2] not in geography.LAST_NUMBER:
        raise ValueError(_("there is no such state: 01 to 32, 00 the nation, 33 unknown or abroad"))
    return digits


def _state_named(name: str, level: str | None) -> str:
    """Return the code of a state or the nation written by its name."""
    if level == "nation" and fold(name) in COUNTRY:
        return "00"
    if level is None and fold(name) in ("mexico", "mex"):
        raise ValueError(
            _("it is the country and a state: write level: nation or level: state in place")
        )
    try:
        return place_code(place.find(name).code, level)
    except SpecError as error:
        raise ValueError(
            _(
                "it is no INEGI code of digits, such as 08 or 08037, and no state has this "
                "name ({fix})",
                fix=error.fix,
            )
        ) from error


def _municipality_named(name: str, state: str = "") -> str:
    """Return the code of a municipality by its name, as the catalogue writes it."""
    match = geography.town_named(name, state)
    if match.way == "exact" and match.code:
        return match.code
    said = ", ".join(geography.label(one) for one in match.candidates[:4])
    raise ValueError(
        _("no municipality has this name; near it: {names}; place.recode says which", names=said)
        if match.way != "exact"
        else _("names repeat, and this is one of {names}; place.recode says which", names=said)
    )


def joined_code(state: str, municipality: str) -> str:
    """Return the code of a municipality from its two columns: 8 and 37 are 08037.

    Raises
    ------
    ValueError
        One of them is no code, or the municipality is of another state.
    """
    first = place_code(state, "state")
    number = re.sub(r"\.0$", "", municipality)
    if re.fullmatch(r"\d{4,5}", number, re.ASCII):
        code = place_code(number, "municipality")
        if code[:2] != first:
            raise ValueError(
                _("{code} is no municipality of the state {state}", code=code, state=first)
            )
        return code
    if number and not number[0].isdecimal() and first in geography.LAST_NUMBER:
        return _municipality_named(municipality, first)
    if not re.fullmatch(r"\d{1,3}", number, re.ASCII) or int(number) == 0:
        raise ValueError(
            _("'{number}' is no municipality; where_not leaves out sums of states", number=number)
        )
    return place_code(f"{first}{number:0>3}", "municipality")


def moment(parts: Sequence[str], time: TimeColumns) -> When:
    """Return the moment of a row from the texts of its time columns.

    Raises
    ------
    ValueError
        It is no month, quarter, year or date.
    """
    parts = [re.sub(r"\.0$", "", part.strip()) for part in parts]
    if time.year is None:
        return _written(parts[0], time)
    year = parts[0]
    if declared(year, time.unknown_years):
        return When("", "month" if len(parts) > 1 else "year", "nothing")
    year = unmarked(year)
    if not YEAR.fullmatch(year):
        raise ValueError(
            _("'{year}' is no year; time.unknown_years: ['{year}'] sets it aside", year=year)
        )
    if time.quarter:
        quarter = re.sub(r"^[QqTt]", "", parts[1])
        if quarter not in ("1", "2", "3", "4"):
            raise ValueError(_("'{quarter}' is no quarter: 1 to 4", quarter=parts[1]))
        return When(f"{year}-{3 * int(quarter) - 2:02d}", "quarter")
    if len(parts) == 1:
        return When(f"{year}-01", "year")
    if declared(parts[1], time.unknown_months):
        return When(f"{year}-01", "year", "year")
    number = month_number(parts[1])
    if number is None:
        raise ValueError(
            _("'{text}' is no month; time.unknown_months: ['{text}'] sets it apart", text=parts[1])
        )
    begun = 1 < time.year_begins <= number  # a fiscal year is named after the one it ends in
    return When(f"{int(year) - begun:04d}-{number:02d}", "month")


def month_number(text: str) -> int | None:
    """Return the number of a month told by its name or in digits; None where it is none."""
    digits = re.fullmatch(r"0?[1-9]|1[0-2]", text)
    return MONTH_NUMBER.get(slug(text)) or (int(text) if digits else None)


def _written(text: str, time: TimeColumns) -> When:
    """Read one column or fixed text: 2024-03, 2024-03-17, 2024, 2024Q2, or a span of words."""
    unknown = [*time.unknown_months, *time.unknown_years, *time.unknown_dates]
    if declared(text, unknown) or declared(text[:10], time.unknown_dates):
        return When("", "month", "nothing")
    if not (time.month or time.date):
        when = _span(text)
        _a_year(when.month, text)
        return when
    if time.date_format:
        read = (one for one in time.date_format if _fits(text, one))
        return When(in_form(text, next(read, time.date_format[0])), "month")
    whole = re.fullmatch(rf"({MONTH})(-\d\d)?([ T].*)?", text)
    if not whole or not (time.month or whole.group(3)):
        fitting = [one for one in FORMATS if _fits(text, one)]
        offered = _("write YYYY-MM") if time.month else _("write YYYY-MM-DD")
        for one in fitting[::-1]:
            other = _('say time.date_format: "{one}"', one=one)
            offered = (
                other
                if one == fitting[-1]
                else _("{first} or {second}", first=other, second=offered)
            )
        offered = offered if text else _("time.unknown_dates: [''] sets it aside")
        raise ValueError(
            _("'{text}' is no month: {offered}", text=text, offered=offered)
            if time.month
            else _("'{text}' is no date: {offered}", text=text, offered=offered)
        )
    _a_year(text, text)
    if whole.group(3):
        try:
            datetime.date.fromisoformat(text[:10])
        except ValueError:
            raise ValueError(_set_aside(text)) from None
    return When(whole.group(1), "month")


def _a_year(month: str, text: str) -> None:
    if not YEAR.match(month):
        raise ValueError(_set_aside(text))


def _set_aside(text: str) -> str:
    return _("there is no such day; time.unknown_dates: ['{text}'] sets it aside", text=text)


@lru_cache(maxsize=100_000)
def forms(text: str) -> tuple[str, ...]:
    """Return every form of `FORMATS` that a text fits; none where it is no day or month.

    >>> forms("15/03/2024"), forms("ene-24")
    (('%d/%m/%Y',), ('%b-%y',))
    """
    if (
        not re.search(r"\d", text)
        or len(text) > 32
        or (NUMBER.fullmatch(text) and len(text) not in (6, 8))
    ):
        return ()
    return tuple(one for one in (*FORMATS, *ISO) if _fits(text, one))


def in_form(text: str, written: str) -> str:
    """Return the month of a date written as told; months may be words, Spanish or English."""
    if written == SERIAL and re.fullmatch(r"[1-5]\d{4}(\.\d+)?", text):
        day = datetime.date(1899, 12, 30) + datetime.timedelta(days=int(float(text)))
        return f"{day.year:04d}-{day.month:02d}"
    full = "%B" in written

    def english(word: re.Match[str]) -> str:
        number = MONTH_NUMBER.get(slug(word.group()))
        if number is None:
            return word.group()
        return datetime.date(2000, number, 1).strftime("%B" if full else "%b")

    dotted = r"[^\W\d_]+" if "b." in written else r"[^\W\d_]+\.?"
    try:
        found = datetime.datetime.strptime(re.sub(dotted, english, text), written)
    except ValueError:
        raise ValueError(
            _(
                "'{text}' is not written as {written}; time.unknown_dates: ['{text}'] sets it "
                "aside",
                text=text,
                written=written,
            )
        ) from None
    _a_year(f"{found.year:04d}", text)
    return f"{found.year:04d}-{found.month:02d}"


def _fits(text: str, written: str) -> bool:
    try:
        return bool(in_form(text, written))
    except ValueError:
        return False


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
    raise ValueError(_("'{text}' does not begin with a year", text=text))


def figure(text: str, spec: Spec) -> float | None:
    """Return the number in a text; None where it is empty or declared unknown.

    Raises
    ------
    ValueError
        It is neither.
    """
    if text == "" or fold(text) in NO_NUMBER or text in spec.unknown_values:
        return None
    plain = unmarked(text).replace("\u2212", "-")
    if spec.thousands:
        marks = r"[ \xa0\u2009\u202f]" if spec.thousands == " " else re.escape(spec.thousands)
        mark = re.escape(spec.decimal_mark)
        if re.fullmatch(rf"[-+]?\d{{1,3}}({marks}\d{{3}})+({mark}\d+)?", plain, re.ASCII):
            plain = re.sub(marks, "", plain)
    if spec.decimal_mark == ",":
        plain = plain.replace(".", " ").replace(",", ".")
    try:
        found = number(plain)
    except ValueError:
        if declared(text, spec.unknown_values):
            return None
        raise
    same = (float(one) for one in spec.unknown_values if NUMBER.fullmatch(one))
    return None if found in same else found
