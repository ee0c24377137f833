"""Published windows asked of our removals: as far as open data allow, differences stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.claims.base import Verdict
from hidra.claims.designs import event, states, window
from hidra.claims.designs.event import LEVEL, Estimate
from hidra.claims.designs.rule import Found, as_published, share, shares

if TYPE_CHECKING:
    import pandas as pd

ELSEWHERE = 30.0  # percent, same organisation elsewhere, six months; Lindo & Padilla-Romo 2018
ALSO = {
    "en": "Other states of the group, months 1-6: {} % ({} to {}), published {:+.0f} % (other "
    "municipalities).",
    "es": "Otros estados del grupo, meses 1-6: {} % ({} a {}), publicado {:+.0f} % (otros "
    "municipios).",
}
SOURCE = "INEGI registration months at the places of removal, 2007-2015"


@dataclass(frozen=True)
class Study:
    """A published window: who, its rise as a share, months after the removal, captures only."""

    who: str
    rise: float
    months: tuple[int, int]
    captures: bool
    differences: Mapping[str, str]


DIFFERENT = {
    "en": "ours: {n} places of removal only, each against the others before their own, deaths by "
    "month of registration, our list of leaders; theirs: all municipalities",
    "es": "lo nuestro: solo {n} lugares de salida, cada uno frente a los demás antes de la suya, "
    "muertes por mes de registro, nuestra lista de líderes; lo suyo: todos los municipios",
}
STUDIES = {
    "lindo_padilla_romo": Study("Lindo & Padilla-Romo 2018", 0.80, (0, 11), True, DIFFERENT),
    "calderon_et_al": Study("Calderón et al. 2015", 0.365, (0, 5), False, DIFFERENT),
}


def published(name: str) -> Found:
    """Return our estimate of a published window beside the published one."""
    study = STUDIES[name]
    rows = event.panel((lambda events: ~events["killed"]) if study.captures else None)
    ours = over(rows, study.months)
    chance = _chance("captured" if study.captures else "all")
    verdict = as_published(ours, float(np.log1p(study.rise)), chance)
    value, low, high = shares(ours)
    n = int(rows.loc[rows["since"] >= 0, "place"].nunique())
    months = f"{study.months[0]}-{study.months[1]}"
    elsewhere = next(one for one in states.territories() if "other states" in one.name)
    why = {
        "en": f"Poisson fixed effects, months {months}: {value:+.0f} % (90 %: {low:+.0f} to "
        f"{high:+.0f}), published {100 * study.rise:+.1f} %; random dates do as much in "
        f"{chance:.0%} of draws; {DIFFERENT['en'].format(n=n)}.",
        "es": f"Poisson con efectos fijos, meses {months}: {value:+.0f} % (90 %: {low:+.0f} a "
        f"{high:+.0f}), publicado {100 * study.rise:+.1f} %; fechas al azar dan lo mismo en "
        f"{chance:.0%} de los sorteos; {DIFFERENT['es'].format(n=n)}.",
    }
    if study.captures:
        beside = [f"{one:+.0f}" for one in shares(elsewhere)]
        why = {lang: f"{why[lang]} {ALSO[lang].format(*beside, ELSEWHERE)}" for lang in why}
    figures = {
        f"change, months {months}": (value, low, high), "published": 100 * study.rise,
        "places": n, "random dates that do as well, months 1-6": chance,
        "other states of the group, months 1-6": shares(elsewhere),
    }  # fmt: skip
    return Found(verdict, why, value, SOURCE, figures)


def _chance(kind: str) -> float:
    """Return how often random dates do as well as true ones in months 1 to 6."""
    return window.windows()[f"{kind}, months 1-6"].placebo


def over(rows: pd.DataFrame, months: tuple[int, int]) -> Estimate:
    """Return the Poisson change over some months after the event, later months apart."""
    import pyfixest as pf

    rows = rows.assign(
        inside=rows["since"].between(*months).astype(float),
        after=(rows["since"] > months[1]).astype(float),
    )

    def fitted(frame: pd.DataFrame) -> list[Estimate]:
        fit = pf.fepois("deaths ~ inside + after + w0 | unit + month", frame,
                        vcov={"CRV1": "state"})  # fmt: skip
        row = fit.tidy(alpha=LEVEL).iloc[0]
        ends = [float(row[name]) for name in row.index if str(name).endswith("%")]
        return [Estimate("inside", float(row["Estimate"]), min(ends), max(ends), int(fit._N))]

    return event.quiet(fitted, rows)[0]


def enforcement() -> Found:
    """Return the direction Osorio (2015) found: violence after enforcement, in what is at hand."""
    lead, first, *_ = states.operation_effects()
    removal = over(event.panel(), (0, 5))
    up = [one.low > 0 for one in (first, removal)]
    verdict: Verdict = "partly" if any(up) else "not supported"
    a, b, c = (f"{share(one.value):+.0f}" for one in (first, removal, lead))
    why = {
        "en": f"Same direction in what is at hand: {a} % in the half-year after the first joint "
        f"operation of a state ({c} % already before it, so no cause is shown), {b} % in the "
        "half-year after a leader's removal at its place. His daily municipal events of arrests, "
        "seizures and clashes (OCVED, 2000-2010) are not among the built-in tables.",
        "es": f"La misma dirección en lo que hay a la mano: {a} % en el semestre posterior al "
        f"primer operativo conjunto de un estado ({c} % ya antes, así que no se muestra causa), "
        f"{b} % en el semestre posterior a la salida de un líder en su lugar. Sus eventos "
        "municipales diarios de detenciones, decomisos y choques (OCVED, 2000-2010) no están entre "
        "las tablas incluidas.",
    }
    figures = {
        "operations, months 0-5": shares(first),
        "operations, months -12 to -7": shares(lead),
        "removals, months 0-5": shares(removal),
    }
    return Found(verdict, why, share(first.value), "INEGI", figures)
