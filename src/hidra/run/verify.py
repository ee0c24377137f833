"""What is kept, looked at again: every file as written, every number of a run made again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hidra.core import files
from hidra.core.errors import FitError, HidraError, RunError, SpecError, foreign
from hidra.core.i18n import _
from hidra.run import AGAIN, MANIFEST, Run, versions

if TYPE_CHECKING:
    from hidra.core.workers import Progress

TOLERANCE = 1e-5  # share by which numbers of other machines or libraries may differ, of the largest
DATED = ("report.html",)  # bears the day it was made on


class Compared(NamedTuple):
    """What a second making gave: files equal bit for bit, and those equal within `TOLERANCE`."""

    same: tuple[str, ...]
    near: tuple[str, ...]


def whole(path: Path) -> dict[str, Any]:
    """Compare every file of a run or an export with its manifest, and return the manifest.

    Parameters
    ----------
    path : folder of a run or an export, or the ``.manifest.json`` of an export of one file.

    Raises
    ------
    SpecError
        Nothing with a manifest is there. SourceError : a part is missing, foreign or changed.
    """
    files.settle(path if path.is_dir() else path.parent)
    manifest = path / MANIFEST if path.is_dir() else path
    if not manifest.name.endswith(MANIFEST) or not manifest.is_file():
        raise SpecError(
            _("Nothing with a manifest is here."),
            where=str(path),
            fix=_("Name the folder of a run or an export, or a file ending in manifest.json."),
        )
    told = files.unsealed(manifest, fix=AGAIN)
    files.check(manifest.parent, told, fix=AGAIN)
    return told


def again(run: Run, *, workers: int = 1, progress: Progress) -> Compared:
    """Make a run again from its manifest in a folder of its own, and compare all files.

    It is fitted again too; a run that took its fits from another is made from those it kept.

    Raises
    ------
    FitError
        A file differs: by a bit where Python and libraries are those of the run, else by more than
        `TOLERANCE`. It is named.
    """
    told = run.manifest
    with tempfile.TemporaryDirectory(prefix="hidra-verify-") as scratch:
        other = _made(run, workers, progress)(Path(scratch) / run.folder.name)
        alike = told.get("versions") == versions()
        same, near = [], []
        for name, (_size, digest) in told["files"].items():
            if name in DATED:
                continue
            if other.manifest["files"].get(name, ("", ""))[1] == digest:
                same.append(name)
            elif not alike and _close(run.folder / name, other.folder / name):
                near.append(name)
            else:
                raise FitError(
                    _("Made again, '{name}' is another.", name=name),
                    where=str(run.folder / name),
                    fix=_("Compare `versions` and `panel` of the manifest with this machine's."),
                )
    return Compared(tuple(same), tuple(near))


def faults() -> Iterator[HidraError]:
    """Go through all that is kept for the user, and give each fault with its cure."""
    from hidra.data import fetch, panel, reference
    from hidra.inference import posterior

    home = files.home()
    looks: list[Callable[[], object]] = [panel.look]
    looks += [partial(reference.table, name) for name in reference.names()]
    looks += [partial(posterior.load, posterior.place(name)) for name in posterior.SHIPPED]
    looks += [
        partial(fetch.origin, origin.with_name(origin.name.removesuffix(".origin.json")))
        for origin in sorted(home.glob("files/*/*/*.origin.json"))
    ]
    looks += [partial(whole, one.parent) for one in sorted(home.glob("runs/*/manifest.json"))]
    for look in looks:
        try:
            look()
        except Exception as error:
            known = error if isinstance(error, HidraError) else foreign(error)
            if known is None:
                raise
            yield known
    for left in files.leftovers(home):
        yield RunError(
            _("Something half-written is left of a process that has ended."),
            where=str(left),
            fix=_("The next that writes there removes it; you may remove it too."),
        )


def _made(run: Run, workers: int, progress: Progress) -> Callable[[Path], Run]:
    """Return what makes the run again in a folder."""
    told = run.manifest
    if told.get("kind") == "projection":
        from hidra.run.projection import keep, what_if
        from hidra.study import library

        scenarios = {name: library.of(one) for name, one in told["scenarios"].items()}
        if told.get("presence"):
            raise SpecError(
                _("The run stands on a table of groups that is not kept with it."),
                where=str(run.folder),
                fix=_("Simulate again with that table: hidra simulate ... --presence FILE"),
            )
        more = {"space": "municipalities"} if told.get("level") == "municipality" else {}
        made = partial(
            what_if, scenarios, posterior=told["posterior_name"], end=told["end"],
            draws=told["draws"], seed=told["seed"], workers=workers,
            progress=lambda *n: progress("simulation", *n), **more,
        )  # fmt: skip
        return lambda folder: keep(folder, scenarios, made(into=Path(f"{folder}.zarr")))
    from hidra.run.execute import run_study
    from hidra.study import Study

    study = Study.load(run.folder / "study.yaml")
    if study.mechanism_files:
        raise SpecError(
            _("The study has mechanisms of its own, which are programs."),
            where=str(run.folder / "study.yaml"),
            fix=_("Run the study itself, if it is yours: hidra run STUDY --out DIR"),
        )
    fits = run.folder if told.get("fits_of") else None
    return lambda folder: run_study(
        study, folder, workers=workers, posterior=fits, progress=progress
    )


def _close(one: Path, other: Path) -> bool:
    """Tell whether the numbers of two tables or fits lie within the tolerance of each other."""
    import numpy as np

    if not other.is_file() or one.suffix not in (".parquet", ".npz"):
        return one.suffix != ".parquet"  # texts of the same numbers, chunks: judged by the tables
    for left, right in zip(_numbers(one), _numbers(other), strict=True):
        scale = float(np.nanmax(np.abs(left), initial=0.0)) or 1.0
        if left.shape != right.shape or not np.allclose(
            left, right, rtol=TOLERANCE, atol=TOLERANCE * scale, equal_nan=True
        ):
            return False
    return True


def _numbers(path: Path) -> Iterator[Any]:
    import pandas as pd

    if path.suffix == ".npz":
        yield from files.read_npz(path.read_bytes()).values()
        return
    frame = pd.read_parquet(path).select_dtypes("number")
    yield from (frame[name].to_numpy(float) for name in frame)
