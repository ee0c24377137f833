"""Work that is handed out is done once and for all, whoever is killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hidra.core import workers
from hidra.core.errors import HidraError, RunError, SpecError
from hidra.core.workers import Processes, hired, spread


def test_a_process_that_ends_waits_for_work_aside():
    """A thread that is cut off inside compiled code aborts the process, whatever it had said."""
    lines = (
        "import sys, time",
        "from hidra.core.workers import aside",
        "aside(lambda: (time.sleep(0.5), sys.stdout.write('done')))",
        "sys.exit(2)",
    )
    told = [sys.executable, "-c", "\n".join(lines)]
    ended = subprocess.run(told, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, b"done", b"")


def fall_once(job):
    """Square a number; whoever does this first of all is killed in the middle of it."""
    number, folder = job
    if number == 3:
        try:
            (Path(folder) / "fallen").touch(exist_ok=False)
        except FileExistsError:
            return number**2
        os.kill(os.getpid(), signal.SIGKILL)
    return number**2


def fall(_):
    os.kill(os.getpid(), signal.SIGKILL)


def fail(number):
    raise ValueError(f"job {number}")


def begun(job):
    """Say that it runs, and take a while."""
    number, folder = job
    (Path(folder) / f"begun-{number}-{os.getpid()}").touch()
    time.sleep(0.5)
    return number


def test_a_killed_worker_costs_nothing_but_time(tmp_path):
    jobs = [(number, str(tmp_path)) for number in range(8)]
    with Processes(2) as pool:
        found = dict(spread(fall_once, jobs, pool))
        assert (tmp_path / "fallen").exists()
        assert found == {number: number**2 for number in range(8)}
        assert dict(spread(fall_once, jobs, pool)) == found, "the pool goes on"


def test_workers_that_keep_ending_are_told(monkeypatch):
    monkeypatch.setattr(workers, "TRIES", 2)
    with pytest.raises(RunError, match="ended before their work"):
        list(spread(fall, [1], 2))


@pytest.mark.parametrize("who", [1, 2])
def test_what_goes_wrong_in_a_job_is_told_as_it_is(who):
    with pytest.raises(ValueError, match="job 7"):
        list(spread(fail, [7], who))


def test_what_names_no_cluster_is_refused():
    pytest.importorskip("distributed")
    with pytest.raises(SpecError, match="names no cluster"), hired(1, "here"):
        pass


@pytest.mark.slow
class TestDask:
    """The same on a cluster of this machine."""

    @pytest.fixture(autouse=True)
    def _dask(self):
        pytest.importorskip("distributed")

    def test_a_killed_worker_costs_nothing_but_time(self, tmp_path):
        jobs = [(number, str(tmp_path)) for number in range(8)]
        with hired(2, "local") as pool:
            found = dict(spread(fall_once, jobs, pool))
        assert (tmp_path / "fallen").exists()
        assert found == {number: number**2 for number in range(8)}

    def test_a_killed_scheduler_is_told(self, tmp_path):
        import subprocess
        import sys

        address = tmp_path / "scheduler.json"
        dask = [sys.executable, "-m", "distributed.cli.dask_scheduler"]
        scheduler = subprocess.Popen(
            [*dask, "--port", "0", "--no-dashboard", "--scheduler-file", str(address)],
            stderr=subprocess.DEVNULL,
        )
        worker = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(address),
             "--nthreads", "1", "--no-dashboard", "--death-timeout", "60"],
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            import json

            while not address.exists():
                time.sleep(0.05)
            where = json.loads(address.read_text())["address"]
            done = []
            with (
                pytest.raises(HidraError, match="ended before their work"),
                hired(1, where) as pool,
            ):
                for number, _ in spread(begun, [(n, str(tmp_path)) for n in range(40)], pool):
                    done.append(number)
                    if len(done) == 2:
                        scheduler.kill()
            assert len(done) < 40
        finally:
            for one in (scheduler, worker):
                one.kill()
                one.wait()
