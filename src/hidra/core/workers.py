"""Long work: who does it, and how far it is; whoever does it, the results are the same.

Whatever can be parted (draws of an ensemble, experiments, fits, origins of a forecast) is handed
out here: to this process, processes of this machine, or a cluster, any standard executor.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager, nullcontext
from itertools import islice
from typing import Any, TypeVar

from hidra.core.errors import RunError, SpecError
from hidra.core.i18n import _

Workers = int | Executor  # a number of processes (1: this one), or any standard executor
Job = TypeVar("Job")
Result = TypeVar("Result")
AHEAD = 64  # jobs handed out at a time: no worker waits, and results do not pile up
TRIES = 5  # times that a job is handed out whose worker ended
LOCAL = "local"
ASIDE = "hidra aside"  # name of threads that work beside the first
ANSWER = "20s"  # within which a cluster answers
_ended = threading.Event()


def memory_here() -> int | None:
    """Return how many bytes of memory this machine has; not every system tells."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def aside(work: Callable[[], Result]) -> tuple[threading.Thread, Future[Result]]:
    """Begin work in a thread; the future has what it gave or raised.

    A process that ends waits for it: a thread cut off inside compiled code aborts the process.
    """
    told: Future[Result] = Future()

    def run() -> None:
        try:
            told.set_result(work())
        except BaseException as error:  # raised again by whoever asks for the result
            told.set_exception(error)

    thread = threading.Thread(target=run, daemon=True, name=ASIDE)
    thread.start()
    atexit.register(thread.join)
    told.add_done_callback(lambda _: atexit.unregister(thread.join))
    return thread, told


class Processes(Executor):
    """Processes of this machine, begun when first needed, and again where one was killed.

    Parameters
    ----------
    count : how many.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._pool: ProcessPoolExecutor | None = None
        self._lock = threading.Lock()

    def submit(self, work: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """Hand a job to the next process that is free."""
        with self._lock:
            try:
                return self._begun().submit(work, *given, **named)
            except BrokenExecutor:
                if _ended.is_set():
                    raise
                self.shutdown(wait=False)
                return self._begun().submit(work, *given, **named)

    def _begun(self) -> ProcessPoolExecutor:
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")  # a forked JAX deadlocks
            self._pool = ProcessPoolExecutor(self._count, spawn, initializer=end_with_parent)
        return self._pool

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = True) -> None:
        """End the processes; jobs that none has begun are dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
        self._pool = None


@contextmanager
def hired(
    workers: Workers, cluster: str = "", same: Callable[[], object] = dict
) -> Iterator[Workers]:
    """Give those who do the work: processes kept for the whole of it, or a Dask cluster.

    Parameters
    ----------
    workers : processes of this machine; 1 stays in this one. An executor is given as it is.
    cluster : address of a scheduler of Dask, ``tcp://HOST:8786``; ``local`` for one of this
        machine with as many workers. Workers keep what they compiled for as long as they live.
    same : what must be on workers of a cluster as it is here.

    Raises
    ------
    SpecError
        Dask is not there, or the address names no cluster. RunError : nobody answers there, or
        its workers have not the same.
    """
    if not cluster:
        with (
            Processes(workers)
            if isinstance(workers, int) and workers > 1
            else nullcontext(workers) as those
        ):
            yield those
        return
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise SpecError(
            _("A cluster needs the packages of the extra 'cluster'."), where="--cluster",
            fix=_("Install them beside hidra: python -m pip install distributed"),
        ) from None  # fmt: skip
    own = cluster == LOCAL
    if not own and "://" not in cluster:
        raise SpecError(
            _("{cluster} names no cluster.", cluster=cluster), where="--cluster",
            fix=_("Give the address of a scheduler, tcp://HOST:8786, or: local"),
        )  # fmt: skip
    count = workers if isinstance(workers, int) else 1
    with (
        (
            LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None)
            if own
            else nullcontext(cluster)
        ) as there,
        _client(Client, there, cluster, same) as client,
    ):
        yield client.get_executor(pure=False)


