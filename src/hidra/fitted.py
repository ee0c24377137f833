"""The two fits of a study: made, or taken from an earlier run that stands on the same basis."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hidra import posterior
from hidra.errors import RunError
from hidra.run import read_manifest, versions
from hidra.study import Study
from hidra.study.basis import Part, basis

if TYPE_CHECKING:
    from hidra.fit import Posterior

FOLDER = "posterior"  # of a run, in which its fits are kept
Progress = Callable[[str, int, int], None]


def fitted(study: Study, part: Part, workers: int, progress: Progress) -> Posterior:
    """Fit the check (until ``fit.until``) or the projection (all records).

    Parameters named in ``from_prior`` stand at the centre of their priors in the fit, which
    therefore cannot learn them, and are drawn from those priors afterwards. With several workers
    the fit has a process of its own, so that its memory is given back.
    """
    from hidra.calibrate import calibrate
    from hidra.posterior.prior import from_prior

    apart = study.drawn_from_prior()
    centres = {name: q.centre for name, q in apart.items()}
    work = partial(
        calibrate,
        study.mechanisms,
        study.start,
        basis(study, part)["until"],
        study.parameters | centres,
        seed=study.seed,
        steps=study.fit.steps,
    )
    stage = f"fit of the {part}"
    progress(stage, 0, 1)
    if workers > 1:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            found = alone.submit(work).result()
    else:
        found = work()
    progress(stage, 1, 1)
    params = (q.model_copy(update={"name": name}) for name, q in apart.items())
    return from_prior(found, params, study.seed)


def told(study: Study, part: Part) -> dict[str, Any]:
    """Return the manifest of a fit: its basis, the digest of that, and how to make it again."""
    on = basis(study, part)
    return {
        "part": part,
        "basis": on,
        "digest": posterior.digest(on),
        "versions": versions(),
        "study": study.yaml(),
    }


def reused(study: Study, run: str | Path) -> dict[Part, Posterior]:
    """Return both fits of an earlier run.

    Raises
    ------
    SpecError
        No finished run stands there. RunError : it kept no fits, or they stand on another basis,
        told by name.
    """
    read_manifest(Path(run))
    found: dict[Part, Posterior] = {}
    parts: tuple[Part, ...] = ("check", "projection")
    for part in parts:
        path = Path(run) / FOLDER / part
        other = posterior.changed(basis(study, part), posterior.manifest(path)["basis"])
        if other:
            raise RunError(
                f"The fit of that run stands on something else: {', '.join(other)}.",
                where=str(path.with_suffix(".json")),
                fix="Leave --posterior out to fit again, or name a run of the same basis.",
            )
        found[part] = posterior.load(path)
    return found
