"""Telling what came in and what was found, to people and to other programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from hidra.cli.speak import print_json, print_table, remark
from hidra.cli.words import say

if TYPE_CHECKING:
    from hidra.data.keeping import Receipt


def print_rows(columns: list[str], rows: list[list[str]], right: Sequence[str] = ()) -> None:
    """Print a table on a terminal, and lines with tabs where another program reads."""
    if sys.stdout.isatty():
        print_table(columns, rows, right=right)
        return
    for row in [columns, *rows]:
        print("\t".join(row))


def tell(receipts: Sequence[Receipt], as_json: bool) -> None:
    """Say what each write did: rows and totals per measure, notes, warnings."""
    if as_json:
        print_json([asdict(one) for one in receipts])
        return
    for one in receipts:
        for entry in one.series:
            remark(
                say(
                    "{source}, {measure}: {rows} rows, {first} to {last}, total {total}",
                    source=one.source, measure=entry["measure"], rows=entry["rows"],
                    first=entry["first_month"], last=entry["last_month"],
                    total=cell(entry["total"]),
                )
            )  # fmt: skip
        for item in one.notes:
            remark(f"  {item['kind']}: {item['detail']} ({cell(item['n'])})")
        for warning in one.warnings:
            remark(f"  {say('look')}: {warning}")
        if not one.rows:
            remark(say("Nothing new: these rows were in the panel already."))


def cell(value: object) -> str:
    """Return a value as a cell of text; unknown is empty."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else f"{value:.6g}"
    return str(value)
