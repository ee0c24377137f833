"""What a course is drawn from: which mechanisms are on, whether the ties of 2020 are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.core.errors import unknown
from hidra.core.i18n import _
from hidra.model import mechanisms
from hidra.model.explanations import RIVALS, Rival

if TYPE_CHECKING:
    from hidra.core.param import Prior
    from hidra.model.mechanism import Mechanism

NETWORK = "-network"  # ending of the variants that know the ties of 2020 at every origin
# Coefficients fitted with the core, unless the bank of studies has set them; the others stand at
# the centre of what is known of them, because a hundred months cannot tell more apart.
LEARNT = (
    "arms.elasticity",
    "diversification.effect_fuel",
    "drug_market.prize",
    "laundering.elasticity",
    "leadership_removal.opportunity",
    "leadership_removal.succession",
    "militarisation.lethality",
    "precarity.slope",
)


@dataclass(frozen=True, eq=False)  # one object a name: it may be a key
class Variant:
    """One mechanistic explanation as it enters a forecast.

    Attributes
    ----------
    rival : the explanation. network : whether the ties of 2020 count as known at every origin; such
        a variant is an upper bound, never a forecast.
    """

    rival: Rival
    network: bool = False

    @property
    def name(self) -> str:
        """Code of the rival, marked where it knows what only 2020 knew."""
        return self.rival.code + NETWORK * self.network

    @property
    def mechanisms(self) -> tuple[Mechanism, ...]:
        """What is on."""
        return mechanisms.find(self.rival.switched_on(), where=f"rival {self.rival.code}")

    def overrides(self) -> dict[str, float | Prior]:
        """Return the coefficients that are held, and the priors that say what the rival says."""
        from hidra.inference.posterior import sizes

        free = {
            f"{m.name}.{q.name}": q.prior
            for m in self.mechanisms
            for q in m.params
            if q.prior is not None
        }
        told = {name: float(np.median(sizes()[name])) for name in free if name in sizes()}
        held = {name: float(q.quantile(0.5)) for name, q in free.items() if name not in LEARNT}
        held |= told
        return held | dict(self.rival.parameters)


VARIANTS = {
    variant.name: variant
    for rival in RIVALS.values()
    if not rival.statistical
    for variant in (Variant(rival), Variant(rival, network=True))
}


def variant(name: str) -> Variant:
    """Return a variant by name, ``V0`` ... ``V5`` or ``V0-network`` ..."""
    if name not in VARIANTS:
        raise unknown(_("mechanistic variant"), name, VARIANTS, where="rivals")
    return VARIANTS[name]
