"""Draws spread over processes: paired scenarios, the same numbers whatever the spreading.

Every draw comes from the same compiled program and from noise keyed by its number. Among states it
is computed alone, so chunks, workers and resumption cannot change a result; where groups are held
only where they are (``hidra.model.cells``), draws of a task are computed together, and the size of
a task moves the last of the 32 bits. Projections are conditional, not forecasts:
what would follow if the model were right and one thing changed.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import lru_cache
from operator import index
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from hidra.core import fingerprint, yaml
from hidra.core.cache import Checkpoint
from hidra.core.errors import FitError, RunError, SpecError
from hidra.core.i18n import _, columns
from hidra.core.weeks import Weeks
from hidra.core.workers import Workers, bars, memory_here, spread
from hidra.inference import posterior as posteriors
from hidra.inference.posterior import Posterior, of_system
from hidra.model import mechanisms
from hidra.model.observe import record, second
from hidra.model.simulate import STOCKS, History, Policy, branch, compiled, policies
from hidra.model.space import SPARE
from hidra.model.system import COUNTS, System, branching
from hidra.scenario import NO_CHANGE, Scenario, starts
from hidra.scenario.refusals import check

END = "2030-12"  # of scenarios, where nothing else is said
SEED = 20061211
DRAWS = {"states": 100, "municipalities": 20}  # where nothing else is said
CHUNK = 5  # draws a task: seconds of work, so that dispatch costs nothing and progress is seen
ROOM = "room of doses"  # among the parts of a task: what there was of the people that doses take
FEW_SLOTS = 2  # for groups that split off, to begin with
BATCH = 32  # draws computed together: as many as the cells of a country fit the cache for
REMEMBERED = 2**27  # bytes of what draws were before scenarios part, for whoever asks again
AT_ONCE = 2**30  # bytes of what they give by month
BYTES_PER_NUMBER = 4
COPIES = 3  # of the numbers at once: results, one measure being told, what the disk still takes
BLOCK, BLOCK_BYTES = 100, 2**25  # draws that are written at once at the most; of one measure
YEAR = 12  # months that can be read of a block without the others
LABELS = {
    "members": ("persons, mean of the month", _("Members")),
    "member_deaths": ("persons a month", _("Members killed")),
    "recruits": ("persons a month", _("People recruited")),
    "arrests": ("persons a month", _("Members arrested")),
    "departures": ("persons a month", _("Departures by saturation")),
    "inegi_homicides_expected": ("persons a month", _("People killed, expected")),
    "inegi_homicides": ("persons a month", _("Recorded homicides (INEGI), simulated")),
    "sesnsp_homicide_victims": (
        "persons a month",
        _("Victims of intentional homicide (SESNSP), simulated"),
    ),
}
Parameters = Mapping[str, np.ndarray]
Finish = Callable[[xr.Dataset], xr.Dataset]


class StoppedError(Exception):
    """Whoever asked no longer wants the answer."""


def fitted(
    posterior: str | Path,
    *,
    end: str = END,
    space: str = "states",
    presence: str | Path | None = None,
) -> System:
    """Return the system that a posterior was fitted in, mechanisms and drivers of one's own too.

    A fit may have been handed on, so no file that it names is executed: mechanisms of one's own
    are those of ``HIDRA_MECHANISMS``.

    Raises
    ------
    RunError
        There is no posterior, or a file of one's own is not as it was when it was fitted.
    SpecError
        A mechanism is not known here.
    """
    told = posteriors.manifest(posteriors.find(posterior))
    basis, study = told["basis"], yaml.value(str(told.get("study", "")), "study") or {}
    files = {kind: study.get(kind) or [] for kind in ("mechanism_files", "driver_files")}
    _refuse_edited([*mechanisms.named(), *files["driver_files"]], basis.get("own_files", {}))
    _refuse_unknown(basis["mechanisms"], files["mechanism_files"])
    numbers = {n: float(v) for n, v in basis["parameters"].items() if isinstance(v, int | float)}
    return System(
        mechanisms=mechanisms.find(basis["mechanisms"], where="posterior"),
        drivers=files["driver_files"],  # type: ignore[arg-type]
        presence=() if presence is None else presence,  # type: ignore[arg-type]
        space=space,
        start=basis["start"],
        end=end,
        until=basis["until"],
        parameters=numbers,
        arrests=basis.get("arrests", "residents"),
    )


def _refuse_unknown(names: Iterable[str], files: list[str]) -> None:
    lacking = sorted({*names} - {*mechanisms.library()}) if files else []
    if lacking:
        raise SpecError(
            _("The fit has mechanisms of its own, which are programs: {names}.",
              names=", ".join(lacking)),
            where=", ".join(map(str, files)),
            fix=_("If they are yours, name their files or folder in HIDRA_MECHANISMS."),
        )  # fmt: skip


def _refuse_edited(files: Iterable[str | Path], known: Mapping[str, str]) -> None:
    from hidra.data.home import sha256

    for path in map(Path, files):
        if path.is_file() and known.get(path.name, sha256(path)) != sha256(path):
            raise RunError(
                _("This file is not what it was when the posterior was fitted."),
                where=str(path),
                fix=_("Run the study again, or bring the file back as it was."),
            )


def simulate(
    system: System,
    *,
    draws: int | None = None,
    posterior: Any = None,
    scenarios: Mapping[str, Scenario] | None = None,
    seed: int | None = None,
    workers: Workers = 1,
    chunk: int = 1,
    batch: int | None = None,
    first: int = 0,
    kept: Sequence[Path] = (),
    into: Path | None = None,
    remember: bool = False,
    finish: Callable[[], Finish] = lambda: lambda some: some,
    progress: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> xr.Dataset:
    """Simulate every scenario and ``no_change`` for every draw.

    Parameters
    ----------
    draws : ensemble members of each scenario; the draws of the posterior are used in turn.
    posterior : ``system``, ``small``, the folder of a run, a ``Posterior``, or name -> (S, ...)
        draws. None: every parameter from its prior; the level of homicides of each state at what
        was recorded, and of those the linked share, the reporting, the spread of the counts and
        the discrepancy from the priors that a fit begins with. What ``system.parameters`` fixes at
        a number has that number whatever the posterior says.
    scenarios : name -> what changes.
    seed : of all random numbers, 0 <= seed < 2**32; that of the posterior if None.
    workers : processes, 1 stays in this one; or any standard executor. chunk : draws a task.
        Neither changes a number.
    batch : draws a task, where they are computed together (groups are held only where they are):
        what fits the memory, ``BATCH`` at most, if None. Draws of batches of other sizes differ by
        rounding in 32 bits, less than 1e-5 of the largest number.
    first : leave out the draws before it: those of another machine.
    kept : folders with draws of the same ensemble that are done; the first gets those done now.
    into : Zarr store for the results, one block of draws after another as they come, so that memory
        does not grow with their number. They are read from there when used; in memory if None.
    remember : whether this process keeps what draws were before scenarios part, for other scenarios
        of the same draws. Changes no number.
    finish : gives what is done to draws before they are kept, each by itself: ``anchored``. Called
        once nothing can be refused any more.
    progress : called with draws done and in all; a bar in a terminal or notebook if None.
    stop : asked after every task.

    Returns
    -------
    xarray.Dataset
        Variables of ``labels`` over scenario, draw, month, place; 32 bits. Of municipalities over
        year, stocks as means and flows as sums, with ``population`` (year, place). Attributes tell
        seed, starts of the scenarios (JSON), the posterior and whether it is trusted, the
        fingerprint of the system, and `doses_cut`, the doses that some draws lacked people for
        (JSON: scenario -> rate -> ``draws`` of `of`, and how many were there at the ``least``).

    Raises
    ------
    SpecError
        A scenario cannot be run, no draw can give its dose, a parameter is missing, or the
        results do not fit in the memory.
    StoppedError
        When `stop` says so; nothing is left running.
    """
    wanted, system = _wanted(scenarios or {}), _here(system)
    draws = DRAWS[system.space] if draws is None else _whole(draws, "draws")
    p, told = _drawn(system, posterior, draws, _possible(seed))
    plan = Plan(system, tuple(wanted.items()), told["seed"], draws, first, batch, remember)
    plan.refuse(into is None)
    found = Found(plan, told, finish(), into)
    given = None if progress is None else nullcontext(lambda _, *counted: progress(*counted))
    with given or bars(lines=False) as shown:

        def tell(left: set[int]) -> None:
            """Say how many draws are done, to whoever has not had enough."""
            if stop():
                raise StoppedError
            shown("simulation", len(plan.numbers) - len(left), len(plan.numbers))

        _compute(plan, p, Done.of(plan, p, kept), found, workers, chunk, tell)
    return found.results()


def _wanted(scenarios: Mapping[str, Scenario]) -> dict[str, Scenario]:
    """Return the scenarios by name, and refuse what are none."""
    if not isinstance(scenarios, Mapping):
        raise SpecError(
            _("Scenarios are asked for by name."), where="scenarios",
            fix=_("Give a dict: a name for each `hidra.Scenario`."),
        )  # fmt: skip
    for name, one in scenarios.items():
        if name == NO_CHANGE:
            raise SpecError(
                _("'{name}' always runs, and changes nothing.", name=NO_CHANGE), where="scenarios",
                fix=_("Leave it out, or give what changes something another name."),
            )  # fmt: skip
        if not isinstance(one, Scenario):
            raise SpecError(
                _("'{name}' is no scenario but a {kind}.", name=name, kind=type(one).__name__),
                where="scenarios",
                fix=_("Give a `hidra.Scenario`."),
            )  # fmt: skip
    return dict(scenarios)


def _whole(value: Any, name: str) -> int:
    try:
        return index(value)
    except TypeError:
        raise SpecError(
            _("{value} is not a whole number.", value=repr(value)), where=name,
            fix=_("Give a whole number."),
        ) from None  # fmt: skip


def _possible(seed: int | None) -> int | None:
    seed = None if seed is None else _whole(seed, "seed")
    if seed is not None and not 0 <= seed < 2**32:
        raise SpecError(
            _("{seed} cannot be a seed.", seed=seed),
            where="seed",
            fix=_("Give a whole number below 4294967296."),
        )
    return seed


def _compute(
    plan: Plan, p: Parameters, done: Done, found: Found, workers: Workers, chunk: int,
    tell: Callable[[set[int]], None],
) -> None:  # fmt: skip
    """Lay the draws that are done, then those that are left, task by task as they come."""
    left = done.laid(found.lay)
    tell(left)
    size = len(next(iter(p.values())))
    jobs = (
        (plan, task, {n: v[[d % size for d in task]] for n, v in p.items()})
        for task in _tasks(left, plan.batch if plan.system.model.sparse else chunk)
    )
    for _number, (task, part) in spread(work, jobs, workers):
        done.keep(task, part)
        found.lay(task, part)
        left -= {*task}
        tell(left)


def _tasks(left: set[int], chunk: int) -> Iterator[range]:
    """Cut draws that are left into tasks of neighbours, at the same numbers whoever has them."""
    task: list[int] = []
    for number in sorted(left):
        if task and (number != task[-1] + 1 or number % chunk == 0):
            yield range(task[0], task[-1] + 1)
            task = []
        task.append(number)
    if task:
        yield range(task[0], task[-1] + 1)


@dataclass(frozen=True)
class Done:
    """Draws of an ensemble that are done, as pieces on the disk.

    Attributes
    ----------
    plan : of the ensemble. folders : where pieces are looked for; new ones go to the first.
    """

    plan: Plan
    folders: tuple[Checkpoint, ...]

    @classmethod
    def of(cls, plan: Plan, p: Parameters, folders: Sequence[Path]) -> Done:
        """Return the draws of a plan and parameters; of another code or input there are none."""
        if not folders:
            return cls(plan, ())
        code = fingerprint.code(__name__)
        changes = {name: one.model_dump(mode="json") for name, one in plan.scenarios}
        digest = fingerprint.of([code, plan.system.fingerprint, changes, plan.seed, dict(p)])
        return cls(plan, tuple(Checkpoint.of(folder, digest) for folder in folders))

    def laid(self, lay: Callable[[range, Parts], None]) -> set[int]:
        """Lay what is done, and return the draws that are left."""
        numbers = self.plan.numbers
        left = {*numbers}
        for folder in self.folders:
            for name in folder.names():
                start, stop = map(int, name.split("-")[1:])
                new = left & {*range(start, stop)}
                piece = folder.read(name) if new else None
                if piece is None:
                    continue
                whole = {n: (piece[f"{n} past"], piece[f"{n} ahead"]) for n in self.plan.parts}
                for task in _tasks(new, stop):
                    lay(task, _cut(whole, range(start, stop), task))
                left -= new
        return left

    def keep(self, task: range, part: Parts) -> None:
        """Keep draws that have been done."""
        for folder in self.folders[:1]:
            both = {f"{n} {when}": array for n, pair in part.items()
                    for when, array in zip(("past", "ahead"), pair, strict=True)}  # fmt: skip
            folder.keep(f"draws-{task.start:06d}-{task.stop:06d}", both)


def _cut(part: Parts, all_: range, some: range) -> Parts:
    """Return some of the draws of a part."""
    at = slice(some.start - all_.start, some.stop - all_.start)
    return {name: (past[at], ahead[:, at]) for name, (past, ahead) in part.items()}


class Found:
    """Results of an ensemble as draws come, in any order: in memory, or in a store on the disk.

    On the disk neighbours are kept as one block, whose months are read year by year; only blocks of
    which draws are still wanting lie in memory.
    """

    def __init__(
        self,
        plan: Plan,
        told: Mapping[str, Any],
        finish: Finish,
        into: Path | None,
    ) -> None:
        self._plan, self._told, self._finish, self._into = plan, told, finish, into
        self._open: dict[int, tuple[dict[str, np.ndarray], set[int]]] = {}
        self._kept: Any = None  # the results in memory, or the group of the store
        self._names: list[Any] = []  # of the variables, in order: a store keeps none
        self._room: list[np.ndarray] = []  # (scenario, draw, rate), of some draws each

    def lay(self, task: range, part: Parts) -> None:
        """Put some draws in their place."""
        every = self._plan.numbers
        part = dict(part)
        if ROOM in part:
            self._room.append(part.pop(ROOM)[1][:, :, 0])
        past, ahead = next(iter(part.values()))
        a_draw = len(ahead) * (past.shape[1] + ahead.shape[2]) * past.shape[2]
        size = block(a_draw) if self._into else every.stop
        for number in range(task.start // size, (task.stop - 1) // size + 1):
            whole = range(max(every.start, number * size), min(every.stop, (number + 1) * size))
            here = range(max(task.start, whole.start), min(task.stop, whole.stop))
            arrays, left = self._open.setdefault(number, ({}, {*whole}))
            _lay(arrays, whole, here, _cut(part, task, here))
            left -= {*here}
            if not left:
                del self._open[number]
                some = self._plan.dataset(arrays, whole).assign_attrs(self._told)
                self._keep(whole, self._finish(some))

    def _keep(self, numbers: range, some: xr.Dataset) -> None:
        if self._into is None:
            self._kept = some
            return
        every = self._plan.numbers
        if self._kept is None:
            self._kept, self._names = _begun(some, np.asarray(every), self._into), [*some]
        at = slice(numbers.start - every.start, numbers.stop - every.start)
        _written(self._kept, some, at)

    def results(self) -> xr.Dataset:
        """Return what was found, of all draws.

        Raises
        ------
        SpecError
            A dose that no draw could give in full.
        """
        cut = json.dumps(_cut_doses(self._plan, self._room))
        if self._into is None:
            return self._kept.assign_attrs(doses_cut=cut)
        self._kept.attrs["doses_cut"] = cut
        found = xr.open_zarr(self._into, chunks=None, consolidated=False)[self._names]
        texts = {
            n: c.astype(object).astype(str) for n, c in found.coords.items() if c.dtype.kind == "T"
        }
        return found.assign_coords(texts)


def block(numbers: int) -> int:
    """Return how many draws are kept as one, of so many numbers each."""
    return max(1, min(BLOCK, BLOCK_BYTES // (numbers * BYTES_PER_NUMBER)))


def write(dataset: xr.Dataset, store: Path) -> None:
    """Write results as Zarr, blocks of draws whose years are read one by one.

    A missing chunk reads as unknown, never as zero; one that was changed does not read.
    """
    draws = dataset["draw"].to_numpy() if "draw" in dataset.coords else None
    _written(_begun(dataset, draws, store), dataset, slice(None))


def _begun(some: xr.Dataset, draws: np.ndarray | None, store: Path) -> Any:
    """Begin a store: what is not of single draws, and room for what is of all these."""
    import zarr
    from zarr.codecs import BloscCodec, Crc32cCodec

    codecs = [BloscCodec(cname="lz4", shuffle="bitshuffle"), Crc32cCodec()]
    single = {str(n): one for n, one in some.items() if "draw" in one.dims}
    rest = some.drop_vars([*single, "draw"], errors="ignore")
    rest = rest if draws is None else rest.assign_coords(draw=draws)
    texts = {n: c.astype(object) for n, c in rest.coords.items() if c.dtype.kind == "U"}
    encoding: dict[str, Any] = {
        str(n): {"compressors": codecs}
        | ({"fill_value": float("nan")} if one.dtype.kind == "f" else {})
        for n, one in rest.variables.items()
    }
    rest.assign_coords(texts).to_zarr(store, mode="w", consolidated=False, encoding=encoding)
    group = zarr.open_group(store, mode="r+")
    for name, one in single.items():
        size = dict(one.sizes) | ({} if draws is None else {"draw": len(draws)})
        cut = size | {"month": YEAR, "draw": block(one.size // one.sizes["draw"])}
        whole = {n: cut[n] if n == "draw" else -(-size[n] // cut[n]) * cut[n] for n in one.dims}
        group.create_array(
            name, shape=tuple(size[n] for n in one.dims), chunks=tuple(cut[n] for n in one.dims),
            shards=tuple(whole[n] for n in one.dims), dtype=one.dtype, compressors=codecs,
            fill_value=float("nan") if one.dtype.kind == "f" else 0,
            dimension_names=[str(n) for n in one.dims], attributes=dict(one.attrs),
        )  # fmt: skip
    return group


def _written(group: Any, some: xr.Dataset, at: slice) -> None:
    """Write draws to their place in a store."""
    for name, one in some.items():
        if "draw" in one.dims:
            here = tuple(at if n == "draw" else slice(None) for n in one.dims)
            group[str(name)][here] = one.to_numpy()


def _lay(whole: dict[str, np.ndarray], numbers: range, task: range, part: Parts) -> None:
    """Put some draws in their place at once: results may be as large as the memory."""
    at = slice(task.start - numbers.start, task.stop - numbers.start)
    for name, (past, ahead) in part.items():
        if np.isinf(past).any() or np.isinf(ahead).any():
            raise FitError(
                _("The numbers of '{name}' grow without end.", name=name),
                where=_("draws {first} to {last}", first=task.start, last=task.stop - 1),
                fix=_("Ask for a smaller change or dose, or an earlier end."),
            )
        shared, (count, _rest, later, places) = past.shape[1], ahead.shape
        if name not in whole:
            whole[name] = np.empty((count, len(numbers), shared + later, places), np.float32)
        whole[name][:, at, :shared] = past
        whole[name][:, at, shared:] = ahead


def _drawn(
    system: System, posterior: Any, draws: int, seed: int | None
) -> tuple[Parameters, dict[str, Any]]:
    """Return draws of every parameter, and what the results say of where they come from."""
    told: dict[str, Any] = {"posterior": "prior", "posterior_digest": ""}
    if posterior is None:
        seed = SEED if seed is None else seed
        fit = Posterior(of_system(system, max(draws, 1), seed), {"prior": True})
    elif isinstance(posterior, str | Path):
        path = posteriors.find(posterior)
        manifest = posteriors.manifest(path)
        told = {"posterior": str(posterior), "posterior_digest": manifest["digest"]}
        seed = manifest["basis"]["seed"] if seed is None else seed
        fit = posteriors.load(path)
    else:
        fit = posterior if isinstance(posterior, Posterior) else Posterior(dict(posterior))
        told = {"posterior": "given", "posterior_digest": fingerprint.of(fit.draws)}
    doubts = {language: fit.doubts(language) for language in ("es", "en")}
    told |= {"trusted": int(fit.trusted), "doubts": json.dumps(doubts)}
    p: Parameters = fit.draws
    if isinstance(posterior, str | Path | Posterior):
        p = posteriors.informed(p, system, SEED if seed is None else seed)
    size = len(next(iter(p.values()), ()))
    fixed = {name: v for name, v in system.parameters.items() if isinstance(v, int | float)}
    p = {**p, **{name: np.full(size, float(v)) for name, v in fixed.items()}}
    level = {"linked", "unlinked"} if "linked" in p else {"level", "share"}
    needed = {q.name for q in system.dynamics} | level | {"reporting", "size_place"}
    missing = sorted(needed - {*p})
    if missing:
        raise SpecError(
            _("The posterior holds no draws of {names}.", names=", ".join(missing)),
            where="posterior",
            fix=_("Fit these mechanisms, leave them out, or simulate without a posterior."),
        )
    posteriors.check({name: p[name] for name in needed}, system.dynamics, told["posterior"])
    return p, told | {
        "seed": SEED if seed is None else seed, "fitted_until": str(system.until),
        "end": system.end, "fingerprint": system.fingerprint,
        "presence": fingerprint.of(system.presence) if system.presence else "",
    }  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """An ensemble: a system, its scenarios, a seed, how many draws, and the first of them here.

    ``size`` is how many draws are computed together where groups are held only where they are.
    """

    system: System
    scenarios: tuple[tuple[str, Scenario], ...]
    seed: int
    draws: int
    first: int = 0
    size: int | None = None
    remember: bool = False

    @property
    def numbers(self) -> range:
        """The draws of it that are simulated here."""
        return range(self.first, self.draws)

    @property
    def batch(self) -> int:
        """How many draws are computed together: one where the state is whole arrays.

        A quarter of them at most, so that several processes have work, whoever they are.
        """
        if not self.system.model.sparse:
            return 1
        s = self.system
        a_draw = (len(self.scenarios) + 1) * len(s.weeks.months) * len(s.model.share)
        room = AT_ONCE // (a_draw * len(self.labels) * BYTES_PER_NUMBER)
        return self.size or max(1, min(BATCH, room, -(-self.draws // 4)))

    @property
    def yearly(self) -> bool:
        """Whether results are kept by year, as those of many places are, without records."""
        return self.system.space != "states"

    def refuse(self, in_memory: bool = True) -> None:
        """Refuse what cannot be run, before anything is.

        Parameters
        ----------
        in_memory : whether results stay there. Those by year do when they are told.

        Raises
        ------
        SpecError
            Too few draws, a scenario that cannot be run, or results that take
            more than half of the memory of this machine.
        """
        if not self.numbers:
            raise SpecError(
                _("An ensemble of {draws} draws says nothing.", draws=self.draws), where=_("draws"),
                fix=_("Take 1 or more."),
            )  # fmt: skip
        check(dict(self.scenarios), self.system)
        memory, needed = memory_here(), COPIES * self.bytes
        if not (in_memory or self.yearly) or memory is None or needed <= memory / 2:
            return
        most = int(len(self.numbers) * memory / 2 / needed)
        fix = _(
            "Take {most} draws or fewer, fewer scenarios, an earlier end, or the level of states.",
            most=most,
        )
        raise SpecError(
            _(
                "The results need about {wanted:,.1f} GB of memory; half of this "
                "machine's is {have:,.1f} GB.",
                wanted=needed / 1e9,
                have=memory / 2000000000.0,
            ),
            where=_(
                "{draws} draws of {n} scenarios until {end}",
                draws=len(self.numbers),
                n=len(self.scenarios) + 1,
                end=self.system.end,
            ),
            fix=fix if most else _("Take fewer scenarios, an earlier end, or the level of states."),
        )

    @property
    def bytes(self) -> int:
        """About how many bytes the results take."""
        from hidra.model.space import Space

        s = self.system
        months = len(s.weeks.months)
        times = int(s.end[:4]) - int(s.start[:4]) + 1 if self.yearly else months
        places = len(Space.named(s.space, s.start, s.known).codes)
        numbers = (len(self.scenarios) + 1) * len(self.numbers) * times * places
        return numbers * len(self.labels) * BYTES_PER_NUMBER

    @property
    def dosed(self) -> list[str]:
        """Rates that a scenario doses."""
        return sorted({rate for _name, one in self.scenarios for rate in one.dose})

    @property
    def parts(self) -> list[str]:
        """What a task gives: every variable, and where scenarios have doses what they take from."""
        return [*self.labels, *([ROOM] if self.dosed else [])]

    @property
    def labels(self) -> dict[str, tuple[str, str]]:
        """Unit and labels of every variable: those of ``LABELS``, and what mechanisms count."""
        counts = (c for m in self.system.mechanisms for c in m.counts.items())
        found = LABELS | {n: (f"{c.unit} a month", c.label) for n, c in counts}
        if not self.yearly:
            return found
        return {
            name: (unit.replace("month", "year"), label)
            for name, (unit, label) in found.items()
            if name not in COUNTS
        }

    def dataset(self, whole: Mapping[str, np.ndarray], draws: range) -> xr.Dataset:
        """Return arrays over scenario, draw, month or year, place with their labels."""
        space, weeks = self.system.model.space, self.system.weeks
        assert space is not None
        axis = "year" if self.yearly else "month"
        axes = ("scenario", "draw", axis, "place")
        variables: dict[str, Any] = {
            name: (axes, whole[name], {"unit": unit, **columns(label=label)})
            for name, (unit, label) in self.labels.items()
        }
        if self.yearly:
            people = by_year("members", space.residents(weeks, self.system.known), weeks)
            variables["population"] = (axes[2:], people, {"unit": "persons"})
        years = np.unique(weeks.months.astype("datetime64[Y]").astype(int) + 1970)
        return xr.Dataset(
            variables,
            coords={
                "scenario": [NO_CHANGE, *(name for name, _ in self.scenarios)],
                "draw": np.asarray(draws),
                axis: years if self.yearly else weeks.months.astype("datetime64[ns]"),
                "place": list(space.codes),
            },
            attrs={
                "starts": json.dumps(starts(dict(self.scenarios))),
                "places": len(space.codes),  # of the whole: a sum of fewer is not the nation
            },
        )


Job = tuple[Plan, range, dict[str, np.ndarray]]
Parts = dict[str, tuple[np.ndarray, np.ndarray]]


def work(job: Job) -> tuple[range, Parts]:
    """Simulate some draws of all scenarios, in 32 bits.

    Returns
    -------
    range
        The draws.
    dict
        name -> the months that all scenarios share, once: (draw, month, place); and those after,
        (scenario, draw, month, place). Years where results are kept by year, none of them shared.
        ``ROOM`` -> nothing, and (scenario, draw, 1, rate of ``Plan.dosed``): see ``_room``.
    """
    plan, task, parameters = job
    scenarios, system, weeks = dict(plan.scenarios), _here(plan.system), plan.system.weeks
    begin = branch(scenarios, weeks)
    # who looks for an answer stops one mechanism after another: one program, somewhat slower
    switches = system.names if plan.remember else ()
    every = [*policies(scenarios, weeks, system.driven, switches).values()]
    given = (plan, system, begin, task, parameters, every)
    parts, rooms = [], []
    if system.model.sparse:
        for yearly, least, members in _together(*given):
            rooms.append(_room(plan, least, members[..., None]))
            parts.append(({name: values[0, :0] for name, values in yearly.items()}, yearly))
    else:
        for number, (past, ahead, least, chance) in enumerate(_alone(*given)):
            rooms.append(_room(plan, least, ahead["members"]))
            p = {name: np.asarray(values[number]) for name, values in parameters.items()}
            parts.append(
                _yearly(past, ahead, weeks) if plan.yearly else _observed(past, ahead, chance, p)
            )
    found = {
        name: (
            np.stack([past[name].astype(np.float32) for past, _ in parts]),
            np.stack([ahead[name].astype(np.float32) for _, ahead in parts], axis=1),
        )
        for name in plan.labels
    }
    if plan.dosed:
        room = np.stack(rooms, axis=1)[:, :, None]
        found[ROOM] = np.empty((len(task), 0, room.shape[-1]), np.float32), room
    return task, found


def _alone(
    plan: Plan, system: System, begin: int, task: range, parameters: Parameters, every: list[Policy]
) -> Iterator[tuple[Any, ...]]:
    """Compute draws one by one, each as ``Draw`` holds it, on the host."""
    program, seed = branching(system, begin, plan.yearly), jnp.uint32(plan.seed)
    kept = _kept(system, begin, tuple(every[0].dose)) if plan.remember else None
    every = jax.tree.map(jnp.asarray, every)
    for i, number in enumerate(task):
        p = {name: np.asarray(values[i]) for name, values in parameters.items()}
        given = {name: jnp.asarray(value) for name, value in p.items()}, seed, jnp.uint32(number)
        past = None
        if kept is not None:
            digest = fingerprint.of([plan.seed, number, p])
            past = kept.pop(digest, None) or program.history(*given, every[0])
            kept[digest] = past
            size = sum(leaf.nbytes for leaf in jax.tree.leaves(past))
            if len(kept) > max(1, REMEMBERED // size):
                kept.popitem(last=False)
        yield jax.device_get(program.draw(*given, every, past))


@lru_cache(maxsize=2)
def _kept(system: System, begin: int, doses: tuple[str, ...]) -> OrderedDict[str, History]:
    """Return the last draws asked for, until scenarios part: digest -> ``History``.

    Whoever asks for another scenario asks for the same draws, whose past is the same.
    """
    return OrderedDict()


Yearly = tuple[dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]


def _together(
    plan: Plan, system: System, begin: int, task: range, parameters: Parameters, every: list[Policy]
) -> Iterator[Yearly]:
    """Compute draws at once, a short task filled up, so that one compiled program serves all.

    Where groups find no slot to split into, all is computed again with twice as many. Neither hangs
    on what this process did before: the same plan gives the same bits, whoever has its tasks.
    """
    filled = np.resize(np.arange(len(task)), max(plan.batch, len(task)))
    p = {name: jnp.asarray(values[filled]) for name, values in parameters.items()}
    numbers = jnp.asarray(task.start + filled, jnp.uint32)
    stacked = jax.tree.map(lambda *arrays: jnp.asarray(np.stack(arrays)), *every)
    slots = min(FEW_SLOTS, system.model.network.spare)
    while True:
        program = _years(system, begin, slots)
        found, taken = jax.device_get(program(p, jnp.uint32(plan.seed), numbers, stacked))
        if slots in (0, SPARE) or int(taken.max()) < slots:
            break
        slots = min(2 * slots, SPARE)
    for i in range(len(task)):
        yield jax.tree.map(lambda v: v[..., i], found)  # noqa: B023


@lru_cache(maxsize=16)
def _years(system: System, begin: int, slots: int) -> Callable[..., Any]:
    """Compile what computes draws by year: ``(p, seed, numbers, policies) -> found, slots taken``.

    `found` are the measures by year (S, Y, P, B), the least flow that was dosed (S, B), and the
    members of the nation after the scenarios part (S, M2, B).
    """
    program, weeks = system.with_slots(slots), system.weeks

    def years(p: Mapping[str, Array], seed: Array, numbers: Array, every: Policy) -> Any:
        """Return means or sums by year of a batch, and the doses that were taken."""
        (past, ahead, least, _), taken = program.together(p, seed, numbers, every, begin)

        def counted(name: str, after: Array) -> Array:
            whole = [jnp.concatenate([past[name], one]) for one in after]
            return jnp.stack([by_year(name, one, weeks) for one in whole])

        yearly = {name: counted(name, after) for name, after in ahead.items()}
        return (yearly, least, ahead["members"].sum(axis=2)), taken

    return compiled(years)


def _observed(
    past: dict[str, np.ndarray],
    ahead: dict[str, np.ndarray],
    chance: Mapping[str, np.ndarray],
    p: Parameters,
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Add what each agency records in the months before and after scenarios part."""
    shared = len(past["members"])
    year = np.arange(len(next(iter(chance.values())))) // 12
    before, after = (
        {n: u[when] for n, u in chance.items()} for when in (slice(shared), slice(shared, None))
    )
    return (
        past | _recorded(past, before, p, year[:shared]),
        ahead | _recorded(ahead, after, p, year[shared:]),
    )


