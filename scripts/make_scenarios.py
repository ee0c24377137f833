"""Write the pages on the library of scenarios, in both languages: ``python -m scripts.make_scenarios``.

The list comes from the files of `scenarios/`; all of them are simulated beside "no change" in the
same draws, and the paired differences of the last year become the table of results.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import xarray as xr

from hidra.core.artefacts import making
from hidra.core.files import write_text
from hidra.core.i18n import minus, percent, translate
from hidra.core.markdown import table
from hidra.scenario import Scenario
from hidra.scenario.difference import difference
from hidra.study.library import library

ROOT = Path(__file__).parents[1]
DRAWS, WORKERS, END = 100, 2, "2035-12"
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
    },
}  # fmt: skip


def listed(language: str) -> str:
    """Return title, lead and one section a scenario."""
    from hidra.model.mechanisms import library as mechanisms
    from hidra.scenario import what

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


def simulated() -> xr.Dataset:
    """Return every scenario of the library and no change, in the same draws."""
    from hidra.run.projection import what_if

    asked = {name: Scenario(**one.scenario()) for name, one in library().items()}
    return what_if(asked, end=END, draws=DRAWS, workers=WORKERS)


def results(language: str, found: xr.Dataset) -> str:
    """Return the table of paired differences in the last year."""
    rows = difference(found)
    last = rows[(rows["place"] == "00") & (rows["year"] == rows["year"].max())]
    last = last.set_index(["scenario", "measure"])
    heads = [found[one].attrs[f"label_{language}"] for one in SHOWN]
    lines = [
        (getattr(one.title, language), *(_cell(last.loc[name, measure]) for measure in SHOWN))
        for name, one in library().items()
    ]
    lead = WORDS[language]["results"].format(
        year=END[:4], draws=found.sizes["draw"], posterior=found.attrs["posterior"],
        until=found.attrs["fitted_until"], seed=found.attrs["seed"],
    )  # fmt: skip
    return lead + table([WORDS[language]["scenario"], *heads], lines) + "\n"


def _cell(row: pd.Series) -> str:
    low, middle, high = (row[q] for q in ("p05", "p50", "p95"))
    zero = " ≈ 0" if low <= 0 <= high else ""
    text = minus(f"{middle:+,.0f} [{low:+,.0f}, {high:+,.0f}]")
    return f"{text} ({percent(row['rel_p50'], sign=True)}){zero}"


def main() -> None:
    """Simulate, and write both pages."""
    with making("scenarios pages"):
        found = simulated()
        for language, path in PAGES.items():
            write_text(path, f"{listed(language)}\n{results(language, found)}")


if __name__ == "__main__":
    main()
