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


WORDS_EXPLANATIONS: dict[str, tuple[str, str]] = {
    "title": (
        "The worth of the mechanisms, and the rival explanations: {measure}",
        "Lo que valen los mecanismos, y las explicaciones rivales: {measure}",
    ),
    "made": (
        "Written by `hidra score --rivals --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, {places} states, {scored:,} draws, "
        "mean of seeds {seeds}.",
        "Escrito por `hidra score --rivals --pages`; nada se escribió a mano. {origins} "
        "orígenes, {first} a {last}, de {low} a {high} meses después, {places} estados, "
        "{scored:,} extracciones, media de las semillas {seeds}.",
    ),
    "how": (
        "Every row is the default forecast `hidra` with the same families, spread and random "
        "numbers; only its mean is carried along the *course* of an explanation: by what "
        "factor its mechanisms, fitted to the counts up to the origin and run on, let "
        "killings rise or fall. V6 has no course: it is `hidra`. The model begins in {start} "
        "and needs {fewest} months: it starts from {started} of the {origins} origins "
        "({list}); the other {left} are left to the statistical forecast, where every row is "
        "the same. `hidra-core` believes the course of V0 by 0, one half or one, whichever "
        "would have had the least absolute error in the years before; with no year before, by"
        " 0.",
        "Cada fila es el pronóstico de fábrica `hidra`, con las mismas familias, dispersión y"
        " números aleatorios; solo su media sigue el *curso* de una explicación: por qué "
        "factor sus mecanismos, ajustados a los conteos hasta el origen y simulados después, "
        "hacen subir o bajar las muertes. V6 no tiene curso: es `hidra`. El modelo empieza en"
        " {start} y necesita {fewest} meses: parte de {started} de los {origins} orígenes "
        "({list}); los otros {left} quedan al pronóstico estadístico, donde todas las filas "
        "son iguales. `hidra-core` cree el curso de V0 en 0, la mitad o 1, lo que habría "
        "tenido menor error absoluto en los años anteriores; sin año anterior, en 0.",
    ),
    "known": (
        "What is known at an origin: the counts up to it, removals dated up to it (none "
        "later), groups the press had reported in periods that had ended, at equal ties and "
        "sized by their reports, yearly figures published by then (two years behind). How long "
        "a departure from the mechanisms lasts is measured on the months before. Pipelines and "
        "mean crime by state were published later: before, their sectors lie as residents do. "
        "Federal forces were counted in July 2019: before that the militarisation of V1, V2 and "
        "V5 is off, and V1 is V0. Rows that end in *-network* know the ties of 2020 at every "
        "origin: they are an **upper bound, not a forecast**.",
        "Lo que se sabe en un origen: los conteos hasta entonces, las remociones fechadas "
        "hasta entonces (ninguna posterior), los grupos reportados por la prensa en periodos "
        "terminados, con lazos iguales y tamaño según sus reportes, y las cifras anuales ya "
        "publicadas (dos años atrás). Cuánto dura lo que los mecanismos no explican se mide en "
        "los meses anteriores. Los ductos y la media de delitos por estado se publicaron "
        "después: antes, sus sectores se reparten como los residentes. Las fuerzas federales se "
        "contaron en julio de 2019: antes, la militarización de V1, V2 y V5 está apagada, y V1 "
        "es V0. Las filas que terminan en *-network* conocen los lazos de 2020 en todo origen: "
        "son una **cota superior, no un pronóstico**.",
    ),
    "hindsight": (
        "What no cut can take out: the equation and the centres of its priors were published in "
        "2023 from data of 2012-2021; the lists of removals, of groups and of community defence "
        "were drawn up after the events; counts and yearly figures are as later revised. So "
        "every row but V6 and `V6-drift` knows a little of what came, and what follows flatters "
        "the mechanisms.",
        "Lo que ningún corte puede quitar: la ecuación y los centros de sus distribuciones "
        "previas se publicaron en 2023 con datos de 2012-2021; las listas de remociones, de "
        "grupos y de defensa comunitaria se hicieron después de los hechos; los conteos y las "
        "cifras anuales son los ya revisados. Así, todas las filas menos V6 y `V6-drift` saben "
        "un poco de lo que vino, y lo que sigue favorece a los mecanismos.",
    ),
    "scores": (
        "Scores",
        "Calificaciones",
    ),
    "scores_head": (
        "forecast | explanation | CRPS | IGN | MIS 90 | cover 50 | cover 90",
        "pronóstico | explicación | CRPS | IGN | MIS 90 | cob. 50 | cob. 90",
    ),
    "worth": (
        "What the mechanisms add",
        "Lo que añaden los mecanismos",
    ),
    "worth_key": (
        "CRPS minus that of V6, the very same forecast without mechanisms, paired by place "
        "and origin (below zero: the mechanisms help), with its 95 % interval, origins "
        "resampled in blocks of {block}. *After a removal*: the 12 months after a dated "
        "removal in the state. *Jumps*: the {jumps} state-years whose mean moved by more than"
        " x1.5; foreseen exactly they would take {bound:.3f} from the mean CRPS of all targets,"
        " and no more. *Indistinguishable*: the interval holds zero. *Too few origins to "
        "tell*: fewer than {few} origins differ; were all of them on one side, luck alone would "
        "do so in more than one of twenty. Of the {count} intervals here about {lucky} would be "
        "clear of zero by luck alone.",
        "CRPS menos el de V6, el mismo pronóstico sin mecanismos, pareado por lugar y origen "
        "(bajo cero: los mecanismos ayudan), con su intervalo de 95 %; se remuestrean "
        "orígenes en bloques de {block}. *Tras una remoción*: los 12 meses posteriores a una "
        "remoción fechada en el estado. *Saltos*: los {jumps} estados-año cuya media cambió "
        "más de x1.5; previstos con exactitud quitarían {bound:.3f} al CRPS medio de todos los "
        "meses, y no más. *Indistinguible*: el intervalo contiene el cero. *Muy pocos orígenes "
        "para decir*: difieren menos de {few} orígenes; aunque todos cayeran del mismo lado, el "
        "azar lo haría más de una vez de veinte. De los {count} intervalos de aquí, unos {lucky} "
        "se apartarían de cero por puro azar.",
    ),
    "worth_head": (
        "forecast | all targets | origins the model starts from | after a removal | jumps | "
        "jumps, started",
        "pronóstico | todos los meses | orígenes desde los que parte | tras una remoción | "
        "saltos | saltos, parte",
    ),
    "of_bound": (
        "In the same units the gain of V5 in the jumps is {gain:+.3f} of the mean CRPS "
        "of all targets.",
        "En las mismas unidades, la ganancia de V5 en los saltos es {gain:+.3f} del CRPS "
        "medio de todos los meses.",
    ),
    "drift": (
        "More than a drift?",
        "¿Más que una deriva?",
    ),
    "drift_key": (
        "A course that rises gains in years of rise, whatever its cause. `V6-drift` is V6 moved "
        "by one factor a month ahead for all states: by how much deaths outran the forecasts of "
        "the five years before the origin. `V5-national` is V5 with its course averaged over "
        "the states: it forgets which state rises. CRPS of the first minus that of the second, "
        "paired and resampled as above, where the model starts; *won*: origins.",
        "Un curso que sube gana en años de alza, cualquiera que sea la causa. `V6-drift` es V6 "
        "movido por un solo factor por mes para todos los estados: cuánto rebasaron las muertes "
        "a los pronósticos de los cinco años previos al origen. `V5-national` es V5 con su "
        "curso promediado entre estados: olvida cuál sube. CRPS del primero menos el del "
        "segundo, pareado y remuestreado como arriba, donde el modelo parte; *gana*: orígenes.",
    ),
    "drift_head": (
        "first | second | all targets | won | jumps | won",
        "primero | segundo | todos los meses | gana | saltos | gana",
    ),
    "targets": (
        "*targets*",
        "*meses*",
    ),
    "stacking": (
        "Stacking weights",
        "Pesos de la mezcla",
    ),
    "stacking_key": (
        "Weights of a mixture of the explanations under which the outcomes of the {started} "
        "origins would have been the most probable (binned, as in IGN), with the 5-95 % range"
        " over resampled origins. Wide ranges say that the data do not tell the explanations "
        "apart. These weights saw the outcomes; V1 is V0 before July 2019, and weight passes "
        "freely between the two. Prediction does not prove cause.",
        "Pesos de una mezcla de las explicaciones con los que lo ocurrido en los {started} "
        "orígenes habría sido lo más probable (por clases, como en IGN), con el rango de 5-95"
        " % al remuestrear orígenes. Los rangos anchos dicen que los datos no distinguen las "
        "explicaciones. Estos pesos vieron lo ocurrido; V1 es V0 antes de julio de 2019, y el "
        "peso pasa libremente de uno a otro. Predecir no prueba la causa.",
    ),
    "learnt": (
        "Weights as they would have been learnt",
        "Pesos como se habrían aprendido",
    ),
    "learnt_key": (
        "At each origin, weights from the outcomes of earlier origins that had come by then; "
        "equal at the first. IGN of the mixture beside that of V6 alone. Over all: the mixture "
        "minus V6 {mixture}; equal weights minus V6 {equal}.",
        "En cada origen, pesos según lo ocurrido hasta entonces desde orígenes anteriores; "
        "iguales en el primero. IGN de la mezcla junto al de V6 solo. En total: la mezcla menos "
        "V6 {mixture}; pesos iguales menos V6 {equal}.",
    ),
    "learnt_head": (
        "origin | {names} | IGN of the mixture | of equal weights | of V6",
        "origen | {names} | IGN de la mezcla | de pesos iguales | de V6",
    ),
    "core_alone": (
        "core alone",
        "solo el núcleo",
    ),
    "V6-drift": (
        "V6 and one drift, from the past",
        "V6 y una sola deriva, del pasado",
    ),
    "V5-national": (
        "V5, its course the same for all states",
        "V5, con el mismo curso para todos los estados",
    ),
    "stacking_head": (
        "explanation | weight | 5-95 %",
        "explicación | peso | 5-95 %",
    ),
    "courses": (
        "The courses",
        "Los cursos",
    ),
    "courses_key": (
        "How far each explanation moves the mean {last} months ahead: mean over states and "
        "origins, and the smallest and largest. *Passed*: fits that passed their own checks. "
        "*Engine*: digest of the code, frozen before its scores were seen. A course is the mean "
        "of {draws} draws of one fit.",
        "Cuánto mueve cada explicación la media {last} meses después: media de estados y "
        "orígenes, y el menor y el mayor. *Aprobados*: ajustes que pasaron sus propias "
        "pruebas. *Motor*: huella del código, congelado antes de ver sus calificaciones. Un curso "
        "es la media de {draws} extracciones de un ajuste.",
    ),
    "courses_head": (
        "variant | mechanisms | factor | smallest .. largest | passed | engine",
        "variante | mecanismos | factor | menor .. mayor | aprobados | motor",
    ),
    "upper": (
        " (upper bound)",
        " (cota superior)",
    ),
    "belief": (
        "the core, believed as far as it earned",
        "el núcleo, creído en lo que se ganó",
    ),
    "missing": (
        "Not run yet: {names}. The command takes up where it stopped.",
        "Aún sin correr: {names}. La orden continúa donde se quedó.",
    ),
    "wanting": (
        "Origins of the protocol that this page does not hold yet: {list}. `hidra score "
        "--rivals` takes up where it stopped.",
        "Orígenes del protocolo que esta página aún no tiene: {list}. `hidra score --rivals` "
        "continúa donde se quedó.",
    ),
}
