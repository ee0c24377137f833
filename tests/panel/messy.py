"""Workbooks as people keep them: what each holds, and what is right to read of it.

Figures are invented. Each function writes one file and returns the answers a reader would give and
the sum that must come in.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font


@dataclass(frozen=True)
class Messy:
    """A file, the answers to its questions, and what must come of it.

    Attributes
    ----------
    total : float
        Sum of all figures.
    cells : dict
        Some figures by place and month.
    asked : tuple of str
        Keys of the questions that must be put, and no other.
    """

    path: Path
    answers: dict[str, str]
    total: float
    cells: dict[tuple[str, str], float]
    asked: tuple[str, ...] = ()
    matched: dict[str, str] = field(default_factory=dict)


SINALOA = ("Culiacán", "Mazatlan", "AHOME", "Gral. Escobedo", "Guasave", "Navolato ", "Culican")


def titled(folder: Path) -> Messy:
    """Merged title, names without codes, dd/mm/yyyy, blanks, a row of totals, notes below."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Víctimas"
    sheet["A1"] = "Registro de víctimas de homicidio 2023-2024"
    sheet["A1"].font = Font(bold=True)
    sheet.merge_cells("A1:E1")
    sheet["A2"] = "Organización de prueba"
    sheet.append([])
    sheet.append(["Fecha del hecho", "Estado", "Municipio", "Víctimas", "Observaciones"])
    towns = (("Sinaloa", "Culiacan"), ("SINALOA", "Mazatlán"), ("Chihuahua", "Cd. Juárez"),
             ("N.L.", "Gral. Escobedo"), ("Nuevo León", "Sta. Catarina"), ("Guerrero", "Acapulco"),
             ("Edo. de México", "Ecatepec"), ("Jalisco", "Guadalajra"))  # fmt: skip
    total = 0.0
    for year in (2023, 2024):
        for month in range(1, 13):
            for at, (state, town) in enumerate(towns):
                killed = 3 + (month + at) % 4
                sheet.append([f"{13 + at}/{month:02d}/{year}", state, town, killed, None])
                total += killed
    total -= sheet["D40"].value
    sheet["D40"] = None  # not known, and so is the month of its place
    sheet.append(["17/03/2024", "Sinaloa", "Culiacan", "s/d", "en proceso"])
    sheet.append([])
    sheet.append([None, None, "TOTAL", total])
    total -= 3 + 3 % 4  # March 2024 in Culiacán has a part that is not known
    sheet.append(["Fuente: elaboración propia con notas de prensa. Corte al 31/12/2024."])
    path = folder / "victimas.xlsx"
    book.save(path)
    return Messy(
        path, {}, total, {("12001", "2023-01"): 3.0 + (1 + 5) % 4, ("08037", "2024-12"): 3.0 + (12 + 2) % 4},
        matched={"Cd. Juárez": "08037", "Sta. Catarina": "19048", "Acapulco": "12001",
                 "Ecatepec": "15033", "Guadalajra": "14039", "Gral. Escobedo": "19021"},
    )  # fmt: skip


