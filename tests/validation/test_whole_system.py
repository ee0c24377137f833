"""Acceptance checks G7 and G15 in the whole system: 32 states, the posterior that comes with hidra."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from hidra.inference import posterior
from hidra.model.causes import ACTS_ON
from hidra.model.equation import Flows, flows, start
from hidra.model.system import System

FLOW = {"recruits": "recruits", "arrests": "arrests", "member_deaths": "deaths",
        "departures": "departures"}  # fmt: skip
BASIS = posterior.manifest(posterior.place("system"))["basis"]
ON = tuple(BASIS["mechanisms"])


@pytest.fixture(scope="module")
def system():
    """The system in the week of a removal, nothing at rest: every mechanism has something to say."""
    whole = System(ON, start=BASIS["start"], end="2016-12", until="2012-01")
    model, drivers = whole.model, whole.driven
    now = {n: jnp.asarray(v[100]) for n, v in drivers.weekly.items()}
    now |= {n: jnp.asarray(v) for n, v in drivers.fixed.items()}
    now |= {"crackdown": jnp.full(32, 0.5), "follows_rule": jnp.ones(())}
    p = {n: jnp.asarray(v[0]) for n, v in posterior.shipped("system").draws.items()}
    chance = np.random.default_rng(7)
    state = start(model, p)
    for m in model.mechanisms:
        for name in m.states:
            moved = state[name] * 0.8 + 0.05 * chance.random(state[name].shape)
            state[name] = moved.astype(state[name].dtype)
    return model, p, state, now


def changed(model, other, p, state, now):
    """Names of the flows of members that differ between two models in the same state and week."""
    ours, theirs = flows(model, p, state, now)[0], flows(other, p, state, now)[0]
    return {
        name for name, a, b in zip(Flows._fields, ours, theirs, strict=True)
        if not np.array_equal(a, b)
    }  # fmt: skip


def stated(model, name):
    """Flows of members a mechanism multiplies; what it does to others shows the week after."""
    m = next(m for m in model.mechanisms if m.name == name)
    return {FLOW[ACTS_ON[rate]] for rate in (*m.rates, *m.coefficients) if rate in ACTS_ON}


@pytest.mark.parametrize("name", ON)
def test_g7_switching_one_on_changes_exactly_its_stated_flows(system, name):
    """Those that need what it brings are out on both sides: without it they cannot run."""
    model, p, state, now = system
    less = model.without(name, *needing(model, name))
    kept = {m.name for m in less.mechanisms} | {name}
    whole = replace(model, mechanisms=tuple(m for m in model.mechanisms if m.name in kept))
    assert changed(whole, less, p, state, now) == stated(whole, name)


def needing(model, name):
    """Mechanisms that read a state or multiply a rate only this one brings."""
    mine = next(m for m in model.mechanisms if m.name == name)
    brought = {*mine.states, *mine.opens, *mine.counts}
    others = (m for m in model.mechanisms if m.name != name)
    return [m.name for m in others if brought & {*m.reads, *m.rates}]


def test_g7_with_every_mechanism_out_the_states_are_the_core_bit_for_bit(system):
    model, p, state, now = system
    core = System((), start=BASIS["start"]).model
    assert changed(model.without(*ON), core, p, state, now) == set()
    assert changed(model, core, p, state, now) == {"recruits", "arrests", "deaths"}


def test_g15_full_coverage_lowers_recruitment_by_e1_in_every_state(system):
    """Community defence of all residents: recruits fall by exactly e_1, whatever else is on."""
    model, p, state, now = system
    state = {**state, "grown": jnp.zeros_like(state["grown"])} if "grown" in state else state
    none, full = (
        flows(model, p, state, now | {"community": jnp.full(32, share), "known.community_defence":
              jnp.ones(32)})[0].recruits.sum(axis=1)
        for share in (0.0, 1.0)
    )  # fmt: skip
    ratio = np.asarray(full / none)
    np.testing.assert_allclose(ratio, 1.0 - float(p["community_defence.recruiting"]), rtol=1e-5)
