"""The two languages: sentences stand in English where they are said, and are told at the edge.

``_("There is no {thing} called '{name}'.", thing=..., name=...)`` is the finished English sentence,
and remembers what it was made of; so an error raised anywhere can be told in Spanish by the command
line, the page or the report, which alone know the reader. The Spanish lies in
``locale/es/LC_MESSAGES/hidra.po``; ``make words`` (``scripts/words.py``) collects new sentences.

Numbers are written as in Mexico in both languages: 1,234.5.
"""

from __future__ import annotations

import gettext
import math
import re
import string
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from numbers import Real
from typing import Any, Literal, Self, TypeVar

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = ("es", "en")
#: Each language in its own words.
OWN: Mapping[Language, str] = {"es": "Español", "en": "English"}
T = TypeVar("T")
_POWER = re.compile(r"(?<=\d)e([+-]?\d+)")  # of a number in Python's words
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

MONTHS: Mapping[Language, tuple[str, ...]] = {
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto",
        "septiembre", "octubre", "noviembre", "diciembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August",
        "September", "October", "November", "December",
    ),
}  # fmt: skip
DAYS: Mapping[Language, tuple[str, ...]] = {
    "es": ("domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"),
    "en": ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"),
}


class _Filled(string.Formatter):
    """Fills a template; a share has the space before its sign, a number a true minus: "−4 %"."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Return a value as its field asks, a number as people write it."""
        text = str(super().format_field(value, format_spec))
        text = minus(text) if isinstance(value, Real) else text
        return f"{text[:-1]}\u00a0%" if format_spec.endswith("%") else text


_FILLED = _Filled()


class Message(str):
    """A finished English sentence that can be told in another language.

    Attributes
    ----------
    msgid : the English template, with ``{names}`` as of ``str.format`` where it has values.
    values : name -> what stands there; messages among them are translated too.
    """

    msgid: str
    values: Mapping[str, Any]

    def __new__(cls, msgid: str, values: Mapping[str, Any]) -> Self:
        """Fill the template in English."""
        made = super().__new__(cls, _FILLED.vformat(msgid, (), values) if values else msgid)
        made.msgid, made.values = msgid, values
        return made

    def __reduce__(self) -> tuple[type[Message], tuple[str, Mapping[str, Any]]]:
        """Say how to build it again: errors cross the borders of processes."""
        return Message, (self.msgid, self.values)


def _(msgid: str, /, **values: Any) -> Message:
    """Return an English sentence with its values, to be told in the reader's language later."""
    return Message(msgid, values)


def either(names: Iterable[str]) -> str:
    """Return names as alternatives: "a", "a or b", "a or b or c"."""
    said, *others = names
    for name in others:
        said = _("{first} or {second}", first=said, second=name)
    return said


def translate(text: str, language: Language, key: str | None = None) -> str:
    """Return a message, or a plain English text that the catalogue holds, in a language.

    Parameters
    ----------
    text : what has no Spanish, a user's own words for instance, stays as it is.
    key : of a text that lies under a key in ``words.yaml``.
    """
    if language == "en" or not text:
        return str(text)
    template = text.msgid if isinstance(text, Message) else text
    known = _catalogue(language)
    told = known.gettext(template) if key is None else known.pgettext(key, template)
    if not isinstance(text, Message) or not text.values:
        return told
    values = {name: _told(value, language) for name, value in text.values.items()}
    return _FILLED.vformat(told, (), values)


def _told(value: Any, language: Language) -> Any:
    return translate(value, language) if isinstance(value, Message) else value


def bilingual(text: T) -> dict[str, T]:
    """Return a text, or texts in a tuple, list or dictionary, in each language."""
    return {language: _each(text, language) for language in LANGUAGES}


def _each(text: Any, language: Language) -> Any:
    if isinstance(text, Mapping):
        return {name: _each(one, language) for name, one in text.items()}
    if isinstance(text, tuple | list):
        return type(text)(_each(one, language) for one in text)
    return translate(text, language) if isinstance(text, str) else text


