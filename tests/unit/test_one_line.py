"""What Python offers in one line: charts, a forecast, a score, events, a checked text, a citation."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import xarray as xr

import hidra
from hidra.core import place
from hidra.core.errors import HidraError, SpecError


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("HIDRA_HOME", str(tmp_path_factory.mktemp("home")))


def told(chart) -> list[str]:
    title = chart.to_dict()["title"]
    return [title["text"], *title["subtitle"]]


def test_a_figure_bears_title_unit_and_source(tmp_path):
    chart = hidra.plot(["Jalisco", "11"], start="2015-01", language="en")
    assert told(chart) == [
        "Jalisco, Guanajuato, 2015–2022", "Homicides (INEGI), persons a month",
        told(chart)[2],
    ]  # fmt: skip
    assert told(chart)[2].startswith("Source: INEGI")
    start = {"svg": b"<svg", "pdf": b"%PDF", "png": b"\x89PNG"}
    for kind, head in start.items():
        assert hidra.save(chart, tmp_path / f"a.{kind}").read_bytes().startswith(head)
    assert told(hidra.map(language="en"))[1] == "per 100,000 inhabitants and year"


def test_a_frame_of_the_panel_is_drawn_as_its_place():
    rows = hidra.panel("sesnsp_homicide_victims", places="Colima", start="2020-01")
    assert told(hidra.plot(rows, language="en"))[0].startswith("Colima, 2020–")


def drawn(chart) -> pd.DataFrame:
    """Every row of data of a chart, whatever layer it is of."""
    return pd.concat([pd.DataFrame(rows) for rows in chart.to_dict()["datasets"].values()])


def test_a_frame_is_drawn_with_its_own_figures_and_months():
    rows = hidra.panel("inegi_homicides", places="Jalisco", start="2015-01", end="2018-12")
    chart = hidra.plot(rows.assign(value=rows["value"] * 1000), language="en")
    assert told(chart)[0] == "Jalisco, 2015–2018"
    assert drawn(chart)["value"].dropna().min() >= 1000
    later = hidra.plot(rows.assign(month="2031-01").iloc[:1], language="en")
    assert told(later)[0] == "Jalisco, 2031–2031", "a month that the panel has not"
    with pytest.raises(SpecError, match="no months"):
        hidra.plot(rows.assign(value=float("nan")))
    both = pd.concat([rows, hidra.panel("sesnsp_homicide_victims", places="Jalisco")])
    with pytest.raises(SpecError, match="holds 2 measures"):
        hidra.plot(both)
    one = hidra.plot(both, measure="sesnsp_homicide_victims", language="en")
    assert "SESNSP" in told(one)[1]


def forecast_of(places, **more) -> pd.DataFrame:
    rows = [{"place": place, "month": f"2025-{month:02d}", "draw": draw, "value": 10 + draw}
            for place in places for month in (7, 8) for draw in range(20)]  # fmt: skip
    return pd.DataFrame(rows).assign(**more)


def test_a_forecast_is_drawn_of_what_it_holds_and_of_its_own_measure():
    every = [one.code for one in place.states()]
    whole = forecast_of(every, measure="sesnsp_homicide_victims")
    chart = hidra.plot(whole, language="en")
    assert told(chart)[0].startswith("Mexico (nation)") and "SESNSP" in told(chart)[1]
    assert drawn(chart)["p50"].dropna().tolist()[0] == 32 * 19.5
    with pytest.raises(SpecError, match="does not have place 00"):
        hidra.plot(whole[whole["place"] == "14"])
    again = whole.assign(place=whole["place"].astype(int))  # a CSV loses the zeros
    assert told(hidra.plot(again, where="Baja California", language="en"))[0].startswith("Baja")
    summed_up = forecast_of(["14"], scenario="no_change", p50=1.0).drop(columns="value")
    with pytest.raises(SpecError, match="neither of the panel, a forecast"):
        hidra.plot(summed_up)


def test_a_table_of_differences_says_of_what_where_and_when():
    quantiles = {
        f"{part}{q}": [-0.1] for part in ("", "rel_") for q in ("p05", "p25", "p50", "p75", "p95")
    }
    keys = {"scenario": ["half"], "place": ["14"], "year": [2028], "measure": ["members"]}
    chart = hidra.plot(
        pd.DataFrame(keys | quantiles), measure="members", where="Jalisco", language="en"
    )
    [title, counted, source] = told(chart)
    assert "Jalisco" in title["expr"] and title["expr"].endswith("+ year")
    assert counted == "Members, per cent more or less than with no change"
    assert source.startswith("Conditional projection, not a forecast")


@pytest.mark.parametrize("wrong", ["Jalicso", [], ["01", "02", "03", "04", "05", "06"]])
def test_a_place_that_cannot_be_drawn_is_refused(wrong):
    with pytest.raises(SpecError) as error:
        hidra.plot(wrong)
    assert error.value.fix


def test_a_year_may_be_text_and_a_text_must_be_one():
    assert hidra.map(year="2021").to_dict() and hidra.map(year=2021).to_dict()
    with pytest.raises(SpecError, match="no text"):
        hidra.check(None)


def test_a_text_is_checked():
    found = hidra.check("In 2018 there were 36,685 homicides in Mexico, according to INEGI.")
    assert list(found["verdict"]) == ["supported"]
    assert hidra.check("Nothing here.").empty


def test_the_bank_of_evidence_is_a_frame_and_a_room():
    assert "ban_border" in set(hidra.evidence()["id"])
    assert hidra.evidence.bank
    with pytest.raises(SpecError, match="ban_bordr"):
        hidra.evidence("ban_bordr")


def test_how_to_cite():
    assert hidra.__version__ in hidra.cite()
    assert hidra.cite().startswith("The hidra authors (")
    assert hidra.cite("bibtex").startswith("@software{hidra,")
    assert json.loads(json.dumps(hidra.cite("csl")))["type"] == "software"
    with pytest.raises(SpecError):
        hidra.cite("apa")


@pytest.mark.slow
def test_a_forecast_is_drawn_with_its_place():
    draws = hidra.forecast(3, origin="2019-10", draws=40, model="last-12")
    assert list(draws.columns) == ["place", "month", "draw", "value", "measure"]
    assert set(draws["month"]) == {"2019-11", "2019-12", "2020-01"}
    assert told(hidra.plot(draws, where="Jalisco", language="en"))[0].startswith(
        "Jalisco: forecast"
    )
    assert hidra.plot(draws)
    with pytest.raises(SpecError):
        hidra.forecast(3, model="last-13")


def own(**changes) -> pd.DataFrame:
    """Draws for two places from two origins, a constant each."""
    rows = [
        {"origin": origin, "place": place, "month": month, "draw": draw, "value": 100.0 + draw}
        for origin, months in (("2019-10", ("2019-11", "2019-12")), ("2020-10", ("2020-11",)))
        for place in ("9", "Jalisco")
        for month in months
        for draw in range(20)
    ]
    return pd.DataFrame(rows).assign(**changes)


def test_an_own_forecast_is_scored_as_ours_is(tmp_path):
    from hidra.forecast.history import record

    found = hidra.score(own(), beside=("last-12",))
    assert list(found["forecast"]) == ["yours", "last-12"]
    assert set(found["n"]) == {6}
    known = record("inegi_homicides", "state")
    at = [known.places.index(one) for one in ("09", "14")]
    first = (np.datetime64("2019-11", "M") - known.first).astype(int)
    came = known.counts[[first, first + 1, first + 12]][:, at].ravel()
    draws = 100.0 + np.arange(20)
    by_hand = [
        np.abs(draws - one).mean() - np.abs(draws[:, None] - draws).mean() / 2 for one in came
    ]
    assert found["crps"].iloc[0] == pytest.approx(np.mean(by_hand))
    own().to_csv(tmp_path / "mine.csv", index=False, sep=";")
    assert hidra.score(tmp_path / "mine.csv", beside=()).equals(found.iloc[:1])


def test_quantiles_are_scored_by_the_weighted_interval_score():
    wide = own().groupby(["origin", "place", "month"])["value"].quantile([0.05, 0.5, 0.95])
    wide = wide.unstack().set_axis(["p05", "p50", "p95"], axis=1).reset_index()
    found = hidra.score(wide, beside=())
    assert found["coverage50"].isna().all(), "no quartile is given, none is made up"
    low, middle, high = (wide[name].to_numpy() for name in ("p05", "p50", "p95"))
    rows = hidra.panel("inegi_homicides", places=["09", "14"]).assign(
        month=lambda x: x["month"].dt.strftime("%Y-%m")
    )
    came = wide.assign(place=wide["place"].map({"9": "09", "Jalisco": "14"})).merge(
        rows, on=["place", "month"]
    )["value"].to_numpy()  # fmt: skip
    outside = np.maximum(low - came, 0) + np.maximum(came - high, 0)
    interval = (high - low) + 2 / 0.1 * outside
    wis = (0.5 * np.abs(came - middle) + 0.05 * interval) / 1.5
    assert found["wis"].iloc[0] == pytest.approx(wis.mean())
    long = wide.melt(["origin", "place", "month"], var_name="output_type_id")
    long["output_type_id"] = long["output_type_id"].str[1:].astype(float) / 100
    assert hidra.score(long, beside=())["wis"].iloc[0] == pytest.approx(wis.mean())


@pytest.mark.parametrize(
    ("wrong", "what"),
    [
        (own().drop(columns="place"), "'place' is missing"),
        (own().drop(columns="origin"), "knew last"),
        (own().drop(columns="draw"), "neither draws nor quantiles"),
        (own(place="Jalicso"), "Jalicso"),
        (own(place="00"), "all states"),
        (own(month="2019-13"), "not a month"),
        (own(month="2019-10"), "not after"),
        (own(value="many"), "not a number"),
        (own(value=-1.0), "below zero"),
        (own(draw=1), "stands twice"),
        (own(origin="1990-01"), "Fewer than 36 months"),
        (own(origin="2024-12", month="2025-03").iloc[:20], "ends in 2022-12: what came after"),
        (own().iloc[1:], "fewer draws"),
        (own().iloc[:0], "no rows"),
        (own(origin="2022-06", month="2035-01").iloc[:20], "more than 120"),
        (own(origin="2022-06", month="2030-01").iloc[:20], "has come"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(wrong, what):
    with pytest.raises(SpecError, match=what) as error:
        hidra.score(wrong, beside=())
    assert error.value.where
    assert error.value.fix


def world(effect: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events in half of the states, and counts that rise by `effect` from them on."""
    rng = np.random.default_rng(2)
    places = [f"{one:02d}" for one in range(1, 33)]
    start = {place: int(rng.integers(36, 80)) for place in places[:16]}
    month = [f"{2010 + m // 12}-{m % 12 + 1:02d}" for m in range(120)]
    counts = [
        (place, month[m], rng.poisson(50 * (effect if start.get(place, 999) <= m else 1)))
        for place in places
        for m in range(120)
    ]
    events = [(place, f"{month[m]}-15") for place, m in start.items()]
    return (
        pd.DataFrame(events, columns=["lugar", "fecha"]),
        pd.DataFrame(counts, columns=["place", "month", "value"]),
    )


