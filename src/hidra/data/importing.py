"""Your own data: a tidy table and its description become rows of the panel.

The table is read as text; every distinct place, moment and measure name is understood once, by
pure functions of its spelling; the rest is SQL. The first thing that cannot be understood stops the
import with its file, row and cure, and the panel stays as it was. At the end is said what could not
be placed or dated, and declared zeros are written out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hidra.core import files, place
from hidra.core.errors import SourceError, SpecError
from hidra.core.i18n import _
from hidra.data import geography
from hidra.data.home import sha256
from hidra.data.keeping import Receipt, Supply, keep, writing
from hidra.data.panel import COUNTED
from hidra.data.readers import identifier, open_table, quoted
from hidra.data.sources.base import note, start
from hidra.data.spec import MONTH, Spec, TimeColumns, Value

if TYPE_CHECKING:
    import duckdb

MONTHS_WRITTEN = (
    ("enero", "ene", "january", "jan"), ("febrero", "feb", "february"),
    ("marzo", "mar", "march"), ("abril", "abr", "april", "apr"), ("mayo", "may"),
    ("junio", "jun", "june"), ("julio", "jul", "july"), ("agosto", "ago", "august", "aug"),
    ("septiembre", "setiembre", "sep", "september"), ("octubre", "oct", "october"),
    ("noviembre", "nov", "november"), ("diciembre", "dic", "december", "dec"),
)  # fmt: skip
MONTH_NUMBER = {word: at for at, words in enumerate(MONTHS_WRITTEN, 1) for word in words}
WIDTH = {"nation": 2, "state": 2, "municipality": 5}
PERIOD = re.compile(rf"({MONTH})(?!\d)")


@dataclass(frozen=True)
class When:
    """A moment of the panel; ``known`` says how much of it is."""

    month: str
    period: str
    known: Literal["all", "year", "nothing"] = "all"


def slug(text: str) -> str:
    """Return words as part of a measure name: small letters, digits, underscores."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(mark for mark in plain if not unicodedata.combining(mark)).lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "unknown"


def place_code(text: str, level: str | None) -> str:
    """Return the text code of a place, its lost zeros put back.

    Raises
    ------
    ValueError
        It is no code, or its length does not say whether it is a state or a municipality.
    """
    digits = re.sub(r"\.0$", "", text.strip())
    if not digits.isascii() or not digits.isdigit():
        return _state_named(digits, level)
    wanted = [WIDTH[level]] if level else [2, 5]
    if level and len(digits) < wanted[0]:
        digits = digits.zfill(wanted[0])
    elif len(digits) + 1 in wanted:  # one or four digits: a zero was lost, no doubt where
        digits = f"0{digits}"
    if len(digits) not in wanted:
        raise ValueError(
            _("a {level} has {n} digits", level=level, n=wanted[0])
            if level
            else _("say level: state or municipality")
        )
    if geography.kind_of(digits) == "unknown" and digits[:2] not in geography.LAST_NUMBER:
        raise ValueError(_("there is no such state: 01 to 32, 00 the nation, 33 unknown or abroad"))
    return digits


def _state_named(name: str, level: str | None) -> str:
    """Return the code of a state or the nation written by its name."""
    try:
        if level == "municipality":
            raise ValueError(
                _("a municipality is told by its INEGI code, such as 08037: names repeat")
            )
        return place.find(name).code
    except SpecError as error:
        raise ValueError(
            _(
                "it is no INEGI code of digits, such as 08 or 08037, and no state has this "
                "name ({fix})",
                fix=error.fix,
            )
        ) from error