def columns(**texts: str) -> dict[str, str]:
    """Return texts as columns of a table: ``title`` becomes ``title_es`` and ``title_en``."""
    return {
        f"{name}_{language}": translate(text, language)
        for name, text in texts.items()
        for language in LANGUAGES
    }


def checked(language: Language) -> Language:
    """Return a language that hidra speaks; SpecError for another."""
    if language not in LANGUAGES:
        from hidra.core.errors import unknown  # stands on this module

        raise unknown(_("language"), language, LANGUAGES, where="language")
    return language


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    file = files("hidra") / "locale" / checked(language) / "LC_MESSAGES" / "hidra.mo"
    with file.open("rb") as opened:
        return gettext.GNUTranslations(opened)


def month(month: str, language: Language) -> str:
    """Write ``YYYY-MM`` as "mayo de 2020" or "May 2020"."""
    joiner = " de " if language == "es" else " "
    return f"{MONTHS[language][int(month[5:7]) - 1]}{joiner}{month[:4]}"


def day(date: str, language: Language) -> str:
    """Write ``YYYY-MM-DD`` as "21 de noviembre de 2026" or "21 November 2026"; or a month."""
    if len(date) < 10:
        return month(date, language) if len(date) == 7 else date
    joiner = " de " if language == "es" else " "
    return f"{int(date[8:10])}{joiner}{month(date[:7], language)}"


def whole(value: float) -> str:
    """Write a count: 1234.4 -> "1,234"."""
    return f"{value:,.0f}"


def rounded(value: float) -> str:
    """Write a simulated quantity to three significant digits: 34567 -> "34,600".

    What lies below a ten-thousandth takes a power of ten: 1.55e-08 -> "1.55 × 10⁻⁸".
    """
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if abs(value) < 1e-4:
        return minus(f"{value:.2e}")
    places = 2 - math.floor(math.log10(abs(value)))
    return minus(f"{round(value, places):,.{max(places, 0)}f}")


def about(value: float, digits: int = 2) -> str:
    """Write a simulated count as people say one, less than a half as none: 1634 -> "1,600"."""
    if not math.isfinite(value):
        return "–"
    if abs(value) < 0.5:
        return "0"
    places = min(digits - 1 - math.floor(math.log10(abs(value))), 0)
    return minus(f"{round(value, places):,.0f}")


def about_interval(low: float, middle: float, high: float) -> tuple[str, str, str]:
    """Write an interval and its middle as people say them: 59.9, 211, 581 -> "60", "200", "580".

    Nothing is finer than two digits of the largest, and a middle that less than half of its
    interval bears has one digit, unless it begins with a one or would leave the interval.
    """
    ends = (low, middle, high)
    if not all(map(math.isfinite, ends)):
        return about(low), about(middle), about(high)

    def size(value: float) -> int:
        return math.floor(math.log10(max(abs(value), 0.5)))

    finest = max(map(size, ends)) - 1
    texts = [about(one, max(1, min(2, size(one) - finest + 1))) for one in ends]
    one = round(middle, -size(middle))
    if high - low > 2 * abs(middle) and low <= one <= high and f"{abs(middle):e}"[0] != "1":
        texts[1] = about(one)
    return texts[0], texts[1], texts[2]


def percent(share: float, *, sign: bool = False) -> str:
    """Write a share with a true minus sign, zero without any: -0.123 -> "−12.3 %"."""
    if not math.isfinite(share):
        return "–"
    share = round(share * 100, 1) + 0.0  # no negative zero
    return f"{minus(f'{share:+.1f}' if sign and share else f'{share:.1f}')}\u00a0%"


def minus(text: str) -> str:
    """Write numbers as people do: a true minus sign, and "1.55 × 10⁻⁸" for 1.55e-08."""
    text = _POWER.sub(lambda power: f"\u00a0×\u00a010{str(int(power[1])).translate(_RAISED)}", text)
    return text.replace("-", "\u2212")
