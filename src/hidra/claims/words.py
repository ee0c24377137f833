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

from hidra.core import yaml
from hidra.core.i18n import LANGUAGES, MONTHS, Language, Message, _, bilingual, minus, translate

if TYPE_CHECKING:
    from hidra.claims.claim import Reading, Stated

Text = Mapping[str, str]  # by language, es and en
OUTCOMES = (
    _("supported"),
    _("partly"),
    _("not supported"),
    _("contradicted"),
    _("not testable with these data"),
    _("error in the test"),
    _("not run: needs an extra"),
)
UNITS = {
    "percent": _(" %"),
    "per 100,000": _(" per 100,000"),
    "per day": _(" a day"),
    "per month": _(" a month"),
    "per year": _(" a year"),
    "states": _(" states"),
    "minutes": _(" minutes"),
    "days": _(" days"),
    "time": _(" time"),
    "times": _(" times"),
    "events": _(" events"),
    "groups": _(" groups"),
    "rounds": _(" rounds"),
    "governments": _(" governments"),
    "deaths a year": _(" deaths a year"),
    "firearms a year": _(" firearms a year"),
    "persons a week": _(" people per week"),
    "million US dollars": _(" million US dollars"),
}
SAID = {
    "about": _("about {value}"),
    "nearly": _("nearly {value}"),
    "more than": _("more than {value}"),
    "less than": _("less than {value}"),
}
OPENING = {
    "supported": _("It holds"),
    "partly": _("It holds only with another base, source, period or release"),
    "not supported": _("No source gives this figure, though it lies in the range of sources"),
    "contradicted": _("It lies outside every source"),
    "not testable with these data": _("The series held do not cover it"),
}
FETCH = bilingual(
    _("No series covers this place and period; fetch or import one with `hidra data`.")
)
#: Phrases inside the names of numbers, the longer ones first.
NAMED = (
    _("leave one state out"), _("leave one out"), _("random dates that do as well"),
    _("random places that do as well"), _("other states of the group"),
    _("neighbours without the group"), _("state of removal"),
    _("published rate, 18 regions, first year"), _("rate per 100,000 a year"), _("state level"),
    _("attributed deaths"), _("attributed interval"), _("killing above capture"),
    _("killed interval"), _("captured interval"), _("killed log"), _("captured log"),
    _("log change"), _("standard error"), _("placebo mean"), _("placebo sd"),
    _("synthetic control"), _("local projections"), _("linear FE"), _("Poisson FE"),
    _("half-years"), _("operations"), _("removals"), _("months 12 on"), _("months"),
    _("published"), _("geometric"), _("placebo"), _("change"), _("ratio"), _("killed"),
    _("captured"), _("states"), _("places"), _("all"), _("rows"), _("lead"),
)  # fmt: skip
INTERVAL = _("{value} (90 %: {low} to {high})")
PAIR = _("{low} to {high}")
PHRASES: dict[str, str] = {
    # what an interval shows
    "effect_above": _("a rise"),
    "effect_below": _("a fall"),
    "effect_around": _("not told apart from no change"),
    "change": _("{value:+.0f} % (90 %: {low:+.0f} to {high:+.0f}; {effect})"),
    "published_above": _("the interval lies above what was published"),
    "published_below": _("the interval lies below what was published"),
    "published_around": _("the interval holds what was published"),
    "rare": _("which is rare"),
    "not_rare": _("too often to rule chance out"),
    "before": _("before it, {off} of {n} estimates tell the places apart: {conclusion}"),
    "before_one": _("before it {change}: {conclusion}"),
    "before_unseen": _("what came before is not looked at"),
    "path_same": _("no other path is seen"),
    "path_other": _("already on another path, so no cause is shown"),
    "killing_above": _("killing above capture"),
    "capture_above": _("capture above killing"),
    "as_published": _("as published"),
    "not_as_published": _("not as published"),
    "direction_all": _("The direction published, in all that is at hand"),
    "direction_some": _("The direction published, in a part of what is at hand"),
    "direction_none": _("The direction published is not seen in what is at hand"),
    # what was found
    "own_events": _(
        "In the half-year from the event on: {change}, {n} places with an event. Random dates do "
        "as much in {placebo:.0%} of draws. {before}"
    ),
    "removal_at_place": _(
        "At the place of removal homicides were {ratio:.2f} times what the national trend would "
        "give in months 1-6 ({n} removals; random dates do as much in {placebo:.0%} of draws, "
        "{rare}), {killed:.2f} after killings, {early:.2f} in 2008-2010. Poisson fixed effects, "
        "months 0-5: {change}; {before}. At state level the mean log change is {log:+.3f} (se "
        "{error:.3f}): {state}."
    ),
    "published": _(
        "Poisson fixed effects, months {first}-{last}: {change}; {who}: {published:+.1f} %, "
        "{beside}; random dates do as much in {placebo:.0%} of draws, {rare}; ours: {n} places of "
        "removal only, each against the others before their own, deaths by month of registration, "
        "our list of leaders; theirs: all municipalities."
    ),
    "elsewhere": _(
        "Other states of the group, months 1-6: {change}; published for other municipalities "
        "{published:+.0f} %, {beside}."
    ),
    "dickenson": _(
        "Negative binomial on 32 states x 49 months, {removals} removals of ours (Dickenson had "
        "{theirs}): {deaths:+,.0f} deaths attributed (90 %: {low:+,.0f} to {high:+,.0f}; "
        "{effect}), published {published:+,.0f}: {beside}. Killed {killed:+.0f} % a month, "
        "captured {captured:+.0f} %: {order}, {as_published}."
    ),
    "joint_operations": _(
        "Poisson fixed effects, states, 2003-2010, months 0-5: {change}; {before} "
        "(months -12 to -7); yearly rate per 100,000 in the first year {rate:+.1f} (90 %: "
        "{low:+.1f} to {high:+.1f}; {effect}), published for 18 smaller regions {published:+.0f}: "
        "{beside}."
    ),
    "enforcement": _(
        "{direction}: {operations} in the half-year after the first joint operation of a state "
        "({before}), {removals} in the half-year after a leader's removal at its place. Osorio's "
        "daily municipal events of arrests, seizures and clashes (OCVED, 2000-2010) are not among "
        "the built-in tables."
    ),
    "exposure": _(
        "Poisson, {what} {change}; {placebo:.0%} of random assignments do as much, {rare}; "
        "{before}."
    ),
    "exposure_mining": _(
        "when the relative price of mining doubles, homicides in a state with one point more "
        "mining in its product (2003-07) change"
    ),
    "exposure_avocado": _(
        "when the nation's avocado value doubles against its product, homicides in a state with "
        "one point more avocado in its product (2003-07) change"
    ),
    "exposure_groups": _(
        "twice as many groups in press reports of a state, 2014-18 against 2009-13, go with "
        "homicides changing"
    ),
    "exposure_border": _(
        "from October 2004 to 2006, homicides in the five states that face US states without a "
        "ban of their own changed, against all others"
    ),
    # a test that did not end in a verdict
    "error": _("The test stopped with {kind}: {message}"),
    "not_run": _("not run: the packages of the extra '{extra}' are not installed"),
}
ASKED: dict[str, str] = {
    "months 0-5": _("months 0-5, all first removals"),
    "months 6-11": _("months 6-11"),
    "months -12 to -7": _("months before: -12 to -7 (should be none)"),
    "killings only": _("killings only"),
    "captures only": _("captures only"),
    "Conley": _("errors shared up to 300 km (Conley)"),
    "synthetic control": _("synthetic control (asinh)"),
}  # fmt: skip
PAGE: Mapping[str, Text] = bilingual(
    {
        "verdict": _("Verdict"),
        "why": _("Why"),
        "said": _("Said by"),
        "test": _("What the sources say"),
        "against": _("What would count against it"),
        "caveats": _("Caveats"),
        "strength": _("Strength"),
        "data": _("Data"),
        "again": _("To run it again"),
        "source": _("Source"),
        "value": _("Value"),
        "quoted": _("as quoted"),
        "least": _("at least"),
        "figures": _("Numbers of the design"),
        "strip": _("The same question asked in other ways"),
        "asked": _("Asked of"),
        "change": _("Change"),
        "reading": _(
            "Above, the answer of the design; below, what it becomes by another unit, "
            "source, period, kind of removal, window, error or estimator. Lines are "
            "90 % intervals; one that touches zero is also compatible with no change. "
            "n: removals."
        ),
        "all": _("Claims and their verdicts"),
        "high": _("high"),
        "medium": _("medium"),
        "low": _("low"),
        "trace": _("Trace of the error"),
        "foot": _(
            "Computed by hidra. Descriptive figures are not causes; captured is not convicted."
        ),
    }
)


