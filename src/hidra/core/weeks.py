"""Months as text, and the weekly grid of the model: days of a week are counted where they fall."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import numpy as np

from hidra.core.errors import SpecError
from hidra.core.i18n import _

FIRST, LAST = "1900-01", "2099-12"
#: A month or day, as ISO 8601, pandas and NumPy write it; an hour may follow.
WRITTEN = re.compile(r"(\d{4}-(?:0[1-9]|1[0-2]))(-\d\d)?(?:[T ][\d:.+-]+Z?)?", re.ASCII)


def month(given: object, where: str = "month") -> str:
    """Return a valid month, ``YYYY-MM``.

    Parameters
    ----------
    given : text ``YYYY-MM`` or ``YYYY-MM-DD``, a date, a Timestamp or Period of pandas, or a
        ``numpy.datetime64``; of a day, the month it lies in.
    where : what an error calls it.

    Raises
    ------
    SpecError
        For anything else, with the closest valid month where there is one.
    """
    return day(given, where)[:7]


def day(given: object, where: str = "month") -> str:
    """Return the day ``YYYY-MM-DD`` that was given, or the month where no day was said.

    Given as to `month`, which see.
    """
    text = str(given)
    written = WRITTEN.fullmatch(text)
    if written and not FIRST <= written[1] <= LAST:
        raise SpecError(
            _("'{text}' is too early or too late.", text=text),
            where=where,
            fix=_("Write a month from {first} to {last}.", first=FIRST, last=LAST),
        )
    if written and not written[2]:
        return written[1]
    if written:
        try:
            return datetime.date.fromisoformat(written[1] + written[2]).isoformat()
        except ValueError:
            raise SpecError(
                _("There is no day {day}.", day=written[1] + written[2]),
                where=where,
                fix=_("Write a day of the calendar, YYYY-MM-DD, or its month."),
            ) from None
    raise SpecError(_("'{text}' is not a month.", text=text), where=where, fix=_month_fix(text))


def month_after(month: str, by: int = 1) -> str:
    """Return the month `by` months after ``YYYY-MM``; before it where `by` is negative."""
    return _written(_number(month) + by)


def months_between(first: str, last: str) -> int:
    """Return how many months `last` lies after `first`."""
    return _number(last) - _number(first)


def months(first: str, last: str, step: int = 1) -> tuple[str, ...]:
    """Return every `step`-th month from `first` to `last`; none where last is before first."""
    begin, end = (_number(month(one)) for one in (first, last))
    return tuple(_written(at) for at in range(begin, end + 1, step))


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def _written(number: int) -> str:
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def _month_fix(text: str) -> str:
    parts = re.fullmatch(r"\s*((?:19|20)\d\d)[-/. ]?(\d{1,2})(?:[-/. ]\d{1,2})?\s*", text, re.ASCII)
    if parts is None:
        return _("Write months as YYYY-MM, for example 2027-12.")
    nearest = f"{parts[1]}-{min(max(int(parts[2]), 1), 12):02d}"
    return _("Month must be 01-12, written YYYY-MM. Did you mean {month}?", month=nearest)


@dataclass(frozen=True)
class Weeks:
    """Seven-day weeks from the first day of `start` until the last day of `end`.

    Parameters
    ----------
    start, end : str
        First and last month, ``YYYY-MM``, both included.
    """

    start: str
    end: str

    @property
    def months(self) -> np.ndarray:
        """First day of every month, datetime64[D], shape (months,)."""
        last = np.datetime64(self.end, "M") + 1
        return np.arange(np.datetime64(self.start, "M"), last).astype("datetime64[D]")

    @property
    def first_days(self) -> np.ndarray:
        """First day of every week, datetime64[D], shape (weeks,)."""
        stop = (np.datetime64(self.end, "M") + 1).astype("datetime64[D]")
        return np.arange(np.datetime64(self.start, "M").astype("datetime64[D]"), stop, 7)

    @property
    def days(self) -> np.ndarray:
        """Days in each month, shape (months,)."""
        edges = np.append(self.months, (np.datetime64(self.end, "M") + 1).astype("datetime64[D]"))
        return np.diff(edges).astype(float)

    def share(self) -> np.ndarray:
        """Share of each week that falls in each month, shape (months, weeks).

        Multiplied by flows per week it gives flows per month.
        """
        months = np.append(self.months, (np.datetime64(self.end, "M") + 1).astype("datetime64[D]"))
        first = self.first_days[None, :]
        begin = np.maximum(months[:-1, None], first)
        end = np.minimum(months[1:, None], first + 7)
        return np.maximum((end - begin).astype(float), 0.0) / 7.0

    def mean(self) -> np.ndarray:
        """Weights that average a weekly stock over each month, shape (months, weeks)."""
        share = self.share()
        return np.asarray(share / share.sum(axis=1, keepdims=True))

    def parts(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the weeks of each month and the share of each in it, both (months, 6).

        What is left over of the six has share zero: this is ``share`` without its zeros.
        """
        share = self.share()
        longest = int((share > 0).sum(axis=1).max())
        weeks = np.argsort(share <= 0, axis=1, kind="stable")[:, :longest]
        return weeks, np.take_along_axis(share, weeks, axis=1)

    def week_of(self, day: str) -> int | None:
        """Index of the week that holds a day ``YYYY-MM-DD``; None outside the grid."""
        index = int((np.datetime64(day, "D") - self.first_days[0]).astype(int) // 7)
        return index if 0 <= index < len(self.first_days) else None

    def from_month(self, month: str) -> int:
        """Index of the first week that begins in `month` or later."""
        return int(
            np.searchsorted(self.first_days, np.datetime64(month, "M").astype("datetime64[D]"))
        )
