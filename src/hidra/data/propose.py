"""Your spreadsheet: what its cells seem to mean, as a description that `importing` takes.

What can be told for certain of the columns of a `sheet` becomes keys of a `spec`; what cannot
becomes a finding: a question with its candidates where there is something to choose, a problem with
its cell and cure where there is not. All are found at once, nothing is chosen in silence, and the
import itself reads the file anew by the description alone.
"""

from __future__ import annotations

import bisect
import datetime
import itertools
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hidra.core import yaml
from hidra.core.errors import HidraError, SourceError, unknown
from hidra.core.i18n import Message, _
from hidra.core.param import number
from hidra.data import geography, panel, sheet, spelling, tables
from hidra.data.geography import Match, label, plain, town_named
from hidra.data.importing import preview
from hidra.data.sheet import FISCAL, RATE, SHOWN, TOWN, Cells, Column, Grid, text_of
from hidra.data.sources import recognise
from hidra.data.spec import Spec, make_spec
from hidra.data.spelling import (
    ISO,
    SERIAL,
    forms,
    in_form,
    joined_code,
    place_code,
    slug,
    unmarked,
)

COUNTRY = 150_000_000  # persons: of 133 million in 2025, more than any year to come here
MOST, STRANGE = 30, 20  # names of places, and other texts of a column, that are asked one by one
TOTAL = re.compile(
    r"(grand? |sub ?)?tot(al(es)?)? ?(general(es)?|nacional|estatal|estados|mexico)?|suma total|"
    r"nacional|national( total)?|sumas|suma (nacional|general)|"
    r"estados unidos mexicanos|republica mexicana|total .*"
)
ABROAD = re.compile(
    r"(en )?(el )?extranjero|(en )?otros? pais(es)?|fuera (del pais|de mexico)|abroad"
)
WHOLE = re.compile(r"ambos( sexos)?|total(es)?|todos|todas")
NOTE = re.compile(r"(fuente|nota|elabora|cifras|informacion|\d/|los datos|corte|actualiza)")
PEOPLE = r"^(poblacion|population|pop|pob)\b"  # what a rate was divided by
UNITS = {
    "persons": r"victima|person|muert|desaparecid|asesinad|feminicid|poblacion|detenid|herid|kill",
    "case files": r"carpeta|averiguac|denuncia|expediente",
    "events": r"evento|ataque|agresion|enfrentamiento|incidente|bloqueo|caso|ocurrencia",
}
GENERIC = (
    r"(total|casos?|numero|cantidad|frecuencia|valor|n|conteo|registros?|cifras?|count|value|tot)"
)
Rows = dict[tuple[str, ...], list[int]]  # of the table, by what some of their cells say
ACCESSED = _(
    "accessed is the day of this file, by which it is told from others: write that of each later "
    "one."
)
#: How a name was found, in words.
WAYS = {
    "abbreviation": _("abbreviation"), "short": _("short or longer form"),
    "close": _("spelt much alike"), "chosen": _("as answered"),
    "nowhere": _("says that it is not known"), "apart": _("no such name: proposed as not known"),
}  # fmt: skip

# -- what is said of a table ---------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """One answer to a question: what the form sends, and its words."""

    value: str
    words: str


@dataclass(frozen=True)
class Finding:
    """What stands in the way, or was decided and may be decided otherwise.

    Attributes
    ----------
    where, what, fix : file, sheet and cells; what is there; what to do.
    key : name of the question; empty for a problem, which only another file cures.
    choices : what may be answered; any text where there are none.
    answer : as given, else as proposed; None where it must be given.
    stops : whether a problem keeps the table out.
    """

    where: str
    what: str
    fix: str
    key: str = ""
    choices: tuple[Choice, ...] = ()
    answer: str | None = None
    stops: bool = False

    @property
    def open(self) -> bool:
        """Whether it still keeps the table out."""
        return self.answer is None if self.key else self.stops


