"""What a scenario changes, in words, Spanish and English."""

from __future__ import annotations

from hidra.study.parts import Scenario

RATES = {
    "recruitment": ("reclutamiento", "recruitment"),
    "enforcement": ("detenciones", "arrests"),
    "lethality": ("letalidad", "lethality"),
    "saturation": ("salida por saturación", "exit by saturation"),
}
DRIVERS = {
    "precarity": ("precariedad", "precarity"),
    "young_men": ("hombres de 15 a 29 años", "men aged 15-29"),
    "population": ("población", "population"),
    "border": ("cercanía de la frontera", "nearness of the border"),
    "ban_in_force": ("prohibición de armas de asalto en Estados Unidos", "US assault weapons ban"),
    "rents": ("rentas de los sectores", "rents of the sectors"),
    "mining_price": ("precio de la minería", "price of mining"),
    "mining_share": ("peso de la minería", "weight of mining"),
    "overdose": ("sobredosis en Estados Unidos", "US overdose deaths"),
    "deployment": ("fuerzas federales desplegadas", "federal forces deployed"),
    "remittances": ("remesas", "remittances"),
    "community": ("cobertura de la defensa comunitaria", "coverage of community defence"),
    "may_split": ("divisiones de grupos", "splits of groups"),
    "may_operate": ("operaciones contra líderes", "operations against leaders"),
    "us_pressure": ("presión de Estados Unidos", "US pressure"),
    "arms_supply": ("armas que entran del norte", "arms that come from the north"),
    "arms_seizure": ("decomiso de armas por semana", "arms seized per week"),
    "drug_supply": ("oferta de drogas", "supply of drugs"),
    "legal_share": ("parte legal del mercado de drogas", "legal share of the drug market"),
    "laundering": ("parte del dinero que se lava", "share of money laundered"),
    "crackdown": ("ofensiva contra el tráfico de drogas", "crackdown on the drug trade"),
    "follows_rule": ("despliegue según la regla", "deployment by the rule"),
    "search": ("capacidad de búsqueda", "capacity to search"),
    "protected": ("protección de grupos", "protection of groups"),
    "alternation": ("alternancia de partidos", "alternation of parties"),
}
WORDS = (
    {
        "unit": "personas por semana",
        "off": "sin el mecanismo «{name}»",
        "places": "solo en {places}",
    },
    {
        "unit": "persons per week",
        "off": "without the mechanism '{name}'",
        "places": "in {places} only",
    },
)


def what(scenario: Scenario, language: int) -> str:
    """Say in words what a scenario changes; `language` is 0 for Spanish and 1 for English."""
    from hidra.core import place

    words = WORDS[language]
    parts = [f"{called(name, language)} × {by:g}" for name, by in scenario.change.items()]
    parts += [f"{called(name, language)} = {to:g}" for name, to in scenario.set.items()]
    parts += [
        f"{called(name, language)} {persons:+g} {words['unit']}"
        for name, persons in scenario.dose.items()
    ]
    parts += [words["off"].format(name=called(name, language)) for name in scenario.off]
    if scenario.places:
        listed = ", ".join(place.find(code).name_es for code in scenario.places)
        parts.append(words["places"].format(places=listed))
    return "; ".join(parts).replace("-", "−")


def called(name: str, language: int) -> str:
    """Return what people call a rate, a driver, a mechanism or a parameter of one."""
    from hidra.model.mechanisms import library

    known = RATES | DRIVERS
    if name in known:
        return known[name][language]
    owner, _, parameter = name.partition(".")
    m = library().get(owner)
    if m is None:
        return name.replace("_", " ")
    title = (m.title_es, m.title_en)[language].lower()
    return f"{title} ({parameter})" if parameter else title
