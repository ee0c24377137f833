"""Tables that describe a study rather than its results: records, mechanisms, scenarios, sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hidra import evidence
from hidra.charts import series
from hidra.core.i18n import LANGUAGES, Language, _, checked, columns, translate
from hidra.data import panel, reference
from hidra.model.mechanism import Mechanism
from hidra.model.mechanisms import library
from hidra.scenario import NO_CHANGE, Cut, Scenario, what
from hidra.scenario.ensemble import LABELS

if TYPE_CHECKING:
    from hidra.study import Study

SHOWN = (
    "inegi_homicides",
    "sesnsp_homicide_victims",
    "rnpdno_missing",
    "population",
)
NATIONAL = ("inegi_homicides_registered",)  # shown for the nation only


def observed(study: Study) -> pd.DataFrame:
    """Return the panel rows shown beside the model, until the study ends; null is unknown."""
    rows = panel.rows([*SHOWN, *NATIONAL], end=study.end)
    shown = rows["measure"].isin(SHOWN) & (rows["place"].str.len() == 2)
    national = rows["measure"].isin(NATIONAL) & (rows["place"] == "00")
    return rows[shown | national].reset_index(drop=True)


def brought(study: Study) -> pd.DataFrame:
    """Return whole years of the counts of own tables, by state and nation, until the study ends.

    Returns
    -------
    pandas.DataFrame
        ``measure, title, unit, place, year, value``; a year with a gap is not in it.
    """
    mine = {one["measure"]: one for one in panel.own() if one["unit"] in panel.COUNTED}
    if not mine:
        return pd.DataFrame(columns=["measure", "title", "unit", "place", "year", "value"])
    rows = panel.rows(list(mine), end=study.end)
    years = series.annual_observed(rows[rows["place"].str.len() == 2]).dropna(subset="persons")
    told = {name: years["measure"].map({key: one[name] for key, one in mine.items()})
            for name in ("title", "unit")}  # fmt: skip
    found = years.rename(columns={"persons": "value"}).assign(**told)
    return found[["measure", "title", "unit", "place", "year", "value"]].reset_index(drop=True)


def mechanisms(study: Study) -> pd.DataFrame:
    """Return every mechanism of the library, and whether it is on; one row each."""
    rows = [_mechanism(study, m) for m in library(study.mechanism_files).values()]
    return pd.DataFrame(rows)


def _mechanism(study: Study, m: Any) -> dict[str, Any]:
    lists = ("reads", "rates", "flows", "drivers")
    params = [
        {
            "name": q.name,
            "value": str(study.parameters.get(f"{m.name}.{q.name}", q.value)),
            **_beside(q, "unit", "source", "doc"),
            **_spread(study.parameters.get(f"{m.name}.{q.name}", q.value)),
        }
        for q in m.params
    ]
    return {
        "name": m.name,
        "on": m.name in study.mechanisms,
        **columns(title=m.title),
        "grade": m.grade,
        **columns(size=evidence.basis([m.name])),
        **{name: ", ".join(getattr(m, name)) for name in lists},
        **_beside(m, "essay", "equation", "evidence_for", "evidence_against"),
        "params": json.dumps(params, ensure_ascii=False),
    }


def _beside(one: object, *names: str) -> dict[str, str]:
    """Return texts as they are declared, and each in Spanish beside it as ``name_es``."""
    said = {name: getattr(one, name) for name in names}
    return said | {f"{name}_es": translate(text, "es") for name, text in said.items()}


def _spread(value: Any) -> dict[str, float]:
    """Return the 5 %, median and 95 % of a prior, or the number itself as its median."""
    if isinstance(value, int | float):
        return {"p50": float(value)}
    return {
        name: float(f"{q:.3g}")
        for name, q in zip(
            ("p05", "p50", "p95"), value.quantile([0.05, 0.5, 0.95]).tolist(), strict=True
        )
    }


def worded(parameters: pd.DataFrame, on: Iterable[Mechanism] = ()) -> pd.DataFrame:
    """Return the table `parameters` with titles and units in both languages."""
    known = library() | {m.name: m for m in on}
    titles = [
        {f"title_{one}": _titled(known.get(name.rpartition(".")[0]), doc, one) for one in LANGUAGES}
        for name, doc in parameters[["name", "doc"]].itertuples(index=False)
    ]
    units = [columns(unit=unit) for unit in parameters["unit"]]
    more = pd.DataFrame([a | b for a, b in zip(titles, units, strict=True)], parameters.index)
    return pd.concat([parameters, more], axis=1)


def _titled(m: Mechanism | None, doc: str, language: Language) -> str:
    """Return what a parameter is, after the title of the mechanism it belongs to."""
    text = translate(doc, language).rstrip(".")
    return f"{translate(m.title, language)}: {text[:1].lower()}{text[1:]}" if m else text


def records(measure: str) -> pd.DataFrame:
    """Return the panel rows of a measure, of states and nation, and of those who live there.

    Raises
    ------
    SpecError
        When there is no such measure.
    """
    rows = panel.rows([measure, "population"])
    return rows[rows["place"].str.len() == 2].reset_index(drop=True)


def label(measure: str, language: Language) -> str:
    """Words of a measure: those of the built-in table or of what is simulated, else its name."""
    rows = reference.table("measure").set_index("measure")[f"label_{checked(language)}"]
    simulated = translate(LABELS[measure][1], language) if measure in LABELS else measure
    return str(rows.get(measure, simulated))


def breaks(measures: Iterable[str]) -> pd.DataFrame:
    """Return the changes of method of some measures: measure, month, words, what, source."""
    rows = reference.table("method_break")
    return rows[rows["measure"].isin(list(measures))].reset_index(drop=True)


def scenarios(study: Study, cut: Mapping[str, Cut] | None = None) -> pd.DataFrame:
    """Return what each scenario of a study changes and from when, ``no_change`` first."""
    return told(study.scenarios, {m.name: m for m in study.on()}, cut)


def told(
    given: Mapping[str, Scenario],
    own: Mapping[str, Mechanism] | None = None,
    cut: Mapping[str, Cut] | None = None,
) -> pd.DataFrame:
    """Return what each scenario changes and from when, ``no_change`` first.

    `cut`: doses that lacked people in some draws (``hidra.scenario.cut_of``).
    """
    rows: list[dict[str, str | None]] = [
        {
            "name": NO_CHANGE,
            **columns(title=_("No change")),
            "start": None,
            **columns(what=_("Everything stays as it is.")),
        }
    ]
    for name, s in given.items():
        rows.append(
            {
                "name": name,
                **{f"title_{one}": s.titled(name, one) for one in LANGUAGES},
                "start": s.start,
                **{f"what_{one}": what(s, one, own, (cut or {}).get(name)) for one in LANGUAGES},
            }
        )
    return pd.DataFrame(rows)


def unknown(study: Study) -> pd.DataFrame:
    """Return where mechanisms are off for want of a driver: mechanism, driver, place, share.

    `share` is the share of weeks without it; a place that is not listed lacks nothing.
    """
    rows = study.system().unknown()
    return pd.DataFrame(rows, columns=["mechanism", "driver", "place", "share"])


def sources(shown: pd.DataFrame, study: Study | None = None) -> pd.DataFrame:
    """Return the catalogue rows of the records shown and of what the model is built on."""
    from hidra.model.drivers import tables
    from hidra.study import BUILT_ON

    used = {*shown["source"], *BUILT_ON}
    if study is not None:
        used |= tables(study.on())
    rows = panel.sources()
    return rows[rows["name"].isin(used)].reset_index(drop=True)


def hashes(names: list[str]) -> dict[str, str]:
    """Return the SHA-256 of the files of sources, name -> hash (one for each file brought)."""
    rows = panel.sources().set_index("name")["sha256"]
    return {name: str(rows[name]) for name in sorted(names)}
