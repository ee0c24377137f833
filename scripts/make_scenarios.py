"""Write the pages on the library of scenarios, in both languages.

    python scripts/make_scenarios.py [RUN]

The list comes from the files of `scenarios/`. RUN is a folder that `hidra simulate` wrote; its
paired differences become the table of results, kept in the pages until another run replaces it.
The line on speed is what `benchmarks/scenarios_12x200.py` printed.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from hidra.core.i18n import translate
from hidra.core.markdown import table

ROOT = Path(__file__).parents[1]
SPEED = ROOT / "benchmarks" / "scenarios_12x200.txt"
PAGES = {
    "es": ROOT / "docs" / "es" / "referencia" / "escenarios.md",
    "en": ROOT / "docs" / "en" / "reference" / "scenarios.md",
}
SHOWN = ("inegi_homicides_expected", "disappeared", "members")
WORDS = {
    "es": {
        "title": "# Escenarios listos\n\n*[English](../../en/reference/scenarios.md)*\n",
        "lead": "Esta página la escribe `scripts/make_scenarios.py` desde los archivos de "
        "`scenarios/`. Cada escenario cambia lo que dice la línea «cambia» desde {start}; el resto "
        "sigue igual. Son proyecciones condicionales, no pronósticos. El grado es el del mecanismo "
        "con menos evidencia sobre el que actúa. De los ensayos se citan solo los números de los "
        "párrafos ([000] y [001], contados como en [la tabla de los ensayos]"
        "(../explicacion/ensayos.md)). Cómo usarlos: [comparar escenarios]"
        "(../como/comparar-escenarios.md).\n",
        "change": "Cambia", "stance": "Los ensayos", "grade": "Evidencia", "caveat": "Reserva",
        "core": "tasas del núcleo",
        "rejected": "lo rechazan", "proposed": "lo proponen", "neither": "lo mencionan",
        "strong": "fuerte", "contested": "discutida", "assumed": "supuesta",
        "results": "## Lo que da el modelo\n\nDiferencias pareadas con «sin cambio» en todo el "
        "país, {year}: mediana [5 %, 95 %] de {draws} trayectorias; posterior «{posterior}», ajustada "
        "hasta {until}, semilla {seed}. Con «≈ 0» el intervalo contiene el cero.\n\n",
        "scenario": "escenario",
        "speed": "## Velocidad\n\nComo lo imprimió `benchmarks/scenarios_12x200.py`, en una "
        "máquina compartida:\n\n",
    },
    "en": {
        "title": "# Ready scenarios\n\n*[Español](../../es/referencia/escenarios.md)*\n",
        "lead": "This page is written by `scripts/make_scenarios.py` from the files of "
        "`scenarios/`. Each scenario changes what its line 'changes' says from {start} on; the rest stays. "
        "These are conditional projections, not forecasts. The grade is that of the mechanism with the "
        "weakest evidence it acts on. Of the essays only the numbers of paragraphs are given "
        "([000] and [001], counted as in [the table of the essays](../explanation/essays.md)). How to use "
        "them: [compare scenarios](../how-to/compare-scenarios.md).\n",
        "change": "Changes", "stance": "The essays", "grade": "Evidence", "caveat": "Caveat",
        "core": "rates of the core",
        "rejected": "reject it", "proposed": "propose it", "neither": "mention it",
        "strong": "strong", "contested": "contested", "assumed": "assumed",
        "results": "## What the model gives\n\nPaired differences from no change in the whole "
        "country, {year}: median [5 %, 95 %] of {draws} draws; posterior '{posterior}', fitted "
        "until {until}, seed {seed}. With '≈ 0' the interval holds zero.\n\n",
        "scenario": "scenario",
        "speed": "## Speed\n\nAs `benchmarks/scenarios_12x200.py` printed it, on a shared "
        "machine:\n\n",
    },
}  # fmt: skip


def listed(language: str) -> str:
    """Return title, lead and one section a scenario."""
    from hidra.model.mechanisms import library as mechanisms
    from hidra.scenario import what
    from hidra.study.library import library

    words = WORDS[language]
    ready = library()
    start = next(iter(ready.values())).start
    parts = [words["title"], words["lead"].format(start=start)]
    for name, r in ready.items():
        acts = [translate(mechanisms()[m].title, language) for m in r.mechanisms]
        parts.append(
            f"### {getattr(r.title, language)}\n\n`{name}`\n\n{getattr(r.words, language)}\n\n"
            f"- {words['change']}: {what(r, language)}.\n"
            f"- {words['stance']}: {words[r.stance]}, {r.paragraphs}.\n"
            f"- {words['grade']}: {words[r.grade]} ({', '.join(acts) or words['core']}).\n"
            f"- {words['caveat']}: {getattr(r.caveat, language)}\n"
        )
    return "\n".join(parts)


def results(language: str, folder: str) -> str:
    """Return the table of paired differences of a folder, in its last year."""
    from hidra.run import Run

    run, words = Run.open(folder), WORDS[language]
    rows = run.tables["difference"]
    last = rows[(rows["place"] == "00") & (rows["year"] == rows["year"].max())]
    titles = run.tables["scenarios"].set_index("name")[f"title_{language}"]
    shown = [m for m in SHOWN if m in set(last["measure"])]
    heads = [run.results[m].attrs[f"label_{language}"] for m in shown]
    lines = []
    for name in titles.index[1:]:
        cells = []
        for measure in shown:
            row = last[(last["scenario"] == name) & (last["measure"] == measure)].iloc[0]
            cells.append(_cell(row))
        lines.append((titles[name], *cells))
    told = run.manifest
    lead = words["results"].format(
        year=int(last["year"].iloc[0]), draws=told["draws"], posterior=told["posterior_name"],
        until=told["fitted_until"], seed=told["seed"],
    )  # fmt: skip
    return lead + table([words["scenario"], *heads], lines) + "\n"


def _cell(row) -> str:
    low, middle, high = (row[q] for q in ("p05", "p50", "p95"))
    zero = " ≈ 0" if low <= 0 <= high else ""
    share = f"{row['rel_p50']:+.1%}"
    text = f"{middle:+,.0f} [{low:+,.0f}, {high:+,.0f}] ({share}){zero}"
    return text.replace("-", "−")


def page(language: str, folder: str | None = None) -> str:
    """Return a whole page; without a folder the results that stand in it stay."""
    parts = [listed(language)]
    old = PAGES[language].read_text(encoding="utf-8") if PAGES[language].is_file() else ""
    head = WORDS[language]["results"].split("\n")[0]
    if folder:
        parts.append(results(language, folder))
    elif head in old:
        kept = re.search(rf"{re.escape(head)}\n.*?(?=\n## |\Z)", old, re.DOTALL)
        parts.append(kept.group().rstrip() + "\n")
    if SPEED.is_file():
        parts.append(f"{WORDS[language]['speed']}    {SPEED.read_text(encoding='utf-8').strip()}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    for tongue, path in PAGES.items():
        path.write_text(page(tongue, *sys.argv[1:2]), encoding="utf-8")
        print(path.relative_to(ROOT))
