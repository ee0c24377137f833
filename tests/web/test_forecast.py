"""The pages of forecast, evidence and model: figures as their tables have them, words by rule."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hidra.evidence import bank
from hidra.forecast import kept
from hidra.web.page import evidence, forecast, model
from hidra.web.site import words

EN = words("en")
MEASURES = tuple(kept.PAST)


def shown(reader, path: str) -> str:
    text = reader.get(path).text
    main = text.split("<main")[1].split("</main")[0]
    plain = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", main, flags=re.S).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", plain)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_kept_forecasts_are_of_all_states_and_of_what_is_known_now(measure):
    rows = kept.shipped()
    rows = rows[rows["measure"] == measure]
    ahead, past = rows[rows["came"].isna()], rows[rows["came"].notna()]
    origins, months = kept.PAST[measure]
    assert len(ahead) == 33 * (24 + 2)
    assert len(past) == 2 * 33 * len(origins) * (months + 1)
    levels = rows[["p05", "p25", "p50", "p75", "p95"]].to_numpy()
    assert (np.diff(levels, axis=1) >= 0).all()
    history = kept.known(measure)
    assert set(ahead["record"]) == {kept.digest(history)[:16]}
    assert (past["month"] > past["origin"]).all()


@pytest.mark.parametrize("measure", MEASURES)
def test_what_came_of_the_nation_is_the_sum_of_the_states_as_recorded(measure):
    rows = kept.shipped()
    rows = rows[(rows["measure"] == measure) & (rows["model"] == kept.OURS) & rows["came"].notna()]
    rows = rows[rows["months"] == 1]
    nation = rows[rows["place"] == "00"].set_index("month")["came"]
    states = rows[rows["place"] != "00"].groupby("month")["came"].sum()
    assert (nation.sort_index() == states).all()
    record = kept.record(measure, "state")
    first = np.datetime64(nation.index[0], "M") - record.first
    assert nation.iloc[0] == record.counts[first.astype(int)].sum()


def test_the_sentence_holds_the_sum_of_the_kept_draws_and_the_year_before(reader):
    rows = kept.shipped()
    year = rows[(rows["measure"] == forecast.measures()[0]) & rows["came"].isna()
                & (rows["place"] == "11") & (rows["months"] == 12)].iloc[0]  # fmt: skip
    text = shown(reader, "/en/forecast?place=11")
    history = kept.known(forecast.measures()[0])
    before = history.counts[-12:, history.places.index("11")].sum()
    low, high = forecast.about(year["p05"]), forecast.about(year["p95"])
    assert f"Guanajuato: from {low} to {high} people killed from July 2025" in text
    assert f"in the twelve months before, {before:,.0f}." in text


@pytest.mark.parametrize(("value", "said"), [(0.4, "0"), (45.3, "45"), (987.0, "990"), (23216.0, "23,200")])  # fmt: skip
def test_a_forecast_is_rounded_as_one_says_it(value, said):
    assert forecast.about(value) == said


def test_coverage_and_errors_are_counted_from_the_rows(reader):
    rows = kept.shipped()
    rows = rows[(rows["measure"] == "inegi_homicides") & rows["came"].notna()]
    ours = rows[(rows["place"] == "00") & (rows["months"] == 1) & (rows["model"] == "hidra")]
    inside = ((ours["p05"] <= ours["came"]) & (ours["came"] <= ours["p95"])).sum()
    off = (ours["came"] - ours["p50"]).abs().mean()
    text = shown(reader, "/en/forecast?measure=inegi_homicides")
    assert (
        f"Mexico (nation): of 96 months, {inside} fell in the band meant to hold nine in ten"
        in text
    )
    assert f"The country, 96 months: the forecast is off by about {off:,.0f} people a month" in text
    assert "the open dots are estimated from the victims in case files" in text


def test_draws_score_better_than_last_year_where_the_words_say_so():
    rows = kept.shipped()
    for measure in MEASURES:
        mine = rows[(rows["measure"] == measure) & rows["came"].notna()]
        gap = forecast.compared(mine, "state")
        by_model = mine[(mine["place"] != "00") & (mine["months"] == 1)].groupby("model")["crps"]
        means = by_model.mean()
        assert gap["mean"] == pytest.approx(means["hidra"] - means["last-12"], abs=0.01)
        assert gap["words"] == "better"


@pytest.mark.parametrize(
    ("pit", "said"),
    [
        (np.linspace(0.01, 0.99, 200), "about as wide as they should be"),
        (np.repeat([0.01, 0.99], 50), "too narrow"),
        (np.full(100, 0.55), "wider than they need be"),
        (np.linspace(0.3, 0.99, 200), "leant low"),
        (np.linspace(0.01, 0.7, 200), "leant high"),
    ],
)
def test_the_sentence_of_the_pit_follows_a_rule(pit, said):
    rows = pd.DataFrame({"pit": pit, "place": "01", "months": 1, "model": kept.OURS})
    block = forecast.evenness(rows, MEASURES[0], EN)
    assert said in block.reading
    assert block.data["share"].sum() == pytest.approx(1, abs=0.001)


def test_newer_counts_are_told_while_their_forecast_is_made(monkeypatch, tmp_path):
    told = forecast.Forecasts(tmp_path, eager=False)
    rows, state = told.of(MEASURES[0])
    assert state is None
    monkeypatch.setattr(forecast, "shipped", lambda measure: rows.assign(record="of other counts"))
    monkeypatch.setattr(kept, "there", lambda history: False)
    _rows, state = told.of(MEASURES[0])
    assert state == {"done": 0, "total": 0}
    monkeypatch.setattr(kept, "there", lambda history: True)
    monkeypatch.setattr(kept, "ahead", lambda measure: rows.head(3))
    found, state = told.of(MEASURES[0])
    assert (len(found), state) == (3, None)


def test_a_process_tells_how_far_a_forecast_is_and_why_it_cannot_be(monkeypatch, tmp_path):
    import json

    from hidra.core.errors import SpecError
    from hidra.core.i18n import _

    file = tmp_path / "state.json"
    monkeypatch.setattr(kept, "ahead", lambda measure, told: told("means", 3, 66))
    forecast.compute("any", file)
    assert json.loads(file.read_text()) == {"done": 3, "total": 66}

    def refuse(measure, told):
        raise SpecError(_("A count is below zero."), where="x", fix="")

    monkeypatch.setattr(kept, "ahead", refuse)
    forecast.compute("any", file)
    assert json.loads(file.read_text())["what"]["en"] == "A count is below zero."


@pytest.mark.parametrize("query", ["place=99", "place=25006", "measure=tea"])
def test_what_cannot_be_forecast_is_refused(reader, query):
    assert reader.get(f"/en/forecast?{query}").status_code in (400, 404)


def test_programs_get_the_forecast_and_the_studies(reader):
    rows = reader.get("/api/v1/forecast?place=11&measure=inegi_homicides").json()["data"]
    assert len(rows) == 26
    assert rows[0]["p05"] <= rows[0]["p50"] <= rows[0]["p95"]
    assert reader.get("/api/v1/forecast.csv?place=11").text.count("\n") == 27
    assert reader.get("/api/v1/forecast?place=25006").status_code == 400
    studies = reader.get("/api/v1/evidence").json()["data"]
    assert {one["id"] for one in studies} == set(bank())
    assert all(one["model"] for one in studies if one["id"] in evidence.results()["fitted"])


def test_every_study_is_told_with_its_source_and_those_kept_out_are_marked(reader):
    text = reader.get("/en/evidence").text
    for one in bank().values():
        [part] = re.findall(
            rf'<details class="folded" id="study-{one.id}">.*?</details>', text, re.S
        )
        assert one.address.replace("&", "&amp;") in part
        assert ("kept out, to judge</span>" in part) == (one.use == "kept out")
    rows = evidence.results()["fitted"]
    out = [rows[name] for name, one in bank().items() if one.use == "kept out" and name in rows]
    assert f"of {len(out)}, it meets {sum(row['inside'] for row in out)}." in text


@pytest.mark.parametrize(
    ("simulated", "said"),
    [(239, "gives what"), (100, "gives less"), (600, "gives more"), (-5, "the other way")],
)
def test_a_verdict_follows_a_rule(simulated, said):
    one = bank()["dube_2013_deaths"]
    found = one.published
    row = {"published": found.value, "low": found.low, "high": found.high, "simulated": simulated,
           "sim_low": simulated - 1, "sim_high": simulated + 1,
           "inside": found.low <= simulated <= found.high}  # fmt: skip
    assert said in evidence.verdict(one, row, EN)
    assert "intervals meet" not in evidence.verdict(one, row, EN)


def test_the_model_page_tells_prior_and_posterior_what_is_assumed_and_what_speaks_against(reader):
    text = shown(reader, "/en/model")
    assert re.search(r"Of \d+ uncertain parameters .* the records say a good deal about \d+", text)
    assert "What is known against this fit" not in text, "its chains agree"
    assert re.search(r"Assumed, no study sets how many die by them: .*Precarity", text)
    page = reader.get("/en/model").text
    assert "ω C<sub>i</sub>²" in page
    assert "<pre" not in page.split('id="mechanisms"')[1].split("</main")[0]
    assert not re.search(r"in all −\d", page)


def test_what_speaks_against_a_fit_is_said_on_the_model_page(monkeypatch):
    table, fit = model.learnt()
    apart = replace(fit, diagnostics=fit.diagnostics | {"rhat": 1.2})
    monkeypatch.setattr(model, "learnt", lambda: (table, apart))
    said = " ".join(model.fitted(EN).paragraphs)
    assert (
        "What is known against this fit: the chains do not agree (R-hat 1.200; up to 1.01)" in said
    )