@contextmanager
def _client(kind: Any, there: Any, cluster: str, same: Callable[[], object]) -> Iterator[Any]:
    """Connect to a cluster and look whether its workers compute what would be computed here."""
    try:
        client = kind(there, timeout=ANSWER)
    except (OSError, ValueError, TimeoutError) as error:
        raise RunError(
            _("No cluster answers: {text}.", text=error), where=f"--cluster {cluster}",
            fix=_("Begin the scheduler first, and give the address that it prints."),
        ) from error  # fmt: skip
    with client:
        try:
            client.wait_for_workers(1, timeout=ANSWER)
            here = same()
            alike = all(found == here for found in client.run(same).values())
        except TimeoutError as error:
            raise RunError(
                _("The cluster has no workers."), where=f"--cluster {cluster}",
                fix=_("Begin some: dask worker {cluster} --nthreads 1", cluster=cluster),
            ) from error  # fmt: skip
        except ImportError:
            alike = False
        if not alike:
            raise RunError(
                _("Workers of the cluster have another hidra, other libraries or other data."),
                where=f"--cluster {cluster}",
                fix=_("Install the same everywhere, let HIDRA_HOME be one folder for all, and "
                      "begin the workers again."),
            )  # fmt: skip
        yield client


def spread(
    work: Callable[[Job], Result], jobs: Iterable[Job], workers: Workers = 1
) -> Iterator[tuple[int, Result]]:
    """Do every job; yield its number and its result as they come.

    A job whose worker was killed is done again by another: give jobs that may be done twice.

    Raises
    ------
    RunError
        Workers keep ending, or the cluster has gone.
    """
    if workers == 1:
        yield from ((number, work(job)) for number, job in enumerate(jobs))
        return
    left = iter(enumerate(jobs))
    handed: dict[Future[Result], tuple[int, Job, int]] = {}
    with Processes(workers) if isinstance(workers, int) else nullcontext(workers) as those:
        try:
            while True:
                for number, job in islice(left, AHEAD - len(handed)):
                    handed[those.submit(work, job)] = number, job, 1
                if not handed:
                    return
                for future in wait(handed, return_when=FIRST_COMPLETED).done:
                    number, job, tries = handed.pop(future)
                    try:
                        result = future.result()
                    except BrokenExecutor:
                        if tries == TRIES or _ended.is_set():
                            raise _lost() from None
                        handed[those.submit(work, job)] = number, job, tries + 1
                        continue
                    yield number, result
        except Exception as error:
            if _of_cluster(error):
                raise _lost() from error
            raise
        finally:
            for future in handed:
                future.cancel()


def _of_cluster(error: Exception) -> bool:
    """Whether a cluster failed, and not the work it was given."""
    return isinstance(error, CancelledError) or type(error).__module__.startswith("distributed")


def _lost() -> RunError:
    return RunError(
        _("The workers have ended before their work."), where=_("workers"),
        fix=_("Run the same again. Take fewer workers if memory is short."),
    )  # fmt: skip


def end_with_parent() -> None:
    """End this process as soon as the one that began it has ended, however that was."""
    parent = multiprocessing.parent_process()

    def wait() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=wait, daemon=True, name="end with parent").start()


def end() -> None:
    """End the processes that work for this one, and begin no other."""
    _ended.set()
    for process in multiprocessing.active_children():
        process.kill()


Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


@contextmanager
def bars(words: Callable[[str], str] = str, *, lines: bool = True) -> Iterator[Progress]:
    """Give a function of stage, done and total that shows one bar a stage.

    Parameters
    ----------
    words : says a stage in the language of the reader.
    lines : print a line every tenth of the way where there is neither terminal nor notebook.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if console.is_jupyter:
        yield _display(words)
        return
    if not console.is_terminal:
        yield _lines(words) if lines else silent
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=console) as shown:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = shown.add_task(words(stage), total=total)
            shown.update(tasks[stage], completed=done, total=total)

        yield show


def _display(words: Callable[[str], str]) -> Progress:
    """Write one output of a notebook again and again: bars would need widgets installed."""
    from IPython.display import display

    told: dict[str, str] = {}
    shown = display({"text/plain": ""}, raw=True, display_id=True)

    def show(stage: str, done: int, total: int) -> None:
        line = f"{words(stage)}: {100 * done // max(total, 1)}\u00a0%"
        if told.get(stage) != line:
            told[stage] = line
            shown.update({"text/plain": "\n".join(told.values())}, raw=True)

    return show


def _lines(words: Callable[[str], str]) -> Progress:
    told: dict[str, int] = {}

    def show(stage: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if tenth > told.get(stage, -1):
            told[stage] = tenth
            print(f"{words(stage)}: {done}/{total}", file=sys.stderr)

    return show
