"""Write the pages of the Science 2023 reproduction: published figures beside ours.

python -m scripts.make_reproduction
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hidra.core.artefacts import making
from hidra.core.files import write_text
from hidra.core.markdown import table
from hidra.model.reproduce import TOLD, TOLD_CHANGES, science2023

ROOT = Path(__file__).parents[1]
PAGES = {"en": "docs/en/reference/science2023.md", "es": "docs/es/referencia/science2023.md"}
CJNG, SINALOA = "Cártel Jalisco Nueva Generación (CJNG)", "Cártel de Sinaloa"

ROWS = (
    ("members 2012", "integrantes en 2012", "members_2012"),
    ("members 2022", "integrantes en 2022", "members_2022"),
    ("recruits per week, mean of the decade", "reclutas por semana, media de la década",
     "recruits_per_week_mean"),
    ("deaths per week 2012", "muertes por semana en 2012", "deaths_per_week_2012"),
    ("deaths per week 2022", "muertes por semana en 2022", "deaths_per_week_2022"),
    ("CJNG and Sinaloa 2022", "CJNG y Sinaloa en 2022", "largest_two"),
)  # fmt: skip
CHANGES = (
    ("no_change", "no change", "sin cambio"),
    ("double_enforcement", "arrests x 2", "detenciones x 2"),
    ("half_recruitment", "recruitment x 0.5", "reclutamiento x 0.5"),
    ("both", "both", "ambas"),
    ("no_recruitment", "no recruitment", "sin reclutamiento"),
)
TEXT = {
    "en": {
        "title": "Science 2023, reproduced",
        "lead": "`hidra reproduce science2023` integrates the published equation from the published "
        "parameters and the 150-group network of the authors' deposit (Dryad, doi "
        "10.5061/dryad.zw3r228d7). Prieto-Curiel, Campedelli and Hope (2023), *Science* 381:1312-1316. "
        "No full text of the article could be read for this page: figures marked *press* are second hand.",
        "table": ("quantity", "published", "read in", "hidra"),
        "after": "Change from January 2022 to January 2027, percent, members / deaths per week:",
        "changes": ("scenario", "published (press)", "hidra"),
        "limits": (
            "## What holds, and what does not\n\n"
            "* Sizes, recruits, deaths and the five-year scenarios are reproduced; the weekly path equals an "
            "independent run of the published code within 0.1 % in every week.\n"
            "{press}"
            "* **Three of the five published parameters sit on their bounds** (arrests, saturation and the size "
            "in 2012), so the headline size was largely chosen, not estimated.\n"
            "* **The scale cannot be known from the data**: members and arrests times k, lethality and saturation "
            "divided by k, give the same trajectory times k. Only the assumed share of deaths (0.10) fixes it.\n"
            "* **The doses differ**: half the recruitment removes about twice as many people a week as twice the "
            "arrests. At equal dose the two levers differ by less than a point over five years; the choice "
            "between them rests on cost, feasibility and law, not on the dynamics.\n"
            "* A scenario must be read against no change on the same date, not against the starting year.\n"
        ),
    },
    "es": {
        "title": "Science 2023, reproducido",
        "lead": "`hidra reproduce science2023` integra la ecuación publicada con los parámetros publicados y la "
        "red de 150 grupos del depósito de los autores (Dryad, doi 10.5061/dryad.zw3r228d7). Prieto-Curiel, "
        "Campedelli y Hope (2023), *Science* 381:1312-1316. Para esta página no se pudo leer el texto completo "
        "del artículo: las cifras marcadas *prensa* son de segunda mano.",
        "table": ("cantidad", "publicado", "leído en", "hidra"),
        "after": "Cambio de enero de 2022 a enero de 2027, por ciento, integrantes / muertes por semana:",
        "changes": ("escenario", "publicado (prensa)", "hidra"),
        "limits": (
            "## Qué se sostiene y qué no\n\n"
            "* Se reproducen los tamaños, los reclutas, las muertes y los escenarios a cinco años; la trayectoria "
            "semanal es igual a la de una corrida independiente del código publicado, con menos de 0.1 % de "
            "diferencia en cada semana.\n"
            "{press}"
            "* **Tres de los cinco parámetros publicados están en sus topes** (detenciones, saturación y tamaño en "
            "2012): el tamaño del titular fue en buena parte elegido, no estimado.\n"
            "* **Los datos no fijan la escala**: integrantes y detenciones por k, letalidad y saturación entre k, "
            "dan la misma trayectoria por k. Solo la fija la parte de las muertes que se supone (0.10).\n"
            "* **Las dosis son distintas**: la mitad del reclutamiento quita cerca del doble de personas por semana "
            "que el doble de detenciones. A dosis igual las dos palancas difieren menos de un punto en cinco años; "
            "la elección descansa en el costo, lo posible y el derecho, no en la dinámica.\n"
            "* Un escenario se lee contra no hacer cambios en la misma fecha, no contra el año inicial.\n"
        ),
    },
}  # fmt: skip
PRESS_DEATHS, NEAR = (
    8.0,
    0.5,
)  # percent for twice the arrests, as told by the press; points that are one figure
PRESS = {
    "en": {
        "same": "* The press figure for twice the arrests (+8 % deaths) is reproduced.\n",
        "other": "* The press figure for twice the arrests (+8 % deaths) is not: from the published parameters "
        "{change}. Which run it came from is not known to us.\n",
        "smaller": "the rise is smaller", "larger": "the rise is larger", "fall": "they fall",
    },
    "es": {
        "same": "* Se reproduce la cifra de prensa para el doble de detenciones (+8 % de muertes).\n",
        "other": "* No se reproduce la cifra de prensa para el doble de detenciones (+8 % de muertes): con los "
        "parámetros publicados {change}. No sabemos de qué corrida salió.\n",
        "smaller": "el aumento es menor", "larger": "el aumento es mayor", "fall": "bajan",
    },
}  # fmt: skip
READ_IN = {"code": "código", "abstract": "resumen", "press": "prensa", "-": "-"}


def press(language: str, deaths_change: float) -> str:
    """Return whether the press figure for twice the arrests is reproduced, from ours in percent."""
    words = PRESS[language]
    if abs(deaths_change - PRESS_DEATHS) <= NEAR:
        return words["same"]
    way = "fall" if deaths_change < 0 else "smaller" if deaths_change < PRESS_DEATHS else "larger"
    return words["other"].format(change=words[way])


def page(language: str, found: dict[str, Any]) -> str:
    """Return one page."""
    words, spanish = TEXT[language], language == "es"
    values = found | {"largest_two": found["groups"][CJNG] + found["groups"][SINALOA]}
    rows = []
    for en, es, name in ROWS:
        published, where = (TOLD | {"largest_two": ("46,600", "press")})[name]
        where = READ_IN[where] if spanish else where
        digits = 0 if values[name] > 1000 else 1
        rows.append((es if spanish else en, published, where, f"{values[name]:,.{digits}f}"))
    changes = []
    for name, en, es in CHANGES:
        published = " / ".join(TOLD_CHANGES.get(name, "--"))
        ours = found["scenarios"][name]
        figures = f"{ours['size_change']:+.1f} / {ours['deaths_change']:+.1f}"
        changes.append((es if spanish else en, published, figures))
    return "\n".join(
        [
            f"# {words['title']}", "", words["lead"], "", table(words["table"], rows), "",
            words["after"], "", table(words["changes"], changes), "",
            words["limits"].format(press=press(language, found["scenarios"]["double_enforcement"]["deaths_change"])),
        ]
    )  # fmt: skip


def main() -> None:
    with making("reproduction"):
        found = science2023()
        for language, path in PAGES.items():
            write_text(ROOT / path, page(language, found))


if __name__ == "__main__":
    main()
