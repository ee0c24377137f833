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
    "Write one page per claim and language here.":
        "Escribe aquí una página por afirmación e idioma.",
    "Write the page of the claim.": "Escribe la página de la afirmación.",
    "Compute again what is kept for these data.": "Vuelve a calcular lo guardado para estos datos.",
    "Written. Run it with: hidra claims run {file}":
        "Escrita. Córrala con: hidra claims run {file}",
    "Check an article: what it says, and what the data say.":
        "Revisa un artículo: qué dice, y qué dicen los datos.",
    "Write the marked articles here.": "Escribe aquí los artículos marcados.",
    "Nothing in it can be checked with these data.":
        "Nada en él se puede comprobar con estos datos.",
    "Day of the article: what it calls this year.":
        "Día del artículo: lo que llama este año.",
    "'{text}' is no day.": "«{text}» no es un día.",
    "Write it as YYYY-MM-DD, e.g. 2024-01-20.": "Escríbalo como AAAA-MM-DD, p. ej. 2024-01-20.",
    "read as": "leído como",
    "claim": "afirmación",
    "List the designs of causal claims: name and module.":
        "Lista los diseños de las afirmaciones causales: nombre y módulo.",
    "Not run for want of an extra: {n} of {all}.":
        "No se corrieron por falta de un complemento: {n} de {all}.",
    "Ended in an error: {n} of {all}.": "Terminaron en error: {n} de {all}.",
    "design": "diseño",
    "asked of": "se pregunta a",
    "change, 90 % interval": "cambio, intervalo de 90 %",
    # errors of reading an article
    "The article cannot be opened: {reason}.": "El artículo no se puede abrir: {reason}.",
    "Give a file, an address beginning with https://, or - for standard input.":
        "Dé un archivo, una dirección que empiece con https://, o - para la entrada estándar.",
    "This is not a text: it holds bytes no article has.":
        "Esto no es un texto: contiene bytes que ningún artículo tiene.",
    "Give an article as text, HTML, PDF or an RSS or Atom feed.":
        "Dé un artículo como texto, HTML, PDF o un canal RSS o Atom.",
    "The PDF takes longer to read than {n} seconds.":
        "Leer el PDF tarda más de {n} segundos.",
    "There is no text in it.": "No contiene texto.",
    "Give an article that holds text.": "Dé un artículo que contenga texto.",
    "The feed has no entries.": "El canal no tiene entradas.",
    "Give a feed with articles in it.": "Dé un canal con artículos.",
    "The page cannot be read: {reason}.": "La página no se puede leer: {reason}.",
    "The PDF cannot be read: {reason}.": "El PDF no se puede leer: {reason}.",
    "Save the article's text and give that.": "Guarde el texto del artículo y dé ese archivo.",
    "'{host}' is not a public address and is refused.":
        "«{host}» no es una dirección pública y se rechaza.",
    "Save the article and give the file.": "Guarde el artículo y dé el archivo.",
    "The network must not be used.": "No se debe usar la red.",
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
