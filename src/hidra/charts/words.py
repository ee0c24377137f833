"""The words of charts and pages in two languages, and the way numbers and dates are written.

Every word a reader meets lives in ``words_es.yaml`` or ``words_en.yaml``, under the same keys.
"""

from __future__ import annotations

import math
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml

from hidra.core.errors import unknown

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = ("es", "en")
MONTHS: dict[str, tuple[str, ...]] = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December",
    ),
}  # fmt: skip
DAYS: dict[str, tuple[str, ...]] = {
    "es": ("domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"),
    "en": ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}


@cache
def catalogue(language: Language) -> dict[str, str]:
    """Return all words of one language, keyed by dotted names."""
    text = files("hidra.charts").joinpath(f"words_{language}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded


class Words:
    """The words of one language, with gaps filled by keyword.

    Parameters
    ----------
    language : {"es", "en"}
        Language of the catalogue.
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self._words = catalogue(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words under ``key`` with ``values`` filled in."""
        if key not in self._words:
            where = f"words_{self.language}.yaml"
            raise unknown("word", key, self._words, where=where)
        return self._words[key].format(**values).replace(" %", "\u00a0%")

    def maybe(self, key: str, fallback: str) -> str:
        """Return the words under ``key``, or ``fallback`` when the catalogue has none."""
        return self._words.get(key, fallback).replace(" %", "\u00a0%")

    def month(self, month: str) -> str:
        """Write ``YYYY-MM`` as "mayo de 2020" or "May 2020"."""
        year, number = month[:4], int(month[5:7])
        name = MONTHS[self.language][number - 1]
        return f"{name} de {year}" if self.language == "es" else f"{name} {year}"

    def day(self, date: str) -> str:
        """Write ``YYYY-MM-DD`` as "21 de noviembre de 2026" or "21 November 2026"."""
        if len(date) < 10:
            return date
        joiner = " de " if self.language == "es" else " "
        return f"{int(date[8:10])}{joiner}{self.month(date[:7])}"


def whole(value: float) -> str:
    """Write a count: 1234.4 -> "1,234"."""
    return f"{value:,.0f}"


def rounded(value: float, digits: int = 3) -> str:
    """Write a simulated quantity to ``digits`` significant digits: 34567 -> "34,600".

    What lies below a ten-thousandth takes a power of ten: 1.55e-08 -> "1.55e−8".
    """
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if abs(value) < 1e-4:
        mantissa, power = f"{value:.{digits - 1}e}".split("e")
        return minus(f"{mantissa}e{int(power)}")
    places = digits - 1 - math.floor(math.log10(abs(value)))
    return minus(f"{round(value, places):,.{max(places, 0)}f}")


def percent(share: float, *, sign: bool = False) -> str:
    """Write a share with a true minus sign: -0.123 -> "−12.3 %"."""
    if not math.isfinite(share):
        return "–"
    text = f"{share * 100:+.1f}" if sign else f"{share * 100:.1f}"
    return f"{minus(text)}\u00a0%"


def minus(text: str) -> str:
    """Replace the hyphen of a negative number by a minus sign."""
    return text.replace("-", "\u2212")


def local(row: Any, name: str, language: Language) -> str:
    """Text of a table row: ``name_es`` or ``name_en``, else ``name``, else empty."""
    for key in (f"{name}_{language}", name):
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
