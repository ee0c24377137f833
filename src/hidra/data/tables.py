"""Own tables of every kind become rows of text: the one table ``raw``, from one or several files.

Which table of a zip or a workbook is meant is asked, never guessed; a cell that holds an error, a
formula without a result or one figure for several rows is named by sheet and cell.
"""

from __future__ import annotations

import csv
import datetime
import decimal
import io
import itertools
import json
import re
import struct
import unicodedata
import zipfile
import zoneinfo
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from hidra.core.errors import SourceError, SpecError, unknown
from hidra.core.i18n import _
from hidra.core.param import NUMBER
from hidra.data.readers import (
    Glance,
    cell_text,
    fold,
    glance,
    glances,
    located,
    separator,
    unpack,
    workbook,
)
from hidra.data.sources.base import note

if TYPE_CHECKING:
    import duckdb

    from hidra.data.spec import Spec


@dataclass(frozen=True)
class Part:
    """One table of a file: where it lies, its header, and its rows as text, numbered as shown."""

    label: str
    names: Mapping[str, str]
    header: Sequence[str]
    rows: Callable[[], Iterable[tuple[int, Sequence[str]]]]

    def at(self, column: str) -> int | None:
        """Return where a column stands: by its name, else by the only one that folds like it."""
        alike = [at for at, name in enumerate(self.header) if name == column] or [
            at for at, name in enumerate(self.header) if fold(name) == fold(column)
        ]
        if len(alike) > 1:
            raise SourceError(
                _("The column name '{twice}' stands twice.", twice=column),
                where=_("{name}, header", name=self.label),
                fix=_("Give every column its own name, or say header_row in the spec."),
            )
        return alike[0] if alike else None


@dataclass(frozen=True)
class Opened:
    """The tables read into ``raw``: every row knows its part and its number there.

    Attributes
    ----------
    name : names of the files, as notes carry them.
    parts : label of each part, and of a workbook the letters of its named columns.
    """

    name: str
    parts: Sequence[tuple[str, Mapping[str, str]]]

    def where(self, at: int, column: str = "") -> str:
        """Return file, sheet, row and cell of a row of ``raw``."""
        label, letters = self.parts[at >> 32]
        row = at & 0xFFFFFFFF
        if column in letters:
            cell = f"{letters[column]}{row}"
            return _("{name}, row {row}, cell {cell}", name=label, row=row, cell=cell)
        return _("{name}, row {row}", name=label, row=row)


REOPEN = _(
    "Open the file at that row and correct it (a separator, a quote, a cut end), or export it "
    "again; say delimiter or header_row in the spec if they differ."
)
BATCH = 50_000  # rows of text that go to DuckDB at a time


def open_table(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], spec: Spec, scratch: Path
) -> Opened:
    """Create the temporary table ``raw`` of one or several files: named columns, all text.

    Columns are ``c0``, ``c1``, ... in the order of ``spec.columns()``, an empty cell null; ``at``
    is what `Opened.where` understands; ``whole`` stands for every cell of the row. Rows count as a
    spreadsheet shows them: the header is row 1 (or ``header_row``). Of Parquet and JSON, which
    have no header line, records count from 1. What stands blank or below the table is left out,
    with a note.

    Raises
    ------
    SourceError
        The file is missing, empty, a web page, cut short or not what its content says.
    SpecError
        A column or sheet of the spec is not in the file, or several tables could be meant.
    """
    kinds = "".join(f", c{number} VARCHAR" for number in range(len(spec.columns())))
    con.execute(f"CREATE OR REPLACE TEMP TABLE raw (spot BIGINT, whole BIGINT{kinds})")
    name = ", ".join(path.name for path in paths)
    parts: list[tuple[str, Mapping[str, str]]] = []
    for number, path in enumerate(paths):
        room = scratch / f"{number}"
        room.mkdir()
        for part in _chosen(list(_parts(path, spec, room)), spec):
            places = _require(part, spec)
            in_book = "sheet" in part.names
            columns = {one: letters(at) for one, at in places.items()} if in_book else {}
            told = {"blank": 0, "below": 0}
            store_texts(con, _taken(part, spec, list(places.values()), told), len(parts))
            parts.append((part.label, columns))
            for kind, words in (("blank", _("Blank rows.")), ("below", _("Below the table."))):
                if told[kind]:
                    note(con, name, "rows left out", words, n=told[kind])
    return Opened(name, parts)


