"""A figure about homicide or disappearance, computed from every series that covers it.

First what can be counted and which series count it, then sums of a series over a place and a
period with how much of it they cover, then what a sentence says of them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from hidra.claims.ask import kept, rows
from hidra.claims.claim import Rank, Reading, Stated
from hidra.claims.judge import bounds, holds
from hidra.core.i18n import Message, _, bilingual
from hidra.core.place import is_state
from hidra.core.weeks import months
from hidra.data.newest import ending

if TYPE_CHECKING:
    import duckdb

Form = Literal[
    "level", "change", "rate", "rate change", "per day", "per month", "per year", "share"
]
CHANGES = ("change", "rate change")
NEW = "2026-01"  # the month that SESNSP's new register begins in
LATE = "9998-12"  # the end written for "since ...": the last month a series has is taken
DEATHS = ("inegi_homicides",)
VICTIMS = ("sesnsp_homicide_victims",)
# Factors by which two counts of the same may differ; tests/claims/test_article.py computes each.
APART = 2.0  # INEGI to SESNSP in a state and year: all but 2 of 256, 2015-2022, are nearer
APART_NATION = 1.2  # and in the nation, every year of 2015-2022
REGISTERED = (1.35, 1.2)  # deaths registered in a year to those of the year: small states, others
FEW = 200  # deaths a year of a small state; of 735 states and years, 2000-2022, 96 % are nearer
FILES = (0.8, 0.95)  # case files to victims in the nation, every year of 2015-2024
KILLED = ("homicide", "firearm", "women")  # what both offices count, each by itself
STALE = 3  # years a series may end before the newest and still speak of today


@dataclass(frozen=True)
class Series:
    """One series of the panel that counts a thing.

    Attributes
    ----------
    measures : tuple of str
        Measures of the panel that are added up (one, or parts of a whole).
    label : str
        The source in words.
    rank : str
        ``primary``, or ``other`` where it counts less or something beside.
    yearly : bool
        Published for whole years.
    room : float
        Share by which the usual count is known to run above this one.
    told : bool
        Means a day of some months, quoted from press: of days and their change only.
    basis : str
        What it counts where that is not the usual, and a sentence may say so: ``files`` (case
        files, each of one victim or more), ``ever`` (whoever was reported missing, found or not).
    new : bool
        Of the register that SESNSP began in 2026 by another method: nothing before compares.
    sums : bool
        Published as sums of the months of a year so far, each a period of its own.
    """

    measures: tuple[str, ...]
    label: str
    rank: Rank = "primary"
    yearly: bool = False
    room: float = 0.0
    told: bool = False
    basis: str = ""
    new: bool = False
    sums: bool = False

    @property
    def agency(self) -> str:
        """The word that names it in a sentence: ``inegi``, ``sesnsp``, ``rnpdno`` or ``sspc``."""
        return "sesnsp" if self.new else self.measures[0].partition("_")[0]


def _register(thing: str, victims: Message, files: Message) -> tuple[Series, ...]:
    """Return the series of a thing in the register of 2026: by month where held, and as sums."""
    names = ((f"rnid_{thing}_victims", victims, ""), (f"rnid_{thing}_files", files, "files"))
    return tuple(
        Series((name + sums,), _("{source}, register of 2026 (another method)", source=label),
               "other" if basis else "primary", basis=basis, new=True, sums=bool(sums))
        for name, label, basis in names for sums in ("", "_sum")
    )  # fmt: skip


INEGI_YEAR = _("INEGI, registered in the year")
THINGS: dict[str, tuple[Series, ...]] = {
    "homicide": (
        Series(("inegi_homicides_registered_annual",), INEGI_YEAR, yearly=True),
        Series(("inegi_homicides_registered_quoted",), INEGI_YEAR, yearly=True),
        Series(("inegi_homicides_registered_microdata",),
               _("INEGI, registered in the year, counted in the records of deaths"), yearly=True),
        Series(("inegi_homicides_first_release",),
               _("INEGI, registered in the year, first release"), "other", yearly=True),
        # deaths of unknown month or municipality are not in it: 1-7 % of the nation, more in places
        Series(("inegi_homicides",), _("INEGI, month of death"), room=0.12),
        Series(("sesnsp_homicide_victims",), _("SESNSP, victims of intentional homicide")),
        Series(("sesnsp_homicide_victims_annual",),
               _("SESNSP, victims of intentional homicide in the year"), yearly=True),
        Series(("sesnsp_homicide_victims", "sesnsp_femicide_victims"),
               _("SESNSP, victims of intentional homicide and femicide"), "other"),
        Series(("inegi_homicides_registered",), _("INEGI, month of registration")),
        # of 2024; deaths of earlier years registered in it, 4.4 % of the nation, are not in it
        Series(("inegi_homicides_occurred_and_registered",),
               _("INEGI, occurred and registered in the year"), yearly=True, room=0.12),
        Series(("sesnsp_homicide_files",), _("SESNSP, case files"), "other", yearly=True,
               basis="files"),
        Series(("sesnsp_homicide_files_old_method",), _("SESNSP, case files, old method"), "other",
               yearly=True, basis="files"),
        Series(("inegi_homicides_to_2010",), _("INEGI, year of death, to 2010"), "other",
               yearly=True),
        Series(("sspc_homicides_open_source",), _("SSPC, press count"), "other", yearly=True),
        Series(("sesnsp_homicide_victims_told",), _("SESNSP in press, victims a day"), told=True),
        *_register("homicide", _("SESNSP, victims of intentional homicide"),
                   _("SESNSP, case files")),
    ),
    "firearm": (
        Series(("sesnsp_firearm_homicide_victims",),
               _("SESNSP, victims of intentional homicide by firearm")),
        *_register("firearm_homicide", _("SESNSP, victims of intentional homicide by firearm"),
                   _("SESNSP, case files of homicide by firearm")),
    ),
    "femicide": (
        Series(("sesnsp_femicide_victims",), _("SESNSP, victims of femicide")),
        Series(("sesnsp_femicide_victims_annual",), _("SESNSP, victims of femicide in the year"),
               yearly=True),
        Series(("sesnsp_femicide_files_annual",), _("SESNSP, case files of femicide"), "other",
               yearly=True, basis="files"),
        *_register("femicide", _("SESNSP, victims of femicide"),
                   _("SESNSP, case files of femicide")),
    ),
    "women": (
        Series(("sesnsp_women_homicide_victims", "sesnsp_femicide_victims"),
               _("SESNSP, women victims of intentional homicide and femicide")),
        Series(("sesnsp_women_homicide_victims",),
               _("SESNSP, women victims of intentional homicide (femicide apart)"), "other"),
        Series(("inegi_women_homicides_occurred_and_registered",),
               _("INEGI, women, occurred and registered in the year"), yearly=True, room=0.12),
    ),
    "missing": (
        Series(("rnpdno_missing",), _("RNPDNO, still missing, by month of the facts")),
        Series(("rnpdno_missing", "rnpdno_found_alive", "rnpdno_found_dead"),
               _("RNPDNO, all ever reported, found or not"), "other", basis="ever"),
    ),
}  # fmt: skip
NAMES = {
    "homicide": _("homicides"),
    "firearm": _("homicides by firearm"),
    "femicide": _("femicides"),
    "women": _("women killed"),
    "missing": _("missing persons"),
}
SHARE_OF = {"firearm": "homicide", "women": "homicide", "femicide": "women"}

STATES = 32
QUERY = f"""
WITH told AS (
    SELECT month, place, value, status FROM {{table}}
    WHERE measure = $measure AND (period = 'year') = $yearly
      AND length(place) = if($place = '00', 2, length($place))
), cell AS (
    SELECT *, CASE WHEN place <> '00' AND $place = '00' THEN (place <> '33')::INTEGER
                   ELSE {STATES} END AS weight
    FROM told
    WHERE CASE WHEN $place <> '00' THEN place = $place
               ELSE place = '00' OR month NOT IN (SELECT month FROM told WHERE place = '00') END
)
SELECT month, coalesce(sum(weight) FILTER (value IS NOT NULL), 0) AS cells, sum(value) AS total,
       bool_or(status = 'undercount') AS short
