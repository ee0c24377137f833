"""The lab: what a reader may ask to be simulated, and the runs kept under the hash of it."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, TypedDict

import pandas as pd
from pydantic import Field, ValidationError

import hidra
from hidra.core import files
from hidra.core.errors import HidraError, RunError, SpecError
from hidra.core.i18n import _, translate
from hidra.core.param import Number as Plain
from hidra.core.param import Whole, number
from hidra.core.weeks import month
from hidra.core.workers import end_with_parent
from hidra.core.yaml import Closed
from hidra.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from hidra.web.site import Settings

MOST_SCENARIOS = 4
FIRST_START = "2025-01"
LONGEST_TITLE = 120
DRAWS, SEED, END = 60, 20061211, "2030-12"
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$", max_length=80)]
Number = Annotated[Plain, Field(allow_inf_nan=False, ge=-1e9, le=1e9)]
Month = Annotated[str, Field(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Code = Annotated[str, Field(pattern=r"^(0[1-9]|[12][0-9]|3[0-2])$")]

OWN = "own"  # name of the scenario that a reader puts together
RATES = ("recruitment", "enforcement", "lethality", "saturation")
DOSED = ("recruitment", "enforcement")
#: The questions that the desk is ordered by: rates of the core and mechanisms of each, and what
#: belongs to none or to more than one.
QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "joining": ("recruitment", "saturation", "precarity", "community_defence"),
    "weapons": ("lethality", "arms"),
    "leaders": ("leadership_removal", "us_pressure", "retaliation"),
    "forces": ("enforcement", "militarisation"),
    "money": ("drug_market", "diversification", "laundering", "extractive_corridor",
              "economy_feedback"),
    "people": ("victims", "displacement", "moves"),
    "several": (),
}  # fmt: skip

PREPARE = ""  # a task of the process, beside folders
GRACE = 6.0  # seconds a run has to stop by itself
NAME = re.compile(r"[0-9a-f]{16}")
OPEN = ("waiting", "running")
HOME_FULL = _("Free some space, or set HIDRA_HOME to a folder you may write to.")
TABLES = ("outcome", "difference", "summary")
WORKING = ("progress.json", "stop", "owner", "manifest.json")  # of a run in work, not of its result
Simulate = Callable[..., "xr.Dataset"]


class Change(Scenario):
    """A scenario as the page takes it: within what a stranger may send."""

    title: str = Field(default="", max_length=LONGEST_TITLE)
    start: Month = "2027-01"
    change: dict[Key, Number] = Field(default_factory=dict)
    set: dict[Key, Number] = Field(default_factory=dict)
    dose: dict[Key, Number] = Field(default_factory=dict)
    off: tuple[Key, ...] = Field(default=(), max_length=40)
    places: tuple[Code, ...] = ()


class Wanted(Closed):
    """A run of the lab: one to four scenarios beside no change, from one posterior."""

    scenarios: dict[Name, Change] = Field(min_length=1, max_length=MOST_SCENARIOS)
    posterior: Literal["small", "system"] = "system"
    end: Month = END
    draws: Whole = Field(default=DRAWS, ge=2)
    seed: Whole = Field(default=SEED, ge=0, lt=2**32)

    def text(self) -> str:
        """Return it as one canonical line of JSON."""
        return json.dumps(
            self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )

    def digest(self, vintage: str) -> str:
        """Return the name of the run: specification, model, data, fit and seed as one hash.

        Parameters
        ----------
        vintage : name of the data.
        """
        fit = str(_posterior(self.posterior).get("digest", ""))
        parts = (self.text(), hidra.__version__, fit, vintage)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _posterior(name: str) -> dict[str, Any]:
    """Return what a posterior that comes with hidra stands on."""
    from hidra.inference import posterior as posteriors

    return posteriors.manifest(posteriors.place(name))


def read(given: Mapping[str, Any], settings: Settings) -> Wanted:
    """Return a request within the limits of the server.

    Raises
    ------
    SpecError
        It is not understood, or asks for more than the server gives.
    """
    try:
        wanted = Wanted.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise SpecError(
            _("The request is not understood: {why}.", why=first["msg"]),
            where=".".join(str(part)[:40] for part in first["loc"]) or "scenarios",
            fix=_("See the description of the interface at /api/v1."),
        ) from error
    _within(wanted, settings)
    return wanted


def _within(wanted: Wanted, settings: Settings) -> None:
    """Refuse what asks for too much."""
    if wanted.draws > settings.most_draws:
        raise SpecError(
            _("This server simulates at most {draws} draws.", draws=settings.most_draws),
            where=_("draws"),
            fix=_("Ask for fewer, or use the command line: hidra simulate."),
        )
    if wanted.end > settings.last_month:
        raise SpecError(
            _("This server simulates until {month} at the latest.", month=settings.last_month),
            where=_("end"),
            fix=_("Ask for an earlier end, or use the command line: hidra simulate."),
        )
    for name, one in wanted.scenarios.items():
        if name == "no_change":
            raise SpecError(
                _("'no_change' is the comparison and always runs."),
                where=_("scenarios"),
                fix=_("Give the scenario another name."),
            )
        if not FIRST_START <= month(one.start) < wanted.end:
            raise SpecError(
                _(
                    "A scenario starts between {first} and its end, not in {month}.",
                    first=FIRST_START,
                    month=one.start,
                ),
                where=name,
                fix=_("Choose another month."),
            )
        if one.empty:
            raise SpecError(
                _("The scenario changes nothing."),
                where=name,
                fix=_("Switch something off, move a lever, or choose a ready scenario."),
            )


@dataclass(frozen=True)
class Lever:
    """A lever as the form shows it: value at rest, bounds, unit, mechanisms that read it."""

    name: str
    rest: float
    low: float
    high: float
    unit: str
    doc: str
    readers: tuple[str, ...]

    @property
    def switch(self) -> bool:
        """Whether it is only on or off."""
        from hidra.model.drivers import DRIVERS

        return DRIVERS[self.name].switch


@cache
def mechanisms(posterior: str) -> tuple[str, ...]:
    """Return the mechanisms that are on in a posterior."""
    return tuple(_posterior(posterior)["basis"]["mechanisms"])


@cache
def levers(posterior: str) -> tuple[Lever, ...]:
    """Return the levers that mechanisms of a posterior read."""
    from hidra.model.drivers import DRIVERS
    from hidra.scenario.ensemble import fitted
    from hidra.scenario.refusals import bounds, heard, resting

    system = fitted(posterior)
    found = []
    for name, readers in heard(system).items():
        rest = resting(name, system)
        if rest is not None and name in DRIVERS:
            low, high = bounds(name, system)
            low, high = max(low, -3.0), min(high, 5.0)
            driver = DRIVERS[name]
            found.append(Lever(name, rest, low, high, driver.unit, driver.doc, readers))
    return tuple(found)


def question(*keys: str) -> str:
    """Return the question that rates, drivers, parameters or mechanisms belong to."""
    from hidra.model.mechanisms import package

    def of(key: str) -> str:
        owner = key.partition(".")[0]
        readers = [name for name, one in package().items() if owner in one.drivers]
        named = owner if owner in (*RATES, *package()) else next(iter(readers), "")
        return next((one for one, names in QUESTIONS.items() if named in names), "several")

    found = {of(key) for key in keys}
    return found.pop() if len(found) == 1 else "several"


def as_own(one: Scenario, posterior: str) -> Change | None:
    """Return a scenario as the controls of the desk say it; none where they cannot."""
    rest = {lever.name: lever.rest for lever in levers(posterior)}
    moved = {name: rest[name] * by for name, by in one.change.items() if name in rest}
    moved |= {name: to for name, to in one.set.items() if name in rest}
    rates = {name: by for name, by in one.change.items() if name in RATES}
    if len(moved) + len(rates) < len(one.change) + len(one.set) or set(one.dose) - {*DOSED}:
        return None
    return Change(start=one.start, change=rates, set=moved, dose=one.dose, off=one.off,
                  places=one.places)  # fmt: skip


def asked(form: Mapping[str, Any], ready: Sequence[str], own_title: str) -> dict[str, Any]:
    """Return what a filled form asks for, as plain values that `read` checks.

    Parameters
    ----------
    form : fields by name; ``off`` is a list.
    ready : names of the ready scenarios chosen.
    own_title : title of the reader's own scenario where none is given.

    Raises
    ------
    SpecError
        A number is none.
    """
    from hidra.study.library import library

    known, start = library(), str(form.get("start") or "2027-01")
    posterior = str(form.get("posterior") or "system")
    scenarios: dict[str, Any] = {}
    for name in ready:
        if name not in known:
            raise SpecError(
                _("There is no such ready scenario."),
                where=_("form"),
                fix=_("Choose from the list."),
            )
        parts = known[name].model_dump(include={"change", "set", "dose", "off", "places"})
        scenarios[name] = {**parts, "start": start}
    own = _own(form, posterior)
    if own is not None:
        title = str(form.get("name") or "").strip()[:LONGEST_TITLE] or own_title
        scenarios[OWN] = {**own, "start": start, "title": title}
    return {
        "scenarios": scenarios,
        "posterior": posterior,
        "end": str(form.get("end") or END),
        "draws": _number(form, "draws", DRAWS),
        "seed": _number(form, "seed", SEED),
    }


def _own(form: Mapping[str, Any], posterior: str) -> dict[str, Any] | None:
    """Return the reader's own scenario, or none where nothing was touched."""
    shares = {rate: _number(form, f"rate-{rate}", 100.0) for rate in RATES}
    doses = {rate: _number(form, f"dose-{rate}", 0.0) for rate in DOSED}
    known = levers(posterior) if posterior in ("small", "system") else ()
    moved = {one.name: (_number(form, f"lever-{one.name}", one.rest), one.rest) for one in known}
    own: dict[str, Any] = {
        "change": {rate: share / 100 for rate, share in shares.items() if share != 100.0},
        "dose": {rate: persons for rate, persons in doses.items() if persons},
        "set": {name: value for name, (value, rest) in moved.items() if value != rest},
        "off": [str(name) for name in form.get("off", ())],
    }
    if not any(own.values()):
        return None
    return {**own, "places": [str(form["place"])] if form.get("place") else []}


