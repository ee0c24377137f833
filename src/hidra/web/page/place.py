"""Places: the list of all, one of them by every register, and several beside each other."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hidra.charts import lines, maps, series
from hidra.charts.block import Block, Section, Table, described, simulation_line
from hidra.charts.series import NATION
from hidra.charts.words import Words, local
from hidra.claims.claim import claims
from hidra.core import place
from hidra.core.errors import SpecError
from hidra.core.i18n import _, translate, whole
from hidra.data import reference
from hidra.data.newest import ending
from hidra.data.readers import fold
from hidra.report import blocks, summary
from hidra.study import describe
from hidra.web import atlas, records
from hidra.web.atlas import name_of
from hidra.web.figure import written
from hidra.web.page import registers
from hidra.web.page.claims import codes
from hidra.web.records import KILLED, MISSING, NEWEST, SHOWN, YEARLY, Own, cited, newest, titled
from hidra.web.site import AbsentError, Ask, View

COLUMNS = ["place", "month", "value", "status"]
Span = tuple[str, str]  # first and last month shown
#: Words of the English table of events, the longer ones first.
TERMS = (
    _("federal and state police, army"), _("federal police"), _("state police"),
    _("state prosecution"), _("national guard"), _("navy (marines)"), _("navy"), _("army"),
    _("air force"), _("US agencies"), _("US intelligence"), _("Knights Templar"), _("Gulf"),
    _("splinter"), _("ally"), _("group"),
)  # fmt: skip


def every(ask: Ask) -> View:
    """Return the list of all places with a page, or of those whose name holds what is asked."""
    words, names = ask.words, maps.state_names(ask.language)
    known, asked = atlas.municipal_names(), fold(ask.query.get("q", "")[:60])
    within: dict[str, list[tuple[str, str]]] = {one: [] for one in maps.alphabetical(ask.language)}
    for code in records.municipalities():
        name = known.get(code, code)
        if asked in fold(name):
            within[place.state_of(code)].append((code, name))
    states = [
        (code, names[code], inside) for code, inside in within.items()
        if not asked or inside or asked in fold(names[code])
    ]  # fmt: skip
    return View(
        words("page.places"), words("places.lead"), template="places.html.j2",
        state={"q": ask.query.get("q", "")[:60]},
        more={"states": states, "asked": asked, "nation": name_of(series.NATION, ask.language)},
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
    code, words, span = checked(ask.code), ask.words, ask.span()
    rows, name = records.of_place(code), name_of(code, ask.language)
    told = registers.years(rows)
    annual, ends = registers.within(told, span), [str(one) for one in sorted(told["year"].unique())]
    said, parts = registers.parts(rows, name, words, span)
    title = words("place.section.parts")
    sections = [
        _killed(code, name, rows, annual, words, span),
        *([Section("parts", title, paragraphs=said, blocks=parts)] if parts else []),
        _missing(code, name, rows, words, span),
        *brought(rows, name, words),
        simulation(code, name, rows, run, words),
        *announced(code, words),
    ]
    return View(
        name,
        " ".join(registers.changes(annual, words, span)) or lead(code, words),
        sections,
        template="place.html.j2",
        state={one: ask.query.get(one, "") for one in ("from", "to")},
        more={
            "code": code,
            "years": ends,
            "span": _chosen(span, ends),
            "others": [
                (one, name_of(one, ask.language))
                for one in (NATION, *maps.alphabetical(ask.language)) if one != code
            ],
            "neighbours": _neighbours(code, ask),
            "within": _within(code, ask),
            "claimed": [(one.id, one.statement[ask.language]) for one in claims()
                        if code != NATION and code in codes(one)],
        },
    )  # fmt: skip


def _killed(
    code: str, name: str, rows: pd.DataFrame, annual: pd.DataFrame, words: Words, span: Span
) -> Section:
    """Return who was killed: whole years and months of every register."""
    title, ticks = words("place.killed", name=name), _months(removals(code))
    blocks = registers.by_year(annual, rows, words, title=title)
    blocks += registers.monthly(
        "observed",
        (*KILLED, *NEWEST),
        rows,
        words("place.killed.months", name=name),
        words,
        span=span,
        ticks=ticks,
    )
    return Section(
        "observed", words("place.section.observed"), blocks=blocks,
        paragraphs=[] if blocks else [words("place.no_records")],
        points=[words("place.years_note")], notes=older(code, words),
        tables=registers.table(annual, words("place.years", name=name), words),
    )  # fmt: skip


def _missing(code: str, name: str, rows: pd.DataFrame, words: Words, span: Span) -> Section:
    """Return who is missing: what became of them, their sex, the months."""
    by_sex, women = registers.sexes(rows, name, words, span)
    title = words("place.missing", name=name)
    months = registers.monthly("missing", MISSING, rows, title, words, span=span)
    blocks = [*registers.fates(rows, name, words, span), *women, *months]
    every = newest(code).query("register == 'rnpdno' and shown == 'newest'")
    stock = [] if every.empty else [summary.newest(every, words)]
    return Section(
        "missing", words("place.section.missing"), blocks=blocks,
        paragraphs=[*stock, *by_sex] if blocks or stock else [words("place.no_records")],
        notes=[*_joined(rows, words), *_undated(code, words)],
    )  # fmt: skip


def _chosen(span: Span, years: list[str]) -> Span:
    """Return the years that a form of the range shows as chosen."""
    if not years:
        return "", ""
    return max(span[0][:4], years[0]), min(span[1][:4], years[-1])


def checked(code: str) -> str:
    """Return a code that has a page."""
    if (
        code == NATION
        or place.is_state(code)
        or (place.is_municipal(code) and records.known_municipality(code))
    ):
        return code
    raise AbsentError(
        _("There is no page for this place."),
        where=_("link"),
        fix=_(
            "Use INEGI's codes: 00 for the country, 01 to 32 for a state, "
            "five digits for a municipality."
        ),
    )


def lead(code: str, words: Words) -> str:
    """Say the newest complete figure of each register in a place, and its age."""
    rows = newest(code).query("shown == 'newest'")
    if rows.empty:
        return words("place.no_records")
    return summary.newest(rows, words, datetime.date.today().isoformat())


def older(code: str, words: Words) -> list[str]:
    """Say which newest year of a register here is of another cut, and status, than the nation's."""
    both = newest(code).merge(newest(), on=["register", "last", "shown"], suffixes=("", "_nation"))
    both = both[(both["shown"] == "newest") & (both["status"] != both["status_nation"])]
    return [
        words("place.older", name=local(row, "label", words.language), year=row["last"][:4],
              cut=words.day(row["cut"]), status=words(f"status.{row['status']}"),
              nation=words.day(row["cut_nation"]),
              status_nation=words(f"status.{row['status_nation']}"))
        for row in both.to_dict("records")
    ]  # fmt: skip


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
         when(row["period"], row["month"], words), written("value", row["value"])]
        for row in last.to_dict("records")
    ]  # fmt: skip
    heads = [words(f"data.head.{one}") for one in ("measure", "unit", "period")]
    heads = [*heads, words("place.all.value")]
    table = Table(words("place.all.title"), heads, lines, folded=True)
    if not lines:
        return []
    title = words("place.section.own" if blocks else "place.section.all")
    return [Section("own", title, blocks=blocks, tables=[table])]


