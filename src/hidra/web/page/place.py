"""One place and the list of places: registers, years, the model beside them, another place."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hidra.charts import lines, maps, series
from hidra.charts.block import Block, Section, Table, columns_of, simulation_line
from hidra.charts.words import Words, local
from hidra.core import place
from hidra.core.errors import SpecError
from hidra.core.i18n import _, translate, whole
from hidra.data import reference
from hidra.data.newest import newest
from hidra.report import blocks, summary
from hidra.study import describe
from hidra.web import atlas, records
from hidra.web.atlas import name_of
from hidra.web.figure import written
from hidra.web.page import panorama
from hidra.web.records import KILLED, MISSING, SHOWN, Own, cited, titled
from hidra.web.site import AbsentError, Ask, View

NATION = "00"
SPAN = 12  # months of the rates of two places
COLUMNS = ["place", "month", "value", "status"]
#: Registers that do not count everybody killed, and how they are told.
#: Words of the English table of events, the longer ones first.
TERMS = (
    _("federal and state police, army"), _("federal police"), _("state police"),
    _("state prosecution"), _("national guard"), _("navy (marines)"), _("navy"), _("army"),
    _("air force"), _("US agencies"), _("US intelligence"), _("Knights Templar"), _("Gulf"),
    _("splinter"), _("ally"), _("group"),
)  # fmt: skip


def every(ask: Ask) -> View:
    """Return the list of all places with a page: states, and municipalities with records."""
    words, names = ask.words, maps.state_names(ask.language)
    order = maps.alphabetical(ask.language)
    within: dict[str, list[str]] = {code: [] for code in order}
    known = atlas.municipal_names()
    named = {code: known.get(code, code) for code in records.municipalities()}
    for code in named:
        within[place.state_of(code)].append(code)
    return View(
        words("page.places"), words("places.lead"), template="places.html.j2",
        more={"states": [(code, names[code], within[code]) for code in order], "named": named},
    )  # fmt: skip


def view(ask: Ask, run: Path) -> View:
    """Return the page of a place.

    Parameters
    ----------
    run : where a finished run of the model may stand.

    Raises
    ------
    AbsentError
        There is no place of that code.
    """
    code, words = checked(ask.code), ask.words
    rows, name = records.of_place(code), name_of(code, ask.language)
    other, measure = _compared(code, ask)
    killed = panorama.monthly("observed", KILLED, rows, words("place.killed", name=name), words)
    killed += panorama.by_year(rows, words("place.killed", name=name), words)
    missing = panorama.monthly("missing", MISSING, rows, words("place.missing", name=name), words)
    undated = _undated(code, words)
    none = [words("place.no_records")]
    parts = [
        Section(
            "observed", words("place.section.observed"), paragraphs=[] if killed else none,
            blocks=killed, notes=[words("place.years_note")],
            tables=panorama.year_table(rows, words, words("place.years", name=name)),
        ),
        Section(
            "missing", words("place.section.missing"), paragraphs=[] if missing else none,
            blocks=missing, notes=[*_joined(rows, words), *([undated] if undated else [])],
        ),
        *brought(rows, name, words),
        simulation(code, name, rows, run, words),
        beside(code, other, measure, words),
        *announced(code, words),
    ]  # fmt: skip
    return View(
        name,
        lead(code, words),
        parts,
        template="place.html.j2",
        state={"with": other, "measure": measure},
        more={
            "code": code,
            "beside": _choice(code, other, measure, ask),
            "neighbours": _neighbours(code, ask),
            "within": _within(code, ask),
        },
    )


def checked(code: str) -> str:
    """Return a code that has a page."""
    if place.is_state(code) or (place.is_municipal(code) and records.known_municipality(code)):
        return code
    raise AbsentError(
        _("There is no page for this place."),
        where=_("link"),
        fix=_("Use INEGI's codes: 01 to 32 for a state, five digits for a municipality."),
    )


def lead(code: str, words: Words) -> str:
    """Say the newest complete figure of each register in a place, and its age."""
    rows = newest(code).query("shown == 'newest'")
    if rows.empty:
        return words("place.no_records")
    return summary.newest(rows, words, datetime.date.today().isoformat())


def brought(rows: pd.DataFrame, name: str, words: Words) -> list[Section]:
    """Return what the reader brought of a place, each measure as its line; none without rows.

    What else the panel holds of the place stands in a table below.

    Parameters
    ----------
    rows : panel rows of the place.
    """
    known, mine = rows[rows["value"].notna()], records.own()
    blocks = [
        _own_line(known[known["measure"] == one.measure], one, words)
        for one in mine.values()
        if one.measure not in SHOWN and one.measure in set(known["measure"])
    ]  # fmt: skip
    rest = known[~known["measure"].isin(SHOWN)].sort_values(["measure", "month"])
    last = rest.groupby("measure", as_index=False).last()
    labels = {str(one["measure"]): local(one, "label", words.language)
              for _, one in reference.table("measure").iterrows()}  # fmt: skip
    lines = [
        [titled("measure", row["measure"], words) if row["measure"] in mine
         else labels.get(row["measure"]) or row["measure"],
         words.maybe(f"unit.{row['unit']}", row["unit"]),
         words.maybe(f"period.{row['period']}", row["period"]), row["month"],
         written("value", row["value"])]
        for row in last.to_dict("records")
    ]  # fmt: skip
    heads = [words(f"data.head.{one}") for one in ("measure", "unit", "period", "last")]
    table = Table(words("place.all.title"), [*heads, words("place.all.value")], lines)
    if not lines:
        return []
    title = words("place.section.own" if blocks else "place.section.all")
    return [Section("own", title, blocks=blocks, tables=[table])]


def _own_line(rows: pd.DataFrame, one: Own, words: Words) -> Block:
    """Return the line of a measure that the reader brought: its months, else its years."""
    period = next(
        each
        for each in ("month", "quarter", "year", *rows["period"])
        if each in set(rows["period"])
    )
    mine = rows[rows["period"] == period]
    seen = series.segmented(mine, series.NO_BREAKS)
    unit = words.maybe(f"unit.{one.unit}", one.unit)
    return cited(
        Block(
            name=f"own-{one.measure}",
            title=one.title,
            subtitle=words(
                "own.subtitle", unit=unit, period=words.maybe(f"period.{period}", period),
                first=words.month(seen["month"].min()), last=words.month(seen["month"].max()),
            ),
            reading=words("own.reading"),
            source="",
            chart=lines.sources(
                seen[["measure", "month", "value", "status", "segment", "period"]],
                pd.DataFrame(columns=["month", "label"]), {one.measure: one.title}, words,
                counted=unit,
            ),
            data=seen[["measure", *COLUMNS, "segment", "period"]].reset_index(drop=True),
            columns=columns_of(["measure", *COLUMNS], words)
            | {"value": unit, "place": words("word.place")},
            codes=blocks.codes(words, **{one.measure: one.title}),
        ),
        list(dict.fromkeys(seen["source"])), words,
    )  # fmt: skip


def _joined(rows: pd.DataFrame, words: Words) -> list[str]:
    """Say that a municipality tells years only, or nothing, where counts are small."""
    told = rows[rows["measure"].isin(MISSING) & (rows["period"] == "year")]
    municipal = rows["place"].str.len().eq(5).any()
    return [words("place.joined")] if municipal or len(told) else []


def _undated(code: str, words: Words) -> str:
    """Say how many records of the missing have no date and are therefore not drawn."""
    rows = reference.table("missing_rnpdno_undated")
    mine = rows[(rows["place"] == code) & (rows["measure"] == MISSING[0])]
    if mine.empty or pd.isna(mine["persons"].iloc[0]):
        return ""
    return words("place.undated", persons=whole(mine["persons"].iloc[0]))


def announced(code: str, words: Words) -> list[Section]:
    """Return captures and deaths of leaders announced officially, by month and role, no names."""
    rows = reference.table("leadership_removals")
    rows = rows[rows["place" if len(code) == 2 else "municipality"] == code].sort_values("date")
    if rows.empty:
        return []
    heads = [words(f"announced.{name}") for name in ("month", "event", "group", "force")]
    lines = [
        [
            words.month(str(row["date"])[:7]),
            words.maybe(f"event.{row['event']}", str(row["event"])),
            translated(row["group"], words),
            translated(row["force"], words),
        ]
        for _, row in rows.iterrows()
    ]  # fmt: skip
    table = Table(words("announced.title"), heads, lines)
    title = words("place.section.announced")
    return [Section("announced", title, paragraphs=[words("announced.lead")], tables=[table])]


def translated(text: object, words: Words) -> str:
    """Return a name of the English table in the reader's language; nothing is a dash."""
    if not isinstance(text, str):
        return "–"
    for term in TERMS:
        text = text.replace(term, translate(term, words.language))
    return text


