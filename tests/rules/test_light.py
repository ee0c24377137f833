"""Importing hidra and asking for help load nothing heavy."""

import json
import subprocess
import sys

HEAVY = {"jax", "numpy", "pandas", "scipy", "altair", "duckdb", "xarray", "pyarrow", "numpyro"}
HELP = "import sys; from hidra.cli import main; main(sys.argv[1:])"


def loaded_by(code: str, *arguments: str) -> set[str]:
    """Top-level modules loaded after running `code` in a fresh process."""
    report = "; import sys, json; sys.stderr.write('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code + report, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_import_hidra_loads_nothing_heavy():
    assert not loaded_by("import hidra") & (HEAVY | {"pydantic", "typer", "rich"})


def test_help_loads_nothing_heavy():
    assert not loaded_by(HELP, "--help") & HEAVY


def test_help_of_a_verb_loads_nothing_heavy():
    assert not loaded_by(HELP, "run", "--help") & HEAVY


def test_every_public_name_has_a_home():
    import hidra

    assert set(hidra.__all__) == set(hidra._HOME) | {"__version__", "evidence", "forecast"}


def test_public_names_load_on_first_use():
    import hidra

    for name in hidra.__all__:
        assert getattr(hidra, name) is not None


def test_the_documented_rooms_of_data_are_there_after_importing_hidra_alone():
    assert "duckdb" not in loaded_by("import hidra; hidra.data.panel.read; hidra.data.panel.digest")
    assert loaded_by("import hidra; hidra.data.reference.table")
