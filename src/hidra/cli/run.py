"""``hidra run``: a study from data to report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.about import cores
from hidra.cli.interruptible import interruptible
from hidra.cli.speak import print_json, progress, remark
from hidra.cli.words import say


def run(
    study: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDY]", help=say("Study file; the default study if none.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=say("Folder of the run; runs/NAME if none."))
    ] = None,
    draws: Annotated[int | None, typer.Option(help=say("Number of ensemble members."))] = None,
    seed: Annotated[int | None, typer.Option(help=say("Seed of all random numbers."))] = None,
    workers: Annotated[
        int | None, typer.Option(help=say("Processes to use; changes no number."))
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help=say("Replace the run of another study in that folder."))
    ] = False,
    posterior: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help=say("Take the fits of an earlier run on the same basis.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Run a study: fit, scenarios, tables, report."""
    from hidra.run.execute import run_study
    from hidra.study import Study

    wanted = Study.load(study) if study else Study.default()
    changes = {"draws": draws, "seed": seed}
    wanted = wanted.with_(**{name: v for name, v in changes.items() if v is not None})
    folder = out or Path("runs") / (study.stem if study else "default")
    with progress() as show:
        done = interruptible(
            lambda: run_study(
                wanted,
                folder,
                workers=workers or cores(),
                force=force,
                posterior=posterior,
                progress=show,
            )
        )
    if as_json:
        print_json({"folder": str(done.folder), **done.manifest})
        return
    remark(say("Done. Open {report}", report=done.report))
