"""English to Spanish for the claims and the checking of articles."""

SPANISH_CLAIMS: dict[str, str] = {
    "Claims and published findings, each tested on the data.":
        "Afirmaciones y hallazgos publicados, cada uno comprobado con los datos.",
    "List the claims: id, kind, statement.": "Lista las afirmaciones: id, tipo, frase.",
    "Run claims on the data; all of them when none is named.":
        "Corre afirmaciones sobre los datos; todas si no se nombra ninguna.",
    "Show one claim: what it says, its test, what would refute it, its verdict.":
        "Muestra una afirmación: qué dice, su prueba, qué la refutaría, su veredicto.",
    "Write a new claim file to change.": "Escribe una afirmación nueva para modificarla.",
    "Write one page per claim here.": "Escribe aquí una página por afirmación.",
    "Write the page of the claim.": "Escribe la página de la afirmación.",
    "Compute again what is kept for these data.": "Vuelve a calcular lo guardado para estos datos.",
    "Written. Run it with: hidra claims run {file}":
        "Escrita. Córrala con: hidra claims run {file}",
    "figure": "cifra",
    "comparison": "comparación",
    "place": "lugar",
    "causal": "causal",
    "interpretation": "interpretación",
    "value": "valor",
    "source": "fuente",
    "said by": "lo dijo",
    "would count against it": "contaría en contra",
    "caveats": "salvedades",
    "strength": "solidez",
    "data": "datos",
    "high": "alta",
    "medium": "media",
    "low": "baja",
}  # fmt: skip
