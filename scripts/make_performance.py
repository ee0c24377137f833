"""Write the pages on speed: ``python -m scripts.make_performance [NAME ...]``.

The benchmarks named are measured first (``hidra bench NAME --json``) and kept in
``benchmarks/measured``, with the machine and the code; what was never measured is not told.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from hidra.core import files, fingerprint
from hidra.core.artefacts import making

ROOT = Path(__file__).resolve().parents[1]
MEASURED = ROOT / "benchmarks" / "measured"
PAGES = ("docs/en/reference/performance.md", "docs/es/referencia/rendimiento.md")
HEAD = (
    "# Speed\n\nWritten by `python -m scripts.make_performance` from what `hidra bench` measured: "
    "processor time, medians after compiling, on one machine whose load stands below. A busy machine "
    "inflates every figure; a ratio is of two figures of the same run. The goal is of the ratio "
    "where there is one, else of the value; at most, or `at least`. **What misses its goal is in bold.**",
    "# Velocidad\n\nEscrita con `python -m scripts.make_performance` a partir de lo que midió "
    "`hidra bench`: tiempo de procesador, medianas después de compilar, en una máquina cuya carga "
    "está abajo. Una máquina ocupada infla todas las cifras; una razón es de dos cifras de la misma "
    "corrida. La meta es de la razón donde la hay; si no, del valor; a lo más, o al menos "
    "(`at least`). **Lo que no llega a su meta va "
    "en negritas.**",
)
TITLES = {
    "startup": ("A newcomer waits", "Quien llega espera"),
    "lab": ("First answers of the lab", "Primeras respuestas del laboratorio"),
    "ensembles": ("Whole ensembles of the states", "Conjuntos enteros de los estados"),
    "states": ("A week of the states", "Una semana de los estados"),
    "municipal": ("A draw of all municipalities", "Un sorteo de todos los municipios"),
    "gradient": ("Gradient", "Gradiente"),
    "peers": ("Peers, a week of the states", "Pares, una semana de los estados"),
    "workers": ("Two workers", "Dos trabajadores"),
    "page": ("First paint, weight and fifty readers", "Primera pintura, peso y cincuenta lectores"),
    "curves": ("How cost grows", "Cómo crece el costo"),
}
INTRO = {
    "states": (
        "32 states, 150 groups and 16 free slots, weekly from 2012 to 2035. `default`: the two "
        "mechanisms of `studies/small.yaml`; `whole`: those of `studies/default.yaml`. `-one`: a "
        "draw by itself; else a draw of an ensemble that hands out 32 at a time, records included.",
        "32 estados, 150 grupos y 16 lugares libres, por semana de 2012 a 2035. `default`: los dos "
        "mecanismos de `studies/small.yaml`; `whole`: los de `studies/default.yaml`. `-one`: un "
        "sorteo solo; si no, uno de un conjunto que reparte de 32 en 32, con sus registros.",
    ),
    "lab": (
        "One scenario beside no change, 60 draws, the whole system, from the click to the answer: "
        "in a new home with nothing compiled; in a new process that finds it compiled on the disk; "
        "in the same process once more. The server begins to compile when the desk is looked at.",
        "Un escenario junto a sin cambio, 60 sorteos, el sistema entero, del clic a la respuesta: "
        "en una carpeta nueva sin nada compilado; en un proceso nuevo que lo encuentra compilado en "
        "el disco; en el mismo proceso otra vez. El servidor empieza a compilar cuando alguien mira "
        "el escritorio.",
    ),
    "ensembles": (
        "Two workers, weekly from 2012 to 2035, anchored, kept in a store and told in tables, after "
        "compiling. `memory`: peak of the process that hands out, of short runs of the core to 2012; "
        "the last row is the peak of the most draws over that of the fewest.",
        "Dos trabajadores, por semana de 2012 a 2035, anclados, guardados y contados en tablas, "
        "después de compilar. `memory`: máximo del proceso que reparte, en corridas cortas del "
        "núcleo hasta 2012; la última fila es el máximo con más sorteos entre el de menos.",
    ),
    "municipal": (
        "20 years by week. The bar is a hand-tuned kernel of the same equation on the same cells "
        "(`benchmarks/kernels.py`), measured in the same run.",
        "20 años por semana. La vara es un núcleo afinado a mano de la misma ecuación en las "
        "mismas celdas (`benchmarks/kernels.py`), medido en la misma corrida.",
    ),
    "peers": (
        "The unit of work is one: a week of all groups in 32 states, the core of the model. Each "
        "peer does it in its own idiom (`benchmarks/peers.py`): in Mesa, Starsim and laser-core a "
        "member is an agent (115,000) with the hazards of its group and state; in PySD the equation "
        "is Vensim text with subscripts. Members killed a week stand beside it: all compute the "
        "same, with chance or without. The ratio is to the cheaper of our two rows.",
        "La unidad de trabajo es una: una semana de todos los grupos en 32 estados, el núcleo del "
        "modelo. Cada par la hace a su modo (`benchmarks/peers.py`): en Mesa, Starsim y laser-core "
        "un integrante es un agente (115,000) con los riesgos de su grupo y estado; en PySD la "
        "ecuación es texto de Vensim con subíndices. Junto están los integrantes muertos por "
        "semana: todos calculan lo mismo, con azar o sin él. La razón es con la más barata de las "
        "dos filas nuestras.",
    ),
    "workers": (
        "Tasks of two seconds of processor. The second line of each sets the first against what "
        "two bare loops got of the processors at the same time: neighbours take from both.",
        "Tareas de dos segundos de procesador. La segunda línea de cada uno pone la primera frente "
        "a lo que dos ciclos solos obtuvieron de los procesadores a la vez.",
    ),
}
COLUMNS = (
    ("name", "value", "unit", "ratio", "goal"),
    ("nombre", "valor", "unidad", "razón", "meta"),
)
PLAN = (
    "## On paper: a million draws of all municipalities",
    "## En papel: un millón de sorteos de todos los municipios",
)
YEARS, SCENARIOS, PLACES, MEASURES = 20, 2, 2475, 8
CORE_HOUR = 0.05  # US dollars of a core for an hour, as large clouds let it: an assumption


def page(at: int) -> str:
    """Return the whole page, in English (0) or Spanish (1)."""
    parts = [HEAD[at]]
    for name, title in TITLES.items():
        file = MEASURED / f"{name}.json"
        if not file.is_file():
            continue
        told = json.loads(file.read_text(encoding="utf-8"))
        parts += [f"## {title[at]}", *([INTRO[name][at]] if name in INTRO else [])]
        parts.append(machine(told["machine"], at))
        parts.append(
            curves(told["figures"], at) if name == "curves" else table(told["figures"], at)
        )
        if name == "municipal":
            parts += plan(told["figures"], at)
    return "\n\n".join(parts) + "\n"


def machine(told: dict[str, Any], at: int) -> str:
    """Say on what and when figures were measured."""
    words = ("Measured {day} on {cores} cores ({kind}), load {load:.0f}, code `{code}`.",
             "Medido el {day} en {cores} núcleos ({kind}), carga {load:.0f}, código `{code}`.")  # fmt: skip
    return words[at].format(**told)


def table(figures: list[dict[str, Any]], at: int) -> str:
    """Return figures as a table."""
    lines = ["| " + " | ".join(COLUMNS[at]) + " |", "|---|---|---|---|---|"]
    for one in figures:
        value, ratio, goal = (number(one[name]) for name in ("value", "ratio", "goal"))
        if missed(one):
            ratio, value = (f"**{ratio}**", value) if ratio else (ratio, f"**{value}**")
        lines.append(f"| {one['name']} | {value} | {one['unit']} | {ratio} | {goal} |")
    return "\n".join(lines)


def number(value: float | None) -> str:
    """Write a number with three digits that count, and nothing for none."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def missed(one: dict[str, Any]) -> bool:
    """Tell whether a figure misses its goal; where the unit says `at least`, more is better."""
    if one["goal"] is None:
        return False
    value = one["value"] if one["ratio"] is None else one["ratio"]
    return value < one["goal"] if "at least" in one["unit"] else value > one["goal"]


