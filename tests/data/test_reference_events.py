"""Leadership events, operations, blockades: what happened, and what is only said to have."""

from __future__ import annotations

from hidra.core import place
from hidra.data import reference

EVENTS = reference.table("leadership_removals")
NODES = set(reference.table("group")["node"])


def test_57_of_60_events_are_removals() -> None:
    assert len(EVENTS) == 60
    assert EVENTS["removal"].sum() == 57
    assert EVENTS["event"].value_counts().to_dict() == {
        "captured": 43,
        "killed": 13,
        "arrested_abroad": 1,
        "false_death": 1,
        "failed_capture": 1,
        "captured_released": 1,
    }


def test_false_deaths_failed_captures_and_releases_remove_nobody() -> None:
    kept = EVENTS[~EVENTS["removal"]]
    assert set(kept["event"]) == {"false_death", "failed_capture", "captured_released"}


def test_every_event_has_a_source_a_day_and_a_confidence() -> None:
    assert EVENTS["source"].str.match(r"https?://").all()
    assert EVENTS["source"].str.contains("|", regex=False).sum() >= 50  # two pages or more
    assert EVENTS["date"].str.fullmatch(r"20\d\d-\d\d-\d\d").all()
    assert EVENTS["confidence"].value_counts().to_dict() == {"high": 51, "medium": 9}


def test_places_of_removal_are_known_or_null() -> None:
    known = EVENTS["municipality"].dropna()
    assert len(known) == 51
    assert all(place.is_municipal(code) for code in known)
    assert all(place.is_state(code) for code in EVENTS["place"].dropna())
    both = EVENTS.dropna(subset=["municipality"])
    assert (both["municipality"].str[:2] == both["place"]).all()
    abroad = EVENTS[EVENTS["event"] == "arrested_abroad"]
    assert abroad["place"].isna().all()


def test_leaders_appear_under_their_announced_alias() -> None:
    assert "name" not in EVENTS.columns
    assert not EVENTS["alias"].str.contains("Guzmán|Beltrán").any()


def test_the_weight_of_a_role_is_ours_and_between_zero_and_one() -> None:
    assert EVENTS["rank"].gt(0).all()
    assert EVENTS["rank"].le(1).all()
    roles = reference.table("leadership_role").set_index("role")["rank"]
    assert (EVENTS["role"].map(roles) == EVENTS["rank"]).all()
    heads = EVENTS[EVENTS["role"].isin(["top leader", "top leader (local)"])]
    assert set(heads["rank"]) == {1.0}


def test_events_point_to_a_group_of_the_network_or_to_none() -> None:
    matched = EVENTS["network_node"].dropna()
    assert set(matched) <= NODES
    groups = reference.table("leadership_group").set_index("group")["network_node"]
    assert EVENTS["network_node"].equals(EVENTS["group"].map(groups))
    unmatched = EVENTS[EVENTS["network_node"].isna()]["group"]
    assert set(unmatched) == {"Beltrán Leyva splinter", "Tijuana splinter (Sinaloa ally)"}


def test_registered_homicides_cover_exactly_the_municipalities_of_removal() -> None:
    homicides = reference.table("homicides_removal_municipality_month")
    removed = EVENTS["municipality"][EVENTS["removal"]].dropna()
    assert set(homicides["place"]) == set(removed)
    assert set(homicides.groupby("place")["year"].nunique()) == {16}
    nation = reference.table("homicides_national_registered_month")
    local = homicides.groupby("year")[list(reference.WIDE)].sum()
    assert (local <= nation.set_index("year")[list(reference.WIDE)]).all(axis=None)


def test_the_operations_begin_ten_days_into_the_term() -> None:
    operations = reference.table("joint_operations")
    assert len(operations) == 21
    michoacan = operations[operations["place"] == "16"]
    assert michoacan["date"].tolist() == ["2006-12-11"]
    assert operations["source"].str.startswith("https://").all()
    culiacan = operations[operations["operation"].str.contains("Culiacán")]
    assert culiacan["municipality"].tolist() == ["25006|25018"]


def test_only_jalisco_and_the_nation_have_a_count_of_blockades() -> None:
    blockades = reference.table("blockades_2026_02_22").set_index("place")
    known = blockades["blockades"].dropna()
    assert known.to_dict() == {"00": 252, "14": 65}
    assert blockades["affected"].drop("00").sum() == 20


def test_precarity_rises_where_marginalisation_does() -> None:
    table = reference.table("marginalisation_state")
    assert len(table) == 96
    for _, rows in table.groupby("year"):
        assert rows["precarity"].corr(rows["marginalisation_dp2"]) < -0.999
        assert abs(rows["precarity"].mean()) < 1e-5
        assert abs(rows["precarity"].std(ddof=0) - 1) < 1e-5
        worst = rows.set_index("place")["precarity"].nlargest(3).index
        assert set(worst) == {"07", "12", "20"}  # Chiapas, Guerrero, Oaxaca
        assert set(rows["grade"][rows["place"].isin(worst)]) == {"Muy alto"}


def test_presence_is_reports_by_group_state_and_period() -> None:
    presence = reference.table("group_presence_state")
    match = reference.table("group_presence_match")
    assert set(presence["node"]) <= set(match["node"]) <= NODES
    assert set(presence["period"]) == {"2009-2013", "2014-2018"}
    assert presence["reports"].gt(0).all()  # no row is no report, never a zero
    assert not presence.duplicated(["node", "place", "period"]).any()
    assert all(place.is_state(code) for code in presence["place"].unique())
    early = presence[presence["period"] == "2009-2013"].groupby("node")["reports"].sum()
    assert early.idxmax() == "N10134"  # Los Zetas


def test_labels_that_are_no_group_are_never_counted() -> None:
    match = reference.table("group_presence_match")
    assert "Unidentified Criminal Group" not in set(match["actor_main"])
    assert not {"Individual", "Other"} & set(match["actor_sub"])
    assert not match.duplicated(["actor_main", "actor_sub"]).any()


def test_a_change_of_method_names_what_it_cuts_and_who_told_it() -> None:
    breaks = reference.table("method_break")
    assert breaks["month"].str.fullmatch(r"\d{4}-\d{2}").all()
    assert set(breaks["measure"]) <= set(reference.table("measure")["measure"])
    assert not breaks.duplicated(["measure", "month"]).any()
    assert (
        breaks[["words_es", "words_en", "what_es", "what_en", "publisher", "source"]]
        .notna()
        .all(axis=None)
    )
    rnid = breaks[breaks["month"] == "2026-01"]
    assert "sesnsp_homicide_victims" in set(rnid["measure"])
