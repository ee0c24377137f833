"""``hidra forecast``: draws of the months after an origin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hidra.cli.speak import remark
from hidra.cli.words import say
from hidra.core.errors import SpecError, unknown

if TYPE_CHECKING:
    from hidra.forecast.nowcast import Nowcast


def forecast(
    origin: Annotated[str, typer.Option(metavar="YYYY-MM", help=say("Last month of data used."))],
    out: Annotated[Path, typer.Option(metavar="FILE.parquet", help=say("File to write."))],
    months: Annotated[int, typer.Option(help=say("How many months after the origin."))] = 14,
    level: Annotated[str, typer.Option(help=say("state or municipality."))] = "state",
    measure: Annotated[
        str, typer.Option(help=say("inegi_homicides or sesnsp_homicide_victims."))
    ] = "inegi_homicides",
    draws: Annotated[int, typer.Option(help=say("Draws of each place and month."))] = 1000,
    seed: Annotated[int, typer.Option(help=say("Seed of all random numbers."))] = 1,
    model: Annotated[
        str, typer.Option(help=say("Which forecast; hidra is the default."))
    ] = "hidra",
) -> None:
    """Forecast monthly counts by place; writes place, month, draw, value."""
    if out.suffix != ".parquet":
        raise SpecError(
            f"'{out.name}' does not end in .parquet.",
            where="--out",
            fix="Write for example --out forecast.parquet.",
        )
    if out.is_dir():
        raise SpecError("That is a folder.", where=f"--out {out}", fix="Name a file in it.")
    from hidra.core.files import write_parquet
    from hidra.forecast import nowcast, table
    from hidra.forecast.backtest import cache_folder
    from hidra.forecast.hindcasts import Hindcasts
    from hidra.forecast.models import ALL

    if model not in ALL:
        raise unknown("forecast", model, ALL, where="--model")
    known = nowcast.completed(table.known_at(origin, measure, level), level)
    _tell(known)
    remark(say("Forecasting from earlier origins first: a minute, kept for the next time."))
    rows = table.forecast(
        ALL[model], known.history, months, Hindcasts(cache_folder()), draws=draws, seed=seed
    )
    write_parquet(out, rows)
    remark(say("Written: {file}", file=out))


def _tell(known: Nowcast) -> None:
    """Say which of the newest months were completed, and which stand short."""
    from hidra.forecast.history import month

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
