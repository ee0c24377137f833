"""Make the mean forecasts that scenarios are anchored in, of ten earlier origins too.

    python -m scripts.make_means

Two minutes of processor time; without them the first scenario on a machine waits for as long.
"""

from __future__ import annotations

import sys

from hidra.core import files
from hidra.core.artefacts import making
from hidra.forecast import baseline
from hidra.forecast.means import LONGEST, SHIPPED, Hindcasts, cache_folder
from hidra.inference import posterior
from hidra.model.system import COUNTS


def main() -> None:
    """Forecast from the last month of records of the shipped posteriors, and keep the means."""
    with making("forecast means"):
        hindcasts = Hindcasts(cache_folder())
        origins = {
            posterior.manifest(posterior.place(name))["basis"]["until"]
            for name in ("small", "system")
        }
        for origin in sorted(origins):
            for measure in COUNTS:
                baseline(measure, origin, LONGEST, 2, 1, hindcasts=hindcasts)
        files.write_npz(SHIPPED, dict(sorted(hindcasts.kept.items())), compressed=True)
    print(len(hindcasts.kept), SHIPPED.stat().st_size, file=sys.stderr)


if __name__ == "__main__":
    main()
