"""What must hold for any parameters: stocks, conservation, order, absence, cutting a run in two."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hidra.core import noise
from hidra.model import mechanisms
from hidra.model.equation import Model, flows, start
from hidra.model.mechanism import Contribution, Operator, Stock
from hidra.model.mechanism import mechanism as mechanism_of
from hidra.model.mechanisms.leadership_removal import divide
from hidra.model.simulate import FLOWS, Drivers, Policy, run_weeks
from hidra.model.space import Network, zipf

GROUPS, PLACES, WEEKS = 5, 3, 30
CORE = ("recruitment", "enforcement", "lethality", "saturation", "initial_members")
M2 = mechanisms.library()["leadership_removal"]
M1 = mechanisms.library()["precarity"]
FEW = settings(max_examples=25)


def small_network(seed=1):
    weights = np.random.default_rng(seed)
    ties = np.triu(weights.integers(0, 4, (GROUPS, GROUPS)), 1).astype(float)
    allies = np.triu(weights.integers(0, 3, (GROUPS, GROUPS)), 1).astype(float)
    rivals, alliances = ties + ties.T, allies + allies.T
    ids = tuple(f"N{i}" for i in range(GROUPS))
    return Network(ids, ids, rivals, alliances, zipf(rivals.sum(axis=1))).with_spare(2)


def small_model(mechanisms=(M1, M2), dtype=jnp.float64):
    share = np.array([0.5, 0.3, 0.2])
    spread = np.repeat(share[:, None], GROUPS + 2, axis=1)
    spread[:, 1] = [1.0, 0.0, 0.0]
    return Model(small_network(), share, spread, tuple(mechanisms), dtype)


def small_drivers(killed=1.0, split=1.0):
    events = np.zeros((WEEKS, GROUPS + 2))
    events[4, 0] = 1.0
    here = np.zeros((WEEKS, 3))
    here[4, 0] = 0.2
    return Drivers(
        weekly={"captured": events, "killed": killed * np.roll(events, 8, 0),
                "captured_here": here, "killed_here": killed * np.roll(here, 8, 0),
                "may_split": np.full(WEEKS, split)},
        fixed={"seat": np.full(3, 0.2), "precarity": np.array([-1.0, 0.2, 1.5]), "young_men": np.array([5e4, 3e4, 2e4])},
    )  # fmt: skip


def middle(mechanisms=(M1, M2)):
    p = {"recruitment": 2.5e-3, "enforcement": 20.0, "lethality": 2e-7, "saturation": 4e-7,
         "initial_members": 1e4}  # fmt: skip
    return p | {f"{m.name}.{q.name}": q.centre for m in mechanisms for q in m.params}


@jax.jit
def simulated(p, seed):
    """The small world with both mechanisms on."""
    key = noise.key(7, seed, "model")
    return run_weeks(small_model(), p, small_drivers(), Policy(), range(WEEKS), key)


def positive(low, high):
    return st.floats(low, high, allow_nan=False)


extreme = st.fixed_dictionaries(
    {
        "recruitment": positive(0, 1),
        "enforcement": positive(0, 1e5),
        "lethality": positive(0, 1e-2),
        "saturation": positive(0, 1e-2),
        "initial_members": positive(1, 1e6),
        "leadership_removal.succession": positive(0, 1e4),
        "leadership_removal.opportunity": positive(0, 1e4),
        "leadership_removal.split_hazard": positive(0, 50),
        "leadership_removal.split_weight": positive(0, 1e3),
        "leadership_removal.damage": positive(0, 1),
        "precarity.slope": positive(-3, 3),
        "precarity.ceiling": positive(0, 1),
    }
)


NEARLY_ALONE = {  # one group is nearly everybody: what is left of a rounded sum was below zero
    "recruitment": 0.75, "enforcement": 0.0, "lethality": 2**-8, "saturation": 2**-7,
    "initial_members": 1.0, "leadership_removal.succession": 0.0,
    "leadership_removal.opportunity": 1.0, "leadership_removal.split_hazard": 0.0,
    "leadership_removal.split_weight": 0.0, "leadership_removal.damage": 1.0,
    "precarity.slope": 2.375, "precarity.ceiling": 0.5,
}  # fmt: skip


@FEW
@given(extreme, st.integers(0, 2**31))
@example(NEARLY_ALONE, 0)
def test_stocks_and_flows_stay_finite_and_non_negative(p, seed):
    (last, _), series = simulated(middle() | p, seed)
    for name, array in {**series, **last}.items():
        assert np.isfinite(array).all(), name
        assert (np.asarray(array) >= 0).all(), name
    assert (np.asarray(last["leadership"]) <= 1).all()


@FEW
@given(extreme, st.integers(0, 2**31))
def test_members_are_accounted_for(p, seed):
    """What was there, plus recruits, minus losses, is there: nobody appears or vanishes.

    Groups that fall below one member in the country die; they hold less than one person each.
    """
    (last, _), series = simulated(middle() | p, seed)
    change = series["recruits"] - sum(series[name] for name in FLOWS if name != "recruits")
    expected = series["members"][0].sum() + change.sum()
    found = last["members"].sum()
    dead = WEEKS * (GROUPS + 2)
    assert -1e-6 * abs(expected) - 1e-6 <= expected - found <= dead + 1e-6 * abs(expected)


@FEW
@given(st.floats(0, 1), st.integers(0, GROUPS - 1), st.floats(0, 100))
def test_a_split_conserves_members_in_every_place(share, parent, weight):
    before = {**start(small_model(), middle()), "leadership": jnp.full(GROUPS + 2, 0.4)}
    child = GROUPS
    after = divide(before, parent, child, jnp.asarray(share), jnp.asarray(weight))
    np.testing.assert_allclose(after["members"].sum(1), before["members"].sum(1), rtol=1e-12)
    ties = np.asarray(after["split_rivals"][0])
    assert ties[child] == 0 and ties[parent] == pytest.approx(weight)
    inherited = np.delete(np.arange(GROUPS + 2), [parent, child])
    np.testing.assert_array_equal(ties[inherited], before["rivals"][parent][inherited])


def test_a_group_that_split_off_splits_again_and_all_ties_stay_mutual():
    before = {**start(small_model(), middle()), "leadership": jnp.ones(GROUPS + 2)}
    first, second, half = GROUPS, GROUPS + 1, jnp.asarray(0.5)
    once = before | divide(before, 2, first, half, jnp.asarray(7.0))
    twice = divide(once, first, second, half, jnp.asarray(3.0))
    ties = np.asarray(twice["split_rivals"])
    np.testing.assert_array_equal(ties[:, GROUPS:], [[0.0, 3.0], [3.0, 0.0]])
    assert ties[1, 2] == ties[0, 2] == 7.0, "the parent's tie to its own parent is inherited"
    others = np.array([0, 1, 3, 4])
    np.testing.assert_array_equal(ties[:, others], [before["rivals"][2][others]] * 2)


def test_pressure_counts_every_tie_of_the_network_and_of_groups_that_split_off():
    """Against the plain product with one matrix of all ties."""
    model, p = small_model(()), middle(())
    state = {**start(model, p), "leadership": jnp.ones(GROUPS + 2)}
    state |= divide(state, 1, GROUPS, jnp.asarray(0.4), jnp.asarray(7.0))
    state |= divide(state, GROUPS, GROUPS + 1, jnp.asarray(0.5), jnp.asarray(3.0))
    members, ties = np.asarray(state["members"]), np.array(state["rivals"])
    ties[GROUPS:] = state["split_rivals"]
    ties[:GROUPS, GROUPS:] = ties[GROUPS:, :GROUPS].T
    pressure = members @ (ties + 1.0 - np.eye(GROUPS + 2)) / (np.asarray(state["allies"]) + 1.0)
    fights = model.rescale[0] / model.share[:, None]
    deaths = flows(model, p, state, {})[0].deaths
    np.testing.assert_allclose(deaths, p["lethality"] * fights * members * pressure, rtol=1e-12)


def test_the_order_of_places_cannot_matter():
    model, drivers, order = small_model(), small_drivers(), [2, 0, 1]
    moved = Model(model.network, model.share[order], model.spread[order], model.mechanisms)
    fixed = {name: v[order] for name, v in drivers.fixed.items()}
    here = ("captured_here", "killed_here")
    weekly = {n: v[:, order] if n in here else v for n, v in drivers.weekly.items()}
    key = noise.key(7, 3, "model")
    _, here = run_weeks(model, middle(), drivers, Policy(), range(WEEKS), key)
    _, there = run_weeks(moved, middle(), Drivers(weekly, fixed), Policy(), range(WEEKS), key)
    np.testing.assert_allclose(there["members"], here["members"][:, order], rtol=1e-10)


def test_the_order_of_mechanisms_cannot_matter():
    key = noise.key(7, 3, "model")
    runs = [
        run_weeks(small_model(order), middle(), small_drivers(), Policy(), range(WEEKS), key)[1]
        for order in ((M1, M2), (M2, M1))
    ]
    for name in runs[0]:
        np.testing.assert_array_equal(runs[0][name], runs[1][name])


@pytest.mark.parametrize(
    ("on", "zero"),
    [
        (M1, {"precarity.slope": 0.0, "precarity.ceiling": 1.0}),
        (M2, {"leadership_removal.succession": 0.0, "leadership_removal.opportunity": 0.0,
              "leadership_removal.split_hazard": 0.0, "leadership_removal.vacuum": 0.0}),
    ],
)  # fmt: skip
def test_zero_parameters_are_a_mechanism_that_is_off(on, zero):
    """A slope of zero leaves only the ceiling, which is far away here; zero gains leave nothing."""
    key = noise.key(7, 3, "model")
    drivers = small_drivers()
    drivers.fixed["young_men"] = np.full(PLACES, 1e30)
    args = (drivers, Policy(), range(WEEKS), key)
    _, with_zero = run_weeks(small_model((on,)), middle((on,)) | zero, *args)
    _, without = run_weeks(small_model(()), middle(()), *args)
    for name in FLOWS:
        np.testing.assert_allclose(with_zero[name], without[name], rtol=1e-12)


@pytest.mark.parametrize("cut", [pytest.param(5, marks=pytest.mark.slow), 20])
def test_a_run_cut_in_two_is_the_whole_run(cut):
    """Cut just after a removal, and in the middle of a dose."""
    model, p, key = small_model(), middle(), noise.key(7, 11, "model")
    dose = np.where(np.arange(WEEKS) > 12, 40.0, 0.0)
    args = (model, p, small_drivers(), Policy(dose={"enforcement": dose}))
    end, whole = run_weeks(*args, range(WEEKS), key)
    carry, first = run_weeks(*args, range(cut), key)
    again, second = run_weeks(*args, range(cut, WEEKS), key, carry)
    for name in whole:
        np.testing.assert_allclose(
            np.concatenate([first[name], second[name]]), whole[name], rtol=1e-12
        )
    np.testing.assert_allclose(again[0]["members"], end[0]["members"], rtol=1e-12)


def test_gradients_are_finite_where_a_parameter_is_zero():
    """Off means zero, and a sampler must be able to leave zero."""

    def deaths(p):
        args = (small_drivers(split=0.0), Policy(), range(WEEKS), noise.key(0, 0, "x"))
        return run_weeks(small_model(), p, *args)[1]["member_deaths"].sum()

    p = {k: jnp.asarray(0.0 if k not in CORE else v) for k, v in middle().items()}
    for name, slope in jax.grad(deaths)(p).items():
        assert np.isfinite(slope), name


@mechanism_of(
    title="Luck", essay="none: a mechanism of this test", grade="assumed",
    equation="x ~ U(0, 1)", params=(), states={"luck": Stock(0.0, ("group",), "the number drawn last")},
    operators=(
        Operator(
            "draw", "move", ("luck",),
            lambda state, driver, p, key: {
                **state, "luck": noise.uniform(key, range(GROUPS + 2)).astype(state["luck"].dtype)
            },
            "keeps the numbers it drew",
        ),
    ),
)  # fmt: skip
def luck(state, driver, p):
    """Draw and keep, change nothing."""
    return Contribution()


def test_switching_one_mechanism_off_changes_no_draw_of_another():
    args = (small_drivers(), Policy(), range(WEEKS), noise.key(7, 3, "model"))
    (with_splits, _), _ = run_weeks(small_model((luck, M2)), middle((M2,)), *args)
    (alone, _), _ = run_weeks(small_model((luck,)), middle(()), *args)
    assert with_splits["luck"].std() > 0.1
    np.testing.assert_array_equal(with_splits["luck"], alone["luck"])


def test_a_network_that_an_operator_redraws_is_followed():
    """As a constant it is a list of rivals, else a matrix: both say the same."""
    truce = Operator(
        "truce", "event", ("rivals",), lambda s, d, p, _: {"rivals": 0.5 * s["rivals"]}, "a truce"
    )
    peace = mechanism_of(
        title="Truce", essay="", grade="assumed", equation="", params=(),
        operators=(truce,),
    )(lambda state, driver, p: Contribution())  # fmt: skip
    model, p = small_model((M1, peace)), middle((M1,))
    fixed = small_model((M1,))
    assert model.redrawn and not fixed.redrawn
    state, driver = start(model, p), small_drivers().fixed
    for name in flows(fixed, p, state, driver)[0]._fields:
        one, other = (getattr(flows(m, p, state, driver)[0], name) for m in (model, fixed))
        np.testing.assert_allclose(one, other, rtol=1e-12)
    half = {**state, "rivals": 0.5 * state["rivals"]}
    fewer = flows(model, p, half, driver)[0].deaths.sum()
    assert fewer < flows(model, p, state, driver)[0].deaths.sum()
