"""The sections with charts: what was observed, how the model follows it, what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import cell, interval, lines, maps, picture, series
from hidra.charts.block import (
    Block,
    Section,
    Table,
    brief_line,
    described,
    simulation_line,
    source_line,
)
from hidra.charts.series import MAIN
from hidra.charts.words import Words, local
from hidra.core import place
from hidra.core.i18n import percent, whole
from hidra.report import Meta, Tables, missing, plain, section, summary
from hidra.report import blocks as drawn
from hidra.report.blocks import codes, of_names, of_places, over_time


def _sources(
    tables: Tables, rows: pd.DataFrame, words: Words, meta: Meta | None = None
) -> dict[str, Any]:
    """Sources of observed ``rows``, and of the simulation when ``meta`` is given."""
    table, used = tables.get("sources"), list(dict.fromkeys(rows["source"]))
    lines = {"source": "", "brief": ""} if table is None else {
        "source": source_line(table, used, words, gaps=False),
        "brief": brief_line(table, used, words),
    }  # fmt: skip
    made = "" if meta is None else simulation_line(meta, words)
    return {name: f"{line} {made}".strip() for name, line in lines.items()} | {"sources": used}


@section("summary")
def head(tables: Tables, meta: Meta, words: Words) -> Section:
    """The five sentences."""
    return Section(points=summary.sentences(tables, meta, words))


@section("observed")
def observed(tables: Tables, meta: Meta, words: Words) -> Section:
    """National series of all registers side by side, with what each counts."""
    breaks = tables.get("breaks", series.NO_BREAKS)
    rows = series.segmented(series.national(series.monthly(tables["observed"])), breaks)
    if rows.empty:
        return missing(words)
    measures = [measure for measure in series.KILLED if measure in set(rows["measure"])]
    labels = {measure: words(f"end.{measure}") for measure in measures}
    first, last = rows["month"].min(), rows["month"].max()
    marks = series.marks(breaks, set(measures), (first, last), words)
    columns = ["measure", "month", "value", "status"]
    block = described(
        "observed", words, "observed", {"first": words.month(first), "last": words.month(last)},
        chart=lines.sources(
            rows[[*columns, "segment"]], marks[marks["month"] > first], labels, words
        ),
        data=rows[[*columns, "segment"]], columns=columns, codes=codes(words),
        axes=over_time("value", words("word.persons")), **_sources(tables, rows, words),
    )  # fmt: skip
    counts = [words.maybe(f"counts.{one}", summary.name(one, words)) for one in measures]
    return Section(paragraphs=[words("observed.lead"), " ".join(counts)], blocks=[block])


@section("brought", needs=("brought",), silent=True)
def brought(tables: Tables, meta: Meta, words: Words) -> Section:
    """What own tables count, the last whole years beside each other."""
    names = maps.state_names(words.language) | {series.NATION: words("word.nation")}
    found = []
    mine = tables["brought"]
    alike = mine.groupby("title")["measure"].nunique()
    for (title, measure), rows in mine.groupby(["title", "measure"], sort=False):
        years = sorted(rows["year"].unique())[-6:]
        wide = rows.pivot(index="place", columns="year", values="value")[years]
        told = [
            [names.get(str(code), str(code)),
             *("–" if pd.isna(one) else whole(one) for one in row)]
            for code, row in zip(wide.index, wide.to_numpy(), strict=True)
        ]  # fmt: skip
        unit = words.maybe(f"unit.{rows['unit'].iloc[0]}", rows["unit"].iloc[0])
        head = title if alike[str(title)] == 1 else f"{title}, {measure}"
        found.append(Table(f"{head} ({unit})", [words("word.place"), *map(str, years)], told))
    return Section(paragraphs=[words("brought.lead")], tables=found)


@section("model")
def model(tables: Tables, meta: Meta, words: Words) -> Section:
    """The fan over observed months, fitted and held out, and coverage in words."""
    band = series.model_band(tables["summary"], MAIN, (series.NATION,)).round(1)
    if band.empty:
        return missing(words)
    first, last = band["month"].min(), band["month"].max()
    rows = series.national(series.monthly(tables["observed"]))
    rows = rows[(rows["measure"] == MAIN) & rows["month"].between(first, last)]
    rows = rows[rows["value"].notna()]
    end = "" if series.held_out(meta) else "_all"
    alone = _alone(tables["summary"], meta)
    block = drawn.over_records(
        band, rows, tables.get("breaks", series.NO_BREAKS), meta, words, key="model",
        start=str(meta.get("scenario_start") or ""), reading=words(f"model.reading{end}"),
        alone=None if alone.empty else alone["p50"], **_sources(tables, rows, words, meta),
    )  # fmt: skip
    fit, refit = meta.get("fit_until"), band.loc[band["part"] == "check", "month"].max()
    lead = [words(f"model.lead{end}", fit=words.month(fit))] if fit else []
    if isinstance(refit, str) and refit < last:
        lead.append(words("model.refit", last=words.month(refit)))
    if len(alone):
        said = {name: whole(alone.loc[last, name]) for name in ("p05", "p50", "p95")}
        forecast = whole(band.set_index("month").loc[last, "p50"])
        lead.append(words("model.alone", last=words.month(last), forecast=forecast, **said))
        lead += plain.belief(tables, meta, words)
    return Section(
        paragraphs=lead, blocks=[block],
        notes=plain.coverage_notes(tables, words), tables=plain.coverage_table(tables, words),
    )  # fmt: skip


def _alone(summary: pd.DataFrame, meta: Meta) -> pd.DataFrame:
    """Months of the nation ahead of the records, as the model alone would have them."""
    rows = series.model_band(summary, series.ALONE, (series.NATION,)).set_index("month")
    return rows[rows.index > str(meta.get("fit_until") or "")]


@section("map")
def where(tables: Tables, meta: Meta, words: Words) -> Section:
    """The map of annual rates, observed and simulated, and the last full year as hexagons."""
    people = series.population(tables["observed"])
    rates = cell.yearly_rates(tables, "no_change")
    if people.empty or rates.empty:
        return missing(words)
    simulated = rates.loc[rates["kind"] == "simulated", "year"]
    known = rates[rates["rate"].notna()]
    shown = known.loc[known["kind"] == "observed", "year"]
    rested = tables["observed"].query("measure in [@MAIN, 'population']")
    block = described(
        "map", words, "map",
        {"observed": summary.name(MAIN, words), "last": int(shown.max()) if len(shown) else "–",
         "first": int(simulated.min()) if len(simulated) else "–"},
        chart=picture.states_map(
            rates, words, year=int((shown if len(shown) else known["year"]).max())
        ),
        data=rates, columns=list(rates.columns), axes=of_places(words),
        codes=codes(words, **maps.state_names(words.language)),
        layout={"kind": "map", "ratio": maps.HEIGHT / maps.WIDTH},
        **_sources(tables, rested, words, meta),
    )  # fmt: skip
    tiles = last_year(tables, words)
    return Section(paragraphs=[words("map.lead")], blocks=[block, *tiles])


def last_year(tables: Tables, words: Words) -> list[Block]:
    """The last full observed year as hexagons of one size, so that small states are seen too."""
    rows = series.monthly(tables["observed"], (MAIN,))
    states = rows[rows["place"].isin(series.STATES)]
    rates = cell.rates(states, series.population(tables["observed"]))
    years = rates.loc[rates["rate"].notna(), "year"]
    if years.empty:
        return []
    year = int(years.max())
    return [
        drawn.hex_states(
            rates, words, year=year, title=words("tiles.title", year=year),
            measure=words("word.persons"), **_sources(tables, rows, words),
        )
    ]  # fmt: skip


@section("states")
def states(tables: Tables, meta: Meta, words: Words) -> Section:
    """Small multiples of the 32 states."""
    people = series.population(tables["observed"])
    months = series.state_panels(tables["summary"], tables["observed"], people, MAIN)
    if months.empty or months["p50"].isna().all():
        return missing(words)
    kind = "rate" if months.attrs["rate"] else "count"
    names, change = maps.state_names(words.language), series.by_change(months)
    orders = {
        "change": change, "geographic": maps.north_to_south(),
        "name": maps.alphabetical(words.language),
    }  # fmt: skip
    columns = ["place", "month", "part", "p05", "p50", "p95", "observed", "status"]
    shown = tables["observed"].query("measure in [@MAIN, 'population'] and place != '00'")
    first, last = (words.month(end) for end in (months["month"].min(), months["month"].max()))
    block = described(
        "states", words, "states",
        subtitle=words(f"states.subtitle.{kind}", first=first, last=last),
        chart=lines.small_multiples(months[columns], names, change, words, common_scale=False),
        data=months[columns], columns=columns, codes=codes(words, **names),
        axes=over_time("p50", words("column.rate" if kind == "rate" else "word.persons")),
        layout={"kind": "panels", "smallest": 112, "most": 6, "ratio": 0.62, "orders": orders,
                "scales": True},
        **_sources(tables, shown, words, meta),
    )  # fmt: skip
    lead = f"{block.title}: {block.subtitle}."
    return Section(paragraphs=[lead], blocks=[block], shown=0)


@section("municipal", needs=("municipal_rates",), silent=True)
def municipal(tables: Tables, meta: Meta, words: Words) -> Section:
    """Municipalities, where a run has them: a map of dots, and what it cannot say."""
    rates = tables["municipal_rates"]
    kept = dict.fromkeys(("rate", "low", "high"), series.KEPT)
    rates = rates.round(kept | {"persons": 2, "population": 0})
    columns = ["place", "name", "year", "rate", "low", "high", "persons", "population"]
    draws, seen = int(rates["draws"].max()), tables.get("observed")
    limits = cell.limits(rates["rate"]) if seen is None else cell.scale(seen, MAIN)
    block = described(
        "municipalities", words, "municipal", {"year": int(rates["year"].max())},
        source=simulation_line({**meta, "draws": draws}, words),
        chart=maps.dots(
            rates, place.outlines()["features"], words, limits=limits
        ),
        data=rates[columns].assign(cell=cell.kinds(rates)), columns=[*columns, "cell"],
        heads={"name": words("word.place")},
        codes=drawn.cell_codes(words), axes=of_places(words),
        layout={"kind": "map", "ratio": maps.HEIGHT / maps.WIDTH},
    )  # fmt: skip
    return Section(paragraphs=[words("municipal.lead", draws=draws)], blocks=[block])


@section("scenarios")
def scenarios(tables: Tables, meta: Meta, words: Words) -> Section:
    """Scenario fans and paired differences, under the banner of a conditional projection."""
    titles = summary.scenario_titles(tables, words)
    last = summary.final_differences(tables)
    if not titles or last.empty:
        unsaid = titles or tables.get("scenarios") is None
        told = words("section.missing" if unsaid else "scenarios.none")
        return Section(paragraphs=[told])
    pair = summary.equal_dose(tables)
    dose = words("scenarios.no_dose")
    if pair:
        verdicts = ("overlap", "apart")
        dose = summary.pair_words("scenarios.dose", verdicts, last, pair, titles, words)
    return Section(
        banner=words("scenarios.banner"),
        paragraphs=[words("scenarios.lead"), dose],
        blocks=[_differences(tables, titles, meta, words), _fans(tables, titles, meta, words)],
        tables=plain.scenario_table(tables, words),
    )  # fmt: skip


def _differences(tables: Tables, titles: Mapping[str, str], meta: Meta, words: Words) -> Block:
    rows = summary.differences(tables)
    rows = rows[rows["scenario"].isin(list(titles))]
    optional = [name for name in ("rel_p25", "rel_p75") if name in rows]
    columns = ["scenario", "year", "p05", "p50", "p95", "rel_p05", "rel_p50", "rel_p95"]
    rows = interval.told(rows[[*columns, *optional]].round(4).reset_index(drop=True), words)
    return described(
        "differences", words, "scenarios.diff", reading=difference_reading(rows, words),
        source=simulation_line(meta, words), layout={"kind": "rows"},
        chart=interval.differences(rows, titles, words), data=rows, columns=columns,
        codes=codes(words, **titles), axes=of_names("scenario", "rel_p50", "%"),
    )  # fmt: skip


def difference_reading(rows: pd.DataFrame, words: Words) -> str:
    """How to read the differences, with or without the band of half of the simulations."""
    return words("scenarios.diff.reading" + ("" if "rel_p25" in rows else "_plain"))


def _fans(tables: Tables, titles: Mapping[str, str], meta: Meta, words: Words) -> Block:
    base = series.fan(tables["summary"], "no_change", MAIN).set_index("month")["p50"]
    bands = pd.concat(
        series.fan(tables["summary"], name, MAIN).assign(scenario=name) for name in titles
    )
    bands["reference"] = bands["month"].map(base)
    bands = bands[bands["month"] >= str(meta.get("scenario_start") or bands["month"].min())]
    columns = ["scenario", "month", "p05", "p25", "p50", "p75", "p95", "reference"]
    bands = bands[columns].reset_index(drop=True)
    first, last = (words.month(end) for end in (bands["month"].min(), bands["month"].max()))
    return described(
        "scenarios", words, "scenarios.fans",
        {"measure": summary.name(MAIN, words), "first": first, "last": last},
        source=simulation_line(meta, words), chart=lines.scenario_fans(bands, titles, words),
        data=bands, columns=columns, codes=codes(words, **titles),
        axes=over_time("p50", words("word.persons")),
        layout={"kind": "panels", "smallest": 190, "most": 3, "ratio": 0.72},
    )  # fmt: skip


@section("parameters", needs=("parameters",))
def parameters(tables: Tables, meta: Meta, words: Words) -> Section:
    """Priors beside posteriors, and in words what the data say of each."""
    table = tables["parameters"]
    rows, titles = interval.parameter_rows(table), summary.titles_of(table, words)
    columns = [
        "parameter", "unit", "prior", "prior_p05", "prior_p50", "prior_p95", "p05", "p50", "p95",
        "contraction",
    ]  # fmt: skip
    rows = rows.rename(columns={"name": "parameter"})
    rows = rows[[*columns, *(name for name in rows if str(name).startswith("z_"))]]
    units = {row["name"]: local(row, "unit", words.language) for _, row in table.iterrows()}
    units = {name: "" if unit == "1" else unit for name, unit in units.items()}
    block = described(
        "parameters", words, "parameters", source=simulation_line(meta, words),
        layout={"kind": "rows"}, chart=interval.parameters(rows, titles, units, words),
        data=rows, columns=columns, codes=titles, axes=of_names("parameter", "z_p50"),
    )  # fmt: skip
    said = [(titles[row["name"]], _said(row, words)) for _, row in table.iterrows()]
    lead = [words("parameters.lead")]
    return Section(paragraphs=lead, blocks=[block], terms=said, shown=0)


def _said(row: pd.Series, words: Words) -> str:
    """What the data say of a parameter: in the words of the run, or by its contraction."""
    share = row["contraction"]
    levels = [(0.1, "nothing"), (0.3, "little"), (0.6, "something"), (float("inf"), "much")]
    verdict = next(name for limit, name in levels if not share >= limit)
    said = local(row, "words", words.language) or words(f"parameters.{verdict}")
    said = said[:1].upper() + said[1:].rstrip(".")
    return f"{said}. {words('parameters.item', contraction=percent(share))}"


@section("sensitivity", needs=("sensitivity",), silent=True)
def sensitivity(tables: Tables, meta: Meta, words: Words) -> Section:
    """What the spread of the figures to come is made of."""
    table = tables["sensitivity"]
    parts = [(measure, table[table["measure"] == measure]) for measure in table["measure"].unique()]
    return Section(
        paragraphs=[words("sensitivity.lead"), words("sensitivity.anchor")],
        blocks=[drawn.doubt(rows, measure, words) for measure, rows in parts],
        tables=[one for measure, rows in parts for one in plain.single(rows, measure, words)],
        shown=0,
    )  # fmt: skip


@section("causes", needs=("causes",), silent=True)
def causes(tables: Tables, meta: Meta, words: Words) -> Section:
    """The causal diagram."""
    block = drawn.causes(tables["causes"], words)
    return Section(paragraphs=[block.subtitle], blocks=[block], shown=0)


#: The sections of hidra, in reading order: the answers first, then what they rest on.
BUILT_IN = (
    head, model, where, scenarios, observed, brought, states, municipal, parameters, sensitivity,
    causes,
    plain.explained, plain.mechanisms, plain.data, plain.limits, plain.specification,
)  # fmt: skip
