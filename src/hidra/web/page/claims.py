"""Claims: who said what, with which test, what the data say; and a text, checked against them."""

from __future__ import annotations

import base64
import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import vl_convert

import hidra
from hidra.charts import interval
from hidra.charts.block import Block, Section
from hidra.charts.series import NATION
from hidra.charts.words import Words
from hidra.claims import words as say
from hidra.claims.article import check
from hidra.claims.article.reading import Text, decoded, texts
from hidra.claims.claim import KINDS, OUTCOMES, VERDICTS, Claim, Reading, Result, claims
from hidra.claims.page import CHECKED, SIGNS, checked_page, marked
from hidra.core.errors import SourceError
from hidra.core.i18n import Language, _, bilingual
from hidra.data.readers import fold
from hidra.report import blocks
from hidra.web.atlas import name_of
from hidra.web.figure import inline
from hidra.web.site import AbsentError, Ask, View
from hidra.web.verdicts import Verdicts

ANY, WAITING = "", "waiting"
DATE = re.compile(r"(\d{4})(-\d\d){0,2}", re.ASCII)
WITHIN = re.compile(r"(?<![\d-])\d{4}-(0[1-9]|1[0-2])(-\d\d)?(?![\d-])", re.ASCII)
#: Who counts: a name up to its first comma, unless that stands in brackets.
WHO = re.compile(r"(?:[^,()]|\((?:[^()]|\([^()]*\))*\))*")
MINUS, SHARE = re.compile(r"(?<![\w.,/–-])-(?=\d)"), re.compile(r"(?<=\d)%")
PICTURE_LABEL = bilingual(
    _("Dots and whiskers: the same question asked in other ways; figures in the table below")
)
PICTURE_WIDTHS = (640, 310)  # pixels; the page shows the second on narrow screens
#: Topics of the list, each with what its English statements name; the first that fits is taken.
TOPICS = {
    "missing": r"missing|disappear|mass grave|unidentified",
    "displaced": r"displaced",
    "women": r"wom[ae]n|femicid|sex",
    "press": r"journalist|the press|defenders",
    "arms": r"\barms?\b|firearm|gun|weapon|rounds",
    "money": r"\bbanks?\b|launder|\bmin(e|es|ing|erals?)\b|avocado|organ sales",
    "state": r"army|militar|soldier|guard|police|arrest|captur|leader|deploy|operation|prison"
    r"|impunity|absent state|sentenced|decapitat|kingpin|enforcement|war on drug trafficking",
    "groups": r"cartel|group|recruit|gang|fentanyl|drug (market|lord)|cocaine|opium|poppy"
    r"|organi[sz]|traffickers|territory|blockade",
    "killed": r"kill|homicid|murder|victim|violen|official comparison",
    "war": r"",
}
BY_TOPIC, NEWEST = "topic", "newest"  # orders of the list
UNDRAWN = ("truth", "year")  # units of answers that are no quantity


def view(ask: Ask, verdicts: Verdicts) -> View:
    """Return the list of claims by topic or by date, those of a verdict, kind or place if asked."""
    words, found = ask.words, verdicts.known()
    places = sorted({code for claim in claims() for code in codes(claim)})
    wanted = {
        "verdict": ask.choice("verdict", (ANY, *map(slug, OUTCOMES)), ANY),
        "kind": ask.choice("kind", (ANY, *KINDS), ANY),
        "place": ask.choice("place", (ANY, *places), ANY),
    }
    order = ask.choice("order", (BY_TOPIC, NEWEST), BY_TOPIC)
    rows = [_row(claim, found.get(claim.id), words) for claim in claims()]
    slugs = [row["verdict"] for row in rows]
    shown = [row for row in rows
             if all(one == ANY or one in row[name] for name, one in wanted.items())]  # fmt: skip
    return View(
        words("page.claims"), words("claims.lead", n=len(rows)), template="claims.html.j2",
        state={**wanted, "order": order},
        more={
            "topics": _groups(shown, order, words),
            "counted": [(slug(one), say.verdict(one, ask.language), slugs.count([slug(one)]))
                        for one in OUTCOMES  # failures only where there are some
                        if one in VERDICTS or [slug(one)] in ([wanted["verdict"]], *slugs)],
            "all": len(rows), "waiting": slugs.count([WAITING]), "order": order, **wanted,
            "kinds": [(one, words(f"kind_of_claim.{one}")) for one in KINDS],
            "places": sorted(((one, name_of(one, ask.language)) for one in places),
                             key=lambda one: (one[0] != NATION, fold(one[1]))),
            "orders": [(one, words(f"claims.order.{one}")) for one in (BY_TOPIC, NEWEST)],
        },
        keep=sum(one.judged for one in found.values()) == len(rows),
    )  # fmt: skip


