"""``hidra score``: forecasts against what came, from rolling origins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.speak import print_json, print_table, progress, remark
from hidra.cli.words import say

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
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Score every forecast against what came."""
    from hidra.score.compare import summary
    from hidra.score.page import write_pages
    from hidra.score.protocol import protocol
    from hidra.score.rolling import SEEDS, rolled

    plan = protocol(measure, level)
    with progress() as show:
        found = rolled(plan, progress=show)
    for file in write_pages(pages, plan, found, SEEDS) if pages else ():
        remark(say("Written: {file}", file=file))
    rows = summary(found)
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
