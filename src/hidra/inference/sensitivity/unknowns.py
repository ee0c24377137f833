"""What is not known, as coordinates between 0 and 1, in groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from hidra.core.param import Param
from hidra.inference.calibrate import Overrides, dynamics

FITTED, CHANCE = "fitted", "chance"
NUMBERS = 2**20  # draw numbers that chance is taken from
EDGE = 0.001  # of a prior, left out at both ends


@dataclass(frozen=True)
class Unknowns:
    """The uncertain inputs of a study.

    Attributes
    ----------
    mechanisms : those that are on. overrides : the `parameters` of the study; what it holds at a
        number although its declaration has a prior is swept within that prior.
    posterior : name -> (S, ...) draws; one coordinate chooses the row, so that what the records
        leave open varies as it was fitted, all together.
    drawn : parameters, or mechanisms with all of theirs, whose draws stand in the posterior though
        no record speaks of them: drawn from their priors, they are swept like those held.
    """

    mechanisms: tuple[str, ...]
    overrides: Overrides
    posterior: Mapping[str, np.ndarray]
    drawn: tuple[str, ...] = ()

    @cached_property
    def swept(self) -> tuple[Param, ...]:
        """Parameters with a prior that no record has informed."""
        held = {name for name, value in self.overrides.items() if isinstance(value, float)}
        known = held.union(self.drawn)
        return tuple(
            q
            for q in dynamics(self.mechanisms, {})
            if q.prior and ({q.name, q.name.split(".")[0]} & known)
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups in the order of the design: fitted, mechanisms that have swept ones, chance."""
        return tuple(dict.fromkeys(self._group_of))

    @property
    def problem(self) -> dict[str, Any]:
        """The problem as SALib wants it."""
        names = [FITTED, *(q.name for q in self.swept), CHANCE]
        return {
            "num_vars": len(names),
            "names": names,
            "bounds": [[0.0, 1.0]] * len(names),
            "groups": list(self._group_of),
        }

    @property
    def _group_of(self) -> tuple[str, ...]:
        return (FITTED, *(q.name.split(".")[0] for q in self.swept), CHANCE)

    def group(self, name: str) -> str:
        """Group that a single parameter varies with."""
        return name.partition(".")[0] if name in self._swept_names else FITTED

    @property
    def rows(self) -> int:
        """Rows of the posterior."""
        return len(next(iter(self.posterior.values())))

    def row(self, points: np.ndarray) -> np.ndarray:
        """Row of the posterior at each point, (runs,)."""
        return np.minimum((points[:, 0] * self.rows).astype(int), self.rows - 1)

    def number(self, points: np.ndarray) -> np.ndarray:
        """Draw number at each point, (runs,): what every kind of chance is keyed by."""
        return (points[:, -1] * NUMBERS).astype(int)

    def parameters(self, points: np.ndarray) -> dict[str, np.ndarray]:
        """Return every parameter at each point, name -> (runs, ...)."""
        chosen = {name: values[self.row(points)] for name, values in self.posterior.items()}
        return chosen | self._swept_at(points)

    def columns(self, points: np.ndarray) -> tuple[list[str], np.ndarray]:
        """Return names and values, (runs, parameters), of all single uncertain parameters."""
        found = {
            name: values[self.row(points)]
            for name, values in self.posterior.items()
            if values.ndim == 1 and np.ptp(values) > 0 and name not in self._swept_names
        } | self._swept_at(points)
        return list(found), np.stack(list(found.values()), axis=1)

    @cached_property
    def _swept_names(self) -> set[str]:
        return {q.name for q in self.swept}

    def _swept_at(self, points: np.ndarray) -> dict[str, np.ndarray]:
        share = np.clip(points[:, 1:-1], EDGE, 1.0 - EDGE).T
        return {
            q.name: np.asarray(q.prior.quantile(u)) if q.prior else np.full(len(u), q.value)
            for q, u in zip(self.swept, share, strict=True)
        }