def codes(claim: Claim) -> list[str]:
    """Return the codes of the places that a claim is about."""
    return [code.strip() for code in claim.where.split(",")]


def _row(claim: Claim, result: Result | None, words: Words) -> dict[str, Any]:
    """Return a line of the list, and what it is chosen by: verdict, kind and places."""
    topic = next(one for one, named in TOPICS.items()
                 if re.search(named, claim.statement["en"], re.IGNORECASE))  # fmt: skip
    return {
        "id": claim.id, "statement": claim.statement[words.language], "topic": topic,
        "said": attribution(words, claim.said_by, claim.said_when), "when": claim.said_when,
        "verdict": [slug(result.verdict) if result else WAITING], "kind": [claim.kind],
        "place": codes(claim),
        "judged": say.verdict(result.verdict, words.language) if result
        else words("claims.waiting"),
        "sign": SIGNS.get(result.verdict, "!") if result else "…",
        "kind_of": words(f"kind_of_claim.{claim.kind}"),
        "strength": words(f"strength.{claim.strength}"),
    }  # fmt: skip


def _groups(rows: list[dict[str, Any]], order: str, words: Words) -> list[tuple[str, list[Any]]]:
    """Return rows under the heads of an order, topics or years; the newest first under each."""
    rows = sorted(rows, key=lambda row: row["when"], reverse=True)  # without a date last
    if order == BY_TOPIC:
        heads = [(words(f"claims.topic.{one}"), "topic", one) for one in TOPICS]
        return [(head, mine) for head, key, one in heads
                if (mine := [row for row in rows if row[key] == one])]  # fmt: skip
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row["when"][:4] or words("claims.undated"), []).append(row)
    return list(found.items())


def slug(verdict: str) -> str:
    """Return a verdict as it stands in a link."""
    return verdict.replace(" ", "-")


def known(code: str) -> Claim:
    """Return a claim by its id.

    Raises
    ------
    AbsentError
        No claim has that id.
    """
    for claim in claims():
        if claim.id == code:
            return claim
    raise AbsentError(
        _("There is no such claim."), where=_("link"), fix=_("The page of the claims lists them.")
    )


def one(ask: Ask, verdicts: Verdicts) -> View:
    """Return the page of a claim.

    Raises
    ------
    AbsentError
        No claim has that id.
    """
    claim, words = known(ask.code), ask.words
    result = verdicts.of(claim)
    said_in = "" if "://" in claim.said_in else claim.said_in  # an address is a link of its own
    return View(
        claim.statement[ask.language],
        sections=[Section("readings", words("claim.readings"), blocks=strip(claim, result, words))],
        template="claim.html.j2",
        more={
            "claim": claim,
            "result": result,
            "verdict": say.verdict(result.verdict, ask.language),
            "kind": words(f"kind_of_claim.{claim.kind}"),
            "strength": words(f"strength.{claim.strength}"),
            "said": attribution(words, claim.said_by, said_in, claim.said_when),
            "scope": attribution(words, _places(claim, ask), claim.when),
            "why": reason(result, words),
            "against": typeset(claim.against[ask.language]),
            "caveats": typeset(claim.caveats[ask.language]),
            "readings": [(dated(one.named(ask.language), words), one) for one in result.readings],
            "number": lambda value: typeset(say.number(value, claim.unit, ask.language)),
            "stated": typeset(say.said(claim.stated, ask.language)) if claim.stated else "",
            "figures": [
                (name, typeset(value)) for name, value in say.figures(result.figures, ask.language)
            ],
        },
        keep=result.judged,
    )


