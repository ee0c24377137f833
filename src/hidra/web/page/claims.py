"""Claims: who said what, with which test, and what the data say."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from hidra.charts.block import Block, Section
from hidra.charts.words import Words
from hidra.claims import say
from hidra.claims.attribution import told
from hidra.claims.base import KINDS, VERDICTS, Claim, Reading, Result
from hidra.claims.design_words import rows as figures
from hidra.claims.library import claims
from hidra.report import blocks
from hidra.web.ask import AbsentError, Ask, View
from hidra.web.page.places import name_of
from hidra.web.verdicts import Verdicts

ANY = ""
DATE = re.compile(r"\d{4}-\d\d(-\d\d)?")
UNDRAWN = ("truth", "year")  # units of answers that are no quantity


def view(ask: Ask, verdicts: Verdicts) -> View:
    """Return the table of claims, those of a verdict or kind when asked."""
    words, found = ask.words, verdicts.known()
    verdict = ask.choice("verdict", (ANY, *map(slug, VERDICTS)), ANY)
    kind = ask.choice("kind", (ANY, *KINDS), ANY)
    rows = [_row(claim, found.get(claim.id), ask) for claim in claims()]
    chosen = [
        row for row in rows if verdict in (ANY, row["slug"]) and kind in (ANY, row["kind_code"])
    ]
    counted = [
        (slug(one), say.verdict(one, ask.language), sum(row["slug"] == slug(one) for row in rows))
        for one in VERDICTS
    ]
    return View(
        words("page.claims"), words("claims.lead", n=len(rows)), template="claims.html.j2",
        state={"verdict": verdict, "kind": kind},
        more={
            "rows": chosen, "counted": counted, "all": len(rows), "verdict": verdict, "kind": kind,
            "waiting": len(rows) - len(found),
            "kinds": [(one, words(f"kind_of_claim.{one}")) for one in KINDS],
        },
        keep=len(found) == len(rows),
    )  # fmt: skip


def slug(verdict: str) -> str:
    """Return a verdict as it stands in a link."""
    return verdict.replace(" ", "-")


def _row(claim: Claim, result: Result | None, ask: Ask) -> dict[str, Any]:
    words = ask.words
    return {
        "id": claim.id,
        "statement": claim.statement[ask.language],
        "kind_code": claim.kind,
        "kind": words(f"kind_of_claim.{claim.kind}"),
        "said": _said(words, claim.said_by, claim.said_when),
        "strength": words(f"strength.{claim.strength}"),
        "slug": slug(result.verdict) if result else "waiting",
        "verdict": say.verdict(result.verdict, ask.language) if result else words("claims.waiting"),
    }


def one(ask: Ask, verdicts: Verdicts) -> View:
    """Return the page of a claim.

    Raises
    ------
    AbsentError
        No claim has that id.
    """
    by_id = {claim.id: claim for claim in claims()}
    if ask.code not in by_id:
        raise AbsentError(
            "There is no such claim.", where="link", fix="The page of the claims lists them."
        )
    claim, words = by_id[ask.code], ask.words
    result = verdicts.of(claim)
    unit = claim.stated.unit if claim.stated else ""
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
            "said": _said(words, claim.said_by, claim.said_in, claim.said_when),
            "scope": _said(words, _places(claim.where, ask), claim.when),
            "number": lambda value: say.number(value, unit, ask.language),
            "figures": list(figures(result.figures, ask.language)),
        },
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
    block = blocks.robustness(
        rows, titles, words, title=words("claim.strip"), name="readings",
        subtitle=words("claim.strip.what", unit=words.maybe(f"unit.{stated.unit}", stated.unit)),
        source=words("claims.source"), claimed=stated.value,
    )  # fmt: skip
    return [replace(block, reading=words("claim.strip.reading"))]


def designed(result: Result, words: Words) -> Block:
    """Return the answer of a design, and what it becomes when it is asked in other ways."""
    rows = pd.DataFrame([dict(one) for one in result.strip]).round(3)
    titles = {str(one["name"]): str(one[words.language]) for one in result.strip}
    return blocks.robustness(
        rows, titles, words, title=words("claim.design.strip"), name="design",
        subtitle=words("claim.design.what"), source=words("claims.source"), percent=True,
    )  # fmt: skip


def _named(one: Reading, words: Words) -> str:
    text = one.named(words.language)
    return f"{text} ({words('claim.least')})" if one.floor else text


def _said(words: Words, *parts: str) -> str:
    """Return who, where and when in the reader's language; what is not known is left out."""
    return "; ".join(_dated(told(part, words.language), words) for part in parts if part)


def _dated(text: str, words: Words) -> str:
    """Write a whole date or month out; anything else stays as it is."""
    if not DATE.fullmatch(text):
        return text
    return words.day(text) if len(text) == len("2026-02-22") else words.month(text)


def _places(where: str, ask: Ask) -> str:
    codes = [code.strip() for code in where.split(",")]
    return ", ".join(name_of(code, ask.language) if len(code) == 2 else code for code in codes)
