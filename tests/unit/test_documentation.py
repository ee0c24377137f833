"""The documentation site builds strictly, lists every page, leads nowhere wrong, asks no network."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

pytest.importorskip("mkdocs")
from scripts import make_docs, make_notebooks

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(ROOT.glob("docs/*/notebooks/*.ipynb"))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site as `make docs` writes it, while no connection can be opened."""

    def refused(*_asked):
        raise AssertionError("the network is asked for something")

    target = tmp_path_factory.mktemp("docs") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("socket.socket.connect", refused)
        patch.setattr("socket.getaddrinfo", refused)
        make_docs.build(target)  # a warning of MkDocs ends it
    return target


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_in_the_one_list(language):
    listed = {address for _, address, _ in make_docs.pages(language)}
    there = {str(p.relative_to(ROOT / "docs" / language))
             for p in (ROOT / "docs" / language).rglob("*.md")}  # fmt: skip
    assert there - listed == set()
    assert {one for one in listed - there if not one.startswith("<")} == set()


def test_what_the_site_names_lies_in_it(site):
    lost = []
    for page in site.rglob("*.html"):
        for address in re.findall(r'(?:src|href)="([^"#?]+)', page.read_text(encoding="utf-8")):
            if "://" in address or address.startswith(("data:", "mailto:", "/")):
                continue  # the page of what is not found is of no folder
            if not (page.parent / unquote(address)).exists():
                lost.append(f"{page.relative_to(site)}: {address}")
    assert lost == []


def test_the_site_asks_nobody_else(site):
    asked = re.compile(r'<(?:script|img|iframe)[^>]+src="https?:|<link[^>]+stylesheet[^>]+https?:')
    assert [p.name for p in site.rglob("*.html") if asked.search(p.read_text("utf-8"))] == []
    assert (site / "es" / "search" / "search_index.js").stat().st_size > 100_000


def test_every_public_name_and_command_is_described(site):
    import hidra
    from hidra.cli.app import EXAMPLES

    python = (site / "en" / "python.html").read_text("utf-8")
    assert [n for n in hidra.__all__ if n != "__version__" and f"hidra.{n}<" not in python] == []
    for language in ("en", "es"):
        commands = (site / language / "commands.html").read_text("utf-8")
        assert [verb for verb in EXAMPLES if f"<code>hidra {verb}</code>" not in commands] == []


def test_notebooks_are_small_and_of_the_cells():
    assert len(NOTEBOOKS) == 6
    for name, language, book in make_notebooks.books():
        import nbformat

        file = ROOT / "docs" / language / "notebooks" / f"{name}.ipynb"
        kept = nbformat.read(file, as_version=4)
        assert [c.source for c in kept.cells] == [c.source for c in book.cells]
        assert file.stat().st_size < 200_000
        code = "\n".join(c.source for c in book.cells if c.cell_type == "code")
        assert re.findall(r"(?:from|import) hidra\.\S+", code) == [], "public names only"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_notebook_runs_as_it_stands(language):
    for book in (one for _name, own, one in make_notebooks.books() if own == language):
        shown = make_notebooks.executed(book)
        assert any(c.get("outputs") for c in shown.cells)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_tells_nothing_of_the_machine_it_ran_on(path):
    assert "site-packages" not in path.read_text(encoding="utf-8")


def test_long_work_is_one_output_of_a_notebook_and_no_warning():
    nbformat, nbclient = (pytest.importorskip(one) for one in ("nbformat", "nbclient"))
    code = (
        "from hidra.core.workers import bars\n"
        "with bars() as show:\n"
        "    for stage in ('fit', 'draws'):\n"
        "        for done in range(1, 51):\n"
        "            show(stage, done, 50)\n"
    )
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    nbclient.NotebookClient(book, timeout=120, kernel_name="python3").execute()
    [only] = book.cells[0].outputs
    assert only["data"]["text/plain"] == "fit: 100\u00a0%\ndraws: 100\u00a0%"
