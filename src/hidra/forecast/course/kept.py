"""Courses kept on disk: one fit each, so that a long table can be stopped and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.cache import Cache
from hidra.forecast.course.run import Course, acts, course, engine
from hidra.forecast.course.variant import NETWORK, variant
from hidra.forecast.hindcasts import digest

if TYPE_CHECKING:
    from hidra.forecast.history import History

CORE = "V0"
LONGEST = 14  # months ahead of every kept course, unless more are asked for


def kept(folder: Path | None) -> Callable[[str, int, History], Course]:
    """Return what gives a course by name, months and history, read back where it is kept."""

    def read(name: str, months: int, history: History) -> Course:
        make = partial(_course, run_as(name, history), months, history)
        if folder is None:
            return Course(**make())
        return Course(**_cache(folder).get_or_make(_key(name, months, history), make))

    return read


def there(folder: Path, name: str, history: History) -> bool:
    """Whether a course has been kept."""
    return _cache(folder).holds(_key(name, LONGEST, history))


def run_as(name: str, history: History) -> str:
    """Return the variant that is run: the core where nothing else would act at the origin."""
    one = variant(name)
    return name if acts(one, str(history.origin)) else CORE + NETWORK * one.network


def _cache(folder: Path) -> Cache:
    return Cache("courses", code=engine(), folder=folder)


def _key(name: str, months: int, history: History) -> dict[str, object]:
    return {"variant": run_as(name, history), "months": months, "history": digest(history)}


def _course(name: str, months: int, history: History) -> dict[str, Any]:
    return course(variant(name), history, months)._asdict()
