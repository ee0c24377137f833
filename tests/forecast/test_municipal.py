"""Municipalities from the user's panel: mostly months without a death, forecast and scored alike."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from hidra.cli import main
from hidra.data.importing import import_table
from hidra.data.spec import make_spec
from hidra.forecast import backtest
from hidra.forecast.backtest import protocol
from hidra.forecast.models import ALL
from hidra.forecast.pages import page

SPEC = {
    "source": "an_office", "title": "Victims by municipality", "publisher": "an office",
    "terms": "open", "accessed": "2026-11-21", "concept": "victims in case files",
    "unit": "persons", "place": {"column": "place", "level": "municipality"},
    "time": {"year": "year", "month": "month"}, "missing_means": "zero",
    "values": [{"column": "victims", "measure": "sesnsp_homicide_victims"}],
}  # fmt: skip


@pytest.fixture
def brought(tmp_path):
    """Twenty municipalities of Colima and Baja California, sparse: a month without a row is zero."""
    rng = np.random.default_rng(4)
    places = [f"060{n:02d}" for n in range(1, 11)] + [f"0200{n}" for n in range(1, 6)]
    rows = ["place,year,month,victims"]
    for level, code in zip(np.geomspace(0.05, 20, len(places)), places, strict=True):
        for year in range(2015, 2020):
            for month, count in enumerate(rng.poisson(level, 12), 1):
                rows += [f"{code},{year},{month},{count}"] if count else []
    file = tmp_path / "victims.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    import_table(file, make_spec(SPEC))
    return places


def test_municipalities_of_the_users_panel_are_forecast(brought, tmp_path):
    file = tmp_path / "forecast.parquet"
    asked = ["forecast", "--level", "municipality", "--measure", "sesnsp_homicide_victims"]
    asked += ["--origin", "2019-10", "--months", "3", "--draws", "50", "--out", str(file)]
    for model in ("hurdle", "nb-ewm6"):
        assert main([*asked, "--model", model]) == 0
        rows = pd.read_parquet(file)
        assert set(brought) <= set(rows["place"])
        assert rows["place"].str.len().eq(5).all()
        mean = rows.groupby("place")["value"].mean()
        assert mean["06001"] < 1 < 10 < mean["02005"]


def test_municipalities_are_scored_beside_the_hurdle(brought, capsys, monkeypatch):
    monkeypatch.setattr(backtest, "models", lambda history: [ALL[n] for n in ("hurdle", "nb-ewm6")])
    asked = ["score", "--level", "municipality", "--measure", "sesnsp_homicide_victims", "--json"]
    assert main([*asked, "--workers", "1"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["model"] for row in rows} == {"hurdle", "nb-ewm6"}
    assert all(0 < row["crps"] < 3 and row["coverage90"] > 0.8 for row in rows)


def test_the_page_says_what_it_covers_how_many_zeros_and_no_verdict_from_two_origins(brought):
    plan = protocol("sesnsp_homicide_victims", "municipality")
    plan = replace(plan, origins=("2017-10", "2018-10"))
    shape = (2, 6, len(plan.horizons), len(plan.known().places))
    rng = np.random.default_rng(1)
    found = {name: rng.random(shape) for name in ("hidra", "hurdle", "nb-ewm6")}
    told = page(plan, found, (1,), "en", {"en": "Colima, made up.", "es": "Colima, inventada."})
    assert "Colima, made up." in told and "what it covers is what was brought" not in told
    nobody = backtest.nobody(plan, plan.known())
    assert 0.1 < nobody.mean() < 0.9
    assert f"In {nobody.mean():.0%} of these months and municipalities nobody was killed" in told
    assert len(re.findall(r"– \| \d/2 \| too few origins to tell", told)) == 2
    assert "what was brought" in page(plan, found, (1,), "en")
