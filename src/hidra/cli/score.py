"""``hidra score``: forecasts against what came, from rolling origins."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli.speak import print_json, print_table, progress, remark
from hidra.cli.words import say
from hidra.core.errors import SpecError

if TYPE_CHECKING:
    from hidra.forecast.backtest import Protocol

COLUMNS = ("crps", "ign", "mis90", "coverage50", "coverage90")


def score(
    measure: Annotated[
        str, typer.Option(help=say("inegi_homicides or sesnsp_homicide_victims."))
    ] = "inegi_homicides",
    level: Annotated[str, typer.Option(help=say("state or municipality."))] = "state",
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
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
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
            "The mechanisms of the rivals run on the 32 states.",
            where="--rivals",
            fix="Leave out --level municipality, or --rivals.",
        )
    if not explanations.started(plan):
        raise SpecError(
            "The mechanisms start from monthly counts since 2012; these begin later.",
            where="--rivals",
            fix="Use --measure inegi_homicides, or leave out --rivals.",
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
