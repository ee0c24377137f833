"""The documentation site: ``python -m scripts.make_docs`` (``make docs``) writes build/docs.

One site a language, by MkDocs with Material, from docs/en and docs/es and what is made here: the
reference of the public names from their docstrings, that of the command line from the commands
themselves, and the notebooks. Every asset lies in the site; nothing is asked of a network, while it
is built or while it is read. What MkDocs warns of is an error.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
import typer
import yaml

import hidra
from hidra.cli import choose, help_in_words, say
from hidra.cli.app import EXAMPLES, command
from hidra.core.i18n import LANGUAGES, OWN, Language

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "docs" / "site"
BUILT = ROOT / "build" / "docs"
FORGE = "files"  # folder of the site with what pages link to outside docs/
LINK = re.compile(r"(\[[^\]\n]*\]\()([^)#\s]+)((?:#[^)\s]*)?\))")
TWIN = re.compile(r"^\*?\[(Español|English)\]\([^)]*\)\*?\n+", re.MULTILINE)
CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
OTHER: dict[Language, Language] = {"en": "es", "es": "en"}
#: Pages that are made here, and where they lie in the site.
MADE = {"<commands>": "commands.md", "<python>": "python.md", "<changelog>": "changelog.md"}
TITLES = {
    "<commands>": ("Every command", "Cada orden"),
    "<python>": ("Public names in Python", "Nombres públicos en Python"),
}
ABOUT = {
    "<commands>": (
        "Made from the commands themselves: what `hidra VERB --help` says.",
        "Hecha de las órdenes mismas: lo que dice `hidra VERBO --help`.",
    ),
    "<python>": (
        "Everything that `import hidra` offers; what has no line here may change without notice.",
        "Todo lo que ofrece `import hidra`, tal como lo dice el código, en inglés; lo que no está "
        "aquí puede cambiar sin aviso.",
    ),
}
KINDS = ("Parameters", "Returns", "Raises", "Attributes")
KINDS_ES = ("Parámetros", "Devuelve", "Errores", "Atributos")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=BUILT)
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.WARNING)
    logging.getLogger("griffe").setLevel(logging.ERROR)  # **asked is told by name in docstrings
    build(parser.parse_args().to)


def build(target: Path) -> None:
    """Write the sites of both languages into a folder, and the page that leads to them."""
    shutil.rmtree(target, ignore_errors=True)
    staged = target / "staged"
    for language in LANGUAGES:
        nav = stage(staged / language, language)
        _mkdocs(staged / language, target / language, nav, language)
    shutil.rmtree(staged)
    links = "".join(
        f'<p lang="{one}"><a href="{one}/index.html">{OWN[one]}</a></p>' for one in LANGUAGES
    )
    head = '<!doctype html><html lang="es"><meta charset="utf-8"><title>hidra</title>'
    (target / "index.html").write_text(f"{head}<h1>hidra</h1>{links}</html>", encoding="utf-8")


def _mkdocs(source: Path, target: Path, nav: list[Any], language: Language) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    home = os.path.relpath(target.parent / OTHER[language] / "index.html", target)
    config = load_config(
        str(SITE / "mkdocs.yml"),
        docs_dir=str(source),
        site_dir=str(target),
        nav=nav,
        site_description=TITLES["<python>"][0],
    )
    config.theme["language"] = language
    config.theme.dirs.insert(0, str(SITE / "theme"))
    config.extra |= {"alternate": True, "home": home, "other": OTHER[language]}
    config.extra["other_name"] = OWN[OTHER[language]]
    config.plugins.run_event("startup", command="build", dirty=False)
    build(config)


def pages(language: Language) -> Iterator[tuple[str, str, str | None]]:
    """Give each page of a language: title of its section, address, and that of its twin."""
    order = 0 if language == "en" else 1
    for section in yaml.safe_load((SITE / "pages.yml").read_text(encoding="utf-8")):
        for pair in section["pages"]:
            mine, twin = pair[order], pair[1 - order]
            if mine is None:
                continue
            folder, star, _ = mine.partition("*.md")
            if not star:
                yield section[language], mine, twin
                continue
            for file in sorted((ROOT / "docs" / language / folder).glob("*.md")):
                if file.name != "index.md":
                    yield section[language], folder + file.name, twin.replace("*.md", file.name)


def lies(address: str) -> str:
    """Return where a page of the list lies in its site, as Markdown."""
    if address.startswith("<notebook>"):
        return f"notebooks/{address.removeprefix('<notebook>')}.md"
    return MADE.get(address, address)


def stage(target: Path, language: Language) -> list[Any]:
    """Put all pages of a language into a folder; return them as MkDocs' list of pages."""
    nav: dict[str, list[str]] = {}
    docs = ROOT / "docs" / language
    for file in docs.rglob("*"):
        if file.suffix in (".svg", ".png", ".json"):
            _copy(file, target / file.relative_to(docs))
    shutil.copytree(SITE / "assets", target / "assets", dirs_exist_ok=True)
    for section, address, twin in pages(language):
        name = lies(address)
        nav.setdefault(section, []).append(name)
        text = _text(address, docs, target, language)
        if twin:
            beside = os.path.relpath(f"{OTHER[language]}/{lies(twin)}", f"{language}/{name}/..")
            text = f"---\ntwin: {beside.removesuffix('.md')}.html\n---\n\n{text}"
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8")
    return [{title: inside} for title, inside in nav.items()]


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _text(address: str, docs: Path, target: Path, language: Language) -> str:
    if address.startswith("<notebook>"):
        return notebook(docs / "notebooks" / f"{address.removeprefix('<notebook>')}.ipynb", target)
    if address == "<changelog>":
        return _linked(ROOT / "CHANGELOG.md", docs, target, language)
    if address in MADE:
        order = LANGUAGES.index(language) ^ 1
        head = f"# {TITLES[address][order]}\n\n{ABOUT[address][order]}\n\n"
        return head + (commands(language) if address == "<commands>" else python(language))
    return _linked(docs / address, docs, target, language)


