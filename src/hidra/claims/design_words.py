"""The numbers of a design as rows of a page, named in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

SPANISH = (
    (r"leave one state out", "quitando un estado en turno"),
    (r"leave one out", "quitando una en turno"),
    (r"random dates that do as well", "fechas al azar que dan lo mismo o más (proporción)"),
    (r"random places that do as well", "repartos al azar que dan lo mismo o más (proporción)"),
    (r"other states of the group", "otros estados del grupo"),
    (r"neighbours without the group", "vecinos sin el grupo"),
    (r"state of removal", "estado de la salida"),
    (r"published rate, 18 regions, first year", "tasa publicada, 18 regiones, primer año"),
    (r"rate per 100,000 a year", "tasa por 100,000 al año"),
    (r"state level", "nivel estatal"),
    (r"attributed deaths", "muertes atribuidas"),
    (r"attributed interval", "muertes atribuidas, intervalo"),
    (r"killing above capture", "probabilidad de que matar sea peor que capturar"),
    (r"(killed|captured) interval", r"\1, intervalo"),
    (r"killed log", "muertos, escala logarítmica"),
    (r"captured log", "capturados, escala logarítmica"),
    (r"log change", "cambio logarítmico"),
    (r"standard error", "error estándar"),
    (r"placebo mean", "placebos, media"),
    (r"placebo sd", "placebos, desviación"),
    (r"synthetic control", "control sintético"),
    (r"local projections", "proyecciones locales"),
    (r"linear FE", "EF lineal"),
    (r"Poisson FE", "Poisson con EF"),
    (r"half-years", "semestres"),
    (r"operations", "operativos"),
    (r"removals", "salidas"),
    (r"months 12 on", "meses 12 en adelante"),
    (r"months (-?\d+) to (-?\d+)", r"meses \1 a \2"),
    (r"months", "meses"),
    (r"published", "publicado"),
    (r"geometric", "media geométrica"),
    (r"placebo", "placebos que dan lo mismo o más (proporción)"),
    (r"change", "cambio"),
    (r"ratio", "razón"),
    (r"killed", "muertos"),
    (r"captured", "capturados"),
    (r"states", "estados"),
    (r"places", "lugares"),
    (r"\ball\b", "todas"),
    (r"rows", "filas"),
    (r"lead", "año previo"),
)
INTERVAL = {"en": "{} (90 %: {} to {})", "es": "{} (90 %: {} a {})"}
PAIR = {"en": "{} to {}", "es": "{} a {}"}


def rows(figures: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of every number of a design, in a language; nested ones unfolded."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            parts = (f"{_named(key, lang)} {_told(part, '', lang)}" for key, part in value.items())
            yield _named(name, lang), "; ".join(parts)
        else:
            yield _named(name, lang), _told(value, _unit(name), lang)


def _named(name: str, lang: str) -> str:
    name = name.replace("_", " ")
    if lang == "es":
        for english, spanish in SPANISH:
            name = re.sub(english, spanish, name)
    return name


def _unit(name: str) -> str:
    """Return the unit of a number by its name: changes are percentages."""
    plain = ("rate", "ratio", "leave one out", "log", "interval", "rows", "places", "random")
    if any(word in name for word in plain) or name in ("published", "removals"):
        return ""
    return " %" if "months" in name or name in ("change", "lead", "leave one state out") else ""


def _told(value: object, unit: str, lang: str) -> str:
    if isinstance(value, list | tuple):
        parts = [_told(one, unit, lang) for one in value]
        if len(parts) == 3:
            return INTERVAL[lang].format(*parts)
        return PAIR[lang].format(*parts) if len(parts) == 2 else ", ".join(parts)
    if isinstance(value, bool | int):
        return f"{value:,}"
    if isinstance(value, float):
        if unit:
            text = f"{value:+,.0f}" if abs(value) >= 10 else f"{value:+,.1f}"
        else:
            text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"
        return text.replace("-", "\u2212") + unit
    return str(value)