def when(period: str, month: str, words: Words) -> str:
    """Write what a figure is of: a month, a year, or the months of a longer or shorter span."""
    if period == "year":
        return month[:4]
    last = (
        f"{month[:5]}{int(month[5:]) + 2:02d}" if period == "quarter"
        else month if period == "month" else ending(period, month)
    )  # fmt: skip
    one = words.month(month)
    return one if last == month else f"{one} {words('word.to')} {words.month(last)}"


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
        described(
            f"own-{one.measure}", words, "own",
            {"unit": unit, "period": words.maybe(f"period.{period}", period),
             "first": words.month(seen["month"].min()), "last": words.month(seen["month"].max())},
            title=one.title,
            chart=lines.sources(
                seen[["measure", "month", "value", "status", "segment", "period"]],
                pd.DataFrame(columns=["month", "label"]), {one.measure: one.title}, words,
                counted=unit,
            ),
            data=seen[["measure", *COLUMNS, "segment", "period"]].reset_index(drop=True),
            columns=["measure", *COLUMNS], heads={"value": unit, "place": words("word.place")},
            codes=blocks.codes(words, **{one.measure: one.title}),
        ),
        list(dict.fromkeys(seen["source"])), words,
    )  # fmt: skip


def _joined(rows: pd.DataFrame, words: Words) -> list[str]:
    """Say that a municipality tells years only, or nothing, where counts are small."""
    told = rows[rows["measure"].isin(MISSING) & (rows["period"] == "year")]
    municipal = rows["place"].str.len().eq(5).any()
    return [words("place.joined")] if municipal or len(told) else []


