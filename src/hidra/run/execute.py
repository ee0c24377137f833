"""From a study to a finished run: records, fit, scenarios, tables, report."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hidra
from hidra.run import Run, among, versions
from hidra.run.fitted import FOLDER, fitted, reused, told
from hidra.run.folder import RunFolder
from hidra.run.limits import UNTRUSTED, limits
from hidra.scenario.what_if import month_after
from hidra.study import Study

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.inference import Posterior
    from hidra.scenario.ensemble import Plan

Progress = Callable[[str, int, int], None]
CHECK = "check"  # name of the fit that never sees the held-out months, among the scenarios
BYTES_PER_NUMBER = 4
SPARE_BYTES = 60_000_000  # report, tables and what the file system needs besides the results


def _silent(stage: str, done: int, total: int) -> None:
    """Show nothing."""


def run_study(
    study: Study,
    out: str | Path,
    *,
    workers: int = 1,
    force: bool = False,
    posterior: str | Path | None = None,
    progress: Progress = _silent,
) -> Run:
    """Run a study and leave a finished folder.

    Parameters
    ----------
    study : what to run.
    out : folder of the run; written beside it and put there in one move.
    workers : processes; changes no number. In a script, more than one needs the usual
        ``if __name__ == "__main__":`` guard.
    force : replace the run of another study that stands in `out`.
    posterior : folder of an earlier run on the same basis, whose fits are taken as they are.
    progress : called with the stage, what is done of it, and all of it.

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
    progress, seconds = _timed(progress)
    with RunFolder(out, study.digest(), force=force, needed=space(study)) as folder:
        among.check(study)
        tables = _described(study)  # before the work: what is missing should be said at once
        there = reused(study, posterior) if posterior else {}
        checked = there.get("check") or fitted(study, "check", workers, progress)
        check = _check(study, checked, workers, progress)
        taught = there.get("projection") or fitted(study, "projection", workers, progress)
        results = _project(study, taught, workers, progress)
        towns = among.simulated(study, taught, workers, progress) if among.wanted(study) else None
        progress("tables", 0, 1)
        tables |= {} if towns is None else among.tables(towns, study)
        tables |= _computed(study, taught, results, check)
        tables |= _weighed(study, checked, taught, results, check)
        meta = meta_of(study, checked.trusted and taught.trusted, out)
        folder.text("study.yaml", study.yaml())
        folder.results(results)
        folder.results(check, "check")
        if towns is not None:
            folder.results(towns, "municipal")
        folder.posterior(checked, f"{FOLDER}/check", told(study, "check"))
        folder.posterior(taught, f"{FOLDER}/projection", told(study, "projection"))
        for name, table in tables.items():
            folder.table(name, table)
        progress("tables", 1, 1)
        progress("report", 0, 1)
        folder.text("report.html", _report(tables, meta))
        fits = {"check": checked, "projection": taught}
        progress("report", 1, 1)
        again = {"seconds": seconds, "fits_of": str(posterior) if posterior else None}
        folder.manifest(_manifest(study, fits, tables, meta) | again)
    return Run.open(out)


def _timed(progress: Progress) -> tuple[Progress, dict[str, float]]:
    """Return `progress`, and the seconds from the first to the last word on each stage."""
    began: dict[str, float] = {}
    seconds: dict[str, float] = {}

    def told(stage: str, done: int, total: int) -> None:
        now = time.monotonic()
        seconds[stage] = round(now - began.setdefault(stage, now), 1)
        progress(stage, done, total)

    return told, seconds


def space(study: Study) -> int:
    """Return about how many bytes a run takes on the disk."""
    from hidra.core.weeks import Weeks
    from hidra.scenario.ensemble import labels

    months = len(Weeks(study.start, study.end).months)
    numbers = (len(study.scenarios) + 2) * study.draws * months * 32 * len(labels(study.mechanisms))
    return numbers * BYTES_PER_NUMBER + SPARE_BYTES + among.space(study)


def _check(study: Study, posterior: Posterior, workers: int, progress: Progress) -> xr.Dataset:
    """Simulate what the first fit expects of all records, those it never saw included."""
    plan = _plan(study, study.fit.until, study.fit.records_until, scenarios=False)
    found = _simulate(plan, posterior, "simulation of the check", workers, progress)
    return found.assign_coords(scenario=[CHECK])


def _project(study: Study, posterior: Posterior, workers: int, progress: Progress) -> xr.Dataset:
    """Simulate every scenario to the end of the study."""
    plan = _plan(study, study.fit.records_until, study.end, scenarios=True)
    return _simulate(plan, posterior, "simulation of the scenarios", workers, progress)


def _plan(study: Study, fitted_until: str, end: str, *, scenarios: bool) -> Plan:
    from hidra.scenario.ensemble import Plan

    changes = study.scenarios.items() if scenarios else ()
    return Plan(
        mechanisms=study.mechanisms,
        start=study.start,
        end=end,
        splits_from=month_after(fitted_until),
        scenarios=tuple((name, s.intervention()) for name, s in changes),
        seed=study.seed,
        draws=study.draws,
    )


