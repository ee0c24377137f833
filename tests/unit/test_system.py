"""A system holds every input: nothing of one simulation reaches the next, and what is equal is shared."""

import os
import pickle
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import hidra
from hidra.core.errors import SourceError, SpecError
from hidra.model.equation import CORE, flows, start
from hidra.model.space import Space
from hidra.model.system import _going, branching
from hidra.scenario.ensemble import LABELS
from hidra.study import Study

ON = ("us_pressure", "leadership_removal")
SMALL = Path(__file__).parents[2] / "studies" / "small.yaml"
END = "2012-06"


def pressure(value, month="2012-02"):
    rows = {"driver": "us_pressure", "place": "00", "month": month, "value": value}
    return pd.DataFrame([rows])


def same(one, other):
    assert set(one.data_vars) == set(other.data_vars)
    for name in one.data_vars:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


def test_a_simulation_without_a_fit_gives_the_results_contract():
    system = hidra.System(
        mechanisms=ON, drivers=pressure(1.0), space="states", start="2012-01", end=END
    )
    found = system.simulate(draws=2, seed=1)
    assert isinstance(found, xr.Dataset)
    assert set(LABELS) <= set(found.data_vars)
    assert found["member_deaths"].dims == ("scenario", "draw", "month", "place")
    assert dict(found.sizes) == {"scenario": 1, "draw": 2, "month": 6, "place": 32}
    assert found.attrs["posterior"] == "prior" and found.attrs["fingerprint"] == system.fingerprint
    months = found["inegi_homicides_expected"].sel(scenario="no_change").sum("place")
    recorded = hidra.table("homicides_inegi_state_month")
    assert len(recorded) and 0.3 < float(months.mean()) / 2150 < 3, "the level is what was recorded"
    same(found, system.simulate(draws=2, seed=1))
    other = system.simulate(draws=2, seed=2)
    assert not np.array_equal(other["member_deaths"], found["member_deaths"])


def test_a_parameter_that_is_fixed_has_its_number_whatever_the_posterior():
    mechanisms = ("leadership_removal", "precarity")
    free, none = (
        hidra.System(mechanisms, end="2012-03", parameters=p) for p in ({}, {"recruitment": 0.0})
    )
    assert float(free.simulate(draws=1, posterior="small")["recruits"].sum()) > 0
    assert float(none.simulate(draws=1, posterior="small")["recruits"].sum()) == 0


def test_the_drivers_of_a_file_are_those_of_a_frame(tmp_path):
    file = tmp_path / "mine.csv"
    pressure(1.0).to_csv(file, index=False)
    of_file, of_frame = (hidra.System(ON, given, end=END) for given in (file, pressure(1.0)))
    assert of_file == of_frame and hash(of_file) == hash(of_frame)
    said = pressure(1.0, "2012-02-15").assign(place="México (país)")
    assert hidra.System(ON, said, end=END) == of_frame, "a name is its code, a day its month"
    pressure(2.0).to_csv(file, index=False)
    assert hidra.System(ON, file, end=END) != of_file, "an edited file is read again"


def test_two_studies_in_one_process_equal_each_alone(tmp_path):
    """The second took the drivers of the first, 5 per cent off, in silence."""
    studies = []
    for name, value in (("a", 3.0), ("b", -3.0)):
        file = tmp_path / f"{name}.csv"
        file.write_text(
            f"driver,place,month,value\nprecarity,00,2012-02,{value}\n", encoding="utf-8"
        )
        one = Study.load(SMALL).with_(driver_files=[str(file)], draws=1)
        studies.append(one.system().with_(end=END))
    before = dict(os.environ)
    plain = Study.load(SMALL).system().with_(end=END)
    a, b, none = (s.simulate(draws=1, posterior="small") for s in (*studies, plain))
    branching.cache_clear()
    for system, first in zip((plain, *studies[::-1]), (none, b, a), strict=True):
        same(system.simulate(draws=1, posterior="small"), first)
    assert not np.array_equal(a["recruits"], b["recruits"])
    assert not np.array_equal(none["recruits"], b["recruits"])
    assert dict(os.environ) == before, "nothing writes the environment"


MINE = '''
from hidra import Contribution, Normal, Param, mechanism
from jax.numpy import exp
FACTOR = {factor}

@mechanism(title="m", essay="own", grade="assumed", equation="x",
           rates=("recruitment",), drivers=("precarity",),
           params=(Param(name="slope", value=Normal(loc=0.0, scale=0.1), unit="1", source="a",
                         doc="a"),))
def mine(state, driver, p):
    """Multiply recruitment."""
    return Contribution(rates={{"recruitment": FACTOR * exp(p["slope"] * driver["precarity"])[:, None]}})
'''


