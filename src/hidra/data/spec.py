"""The description of a table that somebody brings: a small file, checked before anything is read.

``import_example.yaml`` is a complete one with every key explained; ``hidra data import
--example`` prints it. Every value is read as the text it is written as: YAML's own guesses would
turn ``NO`` into false, ``02004`` into 1028 and ``00`` into nothing.
"""

from __future__ import annotations

import codecs
import datetime
import re
import zoneinfo
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from hidra.core import yaml
from hidra.core.errors import SpecError, asked, unknown
from hidra.core.i18n import _
from hidra.data.privacy import missing_persons

NAME = re.compile(r"[^\W\d][\w.-]*")
MONTH = r"[0-9]{4}-(0[1-9]|1[0-2])"


def _text(value: object) -> object:
    """Take numbers and dates of a description made in Python as the text of a file."""
    return str(value) if isinstance(value, int | float | datetime.date) else value


def _texts(value: object) -> object:
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _place(value: object) -> object:
    """``place: cve_mun`` is a column, ``place: 00`` a fixed place."""
    if isinstance(value, str | int):
        return {"fixed" if str(value).isdecimal() else "column": str(value)}
    return value


def _values(value: object) -> object:
    """``values: {killed: our_killings}`` is short for a list of columns and measures."""
    if isinstance(value, dict) and not {"column", "measure"} & set(value):
        return [{"column": column, "measure": measure} for column, measure in value.items()]
    return [value] if isinstance(value, dict) else value


def _name(value: object) -> object:
    text = str(value)
    if not NAME.fullmatch(text):
        raise ValueError(_("use letters, digits, _ - and . only, beginning with a letter"))
    return text


Text = Annotated[str, BeforeValidator(_text), Field(min_length=1)]
Texts = Annotated[list[str], BeforeValidator(_texts)]
Name = Annotated[str, BeforeValidator(_name)]
Level = Literal["nation", "state", "municipality"]
Status = Literal["final", "provisional", "undercount"]
Persons = Literal["sensitive", "open"]


def _zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise ValueError(_("'{name}' is no time zone; one is America/Mexico_City", name=name))
    return name


