"""Time and memory of adding a zip as the SESNSP's municipal one: a CSV of all years, 11 workbooks.

    python benchmarks/municipal_zip.py [ROWS A YEAR]    (233,000 as published, about 2.56 million)

The rows are made: every municipality, 98 crimes, no count of the SESNSP. What is printed: size of
the zip, seconds, peak memory of the command, and whether a progress line came.
"""

from __future__ import annotations

import io
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

HEADER = (
    "Año,Clave_Ent,Entidad,Cve. Municipio,Municipio,Bien jurídico afectado,Tipo de delito,"
    "Subtipo de delito,Modalidad,Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,"
    "Octubre,Noviembre,Diciembre"
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
        'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/_rels/workbook.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'<workbook {MAIN} xmlns:r="{REL}"><sheets><sheet name="Hoja1" sheetId="1" r:id="r1"/>'
        "</sheets></workbook>"
    ),
}


def lines(year: int, rows: int) -> list[str]:
    """Return the rows of a year, as many as asked."""
    made, dice = [], random.Random(year)
    for at in range(rows):
        town, crime = divmod(at, 98)
        state = 1 + town % 32
        kind = (
            "Homicidio,Homicidio doloso,Con arma de fuego" if crime == 0
            else f"Robo,Robo tipo {crime % 30},Modalidad {crime}"
        )  # fmt: skip
        counts = ",".join(str(one % 11) for one in dice.randbytes(12))
        place = f"{state},Estado {state},{state}{1 + town // 32:03d},Municipio {town}"
        made.append(f"{year},{place},La vida y la Integridad corporal,{kind},{counts}")
    return made


def workbook(table: list[str]) -> bytes:
    """Return rows of text as an xlsx with shared texts, as a spreadsheet writes it."""
    shared: dict[str, int] = {}

    def cell(text: str) -> str:
        if text.isdigit():
            return f"<c><v>{text}</v></c>"
        return f'<c t="s"><v>{shared.setdefault(text, len(shared))}</v></c>'

    rows = "".join(f"<row>{''.join(map(cell, line.split(',')))}</row>" for line in table)
    texts = "".join(f"<si><t>{text}</t></si>" for text in shared)
    sheet = f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as book:
        for name, text in PARTS.items():
            book.writestr(name, text)
        book.writestr("xl/worksheets/sheet1.xml", sheet)
        book.writestr("xl/sharedStrings.xml", f"<sst {MAIN}>{texts}</sst>")
    return out.getvalue()


def make(target: Path, rows: int) -> None:
    """Write the zip; one year after the other, so that it needs little memory."""
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive,
        tempfile.TemporaryFile() as text,
    ):
        text.write(f"{HEADER}\n".encode("latin-1"))
        for year in range(2015, 2026):
            table = lines(year, rows)
            text.write(("\n".join(table) + "\n").encode("latin-1"))
            archive.writestr(f"{year}.xlsx", workbook([HEADER, *table]))
        text.seek(0)
        with archive.open("Municipal-Delitos-2015-2025.csv", "w", force_zip64=True) as out:
            while block := text.read(1 << 22):
                out.write(block)


def main() -> None:
    """Make the file, add it in a process of its own, and print what it took."""
    rows = int(sys.argv[1]) if sys.argv[1:] else 233_000
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "Municipal-Delitos-2015-2025.zip"
        make(file, rows)
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "hidra", "data", "add", "--offline", str(file)],
            env=os.environ | {"HIDRA_HOME": f"{folder}/home"},
            capture_output=True,
            text=True,
            check=True,
        )
        seconds = time.monotonic() - began
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        shown = "/100" in done.stderr
        print(
            f"{rows * 11:,} rows, zip of {file.stat().st_size / 1e6:.0f} MB:"
            f" {seconds:.1f} s, {peak:.0f} MiB, progress {'shown' if shown else 'not shown'}"
        )


if __name__ == "__main__":
    main()
