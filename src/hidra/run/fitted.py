"""The two fits of a study: made, or taken from an earlier run that stands on the same basis."""

from __future__ import annotations

import operator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra.core.cache import NOWHERE, Checkpoint
from hidra.core.errors import RunError, SourceError
from hidra.core.files import write_text
from hidra.core.i18n import _
from hidra.core.workers import Processes, Progress, Workers, silent, spread
from hidra.inference import posterior
from hidra.run import read_manifest, versions
from hidra.study import PARTS, Part, Study

if TYPE_CHECKING:
    from hidra.inference.posterior import Posterior

FOLDER = "posterior"  # of a run, in which its fits are kept


def fitted(
    study: Study,
    part: Part,
    progress: Progress = silent,
    kept: Checkpoint = NOWHERE,
    *,
    alone: bool = False,
    again: bool = False,
) -> Posterior:
    """Fit the check (until ``fit.until``) or the projection (all records).

    A fit on the same basis that comes with hidra is taken as it is, unless it is to be made again.

    Parameters named in ``from_prior`` stand at the centre of their priors in the fit, which
    therefore cannot learn them, and are drawn from those priors afterwards.

    Parameters
    ----------
    alone : in a process of its own, so that its memory is given back.
    """
    from hidra.inference.calibrate import calibrate
    from hidra.inference.posterior import from_prior

    there = None if again else _shipped(study, part)
    if there is not None:
        progress(f"fit of the {part}", 1, 1)
        return there
    work = partial(calibrate, study.taught(part), seed=study.seed, steps=study.fit.steps, kept=kept)
    stage = f"fit of the {part}"
    progress(stage, 0, 1)
    if alone:
        with Processes(1) as process:
            [(_number, found)] = spread(operator.call, [work], process)
    else:
        found = work(progress=lambda inner, done, total: progress(f"{inner}, {part}", done, total))
    progress(stage, 1, 1)
    apart = study.drawn_from_prior()
    params = (q.model_copy(update={"name": name}) for name, q in apart.items())
    return posterior.single(from_prior(found, params, study.seed))


def _shipped(study: Study, part: Part) -> Posterior | None:
    """Return the posterior that comes with hidra and stands on the basis of this fit, if any."""
    wanted = told(study, part)
    for name in posterior.SHIPPED:
        place = posterior.folder() / name
        if place.with_suffix(".npz").is_file():
            manifest = posterior.manifest(place)
            if all(manifest.get(key) == wanted[key] for key in ("digest", "fingerprint")):
                return posterior.load(place)
    return None


def kept_fits(
    study: Study, folder: str | Path, progress: Progress, workers: Workers = 1
) -> dict[Part, Posterior]:
    """Fit check and projection and keep them in a folder, from which `reused` takes them.

    Pieces of the work are kept in the folder too until the fit they belong to is done: killed, it
    goes on from them. Another study does not take them.
    """
    write_text(Path(folder) / "study.yaml", study.yaml())
    manifests = {part: told(study, part) for part in PARTS}
    places = {part: Path(folder) / FOLDER / part for part in PARTS}
    left = [part for part in PARTS if not _stands(places[part], manifests[part])]
    kept = {p: Checkpoint.of(Path(folder) / "checkpoint", manifests[p]["digest"]) for p in left}
    shown = progress if workers == 1 else silent
    jobs = [partial(fitted, study, part, shown, kept[part]) for part in left]
    for number, found in spread(operator.call, jobs, workers):
        part = left[number]
        posterior.keep(found, places[part], manifests[part])
        kept[part].forget()
        progress(f"fit of the {part}", 1, 1)
    return {part: posterior.load(places[part]) for part in PARTS}


def _stands(place: Path, manifest: dict[str, Any]) -> bool:
    """Say whether a finished fit on the same basis, by the same versions, stands there."""
    try:
        there = posterior.manifest(place)
        posterior.load(place)
    except (RunError, SourceError):
        return False
    return all(there.get(name) == manifest[name] for name in ("digest", "versions", "fingerprint"))


def told(study: Study, part: Part) -> dict[str, Any]:
    """Return the manifest of a fit: its basis, the digest of that, and how to make it again."""
    from hidra.inference.calibrate import stamp

    on = study.basis(part)
    return {
        "part": part,
        "basis": on,
        "digest": posterior.digest(on),
        "versions": versions(),
        "fingerprint": stamp(study.taught(part), study.seed, study.fit.steps),
        "study": study.yaml(),
    }


def reused(study: Study, run: str | Path) -> dict[Part, Posterior]:
    """Return both fits of an earlier run, or of `kept_fits`.

    Raises
    ------
    SpecError
        No finished run stands there. RunError : it kept no fits, or they stand on another basis,
        told by name.
    """
    if not (Path(run) / FOLDER).is_dir():
        read_manifest(Path(run))
    found: dict[Part, Posterior] = {}
    for part in PARTS:
        path = Path(run) / FOLDER / part
        other = posterior.changed(study.basis(part), posterior.manifest(path)["basis"])
        if other:
            raise RunError(
                _("The fit of that run stands on something else: {names}.", names=", ".join(other)),
                where=str(path.with_suffix(".json")),
                fix=_("Leave --posterior out to fit again, or name a run of the same basis."),
            )
        found[part] = posterior.load(path)
    return found
