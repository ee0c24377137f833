"""A page of HTML as PDF, printed by a Chromium that is already on the machine."""

from __future__ import annotations

import os
import shutil
from typing import Any, Literal

from hidra.core.errors import RunError
from hidra.core.i18n import Language, _

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_HERE = "http://hidra.invalid/"  # the page has an address, so that #en is one; none is ever asked


def pdf(
    html: str, *, language: Language = "es", paper: Literal["letter", "a4"] = "letter",
    whole: bool = False,
) -> bytes:  # fmt: skip
    """Return report or brief as it prints, every chart drawn, in one of its languages.

    Parameters
    ----------
    html : A page of :mod:`hidra.report`; nothing is fetched while it is printed.
    paper : Letter is the paper of Mexico.
    whole : Print what the page folds, too.

    Raises
    ------
    RunError
        Without playwright or without a browser.
    """
    cure = _("Open the HTML and print it there, or: pip install playwright, and install Chromium "
             "(Debian: apt install chromium; anywhere: playwright install chromium).")  # fmt: skip
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise RunError(
            _("Writing a PDF needs playwright, which is not installed."), where="--pdf", fix=cure
        ) from error
    chosen = os.environ.get("HIDRA_CHROMIUM")
    program = chosen or next(filter(None, map(shutil.which, PROGRAMS)), None)
    try:
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path=program)
            page = browser.new_page(viewport={"width": 900, "height": 1100})
            page.route("**/*", lambda asked: _answer(asked, html))
            page.goto(f"{_HERE}#{language}")
            page.evaluate("whole => window.hidraDrawn && hidraDrawn(whole)", whole)
            made = page.pdf(format=paper, print_background=True, prefer_css_page_size=False)
            browser.close()
    except Error as error:
        said = str(error).strip().splitlines()[0][:200]
        raise RunError(
            _("No browser could print the page: {said}", said=said),
            where=program or "chromium",
            fix=cure,
        ) from error
    return bytes(made)


def _answer(asked: Any, html: str) -> None:
    """Give the page to the browser, and nothing else."""
    if asked.request.url.startswith(_HERE):
        asked.fulfill(body=html, content_type="text/html; charset=utf-8")
    else:
        asked.abort()
