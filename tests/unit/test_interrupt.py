"""Ctrl-C in the middle of compiled work: prompt, quiet, nothing half-written."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from hidra.cli.terminal import interruptible

PROGRAM = textwrap.dedent(
    '''
    import hashlib, multiprocessing, signal, sys
    from concurrent.futures import ProcessPoolExecutor
    from pathlib import Path

    import hidra.cli.about
    from hidra.cli import main
    from hidra.cli.terminal import interruptible
    from hidra.run import RunFolder

    def without_a_pause(begun=None):
        """Minutes of C code that never looks at a signal."""
        Path(begun or sys.argv[3]).touch()
        return hashlib.pbkdf2_hmac("sha256", b"a", b"b", 10**9)

    def work():
        with RunFolder(sys.argv[1], "digest") as run:
            run.text("report.html", "half")
            if sys.argv[2] == "processes":
                spawn = multiprocessing.get_context("spawn")
                with ProcessPoolExecutor(2, spawn) as pool:
                    list(pool.map(without_a_pause, [f"{sys.argv[3]}-{n}" for n in range(2)]))
            without_a_pause()

    if __name__ == "__main__":
        # whoever starts the tests in the background of a shell hands on a deaf ear for Ctrl-C
        signal.signal(signal.SIGINT, signal.default_int_handler)
        hidra.cli.about._machine = lambda: interruptible(work)
        sys.exit(main(["doctor"]))
    '''
)


@pytest.mark.parametrize("where", ["thread", "processes"])
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_is_prompt_and_leaves_nothing(tmp_path, where, how):
    program, runs = tmp_path / "program.py", tmp_path / "runs"
    program.write_text(PROGRAM)
    started = subprocess.Popen(
        [sys.executable, str(program), str(runs / "mine"), where, str(tmp_path / "begun")],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "HIDRA_LANG": "en"},
    )
    working = 2 if where == "processes" else 1
    wait_for(lambda: len(list(tmp_path.glob("begun*"))) == working)
    assert any(runs.glob("*/report.html"))
    # a terminal sends Ctrl-C to every process of the group; kill sends its request to one
    os.killpg(started.pid, how) if how == signal.SIGINT else started.send_signal(how)
    _, err = started.communicate()
    assert started.returncode == 130
    assert err.strip() == "Interrupted. Nothing half-written is left."
    assert list(runs.iterdir()) == []
    wait_for(lambda: not alive(started.pid))


DEAF = textwrap.dedent(
    """
    import signal, sys, time
    from pathlib import Path

    from hidra.cli import main
    from hidra.web import serve

    def callback(settings):
        '''As a callback of a library: whatever is raised in it is lost.'''
        Path(sys.argv[1]).touch()
        while True:
            try:
                time.sleep(0.01)
            except BaseException:
                pass

    signal.signal(signal.SIGINT, signal.default_int_handler)
    serve._warmed = callback
    sys.exit(main(["serve", "--port", "0"]))
    """
)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_ends_a_server_that_starts_in_a_library_that_swallows_it(tmp_path, how):
    program, begun = tmp_path / "program.py", tmp_path / "begun"
    program.write_text(DEAF)
    started = subprocess.Popen(
        [sys.executable, str(program), str(begun)], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "HIDRA_LANG": "en"},
    )  # fmt: skip
    wait_for(begun.exists)
    started.send_signal(how)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 130
    assert err.strip() == "Interrupted. Nothing half-written is left."


def alive(group: int) -> bool:
    """Say whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(true) -> None:
    """Wait for as long as it takes: a busy machine is no failure."""
    while not true():
        time.sleep(0.02)


def test_values_and_errors_pass_through():
    assert interruptible(lambda: 5) == 5
    with pytest.raises(ZeroDivisionError):
        interruptible(lambda: 1 // 0)
