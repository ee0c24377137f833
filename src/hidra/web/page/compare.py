"""Two or more places and registers in one chart: the twelve months that end with each month."""

from __future__ import annotations

import pandas as pd

from hidra.charts import lines, maps, series
from hidra.charts.block import Block, Section, columns_of
from hidra.charts.series import NATION
from hidra.charts.words import Words
from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.report import blocks
from hidra.study import describe
from hidra.web import atlas, records
from hidra.web.page import registers
from hidra.web.page.place import checked
from hidra.web.records import YEARLY, cited, titled
from hidra.web.site import Ask, View

SPAN = 12  # months of a rate
MOST = 8  # lines that can still be told apart
USUAL = ("sesnsp_homicide_victims", "inegi_homicides")
UNITS = ("rate", "persons")
COLUMNS = ["place", "measure", "month", "persons", "rate", "status"]


def view(ask: Ask) -> View:
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
    drawn = _block(known, unit, names, labels, measures, words) if len(known) else []
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
    measures = measures or list(USUAL)[: 2 if len(codes) <= MOST // 2 else 1]
    if len(codes) * len(measures) > MOST:
        raise SpecError(
            _("{n} lines cannot be told apart in one chart.", n=len(codes) * len(measures)),
            where=_("link"),
            fix=_("Choose fewer places or registers: {most} lines at most.", most=MOST),
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


def _block(
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
    block = Block(
        name="compare",
        title=words("compare.title", places=", ".join(names.values())),
        subtitle=words(
            f"compare.subtitle.{unit}", measures=", ".join(registered),
            first=words.month(known["month"].min()), last=words.month(known["month"].max()),
        ),
        reading=words("beside.reading"),
        source="",
        chart=lines.sources(
            drawn[["measure", "month", "value", "status", "segment"]],
            registers.method_rules(breaks, drawn, words), labels, words,
            counted=words(f"compare.value.{unit}"), form=",.1f" if unit == "rate" else ",.0f",
        ),
        data=known[COLUMNS].reset_index(drop=True),
        columns=columns_of(COLUMNS, words) | {"place": words("word.place")},
        codes=blocks.codes(words, **names, **dict(zip(measures, registered, strict=True))),
    )  # fmt: skip
    used = [one for text in dict.fromkeys(known["source"]) for one in text.split()]
    return [cited(block, list(dict.fromkeys(used)), words)]
