"""Differences by state: what holds zero is drawn apart, unknown is neither, classes are even."""

from __future__ import annotations

import pandas as pd
import pytest

from hidra.charts import theme, tiles
from hidra.charts.words import Words
from hidra.report import blocks

ROWS = pd.DataFrame(
    {
        "place": ["01", "02", "03", "04"],
        "p05": [-30.0, -5.0, 2.0, None], "p50": [-20.0, 1.0, 8.0, None],
        "p95": [-10.0, 9.0, 15.0, None],
        "rel_p05": [-0.30, -0.05, 0.02, None], "rel_p50": [-0.20, 0.01, 0.08, None],
        "rel_p95": [-0.10, 0.09, 0.15, None],
    }
)  # fmt: skip


def test_each_state_shifts_one_way_either_way_or_is_unknown() -> None:
    assert list(tiles.shift_kinds(ROWS)) == ["less", "either", "more", "unknown"]


@pytest.mark.parametrize(
    ("largest", "step"), [(0.2, 0.1), (0.03, 0.01), (0.55, 0.2), (1.0, 0.5), (0.0, 0.0001)]
)
def test_classes_are_round_and_even_to_both_sides(largest: float, step: float) -> None:
    bounds = tiles.shift_steps(pd.DataFrame({"rel_p50": [largest / 2, -largest]}))
    assert bounds == pytest.approx([-2 * step, -step, 0, step, 2 * step])


def test_falls_are_teal_rises_brown_and_the_middle_is_neither() -> None:
    assert [*tiles.FALLS, tiles.EVEN, *tiles.RISES] == list(theme.DIVERGING[::-1])


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_picture_writes_brackets_around_what_holds_zero(language: str) -> None:
    rows = ROWS.assign(shift=tiles.shift_kinds(ROWS))
    words = Words(language)  # type: ignore[arg-type]
    block = blocks.shifts(rows, tiles.shift_steps(rows), {"01": "Aguascalientes"}, words,
                        name="where_x", title="X", year=2030, source="-")  # fmt: skip
    told = block.chart.to_dict()
    drawn = next(rows for rows in told["datasets"].values() if "said" in rows[0])
    said = {row["place"]: row["said"] for row in drawn}
    assert [said[place] for place in ("01", "02", "03", "04", "05")] == [
        "−20",
        "(+1)",
        "+8",
        "",
        "",
    ]
    labels = [label for label, _, _ in tiles._shift_entries(tiles.shift_steps(rows), words)]
    assert labels[0] == "< −20\u00a0%"
    assert len(labels) == len(set(labels)) == 8
    pd.testing.assert_frame_equal(block.data, rows)