FROM cell GROUP BY month HAVING count(value) > 0 ORDER BY month
"""


@dataclass(frozen=True)
class Span:
    """A period of whole months, ``YYYY-MM`` to ``YYYY-MM``, both included.

    `open_end` marks "since ...": the end is the last month a series has.
    """

    first: str
    last: str
    open_end: bool = False
    term: bool = False

    @property
    def years(self) -> tuple[int, int]:
        """First and last calendar year; one that begins in December counts from January."""
        first, last = int(self.first[:4]), int(self.last[:4])
        late = (self.term or self.open_end) and self.first.endswith("-12")
        return (first + 1 if late else first), last

    @property
    def whole_years(self) -> bool:
        """Tell whether it runs from a January to a December."""
        return self.first.endswith("-01") and self.last.endswith("-12")

    @property
    def month(self) -> bool:
        """Tell whether it is a single month."""
        return self.first == self.last

    @property
    def days(self) -> int:
        """Number of days in it."""
        begin = datetime.date(int(self.first[:4]), int(self.first[5:]), 1)
        year, month = int(self.last[:4]), int(self.last[5:])
        end = datetime.date(year + month // 12, month % 12 + 1, 1)
        return (end - begin).days

    def words(self) -> str:
        """Return it as a reader says it: 2019, 2007-2012, 2024-09, 2024-01 to 2024-09."""
        if self.whole_years:
            first, last = self.first[:4], self.last[:4]
            return first if first == last else f"{first}-{last}"
        if self.first == self.last:
            return self.first
        return _("{first} to {last}", first=self.first, last=self.last)


def year(number: int) -> Span:
    """Return a calendar year."""
    return Span(f"{number}-01", f"{number}-12")


@dataclass(frozen=True)
class Total:
    """A sum and what it covers; `whole` when no month or state is missing."""

    value: float
    span: Span
    whole: bool
    short: bool


def joined(codes: Sequence[str]) -> str:
    """Return the place that several make together: "02+11"."""
    return "+".join(codes)


def parts(place: str) -> list[str]:
    """Return the places of which a place is made; itself where it is one."""
    return place.split("+")


def total(con: duckdb.DuckDBPyConnection, series: Series, place: str, span: Span) -> Total | None:
    """Return the sum of a series over a place and period, or None where it has nothing.

    A yearly series answers only for whole years (a term counts from its first January).
    Several places together are held where each of them is.
    """
    if len(parts(place)) > 1:
        return _added([total(con, series, one, span) for one in parts(place)])
    if series.sums:
        return _sum_so_far(con, series.measures[0], place, span)
    if series.yearly:
        since = span.open_end and span.first[5:] in ("01", "12")
        if not (span.whole_years or span.term or since):
            return None
        first, last = span.years
        if span.open_end and not span.last.endswith("-12"):
            last -= 1  # the year it has come to is not over
        span = Span(f"{first}-01", f"{last}-12", span.open_end)
    return _added([_part(con, one, series.yearly, place, span) for one in series.measures])


def _added(some: Sequence[Total | None]) -> Total | None:
    """Return the sum of totals; None where one has nothing, a part where their periods differ."""
    known = [part for part in some if part is not None]
    if len(known) < len(some):
        return None
    return Total(
        sum(part.value for part in known),
        known[0].span,
        all(part.whole for part in known) and len({part.span for part in known}) == 1,
        any(part.short for part in known),
    )


def _sum_so_far(
    con: duckdb.DuckDBPyConnection, measure: str, place: str, span: Span
) -> Total | None:
    """Return the published sum of these very months; of a period that goes on the last one."""
    query = "SELECT month, period, value FROM panel WHERE measure = ? AND place = ?"
    told = kept(con, (measure, place), lambda: rows(con, query, measure, place))
    found = {
        Span(one["month"], ending(one["period"], one["month"])): one["value"]
        for one in told if one["value"] is not None and one["month"] == span.first
    }  # fmt: skip
    last = max((one.last for one in found), default="") if span.open_end else span.last
    value = found.get(Span(span.first, last))
    return None if value is None else Total(value, Span(span.first, last), True, False)


def later(con: duckdb.DuckDBPyConnection, thing: str, place: str) -> list[Message]:
    """Return what is held of a thing and place by another method since the last month: names."""
    found = []
    for one in THINGS.get(thing, ()):
        sum_ = total(con, one, place, Span(NEW, LATE, open_end=True)) if one.new else None
        if sum_ is not None and sum_.whole:
            found.append(_("{source}, {span}", source=one.label, span=sum_.span.words()))
    return found


def _part(
    con: duckdb.DuckDBPyConnection, measure: str, yearly: bool, place: str, span: Span
) -> Total | None:
    held_months = _held(con, measure, yearly, place)
    found = [one for one in held_months if span.first <= one["month"] <= span.last]
    if not found:
        return None
    first_held, last_held = found[0]["month"], found[-1]["month"]
    last = last_held if span.open_end else span.last
    if yearly:
        wanted = Span(span.first, f"{last[:4]}-12", span.open_end)
        expected = wanted.years[1] - wanted.years[0] + 1
        held = Span(first_held, f"{last_held[:4]}-12")
    else:
        wanted = Span(span.first, last, span.open_end, span.term)
        expected = len(months(wanted.first, wanted.last))
        held = Span(first_held, last_held)
    whole = sum(one["cells"] for one in found) >= expected * STATES
    value = sum(one["total"] for one in found)
    return Total(value, wanted if whole else held, whole, any(one["short"] for one in found))


def last_month(con: duckdb.DuckDBPyConnection, thing: str) -> str | None:
    """Return the last month any monthly series of a thing holds; None where none does."""
    series = [one for one in THINGS.get(thing, ()) if not (one.yearly or one.told or one.new)]
    measures = sorted({name for one in series for name in one.measures})
    query = (
        "SELECT max(month) AS last FROM counted "
        "WHERE value IS NOT NULL AND list_contains(?, measure)"
    )
    return kept(con, ("last month", thing), lambda: rows(con, query, measures)[0]["last"])


def _held(
    con: duckdb.DuckDBPyConnection, measure: str, yearly: bool, place: str
) -> list[dict[str, Any]]:
    """Return the months of a measure at a place, asked once per connection."""
    asked = {"measure": measure, "place": place, "yearly": yearly}
    query = QUERY.format(table="panel" if measure.startswith("rnid_") else "counted")
    return kept(con, (measure, yearly, place), lambda: rows(con, query, asked))


@dataclass(frozen=True)
class Figure:
    """What a sentence counts: a thing, in a form, at a place, over a period.

    Attributes
    ----------
    span : Span or None
        The period; for a change its end. None: no period said (a stock, as of missing persons;
        of a share or a mean the last whole year of each series).
    base : Span or None
        What a change is measured against.
    source : str
        The agency the sentence names, empty where none.
    other_bases : tuple of Span
        Bases the same words are also used for, as the first year of a term.
    basis : str
        What its words count, as in `Series`; empty where the usual.
    """

    thing: str
    form: Form
    place: str
    span: Span | None = None
    base: Span | None = None
    source: str = ""
    other_bases: tuple[Span, ...] = ()
    basis: str = ""

    def rank(self, series: Series) -> Rank:
        """Return what a series is to it: one of the office and the basis it names, or beside."""
        if self.source and series.agency != self.source:
            return "other"
        if self.basis == "files":  # no count of victims is one of files
            return "primary" if series.basis == "files" else "other"
        return "primary" if self.basis and self.basis == series.basis else series.rank

    def asks(self, series: Series) -> bool:
        """Tell whether a series may answer: files of 2026, and of a city, only where asked for.

        Of these no victims are held beside them, and files say little of how many there were.
        """
        alone = series.basis == "files" and (series.new or len(self.place) > 2)
        return self.basis == "files" or not alone


def readings(con: duckdb.DuckDBPyConnection, figure: Figure, stated: Stated) -> list[Reading]:
    """Return what every series says of a figure; empty where none covers it."""
    unique = {(one.value, one.source): one for one in _found(con, figure, stated)}
    return list(unique.values())


def unheard(
    con: duckdb.DuckDBPyConnection, figure: Figure, stated: Stated, found: Sequence[Reading]
) -> str:
    """Return the office whose count a figure may be and is not held; empty where there is none.

    It is the one that the figure names, or of persons killed in a state the other of the two: death
    records run from a third below to two thirds above what prosecutors count there, and of the
    changes from year to year they tell, half lie more than six points apart. Two series of an
    office that is held may be meant too and are not: what it registered in a year in a state (of
    INEGI), and case files of months (of SESNSP); they are named after their office in `UNHELD`.

    Parameters
    ----------
    found : what the offices that are held say of it.
    """
    spans = [one for one in (figure.span, figure.base) if one is not None]
    if figure.thing not in THINGS or not spans or any(one.open_end for one in spans):
        return ""
    if figure.basis == "files":
        whole = _are_files_held(con, figure, spans)
        return "" if whole or not _is_near(figure, stated, found, APART) else "sesnsp these files"
    held = set.intersection(*(_offices(con, figure.thing, figure.place, one) for one in spans))
    if figure.source and figure.source not in held:
        return figure.source
    if series := _unheld(con, figure, stated, found):
        return series
    # Of a year of which case files alone are held, SESNSP's victims come first.
    missing = [one for one in ("sesnsp", "inegi") if one not in held]
    if figure.thing not in KILLED or not missing or not found:
        return ""
    apart = APART if figure.place != "00" else APART_NATION
    return missing[0] if _is_near(figure, stated, found, apart) else ""


UNHELD = {
    "inegi registered": _(
        "What INEGI registered in a year is not held by state (fetch or import it with "
        "`hidra data`); what is held says"
    ),
    "sesnsp files": _(
        "Case files are not held by month, only by year (a file may have several victims); what is "
        "held says"
    ),
    "sesnsp these files": _(
        "Case files of this place and period are not held (a file may have several victims); what "
        "is held says"
    ),
}


def beyond(
    con: duckdb.DuckDBPyConnection, figure: Figure, stated: Stated, *, low: bool, last: int | None
) -> tuple[int, float] | None:
    """Return the year, and its count, that a figure of a year said to be the most is below.

    Parameters
    ----------
    low : said to be the fewest instead.
    last : the last year that was known of; None: any that is held.
    """
    span, way = figure.span, -1 if low else 1
    if span is None or not span.whole_years or span.years[0] != span.years[1]:
        return None
    for series in THINGS[figure.thing]:
        own = total(con, series, figure.place, span)
        if figure.rank(series) != "primary" or own is None or not holds(stated, own.value):
            continue
        held = total(con, series, figure.place, Span("1990-01", LATE, open_end=True))
        ends = held.span.years if held is not None else span.years
        known = range(ends[0], min(ends[1], last or ends[1]) + 1)
        years = {at: total(con, series, figure.place, year(at)) for at in known}
        other = max(
            ((way * one.value, at) for at, one in years.items() if one is not None and one.whole),
            default=(way * own.value, 0),
        )
        if other[0] > way * own.value and other[1] != span.years[0]:
            return other[1], way * other[0]
    return None


def _are_files_held(con: duckdb.DuckDBPyConnection, figure: Figure, spans: Sequence[Span]) -> bool:
    """Tell whether a series of case files holds all of a place and some periods."""
    files = (one for one in THINGS[figure.thing] if one.basis == "files")
    held = ([total(con, one, figure.place, span) for span in spans] for one in files)
    return any(all(sum_ is not None and sum_.whole for sum_ in sums) for sums in held)


def _unheld(
    con: duckdb.DuckDBPyConnection, figure: Figure, stated: Stated, found: Sequence[Reading]
) -> str:
    """Return the series of an office that is not held and may be meant: a key of `UNHELD`."""
    span = figure.span
    if figure.thing != "homicide" or figure.form not in ("level", "rate") or span is None:
        return ""
    victims = next(one for one in THINGS["homicide"] if one.measures == VICTIMS)
    deaths = next(one for one in THINGS["homicide"] if one.measures == DEATHS)
    if is_state(parts(figure.place)[0]) and span.whole_years:
        held = total(con, deaths, figure.place, span)
        apart = REGISTERED[not held or held.value >= FEW]
        named = [one for one in found if one.rank == "primary"] or found
        near = found and _is_near(figure, stated, named, apart)
        return "inegi registered" if near and figure.source in ("", "inegi") else ""
    sum_ = total(con, victims, figure.place, span)
    if figure.place != "00" or figure.form != "level" or span.whole_years or not sum_:
        return ""
    low, high = bounds(stated)
    files = sum_.whole and high >= FILES[0] * sum_.value and low <= FILES[1] * sum_.value
    return "sesnsp files" if files and figure.source in ("", "sesnsp") else ""


def _is_near(figure: Figure, stated: Stated, found: Sequence[Reading], apart: float) -> bool:
    """Tell whether a figure lies no farther from what is held than by a factor."""
    low, high, *values = (*bounds(stated), *(one.value for one in found))
    if figure.form in CHANGES:  # as a ratio
        low, high, *values = (1 + value / 100 for value in (low, high, *values))
    return high >= min(values) / apart and low <= max(values) * apart


def not_held(office: str) -> Mapping[str, str]:
    """Return what is said of a figure whose office (``inegi``, ...) or series is not held."""
    if office in UNHELD:
        return bilingual(UNHELD[office])
    name = office.upper()
    return bilingual(
        _(
            "What {name} counts of this place and period is not held (fetch or import it with "
            "`hidra data`); others say",
            name=name,
        )
    )


def is_asked(office: str, source: str) -> bool:
    """Tell whether what is not held is of the office that a sentence names."""
    return bool(source) and office.partition(" ")[0] == source


def _offices(con: duckdb.DuckDBPyConnection, thing: str, place: str, span: Span) -> set[str]:
    """Return whose series hold all of a place and period: ``inegi``, ``sesnsp``, ``rnpdno``."""
    return {
        one.agency
        for one in THINGS[thing]
        if one.rank == "primary"
        and not one.told
        and (sum_ := total(con, one, place, span)) is not None
        and sum_.whole
    }


def _found(con: duckdb.DuckDBPyConnection, figure: Figure, stated: Stated) -> Iterator[Reading]:
    newer = False  # beside victims of the new register its files are heard too
    for series in THINGS[figure.thing]:
        if series.told and figure.form not in ("per day", "change"):
            continue
        if not figure.asks(series) and not newer:
            continue
        found = list(_OfSeries(con, figure, series, figure.rank(series)).says(stated))
        newer = newer or (series.new and bool(found))
        yield from found
    if figure.thing == "missing" and figure.span is None and figure.form == "level":
        yield from _counted_stock(con, figure.place)
    if figure.thing == "homicide" and figure.form == "change":
        if not figure.source:  # an office that is named is compared with itself
            yield from _mixed(con, figure)
        yield from _beside(con, figure)


@dataclass(frozen=True)
class _OfSeries:
    """What one series says of a figure, at the rank it has for it."""

    con: duckdb.DuckDBPyConnection
    figure: Figure
    series: Series
    rank: Rank

    def total(self, span: Span, series: Series | None = None) -> Total | None:
        """Return the sum of a span, of this series or another."""
        return total(self.con, series or self.series, self.figure.place, span)

    def reading(self, value: float, rank: Rank, span: Span, *, floor: bool = False) -> Reading:
        """Return a reading of the figure by this series; a floor is a lower bound."""
        label = _("{source}, {span}", source=self.series.label, span=span.words())
        return Reading(value, label, rank, floor, self.series.told, room=self.series.room)

    def says(self, stated: Stated) -> Iterator[Reading]:
        """Yield what it says to the form of the figure."""
        if self.figure.form in CHANGES:
            yield from self.changes(self.series)
        elif self.figure.span is None and self.figure.form == "level":
            yield from self.stock()
        elif (span := self.figure.span or self.last_year()) is not None:
            shares = self.figure.form == "share"
            yield from self.shares(span) if shares else self.levels(span, stated)

    def levels(self, span: Span, stated: Stated) -> Iterator[Reading]:
        """Yield a count, a rate or a mean of days; of a count a partial sum is a lower bound."""
        sum_, form = self.total(span), self.figure.form
        if sum_ is None or not (sum_.whole or (form == "level" and sum_.value > 0)):
            return
        if span.open_end and form == "level":
            yield from self.since(span, sum_, stated)
            return
        value: float | None = sum_.value
        if form == "per day":
            value = sum_.value / sum_.span.days
        elif form in ("per month", "per year"):
            number = len(months(sum_.span.first, sum_.span.last))
            value = sum_.value / number * (12 if form == "per year" else 1)
        elif form == "rate":
            value = _rate(self.con, self.figure.place, sum_)
        # a year that is short is read where it is known by how much
        if value is not None and (self.series.room or not (sum_.short and self.series.yearly)):
            rank: Rank = "other" if sum_.short else self.rank
            yield self.reading(value, rank, sum_.span, floor=not sum_.whole)

    def since(self, span: Span, whole: Total, stated: Stated) -> Iterator[Reading]:
        """Yield the sum to the last month held, and to the end of every earlier year.

        A sentence says "since 2006" on some day we do not know: it may have stopped at any of
        these. The last one is a floor, as the series will go on, unless the figure is out of any
        reach. Where the day is known and the months around it are held, it ends in one of them:
        that of the day, the one before, or the one published last by then.
        """
        first, last = whole.span.years
        low, high = bounds(stated)
        ends = self._around(span)
        for one in ends:
            yield self.reading(one.value, "other" if one.short else self.rank, one.span)
        if not ends:
            part_held = whole.span.days / span.days if span.last != LATE else 1.0
            goes_on = low <= 1.5 * whole.value / part_held + 1 or self.is_stale(last)
            yield self.reading(whole.value, self.rank, whole.span, floor=not whole.whole or goes_on)
        known = span.last != LATE and stated.words == "less than"  # an earlier end would prove it
        if stated.words == "more than" or known or not whole.whole:
            return
        for end in range(first, last + (span.last != LATE)):  # what is held ends before the day
            part = self.total(Span(span.first, f"{end}-12"))
            if part is not None and part.whole and low <= part.value <= high:
                yield self.reading(part.value, self.rank, part.span)

    def _around(self, span: Span) -> list[Total]:
        """Return the sums to the months around the day of a text; none where they are not held."""
        if self.series.yearly or span.last == LATE:
            return []
        held = months(span.first, f"{int(span.last[:4]) + 1}-12")
        at = held.index(span.last)
        found = {end: self.total(Span(span.first, end)) for end in held[max(at - 1, 0) : at + 2]}
        whole = {end: one for end, one in found.items() if one is not None and one.whole}
        return list(whole.values()) if span.last in whole else []

    def changes(self, first: Series) -> Iterator[Reading]:
        """Yield the change per day between two periods, from the series `first` to this one.

        Of as many months with other days, that of their counts too: from February to June.
        """
        if self.figure.span is None or self.figure.base is None:
            return
        others: list[tuple[Span, Rank]] = [(one, "other") for one in self.figure.other_bases]
        for base, base_rank in ((self.figure.base, self.rank), *others):
            start = self.total(base, first)
            if start is None or not start.whole or start.value == 0:
                continue
            for end, rank in self.ends(self.figure.span, self.figure.base, base_rank):
                after = self.total(end)
                if after is not None and after.whole:
                    short = start.short or after.short
                    rank_ = "other" if short else rank
                    if self.figure.form == "rate change":
                        yield from self.of_rate(start, after, rank_)
                        continue
                    yield _change(first, self.series, start, after, rank_)
                    if not first.told and not self.series.told and _is_as_long(start, after):
                        yield _change(first, self.series, start, after, rank_, daily=False)

    def of_rate(self, start: Total, after: Total, rank: Rank) -> Iterator[Reading]:
        """Yield the change of the rate per 100,000, where the inhabitants of both are known."""
        one, two = (_rate(self.con, self.figure.place, sum_) for sum_ in (start, after))
        if one and two:
            begun, ended = start.span.words(), after.span.words()
            label = _("{source}, rate, {start} → {end}",
                      source=self.series.label, start=begun, end=ended)  # fmt: skip
            yield Reading(100 * (two / one - 1), label, rank)

    def ends(self, span: Span, base: Span, rank: Rank) -> Iterator[tuple[Span, Rank]]:
        """Yield the end of a change; of one that goes on the last whole year, then others.

        What is measured from a month ends in a month: the last one held, then those before it.
        """
        if not span.open_end:
            yield span, rank
        elif base.month:
            last = self.last(replace(span, first=base.last))
            if not last or (span.last != LATE and len(months(last, span.last)) > 2):
                return  # what the sentence speaks of is not held, or not yet
            for end in reversed(months(base.last, last)[1:]):
                yield Span(end, end), rank if end == last else "other"
        elif (held := self.total(span)) is not None:
            until = min(held.span.last, span.last)  # no later than the day of the text
            whole = int(until[:4]) - (not until.endswith("-12"))
            for number in range(whole, base.years[1], -1):
                yield year(number), rank if number == whole else "other"

    def last(self, since: Span) -> str:
        """Return the last month held of a period that goes on; "" where none is."""
        held = self.total(since)
        return held.span.last if held is not None else ""

    def last_year(self) -> Span | None:
        """Return the last whole year held, of which a figure without a period likely is."""
        last = self.last(Span("1990-01", LATE, open_end=True))
        if not last or self.is_stale(int(last[:4])):
            return None
        return year(int(last[:4]) - (not last.endswith("-12")))

    def is_stale(self, last: int) -> bool:
        """Tell whether a series that ends in a year says nothing about today."""
        newest = last_month(self.con, self.figure.thing)
        return newest is not None and last < int(newest[:4]) - STALE

    def shares(self, span: Span) -> Iterator[Reading]:
        """Yield the share of the whole that the same agency counts."""
        whole = THINGS.get(SHARE_OF.get(self.figure.thing, ""), ())
        same = next((one for one in whole if one.agency == self.series.agency), None)
        if same is not None and same.basis == self.series.basis:
            part, all_ = self.total(span), self.total(span, same)
            if part and all_ and part.whole and all_.whole and all_.value:
                yield self.reading(100 * part.value / all_.value, self.rank, part.span)

    def stock(self) -> Iterator[Reading]:
        """Yield everything a register holds; what happened before its first month is missing."""
        sum_ = self.total(Span("2010-01", LATE, open_end=True))
        if self.figure.thing != "missing" or sum_ is None:
            return
        measures, place = self.series.measures, self.figure.place
        query = f"""
            SELECT coalesce(sum(persons), 0) AS persons FROM missing_rnpdno_undated
            WHERE measure IN ({", ".join("?" for _ in measures)}) AND (? = '00' OR place = ?)
        """
        undated = rows(self.con, query, *measures, place, place)[0]["persons"]
        span = sum_.span.words()
        label = _("{source}, {span} and undated", source=self.series.label, span=span)
        yield Reading(sum_.value + undated, label, self.rank, floor=True)


def _rate(con: duckdb.DuckDBPyConnection, place: str, sum_: Total) -> float | None:
    """Return persons per 100,000 inhabitants and year; whole years as published, leap or not."""
    span, found = sum_.span, persons(con, place, sum_.span)
    years = span.years[1] - span.years[0] + 1 if span.whole_years else span.days / 365.25
    return 100_000 * sum_.value / years / found if found else None


def persons(con: duckdb.DuckDBPyConnection, place: str, span: Span) -> float | None:
    """Return the mean population of a place over the years of a period; None: one is unknown."""
    if len(parts(place)) > 1:
        known = [persons(con, one, span) for one in parts(place)]
        return None if None in known else sum(one or 0 for one in known)
    first, last = span.years
    query = (
        "SELECT if(count(*) = ?, avg(persons), NULL) AS persons FROM population "
        "WHERE place = ? AND year BETWEEN ? AND ?"
    )
    asked = (last - first + 1, place, str(first), str(last))
    return kept(con, ("persons", *asked), lambda: rows(con, query, *asked)[0]["persons"])


def _is_as_long(start: Total, after: Total) -> bool:
    """Tell whether two periods have as many months, but not as many days."""
    one, two = start.span, after.span
    as_many = len(months(one.first, one.last)) == len(months(two.first, two.last))
    return as_many and one.days != two.days


def _change(
    first: Series, second: Series, start: Total, after: Total, rank: Rank, *, daily: bool = True
) -> Reading:
    same = [(one.span.first[5:], one.span.last[5:]) for one in (start, after)]
    if not daily:
        lengths = [1, 1]
    elif same[0] == same[1]:  # whole years, or the same months: as published, 29 February or not
        lengths = [one.years[1] - one.years[0] + 1 for one in (start.span, after.span)]
    else:
        lengths = [start.span.days, after.span.days]
    value = 100 * ((after.value / lengths[1]) / (start.value / lengths[0]) - 1)
    begun, ended = start.span.words(), after.span.words()
    if first is second:
        label = _("{source}, {start} → {end}", source=first.label, start=begun, end=ended)
    else:
        label = _(
            "{first} {start} → {second} {end}",
            first=first.label, start=begun, second=second.label, end=ended,
        )  # fmt: skip
    if not daily:
        label = _("{source}, not per day", source=label)
    return Reading(value, label, rank, quoted=second.told)


def _mixed(con: duckdb.DuckDBPyConnection, figure: Figure) -> Iterator[Reading]:
    """Yield the change from INEGI's base to SESNSP's end: told in public, not comparable."""
    known = [
        one for one in THINGS[figure.thing]
        if one.rank == "primary" and not one.told and not one.new
    ]  # fmt: skip
    for before in (one for one in known if one.agency == "inegi" and one.yearly):
        for series in (one for one in known if one.agency == "sesnsp"):
            yield from _OfSeries(con, figure, series, "other").changes(before)


def _beside(con: duckdb.DuckDBPyConnection, figure: Figure) -> Iterator[Reading]:
    """Yield what stands beside a month told in press alone, measured from a month.

    The change from the counted mean of the base's year, and that of our own months to the last.
    """
    base, span = figure.base, figure.span
    if base is None or span is None or span.open_end or not (base.month and span.month):
        return
    known = [one for one in THINGS[figure.thing] if one.agency == "sesnsp" and not one.yearly]
    counted, told = known[0], next(one for one in known if one.told)
    own = _OfSeries(con, figure, counted, "other")
    last = own.last(Span(base.first, LATE, open_end=True))
    if base.last < last < span.first:
        mean = replace(figure, base=year(int(base.first[:4])))
        for one in _OfSeries(con, mean, told, "other").changes(counted):
            yield one
            yield from replace(own, figure=replace(figure, span=Span(last, last))).changes(counted)


def _counted_stock(con: duckdb.DuckDBPyConnection, place: str) -> Iterator[Reading]:
    """Yield all persons missing in the register on the day it was asked, and as it was stated."""
    query = """
        SELECT sum(value) AS value, count(value) AS n, max(month) AS month FROM counted
        WHERE measure = 'rnpdno_missing_stock' AND length(place) = 2
          AND ($place = '00' OR place = $place)
    """
    found = rows(con, query, {"place": place})[0]
    if found["n"] >= (STATES if place == "00" else 1):
        label = _("RNPDNO, all persons missing in the register of {month}", month=found["month"])
        yield Reading(found["value"], label)
    query = "SELECT * FROM cited_fact WHERE indicator = 'rnpdno_missing_total_stated'"
    for row in rows(con, query) if place == "00" else ():
        label = _("{who}, register of {date}", who=row["publisher"], date=row["date"])
        yield Reading(row["value"], label, quoted=True)
