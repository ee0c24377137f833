"""``hidra study``: look at, check or begin a study file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.speak import print_json, remark
from hidra.cli.words import say
from hidra.core.files import write_new

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

_File = Annotated[
    Path | None,
    typer.Argument(metavar="[STUDY]", help=say("Study file; the default study if none.")),
]
_Json = Annotated[bool, typer.Option("--json", help=say("Print JSON only."))]


@app.command("show", help=say("Print a study with every default filled in."))
def show(study: _File = None, as_json: _Json = False) -> None:
    """Print a study with every default filled in."""
    from hidra.study import Study

    found = Study.load(study) if study else Study.default()
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        typer.echo(found.yaml(), nl=False)


@app.command("check", help=say("Check a study file without running it."))
def check(study: _File = None, as_json: _Json = False) -> None:
    """Check a study file without running it."""
    from hidra.study import Study

    found = Study.load(study) if study else Study.default()
    if as_json:
        print_json({"valid": True, "digest": found.digest()})
    else:
        typer.echo(say("The study is valid. Its name is {digest}.", digest=found.digest()[:12]))


@app.command("new", help=say("Write a new study file to change: a copy of the default study."))
def new(file: Annotated[Path, typer.Argument(help=say("File to write."))]) -> None:
    """Write a new study file to change: a copy of the default study."""
    from hidra.study import default_text

    write_new(file, default_text())
    remark(say("Written. Check it with: hidra study check {file}", file=file))
