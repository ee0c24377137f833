"""A table as its reader sees it: a grid of cells, its header, and what each column seems to be.

Each column is tried against the kinds of `KINDS`: the words of its name and what its cells are.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hidra.core import files
from hidra.core.errors import SourceError, foreign
from hidra.core.i18n import _
from hidra.data import geography, readers, tables
from hidra.data.geography import plain, town_named
from hidra.data.spelling import MONTH_NUMBER, YEAR, forms, in_form, month_number, slug, unmarked

LOOKED = 60  # rows among which the header is sought
MANY = 400  # spellings of a column that are looked at to say what it is
TEXTS = 400  # letters of the longest header: those of INEGI hold the whole path to a series
SHOWN = 6  # cells named of one kind of trouble
GEO = r"cve ?geo"  # INEGI's word for the code of a municipality, CONAPO's for that of a state too
TOWN = r"municipi|alcaldia|delegacion|demarcacion|cvegeo|cve geo|county|city"
STATE = r"entidad|estado\b(?! civil)|\bstate|\bent\b|\bedo\b|^inegi$"
CODE = r"\bcve|clave|\bcode|codigo|cvegeo|^id |^inegi$"
DAY = r"\bfecha|\bdate|\bdia\b|\bday\b"
BORN = r"nacimiento|birth|captura|consult|descarg|actualiz|updated|retrieved|accessed|corte|publica"
#: Numbers that are no figure of a place and month.
NO_FIGURE = (r"\bedad|\bage\b|folio|^no\b|^num(ero)?( del? (expediente|carpeta|oficio|acta|"
             r"caso|evento|registro|persona|victima))?$|^num(ero)? (ext|int)|^n$|^#|\bid\b|"
             r"latitud|longitud|^lat|^lon|"
             r"\bcp\b|codigo|clave|\bcve|telefono|\bhora|^x$|^y$|consecutivo|"
             r"^unnamed|^column \d+$|"
             # codes of events: how sure, which actor, which cell, when it was written
             r"^sheet$|^(renglon|fila|row|linea|line|registro|nro|consec|index|idx)( |$)|"
             r"^iso\d*$|timestamp|precision\b|\bprec$|\bclarity$|\bgid$|\bgwno[ab]?$|"
             r"^type of|^active year$|^number of sources$|fiscal year|ano fiscal|^fy$")  # fmt: skip
AGE = r"\bedad|\bage\b"
FISCAL = r"fiscal|^fy$"  # of the United States: from October of the year before
RATE = (
    r"tasa|porcent|%|por cada|por 100|\brate|variacion|promedio|indice|grado|lugar|\brank|posicion"
)
UNKNOWN = {"s/f", "s/d", "s.d.", "n/d", "n.d.", "nd", "n/a", "na", "ne", "n.e.", "n/e", "-", "--",
           "–", "—", "...", "..", "*", "**", "nan", "null", "sin dato", "sin datos", "?",
           "no disponible", "no especificado", "se ignora", "sd", "sin fecha", "sin informacion",
           "desconocido", "#n/a", "no aplica"}  # fmt: skip
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

#: A year with the mark of a note before other words of a heading: 2024* Enero, 2024 p/ Total.
YEAR_MARKED = re.compile(
    r"^((?:19|20)\d\d) ?(?:\*+|\(?(?:p|r|pr|pre|prel|preliminar)\.?\)?/?)(?= )", re.I
)
#: Of the marks behind a year those that call it preliminary.
PRELIMINARY = re.compile(r"\d{4} ?(\(?p(r|re|rel|reliminar)?\.?\)?/?|/p|\*+)", re.I)

#: Quarters in words: 1er trimestre 2024, 2024 second quarter, trimestre III de 2024.
QUARTERS = {
    1: r"1(?:er|o|st)?|primer|first|i", 2: r"2(?:do|o|nd)?|segundo|second|ii",
    3: r"3(?:er|o|rd)?|tercer|third|iii", 4: r"4(?:to|o|th)?|cuarto|fourth|iv",
}  # fmt: skip

Cells = Sequence[tuple[int, int]]  # row and column of each, from 0


def text_of(cell: Any) -> str:
    """Return a cell as the import reads it; empty where there is nothing."""
    return readers.cell_text(cell) or ""


def figure(text: str) -> str | None:
    """Return how a figure is written, as `FIGURES` has it; None where it is none."""
    bare = unmarked(text)
    return next((form for form, how in FIGURES.items() if re.fullmatch(how, bare)), None)


def moment_of(cell: Any) -> str:
    """Return the month of a cell, ``YYYY-MM``; empty where it is none."""
    found = forms(text := text_of(cell))
    return in_form(text, found[0]) if found else ""


#: What a text may be; `is_serial`: a day as spreadsheets count them, 1954 to 2064.
is_digits = re.compile(r"\s*\d+\s*").fullmatch
is_serial = re.compile(r"[2-5]\d{4}").fullmatch


def is_year(text: str) -> bool:
    """Whether a text is a year, the mark of a note behind it or not."""
    return YEAR.fullmatch(unmarked(text)) is not None


def is_figure(text: str) -> bool:
    """Whether a text is a number, in any form of `FIGURES`."""
    return figure(text) is not None


def is_cvegeo(text: str) -> bool:
    """Whether a text is a municipal code of the catalogue, its zero lost or not."""
    digits = re.sub(r"[ \u00a0]|\.0$", "", text)
    kind = geography.kind_of(digits.zfill(5)) if len(digits) in (4, 5) else ""
    return kind in ("municipality", "bucket")


def state_code(text: str) -> str | None:
    """Return the code of a state, its zero put back; None where there is no such state."""
    digits = text.zfill(2)
    return digits if digits in {*geography.states(), "00", "33"} else None


def state_of(text: str) -> str | None:
    """Return the code of a state told by code or name; None where there is no such state."""
    return state_code(text) if is_digits(text) else geography.state_named(text).code


def is_state(text: str) -> bool:
    """Whether a text is the code or the name of a state."""
    return state_of(text) is not None


def _is_town(text: str) -> bool:
    return town_named(text).way in ("exact", "abbreviation", "short")


def is_unknown(text: str) -> bool:
    """Whether a text says that a figure is not known."""
    return text.lower() in UNKNOWN or plain(text) in UNKNOWN


def _heads(cell: Any) -> bool:
    """Whether a cell may stand in a header: words, a year, a month."""
    text = text_of(cell)
    return len(text) <= TEXTS and bool(not is_figure(text) or is_year(text) or moment_of(cell))


def time_of_name(name: str) -> str:
    """Return the time that the name of a column says: 2024-03, 2024Q1, 2024, or 03 for a month."""
    name = YEAR_MARKED.sub(r"\1", unmarked(name))
    quarter = re.fullmatch(r"(\d{4})[ -]?[TQ]([1-4])|[TQ]([1-4])[ -/]?(\d{4})", name, re.IGNORECASE)
    if quarter:
        return f"{quarter[1] or quarter[4]}Q{quarter[2] or quarter[3]}"
    if spelt := _quarter_in_words(plain(name)):
        return spelt
    if day := re.fullmatch(r"(\d{4}-\d\d)-01|(?:year|a[nñ]i?o|x|y)[ _.]?(\d{4})", name, re.I):
        return day[1] or day[2]
    number = MONTH_NUMBER.get(slug(name))
    return moment_of(name) or (name if is_year(name) else f"{number:02d}" if number else "")


def _quarter_in_words(name: str) -> str:
    for number, said in QUARTERS.items():
        named = rf"(?:{said}) (?:trim(?:estre)?|quarter)|trim(?:estre)? (?:{said})"
        found = re.fullmatch(rf"(?:(\d{{4}}) )?(?:{named})(?: (?:de |del |of )?(\d{{4}}))?", name)
        if found and (found[1] or found[2]):
            return f"{found[1] or found[2]}Q{number}"
    return ""


def year_beside(name: str) -> tuple[str, str]:
    """Return the year that a name begins or ends with, and its other words; empty without both."""
    name, year = YEAR_MARKED.sub(r"\1", unmarked(name)), r"((?:19|20)\d\d)"
    if found := re.fullmatch(rf"{year}[ _](.*[^\W\d].*)|(.*[^\W\d].*?)[ _]{year}", name):
        return found[1] or found[4], (found[2] or found[3]).strip()
    return "", ""


# -- what a column is ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A kind of column: words its name must and must not hold, what its cells are, how many."""

    named: str
    fits: Callable[[str], object]
    least: float = 0.6
    never: str = r"(?!)"

    def takes(self, one: Column) -> bool:
        """Whether a column is of this kind."""
        named = one.says(self.named) and not one.says(self.never)
        return bool(named and one.cells and one.share(self.fits) >= self.least)


