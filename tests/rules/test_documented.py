"""Every verb of the command line stands in the documentation, in both languages."""

from pathlib import Path

import pytest
from typer.main import get_command

from hidra.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = ("docs/en/reference/command-line.md", "docs/es/referencia/linea-de-comandos.md")


def verbs(command, path="hidra"):
    """Every verb as it is typed: ``hidra data fetch``."""
    inner = getattr(command, "commands", None)
    if not inner:
        return [path]
    return [verb for name, sub in inner.items() for verb in verbs(sub, f"{path} {name}")]


@pytest.mark.parametrize("page", PAGES)
def test_every_verb_is_documented(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    missing = [verb for verb in verbs(get_command(app)) if f"`{verb}" not in text]
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_every_exit_code_is_documented(page):
    from hidra.core import errors

    folder = Path(page).parent
    name = "exit-codes.md" if "/en/" in page else "codigos-de-salida.md"
    text = (ROOT / folder / name).read_text(encoding="utf-8")
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and hasattr(k, "exit_code")]
    for code in {kind.exit_code for kind in kinds} | {0, 130}:
        assert f"| {code} |" in text
