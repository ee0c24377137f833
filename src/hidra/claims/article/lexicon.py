"""Words for what is counted, for rising and falling, and for who counts."""

from __future__ import annotations

import re
from dataclasses import dataclass

PEOPLE = (
    r"(?:people|persons|personas|mexicans|mexicanos|victims|victimas|lives|vidas|seres humanos)"
)
KILLED = r"(?:killed|murdered|slain|assassinated|asesinad[oa]s|ultimad[oa]s|perdieron la vida)"
HOMICIDE = (
    r"(?:(?:intentional|willful|wilful|violent) )?(?:homicides?|murders?|homicidios?|asesinatos?"
    r"|killings)"
    r"(?: (?:dolosos?|intencionales|violentos))?"
)
THINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("femicide", re.compile(r"\b(?:feminicidios?|femi(?:ni)?cides?)\b")),
    ("women", re.compile(
        rf"\b(?:women|mujeres)(?: \w+){{0,3}} {KILLED}|\b{HOMICIDE} (?:of|de|contra) (?:women"
        rf"|mujeres)"
        rf"|\b(?:fueron|han sido|son|were|are) {KILLED} (?=[\w,. ]{{1,18}} (?:mujeres|women))"
        r"|\bfemale homicides?|\b(?:murders?|killings?|homicid\w+) of women")),
    ("missing", re.compile(
        rf"\b(?:missing|disappeared)(?: and (?:missing|unlocated|disappeared))? {PEOPLE}"
        rf"|\b{PEOPLE}(?: \w+){{0,4}} (?:missing|disappeared|desaparecid[oa]s?|no localizad[oa]s)"
        r"|\b(?:(?:han|habian) desaparecido|desaparecieron|(?:have|had) (?:disappeared"
        r"|gone missing)|went missing)\b"
        r"|\bdesaparecid[oa]s\b|\b(?:enforced )?disappearances?\b|\bdesapariciones\b"
        r"|\bdisappeared\b|\bmissing\b")),
    ("homicide", re.compile(
        rf"\b{HOMICIDE}\b|\b{PEOPLE}(?: \w+){{0,3}} {KILLED}|\bvictim(?:s|as) (?:of"
        rf"|de) (?:intentional )?homicid\w+"
        rf"|\b(?:fueron|han sido|were|have been) {KILLED}\b(?= (?:mas|casi|cerca|unas|unos|more"
        rf"|about|nearly|some|\d))"
        rf"|\b(?:fueron|(?:han|habian) sido|were|ha[vd]e? been) {KILLED}\b"
        rf"(?= (?:mas|casi|cerca|unas|unos|more|about|nearly|some|\d))"
        rf"|\bhomicide victims\b|\b{KILLED}\b(?= (?:in|en) (?:mexico|the country|el pais))")),
)  # fmt: skip
NOUN = re.compile(rf"{HOMICIDE}\b")
FIREARM = re.compile(
    r"\b(?:firearms?|guns?|gunfire|shot|arma(?:s)? de fuego|disparos?|gun[- ](?:related"
    r"|violence))\b"
)
WOMEN = re.compile(r"\b(?:women|female|mujeres)\b")
SEX = re.compile(
    r"\b(?:masculin[oa]s?|femenin[oa]s?|males?|females?|women|men|mujeres|hombres|varones)\b"
)
SOME_OF_THEM = re.compile(
    r"\b(?:journalists?|reporters?|periodistas?|soldiers?|soldados|militares|marinos|marines"
    r"|police\w*|policias?"
    r"|officers?|candidat\w+|politic\w+|mayors|mayor of"
    r"|alcaldes|migrants?|migrantes|priests?|sacerdotes"
    r"|activists?"
    r"|activistas|defenders?|defensor\w*|environmental\w*|ambientalistas?|indigenous|indigenas"
    r"|lgbt\w*"
    r"|drug[- ]related|organi[sz]ed[- ]crime[- ]related|related to (?:drugs|organi[sz]ed crime)"
    r"|(?:vinculad|relacionad|ligad|atribu)\w+ (?:con|a|al)\b)\b"
)
OF_ANOTHER_KIND = re.compile(
    r"\b(?:child\w*|ninos|ninas|menores|minors|adolescent\w*|teachers?|maestros|trans\b"
    r"|students?|estudiantes|agents?"
    r"|agentes|civilians?|civiles|culposos?|negligent|manslaughter|attempted|tentativas?"
    r"|cartel members|sicarios"
    r"|hitmen|executions?|narcoejecuciones|ejecuciones|mass graves?|fosas?|bodies|cuerpos"
    r"|cadaveres|remains|restos"
    r"|men|hombres|young|jovenes|tourists|americans|estadounidenses|suspected|solved|resueltos?"
    r"|impunity|impunidad"
    r"|convictions?|investigations?|sentencias|traffic|transito)\b"
)
EVENT = re.compile(
    r"\b(?:attacks?|ataques?|ambush\w*|emboscada|massacres?|masacres?|shootings?|shootout"
    r"|tiroteos?|balaceras?|clash\w*"
    r"|enfrentamientos?|weekend|fin de semana|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|lunes|martes"
    r"|miercoles|jueves|viernes|sabado|domingo|yesterday|ayer|bar|party|fiesta|explosion|bomb\w*"
    r"|raid|operativo"
    r"|operation)\b"
)
RISE = re.compile(
    r"\b(?:increas\w+|rose|rises?|risen|rising|gr[eo]wn?|grew|growth|up|jump\w*|surg\w+|soar\w*"
    r"|spik\w+|climb\w*|higher|more than (?:in|a year)"
    r"|aument\w+|increment\w+|crec\w+|subi\w*|suben|sube|alza|repunt\w+|dispar(?:o|aron|ado)"
    r"|mayor(?:es)?|mas (?:que|alt[oa]))\b"
)
FALL = re.compile(
    r"\b(?:fell|falls?|fallen|falling|drop\w*|declin\w+|decreas\w+|reduc\w+|down|lower\w*|less"
    r"|fewer|cut|plung\w+"
    r"|baj[aoe]\w*|disminu\w+|ca[iy]\w*|descen\w+|reduj\w+|menos|menor(?:es)?|merma\w*)\b"
)
MULTIPLE = (
    (re.compile(r"\b(?:doubled|doubling|(?:se )?duplic(?:o|aron|ado|an|a))\b"), 100.0),
    (re.compile(r"\b(?:tripled|trebled|tripling|(?:se )?triplic(?:o|aron|ado|an|a))\b"), 200.0),
    (re.compile(r"\b(?:quadrupled|(?:se )?cuadruplic(?:o|aron|ado))\b"), 300.0),
    (
        re.compile(
            r"\b(?:halved|(?:fell|dropped|cut|cut) (?:by|in) half|(?:cay|baj"
            r"|reduj)\w+ a la mitad)\b"
        ),
        -50.0,
    ),
)
PER_100000 = re.compile(
    r"\b(?:per|por|for every|for each)(?: cada)? ?(?:100[, .]?000|100 mil|cien mil|100k"
    r"|hundred thousand)\b"
)
PER = re.compile(r"\b(?:per|por(?: cada)?|for (?:every|each)) $")
PER_DAY = re.compile(
    r"\b(?:(?:a|per|each|every) day|daily|al dia|por dia|cada dia|diari[oa]s?|diariamente"
    r"|cada 24 horas)\b"
)
PER_OTHER = re.compile(
    r"\b(?:(?:a|per|each|every) (?:month|week|hour)|monthly|weekly|hourly|mensual(?:es)?|al mes"
    r"|por mes|semanal(?:es)?"
    r"|a la semana|por semana|por hora|cada hora|(?:a|per|each|every) year|annually|al ano"
    r"|por ano|cada ano|anuales"
    r"|on average|en promedio|cada mes)\b"
)
AGENCIES = (
    ("inegi", re.compile(r"\binegi\b|instituto nacional de estadistica"
                         r"|national institute of statistics"
                         r"|national statistics (?:agency|institute)")),
    ("sesnsp", re.compile(r"\bsesnsp\b|secretariado ejecutivo|executive secretariat"
                          r"|carpetas de investigacion"
                          r"|\bsnsp\b|fiscalias")),
    ("rnpdno", re.compile(r"\brnpdno\b|registro nacional de personas|national (?:registry"
                          r"|register) of (?:missing|disap)"
                          r"|comision nacional de busqueda|national search commission")),
)  # fmt: skip
DIFFERENCE = re.compile(
    r"^\W*(?:\w+\W+){0,4}?(?:menos|fewer|less|more than in|mas que|additional|adicionales)\b"
)


