"""Report and brief of a finished run, told again from its folder alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import hidra
from hidra.run import Run
from hidra.run.execute import meta_of
from hidra.study import Study

#: What the manifest keeps of the run itself, and a new telling must not change.
KEPT = ("created", "command", "warning_es", "warning_en", "limits_es", "limits_en")


def meta(run: Run) -> dict[str, Any]:
    """Return what report and brief say of a run besides its tables."""
    study = Study.load(run.folder / "study.yaml")
    manifest = run.manifest
    kept = {name: manifest[name] for name in KEPT if name in manifest}
    version = manifest.get("versions", {}).get("hidra")
    told = {
        "hidra_version": version, "citation": hidra.cite(version=version),
        "run_id": str(manifest["study_digest"])[:12],
    }  # fmt: skip
    return meta_of(study, {}, run.folder) | (told if version else {}) | kept


def report(run: Run, *, sections: Sequence[str | Path] = ()) -> str:
    """Return the report of a run as one HTML text in two languages.

    Parameters
    ----------
    sections : Python files with sections of one's own (:mod:`hidra.report`).
    """
    from hidra.report.page import build

    return build(run.tables, meta(run), sections=sections)
