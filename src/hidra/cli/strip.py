"""The chart of a claim's page: one question asked in several ways, for a desk and a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hidra.claims.base import Result

LABEL = {
    "en": "Dots and whiskers: the same question asked in other ways; figures in the table below",
    "es": "Puntos y bigotes: la misma pregunta hecha de otras maneras; cifras en la tabla de abajo",
}
WIDTHS = (640, 310)  # pixels; the page shows the second on narrow screens


def pictures(result: Result, lang: str) -> Sequence[str]:
    """Return the strip of a design as SVG, wide and narrow."""
    import pandas as pd
    import vl_convert

    from hidra.charts.interval import strip
    from hidra.charts.words import Words
    from hidra.web.figure import inline

    language: Literal["es", "en"] = "es" if lang == "es" else "en"
    rows = pd.DataFrame([dict(one) for one in result.strip]).round(3)
    titles = {one["name"]: one[lang] for one in result.strip}
    drawn = []
    for width in WIDTHS:
        chart = strip(rows, titles, Words(language), percent=True, width=width)
        svg = vl_convert.vegalite_to_svg(chart.to_dict())
        drawn.append(inline(svg, f"strip{width}", LABEL[language]))
    return drawn
