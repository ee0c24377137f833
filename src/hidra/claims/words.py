"""What the claims say, in Spanish and English: verdicts, reasons, numbers, who said it, pages.

Sentences of designs are made here from values alone (`sentence`): what a number shows is said by
the phrase its interval chooses, never by the sentence it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from hidra.claims.claim import Reading, Stated

Text = Mapping[str, str]  # by language, es and en
LANGUAGES = ("en", "es")
OUTCOMES_ES: Text = {
    "supported": "se sostiene",
    "partly": "en parte",
    "not supported": "no se sostiene",
    "contradicted": "los datos la contradicen",
    "not testable with these data": "no comprobable con estos datos",
    "error in the test": "error en la prueba",
    "not run: needs an extra": "no se corrió: falta un complemento",
}
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
PHRASES: Mapping[str, tuple[str, str]] = {
    # what an interval shows
    "effect_above": ("a rise", "un aumento"),
    "effect_below": ("a fall", "una baja"),
    "effect_around": ("not told apart from no change", "no se distingue de ningún cambio"),
    "change": ("{value:+.0f} % (90 %: {low:+.0f} to {high:+.0f}; {effect})",
               "{value:+.0f} % (90 %: {low:+.0f} a {high:+.0f}; {effect})"),
    "published_above": ("the interval lies above what was published",
                        "el intervalo queda por encima de lo publicado"),
    "published_below": ("the interval lies below what was published",
                        "el intervalo queda por debajo de lo publicado"),
    "published_around": ("the interval holds what was published",
                         "el intervalo contiene lo publicado"),
    "rare": ("which is rare", "lo que es raro"),
    "not_rare": ("too often to rule chance out", "demasiado a menudo para descartar el azar"),
    "before": ("before it, {off} of {n} estimates tell the places apart: {conclusion}",
               "antes, {off} de {n} estimaciones distinguen los lugares: {conclusion}"),
    "before_one": ("before it {change}: {conclusion}", "antes {change}: {conclusion}"),
    "before_unseen": ("what came before is not looked at", "lo anterior no se mira"),
    "path_same": ("no other path is seen", "no se ve otro camino"),
    "path_other": ("already on another path, so no cause is shown",
                   "ya en otro camino, así que no se muestra causa"),
    "killing_above": ("killing above capture", "muerte por encima de captura"),
    "capture_above": ("capture above killing", "captura por encima de muerte"),
    "as_published": ("as published", "como se publicó"),
    "not_as_published": ("not as published", "al revés de lo publicado"),
    "direction_all": ("The direction published, in all that is at hand",
                      "La dirección publicada, en todo lo que hay a la mano"),
    "direction_some": ("The direction published, in a part of what is at hand",
                       "La dirección publicada, en una parte de lo que hay a la mano"),
    "direction_none": ("The direction published is not seen in what is at hand",
                       "La dirección publicada no se ve en lo que hay a la mano"),
    # what was found
    "removal_at_place": (
        "At the place of removal homicides were {ratio:.2f} times what the national trend would "
        "give in months 1-6 ({n} removals; random dates do as much in {placebo:.0%} of draws, "
        "{rare}), {killed:.2f} after killings, {early:.2f} in 2008-2010. Poisson fixed effects, "
        "months 0-5: {change}; {before}. At state level the mean log change is {log:+.3f} (se "
        "{error:.3f}): {state}.",
        "En el lugar de la salida los homicidios fueron {ratio:.2f} veces lo que daría la "
        "tendencia nacional en los meses 1-6 ({n} salidas; fechas al azar dan lo mismo en "
        "{placebo:.0%} de los sorteos, {rare}), {killed:.2f} tras muertes, {early:.2f} en "
        "2008-2010. Poisson con efectos fijos, meses 0-5: {change}; {before}. A nivel estatal el "
        "cambio logarítmico medio es {log:+.3f} (ee {error:.3f}): {state}.",
    ),
    "published": (
        "Poisson fixed effects, months {first}-{last}: {change}; {who}: {published:+.1f} %, "
        "{beside}; random dates do as much in {placebo:.0%} of draws, {rare}; ours: {n} places of "
        "removal only, each against the others before their own, deaths by month of registration, "
        "our list of leaders; theirs: all municipalities.",
        "Poisson con efectos fijos, meses {first}-{last}: {change}; {who}: {published:+.1f} %, "
        "{beside}; fechas al azar dan lo mismo en {placebo:.0%} de los sorteos, {rare}; lo "
        "nuestro: solo {n} lugares de salida, cada uno frente a los demás antes de la suya, "
        "muertes por mes de registro, nuestra lista de líderes; lo suyo: todos los municipios.",
    ),
    "elsewhere": (
        "Other states of the group, months 1-6: {change}; published for other municipalities "
        "{published:+.0f} %, {beside}.",
        "Otros estados del grupo, meses 1-6: {change}; publicado para otros municipios "
        "{published:+.0f} %, {beside}.",
    ),
    "dickenson": (
        "Negative binomial on 32 states x 49 months, {removals} removals of ours (Dickenson had "
        "{theirs}): {deaths:+,.0f} deaths attributed (90 %: {low:+,.0f} to {high:+,.0f}; "
        "{effect}), published {published:+,.0f}: {beside}. Killed {killed:+.0f} % a month, "
        "captured {captured:+.0f} %: {order}, {as_published}.",
        "Binomial negativa en 32 estados x 49 meses, {removals} salidas nuestras (Dickenson tenía "
        "{theirs}): {deaths:+,.0f} muertes atribuidas (90 %: {low:+,.0f} a {high:+,.0f}; "
        "{effect}), publicadas {published:+,.0f}: {beside}. Muertos {killed:+.0f} % al mes, "
        "capturados {captured:+.0f} %: {order}, {as_published}.",
    ),
    "joint_operations": (
        "Poisson fixed effects, states, 2003-2010, months 0-5: {change}; {before} "
        "(months -12 to -7); yearly rate per 100,000 in the first year {rate:+.1f} (90 %: "
        "{low:+.1f} to {high:+.1f}; {effect}), published for 18 smaller regions {published:+.0f}: "
        "{beside}.",
        "Poisson con efectos fijos, estados, 2003-2010, meses 0-5: {change}; {before} "
        "(meses -12 a -7); tasa anual por 100,000 en el primer año {rate:+.1f} (90 %: {low:+.1f} a "
        "{high:+.1f}; {effect}), publicado para 18 regiones menores {published:+.0f}: {beside}.",
    ),
    "enforcement": (
        "{direction}: {operations} in the half-year after the first joint operation of a state "
        "({before}), {removals} in the half-year after a leader's removal at its place. Osorio's "
        "daily municipal events of arrests, seizures and clashes (OCVED, 2000-2010) are not among "
        "the built-in tables.",
        "{direction}: {operations} en el semestre posterior al primer operativo conjunto de un "
        "estado ({before}), {removals} en el semestre posterior a la salida de un líder en su "
        "lugar. Los eventos municipales diarios de detenciones, decomisos y choques de Osorio "
        "(OCVED, 2000-2010) no están entre las tablas incluidas.",
    ),
    "exposure": (
        "Poisson, {what} {change}; {placebo:.0%} of random assignments do as much, {rare}; "
        "{before}.",
        "Poisson, {what} {change}; {placebo:.0%} de los repartos al azar dan lo mismo o más, "
        "{rare}; {before}.",
    ),
    "exposure_mining": (
        "when the relative price of mining doubles, homicides in a state with one point more "
        "mining in its product (2003-07) change",
        "cuando el precio relativo de la minería se duplica, los homicidios en un estado con un "
        "punto más de minería en su producto (2003-07) cambian",
    ),
    "exposure_avocado": (
        "when the nation's avocado value doubles against its product, homicides in a state with "
        "one point more avocado in its product (2003-07) change",
        "cuando el valor del aguacate del país se duplica frente a su producto, los homicidios en "
        "un estado con un punto más de aguacate en su producto (2003-07) cambian",
    ),
    "exposure_groups": (
        "twice as many groups in press reports of a state, 2014-18 against 2009-13, go with "
        "homicides changing",
        "el doble de grupos en notas de prensa de un estado, 2014-18 frente a 2009-13, va con "
        "homicidios que cambian",
    ),
    "exposure_border": (
        "from October 2004 to 2006, homicides in the five states that face US states without a "
        "ban of their own changed, against all others",
        "de octubre de 2004 a 2006, los homicidios de los cinco estados frente a estados de EUA "
        "sin prohibición propia cambiaron, frente a los demás,",
    ),
    # a test that did not end in a verdict
    "error": ("The test stopped with {kind}: {message}",
              "La prueba se detuvo con {kind}: {message}"),
    "not_run": ("not run: the packages of the extra '{extra}' are not installed",
                "no se corrió: no están instalados los paquetes del extra «{extra}»"),
}  # fmt: skip
ASKED: Mapping[str, tuple[str, str]] = {
    "months 0-5": ("months 0-5, all first removals", "meses 0-5, todas las primeras salidas"),
    "months 6-11": ("months 6-11", "meses 6-11"),
    "months -12 to -7": ("months before: -12 to -7 (should be none)",
                         "meses previos: -12 a -7 (no debería haber)"),
    "killings only": ("killings only", "solo muertes"),
    "captures only": ("captures only", "solo capturas"),
    "Conley": ("errors shared up to 300 km (Conley)", "errores compartidos hasta 300 km (Conley)"),
    "synthetic control": ("synthetic control (asinh)", "control sintético (asinh)"),
}  # fmt: skip
PARTS_ES = (("months", "meses"), ("killings", "muertes"), ("captures", "capturas"))
PAGE: Mapping[str, Text] = {
    "en": {
        "verdict": "Verdict", "why": "Why", "said": "Said by", "test": "What the sources say",
        "against": "What would count against it", "caveats": "Caveats", "strength": "Strength",
        "data": "Data", "again": "To run it again", "source": "Source", "value": "Value",
        "quoted": "as quoted", "least": "at least", "figures": "Numbers of the design",
        "strip": "The same question asked in other ways", "asked": "Asked of", "change": "Change",
        "reading": "Above, the answer of the design; below, what it becomes by another unit, "
        "source, period, kind of removal, window, error or estimator. Lines are 90 % intervals; "
        "one that touches zero is also compatible with no change. n: removals.",
        "all": "Claims and their verdicts", "high": "high", "medium": "medium", "low": "low",
        "trace": "Trace of the error",
        "foot": "Computed by hidra. Descriptive figures are not causes; captured is not convicted.",
    },
    "es": {
        "verdict": "Veredicto", "why": "Por qué", "said": "Lo dijo",
        "test": "Qué dicen las fuentes",
        "against": "Qué contaría en contra", "caveats": "Salvedades", "strength": "Solidez",
        "data": "Datos", "again": "Para repetirlo", "source": "Fuente", "value": "Valor",
        "quoted": "tal como se cita", "least": "al menos", "figures": "Números del diseño",
        "strip": "La misma pregunta hecha de otras maneras", "asked": "Se pregunta a",
        "change": "Cambio",
        "reading": "Arriba, la respuesta del diseño; abajo, lo que resulta con otra unidad, "
        "fuente, periodo, tipo de salida, ventana, error o estimador. Las líneas son intervalos de "
        "90 %; la que toca el cero también es compatible con ningún cambio. n: salidas.",
        "all": "Afirmaciones y sus veredictos", "high": "alta", "medium": "media", "low": "baja",
        "trace": "Rastro del error",
        "foot": "Calculado por hidra. Lo descriptivo no es causa; capturado no es condenado.",
    },
}  # fmt: skip


def sentence(key: str, **values: Any) -> dict[str, str]:
    """Return a phrase by language, its values filled in; a value may be a text by language."""
    return {
        lang: text.format(
            **{
                name: value[lang] if isinstance(value, Mapping) else value
                for name, value in values.items()
            }
        )
        for lang, text in zip(LANGUAGES, PHRASES[key], strict=True)
    }


def asked(unit: tuple[str, str], name: str) -> tuple[str, str]:
    """Return what a row of a strip asks, in English and Spanish."""
    en, es = ASKED.get(name, (name, name))
    for english, spanish in PARTS_ES:
        es = es.replace(english, spanish)
    return f"{unit[0]}, {en}", f"{unit[1]}, {es}"


def verdict(value: str, lang: str) -> str:
    """Return a verdict in a language."""
    return OUTCOMES_ES[value] if lang == "es" else value


def why(
    stated: Stated, readings: Sequence[Reading], found: str, best: Reading | None,
    opening: Mapping[str, str] | None = None,
) -> Mapping[str, str]:  # fmt: skip
    """Return one sentence per language: what holds, and what the sources say."""
    if best is None:
        return FETCH
    first = opening or OPENING[found]
    return {lang: _sentence(stated, readings, found, best, lang, first) for lang in ("en", "es")}


def _sentence(
    stated: Stated, readings: Sequence[Reading], found: str, best: Reading, lang: str,
    opening: Mapping[str, str],
) -> str:  # fmt: skip
    others = [one for one in readings if one is not best and not one.floor][:3]
    if found in ("supported", "partly"):
        others = others[:2]
    told = [_read(one, stated.unit, lang) for one in (best, *others)]
    quoted = " (as quoted)" if lang == "en" else " (tal como se cita)"
    return f"{opening[lang]}{quoted if best.quoted else ''}: {'; '.join(told)}."


def _read(one: Reading, unit: str, lang: str) -> str:
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


def figures(numbers: Mapping[str, Any], lang: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of every number of a design, in a language; nested ones unfolded."""
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            parts = (
                f"{_name_of(key, lang)} {_number(part, '', lang)}" for key, part in value.items()
            )
            yield _name_of(name, lang), "; ".join(parts)
        else:
            yield _name_of(name, lang), _number(value, _unit(name), lang)


