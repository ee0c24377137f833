"""RNPDNO, the national register of missing persons: aggregates by month of the facts.

Two forms are read: the replies saved by `rnpdno_client` (JSON lines, names of municipalities),
and a tidy table (``cve_ent, cve_mun, year, month, status, sex, n``). The register's municipal
codes are not INEGI's for newer municipalities, so places are matched by *name* wherever names
are there; what matches none lies in the bucket 999 of its state. Records without a date are in
no month; they have a table of their own. A living register: every figure may change.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError
from hidra.data.sources import tables
from hidra.data.sources.base import Context, Measure, Source, add_rows, note, start
from hidra.data.sources.glance import Glance, fold, glance

if TYPE_CHECKING:
    import duckdb

STATUSES = {7: "missing", 2: "found_alive", 3: "found_dead"}
UNKNOWN_TOWNS = ("se_desconoce", "sin_municipio_de_referencia", "no_especificado", "")
TIDY = {
    "state": ("cve_ent",),
    "town": ("cve_mun",),
    "name": ("municipio", "municipality"),
    "year": ("year", "anio", "ano"),
    "month": ("month", "mes"),
    "status": ("status", "estatus"),
    "n": ("n", "personas"),
}


def _is_replies(seen: Glance) -> bool:
    return seen.kind == "json" and seen.has("consulted", "state", "status", "towns")


def _recognise(seen: Glance) -> bool:
    tidy = seen.has("cve_ent", "cve_mun", "year", "month", "status", "sex", "n")
    return _is_replies(seen) or (seen.kind in ("csv", "parquet") and tidy)


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE incoming_undated (place VARCHAR, status VARCHAR, n BIGINT)"
    )
    seen = [glance(file) for file in files]
    if all(map(_is_replies, seen)):
        consulted = _replies(con, files) or context.accessed
    elif len(files) == 1:
        tables.text_table(con, seen[0], TIDY, context, optional=frozenset({"name"}))
        consulted = context.accessed
    else:
        raise SourceError(
            "A table of the whole register stands beside other files: persons would count twice.",
            where=", ".join(file.name for file in files),
            fix="Keep the table, or the saved replies, not both.",
        )
    tables.refuse_cells(
        con,
        files[0].name,
        f"state IS NULL OR year IS NULL OR status IS NULL OR n IS NULL"
        f" OR {tables.numbers('state', 'year', 'month', 'n')}"
        " OR CAST(month AS INTEGER) NOT BETWEEN 1 AND 12"
        " OR status NOT IN ('missing', 'found_alive', 'found_dead')",
        "state, year, month, status, n",
        "A row with a state, a month, a status or a number that cannot be",
    )
    _places(con, files[0].name, context.municipalities)
    for status in STATUSES.values():
        add_rows(con, RNPDNO, _months(status, consulted), vintage=consulted)
    con.execute("DROP TABLE register_rows")


def _replies(con: duckdb.DuckDBPyConnection, files: Sequence[Path]) -> str:
    """Load saved replies into ``source_rows`` and ``incoming_undated``; return the last date."""
    slices: dict[tuple[int, str | None, int], tuple[int, dict[str, Any]]] = {}
    for file in files:
        for number, one in _lines(file):
            slices[one["state"], one["month"], one["status"]] = (number, one)
    rows: list[tuple[int, list[str | None]]] = []
    for (at, month, kind), (number, one) in slices.items():
        state, status = f"{at:02d}", STATUSES[kind]
        towns = one["towns"] or [{"name": "", "n": 0}]
        if month is None:
            total = sum(town["n"] for town in towns)
            con.execute("INSERT INTO incoming_undated VALUES (?, ?, ?)", [state, status, total])
            continue
        rows += [
            (number, [state, None, town["name"], month[:4], month[5:], status, str(town["n"])])
            for town in towns
        ]
    undated = con.execute("SELECT sum(n) FROM incoming_undated").fetchall()[0][0]
    if undated:
        note(con, "all replies", "unknown date", "records without a date: in no month", n=undated)
    tables.store_rows(con, list(TIDY), rows)
    return max((one["consulted"] for _, one in slices.values()), default="")


def _lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
            sound = {"consulted", "state", "month", "status", "towns"} <= one.keys()
        except (ValueError, AttributeError):
            sound = False
        if not sound or one["status"] not in STATUSES:
            raise SourceError(
                "A saved reply is damaged, most likely cut short.",
                where=f"{file.name}, row {number}",
                fix="Delete that line and run `hidra data fetch rnpdno` again: it asks only for "
                "what is missing.",
            )
        yield number, one


def _places(con: duckdb.DuckDBPyConnection, file: str, municipalities: Mapping[str, str]) -> None:
    """Create ``register_rows`` with INEGI codes, repaired by name."""
    by_name = {(code[:2], fold(name)): code for code, name in municipalities.items()}
    found: list[tuple[str, str, str, str]] = []
    nameless = 0  # persons whose municipality has a name that no catalogue was there to match
    for state, town, name, n in con.execute(
        "SELECT lpad(state, 2, '0'), coalesce(town, ''), coalesce(name, ''),"
        " sum(CAST(n AS BIGINT)) FROM source_rows GROUP BY ALL ORDER BY 1, 2, 3"
    ).fetchall():
        code = town.zfill(5) if town and len(town) > 3 else f"{state}999"
        if name:
            code = by_name.get((state, fold(name)), f"{state}999")
            if not by_name:
                nameless += n
            elif code.endswith("999") and fold(name) not in UNKNOWN_TOWNS and n:
                note(con, file, "code unknown", f"'{name}' ({state}) is in no catalogue: 999", n=n)
            elif town and code != town.zfill(5):
                note(con, file, "code repaired", f"'{name}': {town} is {code} at INEGI", n=n)
        if not "01" <= state <= "32":
            code = "33999"
        found.append((state, town, name, code))
    if nameless:
        words = (
            "no catalogue of municipalities is in the panel, so all lie in 999 of their state: "
            "run `hidra data fetch inegi_geography`, then add this again"
        )
        note(con, file, "code unknown", words, n=nameless)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE register_places"
        " (state VARCHAR, town VARCHAR, name VARCHAR, place VARCHAR)"
    )
    if found:
        con.executemany("INSERT INTO register_places VALUES (?, ?, ?, ?)", found)
    con.execute(
        """
        CREATE OR REPLACE TEMP TABLE register_rows AS
        SELECT place, rows.year || '-' || lpad(rows.month, 2, '0') AS month, rows.status,
               sum(CAST(rows.n AS BIGINT)) AS n
        FROM source_rows AS rows JOIN register_places AS known
            ON lpad(rows.state, 2, '0') = known.state AND coalesce(rows.town, '') = known.town
               AND coalesce(rows.name, '') = known.name
        GROUP BY ALL
        """
    ).fetchall()


def _months(status: str, consulted: str) -> str:
    """SQL: municipalities with a record, and every state and month asked for (zero is zero)."""
    recent = f"{int(consulted[:4]) - 1}{consulted[4:7]}"
    return f"""
        WITH here AS (SELECT place, month, n FROM register_rows WHERE status = '{status}'),
        asked AS (SELECT DISTINCT left(place, 2) AS place, month
                  FROM (SELECT DISTINCT place FROM register_rows),
                       (SELECT DISTINCT month FROM register_rows)),
        levels AS (
            SELECT place, month, n FROM here WHERE n > 0
            UNION ALL SELECT left(place, 2), month, n FROM here
            UNION ALL SELECT place, month, 0 FROM asked
            UNION ALL SELECT '00', month, n FROM here
            UNION ALL SELECT DISTINCT '00', month, 0 FROM asked)
        SELECT place, month, 'rnpdno_{status}' AS measure, sum(n) AS value,
               CASE WHEN month > '{recent}' THEN 'undercount' ELSE 'provisional' END AS status
        FROM levels GROUP BY place, month
    """


RNPDNO = Source(
    name="rnpdno",
    title_es="Registro nacional de personas desaparecidas y no localizadas",
    title_en="National register of missing persons",
    publisher="Comisión Nacional de Búsqueda (CNB), Secretaría de Gobernación",
    terms="public statistical version, aggregates only; cite the register and the date of "
    "consultation (terms not re-read)",
    citation="CNB, Registro Nacional de Personas Desaparecidas y No Localizadas, versión "
    "estadística",
    concept="persons in the register by month and place of the facts, as known on the date of "
    "consultation",
    cadence="living register",
    access="open",
    holds="editions",
    level="municipality",
    measures=tuple(
        Measure(
            f"rnpdno_{status}",
            "persons",
            f"persons in the register, now {english}, month of the facts",
            f"Personas en el registro, {spanish}",
            f"Persons in the register, {english}",
        )
        for status, english, spanish in (
            ("missing", "missing", "desaparecidas o no localizadas"),
            ("found_alive", "found alive", "localizadas con vida"),
            ("found_dead", "found dead", "localizadas sin vida"),
        )
    ),
    recognise=_recognise,
    read=_read,
    tables=("undated",),
    homepage="https://versionpublicarnpdno.segob.gob.mx/",
)
SOURCES = (RNPDNO,)
