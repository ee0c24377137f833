"""What a scenario may act on, and that it acts as it says: factor, value, stop, place, month."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.core import noise
from hidra.core.errors import SpecError
from hidra.core.param import LogNormal, Param
from hidra.core.weeks import Weeks
from hidra.model.equation import Model, national, start
from hidra.model.mechanism import Contribution, Count, Operator, Stock, Tally
from hidra.model.mechanism import mechanism as mechanism_of
from hidra.model.series import states
from hidra.model.simulate import (
    NO_CHANGE,
    Drivers,
    Policy,
    branch,
    months_after,
    months_before,
    policies,
    run_months,
    run_span,
    run_weeks,
)
from hidra.model.space import Network
from hidra.model.system import System
from hidra.scenario import Scenario
from hidra.scenario.refusals import check

WEEKS = Weeks("2020-01", "2020-09")
COUNT = len(WEEKS.first_days)
DECAY = Param(name="decay", value=LogNormal(median=0.1, log_sd=0.5), unit="1/week", source="a",
              doc="a")  # fmt: skip


def stamp(state, driver, p, key):
    """Mark the week: an operator that writes each week anew, as drawn operations do."""
    del driver, p, key
    return {"mark": state["mark"] + 1.0}


@mechanism_of(
    title="Store", essay="none", grade="assumed", equation="x",
    reads=("store", "mark"), rates=("recruitment",), flows=("store",), drivers=("inflow",),
    states={"store": Stock(1.0, ("place",), "a store"), "mark": Stock(0.0, ("place",), "weeks")},
    operators=(Operator("stamp", "event", ("mark",), stamp, "counts weeks"),),
    counts={"stored": Count("things", "things")},
    tally=lambda state, given, driver, p: Tally(counts={"stored": state["store"]}),
    params=(DECAY,),
)  # fmt: skip
def store(state, driver, p):
    """A store that fills and decays, and recruits."""
    flow = driver["inflow"] - p["decay"] * state["store"]
    return Contribution(rates={"recruitment": state["store"][:, None]}, flows={"store": flow})


def world_of(places=32):
    ties = Network(("A", "B"), ("A", "B"), np.ones((2, 2)) - np.eye(2), np.zeros((2, 2)),
                   np.array([0.6, 0.4]))  # fmt: skip
    share = np.full(places, 1 / places)
    return Model(ties, share, np.repeat(share[:, None], 2, axis=1), (store,), jnp.float64)


P = {"recruitment": 2e-3, "enforcement": 5.0, "lethality": 1e-8, "saturation": 1e-8,
     "initial_members": 1e4, "store.decay": 0.1}  # fmt: skip
DRIVERS = Drivers(weekly={"inflow": np.full((COUNT, 32), 0.1)})
JUNE = "2020-06"
JUNE_WEEK = WEEKS.from_month(JUNE)


def followed(wanted, also=None):
    """Return the weeks of no change and of one scenario; `also` is another that runs beside it."""
    every = policies({"wanted": wanted} | ({"also": also} if also else {}), WEEKS, DRIVERS)
    key = noise.key(1, 0, "model")
    run = jax.jit(lambda policy: run_weeks(world_of(), P, DRIVERS, policy, range(COUNT), key)[1])
    return run(every[NO_CHANGE]), run(every["wanted"])


def test_nothing_changes_before_the_start():
    base, changed = followed(Scenario(start=JUNE, change={"recruitment": 0.5}, set={"inflow": 0.0}))
    for name in base:
        np.testing.assert_array_equal(base[name][:JUNE_WEEK], changed[name][:JUNE_WEEK])
    assert (changed["recruits"][JUNE_WEEK] < base["recruits"][JUNE_WEEK]).all()


def test_a_parameter_is_multiplied_or_set():
    base, doubled = followed(Scenario(start=JUNE, change={"store.decay": 2.0}))
    _, same = followed(Scenario(start=JUNE, set={"store.decay": 0.2}))
    np.testing.assert_allclose(doubled["stored"], same["stored"])
    assert float(doubled["stored"][-1, 0]) == pytest.approx(0.5, abs=0.05)
    assert float(base["stored"][-1, 0]) == pytest.approx(1.0)


def test_a_driver_moves_only_in_the_places_named():
    base, changed = followed(Scenario(start=JUNE, set={"inflow": 0.3}, places=("25",)))
    sinaloa = states().index("25")
    others = [i for i in range(32) if i != sinaloa]
    assert float(changed["stored"][-1, sinaloa]) > 2.0
    np.testing.assert_array_equal(changed["stored"][:, others], base["stored"][:, others])


def test_a_rate_may_change_in_some_places_only():
    base, changed = followed(Scenario(start=JUNE, change={"recruitment": 0.0}, places=("01", "02")))
    assert float(changed["recruits"][-1, :2].sum()) == 0.0
    assert float(changed["recruits"][JUNE_WEEK, 2]) == float(base["recruits"][JUNE_WEEK, 2])


def test_a_stopped_mechanism_multiplies_by_one_rests_and_counts_nothing():
    moved = Scenario(start=JUNE, set={"inflow": 0.3})
    stop = Scenario(start=JUNE, set={"inflow": 0.3}, off=("store",))
    _, full = followed(moved, also=stop)
    _, none = followed(stop, also=moved)
    assert (full["recruits"][-1] > 1.2 * none["recruits"][-1]).all()
    assert np.isnan(none["stored"][JUNE_WEEK:]).all() and np.isfinite(full["stored"]).all()


def test_an_operator_of_a_stopped_mechanism_rests_too():
    every = policies({"x": Scenario(start=JUNE, off=("store",))}, WEEKS, DRIVERS)
    key = noise.key(1, 0, "model")
    (state, _), _ = run_weeks(world_of(), P, DRIVERS, every["x"], range(COUNT), key)
    assert float(state["mark"].max()) == 0.0
    (state, _), _ = run_weeks(world_of(), P, DRIVERS, every[NO_CHANGE], range(COUNT), key)
    assert float(state["mark"].max()) == COUNT


def test_a_driver_that_is_set_is_known_from_then_on():
    """Unknown until then, its mechanism was off there; what somebody sets is known."""
    known = np.zeros((COUNT, 32), dtype=bool)
    known[:, 0] = True
    drivers = Drivers(DRIVERS.weekly, gaps={"store": {"inflow": known}})
    every = policies(
        {"x": Scenario(start=JUNE, set={"inflow": 0.2}, places=("02",))}, WEEKS, drivers
    )
    mask = every["x"].driver["known.store"]
    assert mask[JUNE_WEEK:, :2].all() and not mask[:JUNE_WEEK, 1].any() and not mask[:, 2:].any()
    np.testing.assert_array_equal(every[NO_CHANGE].driver["known.store"], known)


months = st.sampled_from(["2020-03", "2020-09"])
factors = st.floats(0, 4)


@settings(max_examples=5)
@given(months, months, factors, st.floats(0, 1), st.floats(-10, 10).filter(lambda d: abs(d) > 0.1))
def test_branching_is_the_same_as_running_each_scenario_alone(one, other, factor, value, dose):
    scenarios = {
        "one": Scenario(start=one, change={"recruitment": factor}, set={"inflow": value}),
        "other": Scenario(start=other, change={"store.decay": factor}, dose={"recruitment": dose}),
    }
    every = policies(scenarios, WEEKS, DRIVERS)
    first = branch({"first": Scenario(start=min(one, other))}, WEEKS)
    past, ahead, least = branched([*every.values()], first)
    assert all(dosed["recruitment"].shape == () for dosed in least)
    for after, policy in zip(ahead, every.values(), strict=True):
        alone = ALONE(policy)
        for name in alone:
            months = np.concatenate([past[name], after[name]])
            np.testing.assert_allclose(months, alone[name], rtol=1e-12)


def branched(every, at):
    """Return the months before a week, those after for each policy, and the least doses."""
    model, last_week = world_of(), len(WEEKS.first_days)
    begin, series, _ = SPAN(every[0], start(model, P), 0, at)
    last, past = months_before(model, series[:at], WEEKS, at)
    ahead, least = [], []
    for policy in every:
        _, series, dosed = SPAN(policy, begin, at, last_week)
        ahead.append(months_after(model, last, series[at:], WEEKS, at))
        least.append(dosed)
    return past, ahead, least


SPAN = jax.jit(
    lambda policy, *span: run_span(
        world_of(), P, DRIVERS, policy, WEEKS, noise.key(1, 0, "model"), *span
    )
)
ALONE = jax.jit(
    lambda policy: run_months(world_of(), P, DRIVERS, policy, WEEKS, noise.key(1, 0, "model"))
)


def test_months_are_the_weights_of_their_weeks():
    index, share = WEEKS.parts()
    weekly = np.random.default_rng(1).random((COUNT, 3))
    np.testing.assert_allclose(
        (share[:, :, None] * weekly[index]).sum(axis=1), WEEKS.share() @ weekly, rtol=1e-12
    )


def test_with_no_scenario_everything_is_shared_history():
    assert branch({}, WEEKS) == COUNT
    months, ahead, _ = branched([*policies({}, WEEKS, DRIVERS).values()], COUNT)
    assert [after["members"].shape for after in ahead] == [(0, 32)]
    whole = ALONE(Policy())
    np.testing.assert_allclose(months["members"], whole["members"], rtol=1e-14)


@pytest.mark.parametrize(
    ("wanted", "what"),
    [
        (Scenario(start="2020-06"), "changes nothing"),
        (Scenario(start="2020-06", change={"recruitment": float("nan")}), "cannot be multiplied"),
        (Scenario(start="2020-06", set={"recruitment": float("nan")}), "lies between"),
        (Scenario(start="2020-06", set={"initial_members": 1e5}), "no rate, driver or parameter"),
        (Scenario(start="2020-06", dose={"arms_supply": 2}), "no core rate"),
        (Scenario(start="2019-12", change={"recruitment": 0.5}), "before the data end"),
        (Scenario(start="2021-01", change={"recruitment": 0.5}), "after the study ends"),
    ],
)
def test_from_python_too_a_bad_scenario_is_refused(wanted, what):
    system = System(("precarity",), start="2019-01", end="2020-12", until="2019-12")
    with pytest.raises(SpecError, match=what) as error:
        check({"mine": wanted}, system)
    assert error.value.fix and "mine" in error.value.where


@pytest.mark.parametrize("start", ["2020-13", "soon", "2020-1"])
def test_a_scenario_starts_in_a_month(start):
    with pytest.raises(SpecError, match="not a month"):
        Scenario(start=start, change={"recruitment": 0.5})


def test_a_scenario_made_in_python_says_what_is_wrong_as_a_file_does():
    with pytest.raises(SpecError, match="chang") as error:
        Scenario(start="2020-01", chang={"recruitment": 0.5})
    assert error.value.fix == "Did you mean change?" and "Scenario" in error.value.where


def test_one_mechanism_and_one_place_need_no_brackets():
    one = Scenario(start="2020-01", off="leadership_removal", places="25")
    assert one == Scenario(start="2020-01", off=("leadership_removal",), places=("25",))


def test_the_one_place_model_knows_policies_too():
    ties = world_of().network
    _, weekly = run_weeks(
        national(ties), {k: v for k, v in P.items() if "." not in k}, Drivers(),
        Policy(change={"recruitment": np.zeros(COUNT)}), range(4), noise.key(1, 0, "x"),
    )  # fmt: skip
    assert float(weekly["recruits"].sum()) == 0.0


@pytest.mark.parametrize(
    ("said", "codes"),
    [("Sinaloa", ("25",)), (["Jalisco", "25"], ("14", "25")), (9, ("09",)), ("", None),
     (["Jalsco"], None)],
)  # fmt: skip
def test_places_are_named_or_coded(said, codes):
    asked = {"start": "2027-01", "off": "victims", "places": said}
    if codes is None:
        with pytest.raises(SpecError, match="There is no place called"):
            Scenario(**asked)
    else:
        assert Scenario(**asked).places == codes
