"""``hidra claims`` and ``hidra check``: claims and articles, each held against the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hidra.cli import chosen, say
from hidra.cli.terminal import Json, group, print_json, print_table, progress, remark
from hidra.core.files import write_new, write_text
from hidra.core.i18n import _, minus

if TYPE_CHECKING:
    from hidra.claims.claim import Claim, Result

app = group()
SHOWN = 12  # events named that were not used

Pages = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", help=say("Write one page per claim and language here.")),
]


@app.command("list", help=say("List the claims: id, kind, statement."))
def list_(as_json: Json = False) -> None:
    """List the library."""
    from hidra.claims.claim import claims

    if as_json:
        print_json([declared(one) for one in claims()])
        return
    for one in claims():
        print(f"{one.id} [{say(one.kind)}]\n  {one.statement[chosen()]}")


@app.command(help=say("Run claims on the data; all of them when none is named."))
def run(
    names: Annotated[list[str] | None, typer.Argument(metavar="[ID|FILE.yaml]...")] = None,
    out: Pages = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help=say("Compute again what is kept for these data."))
    ] = False,
    as_json: Json = False,
) -> None:
    """Run claims: verdict, numbers, one sentence why."""
    done = results(names or [], fresh=fresh)
    if out is not None:
        from hidra.claims.page import write_pages
        from hidra.web.page.claims import pictures

        for page in write_pages(done, out, pictures):
            remark(str(page))
    if as_json:
        print_json([answered(claim, result) for claim, result in done])
    else:
        for claim, result in done:
            _tell(claim, result)
    _end(done)


@app.command(help=say("Show one claim: what it says, its test, what would refute it, its verdict."))
def show(
    name: Annotated[str, typer.Argument(metavar="ID|FILE.yaml")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "--html", metavar="PAGE.html", help=say("Write the page of the claim.")
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a claim and run it."""
    [(claim, result)] = results([name])
    if out is not None:
        from hidra.claims.page import page
        from hidra.web.page.claims import pictures

        write_text(out, page(claim, result, chosen(), pictures))
    if as_json:
        print_json(answered(claim, result))
        _end([(claim, result)])
        return
    _tell(claim, result)
    from hidra.claims.words import attributed

    lang = chosen()
    said = [attributed(one, lang) for one in (claim.said_by, claim.said_in, claim.said_when) if one]
    if result.trace:
        print(result.trace)
    if result.readings:
        print_table(
            (say("value"), say("source")),
            [(minus(f"{one.value:,.4g}"), one.named(lang)) for one in result.readings],
            right=(say("value"),),
        )
    if result.strip:
        print_table(
            (say("change, 90 % interval"), "n", say("asked of")),
            [(_change(one), str(one["n"]), one[lang]) for one in result.strip],
            right=(say("change, 90 % interval"), "n"),
        )
    for label, text in (
        (_("said by"), "; ".join(said)),
        (_("would count against it"), claim.against[lang]),
        (_("caveats"), claim.caveats[lang]),
        (_("strength"), say(claim.strength)),
        (_("data"), result.vintage),
    ):
        print(f"{say(label)}: {text}")
    _end([(claim, result)])


@app.command(help=say("List the designs of causal claims: name and module."))
def designs(as_json: Json = False) -> None:
    """List the designs, the built-in ones and those of installed packages."""
    from hidra.claims.designs import designs as found

    rows = [{"name": name, "from": one.value} for name, one in sorted(found().items())]
    if as_json:
        print_json(rows)
        return
    print_table((say("design"), say("from")), [(row["name"], row["from"]) for row in rows])


@app.command(help=say("Write a new claim file to change."))
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE.yaml", help=say("File to write."))],
) -> None:
    """Write a claim to start from; an existing file is never overwritten."""
    from importlib.resources import files

    text = (files("hidra") / "claims" / "example.yaml").read_text(encoding="utf-8")
    write_new(file, text)
    remark(say("Written. Run it with: hidra claims run {file}", file=file))