@dataclass(frozen=True)
class Thing:
    """Something counted, where its words stand."""

    start: int
    end: int
    name: str
    noun: bool


def things(text: str, start: int, end: int) -> list[Thing]:
    """Return what is counted in a stretch of plain text, in order, none within another."""
    found: list[Thing] = []
    for name, pattern in THINGS:
        for match in pattern.finditer(text[:end], start):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                noun = bool(NOUN.search(match.group()))
                found.append(Thing(match.start(), match.end(), name, noun))
    return sorted(found, key=lambda one: one.start)


def agency(text: str) -> str:
    """Return the agency a sentence names, empty where none or several."""
    named = [name for name, pattern in AGENCIES if pattern.search(text)]
    return named[0] if len(named) == 1 else ""


def is_of_part(text: str) -> bool:
    """Tell whether a stretch speaks of a part of the victims: one sex, a profession, an age."""
    return any(one.search(text) for one in (SEX, SOME_OF_THEM, OF_ANOTHER_KIND))


def sign(text: str, start: int, end: int) -> int:
    """Return +1 or -1 for the nearest word of rising or falling around a place, 0 where none."""
    best, found = 80, 0
    for value, pattern in ((1, RISE), (-1, FALL)):
        for match in pattern.finditer(text):
            gap = max(start - match.end(), match.start() - end, 0)
            if gap < best:
                best, found = gap, value
    return found
