"""All claims on the built-in tables with municipal tables beside them, first and second time.

    python benchmarks/claims_run.py

Brings two made-up municipal tables (every municipality by month: deaths by registration 1990-2015
and case files 2015-2024, about a million rows) into an empty panel, runs `hidra claims run --json`
in a process of its own, which computes every design, and once more, when designs are kept. Prints
the time on the clock and the processor time. The goal is 90 s on two cores. The municipal counts
are random; no figure of them means anything.
"""

from __future__ import annotations

import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RESULT = Path(__file__).with_suffix(".txt")
TABLES = {
    "deaths": ("inegi_homicides_registered", range(1990, 2016)),
    "files": ("sesnsp_homicide_files_month", range(2015, 2025)),
}
COLUMNS = {"place": {"column": "place", "level": "municipality"},
           "time": {"year": "year", "month": "month"}}  # fmt: skip


def bring(folder: Path) -> int:
    """Write and import the municipal tables; returns their rows."""
    import numpy as np
    import pandas as pd

    from hidra.data import geography
    from hidra.data.importing import import_table
    from hidra.data.spec import make_spec

    rng = np.random.default_rng(90)
    places = sorted(geography.municipalities())
    rows = 0
    for name, (measure, years) in TABLES.items():
        index = pd.MultiIndex.from_product([places, years, range(1, 13)],
                                           names=["place", "year", "month"])  # fmt: skip
        frame = index.to_frame(index=False).assign(counted=rng.poisson(0.8, len(index)))
        file = folder / f"{name}.parquet"
        frame.to_parquet(file)
        about = {"source": f"made_up_{name}", "title": name, "publisher": "nobody", "terms": "none",
                 "accessed": "2026-11-21", "concept": f"made-up counts, {name}",
                 "unit": "persons", "missing_means": "null",
                 "values": [{"column": "counted", "measure": measure}]}  # fmt: skip
        import_table(file, make_spec({**about, **COLUMNS}))
        rows += len(frame)
    return rows


def timed() -> tuple[float, float, int]:
    """Run all claims in a process of its own: seconds, processor seconds, claims."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    command = [sys.executable, "-m", "hidra", "claims", "run", "--json"]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, used, len(json.loads(done.stdout))


def main() -> None:
    """Bring what claims need into a panel of their own, and print what running them costs."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["HIDRA_HOME"] = name
        rows = bring(Path(name))
        first, second = timed(), timed()
    line = (
        f"{first[2]} claims with {rows:,} municipal rows beside the built-in tables: "
        f"{first[0]:.1f} s on the clock, {first[1]:.1f} s of processor, every design computed; "
        f"{second[0]:.1f} s and {second[1]:.1f} s when designs are kept ({os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}, {datetime.date.today()})"
    )
    print(line)
    RESULT.write_text(line + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
