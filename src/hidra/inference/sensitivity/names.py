"""Words of groups and parameters, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hidra.core.param import Param
from hidra.inference.calibrate import dynamics, recording
from hidra.inference.sensitivity.unknowns import CHANCE, FITTED
from hidra.model import spanish
from hidra.model.mechanisms import library

if TYPE_CHECKING:
    import pandas as pd

GROUPS = {
    FITTED: ("Parámetros ajustados, como los dejan los registros",
             "Fitted parameters, as the records leave them"),
    CHANCE: ("Azar: operativos, divisiones, choques por venir",
             "Chance: operations, splits, shocks to come"),
}  # fmt: skip


def named(found: pd.DataFrame, mechanisms: tuple[str, ...]) -> pd.DataFrame:
    """Add ``title_es`` and ``title_en``: titles of mechanisms; of parameters, name and meaning."""
    known = library()
    titles = GROUPS | {n: (known[n].title_es, known[n].title_en) for n in mechanisms}
    params = (*dynamics(mechanisms, {}), *recording({}))
    docs = {q.name: (f"{q.name}: {_spanish(q)}", f"{q.name}: {q.doc}") for q in params}
    pairs = [
        titles.get(name, (name, name)) if level == "group" else docs.get(name, (name, name))
        for level, name in zip(found["level"], found["name"], strict=True)
    ]
    return found.assign(title_es=[p[0] for p in pairs], title_en=[p[1] for p in pairs])


def _spanish(q: Param) -> str:
    mechanism, _, name = q.name.rpartition(".")
    return spanish.parameter(mechanism, name, q.doc)