def test_events_of_ones_own_are_studied():
    pytest.importorskip("pyfixest")
    events, counts = world(1.5)
    found = hidra.event_study(events, counts, estimators=("poisson", "linear"), placebos=10)
    main = found.table.iloc[0]
    assert main["change"] == pytest.approx(50, abs=6)  # 16 places, counts of about 50
    assert main["low"] > 0
    assert (found.verdict, found.events, len(found.unused)) == ("supported", 16, 0)
    events, counts = world(1.0)
    found = hidra.event_study(events, counts, estimators=("poisson",), placebos=10)
    assert found.verdict in ("not supported", "partly")
    with pytest.raises(SpecError, match="too few"):
        hidra.event_study(events.head(3), counts)
    with pytest.raises(SpecError, match="estimator"):
        hidra.event_study(events, counts, estimators=("poison",))
    counts = counts.astype({"value": float})
    counts.loc[0, "value"] = float("inf")
    with pytest.raises(SpecError, match="not a number"):
        hidra.event_study(events, counts)


def test_the_random_dates_are_held_to_the_main_estimator(monkeypatch):
    """A logarithm of one estimator is no yardstick for a rise by another."""
    pytest.importorskip("pyfixest")
    from hidra.claims.designs import event

    monkeypatch.delitem(event.ESTIMATORS, "poisson")
    events, counts = world(1.5)
    assert hidra.event_study(events, counts, estimators=("linear",), placebos=5).placebo < 0.5


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: hidra.LogNormal(median=-1, log_sd=0.1),
        lambda: hidra.LogNormal(mean=1),
        lambda: hidra.Normal(0, 1, 2),
        lambda: hidra.Param(name="x", value=1.0, unit="", source="s", doc="d"),
        lambda: hidra.Study.default().with_(parameters={"recruitment": {"mean": 1}}),
        lambda: hidra.System(("precarity",), end="2028-12", parameters={"recruitment": {"a": 1}}),
    ],
)
def test_a_prior_of_a_wrong_form_is_refused_in_our_words(wrong):
    with pytest.raises(HidraError) as error:
        wrong()
    assert "pydantic" not in str(error.value)
    assert "tagged-union" not in str(error.value)
    assert error.value.fix


