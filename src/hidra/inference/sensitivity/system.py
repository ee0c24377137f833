"""The whole system as it comes with hidra: its study, its posterior, what varies in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.inference import posterior as posteriors
from hidra.inference.sensitivity.indices import LEVEL, sobol
from hidra.inference.sensitivity.names import named
from hidra.inference.sensitivity.runs import CHUNK, Whole
from hidra.inference.sensitivity.unknowns import Unknowns

if TYPE_CHECKING:
    import pandas as pd

END = "2030-12"
ROWS = CHUNK  # of the posterior that vary


def system() -> tuple[Whole, Unknowns, dict[str, Any]]:
    """Return what is simulated, what varies, and the manifest of the posterior."""
    told = posteriors.manifest(posteriors.place("system"))
    basis, draws = told["basis"], posteriors.shipped("system").draws
    size = len(next(iter(draws.values())))
    rows = np.unique(np.linspace(0, size - 1, min(size, ROWS)).astype(int))
    names = tuple(basis["mechanisms"])
    numbers = {n: float(v) for n, v in basis["parameters"].items() if isinstance(v, int | float)}
    whole = Whole(names, basis["start"], basis["until"], END, basis["seed"])
    kept = {n: v[rows] for n, v in draws.items()}
    return whole, Unknowns(names, numbers, kept, tuple(basis.get("from_prior", ()))), told


def run(
    samples: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Run the design; return the table `sensitivity` with titles, and its manifest.

    Parameters
    ----------
    samples : base samples, a power of two. progress : called with runs done and in all.
    """
    whole, unknowns, told = system()
    began = time.process_time()
    found = sobol(whole, unknowns, samples=samples, seed=whole.seed, progress=progress)
    manifest = {
        "study": "system",
        "posterior_digest": told["digest"],
        "posterior_trusted": told["trusted"],
        "fitted_until": whole.until,
        "end": whole.end,
        "samples": samples,
        "runs": samples * (len(unknowns.groups) + 2),
        "posterior_rows": unknowns.rows,
        "swept": len(unknowns.swept),
        "groups": list(unknowns.groups),
        "interval": LEVEL,
        "seed": whole.seed,
        "cpu_seconds": round(time.process_time() - began),
        "remake": f"python -m scripts.make_sensitivity --samples {samples}",
    }
    return named(found, whole.mechanisms), manifest
