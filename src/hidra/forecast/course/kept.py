"""Courses kept on disk: one fit each, so that a long table can be stopped and taken up again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.forecast.course.run import Course, acts, course
from hidra.forecast.course.variant import NETWORK, variant

if TYPE_CHECKING:
    from hidra.forecast.past import Past

CORE = "V0"
LONGEST = 14  # months ahead of every kept course, unless more are asked for


def kept(folder: Path | None) -> Callable[[str, str, int, Past], Course]:
    """Return what gives a course by name, digest of the record, months and record.

    A course once made is read back, also by later versions of the engine: it says which one made
    it. Delete the folder to make all anew.
    """
    memory = _memory(folder)

    def read(name: str, digest: str, months: int, past: Past) -> Course:
        found: Course = memory(run_as(name, past), digest, months, past)
        return found

    return read


def there(folder: Path, name: str, digest: str, past: Past) -> bool:
    """Whether a course has been kept."""
    name = run_as(name, past)
    return bool(_memory(folder).check_call_in_cache(name, digest, LONGEST, past))


def run_as(name: str, past: Past) -> str:
    """Return the variant that is run: the core where nothing else would act at the origin."""
    one = variant(name)
    return name if acts(one, str(past.origin)) else CORE + NETWORK * one.network


def _memory(folder: Path | None) -> Any:
    from joblib import Memory

    return Memory(folder, verbose=0).cache(_course, ignore=["past"])


def _course(name: str, digest: str, months: int, past: Past) -> Course:
    del digest  # it only says which record this is
    return course(variant(name), past, months)