def _number(form: Mapping[str, Any], key: str, default: float) -> float:
    text = str(form.get(key) or f"{default:.12g}").strip().replace(",", ".")
    try:
        return number(text)
    except ValueError as error:
        raise SpecError(
            _("'{text}' is not a number.", text=text[:20]),
            where=key[:60],
            fix=_("Write for example 50."),
        ) from error


class BusyError(SpecError):
    """Too many runs are waiting."""


class State(TypedDict, total=False):
    """How far a run is.

    ``state`` is waiting, running, done, cancelled or failed; ``done`` of ``total`` draws;
    ``stopping`` where it was asked to stop; ``before``: how many runs come first; ``seconds``
    since it was asked for; ``what``, ``where`` and ``fix`` of what went wrong, and the same in
    ``es``.
    """

    state: str
    done: int
    total: int
    stopping: bool
    before: int
    seconds: int
    what: str
    where: str
    fix: str
    es: dict[str, str]


class Worker(Protocol):
    """Whoever works on the folders it is given, one after the other."""

    def expect(self) -> None:
        """Get ready: somebody looks at the desk, and may ask soon."""

    def give(self, folder: Path) -> None:
        """Take a folder to work on."""

    def alive(self) -> bool:
        """Tell whether it can still finish what it was given."""

    def end(self) -> None:
        """Stop at once, whatever it is doing."""


