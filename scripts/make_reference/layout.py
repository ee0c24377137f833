"""How every built-in table is laid out on disk: sorted, UTF-8, LF, months wide, null empty."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

MONTHS = [f"m{number:02d}" for number in range(1, 13)]
STATES = [f"{number:02d}" for number in range(1, 33)]


def state(code: float | str) -> str | None:
    """Return the two-character state code of a number, or None where there is none."""
    return None if pd.isna(code) else f"{int(code):02d}"


def states(codes: pd.Series) -> pd.Series:
    """Return two-character state codes, null where the source has none."""
    return codes.map(state)


def wide(counts: pd.Series, places: list[str], years: range) -> pd.DataFrame:
    """Spread counts indexed by (place, year, month) over m01..m12, a missing cell being zero.

    Only for sources whose missing row means zero; later blank what was not yet published.
    """
    rows = pd.MultiIndex.from_product([places, years], names=["place", "year"])
    table = counts.rename_axis(["place", "year", "month"]).unstack("month", fill_value=0)
    table = table.reindex(index=rows, columns=range(1, 13), fill_value=0)
    return table.set_axis(MONTHS, axis="columns").astype("Int64").reset_index()


def by_year(counts: pd.Series, measure: str, places: list[str], years: range) -> pd.DataFrame:
    """Spread figures indexed by (place, year) over y2000, y2001, ...; a missing cell is null."""
    table = counts.rename_axis(["place", "year"]).unstack("year")
    table = table.reindex(index=places, columns=list(years)).astype("Int64")
    table = table.set_axis([f"y{year}" for year in years], axis="columns").reset_index()
    table.insert(0, "measure", measure)
    return table


def long(source: pd.DataFrame, measures: dict[str, str]) -> pd.DataFrame:
    """Return measure, place, year (or month), value: one row for each figure that is known.

    `source` is indexed by place and year or month; `measures` names its columns.
    """
    table = source.rename(columns=measures)[list(measures.values())]
    when = table.index.names[1]
    table = table.rename_axis(["place", when]).stack().dropna().rename("value")
    table = table.rename_axis(["place", when, "measure"]).reset_index()
    return table[["measure", "place", when, "value"]].sort_values(["measure", "place", when])


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table as sorted CSV: the same rows always give the same bytes."""
    whole = table.select_dtypes("float").columns
    whole = [name for name in whole if (table[name].dropna() % 1 == 0).all()]
    table = table.astype(dict.fromkeys(whole, "Int64"))
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
