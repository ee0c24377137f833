"""A small country: three places, four groups of which one is a spare slot, made-up drivers."""

from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from hidra.model import mechanisms
from hidra.model.equation import CORE, Model, drawn, start, step
from hidra.model.mechanism import KNOWN
from hidra.model.mechanisms.diversification import SECTORS
from hidra.model.space import Network

PLACES, GROUPS = 3, 4
RIVALS = np.array([[0, 3, 1, 0], [3, 0, 2, 0], [1, 2, 0, 0], [0, 0, 0, 0]], float)
ALLIES = np.zeros((4, 4))
NETWORK = Network(tuple("ABCD"), tuple("ABCD"), RIVALS, ALLIES, np.array([0.5, 0.3, 0.2, 0.0]), 1)
SHARE = np.array([0.5, 0.3, 0.2])
SPREAD = np.array([[0.6, 0.2, 0.5, 1 / 3], [0.4, 0.3, 0.0, 1 / 3], [0.0, 0.5, 0.5, 1 / 3]])

RESTING = {
    "captured": np.zeros(GROUPS),
    "killed": np.zeros(GROUPS),
    "captured_here": np.zeros(PLACES),
    "killed_here": np.zeros(PLACES),
    "seat": np.full(PLACES, 0.2),
    "may_split": 0.0,
    "may_operate": 0.0,
    "precarity": np.array([-1.0, 0.0, 1.5]),
    "young_men": np.array([4e5, 3e5, 2e5]),
    "population": np.array([5e6, 3e6, 2e6]),
    "nearness": np.array([[0.0, 0.5, 0.5], [0.9, 0.0, 0.1], [0.5, 0.5, 0.0]]),
    "border": np.array([1.0, 0.4, 0.0]),
    "ban_in_force": np.zeros(PLACES),
    "rents": np.outer(SHARE, [s.weight for s in SECTORS]),
    "mining_price": np.array([1.0, 1.2, 0.8]),
    "mining_share": np.array([0.0, 0.05, 0.2]),
    "overdose": 1.0,
    "deployment": np.array([1.0, 2.0, 4.0]),
    "remittances": np.array([1.0, 1.3, 0.9]),
    "community": np.array([0.0, 0.1, 1.0]),
    "us_pressure": 0.0,
    "arms_supply": 1.0,
    "arms_seizure": np.zeros(PLACES),
    "drug_supply": 1.0,
    "legal_share": 0.0,
    "laundering": 1.0,
    "crackdown": np.zeros(PLACES),
    "follows_rule": 0.0,
    "deported": np.zeros(PLACES),
    "search": np.ones(PLACES),
    "protected": np.array([[0.5, 0, 0, 0], [0.5, 0, 0, 0], [0, 0, 0, 0]], float),
    "alternation": np.zeros(PLACES),
}


@cache
def compiled(names, dtype):
    """The week of a model with these mechanisms on, compiled once."""
    known = mechanisms.library()
    model = Model(NETWORK, SHARE, SPREAD, tuple(known[name] for name in names), dtype)

    def week(p, state, driver, number):
        luck = jax.tree.map(lambda all_: all_[0], drawn(model, jax.random.key(7), number[None]))
        return step(model, p, state, driver, {}, luck)[:2]

    return model, jax.jit(week)


class Country:
    """A model with some mechanisms on, its parameters at their centres, and its drivers."""

    def __init__(self, *names: str, dtype=jnp.float64):
        self.model, self._week = compiled(names, dtype)
        self.mechanisms = self.model.mechanisms
        self.p = {q.name: q.centre for q in CORE} | {
            f"{m.name}.{q.name}": q.centre for m in self.mechanisms for q in m.params
        }
        self.drivers = dict(RESTING)

    def unknown_in(self, place: int, *names: str) -> Country:
        """Make a driver unknown there for these mechanisms."""
        here = np.ones(PLACES)
        here[place] = 0.0
        self.drivers |= {KNOWN + name: here for name in names}
        return self

    def driver(self, **changed):
        return {k: jnp.asarray(v, float) for k, v in (self.drivers | changed).items()}

    def start(self):
        return start(self.model, self.p)

    def week(self, state=None, number=0, p=None, **changed):
        """One week from `state`: the state after it and the flows."""
        state = self.start() if state is None else state
        given = {k: jnp.asarray(v, float) for k, v in (self.p | (p or {})).items()}
        return self._week(given, state, self.driver(**changed), jnp.uint32(number))

    def weeks(self, count, p=None, **changed):
        """Several weeks under the same drivers: last state, and member flows of each week."""
        state, taken = self.start(), []
        for number in range(count):
            state, given = self.week(state, number, p, **changed)
            taken.append(given)
        return state, taken


@pytest.fixture
def country():
    return Country