@lru_cache(maxsize=8)
def _here(system: System) -> System:
    """Return the first system of this process that equals it, whose drivers are built already."""
    return system


def _recorded(
    found: Mapping[str, np.ndarray], luck: Mapping[str, np.ndarray], p: Parameters, year: np.ndarray
) -> dict[str, np.ndarray]:
    """Draw what each agency records of what the model makes happen, (..., month, place).

    `year` of each month, from the first; after the fit the reporting of its last year goes on.
    """
    expected, size = found["inegi_homicides_expected"], p["size_place"]
    yearly = np.asarray(p.get("reporting_year", np.zeros(1)))
    reporting = p["reporting"] * np.exp(yearly[np.minimum(year, len(yearly) - 1)])[:, None]
    inegi, sesnsp = COUNTS
    first = record(luck[inegi], expected, size)
    other = second(expected * reporting, expected, size, first)
    return {inegi: first, sesnsp: record(luck[sesnsp], *other)}


def _yearly(
    past: Mapping[str, np.ndarray], ahead: Mapping[str, np.ndarray], weeks: Weeks
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Count a draw by year, name -> (scenario, year, place)."""
    every = {
        name: np.stack([by_year(name, np.concatenate([past[name], one]), weeks) for one in after])
        for name, after in ahead.items()
    }
    return {name: values[0, :0] for name, values in every.items()}, every


def by_year(name: str, monthly: Any, weeks: Weeks) -> Any:
    """Count one measure by year, (M, ...) -> (Y, ...): stocks are means of it, flows its sums."""
    years = np.array([int(str(month)[:4]) for month in weeks.months])
    begins = np.flatnonzero(np.append(True, years[1:] != years[:-1]))
    sums: Any
    if isinstance(monthly, np.ndarray):
        sums = np.add.reduceat(monthly, begins, axis=0)
    else:
        sums = jnp.stack([one.sum(axis=0) for one in jnp.split(monthly, begins[1:])])
    months = np.diff(np.append(begins, len(years))).reshape(-1, *[1] * (monthly.ndim - 1))
    return (sums / months if name in STOCKS else sums).astype(monthly.dtype)


def _room(plan: Plan, least: Mapping[str, np.ndarray], members: np.ndarray) -> np.ndarray:
    """Return of how many people a draw's doses could take in the thinnest week, (scenario, rate).

    NaN where nobody can be wanting: no dose, or people who are recruited in addition.

    Parameters
    ----------
    least : rate -> (scenario,) the least flow that the dose was added to, persons/week.
    members : (scenario, month, place), the last months of the grid; no change comes first.
    """
    weeks = plan.system.weeks
    gone = len(weeks.months) - members.shape[1]
    found = np.full((len(plan.scenarios) + 1, len(plan.dosed)), np.nan, np.float32)
    for number, (_name, wanted) in enumerate(plan.scenarios, 1):
        month = int(np.searchsorted(weeks.months, np.datetime64(wanted.start))) - gone
        for rate, persons in wanted.dose.items():
            at = number, plan.dosed.index(rate)
            if persons < 0:
                found[at] = least[rate][number]
            elif rate != "recruitment":
                found[at] = members[number, month:].sum(axis=-1).min()
    return found


def _cut_doses(plan: Plan, rooms: list[np.ndarray]) -> dict[str, dict[str, dict[str, float]]]:
    """Tell of each dose in how many draws it was cut to what there was, and the least of that.

    Refuse one that no draw gives: it would be another scenario than was asked for.
    """
    told: dict[str, dict[str, dict[str, float]]] = {}
    if not rooms:
        return told
    every = np.concatenate(rooms, axis=1)
    for number, (name, wanted) in enumerate(plan.scenarios, 1):
        for rate, persons in wanted.dose.items():
            room = every[number, :, plan.dosed.index(rate)]
            short = room < abs(persons)
            if short.all():
                raise SpecError(
                    _(
                        "A dose of {persons:g} persons per week on '{name}' is larger "
                        "than what there is: at the most {most:,.0f}.",
                        persons=persons,
                        name=rate,
                        most=float(room.max()),
                    ),
                    where=_(
                        "scenario '{name}', dose.{rate}, {start}, in every draw",
                        name=name,
                        rate=rate,
                        start=wanted.start,
                    ),
                    fix=_("Give a smaller dose, or a factor under `change`."),
                )
            if short.any():
                told.setdefault(name, {})[rate] = {
                    "draws": int(short.sum()), "of": room.size, "least": float(room[short].min())
                }  # fmt: skip
    return told
