"""About: method, limits, ethics, who is not counted, how to cite."""

from __future__ import annotations

import hidra
from hidra.charts.block import Section
from hidra.run import LIMITS
from hidra.web.ask import Ask, View


def view(ask: Ask) -> View:
    """Return the page about the project."""
    words = ask.words
    parts = [
        Section(
            name, words(f"about.{name}.title"),
            paragraphs=[words(f"about.{name}.text")],
            points=LIMITS[ask.language] if name == "limits" else (),
        )
        for name in ("method", "limits", "counted", "ethics", "search", "privacy")
    ]  # fmt: skip
    cite = Section(
        "cite", words("about.cite.title"), paragraphs=[words("about.cite.text")],
        listings=[(words("about.cite.label"), f"hidra {hidra.__version__} (2026)")],
    )  # fmt: skip
    return View(words("page.about"), words("about.lead"), [*parts, cite])
