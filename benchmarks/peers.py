"""The core of the model in Mesa, Starsim, laser-core and PySD, each in its own idiom.

One unit of work for all: a week of all groups in 32 states. Where the idiom is an agent, a member
is one (115,000 at the start) with the hazards of its group in its state; PySD integrates the same
equation from Vensim text with subscripts. Every peer's members killed stand beside ours. Needs the
extra ``bench``; a peer that is not installed is left out.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from benchmarks import Figure
from benchmarks.kernels import Cells, cells
from benchmarks.speed import alone, centres, system, together

GOALS = {"mesa": 1000.0, "starsim": 30.0, "laser": 30.0, "pysd": 5000.0}  # times ours, at least
BATCH = 32
Peer = Callable[[Cells, dict[str, float], int], tuple[float, float]]


class Hazards:
    """What happens in a week to a member of each cell, from how many there are in all cells."""

    def __init__(self, at: Cells, p: dict[str, float]) -> None:
        self.at, self.p = at, p
        self.place = np.repeat(np.arange(len(at.share)), np.diff(at.first))
        size = len(at.group)
        self.rivals = csr_array((at.weight, at.rival, at.row), shape=(size, size))

    def __call__(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the chance to be killed, and to be gone in any way, of a member of each cell."""
        at, p, place = self.at, self.p, self.place
        here = np.bincount(place, counts, len(at.share))
        occupied = at.share[here > 0].sum()
        meeting = p["lethality"] * (at.fights / at.share)[place]
        killed = meeting * (self.rivals @ counts + here[place] - counts) * at.tied
        leaving = p["saturation"] * (at.exits / at.share)[place] * counts
        taken = p["enforcement"] * at.share[place] / occupied / np.maximum(here[place], 1e-9)
        gone = np.minimum(killed + leaving + taken, 1.0)
        return np.minimum(killed, gone), gone


def members(at: Cells, rng: np.random.Generator) -> np.ndarray:
    """Return the cell of every member at the start."""
    return np.repeat(np.arange(len(at.group)), rng.poisson(at.members))


def mesa(at: Cells, p: dict[str, float], weeks: int) -> tuple[float, float]:
    """Agents with a method ``step``, called by ``AgentSet.do``."""
    import mesa as package

    class Member(package.Agent):
        def __init__(self, model, cell):
            super().__init__(model)
            self.cell = cell

        def step(self):
            model = self.model
            luck = model.random.random()
            if luck < model.gone[self.cell]:
                model.killed += luck < model.dead[self.cell]
                self.remove()
            elif model.random.random() < p["recruitment"]:
                model.new.append(self.cell)

    class World(package.Model):
        def __init__(self):
            super().__init__(seed=1)
            self.killed, self.new, self.hazards = 0, [], Hazards(at, p)
            Member.create_agents(self, 0, [])
            for cell in members(at, np.random.default_rng(1)).tolist():
                Member(self, cell)

        def step(self):
            cells_ = np.fromiter((one.cell for one in self.agents), int, len(self.agents))
            counts = np.bincount(cells_, minlength=len(at.group)).astype(float)
            dead, gone = self.hazards(counts)
            self.dead, self.gone, self.new = dead.tolist(), gone.tolist(), []
            self.agents.do("step")
            for cell in self.new:
                Member(self, cell)

    world = World()
    begin = time.process_time()
    for _ in range(weeks):
        world.step()
    return (time.process_time() - begin) / weeks, world.killed / weeks


def starsim(at: Cells, p: dict[str, float], weeks: int) -> tuple[float, float]:
    """One module with an array of states; deaths are requested, people grow."""
    import starsim as ss

    rng = np.random.default_rng(1)
    first = members(at, rng)
    told = {"killed": 0.0, "seconds": 0.0}

    class Gangs(ss.Module):
        def __init__(self):
            super().__init__()
            self.define_states(ss.FloatArr("cell", default=0.0))
            self.hazards = Hazards(at, p)

        def init_post(self):
            super().init_post()
            self.cell[ss.uids(np.arange(len(first)))] = first

        def step(self):
            begin = time.process_time()
            people = self.sim.people
            alive = people.auids
            cell = self.cell[alive].astype(int)
            dead, gone = self.hazards(np.bincount(cell, minlength=len(at.group)).astype(float))
            luck = rng.random(len(cell))
            told["killed"] += float((luck < dead[cell]).sum())
            people.request_death(alive[luck < gone[cell]])
            parents = cell[rng.random(len(cell)) < p["recruitment"]]
            fresh = people.grow(len(parents))
            self.cell[fresh] = parents
            told["seconds"] += time.process_time() - begin

    sim = ss.Sim(n_agents=len(first), modules=Gangs(), start=0, stop=weeks - 1, dt=1, verbose=0)
    sim.init()
    begin = time.process_time()
    sim.run()
    return (time.process_time() - begin) / weeks, told["killed"] / weeks


