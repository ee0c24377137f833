"""Re-examine "only recruitment" at equal dose in the whole model: ``python -m scripts.make_only_recruitment``.

The same number of persons a week is kept from being recruited, arrested, or helped to leave, from
the same month on, in the same draws. ``--simulate`` runs the scenarios and keeps their figures in
``docs/data``; without it the pages are written again from the figures kept.
"""

# ruff: noqa: E501 - prose

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from babel.lists import format_list

from hidra.core.artefacts import making
from hidra.core.files import write_json
from hidra.core.i18n import translate
from hidra.core.markdown import table
from hidra.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / "docs" / "data" / "only-recruitment.json"
PAGES = {
    "en": "docs/en/explanation/only-recruitment.md",
    "es": "docs/es/explicacion/solo-reclutamiento.md",
}
WORDS = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
LEVERS = {
    "recruitment": -1.0,
    "enforcement": 1.0,
    "saturation": 1.0,
}  # sign of a dose that takes people out
DOSES = (25, 50, 75)  # persons a week; more is in some draws more than are recruited
STARTS = ("2027-01", "2029-01")
YEARS = 4
END = "2032-12"
MEASURES = ("inegi_homicides_expected", "disappeared", "members")
UNEQUAL = {"half_recruitment": {"recruitment": 0.5}, "double_enforcement": {"enforcement": 2.0}}


def scenarios() -> dict[str, Scenario]:
    """Return every scenario: equal doses of each lever from each start, and the published pair."""
    equal = {
        name(lever, dose, start): Scenario(start=start, dose={lever: sign * dose})
        for start in STARTS
        for dose in DOSES
        for lever, sign in LEVERS.items()
    }
    return equal | {
        key: Scenario(start=STARTS[0], change=change) for key, change in UNEQUAL.items()
    }


def name(lever: str, dose: int, start: str) -> str:
    """Name of a scenario."""
    return f"{lever}_{dose}_{start[:4]}"


def simulate(draws: int, posterior: str = "system", workers: int = 1) -> dict[str, Any]:
    """Return the figures of the page."""
    from hidra.run.projection import what_if

    found = what_if(scenarios(), posterior=posterior, end=END, draws=draws, workers=workers)
    after = {key: _change(found, key, wanted.start) for key, wanted in scenarios().items()}
    rows = [
        {"scenario": key, "measure": measure, **_quantiles(values)}
        for key, by_measure in after.items()
        for measure, values in by_measure.items()
    ]
    pairs = [
        {"dose": dose, "start": start, "other": lever, "measure": measure,
         **_against(after, name("recruitment", dose, start), name(lever, dose, start), measure)}
        for start in STARTS for dose in DOSES for lever in LEVERS if lever != "recruitment"
        for measure in MEASURES
    ]  # fmt: skip
    return {"draws": draws, "end": END, "posterior": posterior, "years": YEARS,
            "posterior_digest": found.attrs.get("posterior_digest"), "seed": found.attrs.get("seed"),
            "changes": rows, "pairs": pairs}  # fmt: skip


def _change(found: Any, key: str, start: str) -> dict[str, np.ndarray]:
    """Change against no change on the same dates, in per cent, (draws,) for each measure."""
    last = f"{int(start[:4]) + YEARS - 1}-12"
    part = found[list(MEASURES)].sel(month=slice(start, last)).sum("place")
    both = {
        m: (part[m].isel(month=-1) if m == "members" else part[m].sum("month")) for m in MEASURES
    }
    return {
        m: 100 * (v.sel(scenario=key) / v.sel(scenario="no_change") - 1.0).to_numpy()
        for m, v in both.items()
    }


def _quantiles(values: np.ndarray) -> dict[str, float]:
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    return {
        "p05": round(float(low), 3),
        "p50": round(float(middle), 3),
        "p95": round(float(high), 3),
    }


def _against(after: dict[str, Any], ours: str, theirs: str, measure: str) -> dict[str, float]:
    """Return recruitment against another lever in the same draws: difference, and how often it is better."""
    gap = after[ours][measure] - after[theirs][measure]
    return _quantiles(gap) | {"better": round(float((gap < 0).mean()), 3)}