#: Columns of time by their names, and what may be mistyped in them rather than be no time.
TIMES: Mapping[str, tuple[str, Callable[[str], object], str]] = {
    "year": (
        r"^(ano|anio|year|ejercicio|periodo|fecha|date|a[a-z ]{0,2}o)$", is_year,
        r"[12][\dOolI]{3}",
    ),
    "day": (DAY, forms, r"\d{1,4}[-/. ]\w{1,10}[-/. ]\d{1,4}"),
    "month": (r"^(mes|month)$", month_number, r"[^\W\d]{3,12}|\d{1,2}"),
}  # fmt: skip

#: What a column may be, each in one or more ways.
KINDS: Mapping[str, tuple[Kind, ...]] = {
    "year": (
        Kind(
            r"^(ano|anio|year|fiscal year|fy|ejercicio|periodos?|fecha|date|sheet|a[a-z ]{0,2}o)"
            r"( |$)",
            is_year,
            never=BORN,
        ),
    ),
    "day": (
        Kind("", lambda text: any("%d" in one for one in forms(text)), never=BORN),
        Kind(DAY, is_serial, never=BORN),
    ),
    "month": (
        Kind(
            r"^(mes|month|periodos?|periods?)( |$)",
            lambda text: month_number(text) or forms(text),
        ),
        Kind(f"{DAY}|\\bmes\\b|\\bmonth\\b", forms, never=BORN),
    ),
    "municipality by code": (
        Kind(TOWN, is_cvegeo),
        Kind(CODE, is_cvegeo, never=STATE),
        Kind(r"^column \d+$", is_cvegeo, 0.8),  # nameless, as INEGI's queries leave it
    ),
    "municipality of a state": (Kind(f"(?=.*({TOWN}))(?=.*({CODE}))", is_digits, 0.8),),
    "municipality": (Kind("", _is_town, 0.8, never=f"{TOWN}|{STATE}"),),
    "state": (Kind(STATE, is_state, never=TOWN),),
    "state by name alone": (
        Kind(
            "",
            lambda text: geography.state_named(text).way == "exact",
            0.8,
            never=f"{TOWN}|{STATE}",
        ),
    ),
    "figure": (Kind("", is_figure, 0.5, never=f"{NO_FIGURE}|{RATE}"),),
}


