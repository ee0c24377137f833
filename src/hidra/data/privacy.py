"""Small municipal counts of persons: joined on their way out, so that nobody can be singled out.

Whatever is made to be handed on (pages and their twins, map, API, exports, reports, the frames of
`hidra.panel`) reads the panel through `leaving`, `hidra.data.panel.reading` sees to it. In each
source, state and year:

1. A municipality with a count of one or two in some month, quarter or sex, told or left over from
   those that are told, tells its year only, sexes and other parts together.
2. Years still below three go into the state's "other municipalities" (998).
3. While that sum would tell its parts (it stands for one municipality, is below three, or can only
   be all ones or all twos) the next smallest municipality goes in too; where none counts three or
   more, those that reported zero. A sum that stands for one municipality alone and has no other to
   go with is withheld: its value is unknown.
4. Months of the state less those of all other municipalities are no way back either: where one
   municipality alone tells its year only, the next smallest tells its year only too.

Sums of a state and year stay what they were, save where one is withheld.

This is primary and secondary cell suppression by aggregation (Hundepool et al., Statistical
Disclosure Control, 2012, ch. 4), with a threshold of three.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from hidra.core.errors import HidraError
from hidra.data.readers import fold
from hidra.data.sources.base import PANEL_COLUMNS

if TYPE_CHECKING:
    import duckdb

    from hidra.data.spec import Value

SMALL = 3
COLUMNS = ", ".join(PANEL_COLUMNS)
#: Words of missing persons, however a measure is spelt, accents and capitals aside.
MISSING = re.compile(
    r"rnpdno|missing|disappear|desapar|locali[sz]a|not_?located|not_?found|no_?encontrad|extraviad"
)
#: Units that are no number of persons, cases or events: sums over places would mean nothing.
NO_COUNT = re.compile(
    r"%|(ha|hect\w+|km\d?|m\d|t|ton\w*|kg|lit\w+|pesos?|mxn|usd|dol\w+|mill\w+|percent\w*|porcent\w*"
    r"|share|propor\w+|rate|tasa|index|indice|score|degrees|grados|days|dias|hours|horas|standard)"
    r"(_.*)?|.*_(per|por)_(cada_)?(\d.*|mil|cien|capita|km\d?|ha|habitantes?|inhabitants?)"
)
SEX = re.compile(
    r"_(f|m|h|u|x|women|woman|men|man|female|male|mujer(es)?|hombres?|femenino|masculino"
    r"|sexo_desconocido|unknown_sex)$"
)
APART = "_month_unknown"  # other persons than those of the measure before it


def missing_persons(*words: str | None) -> bool:
    """Tell whether a name or concept says missing persons, whatever its spelling."""
    return any(MISSING.search(fold(one)) for one in words if one)


def leaving(con: duckdb.DuckDBPyConnection) -> None:
    """Create ``leaving``: the rows of ``added`` that are protected, as they may leave.

    ``protected`` lists source, measure and the family of measures it is a part of; ``joined`` says
    of each municipality and year whether its months were joined (``hidden``) and whether it is in
    the sum of its state (``pooled``).

    Parameters
    ----------
    con : connection with ``added``, ``series``, ``supplies`` and the macro ``level``.
    """
    con.execute(
        "CREATE TEMP TABLE protected (source VARCHAR, measure VARCHAR, family VARCHAR, own BOOLEAN)"
    )
    rows = [list(row) for row in protected(con)]
    if rows:
        con.executemany("INSERT INTO protected VALUES (?, ?, ?, ?)", rows)
    con.execute(JOIN)


def protected(con: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, str, str, bool]]:
    """Yield source, measure, family and whether it is somebody's own, of what is protected."""
    series = con.execute(
        "SELECT source, measure, any_value(concept), any_value(unit) FROM series "
        "WHERE contains(level, 'municipality') GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    official, added = _declared()
    told = _described(con)
    names = {(source, measure) for source, measure, *_rest in series}
    for source, measure, concept, unit in series:
        own = source not in official
        said = official.get(source, added.get(source, {})).get(measure)
        parts = ""
        for value, splits in told.get(source, ()):
            if value.measure in (None, measure) or measure.startswith(f"{value.measure}_"):
                said, parts = value.persons or said, value.measure or "" if splits else ""
        wanted = said == "sensitive" or (own and said != "open")
        if not (wanted or missing_persons(measure, concept if own else None)):
            continue
        if own and said != "sensitive" and not _counts(con, source, measure, unit):
            continue
        yield source, measure, _family(source, measure, parts, names), own


def _declared() -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, Any]]]:
    """Return what official sources say of their measures, and what somebody's own sources say."""
    from hidra.data import sources

    official = sources.official()
    try:
        every = sources.sources()
    except HidraError:  # somebody's own source is broken: its measures are protected
        every = dict(official)
    said = {
        name: {one.name: one.persons for one in source.measures} for name, source in every.items()
    }
    added = {name: measures for name, measures in said.items() if name not in official}
    return {name: said[name] for name in official}, added


