"""``hidra data``: official and own data: fetch, check, import, query, cite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli.terminal import Json, cell, group, print_json, print_rows, progress, remark
from hidra.cli.words import say
from hidra.core.errors import PanelError, SourceError, SpecError
from hidra.core.i18n import _

if TYPE_CHECKING:
    from hidra.data.keeping import Receipt
    from hidra.data.updating import Update

app = group()

# Verbs that never use the network take it too, so that it may stand anywhere in a script.
Offline = Annotated[bool, typer.Option("--offline", help=say("Never use the network."))]
Replace = Annotated[
    bool, typer.Option("--replace", help=say("Correct rows kept under the same date."))
]
Source = Annotated[str | None, typer.Option(metavar="SOURCE", help=say("Only this source."))]
Measure = Annotated[str | None, typer.Option(metavar="MEASURE", help=say("Only this measure."))]


@app.command(help=say("What the panel holds: sources, months, rows, vintages."))
def status(as_json: Json = False, offline: Offline = False) -> None:
    """List every source and its state."""
    from hidra.data import export, home

    entries = export.status()
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        print(f"{entry['name']}: {say(entry['state'])}")
        if entry["rows"]:
            keys = ("level", "from", "to", "rows", "vintage")
            print("  " + ", ".join(f"{say(key)} {cell(entry[key])}" for key in keys))
        print(f"  {entry['concept']}")
    remark(say("Panel file: {file}", file=home.panel_file()))


@app.command(help=say("Download the official files of a source and read them in."))
def fetch(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...")],
    years: Annotated[
        str | None, typer.Option(metavar="FIRST-LAST", help=say("Only these years."))
    ] = None,
    cut: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help=say("The cut of this month."))
    ] = None,
    replace: Replace = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Fetch sources, one after the other; each is in the panel whole or not at all."""
    from hidra.data.keeping import fetch_source

    with _shares() as progress:
        receipts = [
            receipt
            for name in sources
            for receipt in fetch_source(
                name, years=_years(years), cut=cut, offline=offline, replace=replace,
                progress=progress,
            )
        ]  # fmt: skip
    _print_receipts(receipts, as_json)