def test_the_reproduction_takes_the_names_of_studies():
    from hidra.cli.model import factors_of

    assert factors_of(["recruitment=0.8"]) == factors_of(["rho=0.8"])
    with pytest.raises(SpecError, match="twice"):
        factors_of(["recruitment=0.8", "rho=0.5"])


def test_days_of_events_are_read_as_an_import_reads_them():
    pytest.importorskip("pyfixest")
    events, counts = world(1.5)
    slashed = events["fecha"].str.replace(r"(....)-(..)-(..)", r"\3/\2/\1", regex=True)
    ways = {"estimators": ("poisson",), "placebos": 1}
    plain = hidra.event_study(events, counts, **ways)
    pd.testing.assert_frame_equal(
        hidra.event_study(events.assign(fecha=slashed), counts, **ways).table, plain.table
    )
    either = slashed.str.replace(r"^\d\d", "05", regex=True)  # 05/07/2012: May or July
    with pytest.raises(SpecError, match=r"may be 20..-.. or 20..-..\.(.|\n)*row 2(.|\n)*YYYY-"):
        hidra.event_study(events.assign(fecha=either), counts, **ways)
    mixed = slashed.where(slashed.index > 0, "July 2012")
    with pytest.raises(SpecError, match="is not written as the days before it"):
        hidra.event_study(events.assign(fecha=mixed), counts, **ways)


