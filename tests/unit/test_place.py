"""Places and months: the two keys every row hangs on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.core import place
from hidra.core.errors import SpecError
from hidra.core.weeks import month, months

STATES = [f"{number:02d}" for number in range(1, 33)]


def test_the_32_states_carry_text_codes_in_order() -> None:
    assert [state.code for state in place.states()] == STATES
    assert all(14 < state.lat < 33 and -118 < state.lon < -86 for state in place.states())
    assert sum(state.area_km2 for state in place.states()) == pytest.approx(1_963_298, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("16", "16"),
        ("michoacan", "16"),
        ("Michoacán de Ocampo", "16"),
        ("  QUERÉTARO ", "22"),
        ("ags", "01"),
        ("México", "15"),  # the state's official name
        ("State of Mexico", "15"),
        ("Distrito Federal", "09"),
        ("Mexico City", "09"),
        ("00", "00"),
    ],
)
def test_a_place_is_found_by_code_name_or_abbreviation_accents_aside(text: str, code: str) -> None:
    assert place.find(text).code == code


@pytest.mark.parametrize(
    ("wrong", "offered"),
    [("Guerero", "Guerrero"), ("Queretro", "Querétaro"), ("Sinalo", "Sinaloa")],
)
def test_a_misspelt_place_offers_the_closest(wrong: str, offered: str) -> None:
    with pytest.raises(SpecError, match=offered) as caught:
        place.find(wrong)
    assert wrong in caught.value.what


def test_a_municipality_is_not_built_in_and_says_so() -> None:
    with pytest.raises(SpecError, match="09011") as caught:
        place.find("09011")
    assert "in the panel" in caught.value.fix


@given(st.sampled_from(place.states()), st.booleans())
def test_every_name_leads_back_to_its_state(state: place.Place, upper: bool) -> None:
    for name in (state.code, state.abbr, state.name_es, state.name_en, *state.other_names):
        assert place.find(name.upper() if upper else name.lower()) == state


@given(st.sampled_from(STATES))
def test_neighbours_are_mutual(code: str) -> None:
    beside = place.neighbours(code)
    assert code not in beside
    assert beside == tuple(sorted(set(beside)))
    assert all(code in place.neighbours(other) for other in beside)


def test_mexico_city_touches_two_states_and_67_borders_exist() -> None:
    assert place.neighbours("Ciudad de México") == ("15", "17")
    assert sum(len(place.neighbours(code)) for code in STATES) == 2 * 67


def test_outlines_cover_every_state_and_run_clockwise() -> None:
    shapely = pytest.importorskip("shapely")
    features = place.outlines()["features"]
    assert [feature["id"] for feature in features] == STATES
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    assert shapely.is_valid(shapes).all()
    rings = [part.exterior for shape in shapes for part in shapely.get_parts(shape)]
    assert not shapely.is_ccw(rings).any()


def test_simplified_states_share_their_borders_and_never_overlap() -> None:
    shapely = pytest.importorskip("shapely")
    features = place.outlines()["features"]
    shapes = {f["id"]: shapely.geometry.shape(f["geometry"]) for f in features}
    for code in STATES:
        beside = [shapes[other] for other in place.neighbours(code)]
        overlap = shapely.area(shapely.intersection(shapes[code], beside)).sum()
        assert overlap < 1e-3  # square degrees: about 11 km2
    whole = shapely.union_all(list(shapes.values()))
    assert sum(len(part.interiors) for part in shapely.get_parts(whole)) == 0  # no slivers


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        ("2027-13", "Did you mean 2027-12?"),
        ("2027-00", "Did you mean 2027-01?"),
        ("2027-5", "Did you mean 2027-05?"),
        ("2027/05", "Did you mean 2027-05?"),
        ("May 2027", "YYYY-MM"),
        ("", "YYYY-MM"),
    ],
)
def test_a_wrong_month_says_what_to_write(wrong: str, cure: str) -> None:
    with pytest.raises(SpecError) as caught:
        month(wrong)
    assert wrong in caught.value.what
    assert cure in caught.value.fix


@given(st.integers(1950, 2090), st.integers(1, 12), st.integers(0, 200))
def test_months_run_without_gap(year: int, number: int, length: int) -> None:
    first = f"{year}-{number:02d}"
    ahead = year * 12 + number - 1 + length
    last = f"{min(ahead // 12, 2099)}-{ahead % 12 + 1:02d}"
    run = months(first, last)
    assert run[0] == first
    assert run[-1] == last
    assert list(run) == sorted(set(run))
    assert all(month(each) == each for each in run)


def test_no_month_lies_between_a_month_and_an_earlier_one() -> None:
    assert months("2020-02", "2020-01") == ()


@pytest.mark.parametrize("code", ["09011", "01001", "32058", "16999", "16998"])
def test_municipal_codes_know_their_state(code: str) -> None:
    assert place.is_municipal(code)
    assert place.state_of(code) == code[:2]
    assert place.is_bucket(code) == (code[2:] in {"998", "999"})


@pytest.mark.parametrize("code", ["9011", "33001", "00001", "09000", "0901a", "090111", "", "09"])
def test_what_is_not_a_municipal_code_is_refused(code: str) -> None:
    assert not place.is_municipal(code)


def test_the_unknown_state_belongs_to_no_state() -> None:
    with pytest.raises(SpecError, match="33"):
        place.state_of(place.UNKNOWN_STATE)
