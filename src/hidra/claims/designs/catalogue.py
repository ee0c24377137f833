"""The designs by the name a claim's file gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from hidra.claims.designs import published, verdicts, within
from hidra.claims.designs.rule import Found

DESIGNS: Mapping[str, Callable[[], Found]] = {
    "removal_at_place": verdicts.removal_at_place,
    "dickenson": verdicts.dickenson,
    "joint_operations": verdicts.joint_operations,
    "lindo_padilla_romo": partial(published.published, "lindo_padilla_romo"),
    "calderon_et_al": partial(published.published, "calderon_et_al"),
    "enforcement": published.enforcement,
    "arms_border": partial(within.within, "border"),
    "mining_price": partial(within.within, "mining"),
    "avocado_value": partial(within.within, "avocado"),
    "groups_in_states": partial(within.within, "groups"),
}
