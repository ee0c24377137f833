"""From a study to a finished run: records, fit, scenarios, tables, report; which is told again.

A report is made anew of the folder of a run alone.
"""

from __future__ import annotations

import json
import shlex
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hidra
from hidra.core.cache import Checkpoint
from hidra.core.i18n import LANGUAGES, Language, _, translate
from hidra.core.workers import Processes, Progress, Workers, bars, hired
from hidra.run import Run, RunFolder, limits, versions, warning
from hidra.run.fitted import FOLDER, fitted, reused, told
from hidra.scenario import cut_of, starts
from hidra.study import PARTS, Part, Study

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.inference.posterior import Posterior
    from hidra.scenario.ensemble import Plan

CHECK = "check"  # name of the fit that never sees the held-out months, among the scenarios
FORECAST = _("forecast")
#: Of each plan: where its results lie, and what its simulation is called.
STAGES = {
    "check": (CHECK, _("simulation of the check")),
    "projection": ("results", _("simulation of the scenarios")),
    "municipal": ("municipal", _("simulation of the municipalities")),
}
FITS = {
    "check": _("fit of the check"),
    "projection": _("fit of the projection"),
}
Forecasts = Callable[[], "dict[str, Any]"]  # waits for them where they are made elsewhere
SPARE_BYTES = 60_000_000  # report, tables and what the file system needs besides the results


def run_study(
    study: Study,
    out: str | Path,
    *,
    workers: Workers = 1,
    force: bool = False,
    posterior: str | Path | None = None,
    kept: Sequence[Path] = (),
    progress: Progress | None = None,
) -> Run:
    """Run a study and leave a finished folder.

    Parameters
    ----------
    study : what to run.
    out : folder of the run; written beside it and put there in one move. What is done of fits and
        draws lies in ``OUT.begun`` until then: a run that was killed goes on from there.
    workers : processes, or any standard executor; changes no number. In a script, more than one
        needs the usual ``if __name__ == "__main__":`` guard.
    force : replace the run of another study that stands in `out`.
    posterior : folder of an earlier run on the same basis, whose fits are taken as they are.
    kept : folders with draws that are done (``hidra.run.shard``).
    progress : called with the stage, what is done of it, and all of it; bars in a terminal or
        notebook if None.

    Returns
    -------
    Run
        The finished run, read back lazily.

    Raises
    ------
    RunError
        The folder could not be written, or the fits of `posterior` stand on something else.
        FitError : the fit failed.
    """
    begun = begun_of(out)
    with (
        bars(lines=False) if progress is None else nullcontext(progress) as shown,
        RunFolder(out, study.digest(), force=force, needed=space(study)) as folder,
    ):
        progress, seconds = _timed(shown)
        plans = planned(study)
        for plan in plans.values():  # what cannot be run should be said before the fits
            plan.refuse(in_memory=False)
        tables = _described(study)  # before the work: what is missing should be said at once
        fits: dict[Part, Posterior] = reused(study, posterior) if posterior else {}
        found = _simulated(study, plans, fits, begun, kept, workers, progress)
        progress("tables", 0, 1)
        tables |= _located(found["municipal"], study) if "municipal" in found else {}
        tables |= _computed(study, fits["projection"], found["results"], found[CHECK])
        tables |= _weighed(study, fits, found["results"], found[CHECK])
        meta = meta_of(study, fits, out)
        _written(folder, study, fits, tables)
        progress("tables", 1, 1)
        progress("report", 0, 1)
        folder.text("report.html", _report(tables, meta))
        progress("report", 1, 1)
        again = {
            "seconds": seconds,
            "fits_of": str(posterior) if posterior else None,
            "anchored": json.loads(found["results"].attrs.get("anchored", "{}")),
            "doses_cut": cut_of(found["results"]),
        }
        for name, dataset in found.items():
            folder.results(dataset, name)
        folder.manifest(_manifest(study, fits, tables, meta) | again)
    shutil.rmtree(begun, ignore_errors=True)
    return Run.open(out)