def wide(folder: Path) -> Messy:
    """Years merged above twelve months each, states merged down, subtotals of states, comma thousands."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Carpetas de investigación por desaparición de personas"])
    sheet.merge_cells("A1:N1")
    sheet.append(["Entidad", "Municipio", "2023", *[None] * 11, "2024", *[None] * 5])
    months = ("Ene", "Feb", "Mar", "Abr", "May", "Jun", "Jul", "Ago", "Sep", "Oct", "Nov", "Dic")
    sheet.append([None, None, *months, *months[:6]])
    sheet.merge_cells("A2:A3")
    sheet.merge_cells("B2:B3")
    sheet.merge_cells("C2:N2")
    sheet.merge_cells("O2:T2")
    total, row = 0.0, 4
    for state, towns in (
        ("Veracruz", ("Xalapa", "Veracruz", "Boca del Río")),
        ("Puebla", ("Puebla", "Tehuacán")),
    ):
        start, sums = row, [0] * 18
        for at, town in enumerate(towns):
            values = [1000 + 7 * at + n for n in range(18)]
            total += sum(values)
            sums = [a + b for a, b in zip(sums, values, strict=True)]
            sheet.append([state if at == 0 else None, town, *(f"{one:,}" for one in values)])
            row += 1
        sheet.append([None, "Total", *(f"{one:,}" for one in sums)])
        sheet.merge_cells(f"A{start}:A{row}")
        row += 1
    path = folder / "carpetas.xlsx"
    book.save(path)
    return Messy(path, {}, total, {("30087", "2023-01"): 1000, ("21156", "2024-06"): 1024})


def events(folder: Path) -> Messy:
    """One row an event: Excel dates beside texts, names of persons, an age, months without rows."""
    book = Workbook()
    sheet = book.active
    sheet.append(["No.", "Nombre de la víctima", "Edad", "Fecha", "Municipio", "Sexo"])
    day = datetime.datetime(2024, 1, 20)
    places = ("Tlaquepaque", "Zapopan", "Tonalá", "Lagos de Moreno")
    for number in range(24):
        when = day + datetime.timedelta(days=15 * number)
        written = when if number % 3 else f"{when.day} de {MONTHS[when.month - 1]} de {when.year}"
        sheet.append(
            [number + 1, "N.N.", 20 + number, written, places[number % 4], "HM"[number % 2]]
        )
    path = folder / "ataques_jalisco_2024.xlsx"
    book.save(path)
    return Messy(
        path, {"absent": "zero"}, 24.0, {("14098", "2024-01"): 1.0, ("14120", "2024-01"): 0.0}
    )


MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
          "octubre", "noviembre", "diciembre")  # fmt: skip


def semicolons(folder: Path) -> Messy:
    """A CSV of a Spanish Excel: title, semicolons, decimal comma, dots between thousands, Windows-1252."""
    lines = ["Superficie de amapola destruida;;;", "", "Año;Mes;Entidad;Hectáreas"]
    total = 0.0
    for month, name in enumerate(MONTHS, 1):
        for state, size in (("Guerrero", 1234.5), ("Sinaloa", 12.25), ("Nayarit", 0.5)):
            value = size + month
            total += value
            written = f"{value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
            lines.append(f"2023;{name.upper()};{state};{written}")
    lines += [
        f"TOTAL;;;{total:,.2f}".replace(",", "_").replace(".", ",").replace("_", "."),
        "Fuente: prueba;;;",
    ]
    path = folder / "amapola.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return Messy(path, {"unit": "index"}, total, {("12", "2023-12"): 1246.5}, asked=("unit",))


def questions(folder: Path) -> Messy:
    """Everything that can be read in two ways at once: day and month, places, words among figures."""
    book = Workbook()
    sheet = book.active
    sheet.append(["Fecha", "Municipio", "Personas desaparecidas"])
    rows = [("03/04/2024", "Juárez", 4), ("05/06/2024", "Benito Juárez", 5), ("07/08/2024", "Matamoros", "aprox. 6"),
            ("09/10/2024", "Xochistlán de la Sierra", 7), ("sin fecha", "Culiacán", 8)]  # fmt: skip
    for row in rows:
        sheet.append(row)
    path = folder / "dudas.xlsx"
    book.save(path)
    answers = {"dates": "%d/%m/%Y", "place:Juárez": "08037", "place:Benito Juárez": "23005",
               "place:Matamoros": "28022", "value:aprox. 6": "unknown",
               "place:Xochistlán de la Sierra": "33"}  # fmt: skip
    return Messy(path, answers, 16.0, {("08037", "2024-04"): 4, ("23005", "2024-06"): 5},
                 asked=tuple(answers))  # fmt: skip


def categories(folder: Path) -> Messy:
    """Codes in two columns with lost zeros, a category to add, one with its total, ene-24 as months."""
    book = Workbook()
    sheet = book.active
    sheet.append(["CVE_ENT", "CVE_MUN", "Nombre del municipio", "Mes", "Sexo", "Casos"])
    total = 0.0
    for name in ("ene-24", "feb-24", "mar-24"):
        for town, label in ((6, "Culiacán"), (12, "Mazatlán")):
            for sex, n in (("Hombres", 5), ("Mujeres", 2), ("Ambos sexos", 7)):
                sheet.append([25, town, label, name, sex, n])
                total += n if sex == "Ambos sexos" else 0
    path = folder / "desaparecidas.xlsx"
    book.save(path)
    return Messy(path, {}, total, {("25006", "2024-01"): 7})


ALL: tuple[Callable[[Path], Messy], ...] = (titled, wide, events, semicolons, questions, categories)
