"""The five paragraphs at the head of a report, computed from the tables and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hidra.charts import series
from hidra.charts.series import EXPECTED, MAIN
from hidra.charts.words import Words, local
from hidra.core.i18n import percent, rounded, whole
from hidra.core.weeks import months_between

Tables = Mapping[str, pd.DataFrame]


def sentences(tables: Tables, meta: Mapping[str, Any], words: Words) -> list[str]:
    """Return observed, registers, fit, projection and scenarios, one paragraph each."""
    day = str(meta.get("created") or "")[:10]
    return [
        observed(tables, words, day),
        *(told(tables, words) for told in (registers, fit, projection, scenarios)),
    ]


def name(measure: str, words: Words) -> str:
    """Words of a measure: "INEGI: deaths by homicide ..."."""
    return words.maybe(f"measure.{measure}", measure)


def publisher(measure: str, words: Words) -> str:
    """Who keeps the register of a measure: what stands before the colon of its words."""
    return name(measure, words).split(":")[0]


def observed(tables: Tables, words: Words, day: str = "") -> str:
    """The newest complete figure of each register, final before provisional, and its age.

    ``day`` (``YYYY-MM-DD``) is the one on which it is said.
    """
    rows = tables.get("newest")
    if rows is None or rows.empty:
        return words("section.missing")
    rows = rows[rows["shown"] == "newest"]
    counted = set(rows["register"] + "_files")  # files only where no victims are told
    rows = rows[~rows["register"].isin(counted)]
    return newest(rows, words, day)


def newest(rows: pd.DataFrame, words: Words, day: str = "") -> str:
    """One sentence a measure: each figure with its period, rate, status and age in months."""
    parts = []
    for _, mine in rows.groupby(["register", "measure"], sort=False):
        figures = "; ".join(figure(row, words, day) for row in mine.to_dict("records"))
        label = local(mine.iloc[0], "label", words.language)
        parts.append(words("newest.said", label=label, figures=figures))
    return " ".join([*parts, words("newest.day", day=words.day(day)) if day else ""]).strip()


def figure(row: Mapping[Any, Any], words: Words, day: str) -> str:
    """A row of `hidra.data.newest` in words: persons, period, rate, status and age on a day."""
    first, last = words.month(row["first"]), words.month(row["last"])
    if row["first"][5:] == "01" and row["last"][5:] == "12":
        when = words("newest.in", period=row["last"][:4])
    elif row["first"] == row["last"]:
        when = words("newest.in", period=last)
    else:
        when = words("newest.span", first=first, last=last)
    months = months_between(row["last"], day[:7]) if day else 0
    age = words("newest.age.one" if months == 1 else "newest.age", months=months) if day else ""
    return words(
        "newest.figure", persons=whole(row["value"]), when=when,
        rate=words("newest.rate", rate=f"{row['rate']:.1f}") if pd.notna(row["rate"]) else "",
        status=words(f"status.{row['status']}"), age=age,
    )  # fmt: skip


def registers(tables: Tables, words: Words) -> str:
    """By how much INEGI and SESNSP differ in the last year that both closed."""
    rows = tables.get("newest")
    both = () if rows is None else rows[rows["shown"] == "compared"].to_dict("records")
    if len(both) < 2:
        return words("summary.sources.one")
    one, two = both
    first, second = float(one["value"]), float(two["value"])
    return words(
        "summary.sources", year=one["last"][:4], share=percent(abs(second / first - 1)),
        first_name="INEGI", first=whole(first), second_name="SESNSP", second=whole(second),
        direction=words("summary.sources.more" if second > first else "summary.sources.fewer"),
    )  # fmt: skip


def fit(tables: Tables, words: Words) -> str:
    """How the bands and the baseline did on months the fit did not see."""
    coverage = tables.get("coverage")
    if coverage is None:
        return words("summary.fit.none")
    held = coverage[~coverage["fitted"].astype(bool) & (coverage["measure"] == MAIN)]
    if held.empty:
        return words("summary.fit.none")
    row = held.sort_values("level").iloc[0]
    key = "better" if row["crps"] < row["crps_baseline"] else "worse"
    own, other = (whole(one) if one >= 10 else rounded(one)
                  for one in (row["crps"], row["crps_baseline"]))  # fmt: skip
    return words(
        "summary.fit", n=whole(row["n"]), level=words(f"summary.fit.level.{row['level']}"),
        first=words.month(row["period_from"]), last=words.month(row["period_to"]),
        inside=whole(row["coverage90"] * row["n"]),
        baseline=words(f"summary.fit.{key}", crps=own, other=other),
    )  # fmt: skip


def projection(tables: Tables, words: Words) -> str:
    """Where the simulations without change end."""
    band = series.fan(tables["summary"], "no_change", MAIN)
    if band.empty:
        return words("summary.projection.none")
    end = band.iloc[-1]
    return words(
        "summary.projection", month=words.month(end["month"]), median=rounded(end["p50"]),
        low=rounded(end["p05"]), high=rounded(end["p95"]),
    )  # fmt: skip


def scenarios(tables: Tables, words: Words) -> str:
    """The largest paired difference, and whether the equal-dose pair can be told apart."""
    last = final_differences(tables)
    if last.empty:
        return words("summary.scenarios.none")
    titles = scenario_titles(tables, words)
    far = last.iloc[int(last["rel_p50"].abs().to_numpy().argmax())]
    median, low, high = (percent(far[f"rel_{p}"], sign=True) for p in ("p50", "p05", "p95"))
    pair = equal_dose(tables)
    return words(
        "summary.scenarios", year=int(far["year"]),
        title=titles.get(far["scenario"], far["scenario"]), median=median, low=low, high=high,
        pair=pair_words("summary.pair", ("same", "differ"), last, pair, titles, words)
        if pair else "",
    )  # fmt: skip


def pair_words(
    key: str, verdicts: tuple[str, str], last: pd.DataFrame, pair: tuple[str, str],
    titles: Mapping[str, str], words: Words,
) -> str:  # fmt: skip
    """A sentence on two scenarios of equal dose, and whether they can be told apart.

    ``verdicts`` end the keys of its verdict: where the 90 % intervals share a value, and where not.
    """
    rows = last.set_index("scenario").loc[list(pair)]
    apart = not rows["rel_p05"].max() <= rows["rel_p95"].min()
    first, second = (percent(share, sign=True) for share in rows["rel_p50"].iloc[:2])
    return words(
        key, first=titles[pair[0]], second=titles[pair[1]], first_median=first,
        second_median=second, year=int(rows["year"].iloc[0]),
        verdict=words(f"{key}.{verdicts[apart]}"),
    )  # fmt: skip


def differences(tables: Tables) -> pd.DataFrame:
    """National paired differences in people killed.

    Those of expected records where a run has them (they carry no luck of single months), otherwise
    those of simulated records.
    """
    table = tables.get("difference")
    if table is None or table.empty:
        return pd.DataFrame()
    rows = table[table["place"] == series.NATION]
    measures = [measure for measure in (EXPECTED, MAIN) if measure in set(rows["measure"])]
    return rows[rows["measure"] == measures[0]] if measures else rows.iloc[:0]


def final_differences(tables: Tables) -> pd.DataFrame:
    """National differences in people killed in the last year."""
    rows = differences(tables)
    return rows if rows.empty else rows[rows["year"] == rows["year"].max()]


def scenario_titles(tables: Tables, words: Words) -> dict[str, str]:
    """Scenario -> title in the language, without the one of no change."""
    table = tables.get("scenarios")
    names = tables["summary"]["scenario"].unique() if table is None else ()
    named = {name: name for name in names} if table is None else titles_of(table, words)
    return {name: title for name, title in named.items() if name not in ("no_change", "check")}


def titles_of(table: pd.DataFrame, words: Words) -> dict[str, str]:
    """Name -> title in the language, else the name."""
    return {
        row["name"]: local(row, "title", words.language) or row["name"]
        for _, row in table.iterrows()
    }


def equal_dose(tables: Tables) -> tuple[str, str] | None:
    """The two scenarios that share a ``pair``, or whose names say "equal"; None if not two."""
    table = tables.get("scenarios")
    last = final_differences(tables)
    if table is None or last.empty:
        return None
    paired = table["pair"].notna() if "pair" in table else table["name"].str.contains("equal")
    found = [name for name in table.loc[paired, "name"] if name in set(last["scenario"])]
    return (found[0], found[1]) if len(found) == 2 else None
