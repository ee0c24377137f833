"""Places named in a text: the nation, its states and cities, and what lies elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from hidra.claims.article import lexicon
from hidra.claims.article.text import plain
from hidra.core.place import states

FOREIGN = "elsewhere"
UNKNOWN = "unknown"
NATION = re.compile(
    r"\bmexico\b(?!,? (?:city|state))|\bmexican (?:territory|soil)\b|\bterritorio (?:nacional"
    r"|mexicano)"
    r"|\b(?:the|this|our|el|del|al|nuestro|este|todo el) (?:whole |entire )?(?:country|pais)\b"
    r"|\bnationwide\b|\ben todo el pais\b"
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
    r"|\b(?:universidad|instituto|colegio|hospital|diario|heraldo|arquidiocesis"
    r"|university|college|institute)"
    r" (?:\w+ ){0,3}?(?:de|del|of) (?:la )?[a-z]+"
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
OWNS = re.compile(
    r"'s\b(?! (?:(?:intentional|national|overall|annual|yearly|total|own) )?"
    r"(?:homicid|murder|killing|femicid|toll|national|missing|dead))"
)
APART = re.compile(r" ?(?:,|\(| in| en)?(?: (?:la|the|una|a))?(?: (?:\w+ ){0,2}(?:capital|ciudad"
    r"|city|municipio"
                   r"|puerto|town|port|localidad)(?: \w+){0,2}?(?: of| de| en| in))? ?(?:el "
                   r"|the )?(?:state of |estado de )?")  # fmt: skip
COUNTRY = re.compile(r"(?:el|the|this|este) (?:pais|country)")
TOO_SHORT = {"bc", "nl", "mx", "mex"}


@dataclass(frozen=True)
class Mention:
    """A place in a sentence: its code, `FOREIGN` or `UNKNOWN`.

    `owns` marks a genitive ("Mexico's deadliest state"): the whole of which something is a part.
    """

    start: int
    end: int
    code: str
    owns: bool = False


def mentions(original: str, text: str) -> list[Mention]:
    """Return the places named in one sentence, in order; a cartel's or a school's name is none."""
    masked = GROUPS.sub(lambda match: "_" * len(match.group()), text)
    names, codes = _names()
    found: list[Mention] = []
    for pattern, code in ((names, ""), (ABROAD, FOREIGN), (NATION, "00")):
        for match in pattern.finditer(masked):
            if _free(found, match.start(), match.end()) and _is_name(original, match, code):
                code_ = code or codes[match.group()]
                owns = code_ == "00" and bool(OWNS.match(masked, match.end()))
                found.append(Mention(match.start(), match.end(), code_, owns))
    for match in PROPER.finditer(original):
        first, last = match.span("name")
        if (
            _free(found, first, last)
            and masked[first] != "_"
            and not NO_PLACE.match(plain(match["name"]))
        ):
            found.append(Mention(first, last, UNKNOWN))
    return _joined(text, sorted(found, key=lambda one: one.start))


def is_home(code: str) -> bool:
    """Tell whether a place lies in Mexico."""
    return code not in (FOREIGN, UNKNOWN)


def _joined(text: str, found: list[Mention]) -> list[Mention]:
    """Return the places with "Culiacan, the capital of Sinaloa" and "Leon, Guanajuato" as one."""
    kept: list[Mention] = []
    for one in found:
        last = kept[-1] if kept else None
        gap = text[last.end : one.start] if last else ""
        inside = last and (
            (len(last.code) == 5 and one.code in (last.code[:2], "00"))
            or (last.code == UNKNOWN and is_home(one.code))
            or (len(last.code) == 2 and one.code == "00" and "," in gap)
            or (last.code == FOREIGN and COUNTRY.match(text, one.start))
        )
        if last and inside and APART.fullmatch(gap):
            kept[-1] = Mention(last.start, one.end, last.code)
        else:
            kept.append(one)
    return kept


def _is_name(original: str, match: re.Match[str], code: str) -> bool:
    """Tell whether a match is written as a name: capital first, or a phrase for the nation."""
    if code == "00" and match.group() != "mexico":
        return True
    first = original[match.start()]
    return first.isupper() or code == FOREIGN


def _free(found: list[Mention], start: int, end: int) -> bool:
    return all(end <= one.start or start >= one.end for one in found)


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    """Return one pattern of every name, longest first, and the code of each."""
    names: dict[str, str] = {
        **dict.fromkeys(("new mexico", "nuevo mexico"), FOREIGN),
        "mexico city": "09", "mexico state": "15",
        "state of mexico": "15", "estado de mexico": "15", "edomex": "15", "ciudad de mexico": "09",
        "city of mexico": "09", "distrito federal": "09",
    }  # fmt: skip
    for state in states():
        for name in (state.name_es, state.name_en, *state.other_names, state.abbr):
            key = plain(name)
            if key not in TOO_SHORT and key not in ("mexico", "df"):
                names.setdefault(key, state.code)
    for key, code in lexicon.read()["cities"].items():
        names.setdefault(key, code)
    ordered = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, ordered))})\b"), names
