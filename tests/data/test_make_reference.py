"""The project's own scripts re-make every built-in table, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("HIDRA_SHARED", ROOT.parent / "shared")) / "data"
TABLES = ROOT / "src" / "hidra" / "data" / "reference"


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the source material is not at {SHARED}")
def test_every_table_and_page_is_made_by_its_script(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.make_reference", "--shared", str(SHARED)]
    command += ["--out", str(tmp_path / "tables"), "--docs", str(tmp_path / "docs")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert _contents(tmp_path / "tables") == _contents(TABLES)
    for page in ("en/reference/tables.md", "es/referencia/tablas.md"):
        assert (tmp_path / "docs" / page).read_bytes() == (ROOT / "docs" / page).read_bytes()


def test_a_missing_folder_is_said_in_words(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scripts.make_reference", "--shared", str(tmp_path / "none")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "give it with --shared" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the source material is not at {SHARED}")
def test_another_file_under_the_name_of_an_input_is_refused(tmp_path: Path) -> None:
    for file in SHARED.iterdir():
        (tmp_path / file.name).symlink_to(file)
    altered = tmp_path / "estados.csv"
    altered.unlink()
    altered.write_bytes((SHARED / "estados.csv").read_bytes() + b"\n")
    command = [sys.executable, "-m", "scripts.make_reference", "--shared", str(tmp_path)]
    command += ["--out", str(tmp_path / "out"), "--docs", str(tmp_path / "docs")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "made from: estados.csv." in done.stderr
    assert not (tmp_path / "out").exists()


def _contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