@dataclass
class Column:
    """A column of the table: its name, and the rows of the body that hold something."""

    at: int
    name: str
    cells: list[tuple[int, Any]]
    kind: str = ""

    def __post_init__(self) -> None:
        self.keep(self.cells)

    def keep(self, cells: list[tuple[int, Any]]) -> None:
        """Take these cells alone; ``distinct`` holds their rows by spelling, in order."""
        self.cells = cells
        self.distinct: dict[str, list[int]] = {}
        for row, cell in cells:
            self.distinct.setdefault(text_of(cell), []).append(row)

    def share(self, fits: Callable[[str], object]) -> float:
        """Return the share of its spellings that fit, those for "not known" aside."""
        known = [one for one in self.distinct if one.lower() not in UNKNOWN][:MANY]
        return sum(map(bool, map(fits, known))) / len(known) if known else 0.0

    def says(self, pattern: str) -> bool:
        """Tell whether its name holds some words."""
        return re.search(pattern, plain(self.name)) is not None

    def is_a(self, kind: str) -> bool:
        """Tell whether it may be of a kind of `KINDS`."""
        return any(one.takes(self) for one in KINDS[kind])

    def mistyped(self, kind: str) -> bool:
        """Tell whether its name says that it is a time, and its cells look like one of `TIMES`."""
        named, fits, written = TIMES[kind]
        alike = self.share(lambda text: fits(text) or re.fullmatch(written, text)) >= 0.5
        sure = any(map(fits, self.distinct)) or kind != "month"
        return self.says(named) and not self.says(BORN) and alike and sure

    @property
    def numeric(self) -> bool:
        """Whether most of it are figures."""
        return self.share(is_figure) >= 0.5

    @property
    def counts_rows(self) -> bool:
        """Whether it holds 1, 2, 3 and so on: the number of each row."""
        texts = [text_of(cell) for _row, cell in self.cells]
        return len(texts) > 2 and texts == [str(n) for n in range(1, len(texts) + 1)]

    @property
    def few(self) -> bool:
        """Whether it holds a few words over and over."""
        n = len(self.distinct)
        ages = self.says(AGE)
        numbered = self.numeric and self.says(NO_FIGURE) and not ages
        return 1 < n <= (130 if ages else 60) and n <= len(self.cells) / 2 and not numbered

    def of(self, texts: Iterable[str]) -> list[tuple[int, int]]:
        """Return its cells that hold some spellings."""
        return [(row, self.at) for text in texts for row in self.distinct[text]]