def sentence(key: str, **values: Any) -> dict[str, str]:
    """Return a phrase by language, its values filled in; a value may be a text by language."""
    return {
        lang: translate(PHRASES[key], lang).format(
            **{
                name: value[lang]
                if isinstance(value, Mapping)
                else translate(value, lang)
                if isinstance(value, Message)
                else value
                for name, value in values.items()
            }
        )
        for lang in LANGUAGES
    }


def asked(unit: str, name: str) -> Message:
    """Return what a row of a strip asks."""
    return _("{unit}, {name}", unit=unit, name=ASKED.get(name, name))


def verdict(value: str, lang: Language) -> str:
    """Return a verdict in a language."""
    return translate(value, lang)


def why(
    stated: Stated, readings: Sequence[Reading], found: str, best: Reading | None,
    opening: Mapping[str, str] | None = None,
) -> Mapping[str, str]:  # fmt: skip
    """Return one sentence per language: what holds, and what the sources say."""
    if best is None:
        return FETCH
    first = opening or bilingual(OPENING[found])
    return {lang: _sentence(stated, readings, found, best, lang, first) for lang in ("en", "es")}


def _sentence(
    stated: Stated, readings: Sequence[Reading], found: str, best: Reading, lang: Language,
    opening: Mapping[str, str],
) -> str:  # fmt: skip
    others = [one for one in readings if one is not best and not one.floor][:3]
    if found in ("supported", "partly"):
        others = others[:2]
    told = [_read(one, stated.unit, lang) for one in (best, *others)]
    quoted = translate(_(" (as quoted)"), lang)
    return f"{opening[lang]}{quoted if best.quoted else ''}: {'; '.join(told)}."