def _simulated(
    study: Study, plans: Mapping[str, Plan], fits: dict[Part, Posterior], begun: Path,
    kept: Sequence[Path], workers: Workers, progress: Progress,
) -> dict[str, xr.Dataset]:  # fmt: skip
    """Return the results of each plan by the name of its store; a fit that is wanting is made."""
    found = {}
    with hired(workers) as those, _beside(workers) as beside:
        ahead = {name: beside(plan) for name, plan in plans.items()}
        for name, plan in plans.items():
            part: Part = "check" if name == "check" else "projection"
            if part not in fits:
                fits[part] = _fitted(study, part, begun, workers, progress)
            store, stage = STAGES[name]
            found[store] = _simulate(
                plan, fits[part], ahead[name], stage, kept=(begun / "draws", *kept),
                workers=those, progress=progress, into=begun / f"{store}.zarr",
            )  # fmt: skip
    return found


def _written(
    folder: RunFolder, study: Study, fits: Mapping[Part, Posterior],
    tables: Mapping[str, pd.DataFrame],
) -> None:  # fmt: skip
    """Write the study, its fits and its tables into the folder of a run."""
    folder.text("study.yaml", study.yaml())
    for part, fit in fits.items():
        folder.posterior(fit, f"{FOLDER}/{part}", told(study, part))
    for name, table in tables.items():
        folder.table(name, table)


def begun_of(out: str | Path) -> Path:
    """Return where what is done lies until the folder of a run stands."""
    return Path(f"{Path(out).absolute()}.begun")


def _fitted(
    study: Study, part: Part, begun: Path, workers: Workers, progress: Progress
) -> Posterior:
    kept = Checkpoint.of(begun / "fit", told(study, part)["digest"])
    return fitted(study, part, progress, kept, alone=workers != 1)


def _timed(progress: Progress) -> tuple[Progress, dict[str, float]]:
    """Return `progress`, and the seconds from the first to the last word on each stage."""
    began: dict[str, float] = {}
    seconds: dict[str, float] = {}

    def told(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        seconds[stage] = round(now - began.setdefault(stage, now), 1)
        progress(stage, done, total)

    return told, seconds


def planned(study: Study) -> dict[str, Plan]:
    """Return what a run simulates: check, projection, and municipalities where a study asks.

    The check has no scenarios: it is of what the first fit expects of all records, those it never
    saw included. Of municipalities every scenario is simulated with fewer draws.
    """
    from hidra.scenario.ensemble import Plan

    scenarios = tuple(study.scenarios.items())
    plans = {
        "check": Plan(study.system("check"), (), study.seed, study.draws),
        "projection": Plan(study.system(), scenarios, study.seed, study.draws),
    }
    if study.places == "municipalities":
        fewer = min(study.municipal_draws, study.draws)
        system = study.system(space="municipalities")
        plans["municipal"] = Plan(system, scenarios, study.seed, fewer)
    return plans


def space(study: Study) -> int:
    """Return about how many bytes a run takes on the disk: pieces as they come, and results."""
    return 2 * sum(plan.bytes for plan in planned(study).values()) + SPARE_BYTES


@contextmanager
def _beside(workers: Workers) -> Iterator[Callable[[Plan], Forecasts]]:
    """Make forecasts in a process of its own, while something else is simulated; or when asked."""
    from hidra.run import projection

    pool = None if workers == 1 else Processes(1)

    def forecasts(plan: Plan) -> Forecasts:
        asked = str(plan.system.until), plan.system.end, plan.draws, plan.seed
        if pool is None:
            return partial(projection.forecasts, *asked)
        return pool.submit(projection.forecasts, *asked).result

    try:
        yield forecasts
    finally:
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)


