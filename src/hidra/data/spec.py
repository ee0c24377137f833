"""The description of a table that somebody brings: a small file, checked before anything is read.

``import_example.yaml`` is a complete one with every key explained; ``hidra data import
--example`` prints it.
"""

from __future__ import annotations

import datetime
import re
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from hidra.core.errors import SpecError, asked, unknown
from hidra.core.i18n import _
from hidra.data.privacy import missing_persons

NAME = re.compile(r"[^\W\d][\w.-]*")
MONTH = r"\d{4}-(0[1-9]|1[0-2])"


def _text(value: object) -> object:
    """YAML reads 00 as a number and 2026-11-21 as a date; here both are text."""
    return str(value) if isinstance(value, int | float | datetime.date) else value


def _texts(value: object) -> object:
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _place(value: object) -> object:
    """``place: cve_mun`` is a column, ``place: 00`` a fixed place."""
    if isinstance(value, str | int):
        return {"fixed" if str(value).isdigit() else "column": str(value)}
    return value


def _values(value: object) -> object:
    """``values: {killed: our_killings}`` is short for a list of columns and measures."""
    if isinstance(value, dict) and not {"column", "measure"} & set(value):
        return [{"column": column, "measure": measure} for column, measure in value.items()]
    return [value] if isinstance(value, dict) else value


def _null(value: object) -> object:
    return "null" if value is None else value


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


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceColumn(_Strict):
    """Where the place of a row is written."""

    column: str | None = None
    fixed: Text | None = None
    level: Level | None = None
    when_missing: Text | None = None
    recode: dict[Text, Text] = {}

    @model_validator(mode="after")
    def _one(self) -> PlaceColumn:
        if (self.column is None) == (self.fixed is None):
            raise ValueError(_("give either column or fixed (00 for a national series)"))
        return self


class TimeColumns(_Strict):
    """Where the month, quarter or year of a row is written."""

    month: str | None = None
    year: str | None = None
    quarter: str | None = None
    date: str | None = None
    period: str | None = None
    fixed: Text | None = None
    months: Annotated[list[str], Field(min_length=12, max_length=12)] | None = None
    unknown_years: Texts = []
    unknown_months: Texts = []

    @model_validator(mode="after")
    def _one(self) -> TimeColumns:
        given = {
            key
            for key in ("month", "year", "quarter", "date", "period", "fixed", "months")
            if getattr(self, key) is not None
        }
        if given not in (
            {"month"}, {"year"}, {"year", "month"}, {"year", "quarter"}, {"year", "months"},
            {"date"}, {"period"}, {"fixed"},
        ):  # fmt: skip
            raise ValueError(
                _(
                    "give one of: month | year | year and month | year and quarter | year and "
                    "months (a list of 12 columns) | date | period | fixed"
                )
            )
        return self


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
    persons: Persons | None = None
    missing_means: Annotated[Literal["null", "zero"], BeforeValidator(_null)] = "null"
    identical_rows: Literal["refuse", "once"] = "refuse"
    unknown_values: Texts = []
    thousands: Literal[",", ".", " "] | None = None
    status: Status = "final"
    provisional_from: Text | None = None
    undercount_from: Text | None = None
    encoding: Literal["utf-8", "latin-1"] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    sheet: Text | None = None
    header_row: Annotated[int, Field(ge=1)] = 1

    @model_validator(mode="after")
    def _agree(self) -> Spec:
        _a_day("accessed", self.accessed)
        if self.vintage:
            _a_day("vintage", self.vintage)
        for key in ("provisional_from", "undercount_from"):
            month = getattr(self, key)
            if month and not re.fullmatch(MONTH, month):
                raise ValueError(
                    _("{key}: '{month}' is no month; write YYYY-MM", key=key, month=month)
                )
        if not self.unit and not self.unit_column and not all(one.unit for one in self.values):
            raise ValueError(_("unit: say what is counted (persons, case files, ha, ...)"))
        without_column = self.count_rows or self.time.months is not None
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
        if self.missing_means == "zero" and (self.time.period or self.time.fixed):
            raise ValueError(_("missing_means: zero needs months, quarters or years in columns"))
        return self

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

    def columns(self) -> list[str]:
        """Every column of the table that the description names."""
        time = self.time
        single = (time.month, time.year, time.quarter, time.date, time.period)
        named = [self.place.column, *single, self.measure_column, self.unit_column]
        named += [*(time.months or ()), *(one.column for one in self.values)]
        named += [*self.split_by, *self.sum_over, *self.where]
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
    import yaml

    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
    except OSError as error:
        raise SpecError(
            _("The spec cannot be read: {reason}.", reason=error.strerror),
            where=str(path),
            fix=_("Check the path; `hidra data import --example > spec.yaml` writes one to start."),
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise SpecError(
            _(
                "The spec is no valid YAML: {reason}.",
                reason=getattr(error, "problem", None) or error,
            ),
            where=_("{name}, line {line}", name=path.name, line=mark.line + 1)
            if mark
            else path.name,
            fix=_(
                "Compare it with `hidra data import --example`: two spaces per level, "
                "a space after each colon."
            ),
        ) from error
    if not isinstance(content, dict):
        raise SpecError(
            _("The spec holds no keys."),
            where=path.name,
            fix=_("See `hidra data import --example`."),
        )
    return make_spec(content, path.name, text)


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
    for key in (one for one in keys if not one.isdigit()):
        kind = model.model_fields[key].annotation
        inner = [one for one in (kind, *get_args(kind)) if isinstance(one, type)]
        model = next((one for one in inner if issubclass(one, BaseModel)), model)
    return list(model.model_fields)


def _line(text: str, keys: list[str]) -> str:
    for number, line in enumerate(text.splitlines(), start=1):
        if keys and re.match(rf"[\s-]*[{{]?\s*{re.escape(keys[-1])}\s*:", line):
            return _(", line {number}", number=number)
    return ""
