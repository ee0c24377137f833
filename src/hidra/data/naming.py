"""States and municipalities by the names people write: accents, abbreviations, short forms, typos.

A name that is written as the catalogue has it is its place. Whatever else is found is only
proposed, with how it was found, and the caller shows it; where two places fit there are candidates
and no answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Literal

from rapidfuzz import fuzz, process

from hidra.core import place
from hidra.core.errors import SpecError
from hidra.data import reference

SHORT = {
    "sta": "santa", "sto": "santo", "sn": "san", "gral": "general", "cd": "ciudad", "dr": "doctor",
    "dra": "doctora", "pdte": "presidente", "pte": "presidente", "cnel": "coronel",
    "lic": "licenciado",
    "cap": "capitan", "tte": "teniente", "ma": "maria", "fco": "francisco", "gpe": "guadalupe",
    "hgo": "hidalgo", "edo": "estado", "mpio": "municipio", "mun": "municipio", "sra": "senora",
    "nvo": "nuevo", "nva": "nueva", "fcc": "francisco", "pto": "puerto", "col": "colonia",
    "hdez": "hernandez",
}  # fmt: skip
#: Words that stand before a name and are no part of it.
BEFORE = re.compile(
    r"^((el )?municipio de|ayuntamiento de|alcaldia|delegacion|heroica|h|ciudad( de)?|villa de) "
)
STATE_BEFORE = re.compile(r"^(gobierno del )?estado (libre y soberano )?(de )?")
STATES = {"nl": "19", "bcs": "03", "bcn": "02", "edo mex": "15", "estado mexico": "15",
          "mexico": "15", "slp": "24", "qro": "22", "q roo": "23", "s l p": "24", "n l": "19",
          "b c": "02", "b c s": "03", "d f": "09"}  # fmt: skip
#: What registers write where no municipality, or no place at all, is known.
NOWHERE = re.compile(
    r"(no (especificad[oa]|identificad[oa]|disponible|aplica|se sabe)|"
    r"sin (especificar|dato|municipio|informacion)|se (ignora|desconoce)|desconocid[oa]|"
    r"ignorad[oa]|(en el )?extranjero|abroad|otros?( municipios)?|n ?[aedi]|s ?[de])"
)
CLOSE, NEAR, APART = 86.0, 60.0, 4.0
Way = Literal["exact", "abbreviation", "short", "close", "nowhere", "none"]


@dataclass(frozen=True)
class Match:
    """What a written name is.

    Attributes
    ----------
    code : str or None
        The place; None where none or more than one fits.
    way : str
        How it was found; ``exact`` needs nobody's word, the others are shown.
    candidates : tuple of str
        Codes to choose from, likeliest first.
    """

    code: str | None
    way: Way
    candidates: tuple[str, ...] = ()


def plain(text: str) -> str:
    """Return a name as names are compared: small letters, no accents, no abbreviations."""
    marks = unicodedata.normalize("NFKD", str(text).casefold())
    bare = "".join(one for one in marks if not unicodedata.combining(one))
    return " ".join(SHORT.get(one, one) for one in re.sub(r"[^a-z0-9]+", " ", bare).split())


def _bare(text: str) -> str:
    """Return a name without its accents and capitals alone."""
    marks = unicodedata.normalize("NFKD", str(text).casefold())
    return " ".join("".join(one for one in marks if not unicodedata.combining(one)).split())


@cache
def _pool(state: str) -> dict[str, list[str]]:
    """Return codes by plain name, of one state or (empty) of all."""
    found: dict[str, list[str]] = defaultdict(list)
    for code, name in names().items():
        if code.startswith(state):
            found[plain(name)].append(code)
    return dict(found)


@cache
def names() -> dict[str, str]:
    """Return the names of the municipalities, by code."""
    rows = reference.table("municipality").sort_values("p2020", ascending=False)
    return dict(zip(rows["place"], rows["name_es"], strict=True))


def label(code: str) -> str:
    """Return a place in words, with its code: ``Juárez, Chihuahua (08037)``."""
    if len(code) == 2:
        known = {one.code: one.name_es for one in (place.NATION, *place.states())}
        return f"{known.get(code, '–')} ({code})"
    state = next((one.name_es for one in place.states() if one.code == code[:2]), "")
    return f"{names().get(code, '–')}, {state} ({code})"


@cache
def state(text: str) -> Match:
    """Return the state, or the nation, that a name means; ``México`` is the state of that name."""
    said = STATE_BEFORE.sub("", plain(text)) or plain(text)
    if said in STATES:
        return Match(STATES[said], "exact")
    for one in (text, said, plain(text)):
        try:
            return Match(place.find(one.strip()).code, "exact")
        except SpecError:
            continue
    if said.startswith("estados unidos mexicanos") or said in ("republica mexicana", "nacional"):
        return Match("00", "exact")
    if not said or NOWHERE.fullmatch(said):
        return Match("33", "nowhere", ("33",))
    known = {plain(name): one.code for one in place.states()
             for name in (one.name_es, *one.other_names)}  # fmt: skip
    return _closest(said, {name: [code] for name, code in known.items()})


@cache
def municipality(text: str, within: str = "") -> Match:
    """Return the municipality that a name means, in a state where one is told.

    Parameters
    ----------
    within : code of the state; empty where the table does not say it.
    """
    pool, said = _pool(within), plain(text)
    if not said or NOWHERE.fullmatch(said):
        return Match(f"{within}999" if within else "33", "nowhere")
    short = BEFORE.sub("", said)
    for name in dict.fromkeys((said, short)):
        if codes := pool.get(name):
            exact = _bare(names()[codes[0]]) == _bare(text)
            way: Way = "exact" if exact else "abbreviation" if name == said else "short"
            return _one(codes, way)
    if codes := _part_of(short, pool):
        return _one(codes, "short")
    return _closest(short, pool)


def _one(codes: list[str], way: Way) -> Match:
    return Match(codes[0] if len(codes) == 1 else None, way, tuple(codes))


def _part_of(said: str, pool: dict[str, list[str]]) -> list[str]:
    """Return places whose name begins with the words said, else holds them, or is held by them."""
    words = set(said.split())
    if not words or max(map(len, words)) < 4:
        return []
    ways = (
        lambda name: name.startswith(f"{said} "),
        lambda name: words <= set(name.split()),
        lambda name: set(name.split()) <= words and len(name) > 6,
    )
    for fits in ways:
        if codes := [code for name, own in pool.items() if fits(name) for code in own]:
            return codes
    return []


def _closest(said: str, pool: dict[str, list[str]]) -> Match:
    """Return the one place that is spelt much like it, else the nearest to choose from."""
    found = process.extract(said, list(pool), scorer=fuzz.ratio, limit=5, score_cutoff=NEAR)
    codes = tuple(code for name, _, _ in found for code in pool[name])[:6]
    scores = [score for _, score, _ in found]
    alone = bool(scores) and scores[0] >= CLOSE and len(pool[found[0][0]]) == 1
    if alone and (len(scores) == 1 or scores[1] < scores[0] - APART):
        return Match(codes[0], "close", codes)
    return Match(None, "none", codes)


def all_states() -> tuple[place.Place, ...]:
    """Return the nation and the 32 states."""
    return (place.NATION, *place.states())
