"""``hidra forecast`` and ``score``: draws of the months after an origin, and their scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli.terminal import Json, print_json, print_table, progress, remark
from hidra.cli.words import say
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    from hidra.forecast.backtest import Protocol
    from hidra.forecast.nowcast import Nowcast

Level = Annotated[str, typer.Option(help=say("state or municipality."))]
Measure = Annotated[str, typer.Option(help=say("Any monthly count of the panel, your own too."))]
COLUMNS = ("crps", "ign", "mis90", "coverage50", "coverage90")


def forecast(
    out: Annotated[
        Path, typer.Option(metavar="FILE", help=say("Draws as .parquet, or quantiles as .csv."))
    ],
    origin: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help=say("Last month of data used; the newest if none.")),
    ] = None,
    months: Annotated[int, typer.Option(help=say("How many months after the origin."))] = 14,
    level: Level = "state",
    measure: Measure = "inegi_homicides",
    draws: Annotated[int, typer.Option(help=say("Draws of each place and month."))] = 1000,
    seed: Annotated[int, typer.Option(help=say("Seed of all random numbers."))] = 1,
    model: Annotated[
        str, typer.Option(help=say("Which forecast; hidra is the default."))
    ] = "hidra",
) -> None:
    """Forecast monthly counts by place; writes place, month, draw, value, or their quantiles."""
    if out.suffix not in (".parquet", ".csv"):
        raise SpecError(
            _("'{name}' ends neither in .parquet nor in .csv.", name=out.name),
            where="--out",
            fix=_("Write --out forecast.parquet for the draws, forecast.csv for quantiles."),
        )
    if out.is_dir():
        raise SpecError(_("That is a folder."), where=f"--out {out}", fix=_("Name a file in it."))
    from hidra.core.files import write_csv, write_parquet
    from hidra.forecast import nowcast, table
    from hidra.forecast.hindcasts import Hindcasts, cache_folder
    from hidra.forecast.models import ALL

    if model not in ALL:
        raise unknown(_("forecast"), model, ALL, where="--model")
    known = nowcast.completed(table.known_at(origin, measure, level), level)
    _print_completed(known)
    remark(say("Forecasting from earlier origins first: a minute, kept for the next time."))
    ask = table.asked(known.history, months, draws, seed, Hindcasts(cache_folder()))
    rows = table.forecast(ALL[model], ask)
    if out.suffix == ".csv":
        write_csv(out, table.quantiles(rows))
    else:
        write_parquet(out, rows)
    remark(say("Written: {file}", file=out))


def _print_completed(known: Nowcast) -> None:
    """Say which of the newest months were bridged or completed, and which stand short."""
    from hidra.forecast.history import month

    if known.history.bridged is not None and known.history.bridged <= known.history.origin:
        remark(
            say(
                "From {first} to {last} INEGI has no full count: case files (SESNSP) stand in, "
                "times what INEGI counted for each of them in the year before, by state.",
                first=known.history.bridged,
                last=known.history.origin,
            )
        )
    if known.factors:
        remark(
            say(
                "{count} months completed by what later cuts added, the last one times {factor}.",
                count=len(known.factors),
                factor=f"{list(known.factors.values())[-1]:.2f}",
            )
        )
    if known.short:
        remark(
            say(
                "Provisional or undercounted, left as published: {first} to {last}; there is no "
                "second cut to learn the delay from. Final figures only: --origin {before}.",
                first=known.short[0],
                last=known.short[-1],
                before=month(known.short[0]) - 1,
            )
        )


def score(
    measure: Measure = "inegi_homicides",
    level: Level = "state",
    pages: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help=say("Also write the tables as pages, in en and es.")),
    ] = None,
    rivals: Annotated[
        bool, typer.Option("--rivals", help=say("Also the rival explanations V0-V6: long."))
    ] = False,
    kept: Annotated[
        bool,
        typer.Option("--kept", help=say("With --rivals: fit nothing, score what has been fitted.")),
    ] = False,
    as_json: Json = False,
) -> None:
    """Score every forecast against what came."""
    from hidra.forecast.backtest import SEEDS, protocol, rolled
    from hidra.forecast.pages import write_pages
    from hidra.forecast.scores import summary

    plan = protocol(measure, level)
    explained = _with_rivals(plan, pages, kept) if rivals else []
    with progress() as show:
        found = rolled(plan, progress=show)
    for file in write_pages(pages, plan, found, SEEDS) if pages else ():
        remark(say("Written: {file}", file=file))
    rows = sorted([*summary(found), *explained], key=lambda row: row["crps"])
    if as_json:
        print_json(rows)
        return
    print_table(
        (say("forecast"), *COLUMNS),
        [(row["model"], *(f"{row[name]:.3f}" for name in COLUMNS)) for row in rows],
        title=f"{measure}, {level}",
        caption=say("Lower is better; coverage should be .50 and .90."),
        right=COLUMNS,
    )


def _with_rivals(plan: Protocol, pages: Path | None, kept: bool) -> list[dict[str, Any]]:
    """Score the rival explanations, say how long it takes, and write their page."""
    from hidra.forecast import explanations
    from hidra.forecast.backtest import SEEDS
    from hidra.forecast.pages import write_explanations

    if plan.level != "state":
        raise SpecError(
            _("The mechanisms of the rivals run on the 32 states."),
            where="--rivals",
            fix=_("Leave out --level municipality, or --rivals."),
        )
    if not explanations.started(plan):
        raise SpecError(
            _("The mechanisms start from monthly counts since 2012; these begin later."),
            where="--rivals",
            fix=_("Use --measure inegi_homicides, or leave out --rivals."),
        )
    names = explanations.ready(plan) if kept else explanations.ALL_EXPLANATIONS
    wanting = len(explanations.waiting(plan, names))
    remark(
        say(
            "{count} fits are wanting, about {minutes} minutes of a core; each is kept.",
            count=wanting,
            minutes=round(wanting * explanations.MINUTES_A_FIT),
        )
    )
    with progress() as show:
        found = explanations.scored(plan, show, names)
    for file in write_explanations(pages, plan, found, SEEDS) if pages else ():
        remark(say("Written: {file}", file=file))
    return explanations.told(plan, found)
