"""The whole system as it comes with hidra: study, posterior, what varies, what was found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import files
from hidra.core.i18n import LANGUAGES, Message, _, translate
from hidra.inference import posterior as posteriors
from hidra.inference.sensitivity import CHANCE, CHUNK, FITTED, LEVEL, Unknowns, sobol
from hidra.model.mechanisms import package
from hidra.model.system import System, dynamics, recording

if TYPE_CHECKING:
    import pandas as pd

END = "2030-12"
ROWS = CHUNK  # of the posterior that vary


def system() -> tuple[System, int, Unknowns, dict[str, Any]]:
    """Return what is simulated, the seed, what varies, and the manifest of the posterior."""
    told = posteriors.manifest(posteriors.place("system"))
    basis, draws = told["basis"], posteriors.shipped("system").draws
    size = len(next(iter(draws.values())))
    rows = np.unique(np.linspace(0, size - 1, min(size, ROWS)).astype(int))
    names = tuple(basis["mechanisms"])
    numbers = {n: float(v) for n, v in basis["parameters"].items() if isinstance(v, int | float)}
    whole = System(names, start=basis["start"], end=END, until=basis["until"])
    fitted = {n: v[rows] for n, v in draws.items()}
    unknowns = Unknowns(names, numbers, fitted, tuple(basis.get("from_prior", ())))
    return whole, basis["seed"], unknowns, told


def run(
    samples: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Run the design; return the table `sensitivity` with titles, and its manifest.

    Parameters
    ----------
    samples : base samples, a power of two. progress : called with runs done and in all.
    """
    whole, seed, unknowns, told = system()
    began = time.process_time()
    found = sobol(whole, unknowns, samples=samples, seed=seed, progress=progress)
    manifest = {
        "study": "system",
        "posterior_digest": told["digest"],
        "posterior_trusted": posteriors.shipped("system").trusted,
        "fitted_until": whole.until,
        "end": whole.end,
        "samples": samples,
        "runs": samples * (len(unknowns.groups) + 2),
        "posterior_rows": unknowns.rows,
        "swept": len(unknowns.swept),
        "groups": list(unknowns.groups),
        "interval": LEVEL,
        "seed": seed,
        "cpu_seconds": round(time.process_time() - began),
        "remake": f"python -m scripts.make_sensitivity --samples {samples}",
    }
    return named(found, whole.names), manifest


GROUPS = {
    FITTED: _("Fitted parameters, as the records leave them"),
    CHANCE: _("Chance: operations, splits, shocks to come"),
}  # fmt: skip


def named(found: pd.DataFrame, mechanisms: tuple[str, ...]) -> pd.DataFrame:
    """Add ``title_es`` and ``title_en``: titles of mechanisms; of parameters, name and meaning."""
    known = package()
    titles = GROUPS | {n: known[n].title for n in mechanisms}
    params = (*dynamics(mechanisms, {}), *recording({}))
    docs = {
        q.name: Message("{name}: {doc}", {"name": q.name, "doc": Message(q.doc, {})})
        for q in params
    }
    told = [
        titles.get(name, name) if level == "group" else docs.get(name, name)
        for level, name in zip(found["level"], found["name"], strict=True)
    ]
    by_language = {f"title_{one}": [translate(t, one) for t in told] for one in LANGUAGES}
    return found.assign(**by_language)


NAME = "system"


def table() -> pd.DataFrame:
    """Return the table `sensitivity` of the whole system (``scripts/make_sensitivity.py``)."""
    import pandas as pd

    return pd.read_csv(place().with_suffix(".csv"))


def manifest() -> dict[str, Any]:
    """Return what the table was made from: study, posterior, design, cost."""
    found: dict[str, Any] = json.loads(place().with_suffix(".json").read_text(encoding="utf-8"))
    return found


def keep(found: pd.DataFrame, told: dict[str, Any], base: Path | None = None) -> None:
    """Write a table and its manifest as ``BASE.csv`` and ``BASE.json``."""
    base = base or place()
    files.write_csv(base.with_suffix(".csv"), found.round(4))
    files.write_json(base.with_suffix(".json"), told, sort_keys=True)


def place() -> Path:
    """Return where the result lies, without ending."""
    return Path(str(resources.files("hidra.inference.sensitivity"))) / NAME
