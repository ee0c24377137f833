"""``hidra check``: what an article says, and what the data say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hidra.cli.terminal import print_json, remark
from hidra.cli.words import chosen, say


def check(
    inputs: Annotated[list[str], typer.Argument(metavar="FILE|URL|-...")],
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE.html", help=say("Write the marked articles here."))
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=say("Print JSON only."))] = False,
    offline: Annotated[bool, typer.Option("--offline", help=say("Never use the network."))] = False,
) -> None:
    """Check articles: text, HTML, PDF or a feed; Spanish or English."""
    from hidra.claims.article.check import check as check_text
    from hidra.claims.article.check import entry
    from hidra.claims.article.reading import read
    from hidra.claims.ask import data
    from hidra.claims.words import verdict

    texts = [text for source in inputs for text in read(source, offline=offline)]
    with data() as con:
        checked = [(text, check_text(con, text.text)) for text in texts]
    lang = chosen()
    entries = [entry(text.input, text.text, one, lang) for text, found in checked for one in found]
    if out is not None:
        from hidra.claims.article.page import write_page

        write_page(checked, out, lang)
        remark(str(out))
    if as_json:
        print_json(entries)
        return
    for one in entries:
        print(f"«{one['text']}»\n  {verdict(one['verdict'], lang)}")
        print(f"  {one['why']}")
        if one["claim_id"]:
            print(f"  {say('claim')}: {one['claim_id']}")
    if not entries:
        remark(say("Nothing in it can be checked with these data."))
