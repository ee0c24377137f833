"""Places named in a text: the nation, its states and cities, and what lies elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from hidra.claims.article.plain import plain
from hidra.core.place import states

FOREIGN = "elsewhere"
UNKNOWN = "unknown"
NATION = re.compile(
    r"\bmexico\b(?!,? (?:city|state))|\bmexican (?:territory|soil)\b|\bterritorio (?:nacional"
    r"|mexicano)"
    r"|\b(?:the|this|our|el|del|al|nuestro|este|todo el) (?:whole |entire )?(?:country|pais)\b"
    r"|\bnationwide\b"
    r"|\b(?:a nivel|nivel|ambito) nacional\b|\bnationally\b|\bnational (?:level|total)\b"
    r"|\btotal nacional\b"
    r"|\bla republica mexicana\b"
)
ABROAD = re.compile(
    r"\b(?:united states|u\.s\.a?\.?(?!\w)|usa|estados unidos|ee\.? ?uu\.?|eeuu|new mexico"
    r"|nuevo mexico|texas"
    r"|california(?! sur)|arizona|florida|chicago|new york|nueva york|los angeles|san diego|el paso"
    r"|colombia|brazil|brasil|ecuador|venezuela|honduras|el salvador|guatemala|haiti|jamaica"
    r"|peru|chile"
    r"|argentina|bolivia|nicaragua|costa rica|panama|cuba|puerto rico|canada|spain|espana|france"
    r"|francia"
    r"|germany|alemania|italy|italia|united kingdom|reino unido|england|inglaterra|russia|rusia"
    r"|ukraine|ucrania"
    r"|china|india|japan|japon|philippines|filipinas|south africa|sudafrica|nigeria|iraq|irak"
    r"|syria|siria"
    r"|afghanistan|afganistan|israel|gaza|europe|europa|africa|asia|world(?:wide)?|globally"
    r"|mundo|mundial(?:es)?"
    r"|latin america|america latina|latinoamerica|central america|centroamerica|caribbean|caribe"
    r"|the americas|americas)\b"
)
GROUPS = re.compile(
    r"\bcartel(?:es)? (?:de|del) (?:los? )?(?:sinaloa|juarez|tijuana|golfo"
    r"|jalisco(?: nueva generacion)?|santa rosa"
    r" de lima|caborca|noreste|pacifico|guadalajara|milenio|tlahuac)|\b(?:sinaloa|juarez|gulf"
    r"|tijuana|guadalajara"
    r"|jalisco|northeast|santa rosa de lima|caborca)(?:'s)? (?:new generation )?(?:drug )?cartels?"
    r"|\bjalisco (?:new generation|nueva generacion)|\bfamilia michoacana|\bcartel jalisco"
    r"|\bel sol de mexico|\bgolfo de mexico|\bgulf of mexico|\buniversidad \w+ de mexico"
)
PROPER = re.compile(
    r"\b(?:[Ii]n|[Ee]n|[Aa]t|[Nn]ear|cerca de|municip(?:io|ality) (?:de|of)|[Cc]iudad de"
    r"|city of)\s+(?:the |la |el )?"
    r"(?P<name>[A-ZÁÉÍÓÚÑ][a-záéíóúñü]{2,}(?:\s+(?:de(?:l)?(?: la| los"
    r"| las)?\s+)?[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+)*)"
)
NO_PLACE = re.compile(
    r"^(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|enero|febrero|marzo|abril|mayo|junio|julio"
    r"|agosto|septiembre"
    r"|octubre|noviembre|diciembre|lunes|martes|miercoles|jueves|viernes|sabado|domingo|calderon"
    r"|felipe|enrique"
    r"|pena|lopez|andres|claudia|sheinbaum|vicente|fox|total|spanish|english|palacio|twitter"
    r"|facebook|president"
    r"|presidente|congress|congreso|general|addition|recent|this|that|those|some|many)"
)
TOO_SHORT = {"bc", "nl", "mx", "mex"}


@dataclass(frozen=True)
class Mention:
    """A place in a text: its code, `FOREIGN` or `UNKNOWN`."""

    start: int
    end: int
    code: str


def mentions(original: str, text: str, start: int, end: int) -> list[Mention]:
    """Return the places named in a stretch of text, in order; a cartel's name is no place."""
    masked = GROUPS.sub(lambda match: "_" * len(match.group()), text[:end])
    found: list[Mention] = []
    for pattern, code in (*_names(), (ABROAD, FOREIGN), (NATION, "00")):
        for match in pattern.finditer(masked, start):
            if _free(found, match.start(), match.end()) and _is_name(original, match, code):
                found.append(Mention(match.start(), match.end(), code))
    for match in PROPER.finditer(original, start, end):
        first, last = match.span("name")
        if _free(found, first, last) and not NO_PLACE.match(plain(match["name"])):
            found.append(Mention(first, last, UNKNOWN))
    return sorted(found, key=lambda one: one.start)


def mexican(found: list[Mention]) -> bool:
    """Tell whether any of them lies in Mexico."""
    return any(one.code not in (FOREIGN, UNKNOWN) for one in found)


def _is_name(original: str, match: re.Match[str], code: str) -> bool:
    """Tell whether a match is written as a name: capital first, or a phrase for the nation."""
    if code == "00" and match.group() != "mexico":
        return True
    first = original[match.start()]
    return first.isupper() or code == FOREIGN


def _free(found: list[Mention], start: int, end: int) -> bool:
    return all(end <= one.start or start >= one.end for one in found)


@cache
def _names() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return one pattern per name, longest first: Baja California Sur before its neighbour."""
    import yaml

    names: dict[str, str] = {
        "new mexico": FOREIGN, "nuevo mexico": FOREIGN, "mexico city": "09", "mexico state": "15",
        "state of mexico": "15", "estado de mexico": "15", "edomex": "15", "ciudad de mexico": "09",
        "city of mexico": "09", "distrito federal": "09",
    }  # fmt: skip
    for state in states():
        for name in (state.name_es, state.name_en, *state.other_names, state.abbr):
            key = plain(name)
            if key not in TOO_SHORT and key not in ("mexico", "df"):
                names.setdefault(key, state.code)
    text = (files("hidra") / "claims" / "article" / "cities.yaml").read_text(encoding="utf-8")
    for key, code in yaml.safe_load(text).items():
        names.setdefault(key, code)
    ordered = sorted(names, key=len, reverse=True)
    return tuple((re.compile(rf"\b{re.escape(name)}\b"), names[name]) for name in ordered)