def verdicts(kept: dict[str, Any]) -> dict[str, str]:
    """Return two verdicts by rule, on homicides over all doses and starts.

    ``only``: contradicted where at the same dose other levers lower homicides too, in 95 % of the
    draws; supported where none does; partly in between. ``best``: whether recruitment is better than
    each other lever in 95 % of the draws at every dose and start.
    """
    others = [r["p95"] < 0 for r in kept["changes"]
              if r["measure"] == MEASURES[0] and r["scenario"].startswith(("enforcement", "saturation"))]  # fmt: skip
    only = "contradicted" if all(others) else "partly" if any(others) else "supported"
    shares = [p["better"] for p in kept["pairs"] if p["measure"] == MEASURES[0]]
    if all(share >= 0.95 for share in shares):
        best = "supported"
    elif all(share <= 0.05 for share in shares):
        best = "contradicted"
    else:
        best = "partly" if all(share >= 0.5 for share in shares) else "not supported"
    return {"only": only, "best": best}


def page(language: str, kept: dict[str, Any]) -> str:
    """Return the page in one language."""
    w = WORDS[language]
    found = verdicts(kept)
    said = {k: translate(v, language) for k, v in found.items()}
    parts = [
        w["head"],
        w["made"],
        w["question"],
        w["how"].format(
            doses=format_list([str(dose) for dose in DOSES], style="or", locale=language),
            digest=kept["posterior_digest"][:12],
            **kept,
        ),
    ]
    parts += [w["answer_head"], w["only"][found["only"]].format(verdict=said["only"])]
    parts += [w["best"].format(verdict=said["best"], **_range(kept))]
    parts += [w["model"], w["changes_head"], _changes(kept, w), w["pairs_head"], w["pairs_how"]]
    parts += [_pairs(kept, w), w["unequal_head"], w["unequal"], _unequal(kept, w), w["limits"]]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _range(kept: dict[str, Any]) -> dict[str, str]:
    shares = [100 * p["better"] for p in kept["pairs"] if p["measure"] == MEASURES[0]]
    gaps = [p["p50"] for p in kept["pairs"] if p["measure"] == MEASURES[0]]
    return {"least": f"{min(shares):.0f}", "most": f"{max(shares):.0f}",
            "gap_low": _signed(min(gaps)), "gap_high": _signed(max(gaps))}  # fmt: skip


def _changes(kept: dict[str, Any], w: dict[str, Any]) -> str:
    at = {(r["scenario"], r["measure"]): r for r in kept["changes"]}
    lines = [
        (start, str(dose), w["levers"][lever],
         *(_interval(at[name(lever, dose, start), m]) for m in MEASURES))
        for start in STARTS for dose in DOSES for lever in LEVERS
    ]  # fmt: skip
    return table(w["changes_columns"], lines)


def _pairs(kept: dict[str, Any], w: dict[str, Any]) -> str:
    lines = [
        (p["start"], str(p["dose"]), w["levers"][p["other"]], w["measures"][p["measure"]],
         _interval(p), f"{100 * p['better']:.0f} %")
        for p in kept["pairs"]
    ]  # fmt: skip
    return table(w["pairs_columns"], lines)


def _unequal(kept: dict[str, Any], w: dict[str, Any]) -> str:
    at = {(r["scenario"], r["measure"]): r for r in kept["changes"]}
    lines = [(w["unequal_names"][k], *(_interval(at[k, m]) for m in MEASURES)) for k in UNEQUAL]
    return table(w["unequal_columns"], lines)


def _interval(row: dict[str, Any]) -> str:
    return f"{_signed(row['p50'])} ({_signed(row['p05'])} – {_signed(row['p95'])})"


def _signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "\u2212")


def main() -> None:
    """Simulate when asked, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--simulate", action="store_true")
    parser.add_argument("--draws", type=int, default=100)
    asked = parser.parse_args()
    if asked.simulate:
        with making("only recruitment"):
            write_json(KEPT, simulate(asked.draws))
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    for language, path in PAGES.items():
        (ROOT / path).write_text(page(language, kept), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