def _read(one: Reading, unit: str, lang: Language) -> str:
    least = translate(_("at least "), lang) if one.floor else ""
    return f"{least}{number(one.value, unit, lang)} ({one.named(lang)})"


def said(stated: Stated, lang: Language) -> str:
    """Return a figure as it was said: a range by its ends, with "more than" and the like."""
    value = number(stated.value, stated.unit, lang)
    if stated.upper is not None:
        low, high = number(stated.value, "", lang), number(stated.upper, stated.unit, lang)
        return translate(PAIR, lang).format(low=low, high=high)
    return translate(SAID.get(stated.words, "{value}"), lang).format(value=value)


def number(value: float, unit: str, lang: Language) -> str:
    """Return a figure with its unit, in Mexican number format."""
    return minus(_figure(value, unit, lang))


def _figure(value: float, unit: str, lang: Language) -> str:
    if unit == "year":
        return f"{value:.0f}"
    if unit == "month":
        return MONTHS[lang][round(value) - 1]
    if unit == "truth":
        return translate(_("yes") if round(value) else _("no"), lang)
    ending = translate(UNITS.get("time" if (unit, value) == ("times", 1) else unit, ""), lang)
    if unit in ("percent", "per 100,000", "per day", "minutes"):
        return f"{value:,.1f}{ending}"
    return f"{value:,.0f}{ending}" if abs(value) >= 100 else f"{value:,.3g}{ending}"


def figures(numbers: Mapping[str, Any], lang: Language) -> Iterator[tuple[str, str]]:
    """Yield name and value of every number of a design, in a language; nested ones unfolded."""
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            parts = (
                f"{_name_of(key, lang)} {_number(part, '', lang)}" for key, part in value.items()
            )
            yield _name_of(name, lang), "; ".join(parts)
        else:
            yield _name_of(name, lang), _number(value, _unit(name), lang)


def _name_of(name: str, lang: Language) -> str:
    name = name.replace("_", " ")
    if lang == "en":
        return name
    for phrase in NAMED:
        name = re.sub(rf"\b{phrase}\b", translate(phrase, lang), name)
    return _SPAN.sub(" a ", name)


def _unit(name: str) -> str:
    """Return the unit of a number by its name: changes are percentages."""
    plain = ("rate", "ratio", "leave one out", "log", "interval", "rows", "places", "random")
    if any(word in name for word in plain) or name in ("published", "removals"):
        return ""
    return " %" if "months" in name or name in ("change", "lead", "leave one state out") else ""


def _number(value: object, unit: str, lang: Language) -> str:
    if isinstance(value, list | tuple):
        parts = [_number(one, unit, lang) for one in value]
        if len(parts) == 3:
            value, low, high = parts
            return translate(INTERVAL, lang).format(value=value, low=low, high=high)
        if len(parts) == 2:
            return translate(PAIR, lang).format(low=parts[0], high=parts[1])
        return ", ".join(parts)
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
_SPAN = re.compile(r"(?<=[\d)]) to (?=-?\d)")
_SINCE = re.compile(r"^(\d[\d-]*) on$")
_UNTIL = re.compile(r"^to (?=\d)")


def attributed(text: str, language: Language) -> str:
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
    text = files("hidra.claims").joinpath("words.yaml").read_text(encoding="utf-8")
    known: list[str] = sorted(yaml.value(text, "words.yaml"), key=len, reverse=True)
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(english)}(?!\w)"), translate(english, "es", "claims"))
        for english in known
    )


def _spanish_day(found: re.Match[str]) -> str:
    day, short, rest, year = found.groups()
    name = MONTHS["es"][ENGLISH.index(short)]
    if day and not rest and short != "May":
        return f"{day} {_short(short)} {year}"
    return f"{day} de {name} de {year}" if day else f"{name} de {year}"


def _short(english: str) -> str:
    return MONTHS["es"][ENGLISH.index(english)][:3]
