"""What the designs around removals and operations find, and the verdict that follows by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hidra.claims.base import Verdict
from hidra.claims.designs import event, states, window
from hidra.claims.designs import strip as strips
from hidra.claims.designs.estimators import ESTIMATORS
from hidra.claims.designs.event import Estimate
from hidra.claims.designs.rule import Found, by_rule, share, shares
from hidra.claims.designs.synthetic import synthetic

ESPINOSA_RUBIN = 11.0  # per 100,000; Espinosa & Rubin 2015, first year, as quoted


def removal_at_place() -> Found:
    """Return what follows a removal at its place: ratio, placebos, estimators, states."""
    table = window.windows()
    rows = event.panel()
    estimates = [one for run in ESTIMATORS.values() for one in event.quiet(run, rows)]
    main = next(one for one in estimates if one.name == "Poisson FE, months 0-5")
    leads = [one for one in estimates if "-12 to -7" in one.name]
    others = [one for one in estimates if one not in leads and one is not main]
    others += states.territories()
    state = window.at_state_level()
    first = table["all, months 1-6"]
    verdict = by_rule(main, others, first.placebo, leads)
    low, high = window.leave_one_out()
    figures: dict[str, Any] = {
        f"ratio, {name}": {
            "n": one.n, "ratio": one.ratio, "geometric": one.geometric, "placebo": one.placebo
        }
        for name, one in table.items()
    }  # fmt: skip
    figures |= {f"change, {one.name}": shares(one)
                for one in (main, *leads, *others)}  # fmt: skip
    figures |= {"leave one out, months 1-6": (low, high), "state level": state}
    return Found(verdict, _at_place(table, main, state), first.ratio,
                 "INEGI registration months, 31 removals 2008-2014 (hidra)", figures,
                 strips.strip())  # fmt: skip


def _at_place(
    table: Mapping[str, window.Window], main: Estimate, state: Mapping[str, float]
) -> dict[str, str]:
    first, killed = table["all, months 1-6"], table["killed, months 1-6"]
    early = table["2008-2010, months 1-6"]
    shares = [share(one) for one in (main.value, main.low, main.high)]
    return {
        "en": f"At the place of removal homicides were {first.ratio:.2f} times what the national "
        "trend "
        f"would give in months 1-6 ({first.n} removals; random dates do as much in "
        f"{first.placebo:.0%} of "
        f"draws), {killed.ratio:.2f} after killings, {early.ratio:.2f} in 2008-2010. Poisson "
        "fixed effects, "
        f"months 0-5: {shares[0]:+.0f} % (90 %: {shares[1]:+.0f} to {shares[2]:+.0f}). At state "
        "level the mean "
        f"log change is {state['log_change']:+.3f} (se {state['standard_error']:.3f}): none.",
        "es": f"En el lugar de la salida los homicidios fueron {first.ratio:.2f} veces lo que "
        "daría la tendencia "
        f"nacional en los meses 1-6 ({first.n} salidas; fechas al azar dan lo mismo en "
        f"{first.placebo:.0%} de los "
        f"sorteos), {killed.ratio:.2f} tras muertes, {early.ratio:.2f} en 2008-2010. Poisson con "
        "efectos fijos, "
        f"meses 0-5: {shares[0]:+.0f} % (90 %: {shares[1]:+.0f} a {shares[2]:+.0f}). A nivel "
        "estatal el cambio "
        f"logarítmico medio es {state['log_change']:+.3f} (ee {state['standard_error']:.3f}): "
        "ninguno.",
    }


def dickenson() -> Found:
    """Return Dickenson's design on our removals, its deaths against the published 415."""
    found = states.dickenson()
    killed, captured = (_by_kind(found, name) for name in ("killed", "captured"))
    low, high = found["attributed_interval"]
    clear = low > 0 and killed.value > captured.value
    holds = low <= found["published"] <= high
    verdict: Verdict = (
        "supported" if clear and holds else "partly" if killed.low > 0 else "not supported"
    )
    numbers = (f"{found['attributed_deaths']:+,.0f}", f"{low:+,.0f}", f"{high:+,.0f}")
    figures = dict(found)
    why = {
        "en": f"Negative binomial on 32 states x 49 months, {found['removals']} removals of ours "
        "(Dickenson had 25): "
        f"{numbers[0]} deaths attributed (90 %: {numbers[1]} to {numbers[2]}), published +415. "
        "Killed "
        f"{share(killed.value):+.0f} % a month, captured {share(captured.value):+.0f} %: the sign "
        "of killing above "
        "capture is the same, the sum is not told apart from none.",
        "es": f"Binomial negativa en 32 estados x 49 meses, {found['removals']} salidas nuestras "
        "(Dickenson tenía 25): "
        f"{numbers[0]} muertes atribuidas (90 %: {numbers[1]} a {numbers[2]}), publicadas +415. "
        "Muertos "
        f"{share(killed.value):+.0f} % al mes, capturados {share(captured.value):+.0f} %: el "
        "signo de muerte por "
        "encima de captura es el mismo, la suma no se distingue de ninguna.",
    }
    return Found(
        verdict, why, found["attributed_deaths"], "INEGI month of death, 32 states", figures
    )


