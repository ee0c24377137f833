"""The chart of a claim's page: one question asked in several ways, for a desk and a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hidra.claim.base import Result

WIDTHS = (640, 320)  # pixels; the page shows the second on narrow screens


def pictures(result: Result, lang: str) -> Sequence[str]:
    """Return the strip of a design as SVG, wide and narrow."""
    import pandas as pd
    import vl_convert

    from hidra.show.whisker import strip
    from hidra.show.words import Words

    language: Literal["es", "en"] = "es" if lang == "es" else "en"
    rows = pd.DataFrame([dict(one) for one in result.strip]).round(3)
    titles = {one["name"]: one[lang] for one in result.strip}
    return [
        vl_convert.vegalite_to_svg(
            strip(rows, titles, Words(language), percent=True, width=width).to_dict()
        )
        for width in WIDTHS
    ]
