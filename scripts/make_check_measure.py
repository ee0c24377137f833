"""Measure the article checker on its labelled sets and write the figures into its pages.

``python -m scripts.make_check_measure [--first]`` writes tests/claims/measured.csv and the part of
the two pages "Check an article" between their marks. ``--first`` records a set as it stands
before any rule was changed for it: such a row is written once and kept.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from hidra.claims.article.check import check
from hidra.claims.ask import data
from hidra.claims.claim import VERDICTS
from hidra.core import markdown
from hidra.core.artefacts import making
from hidra.core.files import write_csv, write_text

ROOT = Path(__file__).resolve().parents[1]
CLAIMS = ROOT / "tests" / "claims"
SETS = ("statements", "statements_held_out")
PAGES = {"en": "en/how-to/check-an-article.md", "es": "es/como/revisar-un-articulo.md"}
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
VERDICT = dict(zip("spnco", VERDICTS, strict=True))
Pair = tuple[str, str | None, str | None]  # words, verdict expected, verdict found
Judged = list[tuple[dict[str, Any], list[Pair]]]


COLUMNS = ("set", "when", "statements", "es", "en", "silent", "expected", "said", "right",
           "precision", "recall", "false_contradicted")  # fmt: skip
NAMES = {
    ("statements", "now"): {
        "en": "first set, used while the rules were written",
        "es": "primer conjunto, usado al escribir las reglas",
    },
    ("statements_held_out", "first"): {
        "en": "second set, at first sight (before any rule was changed for it)",
        "es": "segundo conjunto, a primera vista (antes de cambiar regla alguna por él)",
    },
    ("statements_held_out", "now"): {
        "en": "second set, after mending the faults it showed",
        "es": "segundo conjunto, tras corregir las fallas que mostró",
    },
}
HEADS = {
    "en": ("set", "statements (es, en; of them silence is right)", "figures to find", "said",
           "right", "precision", "recall", "false *contradicted*"),
    "es": ("conjunto", "frases (es, en; en ellas hay que callar)", "cifras por hallar", "dichas",
           "acertadas", "precisión", "exhaustividad", "*contradichas* en falso"),
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """Counts of one labelled set: figures found with the right verdict, found at all, expected."""

    right: int
    said: int
    expected: int
    false_contradicted: int

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / self.said

    @property
    def recall(self) -> float:
        """Share of what is there that was found and is right."""
        return self.right / self.expected


def labelled(name: str) -> list[dict[str, Any]]:
    """Return the statements of a set: lang, from, text, expect."""
    return yaml.safe_load((CLAIMS / f"{name}.yaml").read_text("utf-8"))


def judged(statements: Sequence[dict[str, Any]]) -> Judged:
    """Return every statement with its pairs of expected and found verdicts."""
    with data() as con:
        return [(one, list(_pairs(con, one))) for one in statements]


def measure(told: Judged) -> Measure:
    """Return how often the found verdict is the expected one."""
    pairs = [pair for _, some in told for pair in some]
    return Measure(
        right=sum(wanted == found for _, wanted, found in pairs),
        said=sum(found is not None for _, _, found in pairs),
        expected=sum(wanted is not None for _, wanted, _ in pairs),
        false_contradicted=len(false_contradicted(told)),
    )


def false_contradicted(told: Judged) -> list[Pair]:
    """Return what was said to be false and is not."""
    return [
        pair for _, some in told for pair in some
        if pair[2] == "contradicted" and pair[1] != "contradicted"
    ]  # fmt: skip


def _pairs(con: Any, statement: dict[str, Any]) -> Iterator[Pair]:
    found = check(con, statement["text"])
    used = set()
    for part, letter in statement["expect"]:
        at = statement["text"].index(part)
        hit = next(
            (
                number
                for number, one in enumerate(found)
                if number not in used and one.core[0] < at + len(part) and at < one.core[1]
            ),
            None,
        )
        used.add(hit)
        yield part, VERDICT[letter], found[hit].result.verdict if hit is not None else None
    for number, one in enumerate(found):
        if number not in used:
            yield statement["text"][one.core[0] : one.core[1]], None, one.result.verdict


def row(name: str, when: str) -> dict[str, str]:
    """Return the line of one set as it does now."""
    statements = labelled(name)
    found = measure(judged(statements))
    languages = [one["lang"] for one in statements]
    values = (
        name, when, len(statements), languages.count("es"), languages.count("en"),
        sum(not one["expect"] for one in statements), found.expected, found.said, found.right,
        f"{found.precision:.3f}", f"{found.recall:.3f}", found.false_contradicted,
    )  # fmt: skip
    return dict(zip(COLUMNS, map(str, values), strict=True))


def recorded() -> dict[tuple[str, str], dict[str, str]]:
    """Return the lines of measured.csv by set and stage."""
    file = CLAIMS / "measured.csv"
    if not file.is_file():
        return {}
    with file.open(encoding="utf-8") as lines:
        return {(one["set"], one["when"]): one for one in csv.DictReader(lines)}


def table(lang: str) -> str:
    """Return the measured figures as a table of a page."""
    rows = []
    for key, one in recorded().items():
        size = f"{one['statements']} ({one['es']}, {one['en']}; {one['silent']})"
        rows.append((NAMES[key][lang], size, one["expected"], one["said"], one["right"],
                     one["precision"], one["recall"], one["false_contradicted"]))  # fmt: skip
    return markdown.table(HEADS[lang], rows)


def page(lang: str) -> tuple[Path, str]:
    """Return a page and its text with the measured figures in place."""
    path = ROOT / "docs" / PAGES[lang]
    before, rest = path.read_text("utf-8").split(BEGIN)
    _, after = rest.split(END)
    return path, f"{before}{BEGIN}\n{table(lang)}\n{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", action="store_true")
    first = parser.parse_args().first
    with making("article checker") if not first else nullcontext():
        rows = recorded()
        if first:
            rows.setdefault(("statements_held_out", "first"), row("statements_held_out", "first"))
        else:
            rows |= {(name, "now"): row(name, "now") for name in SETS}
        order = list(NAMES)
        kept = [rows[key] for key in sorted(rows, key=order.index)]
        write_csv(CLAIMS / "measured.csv", pd.DataFrame(kept, columns=COLUMNS))
    for lang in PAGES:
        write_text(*page(lang))


if __name__ == "__main__":
    main()
