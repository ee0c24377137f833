"""Every message has its Spanish, and no text stands in the code in two languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from scripts import words

SOURCE = Path(words.SOURCE)
FILES = sorted(SOURCE.rglob("*.py"))
#: Where both languages stand together: months and days; what Spanish and English articles say.
HOME = ("core/i18n.py", "claims/article/")
#: Names and titles as they were published, in the language of whoever published them.
PUBLISHED = "data/"
#: Names of places, and sources that a user's own claim tells in Spanish: data, not messages.
DATA = ("name_es", "source_es")
SMALL = {"de", "la", "el", "los", "las", "del", "con", "para", "por", "que", "una", "según"}


@pytest.fixture(scope="module")
def catalog():
    return words.known()


def test_every_message_is_in_the_catalogue_and_nothing_else(catalog):
    said = {(m.context, m.id) for m in words.template() if m.id}
    kept = {(m.context, m.id) for m in catalog if m.id}
    assert said - kept == set(), "run `make words`, then write the Spanish"
    assert kept - said == set(), "run `make words`"


def test_every_message_has_spanish_with_the_same_values(catalog):
    assert [m.id for m in catalog if m.id and not m.string] == []
    assert [m.id for m in catalog if m.id and m.fuzzy] == []
    assert [m.id for m in catalog if m.id and words.fields(m.id) != words.fields(m.string)] == []


def test_the_compiled_catalogue_is_that_of_the_text(catalog):
    assert words.PO.with_suffix(".mo").read_bytes() == words.compiled(catalog)


def written(node: ast.expr | None) -> bool:
    """Whether an expression is written words: no path, no name."""
    if isinstance(node, ast.Tuple | ast.List):
        return any(written(one) for one in node.elts)
    if isinstance(node, ast.Dict):
        return any(written(one) for one in node.values)
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and "/" not in node.value


def spanish(said: str) -> bool:
    """Whether a text is a Spanish phrase, by its small words."""
    inside = said.lower().replace(",", " ").replace(".", " ").split()
    return sum(one in SMALL for one in inside) > 1 and "the" not in inside


def pairs(tree: ast.AST) -> Iterator[str]:
    """Texts, fields and arguments that stand twice in the code, once for each language."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            given = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if {"es", "en"} <= given.keys() and (written(given["es"]) or written(given["en"])):
                yield f"{node.lineno}: a dictionary by language"
            twins = [k for k in given if str(k).endswith("_es") and f"{str(k)[:-3]}_en" in given]
            yield from (f"{node.lineno}: keys {one} and its twin" for one in twins)
        if isinstance(node, ast.Call):
            given = {one.arg for one in node.keywords if one.arg}
            twins = [one for one in given if one.endswith("_es") and f"{one[:-3]}_en" in given]
            twins += ["es"] if {"es", "en"} <= given else []
            yield from (f"{node.lineno}: arguments {one}" for one in twins if one not in DATA)
        if isinstance(node, ast.ClassDef):
            fields = [s.target.id for s in node.body if isinstance(s, ast.AnnAssign)]
            yield from (
                f"{node.lineno}: field {one}"
                for one in fields
                if one.endswith("_es") and one not in DATA
            )
        if isinstance(node, ast.FunctionDef):
            names = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
            if {"es", "en"} <= names:
                yield f"{node.lineno}: parameters es and en"


def docstrings(tree: ast.AST) -> set[int]:
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


@pytest.mark.parametrize("file", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_text_stands_in_two_languages(file):
    name, tree = str(file.relative_to(SOURCE)), ast.parse(file.read_text(encoding="utf-8"))
    if name.startswith(HOME):
        return
    found, told = list(pairs(tree)), docstrings(tree)
    if not name.startswith(PUBLISHED):
        found += [
            f"{node.lineno}: Spanish: {node.value[:50]!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if id(node) not in told and spanish(node.value)
        ]
    assert found == []


def unmarked(tree: ast.AST) -> Iterator[str]:
    """What an error says in words that nobody can translate."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        given = {one.arg: one.value for one in node.keywords}
        if node.func.id == "unknown" and node.args and written(node.args[0]):
            yield f"{node.lineno}: unknown: {ast.unparse(node.args[0])}"
        if node.func.id.endswith("Error") and "fix" in given:
            for part in (*node.args[:1], given["fix"]):
                if written(part):
                    yield f"{node.lineno}: {ast.unparse(part)[:60]}"


@pytest.mark.parametrize("file", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_refusal_is_a_message(file):
    assert list(unmarked(ast.parse(file.read_text(encoding="utf-8")))) == []


def test_the_rules_know_a_text_in_two_languages():
    assert list(pairs(ast.parse("X = {'es': 'Uno', 'en': 'One'}")))
    assert list(pairs(ast.parse("f(title_es='Uno', title_en='One')")))
    assert list(pairs(ast.parse("class A:\n    title_es: str")))
    assert list(unmarked(ast.parse("SpecError(f'No {x}.', where='', fix=_('Y'))")))
    assert not list(unmarked(ast.parse("SpecError(_('No {x}.', x=x), where='', fix=_('Y'))")))
    assert not list(pairs(ast.parse("FOLDER = {'es': 'es/como', 'en': 'en/how-to'}")))
