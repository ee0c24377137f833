"""Demo tables in exactly the shape of docs/en/architecture.md, for tests and for looking at the report.

Observed months are the built-in ones. Everything simulated here is invented: it has the shape of a run,
not its meaning.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from hidra.data import reference

INEGI, SESNSP = "inegi_homicides", "sesnsp_homicide_victims"
SCENARIOS = {
    "no_change": ("Sin cambio", "No change", 1.0),
    "half_recruitment": ("La mitad del reclutamiento", "Half the recruitment", 0.76),
    "double_enforcement": ("El doble de detenciones", "Double the arrests", 0.93),
    "both": ("Ambas medidas", "Both measures", 0.66),
    "equal_dose_recruitment": (
        "Reclutamiento: 110 personas menos por semana",
        "Recruitment: 110 fewer persons a week",
        0.905,
    ),
    "equal_dose_enforcement": (
        "Detenciones: 110 personas más por semana",
        "Arrests: 110 more persons a week",
        0.912,
    ),
}
STATES = [f"{n:02d}" for n in range(1, 33)]


def months(first: str, last: str) -> list[str]:
    return pd.period_range(first, last, freq="M").strftime("%Y-%m").tolist()


def observed() -> pd.DataFrame:
    panel = reference.panel()
    killed = panel["measure"].isin([INEGI, SESNSP])
    people = (panel["measure"] == "population") & (panel["month"] <= "2031-01")
    return panel[(killed | people) & (panel["place"].str.len() == 2)].reset_index(drop=True)


def _summary(seen: pd.DataFrame) -> pd.DataFrame:
    rows = seen[seen["measure"] == INEGI].pivot(index="month", columns="place", values="value")
    span = months("2012-01", "2030-12")
    smooth = rows.rolling(13, center=True, min_periods=5).mean()
    path = smooth.reindex(span).ffill()
    parts = []
    spans = {"check": months("2012-01", "2022-12"), "no_change": span}
    for scenario, end in {
        "check": 1.0,
        **{name: end for name, (_, _, end) in SCENARIOS.items()},
    }.items():
        use = spans.get(scenario, months("2026-01", "2030-12"))
        ramp = pd.Series(1.0, index=span)
        ahead = [m for m in span if m >= "2026-01"]
        ramp[ahead] = np.linspace(1, end, len(ahead))
        for place in ["00", *STATES]:
            level = (path.sum(axis=1) if place == "00" else path[place]) * ramp
            level = level.loc[use].clip(lower=0.4).to_numpy()
            years_out = np.maximum(0, np.arange(len(use)) + span.index(use[0]) - 132) / 12
            spread = np.sqrt(1 / level + 0.03**2 + (0.04 * years_out) ** 2) + (
                0.06 if place != "00" else 0.02
            )
            quantiles = {
                name: np.maximum(level * np.exp(z * spread), 0)
                for name, z in [
                    ("p05", -1.64),
                    ("p25", -0.67),
                    ("p50", 0),
                    ("p75", 0.67),
                    ("p95", 1.64),
                ]
            }
            parts.append(
                pd.DataFrame(
                    {"scenario": scenario, "place": place, "month": use, "measure": INEGI,
                     "mean": level * 1.01, **quantiles}
                )
            )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def _difference() -> pd.DataFrame:
    rows = []
    for scenario, (_, _, end) in SCENARIOS.items():
        if scenario == "no_change":
            continue
        for year in range(2026, 2031):
            share = (end - 1) * (year - 2025.5) / 5
            width = 0.02 + 0.02 * (year - 2025)
            for place, persons in [("00", 31000), *[(p, 950) for p in STATES]]:
                rel = {"p05": share - width, "p25": share - width / 3, "p50": share,
                       "p75": share + width / 3, "p95": share + width}  # fmt: skip
                rows.append(
                    {
                        "scenario": scenario,
                        "place": place,
                        "year": year,
                        "measure": f"{INEGI}_expected",
                    }
                    | {name: value * persons for name, value in rel.items()}
                    | {f"rel_{name}": value for name, value in rel.items()}
                )
    return pd.DataFrame(rows)


def _parameters() -> pd.DataFrame:
    columns = [
        "name", "unit", "prior", "prior_p05", "prior_p50", "prior_p95", "p05", "p50", "p95",
        "contraction", "words_es", "words_en",
    ]  # fmt: skip
    rows = [
        ("rho", "1/week", "LogNormal(log 2.53e-3, 0.15)", 1.98e-3, 2.53e-3, 3.24e-3, 2.3e-3, 2.52e-3,
         2.76e-3, 0.63, "Reclutamiento por integrante y semana.", "Recruits per member and week."),
        ("eta", "persons/week", "LogNormal(log 110, 0.15)", 86, 110, 141, 88, 112, 142, 0.02,
         "Personas detenidas por semana en el país.", "Persons arrested per week, nationally."),
        ("theta", "1/(person week)", "LogNormal(log 1.55e-8, 0.3)", 0.95e-8, 1.55e-8, 2.54e-8, 1.5e-8,
         1.9e-8, 2.4e-8, 0.44, "Muertes por encuentro entre grupos.", "Deaths per encounter between groups."),
        ("omega", "1/(person week)", "LogNormal(log 4e-8, 0.5)", 1.76e-8, 4e-8, 9.1e-8, 1.9e-8, 4.1e-8,
         8.8e-8, 0.05, "Salida por saturación.", "Exit by saturation."),
        ("precarity.bU", "1", "Normal(0.1, 0.1)", -0.064, 0.1, 0.264, -0.05, 0.03, 0.12, 0.48,
         "Reclutamiento según precariedad.", "Recruitment by precarity."),
    ]  # fmt: skip
    extra = [
        (f"leadership_removal.number_{n}", "log recruitment per standard deviation of precarity", "Normal(0, 1)",
         -1.64, 0.0, 1.64, -1.2, 0.4, 2.9, -0.1, "", "")
        for n in range(9)
    ]  # fmt: skip
    return pd.DataFrame([*rows, *extra], columns=columns)


def _coverage() -> pd.DataFrame:
    columns = [
        "measure", "level", "period_from", "period_to", "fitted", "n", "coverage50", "coverage90",
        "crps", "crps_baseline", "baseline",
    ]  # fmt: skip
    baseline = "last_12_months_resampled"
    rows = [
        (INEGI, "nation", "2012-01", "2019-12", True, 96, 0.52, 0.917, 95.1, 120.4, baseline),
        (INEGI, "state", "2012-01", "2019-12", True, 3072, 0.49, 0.902, 13.2, 13.0, baseline),
        (INEGI, "nation", "2020-01", "2022-12", False, 36, 0.42, 0.861, 140.2, 118.7, baseline),
        (INEGI, "state", "2020-01", "2022-12", False, 1152, 0.46, 0.874, 15.9, 14.4, baseline),
    ]
    return pd.DataFrame(rows, columns=columns)


def _mechanisms() -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": "leadership_removal", "on": True, "title_es": "Captura o muerte de líderes",
                "title_en": "Capture or killing of leaders",
                "essay": "power struggles ... revenge ... rival cartels", "grade": "contested",
                "equation": "S_iip += gIn (1 - L_i);  S_ij *= 1 + gOpp (1 - L_i)",
                "reads": "leadership", "rates": "rivalry", "flows": "split", "drivers": "removals",
                "evidence_for": "Calderón et al. 2015; Lindo & Padilla-Romo 2018; Dickenson 2014",
                "evidence_against": "Phillips 2015: short-run fall; a null result in two-way FE",
                "params": json.dumps({"tau_L": {"value": 26, "unit": "weeks", "source": "WI"}}),
            },
            {
                "name": "precarity", "on": False, "title_es": "Precariedad", "title_en": "Precarity",
                "essay": "precariousness ... led many young people to work for organized crime",
                "grade": "assumed", "equation": "r *= exp(bU u_p)", "reads": "", "rates": "recruitment",
                "flows": "", "drivers": "precarity", "evidence_for": "Dell et al. 2019",
                "evidence_against": "", "params": "{}",
            },
        ]
    )  # fmt: skip


def _scenarios() -> pd.DataFrame:
    what = {
        "no_change": ("Las tasas siguen como están.", "Rates stay as they are."),
        "half_recruitment": ("Se recluta a la mitad desde enero de 2026.", "Recruitment is halved from January 2026."),
        "double_enforcement": ("Se detiene al doble.", "Arrests are doubled."),
        "both": ("Las dos medidas a la vez.", "Both measures at once."),
        "equal_dose_recruitment": ("110 reclutas menos por semana.", "110 fewer recruits a week."),
        "equal_dose_enforcement": ("110 detenciones más por semana.", "110 more arrests a week."),
    }  # fmt: skip
    rows = [
        {"name": name, "title_es": es, "title_en": en, "start": "2026-01",
         "what_es": what[name][0], "what_en": what[name][1]}
        for name, (es, en, _) in SCENARIOS.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def _sources() -> pd.DataFrame:
    used = ["homicides_inegi_state_month", "victims_sesnsp_state_month", "population_state_year"]
    catalogue = reference.catalogue()
    return catalogue[catalogue["name"].isin(used)].reset_index(drop=True)


def _breaks() -> pd.DataFrame:
    rows = [
        (SESNSP, "2018-01", "cambio de método", "change of method"),
        (INEGI, "2022-01", "faltan registros tardíos", "late registrations missing"),
    ]
    return pd.DataFrame(rows, columns=["measure", "month", "words_es", "words_en"])


def newest() -> pd.DataFrame:
    """Newest figures of the registers, as `hidra.data.newest` gives them: invented numbers."""
    columns = ["register", "measure", "label_es", "label_en", "place", "first", "last", "value",
               "rate", "status", "source", "cut", "shown"]  # fmt: skip
    deaths = ("inegi", "inegi_homicides_registered_quoted", "Homicidios registrados (INEGI)",
              "Registered homicides (INEGI)")  # fmt: skip
    victims = ("sesnsp", "sesnsp_homicide_victims_annual", "Víctimas de homicidio doloso (SESNSP)",
               "Victims of intentional homicide (SESNSP)")  # fmt: skip
    end = ("a source", "2026-08-31")
    rows = [
        (*deaths, "00", "2024-01", "2024-12", 33_000.0, 25.0, "final", *end, "newest"),
        (*victims, "00", "2024-01", "2024-12", 30_000.0, 22.7, "final", *end, "newest"),
        (*victims, "00", "2025-01", "2025-12", 24_000.0, 18.0, "provisional", *end, "newest"),
        (*deaths, "00", "2024-01", "2024-12", 33_000.0, 25.0, "final", *end, "compared"),
        (*victims, "00", "2024-01", "2024-12", 30_000.0, 22.7, "final", *end, "compared"),
    ]
    return pd.DataFrame(rows, columns=columns)


def tables() -> dict[str, pd.DataFrame]:
    """All tables of a run, required and optional."""
    seen = observed()
    return {
        "summary": _summary(seen), "difference": _difference(), "observed": seen,
        "newest": newest(),
        "parameters": _parameters(), "coverage": _coverage(), "mechanisms": _mechanisms(),
        "scenarios": _scenarios(), "sources": _sources(), "breaks": _breaks(),
    }  # fmt: skip


def meta() -> dict[str, Any]:
    """What the run says about itself."""
    return {
        "title_es": "La guerra contra las drogas como un solo sistema",
        "title_en": "The war on drugs as one system",
        "question_es": "¿Qué cambia en el número de personas asesinadas si cambia el reclutamiento, "
        "la detención o ambos?",
        "question_en": "What changes in the number of people killed if recruitment, arrests or both change?",
        "created": "2026-11-21", "hidra_version": "0.1.0", "run_id": "demo-3f9c21ab",
        "study_yaml": "name: default\nmechanisms:\n  leadership_removal: on\n  precarity: off\nseed: 1\n",
        "command": "hidra run default --draws 200 --seed 1", "seed": 1, "draws": 200,
        "fit_until": "2019-12", "observed_until": "2022-12", "scenario_start": "2026-01",
        "horizon": "2030-12",
        "limits_es": ["Los registros oficiales cuentan de menos.", "El tamaño de los grupos se supone."],
        "limits_en": ["Official registers undercount.", "The size of groups is assumed."],
        "citation": "the hidra authors (2026). hidra 0.1.0, run demo-3f9c21ab.",
    }  # fmt: skip
