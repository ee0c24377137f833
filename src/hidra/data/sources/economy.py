"""INEGI's gross domestic product by state and sector; Banxico's remittances by state.

The product comes as a zip with one CSV for each activity and ``indice.csv``, which says which
is which; a row's ``Descriptores`` reads "unit|concept|state". Remittances come as the workbook
of table CE100, quarters across, states down, or of CE166, whose states have their municipalities
below them (not read).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from hidra.core.errors import PanelError
from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, fold, glances, unpack
from hidra.data.sources.base import Context, add_rows, described, note, start

if TYPE_CHECKING:
    import duckdb

SECTORS = {
    "total": "gdp_total",
    "111": "gdp_agriculture",
    "21-1": "gdp_oil",
    "21-2": "gdp_mining",
}
BROAD = ("actividades_primarias", "actividades_secundarias", "actividades_terciarias")
TOWN = "\u2003\u2003"  # table CE166 sets the municipalities in under their state
QUARTERS = {"ene-mar": "01", "abr-jun": "04", "jul-sep": "07", "oct-dic": "10"}


def _is_product(seen: Glance) -> bool:
    return (
        seen.kind == "csv"
        and seen.has("descriptores")
        and any(re.match(r"\d{4}", one) for one in seen.columns)
    )


def _read_product(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    rows = list(_product_rows(files[0], context))
    if not rows:
        raise PanelError(
            _(
                "One table of INEGI's zip does not say by itself which activity or state it is, "
                "so it cannot stand in the panel; the zip's own 'indice.csv' says so."
            ),
            where=files[0].name,
            fix=_("Give INEGI's zip 'conjunto_de_datos_pibe_csv.zip' as downloaded."),
        )
    readers.store_rows(con, ("state", "year", "measure", "value", "status"), rows)
    readers.refuse_cells(
        con,
        files[0].name,
        readers.numbers("value"),
        "state, year, measure, value",
        _("A value that is no number"),
    )
    con.execute("DELETE FROM source_rows WHERE value IS NULL")
    for name in readers.state_codes(con, "state"):
        note(con, files[0].name, "code unknown", _("state '{name}' is none: left out", name=name))
    add_rows(
        con,
        STATE_GDP,
        f"""
        SELECT code AS place, year || '-01' AS month, measure,
               {readers.number("value")} AS value, status
        FROM source_rows JOIN state_names ON coalesce(state, '') = state_names.name
        WHERE code <> '33'
        """,
        vintage=context.accessed,
    )


def _product_rows(file: Path, context: Context) -> Iterator[tuple[int, list[str | None]]]:
    """Yield state, year, measure, value and status from the activities wanted."""
    import csv

    index = _index(file, context)
    for seen in glances(file):
        code = index.get(PurePosixPath(seen.member or "").name)
        if not _is_product(seen) or code is None:
            continue
        plain = unpack(seen.path, seen.member, context.scratch)
        with plain.open(encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text)
            header = next(reader)
            for number, row in enumerate(reader, start=2):
                unit, _rest, state = (*row[0].split("|"), "", "")[:3]
                prices = _prices(row[0])
                if prices is None or not fold(unit).startswith("millones_de_pesos"):
                    continue
                name = re.sub(r"<[^>]*>", "", state).strip()
                for column, cell in zip(header[1:], row[1:], strict=True):
                    yield (
                        number,
                        [
                            name,
                            column[:4],
                            f"{SECTORS[code]}_{prices}",
                            cell.strip() or None,
                            "provisional" if "<P>" in column.upper() else "final",
                        ],
                    )
        plain.unlink()


def _prices(descriptor: str) -> str | None:
    words = fold(descriptor)
    if "variacion" in words or "participacion" in words or "indice" in words:
        return None
    if "corrientes" in words:
        return "current"
    if "constantes" in words or "precios_de_2018" in words:
        return "constant"
    # the edition of 2024 says "Millones de pesos" for current prices
    return "current" if words.partition("|")[0] == "millones_de_pesos" else None


def _index(file: Path, context: Context) -> dict[str, str]:
    """Return the sector of each activity file, from the zip's own index."""
    import csv
    import zipfile

    if not zipfile.is_zipfile(file):
        return {}
    with zipfile.ZipFile(file) as archive:
        member = next((one for one in archive.namelist() if one.endswith("indice.csv")), None)
    if member is None:
        return {}
    plain = unpack(file, member, context.scratch)
    with plain.open(encoding="utf-8-sig", newline="") as text:
        rows = [row for row in csv.reader(text) if len(row) > 1 and "_actividad_" in row[0]]
    plain.unlink()
    sectors: dict[str, str] = {}
    for name, path, *_rest in rows:
        parts = path.split("|")
        code = parts[-1].split("---")[0].strip() if "---" in parts[-1] else ""
        if len(parts) > 1 and fold(parts[1]) not in BROAD and "---" not in parts[1]:
            code = "total"
        if code in SECTORS:
            sectors[PurePosixPath(name).name] = code
    return sectors


def _is_remittances(seen: Glance) -> bool:
    quarters = [one for one in seen.folded if one.split("_")[0] in QUARTERS]
    return seen.kind == "excel" and bool(quarters) and any("remesas" in one for one in seen.folded)


def _read_remittances(
    con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context
) -> None:
    start(con)
    rows: list[tuple[int, list[str | None]]] = []
    for _sheet, top, (header, *below) in readers.sheet_tables(
        readers.table_of(files[0], _is_remittances),
        lambda cells: any(one.split("_")[0] in QUARTERS for one in cells),
    ):
        quarters = [_quarter(readers.cell_text(cell)) for cell in header]
        months = {i: quarter for i, quarter in enumerate(quarters) if quarter}
        for number, cells in enumerate(below, top + 1):
            texts = [readers.cell_text(cell) for cell in cells]
            written = next((str(cell) for cell in cells[: min(months)] if str(cell).strip()), "")
            if written and not written.startswith(TOWN):
                name = written.strip()
                rows += [(number, [name, month, texts[i]]) for i, month in months.items()]
    readers.store_rows(con, ("state", "month", "value"), rows)
    readers.state_codes(con, "state")
    con.execute(
        "DELETE FROM source_rows WHERE value IS NULL"
        " OR state NOT IN (SELECT name FROM state_names WHERE code <> '33')"
    )
    readers.refuse_cells(
        con,
        files[0].name,
        f"value <> 'N/E' AND ({readers.numbers('value')})",
        "state, month, value",
        _("A value that is no number"),
    )
    add_rows(
        con,
        REMITTANCES,
        f"""
        SELECT code AS place, month, 'remittances_musd' AS measure,
               {readers.number("value")} AS value, 'final' AS status
        FROM source_rows JOIN state_names ON state = state_names.name
        """,
        vintage=context.accessed,
    )


def _quarter(text: str | None) -> str:
    quarter, _rest, year = fold(text or "").partition("_")
    return f"{year}-{QUARTERS[quarter]}" if quarter in QUARTERS and year.isdecimal() else ""


STATE_GDP = described("inegi_state_gdp", _is_product, _read_product)
REMITTANCES = described("banxico_remittances", _is_remittances, _read_remittances)
SOURCES = (STATE_GDP, REMITTANCES)