def _neighbours(code: str, ask: Ask) -> list[tuple[str, str]]:
    try:
        codes = place.neighbours(place.state_of(code)) if len(code) == 2 else ()
    except SpecError:
        codes = ()
    return [(one, name_of(one, ask.language)) for one in codes]


def _within(code: str, ask: Ask) -> list[tuple[str, str]]:
    """Municipalities of a state, or the state of a municipality."""
    inside = [one for one in records.municipalities() if one.startswith(code)]
    codes = [place.state_of(code)] if len(code) == 5 else inside
    return [(one, name_of(one, ask.language)) for one in codes]


def simulation(code: str, name: str, rows: pd.DataFrame, run: Path, words: Words) -> Section:
    """Return the fan of a finished run over the records; where there is none, why.

    Parameters
    ----------
    code, name : of the place.
    rows : panel rows of the place.
    run : folder where a finished run may stand.
    """
    there = records.finished(run) if len(code) == 2 else None
    band = there.band(series.MAIN, code) if there else pd.DataFrame()
    title = words("place.section.model")
    if there is None or band.empty:
        why = "state" if len(code) != 2 else "none" if there is None else "absent"
        return Section("model", title, paragraphs=[words(f"place.model.{why}")])
    used = list(dict.fromkeys(rows.loc[rows["measure"] == series.MAIN, "source"]))
    block = blocks.over_records(
        band, rows, describe.breaks((series.MAIN,)), there.meta, words, place=name,
        source="",
    )  # fmt: skip
    block = cited(block, used, words, beside=simulation_line(there.meta, words))
    return Section("model", title, blocks=[block], notes=_held_out(block.data, there.meta, words))


