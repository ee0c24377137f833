"""What drives homicides and disappearances to 2030: variance-based indices of the whole system.

Indices by group of what is not known (SALib): what the records leave open of the fitted
parameters, the unfitted parameters of each mechanism within their priors, and chance. Each is a
share of the variance of the logarithm of a national total over the months ahead. Within the groups
every single parameter is screened on the same runs.

What the records say must not be forgotten while a prior is swept: every run is brought back to the
homicides fitted in each state, so that only what follows differs (``anchored``).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core import files
from hidra.core.i18n import LANGUAGES, Message, _, translate
from hidra.core.param import Param
from hidra.inference import posterior as posteriors
from hidra.model.mechanisms import package
from hidra.model.simulate import compiled
from hidra.model.system import Overrides, System, dynamics, recording

if TYPE_CHECKING:
    import pandas as pd

HOMICIDES, MISSING = "inegi_homicides_expected", "disappeared"
MEASURES = (HOMICIDES, MISSING)
CHUNK = 64  # runs at a time: a few megabytes each
LEVEL = 0.9  # of the intervals
CLEAR = 0.05  # a group stands out where the interval of its total begins above this
RESAMPLES = 500
HARMONICS = 4  # of the screening (random balance designs, Tarantola et al. 2006)
SAMPLES = 128  # base samples; a power of two
FITTED, CHANCE = "fitted", "chance"
NUMBERS = 2**20  # draw numbers that chance is taken from
EDGE = 0.001  # of a prior, left out at both ends


@dataclass(frozen=True)
class Unknowns:
    """The uncertain inputs of a study.

    Attributes
    ----------
    mechanisms : those that are on. overrides : the `parameters` of the study; what it holds at a
        number although its declaration has a prior is swept within that prior.
    posterior : name -> (S, ...) draws; one coordinate chooses the row, so that what the records
        leave open varies as it was fitted, all together.
    drawn : parameters, or mechanisms with all of theirs, whose draws stand in the posterior though
        no record speaks of them: drawn from their priors, they are swept like those held.
    """

    mechanisms: tuple[str, ...]
    overrides: Overrides
    posterior: Mapping[str, np.ndarray]
    drawn: tuple[str, ...] = ()

    @cached_property
    def swept(self) -> tuple[Param, ...]:
        """Parameters with a prior that no record has informed."""
        held = {name for name, value in self.overrides.items() if isinstance(value, float)}
        known = held.union(self.drawn)
        return tuple(
            q
            for q in dynamics(self.mechanisms, {})
            if q.prior and ({q.name, q.name.split(".")[0]} & known)
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in the order of the design: fitted, mechanisms that have swept ones, chance."""
        return tuple(dict.fromkeys(self._group_of))

    @property
    def problem(self) -> dict[str, Any]:
        """The problem as SALib wants it."""
        names = [FITTED, *(q.name for q in self.swept), CHANCE]
        return {
            "num_vars": len(names),
            "names": names,
            "bounds": [[0.0, 1.0]] * len(names),
            "groups": list(self._group_of),
        }

    @property
    def _group_of(self) -> tuple[str, ...]:
        return (FITTED, *(q.name.split(".")[0] for q in self.swept), CHANCE)

    def group(self, name: str) -> str:
        """Group that a single parameter varies with."""
        return name.partition(".")[0] if name in self._swept_names else FITTED

    @property
    def rows(self) -> int:
        """Rows of the posterior."""
        return len(next(iter(self.posterior.values())))

    def row(self, points: np.ndarray) -> np.ndarray:
        """Row of the posterior at each point, (runs,)."""
        return np.minimum((points[:, 0] * self.rows).astype(int), self.rows - 1)

    def number(self, points: np.ndarray) -> np.ndarray:
        """Draw number at each point, (runs,): what every kind of chance is keyed by."""
        return (points[:, -1] * NUMBERS).astype(int)

    def parameters(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """Return every parameter at each point, name -> (runs, ...)."""
        chosen = {name: values[self.row(points)] for name, values in self.posterior.items()}
        return chosen | self._swept_at(points)

    def columns(self, points: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Return names and values, (runs, parameters), of all single uncertain parameters."""
        found = {
            name: values[self.row(points)]
            for name, values in self.posterior.items()
            if values.ndim == 1 and np.ptp(values) > 0 and name not in self._swept_names
        } | self._swept_at(points)
        return list(found), np.stack(list(found.values()), axis=1)

    @cached_property
    def _swept_names(self) -> set[str]:
        return {q.name for q in self.swept}

    def _swept_at(self, points: np.ndarray) -> dict[str, np.ndarray]:
        share = np.clip(points[:, 1:-1], EDGE, 1.0 - EDGE).T
        return {
            q.name: np.asarray(q.prior.quantile(u)) if q.prior else np.full(len(u), q.value)
            for q, u in zip(self.swept, share, strict=True)
        }


def outputs(
    system: System,
    seed: int,
    unknowns: Unknowns,
    points: np.ndarray,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, np.ndarray]:
    """Return the national total of each measure over the months after the fit, (runs,)."""
    usual = usual_deaths(system, seed, unknowns)
    parts = []
    for first in range(0, len(points), CHUNK):
        some = points[first : first + CHUNK]
        p = unknowns.parameters(some)
        found = _runs(system, seed, p, unknowns.number(some))
        parts.append(_totals(system, p, found, usual[unknowns.row(some)]))
        progress(min(first + CHUNK, len(points)), len(points))
    return {name: np.concatenate([part[name] for part in parts]) for name in MEASURES}


def usual_deaths(system: System, seed: int, unknowns: Unknowns) -> np.ndarray:
    """Mean monthly deaths of members in the fitted months, as fitted, (rows, P)."""
    parts, fitted = [], system.program.fitted  # the program of the runs, compiled but once
    for first in range(0, unknowns.rows, CHUNK):
        p = {name: v[first : first + CHUNK] for name, v in unknowns.posterior.items()}
        numbers = np.arange(len(next(iter(p.values()))))
        deaths = _runs(system, seed, p, numbers)["member_deaths"]
        parts.append(deaths[:, :fitted].mean(axis=1))
    return np.concatenate(parts)


def anchored(
    killed: np.ndarray,
    deaths: np.ndarray,
    usual: np.ndarray,
    p: Mapping[str, np.ndarray],
    exposure: np.ndarray,
    fitted: int,
) -> np.ndarray:
    """Return expected homicides with the level of the fitted months as it was fitted.

    The killings linked to each member killed were fitted to the deaths that the model gives with
    the parameters of the fit. Where others change these deaths, they are rescaled by state.

    Parameters
    ----------
    killed, deaths : (runs, M, P) as simulated. usual : (runs, P) mean deaths as fitted.
    exposure : (M, P) person-days. fitted : months of the fit.
    """
    linked, apart = p["linked"][:, None] * deaths, p["unlinked"][:, None] * exposure
    ratio = usual / np.maximum(deaths[:, :fitted].mean(axis=1), 1e-12)
    return np.asarray(killed * (apart + ratio[:, None] * linked) / (apart + linked))


def _runs(
    system: System, seed: int, p: Mapping[str, np.ndarray], numbers: np.ndarray
) -> dict[str, np.ndarray]:
    """Simulate one run for each parameter row, name -> (runs, M, P).

    Short chunks are filled up, so that one compiled program serves them all.
    """
    size = len(numbers)
    filled = np.resize(np.arange(size), CHUNK)
    rows = {name: jnp.asarray(np.asarray(values)[filled]) for name, values in p.items()}
    many = jnp.asarray(numbers[filled], jnp.uint32)
    found = jax.device_get(_program(system)(rows, many, jnp.uint32(seed)))
    return {name: values[:size] for name, values in found.items()}


@lru_cache(maxsize=4)
def _program(system: System) -> Callable[..., dict[str, Array]]:
    """Compile the system once: what happens and what is expected, without what agencies draw."""
    program = system.program

    def one(p: Mapping[str, Array], number: Array, seed: Array) -> dict[str, Array]:
        found = program.draw(p, seed, number).past
        return {name: found[name] for name in ("member_deaths", MISSING, HOMICIDES)}

    return compiled(
        lambda p, numbers, seed: jax.lax.map(lambda q: one(q[0], q[1], seed), (p, numbers))
    )


def _totals(
    system: System, p: Mapping[str, np.ndarray], found: Mapping[str, np.ndarray], usual: np.ndarray
) -> dict[str, np.ndarray]:
    program = system.program
    assert program.people is not None
    fitted, exposure = program.fitted, program.people * program.weeks.days[:, None]
    killed = anchored(found[HOMICIDES], found["member_deaths"], usual, p, exposure, fitted)
    return {
        HOMICIDES: killed[:, fitted:].sum(axis=(1, 2)),
        MISSING: np.nansum(found[MISSING][:, fitted:], axis=(1, 2)),
    }


def sobol(
    system: System,
    unknowns: Unknowns,
    *,
    samples: int = SAMPLES,
    seed: int = 20061211,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> pd.DataFrame:
    """Run the design and return the table `sensitivity`.

    Parameters
    ----------
    system : what is simulated. unknowns : what varies. seed : of design and chance.
    samples : base samples, a power of two; the model runs ``samples * (groups + 2)`` times.
    progress : called with runs done and runs in all.

    Returns
    -------
    pandas.DataFrame
        ``measure, level`` (``group`` or ``parameter``), ``name, first, first_lo, first_hi,
        total, total_lo, total_hi, stands``: shares of variance with bootstrap intervals; the total
        of a single parameter is not estimated. ``stands``: may be named as driving the measure.
    """
    from SALib.sample.sobol import sample

    points = sample(unknowns.problem, samples, calc_second_order=False, seed=seed)
    found = outputs(system, seed, unknowns, points, progress)
    return table(unknowns, points, found, seed)


def table(
    unknowns: Unknowns, points: np.ndarray, found: Mapping[str, np.ndarray], seed: int
) -> pd.DataFrame:
    """Return the indices of runs at the points of a Sobol design.

    Parameters
    ----------
    points : (runs, dimensions) of the design. found : measure -> (runs,) positive totals.
    """
    import pandas as pd

    rows = []
    for measure in MEASURES:
        logs = np.log(found[measure])
        groups = _groups(unknowns, logs, seed)
        most = {row["name"]: row["total_hi"] for row in groups}
        single = _single(unknowns, points, logs, seed)
        for row in single:  # alone it cannot bring more than its group does in all
            row["stands"] = 0 < row["first_lo"] <= most[unknowns.group(row["name"])]
        rows += [{"measure": measure, **row} for row in (*groups, *single)]
    return pd.DataFrame(rows)


def _groups(unknowns: Unknowns, logs: np.ndarray, seed: int) -> list[dict[str, Any]]:
    from SALib.analyze.sobol import analyze

    found = analyze(
        unknowns.problem, logs, calc_second_order=False, num_resamples=RESAMPLES, conf_level=LEVEL,
        seed=seed,
    )  # fmt: skip
    return [
        {
            "level": "group",
            "name": name,
            **_around("first", found["S1"][i], found["S1_conf"][i]),
            **_around("total", found["ST"][i], found["ST_conf"][i]),
            "stands": bool(found["ST"][i] - found["ST_conf"][i] > CLEAR),
        }
        for i, name in enumerate(unknowns.groups)
    ]


def _single(
    unknowns: Unknowns, points: np.ndarray, logs: np.ndarray, seed: int
) -> list[dict[str, Any]]:
    """First-order shares of single parameters, from the independent runs of the design."""
    from SALib.analyze.rbd_fast import analyze

    block = len(unknowns.groups) + 2
    apart = np.sort(
        np.concatenate([np.arange(0, len(logs), block), np.arange(block - 1, len(logs), block)])
    )
    names, values = unknowns.columns(points[apart])
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    found = analyze(
        problem, values, logs[apart], M=max(1, min(HARMONICS, len(apart) // 16)),
        num_resamples=RESAMPLES // 5, conf_level=LEVEL, seed=seed,
    )  # fmt: skip
    return [
        {"level": "parameter", "name": name, **_around("first", share, wide)}
        for name, share, wide in zip(names, found["S1"], found["S1_conf"], strict=True)
    ]


def _around(what: str, share: float, wide: float) -> dict[str, float]:
    return {
        what: float(share),
        f"{what}_lo": float(share - wide),
        f"{what}_hi": float(share + wide),
    }


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


#: What comes with hidra, without ending.
KEPT = Path(__file__).with_suffix("")


def shipped() -> pd.DataFrame:
    """Return the table `sensitivity` of the whole system (``scripts/make_sensitivity.py``)."""
    import pandas as pd

    return pd.read_csv(KEPT.with_suffix(".csv"))


def manifest() -> dict[str, Any]:
    """Return what the table was made from: study, posterior, design, cost."""
    found: dict[str, Any] = json.loads(KEPT.with_suffix(".json").read_text(encoding="utf-8"))
    return found


def keep(found: pd.DataFrame, told: dict[str, Any], base: Path = KEPT) -> None:
    """Write a table and its manifest as ``BASE.csv`` and ``BASE.json``."""
    files.write_csv(base.with_suffix(".csv"), found.round(4))
    files.write_json(base.with_suffix(".json"), told, sort_keys=True)
