"""One draw of the model on all municipalities, and what is kept of it.

Parameters are those learnt on the states: rates are national, ``local_lethality`` is of the state.
A draw holds some 1,700 places x months x measures, so only sums by state and the cells that are
not empty are kept. Municipal figures say where the model puts people given who is reported where;
they were not fitted to municipal records.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np
from jax import Array

from hidra.core import noise
from hidra.core.weeks import Weeks
from hidra.model import mechanisms, world
from hidra.model.equation import Model
from hidra.model.nested import Nested
from hidra.model.simulate import STOCKS, Drivers, Policy, compiled, run_months

if TYPE_CHECKING:
    import pandas as pd

TINY = 1e-6  # persons: less is rounding


@dataclass(frozen=True)
class Country:
    """The compiled model of all municipalities.

    Attributes
    ----------
    model, weeks, drivers : what is simulated; drivers are by state. run : see ``draw``.
    """

    model: Model
    weeks: Weeks
    drivers: Drivers
    run: Callable[..., dict[str, Array]]

    @property
    def nested(self) -> Nested:
        """How the places lie in their states."""
        assert self.model.nested is not None
        return self.model.nested

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the places; ``25000`` is the municipalities of the state 25 without a group."""
        return self.nested.codes

    def draw(
        self, p: Mapping[str, np.ndarray], number: int, policy: Policy | None = None
    ) -> dict[str, np.ndarray]:
        """Simulate one draw: name -> (M, P), 32 bits.

        Persons, the mean of the month for ``members`` and the sum of the month for the others.

        Parameters
        ----------
        p : parameters of the draw, as of a posterior of the states. number : of the draw.
        """
        known = {name: jnp.asarray(value) for name, value in p.items()}
        found = self.run(known, jnp.uint32(number), policy or Policy())
        return {name: np.asarray(value) for name, value in found.items()}

    def residents(self) -> np.ndarray:
        """Residents of each place by month, (M, P): its share in those of the state."""
        return world.population(self.weeks)[:, self.nested.region] * self.nested.part

    def by_state(self, found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Sum a draw over the states, name -> (M, 32); unknown stays unknown."""
        return {name: self.nested.total(value.T).T for name, value in found.items()}

    def yearly(self, found: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Count a draw by year, name -> (Y, P): stocks are means of the year, flows its sums."""
        return {name: self.by_year(name, value) for name, value in found.items()}

    def years(self) -> np.ndarray:
        """The years of the weekly grid."""
        return np.unique([int(str(month)[:4]) for month in self.weeks.months])

    def by_year(self, name: str, monthly: np.ndarray) -> np.ndarray:
        """Count one measure by year, (M, P) -> (Y, P)."""
        years = np.array([int(str(month)[:4]) for month in self.weeks.months])
        begins = np.flatnonzero(np.append(True, years[1:] != years[:-1]))
        sums = np.add.reduceat(monthly, begins, axis=0)
        months = np.diff(np.append(begins, len(years)))[:, None]
        return (sums / months if name in STOCKS else sums).astype(monthly.dtype)

    def cells(self, figures: Mapping[str, Mapping[str, np.ndarray]]) -> pd.DataFrame:
        """Return what is not empty: place, year, measure, and one column for each figure.

        Parameters
        ----------
        figures : column -> measure -> (Y, P). An absent row is zero, a null one unknown.
        """
        import pandas as pd

        first = int(str(self.weeks.months[0])[:4])
        inside = np.array([not code.endswith("000") for code in self.codes])
        parts = []
        for measure in next(iter(figures.values())):
            columns = {name: np.asarray(every[measure]) for name, every in figures.items()}
            some = inside & np.any([~(value < TINY) for value in columns.values()], axis=0)
            year, at = np.nonzero(some)
            rows = {"place": np.array(self.codes)[at], "year": first + year, "measure": measure}
            parts.append(pd.DataFrame(rows | {n: value[some] for n, value in columns.items()}))
        return pd.concat(parts, ignore_index=True)


def country(
    names: tuple[str, ...],
    start: str,
    end: str,
    splits_from: str,
    seed: int,
    presence_file: str | Path | None = None,
) -> Country:
    """Compile the model on municipalities.

    Parameters
    ----------
    names : mechanisms that are on.
    start, end, splits_from : months, ``YYYY-MM``. presence_file : see ``presence.read``.
    """
    weeks, on = Weeks(start, end), mechanisms.find(names, where="plan")
    model = world.model(on, start, level="municipality", presence_file=presence_file)
    drivers = world.drivers(model.network, weeks, splits_from, model.mechanisms, model.nested)

    @compiled
    def run(p: Mapping[str, Array], number: Array, policy: Policy) -> dict[str, Array]:
        found = run_months(model, p, drivers, policy, weeks, noise.key(seed, number, "model"))
        return {name: value.astype(jnp.float32) for name, value in found.items()}

    return Country(model, weeks, drivers, run)
