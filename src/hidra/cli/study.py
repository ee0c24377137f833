"""``hidra study``, ``calibrate``, ``run``, ``report``: a study from its file to its report."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli import chosen, say
from hidra.cli.terminal import (
    Cluster,
    Draws,
    Force,
    Json,
    Seed,
    StudyFile,
    Workers,
    group,
    hired,
    interruptible,
    numbers,
    print_json,
    print_table,
    progress,
    remark,
)
from hidra.core.errors import SpecError
from hidra.core.files import refuse_others, write_bytes, write_new, write_text
from hidra.core.i18n import Language, _

if TYPE_CHECKING:
    import pandas as pd

    from hidra.inference.posterior import Posterior
    from hidra.run import Run
    from hidra.study import Study

app = group()


class Paper(StrEnum):
    """Paper of a PDF."""

    letter = "letter"
    a4 = "a4"


def _read(file: Path | None, *, own: bool = False) -> Study:
    from hidra.study import Study

    return Study.load(file, own=own) if file else Study.default()


@app.command("show", help=say("Print a study with every default filled in."))
def show(study: StudyFile = None, as_json: Json = False) -> None:
    """Print a study with every default filled in."""
    found = _read(study)
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        typer.echo(found.yaml(), nl=False)


@app.command("check", help=say("Check a study file without running it."))
def check(study: StudyFile = None, as_json: Json = False) -> None:
    """Check a study file without running it."""
    found = _read(study)
    if as_json:
        print_json({"valid": True, "digest": found.digest()})
    else:
        typer.echo(say("The study is valid. Its name is {digest}.", digest=found.digest()[:12]))
    tell_unopened(found)


def tell_unopened(study: Study) -> None:
    """Say which files of a study that is only looked at were not opened."""
    if study.mechanism_files:
        words = _("Not opened, as they are programs: {names}. `hidra run` runs them.")
        remark(say(words, names=", ".join(study.mechanism_files)))


@app.command("new", help=say("Write a new study file to change: a copy of the default study."))
def new(file: Annotated[Path, typer.Argument(help=say("File to write."))]) -> None:
    """Write a new study file to change: a copy of the default study."""
    from hidra.study import default_text

    write_new(file, default_text())
    remark(say("Written. Check it with: hidra study check {file}", file=file))


def calibrate(
    study: StudyFile = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=say("Folder of the fits; fits/NAME if none."))
    ] = None,
    steps: Annotated[
        int | None,
        typer.Option(
            min=0, help=say("Draws of each of two NUTS chains; 0 for the normal approximation.")
        ),
    ] = None,
    workers: Workers = 1,
    cluster: Cluster = "",
    as_json: Json = False,
) -> None:
    """Fit a study; `hidra run STUDY --posterior DIR` takes the fits from there."""
    from hidra.inference.diagnostics import learnt
    from hidra.run.fitted import kept_fits

    wanted = _read(study, own=True)
    if steps is not None:
        wanted = wanted.with_(fit={**wanted.fit.model_dump(), "steps": steps})
    folder = out or Path("fits") / (study.stem if study else "default")
    interruptible(lambda: _announce(wanted))
    with progress() as show, hired(workers, cluster) as those:
        found = interruptible(lambda: kept_fits(wanted, folder, show, those))
    if as_json:
        fits = {p: fit.told() for p, fit in found.items()}
        print_json({"folder": str(folder), "fits": fits})
        return
    for part, fit in found.items():
        _show(part, learnt(fit, wanted.on(), wanted.taught(part).parameters), fit)
    kept = _("Kept. Use them: hidra run {study} --posterior {folder}")
    remark(say(kept, study=folder / "study.yaml", folder=folder))


def _announce(study: Study) -> None:
    """Say how long the fits will take, from a few runs and gradients of each."""
    from hidra.inference.calibrate import pilot
    from hidra.run.execute import FITS
    from hidra.study import PARTS

    for part in PARTS:
        cost = pilot(study.taught(part), study.fit.steps)
        remark(
            say(
                "{part}: {run} ms a model run, {gradient} ms a gradient; about {least} to {most}.",
                part=say(FITS[part]),
                run=f"{1000 * cost.run:.0f}",
                gradient=f"{1000 * cost.gradient:.1f}",
                least=_time(cost.least),
                most=_time(cost.most),
            )
        )


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _show(part: str, table: pd.DataFrame, fit: Posterior) -> None:
    from hidra.run.execute import FITS

    right = (say("prior"), say("posterior"))
    rows = [
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
        if fit.trusted
        else say("The fit does not pass its own checks: do not trust its intervals.")
    )
    why = "".join(f"\n· {doubt}" for doubt in fit.doubts(chosen()))
    print_table(
        (say("name"), *right, say("what the data say")),
        rows,
        title=say(FITS[part]),
        caption=verdict + why,
        right=right,
    )


def run(
    study: StudyFile = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help=say("Folder of the run; runs/NAME if none."))
    ] = None,
    draws: Draws = None,
    seed: Seed = None,
    workers: Workers = None,
    cluster: Cluster = "",
    force: Force = False,
    posterior: Annotated[
        Path | None,
        typer.Option(metavar="RUN", help=say("Take the fits of an earlier run on the same basis.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a study: fit, scenarios, tables, report."""
    from hidra.run import shard
    from hidra.run.execute import run_study

    wanted = _read(study, own=True)
    many, some = numbers(draws)
    changes = {"draws": many, "seed": seed}
    wanted = wanted.with_(**{name: v for name, v in changes.items() if v is not None})
    folder = out or Path("runs") / (study.stem if study else "default")
    with progress() as show, hired(workers, cluster) as those:
        how: dict[str, Any] = {"workers": those, "posterior": posterior, "progress": show}
        if some is not None:
            apart = some
            tell_shard(interruptible(lambda: shard.of_study(wanted, apart, folder, **how)), as_json)
            return
        if not force:
            refuse_others(folder)
        done = interruptible(lambda: run_study(wanted, folder, force=force, **how))
    _tell(done, as_json)