def _undated(code: str, words: Words) -> list[str]:
    """Say how many records of the missing have no date and are therefore not drawn."""
    rows = reference.table("missing_rnpdno_undated")
    mine = rows[(rows["place"] == code) & (rows["measure"] == MISSING[0])]
    if mine.empty or pd.isna(mine["persons"].iloc[0]):
        return []
    return [words("place.undated", persons=whole(mine["persons"].iloc[0]))]


def removals(code: str) -> pd.DataFrame:
    """Return captures and deaths of leaders announced officially in a place, oldest first."""
    rows = reference.table("leadership_removals").sort_values("date")
    if code == NATION:
        return rows
    return rows[rows["place" if len(code) == 2 else "municipality"] == code]


def _months(rows: pd.DataFrame) -> list[str]:
    """Return the months in which somebody was captured or killed."""
    return sorted(rows.loc[rows["event"].isin(["captured", "killed"]), "date"].str[:7])


def announced(code: str, words: Words) -> list[Section]:
    """Return what was announced of leaders, by month and role, no names."""
    rows = removals(code)
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
    table = Table(words("announced.title"), heads, lines, folded=True)
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
        codes = place.neighbours(code) if place.is_state(code) else ()
    except SpecError:
        codes = ()
    return [(one, name_of(one, ask.language)) for one in codes]


def _within(code: str, ask: Ask) -> list[tuple[str, str]]:
    """Municipalities of a state by name, or the state of a municipality."""
    if len(code) == 5:
        state = place.state_of(code)
        return [(state, name_of(state, ask.language))]
    names = atlas.municipal_names()
    inside = [(one, names.get(one, one)) for one in records.municipalities() if one[:2] == code]
    return sorted(inside, key=lambda one: fold(one[1]))


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


SPAN = 12  # months of a rate
MOST_LINES = 8  # lines that can still be told apart
USUAL = ("sesnsp_homicide_victims", "inegi_homicides")
UNITS = ("rate", "persons")
DRAWN = ["place", "measure", "month", "persons", "rate", "status"]


def beside(ask: Ask) -> View:
    """Return places and registers beside each other.

    Raises
    ------
    SpecError
        More lines are asked for than can be told apart, or a measure that is not there.
    AbsentError
        There is no place of a code.
    """
    words, span = ask.words, ask.span()
    codes, measures = _asked(ask)
    unit = ask.choice("unit", UNITS, "rate")
    found = pd.concat([windows(one, each) for one in codes for each in measures])
    found = found[found["month"].between(*span)].reset_index(drop=True)
    names = {one: atlas.name_of(one, ask.language) for one in codes}
    labels = {
        f"{one} {each}": ", ".join(_label(names[one], titled("end", each, words), codes, measures))
        for one in codes for each in measures
    }  # fmt: skip
    known = found[found[unit].notna()]
    drawn = _beside(known, unit, names, labels, measures, words) if len(known) else []
    lacking = [label for line, label in labels.items() if line not in set(known["line"])]
    whole = pd.concat([
        registers.years(records.of_place(one), {each: YEARLY.get(each, (each,))}, span)
        .assign(line=labels[f"{one} {each}"]) for one in codes for each in measures
    ])  # fmt: skip
    table = registers.table(whole, words("compare.years"), words, line="line")
    notes = [words("compare.none", name=one) for one in lacking]
    notes += [words("compare.cut")] if any(len(YEARLY.get(one, ())) > 1 for one in measures) else []
    order = dict.fromkeys([*codes, NATION, *maps.alphabetical(ask.language)])
    years = sorted({str(one)[:4] for one in found["month"]})
    return View(
        words("page.compare"),
        words("compare.lead"),
        [Section("compare", words("compare.head"), blocks=drawn, notes=notes,
                 points=[words("place.years_note")], tables=table)],
        template="compare.html.j2",
        state={"places": ",".join(codes), "measures": ",".join(measures), "unit": unit,
               **{one: ask.query.get(one, "") for one in ("from", "to")}},
        more={
            "names": names,
            "places": [(one, atlas.name_of(one, ask.language)) for one in order],
            "measures": [(one, titled("beside.measure", one, words)) for one in offered()],
            "chosen": {*codes, *measures, unit},
            "units": UNITS,
            "years": years,
            "span": (years[0], years[-1]) if years else ("", ""),
        },
    )  # fmt: skip