def test_a_mechanism_of_ones_own_is_read_again_when_it_was_edited(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(MINE.format(factor=1.0), encoding="utf-8")
    first = hidra.System((file, "precarity"), end=END)
    assert first == hidra.System((file, "precarity"), end=END) == pickle.loads(pickle.dumps(first))
    plain = first.simulate(draws=1, seed=3)
    file.write_text(MINE.format(factor=2.0), encoding="utf-8")
    second = hidra.System((file, "precarity"), end=END)
    assert first != second and first.names == second.names == ("mine", "precarity")
    double = second.simulate(draws=1, seed=3)["recruits"].isel(month=0).sum()
    assert float(double / plain["recruits"].isel(month=0).sum()) == pytest.approx(2.0, rel=0.05)


def test_a_mechanism_made_in_a_session_goes_to_the_workers():
    @hidra.mechanism(
        title="m", essay="own", grade="assumed", equation="x",
        rates=("recruitment",), params=(),
    )  # fmt: skip
    def half(state, driver, p):
        return hidra.Contribution(rates={"recruitment": jnp.full((32, 1), 0.5)})

    system = hidra.System((half,), end="2012-03")
    assert pickle.loads(pickle.dumps(system)) == system
    same(system.simulate(draws=2, seed=1, workers=2), system.simulate(draws=2, seed=1))


def test_seeds_rates_months_and_numbers_of_scenarios_compile_nothing_anew():
    """What takes weeks to compile is compiled once: only where something is stopped, once more."""
    system = hidra.System(("precarity", "arms"), end="2012-06", until="2012-03")
    Change = hidra.Scenario

    def ask(*scenarios, seed=1):
        wanted = {f"n{number}": one for number, one in enumerate(scenarios)}
        system.simulate(draws=1, seed=seed, scenarios=wanted, remember=True)
        return _going(system)[1]._cache_size()

    assert ask(Change(start="2012-05", change={"recruitment": 0.5})) == 1
    assert ask(Change(start="2012-05", change={"recruitment": 0.7}), seed=2) == 1
    later = Change(start="2012-06", change={"lethality": 0.7})
    assert ask(later, Change(start="2012-04", change={"recruitment": 0.7, "saturation": 2.0})) == 1
    assert ask(Change(start="2012-05", off=("arms",))) == 2
    assert ask(Change(start="2012-05", off=("precarity",))) == 2
    assert ask(Change(start="2012-06", off=("precarity", "arms")), later) == 2


def test_states_and_municipalities_are_two_spaces():
    towns = hidra.System((), space="municipalities", end="2012-12", until="2012-06")
    less = hidra.Scenario(start="2012-08", change={"recruitment": 0.5}, places=("25",))
    found = towns.simulate(draws=1, seed=1, scenarios={"less": less})
    assert found["members"].dims == ("scenario", "draw", "year", "place")
    assert found["population"].dims == ("year", "place")
    space = towns.model.space
    states = towns.with_(space="states").simulate(draws=1, seed=1)
    whole = float(states["inegi_homicides_expected"].sum())
    ours = found["inegi_homicides_expected"].sel(scenario="no_change")
    assert float(ours.sum()) == pytest.approx(whole, rel=0.02), "the level is that of the states"
    assert Space.states().whole and not space.whole
    by_place = np.arange(float(len(space.codes)))
    np.testing.assert_allclose(space.gather(jnp.asarray(by_place)), space.total(by_place))
    gap = hidra.difference(found)
    assert set(gap["place"].str[:2]) >= {"00", "25"}
    assert (gap[gap["measure"] == "members"]["p50"] <= 1e-3).all()


def test_tables_are_cut_to_what_was_known():
    system = hidra.System(("militarisation",), end="2012-03")
    early = system.with_(known_until="2018-10")
    assert system != early
    assert {row["share"] for row in early.unknown()} == {"1.00"}, "forces were counted in 2019"
    assert [row["place"] for row in system.unknown()] == ["10"]


@pytest.mark.parametrize(
    ("given", "what"),
    [
        ({"mechanisms": ("us_presure",)}, "us_presure"),
        ({"space": "towns"}, "space"),
        ({"start": "2013-01", "end": "2012-01"}, "before the start"),
        ({"end": "2013-13"}, "not a month"),
        ({"parameters": {"recruitment": -1.0}}, "lies between"),
        ({"parameters": {"recruitmnt": 1.0}}, "recruitmnt"),
        ({"drivers": pd.DataFrame({"driver": ["us_pressure"]})}, "lacks the columns"),
        ({"drivers": pd.concat([pressure(1.0), pressure(2.0)])}, "given twice"),
        ({"drivers": "nothing.csv"}, "cannot be read"),
        ({"drivers": pressure(1.0).assign(driver="us_presure")}, "us_presure"),
        ({"drivers": pressure(1.0).assign(place="9")}, "not the code of a state"),
        ({"drivers": pressure(1.0, "2012-13")}, "not a month"),
    ],
)
def test_what_cannot_be_a_system_is_refused_with_the_cure(given, what):
    with pytest.raises((SpecError, SourceError), match=what) as refused:
        hidra.System(**{"mechanisms": ON, "end": "2014-12", **given})
    assert refused.value.where and refused.value.fix


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"draws": 0}, "says nothing"),
        ({"seed": -1}, "seed"),
        ({"posterior": {"recruitment": np.ones(2)}}, "holds no draws"),
        ({"posterior": "nowhere"}, "nowhere"),
        ({"posterior": {}}, "holds no draws"),
    ],
)
def test_what_cannot_be_simulated_is_refused(asked, what):
    with pytest.raises(SpecError, match=what):
        hidra.System(ON, end="2012-03").simulate(**{"draws": 1, **asked})


