"""Write the pages on speed from what benchmarks printed: ``python -m scripts.make_performance``."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ("step", "municipal")
PAGES = ("docs/en/reference/performance.md", "docs/es/referencia/rendimiento.md")
HEAD = (
    "# Speed\n\nWritten by `python -m scripts.make_performance` from what the programs in "
    "`benchmarks/` printed with `--keep`. Processor time of one thread on a machine shared with "
    "other work (its load stands beside each figure: above the number of cores it inflates them): "
    "compare rows of one table. What lies above its goal is a miss.",
    "# Velocidad\n\nEscrita con `python -m scripts.make_performance` a partir de lo que "
    "imprimieron los programas de `benchmarks/` con `--keep`. Tiempo de procesador de un hilo en "
    "una máquina compartida (su carga está junto a cada cifra: si rebasa el número de núcleos las "
    "infla): se comparan filas de una misma tabla. Lo que rebasa su meta es una falla.",
)
INTRO = {
    "step": (
        "## A week of the model\n\n32 states, 150 groups and 16 free slots, 32 bits. `small` is "
        "`studies/small.yaml`, `whole system` is `studies/default.yaml`; `core + ...`, where "
        "measured, is the core with one mechanism. The goal of the whole system is 60 us a week. "
        "About half of the core is the product of all groups with their rivals.",
        "## Una semana del modelo\n\n32 estados, 150 grupos y 16 lugares libres, 32 bits. `small`"
        " es `studies/small.yaml`, `whole system` es `studies/default.yaml`; `core + ...`, donde "
        "se midió, es el núcleo con un mecanismo. La meta del sistema entero es 60 us por semana. "
        "Cerca de la mitad del núcleo es el producto de todos los grupos con sus rivales.",
    ),
    "municipal": (
        "## All municipalities\n\n20 years by week. Only places where somebody is are stored, but "
        "where members move and people flee to the municipalities that touch, each is a place of "
        "its own. The goal is five seconds a draw with the default mechanisms.",
        "## Todos los municipios\n\n20 años por semana. Solo se guardan los lugares donde hay "
        "alguien, pero donde los integrantes se trasladan y la gente huye a los municipios que "
        "tocan al suyo, cada uno es un lugar propio. La meta son cinco segundos por sorteo con los "
        "mecanismos del estudio por omisión.",
    ),
}


def page(at: int) -> str:
    """Return the whole page, in English (0) or Spanish (1)."""
    parts = [HEAD[at]]
    for name in BENCHMARKS:
        text = (ROOT / "benchmarks" / f"{name}.txt").read_text(encoding="utf-8").strip()
        parts += [INTRO[name][at], "\n".join(f"    {line}" for line in text.splitlines())]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    for at, path in enumerate(PAGES):
        (ROOT / path).write_text(page(at), encoding="utf-8", newline="\n")
