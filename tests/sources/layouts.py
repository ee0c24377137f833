"""Writers of files in the exact official layouts, for tests only."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

# Columns of the open-data CSV of deaths (lower case); 59 to 2021, 73-74 from 2022.
DEATHS_OLD = [
    "ent_regis",
    "mun_regis",
    "ent_resid",
    "mun_resid",
    "tloc_resid",
    "loc_resid",
    "ent_ocurr",
    "mun_ocurr",
    "tloc_ocurr",
    "loc_ocurr",
    "causa_def",
    "lista_mex",
    "sexo",
    "edad",
    "dia_ocurr",
    "mes_ocurr",
    "anio_ocur",
    "dia_regis",
    "mes_regis",
    "anio_regis",
    "dia_nacim",
    "mes_nacim",
    "anio_nacim",
    "ocupacion",
    "escolarida",
    "edo_civil",
    "presunto",
    "ocurr_trab",
    "lugar_ocur",
    "necropsia",
    "asist_medi",
    "sitio_ocur",
    "cond_cert",
    "nacionalid",
    "derechohab",
    "embarazo",
    "rel_emba",
    "horas",
    "minutos",
    "capitulo",
    "grupo",
    "lista1",
    "gr_lismex",
    "vio_fami",
    "area_ur",
    "edad_agru",
    "complicaro",
    "dia_cert",
    "mes_cert",
    "anio_cert",
    "maternas",
    "lengua",
    "cond_act",
    "par_agre",
    "ent_ocules",
    "mun_ocules",
    "loc_ocules",
    "razon_m",
    "dis_re_oax",
]
DEATHS_NEW = [
    "ent_regis",
    "mun_regis",
    "tloc_regis",
    "loc_regis",
    "ent_resid",
    "mun_resid",
    "tloc_resid",
    "loc_resid",
    "ent_ocurr",
    "mun_ocurr",
    "tloc_ocurr",
    "loc_ocurr",
    "causa_def",
    "cod_adicio",
    "lista_mex",
    "sexo",
    "ent_nac",
    "afromex",
    "conindig",
    "lengua",
    "cve_lengua",
    "nacionalid",
    "nacesp_cve",
    "edad",
    "sem_gest",
    "gramos",
    "dia_ocurr",
    "mes_ocurr",
    "anio_ocur",
    "dia_regis",
    "mes_regis",
    "anio_regis",
    "dia_nacim",
    "mes_nacim",
    "anio_nacim",
    "cond_act",
    "ocupacion",
    "escolarida",
    "edo_civil",
    "tipo_defun",
    "ocurr_trab",
    "lugar_ocur",
    "par_agre",
    "vio_fami",
    "asist_medi",
    "cirugia",
    "natviole",
    "necropsia",
    "usonecrops",
    "encefalica",
    "donador",
    "sitio_ocur",
    "cond_cert",
    "derechohab",
    "embarazo",
    "rel_emba",
    "horas",
    "minutos",
    "capitulo",
    "grupo",
    "lista1",
    "gr_lismex",
    "area_ur",
    "edad_agru",
    "complicaro",
    "dia_cert",
    "mes_cert",
    "anio_cert",
    "maternas",
    "ent_ocules",
    "mun_ocules",
    "loc_ocules",
    "razon_m",
    "dis_re_oax",
]


def death(
    place: str,
    cause: str,
    occurred: str,
    registered: str,
    *,
    age: int = 4030,
    sex: int = 1,
) -> dict[str, object]:
    """One record: place of occurrence, cause, ``YYYY-MM`` twice (99/9999 for unknown)."""
    year, month = occurred.split("-")
    year_registered, month_registered = registered.split("-")
    return {
        "ent_regis": place[:2],
        "mun_regis": place[2:],
        "ent_resid": place[:2],
        "mun_resid": place[2:],
        "ent_ocurr": place[:2],
        "mun_ocurr": place[2:],
        "causa_def": cause,
        "anio_ocur": int(year),
        "mes_ocurr": int(month),
        "anio_regis": int(year_registered),
        "mes_regis": int(month_registered),
        "sexo": sex,
        "edad": age,
    }


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Text of a CSV in the official manner (CRLF, no quotes)."""
    lines = [",".join(columns)]
    lines += [",".join(str(row.get(one, "")) for one in columns) for row in rows]
    return "\r\n".join(lines) + "\r\n"


