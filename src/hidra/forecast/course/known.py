"""The world of the model as it was known at an origin.

Call within ``reference.known_until``, which leaves out of the tables what came later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np

from hidra.core.weeks import Weeks
from hidra.data import reference
from hidra.model import world
from hidra.model.equation import Model
from hidra.model.network import Network, zipf

if TYPE_CHECKING:
    from hidra.forecast.course.variant import Variant


def model(variant: Variant, start: str) -> Model:
    """Compose the model of a variant from what the tables give now."""
    if variant.network:
        return world.model(variant.mechanisms, start, jnp.float32)
    people = world.population(Weeks(start, start))[0]
    share = people / people.sum()
    groups = reported().with_spare(world.SPARE)
    spread = world.spread(groups, share, start)
    return Model(groups, share, spread, variant.mechanisms, jnp.float32)


def reported() -> Network:
    """Groups the press had reported, all at equal ties, sized by a Zipf law in their reports.

    The ties and the list of 150 groups were drawn up in 2020: before that they are later knowledge.
    """
    rows = reference.table("group_presence_state")
    reports = rows.groupby("node")["reports"].sum()
    reports = reports[reports > 0].sort_index()
    nothing = np.zeros((len(reports), len(reports)))
    ids = tuple(map(str, reports.index))
    return Network(ids, ids, nothing, nothing, zipf(reports.to_numpy(float)))
