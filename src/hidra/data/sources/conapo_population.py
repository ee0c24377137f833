"""CONAPO, population at mid-year: states by single age, municipalities by five-year age."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glances
from hidra.data.sources.base import Context, add_rows, described, note, start

if TYPE_CHECKING:
    import duckdb

YEAR = ("ano", "anio", "year")
YOUNG = ("15_19", "20_24", "25_29")
ALL_STATES = frozenset(f"{code:02d}" for code in range(1, 33))
LAST_OBSERVED = 2019  # later years are projections, called provisional


SELECT = """
    WITH counted AS ({counted}),
    levels AS (FROM counted {more})
    SELECT place, year || '-01' AS month, measure, value,
           CASE WHEN CAST(year AS INTEGER) > {observed} THEN 'provisional' ELSE 'final' END
               AS status
    FROM (UNPIVOT (SELECT place, year, sum(persons) AS population,
                          sum(young) AS population_15_29, sum(young_men) AS population_men_15_29
                   FROM levels GROUP BY ALL)
          ON population, population_15_29, population_men_15_29 INTO NAME measure VALUE value)
"""
STATES_SUM = " UNION ALL SELECT left(place, 2), year, persons, young, young_men FROM counted"
NATION_SUM = " UNION ALL SELECT '00', year, persons, young, young_men FROM counted"


def _is_state(seen: Glance) -> bool:
    return (
        seen.has("cve_geo", "edad", "sexo", "poblacion")
        and bool(seen.folded.intersection(YEAR))
        and not seen.has("clave")
    )


def _read_states(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    columns = {
        "year": YEAR,
        "place": ("cve_geo",),
        "age": ("edad",),
        "sex": ("sexo",),
        "persons": ("poblacion",),
    }
    readers.text_table(con, readers.table_of(files[0], _is_state), columns, context)
    readers.refuse_cells(
        con,
        files[0].name,
        f"persons IS NULL OR {readers.numbers('year', 'place', 'age', 'persons')}"
        " OR CAST(place AS INTEGER) NOT BETWEEN 0 AND 32",
        "year, place, age, persons",
        _("A row with a year, a state, an age or a number that cannot be"),
    )
    counted = f"""
        SELECT lpad(place, 2, '0') AS place, year, {readers.number("persons")} AS persons,
               CASE WHEN CAST(age AS INTEGER) BETWEEN 15 AND 29
                    THEN {readers.number("persons")} ELSE 0 END AS young,
               CASE WHEN lower(sex) LIKE 'hombre%' THEN young ELSE 0 END AS young_men
        FROM source_rows
    """
    select = SELECT.format(counted=counted, more="", observed=LAST_OBSERVED)
    add_rows(con, STATES, select, vintage=context.accessed)


def _is_municipal(seen: Glance) -> bool:
    wide = seen.has("clave", "sexo", *(f"pob_{age}" for age in YOUNG))
    return wide or seen.has("clave", "sexo", "edad_quin", "pob")


def _read_municipal(
    con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context
) -> None:
    """Read the parts of the newest edition: it may come in two, by state.

    Parts have the same columns and years; a state is taken from the newest of them. Parts of an
    older edition are left out, with a note.
    """
    start(con)
    tables = [seen for file in files for seen in glances(file) if _is_municipal(seen)]
    edition: tuple[object, ...] = ()
    taken: set[str] = set()
    for seen in reversed(tables):  # the newest first
        where = seen.member or seen.path.name
        counted = _count(con, seen, context)
        span = con.execute(f"SELECT min(year), max(year) FROM ({counted})").fetchall()[0]
        mine = (*span, frozenset(seen.folded))
        edition = edition or mine
        found = con.execute(f"SELECT DISTINCT left(place, 2) FROM ({counted})").fetchall()
        fresh = {state for (state,) in found} - taken if mine == edition else set()
        if not fresh or len(fresh) < len(found):
            words = _("states that a newer file gives, or another edition: left out")
            note(con, where, "rows left out", words, n=len(found) - len(fresh))
        states = ", ".join(map(readers.quoted, sorted(fresh)))
        first = "INSERT INTO" if taken else "CREATE OR REPLACE TEMP TABLE"
        if fresh:
            rows = f"SELECT * FROM ({counted}) WHERE left(place, 2) IN ({states})"
            con.execute(f"{first} population_counted {'' if taken else 'AS'} {rows}")
        taken |= fresh
    # the edition of 2019 comes in two files, entities 01-16 and 17-32: one half is no nation
    halves = tables[0].has("edad_quin") and min(taken) <= "16" < max(taken)
    add_rows(
        con,
        MUNICIPAL,
        SELECT.format(
            counted="FROM population_counted",
            more=STATES_SUM + (NATION_SUM if halves or taken >= ALL_STATES else ""),
            observed=LAST_OBSERVED,
        ),
        vintage=context.accessed,
    )
    missing = sorted(ALL_STATES - taken)
    if missing:
        words = _("states that are in no file, so that the nation is not whole: {states}",
                  states=", ".join(missing))  # fmt: skip
        note(con, files[-1].name, "rows left out", words, n=len(missing))
    for code in con.execute("SELECT DISTINCT place FROM population_counted").fetchall():
        if context.municipalities and code[0] not in context.municipalities:
            note(
                con,
                files[-1].name,
                "code unknown",
                _("municipality {code} is in no catalogue", code=code[0]),
            )


def _count(con: duckdb.DuckDBPyConnection, seen: Glance, context: Context) -> str:
    """Read one table into ``source_rows``; return the SQL of place, year, persons by age."""
    columns: dict[str, Sequence[str]] = {"year": YEAR, "place": ("clave",), "sex": ("sexo",)}
    long = seen.has("edad_quin")
    ages = ["age", "persons"] if long else sorted(_age_columns(seen))
    more = {"age": ("edad_quin",), "persons": ("pob",)} if long else {a: (a,) for a in ages}
    readers.text_table(con, seen, columns | more, context)
    readers.refuse_cells(
        con,
        seen.member or seen.path.name,
        f"place IS NULL OR {readers.numbers('year', 'place', *(ages[1:] if long else ages))}",
        "year, place, sex",
        _("A row with a year, a municipality or a number that cannot be"),
    )
    return _long_ages() if long else _wide_ages(ages)


def _age_columns(seen: Glance) -> list[str]:
    return [
        one
        for one in seen.folded
        if one.startswith("pob_") and one[4:6].isdecimal() and one != "pob_total"
    ]


def _wide_ages(ages: Sequence[str]) -> str:
    everybody = " + ".join(f"coalesce({readers.number(age)}, 0)" for age in ages)
    young = " + ".join(f"coalesce({readers.number(f'pob_{age}')}, 0)" for age in YOUNG)
    return f"""
        SELECT lpad(place, 5, '0') AS place, year, {everybody} AS persons, {young} AS young,
               CASE WHEN lower(sex) LIKE 'hombre%' THEN young ELSE 0 END AS young_men
        FROM source_rows
    """


def _long_ages() -> str:
    young = " OR ".join(f"age LIKE '%{age}'" for age in YOUNG)
    return f"""
        SELECT lpad(place, 5, '0') AS place, year, {readers.number("persons")} AS persons,
               CASE WHEN {young} THEN {readers.number("persons")} ELSE 0 END AS young,
               CASE WHEN lower(sex) LIKE 'hombre%' THEN young ELSE 0 END AS young_men
        FROM source_rows
    """


STATES = described("conapo_population_state", _is_state, _read_states)
MUNICIPAL = described("conapo_population_municipal", _is_municipal, _read_municipal)
SOURCES = (STATES, MUNICIPAL)
