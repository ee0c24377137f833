"""The one way to read YAML: studies, specs, scenarios and claims, with the line of every key.

Words stay words: only ``true`` and ``false`` are truth values; ``null``, ``~`` and nothing, none; a
number is one as JSON writes it, so that ``01``, ``2024-02-30``, ``1:30`` and ``1_000`` are texts
(YAML 1.2, core schema). Tags are refused; length, depth and the number of values, aliases written
out, are bounded: a file of 300 letters can ask for no more memory than it has letters for.
"""

from __future__ import annotations

import math
import re
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from hidra.core.errors import BadValueError, SpecError, asked, unknown
from hidra.core.i18n import _

Place = tuple[str | int, ...]
LETTERS, VALUES, DEPTH, DIGITS = 2_000_000, 100_000, 40, 300  # of a file; digits of a number
STUDY = "docs/en/reference/study.md"  # where every key is described
TAG = "tag:yaml.org,2002:"


class _Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Every scalar is the text that stands there; only where nothing stands there is none."""


class _Plain(_Words):
    """Truth values, ``null`` and finite numbers too."""


_NUMBER = r"[-+]?(0|[1-9][0-9]*)"
_Words.yaml_implicit_resolvers = {}
_Words.add_implicit_resolver(f"{TAG}null", re.compile("^$"), [""])
_Words.add_implicit_resolver(f"{TAG}merge", re.compile("^<<$"), ["<"])
_Plain.yaml_implicit_resolvers = {first: [*how] for first, how in
                                  _Words.yaml_implicit_resolvers.items()}  # fmt: skip
_Plain.add_implicit_resolver(f"{TAG}null", re.compile("^(~|null)$"), ["~", "n"])
_Plain.add_implicit_resolver(f"{TAG}bool", re.compile("^(true|false)$"), list("tf"))
_Plain.add_implicit_resolver(f"{TAG}int", re.compile(f"^{_NUMBER}$"), list("-+0123456789"))
_Plain.add_implicit_resolver(
    f"{TAG}float",
    re.compile(
        rf"^(({_NUMBER}(\.[0-9]*)?|[-+]?\.[0-9]+)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan)$",
        re.IGNORECASE,
    ),
    list("-+.0123456789"),
)


def _number(loader: Any, node: yaml.ScalarNode) -> int | float:
    found = math.inf
    if len(node.value) <= DIGITS and node.value[-1] not in "fFnN":  # .inf, .nan
        found = int(node.value) if node.tag == f"{TAG}int" else float(node.value)
    if not math.isfinite(found):
        raise _problem(_("a number without end"), node, _("Write a number that has an end."))
    return found


_Plain.add_constructor(f"{TAG}int", _number)
_Plain.add_constructor(f"{TAG}float", _number)


@dataclass(frozen=True)
class Read:
    """A parsed file: its value, the line of every key in it, and where its keys are described."""

    value: Any
    name: str
    lines: dict[Place, int] = field(default_factory=dict)
    see: str = STUDY

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


def value(text: str, name: str) -> Any:
    """Return what a YAML text holds, whatever it is; see `read`."""
    return _parsed(text, name, _Plain)[0]


def read(text: str, name: str, *, words: bool = False, see: str = STUDY) -> Read:
    """Parse YAML with keys and remember where each stands.

    Parameters
    ----------
    name : of the file, in errors.
    words : keep every scalar as the text that stands there, ``2024`` and ``true`` too.
    see : where every key is described.

    Raises
    ------
    SpecError
        When it is not YAML, not a mapping, names a key twice, or is larger than can be.
    """
    found, lines = _parsed(text, name, _Words if words else _Plain)
    if not isinstance(found, dict):
        raise SpecError(
            _("This file should be a list of keys and values."),
            where=name,
            fix=_("Every key is described in {see}.", see=see),
        )
    return Read(found, name, lines, see)


def load(path: Path, *, words: bool = False, see: str = STUDY) -> Read:
    """Read a YAML file and remember where each key stands; see `read`.

    Raises
    ------
    SpecError
        When there is none, it is no such text, or as `read` raises.
    """
    return read(text(path), str(path), words=words, see=see)


def text(path: Path) -> str:
    """Return the text of a file in UTF-8.

    Raises
    ------
    SpecError
        When there is none, it is no such text, or larger than can be.
    """
    try:
        if path.stat().st_size > 4 * LETTERS:
            raise _too_large(str(path))
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise SpecError(
            _("There is no such file."), where=str(path), fix=_("Check the path.")
        ) from None
    except (OSError, ValueError) as error:
        raise SpecError(
            _("This is not a text in YAML: {why}.", why=getattr(error, "strerror", None) or error),
            where=str(path),
            fix=_("Give a YAML text file in UTF-8."),
        ) from None


def told(found: Any) -> str:
    """Return plain values as YAML, in their order."""
    return str(yaml.safe_dump(found, allow_unicode=True, sort_keys=False))


def _parsed(text: str, name: str, loader: Any) -> tuple[Any, dict[Place, int]]:
    """Return the value of a text and the line of each key, within the bounds."""
    if len(text) > LETTERS:
        raise _too_large(name)
    lines: dict[Place, int] = {}
    try:
        _look(text, loader)
        node = yaml.compose(text, Loader=loader)
        if node is None:
            return None, lines
        _walk(node, (), lines, [VALUES], name)
        return loader("").construct_document(node), lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = _("{name}, line {line}", name=name, line=mark.line + 1) if mark else name
        what = _(
            "This is not valid YAML: {problem}.", problem=getattr(error, "problem", None) or error
        )
        fix = getattr(error, "note", None) or _("Check indentation, colons and quotes.")
        raise SpecError(what, where=at, fix=fix) from None


def _look(text: str, loader: Any) -> None:
    """Refuse what is nested too deep or bears tags, before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEPTH:
            raise _problem(
                _("nested deeper than {most} levels", most=DEPTH), event, _("Write it flatter.")
            )
        if (tag := getattr(event, "tag", None)) is not None:
            raise _problem(
                _("a tag, '{tag}', which is not read", tag=tag), event,
                _("Leave out what begins with '!'."),
            )  # fmt: skip


