"""Check the estimators of the designs on simulated panels and write what was found.

``python -m scripts.make_design_check [--only NAME...] [--seconds N]`` takes one to ten minutes for
each estimator; it writes tests/claims/recovery.csv, which the pages of the designs and a test read.
The work is done in blocks of 25 panels, kept beside the table in ``--parts`` until an estimator is
done: stopped, it goes on where it was. Rows already there are left out unless ``--again`` is given.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from hidra.claims.designs.event import ESTIMATORS, quiet, synthetic, with_windows
from hidra.core import fingerprint
from hidra.core.artefacts import making
from hidra.core.files import write_csv

ROOT = Path(__file__).resolve().parents[1]
BLOCK = 25
PLACES, MONTHS = 60, 72  # of a simulated panel
IMPOSED = float(np.log(1.4))  # 40 % more in months 0 to 5, nothing afterwards
OVERDISPERSION = 20.0
SEED = 500


@dataclass(frozen=True)
class Recovery:
    """How often intervals held the truth on simulated panels.

    Attributes
    ----------
    estimator : str
    imposed : float
        Effect put in, on the log scale; 0 = placebo panels.
    mean : float
        Mean estimate.
    coverage : float
        Share of 90 % intervals that hold the imposed effect.
    replicates : int
    """

    estimator: str
    imposed: float
    mean: float
    coverage: float
    replicates: int


def simulated(seed: Sequence[int], effect: float) -> pd.DataFrame:
    """Return a panel of 60 places x 72 months with staggered events at the start of half-years.

    Counts are negative binomial around 40 a month with place and month effects; the effect acts in
    months 0 to 5. A third of the places is treated in the last half-year only, as controls.
    """
    import pandas as pd

    rng = np.random.default_rng(seed)
    first = rng.integers(4, 8, PLACES) * 6
    first[: PLACES // 3] = 11 * 6
    month = np.arange(MONTHS)
    since = month[None, :] - first[:, None]
    place_effect = rng.normal(0, 0.5, PLACES)[:, None]
    month_effect = rng.normal(0, 0.1, MONTHS)[None, :]
    mean = 40 * np.exp(place_effect + month_effect + effect * ((since >= 0) & (since <= 5)))
    deaths = rng.poisson(rng.gamma(OVERDISPERSION, mean / OVERDISPERSION))
    names = [f"{number:05d}" for number in range(1000, 1000 * (PLACES + 1), 1000)]
    rows = pd.DataFrame(
        {
            "place": np.repeat(names, MONTHS),
            "month": np.tile(month, PLACES),
            "deaths": deaths.ravel().astype(float),
            "first": np.repeat(first, MONTHS),
            "lat": np.repeat(15.0 + np.arange(PLACES) // 10, MONTHS),  # a grid of one degree
            "lon": np.repeat(-110.0 + np.arange(PLACES) % 10, MONTHS),
        }
    )
    return with_windows(rows)


def recover(
    name: str, effect: float, replicates: int, seed: int = SEED, window: str = "months 0-5",
    first: int = 0,
) -> Recovery:  # fmt: skip
    """Return how an estimator does on simulated panels; errors clustered by place.

    `first` is the number of the first panel: blocks of panels together give what one call gives.
    """
    run, every = ESTIMATORS[name], 1
    if run is synthetic:  # many fits: one window, and every second place
        run, every = partial(synthetic, halves={0: "months 0-5"}), 2
    values, held = [], []
    for number in range(first, first + replicates):
        rows = simulated((seed, number), effect)
        rows["state"] = rows["unit"]
        found = quiet(run, rows[rows["unit"] % every == 0])
        one = next(estimate for estimate in found if estimate.name.endswith(window))
        values.append(one.value)
        held.append(one.low <= effect <= one.high)
    return Recovery(name, effect, float(np.mean(values)), float(np.mean(held)), replicates)


COLUMNS = [one.name for one in fields(Recovery)]
Key = tuple[str, str]
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--out", type=Path, default=ROOT / "tests" / "claims" / "recovery.csv")
    code = fingerprint.code(Path(__file__))  # blocks of other code are not taken up
    parser.add_argument("--parts", type=Path, default=ROOT / f"recovery_parts-{code}.csv")
    parser.add_argument("--only", nargs="*", choices=list(ESTIMATORS), default=list(ESTIMATORS))
    parser.add_argument("--seconds", type=float, default=float("inf"), help="stop after so long")
    parser.add_argument("--again", action="store_true")
    arguments = parser.parse_args()
    whole = len(arguments.only) == len(ESTIMATORS) and arguments.again
    with making("recovery of the designs") if whole else nullcontext():
        check(arguments)


def check(arguments: argparse.Namespace) -> None:
    """Check the estimators asked for; end the program where the time is up before they are done."""
    end = time.monotonic() + arguments.seconds
    for name in arguments.only:
        for effect in (IMPOSED, 0.0):
            rows = {_key(row): row for row in _read(arguments.out)}
            if (name, f"{effect:.4g}") in rows and not arguments.again:
                continue
            done = _blocks(name, effect, arguments.replicates, arguments.parts, end)
            if sum(int(part["replicates"]) for part in done) < arguments.replicates:
                sys.exit("The time is up: run it again to go on.")
            rows[name, f"{effect:.4g}"] = _together(done)
            _write(arguments.out, sorted(rows.values(), key=_order))


def _blocks(name: str, effect: float, replicates: int, file: Path, end: float) -> list[Row]:
    """Return the blocks of an estimator, computing those not kept yet until the time is up."""
    kept = _read(file)
    done = [part for part in kept if _key(part) == (name, f"{effect:.4g}")]
    while (first := sum(int(part["replicates"]) for part in done)) < replicates:
        if time.monotonic() > end:
            break
        found = recover(name, effect, min(BLOCK, replicates - first), first=first)
        done.append({column: str(getattr(found, column)) for column in COLUMNS})
        kept.append(done[-1])
        _write(file, kept)
    return done


def _together(parts: list[Row]) -> Row:
    """Return one row for all blocks: their means, weighted by their panels."""
    number = sum(int(part["replicates"]) for part in parts)
    means = {
        column: sum(float(part[column]) * int(part["replicates"]) for part in parts) / number
        for column in ("imposed", "mean", "coverage")
    }
    told = {column: f"{value:.4g}" for column, value in means.items()}
    return {"estimator": parts[0]["estimator"], **told, "replicates": str(number)}


def _key(row: Row) -> Key:
    return row["estimator"], f"{float(row['imposed']):.4g}"


def _order(row: Row) -> tuple[int, float]:
    return list(ESTIMATORS).index(row["estimator"]), -float(row["imposed"])


def _read(file: Path) -> list[Row]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def _write(file: Path, rows: list[Row]) -> None:
    write_csv(file, pd.DataFrame(rows, columns=COLUMNS))


if __name__ == "__main__":
    main()
