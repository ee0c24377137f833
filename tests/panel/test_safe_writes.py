"""Killed, disturbed or on a full disk: the panel is the old one or the new one, whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from hidra.core.errors import PanelError, RunError
from hidra.core.files import replacing
from hidra.data import home, panel
from hidra.data.importing import import_table
from hidra.data.spec import read_spec

# Where the process is killed: before the rows, after them, before the new file, before it counts.
MOMENTS = {
    "before the rows are kept": "keeping._refuse_empty",
    "after the rows are kept": "keeping.sign",
    "while the file is written out": "files.os.fsync",
    "before the new file takes its place": "files.Path.replace",
}
KILLED = """
import os, signal, sys
from pathlib import Path
from hidra.core import files
from hidra.data import home, importing, keeping
from hidra.data.spec import read_spec
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
{moment} = die
importing.import_table(Path(sys.argv[1]), read_spec(Path(sys.argv[2])))
"""


@pytest.mark.parametrize("moment", MOMENTS)
def test_kill_9_leaves_the_last_good_panel_and_the_next_call_starts_clean(
    moment, own, content, folder
):
    table, spec = own(source="before")
    import_table(table, read_spec(spec))
    good = content()
    table, spec = own("cve_mun,year,month,killed\n08037,2024,1,9\n")

    done = subprocess.run(
        [sys.executable, "-c", KILLED.format(moment=MOMENTS[moment]), str(table), str(spec)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert content() == good

    assert import_table(table, read_spec(spec)).rows == 1
    assert content() != good
    assert sorted(one.name for one in folder.iterdir()) == ["panel.duckdb", "panel.lock"]


@pytest.mark.slow
def test_kill_9_at_any_time_of_a_large_import(own, content, tmp_path):
    table, spec = own(source="before")
    import_table(table, read_spec(spec))
    good = content()
    rows = "".join(
        f"{8000 + n % 67 + 1},{1900 + n // 67 // 12},{n // 67 % 12 + 1},{n}\n"
        for n in range(67 * 12 * 100)
    )
    table, spec = own("cve_mun,year,month,killed\n" + rows)
    code = "from hidra.cli import main; import sys; sys.exit(main(sys.argv[1:]))"
    for wait in (0.4, 0.9):
        running = subprocess.Popen(
            [sys.executable, "-c", code, "data", "import", str(table), "--spec", str(spec)],
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait)
        running.kill()
        running.wait()
        if content() != good:  # it was faster: then it is whole
            break
    import_table(table, read_spec(spec))
    query = "SELECT count(*) AS n FROM panel WHERE source = 'our_counts'"
    assert panel.ask(query, exact=True) == [{"n": 80400}]


def test_readers_read_while_somebody_writes(own, content):
    from hidra.data.keeping import writing

    table, spec = own()
    import_table(table, read_spec(spec))
    before = content()
    with writing() as con:
        con.execute("DELETE FROM added")
        assert content() == before  # another connection, in the middle of a write
    assert content() != before


def test_a_second_writer_is_told_to_wait(own, hidra, folder):
    holder = subprocess.Popen(
        [sys.executable, "-c",
         "import time\nfrom hidra.data import home\n"
         "with home.sole_writer():\n    print('held', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE, env=os.environ | {"HIDRA_HOME": str(folder)},
    )  # fmt: skip
    try:
        assert holder.stdout.readline().strip() == b"held"
        table, spec = own()
        code, out, err = hidra("data", "import", table, "--spec", spec)
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    assert code == 4 and out == ""
    assert f"PID {holder.pid}" in err and "panel.lock" in err and "Wait" in err
    assert hidra("data", "import", table, "--spec", spec)[0] == 0  # the lock died with its holder


def test_a_panel_file_held_by_another_program_is_told(own, hidra, folder):
    table, spec = own()
    assert hidra("data", "import", table, "--spec", spec)[0] == 0
    holder = subprocess.Popen(
        [sys.executable, "-c",
         "import duckdb, sys, time\ncon = duckdb.connect(sys.argv[1])\nprint('held', flush=True); time.sleep(60)",
         str(folder / "panel.duckdb")],
        stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert holder.stdout.readline().strip() == b"held"
        code, out, err = hidra("data", "sql", "SELECT 1")
    finally:
        holder.kill()
        holder.wait()
        holder.stdout.close()
    assert code == 4 and out == "" and f"PID {holder.pid}" in err and "panel.duckdb" in err


def test_a_panel_file_that_is_damaged_is_told_and_not_touched(hidra, folder):
    (folder / "panel.duckdb").write_bytes(b"not a database" * 999)
    code, out, err = hidra("data", "status", "--json")
    assert code == 4 and out == "" and "panel.duckdb" in err and "Move the file away" in err
    assert (folder / "panel.duckdb").read_bytes().startswith(b"not a database")


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "file"
    target.write_text("old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("hidra.core.files.os.fsync", full)
    with pytest.raises(RunError, match="disk is full"), replacing(target) as draft:
        draft.write_text("new")
    assert target.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_the_same_program_does_not_write_twice_at_once():
    with (
        home.sole_writer(),
        pytest.raises(PanelError, match="this same program"),
        home.sole_writer(),
    ):
        pass