class Process:
    """One process that simulates, begun when somebody may ask and kept warm for the next."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._process: Any = None
        self._tasks: Any = None

    def expect(self) -> None:
        """Begin the process, and let it compile what runs share."""
        if not self.alive():
            self._put(PREPARE)

    def give(self, folder: Path) -> None:
        """Take a folder to work on."""
        self._put(str(folder))

    def _put(self, task: str) -> None:
        if not self.alive():
            self._tasks = self._context.Queue()
            self._process = self._context.Process(
                target=loop, args=(self._tasks,), daemon=True, name="hidra-lab"
            )
            self._process.start()
        self._tasks.put(task)

    def alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.is_alive()

    def end(self) -> None:
        """Stop the process at once."""
        if self._process is not None and self._process.is_alive():
            self._process.terminate()
            self._process.join(5)
        self._process = None


class Runs:
    """Runs by their hash.

    Parameters
    ----------
    folder : pathlib.Path
        Where they are kept; a finished run is a folder there, an unfinished one lies in ``open``.
    most_waiting : int
        Runs that may be open at a time.
    worker : Worker
        Who simulates; a process of its own by default.
    """

    def __init__(self, folder: Path, most_waiting: int, worker: Worker | None = None) -> None:
        self._folder = folder
        self._open = folder / "open"
        self._most = most_waiting
        self._worker = worker or Process()
        self._queue: list[str] = []
        self._stopping: dict[str, float] = {}
        self._lock = threading.RLock()
        for left in self._open.glob("*"):  # of servers that have ended
            if NAME.fullmatch(left.name) and not self._of_another(left.name):
                shutil.rmtree(left, ignore_errors=True)

    def expect(self) -> None:
        """Get ready for a run that somebody may ask for."""
        with self._lock:
            self._worker.expect()

    def begin(self, wanted: Wanted, vintage: str) -> str:
        """Begin a run, unless it is there already, and return its name.

        Raises
        ------
        BusyError
            Too many runs are waiting.
        """
        name = wanted.digest(vintage)
        with self._lock:
            known = self.state(name)
            if known is not None and known["state"] in (*OPEN, "done"):
                return name
            for other in list(self._queue):
                self.state(other)  # those that have ended leave the queue
            if len(self._queue) >= self._most:
                raise BusyError(
                    _("Too many runs are waiting on this machine."),
                    where=_("scenarios"),
                    fix=_("Wait until one has finished, or cancel one."),
                )
            self._prepare(name, wanted, vintage)
            self._queue.append(name)
            self._worker.give(self._open / name)
        return name

    def _prepare(self, name: str, wanted: Wanted, vintage: str) -> None:
        draft = self._open / name
        with files.told(draft, fix=HOME_FULL):
            shutil.rmtree(draft, ignore_errors=True)
            files.write_text(draft / "wanted.json", wanted.text())
            files.write_text(draft / "vintage", vintage)
            files.write_text(draft / "owner", files.owner())
            write_state(draft, "waiting")

    def state(self, name: str) -> State | None:
        """Return how far a run is; none where there is no run of that name."""
        if not NAME.fullmatch(name):
            return None
        with self._lock:
            if (self._folder / name / "manifest.json").is_file():
                return {"state": "done"}
            state = self._read_state(name)
            if state is None:
                return None
            if state["state"] == "done":
                with suppress(OSError):  # another server on the same folder was quicker
                    (self._open / name).replace(self._folder / name)
            if state["state"] not in OPEN:
                self._forget(name)
                return state
            return self._followed(name, state)

    def _followed(self, name: str, state: State) -> State:
        """Look after a run that is open: gone with its process, or slow to stop."""
        if name not in self._queue and self._of_another(name):
            return {**state, "stopping": (self._open / name / "stop").exists(), "before": 0}
        if name not in self._queue or not self._worker.alive():
            gone = RunError(
                _("The process that simulates has ended."),
                where=_("scenarios"),
                fix=_("Run it again; if it ends again, ask for fewer draws."),
            )
            end = "cancelled" if name in self._stopping else "failed"
            write_state(self._open / name, end, error=gone)
            self._forget(name)
            return self._read_state(name) or state
        asked_at = self._stopping.get(name)
        if asked_at is not None and time.monotonic() - asked_at > GRACE:
            self._worker.end()
            write_state(self._open / name, "cancelled")
            self._forget(name)
            for other in self._queue:
                self._worker.give(self._open / other)
            return {"state": "cancelled"}
        asked_for = (self._open / name / "wanted.json").stat().st_mtime
        return {**state, "stopping": asked_at is not None, "before": self._queue.index(name),
                "seconds": round(time.time() - asked_for)}  # fmt: skip

    def _of_another(self, name: str) -> bool:
        """Tell whether another server on the same folder, which still runs, began a run."""
        try:
            by = (self._open / name / "owner").read_text(encoding="utf-8")
        except OSError:
            return False
        return by != files.owner() and files.owned(by)

    def _read_state(self, name: str) -> State | None:
        found: State | None = _json(self._open / name / "progress.json")
        return found

    def cancel(self, name: str) -> None:
        """Ask a run to stop; it is stopped by force when it does not."""
        with self._lock:
            if name in self._queue or self._of_another(name):
                (self._open / name / "stop").touch()
            if name in self._queue:
                self._stopping.setdefault(name, time.monotonic())

    def wanted(self, name: str) -> Wanted | None:
        """Return what was asked for in a run."""
        for folder in (self._folder, self._open):
            file = folder / name / "wanted.json"
            if NAME.fullmatch(name) and file.is_file():
                return Wanted.model_validate_json(file.read_text(encoding="utf-8"))
        return None

    def manifest(self, name: str) -> dict[str, Any]:
        """Return what a finished run stands on.

        Raises
        ------
        SourceError
            A file of it is missing, foreign or not as it was written.
        """
        folder = self._folder / name
        fix = _("Remove the folder, and ask for the same scenarios again.")
        found = files.unsealed(folder / "manifest.json", fix=fix)
        files.check(folder, found, fix=fix)
        vintage = (folder / "vintage").read_text(encoding="utf-8")
        return {**found, "vintage": vintage, "id": name}

    def tables(self, name: str) -> dict[str, pd.DataFrame]:
        """Return the tables of a finished run, as `manifest` checks them."""
        self.manifest(name)
        folder = self._folder / name
        return {table: pd.read_parquet(folder / f"{table}.parquet") for table in TABLES}

    def finished(self) -> list[str]:
        """Return the names of the runs that are kept, the newest first."""
        if not self._folder.is_dir():
            return []
        found = [one for one in self._folder.iterdir() if NAME.fullmatch(one.name)]
        return [one.name for one in sorted(found, key=lambda one: -one.stat().st_mtime)]

    def end(self) -> None:
        """Stop everything at once; what was unfinished is gone."""
        with self._lock:
            self._worker.end()
            for name in self._queue:
                shutil.rmtree(self._open / name, ignore_errors=True)
            self._queue.clear()

    def _forget(self, name: str) -> None:
        if name in self._queue:
            self._queue.remove(name)
        self._stopping.pop(name, None)


def _json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def loop(tasks: Any) -> None:
    """Work on one folder after another until told to end; the process stays warm between."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this
    end_with_parent()
    for task in iter(tasks.get, None):
        if task == PREPARE:
            with suppress(HidraError):  # the first run will tell it
                prepare(tasks.empty)
        else:
            work(Path(task))