def test_events_that_were_not_used_are_named(tmp_path, capsys):
    pytest.importorskip("pyfixest")
    from hidra.cli import main

    events, counts = world(1.5)
    events.loc[0, "fecha"] = "1990-02-15"
    events.to_csv(tmp_path / "events.csv", index=False)
    counts.to_csv(tmp_path / "counts.csv", index=False)
    asked = ["events", str(tmp_path / "events.csv"), "--outcome", str(tmp_path / "counts.csv")]
    assert main(["--lang", "en", "claims", *asked, "--placebos", "1"]) == 0
    assert f"1 ({events.loc[0, 'lugar']} 1990-02)" in capsys.readouterr().err


@pytest.mark.parametrize("year", [1850, 2030, 0])
def test_a_map_of_a_year_that_is_not_held_is_refused(year):
    with pytest.raises(SpecError, match=rf"no figure of any state in {year}(.|\n)*from 2000 to 2"):
        hidra.map(year=year)


def test_a_plot_of_what_it_does_not_know_is_refused():
    for strange in (xr.Dataset({"members": ("place", [1.0])}), None, 9, pd.DataFrame({"a": [1]})):
        with pytest.raises(SpecError, match="Give what hidra"):
            hidra.plot(strange)
    for drawn in (hidra.plot, hidra.map):
        with pytest.raises(SpecError, match=r"no language called 'fr'(.|\n)*en, es"):
            drawn(language="fr")
