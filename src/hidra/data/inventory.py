"""What the panel holds, from whom, on what terms: the verbs ``status`` and ``cite``."""

from __future__ import annotations

from typing import Any

from hidra.data import home, panel, reference
from hidra.data.sources import Source, sources

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
    absent = "not fetched" if one.access == "open" else "bring your own file"
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
