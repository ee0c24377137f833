"""Posteriors kept on disk: draws as numbers, and beside them a manifest of what they stand on.

A posterior is two files: ``NAME.npz`` (draws, 32 bits) and ``NAME.json`` (the manifest: how far to
trust it, and its `basis`, everything it depends on). Two studies with the same basis share it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import files
from hidra.core.errors import RunError, SourceError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    from hidra.inference import Posterior

SHIPPED = ("default", "system")


def keep(
    posterior: Posterior, path: str | Path, manifest: Mapping[str, Any], *, most: int | None = None
) -> None:
    """Write a posterior as ``PATH.npz`` and ``PATH.json``.

    Parameters
    ----------
    path : without ending. manifest : what it stands on; what the fit says of itself is added.
    most : draws to keep, evenly spread over all; all of them if None.
    """
    base = Path(path)
    thin = slice(None) if most is None else np.linspace(0, posterior.size - 1, most).astype(int)
    draws = {name: np.asarray(v, np.float32)[thin] for name, v in posterior.draws.items()}
    files.write_npz(base.with_suffix(".npz"), draws, compressed=True)
    told = {f.name: getattr(posterior, f.name) for f in fields(posterior) if f.name != "draws"}
    size = len(next(iter(draws.values())))
    whole = {**manifest, "draws": size, "of": posterior.size, "trusted": posterior.trusted, **told}
    files.write_json(base.with_suffix(".json"), whole, sort_keys=True)


def load(path: str | Path) -> Posterior:
    """Read a posterior that ``keep`` wrote.

    Raises
    ------
    RunError
        When there is none, or its files do not belong together.
    """
    from hidra.inference import Posterior

    told = manifest(path)
    try:
        with np.load(Path(path).with_suffix(".npz"), allow_pickle=False) as found:
            draws = {name: found[name].astype(float) for name in found.files}
    except (OSError, ValueError) as error:
        raise _broken(path) from error
    if {len(v) for v in draws.values()} != {told.get("draws")}:
        raise _broken(path)
    names = {f.name for f in fields(Posterior)} - {"draws"}
    return Posterior(draws=draws, **{name: told[name] for name in names if name in told})


def manifest(path: str | Path) -> dict[str, Any]:
    """Return the manifest of a posterior.

    Raises
    ------
    RunError
        When there is none.
    """
    try:
        found = json.loads(Path(path).with_suffix(".json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _broken(path) from error
    if not isinstance(found, dict) or "basis" not in found:
        raise _broken(path)
    return found


@cache
def shipped(name: str) -> Posterior:
    """Return the posterior of the projection that comes with hidra: ``default`` or ``system``."""
    return load(place(name))


def place(name: str) -> Path:
    """Return where a shipped posterior lies, without ending.

    Raises
    ------
    SpecError
        There is none of that name. SourceError : its files are missing.
    """
    if name not in SHIPPED:
        raise unknown(_("shipped posterior"), name, SHIPPED, where="posterior")
    found = Path(str(resources.files(__name__))) / name
    if not found.with_suffix(".npz").is_file():
        raise SourceError(
            _("The posterior '{name}' is missing.", name=name),
            where=str(found.with_suffix(".npz")),
            fix=_("Install hidra again, or make it: python scripts/make_posterior.py"),
        )
    return found


def find(posterior: str | Path) -> Path:
    """Return where a posterior lies: a shipped one by name, or that of a run by its folder."""
    if str(posterior) in SHIPPED or not Path(posterior).exists():
        return place(str(posterior))
    return Path(posterior) / "posterior" / "projection"


def digest(basis: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a basis: posteriors on equal bases are equal."""
    text = json.dumps(basis, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changed(basis: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return in what two bases differ, key by key; of tables and parameters, by name."""
    names = []
    for key in sorted({*basis, *other}):
        mine, theirs = basis.get(key), other.get(key)
        if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
            names += [
                f"{key} {n}" for n in sorted({*mine, *theirs}) if mine.get(n) != theirs.get(n)
            ]
        elif mine != theirs:
            names.append(key)
    return names


def _broken(path: str | Path) -> RunError:
    return RunError(
        _("There is no posterior here that can be read."),
        where=str(Path(path).with_suffix(".npz")),
        fix=_("Name the folder of a finished run, or fit again: hidra run STUDY"),
    )
