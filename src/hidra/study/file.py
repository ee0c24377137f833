"""Study files: YAML with line numbers, and errors that point at file, line and key."""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from hidra.core.errors import BadValueError, SpecError, asked, unknown
from hidra.core.i18n import _

Place = tuple[str | int, ...]


class _Plain(yaml.SafeLoader):
    """Reads `on`, `no`, codes such as 02 and dates as words; truth values are `true`, `false`."""


_GUESSED = {f"tag:yaml.org,2002:{kind}" for kind in ("bool", "int", "timestamp")}
_Plain.yaml_implicit_resolvers = {
    first: [(tag, how) for tag, how in known if tag not in _GUESSED]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))
_Plain.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^[-+]?(0|[1-9][0-9_]*)$"), list("-+0123456789")
)


@dataclass(frozen=True)
class Read:
    """A parsed file: its value, and the line of every key in it."""

    value: Any
    name: str
    lines: dict[Place, int] = field(default_factory=dict)

    def where(self, place: Place) -> str:
        """Say file, line and key, or the nearest key above that stands in the file."""
        prefixes = (place[:n] for n in range(len(place), 0, -1))
        place = next((p for p in prefixes if p in self.lines), () if self.lines else place)
        line, key = self.lines.get(place), ".".join(map(str, place))
        if line is None:
            return _("{name}, key {key}", name=self.name, key=key) if place else self.name
        return _("{name}, line {line}, key {key}", name=self.name, line=line, key=key)


def nowhere() -> Read:
    """Return the place of a study that was made in Python."""
    return Read(None, _("study"))


def read(text: str, name: str) -> Read:
    """Parse YAML and remember where each key stands.

    Raises
    ------
    SpecError
        When it is not YAML, not a mapping, or names a key twice.
    """
    try:
        node = yaml.compose(text, Loader=_Plain)
        value = yaml.load(text, Loader=_Plain)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = _("{name}, line {line}", name=name, line=mark.line + 1) if mark else name
        what = _(
            "This is not valid YAML: {problem}.", problem=getattr(error, "problem", None) or error
        )
        raise SpecError(what, where=at, fix=_("Check indentation, colons and quotes.")) from None
    if not isinstance(value, dict):
        raise SpecError(
            _("A study is a list of keys and values."),
            where=name,
            fix=_("Begin from a copy of the default study: hidra study new FILE"),
        )
    lines: dict[Place, int] = {}
    _walk(node, (), lines, name)
    return Read(value, name, lines)


def load(path: Path) -> Read:
    """Read a YAML file and remember where each key stands.

    Raises
    ------
    SpecError
        When there is none, or it is no such text.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SpecError(
            _("There is no such study file."),
            where=str(path),
            fix=_("Check the path, or begin one with: hidra study new FILE"),
        ) from None
    except (IsADirectoryError, UnicodeDecodeError):
        raise SpecError(
            _("This is not a study file."), where=str(path), fix=_("Give a YAML text file.")
        ) from None
    return read(text, str(path))


def _walk(node: Any, place: Place, lines: dict[Place, int], name: str) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            here = (*place, key.value)
            line = key.start_mark.line + 1
            if here in lines:
                raise SpecError(
                    _("The key '{key}' stands twice.", key=key.value),
                    where=_("{name}, line {line}", name=name, line=line),
                    fix=_("Keep one of them; the first is in line {line}.", line=lines[here]),
                )
            lines[here] = line
            _walk(inner, here, lines, name)
    elif isinstance(node, yaml.SequenceNode):
        for number, inner in enumerate(node.value):
            lines[*place, number] = inner.start_mark.line + 1
            _walk(inner, (*place, number), lines, name)


def explained(error: ValidationError, model: type[BaseModel], file: Read) -> SpecError:
    """Turn the first thing pydantic found wrong into an error with three parts."""
    errors = error.errors()
    # Of the branches of "a number or a prior", the one that got further says more.
    found = min(errors, key=lambda e: e["type"].endswith("_type")) if _choice(errors) else errors[0]
    place = tuple(found["loc"])
    cause = found.get("ctx", {}).get("error")
    if isinstance(cause, BadValueError):
        return SpecError(cause.what, where=file.where(place + cause.at), fix=cause.fix)
    if found["type"] == "extra_forbidden":
        owner = _owner(model, place[:-1])
        return unknown(_("key"), str(place[-1]), owner.model_fields, where=file.where(place))
    if found["type"] == "missing":
        return SpecError(
            _("The key '{key}' is missing.", key=place[-1]),
            where=file.where(place),
            fix=_("Add it; every key is described in docs/en/reference/study.md."),
        )
    shown = repr(found["input"])
    shown = shown if len(shown) < 60 else shown[:57] + "..."
    return SpecError(
        _("The value {value} does not fit here.", value=shown),
        where=file.where(place),
        fix=asked(found),
    )


def _choice(errors: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether the first two errors are about the same key, read in two ways."""
    if len(errors) < 2:
        return False
    key = errors[0]["loc"][:-1]
    return bool(key) and errors[1]["loc"][: len(key)] == key


def _owner(model: type[BaseModel], place: Place) -> type[BaseModel]:
    """Return the model that a key belongs to, following annotations down from the study."""
    for part in place:
        annotation: Any = (
            model.model_fields[part].annotation if part in model.model_fields else None
        )
        inner = _models(annotation)
        if len(inner) == 1:
            model = inner[0]
    return model


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for inner in typing.get_args(annotation) for m in _models(inner)]
