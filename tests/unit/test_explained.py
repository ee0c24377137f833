"""What explains the records, and what the scale rests on: made-up courses with known answers."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from hidra.charts.words import Words
from hidra.core.weeks import Weeks
from hidra.inference import diagnostics as room
from hidra.inference.diagnostics import PUBLISHED, attributed, explained, scale
from hidra.inference.posterior import Posterior
from hidra.model import series
from hidra.report.plain import explained as section

FIRST, LAST = "2015-01", "2017-12"
WEEKS = Weeks(FIRST, LAST)
MONTHS, PLACES, DRAWS = 36, 32, 3


def posterior(**more):
    flat = {"unlinked": np.full((DRAWS, PLACES), 1e-7), "linked": np.full((DRAWS, PLACES), 2.0)}
    return Posterior(flat | more)


def country(wave, discrepancy):
    """Deaths of members follow a wave; records follow wave times discrepancy, without luck."""
    deaths = np.broadcast_to(10 * np.exp(wave)[:, None], (MONTHS, PLACES))
    exposure = series.population(WEEKS) * WEEKS.days[:, None]
    expected = (1e-7 * exposure + 2 * deaths) * np.exp(discrepancy)[:, None]
    axes = ("scenario", "draw", "month", "place")
    shape = (1, DRAWS, MONTHS, PLACES)
    results = xr.Dataset(
        {
            "member_deaths": (axes, np.broadcast_to(deaths, shape)),
            "inegi_homicides_expected": (axes, np.broadcast_to(expected, shape)),
        },
        coords={
            "scenario": ["no_change"],
            "draw": np.arange(DRAWS),
            "month": WEEKS.months.astype("datetime64[ns]"),
            "place": list(series.states()),
        },
    )
    return results, expected


def shares(monkeypatch, wave, discrepancy):
    results, expected = country(wave, discrepancy)
    monkeypatch.setattr(room.series, "records", lambda measure, weeks: expected - 0.5)
    found = explained(results, posterior(), FIRST, LAST)
    wide = found.pivot(index="place", columns="part", values="p50")
    np.testing.assert_allclose(wide.sum(axis=1), 1.0, atol=1e-9)
    return wide


T = np.arange(MONTHS)


def test_a_wave_of_the_mechanisms_is_all_theirs(monkeypatch):
    found = shares(monkeypatch, 0.5 * np.sin(T / 5), np.zeros(MONTHS))
    assert found.loc["09", "mechanisms"] == pytest.approx(1.0, abs=1e-6)
    assert found["discrepancy"].abs().max() < 1e-6


def test_a_wave_that_no_mechanism_makes_is_all_discrepancy(monkeypatch):
    found = shares(monkeypatch, np.zeros(MONTHS), 0.5 * np.sin(T / 5))
    assert found["discrepancy"].min() > 0.95
    assert found["mechanisms"].max() < 0.05


def test_mechanisms_that_move_against_the_records_explain_less_than_nothing(monkeypatch):
    found = shares(monkeypatch, 0.3 * np.sin(T / 5), -0.6 * np.sin(T / 5))
    assert found["mechanisms"].max() < 0 and found["discrepancy"].min() > 1


def test_unknown_months_explain_nothing(monkeypatch):
    results, expected = country(0.1 * np.sin(T), np.zeros(MONTHS))
    monkeypatch.setattr(room.series, "records", lambda *_: np.full_like(expected, np.nan))
    assert explained(results, posterior(), FIRST, LAST).empty


def ridge(k):
    """Draws that lie exactly on the ridge of equal records."""
    one = {name: estimate * k**0 for name, (estimate, _, _) in PUBLISHED.items()}
    return posterior(
        initial_members=one["initial_members"] * k,
        enforcement=one["enforcement"] * k,
        lethality=one["lethality"] / k,
        saturation=one["saturation"] / k,
        recruitment=one["recruitment"] * np.ones_like(k),
        linked=2.0 / np.repeat(k[:, None], PLACES, axis=1),
    )


def test_draws_on_the_ridge_have_the_slopes_of_the_scale():
    k = np.array([0.8, 1.0, 1.3])
    found = scale(ridge(k), 0.1 * k).set_index("name")
    moving = found.drop(index="recruitment")
    np.testing.assert_allclose(moving["slope"], moving["power"], atol=1e-9)
    assert np.isnan(found.loc["recruitment", "slope"]), "what does not move has no slope"
    assert found.loc["attributed_share", "prior_p50"] == pytest.approx(0.0938, abs=0.002)
    assert list(found.index[found["on_bound"]]) == ["initial_members", "enforcement", "saturation"]


def test_the_attributed_share_is_deaths_of_members_over_the_lost():
    results, _ = country(np.zeros(MONTHS), np.zeros(MONTHS))
    share = attributed(results, 10 * PLACES * 12 / 0.1, FIRST, LAST)
    np.testing.assert_allclose(share, 0.1)


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_report_says_both_in_words(monkeypatch, language):
    results, expected = country(0.5 * np.sin(T / 5), 0.2 * np.cos(T / 7))
    monkeypatch.setattr(room.series, "records", lambda measure, weeks: expected - 0.5)
    table = explained(results, posterior(), FIRST, LAST).assign(fit="projection", fitted=True)
    k = np.array([0.8, 1.0, 1.3])
    given = {"explained": table, "scale": scale(ridge(k), 0.1 * k)}
    found = section(given, {}, Words(language))
    assert len(found.tables) == 2 and len(found.tables[0].rows) == 2
    text = " ".join(found.paragraphs)
    assert {"es": "tope", "en": "bound"}[language] in text and "%" in text
    assert {"es": "no entendido", "en": "not understood"}[language] in text
    assert section({"explained": pd.DataFrame()}, {}, Words(language)).empty
