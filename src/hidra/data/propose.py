"""Your spreadsheet: what its cells seem to mean, as a description that `importing` takes.

A table is looked at once as a grid of cells. What can be told for certain (a header below a title,
totals, notes, how dates and figures are written, places by code or by name) becomes keys of a
`spec`; what cannot becomes a finding: a question with its candidates where there is something to
choose, a problem with its cell and cure where there is not. All are found at once, nothing is
chosen in silence, and the import itself reads the file anew by the description alone.
"""

from __future__ import annotations

import csv
import datetime
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from hidra.core import files, yaml
from hidra.core.errors import HidraError, SourceError
from hidra.core.i18n import _
from hidra.data import geography, naming, panel, readers, tables
from hidra.data.importing import (
    ISO,
    MONTH_NUMBER,
    SERIAL,
    forms,
    in_form,
    joined_code,
    place_code,
    preview,
    slug,
)  # fmt: skip
from hidra.data.naming import Match, plain
from hidra.data.spec import Spec, make_spec
from hidra.data.tables import joined

LOOKED = 40  # rows among which the header is sought
MANY = 400  # spellings of a column that are looked at to say what it is
TEXTS = 200  # letters of the longest header
MOST = 30  # names that are asked for one by one
SHOWN = 6  # cells named of one kind of trouble
TOTAL = re.compile(r"(gran |sub ?)?total(es)?( general(es)?| nacional| estatal)?|suma total|"
                   r"nacional|estados unidos mexicanos|republica mexicana|total .*")  # fmt: skip
WHOLE = re.compile(r"ambos( sexos)?|total(es)?|todos|todas")
NOTE = re.compile(r"(fuente|nota|elabora|cifras|informacion|\d/|los datos|corte|actualiza)")
PLACE = {
    "municipality": r"municipi|alcaldia|delegacion|demarcacion|cvegeo|cve geo|county|city",
    "state": r"entidad|estado\b(?! civil)|\bstate|\bent\b|\bedo\b|^inegi$",
}
CODE = r"\bcve|clave|\bcode|codigo|cvegeo|^id |^inegi$"
DAY = r"\bfecha|\bdate|\bdia\b|\bday\b"
YEAR = r"^(ano|anio|year|ejercicio|a[a-z ]{0,2}o)( |$)"
MONTH = r"^(mes|month|periodo|period)( |$)"
#: Numbers that are no figure of a place and month.
NO_FIGURE = (r"\bedad|\bage\b|folio|^no\b|^num|^n$|^#|\bid\b|latitud|longitud|^lat|^lon|"
             r"\bcp\b|codigo|clave|\bcve|telefono|\bhora|^x$|^y$|consecutivo|"
             r"^unnamed|^column \d+$")  # fmt: skip
RATE = r"tasa|porcent|%|por cada|por 100|\brate|variacion|promedio|indice|grado|lugar"
UNKNOWN = {"s/f", "s/d", "s.d.", "n/d", "n.d.", "nd", "n/a", "na", "ne", "n.e.", "n/e", "-", "--",
           "–", "—", "...", "..", "*", "**", "nan", "null", "sin dato", "sin datos", "?",
           "no disponible",
           "no especificado", "se ignora", "sd", "sin fecha", "sin informacion", "desconocido",
           "#n/a", "no aplica"}  # fmt: skip
UNITS = (
    (
        "persons",
        r"victima|person|muert|desaparecid|asesinad|feminicid|poblacion|detenid|herid|killed",
    ),
    ("case files", r"carpeta|averiguac|denuncia|expediente"),
    ("events", r"evento|ataque|agresion|enfrentamiento|incidente|bloqueo|caso|ocurrencia"),
)
GENERIC = (
    r"(total|casos?|numero|cantidad|frecuencia|valor|n|conteo|registros?|cifras?|count|value|tot)"
)


#: How a name was found, in words.
WAYS = {
    "abbreviation": _("abbreviation"), "short": _("short or longer form"),
    "close": _("spelt much alike"), "chosen": _("as answered"),
    "nowhere": _("says that it is not known"),
}  # fmt: skip


Cells = Sequence[tuple[int, int]]  # row and column of each, from 0


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
    where, what, fix : str
        File, sheet and cells; what is there; what to do.
    key : str
        Name of the question; empty for a problem, which only another file cures.
    choices : tuple of Choice
        What may be answered; any text where there are none.
    answer : str or None
        As given, else as proposed; None where it must be given.
    stops : bool
        Whether a problem keeps the table out.
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


@dataclass(frozen=True)
class Grid:
    """One sheet as its cells, every row as long as the longest."""

    path: Path
    rows: list[list[Any]]
    sheet: str = ""
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    delimiter: str = ""

    def where(self, cells: Sequence[tuple[int, int]] = ()) -> str:
        """Name file, sheet and cells (row and column, from 0) as a spreadsheet does."""
        named = ", ".join(f"{letters(column)}{row + 1}" for row, column in cells[:SHOWN])
        more = _(" and {n} more", n=len(cells) - SHOWN) if len(cells) > SHOWN else ""
        sheet = _(", sheet {sheet}", sheet=self.sheet) if self.sheet else ""
        return _("{file}{sheet}{cells}{more}", file=self.path.name, sheet=sheet,
                 cells=f", {named}" if named else "", more=more)  # fmt: skip


