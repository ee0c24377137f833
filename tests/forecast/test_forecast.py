"""A forecast knows its origin and nothing later, and says the same whoever asks."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from hidra import forecast
from hidra.cli import main
from hidra.forecast.dispersion import NegativeBinomial, PoissonLogT
from hidra.forecast.history import History, month
from hidra.forecast.means import MEANS, Hindcasts, origins_before, season
from hidra.forecast.model import Ask
from hidra.forecast.models import ALL, LIGHT, SECOND, families, kept, members, models


@pytest.fixture(scope="module")
def another_memory() -> Hindcasts:
    return Hindcasts()


@pytest.mark.parametrize("name", ALL)
def test_what_comes_after_the_origin_changes_no_draw(name, ask, noise_after, another_memory):
    draws = ALL[name].draw(ask("2016-10", draws=40))
    whole = ask("2018-12", draws=40, history=noise_after("2016-10"), hindcasts=another_memory)
    assert np.array_equal(draws, ALL[name].draw(whole.at(month("2016-10"))))


def test_the_noise_reaches_forecasts_made_later(ask, noise_after):
    # Otherwise the test above would pass with a record that nothing was done to.
    later = noise_after("2016-10").until(month("2017-10"))
    quiet = ALL["last-12"].draw(ask("2017-10", draws=40))
    assert not np.array_equal(quiet, ALL["last-12"].draw(ask("2017-10", draws=40, history=later)))


def test_a_memory_that_saw_later_data_tells_nothing_of_them(ask, noise_after):
    memory = Hindcasts()
    model = ALL["hidra"]
    later = noise_after("2016-10").until(month("2017-04"))
    model.draw(ask("2017-04", draws=20, history=later, hindcasts=memory))
    draws = model.draw(ask("2016-10", draws=20, hindcasts=memory))
    assert np.array_equal(draws, model.draw(ask("2016-10", draws=20)))


def test_a_forecast_is_asked_with_what_was_known_and_no_more(country, monkeypatch):
    noisy = [
        {
            "place": code,
            "month": str(country.first + t),
            "value": 999.0 if t > 201 else value,
            "undercount": False,
        }
        for t, row in enumerate(country.counts)
        for code, value in zip(country.places, row, strict=True)
    ]
    monkeypatch.setattr("hidra.data.panel.ask", lambda *_: noisy)
    history = forecast.known_at("2016-10", "inegi_homicides", "state")
    assert np.array_equal(history.counts, country.until(month("2016-10")).counts)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(ask):
    model = ALL["hidra"]
    one = model.draw(ask("2016-10", draws=30))
    assert np.array_equal(one, model.draw(ask("2016-10", draws=30)))
    assert not np.array_equal(one, model.draw(ask("2016-10", draws=30, seed=2)))


def test_what_one_place_draws_does_not_depend_on_the_others(ask, homicides):
    alone = dataclasses.replace(homicides, places=("08",), counts=homicides.counts[:, 2:3])
    one = ask("2016-10").at(month("2016-10"))
    single = ask("2016-10", history=alone.until(month("2016-10")))
    draws = [ALL["last-12"].draw(asked) for asked in (one, single)]
    assert np.array_equal(draws[0][:, :, 2:3], draws[1])


@pytest.mark.parametrize("name", ALL)
def test_draws_are_counts_of_people(name, ask):
    draws = ALL[name].draw(ask("2016-10", draws=50))
    assert draws.shape == (50, 14, 8)
    assert (draws >= 0).all()
    assert np.array_equal(draws, np.round(draws))


def test_a_family_that_was_far_off_stays_out(ask, monkeypatch):
    asked = ask("2016-10", hindcasts=Hindcasts())
    monkeypatch.setitem(MEANS, "ewm6", lambda history, months: np.full((months, 8), 9000.0))
    monkeypatch.setattr("hidra.forecast.models.families", lambda history: ("ewm6", "seasonal-ewm2"))
    assert kept(asked) == ("seasonal-ewm2",)


def test_each_draw_comes_whole_from_one_of_two_models(ask):
    asked = ask("2016-10", draws=101)
    which, found = members(101), ALL["hidra"].draw(asked)
    assert abs(which.sum() - 101 * SECOND) < 1
    for member, name in enumerate(("hidra-log-t", "state-space")):
        own = ALL[name].draw(ask("2016-10", draws=int((which == member).sum())))
        assert np.array_equal(found[which == member], own)


@pytest.mark.parametrize("name", ["hidra", "hurdle"])
def test_a_longer_request_begins_like_a_shorter_one(name, ask):
    short = ALL[name].draw(ask("2016-10", draws=37, horizons=tuple(range(1, 7))))
    long = ALL[name].draw(ask("2016-10", draws=60, horizons=tuple(range(1, 31))))
    assert np.array_equal(long[:37, :6], short)


def test_the_mean_stays_where_it_is_however_far_ahead(homicides, hindcasts):
    """Noise is log normal without drift: month 72 over month 1, season taken out, is one."""
    history = homicides.until(month("2019-10"))
    asked = Ask(history, (1, 2, 3, 72), 60_000, 1, hindcasts)
    factor = season(history)[history.after(72)][[0, 1, 2, 71]]
    mean = ALL["state-space"].draw(asked).mean(axis=0) / factor[:, None]
    assert mean.sum(axis=1)[3] / mean.sum(axis=1)[0] == pytest.approx(1, abs=0.03)
    # Of the statistical model too, about its own path: its second year, repeated.
    draws = ALL["hidra-log-t"].draw(dataclasses.replace(asked, draws=4000, horizons=(24, 72)))
    assert draws[:, 1].sum(axis=-1).mean() / draws[:, 0].sum(axis=-1).mean() == pytest.approx(
        1, abs=0.03
    )


def test_many_places_get_the_light_families(homicides):
    many = dataclasses.replace(homicides, places=tuple(f"{i:05d}" for i in range(200)))
    assert families(many) == LIGHT
    names = {model.name for model in models(many)}
    assert "logt-walk" not in names
    assert {"hidra", "hurdle"} <= names


@pytest.mark.parametrize("density", [NegativeBinomial(), PoissonLogT()])
def test_densities_sum_to_one_and_know_their_slope(density):
    own = np.array(density.own)
    counts, mean = np.arange(4000.0), np.full(4000, 40.0)

    def value(eta, own=own):
        return density(counts, mean, np.full(4000, eta), own)

    centre = 1.0 if density.start > 0 else -1.0
    found, slope, slope_own = value(centre)
    assert np.exp(found).sum() == pytest.approx(1, abs=0.01)
    step = 1e-5
    numeric = (value(centre + step)[0] - value(centre - step)[0]) / (2 * step)
    np.testing.assert_allclose(slope[:200], numeric[:200], rtol=1e-4, atol=1e-6)
    for k in range(len(own)):
        up, down = (value(centre, own + s * np.eye(len(own))[k])[0] for s in (step, -step))
        np.testing.assert_allclose(
            slope_own[:200, k], ((up - down) / (2 * step))[:200], rtol=1e-4, atol=1e-6
        )


def test_february_is_short_and_the_season_averages_one(country):
    factor = season(country.until(month("2019-12")))
    assert factor[1] == factor.min() < 0.95
    assert np.log(factor).sum() == pytest.approx(0, abs=1e-9)


def test_earlier_origins_lie_before_the_origin(country):
    history = country.until(month("2009-10"))
    origins = origins_before(history)
    assert [str(o) for o in origins[:2]] == ["2009-04", "2008-10"]
    assert len(origins) == 10
    _, came = Hindcasts().with_outcomes(("ewm2",), history, (3, 14))
    assert np.isnan(came[0, 1]).all(), "14 months after April 2009 nothing is known yet"
    assert not np.isnan(came[0, 0]).any()


def test_the_command_writes_the_table(tmp_path):
    file = tmp_path / "forecast.parquet"
    asked = ["forecast", "--origin", "2022-12", "--months", "3", "--draws", "20"]
    asked += ["--model", "nb-ewm2-season", "--out"]
    assert main([*asked, str(file)]) == 0
    rows = pd.read_parquet(file)
    assert list(rows.columns) == ["place", "month", "draw", "value", "measure"]
    assert len(rows) == 32 * 3 * 20
    assert set(rows["month"]) == {"2023-01", "2023-02", "2023-03"}
    assert rows["place"].min() == "01"
    assert rows["place"].max() == "32"
    assert list(tmp_path.iterdir()) == [file], "no draft is left"
    table = tmp_path / "forecast.csv"
    assert main([*asked, str(table)]) == 0
    told = pd.read_csv(table, dtype={"place": str}).set_index(["place", "month"])
    nation = rows.groupby(["month", "draw"])["value"].sum().groupby("month").median()
    for when, median in nation.items():  # of the sums, not the sum of medians
        assert told.loc[("00", when), "p50"] == median
    assert set(told["measure"]) == {"inegi_homicides"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--origin", "2001-01"], "Choose an origin from 2002-12 to 2025-06"),
        (["--origin", "2033-01"], "Choose an origin from 2002-12 to 20"),
        (["--origin", "2020-13"], "not a month"),
        (["--origin", "2020-10", "--months", "0"], "greater than or equal to 1"),
        (["--origin", "2020-10", "--months", "121"], "from 1 to 120"),
        (["--origin", "2020-10", "--draws", "0"], "greater than or equal to 1"),
        (["--origin", "2020-10", "--seed", "-1"], "greater than or equal to 0"),
        (["--origin", "2020-10", "--measure", "inegi_homicide"], "inegi_homicides"),
        (["--origin", "2020-10", "--level", "city"], "Did you mean municipality"),
        (["--origin", "2020-10", "--level", "municipality"], "hidra data fetch"),
        (["--origin", "2020-10", "--model", "hydra"], "Did you mean hidra"),
    ],
)
def test_what_cannot_be_forecast_is_told_and_nothing_is_written(words, told, tmp_path, capsys):
    file = tmp_path / "forecast.parquet"
    assert main(["forecast", *words, "--out", str(file)]) == 2
    assert told in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["forecast.txt", "folder.parquet"])
def test_a_file_that_is_neither_parquet_nor_csv_is_refused(name, tmp_path):
    (tmp_path / "folder.parquet").mkdir()
    assert main(["forecast", "--origin", "2020-10", "--out", str(tmp_path / name)]) == 2


def test_a_place_long_unknown_is_left_out(homicides):
    counts = homicides.counts.copy()
    counts[-12:, 1] = np.nan
    kept = forecast.with_recent(dataclasses.replace(homicides, counts=counts))
    assert len(kept.places) == 7
    assert "05" not in kept.places


def test_unknown_months_are_not_zeros(homicides):
    counts = homicides.counts.copy()
    counts[-4:, 2] = np.nan
    gap = dataclasses.replace(homicides, counts=counts)
    for name, path in MEANS.items():
        before = homicides.counts[-8:-4, 2].mean()
        assert path(gap, 3)[:, 2].min() > before / 3, name


def test_municipalities_without_deaths_are_forecast_near_zero(hindcasts):
    # 120 places, most of them without a death in most months, as municipalities are.
    rng = np.random.default_rng(5)
    levels = np.concatenate([np.full(100, 0.05), np.full(20, 6.0)])
    counts = rng.poisson(levels, (72, 120)).astype(float)
    places = tuple(f"20{i:03d}" for i in range(1, 121))
    history = History("sesnsp_homicide_victims", places, np.datetime64("2015-01", "M"), counts)
    draws = {
        name: ALL[name].draw(Ask(history, (1, 2), 200, 1, hindcasts))
        for name in ("hidra", "hurdle")
    }
    for name, found in draws.items():
        assert (found[:, :, :100] == 0).mean() > 0.9, name
    assert draws["hidra"][:, :, 100:].mean() == pytest.approx(6, rel=0.15)
    assert 4 < draws["hurdle"][:, :, 100:].mean() < 6, "drawn towards the average place"


def test_means_that_come_with_hidra_are_taken_and_those_of_other_counts_are_not(
    homicides, tmp_path, monkeypatch
):
    from hidra.core import files
    from hidra.forecast import means

    first = means.Hindcasts(tmp_path / "one")
    made = first.mean("ewm2", homicides, 3)
    shipped = files.write_npz(tmp_path / "means.npz", {n: v + 1 for n, v in first.kept.items()})
    monkeypatch.setattr(means, "SHIPPED", shipped)
    means.shipped.cache_clear()
    try:
        again = means.Hindcasts(tmp_path / "two")
        np.testing.assert_array_equal(again.mean("ewm2", homicides, 3), made + 1)
        earlier = homicides.until(homicides.origin - np.timedelta64(1, "M"))
        plain = means.Hindcasts().mean("ewm2", earlier, 3)
        np.testing.assert_array_equal(again.mean("ewm2", earlier, 3), plain)
    finally:
        means.shipped.cache_clear()
