"""English to Spanish for ``hidra data``; ``{names}`` stand for values."""

SPANISH_DATA: dict[str, str] = {
    # help
    "What the panel holds: sources, months, rows, vintages.":
        "Qué tiene el panel: fuentes, meses, filas, cortes.",
    "Download the official files of a source and read them in.":
        "Descarga los archivos oficiales de una fuente y los lee.",
    "Read in official files you already have.": "Lee archivos oficiales que usted ya tiene.",
    "Read in your own table with a small description.":
        "Lee su propia tabla con una descripción breve.",
    "Check the panel: published totals, codes, sums, gaps, outliers.":
        "Revisa el panel: totales publicados, claves, sumas, huecos, valores extremos.",
    "Compare two vintages: what a new cut revised.":
        "Compara dos cortes: qué revisó el más nuevo.",
    "Ask the panel in SQL; only reading is possible.":
        "Pregunta al panel en SQL; solo se puede leer.",
    "Write the panel as Parquet and CSV, with a data dictionary.":
        "Escribe el panel en Parquet y CSV, con diccionario de datos.",
    "Every source in the panel, how to cite it, and its terms.":
        "Cada fuente del panel, cómo citarla y sus condiciones.",
    "Never use the network.": "No usa nunca la red.",
    "Correct rows kept under the same date.": "Corrige filas guardadas con la misma fecha.",
    "Only this source.": "Solo esta fuente.",
    "Only this measure.": "Solo esta medida.",
    "Only these measures.": "Solo estas medidas.",
    "Only these years.": "Solo estos años.",
    "The cut of this month.": "El corte de este mes.",
    "Date of access; today if none.": "Fecha de consulta; hoy si falta.",
    "The description of the table.": "La descripción de la tabla.",
    "Print a description to start from.": "Imprime una descripción para empezar.",
    "List every changed cell.": "Lista cada celda que cambió.",
    "Folder, .parquet or .csv.": "Carpeta, .parquet o .csv.",
    "Only this level: nation, state or municipality.":
        "Solo este nivel: nation, state o municipality.",
    "Every vintage, not only the newest.": "Todos los cortes, no solo el más nuevo.",
    # output
    "built in": "incluida",
    "added": "agregada",
    "not fetched": "no traída",
    "bring your own file": "traiga su archivo",
    "level": "nivel",
    "from": "desde",
    "to": "hasta",
    "rows": "filas",
    "vintage": "corte",
    "ok": "bien",
    "look": "mirar",
    "fails": "falla",
    "not run": "no corrida",
    "measure": "medida",
    "place": "lugar",
    "month": "mes",
    "year": "año",
    "before": "antes",
    "after": "después",
    "kind": "tipo",
    "cells_changed": "celdas cambiadas",
    "Panel file: {file}": "Archivo del panel: {file}",
    "{before} against {after}": "{before} frente a {after}",
    "{rows} rows written.": "{rows} filas escritas.",
    "{n} small cells of missing persons were joined.":
        "Se juntaron {n} celdas pequeñas de personas desaparecidas.",
    "Nothing new: these rows were in the panel already.":
        "Nada nuevo: estas filas ya estaban en el panel.",
    "{source}, {measure}: {rows} rows, {first} to {last}, total {total}":
        "{source}, {measure}: {rows} filas, {first} a {last}, total {total}",
    # errors of the file and its rows
    "There is no such file.": "No existe ese archivo.",
    "Check the path.": "Revise la ruta.",
    "The file is empty.": "El archivo está vacío.",
    "Download it again.": "Descárguelo de nuevo.",
    "Download it again, then `hidra data add FILE`.":
        "Descárguelo de nuevo y luego `hidra data add FILE`.",
    "Get the file again.": "Consiga el archivo de nuevo.",
    "The Parquet file is broken, most likely cut short.":
        "El archivo Parquet está dañado, quizá cortado.",
    "This is a web page, not data: the publisher's server answers a missing file, or a request it "
    "does not like, with a page and status 200.":
        "Esto es una página web, no datos: el servidor responde con una página y estado 200 a un "
        "archivo que falta o a una petición que no le gusta.",
    "Delete it; download the file in a browser from the source's home page, then `hidra data add "
    "FILE`.":
        "Bórrelo; descargue el archivo con un navegador desde la página de la fuente y luego "
        "`hidra data add FILE`.",
    "The file cannot be read: {trouble}": "El archivo no se puede leer: {trouble}",
    "Open the file at that row and correct it (a separator, a quote, a cut end), or export it "
    "again; say delimiter, encoding or header_row in the spec if they differ.":
        "Abra el archivo en esa fila y corríjala (un separador, una comilla, un final cortado), o "
        "expórtelo de nuevo; diga delimiter, encoding o header_row en la descripción si difieren.",
    "The {kind} '{text}' cannot be understood: {error}.":
        "No se entiende «{text}» ({kind}): {error}.",
    "Correct the row in the file, or say in the spec how it is to be read.":
        "Corrija la fila en el archivo, o diga en la descripción cómo se lee.",
    "'{written}' is no number.": "«{written}» no es un número.",
    "'{written}' is a negative count.": "«{written}» es un conteo negativo.",
    "Correct the row; for a word that means 'not known' add it to unknown_values, for 1,234 say "
    "thousands: \",\".":
        "Corrija la fila; una palabra que dice «no se sabe» va en unknown_values; para 1,234 diga "
        "thousands: \",\".",
    "{times} rows give '{measure}' for place {place}, time {time}.":
        "{times} filas dan «{measure}» para el lugar {place}, tiempo {time}.",
    "Say in the spec what tells the rows apart (split_by), or that they are parts of one figure "
    "(sum_over), or, if the file repeats itself, identical_rows: once.":
        "Diga en la descripción qué distingue las filas (split_by), o que son partes de una cifra "
        "(sum_over), o, si el archivo se repite, identical_rows: once.",
    "There is no row to keep.": "No hay ninguna fila que guardar.",
    "Check that the file holds data and, for an import, that the filters of the spec leave rows.":
        "Revise que el archivo tenga datos y, al importar, que los filtros dejen filas.",
    "The panel already holds '{measure}' of {source} with the date {vintage}, and {n} rows are "
    "different.":
        "El panel ya tiene «{measure}» de {source} con la fecha {vintage}, y {n} filas difieren.",
    "If this is a newer file, give its date (accessed: YYYY-MM-DD), so that both stay and `hidra "
    "data diff` can compare them; to correct a mistake add --replace.":
        "Si es un archivo más nuevo, dé su fecha (accessed: AAAA-MM-DD): ambos se conservan y "
        "`hidra data diff` los compara; para corregir un error agregue --replace.",
    # errors of the description
    "The key '{key}' is missing.": "Falta la clave «{key}».",
    "Add it; `hidra data import --example` shows every key.":
        "Agréguela; `hidra data import --example` muestra cada clave.",
    "Found: {found}. Correct it; `hidra data import --example` shows every key.":
        "Dice: {found}. Corríjalo; `hidra data import --example` muestra cada clave.",
    "{key}: '{text}' is no date; write YYYY-MM-DD.":
        "{key}: «{text}» no es una fecha; escriba AAAA-MM-DD.",
    "Did you mean {names}? The columns of the file are: {columns}.":
        "¿Quiso decir {names}? Las columnas del archivo son: {columns}.",
    "Use one of: {names}. The columns of the file are: {columns}.":
        "Las columnas del archivo son: {columns}.",
    "The spec cannot be read: {reason}.": "La descripción no se puede leer: {reason}.",
    "Check the path; `hidra data import --example > spec.yaml` writes one to start.":
        "Revise la ruta; `hidra data import --example > spec.yaml` escribe una para empezar.",
    "The spec is no valid YAML: {reason}.": "La descripción no es YAML válido: {reason}.",
    "Compare it with `hidra data import --example`: two spaces per level, a space after each "
    "colon.":
        "Compárela con `hidra data import --example`: dos espacios por nivel, un espacio tras "
        "cada dos puntos.",
    "An import needs a table and its description.": "Importar pide una tabla y su descripción.",
    "Write: hidra data import TABLE --spec SPEC.yaml (--example prints a description).":
        "Escriba: hidra data import TABLA --spec SPEC.yaml (--example imprime una descripción).",
    # errors of the panel
    "The panel is being written by {holder}.": "El panel lo está escribiendo {holder}.",
    "Wait until it has finished and try again; reading is possible meanwhile.":
        "Espere a que termine e intente de nuevo; mientras, se puede leer.",
    "The panel file cannot be read: {reason}": "El archivo del panel no se puede leer: {reason}",
    "Only one query that reads the panel is answered here: no writing, no second statement, no "
    "other file.":
        "Aquí solo se responde una consulta que lee el panel: sin escribir, sin segunda "
        "instrucción, sin otro archivo.",
    "Ask with one SELECT from panel, panel_sources, panel_all, rates, panel_stable, measures, "
    "sources or notes; to take data out use `hidra data export`, to bring data in "
    "`hidra data import`.":
        "Pregunte con un SELECT sobre panel, panel_sources, panel_all, rates, panel_stable, "
        "measures, sources o notes; para sacar datos, `hidra data export`; para traerlos, "
        "`hidra data import`.",
    "The query cannot be answered: {reason}": "La consulta no tiene respuesta: {reason}",
    "See the columns with: hidra data sql 'DESCRIBE panel'.":
        "Vea las columnas con: hidra data sql 'DESCRIBE panel'.",
    "No source has both vintages {before} and {after}.":
        "Ninguna fuente tiene los dos cortes {before} y {after}.",
    "Sources with several vintages: {listed}.": "Fuentes con varios cortes: {listed}.",
    "No row of the panel is left by these filters.": "Con estos filtros no queda ninguna fila.",
    "See what there is with `hidra data status`.": "Vea lo que hay con `hidra data status`.",
    "'{name}' is neither a folder nor a .parquet or .csv file.":
        "«{name}» no es una carpeta ni un archivo .parquet o .csv.",
    "Write for example --to panel.parquet, --to panel.csv or --to folder.":
        "Escriba por ejemplo --to panel.parquet, --to panel.csv o --to carpeta.",
}  # fmt: skip
