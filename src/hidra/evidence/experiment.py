"""Run published natural experiments again: two arms of one simulation, the same noise in both.

Core and mechanisms come from their priors (or from given draws), so that no fit to the homicides
the study looked at is used; the level of homicides of each state is held at what was recorded.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from hidra.core import fingerprint
from hidra.core.cache import Cache
from hidra.core.workers import Workers, spread
from hidra.evidence import NATION, Experiment, Look, Study
from hidra.inference.posterior import of_system
from hidra.model.series import states
from hidra.model.simulate import policies
from hidra.model.system import System, branching

HOMICIDES = "inegi_homicides_expected"
BEFORE = range(-6, 0)  # months before a removal that those after are set against
NEARLY = 0.02  # a control may move by so much
DRAWS, SEED = 24, 20150601
KINDS = ("look", "control")
Arrays = Mapping[str, np.ndarray]
Arms = Mapping[str, np.ndarray]


def system_of(one: Experiment) -> System:
    """Return the system that an experiment is run in."""
    return System(
        one.mechanisms,  # type: ignore[arg-type]  # names are found by the system
        space=one.space,
        start=one.start,
        end=one.end,
        until=one.until or one.end,
    )


def drawn(system: System, draws: int, seed: int, given: Arrays | None = None) -> dict[str, Any]:
    """Return draws of every parameter, (draws, ...): from the priors, in part from `given`."""
    p = of_system(system, draws, seed)
    p = {name: values for name, values in p.items() if not name.startswith("knots_")}
    own = {n: np.resize(v, draws) for n, v in (given or {}).items() if n in p}
    return p | own


def simulate(
    one: Experiment, system: System, measures: Iterable[str], p: Arrays, seed: int
) -> Iterator[Arms]:
    """Yield the two arms of each draw: measure -> (2, month, place)."""
    weeks, begin = system.weeks, system.weeks.from_month(one.from_)
    both = list(policies(one.arms, weeks, system.driven).values())[1:]
    both = jax.tree.map(jnp.asarray, both)
    program = branching(system, begin, True)
    for number in range(len(next(iter(p.values())))):
        given = {name: jnp.asarray(values[number]) for name, values in p.items()}
        draw = program.draw(given, jnp.uint32(seed), jnp.uint32(number), both)
        past, ahead = jax.device_get((draw.past, draw.ahead))
        arms = {}
        for name in measures:
            at = HOMICIDES if name == "homicides" else name
            before = np.broadcast_to(past[at], (2, *past[at].shape))
            arms[name] = np.concatenate([before, ahead[at]], axis=1).astype(float)
        yield arms


def effect(look: Look, system: System, arms: Arms) -> float:
    """Return what a look reads off the two arms of a draw."""
    space, months = system.model.space, [str(m)[:7] for m in system.weeks.months]
    assert space is not None
    values = arms[look.measure]
    if look.events is not None:
        seen = [_events(look, arm, space.codes, months) for arm in values]
        return seen[0] / seen[1]
    first, last = map(str, look.months)
    span = slice(months.index(first), months.index(last) + 1)
    # where a mechanism does not know its driver, a count is unknown in both arms
    with_, without = (space.total(np.nan_to_num(arm[span].sum(axis=0))) for arm in values)
    if look.as_ == "per_point":
        weekly = np.asarray(system.driven.weekly[str(look.by)])
        away = 100.0 * (weekly.mean(axis=0) - weekly.mean())
        return float(np.exp(np.log(with_ / without) @ away / (away @ away)))
    inside = np.array([code in look.places or NATION in look.places for code in states()])
    here = with_[inside].sum(), without[inside].sum()
    if look.as_ == "ratio":
        others = with_[~inside].sum() / without[~inside].sum() if look.against else 1.0
        return float(here[0] / here[1] / others)
    by = {"difference": 1.0, "per_year": (span.stop - span.start) / 12}.get(look.as_)
    return float((here[0] - here[1]) / (by or len(_removals("all", months[span]))))


def _removals(kind: str, months: list[str]) -> list[dict[Any, Any]]:
    from hidra.data import reference

    table = reference.table("leadership_removals")
    table = table[table["removal"].astype(bool) & table["place"].notna()]
    rows: list[Any] = [r for r in table.to_dict("records") if str(r["date"])[:7] in months]
    wanted = {"killed": True, "captured": False}
    return [r for r in rows if kind == "all" or (r["event"] == "killed") == wanted[kind]]


def _events(look: Look, values: np.ndarray, codes: tuple[str, ...], months: list[str]) -> float:
    """Return observed over expected after the removals, as the descriptive study has it.

    Parameters
    ----------
    values : (month, place).
    """
    nation, position = values.sum(axis=1), {code: i for i, code in enumerate(codes)}
    seen = expected = 0.0
    for one in _removals(str(look.events), months):
        month, here = months.index(str(one["date"])[:7]), position.get(one["municipality"])
        back = [month + k for k in BEFORE]
        on = [month + k for k in range(int(look.months[0]), int(look.months[1]) + 1)]
        if back[0] < 0 or on[-1] >= len(months) or here is None:
            continue
        place = values[:, here]
        if look.at != "municipality":
            state = values[:, [i for i, c in enumerate(codes) if c[:2] == one["place"]]].sum(axis=1)
            place = state if look.at == "state" else state - place
        seen += place[on].sum()
        expected += place[back].sum() * nation[on].sum() / nation[back].sum()
    return float(seen / expected)


@dataclass(frozen=True)
class Result:
    """What came of a study's experiment: the effect and the control of each draw, (draw,)."""

    study: Study
    effect: np.ndarray
    control: np.ndarray

    def row(self) -> dict[str, Any]:
        """Return it as plain values: published beside simulated, 90 % of the draws."""
        one, published = self.study.experiment, self.study.published
        assert one is not None
        low, middle, high = (float(q) for q in np.quantile(self.effect, [0.05, 0.5, 0.95]))
        still = np.abs(self.control / max(one.control.neutral, 1.0) - one.control.neutral)
        return {
            "id": self.study.id, "study": self.study.study,
            "mechanism": ", ".join(self.study.mechanisms), "use": self.study.use,
            "published": published.value, "low": published.low, "high": published.high,
            "unit": self.study.unit, "simulated": middle, "sim_low": low, "sim_high": high,
            "inside": published.low <= middle <= published.high,
            "kept_out": self.study.use == "kept out",
            "control": float(np.median(self.control)),
            "control_ok": bool(np.median(still) <= NEARLY),
        }  # fmt: skip


