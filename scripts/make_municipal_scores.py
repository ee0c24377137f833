"""Score forecasts of municipalities on real counts, and write their pages.

python -m scripts.make_municipal_scores [FOLDER [ORIGINS]]

The counts are deaths by homicide by month of death and municipality, twelve states, 1990-2008.
Their table is not part of hidra: it is looked for in the material beside the project. It goes into
a panel of its own, which is thrown away, or into that of HIDRA_HOME where it is set.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("HIDRA_SHARED", ROOT.parent / "shared"))
TABLE = SHARED / "data" / "homicides_inegi_mun_occmonth_1990_2008_some_states.parquet"
SPEC = {
    "source": "inegi_month_of_death_twelve_states",
    "title": "Homicides by month of death and municipality, twelve states, 1990-2008",
    "publisher": "INEGI",
    "terms": "see the publisher",
    "accessed": "2026-11-21",
    "concept": "deaths by homicide, month of occurrence",
    "unit": "persons",
    "place": {"column": "cve_mun", "level": "municipality"},
    "time": {
        "year": "year_occ", "month": "month_occ", "unknown_years": [0], "unknown_months": [99],
    },
    "values": [{"column": "homicides", "measure": "inegi_homicides"}],
    "missing_means": "zero",
}  # fmt: skip
COVERS = (
    "The counts are deaths by homicide by month of death and municipality in twelve "
    "states, 1990-2008 (INEGI); they are not part of hidra, and months without a row are "
    "zero. `python -m scripts.make_municipal_scores docs {origins}` writes this page "
    "where the table lies beside the project; with counts of your own, `hidra score "
    "--level municipality --pages DIR`.",
    "Los conteos son defunciones por homicidio por mes de la muerte y municipio en doce "
    "estados, 1990-2008 (INEGI); no son parte de hidra, y un mes sin renglón es cero. "
    "`python -m scripts.make_municipal_scores docs {origins}` escribe esta página donde "
    "la tabla está junto al proyecto; con conteos propios, `hidra score --level "
    "municipality --pages CARPETA`.",
)
NAMES = (
    "global-bootstrap", "last-month", "last-12", "hurdle", "nb-last-12", "nb-ewm6", "nb-ewm6-hlp",
    "nb-ewm2", "nb-ewm2-hlp", "nb-ewm2-season", "hidra",
)  # fmt: skip
SEEDS = (1,)


def main(folder: Path, origins: int) -> None:
    """Import the table into an empty panel, score the newest origins, and write the pages."""
    from hidra.data.importing import import_table
    from hidra.data.spec import make_spec
    from hidra.forecast.backtest import protocol, rolled
    from hidra.forecast.pages import write_pages

    import_table(TABLE, make_spec(SPEC))
    plan = protocol("inegi_homicides", "municipality")
    plan = replace(plan, origins=plan.origins[-origins:])
    found = rolled(plan, SEEDS, NAMES, lambda *at: print(*at, file=sys.stderr, flush=True))
    said = (text.format(origins=origins) for text in COVERS)
    covers = dict(zip(("en", "es"), said, strict=True))
    for file in write_pages(folder, plan, found, SEEDS, covers):
        print(file)


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
    kept = os.environ.get("HIDRA_HOME")
    with tempfile.TemporaryDirectory() as empty:
        os.environ["HIDRA_HOME"] = kept or empty
        main(target, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
