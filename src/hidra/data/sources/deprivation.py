"""Deprivation: CONAPO's marginalisation and CONEVAL's poverty, by state and municipality.

CONAPO's DP2 index goes UP as marginalisation goes DOWN. CONEVAL's workbook has three header
rows (indicator, statistic, year), read as such; a cell that is no number ("n.d.", "*") is
unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.errors import SourceError
from hidra.core.i18n import _
from hidra.data import readers
from hidra.data.readers import Glance, fold, glances, sheets
from hidra.data.sources.base import Context, add_rows, described, note, start

if TYPE_CHECKING:
    import duckdb

SHARES = {
    "analf": "illiterate_pct",
    "sbasc": "no_basic_education_pct",
    "ovsde": "no_drainage_pct",
    "ovsee": "no_electricity_pct",
    "ovsae": "no_piped_water_pct",
    "ovpt": "dirt_floor_pct",
    "vhac": "overcrowded_pct",
    "pl.5000": "small_localities_pct",
    "po2sm": "low_income_pct",
}


def _is_marginalisation(seen: Glance) -> bool:
    return seen.has("cve_ent", "analf", "sbasc", "ovsde", "vhac")


def _read_marginalisation(
    con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context
) -> None:
    start(con)
    for seen in (one for file in files for one in glances(file) if _is_marginalisation(one)):
        file = seen.path
        years = {one[-4:] for one in seen.folded if re.fullmatch(r"im_\d{4}", one)}
        if len(years) != 1:
            raise SourceError(
                _("The column IM_YYYY that says the year is missing, or there are several."),
                where=_("{name}, header", name=file.name),
                fix=_("Use CONAPO's own file of one year (IMM_2020, IME_2020)."),
            )
        year = years.pop()
        columns: Mapping[str, Sequence[str]] = {
            "place": ("cve_mun",) if seen.has("cve_mun") else ("cve_ent",),
            "dp2": (f"im_{year}",),
            "normal": (f"imn_{year}",),
        } | {f"s_{number}": (one,) for number, one in enumerate(SHARES)}
        readers.text_table(con, seen, columns, context, optional=frozenset({"normal"}))
        con.execute("DELETE FROM source_rows WHERE TRY_CAST(place AS INTEGER) IS NULL")
        readers.refuse_cells(
            con,
            file.name,
            "dp2 IS NULL OR "
            + readers.numbers("dp2", *(one for one in columns if one[:2] == "s_")),
            "place, dp2",
            _("A place without an index, or with a share that is no number"),
        )
        width = 5 if seen.has("cve_mun") else 2
        again = con.execute(
            f"DELETE FROM incoming WHERE month = '{year}-01' AND place IN"
            f" (SELECT lpad(place, {width}, '0') FROM source_rows)"
        ).fetchall()[0][0]
        if again:
            words = _("rows of {year} that a newer file gives: the newer ones stand", year=year)
            note(con, file.name, "rows left out", words, n=again)
        names = {"dp2": "marginalisation_dp2", "normal": "marginalisation_normalised"} | {
            f"s_{number}": f"marginalisation_{SHARES[one]}" for number, one in enumerate(SHARES)
        }
        for column, measure in names.items():
            add_rows(
                con,
                MARGINALISATION,
                f"""
                SELECT lpad(place, {width}, '0') AS place, '{year}-01' AS month,
                       '{measure}' AS measure, {readers.number(column)} AS value,
                       'final' AS status
                FROM source_rows WHERE {column} IS NOT NULL
                """,
                vintage=context.accessed,
            )


POVERTY = {
    "pobreza": "poverty_pct",
    "pobreza_extrema": "extreme_poverty_pct",
    "rezago_educativo": "educational_lag_pct",
    "carencia_por_acceso_a_los_servicios_de_salud": "no_health_access_pct",
    "carencia_por_acceso_a_la_seguridad_social": "no_social_security_pct",
    "carencia_por_acceso_a_la_alimentacion": "food_deprivation_pct",
}


def _is_poverty(seen: Glance) -> bool:
    return seen.kind == "excel" and seen.has("pobreza", "pobreza_extrema", "clave_de_entidad")


def _read_poverty(con: duckdb.DuckDBPyConnection, files: Sequence[Path], context: Context) -> None:
    start(con)
    seen = readers.table_of(files[0], _is_poverty)
    rows: list[tuple[int, list[str | None]]] = []
    for _rest, cells in sheets(seen.path, seen.member):
        rows += _poverty_cells(cells)
    if not rows:
        raise SourceError(
            _("No sheet has CONEVAL's three header rows (indicator, percentage, year)."),
            where=files[0].name,
            fix=_("Use CONEVAL's workbook 'Concentrado, indicadores de pobreza' as published."),
        )
    readers.store_rows(con, ("place", "year", "measure", "value"), rows)
    add_rows(
        con,
        POVERTY_SOURCE,
        f"""
        SELECT place, year || '-01' AS month, measure, {readers.number("value")} AS value,
               'final' AS status
        FROM source_rows
        """,
        vintage=context.accessed,
    )


def _poverty_cells(rows: list[list[Any]]) -> list[tuple[int, list[str | None]]]:
    """Return (row, [place, year, measure, value]) of a sheet; empty if it has not the layout."""
    folded = [[fold(str(cell)) for cell in row] for row in rows[:12]]
    top = next((i for i, row in enumerate(folded) if "pobreza" in row), None)
    if top is None:
        return []
    codes = [
        column
        for column, _ in enumerate(folded[top])
        if any(folded[i][column].startswith("clave_de") for i in range(top, min(top + 3, 12)))
    ]
    titles, kinds = _filled(folded[top]), _filled(folded[top + 1])
    years = [readers.cell_text(cell) or "" for cell in rows[top + 2]]
    wanted = [
        (column, f"coneval_{POVERTY[titles[column]]}", years[column])
        for column in range(len(titles))
        if titles[column] in POVERTY
        and kinds[column].startswith("porcentaje")
        and re.fullmatch(r"\d{4}", years[column])
    ]
    if not codes or not wanted:
        return []
    cells: list[tuple[int, list[str | None]]] = []
    for number, row in enumerate(rows[top + 3 :], start=top + 4):
        code = readers.cell_text(row[codes[-1]]) or ""
        if not code.isdecimal():
            continue
        place = code.zfill(5 if len(codes) > 1 else 2)
        for column, measure, year in wanted:
            value = readers.cell_text(row[column])
            sound = value is not None and re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", value)
            cells.append((number, [place, year, measure, value if sound else None]))
    return cells


def _filled(row: list[str]) -> list[str]:
    """Carry a title over the empty cells it is merged with."""
    filled: list[str] = []
    for cell in row:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


MARGINALISATION = described("conapo_marginalisation", _is_marginalisation, _read_marginalisation)
POVERTY_SOURCE = described("coneval_poverty", _is_poverty, _read_poverty)
SOURCES = (MARGINALISATION, POVERTY_SOURCE)
