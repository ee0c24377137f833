"""Check a text: paste or send an article, see what the data say of each statement."""

from __future__ import annotations

import base64
import datetime
from dataclasses import replace
from typing import Any

import hidra
from hidra.claims.article.check import check
from hidra.claims.article.page import PAGE, SIGNS, marked
from hidra.claims.article.page import page as file_of
from hidra.claims.article.reading import Text, decoded, texts
from hidra.core.errors import SourceError
from hidra.core.i18n import _
from hidra.web.page.claims import typeset
from hidra.web.site import Ask, View

MOST_LETTERS = 120_000
MOST_ARTICLES = 20


def view(ask: Ask, *, allow_fetch: bool, largest: int) -> View:
    """Return the form."""
    return View(
        ask.words("page.review"), ask.words("review.lead"), template="review.html.j2",
        more={"articles": [], "allow_fetch": allow_fetch, "megabytes": f"{largest / 1e6:g}",
              "letters": f"{MOST_LETTERS:,}", "asked": False},
    )  # fmt: skip


def checked(ask: Ask, articles: list[Text], *, allow_fetch: bool, largest: int) -> View:
    """Return the form with the articles marked under it; nothing of them is kept."""
    from hidra.claims.ask import data, vintage

    with data() as con:
        found = [(text, check(con, text.text, text.date)) for text in articles]
        made_from = vintage(con)
    shown: list[dict[str, Any]] = []
    number = 0
    for text, findings in found:
        told = marked(text, findings, ask.language, number)
        shown.append(told | {"told": [one | {"why": typeset(one["why"])} for one in told["told"]]})
        number += len(findings)
    page = view(ask, allow_fetch=allow_fetch, largest=largest)
    words, day = PAGE[ask.language], ask.words.day(datetime.date.today().isoformat())
    page.more = {
        **page.more, "articles": shown, "asked": True, "signs": SIGNS,
        "checked": words["checked"].format(day=day, version=hidra.__version__, vintage=made_from),
        "file": _address(file_of(found, ask.language, made_from)),
    }  # fmt: skip
    page.keep = False
    return page


def _address(html: str) -> str:
    """Return a page as an address that holds it: what is saved leaves no trace on this machine."""
    return f"data:text/html;charset=utf-8;base64,{base64.b64encode(html.encode()).decode()}"


def articles(content: bytes, name: str) -> list[Text]:
    """Return the articles in some bytes.

    Raises
    ------
    SourceError
        There are too many letters, or the bytes are not an article.
    """
    found = list(texts(content, name))[:MOST_ARTICLES]
    if sum(len(one.text) for one in found) > MOST_LETTERS:
        raise SourceError(
            _("The text is longer than {number:,} letters.", number=MOST_LETTERS),
            where=_("text"),
            fix=_("Send the article alone."),
        )
    return found


def pasted(text: str, name: str) -> list[Text]:
    """Return what was pasted, as it is: never read as a page or a feed."""
    if not text.strip():
        raise SourceError(
            _("There is no text in it."), where=_("text"), fix=_("Give an article that holds text.")
        )
    if len(text) > MOST_LETTERS:
        raise SourceError(
            _("The text is longer than {number:,} letters.", number=MOST_LETTERS),
            where=_("text"),
            fix=_("Send the article alone."),
        )
    return [Text(name, decoded(text.replace("\r\n", "\n").encode(), "text"))]


def dated(articles: list[Text], day: str, where: str = "date") -> list[Text]:
    """Return articles with the day their sender gives them.

    Raises
    ------
    SourceError
        It is no day of the calendar.
    """
    if not day:
        return articles
    try:
        told = datetime.date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise SourceError(
            _("'{text}' is no day.", text=day[:20]),
            where=where,
            fix=_("Write it as YYYY-MM-DD, e.g. 2024-01-20."),
        ) from error
    return [replace(one, date=told) for one in articles]