def letters(column: int) -> str:
    """Return the letters of a column: 0 is A, 26 is AA."""
    return (letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def text_of(cell: Any) -> str:
    """Return a cell as the import reads it; empty where there is nothing."""
    return readers.cell_text(cell) or ""


@dataclass
class Column:
    """A column of the table: its name, and the rows of the body that hold something."""

    at: int
    name: str
    cells: list[tuple[int, Any]]
    kind: str = ""

    @cached_property
    def texts(self) -> list[str]:
        """Every cell as text."""
        return [text_of(cell) for _row, cell in self.cells]

    @cached_property
    def distinct(self) -> dict[str, list[int]]:
        """Rows by spelling, in the order of the table."""
        found: dict[str, list[int]] = {}
        for (row, _cell), text in zip(self.cells, self.texts, strict=True):
            found.setdefault(text, []).append(row)
        return found

    def share(self, fits: Any) -> float:
        """Return the share of its cells that fit."""
        known = [one for one in self.distinct if one.lower() not in UNKNOWN][:MANY]
        return sum(1 for one in known if fits(one)) / len(known) if known else 0.0

    @cached_property
    def numeric(self) -> bool:
        """Whether most of it are figures."""
        return self.share(lambda text: figure(text)[1]) >= 0.5

    def says(self, pattern: str) -> bool:
        """Tell whether its name holds some words."""
        return re.search(pattern, plain(self.name)) is not None


@dataclass
class Proposal:
    """What a table seems to be.

    Attributes
    ----------
    content : dict
        The description, as a YAML file would hold it.
    findings : list of Finding
        Every problem and question, in the order of the form.
    told : list of str
        What was understood and needs no answer: header, rows left out, forms of dates and figures.
    matched : list of tuple
        Places by name: as written, code, how it was found.
    table : dict
        What the import would bring: ``series``, ``notes``, ``rows`` (the first ones), ``places``.
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

    @property
    def spec(self) -> Spec:
        """The description, checked."""
        return make_spec(self.content, f"{self.path.name}.yaml")

    def told_json(self) -> dict[str, Any]:
        """Return all of it as JSON keeps it."""
        return {
            "spec": self.content, "told": self.told, "table": self.table,
            "findings": [{**asdict(one), "open": one.open} for one in self.findings],
            "matched": [
                dict(zip(("written", "place", "how"), one, strict=True)) for one in self.matched
            ],
        }  # fmt: skip

    def text(self) -> str:
        """Return the description as YAML, with what was decided above it."""
        lines = [
            *self.told,
            *(f"{one.key}: {one.what} -> {one.answer}" for one in self.findings if one.key),
        ]
        head = "".join(f"# {' '.join(line.split())}\n" for line in lines)
        return head + yaml.told(self.content)


def propose(path: Path, answers: Mapping[str, str] | None = None) -> Proposal:
    """Return what a table seems to be, every question answered as far as the reader did.

    Parameters
    ----------
    path : CSV, Excel, JSON or Parquet, as `hidra data import` reads them.
    answers : by key of a finding; an answer that is not among the choices counts as none.

    Raises
    ------
    SourceError
        The file is missing, empty, damaged or of a kind that is not read.
    """
    found = Proposal(path)
    sheets = grids(path)
    if not sheets:
        raise SourceError(
            _("There is no table in it."),
            where=path.name,
            fix=_("Give a table with a header and at least two columns."),
        )
    look = _Look(found, dict(answers or {}), _chosen_sheet(found, sheets, answers or {}))
    look.read()
    if not found.open:
        _try(found)
    return found


def grids(path: Path) -> list[Grid]:
    """Return every sheet with something like a table in it."""
    seen = readers.glance(path)
    if seen.kind == "excel":
        book = readers.workbook(path, seen.member)
        found = []
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            merged = tuple(sheet.merged_cell_ranges or ())
            found.append(Grid(path, sheet.to_python(skip_empty_area=False), name, merged))
    elif seen.kind == "csv":
        found = [_csv(path, seen)]
    else:
        found = [Grid(path, _records(path, seen))]
    return [one for one in found if _header(one.rows) is not None]


def _records(path: Path, seen: readers.Glance) -> list[list[Any]]:
    """Return the records of JSON or Parquet under their names."""
    import duckdb

    ways = {"json": "read_json({0}, sample_size = -1)", "parquet": "read_parquet({0})"}
    if seen.kind not in ways:
        raise SourceError(
            _("A file of kind {kind} is not read by import.", kind=seen.kind),
            where=path.name,
            fix=_("Save it as CSV, Parquet, Excel or JSON."),
        )
    with duckdb.connect() as con, files.scratch() as scratch:
        plain_file = readers.unpack(path, seen.member, scratch)
        found = con.execute(f"FROM {ways[seen.kind].format(readers.quoted(plain_file))}")
        heads = [one[0] for one in found.description or ()]
        return [heads, *(list(row) for row in found.fetchall())]


def _csv(path: Path, seen: readers.Glance) -> Grid:
    """Read a text table with the separator that makes most rows equally long."""
    with files.scratch() as scratch:
        plain_file = readers.unpack(path, seen.member, scratch)
        written = readers.encoding(plain_file).replace("utf-8", "utf-8-sig")
        lines = plain_file.read_text(written).splitlines(keepends=True)

    def steady(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines[:200], delimiter=delimiter))
        width, times = max(widths.items(), key=lambda pair: (pair[0] > 1) * pair[1] * pair[0])
        return (times, width) if width > 1 else (0, 0)

    delimiter = max(",;\t|", key=steady)
    rows = list(csv.reader(lines, delimiter=delimiter))
    width = max(map(len, rows), default=0)
    full = [[*map(str.strip, row), *[""] * (width - len(row))] for row in rows]
    return Grid(path, full, delimiter="" if delimiter == seen.delimiter else delimiter)


def _chosen_sheet(found: Proposal, sheets: list[Grid], answers: Mapping[str, str]) -> Grid:
    if len(sheets) == 1:
        return sheets[0]
    names = [one.sheet for one in sheets]
    given = answers.get("sheet") if answers.get("sheet") in names else None
    found.findings.append(
        Finding(
            sheets[0].path.name,
            _("{n} sheets hold a table.", n=len(sheets)),
            _("Choose one; bring the others the same way afterwards."),
            "sheet", tuple(Choice(name, name) for name in names), given,
        )
    )  # fmt: skip
    return sheets[names.index(given)] if given else sheets[0]


def _filled(row: Sequence[Any]) -> list[int]:
    return [at for at, cell in enumerate(row) if text_of(cell)]


def _heads(cell: Any) -> bool:
    """Whether a cell may stand in a header: words, a year, a month."""
    text = text_of(cell)
    return not figure(text)[1] or bool(re.fullmatch(r"(19|20)\d\d", text)) or bool(moment_of(cell))


def _header(rows: list[list[Any]]) -> int | None:
    """Return the row of the header, from 0: the last of words above the first of figures."""
    widths = sorted(len(_filled(row)) for row in rows[:500] if len(_filled(row)) > 1)
    if not widths:
        return None
    least = max(2, widths[len(widths) // 2] // 2)
    head = None
    for at, row in enumerate(rows[: LOOKED + 20]):
        filled = _filled(row)
        if len(filled) < least:
            continue
        words = all(_heads(row[one]) and len(text_of(row[one])) <= TEXTS for one in filled)
        told = len({text_of(row[one]) for one in filled}) >= 0.6 * len(filled)
        if words and told and not (head is not None and _dated(row)):
            if head is not None and not _names_columns(rows, at):
                return head
            head = at
        elif head is not None:
            return head
    return head if head is not None and head + 1 < len(rows) else None


def _dated(row: Sequence[Any]) -> bool:
    """Whether a row holds a day or month beside other words: it is data, not a header."""
    return any(moment_of(cell) for cell in row) and not all(
        moment_of(cell) for cell in row[1:] if text_of(cell)
    )


def _names_columns(rows: list[list[Any]], at: int) -> bool:
    """Whether a row of words names the columns below it rather than being the first of them."""
    below = next((row for row in rows[at + 1 : at + 4] if len(_filled(row)) > 1), [])
    return any(figure(text_of(cell))[1] for cell in below) and not any(
        figure(text_of(cell))[1] for cell in rows[at]
    )


def figure(text: str) -> tuple[str, bool]:
    """Return how a figure is written, as `FIGURES` has it, and whether it is one."""
    for form, pattern in FIGURES.items():
        if re.fullmatch(pattern, text):
            return form, True
    return "", False


#: How figures are written: the sign between thousands, then the sign before decimals.
FIGURES = {
    "": r"[-−]?\d+(\.0)?",
    "?.": r"[-−]?\d{1,3}\.\d{3}",
    "?,": r"[-−]?\d{1,3},\d{3}",
    ".": r"[-−]?\d*\.\d+([eE][-+]?\d+)?",
    ",.": r"[-−]?\d{1,3}(,\d{3})+(\.\d+)?",
    ".,": r"[-−]?\d{1,3}(\.\d{3})+(,\d+)?",
    " ": r"[-−]?\d{1,3}([ \u00a0]\d{3})+([.,]\d+)?",
    ",": r"[-−]?\d+,\d+",
}


def moment_of(cell: Any) -> str:
    """Return the month of a cell, ``YYYY-MM``; empty where it is none."""
    text = text_of(cell)
    found = forms(text)
    return in_form(text, found[0]) if found else ""


class _Look:
    """The reading of one sheet, step by step; what is found goes into the proposal."""

    def __init__(self, found: Proposal, answers: dict[str, str], grid: Grid) -> None:
        self.found, self.answers, self.grid = found, answers, grid
        self.content: dict[str, Any] = {}
        self.fill: list[str] = []
        self.unknown: set[str] = set()

    def read(self) -> None:
        """Fill the proposal."""
        self._columns()
        self._about()
        self._rows()
        self._times()
        self._places()
        self._figures()
        self._repeats()
        self._layout()
        self.found.content = self.content

    def ask(self, key: str, what: str, fix: str, choices: Iterable[tuple[str, str]] = (), *,
            cells: Cells = (), usual: str | None = None) -> str | None:  # fmt: skip
        """Ask a question and return its answer, where there is one."""
        offered = tuple(Choice(value, words) for value, words in choices)
        given = self.answers.get(key, usual)
        if offered and given not in [one.value for one in offered]:
            given = usual
        if given is not None and not given.strip():
            given = usual
        self.found.findings.append(Finding(self.grid.where(cells), what, fix, key, offered, given))
        return given

    def refuse(self, what: str, fix: str, cells: Cells = (), *,
               stops: bool = True) -> None:  # fmt: skip
        """Note a problem."""
        self.found.findings.append(Finding(self.grid.where(cells), what, fix, stops=stops))

    def tell(self, words: str) -> None:
        """Note what was understood."""
        self.found.told.append(words)

    # -- the table ---------------------------------------------------------------------------

    def _columns(self) -> None:
        rows = self.grid.rows
        self.head = _header(rows) or 0
        upper = self._upper()
        names = joined(upper, [text_of(cell) for cell in rows[self.head]])
        names = [tables.clean(name) or f"column_{at}" for at, name in enumerate(names)]
        self.upper = bool(upper)
        body = list(enumerate(rows))[self.head + 1 :]
        self.body = [(at, row) for at, row in body if _filled(row)]
        self.names = names
        if self.head or self.upper:
            self.tell(_("The header is in row {row}.", row=self.head + 1))

    def _upper(self) -> list[str]:
        """Return the row above the header where it groups its columns, as merged years do."""
        rows, head = self.grid.rows, self.head
        if not head:
            return []
        above, own = rows[head - 1], rows[head]
        filled = _filled(above)
        names = [text_of(cell) for cell in own if text_of(cell)]
        blank = [at for at in filled if not text_of(own[at])]
        if len(filled) < 2 and not (blank and filled):
            return []
        if len(set(names)) == len(names) and not blank:
            return []
        return [text_of(cell) for cell in above]

    def _about(self) -> None:
        """Ask who counted what: proposed from the title above the table, else the file's name."""
        stem = re.sub(r"[_\s]+", " ", self.grid.path.stem).strip()
        above = [text_of(cell) for row in self.grid.rows[: self.head] for cell in row]
        written = [one for one in above if len(one) > 8 and not figure(one)[1]]
        title = max(written, key=len, default=stem)[:160]
        self.title = (
            self.ask(
                "title",
                _("What the table is called."),
                _("As it shall stand on pages."),
                usual=title,
            )
            or title
        )
        name = slug(stem)[:40].strip("_")
        source = name if name[0].isalpha() else f"t_{name}"
        today = datetime.date.today().isoformat()
        whose = self.ask("publisher", _("Who counted."), _("An organisation or a register."),
                         usual=str(_("our organisation")))  # fmt: skip
        self.content |= {
            "source": source, "title": self.title, "publisher": whose,
            "terms": "internal, not for publication", "accessed": today, "concept": self.title,
        }  # fmt: skip
        said = plain(" ".join([self.title, *self.names]))
        usual = next((unit for unit, words in UNITS if re.search(words, said)), None)
        unit = self.ask(
            "unit", _("What one of the figures is."), _("A count of persons is guarded as such."),
            [("persons", _("persons")), ("case files", _("case files")), ("events", _("events")),
             ("index", _("something else, not a count"))], usual=usual,
        )  # fmt: skip
        self.content["unit"] = unit or "persons"

    def _rows(self) -> None:
        """Set apart what is no row of the table: headers again, totals, notes below."""
        header = [text_of(cell) for cell in self.grid.rows[self.head]]
        data, apart = [], {"again": [], "total": [], "note": []}  # type: ignore[var-annotated]
        width = len([one for one in header if one])
        for at, row in self.body:
            filled = _filled(row)
            texts = [text_of(row[one]) for one in filled]
            first = plain(texts[0])
            if [text_of(cell) for cell in row] == header:
                apart["again"].append(at)
            elif first == "suma" or any(TOTAL.fullmatch(plain(text)) for text in texts[:3]):
                apart["total"].append(at)
            elif len(filled) <= max(1, width // 4) and (NOTE.match(first) or at == self._last(width)
                                                        or len(texts[0]) > 60):  # fmt: skip
                apart["note"].append(at)
            else:
                data.append((at, row))
        while len(data) > 1 and len(_filled(data[-1][1])) <= max(1, width // 4):
            apart["note"].append(data.pop()[0])
        self.data, self.totals = data, apart["total"]
        last = max([at for at, _row in data] + apart["total"] + apart["again"], default=0)
        self.notes = sum(1 for at in apart["note"] if at > last)
        self.without: dict[str, list[str]] = {}
        for at in [*apart["again"], *apart["total"], *(one for one in apart["note"] if one < last)]:
            self._leave_out(self.grid.rows[at])
        self.columns = [
            Column(at, name, [(row, cells[at]) for row, cells in data if text_of(cells[at])])
            for at, name in enumerate(self.names)
        ]  # fmt: skip
        words = {
            "again": _("the header again"), "total": _("totals"), "note": _("notes"),
        }  # fmt: skip
        for kind, rows in apart.items():
            if rows:
                self.tell(_("Left out, {kind}: row {rows}.", kind=words[kind],
                            rows=", ".join(str(row + 1) for row in sorted(rows)[:12])))  # fmt: skip

    def _leave_out(self, row: list[Any]) -> None:
        """Add a row to those that the description leaves out, by the words that say what it is."""
        filled = _filled(row)
        at = next(
            (one for one in filled[:3] if TOTAL.fullmatch(plain(text_of(row[one])))), filled[0]
        )
        said = self.without.setdefault(self.names[at], [])
        if text_of(row[at]) not in said:
            said.append(text_of(row[at]))

    def _last(self, width: int) -> int:
        """Return the first row after which nothing is as wide as the table."""
        wide = [at for at, row in self.body if len(_filled(row)) > max(1, width // 4)]
        return wide[-1] + 1 if wide else 0

    def free(self, kind: str = "") -> list[Column]:
        """Return the columns of a kind, oldest first; those with no kind yet by default."""
        return [one for one in self.columns if one.kind == kind and (one.cells or kind)]

    def cells(self, column: Column, texts: Iterable[str]) -> list[tuple[int, int]]:
        """Return the cells of a column that hold some spellings."""
        return [(row, column.at) for text in texts for row in column.distinct[text]]

    # -- when ----------------------------------------------------------------------------------

    def _times(self) -> None:
        wide = self._wide()
        year = self._pick("year", lambda c: c.says(YEAR) or c.name in ("Año", "AÑO"), _is_year)
        if wide:
            self.content["time"] = self._wide_time(wide, year)
            return
        day = self._day()
        if day is not None:
            self.content["time"] = self._day_time(day)
            return
        month = self._pick(
            "month", lambda c: c.says(MONTH), lambda one: bool(_month_word(one) or forms(one))
        )
        if month is not None and (year is None or month.share(lambda one: bool(forms(one))) > 0.5):
            formats = self._formats(month)

            def dated(text: str) -> bool:
                return any(one in formats for one in forms(text))

            self.content["time"] = (
                {"month": month.name} | _given(formats) | self._undated(month, dated)
            )
        elif month is not None and year is not None:
            self.content["time"] = {"year": year.name, "month": month.name} | self._undated(
                month, _month_word
            )
        elif year is not None:
            self.content["time"] = {"year": year.name} | self._undated(year, _is_year)
        else:
            self.content["time"] = {"fixed": self._year(_("No column says when.")) or "2000"}

    def _pick(self, kind: str, named: Any, fits: Any, least: float = 0.6) -> Column | None:
        """Return the column of a kind: by its name and what stands in it."""
        for one in self.free():
            if named(one) and one.cells and one.share(fits) >= least:
                one.kind = kind
                return one
        return None

    def _wide(self) -> dict[str, Column]:
        """Return the columns that are months, quarters or years, by the time each one is."""
        found: dict[str, Column] = {}
        for one in self.columns:
            time = _time_of_name(one.name)
            if time and (one.numeric or not one.cells):
                found.setdefault(time, one)
        kinds = Counter(len(time) for time in found)
        if not kinds or sum(kinds.values()) < 2:
            return {}
        size = kinds.most_common(1)[0][0]
        found = {time: one for time, one in found.items() if len(time) == size}
        for one in found.values():
            one.kind = "wide"
        return found

    def _wide_time(self, wide: dict[str, Column], year: Column | None) -> dict[str, Any]:
        months = all(len(time) == 2 for time in wide)
        self.tell(_("Time stands in {n} columns, {first} to {last}.", n=len(wide),
                    first=next(iter(wide.values())).name,
                    last=list(wide.values())[-1].name))  # fmt: skip
        if months and year is not None and len(wide) == 12:
            return {"year": year.name, "months": [wide[f"{n:02d}"].name for n in range(1, 13)]}
        if months and year is not None:
            return {"year": year.name, "wide": {one.name: time for time, one in wide.items()}}
        if not months:
            return {"wide": {one.name: time for time, one in wide.items()}}
        one_year = (
            self._year(_("The columns are months, and no column says of which year.")) or "2000"
        )
        return {"wide": {one.name: f"{one_year}-{time}" for time, one in wide.items()}}

    def _year(self, what: str) -> str | None:
        """Ask which year it is; a single one in title, sheet or file name is proposed."""
        said = " ".join([self.title, self.grid.sheet, self.grid.path.stem])
        years = sorted(set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", said)))
        return self.ask("year", what, _("Write the year, or the month as YYYY-MM."),
                        [(one, one) for one in years] if len(years) > 1 else (),
                        usual=years[0] if len(years) == 1 else None)  # fmt: skip

    def _day(self) -> Column | None:
        """Return the column of dates; where there are several, the one chosen."""
        fits = [
            one for one in self.free()
            if one.cells and (one.share(_has_day) >= 0.6
                              or (one.says(DAY) and one.share(_is_serial) >= 0.6))
            and not one.says(r"nacimiento|birth|captura")
        ]  # fmt: skip
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

    def _day_time(self, day: Column) -> dict[str, Any]:
        formats = self._formats(day)
        if day.says(DAY) and any(_is_serial(text) for text in day.distinct):
            formats.append(SERIAL)
            self.tell(_("Numbers in '{name}' are days as spreadsheets count them.", name=day.name))

        def dated(text: str) -> bool:
            serial = SERIAL in formats and _is_serial(text)
            return serial or any(one in formats for one in forms(text))

        return {"date": day.name} | _given(formats) | self._undated(day, dated)

    def _formats(self, column: Column) -> list[str]:
        """Return the fewest forms that read a column of dates; ask what is day, what month."""
        known = {text: set(forms(text)) for text in column.distinct if forms(text)}
        days = {text: has for text, has in known.items() if {"%d/%m/%Y", "%m/%d/%Y"} & has}
        first = [text for text, has in days.items() if "%m/%d/%Y" not in has]
        second = [text for text, has in days.items() if "%d/%m/%Y" not in has]
        order = "%m/%d/%Y" if second and not first else "%d/%m/%Y"
        if days and bool(first) == bool(second):
            example = (first + second or list(days))[0]
            order = self.ask(
                "dates",
                _("Some dates begin with the day, others with the month: {one}, {two}.",
                  one=first[0], two=second[0])
                if first else _("Dates such as {example} can be read both ways.", example=example),
                _("Say which comes first."),
                [("%d/%m/%Y", _("the day: {text} is in month {month}", text=example,
                                month=example.split("/")[1])),
                 ("%m/%d/%Y", _("the month: {text} is in month {month}", text=example,
                                month=example.split("/")[0]))],
                cells=self.cells(column, list(days)[:SHOWN]),
            ) or order  # fmt: skip
        other = ({"%d/%m/%Y", "%m/%d/%Y"} - {order}).pop()
        formats: list[str] = []
        left = {text: has - {other} for text, has in known.items() if has - {other}}
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

    def _undated(self, column: Column, fits: Any) -> dict[str, Any]:
        """Return the words for an unknown date; ask of those that may be anything."""
        filled = {row for row, _cell in column.cells}
        blank = [at for at, row in self.data if at not in filled]
        words = [one for one in column.distinct if not fits(one)]
        known = [one for one in words if one.lower() in UNKNOWN or plain(one) in UNKNOWN]
        strange = [one for one in words if one not in known]
        for one in strange[:20]:
            given = self.ask(
                f"when:{one}", _("'{text}' is no date.", text=one),
                _("Correct the cell, or leave such rows out of the calendar."),
                [("unknown", _("the date is not known: reported, not in the panel"))],
                cells=self.cells(column, [one]),
            )  # fmt: skip
            if given:
                known.append(one)
        if len(strange) > 20:
            self.refuse(_("{n} more texts are no date.", n=len(strange) - 20),
                        _("Correct the column '{name}'.", name=column.name),
                        self.cells(column, strange[20:]))  # fmt: skip
        if blank:
            self.tell(_("{n} rows have no date: reported, not in the panel (row {rows}).",
                        n=len(blank),
                        rows=", ".join(str(at + 1) for at in blank[:SHOWN])))  # fmt: skip
            known.append("")
        key = {"year": "unknown_years", "day": "unknown_dates"}.get(column.kind, "unknown_months")
        return {key: known} if known else {}

    # -- where ---------------------------------------------------------------------------------

    def _places(self) -> None:
        town, state = self._place_columns()
        if town is None and state is None:
            self.content["place"] = {"fixed": self._fixed()}
            return
        place: dict[str, Any] = {"level": "municipality" if town else "state"}
        column = town or state
        assert column is not None
        if town is not None and state is not None:
            place = {"state": state.name, "municipality": town.name}
        else:
            place["column"] = column.name
        for one in filter(None, (state, town)):
            self._blanks(one)
        recode = self._named(town, state, self._within(town, state))
        if "" in recode:
            place["when_missing"] = recode.pop("")
        self.content["place"] = place | ({"recode": recode} if recode else {})

    def _place_columns(self) -> tuple[Column | None, Column | None]:
        """Return the columns of municipality and state; the state only where it is needed."""
        towns = [one for one in self.free() if one.cells and one.says(PLACE["municipality"])]
        states = [one for one in self.free() if one.cells and one.says(PLACE["state"])]
        others = [one for one in self.free() if one.cells and one not in towns + states]
        coded = [one for one in others if one.says(CODE)]
        whole = [one for one in towns + coded if one.share(_is_cvegeo) >= 0.6]
        short = [one for one in towns if one.says(CODE) and one.share(_is_number) >= 0.8]
        named = [one for one in towns if one.share(_is_number) < 0.2]
        wordy = [one for one in others if not one.numeric and len(one.distinct) >= 3]
        named += [one for one in wordy if not towns
                  and one.share(_is_town) >= 0.8
                  and one.share(lambda text: bool(naming.state(text).code)) < 0.8]  # fmt: skip
        stated = [one for one in states if one.share(_is_state) >= 0.6]
        stated += [one for one in wordy if not stated
                   and one.share(lambda one: naming.state(one).way == "exact") >= 0.8]  # fmt: skip
        stated.sort(key=lambda one: (-len(one.cells), not one.says(CODE)))
        state, town = next(iter(stated), None), next(iter(named), None)
        if whole:
            town, state = whole[0], None
        elif short and state is not None:
            town = short[0]
        for one in towns + stated:
            one.kind = "beside"  # the same place again, by name or code
        for one in filter(None, (town, state)):
            one.kind = "place"
        return town, state

    def _fixed(self) -> str:
        """Ask for the one place of a table that names none; a state in its title is proposed."""
        said = self._told_states()
        choices = [*((one, naming.label(one)) for one in said), ("00", naming.label("00"))]
        return self.ask("place", _("No column says where."), _("Say of which place the table is."),
                        choices if said else [(one.code, naming.label(one.code))
                                              for one in naming.all_states()],
                        usual=said[0] if len(said) == 1 else None) or "00"  # fmt: skip

    def _told_states(self) -> list[str]:
        """Return the states that title, sheet or file name mention."""
        said = f" {plain(' '.join([self.title, self.grid.sheet, self.grid.path.stem]))} "
        return [one.code for one in naming.all_states()
                if f" {plain(one.name_es)} " in said and one.code != "00"]  # fmt: skip

    def _within(self, town: Column | None, state: Column | None) -> str:
        """Return the state of all municipalities where no column says it, by the title or asked."""
        if town is None or state is not None or town.share(_is_number) > 0.5:
            return ""
        said = self._told_states()
        found = [naming.municipality(one).candidates or (naming.municipality(one).code or "",)
                 for one in town.distinct]  # fmt: skip
        votes = Counter(code for codes in found for code in {one[:2] for one in codes if one})
        likely = said or [code for code, n in votes.most_common(1) if n >= 0.8 * len(found)]
        alone = [codes for codes in found if len({one[:2] for one in codes}) == 1]
        if len(alone) == len(found) and not said:
            return ""
        if not likely:
            return ""
        return self.ask(
            "state", _("Municipalities stand without their state; names repeat."),
            _("Say whether all are of one state."),
            [*((one, _("all of {state}", state=naming.label(one))) for one in likely),
             ("no", _("of several states"))],
            usual=said[0] if len(said) == 1 else None,
        ) or ""  # fmt: skip

    def _blanks(self, column: Column, *, place: bool = True) -> None:
        """Say what blank cells mean: merged ones hold what stands above, others are asked."""
        filled = {row for row, _cell in column.cells}
        blank = [at for at, _row in self.data if at not in filled]
        if not blank:
            return
        merged = {row for (top, left), (bottom, _right) in self.grid.merged if left == column.at
                  for row in range(top, bottom + 1)}  # fmt: skip
        first = column.cells[0][0] if column.cells else 0
        if merged.issuperset(blank):
            self.tell(
                _("Merged cells of '{name}' hold what stands at their top.", name=column.name)
            )
            self.fill.append(column.name)
            return
        choices = [("unknown", _("the place is not known") if place else _("a kind of its own"))]
        if blank[0] > first:
            choices.append(("above", _("the same as above")))
        choices.append(("out", _("leave these rows out")))
        given = self.ask(
            f"blank:{column.name}",
            _("{n} cells of '{name}' are empty.", n=len(blank), name=column.name),
            _("Say what an empty cell means."), choices, cells=[(at, column.at) for at in blank],
        )  # fmt: skip
        if given == "above":
            self.fill.append(column.name)
        elif given == "out":
            self._without(column, "", set(blank))

    def _named(self, town: Column | None, state: Column | None, within: str) -> dict[str, str]:
        """Return the code of every spelling that the import cannot read by itself."""
        within = "" if within == "no" else within
        recode: dict[str, str] = {}
        pairs: dict[tuple[str, str], list[int]] = {}
        for row, cells in self._filled_down([one for one in (state, town) if one]):
            key = (cells[0] if state else "", cells[-1] if town else "")
            pairs.setdefault(key, []).append(row)
        states = (
            {text: self._state(state, text) for text in dict.fromkeys(key[0] for key in pairs)}
            if state
            else {}
        )
        for (said, name), rows in pairs.items():
            code = (
                self._place_of(name, states.get(said) or within, rows, town)
                if town
                else states[said]
            )
            written = f"{said}, {name}" if state and town else name or said
            if code and not _reads_alone(said, name, town, code):
                recode[written] = code
        return recode

    def _filled_down(self, columns: list[Column]) -> Iterable[tuple[int, list[str]]]:
        """Yield the texts of some columns by row, blanks as the description has them."""
        last = [""] * len(columns)
        for at, row in self.data:
            texts = [text_of(row[one.at]) for one in columns]
            for number, one in enumerate(columns):
                if not texts[number] and one.name in self.fill:
                    texts[number] = last[number]
            last = list(texts)
            yield at, texts

    def _state(self, column: Column, text: str) -> str | None:
        if _is_number(text):
            digits = text.zfill(2)
            return digits if digits in {*geography.states(), "00", "33"} else None
        if not text:
            return "33"
        return self._answered("state", text, naming.state(text), self.cells(column, [text]))

    def _place_of(
        self, name: str, within: str | None, rows: list[int], column: Column
    ) -> str | None:
        """Return the municipality of a name or code; None while it is a question."""
        cells = [(row, column.at) for row in rows]
        digits = re.sub(r"[ \u00a0]|\.0$", "", name)
        if not name:
            return f"{within}999" if within and within not in ("00", "33") else "33"
        if digits.isdigit():
            code = f"{within}{digits.zfill(3)}" if within and len(digits) <= 3 else digits.zfill(5)
            if geography.kind_of(code) == "unknown":
                self.refuse(
                    _("{code} is in no catalogue.", code=code),
                    _("Correct the code."),
                    cells,
                    stops=False,
                )
            return code
        if column.says(CODE) and naming.state(name).way == "exact":
            return naming.state(name).code
        name, _comma, after = (
            part.strip(" )") for part in re.sub(r"\(", ",", name, count=1).partition(",")
        )
        inner = naming.state(after).code if after else None
        within = within or inner or ""
        match = naming.municipality(name, within if within in geography.states() else "")
        if column.says(CODE):
            return self._no_code(column, name, cells)
        return self._answered(
            "place", f"{name}, {naming.label(within)}" if within else name, match, cells
        )

    def _crowd(self, cells: list[tuple[int, int]]) -> None:
        """Gather what is too much to ask into one problem."""
        what = _("More than {n} names are of no place, or of several.", n=MOST)
        found = self.found.findings
        before = next((one for one in found if one.what == what), None)
        if before is None:
            self.refuse(what, _("Give the state or the code of each row in a column of its own; "
                                "look whether this is the column of places."), cells)  # fmt: skip

    def _no_code(self, column: Column, text: str, cells: list[tuple[int, int]]) -> str | None:
        """Ask what a text among codes is; rows of sums are left out."""
        given = self.ask(
            f"place:{text}", _("'{text}' is no code of a municipality.", text=text),
            _("Correct the cells, or say what they are."),
            [("out", _("sums or other rows: leave them out")), ("33", _("the place is not known"))],
            cells=cells,
        )  # fmt: skip
        if given == "out":
            self._without(column, text, {row for row, _at in cells})
            return None
        return given

    def _without(self, column: Column, text: str, rows: set[int]) -> None:
        """Leave out the rows in which a column holds a text."""
        self.without.setdefault(column.name, []).append(text)
        self.data = [(at, row) for at, row in self.data if at not in rows]
        for one in self.columns:
            one.cells = [(row, cell) for row, cell in one.cells if row not in rows]
            vars(one).pop("texts", None)
            vars(one).pop("distinct", None)

    def _answered(
        self, kind: str, text: str, match: Match, cells: list[tuple[int, int]]
    ) -> str | None:
        """Return the place of a name: told where one fits, asked where not."""
        if match.code and match.way == "exact":
            return match.code
        if match.code and match.way != "close":
            self.found.matched.append((text, match.code, match.way))
            return match.code
        apart = f"{match.candidates[0][:2]}999" if kind == "place" and _one_state(match) else "33"
        choices = [*((one, naming.label(one)) for one in match.candidates),
                   (apart, _("place not known ({code})", code=apart))]  # fmt: skip
        if sum(one.key.startswith(f"{kind}:") for one in self.found.findings) >= MOST:
            self._crowd(cells)
            return None
        given = self.ask(
            f"{kind}:{text}",
            _("'{text}' is spelt like one place.", text=text) if match.code
            else _("'{text}' may be several places.", text=text) if match.way != "none"
            else _("No place is called '{text}'.", text=text),
            _("Choose the place."), choices, cells=cells, usual=match.code,
        )  # fmt: skip
        if given:
            self.found.matched.append((text, given, "close" if given == match.code else "chosen"))
        return given

    # -- what ----------------------------------------------------------------------------------

    def _figures(self) -> None:
        """Choose the columns of figures, and say how they are written."""
        wide = self.free("wide")
        rates = [one for one in self.free() if one.says(RATE)]
        taken = wide or [
            one for one in self.free()
            if one not in rates and not one.says(NO_FIGURE)
            and one.numeric
        ]  # fmt: skip
        for one in taken:
            one.kind = one.kind or "value"
        if not taken and rates:
            taken, rates = rates, []
        self.categories = [one for one in self.free() if one not in rates and _few(one)]
        self._written(taken)
        name = self.content["source"]
        if wide:
            self.content["values"] = [{"measure": name}]
        elif taken:
            self.content["values"] = [self._value(one, len(taken)) for one in taken]
        else:
            self.content |= {"values": [{"measure": name}], "count_rows": True}
            self.tell(_("No column of figures: every row counts as one."))

    def _value(self, column: Column, of: int) -> dict[str, Any]:
        name, source = slug(column.name), self.content["source"]
        generic = re.fullmatch(GENERIC, plain(column.name)) is not None
        measure = source if of == 1 and generic else f"{source}_{name}" if generic else name
        if measure in _taken() or not measure[0].isalpha():
            measure = f"{source}_{name}"
        concept = self.title if of == 1 else f"{column.name}: {self.title}"
        return {"column": column.name, "measure": measure, "concept": concept}

    def _written(self, columns: list[Column]) -> None:
        """Say how figures are written, and ask what words among them mean."""
        written: dict[str, tuple[Column, str]] = {}
        words: dict[str, list[tuple[int, int]]] = {}
        for one in columns:
            for (row, cell), text in zip(one.cells, one.texts, strict=True):
                form, known = figure(text)
                if not known:
                    words.setdefault(text, []).append((row, one.at))
                elif isinstance(cell, str):
                    written.setdefault(form, (one, text))
                elif form:
                    self.content.setdefault("decimal", ".")
        self._marks(written)
        told = [one for one in words if one.lower() in UNKNOWN or plain(one) in UNKNOWN]
        self.unknown.update(told)
        if told:
            self.tell(_("Not known: {words}.", words=", ".join(f"'{one}'" for one in told)))
        strange = [one for one in words if one not in told]
        for text in strange[:20]:
            if self.ask(f"value:{text}", _("'{written}' is no number.", written=text),
                        _("Correct the cell, or take it as not known."),
                        [("unknown", _("not known"))], cells=words[text]):  # fmt: skip
                self.unknown.add(text)
        if len(strange) > 20:
            rest = [cell for text in strange[20:] for cell in words[text]]
            self.refuse(_("{n} more texts are no number.", n=len(strange) - 20),
                        _("Correct these cells."), rest)  # fmt: skip

    def _marks(self, written: dict[str, tuple[Column, str]]) -> None:
        """Set the signs between thousands and before decimals; ask where both could be meant."""
        thousands, decimal = "", ""
        for form, (_column, text) in written.items():
            if form in (",.", ".,", " "):
                thousands = form[0]
                decimal = form[1:] or ("," if "," in text else decimal)
        if "," in written:
            decimal = ","
        elif not decimal and "." in written:
            decimal = "."
        for sign in (",", "."):
            meant = self._meant(sign, written, thousands, decimal)
            if meant == "thousands":
                thousands = sign
            elif meant == "decimal":
                decimal = sign
        self.content |= {
            key: sign for key, sign in (("thousands", thousands), ("decimal", decimal)) if sign
        }
        if thousands or decimal == ",":
            self.tell(_("Figures: '{thousands}' between thousands, '{decimal}' before decimals.",
                        thousands=thousands or "–", decimal=decimal or "."))  # fmt: skip

    def _meant(
        self, sign: str, written: dict[str, tuple[Column, str]], thousands: str, decimal: str
    ) -> str | None:
        """Return what a sign before three digits is: told by other figures or a count, or asked."""
        if f"?{sign}" not in written or decimal == sign:
            return None
        if thousands == sign or decimal or self.content["unit"] in panel.COUNTED:
            return "thousands"
        column, text = written[f"?{sign}"]
        return self.ask(
            f"mark:{sign}", _("'{text}' can be read in two ways.", text=text),
            _("Say what the sign stands for."),
            [("thousands", _("{number}: the sign parts thousands", number=text.replace(sign, ""))),
             ("decimal", _("{number}: the sign begins decimals", number=text.replace(sign, ".")))],
            cells=self.cells(column, [text]),
        )  # fmt: skip

    def _repeats(self) -> None:
        """Ask what several rows of a place and time are: parts to add, or measures apart."""
        split, add, where = [], [], {}
        day = next(iter(self.free("day")), None)
        for one in self._telling():
            self._blanks(one, place=False)
        for one in self._telling():
            counts = list(one.distinct)
            whole = [text for text in counts if WHOLE.fullmatch(plain(text))]
            choices = [] if whole else [("add", _("add them up"))]
            if len(counts) <= 12:
                choices.append(
                    ("split", _("keep each apart: {names}", names=", ".join(counts[:6])))
                )
            choices += [(f"only={text}", _("only '{text}'", text=text)) for text in counts[:40]]
            given = self.ask(
                f"rows:{one.name}",
                _("'{name}' parts the rows of a place and time.", name=one.name),
                _("Say whether the parts are added."), choices, cells=[(self.head, one.at)],
                usual=f"only={whole[0]}" if len(whole) == 1 else None,
            )  # fmt: skip
            if given == "split":
                split.append(one.name)
            elif given == "add":
                add.append(one.name)
            elif given:
                where[one.name] = [given.removeprefix("only=")]
        if day is not None and not self.content.get("count_rows"):
            add.append(day.name)
        for key, found in (("split_by", split), ("sum_over", add), ("where", where)):
            if found:
                self.content[key] = found
        if self.content.get("count_rows"):
            given = self.ask(
                "absent", _("A month without a row."),
                _("Say what it means for a place of the table."),
                [("null", _("not known")), ("zero", _("nothing happened: zero"))], usual="null",
            )  # fmt: skip
            self.content["missing_means"] = given or "null"
        self._twice(split, where, add)

    def _keys(self) -> dict[tuple[str, ...], list[tuple[int, dict[str, str]]]]:
        """Return the rows of each place and time, with their categories, as written."""
        named = [one for one in self.columns if one.kind in ("place", "year", "month")]
        day = next(iter(self.free("day")), None)
        found: dict[tuple[str, ...], list[tuple[int, dict[str, str]]]] = {}
        rows, names = dict(self.data), [one.name for one in self.categories]
        kinds = {at: dict(zip(names, texts, strict=True))
                 for at, texts in self._filled_down(self.categories)}  # fmt: skip
        for at, key in self._filled_down(named):
            if day is not None:
                key.append(moment_of(rows[at][day.at]) or text_of(rows[at][day.at]))
            found.setdefault(tuple(key), []).append((at, kinds[at]))
        return found

    def _telling(self) -> list[Column]:
        """Return the columns of categories that differ within a place and time."""
        groups = [rows for rows in self._keys().values() if len(rows) > 1]
        if self.content.get("count_rows"):
            return []
        return [
            one
            for one in self.categories
            if any(len({kinds[one.name] for _, kinds in rows}) > 1 for rows in groups)
        ]

    def _twice(self, split: list[str], where: Mapping[str, list[str]], add: list[str]) -> None:
        """Refuse rows that give one place and time twice with nothing to tell them apart."""
        if (
            self.content.get("count_rows")
            or add
            or any(one.key.startswith("rows:") and one.open for one in self.found.findings)
        ):
            return
        twice: list[int] = []
        for rows in self._keys().values():
            kept = [(n, kinds) for n, kinds in rows
                    if all(kinds[name] in values for name, values in where.items())]  # fmt: skip
            apart = Counter(tuple(kinds[name] for name in split) for _n, kinds in kept)
            if any(n > 1 for n in apart.values()):
                twice += [n for n, _row in kept]
        if not twice:
            return
        given = self.ask(
            "twice", _("{n} rows give a place and time more than once.", n=len(twice)),
            _("Correct the file, or say how they belong together."),
            [("add", _("parts of one figure: add them up")),
             ("once", _("the same row repeated: count it once"))],
            cells=[(n, 0) for n in twice],
        )  # fmt: skip
        if given == "add":
            self.content["sum_over"] = [self.columns[0].name]
        elif given == "once":
            self.content["identical_rows"] = "once"

    def _layout(self) -> None:
        """Add how the file is laid out, and compare the totals that stand in it."""
        content, grid = self.content, self.grid
        if grid.sheet:
            content["sheet"] = grid.sheet
        if grid.delimiter:
            content["delimiter"] = grid.delimiter
        if self.head:
            content["header_row"] = self.head + 1
        if self.upper:
            content["header_rows"] = 2
        if self.fill:
            content["fill_down"] = self.fill
        if self.notes:
            content["footer_rows"] = self.notes
        if self.without:
            content["where_not"] = self.without
        if self.unknown:
            content["unknown_values"] = sorted(self.unknown)
        used = {*content.get("split_by", ()), *content.get("where", ())}
        rest = [one.name for one in [*self.free(), *self.free("beside")] if one.cells]
        if rest := [one for one in dict.fromkeys(rest) if one not in used]:
            self.tell(_("Not imported: {names}.", names=", ".join(rest)))
        if not self.data:
            self.refuse(_("No row of figures is below the header."), _("Give the table itself."))
        self._compare()

    def _compare(self) -> None:
        """Compare the last row of totals with the sum of the rows above it."""
        if len(self.totals) != 1:
            return
        row, wrong = self.grid.rows[self.totals[0]], []
        for one in self.free("value") + self.free("wide"):
            printed = self._number(row[one.at])
            known = [
                number for _row, cell in one.cells if (number := self._number(cell)) is not None
            ]
            whole = not any(number % 1 for number in known)
            if printed is not None and whole and abs(printed - sum(known)) > 0.5:
                wrong.append((one, printed, sum(known)))
        if wrong:
            one, printed, total = wrong[0]
            self.refuse(
                _("The totals say {printed:,.0f} for '{name}', the rows sum to {total:,.0f}.",
                  printed=printed, name=one.name, total=total),
                _("See whether a row is missing or stands twice; the total is not imported."),
                [(self.totals[0], each.at) for each, _printed, _total in wrong], stops=False,
            )  # fmt: skip

    def _number(self, cell: Any) -> float | None:
        """Return the number of a cell as the description has it read; None where it is none."""
        text = text_of(cell).replace("−", "-")
        if isinstance(cell, str):
            text = text.replace(self.content.get("thousands") or "\0", "")
            text = text.replace(self.content.get("decimal", "."), ".")
        try:
            return float(text)
        except ValueError:
            return None


_NUMERIC_DAY = r"\d{1,2}[/.-]\d{1,2}[/.-](\d{4}|\d\d)"


def _is_year(text: str) -> bool:
    return re.fullmatch(r"(18|19|20)\d\d", text) is not None


def _is_serial(text: str) -> bool:
    """Whether a number may be a day as spreadsheets count them: 1954 to 2064."""
    return re.fullmatch(r"[2-5]\d{4}", text) is not None


def _month_word(text: str) -> str:
    """Return ``01`` to ``12`` for the name or number of a month; empty where it is none."""
    number = MONTH_NUMBER.get(slug(text)) or (
        int(text) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else 0
    )
    return f"{number:02d}" if number else ""


def _time_of_name(name: str) -> str:
    """Return the time that the name of a column says: 2024-03, 2024Q1, 2024, or 03 for a month."""
    quarter = re.fullmatch(r"(\d{4})[ -]?[TQ]([1-4])|[TQ]([1-4])[ -/]?(\d{4})", name, re.IGNORECASE)
    if quarter:
        return f"{quarter[1] or quarter[4]}Q{quarter[2] or quarter[3]}"
    day = re.fullmatch(r"(\d{4}-\d\d)-01", name)
    if day or moment_of(name):
        return day[1] if day else moment_of(name)
    if _is_year(name):
        return name
    return f"{MONTH_NUMBER[slug(name)]:02d}" if slug(name) in MONTH_NUMBER else ""


def _has_day(text: str) -> bool:
    return any("%d" in one for one in forms(text))


def _given(formats: list[str]) -> dict[str, Any]:
    """Return the forms of dates as a description has them; none where all are ISO."""
    return {"date_format": formats} if set(formats) - set(ISO) else {}


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\d+", text.strip()) is not None


def _is_cvegeo(text: str) -> bool:
    """Whether a text is a municipal code of the catalogue, its zero lost or not."""
    digits = re.sub(r"[ \u00a0]|\.0$", "", text)
    return len(digits) in (4, 5) and geography.kind_of(digits.zfill(5)) in (
        "municipality",
        "bucket",
    )


def _is_state(text: str) -> bool:
    if _is_number(text):
        return text.zfill(2) in {*geography.states(), "00", "33"}
    return naming.state(text).code is not None


def _is_town(text: str) -> bool:
    return naming.municipality(text).way in ("exact", "abbreviation", "short")


def _one_state(match: Match) -> bool:
    return len({code[:2] for code in match.candidates}) == 1


def _reads_alone(said: str, name: str, town: Column | None, code: str) -> bool:
    """Whether the import reads a place by itself: a code, or a name as the catalogue writes it."""
    try:
        if said and town is not None:
            return bool(name) and joined_code(said, name) == code
        return (
            bool(name or said)
            and place_code(name or said, "municipality" if town else "state") == code
        )
    except ValueError:
        return False


def _few(column: Column) -> bool:
    """Whether a column holds a few words over and over."""
    n = len(column.distinct)
    named = column.numeric and column.says(NO_FIGURE)
    return 1 < n <= 60 and n <= len(column.cells) / 2 and not named


def _taken() -> set[str]:
    """Return the names that already mean something in the panel."""
    return {str(row["measure"]) for row in panel.ask("SELECT DISTINCT measure FROM measures")}


def _try(found: Proposal) -> None:
    """Read the table by its description, as the import will, and say what comes out."""
    try:
        found.table = preview(found.path, found.spec)
    except HidraError as error:
        found.findings.append(Finding(error.where, error.what, error.fix, stops=True))