def _by_kind(found: Mapping[str, Any], name: str) -> Estimate:
    low, high = found[f"{name}_interval"]
    return Estimate(name, found[f"{name}_log"], low, high, found["rows"])


def joint_operations() -> Found:
    """Return what follows the first joint operation in a state, and the months before it."""
    estimates = states.operation_effects()
    lead, first, *later = estimates
    verdict = by_rule(first, later, 1.0, [lead])
    changes = [
        share(one) for one in (first.value, first.low, first.high, lead.value, lead.low, lead.high)
    ]
    before = {
        "en": "the months before were already on another path, so the rise cannot be put down to "
        "the operations",
        "es": "los meses previos ya seguían otro camino: el aumento no se puede atribuir a los "
        "operativos",
    }
    same = {"en": "the months before do not differ", "es": "los meses previos no difieren"}
    after = before if verdict == "not testable with these data" else same
    why = {
        "en": f"Poisson fixed effects, states, 2003-2010: {changes[0]:+.0f} % (90 %: "
        f"{changes[1]:+.0f} to "
        f"{changes[2]:+.0f}) in months 0-5; months -12 to -7: {changes[3]:+.0f} % "
        f"({changes[4]:+.0f} to "
        f"{changes[5]:+.0f}): {after['en']}.",
        "es": f"Poisson con efectos fijos, estados, 2003-2010: {changes[0]:+.0f} % (90 %: "
        f"{changes[1]:+.0f} a "
        f"{changes[2]:+.0f}) en los meses 0-5; meses -12 a -7: {changes[3]:+.0f} % "
        f"({changes[4]:+.0f} a "
        f"{changes[5]:+.0f}): {after['es']}.",
    }
    rate = states.operation_rate()
    mixed = event.quiet(synthetic, states.operations())
    why = {
        lang: f"{why[lang][:-1]}; {words} {rate.value:+.1f} ({rate.low:+.1f} {to} {rate.high:+.1f})"
        f", {other} {ESPINOSA_RUBIN:+.0f}."
        for lang, words, to, other in (
            ("en", "yearly rate per 100,000 in the first year", "to",
             "published for 18 smaller regions"),
            ("es", "tasa anual por 100,000 en el primer año", "a",
             "publicado para 18 regiones menores"),
        )
    }  # fmt: skip
    figures: dict[str, Any] = {one.name: shares(one) for one in (*estimates, *mixed)}
    figures["rate per 100,000 a year, months 0-11"] = (rate.value, rate.low, rate.high)
    figures["published rate, 18 regions, first year"] = ESPINOSA_RUBIN
    return Found(verdict, why, changes[0], "INEGI month of death, 32 states", figures)
