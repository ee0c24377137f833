"""Verdicts in words, in Spanish and English, with their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hidra.claim.base import VERDICTS_ES, Reading, Stated, Verdict

UNITS = {
    "percent": (" %", " %"),
    "per 100,000": (" per 100,000", " por 100,000"),
    "per day": (" a day", " al día"),
    "states": (" states", " estados"),
    "minutes": (" minutes", " minutos"),
}
MONTHS = {
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December"),
    "es": ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
           "octubre", "noviembre", "diciembre"),
}  # fmt: skip
OPENING = {
    "supported": {"en": "It holds", "es": "Se sostiene"},
    "partly": {
        "en": "It holds only with another base, source, period or release",
        "es": "Solo se sostiene con otra base, fuente, periodo o versión",
    },
    "not supported": {
        "en": "No source gives this figure, though it lies in the range of sources",
        "es": "Ninguna fuente da esta cifra, aunque cae dentro del intervalo de las fuentes",
    },
    "contradicted": {
        "en": "It lies outside every source",
        "es": "Cae fuera de todas las fuentes",
    },
    "not testable with these data": {
        "en": "The series held do not cover it",
        "es": "Las series que hay no lo cubren",
    },
}
FETCH = {
    "en": "No series covers this place and period; fetch or import one with `hidra data`.",
    "es": "Ninguna serie cubre este lugar y periodo; traiga o importe una con `hidra data`.",
}


def verdict(value: Verdict, lang: str) -> str:
    """Return a verdict in a language."""
    return VERDICTS_ES[value] if lang == "es" else value


def why(
    stated: Stated, readings: Sequence[Reading], found: Verdict, best: Reading | None,
    opening: Mapping[str, str] | None = None,
) -> Mapping[str, str]:  # fmt: skip
    """Return one sentence per language: what holds, and what the sources say."""
    if best is None:
        return FETCH
    first = opening or OPENING[found]
    return {lang: _sentence(stated, readings, found, best, lang, first) for lang in ("en", "es")}


def _sentence(
    stated: Stated, readings: Sequence[Reading], found: Verdict, best: Reading, lang: str,
    opening: Mapping[str, str],
) -> str:  # fmt: skip
    others = [one for one in readings if one is not best and not one.floor][:3]
    if found in ("supported", "partly"):
        others = others[:2]
    told = [_told(one, stated.unit, lang) for one in (best, *others)]
    quoted = " (as quoted)" if lang == "en" else " (tal como se cita)"
    return f"{opening[lang]}{quoted if best.quoted else ''}: {'; '.join(told)}."


def _told(one: Reading, unit: str, lang: str) -> str:
    least = {"en": "at least ", "es": "al menos "}[lang] if one.floor else ""
    return f"{least}{number(one.value, unit, lang)} ({one.named(lang)})"


def number(value: float, unit: str, lang: str) -> str:
    """Return a figure with its unit, in Mexican number format."""
    if unit == "year":
        return f"{value:.0f}"
    if unit == "month":
        return MONTHS[lang][round(value) - 1]
    if unit == "truth":
        return {"en": ("no", "yes"), "es": ("no", "sí")}[lang][round(value)]
    ending = UNITS.get(unit, ("", ""))[lang == "es"]
    if unit in ("percent", "per 100,000", "per day", "minutes"):
        return f"{value:,.1f}{ending}"
    return f"{value:,.0f}{ending}" if abs(value) >= 100 else f"{value:,.3g}{ending}"
