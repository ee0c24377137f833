"""Tables that describe a study rather than its results: records, mechanisms, scenarios, sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd

from hidra.data import reference
from hidra.mechanism import library
from hidra.study.parts import NO_CHANGE
from hidra.study.what import what

if TYPE_CHECKING:
    from hidra.study import Study

SHOWN = (
    "inegi_homicides",
    "sesnsp_homicide_victims",
    "rnpdno_missing",
    "population",
)
NATIONAL = ("inegi_homicides_registered",)  # shown for the nation only
BUILT_ON = (
    "group",
    "group_relation",
    "group_presence_state",
    "leadership_removals",
    "marginalisation_state",
    "science2023_annual",
)


def observed(study: Study) -> pd.DataFrame:
    """Return the panel rows shown beside the model, until the study ends; null is unknown."""
    rows = reference.panel()
    shown = rows["measure"].isin(SHOWN)
    national = rows["measure"].isin(NATIONAL) & (rows["place"] == "00")
    in_time = rows["month"] <= study.end
    return rows[(shown | national) & in_time].reset_index(drop=True)


def mechanisms(study: Study) -> pd.DataFrame:
    """Return every mechanism of the library, and whether it is on; one row each."""
    rows = [_mechanism(study, m) for m in library().values()]
    return pd.DataFrame(rows)


def _mechanism(study: Study, m: Any) -> dict[str, Any]:
    texts = ("title_es", "title_en", "essay", "grade", "equation")
    lists = ("reads", "rates", "flows", "drivers")
    params = [
        {
            "name": q.name,
            "value": str(study.parameters.get(f"{m.name}.{q.name}", q.value)),
            "unit": q.unit,
            "source": q.source,
            "doc": q.doc,
        }
        for q in m.params
    ]
    return {
        "name": m.name,
        "on": m.name in study.mechanisms,
        **{name: getattr(m, name) for name in texts},
        **{name: ", ".join(getattr(m, name)) for name in lists},
        "evidence_for": m.evidence_for,
        "evidence_against": m.evidence_against,
        "params": json.dumps(params, ensure_ascii=False),
    }


def scenarios(study: Study) -> pd.DataFrame:
    """Return what each scenario changes and from when, ``no_change`` first."""
    rows: list[dict[str, str | None]] = [
        {
            "name": NO_CHANGE,
            "title_es": "Sin cambio",
            "title_en": "No change",
            "start": None,
            "what_es": "Todo sigue como está.",
            "what_en": "Everything stays as it is.",
        }
    ]
    for name, s in study.scenarios.items():
        readable = name.replace("_", " ")
        rows.append(
            {
                "name": name,
                "title_es": s.title.es if s.title else readable,
                "title_en": s.title.en if s.title else readable,
                "start": s.start,
                "what_es": what(s, 0),
                "what_en": what(s, 1),
            }
        )
    return pd.DataFrame(rows)


def unknown(study: Study) -> pd.DataFrame:
    """Return where mechanisms are off for want of a driver: mechanism, driver, place, share.

    `share` is the share of weeks without it; a place that is not listed lacks nothing.
    """
    from hidra import drivers, world
    from hidra.mechanism import find
    from hidra.weeks import Weeks

    on = find(study.mechanisms, where="mechanisms of the study")
    groups = world.model((), study.start).network
    rows = drivers.unknown(on, Weeks(study.start, study.end), groups)
    return pd.DataFrame(rows, columns=["mechanism", "driver", "place", "share"])


def sources(shown: pd.DataFrame, study: Study | None = None) -> pd.DataFrame:
    """Return the catalogue rows of the records shown and of what the model is built on."""
    used = {*shown["source"], *BUILT_ON}
    if study is not None:
        from hidra.drivers import tables
        from hidra.mechanism import find

        used |= tables(find(study.mechanisms, where="mechanisms of the study"))
    rows = reference.catalogue()
    return rows[rows["name"].isin(used)].reset_index(drop=True)


def hashes(names: list[str]) -> dict[str, str]:
    """Return the SHA-256 of the built-in tables, name -> hash."""
    rows = reference.catalogue().set_index("name")["sha256"]
    return {name: str(rows[name]) for name in sorted(names)}
