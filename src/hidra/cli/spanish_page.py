"""Spanish of the local page: what it refuses, where, and what to do."""

SPANISH_PAGE: dict[str, str] = {
    "Finished run whose simulations stand beside the records.":
        "Corrida terminada cuyas simulaciones se muestran junto a los registros.",
    # where
    "link": "enlace",
    "form": "formulario",
    "body": "cuerpo",
    "text": "texto",
    "address": "dirección",
    "draws": "simulaciones",
    "end": "fin",
    "scenarios": "escenarios",
    "scenario '{name}', {key}": "escenario «{name}», {key}",
    "scenario '{name}'": "escenario «{name}»",
    # things a name may stand for
    "chart": "gráfica",
    "table": "tabla",
    "span": "periodo",
    "state": "estado",
    "mechanism": "mecanismo",
    "core rate": "tasa del núcleo",
    "rate, driver or parameter": "tasa, palanca o parámetro",
    "verdict": "veredicto",
    "with": "comparación",
    # links and places
    "'{code}' is not the code of a state or a municipality.":
        "«{code}» no es la clave de un estado ni de un municipio.",
    "Use INEGI's text codes: two characters for a state, five for a municipality.":
        "Use las claves del INEGI: dos caracteres para un estado, cinco para un municipio.",
    "Municipality '{code}' is not built in.": "El municipio «{code}» no está incorporado.",
    "Fetch a table of municipalities and read it with place.municipalities().":
        "Traiga una tabla de municipios y léala con place.municipalities().",
    "Code '{code}' appears twice.": "La clave «{code}» aparece dos veces.",
    "Code '{code}' is not a municipality.": "La clave «{code}» no es de un municipio.",
    "Keep codes as text of five characters: as numbers they lose their zero.":
        "Guarde las claves como texto de cinco caracteres: como números pierden el cero.",
    "{code} is split from {parent}, which is not in the table.":
        "{code} se separó de {parent}, que no está en la tabla.",
    "Add the parent's row, or leave 'split_from' empty.":
        "Agregue la fila del de origen, o deje vacío «split_from».",
    "The built-in file '{name}' is missing or damaged.":
        "El archivo incorporado «{name}» falta o está dañado.",
    "Install hidra again.": "Instale hidra de nuevo.",
    "Write months as YYYY-MM, for example 2027-12.": "Escriba AAAA-MM, por ejemplo 2027-12.",
    "Month must be 01-12, written YYYY-MM. Did you mean {month}?":
        "El mes va de 01 a 12, escrito AAAA-MM. ¿Quiso decir {month}?",
    # the lab
    "There is no such run on this machine.": "No hay esa corrida en esta máquina.",
    "Ask who gave you the link for its specification, and run it here.":
        "Pida la especificación a quien le dio el enlace, y córrala aquí.",
    "There is no such ready scenario.": "No hay ese escenario listo.",
    "Choose from the list.": "Elija de la lista.",
    "'{text}' is not a number.": "«{text}» no es un número.",
    "The request is not understood: {why}.": "La petición no se entiende.",
    "See the description of the interface at /api/v1.":
        "Vea la descripción de la interfaz en /api/v1.",
    "This server simulates at most {draws} draws.":
        "Este servidor hace a lo más {draws} simulaciones.",
    "Ask for fewer, or use the command line: hidra simulate.":
        "Pida menos, o use la línea de órdenes: hidra simulate.",
    "This server simulates until {month} at the latest.":
        "Este servidor simula a lo más hasta {month}.",
    "Ask for an earlier end, or use the command line: hidra simulate.":
        "Pida un fin anterior, o use la línea de órdenes: hidra simulate.",
    "'no_change' is the comparison and always runs.":
        "«no_change» es la comparación y siempre se corre.",
    "Give the scenario another name.": "Dé otro nombre al escenario.",
    "A scenario starts between {first} and its end, not in {month}.":
        "Un escenario empieza entre {first} y su fin, no en {month}.",
    "Choose another month.": "Elija otro mes.",
    "Switch something off, move a lever, or choose a ready scenario.":
        "Apague algo, mueva una palanca o elija un escenario listo.",
    "Too many runs are waiting on this machine.":
        "Hay demasiadas corridas esperando en esta máquina.",
    "Wait until one has finished, or cancel one.": "Espere a que termine una, o cancele alguna.",
    "The run cannot be kept: {why}.": "La corrida no se puede guardar.",
    "Free some space, or set HIDRA_HOME to a folder you may write to.":
        "Libere espacio, o ponga HIDRA_HOME en una carpeta en la que pueda escribir.",
    "The simulation failed: {kind}.": "La simulación falló: {kind}.",
    "It is a fault of hidra, not yours. Change something and try again.":
        "Es una falla de hidra, no suya. Cambie algo y vuelva a intentar.",
    "The process that simulates has ended.": "El proceso que simula terminó.",
    "Run it again; if it ends again, ask for fewer draws.":
        "Vuelva a correrla; si termina otra vez, pida menos simulaciones.",
    # a text to check, and what programs send
    "A check needs a text, and a language: es or en.":
        "Una revisión necesita un texto y un idioma: es o en.",
    'Send {"text": "...", "language": "es"}.': 'Envíe {{"text": "...", "language": "es"}}.',
    "The body is not JSON.": "El cuerpo no es JSON.",
    "The body is not an object.": "El cuerpo no es un objeto.",
    "Send an object.": "Envíe un objeto.",
    "This is too large to be an article: more than {n} MB.":
        "Es demasiado grande para ser un artículo: más de {n} MB.",
    "Give the article alone, as text, HTML, PDF or a feed.":
        "Dé solo el artículo, como texto, HTML, PDF o canal RSS.",
    "The PDF holds pictures of pages, no text.": "El PDF tiene imágenes de páginas, no texto.",
    "Run a text recognition on it first, or give the article's text.":
        "Pásele antes un reconocimiento de texto, o dé el texto del artículo.",
    "The PDF is locked by a password.": "El PDF está cerrado con contraseña.",
    "Give an open copy.": "Dé una copia abierta.",
    "The address leads on more than {n} times.": "La dirección lleva a otra más de {n} veces.",
    "Give the last one.": "Dé la última.",
    "Leave out --offline (or HIDRA_OFFLINE), or save the article and give the file.":
        "Quite --offline (o HIDRA_OFFLINE), o guarde el artículo y dé el archivo.",
    "Only plain http and https addresses are read.": "Solo se leen direcciones http y https.",
    "Give an address beginning with https://, or a file.":
        "Dé una dirección que empiece con https://, o un archivo.",
    "The address answers {status}.": "La dirección contesta {status}.",
    "Check it in a browser.": "Revísela en un navegador.",
    "The page is larger than {n} MB.": "La página tiene más de {n} MB.",
    "The host '{name}' is unknown.": "No se conoce el sitio «{name}».",
    "Check the address.": "Revise la dirección.",
    "The address is not valid.": "La dirección no es válida.",
    "Check it.": "Revísela.",
    "The address does not answer: {why}.": "La dirección no contesta.",
    "Try again later, or save the article and give the file.":
        "Intente más tarde, o guarde el artículo y dé el archivo.",
}  # fmt: skip