def store_texts(
    con: duckdb.DuckDBPyConnection, rows: Iterable[tuple[int, int, list[str | None]]], part: int
) -> None:
    """Append rows of texts to ``raw``, in batches."""
    import pyarrow as arrow

    rows = iter(rows)
    while batch := list(itertools.islice(rows, BATCH)):
        numbers, wholes, texts = zip(*batch, strict=True)
        arrays = [
            arrow.array([(part << 32) + one for one in numbers], arrow.int64()),
            arrow.array(wholes, arrow.int64()),
            *(arrow.array(one, arrow.string()) for one in zip(*texts, strict=True)),
        ]
        con.register("batch", arrow.table(arrays, [f"t{at}" for at in range(len(arrays))]))
        con.execute("INSERT INTO raw FROM batch")
        con.unregister("batch")


@lru_cache(1 << 16)
def clean(text: str) -> str:
    """Return a cell without what nobody sees: spaces around, marks of order, letters in parts."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text.strip("\ufeff\u200b\xa0 "))


def _taken(
    part: Part, spec: Spec, places: Sequence[int], told: dict[str, int]
) -> Iterator[tuple[int, int, list[str | None]]]:
    """Yield number, hash and named cells of each row that is data; count what is left out."""
    columns = spec.columns()
    keyed = bool(spec.place.columns() or spec.time.columns()) and not spec.count_rows
    down = [columns.index(one) for one in spec.fill_down]
    recode = {
        columns.index(one): {fold(word): meant for word, meant in words.items()}
        for one, words in spec.recode.items()
    }
    above: dict[int, str] = {}
    for number, cells in _above_notes(part, spec, told):
        named = [cells[at] for at in places]
        if keyed and not any(named):
            told["blank"] += 1
            continue
        for at in down:
            named[at] = above[at] = named[at] or above.get(at, "")
        for at, words in recode.items():
            named[at] = words.get(fold(named[at]), named[at])
        yield number, hash(tuple(cells)), [one or None for one in named]


def _above_notes(
    part: Part, spec: Spec, told: dict[str, int]
) -> Iterator[tuple[int, Sequence[str]]]:
    """Yield the rows that hold something, but for those that stand below the table."""
    held: deque[tuple[int, Sequence[str]]] = deque()
    for number, cells in part.rows():
        if spec.last_row and number > spec.last_row:
            told["below"] += any(cells)
            break
        tidy = list(map(clean, cells))
        if not any(tidy):
            told["blank"] += 1
            continue
        held.append((number, tidy))
        if len(held) > spec.footer_rows:
            yield _fitting(part, *held.popleft())
    told["below"] += len(held)


def _fitting(part: Part, number: int, cells: Sequence[str]) -> tuple[int, Sequence[str]]:
    """Refuse a row with more or fewer cells than the header; empty ones at the end are none."""
    width = len(part.header)
    if len(cells) < width or any(cells[width:]):
        raise SourceError(
            _(
                "The file cannot be read: a row has {found} cells, the header {width}.",
                found=len(cells),
                width=width,
            ),
            where=_("{name}, row {row}", name=part.label, row=number),
            fix=_(
                "If the row stands below the table (a note, a source), write last_row: {last} in "
                "the spec, or footer_rows: the number of such rows. If it is data, open the file "
                "at that row and correct it (a separator, a quote, a cut end).",
                last=number - 1,
            )
            if len(cells) < width
            else REOPEN,
        )
    return number, cells


def letters(at: int) -> str:
    """Return the letters of a column of a spreadsheet: 0 is A, 26 is AA."""
    return ("" if at < 26 else letters(at // 26 - 1)) + chr(65 + at % 26)


def _require(part: Part, spec: Spec) -> dict[str, int]:
    """Return where each named column stands."""
    places = {}
    for name in spec.columns():
        at = part.at(name)
        if at is None:
            where = _("{name}, row {row} (header)", name=part.label, row=spec.header_row)
            error = unknown(_("column"), name, part.header, where=where)
            columns = ", ".join(part.header[:30])
            error.fix = _(
                "{fix} The columns of the file are: {columns}.", fix=error.fix, columns=columns
            )
            raise error
        places[name] = at
    return places


def _chosen(parts: list[Part], spec: Spec) -> list[Part]:
    """Return the tables that are meant: those asked for, else the only one that fits."""
    asked = {"member": spec.member, "sheet": spec.sheet}
    for key, wanted in asked.items():
        there = [part.names[key] for part in parts if key in part.names]
        for name in wanted if there else ():
            if name not in there:
                raise unknown(
                    _("table") if key == "member" else _("sheet"), name, there,
                    where=_("{name}, row 1", name=parts[0].label.partition(" > ")[0]),
                )  # fmt: skip
        if wanted and there:
            parts = [part for part in parts if part.names[key] in wanted]
    open_ = [
        key
        for key, wanted in asked.items()
        if not wanted and len({part.names.get(key) for part in parts}) > 1
    ]
    if not open_:
        return parts
    fitting = [part for part in parts if all(part.at(one) is not None for one in spec.columns())]
    if len(fitting) > 1:
        key = next(key for key in open_ if len({part.names.get(key) for part in fitting}) > 1)
        names = ", ".join(part.names[key] for part in fitting)
        raise SpecError(
            _("Several tables have these columns: {names}.", names=names),
            where=fitting[0].label.partition(" > ")[0],
            fix=_(
                "Say in the spec which is meant, {key}: {first}; or, if they are parts of one "
                "series, all of them: {key}: [{names}].",
                key=key,
                first=fitting[0].names[key],
                names=names,
            ),
        )
    return fitting or parts[:1]


def _parts(path: Path, spec: Spec, scratch: Path) -> Iterator[Part]:
    """Yield every table of a file: each member of a zip, each sheet of a workbook."""
    first = glance(path)
    for seen in glances(path) if first.member else (first,):
        names = {"member": seen.member} if seen.member else {}
        plain = unpack(path, seen.member, scratch, spec.encoding)
        if seen.kind == "excel":
            yield from _sheets(seen, plain, names, spec)
        elif seen.kind in TEXTS:
            header, rows = TEXTS[seen.kind](seen, plain, spec)
            yield Part(located(seen), names, _named(header), rows)


def joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return a header of two rows as one: a group above stands before its columns."""
    found, group = [], ""
    for at, name in enumerate(lower):
        above = upper[at].strip() if at < len(upper) else ""
        group = above or (group if name.strip() else "")
        found.append(f"{group} {name}".strip())
    return found


