"""Rival explanations V0-V6: named sets of switches, judged on the same records and priors.

A sign that an explanation implies is put into the prior of one parameter; all other priors are
shared. V6 has no mechanism at all: it is the statistical forecast every explanation must beat.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hidra.core.errors import unknown
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
    title_es: str
    title_en: str
    says_es: str
    says_en: str
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
        Rival("V0", "Núcleo", "Core", "Solo Science 2023.", "Science 2023 alone."),
        Rival(
            "V1", "Estado ausente", "Absent state",
            "Donde hay más Estado hay menos muertes; la protección reparte las detenciones.",
            "Where there is more state fewer are killed; protection shares out the arrests.",
            ("militarisation", "selective_protection"), ("selective_protection",),
            {FORCES: Normal(loc=-SIGNED, scale=0.08)},
        ),
        Rival(
            "V2", "La militarización impulsa", "Militarisation drives",
            "Más fuerzas y más operaciones traen más muertes y represalias.",
            "More forces and operations bring more deaths and retaliation.",
            STATE, (), {FORCES: Normal(loc=SIGNED, scale=0.08)},
        ),
        Rival(
            "V3", "Mercado y estructura", "Market and structure",
            "Rentas, armas, dinero y precariedad explican la violencia.",
            "Rents, arms, money and precarity explain the violence.", MARKET,
        ),
        Rival(
            "V4", "Fragmentación", "Fragmentation",
            "Quitar líderes y romper protecciones divide a los grupos.",
            "Removing leaders and breaking protection splits groups.",
            ("leadership_removal", "selective_protection"), ("selective_protection",),
        ),
        Rival(
            "V5", "Todo", "All", "Todos los mecanismos.", "Every mechanism.",
            tuple(sorted((
                *MARKET, *STATE, "community_defence", "displacement", "leadership_removal", "moves",
                "selective_protection", "victims",
            ))),
            ("selective_protection",),
        ),
        Rival(
            "V6", "Estadística", "Statistical",
            "Sin mecanismo: binomial negativa sobre los meses pasados.",
            "No mechanism: negative binomial on past months.", statistical=True,
        ),
    )
}  # fmt: skip


def rival(code: str) -> Rival:
    """Return an explanation by its code, ``V0`` to ``V6``."""
    if code not in RIVALS:
        raise unknown("rival explanation", code, RIVALS, where="rivals")
    return RIVALS[code]
