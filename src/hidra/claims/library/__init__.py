"""The library of claims: one small file per claim, each with its test and what would refute it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hidra.claims.base import KINDS, WORDS, Claim, Stated
from hidra.core.errors import SpecError, unknown

REQUIRED = (
    "id", "statement", "kind", "test", "said_by", "said_in", "said_when", "where", "when",
    "against", "strength", "caveats",
)  # fmt: skip
OPTIONAL = ("stated", "detect", "seed")
TESTS = ("sql", "figure", "parts", "design", "untestable")


@cache
def claims() -> tuple[Claim, ...]:
    """Return every claim of the library in order of id."""
    folder = files("hidra") / "claims" / "library"
    found = [
        read(item.read_text(encoding="utf-8"), item.name)
        for item in folder.iterdir()
        if item.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda claim: claim.id))


def claim(name: str) -> Claim:
    """Return the claim of that id, or the claim in a file of the user's.

    Raises
    ------
    SpecError
        No claim has that id, or the file does not declare one.
    """
    path = Path(name)
    if path.suffix in (".yaml", ".yml"):
        if not path.is_file():
            raise SpecError("There is no such claim file.", where=name, fix="Check the path.")
        return read(path.read_text(encoding="utf-8", errors="replace"), name)
    by_id = {one.id: one for one in claims()}
    if name not in by_id:
        raise unknown("claim", name, by_id, where="hidra claims")
    return by_id[name]


def read(text: str, where: str) -> Claim:
    """Read one claim from the text of its file.

    Raises
    ------
    SpecError
        The text is not YAML, or keys are missing, unknown or wrong.
    """
    import yaml

    try:
        entry = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise _wrong("The claim file is not valid YAML.", where) from error
    if not isinstance(entry, Mapping):
        raise _wrong("The claim file holds no claim.", where)
    _check(entry, where)
    stated = entry.get("stated")
    return Claim(
        **{key: _text(entry[key]) for key in REQUIRED},
        stated=_stated(stated, where) if stated is not None else None,
        detect=tuple(tuple(map(str, one)) for one in entry.get("detect", ())),
        seed=str(entry.get("seed", "")),
    )


def _text(value: Any) -> Any:
    return value if isinstance(value, Mapping) else str(value)


def _check(entry: Mapping[str, Any], where: str) -> None:
    missing = [key for key in REQUIRED if key not in entry]
    strange = [str(key) for key in entry if key not in (*REQUIRED, *OPTIONAL)]
    if missing or strange:
        wrong = f"missing: {', '.join(missing)}" if missing else f"unknown: {', '.join(strange)}"
        raise _wrong(f"The claim's keys are wrong, {wrong}.", where)
    if entry["kind"] not in KINDS:
        raise unknown("kind of claim", str(entry["kind"]), KINDS, where=where)
    for key in ("statement", "against", "caveats"):
        _bilingual(entry[key], key, where)
    if not isinstance(entry["test"], Mapping) or not set(entry["test"]) & set(TESTS):
        raise _wrong(f"A claim's test is one of: {', '.join(TESTS)}.", where)


def _bilingual(value: object, key: str, where: str) -> None:
    if not isinstance(value, Mapping) or not {"es", "en"} <= set(value):
        raise _wrong(f"'{key}' needs the text in both languages, es and en.", where)


def _stated(entry: Mapping[str, Any], where: str) -> Stated:
    try:
        stated = Stated(**entry)
        float(stated.value)
    except (TypeError, ValueError) as error:
        raise _wrong(f"'stated' is wrong: {error}.", where) from error
    if stated.words not in WORDS:
        raise unknown("way of saying a figure", stated.words, WORDS, where=where)
    return stated


def ids(chosen: Iterable[Claim]) -> list[str]:
    """Return the ids of some claims."""
    return [one.id for one in chosen]


def _wrong(what: str, where: str) -> SpecError:
    return SpecError(what, where=where, fix="`hidra claims new FILE` writes one to start from.")
