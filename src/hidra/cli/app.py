"""The command ``hidra`` and its verbs."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

import hidra
from hidra.cli import (
    about,
    calibrate,
    check,
    forecast,
    mechanisms,
    report,
    reproduce,
    run,
    scenarios,
    score,
    sensitivity,
    serve,
    study,
)
from hidra.cli.words import say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    help=say(
        "Mexico's war on drugs as one system: observed data, a model, scenarios, and their doubt."
    ),
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hidra {hidra.__version__}")
        raise typer.Exit


@app.callback()
def _everywhere(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=say("Show the version.")),
    ] = False,
    lang: Annotated[str | None, typer.Option(help=say("Language of messages: es or en."))] = None,
    debug: Annotated[bool, typer.Option("--debug", help=say("Show the trace of errors."))] = False,
) -> None:
    # --lang and --debug are taken by `main`, wherever they stand; here they are only documented.
    del version, lang, debug


app.command("run", help=say("Run a study: fit, scenarios, tables, report."))(run.run)
app.command("report", help=say("Write the report of a finished run again, or its brief."))(
    report.report
)
app.command("calibrate", help=say("Fit a study and keep the fits; a killed fit goes on."))(
    calibrate.calibrate
)
app.command("scenarios", help=say("List the scenarios that are ready to use."))(scenarios.scenarios)
app.command("simulate", help=say("Simulate scenarios from a posterior that is already there."))(
    scenarios.simulate
)
app.command("compare", help=say("Compare scenarios draw by draw, with no change and each other."))(
    scenarios.compare
)
app.command("reproduce", help=say("Run a published model again from its published parameters."))(
    reproduce.reproduce
)
app.command("forecast", help=say("Forecast monthly counts by place; write the draws."))(
    forecast.forecast
)
app.command("score", help=say("Score the forecasts against what came."))(score.score)
app.command("sensitivity", help=say("Show what drives homicides and disappearances to 2030."))(
    sensitivity.sensitivity
)
app.command("check", help=say("Check an article: what it says, and what the data say."))(
    check.check
)
app.add_typer(study.app, name="study", help=say("Look at, check or begin a study file."))
app.command("mechanisms", help=say("List the mechanisms with their evidence."))(
    mechanisms.mechanisms
)
app.add_typer(mechanisms.new, name="new", help=say("Begin something of your own."))
app.command("serve", help=say("Serve the page: records, claims, the scenario lab."))(serve.serve)
app.command("cite", help=say("How to cite hidra and what it stands on."))(about.cite)
app.command("doctor", help=say("Look at this machine: versions, cores, memory, folders."))(
    about.doctor
)

# Verbs of other rooms, each in its own file with a Typer called `app`.
for _name, _help in (
    ("data", "Official and own data: fetch, check, import, query, cite."),
    ("claims", "Claims and published findings, each tested on the data."),
):
    if find_spec(f"hidra.cli.{_name}"):
        app.add_typer(import_module(f"hidra.cli.{_name}").app, name=_name, help=say(_help))