def prepare(idle: Callable[[], bool] = lambda: True) -> None:
    """Simulate a changed rate, and something stopped, until something waits to be done.

    What is compiled and what draws were until the change serve the run that will be asked for,
    whatever rates it changes and whatever it stops.
    """
    from hidra.scenario.ensemble import StoppedError

    half = Change(change={RATES[0]: 0.5})
    stopped = Change(off=tuple(_posterior("system")["basis"]["mechanisms"][:1]))
    with suppress(StoppedError):
        for one in (half, stopped):
            _what_if({OWN: one}, posterior="system", end=END, draws=DRAWS, seed=SEED,
                     progress=lambda *_: None, stop=lambda: not idle())  # fmt: skip


def work(folder: Path, simulate: Simulate | None = None) -> None:
    """Simulate what lies in a folder, and leave its tables there; whole or not at all.

    Parameters
    ----------
    folder : pathlib.Path
        With ``wanted.json``. What becomes of it stands in ``progress.json``.
    simulate : callable, optional
        ``hidra.what_if`` by default.
    """
    wanted = Wanted.model_validate_json((folder / "wanted.json").read_text(encoding="utf-8"))
    stopped = (folder / "stop").exists
    if stopped():
        write_state(folder, "cancelled")
        return
    write_state(folder, "running", 0, wanted.draws)
    try:
        results = (simulate or _what_if)(
            dict(wanted.scenarios),
            posterior=wanted.posterior, end=wanted.end, draws=wanted.draws, seed=wanted.seed,
            progress=lambda done, total: write_state(folder, "running", done, total), stop=stopped,
        )  # fmt: skip
        write_tables(folder, wanted, results)
        write_state(folder, "done", wanted.draws, wanted.draws)
    except Exception as error:  # the server tells the reader; the process goes on
        if stopped():
            write_state(folder, "cancelled")
        else:
            write_state(folder, "failed", error=error)