def _described(con: duckdb.DuckDBPyConnection) -> dict[str, list[tuple[Value, bool]]]:
    """Return what the descriptions of own tables say of their values, by source, oldest first."""
    from hidra.data.spec import made

    found: dict[str, list[tuple[Value, bool]]] = {}
    for source, text in con.execute(
        "SELECT source, spec FROM supplies WHERE spec <> '' ORDER BY vintage"
    ).fetchall():
        try:
            spec = made(text)
        except HidraError:
            continue  # of another version: protected, as what says nothing
        for value in spec.values:
            said = value.model_copy(update={"persons": value.persons or spec.persons})
            found.setdefault(source, []).append((said, bool(spec.split_by)))
    return found


def _counts(con: duckdb.DuckDBPyConnection, source: str, measure: str, unit: str | None) -> bool:
    """Tell whether an own measure counts something: by its unit, and mostly whole numbers."""
    if NO_COUNT.fullmatch(fold(unit or "")):
        return False
    (broken, known) = con.execute(
        "SELECT count(*) FILTER (value <> round(value)), count(*) FILTER (value <> 0) FROM added "
        "WHERE source = ? AND measure = ?", [source, measure],
    ).fetchone() or (0, 0)  # fmt: skip
    return bool(2 * broken <= known)


def _family(source: str, measure: str, parts: str, names: set[tuple[str, str]]) -> str:
    """Return the measure that a part of it (a sex, a value of split_by) belongs to.

    One sex without the other and without the whole is a measure of its own.
    """
    tail = APART if measure.endswith(APART) else ""
    stem = SEX.sub("", measure.removesuffix(tail))
    others = {
        other for where, other in names
        if where == source and other != measure and other.endswith(tail)
        and SEX.sub("", other.removesuffix(tail)) == stem
    }  # fmt: skip
    if parts:
        return parts + tail
    return stem + tail if others else measure


