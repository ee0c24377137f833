"""``hidra calibrate``: the fits of a study, with their cost beforehand; a killed one goes on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli.interruptible import interruptible
from hidra.cli.speak import print_json, print_table, progress, remark
from hidra.cli.words import chosen, say

if TYPE_CHECKING:
    import pandas as pd

    from hidra.study import Study


def calibrate(
    study: Annotated[
        Path | None,
        typer.Argument(metavar="[STUDY]", help=say("Study file; the default study if none.")),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=say("Folder of the fits; fits/NAME if none."))
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=0, help=say("Draws of each of two NUTS chains; 0 for the normal approximation.")
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Fit a study; `hidra run STUDY --posterior DIR` takes the fits from there."""
    from hidra.inference.calibrate import learnt
    from hidra.run.fitted import kept_fits
    from hidra.study import Study

    wanted = Study.load(study) if study else Study.default()
    if steps is not None:
        wanted = wanted.with_(fit={**wanted.fit.model_dump(), "steps": steps})
    folder = out or Path("fits") / (study.stem if study else "default")
    interruptible(lambda: _announce(wanted))
    with progress() as show:
        found = interruptible(lambda: kept_fits(wanted, folder, show))
    if as_json:
        fits = {p: fit.judged | {"trusted": fit.trusted} for p, fit in found.items()}
        print_json({"folder": str(folder), "fits": fits})
        return
    for part, fit in found.items():
        _show(part, learnt(fit, wanted.on(), wanted.taught(part).parameters), fit.trusted)
    remark(
        say(
            "Kept. Use them: hidra run {study} --posterior {folder}",
            study=folder / "study.yaml",
            folder=folder,
        )
    )


def _announce(study: Study) -> None:
    """Say how long the fits will take, from a few runs and gradients of each."""
    from hidra.inference.pilot import pilot
    from hidra.study import PARTS

    for part in PARTS:
        cost = pilot(study.taught(part), study.fit.steps)
        remark(
            say(
                "{part}: {run} ms a model run, {gradient} ms a gradient; about {least} to {most}.",
                part=say(f"fit of the {part}"),
                run=f"{1000 * cost.run:.0f}",
                gradient=f"{1000 * cost.gradient:.1f}",
                least=_time(cost.least),
                most=_time(cost.most),
            )
        )


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _show(part: str, table: pd.DataFrame, trusted: bool) -> None:
    right = (say("prior"), say("posterior"))
    words: list[Any] = [
        (
            row["name"],
            f"{row['prior_p05']:.3g} – {row['prior_p95']:.3g}",
            f"{row['p05']:.3g} – {row['p95']:.3g}",
            row[f"words_{chosen()}"],
        )
        for _, row in table.iterrows()
    ]
    verdict = (
        say("The fit passes its own checks.")
        if trusted
        else say("The fit does not pass its own checks: do not trust its intervals.")
    )
    print_table(
        (say("name"), *right, say("what the data say")),
        words,
        title=say(f"fit of the {part}"),
        caption=verdict,
        right=right,
    )
