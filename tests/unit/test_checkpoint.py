"""Long work is kept in pieces: killing it loses at most one, and the end is the same."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from hidra.core.cache import NOWHERE, Checkpoint
from hidra.inference.samplers import BATCH

STEPS = 1500
SOURCE = Path(__file__).parents[2] / "src"
PROGRAM = textwrap.dedent(
    f"""
    import sys
    import numpyro
    from numpyro import distributions as dist
    from hidra.core.cache import NOWHERE, Checkpoint
    from hidra.inference.samplers import draw, surface

    def country():
        mean = numpyro.sample("mean", dist.Normal(0.0, 1.0).expand([6]).to_event(1))
        numpyro.sample("data", dist.Normal(mean, 1.5).to_event(1), obs=mean * 0 + 2.0)

    SURFACE = surface(country, 1)

    def draws(kept=NOWHERE):
        return draw(SURFACE, 1, {STEPS}, kept=kept)

    if __name__ == "__main__":
        draws(Checkpoint.of(sys.argv[1], "work"))
    """
)


def test_a_piece_is_computed_once(tmp_path):
    calls = []

    def work():
        calls.append(1)
        return {"deaths": np.arange(3.0)}

    for _ in range(2):
        found = Checkpoint.of(tmp_path, "a").once("runs", work)
        np.testing.assert_array_equal(found["deaths"], [0.0, 1.0, 2.0])
    assert len(calls) == 1
    Checkpoint.of(tmp_path, "b").once("runs", work)  # other work does not take it
    NOWHERE.once("runs", work)
    assert len(calls) == 3


def test_a_piece_that_is_torn_is_computed_again(tmp_path):
    kept = Checkpoint.of(tmp_path, "a")
    kept.keep("runs", {"deaths": np.ones(1000)})
    file = kept.folder / "runs.npz"
    file.write_bytes(file.read_bytes()[:500])
    assert kept.read("runs") is None
    assert kept.once("runs", lambda: {"deaths": np.zeros(1)})["deaths"].tolist() == [0.0]


@pytest.mark.slow
def test_a_killed_fit_goes_on_where_it_was_and_ends_the_same_bit_for_bit(tmp_path, monkeypatch):
    """SIGKILL in mid-run; the draws are those of a run that nobody touched."""
    program = tmp_path / "country.py"
    program.write_text(PROGRAM)
    kept = Checkpoint.of(tmp_path / "kept", "work")
    started = subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "kept")],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    wait_for(lambda: len(kept.names()) > 3)
    started.send_signal(signal.SIGKILL)
    assert started.wait() == -signal.SIGKILL
    assert len(kept.names()) < STEPS / BATCH  # it was not done
    monkeypatch.syspath_prepend(tmp_path)
    import country

    untouched, resumed = country.draws(), country.draws(kept)
    assert untouched.diagnostics == resumed.diagnostics
    np.testing.assert_array_equal(untouched.draws["mean"], resumed.draws["mean"])
    assert resumed.draws["mean"].shape == (2 * STEPS, 6)


def wait_for(what, seconds=240):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            pytest.fail("nothing was kept")
        time.sleep(0.005)