def _held_out(rows: pd.DataFrame, meta: Mapping[str, Any], words: Words) -> list[str]:
    """Say how many of the months kept from the fit fell in the band; nothing without any."""
    period = series.held_out(meta)
    if period is None:
        return []
    kept = rows[(rows["month"] >= period[0]) & (rows["month"] < period[1])]
    kept = kept[kept["observed"].notna() & (kept["part"] == "check")]
    inside = kept["observed"].between(kept["p05"], kept["p95"]).sum()
    return [words("place.model.held", n=len(kept), inside=int(inside))] if len(kept) else []


def _compared(code: str, ask: Ask) -> tuple[str, str]:
    """Return the place to compare with and the measure, as the link has them.

    A municipality is set beside its state, a state beside the country, unless the link says more.
    """
    usual = place.state_of(code) if len(code) == 5 else NATION
    other = ask.query.get("with", usual)[:5]
    if other != NATION:
        checked(other)
    return other, ask.choice("measure", _compared_by(), atlas.MEASURES[0])


def _choice(code: str, other: str, measure: str, ask: Ask) -> dict[str, Any]:
    """Return what the form offers: the country and the states, and the measures."""
    codes = dict.fromkeys([NATION, *maps.alphabetical(ask.language), other])
    return {
        "with": [(one, name_of(one, ask.language)) for one in codes if one != code],
        "other": other,
        "measures": [(one, titled("beside.measure", one, ask.words)) for one in _compared_by()],
        "measure": measure,
    }


def _compared_by() -> tuple[str, ...]:
    """Return the measures with months by which two places may be compared."""
    mine = records.own()
    there = [*atlas.measures("state"), *(one for one in mine if one in atlas.every())]
    return tuple(
        one for one in dict.fromkeys(there) if one not in mine or "month" in mine[one].periods
    )


def beside(code: str, other: str, measure: str, words: Words) -> Section:
    """Return two places on one chart; a sentence where one of them has no whole year."""
    title = words("place.section.beside")
    rows = pd.concat([rates(one, measure) for one in (code, other)])
    if rows.groupby("place")["value"].count().reindex([code, other]).fillna(0).min() == 0:
        return Section("beside", title, paragraphs=[words("beside.none")])
    breaks = describe.breaks((measure,))
    cut = pd.concat([breaks.assign(measure=one) for one in (code, other)])
    drawn = series.segmented(rows.assign(measure=rows["place"], concept=""), cut)
    names = {one: name_of(one, words.language) for one in (code, other)}
    first, last = words.month(drawn["month"].min()), words.month(drawn["month"].max())
    people = pd.concat([_rows_of(one) for one in (code, other)]).query("measure == 'population'")
    block = Block(
        name="beside",
        title=words("beside.title", one=names[code], other=names[other]),
        subtitle=words(
            "beside.subtitle",
            measure=titled("beside.measure", measure, words),
            first=first,
            last=last,
        ),
        reading=words("beside.reading"),
        source="",
        chart=lines.sources(
            drawn[["measure", "month", "value", "status", "segment"]],
            panorama.method_rules(breaks, drawn, words), names, words,
            counted=words("beside.value"), form=",.1f",
        ),
        data=drawn[[*COLUMNS, "segment"]].reset_index(drop=True),
        columns=columns_of(COLUMNS, words) | {"value": words("beside.value")},
        codes=blocks.codes(words, **names),
    )  # fmt: skip
    used = list(dict.fromkeys([*drawn["source"], *people["source"]]))
    return Section("beside", title, blocks=[cited(block, used, words)])


def rates(code: str, measure: str) -> pd.DataFrame:
    """Return the rate of a place over the twelve months to each month.

    Returns
    -------
    pandas.DataFrame
        ``place, month, value`` (per 100,000 and year; null is unknown), ``status, source``.
    """
    rows = _rows_of(code)
    seen = series.monthly(rows, (measure,))
    seen = series.national(seen) if code == NATION else seen[seen["place"] == code]
    if seen.empty:
        return pd.DataFrame(columns=[*COLUMNS, "source"])
    made = atlas.rated(atlas.windows(seen, SPAN), series.population(rows), SPAN)
    return made.rename(columns={"rate": "value"})[COLUMNS].assign(source=seen["source"].iloc[0])


def _rows_of(code: str) -> pd.DataFrame:
    """Return the panel rows of a place; of the nation, those of every state too."""
    return records.records().rows if code == NATION else records.of_place(code)
