"""Your own data: a tidy table and its description become rows of the panel.

The table is read as text; every distinct place, moment, measure name and figure is understood once,
by pure functions of its spelling; the rest is SQL. The first thing that cannot be understood stops
the import with its file, row and cure, and the panel stays as it was. At the end is said what could
not be placed or dated, and declared zeros are written out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core import files
from hidra.core.errors import SourceError, SpecError
from hidra.core.i18n import _
from hidra.data import geography, panel, readers
from hidra.data.home import sha256
from hidra.data.keeping import Receipt, Supply, keep, writing
from hidra.data.panel import COUNTED, unit_of
from hidra.data.readers import quoted
from hidra.data.sources.base import note, notes, start
from hidra.data.spec import Spec, Value
from hidra.data.spelling import alike, figure, joined_code, moment, place_code, slug
from hidra.data.tables import Opened, open_table

if TYPE_CHECKING:
    import duckdb

EMPTY = 120  # months in a row without a figure that declared zeros do not bridge unasked
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
                total=total or 0,
            )
        else:
            detail = _(
                "Year unknown: {total:g} in all, not in the panel, which needs a date.",
                total=total or 0,
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
    for kind, (rows, total) in apart.items():
        words = {
            "bucket": _("Total {total:g} in a state, municipality not given.", total=total),
            "abroad": _("Total {total:g} abroad or unknown.", total=total),
        }
        if rows:
            note(con, file, "count", words[kind], n=rows)


def write_zeros(con: duckdb.DuckDBPyConnection, file: str, spec: Spec) -> None:
    """Write out the zeros of a sparse table: of each measure, in its own places and known months.

    From the first to the last month in which the measure has a figure, and never after the date of
    the file; `zeros_from` and `zeros_to` say it otherwise. A month whose cells are there and empty
    is not published; a sum of a state or the nation is no sparse cell where its parts stand beside.

    Raises
    ------
    SourceError
        Ten years in a row hold no figure: a year mistyped, or zeros that somebody has to vouch for.
    """
    dated = "FROM incoming WHERE NOT ends_with(measure, '_month_unknown')"
    known = con.execute(
        f"SELECT measure, period, list(DISTINCT month ORDER BY month) {dated} "
        "AND value IS NOT NULL GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    months: list[tuple[str, str, str]] = []
    for measure, period, there in known:
        if not spec.zeros_from:
            _refuse_gap(file, measure, there)
        first = min(spec.zeros_from or there[0], spec.zeros_to or "9")
        last = spec.zeros_to or max(first, min(there[-1], spec.cut[:7]))
        months += [(measure, period, one) for one in months_between(first, last, period)]
    seen: dict[str, dict[str, str]] = {}
    for measure, code, since in con.execute(
        f"SELECT measure, place, min(month) {dated} GROUP BY ALL"
    ).fetchall():
        seen.setdefault(measure, {})[code] = since
    codes = geography.known_codes(con)
    places = [(one, *two) for one, its in seen.items() for two in places_to_fill(its, codes)]
    readers.store_table(con, "grid_month", ["measure", "period", "month"], months)
    readers.store_table(con, "grid_place", ["measure", "place", "since"], places)
    before = count(con, "incoming")
    con.execute(
        f"""
        INSERT INTO incoming
        WITH kinds AS (SELECT DISTINCT measure, source, concept, vintage, period, unit {dated})
        SELECT place, month, measure, 0, source, concept, vintage, {STATUS}, period, unit
        FROM kinds JOIN grid_month USING (measure, period) JOIN grid_place USING (measure)
             ANTI JOIN incoming USING (place, month, measure)
        WHERE grid_place.since <= grid_month.month
        """,
        _status(spec),
    )
    filled = count(con, "incoming") - before
    note(con, file, "count", _("Absent rows written out as zero (missing_means: zero)."), n=filled)


def _refuse_gap(file: str, measure: str, months: Sequence[str]) -> None:
    at = [12 * int(one[:4]) + int(one[5:]) for one in months]
    for here in range(1, len(at)):
        if at[here] - at[here - 1] > EMPTY:
            before, after = months[here - 1], months[here]
            raise SourceError(
                _(
                    "Between {before} and {after} no row gives '{measure}': missing_means: zero "
                    "would fill all those years.",
                    before=before,
                    after=after,
                    measure=measure,
                ),
                where=file,
                fix=_(
                    "If a date is mistyped, correct it. Else say from when an absent row is a "
                    "zero: zeros_from: {after}, or zeros_from: {first} for all of it.",
                    after=after,
                    first=months[0],
                ),
            )


def months_between(first: str, last: str, period: str) -> list[str]:
    """Return the first months of all periods from ``first`` to ``last``, both included.

    >>> months_between("2019-10", "2020-04", "quarter")
    ['2019-10', '2020-01', '2020-04']
    """
    number = {month: 12 * int(month[:4]) + int(month[5:]) - 1 for month in (first, last)}
    begin = -(-number[first] // STEP[period]) * STEP[period]
    every = range(begin, number[last] + 1, STEP[period])
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in every]


def places_to_fill(seen: dict[str, str], known: frozenset[str]) -> list[tuple[str, str]]:
    """Return places of a measure that get zeros, and from which month on.

    Where it has municipalities: all of every state of which it names one, and every code it uses
    beside them; states and the nation are sums then, and get none. Else the states it names; a
    national series only where it names no state. A municipality made by a split gets zeros only
    from its first row on: before it existed its people were counted in another one.

    Parameters
    ----------
    seen : dict
        Codes of the measure and their first months.
    known : frozenset of str
        Municipal codes of the catalogue.
    """
    fine = {code for code in seen if len(code) == 5} or {code for code in seen if code != "00"}
    with_municipalities = {code[:2] for code in fine if len(code) == 5}
    wanted = {code for code in known if code[:2] in with_municipalities} | (fine or set(seen))
    return [
        (code, seen.get(code, "9999") if code in geography.PARENTS else "")
        for code in sorted(wanted)
    ]


def count(con: duckdb.DuckDBPyConnection, table: str) -> int:
    """Return the number of rows of a table."""
    row = con.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(row[0]) if row else 0


def import_table(
    path: Path | Sequence[Path], spec: Spec, *, spec_text: str = "", replace: bool = False
) -> Receipt:
    """Bring one table, or several that make one series, into the panel.

    Parameters
    ----------
    path : Path or sequence of Path
        CSV (also zipped or gzipped), Parquet, Excel, ODS or JSON.
    spec : Spec
        Its description, the same for all.
    spec_text : str
        The description as written, kept with the rows.

    Raises
    ------
    SpecError, SourceError, PanelError
        With file, row and cure; nothing was kept.
    """
    paths = [path] if isinstance(path, Path) else list(path)
    with writing() as con, files.scratch() as scratch:
        opened = rows_from_tables(con, paths, spec, scratch)
        supply = Supply(
            spec.source, spec.cut, spec.title, spec.publisher, spec.terms,
            spec.citation or f"{spec.publisher}: {spec.title}. Accessed {spec.accessed}.",
            spec.address, spec.accessed, opened.name, " ".join(map(sha256, paths)), spec_text,
        )  # fmt: skip
        return keep(con, supply, replace=replace)


def preview(path: Path | Sequence[Path], spec: Spec, first: int = 8) -> dict[str, Any]:
    """Return what an import would bring, the panel untouched.

    Returns
    -------
    dict
        ``rows`` (the ``first`` ones), ``series`` (rows, total, first and last month by measure),
        ``places`` (how many), ``notes`` (kind, detail, n).
    """
    import duckdb

    paths = [path] if isinstance(path, Path) else list(path)
    with duckdb.connect() as con, files.scratch() as scratch:
        rows_from_tables(con, paths, spec, scratch)

        return {
            "rows": panel.answer(
                con,
                "SELECT place, month, measure, value FROM incoming WHERE value IS NOT NULL "
                f"ORDER BY month, place, measure LIMIT {first}",
            ),
            "series": panel.answer(
                con,
                "SELECT measure, count(*) AS rows, sum(value) AS total, min(month) AS first_month, "
                "max(month) AS last_month FROM incoming GROUP BY 1 ORDER BY 1",
            ),
            "places": count(con, "(SELECT DISTINCT place FROM incoming)"),
            "notes": [{key: one[key] for key in ("kind", "detail", "n")} for one in notes(con)],
        }


def rows_from_tables(
    con: duckdb.DuckDBPyConnection, paths: Sequence[Path], spec: Spec, scratch: Path
) -> Opened:
    """Create ``incoming`` and ``incoming_notes`` from tables and their description."""
    start(con)
    opened = open_table(con, paths, spec, scratch)
    _filter(con, opened, spec)
    _once(con, opened, spec)
    _cells(con, spec)
    _understand_places(con, opened, spec)
    _understand_times(con, opened, spec)
    _understand_measures(con, opened, spec)
    if not (spec.sum_over or spec.count_rows):
        _refuse_twice(con, opened)
    _understand_values(con, opened, spec)
    _refuse_units(con, opened, spec)
    _assemble(con, spec)
    report_times(con, opened.name)
    report_places(con, opened.name)
    _report_doubts(con, opened.name, spec)
    if spec.missing_means == "zero":
        write_zeros(con, opened.name, spec)
    return opened


def column(spec: Spec, name: str) -> str:
    """Return the column of ``raw`` that holds a named one."""
    return f"c{spec.columns().index(name)}"


def _filter(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    """Keep the rows wanted; words are compared by `alike`, and what occurs nowhere is said."""
    before = count(con, "raw")
    said = []
    for name, words, keep_them in [
        *((name, words, True) for name, words in spec.where.items()),
        *((name, words, False) for name, words in spec.where_not.items()),
    ]:
        at = column(spec, name)
        spelt = [one or "" for (one,) in con.execute(f"SELECT DISTINCT {at} FROM raw").fetchall()]
        wanted = {alike(word) for word in words}
        found = [one for one in spelt if alike(one) in wanted]
        con.execute(
            f"DELETE FROM raw WHERE list_contains(?, coalesce({at}, '')) <> {keep_them}", [found]
        )
        told = _("{name} is not {words}") if keep_them else _("{name} is {words}")
        said.append(_(told.msgid, name=name, words=" or ".join(words)))
        absent = [word for word in words if alike(word) not in set(map(alike, spelt))]
        if absent and before:
            detail = _(
                "No row has {name} {words}; there are: {there}.",
                name=name,
                words=", ".join(absent),
                there=", ".join(sorted(filter(None, spelt))[:12]),
            )
            note(con, opened.name, "rows left out", detail, n=0)
    left_out = before - count(con, "raw")
    if left_out:
        detail = _("Filtered by the spec: {words}.", words="; ".join(said))
        note(con, opened.name, "rows left out", detail, n=left_out)


def _once(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    """Take rows that say the same in every column of the file once, where the spec allows it."""
    copies = count(con, "raw") - count(con, "(SELECT DISTINCT whole FROM raw)")
    if not copies:
        return
    if spec.identical_rows == "once":
        con.execute("DELETE FROM raw WHERE spot NOT IN (SELECT min(spot) FROM raw GROUP BY whole)")
        detail = _("Identical to another row in every column.")
        note(con, opened.name, "rows left out", detail, n=copies)
    elif spec.sum_over or spec.count_rows:
        detail = _(
            "Identical to another row in every column, and counted; identical_rows: once counts "
            "them once."
        )
        note(con, opened.name, "count", detail, n=copies)


def _refuse_twice(con: duckdb.DuckDBPyConnection, opened: Opened) -> None:
    """A place, month and measure stands once: otherwise sums would count it twice."""
    twice = con.execute(
        "SELECT place, min(time_key), measure, count(*), min(cells.spot), max(cells.spot), "
        "count(DISTINCT whole) FROM cells JOIN raw USING (spot) "
        "JOIN place_keys AS places ON places.key = place_key "
        "JOIN time_keys AS times ON times.key = time_key "
        "JOIN measure_keys AS measures ON measures.key = measure_key WHERE known <> 'nothing' "
        "GROUP BY place, month, period, measure "
        "HAVING count(*) > 1 ORDER BY min(cells.spot) LIMIT 1"
    ).fetchone()
    if not twice:
        return
    place, time, measure, times, first, last, kinds = twice
    raise SourceError(
        _(
            "{times} rows give '{measure}' for place {place}, time {time}.",
            times=times,
            measure=measure,
            place=place,
            time=_shown(time),
        ),
        where=_("{first} and {last}", first=opened.where(first), last=opened.where(last)),
        fix=_("The rows are the same in every column: identical_rows: once takes them once.")
        if kinds == 1
        else _(
            "Say in the spec what tells the rows apart (split_by), or, if they are parts of one "
            "figure, sum_over: the column in which they differ."
        ),
    )


def _refuse_units(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    """A measure has one unit: persons and hectares are never one series."""
    mixed = con.execute(
        "SELECT measure, list_sort(list(DISTINCT coalesce(cells.unit, keys.unit))), "
        "arg_min(spot, coalesce(cells.unit, keys.unit)), "
        "arg_max(spot, coalesce(cells.unit, keys.unit)) FROM cells "
        "JOIN measure_keys AS keys "
        "ON keys.key = measure_key GROUP BY measure "
        "HAVING count(DISTINCT coalesce(cells.unit, keys.unit)) > 1 ORDER BY 1 LIMIT 1"
    ).fetchone()
    if mixed:
        measure, units, first, other = mixed
        raise SourceError(
            _("'{measure}' has several units: {units}.", measure=measure, units=", ".join(units)),
            where=_("{first} and {last}", first=opened.where(first), last=opened.where(other)),
            fix=_("Make a measure of each: split_by: [{column}].", column=spec.unit_column)
            if spec.unit_column
            else _("Give every value a measure name of its own."),
        )


def _cells(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    """Create ``cells``: one row per figure, its keys and value still as written.

    A key is the list of its texts as JSON: no mark that a text may hold parts them.
    """
    place = quoted(spec.place.fixed) if spec.place.fixed else None
    place_key = f"to_json([{place}])" if place else _key(spec, spec.place.columns())
    unit = column(spec, spec.unit_column) if spec.unit_column else "NULL"
    names = ([spec.measure_column] if spec.measure_column else []) + spec.split_by
    con.execute(
        "CREATE OR REPLACE TEMP TABLE cells (spot BIGINT, place_key VARCHAR, "
        "time_key VARCHAR, measure_key VARCHAR, written VARCHAR, unit VARCHAR)"
    )
    for at, value in enumerate(spec.values):
        measure = _key(spec, names, first=f"'{at}'")
        for time, name in _times(spec, value):
            written = "'1'" if name is None else f"coalesce({column(spec, name)}, '')"
            con.execute(
                f"INSERT INTO cells SELECT spot, {place_key}, {time}, {measure}, {written}, {unit} "
                "FROM raw"
            )


def _key(spec: Spec, names: Sequence[str], first: str = "", last: str = "") -> str:
    """Return the SQL of the texts of some columns as one key."""
    texts = [f"coalesce({column(spec, one)}, '')" for one in names]
    return f"to_json([{', '.join(filter(None, [first, *texts, last]))}])::VARCHAR"


def _shown(key: str) -> str:
    return ", ".join(json.loads(key))


def _times(spec: Spec, value: Value) -> list[tuple[str, str | None]]:
    """Return pairs of the SQL of the time key and the column holding the value."""
    time = spec.time
    if time.months:
        return [
            (_key(spec, time.columns(), last=f"'{number}'"), name)
            for number, name in enumerate(time.months, start=1)
        ]
    if time.wide:
        return [
            (_key(spec, time.columns(), last=quoted(text)), name)
            for name, text in time.wide.items()
        ]
    fixed = quoted(time.fixed) if time.fixed else ""
    return [(_key(spec, time.columns(), first=fixed), value.column)]


def _understand_places(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    level, missing = spec.place.level, spec.place.when_missing
    recode = {alike(text): code for text, code in spec.place.recode.items()}

    def code(texts: Sequence[str]) -> tuple[str]:
        """Return the INEGI code of the cells of one row that tell its place."""
        *before, text = texts
        if before and (both := alike(", ".join(texts))) in recode:
            return (place_code(recode[both], None),)
        if alike(text) in recode:
            return (place_code(recode[alike(text)], None),)
        if before and text == "" and before[0]:
            if missing is None:
                raise ValueError(
                    _("the municipality is missing; place.when_missing: 999 keeps it in the state")
                )
            text = missing if len(missing) == len("999") else text
        if text == "" and missing is None:
            raise ValueError(_("the place is missing; place.when_missing: 33 puts such rows apart"))
        if text == "":
            return (place_code(missing or "", None),)
        return (joined_code(before[0], text) if before else place_code(text, level),)

    named = ", ".join(spec.place.columns()) or _("place.fixed of the spec")
    _understand(con, opened, "place", ["place"], code, named)
    repaired = con.execute(
        "SELECT key ->> 0, place, count(*) OVER () FROM place_keys "
        "WHERE json_array_length(key) = 1 AND key ->> 0 NOT IN (place, '') ORDER BY key LIMIT 1"
    ).fetchone()
    if repaired:
        detail = _(
            "Codes put right, such as {repaired} -> {repaired_2}.",
            repaired=repaired[0],
            repaired_2=repaired[1],
        )
        note(con, opened.name, "code repaired", detail, n=repaired[2])


def _understand_times(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    def read(texts: Sequence[str]) -> tuple[str, str, str]:
        when = moment(texts, spec.time)
        return when.month, when.period, when.known

    named = ", ".join(spec.time.columns()) or _("time.fixed of the spec")
    _understand(con, opened, "time", ["month", "period", "known"], read, named)


#: What is understood of a row, in words.
KINDS = {"place": _("place"), "time": _("time")}


def _understand(
    con: duckdb.DuckDBPyConnection,
    opened: Opened,
    kind: str,
    columns: list[str],
    read: Callable[[Sequence[str]], Sequence[str]],
    written_in: str,
) -> None:
    """Create ``<kind>_keys``: each spelling and its meaning; the first without one is an error."""
    spellings = con.execute(
        f"SELECT {kind}_key, min(spot) FROM cells GROUP BY ALL ORDER BY 2"
    ).fetchall()
    meanings = []
    for key, at in spellings:
        try:
            meanings.append((key, *read(json.loads(key))))
        except ValueError as error:
            raise SourceError(
                _(
                    "The {kind} '{text}' cannot be understood: {error}.",
                    kind=KINDS[kind],
                    text=_shown(key) or _("(empty)"),
                    error=error.args[0],
                ),
                where=_(
                    "{row}, column {written_in}",
                    row=opened.where(at, written_in),
                    written_in=written_in,
                ),
                fix=_(
                    "Correct the row in the file, or say in the spec how it is to be read; a row "
                    "that is no data goes with where_not, last_row or footer_rows."
                ),
            ) from error
    readers.store_table(con, f"{kind}_keys", ["key", *columns], meanings)


def _understand_measures(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    keys = con.execute(
        "SELECT measure_key, min(spot) FROM cells GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    columns = ([spec.measure_column] if spec.measure_column else []) + spec.split_by
    meanings: list[tuple[str, str, str, str | None]] = []
    named: dict[str, tuple[list[str], str, int]] = {}
    for key, row in keys:
        at, *words = json.loads(key)
        value = spec.values[int(at)]
        name = "_".join([*([value.measure] if value.measure else []), *map(slug, words)])
        told = [f"{one} {word or 'unknown'}" for one, word in zip(columns, words, strict=True)]
        concept = "; ".join([value.concept or spec.concept, *told])
        other, said, first = named.setdefault(name, (words, value.concept or "", row))
        if list(map(alike, other)) != list(map(alike, words)) or said != (value.concept or ""):
            raise _collision(opened, name, columns, (other, first), (words, row))
        unit = value.unit or spec.unit
        meanings.append((key, name, concept, unit and unit_of(unit)))
    concepts = {name: concept for _key, name, concept, _unit in reversed(meanings)}
    rows = [(key, name, concepts[name], unit) for key, name, _said, unit in meanings]
    readers.store_table(con, "measure_keys", ["key", "measure", "concept", "unit"], rows)


def _collision(
    opened: Opened,
    name: str,
    columns: Sequence[str],
    one: tuple[list[str], int],
    other: tuple[list[str], int],
) -> SpecError:
    """Say that two meanings would have one name: sums would mix them."""
    (words, first), (others, last) = one, other
    pairs = zip(columns, words, others, strict=True)
    at = next((pair for pair in pairs if alike(pair[1]) != alike(pair[2])), None)
    fix: str = _("Give every value a measure name of its own.")
    if at is not None:
        fix = _(
            'Give one of them another word in the spec, for example recode: {{"{column}": '
            '{{"{word}": {new}}}}}.',
            column=at[0],
            word=at[2],
            new=f"{slug(at[2])}_2",
        )
    return SpecError(
        _(
            "'{one}' and '{other}' would both be called '{name}'.",
            one=", ".join(words) or first,
            other=", ".join(others) or last,
            name=name,
        ),
        where=_("{first} and {last}", first=opened.where(first), last=opened.where(last)),
        fix=fix,
    )


def _understand_values(con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec) -> None:
    """Add the numbers and units; what is neither a number nor declared unknown is an error."""
    _understand_units(con)
    numbers = []
    for text, at in con.execute(
        "SELECT written, min(spot) FROM cells GROUP BY ALL ORDER BY 2"
    ).fetchall():
        try:
            numbers.append((text, figure(text, spec)))
        except ValueError:
            raise _no_number(con, opened, spec, text, at) from None
    readers.store_table(con, "number_keys", ["key", "value"], numbers)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE cells AS SELECT cells.*, value::DOUBLE AS value "
        "FROM cells JOIN number_keys ON key = written"
    )
    dot = "FALSE" if spec.decimal else r"regexp_full_match(written, '-?\d{1,3}(\.\d{3})+')"
    wrong = con.execute(
        f"""
        SELECT spot, written, value < 0, keys.measure FROM cells
        JOIN measure_keys AS keys ON keys.key = measure_key
        WHERE list_contains(?, coalesce(cells.unit, keys.unit))
              AND (value < 0 OR (value <> floor(value) AND {dot}))
        ORDER BY spot LIMIT 1
        """,
        [list(COUNTED)],
    ).fetchone()
    if wrong:
        at, written, negative, measure = wrong
        raise SourceError(
            _("'{written}' is a negative count.", written=written)
            if negative
            else _("'{written}' is no whole number, and a count is one.", written=written),
            where=_("{row}, value of {measure}", row=opened.where(at), measure=measure),
            fix=_("Correct the row; for a figure that means 'not known' add it to unknown_values.")
            if negative
            else _(
                'If the dot parts thousands, write thousands: "." in the spec; if it is the '
                'decimal mark, decimal: ".".'
            ),
        )


def _understand_units(con: duckdb.DuckDBPyConnection) -> None:
    """Put units that are written in a column by their name in the panel."""
    units = con.execute("SELECT DISTINCT unit FROM cells WHERE unit IS NOT NULL").fetchall()
    readers.store_table(
        con, "unit_keys", ["key", "name"], [(one, unit_of(one)) for (one,) in units]
    )
    con.execute("UPDATE cells SET unit = name FROM unit_keys WHERE key = unit")


def _no_number(
    con: duckdb.DuckDBPyConnection, opened: Opened, spec: Spec, text: str, at: int
) -> SourceError:
    """Say what a cell holds that is no number, and the key of the spec that would read it."""
    key = con.execute(
        "SELECT measure FROM cells JOIN measure_keys ON key = measure_key "
        "WHERE spot = ? AND written = ?", [at, text]
    ).fetchone()  # fmt: skip
    marks = [("thousands", ","), ("thousands", "."), ("decimal", ","), ("thousands", " ")]
    cures = [f'{name}: "{mark}"' for name, mark in marks if _cured(text, spec, {name: mark})]
    both = {"thousands": " ", "decimal": ","}
    fix: str = _(
        "Correct the row; a word that means 'not known' goes into unknown_values: ['{text}'].",
        text=text,
    )
    if text.startswith("="):
        fix = _("The formula has no result: open the workbook in a spreadsheet and save it there.")
    elif cures or _cured(text, spec, both):
        cure = " | ".join(cures) or 'thousands: " ", decimal: ","'
        fix = _("Say in the spec how numbers are written: {cure}.", cure=cure)
    names = [one.column for one in spec.values if one.column] + spec.time.side_by_side()
    return SourceError(
        _("'{written}' is no number.", written=text),
        where=_(
            "{row}, value of {measure}",
            row=opened.where(at, names[0] if len(names) == 1 else ""),
            measure=key[0] if key else "",
        ),
        fix=fix,
    )


def _cured(text: str, spec: Spec, change: dict[str, str]) -> bool:
    try:
        return figure(text, spec.model_copy(update=change)) is not None
    except ValueError:
        return False


STATUS = """
CASE WHEN month >= $undercount THEN 'undercount'
     WHEN month >= $provisional THEN 'provisional' ELSE $status END
