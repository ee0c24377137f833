"""YAML is read in one way: words stay words, and a small file asks for no large memory."""

import ast
from pathlib import Path

import pytest

from hidra.core import yaml
from hidra.core.errors import SpecError

SOURCE = Path(__file__).parents[2] / "src" / "hidra"


def test_a_word_is_the_text_that_stands_there():
    text = "[01, 012, 1:30, 1_000, 2024-02-30, 2012-01, on, no, 0x1f, True, '5']"
    words = text.strip("[]").replace("'", "").split(", ")
    assert yaml.value(text, "t") == words
    assert yaml.value("[0, -3, 1.5, 1e5, -.5, true, false, null, ~]", "t") == [
        0, -3, 1.5, 1e5, -0.5, True, False, None, None,
    ]  # fmt: skip
    assert yaml.read("a: 2024\nb: true\nc: 1.50\nd:\n", "t", words=True).value == {
        "a": "2024", "b": "true", "c": "1.50", "d": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: &a [*a]", "more values"),
        ("a: &a {b: *a}", "more values"),
        ("a: &a [" + "x, " * 50 + "]\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 50}]\n" for n in range(6)),
         "more values"),
        ("a: &a {x: 1}\n" + "".join(
            f"{chr(98 + n)}: &{chr(98 + n)} {{<<: [{f'*{chr(97 + n)}, ' * 50}]}}\n"
            for n in range(6)), "more values"),
        ("a: " + "[" * 5000 + "]" * 5000, "nested deeper"),
        ("a: " + "{b: " * 5000 + "}" * 5000, "nested deeper"),
        ("- " * 3000 + "a", "nested deeper"),
        ("a: " + "9" * 5000, "without end"),
        ("a: 1e999", "without end"),
        ("a: -.inf", "without end"),
        ("a: .NaN", "without end"),
        ("a: !!python/object/apply:os.system [ls]", "a tag"),
        ("a: !!binary x", "a tag"),
        ("a: !!int x", "a tag"),
        ("? [a]\n: b", "key that is a list"),
        ("? {a: b}\n: b", "key that is a list"),
        ("a: 1\na: 2", "stands twice"),
        ("a: *none", "undefined alias"),
        ("a: \x00", "not valid YAML"),
        ("a: 1\n---\nb: 2", "not valid YAML"),
        ("[a, b]", "list of keys"),
        ("", "list of keys"),
        ("5", "list of keys"),
        ("a: " + "x" * yaml.LETTERS, "larger than"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_once(text, words):
    with pytest.raises(SpecError, match=words):
        yaml.read(text, "t")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"caf\xe9: 1"])
def test_what_is_no_text_is_told(tmp_path, content):
    (tmp_path / "t").write_bytes(content)
    for path in (tmp_path / "t", tmp_path, tmp_path / "none"):
        with pytest.raises(SpecError):
            yaml.load(path)


def test_a_mark_of_an_editor_is_no_key(tmp_path):
    (tmp_path / "t").write_bytes(b"\xef\xbb\xbfa: 1\r\n")
    assert yaml.load(tmp_path / "t").value == {"a": 1}


def test_nothing_else_reads_yaml():
    for path in SOURCE.rglob("*.py"):
        if path.relative_to(SOURCE).as_posix() == "core/yaml.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.Import) and any(n.name == "yaml" for n in node.names))
