"""Draws of a run made apart, on as many machines as there are, and the run made of them.

A shard is a folder: what was asked, fits where a study has them, and pieces of the ensemble, each
there whole or not at all. Killed, the same command goes on with what is wanting. Merging makes the
run as it is always made, and takes the draws as they are: it equals one run bit for bit.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from hidra.core import files
from hidra.core.errors import RunError, SpecError
from hidra.core.i18n import _
from hidra.core.workers import Progress, Workers, silent
from hidra.run import AGAIN, MANIFEST, Run, stands_on
from hidra.run.execute import begun_of, planned, run_study
from hidra.run.fitted import FOLDER, kept_fits, reused, told
from hidra.scenario import Scenario
from hidra.study import Study, library

KIND, ASKED, PIECES = "shard", "asked.json", "draws"


def of_study(
    study: Study, draws: range, out: str | Path, *, posterior: str | Path | None = None,
    workers: Workers = 1, progress: Progress = silent,
) -> Path:  # fmt: skip
    """Fit a study and simulate some of its draws; return the folder.

    Parameters
    ----------
    posterior : folder of an earlier run on the same basis, whose fits are taken as they are.

    Raises
    ------
    RunError
        Something else stands in `out`.
    """
    from hidra.inference.posterior import keep
    from hidra.scenario.ensemble import CHUNK

    study, folder = study.with_(draws=draws.stop), Path(out)
    _begin(folder, {"study": study.with_(draws=1).yaml()})
    if posterior is None:
        fits = kept_fits(study, folder, progress)
    else:
        fits = reused(study, posterior)
        for part, fit in fits.items():
            keep(fit, folder / FOLDER / part, told(study, part))
        files.write_text(folder / "study.yaml", study.yaml())
    for name, plan in planned(study).items():
        if draws.start < plan.draws:
            plan.system.simulate(
                draws=plan.draws, first=draws.start, seed=plan.seed, chunk=CHUNK, workers=workers,
                posterior=fits["check" if name == "check" else "projection"],
                scenarios=dict(plan.scenarios), kept=[folder / PIECES],
                progress=partial(progress, "simulation"),
            )  # fmt: skip
    return _finish(folder, draws)


def of_scenarios(
    scenarios: Mapping[str, Scenario], draws: range, out: str | Path, *, workers: Workers = 1,
    presence: Path | None = None, progress: Progress = silent, **more: Any,
) -> Path:  # fmt: skip
    """Simulate some draws of scenarios; return the folder. See ``hidra.run.projection.what_if``."""
    from hidra.scenario.ensemble import CHUNK, fitted, simulate

    folder = Path(out)
    changes = {name: one.model_dump(mode="json") for name, one in scenarios.items()}
    seen = presence and Path(presence).read_text(encoding="utf-8")
    _begin(folder, {"scenarios": changes, "presence": seen, **more})
    asked = _scenarios(folder)
    where = {name: asked.pop(name) for name in ("end", "space", "presence") if name in asked}
    simulate(
        fitted(asked["posterior"], **where), **asked, draws=draws.stop, first=draws.start,
        kept=[folder / PIECES], chunk=CHUNK, workers=workers,
        progress=partial(progress, "simulation"),
    )  # fmt: skip
    return _finish(folder, draws)


def merge(
    shards: Sequence[Path], out: str | Path, *, force: bool = False, workers: Workers = 1,
    progress: Progress = silent,
) -> Run:  # fmt: skip
    """Make one run of shards: the same as one of all their draws.

    Raises
    ------
    SpecError
        A folder is no finished shard, shards were asked for different things, were made by
        another hidra or from other data, or draws between them are wanting. RunError : `out` holds
        a shard, or files that no run wrote, and not `force`.
    """
    from hidra.run import projection
    from hidra.scenario.ensemble import CHUNK

    found = {Path(one): _opened(Path(one)) for one in shards}
    first, *others = found
    for other in others:
        if _of(found[other]) != _of(found[first]):
            raise SpecError(
                _("These are shards of different runs."), where=f"{first}, {other}",
                fix=_("Merge those of the same study or scenarios, seed and posterior."),
            )  # fmt: skip
    stop = _all_there(found)
    if Path(out).resolve() in [one.resolve() for one in found]:
        raise RunError(_("The run would replace one of its shards."), where=str(out),
                       fix=_("Choose another folder with --out."))  # fmt: skip
    if not force:
        files.refuse_others(out)
    kept = [one / PIECES for one in found]
    if "study" in found[first]["asked"]:
        study = Study.load(first / "study.yaml", own=True).with_(draws=stop)
        return run_study(
            study, out, posterior=first, kept=kept, force=force, workers=workers, progress=progress
        )
    asked, begun = _scenarios(first), begun_of(out)
    results = projection.what_if(
        **asked, draws=stop, kept=kept, chunk=CHUNK, workers=workers,
        into=begun / "results.zarr", progress=partial(progress, "simulation"),
    )  # fmt: skip
    run = projection.keep(out, asked["scenarios"], results, force=force)
    shutil.rmtree(begun, ignore_errors=True)
    return run


def _of(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return what shards of one run have in common: what was asked, and the fits."""
    inside = f"{FOLDER}/"
    fits = {n: one for n, one in told["files"].items() if n.startswith(inside) and ".npz" in n}
    return {"asked": told["asked"], "fits": fits}