@app.command(help=say("Study events of your own: what followed them, by four estimators."))
def events(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=say("Table with the columns place and date."))
    ],
    outcome: Annotated[
        str, typer.Option(help=say("A monthly measure, or a table with place, month, value."))
    ] = "inegi_homicides",
    placebos: Annotated[int, typer.Option(min=1, help=say("Sets of random dates."))] = 40,
    as_json: Json = False,
) -> None:
    """Study what followed one's own events."""
    from hidra.claims.designs.own import event_study
    from hidra.claims.words import verdict

    with progress() as show:
        found = event_study(file, outcome, placebos=placebos, progress=show)
    rows = found.table.to_dict("records")
    if as_json:
        print_json({"verdict": found.verdict, "why": found.why, "placebo": found.placebo,
                    "events": found.events, "unused": found.unused.to_dict("records"),
                    "estimates": rows})  # fmt: skip
        return
    print(f"{verdict(found.verdict, chosen())}\n  {found.sentence(chosen())}")
    print_table(
        (say("estimator"), "%", "90 %", "n"),
        [(row["estimator"], minus(f"{row['change']:+.0f}"),
          minus(f"{row['low']:+.0f} … {row['high']:+.0f}"), f"{row['n']:,}") for row in rows],
        right=("%", "90 %", "n"),
    )  # fmt: skip
    if len(found.unused):
        named = [f"{one.place} {one.month}" for one in found.unused.itertuples()]
        told = ", ".join(named[:SHOWN]) + (", ..." if len(named) > SHOWN else "")
        remark(
            say(
                "Not used, not first of its place or outside the outcome: {n} ({events}).",
                n=len(named),
                events=told,
            )
        )


def results(names: list[str], *, fresh: bool = False) -> list[tuple[Claim, Result]]:
    """Run the named claims, or all."""
    from hidra.claims.ask import data
    from hidra.claims.claim import claim, claims
    from hidra.claims.run import attempt

    chosen_claims = [claim(name) for name in names] if names else list(claims())
    with data() as con:
        return [(one, attempt(con, one, fresh=fresh)) for one in chosen_claims]


def declared(claim: Claim) -> dict[str, Any]:
    """Return a claim as its file declares it."""
    entry = asdict(claim)
    del entry["folder"]  # of this machine
    entry["detect"] = [list(one) for one in claim.detect]
    return entry


def answered(claim: Claim, result: Result) -> dict[str, Any]:
    """Return a claim with its verdict; the verdict is one of `OUTCOMES`, in English."""
    return {
        **declared(claim),
        "verdict": result.verdict,
        "judged": result.judged,
        "trace": result.trace,
        "why": dict(result.why),
        "ours": result.ours,
        "source": result.source,
        "readings": [asdict(one) for one in result.readings],
        "figures": dict(result.figures),
        "strip": [dict(one) for one in result.strip],
        "vintage": result.vintage,
    }


def _change(one: Mapping[str, Any]) -> str:
    value, low, high = (minus(f"{100 * one[key]:+.0f}") for key in ("estimate", "low", "high"))
    return f"{value} % [{low}, {high}]"


def _end(done: list[tuple[Claim, Result]]) -> None:
    """Say how many tests did not end in a verdict; leave with the code of the first that failed."""
    failed = [result for _, result in done if result.exit_code]
    left = sum(not result.judged for _, result in done) - len(failed)
    if left:
        remark(say("Not run for want of an extra: {n} of {all}.", n=left, all=len(done)))
    if failed:
        remark(say("Ended in an error: {n} of {all}.", n=len(failed), all=len(done)))
        raise typer.Exit(failed[0].exit_code)


def _tell(claim: Claim, result: Result) -> None:
    from hidra.claims.words import verdict

    lang = chosen()
    print(f"{claim.id}: {verdict(result.verdict, lang)}")
    print(f"  {claim.statement[lang]}\n  {result.why[lang]}")


def check(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE|URL|-...")],
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE.html", help=say("Write the marked articles here."))
    ] = None,
    date: Annotated[
        str | None,
        typer.Option(
            metavar="YYYY-MM-DD", help=say("Day of the article: what it calls this year.")
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
    offline: Annotated[bool, typer.Option("--offline", help=say("Never use the network."))] = False,
) -> None:
    """Check articles: text, HTML, PDF or a feed; Spanish or English."""
    from hidra.claims.article import check as check_text
    from hidra.claims.article import entry
    from hidra.claims.article.reading import read
    from hidra.claims.ask import data, vintage
    from hidra.claims.words import verdict
    from hidra.web.page.claims import of_day

    found = [text for source in inputs for text in read(source, offline=offline)]
    texts = of_day(found, date or "", "--date")
    with data() as con:
        checked = [(text, check_text(con, text.text, text.date)) for text in texts]
        made_from = vintage(con)
    lang = chosen()
    entries = [entry(text.input, text.text, one, lang) for text, found in checked for one in found]
    if out is not None:
        from hidra.claims.page import checked_page

        write_text(out, checked_page(checked, lang, made_from))
        remark(str(out))
    if as_json:
        print_json(entries)
        return
    for one in entries:
        print(say("“{text}”", text=one["text"]))
        print(f"  {verdict(one['verdict'], lang)}")
        print(f"  {one['why']}")
        if one["read_as"]:
            print(f"  {say('read as')}: {one['read_as']}")
        if one["claim_id"]:
            print(f"  {say('claim')}: {one['claim_id']}")
    if not entries:
        remark(say("Nothing in it can be checked with these data."))
