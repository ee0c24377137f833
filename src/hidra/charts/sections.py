"""The sections on what was observed and how the model follows it, in one language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import blocks, cell, chart, map, panels, places, plain, series, summary
from hidra.charts.block import Block, Section, local, source_line
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.weeks import month_after

Tables = Mapping[str, pd.DataFrame]
Meta = Mapping[str, Any]
MAIN = summary.MAIN


def codes(words: Words, **more: str) -> dict[str, str]:
    """Words of the codes that tables hold: status, register, kind, and ``more``."""
    status = {name: words(f"status.{name}") for name in ("final", "provisional", "undercount")}
    kinds = {name: words(f"map.{name}") for name in ("observed", "simulated")}
    parts = {name: words(f"part.{name}") for name in ("check", "projection")}
    measures = {measure: summary.name(measure, words) for measure in series.KILLED}
    cells = {kind: words(f"cell.{kind}") for kind in cell.KINDS if kind not in status}
    return {**status, **kinds, **parts, **cells, **measures, **more}


def missing(name: str, words: Words) -> Section:
    """A section that says it has nothing to show."""
    return Section(name, words(f"section.{name}"), paragraphs=[words("section.missing")])


def columns_of(names: list[str], words: Words) -> dict[str, str]:
    """Words of the columns that a table of data shows."""
    return {name: words(f"column.{name}") for name in names}


def _sources(tables: Tables, rows: pd.DataFrame, words: Words, meta: Meta | None = None) -> str:
    """The source line of observed ``rows``, and of the simulation when ``meta`` is given."""
    table = tables.get("sources")
    names = list(dict.fromkeys(rows["source"]))
    parts = [source_line(table, names, words, gaps=False)] if table is not None else []
    if meta is not None:
        parts.append(simulation_line(meta, words))
    return " ".join(part for part in parts if part)


def simulation_line(meta: Meta, words: Words) -> str:
    """Version, run, draws and seed of what was simulated."""
    return words(
        "word.simulation", version=meta.get("hidra_version", "–"), run=meta.get("run_id", "–"),
        draws=meta.get("draws", "–"), seed=meta.get("seed", "–"),
    )  # fmt: skip


def _seen(tables: Tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """National monthly rows in segments, and the listed breaks (perhaps none)."""
    breaks = tables.get("breaks", pd.DataFrame(columns=["measure", "month"]))
    rows = series.national(series.monthly(tables["observed"]))
    return series.segmented(rows, breaks), breaks


def break_marks(breaks: pd.DataFrame, measures: set[str], words: Words) -> pd.DataFrame:
    """``month, label`` of the breaks of some measures; one rule per month."""
    rows = [
        {"month": row["month"], "label": local(row, "words", words.language)}
        for _, row in breaks.iterrows()
        if row["measure"] in measures
    ]
    marks = pd.DataFrame(rows, columns=["month", "label"])
    joined = marks.groupby("month")["label"].agg(" · ".join)
    return joined.reset_index()


def observed(tables: Tables, words: Words) -> Section:
    """National series of all registers side by side, with what each counts."""
    rows, breaks = _seen(tables)
    if rows.empty:
        return missing("observed", words)
    measures = [measure for measure in series.KILLED if measure in set(rows["measure"])]
    labels = {measure: summary.name(measure, words) for measure in measures}
    marks = break_marks(breaks, set(measures), words)
    marks = marks[(marks["month"] > rows["month"].min()) & (marks["month"] <= rows["month"].max())]
    columns = ["measure", "month", "value", "status"]
    first, last = rows["month"].min(), rows["month"].max()
    block = Block(
        name="observed",
        title=words("observed.title"),
        subtitle=words("observed.subtitle", first=words.month(first), last=words.month(last)),
        reading=words("observed.reading"),
        source=_sources(tables, rows, words),
        chart=chart.sources(rows[[*columns, "segment"]], marks, labels, words),
        data=rows[[*columns, "segment"]],
        columns=columns_of(columns, words),
        codes=codes(words),
    )
    counts = [words.maybe(f"counts.{measure}", labels[measure]) for measure in measures]
    return Section(
        "observed", words("section.observed"),
        paragraphs=[words("observed.lead"), " ".join(counts)], blocks=[block],
    )  # fmt: skip


def model(tables: Tables, meta: Meta, words: Words) -> Section:
    """The fan over observed months, fitted and held out, and coverage in words."""
    band = series.model_band(tables["summary"], MAIN, (series.NATION,)).round(1)
    if band.empty:
        return missing("model", words)
    rows, breaks = _seen(tables)
    first, last = band["month"].min(), band["month"].max()
    rows = rows[(rows["measure"] == MAIN) & rows["month"].between(first, last)]
    seen = rows[["month", "value", "status"]]
    joined = band.merge(seen.rename(columns={"value": "observed"}), on="month", how="left")
    columns = ["month", "part", "p05", "p25", "p50", "p75", "p95", "observed", "status"]
    block = Block(
        name="model",
        title=words("model.title"),
        subtitle=words(
            "model.subtitle", measure=summary.name(MAIN, words),
            first=words.month(first), last=words.month(last),
        ),
        reading=words("model.reading" if held_out(meta) else "model.reading_all"),
        source=_sources(tables, rows, words, meta),
        chart=chart.fan(
            joined[columns], _model_marks(meta, breaks, words, first, last), words,
            held_out=held_out(meta),
        ),
        data=joined[columns],
        columns=columns_of(columns, words),
        codes=codes(words),
    )  # fmt: skip
    told = "model.lead" if held_out(meta) else "model.lead_all"
    lead = [words(told, fit=words.month(meta["fit_until"]))] if meta.get("fit_until") else []
    refit = band.loc[band["part"] == "check", "month"].max()
    if isinstance(refit, str) and refit < last:
        lead.append(words("model.refit", last=words.month(refit)))
    return Section(
        "model", words("section.model"), paragraphs=lead, blocks=[block],
        notes=plain.coverage_notes(tables, words), tables=plain.coverage_table(tables, words),
    )  # fmt: skip


def held_out(meta: Meta) -> tuple[str, str] | None:
    """First month that the fit did not see, and the first after them."""
    fit, seen = meta.get("fit_until"), meta.get("observed_until")
    if not fit or not seen or fit >= seen:
        return None
    return month_after(fit), month_after(seen)


def _model_marks(
    meta: Meta, breaks: pd.DataFrame, words: Words, first: str, last: str
) -> pd.DataFrame:
    rows = []
    held = held_out(meta)
    if held:
        rows.append({"month": held[0], "label": words("mark.held_out")})
    if meta.get("scenario_start"):
        rows.append({"month": meta["scenario_start"], "label": words("mark.scenarios")})
    marks = pd.concat([pd.DataFrame(rows), break_marks(breaks, {MAIN}, words)])
    if marks.empty:
        return pd.DataFrame(columns=["month", "label"])
    return marks[marks["month"].between(first, last)]


def where(tables: Tables, meta: Meta, words: Words) -> Section:
    """The map of annual rates, observed and simulated."""
    people = series.population(tables["observed"])
    rates = yearly_rates(tables, "no_change")
    if people.empty or rates.empty:
        return missing("map", words)
    columns = list(rates.columns)
    simulated = rates[rates["kind"] == "simulated"]
    known = rates[rates["rate"].notna()]
    shown = known.loc[known["kind"] == "observed", "year"]
    block = Block(
        name="map",
        title=words("map.title"),
        subtitle=words(
            "map.subtitle", observed=summary.name(MAIN, words),
            last=int(shown.max()) if len(shown) else "–",
            first=int(simulated["year"].min()) if len(simulated) else "–",
        ),
        reading=words("map.reading"),
        source=_sources(
            tables, tables["observed"].query("measure in [@MAIN, 'population']"), words, meta
        ),
        chart=map.choropleth(
            rates, place.outlines()["features"], places.names(words.language), words,
            year=int((shown if len(shown) else known["year"]).max()),
        ),
        data=rates,
        columns=columns_of(columns, words),
        codes=codes(words, **places.names(words.language)),
        layout={"kind": "map", "ratio": map.HEIGHT / map.WIDTH},
    )  # fmt: skip
    tiles = _tiles(tables, people, words)
    return Section("map", words("section.map"), paragraphs=[words("map.lead")],
                   blocks=[block, *tiles])  # fmt: skip


def yearly_rates(tables: Tables, scenario: str) -> pd.DataFrame:
    """Observed and simulated rates of the states: place, kind, year, rate, persons, cell."""
    people = series.population(tables["observed"])
    seen = series.annual_observed(series.monthly(tables["observed"], (MAIN,)))
    simulated = series.annual_simulated(tables["summary"], scenario, MAIN)
    parts = [seen.assign(kind="observed"), simulated.assign(kind="simulated")]
    rates = series.with_rate(pd.concat([part for part in parts if len(part)]), people)
    rates = rates[rates["place"].isin(series.STATES)]
    rates["cell"] = cell.kinds(rates.assign(persons=rates["persons"].where(rates["rate"].notna())))
    columns = ["place", "kind", "year", "rate", "persons", "cell"]
    return rates[columns].sort_values(columns[:3], ignore_index=True)


def _tiles(tables: Tables, people: pd.DataFrame, words: Words) -> list[Block]:
    """The last full observed year as hexagons of one size, so that small states are seen too."""
    rows = series.monthly(tables["observed"], (MAIN,))
    rates = cell.rates(rows[rows["place"].isin(series.STATES)], people)
    known = rates[rates["rate"].notna()]
    if known.empty:
        return []
    year = int(known["year"].max())
    return [
        blocks.hex_states(
            rates, words, year=year, title=words("tiles.title", year=year),
            measure=words("word.persons"), source=_sources(tables, rows, words),
        )
    ]  # fmt: skip


def states(tables: Tables, meta: Meta, words: Words) -> Section:
    """Small multiples of the 32 states."""
    people = series.population(tables["observed"])
    months = series.state_panels(tables["summary"], tables["observed"], people, MAIN)
    if months.empty or months["p50"].isna().all():
        return missing("states", words)
    kind = "rate" if months.attrs["rate"] else "count"
    columns = ["place", "month", "part", "p05", "p50", "p95", "observed", "status"]
    north, alphabet = places.north_to_south(), places.by_name(words.language)
    change = series.by_change(months)
    shown = tables["observed"].query("measure in [@MAIN, 'population'] and place != '00'")
    block = Block(
        name="states",
        title=words("states.title"),
        subtitle=words(
            f"states.subtitle.{kind}", first=words.month(months["month"].min()),
            last=words.month(months["month"].max()),
        ),
        reading=words("states.reading"),
        source=_sources(tables, shown, words, meta),
        chart=panels.small_multiples(
            months[columns], places.names(words.language), change, words, common_scale=False
        ),
        data=months[columns],
        columns=columns_of(columns, words),
        codes=codes(words, **places.names(words.language)),
        layout={
            "kind": "panels", "smallest": 112, "most": 6, "ratio": 0.62,
            "orders": {"change": change, "geographic": north, "name": alphabet}, "scales": True,
        },
    )  # fmt: skip
    return Section("states", words("section.states"), blocks=[block])