def laser(at: Cells, p: dict[str, float], weeks: int) -> tuple[float, float]:
    """A frame of agents, a compiled parallel decision, ``squash`` and ``add`` each week."""
    from laser.core import LaserFrame
    from numba import njit, prange

    @njit(parallel=True)
    def decide(cell, luck, dead, gone, fate):
        for i in prange(len(cell)):
            k = cell[i]
            fate[i] = 2 if luck[i] < dead[k] else (1 if luck[i] < gone[k] else 0)

    rng = np.random.default_rng(1)
    first = members(at, rng)
    frame = LaserFrame(capacity=2 * len(first), initial_count=len(first))
    frame.add_scalar_property("cell", dtype=np.int32)
    frame.add_scalar_property("fate", dtype=np.int8)
    frame.cell[: len(first)] = first
    hazards, killed, begin = Hazards(at, p), 0, 0.0
    for week in range(-1, weeks):  # the first compiles
        if week == 0:
            begin = time.process_time()
            killed = 0
        cell = frame.cell[: frame.count]
        dead, gone = hazards(np.bincount(cell, minlength=len(at.group)).astype(float))
        luck = rng.random(frame.count, np.float32)
        decide(cell, luck, dead, gone, frame.fate[: frame.count])
        parents = cell[rng.random(frame.count, np.float32) < p["recruitment"]].copy()
        killed += int((frame.fate[: frame.count] == 2).sum())
        frame.squash(frame.fate[: frame.count] == 0)
        start, end = frame.add(len(parents))
        frame.cell[start:end] = parents
    return (time.process_time() - begin) / weeks, killed / weeks


def pysd(at: Cells, p: dict[str, float], weeks: int) -> tuple[float, float]:
    """Vensim text with subscripts, translated; stocks over place and group."""
    import pysd as package

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "core.mdl"
        file.write_text(vensim(at, p, weeks), encoding="utf-8")
        model = package.read_vensim(str(file))
        begin = time.process_time()
        found = model.run(return_columns=["killed"])
        taken = (time.process_time() - begin) / weeks
    return taken, float(found["killed"].iloc[-1]) / weeks


def vensim(at: Cells, p: dict[str, float], weeks: int) -> str:
    """Write the core on every place and group as a Vensim model."""
    places, groups = len(at.share), int(at.group.max()) + 1
    place = np.repeat(np.arange(places), np.diff(at.first))
    start = np.zeros((places, groups))
    start[place, at.group] = at.members
    rivals = np.zeros((groups, groups))
    cell = np.repeat(np.arange(len(at.group)), np.diff(at.row))
    rivals[at.group[cell], at.group[at.rival]] = at.weight
    tied = np.ones(groups)
    tied[at.group] = at.tied

    def row(values) -> str:
        return ",".join(f"{value:.9g}" for value in values)

    def table(values) -> str:
        return "".join(f"{row(one)};" for one in values)

    stocks = "members[Place,Group]"
    lines = {
        "Place": ": " + ",".join(f"P{i}" for i in range(places)),
        "Group": ": " + ",".join(f"G{i}" for i in range(groups)),
        "Rival <-> Group": "",
        "initial[Place,Group]": "= " + table(start),
        "rivals[Group,Rival]": "= " + table(rivals),
        "tied[Group]": "= " + row(tied),
        "share[Place]": "= " + row(at.share),
        "meeting[Place]": "= " + row(p["lethality"] * at.fights / at.share),
        "leaving[Place]": "= " + row(p["saturation"] * at.exits / at.share),
        "occupied": f"= {at.share[np.diff(at.first) > 0].sum():.9g}",
        "here[Place]": "= SUM(members[Place,Group!])",
        "listed[Place,Group]": "= SUM(members[Place,Rival!]*rivals[Group,Rival!])",
        "dead[Place,Group]": f"= meeting[Place]*{stocks}*(listed[Place,Group]+here[Place]-{stocks})"
                             "*tied[Group]",
        "taken[Place,Group]": f"= {p['enforcement']:.9g}*share[Place]/occupied*{stocks}"
                              "/MAX(here[Place],1e-9)",
        "out[Place,Group]": f"= MIN({stocks},dead[Place,Group]+taken[Place,Group]"
                            f"+leaving[Place]*{stocks}*{stocks})",
        stocks: f"= INTEG({p['recruitment']:.9g}*{stocks}-out[Place,Group],initial[Place,Group])",
        "killed": "= INTEG(SUM(dead[Place!,Group!]),0)",
        "INITIAL TIME": "= 0", "FINAL TIME": f"= {weeks}", "TIME STEP": "= 1",
        "SAVEPER": f"= {weeks}",
    }  # fmt: skip
    return "{UTF-8}\n" + "".join(f"{name}{text}\n\t~\t\n\t~\t|\n\n" for name, text in lines.items())


PEERS: dict[str, tuple[Peer, int, str]] = {
    "mesa": (mesa, 24, "mesa"),
    "starsim": (starsim, 26, "starsim"),
    "laser": (laser, 52, "laser"),
    "pysd": (pysd, 8, "pysd"),
}


def measure() -> Iterator[Figure]:
    """Give a week of each peer, and how many of ours it is worth."""
    one = system((), end="2013-12")
    p, weeks = centres(one), len(one.weeks.first_days)
    at = cells(one.model, p["initial_members"])
    by_one = alone(one) / weeks
    long = system((), end="2035-12")  # what a draw costs besides its weeks counts little
    by_many = together(long, BATCH, 2) / len(long.weeks.first_days)
    ours = min(by_one, by_many)  # as an ensemble would be computed
    yield Figure("ours, 32 draws at a time", 1e6 * by_many, "us a week")
    yield Figure("ours, one draw", 1e6 * by_one, "us a week")
    first = one.program.draw(p, 1, 1).past["member_deaths"][:3].sum() / 13
    yield Figure("ours, killed", float(first), "members a week")
    for name, (peer, count, package) in PEERS.items():
        if find_spec(package) is None:
            continue
        taken, killed = peer(at, p, count)
        yield Figure(name, 1e6 * taken, "us a week, at least", GOALS[name], taken / ours)
        yield Figure(f"{name}, killed", killed, "members a week")
