"""English to Spanish; ``{names}`` stand for values."""

from hidra.cli.spanish_claims import SPANISH_CLAIMS
from hidra.cli.spanish_data import SPANISH_DATA
from hidra.cli.spanish_page import SPANISH_PAGE
from hidra.cli.spanish_scenarios import SPANISH_SCENARIOS
from hidra.cli.spanish_study import SPANISH_STUDY

SPANISH: dict[str, str] = {
    **SPANISH_DATA,
    **SPANISH_CLAIMS,
    **SPANISH_STUDY,
    **SPANISH_SCENARIOS,
    **SPANISH_PAGE,
    # labels of errors
    "error": "error",
    "where": "dónde",
    "what to do": "qué hacer",
    # frequent errors
    "There is no {thing} called '{name}'.": "No existe «{name}» ({thing}).",
    "Did you mean {names}?": "¿Quiso decir {names}?",
    "Use one of: {names}.": "Use uno de: {names}.",
    "The disk is full.": "El disco está lleno.",
    "Free some space, or choose another folder with --out.":
        "Libere espacio o elija otra carpeta con --out.",
    "No permission to read or write here.": "No hay permiso para leer o escribir aquí.",
    "Choose a folder you may write to, or change its permissions.":
        "Elija una carpeta en la que pueda escribir o cambie sus permisos.",
    "Unexpected {kind}: {text}": "Inesperado {kind}: {text}",
    "This is a bug in hidra. Run again with --debug and report what it prints.":
        "Es un error de hidra. Repita con --debug y comunique lo que imprima.",
    "See: {command} --help": "Vea: {command} --help",
    "Interrupted. Nothing half-written is left.": "Interrumpido. No queda nada a medio escribir.",
    "The file already exists.": "El archivo ya existe.",
    "The folder does not exist.": "La carpeta no existe.",
    "Choose another name.": "Elija otro nombre.",
    "Create it first.": "Créela antes.",
    "A factor must be a number above zero, not '{text}'.":
        "Un factor debe ser un número mayor que cero, no «{text}».",
    "Write for example --scale rho=0.8 for a fifth less recruitment.":
        "Escriba por ejemplo --scale rho=0.8 para un quinto menos de reclutamiento.",
    "'{name}' is scaled twice.": "«{name}» se escala dos veces.",
    "Give each name once.": "Dé cada nombre una sola vez.",
    "The scenarios cannot last {years} years.": "Los escenarios no pueden durar {years} años.",
    "Give a number above 0 and up to 100.": "Dé un número mayor que 0 y hasta 100.",
    # help
    "Mexico's war on drugs as one system: observed data, a model, scenarios, and their doubt.":
        "La guerra contra el narco en México como un solo sistema: datos observados, un modelo, "
        "escenarios, y su duda.",
    "Show the version.": "Muestra la versión.",
    "Language of messages: es or en.": "Idioma de los mensajes: es o en.",
    "Show the trace of errors.": "Muestra la traza de los errores.",
    "Run a study: fit, scenarios, tables, report.":
        "Corre un estudio: ajuste, escenarios, tablas, informe.",
    "Run a published model again from its published parameters.":
        "Vuelve a correr un modelo publicado con sus parámetros publicados.",
    "Look at, check or begin a study file.":
        "Muestra, revisa o empieza un archivo de estudio.",
    "List the mechanisms with their evidence.": "Lista los mecanismos con su evidencia.",
    "How to cite hidra and what it stands on.": "Cómo citar hidra y aquello en que se apoya.",
    "Look at this machine: versions, cores, memory, folders.":
        "Mira esta máquina: versiones, núcleos, memoria, carpetas.",
    "Official and own data: fetch, check, import, query, cite.":
        "Datos oficiales y propios: traer, revisar, importar, consultar, citar.",
    "Study file; the default study if none.": "Archivo de estudio; si falta, el de fábrica.",
    "Folder of the run; runs/NAME if none.": "Carpeta de la corrida; si falta, runs/NOMBRE.",
    "Number of ensemble members.": "Número de miembros del conjunto.",
    "Seed of all random numbers.": "Semilla de todos los números aleatorios.",
    "Processes to use; changes no number.": "Procesos que se usan; no cambia ningún número.",
    "Replace the run of another study in that folder.":
        "Reemplaza en esa carpeta la corrida de otro estudio.",
    "Print JSON only.": "Imprime solo JSON.",
    "Which one: science2023.": "Cuál: science2023.",
    "Multiply rho, eta, theta or omega from 2022 on; may be given several times.":
        "Multiplica rho, eta, theta u omega desde 2022; puede darse varias veces.",
    "Length of the scenarios, years.": "Duración de los escenarios, años.",
    "Print a study with every default filled in.":
        "Imprime un estudio con todos sus valores por omisión.",
    "Check a study file without running it.": "Revisa un archivo de estudio sin correrlo.",
    "Write a new study file to change: a copy of the default study.":
        "Escribe un archivo de estudio para modificar: copia del de fábrica.",
    "File to write.": "Archivo que se escribe.",
    "Study that says which are on.": "Estudio que dice cuáles están activos.",
    "Show what drives homicides and disappearances to 2030.":
        "Muestra de qué dependen los homicidios y las desapariciones a 2030.",
    "Run it again with N base samples, a power of two; 0 shows the kept result.":
        "Corre de nuevo con N muestras base, una potencia de dos; 0 muestra el resultado guardado.",
    "what drives it": "de qué depende",
    "in all, %": "en total, %",
    "alone, %": "solo, %",
    "Homicides to 2030, nation": "Homicidios a 2030, país",
    "Disappearances to 2030, nation": "Desapariciones a 2030, país",
    "Shares of the variance, with 90 % intervals. More: hidra sensitivity --json":
        "Partes de la varianza, con intervalos del 90 %. Más: hidra sensitivity --json",
    "A design of {samples} base samples is not balanced.":
        "Un diseño de {samples} muestras base no está equilibrado.",
    "Give a power of two, 8 or more, for example 64.":
        "Dé una potencia de dos, 8 o más, por ejemplo 64.",
    "This needs what the extra '{extra}' brings: {packages}.":
        "Esto necesita lo que trae el extra «{extra}»: {packages}.",
    "Install it beside hidra: python -m pip install {packages}":
        "Instálelo junto a hidra: python -m pip install {packages}",
    "Draw the causal diagram: .svg, .png or .html.":
        "Dibuja el diagrama causal: .svg, .png o .html.",
    "Begin something of your own.": "Empieza algo propio.",
    "Write a mechanism of your own: file, test and page.":
        "Escribe un mecanismo propio: archivo, prueba y página.",
    "Name, as in 'my_part'.": "Nombre, como «mi_parte».",
    "Folder to write in.": "Carpeta donde se escribe.",
    "Name the file in `mechanism_files` of a study, or its folder in HIDRA_MECHANISMS.":
        "Nombre el archivo en `mechanism_files` de un estudio, o su carpeta en HIDRA_MECHANISMS.",
    "'{name}' cannot name a mechanism.": "«{name}» no puede nombrar un mecanismo.",
    "There is already a mechanism called '{name}'.": "Ya hay un mecanismo llamado «{name}».",
    "Use small letters, digits and underscores, beginning with a letter.":
        "Use minúsculas, dígitos y guiones bajos, empezando por una letra.",
    "The file holds no mechanism.": "El archivo no contiene ningún mecanismo.",
    "There is no such file or folder of mechanisms.":
        "No existe ese archivo o carpeta de mecanismos.",
    # stages of a run
    "fit of the check": "ajuste de la prueba",
    "simulation of the check": "simulación de la prueba",
    "fit of the projection": "ajuste de la proyección",
    "simulation of the scenarios": "simulación de los escenarios",
    "tables": "tablas",
    "report": "informe",
    # forecasts and scores
    "Forecast monthly counts by place; write the draws.":
        "Pronostica conteos mensuales por lugar; escribe las extracciones.",
    "Score the forecasts against what came.": "Califica los pronósticos con lo ocurrido.",
    "Last month of data used.": "Último mes de datos que se usa.",
    "How many months after the origin.": "Cuántos meses después del origen.",
    "state or municipality.": "state (estado) o municipality (municipio).",
    "inegi_homicides or sesnsp_homicide_victims.": "inegi_homicides o sesnsp_homicide_victims.",
    "Draws of each place and month.": "Extracciones por lugar y mes.",
    "Which forecast; hidra is the default.": "Cuál pronóstico; hidra es el de fábrica.",
    "Also write the tables as pages, in en and es.":
        "Escribe además las tablas como páginas, en en y es.",
    "Forecasting from earlier origins first: a minute, kept for the next time.":
        "Antes se pronostica desde orígenes anteriores: un minuto; queda guardado.",
    "Written: {file}": "Escrito: {file}",
    "forecast": "pronóstico",
    "{count} months completed by what later cuts added, the last one times {factor}.":
        "{count} meses completados con lo que añadieron cortes posteriores; el último, "
        "por {factor}.",
    "Provisional or undercounted, left as published: {first} to {last}; there is no "
    "second cut to learn the delay from. Final figures only: --origin {before}.":
        "Provisionales o subcontados, como se publicaron: {first} a {last}; no hay un segundo "
        "corte del que aprender el retraso. Solo cifras definitivas: --origin {before}.",
    "score": "calificar",
    "courses": "cursos",
    "With --rivals: fit nothing, score what has been fitted.":
        "Con --rivals: no ajustar nada, calificar lo ya ajustado.",
    "Also the rival explanations V0-V6: long.":
        "Además las explicaciones rivales V0-V6: tarda.",
    "{count} fits are wanting, about {minutes} minutes of a core; each is kept.":
        "Faltan {count} ajustes, unos {minutes} minutos de un núcleo; cada uno se guarda.",
    "The mechanisms of the rivals run on the 32 states.":
        "Los mecanismos de las explicaciones rivales corren en los 32 estados.",
    "Leave out --level municipality, or --rivals.": "Quite --level municipality o --rivals.",
    "The mechanisms start from monthly counts since 2012; these begin later.":
        "Los mecanismos parten de conteos mensuales desde 2012; estos empiezan después.",
    "Use --measure inegi_homicides, or leave out --rivals.":
        "Use --measure inegi_homicides o quite --rivals.",
    "Lower is better; coverage should be .50 and .90.":
        "Menos es mejor; las coberturas deberían ser .50 y .90.",
    "'{name}' does not end in .parquet.": "«{name}» no termina en .parquet.",
    "Write for example --out forecast.parquet.": "Escriba por ejemplo --out pronostico.parquet.",
    "That is a folder.": "Eso es una carpeta.",
    "Name a file in it.": "Nombre un archivo dentro de ella.",
    "{value} is out of range.": "{value} está fuera de rango.",
    "Give a number from {low} to {high}.": "Dé un número de {low} a {high}.",
    "{measure} by {level} cannot be forecast from {origin}: it is not known yet.":
        "No se puede pronosticar {measure} por {level} desde {origin}: aún no se conoce.",
    "{measure} by {level} cannot be forecast from {origin}: fewer than {n} months lie before it.":
        "No se puede pronosticar {measure} por {level} desde {origin}: "
        "hay menos de {n} meses antes.",
    "Choose an origin from {first} to {last}.": "Elija un origen de {first} a {last}.",
    "The panel has no monthly {measure} by {level}.":
        "El panel no tiene {measure} mensual por {level}.",
    "Bring them first with `hidra data fetch`, `add` or `import`; see `hidra data status`.":
        "Tráigalos antes con `hidra data fetch`, `add` o `import`; vea `hidra data status`.",
    # output
    "Done. Open {report}": "Listo. Abra {report}",
    "The study is valid. Its name is {digest}.": "El estudio es válido. Su nombre es {digest}.",
    "Written. Check it with: hidra study check {file}":
        "Escrito. Revíselo con: hidra study check {file}",
    "members": "miembros",
    "deaths per week": "muertes por semana",
    "change": "cambio",
    "change ": "cambio ",
    "scenario": "escenario",
    "After {years} years, against January 2022": "Tras {years} años, frente a enero de 2022",
    "Conditional projections of a published model, not forecasts.":
        "Proyecciones condicionales de un modelo publicado, no pronósticos.",
    "name": "nombre",
    "on": "activo",
    "yes": "sí",
    "no": "no",
    "evidence": "evidencia",
    "strong": "fuerte",
    "contested": "discutida",
    "assumed": "supuesta",
    "changes": "cambia",
    "what": "qué",
    "'on' is as in the default study. More: hidra mechanisms --json":
        "«activo»: como en el estudio de fábrica. Más: hidra mechanisms --json",
    "Built-in tables and their sources:": "Tablas incluidas y sus fuentes:",
    "terms": "condiciones",
    "accessed": "consultado",
    "missing": "falta",
    "system": "sistema",
    "cores": "núcleos",
    "memory_gb": "memoria_gb",
    "home": "carpeta",
    "home_exists": "carpeta_existe",
    "default study, minutes": "estudio de fábrica, minutos",
}  # fmt: skip
