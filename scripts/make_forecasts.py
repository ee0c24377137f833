"""Make the forecasts that pages show: of the newest months, and from earlier origins.

    python -m scripts.make_forecasts

A quarter of an hour of processor time; means of earlier origins are kept in HIDRA_HOME.
"""

from __future__ import annotations

import sys

from hidra.core.artefacts import making
from hidra.core.files import write_parquet
from hidra.forecast import kept

PRECISION = {"crps": 2, "wis": 2, "pit": 3}


def progress(*at: object) -> None:
    """Print how far it is."""
    print(*at, file=sys.stderr, flush=True)


def main() -> None:
    """Forecast, and keep the table."""
    import pandas as pd

    with making("forecasts"):
        made = [
            make(measure, progress) for measure in kept.PAST for make in (kept.ahead, kept.past)
        ]
        rows = pd.concat(made, ignore_index=True).round(PRECISION)
        write_parquet(kept.FILE, rows)
    progress(len(rows), kept.FILE.stat().st_size)


if __name__ == "__main__":
    main()
