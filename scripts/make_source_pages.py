"""Write the reference pages of the sources, in both languages, from the sources themselves.

    python scripts/make_source_pages.py

docs/en/reference/sources.md and docs/es/referencia/fuentes.md are never edited by hand; a test
compares them with what this writes.
"""

from __future__ import annotations

from pathlib import Path

from hidra.core.i18n import Language, translate
from hidra.core.markdown import table
from hidra.data import fetch
from hidra.data.sources import Source, sources

ROOT = Path(__file__).parents[1]
PAGES: dict[Language, str] = {
    "en": "docs/en/reference/sources.md",
    "es": "docs/es/referencia/fuentes.md",
}
WORDS = {
    "title": ("Sources", "Fuentes"),
    "open": ("open: hidra fetches it", "abierta: hidra la descarga"),
    "ask": ("you ask the authors and bring the file", "usted la pide a los autores y la trae"),
    "licence": ("your own export, under your licence", "su propia exportación, con su licencia"),
    "editions": ("all files together make the series", "todos los archivos juntos son la serie"),
    "cuts": (
        "each file is the whole series as known on its date",
        "cada archivo es toda la serie, como se conocía en su fecha",
    ),
    "municipality": ("municipality", "municipio"),
    "state": ("state", "estado"),
    "event": ("event", "evento"),
    "national": ("nation", "nación"),
    "month": ("month", "mes"),
    "quarter": ("quarter", "trimestre"),
    "year": ("year", "año"),
    "persons": ("persons", "personas"),
    "case files": ("case files", "carpetas de investigación"),
    "events": ("events", "eventos"),
    "groups": ("groups", "grupos"),
    "mentions": ("mentions", "menciones"),
    "attacks": ("attacks", "ataques"),
    "parties": ("parties", "partidos"),
    "index": ("index", "índice"),
    "percent": ("percent", "por ciento"),
    "ha": ("ha", "ha"),
    "tonnes": ("tonnes", "toneladas"),
    "current pesos": ("current pesos", "pesos corrientes"),
    "million pesos of 2018": ("million pesos of 2018", "millones de pesos de 2018"),
    "million current pesos": ("million current pesos", "millones de pesos corrientes"),
    "million US dollars": ("million US dollars", "millones de dólares"),
}
INTRO = (
    "Written by `scripts/make_source_pages.py` from the sources and the registry. No official "
    "address could be opened while this was written: addresses, terms and layouts are those "
    "that active public programs used in 2026. A checksum is held only where it was verified: "
    "at present for none; the sum of each file is kept when it arrives, and a changed file "
    "becomes a new vintage. [Cases](cases.md) are official files and own tables that were once "
    "read wrongly, each a test with its right value.",
    "Escrita por `scripts/make_source_pages.py` a partir de las fuentes y del registro. Mientras "
    "se escribía no se pudo abrir ninguna dirección oficial: direcciones, términos y formatos son "
    "los que usaban en 2026 programas públicos activos. Solo se guarda una suma de verificación "
    "cuando fue comprobada: por ahora, ninguna; la de cada archivo se guarda al llegar, y un "
    "archivo cambiado es una nueva versión. Los conceptos se citan en inglés, como en el panel. "
    "[Casos](casos.md) son archivos oficiales y tablas propias que alguna vez se leyeron mal, cada "
    "uno una prueba con su valor correcto.",
)
ROWS = (
    ("Name", "Nombre"),
    ("Publisher", "Publica"),
    ("Concept", "Concepto"),
    ("Finest level", "Nivel más fino"),
    ("Cadence", "Cadencia"),
    ("Access", "Acceso"),
    ("Files", "Archivos"),
    ("Terms", "Términos"),
    ("Cite as", "Cítese como"),
    ("Home page", "Página"),
    ("Tables kept beside the panel", "Tablas junto al panel"),
)
MET = (
    "## Which reader has met a true file\n\nA reader is written from a layout; only a file of the "
    "publisher shows whether the layout is so. What was read were copies of official files that "
    "public repositories keep, and extracts of such; where nothing stands, none yet: look twice.",
    "## Qué lector ha visto un archivo verdadero\n\nUn lector se escribe a partir de un formato; "
    "solo un archivo de quien publica muestra si el formato es así. Se leyeron copias de archivos "
    "oficiales que guardan repositorios públicos, y extractos de ellas; donde no hay nada, ninguno "
    "todavía: mire dos veces.",
)
NOT_MET = ("none yet", "ninguno todavía")
MET_COLUMNS = (("Source", "True file read"), ("Fuente", "Archivo verdadero leído"))
BENCHMARK = ROOT / "benchmarks" / "deaths_30m.txt"
SPEED = (
    "## Speed\n\nAs `benchmarks/deaths_30m.py --keep` printed it: synthetic records in INEGI's "
    "layout, on a machine shared with other work, so that the time of the processor says more "
    "than the clock.",
    "## Velocidad\n\nComo lo imprimió `benchmarks/deaths_30m.py --keep`: registros sintéticos "
    "con el formato del INEGI, en una máquina compartida, así que dice más el tiempo de "
    "procesador que el reloj.",
)
MEASURES = (
    ("Measure", "Meaning", "Unit", "Period"), ("Medida", "Significado", "Unidad", "Periodo"),
)  # fmt: skip
FILES = (("File", "Years", "First address", "Note"), ("Archivo", "Años", "Dirección", "Nota"))


def page(language: Language) -> str:
    """Return the whole page in one language."""
    at = tuple(PAGES).index(language)
    parts = [f"# {WORDS['title'][at]}", INTRO[at], MET[at]]
    rows = [
        (f"`{one.name}`", translate(one.met, language) if one.met else NOT_MET[at])
        for one in sources().values()
    ]
    parts.append(table(MET_COLUMNS[at], rows))
    parts += [part for one in sources().values() for part in _source(one, at)]
    parts += [SPEED[at], f"    {BENCHMARK.read_text('utf-8').strip()}"]
    return "\n\n".join(parts) + "\n"


def _source(one: Source, at: int) -> list[str]:
    facts = (
        f"`{one.name}`",
        one.publisher,
        one.concept,
        WORDS[one.level][at],
        one.cadence,
        WORDS[one.access][at],
        WORDS[one.holds][at],
        one.terms,
        one.citation,
        one.homepage,
        ", ".join(f"`{one.name}_{table}`" for table in one.tables),
    )
    lines = [f"* {row[at]}: {fact}" for row, fact in zip(ROWS, facts, strict=True) if fact]
    parts = [f"## {translate(one.title, tuple(PAGES)[at])}", "\n".join(lines)]
    if one.measures:
        rows = [
            (f"`{m.name}`", m.concept if at == 0 else translate(m.title, "es"), WORDS[m.unit][at],
             WORDS[m.period][at])
            for m in one.measures
        ]  # fmt: skip
        parts.append(table(MEASURES[at], rows))
    files = fetch.files(one.name)
    if files:
        rows = [(file.name, _years(file), file.addresses[0], file.note) for file in files]
        parts.append(table(FILES[at], rows))
    return parts


def _years(file: fetch.RegistryFile) -> str:
    years = [str(year) for year in (file.first_year, file.last_year) if year]
    return "-".join(dict.fromkeys(years))


def main() -> None:
    """Write both pages."""
    for language, name in PAGES.items():
        target = ROOT / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
