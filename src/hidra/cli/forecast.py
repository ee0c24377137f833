"""``hidra forecast`` and ``score``: draws of the months after an origin, and their scores."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli import say
from hidra.cli.terminal import (
    Cluster,
    Json,
    Workers,
    hired,
    print_json,
    print_table,
    progress,
    remark,
)
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import _

if TYPE_CHECKING:
    from hidra.core.workers import Progress
    from hidra.core.workers import Workers as WhoWorks
    from hidra.forecast.backtest import Protocol
    from hidra.forecast.history import Nowcast

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
    months: Annotated[int, typer.Option(min=1, help=say("How many months after the origin."))] = 14,
    level: Level = "state",
    measure: Measure = "inegi_homicides",
    draws: Annotated[int, typer.Option(min=1, help=say("Draws of each place and month."))] = 1000,
    seed: Annotated[
        int, typer.Option(min=0, max=2**32 - 1, help=say("Seed of all random numbers."))
    ] = 1,
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
    from hidra.forecast import asked, known_at, quantiles, rows
    from hidra.forecast.history import completed
    from hidra.forecast.means import Hindcasts, cache_folder
    from hidra.forecast.models import ALL

    if model not in ALL:
        raise unknown(_("forecast"), model, ALL, where="--model")
    known = completed(known_at(origin, measure, level), level)
    _print_completed(known)

    def first() -> None:
        if ALL[model].joint:  # the others take seconds
            remark(say("Forecasting from earlier origins first: a minute, kept for the next time."))

    ask = asked(known.history, months, draws, seed, Hindcasts(cache_folder(), first))
    found = rows(ALL[model], ask)
    if out.suffix == ".csv":
        write_csv(out, quantiles(found).assign(measure=measure))
    else:
        write_parquet(out, found.assign(measure=measure))
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
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]", help=say("A forecast of your own: .csv, .parquet, .xlsx.")
        ),
    ] = None,
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
    origin: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM", help=say("With FILE: the last month it knew, where no column says.")
        ),
    ] = None,
    beside: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help=say("With FILE: a forecast of hidra to compare with.")),
    ] = None,
    workers: Workers = None,
    cluster: Cluster = "",
    as_json: Json = False,
) -> None:
    """Score every forecast against what came."""
    if file is not None:
        _own(file, measure, origin, beside, as_json)
        return
    from hidra.forecast.backtest import SEEDS, protocol, rolled
    from hidra.forecast.pages import write_pages
    from hidra.forecast.scores import summary

    plan = protocol(measure, level)
    with progress() as show, hired(workers, cluster) as those:
        explained = _with_rivals(plan, pages, kept, show, those) if rivals else []
        found = rolled(plan, progress=show, workers=those)
    for page in write_pages(pages, plan, found, SEEDS) if pages else ():
        remark(say("Written: {file}", file=page))
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


def _own(
    file: Path, measure: str, origin: str | None, beside: list[str] | None, as_json: bool
) -> None:  # fmt: skip
    """Score a forecast of the user's own beside ours, from its own origins."""
    from hidra.forecast import own

    with progress() as show:
        found = own.score(file, measure, origin=origin, beside=beside or own.BESIDE, progress=show)
    rows = found.astype(object).where(found.notna(), None).to_dict("records")
    if as_json:
        print_json({**found.attrs, "scores": rows})
        return
    columns = [str(one) for one in found.columns if one != "forecast"]
    print_table(
        (say("forecast"), *columns),
        [
            (
                str(row["forecast"]),
                *(f"{row[n]:.3f}" if isinstance(row[n], float) else say(str(row[n] or ""))
                  for n in columns),
            )
            for row in rows
        ],
        title=f"{measure}: {', '.join(found.attrs['origins'])}",
        caption=say("Persons a month; lower is better. gap: yours minus it, with 95 % interval."),
        right=columns,
    )  # fmt: skip
    if found.attrs["unscored"]:
        remark(say("Not scored, not known yet: {n}.", n=found.attrs["unscored"]))


def _with_rivals(
    plan: Protocol, pages: Path | None, kept: bool, show: Progress, workers: WhoWorks
) -> list[dict[str, Any]]:
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
    found = explanations.scored(plan, show, names, workers=workers)
    for file in write_explanations(pages, plan, found, SEEDS) if pages else ():
        remark(say("Written: {file}", file=file))
    return explanations.told(plan, found)
