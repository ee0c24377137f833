"""Each mechanism does what its equation says, in a country of three places."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hidra.model.mechanisms.diversification import NAMES, SECTORS, START
from hidra.model.mechanisms.retaliation import remaining
from hidra.model.mechanisms.victims import WEEKS, contested

from .conftest import GROUPS, PLACES, RESTING, SHARE, Country

KILLED_A = np.array([1.0, 0, 0, 0])


def rates(name, state=None, p=None, **changed):
    """What one mechanism multiplies, with its parameters at their centres."""
    country = Country(name)
    own = {k.partition(".")[2]: v for k, v in (country.p | (p or {})).items() if k.startswith(name)}
    (m,) = country.mechanisms
    return m(country.start() | (state or {}), country.driver(**changed), own).rates


def test_m1_precarity_follows_its_slope_and_its_ceiling():
    p = {"precarity.slope": 0.5, "precarity.ceiling": 0.5}
    here = jnp.asarray(RESTING["young_men"])[:, None] * jnp.array([[1e-4], [1e-4], [0.0]])
    found = rates("precarity", {"members": here / GROUPS * jnp.ones((1, GROUPS))}, p)["recruitment"]
    present = 2.0 / (1.0 + np.array([7 / 9, 7 / 9, np.inf]))  # density against that of the country
    room = 1.0 - np.array([2e-4, 2e-4, 0.0])
    right = np.exp(0.5 * RESTING["precarity"] * present) * room
    np.testing.assert_allclose(found[:, 0], right, rtol=1e-6)
    assert found[2, 0] == 1.0, "where nobody is, nobody recruits more"
    crowded = jnp.full((PLACES, GROUPS), 1e6)
    assert (rates("precarity", {"members": crowded}, p)["recruitment"] == 0).all()


def test_m2_split_conserves_members_and_redraws_alliances():
    country = Country("leadership_removal")
    begin = country.start() | {"allies": jnp.array([4.0, 0, 0, 0])}
    p = {"leadership_removal.background_hazard": 50.0}
    begin["members"] = jnp.asarray(begin["members"]).at[:, 1:].set(0.0)
    after, given_ = country.week(begin, p=p, may_split=1.0)
    lost = sum(f.sum() for f in (given_.arrests, given_.deaths, given_.departures))
    np.testing.assert_allclose(
        after["members"].sum(), begin["members"].sum() + given_.recruits.sum() - lost
    )
    child = int(np.flatnonzero(np.asarray(after["members"].sum(axis=0)) > 0)[-1])
    assert child == 3, "the free slot"
    np.testing.assert_allclose(after["split_rivals"][0], [7.0, 3.0, 1.0, 0.0])
    assert after["allies"].sum() == pytest.approx(4.0), "alliances are shared out, none is made"


@settings(max_examples=20)
@given(st.floats(0.05, 5.0))
def test_m3_a_wave_sums_to_its_size_and_is_gone_in_days(mean_life):
    country = Country("retaliation")
    p = {"retaliation.wave": 250.0, "retaliation.mean_life": mean_life}
    state, total = country.start(), 0.0
    for number in range(6):
        state, _ = country.week(state, number, p, **({"killed": KILLED_A} if number == 0 else {}))
        total += float(state["blockades"].sum())
    assert total == pytest.approx(250.0, rel=1e-3)


def test_m3_the_wave_lies_where_the_group_is_not_where_the_arrest_was():
    country = Country("retaliation")
    after, _ = country.week(p={"retaliation.wave": 250.0}, killed=KILLED_A)
    np.testing.assert_allclose(after["blockades"], 250.0 * np.array([0.6, 0.4, 0.0]), rtol=1e-3)
    assert after["work_days_lost"][2] == 0 and after["school_days_lost"][0] > 0
    assert (after["work_days_lost"] < RESTING["population"] * 7).all()


def test_m3_nine_tenths_are_gone_within_two_days():
    assert float(remaining(2.0, 0.5)) < 0.1


def test_m4_arms_stay_as_in_2012_until_supply_changes():
    country = Country("arms")
    still, _ = country.weeks(3)
    np.testing.assert_allclose(still["arms"], 1.0)
    more, _ = country.weeks(3, arms_supply=2.0)
    rise = np.asarray(more["arms"]) - 1.0
    np.testing.assert_allclose(rise / rise[0], RESTING["border"], atol=1e-6)
    assert rates("arms", {"arms": jnp.full(3, 2.0)})["lethality"][0, 0] == pytest.approx(
        2.0 ** Country("arms").p["arms.elasticity"]
    )


def test_m4_the_end_of_the_ban_acts_only_where_it_held():
    held = np.array([1.0, 0.0, 1.0])  # the second crossing faces a state with its own ban
    after, _ = Country("arms").weeks(3, ban_in_force=held)
    arms = np.asarray(after["arms"])
    assert arms[0] < 1.0
    assert arms[1] == 1.0, "nothing changed there"
    assert arms[2] == 1.0, "too far from the border"


def test_m5_scarcity_raises_the_prize_when_demand_is_inelastic():
    found = rates(
        "drug_market", p={"drug_market.demand": 0.5, "drug_market.prize": 0.2}, drug_supply=0.5
    )
    np.testing.assert_allclose(found["drug_rent"], 1.0 + RESTING["border"] * (0.5**-1 - 1.0))
    np.testing.assert_allclose(found["lethality"][:, 0], found["drug_rent"] ** 0.2)
    legal = rates("drug_market", legal_share=0.5)
    assert (legal["lethality"][:2] < 1.0).all()


def test_m6_a_new_crackdown_provokes_at_its_place_and_elsewhere_until_groups_are_used_to_it():
    p = {f"diversification.effect_{n}": 0.0 for n in NAMES[1:]} | {
        "diversification.provocation": 0.5,
        "diversification.diverted": 0.2,
        "diversification.adaptation": 10.0,
    }
    one = np.array([1.0, 0.0, 0.0])
    part = RESTING["rents"][0, 0] / RESTING["rents"][:, 0].sum()
    found = rates("diversification", {}, p, crackdown=one)["lethality"][:, 0]
    np.testing.assert_allclose(np.log(found), 0.5 * (one + 0.2 * part), rtol=1e-6)
    country = Country("diversification")
    used, _ = country.weeks(80, p=p, crackdown=one)
    assert used["used_to_crackdown"][0] > 0.99


def test_m6_a_crackdown_turns_members_to_other_sectors_without_forcing_violence():
    country = Country("diversification")
    none = {f"diversification.effect_{name}": 0.0 for name in NAMES[1:]}
    none["diversification.provocation"] = 0.0
    calm, before = country.weeks(40, p=none)
    hard, after = country.weeks(40, p=none, crackdown=np.full(PLACES, 2.0))
    drugs = NAMES.index("drugs")
    assert (hard["sectors"][:3, drugs] < calm["sectors"][:3, drugs]).all()
    np.testing.assert_allclose(hard["sectors"].sum(axis=1), 1.0, rtol=1e-6)
    for ours, theirs in zip(after, before, strict=True):
        np.testing.assert_array_equal(ours.deaths, theirs.deaths)


def test_m6_the_effect_of_a_sector_may_have_either_sign():
    mix = {"sectors": jnp.broadcast_to(jnp.array([0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]), (GROUPS, 7))}
    for sign in (-1.0, 1.0):
        p = {f"diversification.effect_{n}": 0.0 for n in NAMES[1:]} | {
            "diversification.effect_fuel": 0.2 * sign
        }
        found = rates("diversification", mix, p)["lethality"]
        np.testing.assert_allclose(found, np.exp(0.2 * sign * (1.0 - START[2])), rtol=1e-6)


def test_m6_the_sectors_are_declared_whole():
    assert {"drugs", "extortion", "fuel", "mining", "agriculture", "persons", "arms"} == set(NAMES)
    assert sum(START) == pytest.approx(1.0)
    assert all(s.note and s.title and s.series for s in SECTORS)


def test_g15_crackdown_and_pipelines_bring_more_groups_there_without_forced_violence():
    """Places with pipelines end with more groups of at least 500 members; lethality is as it was."""
    country = Country("diversification", "moves")
    rents = np.outer(SHARE, [s.weight for s in SECTORS])
    rents[:, NAMES.index("fuel")] = [0.0, 0.0, 0.3]  # the pipelines lie in the third place
    p = {f"diversification.effect_{name}": 0.0 for name in NAMES[1:]} | {"moves.rate": 0.002}
    hard, seen = country.start(), {}
    for name, blow in (("calm", 0.0), ("hard", 3.0)):
        hard, seen[name] = country.start(), 0
        for number in range(30):
            hard, _ = country.week(hard, number, p, rents=rents, crackdown=np.full(PLACES, blow))
            seen[name] += int((np.asarray(hard["members"])[2] >= 500).sum())  # group-weeks
    assert seen["hard"] > seen["calm"] > 30 * 2, "a group that was not there comes, and sooner"
    assert (rates("diversification", {"sectors": hard["sectors"]}, p)["lethality"] == 1.0).all()


def test_m7_less_laundering_leaves_less_usable_money_and_fewer_recruits():
    country = Country("laundering")
    cut, weeks = country.weeks(30, laundering=0.5)
    assert (cut["money"][:3] < 0.7).all()
    assert weeks[-1].recruits.sum() < country.weeks(30)[1][-1].recruits.sum()
    found = rates("laundering", {"money": jnp.full(GROUPS, 0.5)}, {"laundering.elasticity": 0.2})
    np.testing.assert_allclose(found["recruitment"], 0.5**0.2)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_m8_the_sign_of_militarisation_is_free(sign):
    p = {"militarisation.lethality": 0.1 * sign, "militarisation.usual": 2.0}
    found = rates("militarisation", p=p)["lethality"][:, 0]
    np.testing.assert_allclose(found, np.exp(0.1 * sign * (RESTING["deployment"] - 2.0)))


def test_m8_deployment_follows_its_rule_only_in_scenarios():
    country = Country("militarisation")
    history, _ = country.weeks(5)
    assert (history["reinforcement"] == 0).all()
    scenario, _ = country.weeks(5, follows_rule=1.0, us_pressure=2.0)
    assert (scenario["reinforcement"] > 0).all()
    assert (scenario["state_deaths"] > history["state_deaths"]).all()
    ratio = history["complaints"] / RESTING["population"]
    assert ratio[2] > ratio[0], "more complaints where more are deployed"


def test_m9_pressure_draws_operations_ahead_and_never_in_the_past():
    country = Country("us_pressure")
    past, _ = country.weeks(30, us_pressure=10.0)
    assert (past["captured_ahead"] + past["killed_ahead"] == 0).all()
    struck = 0
    state = country.start()
    for number in range(60):
        state, _ = country.week(state, number, {"us_pressure.hazard": 0.5}, may_operate=1.0)
        struck += int((state["captured_ahead"] + state["killed_ahead"] > 0).sum())
        assert (state["captured_ahead"] + state["killed_ahead"] > 0).sum() <= 1
    assert 12 < struck < 36  # 1 - e^-0.5 = 39 % of 60 weeks


def test_m9_what_is_drawn_strikes_leaders_and_sets_off_waves():
    country = Country("us_pressure", "leadership_removal", "retaliation")
    after, _ = country.week(p={"us_pressure.hazard": 50.0}, may_operate=1.0)
    assert (after["leadership"] < 1.0).sum() == 1
    assert after["blockades"].sum() > 0


def test_m10_protection_moves_arrests_and_keeps_their_number():
    _, core = Country().week()
    _, given_ = Country("selective_protection").week()
    np.testing.assert_allclose(given_.arrests.sum(axis=1), core.arrests.sum(axis=1))
    assert given_.arrests[0, 0] < core.arrests[0, 0]
    assert given_.arrests[0, 1] > core.arrests[0, 1]


def test_m10_a_new_party_breaks_the_deal():
    country = Country("selective_protection")
    after, _ = country.week(alternation=np.array([1.0, 0.0, 1.0]))
    trust = np.asarray(after["trust"])
    assert trust[0] == pytest.approx(0.5) and trust[1] == 1.0
    assert after["broken"][0] > 0 and after["broken"][2] == 0, "nobody was protected there"


def test_m15_of_those_deported_a_share_joins_the_groups_of_the_place():
    country = Country("deportation")
    core, _ = Country().week()
    sent = np.array([8000.0, 0.0, 0.0])
    after, _ = country.week(p={"deportation.joining": 0.01}, deported=sent)
    more = np.asarray(after["members"] - core["members"])
    np.testing.assert_allclose(more.sum(axis=1), sent * 0.01 * 7 * 12 / 365.25, atol=1e-6)
    start = np.asarray(country.start()["members"])[0]
    np.testing.assert_allclose(more[0] / more[0].sum(), start / start.sum(), atol=1e-9)


def test_m11_full_coverage_lowers_recruitment_by_e1():
    """G15: with A = 1 recruitment falls by exactly e_1."""
    p = {"community_defence.recruiting": 0.3, "community_defence.entering": 0.4}
    _, core = Country().week()
    _, given_ = Country("community_defence").week(p=p)
    np.testing.assert_allclose(given_.recruits[2], 0.7 * core.recruits[2])
    np.testing.assert_array_equal(given_.recruits[0], core.recruits[0])
    np.testing.assert_allclose(
        rates("community_defence", p=p)["inward"], 1.0 - 0.4 * RESTING["community"]
    )


def test_m12_victims_add_up_and_search_finds_them():
    country = Country("victims")
    p = {"victims.per_member": 3.5, "victims.hidden": 0.25, "victims.dominance": 0.0}
    after, given_ = country.week(p=p)
    lethal = 3.5 * given_.deaths.sum(axis=1)
    np.testing.assert_allclose(after["linked_homicides"], 0.75 * lethal)
    others = country.p["victims.other_missing"] * RESTING["population"] / 1e5 / WEEKS
    np.testing.assert_allclose(after["disappeared"], 0.25 * lethal + others)
    plain, _ = country.weeks(20, p=p)
    more, _ = country.weeks(20, p=p, search=np.full(PLACES, 3.0))
    assert (more["missing_dead"] < plain["missing_dead"]).all()
    assert (more["found_dead"] > plain["found_dead"]).all()


def test_m12_one_group_alone_is_not_contested():
    members = jnp.array([[10.0, 0.0], [5.0, 5.0], [0.0, 0.0]])
    np.testing.assert_allclose(contested(members), [0.0, 0.5, 0.0])


def test_m12_as_many_arrive_as_flee():
    after, given_ = Country("displacement").week()
    np.testing.assert_allclose(after["arrivals"].sum(), after["displaced"].sum())
    np.testing.assert_allclose(after["displaced"], 3.5 * given_.deaths.sum(axis=1))


def test_m13_strain_acts_through_precarity_and_fades():
    both = Country("economy_feedback", "precarity")
    state = both.start() | {"strain": jnp.array([2.0, 0.0, 0.0]), "usual_deaths": jnp.full(3, 1e9)}
    p = {"precarity.slope": 0.3, "precarity.ceiling": 1e30}
    after, given_ = both.week(state, p=p, remittances=np.ones(PLACES))
    _, plain = Country("precarity").week(p=p)
    start = np.asarray(both.start()["members"]).sum(axis=1)
    density, usual = start / RESTING["young_men"], start.sum() / RESTING["young_men"].sum()
    present = 2.0 * density[0] / (density[0] + usual)
    np.testing.assert_allclose(
        given_.recruits[0], plain.recruits[0] * np.exp(0.6 * present), rtol=1e-6
    )
    assert 0 < after["strain"][0] < 2.0
    lost, _ = Country("economy_feedback", "retaliation").weeks(2, killed=KILLED_A)
    calm, _ = Country("economy_feedback", "retaliation").weeks(2)
    assert lost["strain"][0] > calm["strain"][0]


def test_m14_a_better_price_raises_the_rent_of_mining_only_through_others():
    found = rates(
        "extractive_corridor", p={"extractive_corridor.rent": 1.0, "extractive_corridor.pull": 1.0}
    )
    np.testing.assert_allclose(found["mining_rent"], RESTING["mining_price"])
    np.testing.assert_allclose(
        found["deployment_pull"], 1.0 + RESTING["mining_share"] * RESTING["mining_price"]
    )
    country = Country("extractive_corridor", "diversification")
    high, _ = country.weeks(10, mining_price=np.full(PLACES, 3.0))
    low, _ = country.weeks(10, mining_price=np.ones(PLACES))
    mining = NAMES.index("mining")
    assert (high["sectors"][:3, mining] > low["sectors"][:3, mining]).all()


@settings(max_examples=30)
@given(st.lists(st.floats(0, 1e5), min_size=12, max_size=12), st.floats(0, 5), st.floats(0, 1))
def test_moves_conserve_the_members_of_every_group(sizes, rate, open_):
    (m,) = Country("moves").mechanisms
    members = jnp.asarray(sizes).reshape(PLACES, GROUPS)
    driver = {"nearness": jnp.asarray(RESTING["nearness"]), "inward": jnp.array([1.0, open_, 0.0])}
    state = {"members": members, "prize": jnp.array([0.1, 1.0, 3.0])}
    after = m.operators[0].apply(state, driver, {"rate": rate}, None)["members"]
    np.testing.assert_allclose(after.sum(axis=0), members.sum(axis=0), rtol=1e-9, atol=1e-9)
    assert (after >= 0).all()
    assert (after[2] <= members[2] + 1e-9).all(), "nobody enters where the community keeps all out"
