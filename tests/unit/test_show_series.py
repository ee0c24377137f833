"""No gap is filled, no line crosses a break, and rates are what they say."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hidra.charts import series

COLUMNS = [
    "place",
    "month",
    "measure",
    "value",
    "source",
    "concept",
    "vintage",
    "status",
    "period",
    "unit",
]
NO_BREAKS = pd.DataFrame(columns=["measure", "month"])


def rows(values: dict[tuple[str, str], float | None], **same: str) -> pd.DataFrame:
    shared = {
        "measure": "inegi_homicides", "source": "s", "concept": "c", "vintage": "2026-11-21",
        "status": "final", "period": "month", "unit": "persons", **same,
    }  # fmt: skip
    made = [
        {"place": place, "month": month, "value": value, **shared}
        for (place, month), value in values.items()
    ]
    return pd.DataFrame(made, columns=COLUMNS).astype({"value": float})


def months(year: int) -> list[str]:
    return [f"{year}-{number:02d}" for number in range(1, 13)]


def test_a_national_month_is_unknown_when_one_state_is() -> None:
    seen = rows(
        {("01", "2020-01"): 3, ("02", "2020-01"): 4, ("01", "2020-02"): 5, ("02", "2020-02"): None}
    )
    total = series.national(seen).set_index("month")["value"]
    assert total["2020-01"] == 7
    assert pd.isna(total["2020-02"])


def test_published_national_rows_are_used_as_they_are() -> None:
    seen = rows({("00", "2020-01"): 9, ("01", "2020-01"): 3, ("02", "2020-01"): 4})
    assert series.national(seen)["value"].tolist() == [9]


def test_a_national_total_is_as_weak_as_its_weakest_part() -> None:
    seen = pd.concat(
        [rows({("01", "2020-01"): 3}), rows({("02", "2020-01"): 4}, status="undercount")]
    )
    assert series.national(seen)["status"].tolist() == ["undercount"]


def test_a_line_stops_at_gaps_nulls_breaks_and_changes_of_concept() -> None:
    seen = rows(
        {("00", m): 1.0 for m in ["2020-01", "2020-02", "2020-04", "2020-05", "2020-06", "2020-08"]}
    )
    seen.loc[seen["month"] == "2020-06", "concept"] = "another"
    breaks = pd.DataFrame({"measure": ["inegi_homicides"], "month": ["2020-05"]})
    found = series.segmented(seen, breaks).set_index("month")["segment"]
    assert found["2020-01"] == found["2020-02"]
    assert len({found[m] for m in ["2020-02", "2020-04", "2020-05", "2020-06", "2020-08"]}) == 5


@given(st.lists(st.one_of(st.none(), st.integers(0, 999)), min_size=1, max_size=40))
def test_no_segment_ever_spans_an_unknown_month(values: list[int | None]) -> None:
    span = pd.period_range("2019-01", periods=len(values), freq="M").strftime("%Y-%m")
    seen = rows({("00", month): value for month, value in zip(span, values, strict=True)})
    found = series.segmented(seen, NO_BREAKS)
    assert len(found) == sum(value is not None for value in values)
    for _, part in found.groupby("segment"):
        numbers = series.month_number(part["month"])
        assert numbers.diff().dropna().eq(1).all()


def test_a_year_with_a_missing_month_has_no_total() -> None:
    seen = rows(
        {("01", m): 2.0 for m in months(2020)} | {("01", m): 2.0 for m in months(2021)[:-1]}
    )
    yearly = series.annual_observed(seen).set_index("year")["persons"]
    assert yearly[2020] == 24
    assert pd.isna(yearly[2021])


def test_rates_are_per_100_000_and_year() -> None:
    people = pd.DataFrame({"place": ["01"], "year": [2020], "population": [1_000_000.0]})
    yearly = pd.DataFrame({"place": ["01", "02"], "year": [2020, 2020], "persons": [240.0, 10.0]})
    rates = series.with_rate(yearly, people).set_index("place")["rate"]
    assert rates["01"] == pytest.approx(24.0)
    assert pd.isna(rates["02"])  # no population known: no rate, and not zero


def test_means_add_over_the_year_only_when_all_months_are_there() -> None:
    summary = pd.DataFrame(
        {"scenario": "no_change", "measure": "inegi_homicides", "place": "01", "mean": 1.5,
         "month": [*months(2020), *months(2021)[:3]]}
    )  # fmt: skip
    yearly = series.annual_simulated(summary, "no_change", "inegi_homicides")
    assert yearly.to_dict("records") == [{"place": "01", "year": 2020, "persons": 18.0}]


def test_monthly_rates_weigh_the_days_of_the_month() -> None:
    people = pd.DataFrame({"place": ["01"], "year": [2021], "population": [100_000.0]})
    seen = rows({("01", "2021-01"): 31.0, ("01", "2021-02"): 28.0})
    summary = pd.DataFrame(
        {"scenario": "no_change", "measure": "inegi_homicides", "place": "01", "month": ["2021-01", "2021-02"],
         **dict.fromkeys(["p05", "p25", "p50", "p75", "p95"], 31.0)}
    )  # fmt: skip
    panel = series.state_panels(summary, seen, people, "inegi_homicides")
    assert panel["observed"].tolist() == [365.2, 365.2]
    assert panel.attrs["rate"] is True
