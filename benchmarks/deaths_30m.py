"""Thirty million death records in INEGI's open-data layout, brought into a municipal panel.

    python benchmarks/deaths_30m.py [--records 30000000] [--folder FOLDER] [--keep]

Writes one synthetic edition a year (59 or 74 columns, 1995-2024; about 5 GB) once, then brings
them, as `hidra data add` does, into an empty panel in a process of its own, with a progress
bar, and prints the time on the clock, the processor time and the peak of memory. The goal is
60 s on two cores and 1 GB. The records are random; no figure of them means anything.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESULT = Path(__file__).with_suffix(".txt")  # shown on the reference page of the sources
YEARS = range(1995, 2025)
LAYOUT = """
ent_regis mun_regis ent_resid mun_resid tloc_resid loc_resid ent_ocurr mun_ocurr tloc_ocurr
loc_ocurr causa_def lista_mex sexo edad dia_ocurr mes_ocurr anio_ocur dia_regis mes_regis
anio_regis dia_nacim mes_nacim anio_nacim ocupacion escolarida edo_civil presunto ocurr_trab
lugar_ocur necropsia asist_medi sitio_ocur cond_cert nacionalid derechohab embarazo rel_emba
horas minutos capitulo grupo lista1 gr_lismex vio_fami area_ur edad_agru complicaro dia_cert
mes_cert anio_cert maternas lengua cond_act par_agre ent_ocules mun_ocules loc_ocules
razon_m dis_re_oax
"""
MORE_FROM_2022 = """
tloc_regis loc_regis cod_adicio ent_nac afromex conindig cve_lengua nacesp_cve sem_gest gramos
cirugia natviole usonecrops encefalica donador
"""


def edition(path: Path, year: int, records: int) -> None:
    """Write one edition: a fiftieth of the deaths are homicides, a fortieth late."""
    import duckdb

    from hidra.data import geography

    places = sorted(geography.municipalities())
    late = f"CASE WHEN i % 40 = 0 THEN {year - 1} ELSE {year} END"
    cause = "CASE WHEN i % 50 = 0 THEN ['X959', 'X954', 'X990', 'Y09X'][1 + i % 4] ELSE 'I219' END"
    special = {
        "ent_ocurr": "place[1:2]", "mun_ocurr": "place[3:5]", "causa_def": cause,
        "anio_ocur": late, "mes_ocurr": "1 + i % 12", "anio_regis": str(year),
        "mes_regis": "1 + (i // 7) % 12", "edad": "4000 + i % 90",
    }  # fmt: skip
    columns = (LAYOUT + MORE_FROM_2022 if year >= 2022 else LAYOUT).split()
    chosen = ", ".join(f"{special.get(one, f'(i * {k + 3}) % 10')} AS {one}"
                       for k, one in enumerate(columns))  # fmt: skip
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        con.execute("CREATE TABLE places AS SELECT unnest(?) AS place", [places])
        con.execute(
            f"COPY (SELECT {chosen} FROM (SELECT i, place FROM range({records}) AS n(i)"
            f" JOIN (SELECT place, row_number() OVER () - 1 AS number FROM places)"
            f" ON number = (i * 7919) % {len(places)})) TO '{path}' (HEADER)"
        ).fetchall()


def write(folder: Path, records: int) -> list[Path]:
    """Write the editions that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for year in YEARS:
        path = folder / f"deaths_{year}_{records // len(YEARS)}.csv"
        if not path.exists():
            draft = path.with_suffix(".draft")
            edition(draft, year, records // len(YEARS))
            draft.replace(path)
        files.append(path)
    return files


def bring(files: list[Path]) -> dict[str, float]:
    """Bring the editions into an empty panel, in this process."""
    from rich.console import Console
    from rich.progress import Progress

    from hidra.data import home, keeping

    held = home.files_of("inegi_deaths") / "2026-11-21"
    held.mkdir(parents=True)
    for file in files[:-1]:
        (held / file.name).hardlink_to(file)
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("deaths", total=1.0)

        def tell(words: str, share: float | None) -> None:
            bar.update(task, description=words, completed=share or 0.0)

        begun, used = time.perf_counter(), time.process_time()
        receipt = keeping.add(files[-1], accessed="2026-11-21", progress=tell)
        wall, cpu = time.perf_counter() - begun, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"wall_s": wall, "cpu_s": cpu, "peak_mib": peak, "panel_rows": receipt.rows}


def main() -> None:
    """Make the file, read it in, and print seconds and memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=30_000_000)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "deaths_30m")
    parser.add_argument("--keep", action="store_true", help="write the line into the docs' source")
    parser.add_argument("--bring", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    files = write(options.folder, options.records)
    if options.bring:
        print(json.dumps(bring(files)))
        return
    with tempfile.TemporaryDirectory(dir=options.folder) as home:
        done = subprocess.run(
            [sys.executable, __file__, "--bring", *sys.argv[1:]],
            env=os.environ | {"HIDRA_HOME": home},
            stdout=subprocess.PIPE,
            check=True,
        )
    found = json.loads(done.stdout)
    size = sum(file.stat().st_size for file in files)
    line = (
        f"{options.records:,} records, {len(files)} editions, {size / 1e9:.1f} GB of text -> "
        f"{found['panel_rows']:,} panel rows: {found['wall_s']:.1f} s on the clock, "
        f"{found['cpu_s']:.1f} s of processor, peak {found['peak_mib']:,.0f} MiB "
        f"({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {datetime.date.today()})"
    )
    print(line)
    if options.keep:
        RESULT.write_text(line + "\n", "utf-8")


if __name__ == "__main__":
    main()
