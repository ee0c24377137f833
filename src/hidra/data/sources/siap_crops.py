"""SIAP, agricultural closing by municipality (2003 on): area, output and value of crops.

Rows are municipality x crop x season x water regime; seasons and regimes are summed. Prices
and yields are not kept: they do not add up. A municipality without a row reported none.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, glances
from hidra.data.sources.base import Context, add_rows, at_every_level, described, note, start

if TYPE_CHECKING:
    import duckdb

COLUMNS = {
    "year": ("anio", "ano"),
    "state": ("idestado",),
    "town": ("idmunicipio",),
    "crop": ("nomcultivo", "nomcultivo_sin_um"),
    "planted": ("sembrada",),
    "harvested": ("cosechada",),
    "lost": ("siniestrada",),
    "output": ("volumenproduccion",),
    "worth": ("valorproduccion",),
}
CROPS = {"avocado": "aguacate", "lime": "limon"}
COUNTS = {
    "planted_ha": "planted",
    "harvested_ha": "harvested",
    "production_t": "output",
    "value_mxn": "worth",
}


def _recognise(seen: Glance) -> bool:
    return seen.has("idestado", "idmunicipio", "sembrada", "volumenproduccion")


def _read(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    con.execute("DROP TABLE IF EXISTS crop_rows")
    for seen in (one for file in files for one in glances(file) if _recognise(one)):
        file = seen.path
        readers.text_table(con, seen, COLUMNS, context, optional=frozenset({"lost", "planted"}))
        readers.refuse_cells(
            con,
            file.name,
            "state IS NULL OR town IS NULL OR crop IS NULL OR "
            + readers.numbers(
                "year", "state", "town", "planted", "harvested", "lost", "output", "worth"
            ),
            "year, state, town, crop, planted, harvested, output, worth",
            _("A row with a code or a number that cannot be"),
        )
        con.execute("CREATE TEMP TABLE IF NOT EXISTS crop_rows AS FROM source_rows LIMIT 0")
        again = con.execute(
            "DELETE FROM crop_rows WHERE (year, state) IN (SELECT (year, state) FROM source_rows)"
        ).fetchall()[0][0]
        if again:
            words = _("rows of a year and state that a newer file gives: the newer ones stand")
            note(con, file.name, "rows left out", words, n=again)
        con.execute("INSERT INTO crop_rows FROM source_rows").fetchall()
    _crops(con)
    for crop, spanish in CROPS.items():
        for ending, column in COUNTS.items():
            _measure(con, f"{crop}_{ending}", column, f"crop = '{spanish}'", context)
    _measure(con, "crops_value_mxn", "worth", "true", context)
    con.execute("DROP TABLE crop_rows")


def _crops(con: duckdb.DuckDBPyConnection) -> None:
    sums = ", ".join(
        f"sum({readers.number(one)}) AS {one}"
        for one in ("planted", "harvested", "lost", "output", "worth")
    )
    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE incoming_crops AS
        SELECT lpad(state, 2, '0') || lpad(town, 3, '0') AS place, CAST(year AS INTEGER) AS year,
               strip_accents(lower(crop)) AS crop, {sums}
        FROM crop_rows GROUP BY ALL
        """
    ).fetchall()


def _measure(
    con: duckdb.DuckDBPyConnection, measure: str, column: str, where: str, context: Context
) -> None:
    grown = f"SELECT place, year || '-01' AS month, {column} AS n FROM incoming_crops WHERE {where}"
    add_rows(
        con,
        SIAP_CROPS,
        f"SELECT place, month, '{measure}' AS measure, sum(n) AS value, 'final' AS status "
        f"FROM ({at_every_level(grown, 'month, n')}) GROUP BY place, month",
        vintage=context.accessed,
    )


SIAP_CROPS = described("siap_crops", _recognise, _read, tables=("crops",))
SOURCES = (SIAP_CROPS,)