def _named(header: Sequence[str]) -> list[str]:
    return [clean(name) or f"column_{at}" for at, name in enumerate(header)]


Texts = tuple[Sequence[str], Callable[[], Iterable[tuple[int, Sequence[str]]]]]


def _csv_rows(seen: Glance, plain: Path, spec: Spec) -> Texts:
    with plain.open(encoding="utf-8-sig", newline="") as file:
        line = next(itertools.islice(file, spec.header_row - 1, None), "")
    told = re.fullmatch(r"sep=(.)\s*", line, re.IGNORECASE)  # Excel's first line, never shown
    above = spec.header_row - 1 + bool(told)

    def rows(delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows from the header on, with their numbers in the file."""
        number = spec.header_row - 1
        with plain.open(encoding="utf-8-sig", newline="") as file:
            for _line in itertools.islice(file, above):
                pass
            lines = csv.reader(file, delimiter=delimiter, strict=True)
            try:
                for number, cells in enumerate(lines, spec.header_row):
                    yield number, [*map(shown, cells)]
            except csv.Error as error:
                raise unreadable(seen, f"{error}", number + 1) from error

    delimiter = spec.delimiter or (told.group(1) if told else separator(line))
    header = next(rows(delimiter), (0, []))[1]
    if not any(map(str.strip, header)):
        raise SourceError(
            _("There is no header."),
            where=_("{name}, row {header_row} (header)", name=located(seen), header_row=above + 1),
            fix=_("Say in header_row of the spec in which row the names of the columns stand."),
        )
    while not header[-1].strip():
        header.pop()
    if spec.header_rows == 2:
        with plain.open(encoding="utf-8-sig", newline="") as file:
            lines = csv.reader(itertools.islice(file, above), delimiter=delimiter)
            header = joined(deque(lines, maxlen=1).pop(), header)
    return header, lambda: itertools.islice(rows(delimiter), 1, None)


def shown(cell: str) -> str:
    """Return a cell of a text as a spreadsheet shows it: ``="01"`` keeps the zero of a code."""
    return cell[2:-1] if cell[:2] == '="' and cell[-1] == '"' and len(cell) > 2 else cell


def unreadable(seen: Glance, trouble: str, row: int) -> SourceError:
    """Say at which row a text cannot be read on."""
    return SourceError(
        _("The file cannot be read: {trouble}", trouble=trouble[:200]),
        where=_("{name}, row {row}", name=located(seen), row=row),
        fix=REOPEN,
    )


def _own_cell(cell: Any, spec: Spec) -> str:
    """Return a typed cell as text; numbers with the decimal mark of the spec, as texts have it."""
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    if isinstance(cell, float | decimal.Decimal) and cell != cell // 1:
        return str(cell).replace(".", spec.decimal_mark)
    if isinstance(cell, decimal.Decimal):
        return str(int(cell))
    return cell_text(cell) or ""


def _parquet_rows(seen: Glance, plain: Path, spec: Spec) -> Texts:
    from pyarrow import parquet

    file = parquet.ParquetFile(plain)
    schema = file.schema_arrow
    for name in spec.time.columns():
        zone = getattr(schema.field(name).type, "tz", None) if name in schema.names else None
        if zone and not spec.time.zone:
            raise SourceError(
                _("'{name}' holds moments of the time zone {zone}.", name=name, zone=zone),
                where=_("{name}, column {column}", name=seen.path.name, column=name),
                fix=_(
                    "Say in time of the spec whose day is meant: zone: America/Mexico_City, or "
                    "zone: {zone} for the day as it is stored.",
                    zone=zone,
                ),
            )

    def rows() -> Iterator[tuple[str, ...]]:
        for batch in file.iter_batches(BATCH):
            columns = [[_text_at(one, spec) for one in each.to_pylist()] for each in batch.columns]
            yield from zip(*columns, strict=True)

    return schema.names, lambda: enumerate(rows(), 1)


def _text_at(cell: Any, spec: Spec) -> str:
    """Return a cell as text; of a moment with a zone the day in the zone of the spec."""
    if isinstance(cell, datetime.datetime) and cell.tzinfo:
        cell = cell.astimezone(zoneinfo.ZoneInfo(spec.time.zone or "UTC"))
    return _own_cell(cell, spec)


def _json_rows(seen: Glance, plain: Path, spec: Spec) -> Texts:
    mark = spec.decimal_mark
    text = plain.read_text(encoding="utf-8-sig")
    how: dict[str, Any] = {
        "parse_int": str,
        "parse_float": lambda text: re.sub(r"\.0+$", "", text).replace(".", mark),
        "parse_constant": str,
        "object_pairs_hook": lambda pairs: _keys_once(seen, pairs),
    }
    try:
        try:
            whole = json.loads(text, **how)
        except json.JSONDecodeError as error:
            if not error.msg.startswith("Extra data"):
                raise
            whole = [json.loads(line, **how) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise unreadable(seen, error.msg, error.lineno) from error
    records = _records(seen, whole, spec)
    header = list(dict.fromkeys(key for record in records for key in record))
    cells = [[_json_text(record.get(key)) for key in header] for record in records]
    return header, lambda: enumerate(cells, 1)


def _keys_once(seen: Glance, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise unreadable(seen, _("a record names a key twice."), 1)
    return found


def _json_text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def _records(seen: Glance, whole: Any, spec: Spec) -> list[dict[str, Any]]:
    """Return the records of a JSON text: a list of them, or the one that lies under some key."""
    if isinstance(whole, dict) and whole and not any(map(_deep, whole.values())):
        return [whole]
    found = dict(_lists_of_records(whole, ""))
    if spec.records is not None and spec.records not in found:
        raise unknown(_("key"), spec.records, found, where=seen.path.name)
    if spec.records is None and len(found) != 1:
        raise SpecError(
            _("{n} lists of records are in this JSON.", n=len(found)),
            where=seen.path.name,
            fix=_("Say which in the spec, records: one of {names}.", names=", ".join(found))
            if found
            else _('Write it as a list of records: [{"year": 2024, ...}, ...].'),
        )
    return found[next(iter(found)) if spec.records is None else spec.records]


def _lists_of_records(value: Any, path: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        features = [one.get("properties") for one in value]  # GeoJSON
        yield path, features if all(isinstance(one, dict) for one in features) else value
    elif isinstance(value, dict):
        columns = [one for one in value.values() if isinstance(one, list)]
        flat = not any(_deep(cell) for column in columns for cell in column)
        if columns and len(columns) == len(value) and flat:
            if len({len(one) for one in columns}) == 1:
                rows = zip(*columns, strict=True)
                yield path, [dict(zip(value, row, strict=True)) for row in rows]
            return
        for key, inner in value.items():
            yield from _lists_of_records(inner, f"{path}.{key}" if path else key)


def _deep(value: Any) -> bool:
    return isinstance(value, dict | list)


GET_AGAIN = _("Get it again, or open it in a spreadsheet and save it as .xlsx.")
#: Letters of a dBASE table by the byte of its header that says so; where there is none, or another,
#: they are found out as those of a text.
WRITTEN = {0x03: "windows-1252", 0x57: "windows-1252", 0x58: "windows-1252", 0x59: "windows-1252",
           0x04: "mac-roman", 0x01: "cp437", 0x18: "cp437", 0x1B: "cp437",
           0x02: "cp850", 0x14: "cp850", 0x37: "cp850"}  # fmt: skip


def dbf_records(seen: Glance, plain: Path, charset: str | None = None) -> list[list[Any]]:
    """Return names and records of a dBASE table, those deleted and memos left out.

    Raises
    ------
    SourceError
        It is cut short or damaged.
    """
    fields, records = _dbf_parts(seen, plain)
    letters = charset or dbf_letters(seen, plain)[0] or "windows-1252"
    try:
        rows = [[_dbf_cell(kind, one[cut], letters) for _name, kind, cut in fields]
                for one in records if one[:1] != b"*"]  # fmt: skip
    except struct.error as error:
        raise _dbf_damaged(seen) from error
    return [[name.decode(letters, "latin") for name, *_rest in fields], *rows]


Field = tuple[bytes, str, slice]  # name, kind, where in a record


def _dbf_parts(seen: Glance, plain: Path) -> tuple[list[Field], list[bytes]]:
    data = plain.read_bytes()
    fields, at = [], 1
    try:
        count, start, width = struct.unpack("<IHH", data[4:12])
        for head in range(32, start - 31, 32):
            if data[head] == 0x0D:
                break
            name = data[head : head + 11].partition(b"\0")[0]
            fields.append((name, chr(data[head + 11]), slice(at, at := at + data[head + 16])))
    except (IndexError, struct.error) as error:
        raise _dbf_damaged(seen) from error
    if not fields or at != width:
        raise _dbf_damaged(seen)
    there = (len(data) - start) // width
    if there < count:
        raise SourceError(
            _("The DBF announces {rows:,} rows and holds {there:,}: it is cut short.",
              rows=count, there=there),
            where=_("{where}, row {there}", where=located(seen), there=there + 1), fix=GET_AGAIN,
        )  # fmt: skip
    return fields, [data[one : one + width] for one in range(start, start + count * width, width)]


def _dbf_damaged(seen: Glance) -> SourceError:
    return SourceError(_("The DBF table cannot be read."), where=located(seen), fix=GET_AGAIN)


def dbf_letters(seen: Glance, plain: Path) -> tuple[str, bytes]:
    """Return the encoding of a dBASE table and its texts; none where nothing tells it.

    It is told by the .cpg beside, by the texts where they are UTF-8, by the header.
    """
    fields, records = _dbf_parts(seen, plain)
    texts = b"\n".join([name for name, *_rest in fields]
                       + [one[cut] for one in records for _name, kind, cut in fields
                          if kind == "C"])  # fmt: skip
    cpg, told = Path(seen.member or seen.path).with_suffix(".cpg"), ""
    with suppress(OSError, KeyError):
        if seen.member:
            with zipfile.ZipFile(seen.path) as archive:
                told = archive.read(cpg.as_posix()).decode("ascii", "ignore").strip()
        else:
            told = cpg.read_text("ascii", "ignore").strip()
    digits = re.sub(r"\D", "", told)
    told = "windows-1252" if digits.startswith("8859") else f"cp{digits}" if digits[2:] else told
    with plain.open("rb") as file:
        said = WRITTEN.get(file.read(30)[29])
    for one in filter(None, (told, "utf-8", said)):
        with suppress(LookupError, UnicodeDecodeError):
            texts.decode(one, "strict" if one.startswith("utf") else "latin")
            return one, texts
    return "", texts


def _dbf_cell(kind: str, raw: bytes, letters: str) -> Any:
    """Return a cell of a dBASE table: a number, a day, or a text; None for what is none of them."""
    if kind in ("B", "I"):
        return struct.unpack("<d" if kind == "B" else "<i", raw)[0]
    text = raw.decode(letters, "latin").strip(" \0") if kind in "CDFLN" else ""
    found: Any = text or None
    if kind == "L":
        found = {"T": 1, "Y": 1, "F": 0, "N": 0}.get(text.upper())
    elif kind == "D" and re.fullmatch(r"\d{8}", text):
        found = f"{text[:4]}-{text[4:6]}-{text[6:]}" if text != "00000000" else None
    elif kind in "FN" and NUMBER.fullmatch(text):
        found = decimal.Decimal(text)
    return found


def _dbf_rows(seen: Glance, plain: Path, spec: Spec) -> Texts:
    names, *records = dbf_records(seen, plain, spec.encoding)
    rows = [[_own_cell(cell, spec) for cell in one] for one in records]
    return names, lambda: enumerate(rows, 1)


TEXTS = {"csv": _csv_rows, "dbf": _dbf_rows, "json": _json_rows, "parquet": _parquet_rows}


def _sheets(seen: Glance, plain: Path, names: Mapping[str, str], spec: Spec) -> Iterator[Part]:
    """Yield the sheets of a workbook that reach to the header row."""
    book = workbook(plain)
    broken = uncomputed(plain)
    found = 0
    for name in book.sheet_names:
        if spec.sheet and name not in spec.sheet and not seen.member:
            found += 1
            yield Part(f"{located(seen)} > {name}", {**names, "sheet": name}, [], list)
            continue
        sheet = book.get_sheet_by_name(name)
        rows = sheet.to_python(skip_empty_area=False)
        if len(rows) <= spec.header_row and name not in spec.sheet:
            continue
        if len(rows) <= spec.header_row:
            found = 0
            break
        found += 1
        label = f"{located(seen)} > {name}"
        for (row, column), text in broken.get(name, {}).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = text
        upper = rows[spec.header_row - 2] if spec.header_rows == 2 else []
        header = joined(*([cell_text(cell) or "" for cell in row]
                          for row in (upper, rows[spec.header_row - 1])))  # fmt: skip
        _fill_merged(rows, sheet.merged_cell_ranges or (), header, spec, label)
        numbered = enumerate(rows[spec.header_row :], spec.header_row + 1)
        texts = [(number, [_own_cell(cell, spec) for cell in row]) for number, row in numbered]
        header = _named(header)
        if "sheet" in spec.columns() and "sheet" not in header:  # its name says the year
            header.append("sheet")
            texts = [(number, [*row, name if any(row) else ""]) for number, row in texts]
        yield Part(label, {**names, "sheet": name}, header, partial(iter, texts))
    if not found and not seen.member:
        raise SpecError(
            _("No sheet has a row after the header."),
            where=_("{name}, row {header_row}", name=located(seen), header_row=spec.header_row),
            fix=_(
                "Say sheet (one of: {names}) or header_row in the spec.",
                names=", ".join(book.sheet_names),
            ),
        )


def _fill_merged(
    rows: list[list[Any]],
    ranges: Iterable[tuple[tuple[int, int], tuple[int, int]]],
    header: Sequence[str],
    spec: Spec,
    label: str,
) -> None:
    """Give every cell of a merged one its value; but a figure there is of no one row."""
    figures = {one.column for one in spec.values} | {*spec.time.side_by_side()}
    for (top, left), (bottom, right) in ranges:
        if top < spec.header_row or top >= len(rows):
            continue
        text = _own_cell(rows[top][left], spec)
        if text and figures.intersection(header[left : right + 1]):
            cell = f"{letters(left)}{top + 1}:{letters(right)}{bottom + 1}"
            raise SourceError(
                _("The figure '{text}' stands in a merged cell.", text=text),
                where=_("{name}, cell {cell}", name=label, cell=cell),
                fix=_("Unmerge the cell in the file and write the figure where it belongs."),
            )
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])


def uncomputed(plain: Path) -> dict[str, dict[tuple[int, int], str]]:
    """Return the cells of a workbook that hold an error or a formula without a result.

    calamine gives them as empty, which would be unknown. By sheet, row and column, from 0: the
    error as shown (``#N/A``), or the formula (``=2+3``). Old .xls files keep every result.
    """
    if not zipfile.is_zipfile(plain):
        return {}
    with zipfile.ZipFile(plain) as archive:
        there = set(archive.namelist())
        if "content.xml" in there:
            return _open_document(archive)
        if "xl/workbook.xml" not in there:
            return {}
        targets = {
            one.get("Id"): one.get("Target", "")
            for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        found = {}
        for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{SHEETS}sheet"):
            target = targets.get(one.get(RELATION), "").removeprefix("/").removeprefix("xl/")
            if f"xl/{target}" in there:
                found[one.get("name", "")] = dict(_flawed(archive.read(f"xl/{target}")))
        return found


SHEETS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _flawed(sheet: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    if b'"e"' not in sheet and b"<f" not in sheet and b":f" not in sheet:
        return
    for _event, cell in ElementTree.iterparse(io.BytesIO(sheet)):
        if cell.tag != f"{SHEETS}c":
            continue
        result, formula = cell.findtext(f"{SHEETS}v"), cell.find(f"{SHEETS}f")
        letters, row = re.fullmatch(r"([A-Z]+)(\d+)", cell.get("r", "A1")).groups()  # type: ignore[union-attr]
        column = reduce(lambda n, letter: 26 * n + ord(letter) - 64, letters, 0) - 1
        if cell.get("t") == "e":
            yield (int(row) - 1, column), result or "#ERROR"
        elif formula is not None and not result and cell.get("t") != "str":
            yield (int(row) - 1, column), f"={formula.text or ''}"
        cell.clear()


OPEN = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"


def _open_document(archive: zipfile.ZipFile) -> dict[str, dict[tuple[int, int], str]]:
    table, office = OPEN % "table", OPEN % "office"
    document = ElementTree.fromstring(archive.read("content.xml"))
    found: dict[str, dict[tuple[int, int], str]] = {}
    for sheet in document.iter(f"{table}table"):
        cells = found.setdefault(sheet.get(f"{table}name", ""), {})
        row = 0
        for line in sheet.iter(f"{table}table-row"):
            column = 0
            for cell in line:
                formula, shown = cell.get(f"{table}formula"), "".join(cell.itertext())
                if formula and (
                    shown.startswith(("#", "Err:")) or not cell.get(f"{office}value-type")
                ):
                    cells[row, column] = shown or f"={formula.rpartition('=')[2]}"
                column += int(cell.get(f"{table}number-columns-repeated", 1))
            row += int(line.get(f"{table}number-rows-repeated", 1))
    return found
