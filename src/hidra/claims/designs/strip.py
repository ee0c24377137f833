"""The same question asked in other ways: by unit, source, period, kind of removal and window.

Every row is a Poisson estimate with place and month effects, except those that say otherwise. At
municipal level only deaths by month of registration are at hand; so sources are set side by side at
state level, over the years both cover.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.claims.designs import event, spatial, synthetic
from hidra.claims.designs.event import LEVEL, Estimate
from hidra.claims.designs.removals import removals, series
from hidra.claims.designs.rule import shares

if TYPE_CHECKING:
    import pandas as pd

INEGI = ("homicides_inegi_state_month", "inegi_homicides")
SESNSP = ("victims_sesnsp_state_month", "sesnsp_homicide_victims")
BOTH = (180, 275)  # January 2015 to December 2022: months both sources cover
LONG = (96, 227)  # January 2008 to December 2018
YEAR_2011 = 132

PLACE = ("municipality of removal", "municipio de la salida")
STATE = ("state of removal", "estado de la salida")


def strip() -> list[dict[str, Any]]:
    """Return the rows of the strip: name, en, es, n (removals), estimate, low, high, main.

    Estimates are shares: 0.20 is 20 % more.
    """
    found = [*_municipal(), *_by_state()]
    return [
        {
            "name": f"row{number:02d}", "en": en, "es": es, "n": n, "main": number == 0,
            **{key: value / 100 for key, value in zip(("estimate", "low", "high"), shares(one),
                                                      strict=True)},
        }
        for number, (en, es, n, one) in enumerate(found)
    ]  # fmt: skip


Row = tuple[str, str, int, Estimate]
Choice = Callable[["pd.DataFrame"], "pd.Series"]


def _municipal() -> Iterator[Row]:
    rows = event.panel()
    n = int(rows["place"].nunique())
    windows = {one.name.split(", ")[1]: one for one in event.quiet(event.poisson, rows)}
    for name, en, es in (
        ("months 0-5", "months 0-5, all first removals", "meses 0-5, todas las primeras salidas"),
        ("months 6-11", "months 6-11", "meses 6-11"),
        ("months -12 to -7", "months before: -12 to -7 (should be none)",
         "meses previos: -12 a -7 (no debería haber)"),
    ):  # fmt: skip
        yield f"{PLACE[0]}, {en}", f"{PLACE[1]}, {es}", n, windows[name]
    kinds: tuple[tuple[str, str, Choice], ...] = (
        ("killings only", "solo muertes", lambda events: events["killed"]),
        ("captures only", "solo capturas", lambda events: ~events["killed"]),
        ("2008-2010", "2008-2010", lambda events: events["month"] < YEAR_2011),
        ("2011-2014", "2011-2014", lambda events: events["month"] >= YEAR_2011),
    )
    for en, es, chosen in kinds:
        some = event.panel(chosen)
        held = int(some.loc[some["since"] >= 0, "place"].nunique())
        one = next(e for e in event.quiet(event.poisson, some) if e.name.endswith("months 0-5"))
        yield f"{PLACE[0]}, {en}", f"{PLACE[1]}, {es}", held, one
    near = next(e for e in event.quiet(spatial.conley, rows) if e.name.endswith("months 0-5"))
    yield (f"{PLACE[0]}, errors shared up to 300 km (Conley)",
           f"{PLACE[1]}, errores compartidos hasta 300 km (Conley)", n, near)  # fmt: skip
    mixed = event.quiet(synthetic.synthetic, rows)
    yield (f"{PLACE[0]}, synthetic control (asinh)",
           f"{PLACE[1]}, control sintético (asinh)", mixed[0].n, mixed[0])  # fmt: skip


def _by_state() -> Iterator[Row]:
    en, es = STATE
    all_ = removals().dropna(subset=["place"])
    asked: tuple[tuple[str, str, tuple[str, str], tuple[int, int], range, Choice | None], ...] = (
        ("INEGI 2008-2018, months 1-6", "INEGI 2008-2018, meses 1-6", INEGI, LONG, range(1, 7),
         None),
        ("INEGI 2008-2018, months 7-12", "INEGI 2008-2018, meses 7-12", INEGI, LONG, range(7, 13),
         None),
        ("INEGI 2008-2018, killings", "INEGI 2008-2018, muertes", INEGI, LONG, range(1, 7),
         lambda events: events["killed"]),
        ("INEGI 2008-2018, captures", "INEGI 2008-2018, capturas", INEGI, LONG, range(1, 7),
         lambda events: ~events["killed"]),
        ("INEGI 2015-2022, months 1-6", "INEGI 2015-2022, meses 1-6", INEGI, BOTH, range(1, 7),
         None),
        ("SESNSP 2015-2022, months 1-6", "SESNSP 2015-2022, meses 1-6", SESNSP, BOTH, range(1, 7),
         None),
    )  # fmt: skip
    for name_en, name_es, source, span, after, chosen in asked:
        events = all_ if chosen is None else all_[chosen(all_)]
        inside = events[events["month"].between(span[0] - after[0], span[1] - after[0])]
        one = at_state(series(*source).loc[span[0] : span[1]], inside, after)
        yield f"{en}, {name_en}", f"{es}, {name_es}", len(inside), one


def at_state(deaths: pd.DataFrame, events: pd.DataFrame, after: Sequence[int]) -> Estimate:
    """Return the Poisson effect of a removal in the state, by how many lie so many months back.

    Parameters
    ----------
    deaths : DataFrame
        Months (rows) by state (columns).
    events : DataFrame
        Removals: place and month.
    after : sequence of int
        Months after a removal that are looked at, as 1 to 6.
    """
    import pyfixest as pf

    rows = deaths.rename_axis("month").reset_index().melt("month", var_name="place",
                                                          value_name="deaths")  # fmt: skip
    recent = np.zeros(len(rows))
    for one in events.to_dict("records"):
        since = rows["month"] - one["month"]
        inside = (rows["place"] == one["place"]) & since.between(min(after), max(after))
        recent += inside.to_numpy(float)
    rows["recent"] = recent

    def fitted(frame: pd.DataFrame) -> list[Estimate]:
        fit = pf.fepois("deaths ~ recent | place + month", frame, vcov={"CRV1": "place"})
        row = fit.tidy(alpha=LEVEL).iloc[0]
        ends = [float(row[name]) for name in row.index if str(name).endswith("%")]
        return [Estimate("", float(row["Estimate"]), min(ends), max(ends), int(fit._N))]

    return event.quiet(fitted, rows.dropna(subset=["deaths"]))[0]