def _name_of(name: str, lang: str) -> str:
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


def _number(value: object, unit: str, lang: str) -> str:
    if isinstance(value, list | tuple):
        parts = [_number(one, unit, lang) for one in value]
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


ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = re.compile(rf"\b(?:(\d{{1,2}}) )?({'|'.join(ENGLISH)})([a-z]*) (\d{{4}})\b")
_PAIR = re.compile(rf"\b({'|'.join(ENGLISH)})-({'|'.join(ENGLISH)})\b")
_SPAN = re.compile(r"(?<=[\d)]) to (?=\d)")
_SINCE = re.compile(r"^(\d[\d-]*) on$")
_UNTIL = re.compile(r"^to (?=\d)")


def attributed(text: str, language: str) -> str:
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
    text = files("hidra.claims").joinpath("words_es.yaml").read_text(encoding="utf-8")
    known: dict[str, str] = yaml.safe_load(text)
    ordered = sorted(known.items(), key=lambda pair: -len(pair[0]))
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(english)}(?!\w)"), spanish) for english, spanish in ordered
    )


def _spanish_day(found: re.Match[str]) -> str:
    day, short, rest, year = found.groups()
    name = MONTHS["es"][ENGLISH.index(short)]
    if day and not rest and short != "May":
        return f"{day} {_short(short)} {year}"
    return f"{day} de {name} de {year}" if day else f"{name} de {year}"


def _short(english: str) -> str:
    return MONTHS["es"][ENGLISH.index(english)][:3]