def merge(
    shards: Annotated[
        list[Path],
        typer.Argument(metavar="SHARD...", help=say("Folders made with --draws FROM:TO.")),
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help=say("Folder of the run."))],
    workers: Workers = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Make one run of the draws of several shards."""
    from hidra.run import shard

    with progress() as show, hired(workers) as those:
        done = interruptible(
            lambda: shard.merge(shards, out, force=force, workers=those, progress=show)
        )
    _tell(done, as_json)


def tell_shard(folder: Path, as_json: bool) -> None:
    """Say where some draws of a run are, and how they become one."""
    if as_json:
        print_json({"folder": str(folder)})
        return
    words = _("Written: {file}. When all draws are there: hidra merge {file} ... --out DIR")
    remark(say(words, file=folder))


def _tell(done: Run, as_json: bool) -> None:
    if as_json:
        print_json({"folder": str(done.folder), **done.manifest})
    elif done.report.is_file():
        remark(say("Done. Open {report}", report=done.report))
    else:
        remark(say("Written: {file}", file=done.folder))


def report(
    run: Annotated[
        Path | None,
        typer.Argument(metavar="[RUN]", help=say("Folder of a finished run; a brief needs none.")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help=say("File to write: HTML, or PDF.")),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help=say("Two printed pages for the press."))
    ] = False,
    place: Annotated[
        str,
        typer.Option(metavar="PLACE", help=say("Brief of a state or municipality: code or name.")),
    ] = "",
    note: Annotated[
        str, typer.Option(metavar="FILE|TEXT", help=say("Your own words, first on the brief."))
    ] = "",
    logo: Annotated[
        Path | None, typer.Option(metavar="FILE", help=say("Your mark: PNG, JPEG or SVG."))
    ] = None,
    contact: Annotated[str, typer.Option(help=say("Whom to ask, at the end of the brief."))] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help=say("Print it to a PDF."))] = False,
    paper: Annotated[Paper, typer.Option(help=say("Paper of the PDF."))] = Paper.letter,
    whole: Annotated[
        bool, typer.Option("--whole", help=say("In the PDF, print what the page folds, too."))
    ] = False,
    section: Annotated[
        list[Path] | None,
        typer.Option("--section", metavar="FILE", help=say("Python file with a section of yours.")),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the report of a finished run again, or a brief."""
    language: Language = "en" if chosen() == "en" else "es"
    file = _page_or_pdf(out or Path(f"{'brief' if brief else 'report'}.{'pdf' if pdf else 'html'}"))
    if brief:
        from hidra.web.page import brief as sheets

        own = sheets.own(note, logo, contact)
        text = sheets.html(_code(place), run, first=language, own=own)
    else:
        text = _report(None if place or note or logo or contact else run, section or ())
    pdf = pdf or file.suffix.lower() == ".pdf"
    if pdf:
        from hidra.report import page

        content = page.pdf(text, language=language, paper=paper.value, whole=whole)
        file = write_bytes(file, content)
    else:
        content = text.encode()
        file = write_text(file, text)
    if as_json:
        print_json({"file": str(file), "bytes": len(content)})
        return
    remark(say("Done. Open {report}", report=file))


def _page_or_pdf(file: Path) -> Path:
    """Refuse a name that says neither of the two."""
    if file.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise SpecError(
            _("'{name}' ends neither in .html nor in .pdf.", name=file.name),
            where="--out",
            fix=_("Write --out {name}.html, or {name}.pdf.", name=file.stem),
        )
    return file


def _code(place: str) -> str:
    from hidra.core.place import find

    return place if place.isdecimal() or not place else find(place).code


def _report(run: Path | None, own_sections: Sequence[Path]) -> str:
    from hidra.run import Run, execute

    if run is None:
        raise SpecError(
            say("A report is of a run; place, note, logo and contact are of a brief."),
            where="hidra report",
            fix=say("Name the folder of a run, or add --brief."),
        )
    return execute.report_again(Run.open(run), sections=own_sections)
