"""``hidra reproduce``: published results, run again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli.speak import print_json, print_table
from hidra.cli.words import say
from hidra.core.errors import SpecError, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

PUBLISHED = ("science2023",)
MEANING = {
    "rho": "recruitment",
    "eta": "enforcement",
    "theta": "lethality",
    "omega": "saturation",
}


def reproduce(
    name: Annotated[str, typer.Argument(help=say("Which one: science2023."))],
    scale: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=FACTOR",
            help=say("Multiply rho, eta, theta or omega from 2022 on; may be given several times."),
        ),
    ] = None,
    years: Annotated[float, typer.Option(help=say("Length of the scenarios, years."))] = 5.0,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Run a published model again from its published parameters."""
    if name not in PUBLISHED:
        raise unknown("published model", name, PUBLISHED, where="hidra reproduce")
    factors = factors_of(scale or ())
    if not (math.isfinite(years) and 0 < years <= 100):
        raise SpecError(
            f"The scenarios cannot last {years:g} years.",
            where="--years",
            fix="Give a number above 0 and up to 100.",
        )
    from hidra.model.reproduce import science2023

    found = science2023(scale=factors, years=years)
    if as_json:
        print_json(found)
    else:
        _show(found, years)


def factors_of(scales: Iterable[str]) -> dict[str, float]:
    """Read ``NAME=FACTOR`` pairs: known names once each, factors above zero."""
    factors: dict[str, float] = {}
    for pair in scales:
        name, _, text = pair.partition("=")
        where = f"--scale {pair}"
        if name not in MEANING:
            raise unknown("parameter to scale", name, MEANING, where=where)
        if name in factors:
            raise SpecError(f"'{name}' is scaled twice.", where=where, fix="Give each name once.")
        factors[name] = _factor(text, where)
    return factors


def _factor(text: str, where: str) -> float:
    try:
        factor = float(text)
    except ValueError:
        factor = math.nan
    if not (math.isfinite(factor) and factor > 0):
        raise SpecError(
            f"A factor must be a number above zero, not '{text}'.",
            where=where,
            fix="Write for example --scale rho=0.8 for a fifth less recruitment.",
        )
    return factor


def _show(found: dict[str, Any], years: float) -> None:
    print_table(
        ("", "2012", "2022"),
        (
            (say("members"), f"{found['members_2012']:,.0f}", f"{found['members_2022']:,.0f}"),
            (
                say("deaths per week"),
                f"{found['deaths_per_week_2012']:,.1f}",
                f"{found['deaths_per_week_2022']:,.1f}",
            ),
        ),
        title="Prieto-Curiel, Campedelli & Hope 2023",
        right=("2012", "2022"),
    )
    numbers = (say("members"), say("change"), say("deaths per week"), say("change "))
    print_table(
        (say("scenario"), *numbers),
        [
            (
                name,
                f"{s['size']:,.0f}",
                f"{s['size_change']:+.1f} %",
                f"{s['deaths_per_week']:,.1f}",
                f"{s['deaths_change']:+.1f} %",
            )
            for name, s in found["scenarios"].items()
        ],
        title=say("After {years} years, against January 2022", years=f"{years:g}"),
        caption=say("Conditional projections of a published model, not forecasts."),
        right=numbers,
    )