def _simulate(
    plan: Plan, posterior: Posterior, ahead: Forecasts, stage: str, *, kept: Sequence[Path],
    workers: Workers, progress: Progress, into: Path,
) -> xr.Dataset:  # fmt: skip
    """Simulate a plan into a store, anchored in the forecast from its last month of records."""
    from hidra.scenario.anchor import anchored
    from hidra.scenario.ensemble import CHUNK

    @cache
    def forecasts() -> dict[str, Any]:
        progress(FORECAST, 0, 1)
        found = ahead()
        progress(FORECAST, 1, 1)
        return found

    def finish(some: xr.Dataset) -> xr.Dataset:
        only = some.assign_coords(scenario=[CHECK]) if into.stem == CHECK else some
        return anchored(only, forecasts())

    return plan.system.simulate(
        draws=plan.draws, posterior=posterior, scenarios=dict(plan.scenarios), seed=plan.seed,
        workers=workers, chunk=CHUNK, kept=kept, progress=partial(progress, stage),
        finish=lambda: finish,
        into=into,
    )  # fmt: skip


def _located(towns: xr.Dataset, study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables of municipalities; ``municipal_rates`` is what the map shows."""
    from hidra.run.projection import located
    from hidra.scenario.difference import difference, rates, summary

    begun = starts(study.scenarios)
    return {
        "municipal_summary": summary(towns, begun),
        "municipal_difference": difference(towns, begun),
        "municipal_rates": located(rates(towns)).assign(draws=towns.sizes["draw"]),
    }


def _described(study: Study) -> dict[str, pd.DataFrame]:
    """Tables that are known before anything is computed."""
    from hidra.data.newest import newest
    from hidra.inference import sensitivity
    from hidra.model import causes
    from hidra.run.projection import kept_shares
    from hidra.study import describe

    observed, brought = describe.observed(study), describe.brought(study)
    return {
        **({} if brought.empty else {"brought": brought}),
        "causes": causes.table(study.on()),
        "observed": observed,
        "newest": newest(),
        "mechanisms": describe.mechanisms(study).merge(kept_shares(), "left", on="name"),
        "sensitivity": sensitivity.shipped(),
        "sources": describe.sources(observed, study),
        "unknown": describe.unknown(study),
        "breaks": describe.breaks(observed["measure"].unique()),
    }


def _computed(
    study: Study, posterior: Posterior, results: xr.Dataset, check: xr.Dataset
) -> dict[str, pd.DataFrame]:
    """Tables that tell what was computed."""
    import pandas as pd

    from hidra.inference.diagnostics import learnt
    from hidra.scenario.difference import coverage, difference, summary
    from hidra.study import describe

    begun = starts(study.scenarios)
    return {
        "scenarios": describe.scenarios(study, cut_of(results)),
        "summary": pd.concat([_begun(summary(results), begun), summary(check)], ignore_index=True),
        "difference": difference(results, begun),
        "parameters": describe.worded(learnt(posterior, study.on(), study.parameters), study.on()),
        "coverage": coverage(check, study.fit.until, study.fit.held_out_until),
    }


def _weighed(
    study: Study, fits: Mapping[Part, Posterior], results: xr.Dataset, check: xr.Dataset
) -> dict[str, pd.DataFrame]:
    """Tables of what explains the records, and of what the absolute scale rests on."""
    import pandas as pd

    from hidra.core.weeks import Weeks
    from hidra.inference.diagnostics import attributed, explained, scale
    from hidra.inference.likelihood import records

    fit = study.fit
    until: dict[Part, str] = {"check": fit.until, "projection": fit.records_until}
    parts = [  # later months are those of the forecast
        explained(draws, fits[part], study.start, until[part]).assign(fit=part, fitted=True)
        for part, draws in zip(PARTS, (check, results), strict=True)
    ]
    lost = records(Weeks(study.start, fit.records_until)).lost
    share = attributed(results, lost, study.start, fit.records_until)
    return {
        "explained": pd.concat([part for part in parts if len(part)], ignore_index=True),
        "scale": scale(fits["projection"], share),
    }


def _begun(summary: pd.DataFrame, starts: Mapping[str, str]) -> pd.DataFrame:
    """Leave out the months before a scenario begins: until then it is ``no_change``."""
    first = summary["scenario"].map(starts).fillna("")
    return summary[summary["month"] >= first]


def meta_of(study: Study, fits: Mapping[Part, Posterior], out: str | Path) -> dict[str, Any]:
    """Return what the report says of the run besides its tables."""
    first = min(starts(study.scenarios).values(), default=None)
    return {
        **{
            f"{name}_{one}": getattr(getattr(study, name), one)
            for name in ("title", "question")
            for one in LANGUAGES
        },
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "hidra_version": hidra.__version__,
        "run_id": study.digest()[:12],
        "study_yaml": study.yaml(),
        "command": shlex.join(["hidra", "run", "study.yaml", "--out", Path(out).name]),
        "seed": study.seed,
        "draws": study.draws,
        "fit_until": study.fit.until,
        "observed_until": study.fit.held_out_until,
        "scenario_start": first,
        "horizon": study.end,
        **{
            f"limits_{one}": limits(one, municipal=study.places == "municipalities")
            for one in LANGUAGES
        },
        **{f"warning_{one}": warning(one, _doubts(fits, one)) for one in LANGUAGES},
        "citation": hidra.cite(),
    }


def _doubts(fits: Mapping[Part, Posterior], language: Language) -> list[str]:
    """Return why fits may not be trusted: each reason once, after the fit or fits that it is of."""
    every = {part: fit.doubts(language) for part, fit in fits.items()}
    alike: dict[tuple[Part, ...], list[str]] = {}
    for doubt in dict.fromkeys(chain(*every.values())):
        of = tuple(part for part, own in every.items() if doubt in own)
        alike.setdefault(of, []).append(doubt)
    both = _("{first} and {last}", first=FITS["check"], last=FITS["projection"])
    return [f"{translate(both if len(of) > 1 else FITS[of[0]], language)} – {', '.join(doubts)}"
            for of, doubts in alike.items()]  # fmt: skip


def _manifest(
    study: Study,
    fits: Mapping[Part, Posterior],
    tables: Mapping[str, pd.DataFrame],
    meta: dict[str, Any],
) -> dict[str, Any]:
    from hidra.data import panel
    from hidra.study import describe

    return {
        "created": meta["created"],
        "command": meta["command"],
        "seed": study.seed,
        "draws": study.draws,
        "mechanisms_on": list(study.mechanisms),
        "scenarios": list(study.scenarios),
        "versions": versions(),
        "panel": {
            "digest": panel.digest(),
            "cuts": panel.cuts(sorted(set(tables["observed"]["measure"]))),
        },
        "source_tables": describe.hashes(list(tables["sources"]["name"])),
        "fits": {part: fit.told() for part, fit in fits.items()},
        **{name: meta[name] for name in ("warning_es", "warning_en", "limits_es", "limits_en")},
    }


def _report(
    tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any], sections: Sequence[str | Path] = ()
) -> str:
    from hidra.report.page import build

    return build(tables, meta, sections=sections)


#: What the manifest keeps of the run itself, and a new telling must not change.
KEPT_META = ("created", "command", "warning_es", "warning_en", "limits_es", "limits_en")


def meta_again(run: Run) -> dict[str, Any]:
    """Return what report and brief say of a run besides its tables."""
    study = Study.load(run.folder / "study.yaml")
    manifest = run.manifest
    kept = {name: manifest[name] for name in KEPT_META if name in manifest}
    version = manifest.get("versions", {}).get("hidra")
    told = {
        "hidra_version": version, "citation": hidra.cite(version=version),
        "run_id": str(manifest["study_digest"])[:12],
    }  # fmt: skip
    return meta_of(study, {}, run.folder) | (told if version else {}) | kept


def report_again(run: Run, *, sections: Sequence[str | Path] = ()) -> str:
    """Return the report of a run as one HTML text in two languages.

    Parameters
    ----------
    sections : Python files with sections of one's own (:mod:`hidra.report`).
    """
    return _report(run.tables, meta_again(run), sections)
