"""What does not fit is refused with the cure, and a mechanism touches nothing but its own."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest

from hidra.core.errors import SpecError
from hidra.model import drivers, mechanisms
from hidra.model.equation import flows, start, step
from hidra.model.mechanism import Contribution, Count, Operator, Tally

from .conftest import Country
from .test_contract import AWAKE, LIBRARY, composed, declared, disturbed


def week(model):
    """Try one week of a model."""
    luck = {f"{m.name}.{o.name}": jnp.zeros(2) for m, o in model.operators}
    return step(model, Country().p, start(model, Country().p), Country().driver(), {}, luck)


@pytest.mark.parametrize("name", LIBRARY)
def test_it_touches_no_state_but_its_own(name):
    """Rivals, alliances and the states of others change only where an operator says so."""
    country = Country(name)
    (m,) = country.mechanisms
    own = {*m.states, *m.flows, *m.counts, *(s for o in m.operators for s in o.changes), "members"}
    begin = disturbed(country)
    after, _ = country.week(begin, may_split=1.0, **AWAKE.get(name, {}))
    changed = {key for key in begin if not np.array_equal(begin[key], after[key])}
    assert changed <= own
    assert set(after) == set(begin)


def test_an_unknown_mechanism_offers_the_closest():
    with pytest.raises(SpecError, match="precarty") as caught:
        mechanisms.find(["precarty"], where="study")
    assert "precarity" in caught.value.fix


def test_an_unknown_driver_offers_the_closest():
    with pytest.raises(SpecError, match="remitances") as caught:
        drivers.wanted((declared(drivers=("remitances",)),))
    assert "remittances" in caught.value.fix
    assert "mine" in caught.value.where


def test_a_state_nobody_brings_offers_the_closest():
    with pytest.raises(SpecError, match="membrs") as caught:
        composed(declared(reads=("membrs",)))
    assert "members" in caught.value.fix


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"coefficients": ("rivalry_inside",)}, "internal_rivalry"),
        ({"flows": ("member",)}, "members"),
        (
            {"operators": (Operator("o", "evnt", ("members",), lambda *_: {}, "does nothing"),)},
            "event",
        ),
    ],
)
def test_a_declaration_of_what_does_not_exist_offers_what_does(wrong, said):
    with pytest.raises(SpecError) as caught:
        declared(**wrong)
    assert said in caught.value.fix


def test_an_operator_that_changes_more_than_it_says_is_refused():
    greedy = Operator(
        "take", "event", ("members",), lambda state, driver, p, luck: {"allies": jnp.zeros(4)}, "x"
    )
    with pytest.raises(SpecError, match="change 'allies' without declaring"):
        week(composed(declared(operators=(greedy,))))


def test_an_operator_that_reads_what_is_undeclared_is_refused():
    peeping = Operator(
        "peep",
        "event",
        ("members",),
        lambda state, driver, p, luck: {"members": state["allies"]},
        "x",
    )
    with pytest.raises(SpecError, match="reads the state 'allies', which is undeclared"):
        week(composed(declared(operators=(peeping,))))


def test_a_driver_that_is_not_declared_is_refused():
    peeping = declared(
        rates=("recruitment",),
        function=lambda state, driver, p: Contribution(
            rates={"recruitment": driver["border"][:, None]}
        ),
    )
    with pytest.raises(SpecError, match="reads the driver 'border'") as caught:
        flows(composed(peeping), Country().p, Country().start(), Country().driver())
    assert "Declare it" in caught.value.fix


def test_counting_what_is_not_declared_is_refused():
    counting = declared(
        counts={"mine_counted": Count("persons", "Counted")},
        tally=lambda state, given, driver, p: Tally(counts={"others": jnp.zeros(3)}),
    )
    with pytest.raises(SpecError, match="count 'others' without declaring"):
        week(composed(counting))
