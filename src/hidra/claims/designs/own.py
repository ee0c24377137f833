"""What followed events of somebody's own, on an outcome of the panel or of their own.

The estimators, windows and rules are those of the built-in designs (`event`, `rules`): a place
counts from its first event on, places without one and places not yet reached stand beside it.
Random dates for the same places say how often chance does as much.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hidra.claims.designs import event, rules
from hidra.claims.designs.rules import Estimate
from hidra.claims.words import sentence
from hidra.core import weeks
from hidra.core.errors import SpecError, lacking, unknown
from hidra.core.i18n import Language, _
from hidra.core.workers import Progress, silent
from hidra.data import given as tables
from hidra.data import panel

if TYPE_CHECKING:
    import pandas as pd

    from hidra.claims.claim import Verdict
    from hidra.data.given import Given

NAMED = {
    "lugar": "place", "state": "place", "estado": "place", "municipality": "place",
    "municipio": "place", "cve_mun": "place", "cve_ent": "place", "date": "month",
    "fecha": "month", "mes": "month", "valor": "value", "count": "value", "deaths": "value",
}  # fmt: skip
ZERO = "2000-01"
NEVER = 12_000  # months after 2000: the first event of a place that has none
REACH = 24  # random dates lie within this many months of the true one
SEED = 1
FEWEST = 4  # places with an event
AFTER, BEFORE = 6, 12  # months of the outcome that an event needs around it
ALL = ("poisson", "linear", "did2s", "callaway_santanna")


@dataclass(frozen=True)
class EventStudy:
    """What followed: estimates by estimator and window, a verdict by rule, and what was left out.

    Attributes
    ----------
    table : frame with ``estimator`` (and window), ``change``, ``low``, ``high`` (per cent, 90 %
        interval), ``n`` (rows); the first row is the main one.
    verdict : on "it rises", by `hidra.claims.designs.rules.by_rule`.
    placebo : share of random dates at the same places with a rise at least as large.
    events : events used. unused : rows whose place or month the outcome does not cover, or that
        are not the first of their place.
    why : one sentence by language.
    """

    table: pd.DataFrame
    verdict: Verdict
    placebo: float
    events: int
    unused: pd.DataFrame
    why: dict[str, str]

    def sentence(self, language: Language = "en") -> str:
        """Return what was found in one sentence."""
        return self.why[language]

    def _repr_html_(self) -> str:
        return f"<p>{self.verdict}: {self.why['en']}</p>{self.table.round(1).to_html(index=False)}"


def event_study(
    events: Given,
    outcome: Given | str = "inegi_homicides",
    *,
    estimators: str | Sequence[str] = ALL,
    placebos: int = 40,
    progress: Progress = silent,
) -> EventStudy:
    """Ask whether something followed your events: place and month effects, placebos, four ways.

    Parameters
    ----------
    events : file or frame with ``place`` (code, or name of a state) and ``month`` or ``date``.
    outcome : a monthly measure of the panel, or a file or frame with ``place, month, value``
        (persons or other counts; a missing value is unknown).
    estimators : of `hidra.claims.designs.event.ESTIMATORS`; the first is the main one.
    placebos : sets of random dates.

    Raises
    ------
    SpecError
        Too few events that the outcome covers, or a cell that cannot be read. SourceError : the
        extra ``claims`` is not installed.
    """
    try:
        import pyfixest  # noqa: F401 - asked for before long work
    except ModuleNotFoundError:
        raise lacking("claims", where="event study") from None
    estimators = (estimators,) if isinstance(estimators, str) else estimators
    for name in estimators:
        if name not in event.ESTIMATORS:
            raise unknown(_("estimator"), name, event.ESTIMATORS, where="estimators")
    where = tables.said(events)
    told = tables.table(events, ("place", "month"), NAMED)
    told["place"] = tables.places(told["place"], where)
    told["month"] = tables.months(told["month"], where)
    counted = _outcome(outcome, sorted(set(told["place"].str.len())), where)
    first, unused = _first(told, counted, where)
    rows = counted.assign(first=counted["place"].map(first).fillna(NEVER).astype(int))
    rows = event.with_windows(rows)
    found: list[Estimate] = []
    for number, name in enumerate(estimators, 1):
        found += event.quiet(event.ESTIMATORS[name], rows)
        progress("estimators", number, len(estimators))
    leads = [one for one in found if "-12 to -7" in one.name]
    main, *others = (one for one in found if one not in leads)
    again = event.ESTIMATORS[estimators[0]]
    placebo = _placebo(main, again, counted, first, placebos, progress)
    said = sentence(
        "own_events", change=rules.change(main), n=len(first), before=rules.before(leads),
        placebo=placebo,
    )  # fmt: skip
    verdict = rules.by_rule(main, others, placebo, leads)
    return EventStudy(_table([main, *others, *leads]), verdict, placebo, len(first), unused, said)


def _outcome(outcome: Given | str, lengths: list[int], where: str) -> pd.DataFrame:
    """Return place, month (January 2000 = 0), deaths of the level of the events."""
    if len(lengths) > 1 or lengths == [0]:
        raise SpecError(
            _("Places must be all states, or all municipalities."),
            where=where,
            fix=_("Study each level apart."),
        )
    if isinstance(outcome, str) and "." not in outcome:
        level = "state" if lengths == [2] else "municipality"
        rows = panel.rows(outcome, level=level, exact=True)
        rows = rows[rows["period"] == "month"]
    else:
        own = tables.said(outcome)
        rows = tables.table(outcome, ("place", "month", "value"), NAMED)
        rows["place"] = tables.places(rows["place"], own)
        rows["month"] = tables.months(rows["month"], own)
        rows["value"] = tables.numbers(rows["value"], own)
        if rows.duplicated(["place", "month"]).any():
            one = rows[rows.duplicated(["place", "month"])].iloc[0]
            raise SpecError(
                _("A row stands twice."), where=f"{own}: {one['place']}, {one['month']}",
                fix=_("Correct it or leave the row out."),
            )  # fmt: skip
    rows = rows[(rows["place"].str.len() == lengths[0]) & (rows["place"] != "00")]
    rows = rows.dropna(subset=["value"])
    found = rows.assign(month=_number(rows["month"])).rename(columns={"value": "deaths"})
    return found[["place", "month", "deaths"]].reset_index(drop=True)


def _number(months: pd.Series) -> pd.Series:
    """Return months as numbers, January 2000 = 0."""
    return months.map({one: weeks.months_between(ZERO, one) for one in months.unique()})


def _first(
    told: pd.DataFrame, counted: pd.DataFrame, where: str
) -> tuple[dict[str, int], pd.DataFrame]:  # fmt: skip
    """Return the month of the first event of each place, and the rows that are not used."""
    number = _number(told["month"])
    span = counted.groupby("place")["month"].agg(["min", "max"])
    low, high = told["place"].map(span["min"]), told["place"].map(span["max"])
    inside = (number >= low + BEFORE) & (number <= high - AFTER + 1)
    order = told.assign(number=number)[inside].sort_values("number", kind="stable")
    used = order.drop_duplicates("place")
    if len(used) < FEWEST:
        raise SpecError(
            _("{n} places with an event that the outcome covers are too few.", n=len(used)),
            where=where,
            fix=_(
                "Give at least {least}; each needs {before} months of the outcome before and "
                "{after} after.", least=FEWEST, before=BEFORE, after=AFTER,
            ),
        )  # fmt: skip
    unused = told.drop(used.index).reset_index(drop=True)
    return {str(k): int(v) for k, v in used.set_index("place")["number"].items()}, unused


def _placebo(
    main: Estimate, again: Callable[[pd.DataFrame], list[Estimate]], counted: pd.DataFrame,
    first: dict[str, int], placebos: int, progress: Progress,
) -> float:  # fmt: skip
    """Return the share of random dates at which the main estimator finds as much as `main`."""
    rng, low, high = np.random.default_rng(SEED), counted["month"].min(), counted["month"].max()
    beside = []
    for number in range(placebos):
        moved = {
            one: int(np.clip(at + rng.integers(-REACH, REACH + 1), low + BEFORE, high - AFTER + 1))
            for one, at in first.items()
        }
        rows = counted.assign(first=counted["place"].map(moved).fillna(NEVER).astype(int))
        found = event.quiet(again, event.with_windows(rows))
        beside.append(next(one.value for one in found if one.name == main.name))
        progress("placebos", number + 1, placebos)
    return float(np.mean(np.array(beside) >= main.value)) if beside else float("nan")


def _table(estimates: Sequence[Estimate]) -> pd.DataFrame:
    import pandas as pd

    rows = [(one.name, *rules.shares(one), one.n) for one in estimates]
    return pd.DataFrame(rows, columns=["estimator", "change", "low", "high", "n"])