def _simulate(
    plan: Plan, posterior: Posterior, stage: str, workers: int, progress: Progress
) -> xr.Dataset:
    from hidra.scenario.ensemble import ensemble

    progress(stage, 0, plan.draws)
    tell = partial(progress, stage)
    return ensemble(plan, posterior.draws, workers=workers, progress=tell)


def _described(study: Study) -> dict[str, pd.DataFrame]:
    """Tables that are known before anything is computed."""
    from hidra.inference.sensitivity import kept
    from hidra.model import causes
    from hidra.study import describe

    observed = describe.observed(study)
    return {
        "causes": causes.table(study.mechanisms),
        "observed": observed,
        "mechanisms": describe.mechanisms(study),
        "scenarios": describe.scenarios(study),
        "sensitivity": kept.table(),
        "sources": describe.sources(observed, study),
        "unknown": describe.unknown(study),
        "breaks": describe.breaks(observed["measure"].unique()),
    }


def _computed(
    study: Study, posterior: Posterior, results: xr.Dataset, check: xr.Dataset
) -> dict[str, pd.DataFrame]:
    """Tables that tell what was computed."""
    import pandas as pd

    from hidra.inference.calibrate import learnt
    from hidra.run.summary import coverage, difference, summary
    from hidra.study import describe

    starts = {name: s.start for name, s in study.scenarios.items()}
    return {
        "summary": pd.concat([_begun(summary(results), starts), summary(check)], ignore_index=True),
        "difference": difference(results, starts),
        "parameters": describe.worded(learnt(posterior, study.mechanisms, study.parameters)),
        "coverage": coverage(check, study.fit.until, study.fit.held_out_until),
    }


def _weighed(
    study: Study, checked: Posterior, taught: Posterior, results: xr.Dataset, check: xr.Dataset
) -> dict[str, pd.DataFrame]:
    """Tables of what explains the records, and of what the absolute scale rests on."""
    import pandas as pd

    from hidra.core.weeks import Weeks
    from hidra.inference.calibrate import records
    from hidra.inference.explained import explained
    from hidra.inference.scale import attributed, scale

    fit = study.fit
    parts = [
        explained(draws, posterior, first, last).assign(fit=name, fitted=fitted)
        for name, draws, posterior, first, last, fitted in (
            ("check", check, checked, study.start, fit.until, True),
            ("check", check, checked, month_after(fit.until), fit.held_out_until, False),
            ("projection", results, taught, study.start, fit.records_until, True),
        )
    ]
    lost = records(Weeks(study.start, fit.records_until)).lost
    share = attributed(results, lost, study.start, fit.records_until)
    return {
        "explained": pd.concat([part for part in parts if len(part)], ignore_index=True),
        "scale": scale(taught, share),
    }


def _begun(summary: pd.DataFrame, starts: Mapping[str, str]) -> pd.DataFrame:
    """Leave out the months before a scenario begins: until then it is ``no_change``."""
    first = summary["scenario"].map(starts).fillna("")
    return summary[summary["month"] >= first]


def meta_of(study: Study, trusted: bool, out: str | Path) -> dict[str, Any]:
    """Return what the report says of the run besides its tables."""
    starts = [s.start for s in study.scenarios.values()]
    return {
        "title_es": study.title.es,
        "title_en": study.title.en,
        "question_es": study.question.es,
        "question_en": study.question.en,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "hidra_version": hidra.__version__,
        "run_id": study.digest()[:12],
        "study_yaml": study.yaml(),
        "command": shlex.join(["hidra", "run", "study.yaml", "--out", Path(out).name]),
        "seed": study.seed,
        "draws": study.draws,
        "fit_until": study.fit.until,
        "observed_until": study.fit.held_out_until,
        "scenario_start": min(starts) if starts else None,
        "horizon": study.end,
        "limits_es": limits("es", municipal=among.wanted(study)),
        "limits_en": limits("en", municipal=among.wanted(study)),
        "warning_es": "" if trusted else UNTRUSTED["es"],
        "warning_en": "" if trusted else UNTRUSTED["en"],
        "citation": f"hidra {hidra.__version__} (2026)",
    }


def _manifest(
    study: Study,
    fits: Mapping[str, Posterior],
    tables: Mapping[str, pd.DataFrame],
    meta: dict[str, Any],
) -> dict[str, Any]:
    from hidra.study import describe

    own = ("emulator_error", "emulator_worst", "trusted")
    return {
        "created": meta["created"],
        "command": meta["command"],
        "seed": study.seed,
        "draws": study.draws,
        "mechanisms_on": list(study.mechanisms),
        "scenarios": list(study.scenarios),
        "versions": versions(),
        "source_tables": describe.hashes(list(tables["sources"]["name"])),
        "fits": {
            part: fit.judged | {name: getattr(fit, name) for name in own}
            for part, fit in fits.items()
        },
        **{name: meta[name] for name in ("warning_es", "warning_en", "limits_es", "limits_en")},
    }


def _report(tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any]) -> str:
    from hidra.report.page import build

    return str(build(tables, meta))