def strip(claim: Claim, result: Result, words: Words) -> list[Block]:
    """Return what every source says as dots, with what was claimed as a rule; none for one dot."""
    if result.strip:
        return [designed(result, words)]
    stated = claim.stated
    if stated is None or stated.unit in UNDRAWN or len(result.readings) < 2:
        return []
    rows = pd.DataFrame(
        {
            "name": [str(at) for at in range(len(result.readings))],
            "estimate": [one.value for one in result.readings],
            "low": float("nan"),
            "high": float("nan"),
            "main": [one.value == result.ours for one in result.readings],
        }
    )
    titles = {str(at): _named(one, words) for at, one in enumerate(result.readings)}
    unit = words.maybe(f"unit.{stated.unit}", stated.unit)
    block = blocks.robustness(
        rows, titles, words, title=words("claim.strip"), name="readings",
        subtitle=words("claim.strip.what", unit=unit[:1].upper() + unit[1:]),
        source=words("claim.sources", names="; ".join(dict.fromkeys(
            WHO.findall(one.named(words.language))[0] for one in result.readings
        ))), claimed=stated.value,
    )  # fmt: skip
    return [replace(block, reading=words("claim.strip.reading"))]


def designed(result: Result, words: Words) -> Block:
    """Return the answer of a design, and what it becomes when it is asked in other ways."""
    rows, titles = _strip_rows(result, words.language)
    return blocks.robustness(
        rows, titles, words, title=words("claim.design.strip"), name="design",
        subtitle=words("claim.design.what"), percent=True,
        source=words("claim.sources", names=say.attributed(result.source, words.language)),
    )  # fmt: skip


def _strip_rows(result: Result, language: Language) -> tuple[pd.DataFrame, dict[str, str]]:
    rows = pd.DataFrame([dict(one) for one in result.strip]).round(3)
    return rows, {str(one["name"]): typeset(str(one[language])) for one in result.strip}


def pictures(result: Result, lang: Language) -> Sequence[str]:
    """Return the strip of a design as SVG, wide and narrow, for a page of a claim in a file."""
    language: Language = "es" if lang == "es" else "en"
    rows, titles = _strip_rows(result, language)
    drawn = []
    for width in PICTURE_WIDTHS:
        chart = interval.strip(rows, titles, Words(language), percent=True, width=width)
        svg = vl_convert.vegalite_to_svg(chart.to_dict())
        drawn.append(inline(svg, f"strip{width}", PICTURE_LABEL[language]))
    return drawn


def _named(one: Reading, words: Words) -> str:
    text = dated(one.named(words.language), words)
    return f"{text} ({words('claim.least')})" if one.floor else text


def attribution(words: Words, *parts: str) -> str:
    """Return who, where and when in the reader's language; nothing unknown, nothing twice.

    What a claim has in brackets for a place is none: "(press, many places)".

    A date is not told again where the words before it name its year: they say when.
    """
    told = ""
    for part in (one for one in parts if one and not one.startswith("(")):
        text = dated(say.attributed(part, words.language), words)
        date = DATE.fullmatch(part)
        again = date[1] in told if date else text in told
        told = told if again else "; ".join(filter(None, (told, text)))
    return told


def reason(result: Result, words: Words) -> str:
    """Return why a verdict is what it is, with what its readings are named on the page."""
    text = result.why[words.language]
    for one in result.readings:  # in prose 2006-12 may be a span of years
        name = one.named(words.language)
        text = text.replace(name, dated(name, words))
    return typeset(text)