def moment(key: str, time: TimeColumns) -> When:
    """Return the moment of a row from the texts of its time columns, joined by ``|``.

    Raises
    ------
    ValueError
        It is no month, quarter, year or date.
    """
    parts = [re.sub(r"\.0$", "", part.strip()) for part in key.split("|")]
    if time.year is None:
        return _written(parts[0], time)
    year = parts[0]
    if year in time.unknown_years:
        return When("", "month" if len(parts) > 1 else "year", "nothing")
    if not re.fullmatch(r"(18|19|20)\d\d", year):
        raise ValueError(_("'{year}' is no year; unknown_years: [{year}] sets it aside", year=year))
    if time.quarter:
        quarter = re.sub(r"^[QqTt]", "", parts[1])
        if quarter not in ("1", "2", "3", "4"):
            raise ValueError(_("'{quarter}' is no quarter: 1 to 4", quarter=parts[1]))
        return When(f"{year}-{3 * int(quarter) - 2:02d}", "quarter")
    if len(parts) == 1:
        return When(f"{year}-01", "year")
    if parts[1] in time.unknown_months:
        return When(f"{year}-01", "year", "year")
    return When(f"{year}-{_month_number(parts[1]):02d}", "month")


def _month_number(text: str) -> int:
    if slug(text) in MONTH_NUMBER:
        return MONTH_NUMBER[slug(text)]
    if not re.fullmatch(r"0?[1-9]|1[0-2]", text):
        raise ValueError(
            _("'{text}' is no month; unknown_months: ['{text}'] sets it apart", text=text)
        )
    return int(text)


def _written(text: str, time: TimeColumns) -> When:
    """Read one column or fixed text: 2024-03, 2024-03-17, 2024, 2024Q2, or a span of words."""
    if text in time.unknown_months or text in time.unknown_years:
        return When("", "month", "nothing")
    whole = re.fullmatch(rf"({MONTH})(-\d\d)?([ T].*)?", text)
    if time.month or time.date:
        if not whole:
            if time.month:
                raise ValueError(_("'{text}' is no month: write YYYY-MM", text=text))
            raise ValueError(_("'{text}' is no date: write YYYY-MM-DD", text=text))
        return When(whole.group(1), "month")
    return _span(text)


def _span(text: str) -> When:
    """Read a period as published: a month, a year, a quarter, or words that begin with one."""
    if re.fullmatch(MONTH, text):
        return When(text, "month")
    if re.fullmatch(r"\d{4}", text):
        return When(f"{text}-01", "year")
    quarter = re.fullmatch(r"(\d{4})[ -]?[QT]([1-4])", text)
    if quarter:
        return When(f"{quarter.group(1)}-{3 * int(quarter.group(2)) - 2:02d}", "quarter")
    first = PERIOD.match(text)
    if first or re.match(r"\d{4}(?!\d)", text):
        return When(first.group(1) if first else f"{text[:4]}-01", text)
    raise ValueError(_("'{text}' does not begin with a year", text=text))


STEP = {"month": 1, "quarter": 3, "year": 12}


