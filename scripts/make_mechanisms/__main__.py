"""Re-make the pages of the mechanisms: ``python -m scripts.make_mechanisms``."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import diagram, essays, pages

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--docs", type=Path, default=ROOT / "docs")
    make(parser.parse_args().docs)


def make(docs: Path) -> None:
    """Write every page of the mechanisms, the causal diagram and the table of the essays."""
    found = {**pages.pages(), **diagram.pages(), **essays.pages()}
    for name, text in found.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    diagram.draw(docs)


if __name__ == "__main__":
    main()
