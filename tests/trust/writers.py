"""Every writer of hidra as two versions of one thing, written and read back in forked processes.

Run with ``shim.c`` preloaded, it takes one JSON line a case on standard input (writer, version,
folder, n-th call, error; version 0 reads) and answers with one: version read or exit code, signal,
calls made, what is left half-written. What it needs is imported once, before it forks.
"""

import ctypes
import json
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from hidra.core import files
from hidra.core.cache import Cache
from hidra.core.errors import HidraError, foreign
from hidra.data import export, fetch, panel
from hidra.data.importing import import_table
from hidra.data.spec import read_spec
from hidra.inference import posterior
from hidra.run import Run, RunFolder

MEASURES = ("inegi_homicides", "rnpdno_missing")  # of the two exports
SPEC = """source: mine
title: t
publisher: p
terms: internal
accessed: 2026-11-01
concept: killed
unit: persons
place: {column: p, level: municipality}
time: {year: y, month: m}
values: [{column: v, measure: killed}]
"""


def _import(folder: Path, version: int) -> None:
    table, spec = folder / "in" / "t.csv", folder / "in" / "spec.yaml"
    rows = "".join(f"{8001 + n % 67:05d},{2000 + n // 67 // 12},{n // 67 % 12 + 1},{version}\n"
                   for n in range(670))  # fmt: skip
    table.parent.mkdir(exist_ok=True)
    table.write_text("p,y,m,v\n" + rows)
    spec.write_text(SPEC)
    import_table(table, read_spec(spec), replace=True)


def _imported(folder: Path) -> int:
    panel.look()
    (row,) = panel.ask("SELECT min(value) AS a, max(value) AS b, count(*) AS n FROM panel "
                       "WHERE source = 'mine'", exact=True)  # fmt: skip
    assert row["a"] == row["b"] and row["n"] == 670, row
    return int(row["a"])


def _export(folder: Path, version: int) -> None:
    export.export(folder / "out", measures=[MEASURES[version - 1]], level="state")


def _exported(folder: Path, name: str = "out") -> int:
    out = folder / name
    told = files.unsealed(out / "manifest.json", fix="")
    files.check(out, told, fix="")
    frame = pd.read_parquet(out / "panel.parquet")
    rows = [len(frame), len(pd.read_csv(out / "panel.csv"))]
    assert rows == [told["rows"]] * 2, rows
    return 1 + MEASURES.index(frame["measure"].unique().item())


def _export_beside(folder: Path, version: int) -> None:
    out = folder / "mixed"
    out.mkdir(exist_ok=True)
    if not (out / "mine.txt").is_file():  # the first version is never disturbed
        (out / "mine.txt").write_text("not hidra's")
    export.export(out, measures=[MEASURES[version - 1]], level="state")


def _exported_beside(folder: Path) -> int:
    assert (folder / "mixed" / "mine.txt").read_text() == "not hidra's"
    return _exported(folder, "mixed")


def _run(folder: Path, version: int) -> None:
    with RunFolder(folder / "run", "digest") as run:
        run.text("study.yaml", f"v: {version}\n")
        run.table("summary", pd.DataFrame({"v": [float(version)] * 50}))
        run.results(xr.Dataset({"members": (("draw",), np.full(50, float(version)))}))
        run.manifest({"v": version})


def _ran(folder: Path) -> int:
    run = Run.open(folder / "run")
    seen = {run.manifest["v"], *run.tables["summary"]["v"], *run.results["members"].to_numpy()}
    assert len(seen) == 1, seen
    return int(seen.pop())


def _keep_file(folder: Path, version: int) -> None:
    part = folder / "files" / "arriving" / "a.csv"
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_text(f"{version}\n" * 999)
    fetch.keep(part, folder / "files", name="a.csv", address="", today=f"2026-11-0{version}")


def _kept_file(folder: Path) -> int:
    file = fetch.held(folder / "files")["a.csv"]
    fetch.origin(file)
    return int(file.read_text()[0])


def _keep_fit(folder: Path, version: int) -> None:
    draws = {"x": np.full(9, float(version))}
    posterior.keep(posterior.Posterior(draws, {}), folder / "fit", {"basis": {"v": version}})


def _kept_fit(folder: Path) -> int:
    values = {
        *posterior.load(folder / "fit").draws["x"],
        posterior.manifest(folder / "fit")["basis"]["v"],
    }
    assert len(values) == 1, values
    return int(values.pop())


def _forecast(folder: Path, version: int) -> None:
    files.write_parquet(folder / "f.parquet", pd.DataFrame({"v": [version] * 999}))


def _forecasted(folder: Path) -> int:
    return int(pd.read_parquet(folder / "f.parquet")["v"].unique().item())


def _cache(folder: Path, version: int) -> None:
    Cache("c", code="1", folder=folder).get_or_make(
        {"k": 1}, lambda: {"v": np.full(9, version)}, fresh=True
    )


def _cached(folder: Path) -> int:
    found = Cache("c", code="1", folder=folder).get_or_make({"k": 1}, lambda: {"v": np.full(9, 1)})
    return int(np.unique(found["v"]).item())


#: Name -> what writes a version, what reads it back whole or raises.
WRITERS = {
    "import": (_import, _imported), "export": (_export, _exported), "run": (_run, _ran),
    "export beside other files": (_export_beside, _exported_beside),
    "official file": (_keep_file, _kept_file), "posterior": (_keep_fit, _kept_fit),
    "forecast": (_forecast, _forecasted), "cache": (_cache, _cached),
}  # fmt: skip


def _case(shim, case: dict) -> dict:
    folder = Path(case["folder"])
    os.environ["HIDRA_HOME"] = str(folder / "home")
    write, read = WRITERS[case["writer"]]
    try:
        if not case["version"]:
            found = {"version": read(folder)}
            return found | {"left": [str(one) for one in files.leftovers(folder)]}
        shim.arm(case["n"], case["error"])
        write(folder, case["version"])
        found = {"calls": shim.calls()}
        shim.arm(0, 0)
        return found
    except BaseException as error:
        shim.arm(0, 0)
        known = error if isinstance(error, HidraError) else foreign(error)
        code = 1 if known is None else known.exit_code
        return {"code": code, "words": repr(error)[:300]}


def main() -> None:
    """Answer each line of standard input by a process of its own."""
    shim = ctypes.CDLL(None)
    panel.ask("SELECT 1 AS one")  # the built-in tables and the parameters, made once
    posterior.check({"x": np.ones(1)}, posterior._declared(), "")
    for line in sys.stdin:
        case = json.loads(line)
        back, there = os.pipe()
        child = os.fork()
        if not child:
            os.close(back)
            told = _case(shim, case)
            os.write(there, json.dumps(told).encode())
            os._exit(0)
        os.close(there)
        with os.fdopen(back, "rb") as pipe:
            text = pipe.read()
        _, status = os.waitpid(child, 0)
        told = json.loads(text) if text else {}
        print(json.dumps(told | {"signal": os.WTERMSIG(status)}), flush=True)


if __name__ == "__main__":
    main()
