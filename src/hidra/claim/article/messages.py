"""What the article checker says to a reader: each message once, in English and Spanish."""

from __future__ import annotations

SUBGROUP = {
    "en": "no series at hand counts this part of the victims; a list of its own would be needed",
    "es": "ninguna serie a la mano cuenta esta parte de las víctimas; haría falta una lista propia",
}
NO_DATA_YET = {
    "en": "No data yet: the series held end in {month}.",
    "es": "Aún no hay datos: las series que hay llegan a {month}.",
}
NOT_FOUND = {
    "en": "No source gives this figure, as far as the sentence can be read",
    "es": "Ninguna fuente da esta cifra, hasta donde se puede leer la frase",
}
READ_AS = {"en": "read as", "es": "leído como"}
