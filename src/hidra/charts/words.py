"""The keyed words of charts and reports.

Every word a reader meets in them lies in ``words.yaml`` in English under a key, and in Spanish in
the catalogue of the project with that key as its context.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from math import isnan
from typing import Any

from hidra.core import i18n, yaml
from hidra.core.errors import unknown
from hidra.core.i18n import Language, _, translate


@cache
def keyed(room: str) -> dict[str, str]:
    """Return the English words of a room, keyed by dotted names."""
    text = files(f"hidra.{room}").joinpath("words.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.value(text, f"{room}/words.yaml")
    return loaded


class Words:
    """The words of one language, with gaps filled by keyword.

    Parameters
    ----------
    language : {"es", "en"}
        Language of the reader.
    rooms : whose words; those of a later room stand before those of an earlier one.
    """

    def __init__(self, language: Language, rooms: tuple[str, ...] = ("charts",)) -> None:
        self.language = language
        self._words = _told(language, rooms)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the words under ``key`` with ``values`` filled in."""
        if key not in self._words:
            raise unknown(_("word"), key, self._words, where="words.yaml")
        return self._words[key].format(**values).replace(" %", "\u00a0%")

    def maybe(self, key: str, fallback: str) -> str:
        """Return the words under ``key``, or ``fallback`` when the catalogue has none."""
        return self._words.get(key, fallback).replace(" %", "\u00a0%")

    def change(
        self, key: str, low: float, middle: float, high: float, unit: str = "", **more: object
    ) -> str:
        """Say a difference with its doubt, by rule: "about 200 fewer; from 60 to 580".

        Parameters
        ----------
        key : of the words: ``fewer`` or ``more`` where the interval lies on one side of zero,
            ``unclear`` where on both, ``up_to_fewer`` or ``up_to_more`` where it ends at zero,
            ``none`` where all of it is less than a half, ``unknown`` where nobody knows.
        unit : after each figure.
        """
        if isnan(low + middle + high):
            return self(f"{key}.unknown", **more)
        if high < 0 or low > 0:
            kind, ends = ("fewer", (-high, -middle, -low)) if high < 0 else (
                "more", (low, middle, high))  # fmt: skip
        else:
            kind, ends = "unclear", (max(-low, 0.0), middle, max(high, 0.0))
        texts = dict(zip(("low", "middle", "high"), i18n.about_interval(*ends), strict=True))
        if texts["low"] == texts["high"] == "0":
            kind = "none"
        elif kind == "unclear":
            kind = {texts["high"]: "up_to_fewer", texts["low"]: "up_to_more"}.get("0", kind)
        else:
            texts = {one: self("change.trace") if text == "0" else text
                     for one, text in texts.items()}  # fmt: skip
        return self(f"{key}.{kind}", **{one: text + unit for one, text in texts.items()}, **more)

    def month(self, month: str) -> str:
        """Write ``YYYY-MM`` as "mayo de 2020" or "May 2020"."""
        return i18n.month(month, self.language)

    def day(self, date: str) -> str:
        """Write ``YYYY-MM-DD`` as "21 de noviembre de 2026" or "21 November 2026"."""
        return i18n.day(date, self.language)


@cache
def _told(language: Language, rooms: tuple[str, ...]) -> dict[str, str]:
    english = {key: text for room in rooms for key, text in keyed(room).items()}
    return {key: translate(text, language, key) for key, text in english.items()}


def local(row: Any, name: str, language: Language) -> str:
    """Text of a table row: ``name_es`` or ``name_en``, else ``name``, else empty."""
    for key in (f"{name}_{language}", name):
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
