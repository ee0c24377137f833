"""Words of the page of rival explanations, in English and Spanish."""

from __future__ import annotations

WORDS_RIVALS: dict[str, tuple[str, str]] = {
    "title": (
        "The worth of the mechanisms, and the rival explanations: {measure}",
        "Lo que valen los mecanismos, y las explicaciones rivales: {measure}",
    ),
    "made": (
        "Written by `hidra score --rivals --pages`; nothing here is typed by hand. {origins} "
        "origins, {first} to {last}, {low}-{high} months ahead, 32 states, 1,000 draws, mean "
        "of seeds {seeds}.",
        "Escrito por `hidra score --rivals --pages`; nada se escribió a mano. {origins} "
        "orígenes, {first} a {last}, de {low} a {high} meses después, 32 estados, 1,000 "
        "extracciones, media de las semillas {seeds}.",
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
        "sized by their reports, yearly figures published by then (two years behind). Federal"
        " forces were counted in July 2019: before that the militarisation of V1, V2 and V5 "
        "is off, and V1 is V0. Rows that end in *-network* know the ties of 2020 at every "
        "origin: they are an **upper bound, not a forecast**.",
        "Lo que se sabe en un origen: los conteos hasta entonces, las remociones fechadas "
        "hasta entonces (ninguna posterior), los grupos reportados por la prensa en periodos "
        "terminados, con lazos iguales y tamaño según sus reportes, y las cifras anuales ya "
        "publicadas (dos años atrás). Las fuerzas federales se contaron en julio de 2019: "
        "antes, la militarización de V1, V2 y V5 está apagada, y V1 es V0. Las filas que "
        "terminan en *-network* conocen los lazos de 2020 en todo origen: son una **cota "
        "superior, no un pronóstico**.",
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
        " x1.5; foreseen with the right size they would be worth at most 1.8 of the mean CRPS"
        " of all targets. *Indistinguishable*: the interval holds zero.",
        "CRPS menos el de V6, el mismo pronóstico sin mecanismos, pareado por lugar y origen "
        "(bajo cero: los mecanismos ayudan), con su intervalo de 95 %; se remuestrean "
        "orígenes en bloques de {block}. *Tras una remoción*: los 12 meses posteriores a una "
        "remoción fechada en el estado. *Saltos*: los {jumps} estados-año cuya media cambió "
        "más de x1.5; previstos con su tamaño valdrían cuando mucho 1.8 del CRPS medio de "
        "todos los meses. *Indistinguible*: el intervalo contiene el cero.",
    ),
    "worth_head": (
        "forecast | all targets | origins the model starts from | after a removal | jumps | "
        "jumps, started",
        "pronóstico | todos los meses | orígenes desde los que parte | tras una remoción | "
        "saltos | saltos, parte",
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
        "apart. Prediction does not prove cause.",
        "Pesos de una mezcla de las explicaciones con los que lo ocurrido en los {started} "
        "orígenes habría sido lo más probable (por clases, como en IGN), con el rango de 5-95"
        " % al remuestrear orígenes. Los rangos anchos dicen que los datos no distinguen las "
        "explicaciones. Predecir no prueba la causa.",
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
        "*Engine*: digest of the code, frozen before its scores were seen.",
        "Cuánto mueve cada explicación la media {last} meses después: media de estados y "
        "orígenes, y el menor y el mayor. *Aprobados*: ajustes que pasaron sus propias "
        "pruebas. *Motor*: huella del código, congelado antes de ver sus calificaciones.",
    ),
    "courses_head": (
        "variant | mechanisms | factor | smallest .. largest | passed | engine",
        "variante | mecanismos | factor | menor .. mayor | aprobados | motor",
    ),
    "core_alone": (
        "core alone",
        "solo el núcleo",
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
        "--rivals` takes up where it stopped. With so few origins the intervals are too "
        "narrow and no verdict is firm; a course that rises gains in years of rise, whatever "
        "its cause.",
        "Orígenes del protocolo que esta página aún no tiene: {list}. `hidra score --rivals` "
        "continúa donde se quedó. Con tan pocos orígenes los intervalos son demasiado "
        "angostos y ningún veredicto es firme; un curso que sube gana en años de alza, "
        "cualquiera que sea la causa.",
    ),
}
