"""What the panel holds, from whom, on what terms (``status``, ``cite``), and taking it out.

An export is Parquet or CSV, with a data dictionary and the sources beside it. Small municipal
counts of persons are joined before they leave (`hidra.data.privacy`).
"""

from __future__ import annotations

import codecs
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core import files
from hidra.core.errors import SpecError
from hidra.core.i18n import _
from hidra.data import home, panel, reference
from hidra.data.panel import COLUMNS
from hidra.data.readers import quoted
from hidra.data.sources import Source, sources

if TYPE_CHECKING:
    import duckdb

STATUS = """
WITH every AS (
    SELECT *, 'built in' AS state FROM series_built_in
    UNION ALL SELECT *, 'added' FROM series
)
SELECT source AS name,
       string_agg(DISTINCT split_part(concept, '; ', 1), ' | '
                  ORDER BY split_part(concept, '; ', 1)) AS concept,
       array_to_string(list_sort(list_distinct(flatten(list(string_split(level, ', '))))), ', ')
           AS level,
       min(first_month) AS "from", max(last_month) AS "to", sum(row_count) AS rows,
       max(vintage) AS vintage, min(state) AS state,
       list(DISTINCT measure ORDER BY measure) AS measures,
       (SELECT count(DISTINCT vintage) FROM every AS all_of WHERE all_of.source = every.source)
           AS vintages
FROM every SEMI JOIN newest USING (source, measure, vintage)
GROUP BY source ORDER BY state DESC, source
"""


def status() -> list[dict[str, Any]]:
    """Return one entry per source.

    Returns
    -------
    list of dict
        ``name, concept, level, from, to, rows, vintage, state, measures, vintages``. ``state`` is
        "built in", "added", "not fetched" or "bring your own file"; the last two have no rows.
        Rows are those of the newest vintage; of a source without panel rows (places, outlines)
        those of its own tables.
    """
    there = panel.ask(STATUS)
    names = {entry["name"] for entry in there}
    return [*there] + [_without_rows(one) for one in sources().values() if one.name not in names]


def _without_rows(one: Source) -> dict[str, Any]:
    """Describe a source that has no row: not here yet, or here with tables of its own only."""
    (kept,) = panel.ask(
        "SELECT max(vintage) AS vintage, count(DISTINCT vintage) AS vintages, "
        "coalesce((SELECT sum(estimated_size) FROM duckdb_tables() WHERE database_name = 'home' "
        "AND starts_with(table_name, $name || '_')), 0) AS rows FROM supplies WHERE source = $name",
        {"name": one.name},
    )
    absent = _("not fetched") if one.access == "open" else _("bring your own file")
    return {
        "name": one.name,
        "concept": one.concept,
        "level": one.level,
        "from": None,
        "to": None,
        "rows": kept["rows"] if kept["vintage"] else 0,
        "vintage": kept["vintage"],
        "state": "added" if kept["vintage"] else absent,
        "measures": [measure.name for measure in one.measures],
        "vintages": kept["vintages"],
    }


def cite() -> list[dict[str, Any]]:
    """Return every source in use: title, publisher, citation, terms, address, access date.

    Built-in tables come first, then what was fetched, added or imported.
    """
    keep = ["name", "title_en", "title_es", "publisher", "citation", "terms", "address", "accessed"]
    built_in = [
        {key: panel.plain(row[key]) for key in keep}
        | {"vintage": row["vintage"], "state": "built in"}
        for row in reference.catalogue().to_dict("records")
    ]
    if not home.panel_file().exists():
        return built_in
    added = panel.ask(
        "SELECT source AS name, max(title) AS title_en, max(title) AS title_es, publisher, "
        "citation, "
        "terms, address, max(accessed) AS accessed, vintage, 'added' AS state FROM supplies "
        "GROUP BY source, vintage, publisher, citation, terms, address ORDER BY source, vintage"
    )
    return built_in + added


MEANINGS = {
    "place": "INEGI code as text: 00 nation, 01-32 states, five characters municipalities; "
    "endings 998 and 999 are buckets without a municipality, 33 and above unknown or abroad",
    "month": "YYYY-MM; annual and quarterly rows carry the first month of their period",
    "measure": "what is measured; one measure has one concept within a source",
    "value": "number; empty = unknown, 0 = a reported zero",
    "source": "key of the source, see sources.csv",
    "concept": "what exactly is counted; never add rows of different concepts",
    "vintage": "date of the cut or of access, YYYY-MM-DD",
    "status": "final, provisional or undercount",
    "period": "month, quarter, year, or the span as published",
    "unit": "what one is: persons, case files, ha, ...",
}


