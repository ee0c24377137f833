"""Re-make the page on V1 (absent state) against V2 (militarisation): ``python -m scripts.make_absent_state``.

Does capacity or operation predict the blockades and what follows? Every figure of the page is
computed here from the reference tables, with an interval and a verdict by rule.
"""

# ruff: noqa: E501 - prose

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml
from scipy.stats import DegenerateDataWarning, bootstrap, mannwhitneyu, spearmanr
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneOut, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hidra.core.artefacts import making
from hidra.core.files import write_text
from hidra.core.i18n import translate
from hidra.core.markdown import table
from hidra.data import reference

ROOT = Path(__file__).resolve().parents[1]
PAGES = {"en": "docs/en/explanation/absent-state.md", "es": "docs/es/explicacion/estado-ausente.md"}
WORDS = yaml.safe_load((Path(__file__).with_suffix(".yaml")).read_text(encoding="utf-8"))
CJNG = "N10025"
SEED = 20260222
RESAMPLES = 499
LAST_SEEN = "2022-12"  # of the homicides by month of death, the last but one year an undercount


@dataclass(frozen=True)
class Found:
    """One test: `value` with its 90 % interval, `none` where nothing is predicted, n cases.

    `says` is the sign that the explanation implies: +1 above `none`, -1 below, 0 without one.
    """

    key: str
    value: float
    low: float
    high: float
    n: int
    none: float
    says: int

    @property
    def verdict(self) -> str:
        """A verdict of the claims by rule: where the interval lies."""
        above, below = self.low > self.none, self.high < self.none
        if not (above or below):
            return "not supported"
        right = above if self.says > 0 else below
        return "supported" if right else "contradicted"


def states() -> pd.DataFrame:
    """Return the 32 states: blockades of 22 February 2026 and what stood there before."""
    day = reference.table("blockades_2026_02_22").query("place != '00'").set_index("place")
    people = reference.table("population_state_year").query("year == 2019")
    people = people.set_index("place")["population"]
    forces = reference.table("federal_forces_state").set_index("place")["personnel"]
    press = reference.table("group_presence_state").query("period == '2014-2018'")
    operations = reference.table("joint_operations").groupby("place").size()
    panel = reference.panel()
    killed = panel[(panel["measure"] == "sesnsp_homicide_victims")
                   & panel["month"].str.startswith("2024")]  # fmt: skip
    year = reference.table("marginalisation_state").query("year == 2020").set_index("place")
    return pd.DataFrame({
        "blockades": day["affected"].astype(bool).astype(int),
        "marginalisation": year["precarity"],
        "forces": 1000 * forces / people,
        "group": press.query("node == @CJNG").set_index("place")["reports"],
        "other_groups": press.query("node != @CJNG").groupby("place")["reports"].sum(),
        "operations": operations,
        "people": people,
        "killed": 1e5 * killed.groupby("place")["value"].sum() / people,
    }).reindex(day.index).fillna({"group": 0, "other_groups": 0, "operations": 0})  # fmt: skip


def removals() -> pd.DataFrame:
    """Return the dated removals: wave reported or not, capacity there, homicides after."""
    events = reference.table("leadership_removals")
    events = events[events["removal"].astype(bool) & events["place"].notna()].copy()
    events["wave"] = events["retaliation"].notna().astype(int)
    events["killed"] = (events["event"] == "killed").astype(int)
    table = reference.table("marginalisation_state")
    wide = table.pivot(index="year", columns="place", values="precarity")
    events["marginalisation"] = [
        float(np.interp(int(date[:4]), wide.index, wide[place]))
        for date, place in zip(events["date"], events["place"], strict=True)
    ]
    events["after"] = [
        _after(date, place) for date, place in zip(events["date"], events["place"], strict=True)
    ]
    return events


def _after(date: str, place: str) -> float:
    """Log ratio of homicides in the 12 months after and before, against the rest of the country."""
    wide = _homicides()
    month = pd.Period(date[:7], "M")
    before = [str(month - k) for k in range(12, 0, -1)]
    after = [str(month + k) for k in range(1, 13)]
    if after[-1] > LAST_SEEN or before[0] < wide.index[0]:
        return np.nan
    here, rest = wide[place], wide.sum(axis=1) - wide[place]
    return float(
        np.log(here[after].sum() / here[before].sum())
        - np.log(rest[after].sum() / rest[before].sum())
    )


@cache
def _homicides() -> pd.DataFrame:
    panel = reference.panel()
    rows = panel[panel["measure"] == "inegi_homicides"]
    return rows.pivot(index="month", columns="place", values="value")


def area(key: str, cases: pd.DataFrame, outcome: str, by: str, says: int) -> Found:
    """Chance that a case with the outcome has more of something than one without it."""
    known = cases[[outcome, by]].dropna()
    value, low, high = _interval(known, _area)
    return Found(key, value, low, high, len(known), 0.5, says)


def _area(outcome: np.ndarray, by: np.ndarray) -> float:
    """Area under the curve: Mann and Whitney's U as a share of all pairs."""
    have, lack = by[outcome == 1], by[outcome == 0]
    return float(mannwhitneyu(have, lack, method="asymptotic").statistic / len(have) / len(lack))


def rank(key: str, cases: pd.DataFrame, outcome: str, by: str, says: int) -> Found:
    """Spearman's rank correlation."""
    known = cases[[by, outcome]].dropna()
    value, low, high = _interval(known, lambda x, y: spearmanr(x, y).statistic)
    return Found(key, value, low, high, len(known), 0.0, says)