BLOCK = "source, vintage, family, state, year, span"
JOIN = f"""
CREATE TEMP TABLE counted AS
SELECT added.*, family, own, left(place, 2) AS state, left(month, 4) AS year,
       if(period IN ('month', 'quarter'), 'year', period) AS span,
       right(place, 3) IN ('998', '999') AS unnamed
FROM added JOIN protected USING (source, measure) WHERE level(place) = 'municipality';

-- What the parts of a figure leave of it: months of a year, sexes of a whole.
CREATE TEMP TABLE gaps AS
SELECT {BLOCK}, place FROM counted GROUP BY {BLOCK}, place, month, period
HAVING sum(value) FILTER (measure = family) - sum(value) FILTER (measure <> family) > 0
   AND sum(value) FILTER (measure = family) - sum(value) FILTER (measure <> family) < {SMALL}
UNION
SELECT {BLOCK}, place FROM counted GROUP BY {BLOCK}, place, measure
HAVING sum(value) FILTER (period = span) - sum(value) FILTER (period <> span) > 0
   AND sum(value) FILTER (period = span) - sum(value) FILTER (period <> span) < {SMALL};

-- The year of each place: of the whole rather than its parts, from the longest period.
CREATE TEMP TABLE years AS
SELECT * FROM (
    SELECT {BLOCK}, own, place, unnamed, sum(value) AS total, unit,
           if(span = 'year', year || '-01', min(month)) AS month,
           min(if(part, split_part(concept, '; ', 1), concept)) AS concept,
           if(bool_or(value IS NULL), 'undercount', max(status)) AS status,
           bool_or(bool_or(value > 0 AND value < {SMALL})) OVER (
               PARTITION BY {BLOCK}, place) AS small,
           row_number() OVER (PARTITION BY {BLOCK}, place ORDER BY sum(value) IS NULL, part,
               period = span DESC, period = 'quarter' DESC) AS rank
    FROM (SELECT *, measure <> family AS part FROM counted)
    GROUP BY {BLOCK}, own, place, unnamed, unit, part, period
) WHERE rank = 1;

CREATE TEMP TABLE towns AS
SELECT {BLOCK}, own, place, small OR (source, vintage, family, place, year, span) IN (
           SELECT (source, vintage, family, place, year, span) FROM gaps) AS small, total,
       CASE WHEN total IS NULL THEN 'unknown' WHEN total = 0 THEN 'none'
            WHEN total < {SMALL} THEN 'few' ELSE 'some' END AS kind
FROM years WHERE NOT unnamed;

CREATE TEMP TABLE sums AS
SELECT {BLOCK}, count(*) = 1 OR sum(total) < {SMALL} OR sum(total) = count(*)
           OR (sum(total) = 2 * count(*) AND count(*) > 3) AS tells
FROM towns WHERE kind = 'few' GROUP BY ALL;

CREATE TEMP TABLE pools AS
SELECT towns.*, kind = 'few' OR coalesce(tells, false) AND (
           kind = 'some' AND row_number() OVER (
               PARTITION BY {BLOCK}, kind ORDER BY total, place) = 1
           OR kind = 'none' AND count(*) FILTER (kind = 'some') OVER (PARTITION BY {BLOCK}) = 0
       ) AS pooled
FROM towns LEFT JOIN sums USING ({BLOCK});

CREATE TEMP TABLE joined AS
SELECT {BLOCK}, place, pooled, small OR pooled OR (
           kind = 'some' AND count(*) FILTER (small OR pooled) OVER (PARTITION BY {BLOCK}) = 1
           AND row_number() OVER (
               PARTITION BY {BLOCK}, kind, small OR pooled ORDER BY total, place) = 1
       ) AS hidden,
       own AND pooled AND count(*) FILTER (pooled) OVER (PARTITION BY {BLOCK}) = 1 AS withheld
FROM pools;

CREATE TEMP TABLE leaving AS
WITH told AS (
    SELECT {BLOCK}, if(pooled, state || '998', place) AS place, * EXCLUDE ({BLOCK}, place)
    FROM years JOIN (FROM joined WHERE hidden) USING ({BLOCK}, place)
), rest AS (SELECT {BLOCK}, place FROM told WHERE pooled GROUP BY ALL)
SELECT {COLUMNS} FROM counted ANTI JOIN (FROM joined WHERE hidden) USING ({BLOCK}, place)
    ANTI JOIN rest USING ({BLOCK}, place)
UNION ALL
SELECT place, month, family, if(bool_or(withheld), NULL, sum(total)), source, min(concept), vintage,
       max(status), span, unit
FROM (SELECT {BLOCK}, place, month, total, concept, status, unit, withheld FROM told
      UNION ALL SELECT {BLOCK}, place, month, total, concept, status, unit, false
      FROM years SEMI JOIN rest USING ({BLOCK}, place))
GROUP BY place, month, family, source, vintage, span, unit;
"""
