"""``hidra sensitivity``: what drives homicides and disappearances to 2030."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli.speak import print_json, print_table, remark
from hidra.cli.words import chosen, say
from hidra.core.errors import SpecError, lacking

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 8
SMALLEST = 8  # base samples: below, single parameters cannot be screened


def sensitivity(
    samples: Annotated[
        int,
        typer.Option(
            "--samples",
            metavar="N",
            help=say("Run it again with N base samples, a power of two; 0 shows the kept result."),
        ),
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
) -> None:
    """Show what drives homicides and disappearances to 2030."""  # fmt: skip
    from hidra.inference.sensitivity import kept

    found, told = (kept.table(), kept.manifest()) if not samples else again(samples)
    if as_json:
        rows = found.astype(object).where(found.notna(), None).to_dict("records")
        print_json({"manifest": told, "sensitivity": rows})
        return
    for measure, part in found.groupby("measure", sort=False):
        groups = part[part["level"] == "group"].sort_values("total", ascending=False).head(SHOWN)
        print_table(
            (say("what drives it"), say("in all, %"), say("alone, %")),
            [_row(row) for row in groups.to_dict("records")],
            caption=say(LABELS[str(measure)]),
        )
    remark(say("Shares of the variance, with 90 % intervals. More: hidra sensitivity --json"))


LABELS = {
    "inegi_homicides_expected": "Homicides to 2030, nation",
    "disappeared": "Disappearances to 2030, nation",
}


def again(samples: int) -> tuple[pd.DataFrame, dict[str, object]]:
    """Run the design again on the posterior that comes with hidra."""
    from importlib.util import find_spec

    if samples < SMALLEST or samples & (samples - 1):
        raise SpecError(
            f"A design of {samples} base samples is not balanced.",
            where="--samples",
            fix="Give a power of two, 8 or more, for example 64.",
        )
    if find_spec("SALib") is None:
        raise lacking("sensitivity", where="hidra sensitivity --samples")
    from hidra.inference.sensitivity.system import run

    return run(samples, lambda done, total: remark(f"{done}/{total}"))


def _row(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    def share(what: str) -> str:
        middle, high = round(100 * row[what]), round(100 * row[f"{what}_hi"])
        return f"{middle}±{high - middle}".replace("-", "\u2212")  # the intervals are symmetric

    return (str(row[f"title_{chosen()}"]), share("total"), share("first"))
