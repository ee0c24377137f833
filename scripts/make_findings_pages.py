"""Write the pages of published findings and designs, in both languages, from a run on the data.

``python -m scripts.make_findings_pages [--docs DIR]`` runs every causal claim of the library on the
built-in tables (half a minute of processor where no design is kept) and writes what it found.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from hidra.claims import words as say
from hidra.claims.ask import data
from hidra.claims.claim import Claim, Result, claims
from hidra.claims.designs import removals
from hidra.claims.designs.rules import RARE
from hidra.claims.run import run
from hidra.core.artefacts import making
from hidra.core.files import write_text
from hidra.core.markdown import table

ROOT = Path(__file__).resolve().parents[1]
FILES = {"en": "en/explanation/findings.md", "es": "es/explicacion/hallazgos.md"}
WORDS = {
    "en": {
        "head": "# Published findings and causal claims, tried on open data\n\n"
        "*[Español](../../es/explicacion/hallazgos.md)*\n\n"
        "Made by `python -m scripts.make_findings_pages`; do not edit by hand. Estimators are "
        "those of the libraries pyfixest, diff-diff and statsmodels; intervals are 90 %. A verdict "
        "follows by rule (`src/hidra/claims/designs/rules.py`): *supported* needs the main "
        "interval "
        "off zero, most other estimators with it, and random dates (or random places) that do as "
        "well in at most {rare:.0%} of draws; places that were on another path before are "
        "*not testable*. "
        "What was published rests on more data than are open; each line says what differs. How "
        "often the estimators find what is put in stands on the page of the "
        "[claims](../reference/claims.md#how-the-designs-estimators-do-on-simulated-panels).",
        "designs": "## Findings and designs",
        "columns": ("claim", "verdict", "what was found"),
        "window": "## After a leader is removed, at the place of removal\n\n"
        "Descriptive. Expected: the place's months -6 to -1 times the nation's months after over "
        "the nation's months -6 to -1; ratio of sums; {n} true removals before 2015 with the "
        "municipality known, deaths by month of registration. Last column: share of "
        "{placebos} sets of "
        "random dates at the same places that do at least as much.",
        "window_columns": ("removals, window", "n", "ratio of sums", "geometric mean", "at random"),
        "strip": "## The same question asked in other ways\n\n"
        "Poisson with place and month effects unless it says otherwise; change with its 90 % "
        "interval. The page of the claim draws it: `hidra claims show removal-brings-violence "
        "--html page.html`.",
        "strip_columns": ("asked of", "removals", "change"),
        "open": "## Not testable with these data\n\nWith the reason, and what data would do.",
        "open_columns": ("claim", "reason"),
        "to": "to",
    },
    "es": {
        "head": "# Hallazgos publicados y afirmaciones causales, probados con datos abiertos\n\n"
        "*[English](../../en/explanation/findings.md)*\n\n"
        "Hecha con `python -m scripts.make_findings_pages`; no se edita a mano. Los estimadores "
        "son los de las bibliotecas pyfixest, diff-diff y statsmodels; los intervalos, de 90 %. El "
        "veredicto sale de una regla (`src/hidra/claims/designs/rules.py`): *se sostiene* "
        "exige que "
        "el intervalo principal no toque el cero, que la mayoría de los demás estimadores lo "
        "acompañe y que fechas (o lugares) al azar den lo mismo en {rare:.0%} de los "
        "sorteos a lo más; "
        "lugares que ya seguían otro camino son *no comprobables*. Lo publicado se apoya en más "
        "datos que los abiertos; cada línea dice qué difiere. Cuántas veces los estimadores hallan "
        "lo que se pone está en la página de las [afirmaciones](../referencia/afirmaciones.md).",
        "designs": "## Hallazgos y diseños",
        "columns": ("afirmación", "veredicto", "qué se halló"),
        "window": "## Tras la salida de un líder, en el lugar de la salida\n\n"
        "Descriptivo. Lo esperado: los meses -6 a -1 del lugar por los meses posteriores del país "
        "entre los meses -6 a -1 del país; razón de sumas; {n} salidas verdaderas antes de 2015 "
        "con municipio conocido, muertes por mes de registro. Última columna: parte de "
        "{placebos} juegos "
        "de fechas al azar en los mismos lugares que dan lo mismo o más.",
        "window_columns": (
            "salidas, ventana",
            "n",
            "razón de sumas",
            "media geométrica",
            "al azar",
        ),
        "strip": "## La misma pregunta hecha de otras maneras\n\n"
        "Poisson con efectos de lugar y mes salvo que diga otra cosa; cambio con su intervalo de "
        "90 %. La página de la afirmación lo dibuja: `hidra claims show removal-brings-violence "
        "--html pagina.html`.",
        "strip_columns": ("se pregunta a", "salidas", "cambio"),
        "open": "## No comprobables con estos datos\n\nCon la razón, y qué datos bastarían.",
        "open_columns": ("afirmación", "razón"),
        "to": "a",
    },
}
ROWS_ES = {"all": "todas", "killed": "muertos", "captured": "capturados", "months": "meses"}
Done = Sequence[tuple[Claim, Result]]


def found() -> Done:
    """Run the causal claims of the library."""
    with data() as con:
        return [(one, run(con, one)) for one in claims() if one.kind == "causal"]


def page(done: Done, lang: str) -> str:
    """Return the page in a language."""
    words = WORDS[lang]
    designs = [pair for pair in done if "design" in pair[0].test]
    still = [pair for pair in done if "untestable" in pair[0].test]
    windows = removals.windows()
    n = windows["all, months 1-6"].n
    parts = [
        words["head"].format(rare=RARE), words["designs"],
        table(words["columns"], (
            (f"`{claim.id}`: {claim.statement[lang]}", say.verdict(result.verdict, lang),
             result.why[lang]) for claim, result in designs)),
        words["window"].format(n=n, placebos=removals.PLACEBOS),
        table(words["window_columns"], (
            (_named(name, lang), one.n, f"{one.ratio:.2f}", f"{one.geometric:.2f}",
             f"{one.placebo:.2f}") for name, one in windows.items())),
        words["strip"], table(words["strip_columns"], _strip(designs, lang)),
        words["open"], table(words["open_columns"], (
            (f"`{claim.id}`: {claim.statement[lang]}", result.why[lang])
            for claim, result in still)),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _strip(designs: Done, lang: str) -> Iterator[tuple[object, ...]]:
    for _, result in designs:
        for one in result.strip:
            value, low, high = (f"{100 * one[key]:+.0f}" for key in ("estimate", "low", "high"))
            yield one[lang], one["n"], f"{value} % ({low} {WORDS[lang]['to']} {high})"


def _named(name: str, lang: str) -> str:
    for english, spanish in ROWS_ES.items() if lang == "es" else ():
        name = name.replace(english, spanish)
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    docs = parser.parse_args().docs
    with making("findings pages") if docs == ROOT / "docs" else nullcontext():
        done = found()
        for lang, name in FILES.items():
            write_text(docs / name, page(done, lang))


if __name__ == "__main__":
    main()
