"""Designs for causal claims: library estimators, placebos, and what they leave open.

A design gives a verdict by rules, never by hand:

* supported: the main estimate's 90 % interval leaves out zero in the direction claimed, more than
  half of the other estimators agree, and at most 5 % of random dates do as well;
* partly: some windows, units or estimators show it and others do not;
* not supported: no interval leaves out zero;
* contradicted: the main interval leaves out zero on the other side;
* not testable: the places were already on another path before, or the libraries are missing.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from hidra.claims.ask import vintage
from hidra.claims.base import Claim, Result
from hidra.claims.designs.catalogue import DESIGNS
from hidra.claims.designs.rule import Found
from hidra.core.errors import unknown

if TYPE_CHECKING:
    import duckdb

NEEDED = ("pyfixest", "diff_diff")
NOT_RUN = {
    "en": "not run: install hidra[claims] (pyfixest, diff-diff)",
    "es": "no se corrió: instale hidra[claims] (pyfixest, diff-diff)",
}


def run_design(con: duckdb.DuckDBPyConnection, claim: Claim, *, fresh: bool = False) -> Result:
    """Run the design a claim names; a result is kept on disk for the data it was computed from."""
    name = str(claim.test["design"])
    if name not in DESIGNS:
        raise unknown("design", name, DESIGNS, where=claim.id)
    digest = vintage(con)
    if not all(find_spec(one) for one in NEEDED):
        return Result(claim.id, "not testable with these data", NOT_RUN, vintage=digest)
    found = _kept(name, digest, DESIGNS[name], fresh)
    return Result(
        claim.id, found.verdict, found.why, ours=found.ours, source=found.source,
        vintage=digest, figures=found.figures, strip=tuple(found.strip),
    )  # fmt: skip


def _kept(name: str, digest: str, design: Callable[[], Found], fresh: bool) -> Found:
    """Return a design's result from joblib's store in the data folder, computing it at need."""
    import hidra
    from hidra.data import home

    try:
        from joblib import Memory

        memory = Memory(home.home() / "kept" / "designs", verbose=0)
        kept: Any = memory.cache(_compute, ignore=["design"])
        if fresh:
            output, _ = kept.call(name, digest, hidra.__version__, design)
            return Found(**output)
        return Found(**kept(name, digest, hidra.__version__, design))
    except OSError:  # a folder that cannot be written keeps nothing, but still answers
        return design()


def _compute(name: str, digest: str, version: str, design: Callable[[], Found]) -> dict[str, Any]:
    del name, digest, version  # what the result is kept under
    found = design()
    return {
        "verdict": found.verdict, "why": dict(found.why), "ours": found.ours,
        "source": found.source, "figures": dict(found.figures),
        "strip": [dict(row) for row in found.strip],
    }  # fmt: skip