def report_times(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Note what has no month or no year, with its total."""
    rows = con.execute(
        "SELECT known, count(*), sum(value) FROM cells JOIN time_keys ON key = time_key "
        "WHERE known <> 'all' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    for known, rows_, total in rows:
        if known == "year":
            detail = _(
                "Month unknown: {total:g} in all, kept as annual measures _month_unknown.",
                total=total,
            )
        else:
            detail = _(
                "Year unknown: {total:g} in all, not in the panel, which needs a date.", total=total
            )
        note(con, file, "unknown date", detail, n=rows_)


def report_places(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Note every code no catalogue knows, and what stands for no municipality or abroad."""
    known = geography.known_codes(con)
    places = con.execute(
        "SELECT place, count(*), sum(value) FROM incoming GROUP BY place ORDER BY place"
    ).fetchall()
    apart = {"bucket": [0, 0], "abroad": [0, 0]}
    for code, rows, total in places:
        kind = geography.kind_of(code, known)
        if kind == "unknown":
            detail = _(
                "{code} is in no catalogue; kept as it is (total {total:g}).",
                code=code,
                total=total or 0,
            )
            note(con, file, "code unknown", detail, n=rows)
        elif kind in apart:
            apart[kind][0] += rows
            apart[kind][1] += total or 0
    words = {"bucket": "in a state, municipality not given", "abroad": "abroad or unknown"}
    for kind, (rows, total) in apart.items():
        if rows:
            note(
                con,
                file,
                "count",
                _("Total {total:g} {words}.", total=total, words=words[kind]),
                n=rows,
            )


def write_zeros(con: duckdb.DuckDBPyConnection, file: str) -> None:
    """Write out the zeros of a sparse table, for the places of every state that stands in it."""
    dated = "FROM incoming WHERE NOT ends_with(measure, '_month_unknown')"
    spans = con.execute(f"SELECT period, min(month), max(month) {dated} GROUP BY 1").fetchall()
    months = [
        (period, month)
        for period, first, last in spans
        for month in months_between(first, last, period)
    ]
    seen = dict(con.execute("SELECT place, min(month) FROM incoming GROUP BY 1").fetchall())
    table(con, "grid_month", ["period", "month"], months)
    table(con, "grid_place", ["place", "since"], places_to_fill(seen, geography.known_codes(con)))
    before = count(con, "incoming")
    con.execute(
        f"""
        INSERT INTO incoming
        WITH kinds AS (SELECT DISTINCT measure, source, concept, vintage, period, unit {dated}),
             status_then AS (SELECT month, any_value(status) AS status FROM incoming GROUP BY 1)
        SELECT place, month, measure, 0, source, concept, vintage,
               coalesce(status_then.status, 'final'), period, unit
        FROM kinds JOIN grid_month USING (period) CROSS JOIN grid_place
             LEFT JOIN status_then USING (month)
             ANTI JOIN incoming USING (place, month, measure)
        WHERE grid_place.since <= grid_month.month
        """
    )
    filled = count(con, "incoming") - before
    note(con, file, "count", _("Absent rows written out as zero (missing_means: zero)."), n=filled)


def months_between(first: str, last: str, period: str) -> list[str]:
    """Return the first months of all periods from ``first`` to ``last``, both included.

    >>> months_between("2019-10", "2020-04", "quarter")
    ['2019-10', '2020-01', '2020-04']
    """
    number = {month: 12 * int(month[:4]) + int(month[5:]) - 1 for month in (first, last)}
    every = range(number[first], number[last] + 1, STEP[period])
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in every]


def places_to_fill(seen: dict[str, str], known: frozenset[str]) -> list[tuple[str, str]]:
    """Return places that get zeros and from which month on.

    All municipalities of every state of which the table names one, all states where it names a
    state, and every code it uses. A municipality made by a split gets zeros only from its first
    row on: before it existed its people were counted in another one.

    Parameters
    ----------
    seen : dict
        Codes of the table and their first months.
    known : frozenset of str
        Municipal codes of the catalogue.
    """
    with_municipalities = {code[:2] for code in seen if len(code) == 5}
    wanted = {code for code in known if code[:2] in with_municipalities} | set(seen)
    if any(code in geography.LAST_NUMBER for code in seen):
        wanted |= set(geography.states())
    return [
        (code, seen.get(code, "9999") if code in geography.PARENTS else "")
        for code in sorted(wanted)
    ]


