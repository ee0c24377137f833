"""``hidra data``: official and own data: fetch, check, import, query, cite."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import click
import typer

from hidra.cli import chosen, say
from hidra.cli.terminal import Json, cell, group, print_json, print_table, progress, remark
from hidra.core.errors import PanelError, SourceError, SpecError
from hidra.core.i18n import _, minus

if TYPE_CHECKING:
    from hidra.data.keeping import Receipt, Update
    from hidra.data.propose import Finding, Proposal

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
    from hidra.data import export, home, reference

    entries = export.status()
    if as_json:
        print_json(entries)
        return
    known = reference.table("measure")[["concept", f"concept{'_es' * (chosen() == 'es')}"]]
    told: dict[str, str] = dict(
        known.map(lambda text: text.partition("; ")[0]).itertuples(index=False)
    )
    for entry in entries:
        print(f"{entry['name']}: {say(entry['state'])}")
        if entry["rows"]:
            keys = ("level", "from", "to", "rows", "vintage")
            levels = ", ".join(say(one) for one in entry["level"].split(", "))
            shown = {**entry, "level": levels}
            print("  " + ", ".join(f"{say(key)} {cell(shown[key])}" for key in keys))
        print("  " + " | ".join(told.get(one, one) for one in entry["concept"].split(" | ")))
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
    from hidra.data import keeping, panel

    before = panel.digest()
    wanted = keeping.fetched() if every else sources or keeping.held()
    with _shares() as progress:
        done = keeping.update(wanted, offline=offline, progress=progress) if wanted else []
    after = panel.digest()
    if as_json:
        print_json([asdict(one) for one in done])
    elif not wanted:
        remark(say("Only the built-in tables are here, so there is nothing to update."))
        names = ", ".join(keeping.fetched())
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
        **told | {"change": minus(f"{row['change']:+,g}")},
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


@app.command(help=say("Take out what was fetched, added or imported of a source."))
def remove(
    source: Annotated[str, typer.Argument(metavar="SOURCE")],
    cut: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help=say("Only the cut of this date."))
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help=say("Take it out without asking."))] = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Take a source, or one cut of it, out of the panel; built-in tables stay."""
    from hidra.data import keeping, panel

    before = panel.digest()
    keeping.brought(source, cut)
    if not yes and not (sys.stdin.isatty() and typer.confirm(say("Take it out?"), err=True)):
        raise SpecError(
            _("Nothing was taken out."), where=source,
            fix=_("The copies of its official files go too. If you mean it, give --yes."),
        )  # fmt: skip
    gone = keeping.remove(source, cut=cut)
    if as_json:
        print_json(gone)
        return
    for one in gone:
        print(say("{measure}: cut of {vintage}, {rows} rows taken out.", **one))
    remark(
        say(
            "The panel is now {after}. What was made with {before} keeps its figures, and can be "
            "made again once the same files are added.",
            after=panel.digest(), before=before,
        )
    )  # fmt: skip


