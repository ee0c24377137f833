"""The command ``hidra`` and its verbs."""

from __future__ import annotations

from typing import Annotated

import typer

import hidra
from hidra.cli import about, claims, data, evidence, forecast, model, scenarios, serve, study
from hidra.cli.words import say
from hidra.core.i18n import _

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


for _verb, _help in (
    (study.run, say("Run a study: fit, scenarios, tables, report.")),
    (study.report, say("Write the report of a finished run again, or its brief.")),
    (study.calibrate, say("Fit a study and keep the fits; a killed fit goes on.")),
    (scenarios.scenarios, say("List the scenarios that are ready to use.")),
    (scenarios.simulate, say("Simulate scenarios from a posterior that is already there.")),
    (scenarios.compare, say("Compare scenarios draw by draw, with no change and each other.")),
    (model.reproduce, say("Run a published model again from its published parameters.")),
    (forecast.forecast, say("Forecast monthly counts by place; write the draws.")),
    (forecast.score, say("Score the forecasts against what came.")),
    (model.sensitivity, say("Show what drives homicides and disappearances to 2030.")),
    (claims.check, say("Check an article: what it says, and what the data say.")),
    (model.mechanisms, say("List the mechanisms with their evidence.")),
    (data.update, say("Bring official data to the newest cut and say what changed.")),
    (serve.serve, say("Serve the page: records, claims, the scenario lab.")),
    (about.cite, say("How to cite hidra and what it stands on.")),
    (about.verify, say("Make a run again from its manifest, and compare it bit for bit.")),
    (
        about.doctor,
        say("Look at this machine: versions, cores, memory, folders, and all that is kept."),
    ),
):
    app.command(help=_help)(_verb)

for _name, _group, _help in (
    ("study", study.app, say("Look at, check or begin a study file.")),
    ("new", model.new, say("Begin something of your own.")),
    (_("data"), data.app, say("Official and own data: fetch, check, import, query, cite.")),
    ("claims", claims.app, say("Claims and published findings, each tested on the data.")),
    ("evidence", evidence.app, say("Published natural experiments, run again in the model.")),
):
    app.add_typer(_group, name=_name, help=_help)
