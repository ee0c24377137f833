"""The study that comes with hidra."""

from __future__ import annotations

from pathlib import Path

from hidra.core.errors import SourceError


def default_text() -> str:
    """Return the text of the default study, from the package or from a checkout."""
    here = Path(__file__).parents[1]
    for folder in (here / "studies", here.parents[1] / "studies"):
        if (folder / "default.yaml").is_file():
            return (folder / "default.yaml").read_text(encoding="utf-8")
    raise SourceError(
        "The default study is missing.",
        where=str(here / "studies" / "default.yaml"),
        fix="Install hidra again, or name a study file: hidra run STUDY",
    )
