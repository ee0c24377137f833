"""The notebooks of the documentation, executed: ``python -m scripts.make_notebooks``.

Cells stand in docs/site/notebooks.yml once for both languages; they use public names only. What is
written has the outputs, charts as pictures, and nothing of the machine it ran on.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
CELLS = ROOT / "docs" / "site" / "notebooks.yml"
KEPT = ("text/plain", "text/html", "image/png")


def main() -> None:
    for name, language, book in books():
        file = ROOT / "docs" / language / "notebooks" / f"{name}.ipynb"
        file.write_text(nbformat.writes(executed(book)) + "\n", encoding="utf-8")
        print(file.relative_to(ROOT), file.stat().st_size)


def books() -> Iterator[tuple[str, str, Any]]:
    """Give each notebook without outputs: name, language, and itself."""
    for told in yaml.safe_load(CELLS.read_text(encoding="utf-8")):
        for language in ("en", "es"):
            cells = [
                _code(one, language)
                if "code" in one
                else nbformat.v4.new_markdown_cell(one[language])
                for one in told["cells"]
            ]
            for number, cell in enumerate(cells):
                cell["id"] = f"cell-{number}"
            book = nbformat.v4.new_notebook(cells=cells)
            book.metadata["kernelspec"] = {
                "name": "python3", "display_name": "Python 3", "language": "python",
            }  # fmt: skip
            yield told["name"][language], language, book


def _code(one: dict[str, str], language: str) -> Any:
    source = one.get(f"code_{language}", one["code"]).replace("{language}", language)
    return nbformat.v4.new_code_cell(source)


def executed(book: Any) -> Any:
    """Return a notebook with what its cells show; a cell that fails is an error."""
    NotebookClient(book, timeout=900, kernel_name="python3").execute()
    book.metadata.pop("language_info", None)
    for cell in book.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [_kept(one) for one in cell.outputs if not _warns(one)]
    return book


def _warns(output: Any) -> bool:
    """Tell whether an output speaks of the machine: its standard error, a warning with a path."""
    shown = output.get("data", {}).get("text/plain", "")
    return output.get("name") == "stderr" or "site-packages" in shown


def _kept(output: Any) -> Any:
    if "data" in output:
        data = output["data"]
        kinds = ("image/png",) if "image/png" in data else KEPT
        output["data"] = {kind: data[kind] for kind in kinds if kind in data}
    return output


if __name__ == "__main__":
    main()
