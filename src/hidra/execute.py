"""From a study to a finished run: records, fit, scenarios, tables, report."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hidra
from hidra.limits import LIMITS, UNTRUSTED
from hidra.run import Run, RunFolder, versions
from hidra.study import Study

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hidra.fit import Posterior

Progress = Callable[[str, int, int], None]
STAGES = ("fit", "simulation", "tables", "report")
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
    progress : called with the stage, what is done of it, and all of it.

    Returns
    -------
    Run
        The finished run, read back lazily.

    Raises
    ------
    RunError
        The folder could not be written. FitError : the fit failed.
    """
    with RunFolder(out, study.digest(), force=force, needed=space(study)) as folder:
        posterior = _fit(study, progress)
        results = _simulate(study, posterior, workers, progress)
        progress("tables", 0, 1)
        tables = _tables(study, posterior, results)
        meta = _meta(study, posterior, out)
        folder.text("study.yaml", study.yaml())
        folder.results(results)
        for name, table in tables.items():
            folder.table(name, table)
        progress("tables", 1, 1)
        progress("report", 0, 1)
        folder.text("report.html", _report(tables, meta))
        folder.manifest(_manifest(study, posterior, tables, meta))
        progress("report", 1, 1)
    return Run.open(out)


def space(study: Study) -> int:
    """Return about how many bytes a run takes on the disk."""
    from hidra.ensemble import LABELS
    from hidra.weeks import Weeks

    months = len(Weeks(study.start, study.end).months)
    numbers = (len(study.scenarios) + 1) * study.draws * months * 32 * len(LABELS)
    return numbers * BYTES_PER_NUMBER + SPARE_BYTES


def _fit(study: Study, progress: Progress) -> Posterior:
    from hidra.calibrate import calibrate

    steps = {"emulate": 0, "sample": 1}
    found = calibrate(
        study.mechanisms,
        study.start,
        study.fit.until,
        study.parameters,
        seed=study.seed,
        steps=study.fit.steps,
        progress=lambda step: progress("fit", steps.get(step, 0), len(steps)),
    )
    progress("fit", len(steps), len(steps))
    return found


def _simulate(study: Study, posterior: Posterior, workers: int, progress: Progress) -> xr.Dataset:
    from hidra.ensemble import Plan, ensemble
    from hidra.scenario import Intervention

    changes = tuple(
        (name, Intervention(s.start, s.change, s.dose)) for name, s in study.scenarios.items()
    )
    plan = Plan(
        mechanisms=study.mechanisms,
        start=study.start,
        end=study.end,
        splits_from=month_after(study.fit.until),
        scenarios=changes,
        seed=study.seed,
        draws=study.draws,
    )
    progress("simulation", 0, study.draws)
    return ensemble(
        plan,
        posterior.draws,
        workers=workers,
        progress=lambda done, total: progress("simulation", done, total),
    )


def _tables(study: Study, posterior: Posterior, results: xr.Dataset) -> dict[str, pd.DataFrame]:
    from hidra.calibrate import learnt
    from hidra.study import describe
    from hidra.summary import coverage, difference, summary

    observed = describe.observed(study)
    starts = {name: s.start for name, s in study.scenarios.items()}
    return {
        "summary": summary(results),
        "difference": difference(results, starts),
        "observed": observed,
        "parameters": learnt(posterior, study.mechanisms, study.parameters),
        "coverage": coverage(results, study.fit.until, study.fit.held_out_until),
        "mechanisms": describe.mechanisms(study),
        "scenarios": describe.scenarios(study),
        "sources": describe.sources(observed),
    }


def month_after(month: str) -> str:
    """Return the month after ``YYYY-MM``."""
    year, number = map(int, month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def _limits(language: str, posterior: Posterior) -> list[str]:
    """The limits of every run, and first that of this one where its fit may not be trusted."""
    return [*([] if posterior.trusted else [UNTRUSTED[language]]), *LIMITS[language]]


def _meta(study: Study, posterior: Posterior, out: str | Path) -> dict[str, Any]:
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
        "limits_es": _limits("es", posterior),
        "limits_en": _limits("en", posterior),
        "citation": f"hidra {hidra.__version__} (2026)",
    }


def _manifest(
    study: Study, posterior: Posterior, tables: Mapping[str, pd.DataFrame], meta: dict[str, Any]
) -> dict[str, Any]:
    from hidra.study import describe

    judged = ("rhat", "ess", "divergences", "emulator_error", "emulator_worst", "trusted")
    return {
        "created": meta["created"],
        "command": meta["command"],
        "seed": study.seed,
        "draws": study.draws,
        "mechanisms_on": list(study.mechanisms),
        "scenarios": list(study.scenarios),
        "versions": versions(),
        "source_tables": describe.hashes(list(tables["sources"]["name"])),
        "fit": {name: getattr(posterior, name) for name in judged},
        "limits_es": meta["limits_es"],
        "limits_en": meta["limits_en"],
    }


def _report(tables: Mapping[str, pd.DataFrame], meta: Mapping[str, Any]) -> str:
    from hidra.show.report import build

    return str(build(tables, meta))