def _linked(page: Path, docs: Path, target: Path, language: Language) -> str:
    """Return a page whose links lead to where things lie in the site."""

    def found(match: re.Match[str]) -> str:
        """Return one link as the site needs it."""
        before, address, after = match.groups()
        if "://" in address or address.startswith("mailto:"):
            return match.group()
        file = (page.parent / address).resolve()
        here = (
            (Path(language) / page.relative_to(docs)).parent if docs in page.parents else language
        )
        other = ROOT / "docs" / OTHER[language]
        if file.suffix == ".ipynb":  # shown as a page
            lands = str(file.relative_to(ROOT / "docs").with_suffix(".md"))
            lands = lands if docs in file.parents else lands.replace(".md", ".html")
        elif docs in file.parents:
            lands = str(file.relative_to(ROOT / "docs"))
        elif other in file.parents:
            lands = str(file.relative_to(ROOT / "docs")).replace(".md", ".html")
            address = os.path.relpath(lands, here)  # of another site: MkDocs does not know it
            return f'<a href="{address}{after[:-1]}">{before[1:-2]}</a>'
        elif file == ROOT / "CHANGELOG.md":
            lands = f"{language}/{MADE['<changelog>']}"
        else:  # a file of the project: as it stands
            lands = f"{language}/{FORGE}/{file.relative_to(ROOT)}"
            _copy(file, target / FORGE / file.relative_to(ROOT))
        return f"{before}{os.path.relpath(lands, here)}{after}"

    text = TWIN.sub("", page.read_text(encoding="utf-8"), count=1)
    parts = CODE.split(text)
    return "".join(one if CODE.fullmatch(one) else LINK.sub(found, one) for one in parts)


def commands(language: Language) -> str:
    """Return the reference of the command line: each verb's help, as it prints it."""
    choose(language)
    help_in_words()
    whole = command()

    def told(one: Any, path: str, parent: Any) -> Iterator[str]:
        """Give the help of a verb, and of those under it."""
        context = typer.Context(one, info_name=path.rsplit(maxsplit=1)[-1], parent=parent)
        inner = getattr(one, "commands", None)
        if inner and parent is not None:
            yield f"## `{path}`\n\n{say(one.help or '')}\n"
        for name, sub in (inner or {}).items():
            yield from told(sub, f"{path} {name}", context)
        if not inner:
            example = EXAMPLES[path.removeprefix("hidra ")]
            shown = one.get_help(context)
            yield f"## `{path}`\n\n```sh\n{example}\n```\n\n```text\n{shown}\n```\n"

    return "\n".join(told(whole, "hidra", None))


def python(language: Language) -> str:
    """Return the reference of the public names, from their docstrings."""
    loader = griffe.GriffeLoader(search_paths=[ROOT / "src"], docstring_parser="numpy")
    loader.load("hidra", submodules=True)
    lines = []
    homes = hidra._HOME | {name: f"hidra.{name}:ask" for name in ("evidence", "forecast")}
    for name, home in sorted(homes.items(), key=lambda pair: pair[0].lower()):
        module, _, own = home.partition(":")
        lines.append(
            _described(
                f"hidra.{name}", loader.modules_collection[f"{module}.{own or name}"], language
            )
        )
    return "\n".join(lines)


