"""Write the page of the claims in both languages from their declarations.

``python -m scripts.make_claims_pages [--docs DIR]``.
"""

from __future__ import annotations

import argparse
import csv
from contextlib import nullcontext
from pathlib import Path

from scripts.make_design_check import MONTHS, PLACES

from hidra.claims.claim import VERDICTS, Claim, claims
from hidra.core.artefacts import making
from hidra.core.files import write_text
from hidra.core.i18n import translate
from hidra.core.markdown import table

ROOT = Path(__file__).resolve().parents[1]
FILES = {"en": "en/reference/claims.md", "es": "es/referencia/afirmaciones.md"}
KINDS_ES = {
    "figure": "cifra", "comparison": "comparación", "place": "lugar", "causal": "causal",
    "interpretation": "interpretación",
}  # fmt: skip
WORDS = {
    "en": {
        "head": "# Claims\n\n*[Español](../../es/referencia/afirmaciones.md)*\n\n"
        "Made by `python -m scripts.make_claims_pages` from the files in `src/hidra/claims/library`"
        ";\ndo not edit by hand. No verdict is written here: `hidra claims run` computes them on "
        "the data you have, with their numbers.\nA verdict that rests on the table "
        "`cited_fact` says \"as quoted\".\n\nThe five verdicts: ",
        "said": "Said by", "kind": "Kind", "against": "Would count against it",
        "caveats": "Caveats", "when": "When", "test": "Test", "seed": "row of the first list",
        "untestable": "not testable with these data",
        "recovery": "## How the designs' estimators do on simulated panels\n\n"
        "{places} places x {months} months of counts, staggered events, a known "
        "effect in months 0-5 (log scale; 0 = placebo panels),\n90 % intervals, fixed seed; made "
        "by `python -m scripts.make_design_check`. Synthetic control "
        "takes many fits: every second place.\n\n"
        "",
        "recovery_columns": ("estimator", "imposed", "mean estimate",
                             "share of intervals that hold it", "replicates"),
    },
    "es": {
        "head": "# Afirmaciones\n\n*[English](../../en/reference/claims.md)*\n\n"
        "Hecha con `python -m scripts.make_claims_pages` a partir de los archivos de "
        "`src/hidra/claims/library`; no se edita a mano.\nAquí no hay veredictos escritos: "
        "`hidra claims run` los calcula con los datos que usted tenga, con sus números.\nUn "
        "veredicto que descansa en la tabla `cited_fact` dice «tal como se cita».\n\nLos cinco "
        "veredictos: ",
        "said": "Lo dijo", "kind": "Tipo", "against": "Contaría en contra",
        "caveats": "Salvedades", "when": "Cuándo", "test": "Prueba",
        "seed": "fila de la primera lista",
        "untestable": "no comprobable con estos datos",
        "recovery": "## Qué hacen los estimadores de los diseños con paneles simulados\n\n{places} "
        "lugares x {months} "
        "meses de conteos, eventos escalonados, un efecto conocido en los meses 0-5 "
        "(escala\nlogarítmica; "
        "0 = paneles placebo), intervalos de 90 %, semilla fija; hecho con\n"
        "`python -m scripts.make_design_check`. El control sintético pide muchos ajustes: un lugar "
        "de cada dos.\n\n"
        "",
        "recovery_columns": ("estimador", "impuesto", "estimación media",
                             "parte de intervalos que lo contiene", "réplicas"),
    },
}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    docs = parser.parse_args().docs
    with making("claims pages") if docs == ROOT / "docs" else nullcontext():
        write(docs)


def write(docs: Path) -> None:
    """Write both pages."""
    for lang, name in FILES.items():
        write_text(docs / name, page(lang))


def page(lang: str) -> str:
    """Return the page in a language."""
    verdicts = [f"*{translate(v, lang)}*" for v in VERDICTS]
    sections = [recovery(lang), *(section(claim, lang) for claim in claims())]
    return "\n\n".join([f"{WORDS[lang]['head']}{', '.join(verdicts)}.", *sections]) + "\n"


def recovery(lang: str) -> str:
    """Return how the estimators of the designs do on simulated panels, from the recorded runs."""
    with (ROOT / "tests" / "claims" / "recovery.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    cells = [
        (row["estimator"], *(f"{float(row[name]):.3f}" for name in ("imposed", "mean", "coverage")),
         row["replicates"])
        for row in rows
    ]  # fmt: skip
    return WORDS[lang]["recovery"].format(places=PLACES, months=MONTHS) + table(
        WORDS[lang]["recovery_columns"], cells
    )


def section(claim: Claim, lang: str) -> str:
    """Return the lines of one claim."""
    words = WORDS[lang]
    kind = claim.kind if lang == "en" else KINDS_ES[claim.kind]
    seed = f" ({words['seed']}: {claim.seed})" if claim.seed else ""
    test = next(iter(claim.test))
    told = words["untestable"] if test == "untestable" else test
    if test == "design":
        told = f"design `{claim.test['design']}`"
    return "\n".join(
        [
            f"## {claim.id}",
            "",
            f"{claim.statement[lang]}{seed}",
            "",
            f"- {words['kind']}: {kind}; {words['test']}: {told}; "
            f"{words['when']}: {claim.when or '-'}",
            f"- {words['said']}: {claim.said_by}; {claim.said_in}; {claim.said_when or '-'}",
            f"- {words['against']}: {claim.against[lang]}",
            f"- {words['caveats']}: {claim.caveats[lang]}",
        ]
    )


if __name__ == "__main__":
    main()