def curves(figures: list[dict[str, Any]], at: int) -> str:
    """Draw each curve of cost, and return the pictures with their numbers in the text."""
    import altair as alt
    import pandas as pd
    import vl_convert

    rows = [
        one | {"what": one["name"].split()[0], "n": float(one["name"].split()[1])}
        for one in figures
    ]
    chart = (
        alt.Chart(pd.DataFrame(rows), width=180, height=150)
        .mark_line(point=True)
        .encode(
            alt.X("n", type="quantitative", scale=alt.Scale(type="log"), title=None),
            alt.Y("value", type="quantitative", scale=alt.Scale(type="log"), title="ms"),
            alt.Facet("what", type="nominal", columns=2, title=None),
        )
        .resolve_scale(x="independent", y="independent")
    )
    file = "performance-curves.svg"
    for page_ in PAGES:
        drawn = vl_convert.vegalite_to_svg(chart.to_dict())
        files.write_text((ROOT / page_).parent / file, drawn)
    words = ("Core of the model; ms a draw (draws: all of them).",
             "Núcleo del modelo; ms por sorteo (draws: todos).")  # fmt: skip
    return f"{words[at]}\n\n![{TITLES['curves'][at]}]({file})\n\n{table(figures, at)}"


def plan(figures: list[dict[str, Any]], at: int) -> list[str]:
    """Compute bytes, hours and money of a million draws from the measured cost of one."""
    cost = {one["name"]: one["value"] for one in figures}
    draws, rows = 10**6, []
    for name in ("municipal-core", "municipal-default", "municipal-whole"):
        if name not in cost:
            continue
        hours = draws * cost[name] / 3600
        rows.append((name, f"{hours:,.0f}", f"{hours / 1000:,.1f}", f"{hours * CORE_HOUR:,.0f}"))
    draw = YEARS * SCENARIOS * PLACES * MEASURES * 4
    words = (
        f"From the figures above, {YEARS} years, one scenario beside no change. A draw by year, place "
        f"and measure is {draw / 1e6:.1f} MB: {draws * draw / 1e12:.1f} TB in all, which shards keep "
        "apart; summaries of 500 draws a shard are two thousand files. The scheduler sees 200,000 "
        f"tasks of five draws, 0.1 to 2 ms each. Money: {CORE_HOUR} US dollars a core-hour, assumed. "
        "What is not counted: compiling once a worker, and anchoring, which needs all draws of a "
        "place at once (a year of a place: 4 MB).",
        f"De las cifras de arriba, {YEARS} años, un escenario junto a sin cambio. Un sorteo por año, "
        f"lugar y medida son {draw / 1e6:.1f} MB: {draws * draw / 1e12:.1f} TB en total, que las partes "
        "guardan aparte; con 500 sorteos por parte son dos mil archivos. El planificador ve 200,000 "
        f"tareas de cinco sorteos, de 0.1 a 2 ms cada una. Dinero: {CORE_HOUR} dólares por hora de "
        "núcleo, supuesto. No se cuenta: compilar una vez por trabajador, ni anclar, que pide todos "
        "los sorteos de un lugar a la vez (un año de un lugar: 4 MB).",
    )
    heads = (("what", "core-hours", "hours on 1,000 cores", "US dollars"),
             ("qué", "horas de núcleo", "horas en 1,000 núcleos", "dólares"))  # fmt: skip
    lines = ["| " + " | ".join(heads[at]) + " |", "|---|---|---|---|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return [PLAN[at], words[at], "\n".join(lines)]


def measure(name: str) -> None:
    """Measure one benchmark in a process of its own, and keep its figures."""
    load = os.getloadavg()[0]
    command = [sys.executable, "-m", "hidra", "bench", name, "--json"]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    keep(name, json.loads(told), load)


def keep(name: str, figures: list[dict[str, Any]], load: float) -> None:
    """Keep figures with the machine, the load at the beginning, the day and the code."""
    told = {
        "day": str(date.today()), "cores": os.cpu_count(), "kind": platform.machine(), "load": load,
        "code": fingerprint.code("hidra.scenario.ensemble")[:12],
    }  # fmt: skip
    files.write_json(MEASURED / f"{name}.json", {"machine": told, "figures": figures})


if __name__ == "__main__":
    for asked in sys.argv[1:]:
        measure(asked)
    with making("performance"):
        for at, path in enumerate(PAGES):
            (ROOT / path).write_text(page(at), encoding="utf-8", newline="\n")
