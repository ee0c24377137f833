"""``hidra report``: the report of a finished run again, or its two-page brief for the press."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.speak import print_json, remark
from hidra.cli.words import chosen, say


def report(
    run: Annotated[Path, typer.Argument(metavar="RUN", help=say("Folder of a finished run."))],
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", metavar="FILE", help=say("File to write (HTML).")),
    ] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help=say("Two printed pages for the press."))
    ] = False,
    section: Annotated[
        list[Path] | None,
        typer.Option("--section", metavar="FILE", help=say("Python file with a section of yours.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Write the report of a finished run again, or its brief."""
    from hidra.run import Run, telling

    done = Run.open(run)
    text = (
        telling.brief(done, first="en" if chosen() == "en" else "es")
        if brief
        else telling.report(done, sections=section or ())
    )
    name = "brief.html" if brief else "report.html"
    file = telling.keep(text, out or Path(name))
    if as_json:
        print_json({"file": str(file), "bytes": len(text.encode())})
        return
    remark(say("Done. Open {report}", report=file))
