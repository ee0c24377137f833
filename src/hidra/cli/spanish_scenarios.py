"""Spanish of scenarios: verbs, tables, and what can be wrong with them."""

SPANISH_SCENARIOS: dict[str, str] = {
    # verbs and options
    "List the scenarios that are ready to use.": "Dar los escenarios listos para usarse.",
    "Simulate scenarios from a posterior that is already there.":
        "Simular escenarios desde una posterior que ya está.",
    "Compare scenarios draw by draw, with no change and each other.":
        "Comparar escenarios trayectoria por trayectoria, con «sin cambio» y entre sí.",
    "Scenarios by name, or YAML files.": "Escenarios por nombre, o archivos YAML.",
    "Folder to write.": "Carpeta que se escribe.",
    "default, system, or the folder of a finished run.":
        "default, system o la carpeta de una corrida terminada.",
    "Let every scenario begin then.": "Que todo escenario empiece entonces.",
    "Last month simulated.": "Último mes que se simula.",
    "Names are rates; each moves so many persons per week.":
        "Los nombres son tasas; cada una mueve tantas personas por semana.",
    "A state by code or name; the nation if none.":
        "Una entidad por clave o nombre; el país si ninguna.",
    "Take the fits of an earlier run on the same basis.":
        "Tomar los ajustes de una corrida anterior con la misma base.",
    # tables
    "what changes": "qué cambia",
    "essays": "ensayos",
    "rejected": "rechazado",
    "proposed": "propuesto",
    "neither": "ninguno",
    "median [90 %]": "mediana [90 %]",
    "share": "parte",
    "{place}, {year}: paired differences": "{place}, {year}: diferencias pareadas",
    "Conditional projections, not forecasts.": "Proyecciones condicionales, no pronósticos.",
    # errors
    "'{name}' cannot be multiplied by {factor}.": "«{name}» no puede multiplicarse por {factor}.",
    "Give a factor of zero or more: 0.5 is half, 2 is double.":
        "Dé un factor de cero o más: 0.5 es la mitad, 2 es el doble.",
    "A dose of {persons} persons per week on '{name}' says nothing.":
        "Una dosis de {persons} personas por semana en «{name}» no dice nada.",
    "Give persons per week, for example -110 or 110.":
        "Dé personas por semana, por ejemplo -110 o 110.",
    "The scenario changes nothing.": "El escenario no cambia nada.",
    "Give it a `change`, `set`, `dose` or `off`, or take it out.":
        "Póngale un `change`, `set`, `dose` u `off`, o quítelo.",
    "The factor 1 on '{name}' changes nothing.": "El factor 1 sobre «{name}» no cambia nada.",
    "Give another factor, or take it out.": "Dé otro factor o quítelo.",
    "'{name}' is zero, and so is every multiple of it.":
        "«{name}» es cero, y también todo múltiplo suyo.",
    "Give it a value under `set`.": "Déle un valor en `set`.",
    "'{name}' is a share: {factor} times it may be more than the whole.":
        "«{name}» es una parte: {factor} veces puede ser más que el todo.",
    "Give it a value between 0 and 1 under `set`.": "Déle un valor entre 0 y 1 en `set`.",
    "'{name}' cannot be moved by a scenario: it goes by {axes}.":
        "Un escenario no puede mover «{name}»: va por {axes}.",
    "Act on what it drives; `hidra mechanisms` lists rates and parameters.":
        "Actúe sobre lo que mueve; `hidra mechanisms` da tasas y parámetros.",
    "No mechanism that is on reads the driver '{name}': the change would do nothing.":
        "Ningún mecanismo encendido lee «{name}»: el cambio no haría nada.",
    "Switch one of these on: {names}; or leave '{name}' out.":
        "Encienda uno de estos: {names}; o quite «{name}».",
    "The mechanism '{name}' is off: its parameters do nothing.":
        "El mecanismo «{name}» está apagado: sus parámetros no hacen nada.",
    "Switch '{name}' on, or leave '{other}' out.": "Encienda «{name}» o quite «{other}».",
    "'{name}' is both multiplied and set.": "«{name}» se multiplica y se fija a la vez.",
    "Keep either its `change` or its `set`.": "Deje solo su `change` o su `set`.",
    "'{name}' lies between {low} and {high}; {value} does not.":
        "«{name}» va de {low} a {high}; {value} se sale.",
    "Give a value within these bounds.": "Dé un valor dentro de esos topes.",
    "'{name}' is {value} already: nothing would change.":
        "«{name}» ya es {value}: nada cambiaría.",
    "Give another value.": "Dé otro valor.",
    "A dose of {persons} persons per week on '{name}' is larger than what there is: "
    "at the most {most}.":
        "Una dosis de {persons} personas por semana en «{name}» es más de lo que hay: a lo más "
        "{most}.",
    "Give a smaller dose, or a factor under `change`.":
        "Dé una dosis menor, o un factor en `change`.",
    "The mechanism '{name}' is off already.": "El mecanismo «{name}» ya está apagado.",
    "Leave '{name}' out of `off`.": "Quite «{name}» de `off`.",
    "'{name}' is of the whole country and cannot change in some places only.":
        "«{name}» es de todo el país y no puede cambiar solo en algunos lugares.",
    "Leave `places` out, or make two scenarios.": "Quite `places` o haga dos escenarios.",
    "The library of scenarios is missing.": "Falta la biblioteca de escenarios.",
    "Install hidra again, or write the scenario into the study.":
        "Instale hidra otra vez, o escriba el escenario en el estudio.",
    "An ensemble of {draws} draws says nothing.":
        "Un conjunto de {draws} trayectorias no dice nada.",
    "Take 1 or more.": "Tome 1 o más.",
    "The scenario '{name}' is named twice.": "El escenario «{name}» se nombra dos veces.",
    "Name each scenario once.": "Nombre cada escenario una sola vez.",
    "A dose of {persons} persons per week says nothing.":
        "Una dosis de {persons} personas por semana no dice nada.",
    "Give a number above zero, for example 110.": "Dé un número mayor que cero, por ejemplo 110.",
    "Which group was seen in which municipality: CSV.":
        "Qué grupo se vio en qué municipio: CSV.",
    "Number of ensemble members: 100, or 20 of municipalities.":
        "Número de miembros del conjunto: 100, o 20 de municipios.",
    "Nothing was fitted to municipal records: a pattern, no forecast for a town.":
        "Nada se ajustó a registros municipales: un patrón, no el pronóstico de un pueblo.",
    "simulation of the municipalities": "simulación de los municipios",
    "A set of presence places groups among municipalities; this simulates states.":
        "Un conjunto de presencia ubica grupos en municipios; esto simula estados.",
    "Add --level municipality, or leave --presence out.":
        "Añada --level municipality, o quite --presence.",
    # systems and ensembles
    "{seed} cannot be a seed.": "{seed} no puede ser una semilla.",
    "Give a whole number below 4294967296.": "Dé un número entero menor que 4294967296.",
    "The posterior holds no draws of {names}.": "La posterior no tiene sorteos de {names}.",
    "Fit these mechanisms, leave them out, or simulate without a posterior.":
        "Ajuste estos mecanismos, quítelos o simule sin posterior.",
    "This file is not what it was when the posterior was fitted.":
        "Este archivo ya no es el que era cuando se ajustó la posterior.",
    "Run the study again, or bring the file back as it was.":
        "Corra otra vez el estudio, o devuelva el archivo a como era.",
    "The end ({end}) comes before the start ({start}).":
        "El fin ({end}) viene antes que el inicio ({start}).",
    "Put the months in order.": "Ponga los meses en orden.",
    "The parameter '{name}' lies between {low} and {high}; {value} does not.":
        "El parámetro «{name}» va de {low} a {high}; {value} no.",
    "A value is given twice: {key}.": "Un valor está dado dos veces: {key}.",
    "'{code}' is not the code of a state, 00 to 32.":
        "«{code}» no es la clave de una entidad, 00 a 32.",
    "The results need about {wanted} GB of memory; half of this machine's is {have} GB.":
        "Los resultados piden unos {wanted} GB de memoria; la mitad de la de esta máquina es "
        "de {have} GB.",
    "Take {most} draws or fewer, fewer scenarios, an earlier end, or the level of states.":
        "Tome {most} trayectorias o menos, menos escenarios, un final más temprano o el nivel de "
        "estados.",
    "Take fewer scenarios, an earlier end, or the level of states.":
        "Tome menos escenarios, un final más temprano o el nivel de estados.",
}  # fmt: skip