def _interval(known: pd.DataFrame, statistic: Callable[..., float]) -> tuple[float, float, float]:
    columns = tuple(known[name].to_numpy(dtype=float) for name in known)

    def safe(*sample: np.ndarray) -> float:
        return statistic(*sample) if all(np.ptp(part) > 0 for part in sample) else np.nan

    value = statistic(*columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegenerateDataWarning)  # a resample without both outcomes
        found = bootstrap(
            columns, safe, paired=len(columns) > 1, vectorized=False, n_resamples=RESAMPLES, method="percentile",
            confidence_level=0.9, rng=np.random.default_rng(SEED),
        )  # fmt: skip
    drawn = found.bootstrap_distribution
    low, high = np.nanquantile(drawn, [0.05, 0.95])
    return float(value), float(low), float(high)


V1, V2 = ("marginalisation",), ("group",)


def left_out() -> dict[str, Found]:
    """Log score of a logistic regression on each state left out, against knowing only the share."""
    cases = states()
    cases["group"] = np.log1p(cases["group"].astype(float))
    truth = cases["blockades"].to_numpy()
    share = (truth.sum() - truth) / (len(truth) - 1)
    base = _log_score(truth, share)
    scores = {}
    for key, columns in (("V1", V1), ("V2", V2)):
        model = make_pipeline(StandardScaler(), LogisticRegression())
        chance = cross_val_predict(
            model, cases[list(columns)], truth, cv=LeaveOneOut(), method="predict_proba"
        )[:, 1]
        scores[key] = _log_score(truth, chance)
    pairs = {
        "V1": scores["V1"] - base, "V2": scores["V2"] - base, "V2_V1": scores["V2"] - scores["V1"]
    }  # fmt: skip
    return {key: _mean(f"left_out_{key}", gain) for key, gain in pairs.items()}


def _log_score(truth: np.ndarray, chance: np.ndarray) -> np.ndarray:
    return np.log(np.where(truth == 1, chance, 1 - chance))


def _mean(key: str, gain: np.ndarray) -> Found:
    value, low, high = _interval(pd.DataFrame({"gain": gain}), np.mean)
    return Found(key, value, low, high, len(gain), 0.0, 1)


def found() -> list[Found]:
    """Return every test of the page."""
    day, past = states(), removals()
    return [
        area("where_marginalisation", day, "blockades", "marginalisation", 1),
        area("where_few_forces", day, "blockades", "forces", -1),
        area("where_forces", day, "blockades", "forces", 1),
        area("where_operations", day, "blockades", "operations", 1),
        area("where_group", day, "blockades", "group", 1),
        area("where_other_groups", day, "blockades", "other_groups", 1),
        area("where_killed", day, "blockades", "killed", 1),
        area("where_people", day, "blockades", "people", 1),
        *left_out().values(),
        area("wave_marginalisation", past, "wave", "marginalisation", 1),
        area("wave_killed", past, "wave", "killed", 1),
        area("wave_rank", past, "wave", "rank", 1),
        rank("after_marginalisation", past, "after", "marginalisation", 1),
        rank("after_killed", past, "after", "killed", 1),
        rank("after_wave", past, "after", "wave", 1),
    ]


def page(language: str, tests: list[Found]) -> str:
    """Return the page in one language."""
    w = WORDS[language]
    by_key = {test.key: test for test in tests}
    parts = [w["head"], w["made"], *w["question"]]
    for name in ("where", "left_out", "wave", "after"):
        rows = [_row(test, w, language) for test in tests if test.key.startswith(name)]
        parts += [
            w["sections"][name]["head"],
            w["sections"][name]["how"],
            table(w["columns"], rows),
        ]
    parts += [w["answer_head"], *(_answer(point, by_key, w) for point in w["answer"])]
    points = "\n".join(w["data"])
    parts += [w["untestable_head"], w["untestable"], points]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _row(test: Found, w: dict, language: str) -> tuple[str, ...]:
    label, whose = w["tests"][test.key]
    interval = f"{test.low:.2f} – {test.high:.2f}".replace("-", "\u2212")
    verdict = translate(test.verdict, language)
    return (
        label,
        whose,
        f"{test.value:.2f}".replace("-", "\u2212"),
        interval,
        str(test.n),
        verdict,
    )


def _answer(point: str, by_key: dict[str, Found], w: dict) -> str:
    """Fill ``{key}`` with the words of a verdict and ``{key.value}`` with its figure."""
    values = {key: _said(test, w) for key, test in by_key.items()}
    values["told_apart"] = w["told_apart"][by_key["left_out_V2_V1"].verdict]
    group = by_key["where_group"]
    others = [by_key[key].verdict for key in ("where_people", "where_killed")]
    chosen = (
        "none" if group.verdict != "supported" else "others" if "supported" in others else "alone"
    )
    values["beside"] = w["beside"][chosen].format(states=group.n)
    return point.format(**values)


def _said(test: Found, w: dict) -> str:
    return f"{w['said'][test.verdict]} ({test.value:.2f}, {test.low:.2f}–{test.high:.2f})".replace(
        "-", "\u2212"
    )


def main() -> None:
    """Write the pages."""
    with making("absent state"):
        tests = found()
        for language, path in PAGES.items():
            write_text(ROOT / path, page(language, tests))


if __name__ == "__main__":
    main()
