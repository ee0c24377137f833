"""All municipalities: who is where, nothing lost by storing only who is there, errors in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.core import noise
from hidra.core.errors import SourceError, SpecError
from hidra.core.weeks import Weeks
from hidra.model import mechanisms
from hidra.model.cells import Layout
from hidra.model.equation import CORE, Model, flows, start
from hidra.model.simulate import FLOWS, Drivers, Policy, run_months, run_together, run_weeks
from hidra.model.space import (
    LEAST,
    MEMBERS,
    Network,
    Space,
    municipal_nearness,
    within,
    zipf,
)
from hidra.model.system import System
from hidra.run.projection import what_if
from hidra.scenario import Scenario

GROUPS, REGIONS, WEEKS = 4, 2, 12
CODES = ("01001", "01002", "01003", "02001", "02002", "02003")
REGION = np.array([0, 0, 0, 1, 1, 1])
ON = ("leadership_removal", "precarity", "victims")
FEW = settings(max_examples=15)


def groups() -> Network:
    ties = np.array([[0, 3, 1, 0], [3, 0, 2, 0], [1, 2, 0, 1], [0, 0, 1, 0]], float)
    ids = tuple("ABCD")
    return Network(ids, ids, ties, np.zeros((4, 4)), zipf(ties.sum(axis=1))).with_spare(1)


def nested(part: np.ndarray) -> Space:
    return Space(CODES, REGION, part)


DENSE = nested(np.array([0.5, 0.3, 0.2, 0.6, 0.3, 0.1]))
HALVED = Policy(change={"recruitment": np.tile([[1.0], [0.5]], (WEEKS, 1, 1))})  # in one region
THERE = np.array([1, 0, 0, 1, 1, 0])  # where somebody is


def country(sparse: bool) -> tuple[Model, Drivers]:
    """A small country, every place or only those where somebody is."""
    share = np.array([0.6, 0.4])[REGION] * DENSE.part * THERE
    spread = np.repeat((share / share.sum())[:, None], GROUPS + 1, axis=1)
    places, spread = DENSE.occupied(spread) if sparse else (DENSE, spread)
    share = np.array([0.6, 0.4])[places.region] * places.part
    model = Model(groups(), share, spread, mechanisms.find(ON, where="test"), jnp.float64, places)
    struck = np.zeros((WEEKS, GROUPS + 1))
    struck[2, 0] = 1.0
    drivers = Drivers(
        weekly={
            "captured": struck,
            "killed": 0 * struck,
            "captured_here": np.zeros((WEEKS, len(places.codes))),
            "killed_here": np.zeros((WEEKS, len(places.codes))),
            "may_split": np.ones(WEEKS),
        },
        fixed={
            "seat": np.ones(len(places.codes)),
            "precarity": np.array([0.5, -1.0]),
            "population": np.array([6e5, 4e5]),
            "young_men": np.array([6e4, 4e4]),
            "mining_share": np.array([0.1, 0.0]),
            "search": np.ones(2),
        },
    )
    return model, drivers


@cache
def compiled(sparse: bool) -> tuple[Space, Callable[..., dict[str, jax.Array]]]:
    """Some weeks of it."""
    model, drivers = country(sparse)

    def weeks(p, seed):
        key = noise.key(5, seed, "model")
        return run_weeks(model, p, drivers, HALVED, range(WEEKS), key)[1]

    return model.space, jax.jit(weeks)


GRID = Weeks("2012-01", "2012-03")
DRAWS = 5


@cache
def on_cells() -> Callable[..., tuple[object, dict[str, jax.Array]]]:
    """Draws of it on cells, together; and the same one by one, on whole arrays."""
    model, drivers = country(True)
    drivers = Drivers(
        {n: np.resize(v, (len(GRID.first_days), *v.shape[1:])) for n, v in drivers.weekly.items()},
        drivers.fixed,
    )
    cells = replace(model, sparse=True)

    def months(p, seed):
        keys = jax.vmap(lambda n: noise.key(5, n, "model"))(seed + jnp.arange(DRAWS))
        many = {name: jnp.stack([value] * DRAWS) for name, value in p.items()}
        one = jax.vmap(lambda key: run_months(model, p, drivers, Policy(), GRID, key), 0, -1)
        return run_together(cells, many, drivers, None, GRID, keys), one(keys)

    return jax.jit(months)


def run(sparse: bool, given: dict[str, float], seed: int) -> tuple[Space, dict[str, np.ndarray]]:
    places, weeks = compiled(sparse)
    return places, {name: np.asarray(v) for name, v in weeks(valued(given), seed).items()}


def valued(given: dict[str, float]) -> dict[str, jax.Array]:
    """Every parameter of it: at the centre of its prior, or as given."""
    on = mechanisms.find(ON, where="test")
    p = {q.name: q.centre for q in CORE}
    p |= {f"{m.name}.{q.name}": q.centre for m in on for q in m.params}
    p |= {"local_lethality": np.array([1.2, 0.7])}
    return {name: jnp.asarray(value, float) for name, value in (p | given).items()}


extreme = st.fixed_dictionaries(
    {
        "recruitment": st.floats(0, 0.1),
        "enforcement": st.floats(0, 1e3),
        "lethality": st.floats(0, 1e-4),
        "initial_members": st.floats(1e3, 1e5),
        "leadership_removal.split_hazard": st.floats(0, 50),
    }
)


@FEW
@given(extreme, st.integers(0, 99))
def test_storing_only_who_is_there_loses_nothing(given_, seed):
    dense, everywhere = run(False, given_, seed)
    sparse, there = run(True, given_, seed)
    assert sparse.codes == ("01001", "01000", "02001", "02002", "02000")
    np.testing.assert_allclose(sparse.total(sparse.part), 1.0)
    for name, values in everywhere.items():
        ours, theirs = there[name].T, values.T
        if name != "groups":
            ours, theirs = sparse.total(ours), dense.total(theirs)
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, err_msg=name)


@FEW
@given(extreme, st.integers(0, 99))
def test_draws_together_on_cells_are_those_one_by_one_on_whole_arrays(given_, seed):
    """Splits into the slot included: other cells, another order of sums, the same months."""
    (past, ahead, _least, slots), one = on_cells()(valued(given_), seed)
    assert not ahead
    assert slots.shape == (DRAWS,)
    for name, values in one.items():
        np.testing.assert_allclose(past[name], values, rtol=1e-9, atol=1e-9, err_msg=name)


def test_a_group_splits_on_cells_and_the_slot_it_took_is_told():
    split = {"leadership_removal.split_hazard": 50.0, "initial_members": 1e5}
    (_past, _ahead, _least, slots), _ = on_cells()(valued(split), 1)
    assert (np.asarray(slots) == 1).all(), "the capital loses its leader in the third week"


def test_cells_sum_multiply_and_spread_like_the_array_they_stand_for():
    rng = np.random.default_rng(3)
    there = rng.random((5, 4)) < 0.5
    whole = np.where(there, rng.random((5, 4)), 0.0)
    cells = Layout.of(there).take(whole)
    np.testing.assert_array_equal(cells.dense(), whole)
    for axis in (None, 0, 1):
        np.testing.assert_allclose(cells.sum(axis), whole.sum(axis))
    by_place, by_group = rng.random((5, 1)), rng.random(4)
    alike = {
        "*": ((by_place * cells).dense(), by_place * whole),
        "/": ((cells / by_group).dense(), whole / by_group),
        "+": ((cells + cells * by_group).dense(), whole + whole * by_group),
        "-": ((-(cells - 2.0 * cells)).dense(), whole),
        "rows": (by_place[:, 0] @ cells, by_place[:, 0] @ whole),
        "columns": (
            cells @ np.stack([by_group, by_group**2], 1),
            whole @ np.stack([by_group, by_group**2], 1),
        ),
    }
    for name, (ours, theirs) in alike.items():
        np.testing.assert_allclose(ours, theirs, err_msg=name)
    with pytest.raises(TypeError, match="broadcast"):
        cells * np.ones(3)


@FEW
@given(extreme, st.integers(0, 99))
def test_members_are_accounted_for_among_municipalities(given_, seed):
    """Nobody appears or vanishes; a group of less than one member dies."""
    _, found = run(True, given_, seed)
    change = found["recruits"] - sum(found[name] for name in FLOWS if name != "recruits")
    gap = change.sum(axis=1)[:-1] - np.diff(found["members"].sum(axis=1))
    scale = 1e-9 * found["members"].sum(axis=1).max() + 1e-9
    assert (gap >= -scale).all() and (gap <= GROUPS + 1 + scale).all()
    assert all((found[name] >= 0).all() for name in (*FLOWS, "members", "disappeared"))


@st.composite
def residents(draw) -> np.ndarray:
    """Share of six places in the residents of their region."""
    part = np.array(draw(st.lists(st.floats(0.05, 1.0), min_size=6, max_size=6)))
    return part / np.bincount(REGION, part)[REGION]


@settings(max_examples=40)
@given(residents(), st.lists(st.floats(0.01, 1.0), min_size=2, max_size=2))
def test_a_state_keeps_its_members_when_they_are_spread(part, weight):
    outer = np.repeat(np.array(weight)[:, None], GROUPS + 1, axis=1)
    outer = outer / outer.sum(axis=0)
    places = nested(part)
    local = within(groups(), outer, places)
    np.testing.assert_allclose(places.total(local)[:, :GROUPS], outer[:, :GROUPS])
    assert (local[:, GROUPS] == 0).all(), "an empty slot is nowhere"
    sizes = local[:, :GROUPS] * groups().shares[:GROUPS] * MEMBERS
    largest = places.part == np.array([places.part[r == REGION].max() for r in REGION])
    assert (sizes[(sizes > 0) & ~largest[:, None]] >= LEAST).all()


@pytest.fixture(scope="module")
def built():
    """The built-in country by states and by municipalities, with no mechanism."""
    return tuple(
        replace(System(space=space).model, dtype=jnp.float64)
        for space in ("states", "municipalities")
    )


def test_in_the_first_week_every_state_has_the_flows_it_has_as_a_whole(built):
    p = {q.name: q.centre for q in CORE} | {"local_lethality": np.linspace(0.5, 2.0, 32)}
    whole, cut = (flows(m, p, start(m, p), {})[0] for m in built)
    for name in ("recruits", "deaths", "departures"):
        by_state = built[1].space.total(np.asarray(getattr(cut, name).sum(axis=1)))
        np.testing.assert_allclose(
            by_state, np.asarray(getattr(whole, name)).sum(axis=1), rtol=1e-9
        )
    assert float(cut.arrests.sum()) == pytest.approx(float(whole.arrests.sum()))


def test_presence_is_sparse_and_every_municipality_is_somewhere(built):
    cut = built[1]
    assert (cut.spread > 0).mean() < 0.1
    assert len(cut.space.codes) < 1_800
    assert cut.share.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(cut.spread.sum(axis=0)[cut.network.shares > 0], 1.0)
    assert set(cut.space.codes) > {"25006", "20000"}  # Culiacán, and the empty places of Oaxaca


NAMES = Space.municipalities("2012-01").codes


def test_a_municipality_is_near_those_it_touches():
    near = municipal_nearness(NAMES).rows.todense()
    guerrero = {NAMES[column] for column in np.flatnonzero(near[NAMES.index("12001")])}
    assert {"12021", "12053", "12039"} <= guerrero, "Coyuca, San Marcos, Juan R. Escudero"
    assert "12038" not in guerrero, "Zihuatanejo is far off"
    np.testing.assert_allclose(near.sum(axis=1), 1.0)
    assert ((near > 0) == (near > 0).T).all(), "whoever touches is touched"


def test_neighbour_lists_multiply_like_the_matrix_they_stand_for():
    near = municipal_nearness(("12001", "12021", "12053", "12039", "25006"))
    whole, x = np.asarray(near.rows.todense()), np.arange(10.0).reshape(5, 2)
    assert (whole[4] == 0).all(), "nobody there is near Culiacán"
    np.testing.assert_allclose(near @ x, whole @ x)
    np.testing.assert_allclose(near.T @ x, whole.T @ x)
    np.testing.assert_allclose(x[:, 0] @ near, x[:, 0] @ whole)
    assert (near.astype(jnp.float32) @ x.astype("float32")).dtype == jnp.float32


def test_members_move_to_municipalities_they_touch_and_none_is_lost():
    (on,) = mechanisms.find(("moves",), where="test")
    near = municipal_nearness(NAMES)
    members = jnp.zeros((len(NAMES), 2)).at[NAMES.index("25006"), 0].set(1000.0)
    state = {"members": members, "prize": 1.0}
    driver = {"nearness": near, "inward": 1.0}
    after = on.operators[0].apply(state, driver, {"rate": 0.1}, None)["members"]
    assert float(after.sum()) == pytest.approx(1000.0)
    reached = {NAMES[row] for row in np.flatnonzero(np.asarray(after[:, 0]))}
    touched = np.flatnonzero(np.asarray(near.rows.todense())[NAMES.index("25006")])
    assert reached == {"25006", *(NAMES[row] for row in touched)}


def test_where_members_may_arrive_every_municipality_is_a_place():
    on = mechanisms.find(("moves", "displacement", "arms"), where="test")
    model = System(on, space="municipalities").model
    assert model.mechanisms == on
    assert model.space.codes == NAMES


def test_an_unknown_space_offers_the_two():
    with pytest.raises(SpecError, match="space") as caught:
        System(space="towns")
    assert "municipalities" in caught.value.fix


GOOD = "place,node,period\n25006,{node},2010-2014\n25006,{node},2016\n"


def test_a_set_of_presence_says_where_groups_are(tmp_path):
    node = System().model.network.ids[3]
    file = tmp_path / "seen.csv"
    file.write_text(GOOD.format(node=node), encoding="utf-8")
    cut = System(space="municipalities", presence=file).model
    column = cut.spread[:, 3]
    assert [code for code, part in zip(cut.space.codes, column, strict=True) if part] == ["25006"]
    assert (cut.spread[:, 4] > 0).sum() > 1, "a group the set never saw follows its state"


@pytest.mark.parametrize(
    ("text", "said", "cure"),
    [
        ("place,node\n25006,N10003\n", "lacks period", "columns place, node, period"),
        ("place,node,period\n", "lacks rows", "one row a place"),
        ("place,node,period\n25,N10003,2012\n", "'25' is not the code", "five characters"),
        ("place,node,period\n9002,N10003,2012\n", "'9002' is not the code", "lose their zero"),
        ("place,node,period\n25006,N1003,2012\n", "N1003", "table `group`"),
        ("place,node,period\n25006,N10003,2014-2012\n", "not a period", "2014-2018"),
        ("place,node,period\n25006,N10003,spring\n", "not a period", "2016"),
    ],
)
def test_a_wrong_set_of_presence_is_refused_with_its_line(tmp_path, text, said, cure):
    file = tmp_path / "wrong.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=said) as caught:
        System(space="municipalities", presence=file)
    assert cure in caught.value.fix
    assert str(file) in caught.value.where


def test_a_missing_set_of_presence_is_said_in_words(tmp_path):
    with pytest.raises(SourceError, match="cannot be read"):
        System(space="municipalities", presence=tmp_path / "none.csv")


@pytest.mark.slow
def test_a_municipal_draw_agrees_with_a_draw_of_the_states():
    """Eight years: national totals within 6 %; what is lost is what concentration saturates."""
    on, end = ("leadership_removal", "precarity"), "2019-12"
    states, towns = (
        System(on, end=end, until="2019-11", space=space) for space in ("states", "municipalities")
    )
    p = {q.name: q.centre for q in states.dynamics}
    whole, found = (
        jax.jit(lambda p, s=system: s.program.draw(p, 1, 0).past)(p) for system in (states, towns)
    )
    for name in ("members", "member_deaths", "recruits", "arrests"):
        assert float(found[name].sum()) == pytest.approx(float(whole[name].sum()), rel=0.06), name


@pytest.fixture(scope="module")
def halved(quick_forecast):
    return what_if(
        {"half": Scenario(start="2027-01", change={"recruitment": 0.5}, places=("25",))},
        posterior="small", end="2027-12", draws=2, space="municipalities",
    )  # fmt: skip


@pytest.mark.slow
def test_scenarios_run_on_municipalities_with_the_posterior_of_the_states(halved):
    assert halved["scenario"].values.tolist() == ["no_change", "half"]
    recruits = halved["recruits"].sel(year=2027).mean("draw")
    there = halved["place"].str.startswith("25") & (recruits.sel(scenario="no_change") > 0)
    share = recruits.sel(scenario="half") / recruits.sel(scenario="no_change")
    # fewer members there also weigh less in how precarity acts, in rich places the other way
    assert (share[there] < 0.7).all()
    elsewhere = ~halved["place"].str.startswith("25") & np.isfinite(share)
    np.testing.assert_allclose(share[elsewhere], 1.0, rtol=0.02)
    past = halved.sel(year=slice(None, 2026))
    for name in ("members", "recruits", "inegi_homicides_expected"):
        np.testing.assert_array_equal(*past[name].transpose("scenario", ...).values)


@pytest.mark.slow
def test_expected_homicides_of_municipalities_sum_to_about_those_of_the_states(halved):
    """The same draws, noise and discrepancy: they part only as concentration saturates."""
    states = what_if({}, posterior="small", end="2027-12", draws=2)
    whole = states["inegi_homicides_expected"].sel(scenario="no_change").sum("place")
    ours = halved["inegi_homicides_expected"].sel(scenario="no_change").sum("place")
    yearly = whole.groupby("month.year").sum()
    np.testing.assert_allclose(ours.sel(year=2020), yearly.sel(year=2020), rtol=0.05)
