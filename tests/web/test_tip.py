"""What the pointer reads says what the table behind the chart says, in the reader's language."""

from __future__ import annotations

import re

import pandas as pd

from hidra.web.site import words


def table(reader, path: str, chart: str) -> pd.DataFrame:
    told = reader.get(f"{path}.json?chart={chart}").json()
    return pd.DataFrame(told["rows"], columns=told["columns"])


def test_every_month_of_a_series_has_its_lines(reader):
    rows = table(reader, "/lugar/25", "observed")
    told = reader.get("/lugar/25.tips?chart=observed").json()
    assert (told["first"], told["last"]) == (rows["month"].min(), rows["month"].max())
    said = told["said"][""]
    assert set(said) == set(rows["month"])
    for month, part in rows.groupby("month"):
        head, *lines = said[month]
        assert head == words("es").month(month)
        figures = [float(re.search(r": ([\d,.]+)", line.split(": ", 1)[1] if ": " in line else line)
                         .group(1).replace(",", "")) for line in lines]  # fmt: skip
        assert figures == list(part["value"])
        weak = [one != "final" for one in part["status"]]
        assert [bool(re.search("provisional|cuenta de menos", line)) for line in lines] == weak


def test_every_bar_has_its_lines(reader):
    rows = table(reader, "/en/place/25", "fates")
    said = reader.get("/en/place/25.tips?chart=fates").json()["said"][""]
    keys = set(re.findall(r'data-key="(\d{4})"', reader.get("/en/place/25").text))
    assert keys == set(said) == set(rows["year"].astype(str))
    assert len(said["2020"]) == 4  # the year, and three fates


def test_a_hexagon_is_found_by_its_place(reader):
    page = reader.get("/").text
    told = reader.get("/panorama.tips?chart=states_hex").json()["said"][""]
    keys = set(re.findall(r'data-key="(place=\d\d)"', page))
    assert keys == set(told)
    assert len(keys) == 32
    assert told["place=25"][0] == "Sinaloa"


def test_charts_say_how_a_pointer_finds_its_place(reader):
    page = reader.get("/").text
    kinds = dict(re.findall(r'id="chart-(\w+)"[^>]* data-hover="(\w+)"', page))
    assert kinds == {"years": "time", "observed": "time", "states_hex": "key", "fates": "key"}
    assert reader.get("/panorama.tips?chart=nothing").status_code == 400


def test_parquet_holds_the_rows_of_the_chart(reader, tmp_path):
    answer = reader.get("/en/place/25.parquet?chart=missing")
    assert answer.headers["content-disposition"] == 'attachment; filename="hidra-missing.parquet"'
    (tmp_path / "rows.parquet").write_bytes(answer.content)
    kept = pd.read_parquet(tmp_path / "rows.parquet")
    rows = table(reader, "/en/place/25", "missing")
    pd.testing.assert_frame_equal(kept[rows.columns], rows, check_dtype=False)
