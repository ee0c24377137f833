"""The sections on scenarios and parameters, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from hidra.charts import interval, panels, plain, series, summary
from hidra.charts.block import Block, Section, local
from hidra.charts.sections import MAIN, Meta, Tables, codes, columns_of, missing, simulation_line
from hidra.charts.words import Words, percent


def scenarios(tables: Tables, meta: Meta, words: Words) -> Section:
    """Scenario fans and paired differences, under the banner of a conditional projection."""
    titles = summary.scenario_titles(tables, words)
    last = summary.final_differences(tables)
    if not titles or last.empty:
        none = missing("scenarios", words)
        silent = titles or tables.get("scenarios") is None
        return none if silent else replace(none, paragraphs=[words("scenarios.none")])
    return Section(
        "scenarios", words("section.scenarios"), banner=words("scenarios.banner"),
        paragraphs=[words("scenarios.lead"), _dose(tables, titles, last, words)],
        blocks=[_differences(tables, titles, meta, words), _fans(tables, titles, meta, words)],
        tables=plain.scenario_table(tables, words),
    )  # fmt: skip


def _dose(tables: Tables, titles: Mapping[str, str], last: pd.DataFrame, words: Words) -> str:
    pair = summary.equal_dose(tables)
    if pair is None:
        return words("scenarios.no_dose")
    rows = last.set_index("scenario").loc[list(pair)]
    verdict = "overlap" if summary.overlap(rows) else "apart"
    return words(
        "scenarios.dose", first=titles[pair[0]], second=titles[pair[1]],
        year=int(rows["year"].iloc[0]),
        first_median=percent(rows["rel_p50"].iloc[0], sign=True),
        second_median=percent(rows["rel_p50"].iloc[1], sign=True),
        verdict=words(f"scenarios.dose.{verdict}"),
    )  # fmt: skip


def _differences(tables: Tables, titles: Mapping[str, str], meta: Meta, words: Words) -> Block:
    rows = summary.differences(tables)
    rows = rows[rows["scenario"].isin(list(titles))]
    optional = [name for name in ("rel_p25", "rel_p75") if name in rows]
    columns = ["scenario", "year", "p05", "p50", "p95", "rel_p05", "rel_p50", "rel_p95"]
    rows = rows[[*columns, *optional]].round(4).reset_index(drop=True)
    reading = "scenarios.diff.reading" if optional else "scenarios.diff.reading_plain"
    return Block(
        name="differences",
        title=words("scenarios.diff.title"),
        subtitle=words("scenarios.diff.subtitle"),
        reading=words(reading),
        source=simulation_line(meta, words),
        layout={"kind": "rows"},
        chart=interval.differences(rows, titles, words),
        data=rows,
        columns=columns_of(columns, words),
        codes=codes(words, **titles),
    )


def _fans(tables: Tables, titles: Mapping[str, str], meta: Meta, words: Words) -> Block:
    base = series.fan(tables["summary"], "no_change", MAIN).set_index("month")["p50"]
    bands = pd.concat(
        series.fan(tables["summary"], name, MAIN).assign(scenario=name) for name in titles
    )
    bands["reference"] = bands["month"].map(base)
    bands = bands[bands["month"] >= str(meta.get("scenario_start") or bands["month"].min())]
    columns = ["scenario", "month", "p05", "p25", "p50", "p75", "p95", "reference"]
    bands = bands[columns].reset_index(drop=True)
    return Block(
        name="scenarios",
        title=words("scenarios.fans.title"),
        subtitle=words(
            "scenarios.fans.subtitle", measure=summary.name(MAIN, words),
            first=words.month(bands["month"].min()), last=words.month(bands["month"].max()),
        ),
        reading=words("scenarios.fans.reading"),
        source=simulation_line(meta, words),
        chart=panels.scenario_fans(bands, titles, words),
        data=bands,
        columns=columns_of(columns, words),
        codes=codes(words, **titles),
        layout={"kind": "panels", "smallest": 190, "most": 3, "ratio": 0.72},
    )  # fmt: skip


def parameters(tables: Tables, meta: Meta, words: Words) -> Section:
    """Priors beside posteriors, and in words what the data say of each."""
    table = tables.get("parameters")
    if table is None or table.empty:
        return missing("parameters", words)
    rows = interval.parameter_rows(table)
    titles = {row["name"]: local(row, "title", words.language) or row["name"]
              for _, row in table.iterrows()}  # fmt: skip
    columns = [
        "parameter", "unit", "prior", "prior_p05", "prior_p50", "prior_p95", "p05", "p50", "p95",
        "contraction",
    ]  # fmt: skip
    rows = rows.rename(columns={"name": "parameter"})
    drawn = rows[[*columns, *(name for name in rows if str(name).startswith("z_"))]]
    block = Block(
        name="parameters",
        title=words("parameters.title"),
        subtitle=words("parameters.subtitle"),
        reading=words("parameters.reading"),
        source=simulation_line(meta, words),
        layout={"kind": "rows"},
        chart=interval.parameters(drawn, titles, _units(table, words), words),
        data=drawn,
        columns=columns_of(columns, words),
        codes=titles,
    )
    said = [(titles[row["name"]], _said(row, words)) for _, row in table.iterrows()]
    return Section(
        "parameters", words("section.parameters"), paragraphs=[words("parameters.lead")],
        blocks=[block], terms=said,
    )  # fmt: skip


def _units(table: pd.DataFrame, words: Words) -> dict[str, str]:
    """Unit of each parameter in the language; a pure number has none."""
    units = {row["name"]: local(row, "unit", words.language) for _, row in table.iterrows()}
    return {name: "" if unit == "1" else unit for name, unit in units.items()}


def _said(row: pd.Series, words: Words) -> str:
    """What the data say of a parameter: in the words of the run, or by its contraction."""
    share = row["contraction"]
    levels = [(0.1, "nothing"), (0.3, "little"), (0.6, "something"), (float("inf"), "much")]
    verdict = next(name for limit, name in levels if not share >= limit)
    said = local(row, "words", words.language) or words(f"parameters.{verdict}")
    said = said[:1].upper() + said[1:].rstrip(".")
    return f"{said}. {words('parameters.item', contraction=percent(share))}"
