"""What the article checker says to a reader: each message once, in English and Spanish."""

from __future__ import annotations

from collections.abc import Mapping

SUBGROUP = {
    "en": "No series at hand counts this part of the victims; a list of its own is needed.",
    "es": "Ninguna serie a la mano cuenta esta parte de las víctimas; falta una lista propia.",
}
NO_DATA_YET = {
    "en": "No data yet: the series held end in {month}.",
    "es": "Aún no hay datos: las series que hay llegan a {month}.",
}
NOT_FOUND = {
    "en": "No source gives this figure, as far as the sentence can be read",
    "es": "Ninguna fuente da esta cifra, hasta donde se puede leer la frase",
}
REGISTER = {
    "en": 'What is held of the register is a floor: it can show "more than", and refutes no count',
    "es": "Lo que hay del registro es un mínimo: puede mostrar «más de», y no refuta ningún conteo",
}
SIGNS = {
    "supported": "✓", "partly": "≈", "not supported": "?", "contradicted": "✗",
    "not testable with these data": "–",
}  # fmt: skip
PAGE: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Article checked",
        "none": "Nothing in it can be checked with these data.",
        "ours": "Our figure",
        "source": "Source",
        "read_as": "Read as",
        "claim": "Claim of the library",
        "checked": "Checked on {day} with hidra {version}, data {vintage}.",
        "written": 'The article\'s own day, from which "last year" is told: {day}.',
        "undated": 'The article\'s day is not known: "last year" and its like are left alone.',
        "key": "Marked: what could be checked. Each mark has a sign, a line and a number; the "
        "number leads to the verdict below.",
        "foot": "A verdict is about the sentence and the data named, not about who wrote it. What "
        'no number of ours touches is left unmarked. "Contradicted" is said only where the '
        'sentence leaves nothing to guess; "no source gives it" also where it does.',
        "limit": "Only the first {n} figures were looked at: it is longer than an article.",
    },
    "es": {
        "title": "Artículo revisado",
        "none": "Nada en él se puede comprobar con estos datos.",
        "ours": "Nuestra cifra",
        "source": "Fuente",
        "read_as": "Leído como",
        "claim": "Afirmación de la biblioteca",
        "checked": "Revisado el {day} con hidra {version}, datos {vintage}.",
        "written": "Fecha del artículo, desde la que se cuenta «el año pasado»: {day}.",
        "undated": "No se conoce la fecha del artículo: «el año pasado» y similares se dejan.",
        "key": "Marcado: lo que se pudo comprobar. Cada marca lleva un signo, una línea y un "
        "número; el número lleva al veredicto de abajo.",
        "foot": "Un veredicto es sobre la frase y los datos nombrados, no sobre quien escribió. Lo "
        "que ninguna cifra toca queda sin marcar. «Los datos la contradicen» se dice solo si la "
        "frase no deja nada por adivinar; «ninguna fuente la da», también si lo deja.",
        "limit": "Solo se miraron las primeras {n} cifras: es más largo que un artículo.",
    },
}
