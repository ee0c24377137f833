"""Long compiled work that Ctrl-C can still stop.

Python handles signals only between its own instructions, and a compiled fit may run for minutes
without one. So the work goes to a thread and the main thread only waits.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
# The tracker of worker processes cleans up after those we end, and would tell the user about it.
QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"
_left_running = threading.Event()


def interruptible(work: Callable[[], T]) -> T:
    """Do the work in a thread; on Ctrl-C end its processes and remove what it half wrote.

    Raises
    ------
    KeyboardInterrupt
        After cleaning up. The thread may still be inside compiled code: leave by ``leave``.
    """
    others = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = f"{others},{QUIET}" if others else QUIET
    value: list[T] = []
    failure: list[BaseException] = []

    def target() -> None:
        if hasattr(signal, "pthread_sigmask"):  # worker processes inherit the mask: Ctrl-C is ours
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            value.append(work())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
    except KeyboardInterrupt:
        _stop(thread)
        raise
    if failure:
        raise failure[0]
    return value[0]


def leave(code: int) -> int:
    """Return the code, or end the process at once where a thread cannot be waited for."""
    if _left_running.is_set():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    return code


def _stop(thread: threading.Thread) -> None:
    """End worker processes, give the thread a moment to notice, and clean up after it."""
    from hidra.core.files import abandon

    for process in multiprocessing.active_children():
        process.kill()
    thread.join(1.0)
    if thread.is_alive():
        _left_running.set()
    abandon()
