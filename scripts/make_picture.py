"""Pictures of the README from a finished run: ``python -m scripts.make_picture runs/default``."""

from __future__ import annotations

import argparse
from pathlib import Path

from hidra.charts import cell, maps, series, tiles
from hidra.charts.picture import save
from hidra.charts.words import Words
from hidra.core import place
from hidra.core.i18n import LANGUAGES
from hidra.run import Run

DOCS = Path(__file__).resolve().parents[1] / "docs"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished run of the default study")
    parser.add_argument("--docs", type=Path, default=DOCS)
    arguments = parser.parse_args()
    run = Run.open(arguments.run)
    observed = run.tables["observed"]
    rows = series.monthly(observed, (series.MAIN,))
    rates = cell.rates(rows[rows["place"].map(place.is_state)], series.population(observed))
    rates = rates[rates["year"] == rates.loc[rates["rate"].notna(), "year"].max()]
    for language in LANGUAGES:
        end = "" if language == "en" else ".es"
        states = tiles.hexagons(rates, maps.state_names(language), Words(language))
        save(states, arguments.docs / f"picture-states{end}.png", scale=1.4)
        save(run.plot(language=language), arguments.docs / f"picture-model{end}.png", scale=1.4)


if __name__ == "__main__":
    main()
