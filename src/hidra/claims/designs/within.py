"""Designs that ask whether homicide moves with a price or a count within places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs import exposure
from hidra.claims.designs.rule import Found, by_rule, share, shares

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "INEGI month of death, 32 states"
WHAT: Mapping[str, Mapping[str, str]] = {
    "mining": {
        "en": "when the relative price of mining doubles, homicides in a state with one point "
        "more mining in its product (2003-07) change",
        "es": "cuando el precio relativo de la minería se duplica, los homicidios en un estado con "
        "un punto más de minería en su producto (2003-07) cambian",
    },
    "avocado": {
        "en": "when the nation's avocado value doubles against its product, homicides in a state "
        "with one point more avocado in its product (2003-07) change",
        "es": "cuando el valor del aguacate del país se duplica frente a su producto, los "
        "homicidios en un estado con un punto más de aguacate en su producto (2003-07) cambian",
    },
    "groups": {
        "en": "twice as many groups in press reports of a state, 2014-18 against 2009-13, go with "
        "homicides changing",
        "es": "el doble de grupos en notas de prensa de un estado, 2014-18 frente a 2009-13, "
        "va con homicidios que cambian",
    },
    "border": {
        "en": "from October 2004 to 2006, homicides in the five states that face US states without "
        "a ban of their own changed, against all others",
        "es": "de octubre de 2004 a 2006, los homicidios de los cinco estados frente a estados de "
        "EUA sin prohibición propia cambiaron, frente a los demás,",
    },
}
DOUBLE = float(np.log(2))
ROWS: Mapping[str, tuple[Callable[[], pd.DataFrame], float]] = {
    "mining": (exposure.mining, DOUBLE),
    "avocado": (exposure.avocado, DOUBLE),
    "groups": (exposure.groups, DOUBLE),
    "border": (exposure.border, 1.0),
}


def within(name: str) -> Found:
    """Return what one exposure does within places: estimate, lead, placebo, leave-one-out."""
    make, unit = ROWS[name]
    rows = make()
    found = exposure.within(rows)
    main, lead = scaled(found.main, unit), scaled(found.lead, unit)
    leads = [lead] if "later" in rows else []
    # one estimator and no other window: the placebo has to carry it
    others = [main] if found.placebo <= 0.05 else []
    verdict = by_rule(main, others or [_none(main)], found.placebo, leads)
    told = [f"{one:+.0f}" for one in shares(main)]
    before = [f"{one:+.0f}" for one in shares(lead)]
    figures: dict[str, Any] = {
        "change": shares(main), "rows": main.n, "random places that do as well": found.placebo,
        "leave one state out": (share(unit * found.lowest), share(unit * found.highest)),
    }  # fmt: skip
    if leads:
        figures["lead"] = shares(lead)
    words = {}
    for lang, (ci, to, early, chance) in {
        "en": ("90 %", "to", "the year before the change", "of random assignments do as much"),
        "es": ("90 %", "a", "el año previo al cambio",
               "de los repartos al azar dan lo mismo o más"),
    }.items():  # fmt: skip
        ahead = f"; {early}: {before[0]} % ({before[1]} {to} {before[2]})" if leads else ""
        words[lang] = (
            f"Poisson, {WHAT[name][lang]} {told[0]} % ({ci}: {told[1]} {to} {told[2]}); "
            f"{found.placebo:.0%} {chance}{ahead}."
        )
    return Found(verdict, words, shares(main)[0], SOURCE, figures)


def scaled(one: exposure.Estimate, unit: float) -> exposure.Estimate:
    """Return an estimate per another unit of exposure."""
    return exposure.Estimate(one.name, unit * one.value, unit * one.low, unit * one.high, one.n)


def _none(one: exposure.Estimate) -> exposure.Estimate:
    return exposure.Estimate(one.name, 0.0, -1.0, 1.0, one.n)