def run(
    studies: Iterable[Study],
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    given: Arrays | None = None,
    fresh: bool = False,
    workers: Workers = 1,
    progress: Callable[[str, int, int], None] = lambda what, done, total: None,
) -> list[Result]:
    """Run the experiments of studies; those that share a simulation run it once, and it is kept.

    Parameters
    ----------
    given : draws of parameters in place of their priors, name -> (S,).
    workers : processes, or any standard executor; each simulation is one's.
    progress : called with the id of a study, draws done, and all.
    """
    chosen = [study for study in studies if study.experiment]
    alike: dict[str, list[Study]] = {}
    for study in chosen:
        assert study.experiment is not None
        alike.setdefault(fingerprint.of(study.experiment.simulated), []).append(study)
    cache = Cache("evidence", code=fingerprint.code("hidra.evidence.experiment"))
    found: dict[str, np.ndarray] = {}
    total, done = draws * len(alike), 0
    keys: list[dict[str, Any]] = []
    jobs: list[Callable[[], dict[str, np.ndarray]]] = []
    names: list[str] = []
    for group in alike.values():
        first = group[0].experiment
        assert first is not None
        system = system_of(first)
        own = {n: v for n, v in (given or {}).items() if n.split(".")[0] in first.mechanisms}
        key = {
            "system": system.fingerprint, "draws": draws, "seed": seed, "given": own,
            "studies": {s.id: s.experiment.model_dump() for s in group if s.experiment},
        }  # fmt: skip
        if not fresh and cache.holds(key):
            found |= cache.get_or_make(key, dict)
            done += draws
            continue
        before = done + draws * len(jobs)
        tell = partial(_told, progress, group[0].id, before, total) if workers == 1 else _silent
        keys.append(key)
        names.append(group[0].id)
        jobs.append(partial(_read_off, group, drawn(system, draws, seed, given), seed, tell))
    for number, read in spread(operator.call, jobs, workers):
        found |= cache.get_or_make(keys[number], lambda read=read: read, fresh=True)  # type: ignore[misc]
        done += draws
        progress(names[number], done, total)
    return [Result(s, found[f"{s.id} look"], found[f"{s.id} control"]) for s in chosen]


def _silent(now: int) -> None:
    """Show nothing."""


def _told(
    progress: Callable[[str, int, int], None], what: str, before: int, total: int, now: int
) -> None:
    progress(what, before + now, total)


def _read_off(
    group: list[Study], p: Arrays, seed: int, progress: Callable[[int], None]
) -> dict[str, np.ndarray]:
    """Simulate once and read every look of studies that share it, (draw,) each."""
    experiments = {s.id: s.experiment for s in group if s.experiment}
    looks = {f"{i} {k}": getattr(one, k) for i, one in experiments.items() for k in KINDS}
    first = next(iter(experiments.values()))
    system, measures = system_of(first), {look.measure for look in looks.values()}
    found: dict[str, list[float]] = {name: [] for name in looks}
    for number, arms in enumerate(simulate(first, system, measures, p, seed), 1):
        for name, look in looks.items():
            found[name].append(effect(look, system, arms))
        progress(number)
    return {name: np.array(values) for name, values in found.items()}
