"""Studies frozen before what they are compared with: the file, the fit, and the digest of both."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from hidra.core.param import Param
from hidra.inference.calibrate import calibrate
from hidra.inference.posterior import Posterior, keep, load, shipped
from hidra.model.system import System, dynamics
from hidra.study import Study

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "studies" / "frozen"
DIGESTS = FOLDER / "digests.json"
NAMES = ("sinaloa2024", "february2026")
KEPT = 100  # draws
RUNS = 200  # of the model behind the stand-in of the fit
AS = {"february2026": "small"}  # the same records and mechanisms: the posterior that is shipped
LATER = (
    "leadership_removal.damage",
    "leadership_removal.killing",
    "leadership_removal.recovery",
    "leadership_removal.split_hazard",
    "leadership_removal.split_weight",
    "retaliation.wave",
    "retaliation.mean_life",
)


def study(name: str) -> Study:
    """Return a worked study."""
    return Study.load(ROOT / "studies" / f"{name}.yaml")


def posterior(name: str) -> Posterior:
    """Return the posterior that was kept when the study was frozen."""
    return load(FOLDER / name)


def freeze(name: str) -> None:
    """Fit a study until the month before its event, keep the draws, and write the digests."""
    s = study(name)
    basis = {"study": name, "digest_of_the_study": s.digest(), "until": s.fit.until}
    found = shipped(AS[name]) if name in AS else fitted(name)
    keep(with_priors(name, found), FOLDER / name, {"basis": basis}, most=KEPT)
    digests = recorded() | {name: digest(name) | {"fitted_until": s.fit.until}}
    text = json.dumps(digests, indent=1, sort_keys=True)
    DIGESTS.write_text(text + "\n", encoding="utf-8")


def fitted(name: str) -> Posterior:
    """Fit what the records can teach: what acts only after the event is held at its centre.

    Splits are off in a fit and a wave leaves no homicides, so that neither can learn anything.
    """
    s = study(name)
    held = {q.name: q.centre for q in later(name)}
    now = System(
        s.mechanisms, start=s.start, end=s.fit.until, parameters={**s.parameters, **held}
    )  # fmt: skip
    return calibrate(now, seed=s.seed, steps=s.fit.steps, runs=RUNS)


def later(name: str) -> tuple[Param, ...]:
    """Uncertain parameters that act only after the event, or hardly before it."""
    s = study(name)
    params = dynamics(s.mechanisms, s.parameters)
    return tuple(q for q in params if q.prior and q.name in LATER)


def with_priors(name: str, found: Posterior) -> Posterior:
    """Draw what the records could not teach from the priors of the study; the rest is held."""
    s = study(name)
    chance = np.random.default_rng(s.seed)
    drawn = {
        q.name: np.asarray(q.prior.quantile(chance.random(found.size)))
        for q in later(name)
        if q.prior
    }
    held = {
        q.name: np.full(found.size, q.centre)
        for q in dynamics(s.mechanisms, s.parameters)
        if q.name not in found.draws
    }
    return replace(found, draws=held | found.draws | drawn)


def digest(name: str) -> dict[str, str]:
    """Return the SHA-256 of the study file and of the draws, as they lie here."""
    files = {"study": ROOT / "studies" / f"{name}.yaml", "draws": FOLDER / f"{name}.npz"}
    return {part: hashlib.sha256(path.read_bytes()).hexdigest() for part, path in files.items()}


def recorded() -> dict[str, dict[str, str]]:
    """Return the digests as they were written when the studies were frozen."""
    if not DIGESTS.exists():
        return {}
    found: dict[str, dict[str, str]] = json.loads(DIGESTS.read_text(encoding="utf-8"))
    return found
