"""A Spanish reader meets no English: units, parameters, sources, equations, evidence."""

from __future__ import annotations

import re

import pytest

from hidra.charts.words import Words
from hidra.model import spanish
from hidra.model.equation import CORE
from hidra.model.mechanisms import package
from hidra.model.observe import PARAMS

MECHANISMS = sorted(package())
ENGLISH = re.compile(
    r"\b(deaths?|share|killed|weeks?|supply|found|missing|rate|price|ban|days|the|of|and|with)\b"
)


@pytest.mark.parametrize("name", MECHANISMS)
def test_every_declaration_has_spanish_words(name: str) -> None:
    m = package()[name]
    assert all(spanish.of(name, key) for key in ("essay", "for", "against", "what"))
    assert not ENGLISH.search(spanish.equation(m.equation)), spanish.equation(m.equation)
    for q in m.params:
        assert spanish.parameter(name, q.name), q.name
        assert q.unit in spanish.texts()["units"], q.unit
        assert not ENGLISH.search(spanish.unit(q.unit)), q.unit
        assert not ENGLISH.search(spanish.source(q.source)), q.source


@pytest.mark.parametrize("q", [*CORE, *PARAMS], ids=lambda q: q.name)
def test_the_core_and_the_records_too(q) -> None:
    assert spanish.parameter("", q.name)
    assert q.unit in spanish.texts()["units"], q.unit


def test_what_has_no_spanish_stays_as_declared() -> None:
    assert spanish.of("mine", "for", "Own count") == "Own count"
    assert spanish.unit("barrels") == "barrels"
    assert spanish.equation("x_p ← x_p e^(−k)") == "x_p ← x_p e^(−k)"
    assert spanish.equation("urban_p = 1") == "urban_p = 1"  # a word inside a word is not a word


def test_the_report_names_states_and_rates_in_words() -> None:
    for m in package().values():
        for name in (*m.reads, *m.rates, *m.flows, *m.drivers):
            assert Words("es").maybe(f"node.{name}", "") != "", name