def table(
    con: duckdb.DuckDBPyConnection, name: str, columns: list[str], rows: Sequence[Sequence[object]]
) -> None:
    """Create a temporary table of texts from rows."""
    import pandas as pd

    con.register("rows", pd.DataFrame(rows, columns=columns, dtype="object"))
    kinds = ", ".join(f"{column}::VARCHAR AS {column}" for column in columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {kinds} FROM rows")
    con.unregister("rows")


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the number of rows of a table."""
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def import_table(path: Path, spec: Spec, *, spec_text: str = "", replace: bool = False) -> Receipt:
    """Bring one table into the panel.

    Parameters
    ----------
    path : Path
        CSV (also zipped), Parquet, Excel or JSON.
    spec : Spec
        Its description.
    spec_text : str
        The description as written, kept with the rows.

    Raises
    ------
    SpecError, SourceError, PanelError
        With file, row and cure; nothing was kept.
    """
    with writing() as con, files.scratch() as scratch:
        rows_from_table(con, path, spec, scratch)
        supply = Supply(
            spec.source, spec.cut, spec.title, spec.publisher, spec.terms,
            spec.citation or f"{spec.publisher}: {spec.title}. Accessed {spec.accessed}.",
            spec.address, spec.accessed, path.name, sha256(path), spec_text,
        )  # fmt: skip
        return keep(con, supply, replace=replace)


def rows_from_table(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec, scratch: Path) -> None:
    """Create ``incoming`` and ``incoming_notes`` from a table and its description."""
    start(con)
    open_table(con, path, spec, scratch)
    _filter(con, path, spec)
    _once(con, path, spec)
    _cells(con, spec)
    _understand_places(con, path, spec)
    _understand_times(con, path, spec)
    _understand_measures(con, spec)
    if not (spec.sum_over or spec.count_rows):
        _refuse_twice(con, path)
    _understand_values(con, path, spec)
    _assemble(con, spec)
    report_times(con, path.name)
    report_places(con, path.name)
    if spec.missing_means == "zero":
        write_zeros(con, path.name)


def _filter(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    before = count(con, "raw")
    for column, wanted in spec.where.items():
        con.execute(
            f"DELETE FROM raw WHERE {identifier(column)} IS NULL "
            f"OR NOT list_contains(?, trim({identifier(column)}))",
            [wanted],
        )
    left_out = before - count(con, "raw")
    if left_out:
        words = "; ".join(f"{key} is not {' or '.join(kept)}" for key, kept in spec.where.items())
        note(
            con,
            path.name,
            "rows left out",
            _("Filtered by the spec: {words}.", words=words),
            n=left_out,
        )


def _once(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    """Take rows that say the same in every named column once, where the spec allows it."""
    if spec.identical_rows != "once":
        return
    before = count(con, "raw")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE raw AS SELECT min(file_row) AS file_row, "
        "* EXCLUDE (file_row) FROM raw GROUP BY ALL"
    )
    if before > count(con, "raw"):
        n = before - count(con, "raw")
        note(con, path.name, "rows left out", _("Identical to another row."), n=n)


def _refuse_twice(con: duckdb.DuckDBPyConnection, path: Path) -> None:
    """A place, month and measure stands once: otherwise sums would count it twice."""
    twice = con.execute(
        "SELECT place, min(time_key), measure, count(*), min(file_row), max(file_row) FROM cells "
        "JOIN place_keys AS places ON places.key = place_key "
        "JOIN time_keys AS times ON times.key = time_key "
        "JOIN measure_keys AS measures ON measures.key = measure_key WHERE known <> 'nothing' "
        "GROUP BY place, month, period, measure "
        "HAVING count(*) > 1 ORDER BY min(file_row) LIMIT 1"
    ).fetchone()
    if twice:
        place, time, measure, times, first, last = twice
        raise SourceError(
            _(
                "{times} rows give '{measure}' for place {place}, time {time}.",
                times=times,
                measure=measure,
                place=place,
                time=time.replace("|", ", "),
            ),
            where=_("{name}, rows {first} and {last}", name=path.name, first=first, last=last),
            fix=_(
                "Say in the spec what tells the rows apart (split_by), or that they "
                "are parts of one figure (sum_over), or, if the file repeats itself, "
                "identical_rows: once."
            ),
        )


def _cells(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    """Create ``cells``: one row per figure, its keys and value still as written."""
    place = spec.place
    code = quoted(place.fixed) if place.fixed else _text(place.column or "")
    unit = f"trim({identifier(spec.unit_column)})" if spec.unit_column else "NULL"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE cells (file_row BIGINT, place_key VARCHAR, "
        "time_key VARCHAR, measure_key VARCHAR, written VARCHAR, unit VARCHAR)"
    )
    for at, value in enumerate(spec.values):
        names = ([spec.measure_column] if spec.measure_column else []) + spec.split_by
        measure = " || '|' || ".join([f"'{at}'", *(f"coalesce({_text(one)}, '')" for one in names)])
        for time, column in _times(spec, value):
            written = "'1'" if column is None else _text(column)
            con.execute(
                f"INSERT INTO cells SELECT file_row, coalesce({code}, ''), {time}, {measure}, "
                f"{written}, {unit} FROM raw"
            )


def _times(spec: Spec, value: Value) -> list[tuple[str, str | None]]:
    """Return pairs of the SQL of the time key and the column holding the value."""
    time = spec.time
    if time.fixed:
        return [(quoted(time.fixed), value.column)]
    if time.months:
        return [
            (f"coalesce({_text(time.year or '')}, '') || '|{number}'", column)
            for number, column in enumerate(time.months, start=1)
        ]
    parts = [time.year, time.month, time.quarter, time.date, time.period]
    named = [f"coalesce({_text(part)}, '')" for part in parts if part]
    return [(" || '|' || ".join(named), value.column)]


def _text(column: str) -> str:
    return f"nullif(trim({identifier(column)}), '')"


def _understand_places(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    level, missing, recode = spec.place.level, spec.place.when_missing, spec.place.recode

    def code(text: str) -> tuple[str]:
        if text == "" and missing is None:
            raise ValueError(_("the place is missing; place.when_missing: 33 puts such rows apart"))
        if text == "" or text in recode:
            return (place_code(recode.get(text, missing or ""), None),)
        return (place_code(text, level),)

    column = spec.place.column or _("place.fixed of the spec")
    _understand(con, path, "place", ["place"], code, column)
    repaired = con.execute(
        "SELECT key, place, count(*) OVER () FROM place_keys "
        "WHERE key <> place AND key <> '' ORDER BY key LIMIT 1"
    ).fetchone()
    if repaired:
        detail = _(
            "Codes put right, such as {repaired} -> {repaired_2}.",
            repaired=repaired[0],
            repaired_2=repaired[1],
        )
        note(con, path.name, "code repaired", detail, n=repaired[2])


def _understand_times(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    def read(text: str) -> tuple[str, str, str]:
        when = moment(text, spec.time)
        return when.month, when.period, when.known

    time = spec.time
    parts = (time.year, time.month, time.quarter, time.date, time.period)
    column = ", ".join(part for part in parts if part) or _("time.fixed of the spec")
    _understand(con, path, "time", ["month", "period", "known"], read, column)


#: What is understood of a row, in words.
KINDS = {"place": _("place"), "time": _("time")}


def _understand(
    con: duckdb.DuckDBPyConnection,
    path: Path,
    kind: str,
    columns: list[str],
    read: Callable[[str], Sequence[str]],
    written_in: str,
) -> None:
    """Create ``<kind>_keys``: each spelling and its meaning; the first without one is an error."""
    spellings = con.execute(
        f"SELECT {kind}_key, min(file_row) FROM cells GROUP BY ALL ORDER BY 2"
    ).fetchall()
    meanings = []
    for text, row in spellings:
        try:
            meanings.append((text, *read(text)))
        except ValueError as error:
            seen = text.replace("|", ", ") or _("(empty)")
            raise SourceError(
                _(
                    "The {kind} '{text}' cannot be understood: {error}.",
                    kind=KINDS[kind],
                    text=seen,
                    error=error.args[0],
                ),
                where=_(
                    "{name}, row {row}, column {written_in}",
                    name=path.name,
                    row=row,
                    written_in=written_in,
                ),
                fix=_("Correct the row in the file, or say in the spec how it is to be read."),
            ) from error
    table(con, f"{kind}_keys", ["key", *columns], meanings)


def _understand_measures(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    keys = con.execute("SELECT DISTINCT measure_key FROM cells ORDER BY 1").fetchall()
    meanings = []
    for (key,) in keys:
        at, *words = key.split("|")
        value = spec.values[int(at)]
        name = "_".join([*([value.measure] if value.measure else []), *map(slug, words)])
        columns = ([spec.measure_column] if spec.measure_column else []) + spec.split_by
        pairs = zip(columns, words, strict=True)
        told = [f"{column} {word or 'unknown'}" for column, word in pairs]
        concept = "; ".join([value.concept or spec.concept, *told])
        meanings.append((key, name, concept, value.unit or spec.unit))
    table(con, "measure_keys", ["key", "measure", "concept", "unit"], meanings)


def _understand_values(con: duckdb.DuckDBPyConnection, path: Path, spec: Spec) -> None:
    """Add the numbers; what is neither a number nor declared unknown is an error."""
    text = "written"
    if spec.thousands:
        mark = spec.thousands.replace(".", r"\.")
        grouped = f"^-?[0-9]{{1,3}}({mark}[0-9]{{3}})+([.,][0-9]+)?$"
        text = (
            f"CASE WHEN regexp_matches(written, '{grouped}') "
            f"THEN replace(written, '{spec.thousands}', '') ELSE written END"
        )
    unknown = [one.lower() for one in spec.unknown_values] + ["nan", "<na>", "none"]
    con.execute("ALTER TABLE cells ADD COLUMN value DOUBLE")
    con.execute(
        f"UPDATE cells SET value = try_cast({text} AS DOUBLE), "
        "written = CASE WHEN list_contains(?, lower(written)) THEN NULL ELSE written END",
        [unknown],
    )
    con.execute("UPDATE cells SET value = NULL WHERE written IS NULL")
    wrong = con.execute(
        """
        SELECT file_row, written, value < 0 AS negative, keys.measure FROM cells
        JOIN measure_keys AS keys ON keys.key = measure_key
        WHERE written IS NOT NULL AND (value IS NULL OR NOT isfinite(value)
              OR (value < 0 AND list_contains(?, coalesce(cells.unit, keys.unit))))
        ORDER BY file_row LIMIT 1
        """,
        [list(COUNTED)],
    ).fetchone()
    if wrong:
        row, written, negative, measure = wrong
        raise SourceError(
            _("'{written}' is a negative count.", written=written)
            if negative
            else _("'{written}' is no number.", written=written),
            where=_(
                "{name}, row {row}, value of {measure}", name=path.name, row=row, measure=measure
            ),
            fix=_(
                "Correct the row; for a word that means 'not known' add it to "
                'unknown_values, for 1,234 say thousands: ",".'
            ),
        )


def _assemble(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    """Fill ``incoming``; a sum with an unknown part is unknown."""
    summed = bool(spec.sum_over or spec.count_rows)
    whole = "CASE WHEN count(*) = count(value) THEN sum(value) END"
    value = whole if summed else "any_value(value)"
    con.execute(
        f"""
        INSERT INTO incoming
        SELECT place, month, name, {value}, ?, concept, ?,
               CASE WHEN month >= ? THEN 'undercount' WHEN month >= ? THEN 'provisional' ELSE ? END,
               period, unit
        FROM (
            SELECT place, month, period, value, coalesce(cells.unit, measures.unit) AS unit,
                   measure || if(known = 'year', '_month_unknown', '') AS name,
                   concept || if(known = 'year', '; month unknown', '') AS concept,
                   {"0" if summed else "row_number() OVER ()"} AS part
            FROM cells JOIN place_keys AS places ON places.key = place_key
                 JOIN time_keys AS times ON times.key = time_key
                 JOIN measure_keys AS measures ON measures.key = measure_key
            WHERE known <> 'nothing'
        ) GROUP BY place, month, name, concept, period, unit, part
        """,
        [spec.source, spec.cut, spec.undercount_from or "9", spec.provisional_from or "9",
         spec.status],
    )  # fmt: skip
