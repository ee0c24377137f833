"""Measure the article checker on its labelled sets and write the figures into its pages.

``python -m scripts.make_check_measure [--first]`` writes tests/claims/measured.csv and the part of
the two pages "Check an article" between their marks. ``--first`` records the halves kept apart as
they stand before any rule was changed for them: such a row is written once and kept.

Two kinds of set: single statements as printed (statements*.yaml), and whole passages
(articles.yaml), whose figures are also altered, all of a passage at once, to see whether a
falsehood is noticed.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from hidra.claims.article import check
from hidra.claims.article.lexicon import plain
from hidra.claims.article.numbers import parse
from hidra.claims.ask import data
from hidra.claims.claim import VERDICTS
from hidra.core.artefacts import making
from hidra.core.files import write_csv, write_text

ROOT = Path(__file__).resolve().parents[1]
CLAIMS = ROOT / "tests" / "claims"
STATEMENTS = ("statements", "statements_held_out")
HALVES = ("articles_odd", "articles_even", "articles_apart")
SETS = (*STATEMENTS, *HALVES)
PAGES = {"en": "en/how-to/check-an-article.md", "es": "es/como/revisar-un-articulo.md"}
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
VERDICT = dict(zip("spnco", VERDICTS, strict=True))
UNTESTABLE = VERDICT["o"]
ALTERED = 1.37

NAMES = {
    ("statements", "now"): ("sentences, set used while the rules were written",
                            "frases, conjunto usado al escribir las reglas"),
    ("statements_held_out", "first"): ("sentences, second set at first sight",
                                       "frases, segundo conjunto a primera vista"),
    ("statements_held_out", "now"): ("sentences, second set after mending what it showed",
                                     "frases, segundo conjunto tras corregir lo que mostró"),
    ("articles_odd", "now"): ("passages, half used while the rules were written",
                              "pasajes, mitad usada al escribir las reglas"),
    ("articles_even", "first"): ("passages, other half at first sight",
                                 "pasajes, otra mitad a primera vista"),
    ("articles_even", "now"): ("passages, other half now", "pasajes, otra mitad, hoy"),
    ("articles_apart", "now"): ("passages after real misreadings, used while building",
                                "pasajes según lecturas erradas reales, usados al escribir"),
}  # fmt: skip
HEADS = {
    "en": "| set | texts (es, en) | figures to find (es, en) | right (es, en) "
    "| false *contradicted* | false *supported* | said where nothing may be | precision |\n"
    "|---|---|---|---|---|---|---|---|",
    "es": "| conjunto | textos (es, en) | cifras por hallar (es, en) | acertadas (es, en) "
    "| *contradichas* en falso | *sostenidas* en falso | dichas donde hay que callar | precisión "
    "|\n|---|---|---|---|---|---|---|---|",
}
BASE = {
    "en": "Of the {n} figures to find in the passages {false} are false ({share:.0%}): real "
    "articles state still fewer, so a checker that calls figures false at random would nearly "
    "always be wrong. The same passages with every figure multiplied by {factor} ({altered} "
    "figures): *contradicted* or *not supported* {caught:.0%}, *supported* {upheld:.1%}, *partly* "
    "{partly:.0%}, nothing said or not testable {silent:.0%}.",
    "es": "De las {n} cifras por hallar en los pasajes {false} son falsas ({share:.0%}): los "
    "artículos reales dan aún menos, así que llamar falsas a cifras al azar casi siempre sería "
    "errar. Los mismos pasajes con cada cifra multiplicada por {factor} ({altered} cifras): *los "
    "datos la contradicen* o *no se sostiene* {caught:.0%}, *se sostiene* {upheld:.1%}, *en parte* "
    "{partly:.0%}, sin decir nada o no comprobable {silent:.0%}.",
}
CLASSES = {
    "en": "Of the {n} classes of figures in the passages {full} are met in full{missed}.",
    "es": "De las {n} clases de cifras de los pasajes, {full} salen completas{missed}.",
}


@dataclass(frozen=True)
class Pair:
    """A labelled figure, or one found without a label: verdicts that are right, and the found."""

    words: str
    wanted: tuple[str | None, ...]
    found: str | None
    kind: str = ""

    @property
    def is_trap(self) -> bool:
        """Nothing may be said of it; "not testable" is no judgement of a passage."""
        return set(self.wanted) <= {None, UNTESTABLE} and None in self.wanted

    @property
    def right(self) -> bool:
        """The found verdict is one of those that are right."""
        return self.found in self.wanted or (
            self.is_trap and bool(self.kind) and self.found == UNTESTABLE
        )


@dataclass(frozen=True)
class Measure:
    """Counts of one labelled set; `_es` of its Spanish texts alone, None where not kept apart."""

    es: int
    en: int
    expected: int
    expected_es: int | None
    right: int
    right_es: int | None
    false_contradicted: int
    false_supported: int | None
    traps: int
    spoken: int | None
    said: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / self.said

    @property
    def recall(self) -> float:
        """Share of what is there that was found and is right."""
        return self.right / self.expected


Judged = list[tuple[dict[str, Any], list[Pair]]]


def labelled(name: str) -> list[dict[str, Any]]:
    """Return the texts of a set: lang, text, expect; a half of the passages by its numbers."""
    if name in STATEMENTS:
        return yaml.safe_load((CLAIMS / f"{name}.yaml").read_text("utf-8"))
    texts = yaml.safe_load((CLAIMS / "articles.yaml").read_text("utf-8"))
    return [one for one in texts if half(one["id"]) == name]


def half(name: str) -> str:
    """Return the set a passage belongs to: d* and e* by odd and even numbers, the others apart."""
    if name[0] not in "de":
        return "articles_apart"
    return "articles_odd" if int(name[1:]) % 2 else "articles_even"


@cache
def judged(*names: str) -> Judged:
    """Return every text of some sets with its pairs of expected and found verdicts."""
    if len(names) > 1:
        return [one for name in names for one in judged(name)]
    with data() as con:
        return [(one, list(_pairs(con, one))) for one in labelled(*names)]


def _pairs(con: Any, text: dict[str, Any]) -> Iterator[Pair]:
    found = check(con, text["text"], text.get("date"))
    used = set()
    for part, letters, *kind in text["expect"]:
        at = text["text"].index(part)
        hit = next(
            (
                number for number, one in enumerate(found)
                if number not in used and one.core[0] < at + len(part) and at < one.core[1]
            ),
            None,
        )  # fmt: skip
        used.add(hit)
        wanted = letters if isinstance(letters, list) else [letters]
        yield Pair(
            part, tuple(VERDICT.get(one) for one in wanted),
            found[hit].result.verdict if hit is not None else None, *kind,
        )  # fmt: skip
    for number, one in enumerate(found):
        if number not in used and not ("id" in text and one.result.verdict != "contradicted"):
            yield Pair(text["text"][one.core[0] : one.core[1]], (None,), one.result.verdict)


def measure(told: Judged) -> Measure:
    """Return how often the found verdict is a right one.

    A figure that may be judged or left alone counts where it is judged.
    """
    pairs = [(one["lang"], pair) for one, some in told for pair in some]
    to_find = [
        (lang, pair)
        for lang, pair in pairs
        if not pair.is_trap and not (pair.found is None and None in pair.wanted)
    ]
    traps = [pair for _, pair in pairs if pair.is_trap]
    langs = Counter(one["lang"] for one, _ in told)
    right = [lang for lang, pair in to_find if pair.right]
    wrong = [pair.found for _, pair in pairs if not pair.right]
    return Measure(
        langs["es"],
        langs["en"],
        len(to_find),
        sum(lang == "es" for lang, _ in to_find),
        len(right),
        right.count("es"),
        wrong.count("contradicted"),
        wrong.count("supported"),
        len(traps),
        sum(not pair.right for pair in traps),
        sum(pair.found is not None and not (pair.is_trap and pair.right) for _, pair in pairs),
    )


def false_contradicted(told: Judged) -> list[Pair]:
    """Return what was said to be false and is not."""
    return [
        pair for _, some in told for pair in some
        if pair.found == "contradicted" and not pair.right
    ]  # fmt: skip


def by_class(told: Judged) -> dict[str, tuple[int, int]]:
    """Return the figures right and in all of every class."""
    found: dict[str, tuple[int, int]] = {}
    for pair in (pair for _, some in told for pair in some if pair.kind):
        right, whole = found.get(pair.kind, (0, 0))
        found[pair.kind] = right + pair.right, whole + 1
    return found


@cache
def altered(factor: float = ALTERED) -> Counter[str]:
    """Return how the true figures of the passages are judged once all of them are multiplied."""
    found: Counter[str] = Counter()
    with data() as con:
        for one in (one for name in HALVES for one in labelled(name)):
            text, places = _altered(one, factor)
            told = check(con, text, one.get("date"))
            for start, end in places:
                hit = next((f for f in told if f.core[0] < end and start < f.core[1]), None)
                found[hit.result.verdict if hit else "silent"] += 1
    return found


def _altered(one: Mapping[str, Any], factor: float) -> tuple[str, list[tuple[int, int]]]:
    """Return a passage with its true figures multiplied, and where they stand."""
    text = one["text"]
    places: list[tuple[int, int]] = []
    for part, letters, *_ in one["expect"]:
        number = re.search(r"\d[\d.,]*\d(?: mil \d+)?|\d+ mil(?: \d+)?|\d", part)
        if not letters or "s" not in letters or number is None:
            continue
        read = parse(plain(number.group()))
        if read is None:
            continue
        places_ = max(0, len(number.group().partition(".")[2])) if read[1] < 1 else 0
        step = max(read[1], 1.0) if read[0] > 100 else 0
        value = round(read[0] * factor / step) * step if step else read[0] * factor
        said = f"{value:,.{places_}f}"
        at = text.index(part) + number.start()
        text = text[:at] + said + text[at + len(number.group()) :]
        moved = len(said) - len(number.group())
        places = [(a + moved, b + moved) if a > at else (a, b) for a, b in places]
        places.append((at, at + len(said)))
    return text, places


# --- what is kept, and the pages ------------------------------------------------------------


def row(name: str, when: str) -> dict[str, str]:
    """Return the line of one set as it does now."""
    found = measure(judged(name))
    values = {one.name: str(getattr(found, one.name)) for one in fields(found)}
    return {"set": name, "when": when, **values}


def recorded() -> dict[tuple[str, str], dict[str, str]]:
    """Return the lines of measured.csv by set and stage."""
    with (CLAIMS / "measured.csv").open(encoding="utf-8") as lines:
        return {(one["set"], one["when"]): one for one in csv.DictReader(lines)}


def measured(key: tuple[str, str]) -> Measure:
    """Return a kept measure."""
    one = recorded()[key]
    values: dict[str, Any] = {
        field.name: int(one[field.name]) if one[field.name] else None for field in fields(Measure)
    }
    return Measure(**values)


def table(lang: str) -> str:
    """Return the measured figures as a table of a page, with the base rate and the classes."""
    lines = [HEADS[lang]]
    for key in sorted(recorded(), key=list(NAMES).index):
        one = measured(key)
        cells = (
            NAMES[key][lang == "es"],
            f"{one.es + one.en} ({one.es}, {one.en})",
            _apart(one.expected, one.expected_es),
            _apart(one.right, one.right_es),
            one.false_contradicted,
            "–" if one.false_supported is None else one.false_supported,
            f"{'–' if one.spoken is None else one.spoken} / {one.traps}",
            f"{one.precision:.3f}",
        )
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join([*lines, "", base_rate(lang), "", _classes(lang)])


def _apart(whole: int, es: int | None) -> str:
    return f"{whole}" if es is None else f"{whole} ({es}, {whole - es})"


def base_rate(lang: str) -> str:
    """Return how many labelled figures are false, and what becomes of altered ones."""
    texts = [one for name in HALVES for one in labelled(name)]
    wanted = [letters for one in texts for _, letters, *_ in one["expect"] if letters]
    false = sum(
        not set(letters) & set("sp") and bool(set(letters) & set("cn")) for letters in wanted
    )
    found = altered()
    n = found.total()
    return BASE[lang].format(
        n=len(wanted), false=false, share=false / len(wanted), factor=ALTERED, altered=n,
        caught=(found["contradicted"] + found["not supported"]) / n,
        upheld=found["supported"] / n, partly=found["partly"] / n,
        silent=(found["silent"] + found[UNTESTABLE]) / n,
    )  # fmt: skip


def _classes(lang: str) -> str:
    """Return how many classes are met in full, and what is right of the others."""
    told = by_class(judged(*HALVES))
    missed = [f"{name} {right}/{whole}" for name, (right, whole) in told.items() if right < whole]
    some = f"; {'; '.join(sorted(missed))}" if missed else ""
    return CLASSES[lang].format(n=len(told), full=len(told) - len(missed), missed=some)


def page(lang: str) -> tuple[Path, str]:
    """Return a page and its text with the measured figures in place."""
    path = ROOT / "docs" / PAGES[lang]
    before, rest = path.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    return path, f"{before}{BEGIN}\n{table(lang)}\n{END}{after}"


def _write(rows: Iterable[dict[str, str]]) -> None:
    columns = ["set", "when", *(one.name for one in fields(Measure))]
    write_csv(CLAIMS / "measured.csv", pd.DataFrame(rows, columns=columns))


def main() -> None:
    """Measure the article checker on labelled statements, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", action="store_true")
    first = parser.parse_args().first
    with making("article checker") if not first else nullcontext():
        rows = recorded()
        if first:
            rows.setdefault(("articles_even", "first"), row("articles_even", "first"))
        else:
            rows |= {(name, "now"): row(name, "now") for name in SETS}
        _write(rows[key] for key in sorted(rows, key=list(NAMES).index))
    for lang in PAGES:
        write_text(*page(lang))


if __name__ == "__main__":
    main()
