"""Score sums of the default forecast and write the table into both pages on forecasts.

    python -m scripts.make_forecast_sums docs

The thirteen origins of the protocol; draws each for itself, and in the order they share.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hidra.core.markdown import table

PAGES = {"en": "en/explanation/forecasts.md", "es": "es/explicacion/pronosticos.md"}
MARK = "<!-- forecast sums: {} -->"
WORDS = {
    "en": {
        "head": ("sum", "draws", "sums scored", "cover 50", "cover 90", "CRPS"),
        "month_nation": "a month of the country", "year_place": "a year of a state",
        "year_nation": "a year of the country",
        False: "each for itself", True: "together (what `hidra forecast` writes)",
    },
    "es": {
        "head": ("suma", "extracciones", "sumas calificadas", "cob. 50", "cob. 90", "CRPS"),
        "month_nation": "un mes del país", "year_place": "un año de un estado",
        "year_nation": "un año del país",
        False: "cada una por su lado", True: "juntas (lo que escribe `hidra forecast`)",
    },
}  # fmt: skip


def _table(rows: list[dict[str, Any]], language: str) -> str:
    """Return the table in a language."""
    words = WORDS[language]
    cells = [
        (words[row["sum"]], words[row["dependent"]], row["n"], f"{row['coverage50']:.2f}",
         f"{row['coverage90']:.2f}", f"{row['crps']:,.1f}")
        for row in rows
    ]  # fmt: skip
    return table(words["head"], cells, right=range(2, 6))


def main(folder: Path) -> None:
    """Score, and write between the marks of both pages."""
    from hidra.core.artefacts import making
    from hidra.core.files import write_text
    from hidra.forecast.backtest import protocol, sums
    from hidra.forecast.means import Hindcasts, cache_folder
    from hidra.forecast.models import ALL

    with making("sums of forecasts"):
        plan = protocol("inegi_homicides", "state")
        rows = sums(plan, ALL["hidra"], Hindcasts(cache_folder()))
        begin, end = MARK.format("begin"), MARK.format("end")
        for language, name in PAGES.items():
            before, _, rest = (folder / name).read_text(encoding="utf-8").partition(begin)
            after = rest.partition(end)[2]
            write_text(folder / name, f"{before}{begin}\n{_table(rows, language)}\n{end}{after}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs"))
