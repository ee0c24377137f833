"""Words of the pages of scores, in English and Spanish."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": (
        "Scores of the forecasts: {measure}, {level}",
        "Calificación de los pronósticos: {measure}, {level}",
    ),
    "made": (
        "Written by `hidra score --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, {places} places, 1,000 "
        "draws, mean of seeds {seeds}.",
        "Escrito por `hidra score --pages`; nada se escribió a mano. {origins} "
        "orígenes, {first} a {last}, de {low} a {high} meses después, {places} lugares,"
        " 1,000 extracciones, media de las semillas {seeds}.",
    ),
    "all": (
        "All targets",
        "Todos los meses",
    ),
    "key": (
        "CRPS, IGN and MIS 90: lower is better. Coverage should be .50 and .90. The "
        "difference is CRPS minus that of `{reference}`, paired by place and origin; "
        "its 95 % interval resamples origins in blocks of {block}. *indistinguishable*:"
        " the interval holds zero.",
        "CRPS, IGN y MIS 90: menos es mejor. Las coberturas deberían ser .50 y .90. La "
        "diferencia es el CRPS menos el de `{reference}`, pareada por lugar y origen; "
        "su intervalo de 95 % remuestrea orígenes en bloques de {block}. "
        "*indistinguible*: el intervalo contiene el cero.",
    ),
    "rival_municipality": (
        "Against `{rival}`, the baseline for many zeros: {mean} ({interval}), {words}. In most "
        "months of most municipalities nobody is killed: mean scores are small, and few places "
        "decide them.",
        "Frente a `{rival}`, la referencia para muchos ceros: {mean} ({interval}), {words}. En la "
        "mayoría de los meses de la mayoría de los municipios no se mata a nadie: las "
        "calificaciones medias son pequeñas y pocos lugares las deciden.",
    ),
    "own_panel": (
        "The panel scored here is the user's; what it covers is what was brought.",
        "El panel calificado aquí es el del usuario; cubre lo que se trajo.",
    ),
    "rival_state": (
        "Against `{rival}`, the best of the simple ones: {mean} ({interval}), {words}.",
        "Frente a `{rival}`, el mejor de los sencillos: {mean} ({interval}), {words}.",
    ),
    "head": (
        "forecast | what it is | CRPS | IGN | MIS 90 | cover 50 | cover 90 | difference"
        " | 95 % | won | verdict",
        "pronóstico | qué es | CRPS | IGN | MIS 90 | cob. 50 | cob. 90 | diferencia | "
        "95 % | gana | veredicto",
    ),
    "apart": (
        "Scored apart (CRPS)",
        "Calificados aparte (CRPS)",
    ),
    "apart_key": (
        "*After a removal*: the 12 months after a dated removal in the state. *Up*, "
        "*down*: places whose mean moved by more than x1.5 from the level at the "
        "origin; known only afterwards.",
        "*Tras una remoción*: los 12 meses posteriores a una remoción fechada en el "
        "estado. *Sube*, *baja*: lugares cuya media cambió más de x1.5 desde el nivel "
        "en el origen; solo se sabe después.",
    ),
    "apart_head": (
        "forecast | after a removal | elsewhere | up | down | neither",
        "pronóstico | tras una remoción | en otra parte | sube | baja | ninguna",
    ),
    "count": (
        "*targets*",
        "*meses*",
    ),
    "pit": (
        "Where outcomes fell among the draws (PIT of `hidra`, tenths; .10 each when right)",
        "Dónde cayó lo ocurrido entre las extracciones (PIT de `hidra`, décimos; .10 "
        "cada uno si acierta)",
    ),
    "pit_zeros": (
        "Where nearly all draws and the count are zero, the count lies in the middle of "
        "its equals: the middle tenths are crowded, and coverage is far above its mark, "
        "even when a forecast is right.",
        "Donde casi todas las extracciones y el conteo son cero, el conteo queda en medio "
        "de sus iguales: los décimos centrales se llenan, y la cobertura queda muy por "
        "encima de su marca, aunque el pronóstico acierte.",
    ),
    "zeros": (
        "In {share} of these months and municipalities nobody was killed. CRPS apart, "
        "again known only afterwards:",
        "En {share} de estos meses y municipios no se mató a nadie. CRPS por separado, "
        "también sabido solo después:",
    ),
    "zeros_head": (
        "forecast | nobody was killed | somebody was killed",
        "pronóstico | no se mató a nadie | se mató a alguien",
    ),
    "year": (
        "CRPS by origin",
        "CRPS por origen",
    ),
    "better": (
        "better",
        "mejor",
    ),
    "worse": (
        "worse",
        "peor",
    ),
    "indistinguishable": (
        "indistinguishable",
        "indistinguible",
    ),
    "too_few": (
        "too few origins to tell",
        "muy pocos orígenes para decir",
    ),
}

# What each forecast does.
WHAT: dict[str, tuple[str, str]] = {
    "global-bootstrap": (
        "last 60 months of all states, resampled",
        "últimos 60 meses de todos los estados, remuestreados",
    ),
    "last-month": (
        "Poisson around the last month",
        "Poisson alrededor del último mes",
    ),
    "last-12": (
        "own last 12 months, resampled",
        "últimos 12 meses propios, remuestreados",
    ),
    "hurdle": (
        "share of months without a death, then counts seen",
        "proporción de meses sin muertes; luego, conteos vistos",
    ),
    "nb-last-12": (
        "NB around the last-12 mean, one k",
        "BN alrededor de la media de 12 meses, una k",
    ),
    "nb-ewm6": (
        "NB around the 6-month exponential mean, one k",
        "BN alrededor de la media exponencial de 6 meses, una k",
    ),
    "nb-ewm6-hlp": (
        "nb-ewm6, k by level, horizon and place, shrunk",
        "nb-ewm6, k por nivel, horizonte y lugar, encogida",
    ),
    "nb-ewm2": (
        "NB around the 2-month exponential mean, one k",
        "BN alrededor de la media exponencial de 2 meses, una k",
    ),
    "nb-ewm2-h": (
        "nb-ewm2, k by horizon",
        "nb-ewm2, k por horizonte",
    ),
    "nb-ewm2-hl": (
        "nb-ewm2, k by level and horizon",
        "nb-ewm2, k por nivel y horizonte",
    ),
    "nb-ewm2-hlp": (
        "nb-ewm2, k by level, horizon and place, shrunk",
        "nb-ewm2, k por nivel, horizonte y lugar, encogida",
    ),
    "nb-ewm2-season": (
        "nb-ewm2-hlp with one season for all places",
        "nb-ewm2-hlp con una estacionalidad común",
    ),
    "2nb-ewm2-season": (
        "nb-ewm2-season, two NB (tails)",
        "nb-ewm2-season, dos BN (colas)",
    ),
    "nb-neighbours": (
        "hierarchical NB: ridge on means and neighbours, k shrunk",
        "BN jerárquica: ridge sobre medias y vecinos, k encogida",
    ),
    "logt-ewm2-season": (
        "seasonal 2-month mean, Poisson-log-t",
        "media estacional de 2 meses, Poisson-log-t",
    ),
    "logt-walk": (
        "log random walks with a national shock (Kalman), Poisson-log-t",
        "caminatas en logaritmos con choque nacional (Kalman), Poisson-log-t",
    ),
    "logt-return": (
        "logt-walk, own parts return to their mean",
        "logt-walk, lo propio regresa a su media",
    ),
    "logt-ets": (
        "exponential smoothing of seasonless logs, Poisson-log-t",
        "suavizamiento exponencial sin estación, Poisson-log-t",
    ),
    "logt-ar2": (
        "ARIMA(2,0,0) of seasonless logs, Poisson-log-t",
        "ARIMA(2,0,0) sin estación, Poisson-log-t",
    ),
    "logt-regression": (
        "ridge regression with neighbours, Poisson-log-t",
        "regresión ridge con vecinos, Poisson-log-t",
    ),
    "logt-boosting": (
        "gradient boosting of log changes, Poisson-log-t",
        "árboles potenciados de los cambios, Poisson-log-t",
    ),
    "mixture-equal": (
        "draws of six single families, equal weights",
        "extracciones de seis familias, pesos iguales",
    ),
    "mixture-stacked": (
        "mixture-equal, weights by past log score",
        "mixture-equal, pesos por calificación pasada",
    ),
    "hidra-2nb": (
        "geometric mean of the families, two NB",
        "media geométrica de las familias, dos BN",
    ),
    "hidra-log-t": (
        "geometric mean of the families, Poisson-log-t",
        "media geométrica de las familias, Poisson-log-t",
    ),
    "hidra": (
        "hidra-2nb or hidra-log-t, whichever scored better before",
        "hidra-2nb o hidra-log-t, la que calificó mejor antes",
    ),
}
