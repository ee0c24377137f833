"""What programs of the house made and is kept with it: of which code and inputs; what is stale.

What there is stands in ``artefacts.yaml``. Each artefact has a stamp in ``artefacts.json``:
fingerprints of the code and of the inputs it was made from, and of its own content. It is written
by the program that makes the artefact, by `making`, and by nothing else; what was made by other
code, from other inputs, or changed by hand is named by `stale` with the command that makes it
again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hidra.core import files, fingerprint, yaml
from hidra.core.errors import unknown
from hidra.core.i18n import _

ROOT = Path(__file__).parents[3]  # of the project; programs and pages are there, not in a wheel
STAMPS = Path(__file__).with_name("artefacts.json")
DECLARED = Path(__file__).with_name("artefacts.yaml")
TABLES = "src/hidra/data/reference"
NEVER = "never stamped"


@dataclass(frozen=True)
class Artefact:
    """Something a program makes.

    Attributes
    ----------
    name : of the artefact. command : that makes it again, from the root of the project.
    files : that it is, from the root; ``FILE#MARK`` is what lies between two comments
        ``<!-- MARK: begin -->`` and ``<!-- MARK: end -->`` of a page that people write.
    code : the programs, files or folders from the root; what they import of hidra counts too.
    inputs : files or folders from the root; the built-in tables come by themselves.
    """

    name: str
    command: str
    files: tuple[str, ...]
    code: tuple[str, ...]
    inputs: tuple[str, ...] = ()


def _declared(name: str, make: str, files: Sequence[str] = (), docs: Sequence[str] = (),
              inputs: Sequence[str] = ()) -> Artefact:  # fmt: skip
    """Return the artefact that an entry of ``artefacts.yaml`` tells of."""
    path = f"scripts/{make.split(maxsplit=1)[0]}"
    pages = (f"docs/{lang}/{page}" for lang, page in zip(("en", "es"), docs, strict=False))
    code = path if (ROOT / path).is_dir() else f"{path}.py"
    return Artefact(name, f"python -m scripts.{make}", (*files, *pages), (code,), tuple(inputs))


_TOLD = yaml.value(DECLARED.read_text(encoding="utf-8"), DECLARED.name)
#: In the order in which they are made: what another stands on comes before it.
ARTEFACTS = tuple(_declared(**one) for one in _TOLD)
BY_NAME = {artefact.name: artefact for artefact in ARTEFACTS}


@contextmanager
def making(name: str) -> Iterator[None]:
    """Stamp an artefact when the block that makes it has ended well.

    Code and inputs are looked at before the work: what changes meanwhile was not what made it.

    Raises
    ------
    SpecError
        There is no artefact of that name.
    """
    if name not in BY_NAME:
        raise unknown(_("artefact"), name, BY_NAME, where="hidra.core.artefacts")
    stamp = _made_from(BY_NAME[name])
    yield
    stamp["content"] = _content(BY_NAME[name])
    files.write_json(STAMPS, _stamps() | {name: stamp}, sort_keys=True)


def stale(artefacts: Sequence[Artefact] = ARTEFACTS) -> list[tuple[Artefact, str]]:
    """Return what is not as its code and inputs would make it now, and why.

    Nothing is stale where the programs are not: an installed hidra cannot make its artefacts.
    """
    if not (ROOT / "scripts").is_dir():
        return []
    found = [(artefact, _why(artefact)) for artefact in artefacts]
    return [(artefact, why) for artefact, why in found if why]


def _why(artefact: Artefact) -> str:
    """Return why an artefact is stale; nothing if it is not."""
    stamp = _stamps().get(artefact.name)
    if stamp is None:
        return NEVER
    try:
        now = _made_from(artefact) | {"content": _content(artefact)}
    except (OSError, ValueError) as error:
        return f"missing: {error}"
    told = {"code": "its code has changed", "inputs": "its inputs have changed",
            "content": "it was changed by hand"}  # fmt: skip
    return "; ".join(words for key, words in told.items() if stamp.get(key) != now[key])


def _made_from(artefact: Artefact) -> dict[str, str]:
    inputs = {name: _digest(ROOT / name) for name in (TABLES, *artefact.inputs)}
    return {
        "code": fingerprint.code(*(ROOT / name for name in artefact.code)),
        "inputs": fingerprint.of(inputs)[:16],
    }


def _digest(path: Path) -> str:
    """Return the digest of the data in a file or folder, read once while nothing changes."""
    inside = path.rglob("*") if path.is_dir() else [path]
    files_ = [one for one in inside if one.is_file() and one.suffix not in (".py", ".pyc")]
    if not files_:
        raise FileNotFoundError(f"no such file: {path}")
    return _digest_of(path, tuple((one, one.stat().st_mtime_ns) for one in sorted(files_)))


@cache
def _digest_of(path: Path, inside: tuple[tuple[Path, int], ...]) -> str:
    return fingerprint.of({str(one.relative_to(path.parent)): one for one, _ in inside})


def _content(artefact: Artefact) -> str:
    found: dict[str, Any] = {}
    for name in artefact.files:
        path, _rest, mark = name.partition("#")
        whole = (ROOT / path).read_bytes()
        found[name] = _between(whole.decode(), mark, path) if mark else whole
    return fingerprint.of(found)[:16]


def _between(text: str, mark: str, path: str) -> str:
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    if begin not in text or end not in text:
        raise ValueError(f"no {begin} in {path}")
    return text.partition(begin)[2].partition(end)[0]


def _stamps() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if STAMPS.is_file():
        found = json.loads(STAMPS.read_text(encoding="utf-8"))
    return found