# -- the grid ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grid:
    """One sheet as its cells, every row as long as the longest."""

    path: Path
    rows: list[list[Any]]
    sheet: str = ""
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    delimiter: str = ""
    #: Of sheets one below the other: the name, its first row here, and what that is less there.
    sheets: tuple[tuple[str, int, int], ...] = ()

    def row(self, at: int, column: str = "") -> str:
        """Name a row, or a cell of it, as its sheet numbers it."""
        name, _first, less = next((one for one in self.sheets[::-1] if one[1] <= at), ("", 0, 0))
        return f"{name}!{column}{at + 1 - less}" if name else f"{column}{at + 1}"

    def where(self, cells: Cells = ()) -> str:
        """Name file, sheet and cells (row and column, from 0) as a spreadsheet does."""
        named = ", ".join(self.row(row, tables.letters(column)) for row, column in cells[:SHOWN])
        more = _(" and {n} more", n=len(cells) - SHOWN) if len(cells) > SHOWN else ""
        sheet = _(", sheet {sheet}", sheet=self.sheet) if self.sheet else ""
        return _("{file}{sheet}{cells}{more}", file=self.path.name, sheet=sheet,
                 cells=f", {named}" if named else "", more=more)  # fmt: skip


#: What old spreadsheets of Spanish wrote in, besides what Windows does.
OLD = ("windows-1252", "cp850", "mac-roman")
SPANISH = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
#: Words with a letter beyond ASCII: such a sign alone is a dash or a bullet.
WORDS = re.compile(
    rb"[A-Za-z\x80-\xff]*(?:[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z])[A-Za-z\x80-\xff]*"
)


def encodings(path: Path) -> dict[str, str]:
    """Return how a text may be written, with its words in each; nothing where there is no doubt.

    There is one where more of its letters beyond ASCII are Spanish in another way than Windows'.
    """
    seen = readers.glance(path)
    if seen.kind == "dbf":
        with files.scratch() as scratch:
            found, raw = tables.dbf_letters(seen, readers.unpack(path, seen.member, scratch))
    elif seen.kind == "csv" and readers.encoding(path, seen.member) == "windows-1252":
        with readers.opened(path, seen.member) as file:
            found, raw = "", file.read()
    else:
        return {}
    words = list(dict.fromkeys(WORDS.findall(raw)))
    shares = {one: _spanish(b"".join(words).decode(one, "latin")) for one in OLD}
    if found or shares[OLD[0]] >= max(shares.values()):
        return {}
    return {one: ", ".join(word.decode(one, "latin") for word in words[:4]) for one in OLD}


def _spanish(text: str) -> float:
    """Return the share of letters of Spanish among those beyond ASCII."""
    odd = [one for one in text if not one.isascii()]
    return sum(one in SPANISH for one in odd) / len(odd) if odd else 1.0


def grids(path: Path, charset: str | None = None) -> list[Grid]:
    """Return every sheet with something like a table in it; `charset` is that of a text."""
    seen = readers.glance(path)
    if seen.kind == "excel":
        found = []
        book = readers.workbook(path, seen.member)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            merged = tuple(sheet.merged_cell_ranges or ())
            found.append(Grid(path, sheet.to_python(skip_empty_area=False), name, merged))
    else:
        found = [_csv(path, seen, charset) if seen.kind == "csv"
                 else Grid(path, _records(path, seen, charset))]  # fmt: skip
    return [one for one in found if header_of(one.rows) is not None]


def below(sheets: Sequence[Grid]) -> Grid | None:
    """Return sheets of one header as a table, their names in a column; None where they differ."""
    heads = [header_of(one.rows) or 0 for one in sheets]
    names = [
        [text_of(cell) for cell in one.rows[at]] for one, at in zip(sheets, heads, strict=True)
    ]
    alike = all(at == heads[0] and name == names[0] for at, name in zip(heads, names, strict=True))
    if not alike or "sheet" in names[0] or any(one.merged for one in sheets):
        return None
    rows = [[*row, ""] for row in sheets[0].rows[: heads[0]]] + [[*names[0], "sheet"]]
    found = []
    for one in sheets:
        found.append((one.sheet, len(rows), len(rows) - heads[0] - 1))
        body = one.rows[heads[0] + 1 :]  # a cell alone is a note
        rows += [[*row, one.sheet if len(not_blank(row)) > 1 else ""] for row in body]
    return Grid(sheets[0].path, rows, sheets=tuple(found))