def test_it_shows_itself_in_a_notebook():
    system = hidra.System(ON, pressure(1.0), end=END, parameters={"recruitment": 0.002})
    page = system._repr_html_()
    assert "leadership_removal" in page and "us_pressure" in page and "recruitment = 0.002" in page
    assert "System(mechanisms:" in repr(system)
    assert "2012-05" in hidra.Scenario(start="2012-05", off=ON)._repr_html_()
    assert (
        "default" not in Study.default()._repr_html_() and "draws" in Study.default()._repr_html_()
    )


def test_the_lines_of_the_readme_simulate_and_draw():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    lines = readme.split("```python\n")[1].split("```")[0]
    assert "draws=10" in lines
    names: dict = {}
    exec(lines.replace("draws=10", "draws=2"), names)
    assert float(names["results"]["member_deaths"].sum()) > 0
    drawn = hidra.plot(hidra.difference(names["results"])).to_dict()
    assert drawn["datasets"] or drawn["data"]


def test_arrests_are_shared_by_residents_as_published_or_by_members():
    by_residents, by_members = (
        hidra.System((), end=END, arrests=by).model for by in ("residents", "members")
    )
    p = {q.name: q.centre for q in CORE}
    now = start(by_members, p)
    members = np.asarray(now["members"].sum(axis=1))
    for model, share in ((by_residents, model_share(by_residents, members)), (by_members, members)):
        arrests = np.asarray(flows(model, p, now, {})[0].arrests.sum(axis=1))
        np.testing.assert_allclose(arrests, 110.0 * share / share.sum(), rtol=1e-4)
    with pytest.raises(SpecError, match="members"):
        hidra.System((), end=END, arrests="member")


def model_share(model, members):
    """Residents where members are."""
    return np.where(members > 0, model.share, 0.0)


def driver(name, value):
    return pd.DataFrame([{"driver": name, "place": "00", "month": "2012-01", "value": value}])


@pytest.mark.parametrize(
    ("wrong", "error", "what"),
    [
        ({"drivers": driver("arms_supply", -2.0)}, SourceError, "between 0 and inf; −2 does not"),
        ({"drivers": driver("deployment", -1.0)}, SourceError, "between 0"),
        (
            {"drivers": driver("follows_rule", 7.0)},
            SourceError,
            "only on or off, 1 or 0; 7 is neither",
        ),
        ({"start": "2025-01", "end": "2027-12"}, SpecError, "after the records end"),
    ],
)
def test_what_no_driver_can_be_and_no_record_tells_is_refused(wrong, error, what):
    """A file of one's own is held to the bounds that a scenario is held to."""
    with pytest.raises(error, match=what):
        hidra.System(("arms", "militarisation"), **wrong)


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"draws": 2.5}, "not a whole number"),
        ({"seed": "1"}, "not a whole number"),
        ({"scenarios": {"no_change": hidra.Scenario(start="2012-03")}}, "always runs"),
        ({"scenarios": {"less": {"start": "2012-03"}}}, "is no scenario but a dict"),
        ({"scenarios": [hidra.Scenario(start="2012-03")]}, "by name"),
    ],
)
def test_slips_in_what_is_asked_are_told_in_words(asked, what):
    with pytest.raises(SpecError, match=what):
        hidra.System((), end="2012-03", until="2012-02").simulate(**asked)


def test_a_level_that_no_record_tells_is_said():
    with pytest.raises(SpecError, match="level of the states is unknown"):
        hidra.System((), start="1960-01", end="1960-03").simulate(draws=1)


def test_months_of_pandas_are_months():
    written = hidra.System((), start="2012-01", end="2012-06", until="2012-03")
    dates = pd.to_datetime(["2012-01-01", "2012-06-30", "2012-03-31"])
    assert hidra.System((), start=dates[0], end=dates[1], until=dates[2]) == written


def test_coverage_grows_where_people_are_extorted_in_an_ensemble():
    """It reads a count of the week before, which draws of an ensemble once did not carry."""

    def recruits(growth):
        on, growth = ("community_defence", "diversification"), {"community_defence.growth": growth}
        return hidra.System(on, end="2012-03", until="2012-03", parameters=growth).simulate(
            draws=1, seed=1
        )["recruits"]

    assert not np.array_equal(recruits(5.0), recruits(0.0))


def test_stopping_what_another_mechanism_counts_by_leaves_the_dead_known():
    """Community defence read the unknown extortion of a stopped mechanism: nobody was killed."""
    stopped = {"none": hidra.Scenario(start="2012-05", off=("diversification",))}
    system = hidra.System(("community_defence", "diversification"), end="2012-06", until="2012-04")
    found = system.simulate(draws=1, seed=1, scenarios=stopped).sel(scenario="none")
    assert np.isfinite(found["member_deaths"]).all() and np.isfinite(found["members"]).all()
    assert np.isnan(found["extortion"].sel(month="2012-06")).all()
