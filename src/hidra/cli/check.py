"""``hidra check``: what an article says, and what the data say."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.terminal import print_json, remark
from hidra.cli.words import chosen, say
from hidra.core.errors import SpecError
from hidra.core.i18n import _


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
    from hidra.claims.article.check import check as check_text
    from hidra.claims.article.check import entry
    from hidra.claims.article.reading import read
    from hidra.claims.ask import data, vintage
    from hidra.claims.words import verdict

    day = _day(date)
    found = [text for source in inputs for text in read(source, offline=offline)]
    texts = [replace(text, date=day or text.date) for text in found]
    with data() as con:
        checked = [(text, check_text(con, text.text, text.date)) for text in texts]
        made_from = vintage(con)
    lang = chosen()
    entries = [entry(text.input, text.text, one, lang) for text, found in checked for one in found]
    if out is not None:
        from hidra.claims.article.page import page
        from hidra.core.files import write_text

        write_text(out, page(checked, lang, made_from))
        remark(str(out))
    if as_json:
        print_json(entries)
        return
    for one in entries:
        print(f"«{one['text']}»\n  {verdict(one['verdict'], lang)}")
        print(f"  {one['why']}")
        if one["read_as"]:
            print(f"  {say('read as')}: {one['read_as']}")
        if one["claim_id"]:
            print(f"  {say('claim')}: {one['claim_id']}")
    if not entries:
        remark(say("Nothing in it can be checked with these data."))


def _day(text: str | None) -> str | None:
    """Return a day as given.

    Raises
    ------
    SpecError
        It is no day of the calendar.
    """
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise SpecError(
            _("'{text}' is no day.", text=text),
            where="--date",
            fix=_("Write it as YYYY-MM-DD, e.g. 2024-01-20."),
        ) from error
