"""Files are written by `hidra.core.files` alone: whole, safe on the disk, put there in one move."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "hidra"
WRITES = {
    "write_text", "write_bytes", "savez", "savez_compressed", "to_parquet", "to_zarr", "to_netcdf",
    "tofile", "replace", "rename", "move", "copyfile", "copyfileobj", "mkstemp",
}  # fmt: skip
#: Who may write by other means, and why.
ALLOWED = {
    "core/files.py": "the writer",
    "data/sources/rnpdno.py": "replies are appended one by one, so that none is asked twice",
    "data/readers.py": "a member of a zip, or a sheet as text, in a scratch folder",
    "data/keeping.py": "an official file is copied to where it arrives, then moved as a whole",
    "data/fetch.py": "a download grows in a part that is taken up again, then moves to its cut",
    "run/__init__.py": "a store of zarr moves into the draft folder of a run",
    "scenario/ensemble.py": "zarr takes draws as they come, in a folder that is not yet a run",
    "web/figure.py": "a table as bytes in memory",
    "web/lab.py": "a finished run moves out of the open ones",
}


def _named(call: ast.Call) -> str:
    name = call.func
    return getattr(name, "attr", getattr(name, "id", ""))


def _writes(call: ast.Call) -> bool:
    name = _named(call)
    owner = getattr(getattr(call.func, "value", None), "id", "")
    if name == "open":
        words = [*call.args, *(word.value for word in call.keywords)]
        modes = {word.value for word in words if isinstance(word, ast.Constant)}
        return any(isinstance(m, str) and set(m) <= set("rwaxbt+") and set(m) & set("wax+")
                   for m in modes)  # fmt: skip
    if name == "dump":  # of json and pickle: what, and into which file
        return len(call.args) > 1
    if name in ("replace", "rename"):  # of a path: one argument, and not of a table or a record
        return len(call.args) == 1 and not call.keywords and owner not in ("dataclasses", "files")
    return name in WRITES and owner != "files" and isinstance(call.func, ast.Attribute)


def unsafe(tree: ast.Module) -> list[int]:
    """Lines that write, other than into the draft of a ``with replacing(...) as draft``."""
    safe = {
        id(call)
        for block in ast.walk(tree)
        if isinstance(block, ast.With)
        and any(
            isinstance(item.context_expr, ast.Call)
            and _named(item.context_expr) in ("replacing", "replacing_folder", "replacing_set")
            for item in block.items
        )
        for call in ast.walk(block)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and id(node) not in safe and _writes(node)
    ]


@pytest.mark.parametrize(
    "path", sorted(SOURCE.rglob("*.py")), ids=lambda p: str(p.relative_to(SOURCE))
)
def test_only_the_writer_writes(path):
    lines = unsafe(ast.parse(path.read_text(encoding="utf-8")))
    if str(path.relative_to(SOURCE)) not in ALLOWED:
        assert not lines, f"{path.name}: write with hidra.core.files, lines {lines}"


def test_every_exception_is_still_needed():
    for name in ALLOWED:
        assert (SOURCE / name).is_file(), f"{name} has gone: take it off the list"
        assert unsafe(ast.parse((SOURCE / name).read_text(encoding="utf-8"))), name


def test_the_reader_sees_what_writes():
    text = (
        "path.write_text('')\nfile = open(name, 'w')\nnp.savez(file)\nframe.to_parquet(path)\n"
        "path.rename(other)\ntext.replace('a', 'b')\nopen(name)\n"
        "with replacing(path) as draft:\n    draft.write_text('')\n"
    )
    assert unsafe(ast.parse(text)) == [1, 2, 3, 4, 5]
