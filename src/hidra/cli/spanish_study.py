"""Spanish of what can be wrong with a study file or a run folder."""

SPANISH_STUDY: dict[str, str] = {
    # the report again
    "Write the report of a finished run again, or its brief.":
        "Escribe de nuevo el informe de una corrida terminada, o su resumen.",
    "Folder of a finished run.": "Carpeta de una corrida terminada.",
    "File to write (HTML).": "Archivo que se escribe (HTML).",
    "Two printed pages for the press.": "Dos páginas impresas para la prensa.",
    "Python file with a section of yours.": "Archivo de Python con una sección propia.",
    "There is no such Python file.": "No existe ese archivo de Python.",
    "Check its name.": "Revise su nombre.",
    "The file of a section fails: {text}": "El archivo de una sección falla: {text}",
    "Run it with Python alone until it loads.": "Ejecútelo solo con Python hasta que cargue.",
    "The file holds no section.": "El archivo no tiene ninguna sección.",
    "Decorate a function with @section(...) from hidra.report.":
        "Decore una función con @section(...) de hidra.report.",
    "There is already a section '{name}'.": "Ya hay una sección '{name}'.",
    "The section '{name}' fails: {text}": "La sección '{name}' falla: {text}",
    "Mend the function, or make the report without it.":
        "Corrija la función, o haga el informe sin ella.",
    "The file could not be written: {text}.": "El archivo no se pudo escribir: {text}.",
    # the page
    "Serve the page: records, claims, the scenario lab.":
        "Sirve la página: registros, afirmaciones, laboratorio de escenarios.",
    "Port; 0 takes any that is free.": "Puerto; 0 toma cualquiera que esté libre.",
    "Address to listen on; only this machine by default.":
        "Dirección en la que escucha; por omisión solo esta máquina.",
    "Let readers give an address of an article to check.":
        "Permite dar la dirección de un artículo para revisarlo.",
    "Port {port} of {host} cannot be used: {text}.":
        "El puerto {port} de {host} no se puede usar: {text}.",
    "Choose another one with --port, or 0 for any that is free.":
        "Elija otro con --port, o 0 para cualquiera que esté libre.",
    "There is no page for this place.": "No hay página de este lugar.",
    "Use INEGI's codes: 01 to 32 for a state, five digits for a municipality.":
        "Use las claves del INEGI: 01 a 32 para un estado, cinco dígitos para un municipio.",
    "There is no such claim.": "No existe esa afirmación.",
    "The page of the claims lists them.": "La página de las afirmaciones las lista.",
    "The text is longer than {number} letters.": "El texto tiene más de {number} letras.",
    "Send the article alone.": "Envíe solo el artículo.",
    "Addresses are not fetched here.": "Aquí no se traen direcciones.",
    "Paste the text, or start the page with --allow-fetch.":
        "Pegue el texto, o inicie la página con --allow-fetch.",
    "No records of this measure at this level.": "No hay registros de esta medida a este nivel.",
    "Choose another measure.": "Elija otra medida.",
    "There is no map of {month}.": "No hay mapa de {month}.",
    "Choose a month from {first} to {last}.": "Elija un mes de {first} a {last}.",
    "There is no such table.": "No existe esa tabla.",
    "The page of the data lists them.": "La página de los datos las lista.",
    "This page has no chart.": "Esta página no tiene gráfica.",
    "Ask for the page itself.": "Pida la página misma.",
    # where
    "{name}, line {line}, key {key}": "{name}, línea {line}, clave {key}",
    "{name}, line {line}": "{name}, línea {line}",
    "study, key {key}": "estudio, clave {key}",
    # files
    "There is no such study file.": "No existe ese archivo de estudio.",
    "Check the path, or begin one with: hidra study new FILE":
        "Revise la ruta o empiece uno con: hidra study new ARCHIVO",
    "This is not a study file.": "Esto no es un archivo de estudio.",
    "Give a YAML text file.": "Dé un archivo de texto YAML.",
    "A study is a list of keys and values.": "Un estudio es una lista de claves y valores.",
    "Begin from a copy of the default study: hidra study new FILE":
        "Empiece de una copia del estudio de fábrica: hidra study new ARCHIVO",
    "This is not valid YAML: {problem}.": "Esto no es YAML válido: {problem}.",
    "Check indentation, colons and quotes.": "Revise sangrías, dos puntos y comillas.",
    "The key '{key}' stands twice.": "La clave «{key}» está dos veces.",
    "Keep one of them; the first is in line {line}.":
        "Deje una de las dos; la primera está en la línea {line}.",
    "The key '{key}' is missing.": "Falta la clave «{key}».",
    "Add it; every key is described in docs/en/reference/study.md.":
        "Agréguela; cada clave se describe en docs/es/referencia/estudio.md.",
    "The value {value} does not fit here.": "El valor {value} no cabe aquí.",
    "Input should be greater than or equal to {bound}.": "Debe ser {bound} o más.",
    "Input should be less than or equal to {bound}.": "Debe ser {bound} o menos.",
    "Input should be less than {bound}.": "Debe ser menor que {bound}.",
    "Input should be greater than {bound}.": "Debe ser mayor que {bound}.",
    "Input should be a valid integer, unable to parse string as an integer.":
        "Debe ser un número entero.",
    "Input should be a valid number, unable to parse string as a number.": "Debe ser un número.",
    "Input tag {tag} found using 'family' does not match any of the expected tags: {tags}.":
        "La familia {tag} no es ninguna de estas: {tags}.",
    "Input should be {value}.": "Debe ser {value}.",
    # months
    "'{text}' is not a month.": "«{text}» no es un mes.",
    "Write for example {month}.": "Escriba por ejemplo {month}.",
    "Write YYYY-MM, for example 2027-03.": "Escriba AAAA-MM, por ejemplo 2027-03.",
    "`{late}` ({second}) comes before `{early}` ({first}).":
        "`{late}` ({second}) viene antes que `{early}` ({first}).",
    "Put the months in order: {names}.": "Ponga los meses en orden: {names}.",
    "The scenario '{name}' starts in {start}, before the data end ({last}).":
        "El escenario «{name}» empieza en {start}, antes de que terminen los datos ({last}).",
    "Start it after {last}: the past cannot be changed.":
        "Empiécelo después de {last}: el pasado no puede cambiarse.",
    "The scenario '{name}' starts in {start}, after the study ends ({end}).":
        "El escenario «{name}» empieza en {start}, después del fin del estudio ({end}).",
    "Start it by {end}, or let the study end later.":
        "Empiécelo a más tardar en {end}, o termine el estudio después.",
    # scenarios and parameters
    "'{name}' always runs: it is what the others are compared with.":
        "«{name}» siempre corre: con él se comparan los demás.",
    "Give your scenario another name.": "Dé otro nombre a su escenario.",
    "The parameter '{name}' lies between {low} and {high}; {value} does not stay there.":
        "El parámetro «{name}» va de {low} a {high}; {value} se sale.",
    "Give a number or a prior within these bounds.":
        "Dé un número o una previa dentro de esos topes.",
    "The parameter '{name}' has no prior to draw from, or is of the core.":
        "El parámetro «{name}» no tiene previa de la cual sacarlo, o es del núcleo.",
    "Name parameters of mechanisms that have a prior; `hidra mechanisms` shows it.":
        "Nombre parámetros de mecanismos que tengan previa; `hidra mechanisms` la muestra.",
    # posteriors
    "The posterior '{name}' is missing.": "Falta la posterior «{name}».",
    "Install hidra again, or make it: python scripts/make_posterior.py":
        "Instale hidra otra vez, o hágala: python scripts/make_posterior.py",
    "There is no posterior here that can be read.": "Aquí no hay ninguna posterior legible.",
    "Name the folder of a finished run, or fit again: hidra run STUDY":
        "Nombre la carpeta de una corrida terminada, o ajuste otra vez: hidra run ESTUDIO",
    "The fit of that run stands on something else: {names}.":
        "El ajuste de esa corrida se apoya en otra cosa: {names}.",
    "Leave --posterior out to fit again, or name a run of the same basis.":
        "Quite --posterior para ajustar otra vez, o nombre una corrida con la misma base.",
    # fits
    "Fit a study and keep the fits; a killed fit goes on.":
        "Ajusta un estudio y guarda los ajustes; si se interrumpe, sigue donde iba.",
    "Folder of the fits; fits/NAME if none.": "Carpeta de los ajustes; si falta, fits/NOMBRE.",
    "Draws of each of two NUTS chains; 0 for the normal approximation.":
        "Muestras de cada una de dos cadenas NUTS; 0 para la aproximación normal.",
    "{part}: {run} ms a model run, {gradient} ms a gradient; about {least} to {most}.":
        "{part}: {run} ms por corrida del modelo, {gradient} ms por gradiente; "
        "unos {least} a {most}.",
    "emulate, check": "corridas del modelo, prueba",
    "sample, check": "muestras, prueba",
    "emulate, projection": "corridas del modelo, proyección",
    "sample, projection": "muestras, proyección",
    "prior": "previa",
    "posterior": "posterior",
    "what the data say": "qué dicen los datos",
    "The fit passes its own checks.": "El ajuste pasa sus propias pruebas.",
    "The fit does not pass its own checks: do not trust its intervals.":
        "El ajuste no pasa sus propias pruebas: no se fíe de sus intervalos.",
    "Kept. Use them: hidra run {study} --posterior {folder}":
        "Guardados. Úselos: hidra run {study} --posterior {folder}",
    # run folders
    "Something that is not a run stands where the run should go.":
        "Donde debe ir la corrida hay algo que no es una corrida.",
    "Choose another folder with --out.": "Elija otra carpeta con --out.",
    "The run of another study stands in this folder.":
        "En esta carpeta está la corrida de otro estudio.",
    "Choose another folder with --out, or replace it with --force.":
        "Elija otra carpeta con --out, o reemplácela con --force.",
    "The disk has {free} free; the run needs about {needed}.":
        "Al disco le quedan {free}; la corrida necesita unos {needed}.",
    "The disk is full. Nothing half-written is left.":
        "El disco está lleno. No queda nada a medio escribir.",
    "The run cannot be written: {reason}.": "La corrida no puede escribirse: {reason}.",
    "No finished run stands here.": "Aquí no hay ninguna corrida terminada.",
    "Make one: hidra run --out DIR": "Haga una: hidra run --out CARPETA",
    "`{key}` says nothing where `places` is states.":
        "`{key}` no dice nada donde `places` es states.",
    "Write `places: municipalities`, or leave it out.":
        "Escriba `places: municipalities`, o quítelo.",
}  # fmt: skip