@dataclass
class Proposal:
    """What a table seems to be.

    Attributes
    ----------
    content : the description, as a YAML file would hold it.
    findings : every problem and question, in the order of the form.
    told : what was understood and needs no answer: header, rows left out, forms of figures.
    matched : places by name: as written, code, how it was found.
    table : what the import would bring: ``series``, ``notes``, ``rows`` (the first), ``places``.
    """

    path: Path
    content: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    matched: list[tuple[str, str, str]] = field(default_factory=list)
    table: dict[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> list[Finding]:
        """What still keeps the table out."""
        return [one for one in self.findings if one.open]

    def refuse_other(self, answers: Mapping[str, str]) -> None:
        """Refuse an answer to no question of this table, or one that cannot be chosen.

        Raises
        ------
        SpecError
            The first of them is named, with what could be.
        """
        asked = {one.key: one for one in self.findings if one.key}
        for key, value in answers.items():
            if key not in asked:
                raise unknown(_("question"), key, asked, where="--answer")
            choices = [one.value for one in asked[key].choices]
            if choices and value.strip() and value not in choices:
                raise unknown(_("answer"), value, choices, where=f"--answer {key}")

    @property
    def spec(self) -> Spec:
        """The description, checked."""
        return make_spec(self.content, f"{self.path.name}.yaml")

    def told_json(self) -> dict[str, Any]:
        """Return all of it as JSON keeps it."""
        matched = [dict(zip(("written", "place", "how"), one, strict=True)) for one in self.matched]
        findings = [{**asdict(one), "open": one.open} for one in self.findings]
        return {"spec": self.content, "told": self.told, "table": self.table,
                "findings": findings, "matched": matched}  # fmt: skip

    def text(self) -> str:
        """Return the description as YAML, with what was decided above it."""
        asked = (f"{one.key}: {one.what} -> {one.answer}" for one in self.findings if one.key)
        lines = (*self.told, *asked, ACCESSED)
        head = "".join(f"# {' '.join(str(line).split())}\n" for line in lines)
        return head + yaml.told(self.content)


def propose(path: Path, answers: Mapping[str, str] | None = None) -> Proposal:
    """Return what a table seems to be, every question answered as far as the reader did.

    Parameters
    ----------
    path : CSV, Excel, JSON, Parquet or dBASE, as `hidra data import` reads them.
    answers : by key of a finding; an answer that is not among the choices counts as none.

    Raises
    ------
    SourceError
        The file is missing, empty, damaged or of a kind that is not read.
    """
    found, answers = Proposal(path), dict(answers or {})
    ways = sheet.encodings(path)
    charset = answers.get("encoding") if answers.get("encoding") in ways else None
    sheets = sheet.grids(path, charset)
    if not sheets:
        raise SourceError(
            _("There is no table in it."), where=path.name,
            fix=_("Give a table with a header and at least two columns."),
        )  # fmt: skip
    look = _Look(found, answers, sheets[0])
    if ways:
        given = look.ask(
            "encoding", _("Letters of this file can be read in several ways."),
            _("Choose the one in which its words are right."), ways.items(), where=path.name,
        )  # fmt: skip
        look.content |= {"encoding": given} if given else {}
    if len(sheets) > 1:
        names = {one.sheet: one for one in sheets}
        years = all(map(sheet.is_year, names))
        whole = sheet.below(sheets) if years else None
        given = look.ask(
            "sheet", _("{n} sheets hold a table.", n=len(sheets)),
            _("Choose one; bring the others the same way afterwards."),
            [*((one, one) for one in names),
             *([("all", _("all of them: each sheet is a year"))] if whole else [])],
            where=path.name,
        )  # fmt: skip
        look.grid = whole if whole and given == "all" else names[given] if given else sheets[0]
        look.sheet = look.grid.sheet if given else ""
    look.read()
    if not found.open:
        try:
            found.table = preview(path, found.spec)
        except HidraError as error:
            found.findings.append(Finding(error.where, error.what, error.fix, stops=True))
    return found


class _Look:
    """The reading of one sheet, step by step; what is found goes into the proposal."""

    def __init__(self, found: Proposal, answers: dict[str, str], grid: Grid) -> None:
        self.found, self.answers, self.grid = found, answers, grid
        self.content: dict[str, Any] = {}
        self.fill: list[str] = []
        self.unknown: set[str] = set()
        self.without: dict[str, list[str]] = {}
        self.sheet = ""  # of several, the one chosen: a series of its own
        self.country: set[int] = set()  # rows of the country under the name of a state

    def read(self) -> None:
        """Fill the proposal."""
        self._columns()
        self._about()
        self._rows()
        self.content["time"] = self._times()
        self._places()
        self._unit()
        self._figures()
        self._persons()
        self._country()
        self._repeats()
        self._layout()
        self._compare()
        self.found.content = self.content

    def ask(self, key: str, what: str, fix: str, choices: Iterable[tuple[str, str]] = (), *,
            cells: Cells = (), usual: str | None = None,
            where: str = "") -> str | None:  # fmt: skip
        """Ask a question and return its answer, where there is one."""
        offered = tuple(Choice(value, words) for value, words in choices)
        given = self.answers.get(key, usual)
        if given is None or not given.strip():
            given = usual
        if offered and given not in [one.value for one in offered]:
            given = usual
        where = where or self.grid.where(cells)
        self.found.findings.append(Finding(where, what, fix, key, offered, given))
        return given

    def strange(self, kind: str, texts: Mapping[str, Cells], what: Message, fix: str,
                choice: tuple[str, str], more: tuple[Message, str]) -> list[str]:  # fmt: skip
        """Ask what each odd text of a column is, too many at once; return those not known."""
        known = [one for one in texts if sheet.is_unknown(one)]
        odd = [one for one in texts if one not in known]
        for one in odd[:STRANGE]:
            said = Message(what.msgid, {"text": one, "written": one})
            if self.ask(f"{kind}:{one}", said, fix, [choice], cells=texts[one]):
                known.append(one)
        if rest := odd[STRANGE:]:
            cells = [cell for one in rest for cell in texts[one]]
            self.refuse(Message(more[0].msgid, {"n": len(rest)}), more[1], cells)
        return known

    def refuse(self, what: str, fix: str, cells: Cells = (), *, stops: bool = True) -> None:
        """Note a problem."""
        self.found.findings.append(Finding(self.grid.where(cells), what, fix, stops=stops))

    def tell(self, words: str) -> None:
        """Note what was understood."""
        self.found.told.append(words)

    # -- the table ---------------------------------------------------------------------------

    def _columns(self) -> None:
        rows = self.grid.rows
        self.head = sheet.header_of(rows) or 0
        with suppress(SourceError):
            self.tell(
                _("An official file, of the source {name}: `hidra data add` reads all of it.",
                  name=recognise(self.grid.path).name)
            )  # fmt: skip
        upper = self._upper()
        names = tables.joined(upper, [text_of(cell) for cell in rows[self.head]])
        self.names = [tables.clean(name) or f"column_{at}" for at, name in enumerate(names)]
        self.upper = bool(upper)
        if self.head or self.upper:
            self.tell(_("The header is in row {row}.", row=self.head + 1))

    def _upper(self) -> list[str]:
        """Return the row above the header where it groups its columns, as merged years do."""
        if not self.head:
            return []
        above, own = self.grid.rows[self.head - 1 : self.head + 1]
        filled, names = sheet.not_blank(above), [text_of(cell) for cell in own if text_of(cell)]
        blank = any(not text_of(own[at]) for at in filled)
        grouped = blank or (len(filled) > 1 and len(set(names)) < len(names))
        return [text_of(cell) for cell in above] if grouped else []

    def _about(self) -> None:
        """Ask who counted what: proposed from the title above the table, else the file's name."""
        stem = re.sub(r"[_\s]+", " ", self.grid.path.stem).strip()
        above = [text_of(cell) for row in self.grid.rows[: self.head] for cell in row]
        written = [one for one in above if len(one) > 8 and not sheet.is_figure(one)]
        title = max(written, key=len, default=stem)[:160]
        if self.sheet and plain(self.sheet) not in plain(title):
            title = f"{title}: {self.sheet}"
        self.title = self.ask("title", _("What the table is called."),
                              _("As it shall stand on pages."), usual=title) or title  # fmt: skip
        name = slug(stem)[:40].strip("_") + (f"_{slug(self.sheet)[:40]}" if self.sheet else "")
        whose = self.ask("publisher", _("Who counted."), _("An organisation or a register."),
                         usual=str(_("our organisation")))  # fmt: skip
        self.content |= {
            "source": name if name[0].isalpha() else f"t_{name}", "title": self.title,
            "publisher": whose, "terms": "internal, not for publication",
            "accessed": datetime.date.today().isoformat(), "concept": self.title,
            "unit": "persons",
        }  # fmt: skip

    def _unit(self) -> None:
        """Ask what one of the figures is: by the words, or no count where all are rates."""
        counts = any(one.is_a("figure") for one in self.free()) or self.free("wide")
        only_rates = not counts and any(one.says(RATE) for one in self.free())
        only_rates |= bool(self.free("wide") and re.search(RATE, plain(self.title)))
        said = plain(" ".join([self.title, *self.names]))
        unit = self.ask(
            "unit", _("What one of the figures is."), _("A count of persons is guarded as such."),
            [("persons", _("persons")), ("case files", _("case files")), ("events", _("events")),
             ("index", _("something else, not a count"))],
            usual="index" if only_rates
            else next((unit for unit, words in UNITS.items() if re.search(words, said)), None),
        )  # fmt: skip
        self.content["unit"] = unit or "persons"

    def _rows(self) -> None:
        """Set apart what is no row of the table: headers again, totals, notes below."""
        below = list(enumerate(self.grid.rows))[self.head + 1 :]
        body = [(at, row) for at, row in below if sheet.not_blank(row)]
        self.header = [text_of(cell) for cell in self.grid.rows[self.head]]
        self.narrow = max(1, len([one for one in self.header if one]) // 4)
        wide = [at for at, row in body if not self._is_narrow(row)]
        kinds = {at: self._row_kind(row, at == (wide[-1] + 1 if wide else 0)) for at, row in body}
        self.data = [one for one in body if not kinds[one[0]]]
        while len(self.data) > 1 and self._is_narrow(self.data[-1][1]):
            kinds[self.data.pop()[0]] = "note"
        apart = {kind: sorted(at for at, one in kinds.items() if one == kind)
                 for kind in ("again", "total", "note")}  # fmt: skip
        self.totals = apart["total"]
        last = max((at for at, one in kinds.items() if one != "note"), default=0)
        last = len(self.grid.rows) if self.grid.sheets else last  # below each sheet, not the last
        self.notes = sum(at > last for at in apart["note"])
        for at in apart["again"] + apart["total"] + [one for one in apart["note"] if one < last]:
            self._leave_out(self.grid.rows[at])
        self.columns = [
            Column(at, name, [(row, cells[at]) for row, cells in self.data if text_of(cells[at])])
            for at, name in enumerate(self.names)
        ]
        words = {"again": _("the header again"), "total": _("totals"), "note": _("notes")}
        for kind, rows in apart.items():
            if rows:
                self.tell(_("Left out, {kind}: row {rows}.", kind=words[kind],
                            rows=", ".join(map(self.grid.row, rows[:12]))
                            + (f", … ({len(rows)})" if len(rows) > 12 else "")))  # fmt: skip

    def _is_narrow(self, row: list[Any]) -> bool:
        """Whether a row holds too little to be one of the table; what has its day is an event."""
        filled = sheet.not_blank(row)
        dated = len(filled) > 1 and any(sheet.moment_of(row[at]) for at in filled)
        return len(filled) <= self.narrow and not dated

    def _row_kind(self, row: list[Any], after: bool) -> str:
        """Return what a row is: ``again``, ``total``, ``note``; empty for data."""
        texts = [text for cell in row if (text := text_of(cell))]
        first = plain(texts[0])
        if [text_of(cell) for cell in row] == self.header:
            return "again"
        if first == "suma" or any(map(_is_total, texts[:3])):
            return "total"
        told = NOTE.match(first) or after or len(texts[0]) > 60
        return "note" if told and self._is_narrow(row) else ""

    def _leave_out(self, row: list[Any]) -> None:
        """Add a row to those that the description leaves out, by the words that say what it is."""
        filled = sheet.not_blank(row)
        total = (one for one in filled[:3] if _is_total(text_of(row[one])))
        at = next(total, filled[0])
        said = self.without.setdefault(self.names[at], [])
        if text_of(row[at]) not in said:
            said.append(text_of(row[at]))

    def free(self, kind: str = "") -> list[Column]:
        """Return the columns of a kind, oldest first; those with no kind yet by default."""
        return [one for one in self.columns if one.kind == kind and (one.cells or kind)]

    def blank(self, column: Column) -> list[int]:
        """Return the rows of data in which a column is empty."""
        filled = {row for row, _cell in column.cells}
        return [at for at, _row in self.data if at not in filled]

    # -- when ----------------------------------------------------------------------------------

    def _times(self) -> dict[str, Any]:
        wide = self._wide()
        year = self._pick("year")
        if year is not None and year.says(FISCAL):
            begins = self.ask(
                f"fiscal:{year.name}",
                _("Years in '{name}' are said to be fiscal.", name=year.name),
                _("Those of the United States begin in October of the year before, those of "
                  "Mexico are calendar years. Whole fiscal years have no place in a calendar."),
                [("calendar", _("they are calendar years")),
                 ("10", _("they begin in October of the year before"))],
                cells=year.of(year.distinct),
            )  # fmt: skip
            time = self._time_of(wide, year)
            return time | {"year_begins": 10} if begins == "10" else time
        return self._time_of(wide, year)

    def _time_of(self, wide: dict[str, Column], year: Column | None) -> dict[str, Any]:
        """Return the columns of time of a description, `year` being what they are told beside."""
        if wide:
            return self._wide_time(wide, year)
        day = self._day()
        month = None if day else self._pick("month")
        if day is None and month is None and year is None:
            day = self._mistyped("day")
        if day is not None:
            formats = self._formats(day)
            if day.says(sheet.DAY) and any(map(sheet.is_serial, day.distinct)):
                formats.append(SERIAL)
                self.tell(
                    _("Numbers in '{name}' are days as spreadsheets count them.", name=day.name)
                )
            return {"date": day.name} | self._dates(day, formats)
        if year is None and month is None:
            return {"fixed": self._year(_("No column says when.")) or "2000"}
        if year is not None and month is None:
            self._preliminary({unmarked(text): text for text in sorted(year.distinct)})
            return {"year": year.name} | self._undated(year, sheet.is_year)
        assert month is not None
        if year is None or month.share(lambda one: bool(forms(one))) > 0.5:
            return {"month": month.name} | self._dates(month, self._formats(month))
        undated = self._undated(month, spelling.month_number)
        if years := self._odd_times(year, sheet.is_year):
            undated["unknown_years"] = years
        return {"year": year.name, "month": month.name} | undated

    def _pick(self, kind: str) -> Column | None:
        """Return the first free column of a kind, its cells mistyped or not."""
        found = next((one for one in self.free() if one.is_a(kind)), None)
        if found is None:
            return self._mistyped(kind)
        found.kind = kind
        return found

    def _mistyped(self, kind: str) -> Column | None:
        """Return the column that its name says to be of a kind, where too few cells are."""
        found = next((one for one in self.free() if one.mistyped(kind)), None)
        if found is not None:
            found.kind = kind
        return found

    def _wide(self) -> dict[str, Column]:
        """Return the columns that are months, quarters or years, by the time each one is."""
        found: dict[str, Column] = {}
        for one in self.columns:
            time = sheet.time_of_name(one.name)
            if time and (one.numeric or not one.cells):
                found.setdefault(time, one)
        found = found if len(found) > 1 else self._kinds_by_year()
        if not found:
            return {}
        size = Counter(map(len, found)).most_common(1)[0][0]
        found = {time: one for time, one in found.items() if len(time) == size}
        for one in found.values():
            one.kind = "wide"
        return found

    def _kinds_by_year(self) -> dict[str, Column]:
        """Return the columns of one kind of figures, where each year has some: "2021 Total"."""
        kinds: dict[str, dict[str, Column]] = {}
        for one in self.columns:
            year, kind = sheet.year_beside(one.name)
            if year and one.numeric:
                kinds.setdefault(kind, {}).setdefault(year, one)
        kinds = {kind: years for kind, years in kinds.items() if len(years) > 1}
        if not kinds or any(one.is_a("year") for one in self.columns):
            return {}
        likely = [kind for kind in kinds if not re.search(f"{RATE}|{PEOPLE}", plain(kind))]
        kind = next(iter(likely or kinds))
        if len(kinds) > 1:
            kind = self.ask(
                "figures", _("Several kinds of figures stand beside each other in each time."),
                _("Choose one; bring the others the same way afterwards."),
                [(one, one) for one in kinds], usual=kind if len(likely) == 1 else None,
                cells=[(self.head, one.at) for years in kinds.values() for one in years.values()],
            ) or kind  # fmt: skip
            self.content["source"] += f"_{slug(kind)}"  # each of them is a series of its own
            self.title = self.content["title"] = self.content["concept"] = f"{self.title}: {kind}"
        return kinds[kind]

    def _wide_time(self, wide: dict[str, Column], year: Column | None) -> dict[str, Any]:
        names = {one.name: time for time, one in wide.items()}
        self.tell(_("Time stands in {n} columns, {first} to {last}.", n=len(wide),
                    first=next(iter(names)), last=list(names)[-1]))  # fmt: skip
        self._preliminary({time: one.name for time, one in wide.items()})
        if any(len(time) != 2 for time in wide):
            if year is not None:
                year.kind = ""  # years of another kind: they part the rows
            return {"wide": names}
        if year is not None and len(wide) == 12:
            return {"year": year.name, "months": [wide[f"{n:02d}"].name for n in range(1, 13)]}
        if year is not None:
            return {"year": year.name, "wide": names}
        given = self._year(_("The columns are months, and no column says of which year."))
        return {"wide": {name: f"{given or '2000'}-{time}" for name, time in names.items()}}

    def _preliminary(self, names: Mapping[str, str]) -> None:
        """Take years marked as preliminary, such as ``2023 P``, as provisional."""
        marked = [time for time, name in names.items() if sheet.PRELIMINARY.fullmatch(name)]
        if marked and all(time in marked for time in names if time >= min(marked)):
            self.content["provisional_from"] = f"{min(marked)}-01"
            self.tell(_("Marked as preliminary, and taken as provisional: {names}.",
                        names=", ".join(names[time] for time in marked)))  # fmt: skip

    def _about_words(self) -> str:
        """Return what title, sheet and file name say."""
        return " ".join([self.title, self.grid.sheet, self.grid.path.stem])

    def _year(self, what: str) -> str | None:
        """Ask which year it is; a single one in title, sheet or file name is proposed."""
        years = sorted(set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", self._about_words())))
        return self.ask("year", what, _("Write the year, or the month as YYYY-MM."),
                        [(one, one) for one in years] if len(years) > 1 else (),
                        usual=years[0] if len(years) == 1 else None)  # fmt: skip

    def _day(self) -> Column | None:
        """Return the column of dates; where there are several, the one chosen."""
        fits = [one for one in self.free() if one.is_a("day")]
        if len(fits) > 1:
            facts = [one.name for one in fits if one.says(r"hechos|ocurr|evento|suceso")]
            named = self.ask(
                "day", _("{n} columns hold dates.", n=len(fits)), _("Choose the day that counts."),
                [(one.name, one.name) for one in fits], usual=facts[0] if len(facts) == 1 else None,
            )  # fmt: skip
            fits = [one for one in fits if one.name == named] or fits[:1]
        for one in fits:
            one.kind = "day"
        return fits[0] if fits else None

    def _dates(self, column: Column, formats: list[str]) -> dict[str, Any]:
        """Return the forms of dates as a description has them, and the words for no date."""

        def dated(text: str) -> bool:
            serial = SERIAL in formats and sheet.is_serial(text)
            return bool(serial) or not set(formats).isdisjoint(forms(text))

        given = {"date_format": formats} if set(formats) - set(ISO) else {}
        return given | self._undated(column, dated)

    def _formats(self, column: Column) -> list[str]:
        """Return the fewest forms that read a column of dates; ask what is day, what month."""
        known = {text: set(forms(text)) for text in column.distinct if forms(text)}
        orders = {"%d/%m/%Y", "%m/%d/%Y"}
        days = {text: has for text, has in known.items() if orders & has}
        first = [text for text, has in days.items() if "%m/%d/%Y" not in has]
        second = [text for text, has in days.items() if "%d/%m/%Y" not in has]
        order = "%m/%d/%Y" if second and not first else "%d/%m/%Y"
        if days and bool(first) == bool(second):
            example = (first or list(days))[0]
            one, two, *_rest = example.split("/")
            order = self.ask(
                "dates",
                _("Some dates begin with the day, others with the month: {one}, {two}.",
                  one=first[0], two=second[0])
                if first else _("Dates such as {example} can be read both ways.", example=example),
                _("Say which comes first."),
                [("%d/%m/%Y", _("the day: {text} is in month {month}", text=example, month=two)),
                 ("%m/%d/%Y", _("the month: {text} is in month {month}", text=example, month=one))],
                cells=column.of(list(days)[:SHOWN]),
            ) or order  # fmt: skip
        formats: list[str] = []
        left = {text: found for text, has in known.items() if (found := has - (orders - {order}))}
        while left:
            most = Counter(one for has in left.values() for one in has)
            best = max(most, key=lambda one: (most[one], one == order))
            formats.append(best)
            example = next(text for text, has in left.items() if best in has)
            self.tell(
                _("Dates as {example}: {date}.", example=example, date=in_form(example, best))
            )
            left = {text: has for text, has in left.items() if best not in has}
        return formats

    def _undated(self, column: Column, fits: Callable[[str], object]) -> dict[str, Any]:
        """Return the words for an unknown date; ask of those that may be anything."""
        known = self._odd_times(column, fits)
        if blank := self.blank(column):
            rows = ", ".join(self.grid.row(at) for at in blank[:SHOWN])
            self.tell(_("{n} rows have no date: reported, not in the panel (row {rows}).",
                        n=len(blank), rows=rows))  # fmt: skip
            known.append("")
        key = {"year": "unknown_years", "day": "unknown_dates"}.get(column.kind, "unknown_months")
        return {key: known} if known else {}

    def _odd_times(self, column: Column, fits: Callable[[str], object]) -> list[str]:
        return self.strange(
            "when", {one: column.of([one]) for one in column.distinct if not fits(one)},
            _("'{text}' is no date."),
            _("Correct the cell, or leave such rows out of the calendar."),
            ("unknown", _("the date is not known: reported, not in the panel")),
            (_("{n} more texts are no date."), _("Correct the column '{name}'.", name=column.name)),
        )  # fmt: skip

    # -- where ---------------------------------------------------------------------------------

    def _places(self) -> None:
        town, state = self._place_columns()
        named = [one for one in (state, town) if one is not None]
        if not named:
            self.content["place"] = {"fixed": self._fixed()}
            return
        place = {"level": "municipality" if town else "state", "column": named[0].name}
        if state is not None and town is not None:
            place = {"state": state.name, "municipality": town.name}
        for one in named:
            self._blanks(one, _("the place is not known"))
        recode = self._named(town, state)
        if "" in recode:
            place["when_missing"] = recode.pop("")
        self.content["place"] = place | ({"recode": recode} if recode else {})

    def _place_columns(self) -> tuple[Column | None, Column | None]:
        """Return the columns of municipality and state; the state only where it is needed."""
        free = self.free()

        def first(kind: str, among: Iterable[Column] = free) -> list[Column]:
            return [one for one in among if one.is_a(kind)]

        wordy = [one for one in free if not one.numeric and len(one.distinct) >= 3]
        stated = first("state") or first("state by name alone", wordy)
        stated += [one for one in free if self._state_codes(one, stated)]
        towns = [one for one in free if one.says(TOWN) and one not in stated]
        named = [one for one in towns if one.share(sheet.is_digits) < 0.2] or (
            [] if towns else [one for one in first("municipality", wordy)
                              if one.share(sheet.is_state) < 0.8])  # fmt: skip
        stated.sort(key=lambda one: (-len(one.cells), not one.says(sheet.CODE)))
        state, town = next(iter(stated), None), next(iter(named), None)
        short = first("municipality of a state", [one for one in free if one not in stated])
        zeros = [[text for text in one.distinct if not text.strip(" 0")] for one in short]
        if short and len(zeros[0]) == len(short[0].distinct):  # 000 alone: sums of states
            town, named, short = None, [], []
        whole = first("municipality by code")
        if any(one.says(sheet.STATE) for one in stated):  # figures of four digits look alike
            whole = [one for one in whole if not one.says(r"^column \d+$")]
        if whole:
            town = whole[0]
            state = state if state is not None and self._completes(state, town) else None
        elif short and state is not None:
            town = short[0]
            for text in zeros[0]:
                self._no_code(town, text, town.of([text]))
        for one in towns + stated:
            one.kind = "beside"  # the same place again, by name or code
        for one in filter(None, (town, state)):
            one.kind = "place"
        return town, state

    def _state_codes(self, column: Column, stated: list[Column]) -> bool:
        """Tell whether a "cvegeo" holds codes of states: in each row that of the state beside."""
        if not column.says(sheet.GEO) or column.share(sheet.state_code) < 0.8:
            return False
        if not stated:  # no names of municipalities beside it either
            return not any(one.says(TOWN) for one in self.free() if one is not column)
        pairs = {(sheet.state_of(text_of(row[stated[0].at])),
                  sheet.state_code(text_of(row[column.at]))) for _at, row in self.data}  # fmt: skip
        return all(not code or not state or code == state for state, code in pairs)

    def _completes(self, state: Column, town: Column) -> bool:
        """Tell whether the state says where rows without a municipal code are, and no other."""
        if not self.blank(town):
            return False
        known = {text: sheet.state_of(text) for text in state.distinct}
        both = (
            (known.get(text_of(row[state.at])), text_of(row[town.at])) for _at, row in self.data
        )
        return all(not code or code.zfill(5)[:2] == place for place, code in both)

    def _fixed(self) -> str:
        """Ask for the one place of a table that names none; a state in its title is proposed."""
        said = self._told_states()
        codes = [*said, "00"] if said else [one.code for one in geography.all_states()]
        return self.ask("place", _("No column says where."), _("Say of which place the table is."),
                        [(one, label(one)) for one in codes],
                        usual=said[0] if len(said) == 1 else None) or "00"  # fmt: skip

    def _told_states(self) -> list[str]:
        """Return the states that title, sheet or file name mention."""
        said = f" {plain(self._about_words())} "
        return [one.code for one in geography.all_states()
                if f" {plain(one.name_es)} " in said and one.code != "00"]  # fmt: skip

    def _within(self, town: Column | None, state: Column | None) -> str:
        """Return the state of all municipalities where no column says it, by the title or asked."""
        if town is None or state is not None or town.share(sheet.is_digits) > 0.5:
            return ""
        said = self._told_states()
        matches = map(town_named, town.distinct)
        found = [{code[:2] for code in (one.candidates or (one.code or "",)) if code}
                 for one in matches]  # fmt: skip
        votes = Counter(code for codes in found for code in codes)
        likely = said or [code for code, n in votes.most_common(1) if n >= 0.8 * len(found)]
        if not likely or (not said and all(len(codes) == 1 for codes in found)):
            return ""
        given = self.ask(
            "state", _("Municipalities stand without their state; names repeat."),
            _("Say whether all are of one state."),
            [*((one, _("all of {state}", state=label(one))) for one in likely),
             ("no", _("of several states"))],
            usual=said[0] if len(said) == 1 else None,
        )  # fmt: skip
        return "" if given in (None, "no") else given

    def _blanks(self, column: Column, unknown: str) -> None:
        """Say what blank cells mean: merged ones hold what stands above, others are asked."""
        blank = self.blank(column)
        if not blank:
            return
        merged = {row for (top, left), (bottom, _right) in self.grid.merged if left == column.at
                  for row in range(top, bottom + 1)}  # fmt: skip
        if merged.issuperset(blank):
            self.tell(
                _("Merged cells of '{name}' hold what stands at their top.", name=column.name)
            )
            self.fill.append(column.name)
            return
        above = blank[0] > (column.cells[0][0] if column.cells else 0)
        given = self.ask(
            f"blank:{column.name}",
            _("{n} cells of '{name}' are empty.", n=len(blank), name=column.name),
            _("Say what an empty cell means."),
            [("unknown", unknown), *([("above", _("the same as above"))] if above else []),
             ("out", _("leave these rows out"))],
            cells=[(at, column.at) for at in blank],
        )  # fmt: skip
        if given == "above":
            self.fill.append(column.name)
        elif given == "out":
            self._without(column, "", set(blank))

    def _named(self, town: Column | None, state: Column | None) -> dict[str, str]:
        """Return the code of every spelling that the import cannot read by itself."""
        if state is not None:
            self._abroad(state)
        within = self._within(town, state)
        pairs: dict[tuple[str, str], list[int]] = {}
        for row, cells in self._filled_down([one for one in (state, town) if one]):
            key = (cells[0] if state else "", cells[-1] if town else "")
            pairs.setdefault(key, []).append(row)
        written_states = dict.fromkeys(text for text, _name in pairs) if state else ()
        states = {text: self._state(state, text) for text in written_states}  # type: ignore[arg-type]
        recode: dict[str, str] = {}
        for (said, name), rows in pairs.items():
            code = states.get(said)
            if town:
                code = self._place_of(name, code or within, rows, town)
            written = f"{said}, {name}" if state and town else name or said
            if code and not _reads_alone(said, name, town is not None, code):
                recode[written] = code
        return recode

    def _abroad(self, column: Column) -> None:
        """Ask what rows abroad are: left out where they are not the only ones of place 33."""
        abroad = [text for text in column.distinct if ABROAD.fullmatch(plain(text))]
        alone = sum(sheet.state_of(text) == "33" for text in {*column.distinct, *abroad}) < 2
        for text in abroad:
            cells = column.of([text])
            given = self.ask(
                f"place:{text}", _("'{text}' is outside Mexico.", text=text),
                _("Say whether these rows stand with the places not known, or are left out."),
                [("out", _("abroad: leave these rows out")), ("33", _("the place is not known"))],
                cells=cells, usual="33" if alone else "out",
            )  # fmt: skip
            if given == "out":
                self._without(column, text, {row for row, _at in cells})

    def _filled_down(self, columns: list[Column]) -> Iterable[tuple[int, list[str]]]:
        """Yield the texts of some columns by row, blanks as the description has them."""
        last = [""] * len(columns)
        for at, row in self.data:
            last = [
                text_of(row[one.at]) or (above if one.name in self.fill else "")
                for one, above in zip(columns, last, strict=True)
            ]
            yield at, list(last)

    def _state(self, column: Column, text: str) -> str | None:
        if sheet.is_digits(text) or not text:
            return sheet.state_code(text) if text else "33"
        rows = column.of([text])
        return self._answered("state", text, geography.state_named(text), rows)

    def _place_of(self, name: str, within: str, rows: list[int], column: Column) -> str | None:
        """Return the municipality of a name or code; None while it is a question."""
        cells = [(row, column.at) for row in rows]
        digits = re.sub(r"[ \u00a0]|\.0$", "", name)
        if not name:
            return f"{within}999" if within and within not in ("00", "33") else "33"
        if digits.isdecimal():
            code = f"{within}{digits.zfill(3)}" if within and len(digits) <= 3 else digits.zfill(5)
            if geography.kind_of(code) == "unknown":
                self.refuse(_("{code} is in no catalogue.", code=code), _("Correct the code."),
                            cells, stops=False)  # fmt: skip
            return code
        if column.says(sheet.CODE) or column.share(sheet.is_cvegeo) >= 0.6:
            state = geography.state_named(name)
            return state.code if state.way == "exact" else self._no_code(column, name, cells)
        name, _comma, after = (
            part.strip(" )") for part in re.sub(r"\(", ",", name, count=1).partition(",")
        )
        within = within or (after and geography.state_named(after).code) or ""
        match = town_named(name, within if within in geography.states() else "")
        said = f"{name}, {label(within)}" if within else name
        return self._answered("place", said, match, cells, within)

    def _no_code(self, column: Column, text: str, cells: Cells) -> str | None:
        """Ask what a text among codes is, broken formulas once; rows of sums are left out."""
        formula = re.match(r"=\w+", text)  # INEGI's own =CONCATENAR(0,01)
        said = formula.group() if formula else text
        known = next((one for one in self.found.findings if one.key == f"place:{said}"), None)
        given = known.answer if known else self.ask(
            f"place:{said}", _("'{text}' is no code of a municipality.", text=said),
            _("Correct the cells, or say what they are."),
            [("out", _("sums or other rows: leave them out")), ("33", _("the place is not known"))],
            cells=column.of(one for one in column.distinct if one.startswith(said))
            if formula else cells,
        )  # fmt: skip
        if given == "out":
            self._without(column, text, {row for row, _at in cells})
            return None
        return given

    def _without(self, column: Column, text: str, rows: Collection[int]) -> None:
        """Leave out the rows in which a column holds a text."""
        self.without.setdefault(column.name, []).append(text)
        self.data = [one for one in self.data if one[0] not in rows]
        for each in self.columns:
            each.keep([one for one in each.cells if one[0] not in rows])

    def _answered(
        self, kind: str, text: str, match: Match, cells: Cells, within: str = ""
    ) -> str | None:
        """Return the place of a name: told where one fits, asked where not.

        A name like none of its state's, as of a municipality founded since the catalogue, is
        proposed as "not specified" of that state, so that sums of the state still hold it.
        """
        if match.code and match.way != "close":
            if match.way != "exact":
                self.found.matched.append((text, match.code, match.way))
            return match.code
        if sum(one.key.startswith(f"{kind}:") for one in self.found.findings) >= MOST:
            what = _("More than {n} names are of no place, or of several.", n=MOST)
            if what not in [one.what for one in self.found.findings]:
                self.refuse(what, _("Give the state or the code of each row in a column of its "
                                    "own; look whether this is the column of places."),
                            cells)  # fmt: skip
            return None
        states = {within} if within in geography.states() else {
            code[:2] for code in match.candidates
        }  # fmt: skip
        apart = f"{states.pop()}999" if kind == "place" and len(states) == 1 else "33"
        key = f"{kind}:{text}"
        given = self.ask(
            key,
            _("'{text}' is spelt like one place.", text=text) if match.code
            else _("'{text}' may be several places.", text=text) if match.way != "none"
            else _("No place is called '{text}'.", text=text),
            _("Choose the place."),
            [*((one, label(one)) for one in match.candidates),
             (apart, _("place not known ({code})", code=apart))],
            cells=cells,
            usual=match.code or (apart if within and not match.candidates else None),
        )  # fmt: skip
        if given:
            way = "chosen" if self.answers.get(key, "").strip() == given else "apart"
            self.found.matched.append((text, given, "close" if given == match.code else way))
        return given

    # -- what ----------------------------------------------------------------------------------

    def _figures(self) -> None:
        """Choose the columns of figures, and say how they are written."""
        wide = self.free("wide")
        rates = [one for one in self.free() if one.says(RATE)]
        taken = wide or [one for one in self.free() if one.is_a("figure")]
        taken = [one for one in taken if not one.counts_rows] or taken
        counts = [one for one in taken if not one.says(PEOPLE)]
        taken = counts or taken or rates
        rates = [one for one in rates if one not in taken]
        for one in taken:
            one.kind = one.kind or "value"
        self.categories = [one for one in self.free() if one not in rates and one.few]
        self._written(taken)
        name = self.content["source"]
        if taken and not wide:
            self.content["values"] = [self._value(one, len(taken)) for one in taken]
            return
        self.content["values"] = [{"measure": name}]
        if not wide:
            self.content["count_rows"] = True
            self.tell(_("No column of figures: every row counts as one."))

    def _value(self, column: Column, of: int) -> dict[str, Any]:
        name, source = slug(column.name), self.content["source"]
        generic = re.fullmatch(GENERIC, plain(column.name)) is not None
        measure = source if of == 1 and generic else f"{source}_{name}" if generic else name
        others = "SELECT DISTINCT measure FROM measures WHERE source <> ?"
        taken = panel.ask(others, [source])  # what this table was brought as is its own
        if measure in [one["measure"] for one in taken] or not measure[0].isalpha():
            measure = f"{source}_{name}"
        concept = self.title if of == 1 else f"{column.name}: {self.title}"
        return {"column": column.name, "measure": measure, "concept": concept}

    def _written(self, columns: list[Column]) -> None:
        """Say how figures are written, and ask what words among them mean."""
        written: dict[str, Cells] = {}
        words: dict[str, list[tuple[int, int]]] = {}
        noted: list[tuple[int, int]] = []
        for one in columns:
            for row, cell in one.cells:
                form = sheet.figure(text := text_of(cell))
                if unmarked(text) != text and form is not None:
                    noted.append((row, one.at))
                if form is None:
                    words.setdefault(text, []).append((row, one.at))
                elif isinstance(cell, str):
                    written.setdefault(form, [(row, one.at)])
                elif form:
                    self.content.setdefault("decimal", ".")
        self._marks(written)
        if noted:
            self.tell(_("Marks of notes behind figures are left out: {where}.",
                        where=self.grid.where(noted)))  # fmt: skip
        known = [one for one in words if sheet.is_unknown(one)]
        if known:
            self.tell(_("Not known: {words}.", words=", ".join(f"'{one}'" for one in known)))
        self.unknown.update(self.strange(
            "value", words, _("'{written}' is no number."),
            _("Correct the cell, or take it as not known."), ("unknown", _("not known")),
            (_("{n} more texts are no number."), _("Correct these cells.")),
        ))  # fmt: skip

    def _persons(self) -> None:
        """Refuse more persons than the country has, and remark parts of one."""
        if self.content["unit"] != "persons" or any(one.key == "unit" for one in self.found.open):
            return
        numbers = [
            ((row, one.at), number)
            for one in self.free("value") + self.free("wide")
            for row, cell in one.cells
            if (number := self._number(cell)) is not None
        ]
        fix = _("Correct the cell; if it is no count of persons, answer unit=index.")
        if many := [cell for cell, number in numbers if number > COUNTRY]:
            self.refuse(_("More persons than live in Mexico."), fix, many)
        if parts := [cell for cell, number in numbers if number % 1]:
            self.refuse(_("Persons are counted whole, and these are not."), fix, parts, stops=False)

    def _marks(self, written: Mapping[str, Cells]) -> None:
        """Set the signs between thousands and before decimals; ask where both could be meant."""
        text = {form: text_of(self.grid.rows[row][at]) for form, ((row, at), *_) in written.items()}
        grouped = [form for form in text if form in (",.", ".,", " ")]
        thousands = grouped[-1][0] if grouped else ""
        decimal = next((form[1:] or "," * ("," in text[form]) for form in grouped[::-1]), "")
        decimal = "," if "," in text else decimal or "." * ("." in text)
        for sign in (",", "."):
            if f"?{sign}" not in text or decimal == sign:
                continue
            meant: str | None = "thousands"
            if not (thousands == sign or decimal or self.content["unit"] in panel.COUNTED):
                meant = self._meant(sign, text[f"?{sign}"], written[f"?{sign}"])
            thousands = sign if meant == "thousands" else thousands
            decimal = sign if meant == "decimal" else decimal
        signs = (("thousands", thousands), ("decimal", decimal))
        self.content |= {key: sign for key, sign in signs if sign}
        if thousands or decimal == ",":
            self.tell(_("Figures: '{thousands}' between thousands, '{decimal}' before decimals.",
                        thousands=thousands or "–", decimal=decimal or "."))  # fmt: skip

    def _meant(self, sign: str, text: str, cells: Cells) -> str | None:
        """Ask what a sign before three digits is."""
        return self.ask(
            f"mark:{sign}", _("'{text}' can be read in two ways.", text=text),
            _("Say what the sign stands for."),
            [("thousands", _("{number}: the sign parts thousands", number=text.replace(sign, ""))),
             ("decimal", _("{number}: the sign begins decimals", number=text.replace(sign, ".")))],
            cells=cells,
        )  # fmt: skip

    def _repeats(self) -> None:
        """Ask what several rows of a place and time are: parts to add, or measures apart."""
        if self.content.get("count_rows"):
            given = self.ask(
                "absent", _("A month without a row."),
                _("Say what it means for a place of the table."),
                [("null", _("not known")), ("zero", _("nothing happened: zero"))], usual="null",
            )  # fmt: skip
            self.content["missing_means"] = given or "null"
            return
        for one in self._telling():
            self._blanks(one, _("a kind of its own"))
        split: list[str] = []
        add: list[str] = []
        where: dict[str, list[str]] = {}
        for one in self._telling():
            given = self._parts(one)
            if given in ("split", "add"):
                (split if given == "split" else add).append(one.name)
            elif given:
                where[one.name] = [given.removeprefix("only=")]
        add += [one.name for one in self.free("day")]
        found = {"split_by": split, "sum_over": add, "where": where}
        self.content |= {key: one for key, one in found.items() if one}
        if not add and not any(one.key.startswith("rows:") for one in self.found.open):
            self._twice(split, where)

    def _parts(self, column: Column) -> str | None:
        """Ask what the parts are that a column of words tells apart."""
        counts = list(column.distinct)
        whole = [text for text in counts if WHOLE.fullmatch(plain(text))]
        choices = [] if whole else [("add", _("add them up"))]
        if len(counts) <= 12:
            choices.append(("split", _("keep each apart: {names}", names=", ".join(counts[:6]))))
        choices += [(f"only={text}", _("only '{text}'", text=text)) for text in counts[:40]]
        return self.ask(
            f"rows:{column.name}",
            _("'{name}' parts the rows of a place and time.", name=column.name),
            _("Say whether the parts are added."), choices, cells=[(self.head, column.at)],
            usual=f"only={whole[0]}" if len(whole) == 1 else None,
        )  # fmt: skip

    def _keys(self) -> list[list[tuple[int, dict[str, str]]]]:
        """Return the rows of each place and time, with their categories, as written."""
        named = [one for one in self.columns if one.kind in ("place", "year", "month")]
        day = next(iter(self.free("day")), None)
        found: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
        names = [one.name for one in self.categories]
        columns = zip(self._filled_down(named), self._filled_down(self.categories), strict=True)
        for (_at, row), ((at, key), (_same, texts)) in zip(self.data, columns, strict=True):
            when = [] if day is None else [sheet.moment_of(row[day.at]) or text_of(row[day.at])]
            kinds = dict(zip(names, texts, strict=True))
            found.setdefault((*key, *when), []).append((at, kinds))
        return list(found.values())

    def _telling(self) -> list[Column]:
        """Return the columns of categories that differ within a place and time."""
        keys = self._keys()

        def differs(name: str) -> bool:
            return any(len({kinds[name] for _at, kinds in rows}) > 1 for rows in keys)

        return [one for one in self.categories if differs(one.name)]

    def _twice(self, split: list[str], where: Mapping[str, list[str]]) -> None:
        """Refuse rows that give one place and time twice with nothing to tell them apart."""
        twice: list[int] = []
        groups: list[list[int]] = []
        for rows in self._keys():
            kept = [(at, kinds) for at, kinds in rows
                    if all(kinds[name] in values for name, values in where.items())]  # fmt: skip
            apart = Counter(tuple(kinds[name] for name in split) for _at, kinds in kept)
            if max(apart.values(), default=0) > 1:
                groups.append([at for at, _kinds in kept])
                twice += groups[-1]
        if not twice:
            return
        differ = [one.name for one in self.free() + self.free("beside") if any(
            len({text_of(self.grid.rows[at][one.at]) for at in rows}) > 1 for rows in groups
        )]  # fmt: skip
        given = self.ask(
            "twice",
            _("{n} rows give a place and time more than once, and differ in: {names}.",
              n=len(twice), names=", ".join(differ)) if differ
            else _("{n} rows give a place and time more than once.", n=len(twice)),
            _("Correct the file, or say how they belong together."),
            [("add", _("parts of one figure: add them up")),
             ("once", _("the same row repeated: count it once"))],
            cells=[(at, 0) for at in twice],
        )  # fmt: skip
        if given == "add":
            self.content["sum_over"] = [self.columns[0].name]
        elif given == "once":
            self.content["identical_rows"] = "once"

    def _layout(self) -> None:
        """Add how the file is laid out."""
        found = {
            "sheet": [name for name, *_at in self.grid.sheets] or self.grid.sheet,
            "delimiter": self.grid.delimiter,
            "header_row": self.head and self.head + 1, "header_rows": self.upper and 2,
            "fill_down": self.fill, "footer_rows": self.notes, "where_not": self.without,
            "unknown_values": sorted(self.unknown),
        }  # fmt: skip
        self.content |= {key: one for key, one in found.items() if one}
        used = {*self.content.get("split_by", ()), *self.content.get("where", ())}
        rest = [one.name for one in [*self.free(), *self.free("beside")] if one.cells]
        if rest := [one for one in dict.fromkeys(rest) if one not in used]:
            self.tell(_("Not imported: {names}.", names=", ".join(rest)))
        if not self.data:
            self.refuse(_("No row of figures is below the header."), _("Give the table itself."))

    def _country(self) -> None:
        """Tell "México", the country, from the state: beside it, or the sum of all others."""
        place = self.content["place"].get("column")
        column = next((one for one in self.free("place") if one.name == place), None)
        figures = self.free("value") + self.free("wide")
        if column is None or not figures or self.content["place"]["level"] != "state":
            return
        told = {row: plain(text_of(cell)) for row, cell in column.cells}
        named = {row for row, text in told.items() if text == "mexico"}
        state = {row for row, text in told.items()
                 if row not in named and sheet.state_of(text) == "15"}  # fmt: skip
        times = self.free("year") + self.free("month") + self.free("day") + self.categories
        groups: dict[tuple[str, ...], set[int]] = {}
        for at, row in self.data:
            groups.setdefault(tuple(text_of(row[one.at]) for one in times), set()).add(at)
        country = {
            row for rows in groups.values() for row in named & rows
            if rows & state or (len(rows) > 2 and self._sums(row, rows - {row}, figures))
        }  # fmt: skip
        if not country:
            return
        sure = bool(state) or named > country
        given = self.ask(
            "country", _("'México' may be the country or the state."),
            _("A total of all states is compared and not imported."),
            [("total", _("the country: the sum of the others")), ("15", label("15"))],
            cells=[(row, column.at) for row in sorted(country)], usual="total" if sure else None,
        )  # fmt: skip
        if given == "total":
            self.country = country
            self._leave_country(column, country, named)

    def _sums(self, row: int, others: Collection[int], figures: list[Column]) -> bool:
        """Tell whether the figures of a row are the sums of those of other rows."""
        rows = self.grid.rows
        own = [self._number(rows[row][one.at]) for one in figures]
        sums = [sum(self._number(rows[at][one.at]) or 0 for at in others) for one in figures]
        return any(own) and own == sums

    def _leave_country(self, column: Column, country: set[int], named: set[int]) -> None:
        """Leave out the rows of the country: by their name, or a figure where names are equal."""
        rows = self.grid.rows
        if named == country:
            out = [(column, text_of(rows[row][column.at])) for row in country]
        else:  # the state has the same name
            figures = self.free("value") + self.free("wide")
            alone = {row: next((one for one in figures
                                if len(one.distinct[text_of(rows[row][one.at])]) == 1), None)
                     for row in country}  # fmt: skip
            out = [(one, text_of(rows[row][one.at])) for row, one in alone.items() if one]
            if len(out) < len(country):
                self.refuse(_("The country and the state have one name."),
                            _("Write 'Total' for the country in the file."),
                            [(row, column.at) for row in sorted(country)])  # fmt: skip
                return
        self.totals = sorted({*self.totals, *country})
        for one, text in out:
            if text not in self.without.get(one.name, ()):
                self._without(one, text, country)
        said = ", ".join(map(self.grid.row, sorted(country)[:12]))
        self.tell(_("Left out, {kind}: row {rows}.", kind=_("totals"), rows=said))

    def _compare(self) -> None:
        """Compare each row of totals with the sums of the rows that it may be the total of."""
        wrong = []
        if any(one.key.startswith("blank:") for one in self.found.open):
            return  # what its rows are is not known yet
        places = [one.at for one in self.columns if one.kind == "place"]
        rows = [at for at, cells in self.data  # but for those of the nation, sums themselves
                if not places or any(text_of(cells[one]).strip(" 0") for one in places)
                ]  # fmt: skip
        groups: dict[tuple[int, ...], Rows] = {(): {(): rows}}
        parts = [(row, self._summed(row, groups)) for row in self.totals]
        for one in self.free("value") + self.free("wide"):
            numbers = {row: self._number(cells[one.at]) for row, cells in self.data}
            if any(number % 1 for number in numbers.values() if number is not None):
                continue
            for row, ways in parts:
                printed = self._number(self.grid.rows[row][one.at])
                sums = [[numbers[part] for part in way] for way in ways]
                if printed is not None and sums and not any(_sums_to(printed, n) for n in sums):
                    each = (sum(number or 0 for number in way) for way in sums)
                    _gap, total = min((abs(printed - found), found) for found in each)
                    wrong.append(((row, one.at), one.name, printed, total))
        if wrong:
            _cell, name, printed, total = wrong[0]
            self.refuse(
                _("The totals say {printed:,.0f} for '{name}', the rows sum to {total:,.0f}.",
                  printed=printed, name=name, total=total),
                _("See whether a row is missing or stands twice; the total is not imported."),
                [cell for cell, *_told in wrong], stops=False,
            )  # fmt: skip

    def _summed(self, total: int, groups: dict[tuple[int, ...], Rows]) -> list[list[int]]:
        """Return the rows that a total may sum: of what it says, else above or below it.

        ``groups`` holds rows by what they say in some columns, all of them under none.
        """
        row, where = self.grid.rows[total], self.content.get("where", {})
        wanted: list[tuple[int, Collection[str]]] = []
        for one in self.columns:
            text = text_of(row[one.at])
            if one.kind == "place":
                known = text in one.distinct and total not in self.country and text.strip(" 0")
                wanted += [(one.at, {text})] if known else []
            elif one.kind in ("year", "month", "day") or one in self.categories:
                meant = {text} if text and not _is_total(text) else where.get(one.name)
                wanted += [(one.at, meant)] if meant else []
        columns = tuple(at for at, _texts in wanted)
        if columns not in groups:
            groups[columns] = {}
            for at in groups[()][()]:
                key = tuple(text_of(self.grid.rows[at][one]) for one in columns)
                groups[columns].setdefault(key, []).append(at)
        keys = itertools.product(*(texts for _at, texts in wanted))
        own = [at for key in keys for at in groups[columns].get(key, ())]
        rows = groups[()][()]
        at, here = bisect.bisect(self.totals, total), bisect.bisect(rows, total)
        before = bisect.bisect(rows, self.totals[at - 2]) if at > 1 else 0
        after = bisect.bisect(rows, self.totals[at]) if at < len(self.totals) else len(rows)
        return [own, *filter(None, (rows[before:here], rows[here:after]))] if own else []

    def _number(self, cell: Any) -> float | None:
        """Return the number of a cell as the description has it read; None where it is none."""
        text = text_of(cell).replace("−", "-")
        if isinstance(cell, str):
            text = text.replace(self.content.get("thousands") or "\0", "")
            text = text.replace(self.content.get("decimal", "."), ".")
        try:
            return number(text)
        except ValueError:
            return None


def _sums_to(printed: float, parts: Collection[float | None]) -> bool:
    """Whether figures sum to a total, or may with those among them that are not known."""
    total = sum(one for one in parts if one is not None)
    return abs(printed - total) <= 0.5 or (None in parts and total < printed)


def _is_total(text: str) -> bool:
    """Whether a text calls its row a total: also "Sinaloa Total", as spreadsheets write it."""
    told = plain(text)
    return bool(TOTAL.fullmatch(told)) or (
        told.endswith(" total") and geography.state_named(told[:-6]).way == "exact"
    )


def _reads_alone(said: str, name: str, town: bool, code: str) -> bool:
    """Whether the import reads a place by itself: a code, or a name as the catalogue writes it."""
    try:
        if said and town:
            return bool(name) and joined_code(said, name) == code
        written = name or said
        return bool(written) and place_code(written, "municipality" if town else "state") == code
    except ValueError:
        return False
