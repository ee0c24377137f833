"""The newest months come in late: two cuts of a source say by how much, one cut says nothing."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from hidra import forecast
from hidra.cli import main
from hidra.data.importing import import_table
from hidra.data.spec import make_spec
from hidra.forecast.history import bridged, completed, record

SPEC = {
    "source": "prosecutor_office", "title": "Victims by month", "publisher": "an office",
    "terms": "open", "concept": "victims in case files, month of the file", "unit": "persons",
    "place": {"column": "place", "level": "state"},
    "time": {"year": "year", "month": "month"},
    "values": [{"column": "victims", "measure": "sesnsp_homicide_victims"}],
}  # fmt: skip


@pytest.fixture
def cut(tmp_path):
    """Bring a cut: counts to a month, of which the two newest are short by a half and a fifth."""

    def bring(accessed: str, last: str, **more) -> None:
        months = np.arange("2022-01", np.datetime64(last) + 1, dtype="datetime64[M]")
        lines = ["place,year,month,victims"]
        for t, month in enumerate(months):
            share = {len(months) - 1: 0.5, len(months) - 2: 0.8}.get(t, 1.0)
            year, number = str(month).split("-")
            lines += [f"{code},{year},{int(number)},{100 * share:.0f}" for code in ("01", "02")]
        file = tmp_path / f"{accessed}.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        import_table(file, make_spec({**SPEC, "accessed": accessed, **more}))

    return bring


def test_two_cuts_teach_the_delay_and_the_newest_months_are_completed(cut):
    cut("2028-01-20", "2027-12")
    cut("2029-01-20", "2028-12")
    known = completed(forecast.known_at("2028-12", "sesnsp_homicide_victims", "state"), "state")
    assert known.history.counts[-1] == pytest.approx([100, 100]), "half was in, so times two"
    assert known.history.counts[-2] == pytest.approx([100, 100])
    assert known.history.counts[-3] == pytest.approx([100, 100])
    assert known.factors == pytest.approx({"2028-12": 2.0, "2028-11": 1.25})
    raw = record("sesnsp_homicide_victims", "state")
    assert raw.counts[-1, :2] == pytest.approx([50, 50]), "the panel itself is left alone"


def test_months_before_an_old_origin_are_not_completed(cut):
    cut("2028-01-20", "2027-12")
    cut("2029-01-20", "2028-12")
    known = completed(forecast.known_at("2026-10", "sesnsp_homicide_victims", "state"), "state")
    assert not known.factors
    assert known.history.counts[-1] == pytest.approx([100, 100])


def test_one_cut_teaches_nothing_and_that_is_told(cut, tmp_path, capsys):
    cut("2029-01-20", "2028-12", provisional_from="2028-11")
    known = completed(forecast.known_at("2028-12", "sesnsp_homicide_victims", "state"), "state")
    assert known.history.counts[-1] == pytest.approx([50, 50])
    assert known.short == ("2028-11", "2028-12")
    asked = ["forecast", "--measure", "sesnsp_homicide_victims", "--origin", "2028-12"]
    asked += ["--model", "last-month", "--months", "1", "--draws", "5", "--out"]
    assert main([*asked, str(tmp_path / "f.parquet")]) == 0
    assert "2028-11 to 2028-12" in capsys.readouterr().err


def test_the_built_in_deaths_of_2022_are_told_to_be_short(country):
    known = completed(country, "state")
    assert known.short[0] == "2022-01"
    assert np.array_equal(known.history.counts, country.counts)
    early = completed(country.until(np.datetime64("2021-10", "M")), "state")
    assert not early.short


def test_case_files_stand_in_where_inegi_has_no_full_count(country):
    """Of 2022 INEGI has an undercount, of later months nothing; no origin looks past itself."""
    files = record("sesnsp_homicide_victims", "state")
    whole = bridged(country, "state")
    assert (whole.origin, str(whole.bridged)) == (files.origin, "2022-01")
    short, ours = country.counts[-12:].sum(), whole.until(country.origin).counts[-12:].sum()
    assert 1.02 < ours / short < 1.12, "deaths registered after the year are missing from it"
    assert np.array_equal(whole.counts[:264], country.counts[:264])
    assert np.array_equal(whole.counts, np.round(whole.counts))
    early = np.datetime64("2021-12", "M")
    assert bridged(country, "state", early).bridged is None
    later = forecast.known_at("2022-06", "inegi_homicides", "state")
    assert np.array_equal(later.counts, whole.until(later.origin).counts)
    assert not completed(later, "state").short


def test_what_came_after_the_full_counts_moves_no_bridge(country, monkeypatch):
    files = record("sesnsp_homicide_victims", "state")
    noisy = files.counts.copy()
    noisy[84:] *= 3
    one = bridged(country, "state").counts[264:]
    monkeypatch.setattr(
        "hidra.forecast.history.record", lambda *_: dataclasses.replace(files, counts=noisy)
    )
    other = bridged(country, "state").counts[264:]
    np.testing.assert_allclose(other.sum(), 3 * one.sum(), rtol=0.01)


def test_an_unknown_month_stays_unknown(cut):
    cut("2028-01-20", "2027-12")
    cut("2029-01-20", "2028-12")
    history = forecast.known_at("2028-12", "sesnsp_homicide_victims", "state")
    counts = history.counts.copy()
    counts[-1, 0] = np.nan
    known = completed(dataclasses.replace(history, counts=counts), "state")
    assert np.isnan(known.history.counts[-1, 0])