def _begin(folder: Path, asked: Mapping[str, Any]) -> None:
    """Say what a folder is for, and refuse one that is for something else."""
    told, fix = {"kind": KIND, "asked": asked}, _("Choose another folder with --out.")
    wanted = files.sealed(told)
    stands = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if stands and files.unsealed(folder / ASKED, fix=fix) != wanted:
        raise RunError(_("Something else stands in this folder."), where=str(folder), fix=fix)
    files.write_json(folder / ASKED, wanted)


def _finish(folder: Path, draws: range) -> Path:
    """Seal a shard: from now on it may be merged."""
    shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    asked = files.unsealed(folder / ASKED, fix=AGAIN)["asked"]
    told = {"kind": KIND, "asked": asked, "draws": [draws.start, draws.stop]}
    whole = files.sealed({**told, "stands_on": stands_on()}, folder)
    files.write_json(folder / MANIFEST, whole)
    return folder


def _opened(folder: Path) -> dict[str, Any]:
    """Return the manifest of a shard that is whole and was made here or by the same hidra."""
    fix = _("Make it, or go on with it: hidra run STUDY --draws FROM:TO --out DIR")
    if not (folder / MANIFEST).is_file():
        raise SpecError(_("No finished shard stands here."), where=str(folder), fix=fix)
    found = files.unsealed(folder / MANIFEST, fix=fix)
    if found.get("kind") != KIND:
        raise SpecError(_("This is a run, no shard of one."), where=str(folder), fix=fix)
    files.check(folder, found, fix=fix)
    here = stands_on()
    other = sorted(name for name in here if found["stands_on"].get(name) != here[name])
    if other:
        raise SpecError(
            _("This shard stands on something else than this machine has: {names}.",
              names=", ".join(other)),
            where=str(folder),
            fix=_("Merge where it was made, or make it again here."),
        )  # fmt: skip
    return found


def _all_there(found: Mapping[Path, Mapping[str, Any]]) -> int:
    """Return how many draws shards hold, from the first on without a gap."""
    stop, gaps = 0, []
    for start, end in sorted(tuple(one["draws"]) for one in found.values()):
        gaps += [(stop, start)] if start > stop else []
        stop = max(stop, end)
    if gaps:
        wanting = [_("{first} to {last}", first=first, last=last - 1) for first, last in gaps]
        raise SpecError(
            _("Draws {ranges} are wanting.", ranges=", ".join(wanting)),
            where=", ".join(map(str, found)),
            fix=_("Make them: {options}", options=", ".join(
                f"--draws {first}:{last}" for first, last in gaps)),
        )  # fmt: skip
    return stop


def _scenarios(folder: Path) -> dict[str, Any]:
    """Return what a shard of scenarios was asked for, as arguments of ``what_if``."""
    asked = dict(files.unsealed(folder / ASKED, fix=AGAIN)["asked"])
    asked["scenarios"] = {name: library.of(one) for name, one in asked["scenarios"].items()}
    seen = asked.pop("presence")
    if seen is not None:
        asked["presence"] = files.write_text(folder / "presence.csv", seen)
    return asked
