"""G13: the wave of 22 February 2026 and what followed, from what was known in January 2026."""

from __future__ import annotations

import numpy as np

from hidra.data import reference
from hidra.model.mechanisms import package
from hidra.model.system import System
from hidra.scenario import Scenario

from . import frozen
from .told import Told, told

EVENT, STATE = "2026-02-22", "14"
UNTIL = "2026-01"  # what was known
WAVE = ("2026-02", "2026-03")  # the week of the event may run into March; no other wave is near
AFTER = ("2026-03", "2026-12")
TWO_DAYS = 2.0
GONE = (0.9, 1.0)
WITHOUT = "without_removal"


def run(draws: int = frozen.KEPT) -> dict[str, list[Told]]:
    """Return what was said of wave and aftermath: with frozen priors, and with the library's."""
    p = frozen.posterior("february2026").draws
    rows = {q.name: q for q in package()["retaliation"].params}
    chance = np.random.default_rng(frozen.study("february2026").seed)
    size = len(p["retaliation.wave"])
    library = {
        f"retaliation.{name}": np.asarray(rows[name].value.quantile(chance.random(size)))
        for name in ("wave", "mean_life")
    }
    return {"frozen": _wave(p, draws, aftermath=True), "library": _wave(p | library, draws)}


def _wave(p: dict[str, np.ndarray], draws: int, *, aftermath: bool = False) -> list[Told]:
    study = frozen.study("february2026")
    end = study.end if aftermath else WAVE[1]
    system = System(study.mechanisms, start=study.start, end=end, until=UNTIL)
    without = Scenario(start=EVENT[:7], off=("leadership_removal", "retaliation"))
    found = system.simulate(
        draws=draws, posterior=p, scenarios={WITHOUT: without}, seed=study.seed
    )  # fmt: skip
    expected = found["blockades"].sel(scenario="no_change", month=slice(*WAVE)).sum("month")
    luck = np.random.default_rng(study.seed)
    counted = luck.poisson(expected.transpose("draw", "place").to_numpy())
    total, places = counted.sum(axis=1), list(found["place"].to_numpy())
    here = counted[:, places.index(STATE)]
    table = reference.table("blockades_2026_02_22").set_index("place")
    all_, hit = float(table.loc["00", "blockades"]), float(table.loc[STATE, "blockades"])
    states = float(table.drop(index="00")["affected"].astype(bool).sum())
    gone = 1.0 - np.exp(-TWO_DAYS / p["retaliation.mean_life"])
    rows = [
        told("blockades", total, all_),
        told("states", (counted > 0).sum(axis=1), states),
        told("share", 100 * here / np.maximum(total, 1), 100 * hit / all_, digits=1),
        told("gone", 100 * gone, inside=(100 * GONE[0], 100 * GONE[1]), digits=1),
    ]
    if aftermath:
        killed = found["inegi_homicides_expected"].sel(month=slice(*AFTER)).sum("month")
        for key, part in (("here", killed.sel(place=STATE)), ("nation", killed.sum("place"))):
            more = part.sel(scenario="no_change") / part.sel(scenario=WITHOUT) - 1.0
            rows.append(told(f"after.{key}", 100 * more.to_numpy(), digits=1))
    return rows