def deaths_zip(
    path: Path, year: int, rows: Iterable[Mapping[str, object]], *, upper: bool = False
) -> Path:
    """An open-data edition: the table, its catalogues and a text, in a zip."""
    columns = DEATHS_NEW if year >= 2022 else DEATHS_OLD
    text = csv_text(columns, rows)
    if upper:
        first, rest = text.split("\r\n", 1)
        text = first.upper() + "\r\n" + rest
    stem = f"conjunto_de_datos_defunciones_registradas{year % 100:02d}_csv"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"conjunto_de_datos/{stem}.csv", text)
        archive.writestr(
            "catalogos/entidad_municipio_localidad.csv",
            ("cve_ent,cve_mun,nom_loc\r\n" + "01,001,Aguascalientes\r\n" * 4000).encode("latin-1"),
        )
        archive.writestr("leeme.txt", "INEGI")
    return path


def dbf_bytes(
    fields: Sequence[tuple[str, str, int]],
    rows: Sequence[Mapping[str, object]],
    *,
    language: int = 0x03,
    encoding: str = "cp1252",
) -> bytes:
    """A dBASE III table: fields are (name, C or N, width)."""
    width = 1 + sum(size for _, _, size in fields)
    out = io.BytesIO()
    size = 32 + 32 * len(fields) + 1
    out.write(struct.pack("<B3BIHH16xBBxx", 0x03, 26, 11, 21, len(rows), size, width, 0, language))
    for name, kind, length in fields:
        out.write(struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), length, 0))
    out.write(b"\r")
    for row in rows:
        out.write(b" ")
        for name, kind, length in fields:
            text = str(row.get(name.lower(), ""))
            cell = text.rjust(length) if kind == "N" else text.ljust(length)
            out.write(cell.encode(encoding)[:length])
    out.write(b"\x1a")
    return out.getvalue()


DEATH_FIELDS = (
    ("ENT_REGIS", "C", 2),
    ("MUN_REGIS", "C", 3),
    ("ENT_RESID", "C", 2),
    ("MUN_RESID", "C", 3),
    ("ENT_OCURR", "C", 2),
    ("MUN_OCURR", "C", 3),
    ("CAUSA_DEF", "C", 4),
    ("LISTA_MEX", "C", 3),
    ("SEXO", "N", 1),
    ("EDAD", "N", 4),
    ("DIA_OCURR", "N", 2),
    ("MES_OCURR", "N", 2),
    ("ANIO_OCUR", "N", 4),
    ("MES_REGIS", "N", 2),
    ("ANIO_REGIS", "N", 4),
    ("PRESUNTO", "N", 1),
)

MONTHS = [
    "Enero",
    "Febrero",
    "Marzo",
    "Abril",
    "Mayo",
    "Junio",
    "Julio",
    "Agosto",
    "Septiembre",
    "Octubre",
    "Noviembre",
    "Diciembre",
]


def sesnsp_text(
    rows: Iterable[tuple[object, ...]], *, municipal: bool, victims: bool, crlf: bool = True
) -> str:
    """A table of the SESNSP with wide months; rows give every cell in the official order."""
    header = ["Año", "Clave_Ent", "Entidad"]
    header += ["Cve. Municipio", "Municipio"] if municipal else []
    header += ["Bien jurídico afectado", "Tipo de delito", "Subtipo de delito", "Modalidad"]
    header += ["Sexo", "Rango de edad"] if victims else []
    lines = [",".join(header + MONTHS)]
    for row in rows:
        cells = [f'"{one}"' if "," in str(one) else str(one) for one in row]
        assert len(cells) == len(header) + 12, (len(cells), len(header) + 12)
        lines.append(",".join(cells))
    ending = "\r\n" if crlf else "\n"
    return ending.join(lines) + ending


def xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """A small workbook: inline texts and numbers, as spreadsheet programs write them."""
    from xml.sax.saxutils import escape, quoteattr

    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    def cell(value: object) -> str:
        if value in (None, ""):
            return "<c/>"
        if isinstance(value, int | float):
            return f"<c><v>{value}</v></c>"
        return f'<c t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        listed = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{i}" r:id="r{i}"/>'
            for i, name in enumerate(sheets, 1)
        )
        book.writestr(
            "xl/workbook.xml",
            f'{head}<workbook {main} xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{package}/relationships">'
            + "".join(
                f'<Relationship Id="r{i}" Type="{office}/worksheet" Target="worksheets/s{i}.xml"/>'
                for i in range(1, len(sheets) + 1)
            )
            + "</Relationships>",
        )
        book.writestr(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{package}/content-types"><Default Extension="xml" '
            f'ContentType="application/xml"/><Default Extension="rels" ContentType="application/'
            f'vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{kind}.sheet.main+xml"/></Types>',
        )
        for i, rows in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{n}">{"".join(cell(one) for one in row)}</row>'
                for n, row in enumerate(rows, 1)
            )
            book.writestr(
                f"xl/worksheets/s{i}.xml",
                f"{head}<worksheet {main}><sheetData>{body}</sheetData></worksheet>",
            )
    return path