def _what_if(*given: Any, **named: Any) -> xr.Dataset:
    from hidra.run.projection import what_if

    with Threads(os.cpu_count()) as those:
        return what_if(*given, remember=True, workers=those, **named)


class Threads(ThreadPoolExecutor):
    """Threads, which share what their process compiled and remembers; the first task compiles."""

    _first: Future[Any] | None = None

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Begin a task: the first at once, others when it has ended."""
        first = self._first
        if first is None:
            self._first = first = super().submit(work, *given, **named)
            return first

        def after() -> Any:
            wait([first])
            return work(*given, **named)

        return super().submit(after)


def write_state(
    folder: Path, state: str, done: int = 0, total: int = 0, error: Exception | None = None
) -> None:
    """Say how far the work is, in a file that is never half there."""
    told: dict[str, str] = {}
    if isinstance(error, HidraError):
        told = {"what": error.what, "where": error.where, "fix": error.fix}
    elif error is not None:
        told = {
            "what": _("The simulation failed: {kind}.", kind=type(error).__name__),
            "fix": _("It is a fault of hidra, not yours. Change something and try again."),
        }
    found = {"state": state, "done": int(done), "total": int(total), **told}
    if told:
        found["es"] = {name: translate(text, "es") for name, text in told.items()}
    files.write_json(folder / "progress.json", found, indent=None)


def write_tables(folder: Path, wanted: Wanted, results: xr.Dataset) -> None:
    """Write the tables of a run and what it stands on."""
    from hidra.scenario.difference import difference, outcome, summary

    starts = {name: one.start for name, one in wanted.scenarios.items()}
    first = min(starts.values())
    before = f"{int(first[:4]) - 3}-{first[5:]}"  # three years are drawn before a scenario begins
    tables = {
        "summary": summary(results.sel(month=slice(before, None))),
        "difference": difference(results, starts),
        "outcome": outcome(results.sel(month=slice(first, None))),
    }
    for name, table in tables.items():
        files.write_parquet(folder / f"{name}.parquet", table)
    manifest = {
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "version": hidra.__version__,
        "labels": {
            str(name): {key: str(value) for key, value in results[name].attrs.items()}
            for name in results.data_vars
        },
        "told": {str(key): _plain(value) for key, value in results.attrs.items()},
        "first": first,
    }
    files.write_json(folder / "manifest.json", files.sealed(manifest, folder, leave=WORKING))


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value