def update(
    sources: Annotated[list[str] | None, typer.Argument(metavar="[SOURCE...]")] = None,
    every: Annotated[
        bool, typer.Option("--all", help=say("Every open source, not only those in the panel."))
    ] = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Bring sources to their newest cut and say what each changed; one that fails stops none."""
    from hidra.data import panel, updating

    before = panel.digest()
    wanted = updating.fetched() if every else sources or updating.held()
    with _shares() as progress:
        done = updating.update(wanted, offline=offline, progress=progress) if wanted else []
    after = panel.digest()
    if as_json:
        print_json([asdict(one) for one in done])
    elif not wanted:
        remark(say("Only the built-in tables are here, so there is nothing to update."))
        names = ", ".join(updating.fetched())
        remark(say("Name a source or use --all. Open sources: {names}.", names=names))
    else:
        _print_updates(done, before, after)
    failed = [one for one in done if one.failed]
    if failed:
        raise SourceError(
            _("{n} of {all} sources could not be updated.", n=len(failed), all=len(done)),
            where=", ".join(one.source for one in failed),
            fix=_(
                "The panel holds what it held of them. Try again later, or `hidra data add FILE`."
            ),
        )


def _print_updates(done: Sequence[Update], before: str, after: str) -> None:
    """Say per source what its cut revised and added, then what rests on the panel."""
    for one in done:
        cuts = ", ".join(one.vintages)
        if one.failed:
            print(say("{source}: not updated. {why}", source=one.source, why=say(one.failed)))
        elif not one.rows:
            print(say("{source}: nothing new, cut of {cuts}.", source=one.source, cuts=cuts))
        else:
            print(
                say("{source}: cut of {cuts}, {n} rows.", source=one.source, cuts=cuts, n=one.rows)
            )
        for row in one.changes:
            print(f"  {_changed(row)}")
    if before != after:
        remark(
            say(
                "The panel is now {after}; runs made with {before} keep their figures. Fits and "
                "forecasts that use a changed series are made anew when they are next asked for.",
                after=after, before=before,
            )
        )  # fmt: skip


def _changed(row: Mapping[str, Any]) -> str:
    """One line: what a cut revised in a year, or which months it added."""
    told = {name: cell(value) for name, value in row.items()} | {"level": say(row["level"])}
    if row["kind"] == "new":
        return say("{measure} ({level}): new from {first} to {last}, {cells} figures", **told)
    return say(
        "{measure} ({level}): this cut revised {year} by {change}, from {before} to {after} "
        "({cells} figures), against {against} of {since}",
        **told | {"change": f"{row['change']:+,g}"},
    )


@app.command(help=say("Read in official files you already have."))
def add(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...")],
    accessed: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help=say("Date of access; today if none."))
    ] = None,
    replace: Replace = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Add files; a file is known by what is in it, never by its name."""
    from hidra.data import keeping

    with _shares() as progress:
        receipts = [
            keeping.add(file, accessed=accessed, replace=replace, progress=progress)
            for file in files
        ]
    _print_receipts(receipts, as_json)


@app.command("import", help=say("Read in your own table with a small description."))
def import_(
    table: Annotated[Path | None, typer.Argument(metavar="[TABLE]")] = None,
    spec: Annotated[
        Path | None, typer.Option(metavar="SPEC.yaml", help=say("The description of the table."))
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help=say("Print a description to start from."))
    ] = False,
    replace: Replace = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Import a CSV, Parquet, Excel or JSON table."""
    from hidra.data.importing import import_table
    from hidra.data.spec import example as example_text
    from hidra.data.spec import read_spec

    if example:
        print_json({"example": example_text()}) if as_json else print(example_text(), end="")
        return
    if table is None or spec is None:
        raise SpecError(
            _("An import needs a table and its description."),
            where="hidra data import",
            fix=_(
                "Write: hidra data import TABLE --spec SPEC.yaml (--example prints a description)."
            ),
        )
    described = read_spec(spec)
    receipt = import_table(
        table, described, spec_text=spec.read_text(encoding="utf-8"), replace=replace
    )
    _print_receipts([receipt], as_json)


@app.command(help=say("Check the panel: published totals, codes, sums, gaps, outliers."))
def check(as_json: Json = False, offline: Offline = False) -> None:
    """Run the named checks; exit code 4 when one fails."""
    from hidra.data import checks

    findings = checks.check()
    if as_json:
        print_json([asdict(one) for one in findings])
    else:
        for one in findings:
            of = f" [{one.source}]" if one.source else ""
            print(f"{say(one.verdict):8} {say(one.name)}{of}: {say(one.detail)}")
    failed = [one for one in findings if one.verdict == "fails"]
    if failed:
        raise PanelError(
            _(
                "{n} checks fail, the first: {name}: {detail}",
                n=len(failed),
                name=failed[0].name,
                detail=failed[0].detail,
            ),
            where=failed[0].source or "panel",
            fix=_(
                "Look at the rows with `hidra data sql`; bring the source in again with --replace."
            ),
        )


@app.command(help=say("Compare two vintages: what a new cut revised."))
def diff(
    before: Annotated[str, typer.Argument(metavar="A")],
    after: Annotated[str, typer.Argument(metavar="B")],
    source: Source = None,
    measure: Measure = None,
    cells: Annotated[bool, typer.Option("--cells", help=say("List every changed cell."))] = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Compare vintages A and B (YYYY-MM-DD) of every source that has both."""
    from hidra.data import checks

    found = checks.diff(before, after, source=source, measure=measure)
    if as_json:
        print_json(found)
        return
    columns = ("measure", "place", "month") if cells else ("measure", "level", "year")
    figures = ("before", "after", "change") + (("kind",) if cells else ("cells_changed",))
    print_rows(
        [say(one) for one in columns + figures],
        [
            [cell(row[one]) for one in columns + figures]
            for row in found["cells" if cells else "years"]
        ],
        right=[say(one) for one in figures],
    )
    remark(say("{before} against {after}", before=before, after=after))


@app.command(help=say("Ask the panel in SQL; only reading is possible."))
def sql(query: str, as_json: Json = False, offline: Offline = False) -> None:
    """Answer a query on panel, panel_all, rates, panel_stable, measures, sources, notes."""
    from hidra.data import panel

    rows = panel.ask(query)
    if as_json:
        print_json(rows)
        return
    columns = list(rows[0]) if rows else []
    print_rows(columns, [[cell(row[one]) for one in columns] for row in rows])


@app.command(help=say("Write the panel as Parquet and CSV, with a data dictionary."))
def export(
    to: Annotated[Path, typer.Option(metavar="DIR|FILE", help=say("Folder, .parquet or .csv."))],
    measure: Annotated[
        list[str] | None, typer.Option(metavar="MEASURE", help=say("Only these measures."))
    ] = None,
    source: Source = None,
    level: Annotated[
        str | None, typer.Option(help=say("Only this level: nation, state or municipality."))
    ] = None,
    all_vintages: Annotated[
        bool, typer.Option("--all-vintages", help=say("Every vintage, not only the newest."))
    ] = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Export the panel, or a part of it."""
    from hidra.data.export import export as write

    done = write(
        to, measures=measure or None, source=source, level=level, all_vintages=all_vintages
    )
    if as_json:
        print_json(done)
        return
    remark(say("{rows} rows written.", rows=done["rows"]))
    if done["joined"]:
        remark(say("{n} small cells of missing persons were joined.", n=done["joined"]))
    for file in done["files"]:
        print(file)


@app.command(help=say("Every source in the panel, how to cite it, and its terms."))
def cite(as_json: Json = False, offline: Offline = False) -> None:
    """Print every source used with its terms."""
    from hidra.data import export

    entries = export.cite()
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        print(f"{entry['name']} ({entry['vintage']}): {entry['publisher']}")
        print(f"  {entry['citation']}")
        print(f"  {say('terms')}: {entry['terms']}; {say('accessed')}: {entry['accessed']}\n")


def _years(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    first, _rest, last = text.partition("-")
    if not (first.isdigit() and (last or first).isdigit()):
        raise SpecError(
            _("'{text}' are no years.", text=text),
            where="--years",
            fix=_("Write for example --years 2015-2024."),
        )
    return int(first), int(last or first)


@contextmanager
def _shares() -> Iterator[Callable[[str, float | None], None]]:
    """Show the share done of one long step at a time; an unknown share shows the words alone."""
    with progress() as show:

        def show_share(words: str, share: float | None) -> None:
            show(words, round(100 * (share or 0.0)), 100)

        yield show_share


def _print_receipts(receipts: Sequence[Receipt], as_json: bool) -> None:
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
            remark(f"  {say(str(item['kind']))}: {say(str(item['detail']))} ({cell(item['n'])})")
        for warning in one.warnings:
            remark(f"  {say('look')}: {say(warning)}")
        if not one.rows:
            remark(say("Nothing new: these rows were in the panel already."))