def _asked(ask: Ask) -> tuple[list[str], list[str]]:
    """Return the places and measures of the link, each once."""
    given = [ask.query.get(one, "") for one in ("places", "with")]
    codes = [one.strip()[:5] for text in given for one in text.split(",") if one.strip()]
    codes = [checked(one) for one in dict.fromkeys(codes)] or [NATION]
    measures = [one for one in dict.fromkeys(ask.query.get("measures", "").split(",")) if one]
    for one in measures:
        Ask("compare", ask.language, query={"measures": one}).choice("measures", offered(), "")
    measures = measures or list(USUAL)[: 2 if len(codes) <= MOST_LINES // 2 else 1]
    if len(codes) * len(measures) > MOST_LINES:
        raise SpecError(
            _("{n} lines cannot be told apart in one chart.", n=len(codes) * len(measures)),
            where=_("link"),
            fix=_("Choose fewer places or registers: {most} lines at most.", most=MOST_LINES),
        )
    return codes, measures


def offered() -> tuple[str, ...]:
    """Return the measures by which places may be compared."""
    return tuple(dict.fromkeys([*atlas.every(), *records.PARTS, *records.FATES]))


def _label(name: str, register: str, codes: list[str], measures: list[str]) -> list[str]:
    """Return what tells a line from the others: its place, its register, or both."""
    return [name] * (len(codes) > 1 or len(measures) == 1) + [register] * (len(measures) > 1)


def windows(code: str, measure: str) -> pd.DataFrame:
    """Return a measure of a place over the twelve months to each month.

    Returns
    -------
    pandas.DataFrame
        ``line, place, measure, month, persons, rate`` (per 100,000 and year; null is unknown),
        ``status, source``. Where a place tells whole years only, they stand in their December.
    """
    rows = records.of_place(code)
    seen = series.monthly(rows, (measure,))
    made = pd.DataFrame(columns=["place", "month", "persons", "status"])
    if len(seen):
        made = atlas.windows(seen, SPAN)
    made = atlas.with_years(made, rows[rows["measure"] == measure])
    made = atlas.rated(made, series.population(rows), SPAN)
    source = " ".join(registers.used(rows, (measure,)))
    return made.assign(line=f"{code} {measure}", place=code, measure=measure, source=source)


def _beside(
    known: pd.DataFrame, unit: str, names: dict[str, str], labels: dict[str, str],
    measures: list[str], words: Words,
) -> list[Block]:  # fmt: skip
    """Return the lines as a chart, cut where a month is missing or the method changes."""
    breaks = describe.breaks(measures)
    cut = [breaks[breaks["measure"] == one.split()[1]].assign(measure=one) for one in labels]
    monthly = known["month"].str[5:].groupby(known["line"]).transform("nunique") > 1
    period = monthly.map({True: "month", False: "year"})
    lined = known.assign(measure=known["line"], value=known[unit], concept="", period=period)
    drawn = series.segmented(lined, pd.concat(cut))
    registered = [titled("beside.measure", one, words) for one in measures]
    block = described(
        "compare", words, "compare", {"places": ", ".join(names.values())},
        subtitle=words(
            f"compare.subtitle.{unit}", measures=", ".join(registered),
            first=words.month(known["month"].min()), last=words.month(known["month"].max()),
        ),
        reading=words("beside.reading"),
        chart=lines.sources(
            drawn[["measure", "month", "value", "status", "segment"]],
            registers.method_rules(breaks, drawn, words), labels, words,
            counted=words(f"compare.value.{unit}"), form=",.1f" if unit == "rate" else ",.0f",
        ),
        data=known[DRAWN].reset_index(drop=True), columns=DRAWN,
        heads={"place": words("word.place")},
        codes=blocks.codes(words, **names, **dict(zip(measures, registered, strict=True))),
    )  # fmt: skip
    used = [one for text in dict.fromkeys(known["source"]) for one in text.split()]
    return [cited(block, list(dict.fromkeys(used)), words)]
