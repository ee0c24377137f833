"""Collect every message of the project and bring the Spanish catalogue up to date.

``make words`` (``python -m scripts.words``) writes what is said today into
``src/hidra/locale/es/LC_MESSAGES/hidra.po``, compiles ``hidra.mo`` beside it, and names what has no
Spanish yet: translate that in the ``.po`` and run it again. Messages come from three places:
``_("...")`` and ``say("...")`` in the code, the keyed words of charts and pages (the key is their
context), and what sources, mechanisms, parameters and drivers declare of themselves.
"""

from __future__ import annotations

import ast
import importlib
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from babel.messages import Catalog, mofile, pofile

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "hidra"
PO = SOURCE / "locale" / "es" / "LC_MESSAGES" / "hidra.po"
MARKS = {"_": "hidra.core.i18n", "say": "hidra.cli"}
Found = tuple[str, str, str | None]  # file, message, context


def coded(file: Path) -> Iterator[Found]:
    """Yield what is said in a file of code by the ``_`` or ``say`` that it imports or defines."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    marks = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} & MARKS.keys()
    marks |= {
        name.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for name in node.names
        if MARKS.get(name.name) == node.module
    }
    for node in ast.walk(tree):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if named and node.func.id in marks and isinstance(node.args[0], ast.Constant):
            yield str(file.relative_to(ROOT)), node.args[0].value, None


def keyed(file: Path) -> Iterator[Found]:
    """Yield the words of a room in YAML: each with its key as context, or a list with the room."""
    known = yaml.safe_load(file.read_text(encoding="utf-8"))
    pairs = known.items() if isinstance(known, dict) else ((file.parent.name, one) for one in known)
    for key, text in pairs:
        yield str(file.relative_to(ROOT)), text, key


def declared() -> Iterator[Found]:
    """Yield what sources of data, mechanisms, parameters and drivers declare in words."""
    from hidra.data.sources import sources
    from hidra.model.drivers import DRIVERS
    from hidra.model.equation import CORE
    from hidra.model.mechanisms import package
    from hidra.model.observe import PARAMS

    for m in package().values():
        for text in (
            m.title,
            first_line(m),
            m.essay,
            m.equation,
            m.evidence_for,
            m.evidence_against,
        ):
            yield f"mechanism {m.name}", text, None
        for count in m.counts.values():
            yield f"mechanism {m.name}", count.label, None
            yield f"mechanism {m.name}", count.unit, None
    owned = [(f"mechanism {m.name}", q) for m in package().values() for q in m.params]
    for owner, q in (*owned, *(("core", q) for q in (*CORE, *PARAMS))):
        for text in (q.doc, q.unit, q.source):
            yield owner, text, None
    for source in sources().values():
        for text in filter(
            None, (source.title, source.met, *(one.title for one in source.measures))
        ):
            yield f"source {source.name}", text, None
    for name, driver in DRIVERS.items():
        for text in (driver.doc, driver.unit):
            yield f"driver {name}", text, None


def first_line(mechanism: Any) -> str:
    """Return what a mechanism does, as its module says first."""
    text = importlib.import_module(mechanism.function.__module__).__doc__ or ""
    line = text.split("\n")[0]
    return line.partition(": ")[2] or line


def messages() -> Iterator[Found]:
    """Yield every message of the project."""
    for file in sorted(SOURCE.rglob("*.py")):
        yield from coded(file)
    for file in sorted(SOURCE.rglob("words.yaml")):
        yield from keyed(file)
    yield from declared()


def template() -> Catalog:
    """Return the catalogue of all messages, without translations."""
    catalog = Catalog(project="hidra", charset="utf-8")
    for place, text, key in messages():
        if text:
            catalog.add(text, locations=[(place, 0)], context=key)
    return catalog


def known() -> Catalog:
    """Return the Spanish catalogue as it lies in the project."""
    return pofile.read_po(io.BytesIO(PO.read_bytes()), locale="es", domain="hidra")


def written(catalog: Catalog) -> bytes:
    """Return a catalogue as text: by file, without line numbers and dates that change."""
    out = io.BytesIO()
    pofile.write_po(
        out, catalog, width=100, sort_by_file=True, include_lineno=False, omit_header=True,
        ignore_obsolete=True,
    )  # fmt: skip
    head = 'msgid ""\nmsgstr "Language: es\\nContent-Type: text/plain; charset=UTF-8\\n"\n\n'
    return head.encode() + out.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Return a catalogue as ``gettext`` reads it, the same whenever it is made."""
    out = io.BytesIO()
    catalog.creation_date = catalog.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    mofile.write_mo(out, catalog)
    return out.getvalue()


def updated() -> Catalog:
    """Return the Spanish catalogue with the messages of today: new ones empty, old ones gone."""
    catalog = known()
    catalog.update(template(), no_fuzzy_matching=True)
    return catalog


def fields(text: str) -> list[str]:
    """Return the ``{names}`` of a template with their formats."""
    return sorted(re.findall(r"\{\w+(?:![rsa])?(?::[^{}]*)?\}", text))


def main() -> int:
    """Write the catalogue and say what has no Spanish."""
    catalog = updated()
    PO.write_bytes(written(catalog))
    PO.with_suffix(".mo").write_bytes(compiled(known()))
    empty = [message for message in catalog if message.id and not message.string]
    for message in empty:
        where = ", ".join(sorted({place for place, _ in message.locations}))
        print(f"{where}: no Spanish yet: {message.id!r}", file=sys.stderr)
    print(f"{len(catalog)} messages, {len(empty)} without Spanish")
    return int(bool(empty))


if __name__ == "__main__":
    raise SystemExit(main())
