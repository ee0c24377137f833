"""Any mechanism keeps the contract: what it declares is all it does, and off means off."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.core.errors import SpecError
from hidra.core.param import Param
from hidra.model import mechanisms
from hidra.model.equation import Flows, flows
from hidra.model.mechanism import Contribution, Mechanism, Stock
from hidra.model.mechanisms.diversification import NAMES

from .conftest import RESTING, Country

LIBRARY = tuple(mechanisms.library())
# Parameters at which a mechanism says nothing any more.
OFF = {
    "precarity": {"slope": 0.0, "ceiling": 1e30},
    "leadership_removal": {"opportunity": 0.0, "succession": 0.0, "vacuum": 0.0},
    "retaliation": {},
    "arms": {"elasticity": 0.0},
    "victims": {},
    "displacement": {},
    "us_pressure": {},
    "drug_market": {"prize": 0.0},
    "diversification": {f"effect_{name}": 0.0 for name in NAMES[1:]},
    "laundering": {"elasticity": 0.0},
    "militarisation": {"arrests": 0.0, "lethality": 0.0},
    "selective_protection": {"strength": 0.0, "fights": 0.0},
    "community_defence": {"recruiting": 0.0},
    "economy_feedback": {},
    "extractive_corridor": {"fights": 0.0},
    "moves": {"rate": 0.0},
    "deportation": {"joining": 0.0},
}
# What may change of recruits, arrests, deaths, departures in the first week.
CHANGES = {
    "precarity": {"recruits"},
    "leadership_removal": {"deaths"},
    "retaliation": set(),
    "arms": {"deaths"},
    "victims": set(),
    "displacement": set(),
    "us_pressure": set(),
    "drug_market": {"deaths"},
    "diversification": {"deaths"},
    "laundering": {"recruits"},
    "militarisation": {"arrests", "deaths"},
    "selective_protection": {"arrests", "deaths"},
    "community_defence": {"recruits"},
    "economy_feedback": set(),
    "extractive_corridor": set(),
    "deportation": set(),  # whom groups take in is no flow of the core
    "moves": set(),  # flows of the week are those of the core; members move after them
}
# Something that wakes a mechanism: drivers, or states away from rest.
AWAKE = {
    "leadership_removal": {"killed": np.array([1.0, 0, 0, 0])},
    "retaliation": {"killed": np.array([1.0, 0, 0, 0])},
    "us_pressure": {"may_operate": 1.0, "us_pressure": 20.0},
    "drug_market": {"drug_supply": 0.7},
    "deportation": {"deported": np.array([1000.0, 0, 0])},
}
STATES = {
    "arms": {"arms": 1.3},
    "diversification": {"sectors": np.array([0.4, 0.3, 0.1, 0.1, 0.05, 0.03, 0.02])},
    "laundering": {"money": 0.5},
    "selective_protection": {"broken": 0.3},
}
EFFECTS = {f"diversification.effect_{name}": 0.2 for name in NAMES[1:]}
EFFECTS |= {"militarisation.lethality": 0.1}


def disturbed(country: Country):
    """The start, with some states away from rest."""
    state = country.start()
    for m in country.mechanisms:
        for name, value in STATES.get(m.name, {}).items():
            state[name] = jnp.broadcast_to(jnp.asarray(value, float), state[name].shape)
    return state


@pytest.mark.parametrize("name", LIBRARY)
def test_with_its_parameters_at_zero_the_week_is_the_core_bit_for_bit(name):
    off = {f"{name}.{q}": value for q, value in OFF[name].items()}
    country = Country(name)
    awake = AWAKE.get(name, {})
    _, core = Country().week()
    _, given = country.week(disturbed(country), p=off, **awake)
    for ours, theirs in zip(given, core, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("name", LIBRARY)
def test_it_changes_exactly_its_stated_flows(name):
    country = Country(name)
    _, core = Country().week()
    effects = {k: v for k, v in EFFECTS.items() if k.startswith(name)}
    _, given = country.week(disturbed(country), p=effects, **AWAKE.get(name, {}))
    changed = {
        kind
        for kind, ours, theirs in zip(Flows._fields, given, core, strict=True)
        if not np.array_equal(ours, theirs)
    }
    assert changed == CHANGES[name]


@settings(max_examples=25)
@given(st.sampled_from(LIBRARY), st.data())
def test_extreme_values_stay_finite_and_not_negative(name, data):
    country = Country(name)
    levels = st.sampled_from([0.0001, 0.5, 0.9999])
    p = {
        f"{name}.{q.name}": float(q.prior.quantile(data.draw(levels))) if q.prior else q.centre
        for m in country.mechanisms
        for q in m.params
    }
    p["initial_members"] = data.draw(st.sampled_from([0.0, 1.0, 1e5, 1e8]))
    country.p |= p
    factor = data.draw(st.sampled_from([0.0, 1.0, 30.0]))
    awake = {
        k: np.asarray(v) * factor for k, v in RESTING.items() if k in country.mechanisms[0].drivers
    }
    awake |= dict(AWAKE.get(name, {}).items())
    awake |= {"population": np.maximum(awake["population"], 1.0)} if "population" in awake else {}
    state, taken = country.weeks(3, **awake)
    for key, value in state.items():
        assert np.isfinite(value).all(), key
    assert (state["members"] >= 0).all()
    for week in taken:
        assert all((np.asarray(flow) >= 0).all() for flow in week)
    for count in country.model.counts:
        assert (state[count] >= 0).all(), count


@pytest.mark.parametrize("name", LIBRARY)
def test_gradients_are_finite_at_zero(name):
    country = Country(name)

    def killed(p):
        after, given = country.week(disturbed(country), p=p, **AWAKE.get(name, {}))
        counts = sum((after[c].sum() for c in country.model.counts), jnp.zeros(()))
        return given.deaths.sum() + given.recruits.sum() + after["members"].sum() + counts

    zero = {f"{m.name}.{q.name}": 0.0 for m in country.mechanisms for q in m.params}
    tiny = {
        k: 1e-3 if k.split(".")[1] in {"ceiling", "hidden", "usual"} else v for k, v in zero.items()
    }
    slope_of = jax.jit(jax.grad(killed))
    for at in (tiny, {k: country.p[k] for k in zero}):
        slopes = slope_of({k: jnp.asarray(v) for k, v in at.items()})
        assert all(np.isfinite(v).all() for v in slopes.values()), slopes
    empty = country.start() | {"members": jnp.zeros((3, 4))}
    slope = jax.jit(
        jax.grad(
            lambda m: sum(
                f.sum()
                for f in flows(country.model, country.p, empty | {"members": m}, country.driver())[
                    0
                ]
            )
        )
    )
    assert np.isfinite(slope(empty["members"])).all()


def test_the_order_of_listing_does_not_matter():
    names = LIBRARY
    first, second = Country(*names), Country(*reversed(names))
    awake = {"killed": np.array([1.0, 0, 0, 0]), "captured": np.array([0.0, 0.5, 0, 0])}
    one, two = first.weeks(3, **awake)[0], second.weeks(3, **awake)[0]
    for name, value in one.items():
        np.testing.assert_array_equal(value, two[name], err_msg=name)


@settings(max_examples=10)
@given(st.sampled_from(list(itertools.combinations(LIBRARY, 2))))
def test_any_two_compose(pair):
    one, other = pair
    country = Country(one, other)
    state, _ = jax.eval_shape(country.week)
    assert {k: v.shape for k, v in state.items()} == {
        k: v.shape for k, v in country.start().items()
    }


@pytest.mark.parametrize("name", LIBRARY)
def test_where_a_driver_is_unknown_the_mechanism_is_off(name):
    country = Country(name).unknown_in(2, name)
    awake = AWAKE.get(name, {})
    _, core = Country().week()
    after, given = country.week(disturbed(country), **awake)
    for kind, ours, theirs in zip(Flows._fields, given, core, strict=True):
        if (
            kind == "arrests"
        ):  # national arrests are shared by place: exposure moves them within one
            continue
        np.testing.assert_array_equal(ours[2], theirs[2], err_msg=kind)
    for count in country.model.counts:
        assert np.isnan(after[count][2]) and np.isfinite(after[count][:2]).all()


def declared(**more) -> Mechanism:
    """A small mechanism that someone might write."""
    given = {
        "name": "mine", "function": lambda state, driver, p: Contribution(), "title": "Mine", "essay": "", "grade": "assumed", "equation": "r ← r", "params": (),
    }  # fmt: skip
    return Mechanism(**(given | more))


def composed(*mechanisms):
    from hidra.model.equation import Model

    from .conftest import NETWORK, SHARE, SPREAD

    return Model(NETWORK, SHARE, SPREAD, mechanisms)


def test_reading_what_is_not_declared_is_refused():
    peeping = declared(
        function=lambda state, driver, p: Contribution(rates={"recruitment": state["members"]})
    )
    with pytest.raises(SpecError, match="undeclared") as caught:
        flows(composed(peeping), Country().p, Country().start(), {})
    assert "Declare it" in caught.value.fix


def test_changing_what_is_not_declared_is_refused():
    meddling = declared(
        function=lambda state, driver, p: Contribution(rates={"lethality": jnp.ones(())})
    )
    with pytest.raises(SpecError, match="without declaring"):
        flows(composed(meddling), Country().p, Country().start(), {})


def test_an_unknown_rate_offers_the_closest():
    with pytest.raises(SpecError) as caught:
        composed(declared(rates=("recruitmnt",)))
    assert "recruitment" in caught.value.fix


def test_a_state_that_another_mechanism_brings_names_it():
    with pytest.raises(SpecError, match="which 'arms' brings") as caught:
        composed(declared(reads=("arms",)))
    assert "hears" in caught.value.fix


def test_two_owners_of_one_state_are_refused():
    stock = {"mood": Stock(0.0, ("place",), "mood")}
    with pytest.raises(SpecError, match="belongs to two"):
        composed(declared(states=stock), declared(name="yours", states=stock))


def test_needing_one_another_in_a_circle_is_refused():
    one = declared(name="one", reads=("b",), states={"a": Stock(0.0, ("place",), "a")})
    two = declared(name="two", reads=("a",), states={"b": Stock(0.0, ("place",), "b")})
    with pytest.raises(SpecError, match="circle") as caught:
        composed(one, two)
    assert "hears" in caught.value.fix


def test_a_parameter_without_unit_is_refused():
    with pytest.raises(SpecError) as told:
        Param(name="slope", value=1.0, unit=" ", source="us", doc="slope")
    assert "unit" in told.value.where and "without unit" in told.value.fix