def _walk(node: Any, place: Place, lines: dict[Place, int], left: list[int], name: str) -> None:
    """Note the line of each key; count the values, aliases written out."""
    left[0] -= 1
    if left[0] < 0 or len(place) > DEPTH:
        raise _problem(
            _("more values than can be, aliases written out"), node,
            _("Write the values out, without '*' and '&'."),
        )  # fmt: skip
    if isinstance(node, yaml.MappingNode):
        for key, inner in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _problem(_("a key that is a list"), key, _("Give each key a word."))
            here, line = (*place, key.value), key.start_mark.line + 1
            if here in lines:
                raise SpecError(
                    _("The key '{key}' stands twice.", key=key.value),
                    where=_("{name}, line {line}", name=name, line=line),
                    fix=_("Keep one of them; the first is in line {line}.", line=lines[here]),
                )
            lines[here] = line
            _walk(inner, here, lines, left, name)
    elif isinstance(node, yaml.SequenceNode):
        for number, inner in enumerate(node.value):
            lines[*place, number] = inner.start_mark.line + 1
            _walk(inner, (*place, number), lines, left, name)


def _problem(words: str, at: Any, fix: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=words, problem_mark=at.start_mark, note=fix)


def _too_large(name: str) -> SpecError:
    return SpecError(
        _("The file is larger than {most} letters.", most=LETTERS),
        where=name,
        fix=_("Give a YAML text file; data go into a table of their own."),
    )


def explained(error: ValidationError, model: type[BaseModel], file: Read) -> SpecError:
    """Turn the first thing pydantic found wrong into an error with three parts."""
    errors = error.errors()
    # Of the branches of "a number or a prior", the one that got further says more.
    found = min(errors, key=lambda e: e["type"].endswith("_type")) if _choice(errors) else errors[0]
    place = _keys(found["loc"])
    if found["type"] in ("extra_forbidden", "missing"):  # ends in a key, whatever it looks like
        place = (*_keys(found["loc"][:-1]), found["loc"][-1])
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
            fix=_("Add it; every key is described in {see}.", see=file.see),
        )
    shown = repr(found["input"])
    shown = shown if len(shown) < 60 else shown[:57] + "..."
    return SpecError(
        _("The value {value} does not fit here.", value=shown),
        where=file.where(place),
        fix=asked(found),
    )


class _Told(type(BaseModel)):  # type: ignore[misc]
    """Lets a call from Python say what is wrong as a file does; fields may be given in order."""

    def __call__(cls, *given: Any, **named: Any) -> Any:
        own = [name for name in cls.model_fields if name != "family"]
        if len(given) > len(own):
            raise SpecError(
                _("{name} takes {n} values, not {given}.", name=cls.__name__, n=len(own),
                  given=len(given)),
                where=cls.__name__,
                fix=_("Name them: {names}.", names=", ".join(own)),
            )  # fmt: skip
        try:
            return super().__call__(**dict(zip(own, given, strict=False)), **named)
        except ValidationError as error:
            raise explained(error, cls, Read(None, cls.__name__)) from None


class _Frozen(BaseModel, metaclass=_Told):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Closed(_Frozen):  # type: ignore[metaclass]
    """A model that refuses unknown keys and never changes.

    Made by a call, it raises ``SpecError``; ``model_validate`` raises pydantic's error, which
    ``explained`` turns into one that names the line of a file.
    """


def _keys(loc: Place) -> Place:
    """Return the keys on the way to an error, without pydantic's names of branches of a union."""
    found: list[str | int] = []
    branch = False
    for part in loc:
        label = branch or "[" in str(part) or part in ("float", "int", "str")
        branch = "tagged-union" in str(part)
        found += [] if label else [part]
    return tuple(found)


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