def typeset(text: str) -> str:
    """Write the minus signs and per cents of a text as a printer does."""
    return SHARE.sub("\u00a0%", MINUS.sub("\u2212", text))


def dated(text: str, words: Words) -> str:
    """Write the days and months in the name of a source out as a person would."""
    return WITHIN.sub(lambda one: (words.day if one[2] else words.month)(one[0]), text)


def _places(claim: Claim, ask: Ask) -> str:
    return ", ".join(name_of(code, ask.language) if len(code) == 2 else code
                     for code in codes(claim))  # fmt: skip


MOST_LETTERS = 120_000
MOST_ARTICLES = 20


def checker(ask: Ask, *, allow_fetch: bool, largest: int) -> View:
    """Return the form."""
    return View(
        ask.words("page.review"), ask.words("review.lead"), template="review.html.j2",
        more={"articles": [], "allow_fetch": allow_fetch, "megabytes": f"{largest / 1e6:g}",
              "letters": f"{MOST_LETTERS:,}", "asked": False},
    )  # fmt: skip


def checked(ask: Ask, articles: list[Text], *, allow_fetch: bool, largest: int) -> View:
    """Return the form with the articles marked under it; nothing of them is kept."""
    from hidra.claims.ask import data, vintage

    with data() as con:
        found = [(text, check(con, text.text, text.date)) for text in articles]
        made_from = vintage(con)
    shown: list[dict[str, Any]] = []
    number = 0
    for text, findings in found:
        told = marked(text, findings, ask.language, number)
        shown.append(told | {"told": [one | {"why": typeset(one["why"])} for one in told["told"]]})
        number += len(findings)
    page = checker(ask, allow_fetch=allow_fetch, largest=largest)
    words, day = CHECKED[ask.language], ask.words.day(datetime.date.today().isoformat())
    page.more = {
        **page.more, "articles": shown, "asked": True, "signs": SIGNS,
        "checked": words["checked"].format(day=day, version=hidra.__version__, vintage=made_from),
        "file": _address(checked_page(found, ask.language, made_from)),
    }  # fmt: skip
    page.keep = False
    return page


def _address(html: str) -> str:
    """Return a page as an address that holds it: what is saved leaves no trace on this machine."""
    return f"data:text/html;charset=utf-8;base64,{base64.b64encode(html.encode()).decode()}"


def articles(content: bytes, name: str) -> list[Text]:
    """Return the articles in some bytes.

    Raises
    ------
    SourceError
        There are too many letters, or the bytes are not an article.
    """
    found = list(texts(content, name))[:MOST_ARTICLES]
    if sum(len(one.text) for one in found) > MOST_LETTERS:
        raise SourceError(
            _("The text is longer than {number:,} letters.", number=MOST_LETTERS),
            where=_("text"),
            fix=_("Send the article alone."),
        )
    return found


def pasted(text: str, name: str) -> list[Text]:
    """Return what was pasted, as it is: never read as a page or a feed."""
    if not text.strip():
        raise SourceError(
            _("There is no text in it."), where=_("text"), fix=_("Give an article that holds text.")
        )
    if len(text) > MOST_LETTERS:
        raise SourceError(
            _("The text is longer than {number:,} letters.", number=MOST_LETTERS),
            where=_("text"),
            fix=_("Send the article alone."),
        )
    return [Text(name, decoded(text.replace("\r\n", "\n").encode(), "text"))]


def of_day(articles: list[Text], day: str, where: str = "date") -> list[Text]:
    """Return articles with the day their sender gives them.

    Raises
    ------
    SourceError
        It is no day of the calendar.
    """
    if not day:
        return articles
    try:
        told = datetime.date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise SourceError(
            _("'{text}' is no day.", text=day[:20]),
            where=where,
            fix=_("Write it as YYYY-MM-DD, e.g. 2024-01-20."),
        ) from error
    return [replace(one, date=told) for one in articles]