def _charset(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise ValueError(
            _("'{name}' is no encoding; some are utf-8, windows-1252, utf-16, cp850", name=name)
        ) from None


def _tab(mark: object) -> object:
    return "\t" if mark in ("tab", "\\t") else mark


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _given(cls, content: object) -> object:
        """Leave out keys with nothing behind them, as ``citation:`` or ``unit: null``."""
        if not isinstance(content, dict):
            return content
        return {key: one for key, one in content.items() if one not in (None, "", "~", "null")}


class PlaceColumn(_Strict):
    """Where the place of a row is written: one column, the two of INEGI, or one for all."""

    column: str | None = None
    state: str | None = None
    municipality: str | None = None
    fixed: Text | None = None
    level: Level | None = None
    when_missing: Text | None = None
    recode: dict[Annotated[str, BeforeValidator(_text)], Text] = {}

    @model_validator(mode="after")
    def _one(self) -> PlaceColumn:
        ways = (self.column, self.state, self.fixed)
        if sum(one is not None for one in ways) != 1 or bool(self.state) != bool(self.municipality):
            raise ValueError(
                _(
                    "give one of: column | state and municipality (two columns) | fixed (00 for a "
                    "national series)"
                )
            )
        return self

    def columns(self) -> list[str]:
        """Every column that says the place."""
        return [one for one in (self.column, self.state, self.municipality) if one is not None]


class TimeColumns(_Strict):
    """Where the month, quarter or year of a row is written."""

    month: str | None = None
    year: str | None = None
    quarter: str | None = None
    date: str | None = None
    period: str | None = None
    fixed: Text | None = None
    months: Annotated[list[str], Field(min_length=12, max_length=12)] | None = None
    wide: dict[str, Text] | None = None
    date_format: Texts = []
    year_begins: Annotated[int, Field(ge=1, le=12)] = 1
    zone: Annotated[Text, AfterValidator(_zone)] | None = None
    unknown_years: Texts = []
    unknown_months: Texts = []
    unknown_dates: Texts = []

    @model_validator(mode="after")
    def _one(self) -> TimeColumns:
        given = {
            key
            for key in ("month", "year", "quarter", "date", "period", "fixed", "months", "wide")
            if getattr(self, key) is not None
        }
        if given not in (
            {"month"}, {"year"}, {"year", "month"}, {"year", "quarter"}, {"year", "months"},
            {"date"}, {"period"}, {"fixed"}, {"wide"}, {"year", "wide"},
        ):  # fmt: skip
            raise ValueError(
                _(
                    "give one of: month | year | year and month | year and quarter | year and "
                    "months (a list of 12 columns) | wide (columns and their times) | date | "
                    "period | fixed"
                )
            )
        if self.year_begins > 1 and given not in ({"year", "month"}, {"year", "months"}):
            raise ValueError(_("year_begins: needs months beside the year, to know its calendar"))
        if self.date_format and not (self.date or (self.month and not self.year)):
            raise ValueError(_("date_format: says how the column of date or month is written"))
        return self

    def columns(self) -> list[str]:
        """Every column that says the time, without the twelve of wide months."""
        single = (self.year, self.month, self.quarter, self.date, self.period)
        return [one for one in single if one is not None]

    def side_by_side(self) -> list[str]:
        """Every column that is a time of its own."""
        return [*(self.months or ()), *(self.wide or ())]


class Value(_Strict):
    """One figure of a row: its column, and what it is called and counts in the panel."""

    column: str | None = None
    measure: Name | None = None
    unit: Text | None = None
    concept: Text | None = None
    persons: Persons | None = None


class Spec(_Strict):
    """A complete description; see `example` for every key."""

    source: Name
    title: Text
    publisher: Text
    terms: Text
    accessed: Text
    concept: Text
    citation: Text | None = None
    address: Text = ""
    unit: Text | None = None
    unit_column: str | None = None
    vintage: Text | None = None
    place: Annotated[PlaceColumn, BeforeValidator(_place)]
    time: TimeColumns
    values: Annotated[list[Value], BeforeValidator(_values), Field(min_length=1)]
    measure_column: str | None = None
    count_rows: bool = False
    split_by: Texts = []
    sum_over: Texts = []
    where: dict[str, Texts] = {}
    where_not: dict[str, Texts] = {}
    recode: dict[str, dict[Annotated[str, BeforeValidator(_text)], Text]] = {}
    fill_down: Texts = []
    persons: Persons | None = None
    missing_means: Literal["null", "zero"] = "null"
    zeros_from: Text | None = None
    zeros_to: Text | None = None
    identical_rows: Literal["refuse", "once"] = "refuse"
    unknown_values: Texts = []
    thousands: Literal[",", ".", " ", "'"] | None = None
    decimal: Literal[".", ","] | None = None
    status: Status = "final"
    provisional_from: Text | None = None
    undercount_from: Text | None = None
    encoding: Annotated[Text, AfterValidator(_charset)] | None = None
    delimiter: Annotated[str, BeforeValidator(_tab), Field(min_length=1, max_length=1)] | None = (
        None
    )
    member: Texts = []
    sheet: Texts = []
    records: Text | None = None
    header_row: Annotated[int, Field(ge=1)] = 1
    header_rows: Annotated[int, Field(ge=1, le=2)] = 1
    last_row: Annotated[int, Field(ge=1)] | None = None
    footer_rows: Annotated[int, Field(ge=0)] = 0

    @model_validator(mode="after")
    def _agree(self) -> Spec:
        _a_day("accessed", self.accessed)
        _a_day("vintage", self.cut)
        for key in ("provisional_from", "undercount_from", "zeros_from", "zeros_to"):
            month = getattr(self, key)
            if month and not re.fullmatch(MONTH, month):
                raise ValueError(
                    _("{key}: '{month}' is no month; write YYYY-MM", key=key, month=month)
                )
        self._zeros()
        if self.decimal_mark == self.thousands:
            raise ValueError(_("decimal: it cannot be the mark of the thousands too"))
        if not self.unit and not self.unit_column and not all(one.unit for one in self.values):
            raise ValueError(_("unit: say what is counted (persons, case files, ha, ...)"))
        without_column = self.count_rows or bool(self.time.side_by_side())
        for one in self.values:
            if (one.column is None) != without_column:
                raise ValueError(
                    _(
                        "values: every value needs its column, except with count_rows or with wide "
                        "months (time: months), where there is none"
                    )
                )
            if one.measure is None and self.measure_column is None:
                raise ValueError(_("values: every value needs a measure name"))
        if (without_column or self.measure_column) and len(self.values) > 1:
            raise ValueError(_("values: only one with measure_column, count_rows or wide months"))
        return self

    def _zeros(self) -> None:
        if (self.zeros_from or self.zeros_to) and self.missing_means != "zero":
            raise ValueError(_("zeros_from, zeros_to: they need missing_means: zero"))
        if self.missing_means == "zero" and (self.time.period or self.time.fixed):
            raise ValueError(_("missing_means: zero needs months, quarters or years in columns"))

    @model_validator(mode="after")
    def _missing_persons(self) -> Spec:
        for one in self.values:
            words = (one.measure, one.concept or self.concept)
            if (one.persons or self.persons) == "open" and missing_persons(*words):
                raise ValueError(
                    _(
                        "persons: open is not for missing persons: their small municipal counts "
                        "are always joined before they leave"
                    )
                )
        return self

    @property
    def cut(self) -> str:
        """Date of the vintage, ``YYYY-MM-DD``."""
        return self.vintage or self.accessed

    @property
    def decimal_mark(self) -> str:
        """What stands before the decimals; where dots part the thousands it is a comma."""
        return self.decimal or ("," if self.thousands == "." else ".")

    def columns(self) -> list[str]:
        """Every column of the table that the description names."""
        named: list[str | None] = [
            *self.place.columns(),
            *self.time.columns(),
            *self.time.side_by_side(),
        ]
        named += [self.measure_column, self.unit_column, *(one.column for one in self.values)]
        named += [*self.split_by, *self.sum_over, *self.where, *self.where_not]
        named += [*self.fill_down, *self.recode]
        return list(dict.fromkeys(name for name in named if name is not None))


def _a_day(key: str, text: str) -> None:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(
            _("{key}: '{text}' is no date; write YYYY-MM-DD", key=key, text=text)
        ) from None
    if len(text) != 10:
        raise ValueError(_("{key}: write the date as YYYY-MM-DD", key=key))


def example() -> str:
    """Return a complete description as YAML, every key explained."""
    return (files("hidra.data") / "import_example.yaml").read_text("utf-8")


def read_spec(path: Path) -> Spec:
    """Read a description from a YAML file.

    Raises
    ------
    SpecError
        Naming the file, the line and the key, and what to write instead.
    """
    return made(yaml.text(path), path.name)


def made(text: str, name: str = "spec") -> Spec:
    """Read a description from the text of a file; raises as `read_spec`."""
    found = yaml.read(text, name, words=True, see="`hidra data import --example`")
    return make_spec(_words(found.value), name, text)


def _words(value: Any) -> Any:
    """Return what a description says in words, nothing as an empty one."""
    if isinstance(value, dict):
        return {key: _words(one) for key, one in value.items()}
    return [*map(_words, value)] if isinstance(value, list) else "" if value is None else value


def make_spec(content: dict[str, Any], name: str = "spec", text: str = "") -> Spec:
    """Check a description; ``text`` is the YAML it came from, to name lines."""
    try:
        return Spec.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        keys = [str(key) for key in first["loc"]]
        where = _(
            "{name}, key {keys}{line}",
            name=name,
            keys=".".join(keys) or _("(whole file)"),
            line=_line(text, keys),
        )
        if first["type"] == "extra_forbidden":
            raise unknown(_("key"), keys[-1], _allowed(keys[:-1]), where=where) from error
        if first["type"] == "missing":
            what: str = _("The key '{key}' is missing.", key=keys[-1])
            fix = _("Add it; `hidra data import --example` shows every key.")
        else:
            what = asked(first)
            fix = _(
                "Found: {found}. Correct it; `hidra data import --example` shows every key.",
                found=str(first.get("input"))[:80],
            )
        raise SpecError(what, where=where, fix=fix) from error


def _allowed(keys: list[str]) -> list[str]:
    """Return the keys allowed at a depth of the description."""
    model: type[BaseModel] = Spec
    for key in (one for one in keys if not one.isdecimal()):
        kind = model.model_fields[key].annotation
        inner = [one for one in (kind, *get_args(kind)) if isinstance(one, type)]
        model = next((one for one in inner if issubclass(one, BaseModel)), model)
    return list(model.model_fields)


def _line(text: str, keys: list[str]) -> str:
    for number, line in enumerate(text.splitlines(), start=1):
        if keys and re.match(rf"[\s-]*[{{]?\s*{re.escape(keys[-1])}\s*:", line):
            return _(", line {number}", number=number)
    return ""
