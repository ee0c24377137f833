"""Who said something, who counts it and when, in Spanish: the files say it in English.

The phrases lie in ``attribution_es.yaml``. Names of people, papers and institutions stay as they
are; what is between them is put into Spanish, the longest phrase first, and so are dates.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(ENGLISH)})([a-z]*) (\d{{4}})\b")
_PAIR = re.compile(rf"\b({'|'.join(ENGLISH)})-({'|'.join(ENGLISH)})\b")
_SPAN = re.compile(r"(?<=[\d)]) to (?=\d)")
_SINCE = re.compile(r"^(\d[\d-]*) on$")
_UNTIL = re.compile(r"^to (?=\d)")


def told(text: str, language: str) -> str:
    """Return an attribution in a language: a speaker, a source, or a period.

    Parameters
    ----------
    text : as the file of the claim or the table of cited facts has it, in English.
    language : ``es`` or ``en``.
    """
    if language != "es" or not text:
        return text
    for pattern, spanish in _phrases():
        text = pattern.sub(spanish, text)  # no phrase holds a backslash
    text = _DAY.sub(_spanish_day, text)
    text = _PAIR.sub(lambda found: "-".join(map(_short, found.groups())), text)
    text = _SINCE.sub(r"desde \1", text)
    return _SPAN.sub(" a ", _UNTIL.sub("hasta ", text))


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    text = files("hidra.claims").joinpath("attribution_es.yaml").read_text(encoding="utf-8")
    known: dict[str, str] = yaml.safe_load(text)
    ordered = sorted(known.items(), key=lambda pair: -len(pair[0]))
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(english)}(?!\w)"), spanish) for english, spanish in ordered
    )


def _spanish_day(found: re.Match[str]) -> str:
    day, short, rest, year = found.groups()
    name = MONTHS[ENGLISH.index(short)]
    if day and not rest and short != "May":
        return f"{day} {_short(short)} {year}"
    return f"{day} de {name} de {year}" if day else f"{name} de {year}"


def _short(english: str) -> str:
    return MONTHS[ENGLISH.index(english)][:3]
