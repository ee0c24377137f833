"""``hidra score``: forecasts against what came, from rolling origins."""

from __future__ import annotations

from typing import Annotated

import typer

from hidra.cli.speak import print_json, print_table, progress
from hidra.cli.words import say

COLUMNS = ("crps", "ign", "mis90", "coverage50", "coverage90")


def score(
    measure: Annotated[
        str, typer.Option(help=say("inegi_homicides or sesnsp_homicide_victims."))
    ] = "inegi_homicides",
    level: Annotated[str, typer.Option(help=say("state or municipality."))] = "state",
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Score every forecast against what came."""
    from hidra.forecast.models import ALL
    from hidra.score.compare import summary
    from hidra.score.protocol import protocol
    from hidra.score.rolling import rolled

    with progress() as show:
        found = rolled(protocol(measure, level), tuple(ALL.values()), SEEDS, show)
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


SEEDS = (1,)