def _records(path: Path, seen: readers.Glance, charset: str | None) -> list[list[Any]]:
    """Return the records of JSON, Parquet or dBASE under their names."""
    import duckdb

    ways = {"json": "read_json({0}, sample_size = -1)", "parquet": "read_parquet({0})"}
    with duckdb.connect() as con, files.scratch() as scratch:
        plain_file = readers.unpack(path, seen.member, scratch)
        if seen.kind == "dbf":
            return tables.dbf_records(seen, plain_file, charset)
        try:
            found = con.execute(f"FROM {ways[seen.kind].format(readers.quoted(plain_file))}")
            heads = [one[0] for one in found.description or ()]
            rows = [list(row) for row in found.fetchall()]
        except duckdb.Error as error:
            if foreign(error):
                raise
            raise SourceError(
                _("This is no table: {text}", text=str(error).splitlines()[0]),
                where=str(path),
                fix=_("Open it with the program that made it, and save it again; text in UTF-8."),
            ) from error
    if all(isinstance(cell, dict | list) for row in rows for cell in row if cell is not None):
        raise SourceError(
            _("Its records hold no figures but further lists: {names}.", names=", ".join(heads)),
            where=str(path),
            fix=_("Write one of these as a table of its own: a row for each place and time."),
        )
    return [heads, *rows]


def _csv(path: Path, seen: readers.Glance, charset: str | None) -> Grid:
    """Read a text table with the separator that makes most rows equally long."""
    with files.scratch() as scratch:
        plain_file = readers.unpack(path, seen.member, scratch, charset)
        lines = plain_file.read_text("utf-8-sig").splitlines(keepends=True)

    def steady(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines[:200], delimiter=delimiter))
        each = widths.items()
        width, times = max(each, key=lambda p: (p[0] > 1) * p[1] * p[0], default=(0, 0))
        return (times, width) if width > 1 else (0, 0)

    delimiter = max(",;\t|", key=steady)
    rows = list(csv.reader(lines, delimiter=delimiter))
    width = max(map(len, rows), default=0)
    full = [[*(tables.shown(one.strip()) for one in row), *[""] * (width - len(row))]
            for row in rows]  # fmt: skip
    return Grid(path, full, delimiter="" if delimiter == seen.delimiter else delimiter)


def not_blank(row: Sequence[Any]) -> list[int]:
    """Return the columns in which a row holds something."""
    return [at for at, cell in enumerate(row) if text_of(cell)]


def header_of(rows: list[list[Any]]) -> int | None:
    """Return the row of the header, from 0: the last of words above the first of figures."""
    widths = sorted(len(not_blank(row)) for row in rows[:500] if len(not_blank(row)) > 1)
    if not widths:
        return None
    least = max(2, widths[len(widths) // 2] // 2)
    head = None
    for at, row in enumerate(rows[:LOOKED]):
        filled = not_blank(row)
        if len(filled) < least:
            continue
        apart = len(set(_under(rows, at))) >= 0.6 * len(filled)
        words = apart and all(_heads(row[one]) for one in filled)
        if head is not None and not (words and not _dated(row) and _names_columns(rows, at)):
            break
        head = at if words else head
    return head if head is not None and head + 1 < len(rows) else None


def _under(rows: list[list[Any]], at: int) -> list[str]:
    """Return the names of a row; under the groups of the row above, where that one has gaps."""
    above, own = rows[at - 1] if at else [], [text_of(cell) for cell in rows[at]]
    if len(not_blank(above)) < len(not_blank(rows[at])):
        names = tables.joined([text_of(cell) for cell in above], own)
        return [name for name, text in zip(names, own, strict=True) if text]
    return [text for text in own if text]


def _dated(row: Sequence[Any]) -> bool:
    """Whether a row holds a day or month beside other words: it is data, not a header."""
    after = (cell for cell in row[1:] if text_of(cell))
    return any(map(moment_of, row)) and not all(map(moment_of, after))


def _names_columns(rows: list[list[Any]], at: int) -> bool:
    """Whether a row of words names the columns below it rather than being the first of them."""
    below = next((row for row in rows[at + 1 : at + 4] if len(not_blank(row)) > 1), [])
    return any(is_figure(text_of(one)) for one in below) and not any(
        is_figure(text_of(one)) for one in rows[at]
    )