@app.command("import", help=say("Read in your own table with a small description."))
def import_(
    table: Annotated[list[Path] | None, typer.Argument(metavar="[TABLE...]")] = None,
    spec: Annotated[
        Path | None, typer.Option(metavar="SPEC.yaml", help=say("The description of the table."))
    ] = None,
    example: Annotated[
        bool, typer.Option("--example", help=say("Print a description to start from."))
    ] = False,
    answer: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help=say("Without a spec: answer to a question.")),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help=say("Without a spec: import what is proposed."))
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=say("Say what would be imported, and stop."))
    ] = False,
    write_spec: Annotated[
        Path | None,
        typer.Option(metavar="SPEC.yaml", help=say("Without a spec: write the one proposed.")),
    ] = None,
    replace: Replace = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Import a table, or several that make one series; without a description one is proposed."""
    from hidra.data.importing import import_table, preview
    from hidra.data.spec import example as example_text
    from hidra.data.spec import read_spec

    if example:
        print_json({"example": example_text()}) if as_json else print(example_text(), end="")
        return
    if not table or (spec is None and len(table) > 1):
        raise SpecError(
            _("Several tables need one description.") if table else _("An import needs a table."),
            where="hidra data import",
            fix=_(
                "Write: hidra data import TABLE --write-spec SPEC.yaml proposes one; then hidra "
                "data import TABLE... --spec SPEC.yaml."
            ),
        )
    if spec is None:
        _bring(table[0], _answers(answer or []), yes, dry_run, write_spec, replace, as_json)
        return
    described = read_spec(spec)
    if dry_run:
        found = preview(table, described)
        print_json(found) if as_json else _print_preview(found)
        return
    receipt = import_table(
        table, described, spec_text=spec.read_text(encoding="utf-8-sig"), replace=replace
    )
    _print_receipts([receipt], as_json)


def _answers(given: list[str]) -> dict[str, str]:
    # a key may hold the sign; of the values only those that begin with "only="
    found = (re.fullmatch(r"(.*?)=(only=.*)|(.*)=(.*?)", one, re.DOTALL) for one in given)
    pairs = [(one[1] or one[3], one[2] or one[4]) if one else ("", "") for one in found]
    for key, _value in pairs:
        if not key:
            raise SpecError(
                _("An answer has no key."), where="--answer",
                fix=_("Write KEY=VALUE, as the questions are named: --answer unit=persons."),
            )  # fmt: skip
    return dict(pairs)


def _bring(
    table: Path, answers: dict[str, str], yes: bool, dry_run: bool, write_spec: Path | None,
    replace: bool, as_json: bool,
) -> None:  # fmt: skip
    """Propose a description, ask what it cannot tell, and import once the reader agrees."""
    from hidra.core.files import write_text
    from hidra.data.importing import import_table
    from hidra.data.propose import ACCESSED, propose

    asking = sys.stdin.isatty() and not (yes or as_json or dry_run)
    found = propose(table, answers)
    found.refuse_other(answers)
    while asking and (questions := [one for one in found.open if one.key]):
        answers |= {one.key: _asked(one) for one in questions}
        found = propose(table, answers)
    if not as_json:
        _print_proposal(found)
    if write_spec is not None:
        write_text(write_spec, found.text())
        remark(say("Written: {file}", file=write_spec))
        remark(say(ACCESSED))
    if found.open:
        if as_json:
            print_json(found.told_json())
        raise SpecError(
            _("{n} questions and problems are open.", n=len(found.open)), where=table.name,
            fix=_(
                "Answer each with --answer KEY=VALUE, correct the file, or write a description "
                "(--write-spec FILE), correct it and give it with --spec."
            ),
        )  # fmt: skip
    if not (dry_run or yes or (asking and typer.confirm(say("Import this?"), err=True))):
        raise SpecError(
            _("Nothing was imported."), where=table.name,
            fix=_("Look at what is proposed, then give --yes."),
        )  # fmt: skip
    done = (
        []
        if dry_run
        else [import_table(table, found.spec, spec_text=found.text(), replace=replace)]
    )
    if as_json:
        print_json(found.told_json() | {"receipts": [asdict(one) for one in done]})
    elif done:
        _print_receipts(done, as_json)


def _asked(question: Finding) -> str:
    """Ask one question in the terminal."""
    print(f"\n{say(question.where)}: {say(question.what)} {say(question.fix)}", file=sys.stderr)
    for number, one in enumerate(question.choices, 1):
        print(f"  {number}. {say(one.words)}", file=sys.stderr)
    if not question.choices:
        return str(typer.prompt(say("answer"), err=True))
    kind = click.IntRange(1, len(question.choices))
    return question.choices[typer.prompt(say("number"), type=kind, err=True) - 1].value


def _print_proposal(found: Proposal) -> None:
    """Print what was understood, every problem and question, and what would come in."""
    from hidra.data import geography
    from hidra.data.propose import WAYS

    for words in found.told:
        print(say(words))
    for written, code, way in found.matched:
        print(f"  {written} -> {geography.label(code)}: {say(WAYS[way])}")
    for one in found.findings:
        state = say("open") if one.open else one.answer or say("look")
        print(f"[{state}] {say(one.where)}: {say(one.what)} {say(one.fix)}")
        if one.key:
            values = ", ".join(f"{each.value} ({say(each.words)})" for each in one.choices)
            print(f"    --answer '{one.key}={values or '...'}'")
    if found.table:
        _print_preview(found.table)


def _print_preview(table: dict[str, Any]) -> None:
    """Print what an import would bring: first rows, totals, notes."""
    heads = ("place", "month", "measure", "value")
    print_table(
        [say(one) for one in heads], [[cell(row[one]) for one in heads] for row in table["rows"]]
    )
    for one in table["series"]:
        print(
            say(
                "{measure}: {rows} rows, {first} to {last}, total {total}", measure=one["measure"],
                rows=one["rows"], first=one["first_month"], last=one["last_month"],
                total=cell(one["total"]),
            )
        )  # fmt: skip
    print(say("{n} places", n=table["places"]))
    for item in table["notes"]:
        print(_note(item))


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
    print_table(
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

    rows = panel.ask(query, exact=True)
    if as_json:
        print_json(rows)
        return
    columns = list(rows[0]) if rows else []
    print_table(columns, [[cell(row[one]) for one in columns] for row in rows])


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
    excel: Annotated[
        bool, typer.Option("--excel", help=say("CSV that Excel opens with its accents."))
    ] = False,
    as_json: Json = False,
    offline: Offline = False,
) -> None:
    """Export the panel, or a part of it."""
    from hidra.data.export import export as write

    done = write(
        to, measures=measure or None, source=source, level=level, all_vintages=all_vintages,
        excel=excel,
    )  # fmt: skip
    if as_json:
        print_json(done)
        return
    remark(say("{rows} rows written.", rows=done["rows"]))
    if done["joined"]:
        remark(
            say(
                "{n} municipal years were joined, so that no count of one or two persons leaves.",
                n=done["joined"],
            )
        )
    if done["withheld"]:
        remark(
            say(
                "{n} sums are left unknown: they stand for one municipality alone.",
                n=done["withheld"],
            )
        )
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
    if not re.fullmatch("[0-9]{4}(-[0-9]{4})?", text):
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


def _note(note: Mapping[str, Any]) -> str:
    """Return a note of an import as a line in the chosen language."""
    return f"  {say(note['kind'])}: {say(note['detail'])} ({cell(note['n'])})"


def _print_receipts(receipts: Sequence[Receipt], as_json: bool) -> None:
    """Say what each write did: rows and totals per measure, notes, warnings."""
    if as_json:
        print_json([asdict(one) for one in receipts])
        return
    for one in receipts:
        for entry in one.series:
            said = say(
                "{source}, {measure}: {rows} rows, {first} to {last}",
                source=one.source, measure=entry["measure"], rows=entry["rows"],
                first=entry["first_month"], last=entry["last_month"],
            )  # fmt: skip
            if entry["total"] is not None:
                said += say(
                    ", total {total} ({level})",
                    total=cell(entry["total"]), level=say(str(entry["level"])),
                )  # fmt: skip
            remark(said)
        for table, rows in one.tables.items():
            remark(say("{table}: {rows} rows", table=table, rows=rows))
        for item in one.notes:
            remark(_note(item))
        for warning in one.warnings:
            remark(f"  {say('look')}: {say(warning)}")
        if not one.rows and not one.tables:
            remark(say("Nothing new: these rows were in the panel already."))
