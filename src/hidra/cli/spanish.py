"""English to Spanish; ``{names}`` stand for values."""

from hidra.cli.spanish_data import SPANISH_DATA

SPANISH: dict[str, str] = {
    **SPANISH_DATA,
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
    # stages of a run
    "fit of the check": "ajuste de la prueba",
    "simulation of the check": "simulación de la prueba",
    "fit of the projection": "ajuste de la proyección",
    "simulation of the scenarios": "simulación de los escenarios",
    "tables": "tablas",
    "report": "informe",
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
}  # fmt: skip
