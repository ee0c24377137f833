"""The command ``hidra`` and its verbs; ``serve`` and ``publish``: the page here, and as files."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from typer.main import get_command

import hidra
from hidra.cli import about, claims, data, evidence, forecast, model, say, scenarios, study
from hidra.cli.terminal import Json, Workers, cores, interruptible, print_json, progress, remark
from hidra.core.errors import ASKED
from hidra.core.i18n import _

#: Types of options that are numbers, and how a text that is none is called.
WRONG = {int: "int_parsing", float: "float_parsing"}
WHAT = say(
    "Mexico's war on drugs as one system: observed data, a model, scenarios, and their doubt."
)
app = typer.Typer(
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    help=WHAT,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hidra {hidra.__version__}")
        raise typer.Exit


#: Verbs to begin with, shown by ``hidra`` alone.
FIRST = ("serve", "claims show", "check", "data status", "simulate")
#: An example of each verb, the last line of its help. Tests read each of them.
EXAMPLES = {
    "run": "hidra run --draws 40 --out runs/first",
    "merge": "hidra merge runs/a runs/b --out runs/both",
    "report": "hidra report --brief --place 11",
    "calibrate": "hidra calibrate --steps 500",
    "scenarios": "hidra scenarios",
    "simulate": "hidra simulate half_recruitment --draws 20 --out runs/recruits",
    "compare": "hidra compare half_recruitment double_enforcement --draws 20 --out runs/two",
    "reproduce": "hidra reproduce science2023 --scale recruitment=0.8",
    "forecast": "hidra forecast --months 12 --out forecast.csv",
    "score": "hidra score forecast.csv --origin 2021-10",
    "sensitivity": "hidra sensitivity",
    "check": "hidra check article.txt --date 2024-10-09",
    "mechanisms": "hidra mechanisms",
    "update": "hidra update sesnsp_victims",
    "serve": "hidra serve --port 8642",
    "publish": "hidra publish site --address https://example.org/hidra",
    "cite": "hidra cite --form bibtex",
    "verify": "hidra verify runs/default --files",
    "doctor": "hidra doctor",
    "bench": "hidra bench states --json",
    "study show": "hidra study show",
    "study check": "hidra study check mine.yaml",
    "study new": "hidra study new mine.yaml",
    "new mechanism": "hidra new mechanism drought --to .",
    "data status": "hidra data status",
    "data fetch": "hidra data fetch inegi_deaths --years 2020-2022",
    "data add": "hidra data add IDVFC.csv",
    "data import": "hidra data import victims.xlsx --dry-run",
    "data check": "hidra data check",
    "data diff": "hidra data diff 2026-10-01 2026-11-21 --cells",
    "data sql": 'hidra data sql "FROM panel LIMIT 5"',
    "data remove": "hidra data remove inegi_deaths --yes",
    "data export": "hidra data export --to panel --level state",
    "data cite": "hidra data cite",
    "claims list": "hidra claims list",
    "claims run": "hidra claims run official-fall-37",
    "claims show": "hidra claims show official-fall-37",
    "claims designs": "hidra claims designs",
    "claims events": "hidra claims events events.csv --outcome inegi_homicides",
    "claims new": "hidra claims new mine.yaml",
    "evidence list": "hidra evidence list",
    "evidence show": "hidra evidence show ban_border",
    "evidence run": "hidra evidence run ban_border",
    "evidence fit": "hidra evidence fit ban_border --points 16",
}


def command() -> Any:
    """Return the whole command line, with an example at the end of each verb's help.

    Whatever verb it is of, a number reads as in every other text from outside, and a list of
    verbs tells the whole first sentence of each, wrapped and never cut.
    """
    whole = get_command(app)
    _read_numbers(whole)
    _whole_sentences(whole)
    for name, line in EXAMPLES.items():
        one: Any = whole
        for word in name.split():
            one = one.commands[word]
        one.epilog = f"{say('Example')}: {line}"
    return whole


def _whole_sentences(group: Any) -> None:
    for one in group.commands.values():
        one.short_help = (one.help or "").partition("\n\n")[0]
        if hasattr(one, "commands"):
            _whole_sentences(one)


def _read_numbers(verb: Any) -> None:
    """Let the options of a verb, and of those under it, refuse ``1_000``, ``nan`` and ``٣``."""
    for one in verb.params:
        if one.type_descriptor.annotation in WRONG:
            one.process_value = partial(_number, one, one.process_value)
    for under in getattr(verb, "commands", {}).values():
        _read_numbers(under)


def _number(one: Any, take: Callable[[Any, Any], Any], context: Any, value: Any) -> Any:
    from hidra.core import param

    kind = one.type_descriptor.annotation
    if isinstance(value, str):
        try:
            if value != value.strip():
                raise ValueError(value)
            value = param.whole(value) if kind is int else param.number(value)
        except ValueError:
            raise typer.BadParameter(ASKED[WRONG[kind]], ctx=context, param=one) from None
    return take(context, value)


@app.callback()
def _everywhere(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help=say("Show the version.")),
    ] = False,
    lang: Annotated[str | None, typer.Option(help=say("Language of messages: es or en."))] = None,
    debug: Annotated[bool, typer.Option("--debug", help=say("Show the trace of errors."))] = False,
) -> None:
    # --lang and --debug are taken by `main`, wherever they stand; here they are only documented.
    del version, lang, debug
    if context.invoked_subcommand is None:
        _greet()


def _greet() -> None:
    """Say what hidra is, and how to begin."""
    typer.echo(f"hidra {hidra.__version__}\n\n{say(WHAT)}\n\n{say('To begin with:')}\n")
    whole = command()
    for name in FIRST:
        one: Any = whole
        for word in name.split():
            one = one.commands[word]
        about = (one.help or "").splitlines()[0]
        typer.echo(f"  {EXAMPLES[name]}\n      {say(about)}")
    typer.echo(f"\n{say('All commands: hidra --help. In Spanish: hidra --lang es.')}")


USUAL = Path("runs/default")  # the run that pages show where it stands and none is named
Shown = Annotated[
    Path | None,
    typer.Option(
        help=say("Finished run whose simulations stand beside the records."),
        show_default=str(USUAL),
    ),
]


def _shown(run: Path | None) -> Path:
    """Return the run that pages show; one that is named has to stand there, whole."""
    if run is not None:
        from hidra.run import Run

        Run.open(run)
    return (run or USUAL).absolute()


def serve(
    port: Annotated[
        int, typer.Option(min=0, max=65535, help=say("Port; 0 takes any that is free."))
    ] = 8642,
    host: Annotated[
        str, typer.Option(help=say("Address to listen on; only this machine by default."))
    ] = "127.0.0.1",
    allow_fetch: Annotated[
        bool,
        typer.Option(
            "--allow-fetch", help=say("Let readers give an address of an article to check.")
        ),
    ] = False,
    run: Shown = None,
    base_path: Annotated[
        str,
        typer.Option(
            metavar="/PATH", help=say("Path, or whole address, where a proxy shows the page.")
        ),
    ] = "",
) -> None:
    """Serve the page until Ctrl-C; its address is printed."""
    from hidra.web import serve as server
    from hidra.web.site import LOOPBACK, Settings

    shown = urlsplit(base_path)
    base = f"/{shown.path.strip('/')}" if shown.path.strip("/") else ""
    hosts = (*server.hosts(host), *filter(None, [shown.hostname]))
    settings = Settings(
        allow_fetch=allow_fetch, hosts=hosts, run=_shown(run), base_path=base,
        allow_import=host in LOOPBACK and not base_path,
    )  # fmt: skip
    server.serve(settings, host, port, begin=interruptible)


def publish(
    target: Annotated[Path, typer.Argument(metavar="DIR", help=say("Folder of the site."))],
    address: Annotated[
        str, typer.Option(metavar="URL", help=say("Where it will lie; for previews and snippets."))
    ] = "",
    run: Shown = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Write the whole site as files, in both languages."""
    from hidra.web.publish import publish as written
    from hidra.web.site import Settings

    settings = Settings(run=_shown(run), warm=False)
    with progress() as show:
        counts = interruptible(
            lambda: written(
                target, settings, address=address, workers=workers or min(cores(), 4),
                progress=show,
            )
        )  # fmt: skip
    if as_json:
        print_json(counts)
        return
    counts["megabytes"] = round(counts["bytes"] / 1e6)
    remark(say("{pages} pages, {files} files, {megabytes} MB: open index.html.", **counts))


for _verb, _help in (
    (study.run, say("Run a study: fit, scenarios, tables, report.")),
    (study.merge, say("Make one run of shards, draws made apart on several machines.")),
    (study.report, say("Write the report of a finished run again, or a brief of a place.")),
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
    (serve, say("Serve the page: records, claims, the scenario lab.")),
    (publish, say("Write the whole site as files that any web host serves.")),
    (about.cite, say("How to cite hidra and what it stands on.")),
    (about.verify, say("Make a run again from its manifest, and compare it bit for bit.")),
    (about.bench, say("Measure what hidra costs on this machine, beside its peers.")),
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