def _described(path: str, one: Any, language: Language, level: int = 2) -> str:
    """Tell a function or class: how it is called, what for, its parameters, errors, methods."""
    if one.is_alias:
        one = one.final_target
    lines = [f"{'#' * level} `{path}`\n"]
    if one.is_function or one.is_class:
        lines.append(f"```python\n{_called(path, one)}\n```\n")
    for part in one.docstring.parsed if one.docstring else ():
        kind = part.kind.value
        if kind == "text":
            lines.append(f"{_prose(part.value)}\n")
        elif kind in ("parameters", "returns", "raises", "attributes"):
            names = KINDS if language == "en" else KINDS_ES
            lines.append(f"**{names[[k.lower() for k in KINDS].index(kind)]}**\n")
            lines += [_entry(entry) for entry in part.value]
            lines.append("")
    if one.is_class and level == 2:
        for name, member in one.members.items():
            told = getattr(member, "docstring", None)
            if not name.startswith("_") and told and not member.is_alias:
                lines.append(_described(f"{one.name}.{name}", member, language, level + 1))
    return "\n".join(lines)


def _called(path: str, one: Any) -> str:
    parameters = getattr(one, "parameters", [])
    shown, star = [], False
    if one.is_class and not len(parameters):  # fields of a model
        fields = [m for m in one.members.values() if m.is_attribute and m.annotation is not None]
        fields = [m for m in fields if m.name != "family" and not m.name.startswith("_")]
        plain = [m.value and not str(m.value).startswith(("Field", "field")) for m in fields]
        shown = [f"{m.name}={m.value}" if own else m.name
                 for m, own in zip(fields, plain, strict=True)]  # fmt: skip
    for each in parameters:
        if each.name in ("self", "cls"):
            continue
        kind = each.kind.value
        if kind == "keyword-only" and not star:
            star = True
            shown.append("*")
        name = {"variadic positional": "*", "variadic keyword": "**"}.get(kind, "") + each.name
        star = star or kind == "variadic positional"
        given = each.default is not None and not name.startswith("*")
        default = f"={each.default}" if given else ""
        shown.append(name + default)
    line = f"{path}({', '.join(shown)})"
    return line if len(line) < 90 else f"{path}(\n    " + ",\n    ".join(shown) + ",\n)"


def _prose(text: str) -> str:
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`").replace("<", "&lt;")


def _entry(entry: Any) -> str:
    name, kind = getattr(entry, "name", ""), str(getattr(entry, "annotation", None) or "")
    told = " ".join(entry.description.split())
    if not told:  # "name : what it is", the types being in the signature
        kind, told = "", " ".join(kind.split())
    head = ", ".join(f"`{one}`" for one in (name, kind) if one)
    return f"* {head}: {_prose(told)}"


def notebook(file: Path, target: Path) -> str:
    """Return an executed notebook as Markdown; its pictures go beside it."""
    told = json.loads(file.read_text(encoding="utf-8"))
    own = f"{file.stem}.ipynb"
    _copy(file, target / "notebooks" / own)
    lines = []
    for number, one in enumerate(told["cells"]):
        source = "".join(one["source"])
        if one["cell_type"] == "markdown":
            lines.append(f"{source}\n")
            continue
        lines.append(f"```python\n{source}\n```\n")
        picture = target / "notebooks" / f"{file.stem}-{number}.png"
        lines += [_output(output, picture) for output in one["outputs"]]
    lines.insert(1, f"[{own}]({own})\n")
    return "\n".join(lines)


def _output(output: dict[str, Any], picture: Path) -> str:
    if output["output_type"] == "stream":
        return f"```text\n{''.join(output['text']).rstrip()}\n```\n"
    data = output.get("data", {})
    if "image/png" in data:
        picture.write_bytes(b64decode("".join(data["image/png"])))
        return f"![]({picture.name})\n"
    if "text/html" in data:
        page = "".join(data["text/html"])
        page = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
        page = page.replace(' border="1" class="dataframe"', "")  # the site scrolls plain tables
        return "\n".join(line.strip() for line in page.splitlines() if line.strip()) + "\n"
    return f"```text\n{''.join(data.get('text/plain', ''))}\n```\n"


if __name__ == "__main__":
    main()