"""


def _status(spec: Spec) -> dict[str, str]:
    return {
        "undercount": spec.undercount_from or "9",
        "provisional": spec.provisional_from or "9",
        "status": spec.status,
    }


def _assemble(con: duckdb.DuckDBPyConnection, spec: Spec) -> None:
    """Fill ``incoming``; a sum with an unknown part is unknown."""
    summed = bool(spec.sum_over or spec.count_rows)
    whole = "CASE WHEN count(*) = count(value) THEN sum(value) END"
    value = whole if summed else "any_value(value)"
    con.execute(
        f"""
        INSERT INTO incoming
        SELECT place, month, name, {value}, $source, concept, $cut, {STATUS}, period, unit
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
        {"source": spec.source, "cut": spec.cut, **_status(spec)},
    )
    endless = con.execute("SELECT place, month FROM incoming WHERE isinf(value)").fetchone()
    if endless:
        raise SourceError(
            _("A sum is larger than any number can be."),
            where=", ".join(map(str, endless)),
            fix=_("Correct the values of this place and time."),
        )


def _report_doubts(con: duckdb.DuckDBPyConnection, file: str, spec: Spec) -> None:
    """Note what is later than the file, counts that are not whole, units no check knows."""
    later = con.execute(
        "SELECT count(*), max(month) FROM incoming WHERE month > ?", [spec.cut[:7]]
    ).fetchone()
    if later and later[0]:
        detail = _(
            "Later than the date of the file ({cut}), up to {last}: projections, or mistyped.",
            cut=spec.cut,
            last=later[1],
        )
        note(con, file, "count", detail, n=later[0])
    broken = con.execute(
        "SELECT count(*) FROM incoming WHERE value <> floor(value) AND list_contains(?, unit)",
        [list(COUNTED)],
    ).fetchone()
    if broken and broken[0]:
        note(con, file, "count", _("Counts that are no whole number."), n=broken[0])
    units = con.execute(
        "SELECT unit, count(*) FROM incoming WHERE NOT list_contains(?, unit) "
        "GROUP BY ALL ORDER BY 1",
        [list(COUNTED)],
    ).fetchall()
    for unit, rows in units:
        detail = _(
            "'{unit}' is not known as a count: no check for negative figures, no rates. If persons "
            "or events are counted, write unit: persons or unit: events.",
            unit=unit,
        )
        note(con, file, "count", detail, n=rows)
