"""Rival explanations V0-V6: named sets of switches, judged on the same records and priors.

A sign that an explanation implies is put into the prior of one parameter; all other priors are
shared. V6 has no mechanism at all: it is the statistical forecast every explanation must beat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hidra.core.errors import unknown
from hidra.core.i18n import _
from hidra.core.param import Normal, Prior

SIGNED = 0.16  # centre of a signed prior: 98 % of it lies on that side of zero
FORCES = "militarisation.lethality"


@dataclass(frozen=True)
class Rival:
    """One explanation.

    Attributes
    ----------
    mechanisms : those that are on. needing : those of them that run only with drivers the user
        brings; left out otherwise. parameters : priors that say what the explanation says.
    statistical : no mechanism, but the negative binomial forecast.
    """

    code: str
    title: str
    says: str
    mechanisms: tuple[str, ...] = ()
    needing: tuple[str, ...] = ()
    parameters: Mapping[str, Prior] = field(default_factory=dict)
    statistical: bool = False

    def switched_on(self, *, brought: bool = False) -> tuple[str, ...]:
        """Return what is on; `brought` says whether the user has brought the drivers it needs."""
        return self.mechanisms if brought else tuple(set(self.mechanisms) - set(self.needing))


MARKET = (
    "arms",
    "diversification",
    "drug_market",
    "economy_feedback",
    "extractive_corridor",
    "laundering",
    "precarity",
)
STATE = ("militarisation", "retaliation", "us_pressure")
RIVALS = {
    rival.code: rival
    for rival in (
        Rival("V0", _("Core"), _("Science 2023 alone.")),
        Rival(
            "V1", _("Absent state"),
            _("Where there is more state fewer are killed; protection shares out the arrests."),
            ("militarisation", "selective_protection"), ("selective_protection",),
            {FORCES: Normal(loc=-SIGNED, scale=0.08)},
        ),
        Rival(
            "V2", _("Militarisation drives"),
            _("More forces and operations bring more deaths and retaliation."),
            STATE, (), {FORCES: Normal(loc=SIGNED, scale=0.08)},
        ),
        Rival(
            "V3", _("Market and structure"),
            _("Rents, arms, money and precarity explain the violence."), MARKET,
        ),
        Rival(
            "V4", _("Fragmentation"),
            _("Removing leaders and breaking protection splits groups."),
            ("leadership_removal", "selective_protection"), ("selective_protection",),
        ),
        Rival(
            "V5", _("All"), _("Every mechanism."),
            tuple(sorted((
                *MARKET, *STATE, "community_defence", "displacement", "leadership_removal", "moves",
                "selective_protection", "victims", "deportation",
            ))),
            ("selective_protection", "deportation"),
        ),
        Rival(
            "V6", _("Statistical"),
            _("No mechanism: negative binomial on past months."), statistical=True,
        ),
    )
}  # fmt: skip


def rival(code: str) -> Rival:
    """Return an explanation by its code, ``V0`` to ``V6``."""
    if code not in RIVALS:
        raise unknown(_("rival explanation"), code, RIVALS, where="rivals")
    return RIVALS[code]