def export(
    target: Path,
    *,
    measures: list[str] | None = None,
    source: str | None = None,
    level: str | None = None,
    all_vintages: bool = False,
    excel: bool = False,
) -> dict[str, Any]:
    """Write the panel, or a part of it, to a folder or one file.

    Parameters
    ----------
    target : Path
        A folder (gets ``panel.parquet`` and ``panel.csv``) or a file ending in ``.parquet`` or
        ``.csv``. Dictionary and sources are written beside.
    measures, source, level : optional
        Only these rows; level is nation, state or municipality.
    all_vintages : bool
        Every vintage instead of the newest.
    excel : bool
        CSV with the mark by which Excel knows UTF-8, for who opens it with a double click.

    Returns
    -------
    dict
        ``files`` written, ``rows``; municipalities and years whose months were ``joined``, and sums
        of a state and year that are ``withheld`` (unknown in the file).

    Raises
    ------
    SpecError
        The name ends in something else, or no row is left.
    RunError
        The folder may not be written or the disk is full.
    """
    if target.suffix not in ("", ".parquet", ".csv") or (target.is_dir() and target.suffix):
        raise SpecError(
            _("'{name}' is neither a folder nor a .parquet or .csv file.", name=target.name),
            where="--to",
            fix=_("Write for example --to panel.parquet, --to panel.csv or --to folder."),
        )
    chosen = {"measures": measures, "source": source, "level": level}
    with panel.reading(frozen=False) as con:
        for name in measures or ():
            panel.require(con, "measure", name)
        told = _select(con, chosen, all_vintages)
        if not told["rows"]:
            raise SpecError(
                _("No row of the panel is left by these filters."),
                where=f"--to {target}",
                fix=_("See what there is with `hidra data status`."),
            )
        stem = f"{target.stem}." if target.suffix else ""
        tables = [target.name] if target.suffix else ["panel.parquet", "panel.csv"]
        names = [*tables, f"{stem}dictionary.csv", f"{stem}sources.csv", f"{stem}manifest.json"]
        with _in_place(target, names) as draft:
            for name in tables:
                _write(con, f"SELECT {COLUMNS} FROM leaves ORDER BY ALL", draft / name, excel)
            _dictionary(con)
            _write(con, "FROM dictionary", draft / names[-3], excel)
            _sources(con)
            _write(con, "FROM cited", draft / names[-2], excel)
            manifest = {"kind": "export", "rows": told["rows"], "panel": panel.digest_of(con)}
            files.write_json(draft / names[-1], files.sealed(manifest, draft))
    folder = target.parent if target.suffix else target
    return {"files": [str(folder / name) for name in names], **told}


def _in_place(target: Path, names: list[str]) -> AbstractContextManager[Path]:
    """Return a draft folder of an export: in one move where nothing else lies in its folder."""
    if target.suffix:
        return files.replacing_set(target)
    other = target.is_dir() and {one.name for one in target.iterdir()} - {*names}
    return files.replacing_set(target / names[0]) if other else files.replacing_folder(target)


def _select(
    con: duckdb.DuckDBPyConnection, chosen: dict[str, Any], all_vintages: bool
) -> dict[str, int]:
    """Create ``leaves``, the rows of the export; return how many, and what was joined in them."""
    con.execute(
        f"CREATE TEMP TABLE leaves AS FROM {'panel_all' if all_vintages else 'panel_sources'} "
        "WHERE ($measures IS NULL OR list_contains($measures, measure)) "
        "AND source = coalesce($source, source) AND level(place) = coalesce($level, level(place))",
        chosen,
    )
    (rows,) = con.execute("SELECT count(*) FROM leaves").fetchone() or (0,)
    if not home.panel_file().exists():
        return {"rows": rows, "joined": 0, "withheld": 0}
    counts = con.execute(
        "SELECT count(*) FILTER (hidden), count(*) FILTER (withheld) FROM joined SEMI JOIN "
        "(SELECT DISTINCT source, vintage, measure AS family FROM leaves "
        "WHERE level(place) = 'municipality') USING (source, vintage, family)"
    ).fetchone() or (0, 0)
    return {"rows": rows, "joined": counts[0], "withheld": counts[1]}


def _dictionary(con: duckdb.DuckDBPyConnection) -> None:
    columns = ("kind", "name", "meaning", "unit", "source", "first_month", "last_month")
    con.execute(f"CREATE TEMP TABLE dictionary ({', '.join(f'{one} VARCHAR' for one in columns)})")
    con.executemany(
        "INSERT INTO dictionary (kind, name, meaning) VALUES ('column', ?, ?)",
        list(MEANINGS.items()),
    )
    con.execute(
        "INSERT INTO dictionary SELECT 'measure', measure, min(concept), min(unit), source, "
        "min(month), max(month) FROM leaves GROUP BY measure, source ORDER BY measure, source"
    )


def _sources(con: duckdb.DuckDBPyConnection) -> None:
    import pandas as pd

    con.register("every", pd.DataFrame(cite()))
    con.execute("CREATE TEMP TABLE cited AS SELECT * FROM every "
                "WHERE name IN (SELECT source FROM leaves)")  # fmt: skip
    con.unregister("every")


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path, excel: bool) -> None:
    kind = "PARQUET, COMPRESSION ZSTD" if path.suffix == ".parquet" else "CSV, HEADER"
    with files.replacing(path) as draft:
        con.execute(f"COPY ({query}) TO {quoted(draft)} (FORMAT {kind})")
        if excel and path.suffix == ".csv":
            draft.write_bytes(codecs.BOM_UTF8 + draft.read_bytes())
