"""The section on municipalities, where a run has them: a map of dots, and what it cannot say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hidra.charts import cell, map
from hidra.charts.block import Block, Section
from hidra.charts.blocks import cell_codes
from hidra.charts.dots import dots
from hidra.charts.sections import Meta, columns_of, simulation_line
from hidra.charts.words import Words
from hidra.core import place

_COLUMNS = ["place", "name", "year", "rate", "low", "high", "persons", "population"]


def section(tables: Mapping[str, pd.DataFrame], meta: Meta, words: Words) -> list[Section]:
    """Return the section, or nothing for a run of the states only."""
    rates = tables.get("municipal_rates")
    if rates is None or rates.empty:
        return []
    rates = rates.round({"rate": 2, "low": 2, "high": 2, "persons": 2, "population": 0})
    block = Block(
        name="municipalities",
        title=words("municipal.title"),
        subtitle=words("municipal.subtitle", year=int(rates["year"].max())),
        reading=words("municipal.reading"),
        source=simulation_line({**meta, "draws": int(rates["draws"].max())}, words),
        chart=dots(rates, place.outlines()["features"], words),
        data=rates[_COLUMNS].assign(cell=cell.kinds(rates)),
        columns=columns_of([*_COLUMNS, "cell"], words),
        codes=cell_codes(words),
        layout={"kind": "map", "ratio": map.HEIGHT / map.WIDTH},
    )
    lead = words("municipal.lead", draws=int(rates["draws"].max()))
    return [Section("municipal", words("section.municipal"), paragraphs=[lead], blocks=[block])]
