"""The limits that go with every run, in Spanish and English."""

LIMITS: dict[str, tuple[str, ...]] = {
    "es": (
        "Los escenarios son proyecciones condicionales, no pronósticos: dicen qué seguiría si el "
        "modelo fuera cierto y cambiara una sola cosa.",
        "El tamaño de los grupos no se observa: su escala descansa en la parte de las muertes que "
        "se supone de integrantes, y en el modelo publicado tres de cinco parámetros están en sus "
        "topes.",
        "Los registros cuentan de menos a las personas muertas y desaparecidas, y de modo desigual "
        "entre entidades y años; lo desconocido no es cero.",
        "La red de alianzas y rivalidades es la de 2020, armada con prensa y fuentes abiertas; se "
        "usa también para los años anteriores.",
        "El modelo es estatal: lo que pasa dentro de una entidad, entre municipios, no se ve.",
        "Dosis iguales en personas por semana no son iguales en costo, ni en derecho, ni en lo que "
        "es posible hacer.",
        "Una persona capturada no es una persona condenada. Solo se muestran agregados.",
    ),
    "en": (
        "Scenarios are conditional projections, not forecasts: they say what would follow if the "
        "model were right and one thing changed.",
        "The size of groups is not observed: its scale rests on the share of deaths assumed to be "
        "of members, and in the published model three of five parameters sit on their bounds.",
        "Records undercount the dead and the missing, unevenly between states and years; unknown "
        "is not zero.",
        "The network of alliances and rivalries is that of 2020, built from press and open "
        "sources; it is used for earlier years too.",
        "The model is one of states: what happens inside a state, between municipalities, is not "
        "seen.",
        "Equal doses in persons per week are not equal in cost, in law, or in what can be done.",
        "A captured person is not a convicted one. Only aggregates are shown.",
    ),
}

UNTRUSTED = {
    "es": "El ajuste no pasa sus propias pruebas: no se fíe de los intervalos de esta corrida. "
    "Repita con más pasos (fit.steps en el estudio).",
    "en": "The fit does not pass its own checks: do not trust the intervals of this run. "
    "Repeat it with more steps (fit.steps in the study).",
}

#: What goes with every figure of a municipality, in place of the limit that there are none.
MUNICIPAL = {
    "es": "Las cifras municipales dicen dónde pone el modelo a las personas según qué grupo se "
    "reportó dónde; no se ajustaron a registros municipales y no son pronóstico de un pueblo.",
    "en": "Municipal figures say where the model puts people given which group was reported where; "
    "they were not fitted to municipal records and are no forecast for a town.",
}
_STATES_ONLY = {"es": "El modelo es estatal", "en": "The model is one of states"}


def limits(language: str, *, municipal: bool) -> list[str]:
    """Return the limits of a run, with or without municipalities."""
    if not municipal:
        return list(LIMITS[language])
    kept = [one for one in LIMITS[language] if not one.startswith(_STATES_ONLY[language])]
    return [*kept, MUNICIPAL[language]]
