"""The estimators of the event studies by name: each takes place x month rows, gives windows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hidra.claims.designs import event, spatial
from hidra.claims.designs.event import Estimate
from hidra.claims.designs.synthetic import synthetic

if TYPE_CHECKING:
    import pandas as pd

ESTIMATORS: dict[str, Callable[[pd.DataFrame], list[Estimate]]] = {
    "poisson": event.poisson,
    "poisson_conley": spatial.conley,
    "linear": event.linear,
    "did2s": event.two_stage,
    "sun_abraham": event.saturated,
    "callaway_santanna": event.staggered,
    "local_projections": event.local_projections,
    "synthetic_control": synthetic,
}
