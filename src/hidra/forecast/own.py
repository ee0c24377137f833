"""A forecast of somebody else, scored on its own origins beside hidra's and a simple one.

All are held to the same targets by the same rule: draws by the CRPS of an ensemble, quantiles by
the quantile score, which for symmetric levels around the median is the weighted interval score
(Bracher et al. 2021, https://doi.org/10.1371/journal.pcbi.1008618). Both are in persons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hidra.core import weeks
from hidra.core.errors import SpecError, unknown
from hidra.core.i18n import Message, _
from hidra.core.place import NATION
from hidra.core.workers import Progress, silent
from hidra.data import given as tables
from hidra.forecast import BEHIND, FARTHEST
from hidra.forecast.backtest import DRAWS, PROTOCOLS
from hidra.forecast.history import History, month, record
from hidra.forecast.means import Hindcasts, cache_folder
from hidra.forecast.model import Ask
from hidra.forecast.models import ALL
from hidra.forecast.scores import FEWEST, VERDICTS, difference

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from hidra.data.given import Given
    from hidra.forecast.history import Counts

YOURS = "yours"
BESIDE = ("hidra", "last-12")
NAMED = {  # as others call the columns
    "location": "place", "lugar": "place", "state": "place", "estado": "place", "cve_ent": "place",
    "mes": "month", "date": "month", "target_end_date": "month",
    "valor": "value", "prediction": "value", "sample": "draw", "sorteo": "draw",
    "output_type_id": "quantile", "quantile_level": "quantile", "cuantil": "quantile",
    "origen": "origin", "forecast_date": "origin", "reference_date": "origin",
}  # fmt: skip
WIDE = re.compile(r"[pq]_?(\d{1,2}(?:\.\d+)?|0\d\d|[1-9]\d5|0?\.\d+)|(0?\.\d+)")  # p025, p975 too
QUANTILE = re.compile(r"[pq]_?\d[\d.]*|[01]?\.\d+")  # what calls itself one, read or not
SEED = 1
ALONE = _("one origin carries no verdict")


@dataclass(frozen=True)
class Own:
    """A forecast as it came.

    Attributes
    ----------
    values : origin -> array (K, H, P)
        K draws or quantiles, months ahead from 1, places of the record; NaN where none is given.
    levels : array (K,) or None
        Of the quantiles, rising, 0-1; None for draws.
    """

    values: dict[str, Counts]
    levels: NDArray[np.float64] | None


def score(
    forecast: Given,
    measure: str = "inegi_homicides",
    *,
    origin: str | None = None,
    beside: str | Sequence[str] = BESIDE,
    progress: Progress = silent,
) -> pd.DataFrame:
    """Score a forecast of your own against what came, beside hidra's from the same origins.

    Parameters
    ----------
    forecast : file (``.csv``, ``.parquet``, ``.xlsx``) or frame
        Columns ``origin`` (last month it knew, ``YYYY-MM``), ``place`` (INEGI code or name of a
        state), ``month``, and either ``draw, value``, or ``quantile, value`` (levels 0-1), or one
        column a quantile (``p05, p50, p95``). Values are persons a month.
    measure : any monthly count of the panel.
    origin : where the column ``origin`` is missing: the last month it knew.
    beside : name or names of forecasts of hidra to compare with.

    Returns
    -------
    pandas.DataFrame
        One row a forecast, yours first: ``crps`` (draws) or ``wis`` (quantiles) in persons, lower
        is better; ``coverage50``, ``coverage90``; ``n`` targets; ``gap``, ``gap_low``,
        ``gap_high``: yours minus it with 95 % interval over blocks of origins, ``words``: what may
        be said of it. ``attrs`` hold ``measure``, ``origins``, ``unit`` and ``unscored`` (rows
        whose outcome is not known yet).

    Raises
    ------
    SpecError
        Anything in it that cannot be read one way only; the row is named.
    """
    import pandas as pd

    beside = (beside,) if isinstance(beside, str) else beside
    for name in beside:
        if name not in ALL:
            raise unknown(_("forecast"), name, ALL, where="beside")
    rows, where = _rows(forecast, origin), tables.said(forecast)
    level = _level(rows["place"], where)
    known = record(measure, level)
    own = _arranged(rows, known, where)
    scored = _scored(own, known, beside, progress)
    asked = int(sum((~np.isnan(one).all(axis=0)).sum() for one in own.values.values()))
    n = int((~np.isnan(scored[YOURS][:, 0])).sum())
    if not n:
        raise SpecError(
            _("None of its months has come yet: there is nothing to score it against."),
            where=where,
            fix=_("Give months to {last}, the last of {measure}.", last=known.origin,
                  measure=measure),
        )  # fmt: skip
    block = PROTOCOLS[measure, level].block if (measure, level) in PROTOCOLS else 1
    frame = pd.DataFrame([_told(name, scored, own.levels is None, n, block) for name in scored])
    frame.attrs = {
        "measure": measure, "unit": "persons a month", "origins": list(own.values),
        "unscored": asked - n,
    }  # fmt: skip
    return frame


def _scored(
    own: Own, known: History, beside: Sequence[str], progress: Progress
) -> dict[str, Counts]:  # fmt: skip
    """Return scores of yours and of those beside it on the same targets: (origins, 3, H, P)."""
    scored: dict[str, Counts] = {}
    for name in (YOURS, *beside):
        found = []
        for number, (at, values) in enumerate(own.values.items(), 1):
            told = values if name == YOURS else _ours(name, at, values, own, known)
            found.append(_scores(known.since(month(at), values.shape[1]), told, own.levels))
            progress(name, number, len(own.values))
        scored[name] = np.stack(found)
    for name in beside:
        scored[name][np.isnan(scored[YOURS][:, :1]).repeat(3, axis=1)] = np.nan
    return scored


def _told(
    name: str, scored: dict[str, Counts], draws: bool, n: int, block: int
) -> dict[str, Any]:  # fmt: skip
    with np.errstate(invalid="ignore"):
        mean = [float(np.nanmean(v)) if (~np.isnan(v)).any() else np.nan
                for v in scored[name].transpose(1, 0, 2, 3)]  # fmt: skip
    row = {
        "forecast": name, ("crps" if draws else "wis"): mean[0],
        "coverage50": mean[1], "coverage90": mean[2], "n": n,
    }  # fmt: skip
    if name == YOURS:
        return row | {"gap": np.nan, "gap_low": np.nan, "gap_high": np.nan, "words": ""}
    gap = difference(scored[YOURS], scored[name], min(block, len(scored[name])))
    known = int((~np.isnan(scored[YOURS][:, 0])).any(axis=(1, 2)).sum())
    several = known > 1  # of one origin nothing is known of the next
    told = VERDICTS[gap["words"] if known >= FEWEST else "too_few"] if several else ALONE
    return row | {
        "gap": gap["mean"], "words": told,
        "gap_low": gap["p025"] if several else np.nan,
        "gap_high": gap["p975"] if several else np.nan,
    }  # fmt: skip


def _ours(name: str, origin: str, values: Counts, own: Own, known: History) -> Counts:
    """Return draws or quantiles of a forecast of ours at an origin, as `values` are arranged."""
    horizons = tuple(range(1, values.shape[1] + 1))
    ask = Ask(known.until(month(origin)), horizons, DRAWS, SEED, Hindcasts(cache_folder()))
    draws = ALL[name].draw(ask)
    return draws if own.levels is None else np.quantile(draws, own.levels, axis=0)


def _scores(came: Counts, told: Counts, levels: NDArray[np.float64] | None) -> Counts:
    """Return score, in the middle half, in the middle nine tenths: (3, H, P); NaN where unknown."""
    import scoringrules

    last = np.moveaxis(told, 0, -1)
    if levels is None:
        points = list(np.quantile(told, (0.05, 0.25, 0.75, 0.95), axis=0))
        found = scoringrules.crps_ensemble(came, last)
    else:
        points = [_at(told, levels, one) for one in (0.05, 0.25, 0.75, 0.95)]
        with np.errstate(invalid="ignore"):  # unknown stays unknown
            found = scoringrules.crps_quantile(came, last, levels)
    low, first, third, high = points
    inside = [np.where(np.isnan(least + most), np.nan, (least <= came) & (came <= most))
              for least, most in ((first, third), (low, high))]  # fmt: skip
    return np.where(np.isnan(came + told.sum(axis=0)), np.nan, np.stack([found, *inside]))


def _at(told: Counts, levels: NDArray[np.float64], level: float) -> Counts:
    """Return the quantile of a level where it is given, NaN else; none is made up between two."""
    near = np.flatnonzero(np.isclose(levels, level))
    return told[near[0]] if len(near) else np.full(told.shape[1:], np.nan)


def _rows(forecast: Given, origin: str | None) -> pd.DataFrame:
    """Return origin, place, month, value and one of draw and quantile."""
    where = tables.said(forecast)
    rows = tables.table(forecast, ("place", "month"), NAMED)
    if "origin" not in rows:
        if origin is None:
            raise SpecError(
                _("It does not say which month it knew last."),
                where=where,
                fix=_("Add a column 'origin' (YYYY-MM), or name it: --origin YYYY-MM."),
            )
        rows["origin"] = weeks.month(origin)
    if "output_type" in rows:
        other = rows["output_type"].astype(str).str.lower() != "quantile"
        _refuse_rows(rows, other, _("An output type other than 'quantile' is not read."), where,
                     _("Leave such rows out, or give draws under the columns draw and value.")
                     )  # fmt: skip
    if not {"draw", "quantile"} & set(rows):
        rows = _long(rows, where)
    if "value" not in rows:
        raise SpecError(_("The column '{name}' is missing.", name="value"), where=where,
                        fix=_("Persons a month, one row a draw or quantile."))  # fmt: skip
    if "draw" in rows and "quantile" in rows:
        raise SpecError(_("It has draws and quantiles."), where=where, fix=_("Leave one of them."))
    rows["place"] = tables.places(rows["place"], where)
    if (states := rows["place"] != NATION.code).any():  # the nation is scored by its states
        rows = rows[states].reset_index(drop=True)
    for name in ("month", "origin"):
        rows[name] = tables.months(rows[name], where)
    if origin is not None:
        _refuse_rows(rows, rows["origin"] != weeks.month(origin),
                     _("It names another origin than was asked for."), where,
                     _("Leave one of them out."))  # fmt: skip
    rows["value"] = tables.numbers(rows["value"], where)
    _refuse_rows(rows, rows["value"] < 0, _("A count is below zero."), where)
    _refuse_rows(rows, rows["month"] <= rows["origin"],
                 _("A month is not after the last month known."), where)  # fmt: skip
    return rows


def _long(rows: pd.DataFrame, where: str) -> pd.DataFrame:
    levels = {}
    for name in map(str, rows.columns):
        found = WIDE.fullmatch(name)
        if found:
            text = found[1] or found[2]
            whole = 1000 if len(text) == 3 and "." not in text else 100
            levels[name] = float(text) if "." in text and float(text) < 1 else float(text) / whole
        elif QUANTILE.fullmatch(name):
            raise SpecError(
                _("The column '{name}' is no level between 0 and 1.", name=name), where=where,
                fix=_("Name quantiles p05, p2.5 or p025, p50, p97.5 or p975, or leave it out."),
            )  # fmt: skip
    if not levels:
        raise SpecError(
            _("There are neither draws nor quantiles."),
            where=where,
            fix=_("Give draw and value, or quantile and value, or p05, p25, p50, p75, p95."),
        )
    keys = ["origin", "place", "month"]
    long = rows.melt(keys, list(levels), "quantile", "value", ignore_index=False)
    return long.assign(quantile=long["quantile"].map(levels)).reset_index(drop=True)


def _refuse_rows(
    rows: pd.DataFrame, bad: pd.Series, what: Message, where: str, fix: Message | None = None
) -> None:
    if bad.any():
        one = rows[bad].iloc[0]
        raise SpecError(
            what,
            where=_("{file}: place {place}, month {month}, origin {origin}", file=where,
                    place=one["place"], month=one["month"], origin=one["origin"]),
            fix=fix or _("Correct it or leave the row out."),
        )  # fmt: skip


def _level(places: pd.Series, where: str) -> str:
    lengths = set(places.str.len())
    if len(lengths) > 1 or (places == "00").any():
        raise SpecError(
            _("Places must be all states, or all municipalities."),
            where=where,
            fix=_("Score the nation by its states; score levels apart."),
        )
    return "state" if lengths == {2} else "municipality"


def _arranged(rows: pd.DataFrame, known: History, where: str) -> Own:
    by = "draw" if "draw" in rows else "quantile"
    rows[by] = tables.numbers(rows[by], where)
    if by == "quantile":
        _refuse_rows(rows, ~rows[by].between(0, 1, inclusive="neither"),
                     _("A level is not between 0 and 1."), where)  # fmt: skip
    keys = ["origin", "place", "month", by]
    _refuse_rows(rows, rows.duplicated(keys), _("A row stands twice."), where)
    columns = {code: number for number, code in enumerate(known.places)}
    _refuse_rows(
        rows, ~rows["place"].isin(columns), _("The record does not have this place."), where
    )
    earliest = str(known.first + np.timedelta64(BEHIND - 1, "M"))
    fix = _("Give an origin from {first} to {last}, or score another record (--measure).",
            first=earliest, last=known.origin)  # fmt: skip
    _refuse_rows(rows, rows["origin"] < earliest,
                 _("Fewer than {behind} months of the record lie before its origin.",
                   behind=BEHIND), where, fix)  # fmt: skip
    _refuse_rows(rows, rows["origin"] > str(known.origin),
                 _("The monthly record of {measure} ends in {last}: what came after this origin is "
                   "not known.", measure=known.measure, last=known.origin), where, fix)  # fmt: skip
    steps = {one: number for number, one in enumerate(sorted(rows[by].dropna().unique()))}
    ahead = _months_ahead(rows, where)
    values = {}
    for origin, mine in rows.assign(ahead=ahead).groupby("origin"):
        there = np.full((len(steps), int(ahead.max()), len(columns)), np.nan)
        at = (mine[by].map(steps), mine["ahead"] - 1, mine["place"].map(columns))
        there[tuple(one.to_numpy(int) for one in at)] = mine["value"]
        values[str(origin)] = there
        _refuse_holes(there, mine, where, known.places)
    if by == "draw":
        return Own(values, None)
    _refuse_crossing(values, where, known.places)
    return Own(values, np.array(list(steps)))


def _months_ahead(rows: pd.DataFrame, where: str) -> pd.Series:
    pairs = rows[["origin", "month"]].drop_duplicates()
    told = {(a, b): weeks.months_between(a, b) for a, b in pairs.itertuples(index=False)}
    ahead = rows["origin"].combine(rows["month"], lambda a, b: told[a, b]).astype(int)
    far = _("A month lies more than {most} months ahead.", most=FARTHEST)
    _refuse_rows(rows, ahead > FARTHEST, far, where)
    return ahead


def _refuse_holes(there: Counts, mine: pd.DataFrame, where: str, places: Sequence[str]) -> None:
    missing = np.isnan(there).any(axis=0) & ~np.isnan(there).all(axis=0)
    if missing.any():
        raise SpecError(
            _("A place and month has fewer draws or quantiles than others, or an empty one."),
            where=_at_cell(missing, mine["origin"].iloc[0], where, places),
            fix=_("Give every place and month the same."),
        )


def _refuse_crossing(values: dict[str, Counts], where: str, places: Sequence[str]) -> None:
    for origin, there in values.items():
        crossed = (np.diff(there, axis=0) < 0).any(axis=0)
        if crossed.any():
            raise SpecError(
                _("Quantiles cross: a higher one lies below a lower one."),
                where=_at_cell(crossed, origin, where, places),
                fix=_("Sort them within each place and month."),
            )


def _at_cell(wrong: Any, origin: str, where: str, places: Sequence[str]) -> Message:
    """Name the first month and place of some, (H, P)."""
    row, column = np.argwhere(wrong)[0]
    month = np.datetime64(origin, "M") + np.timedelta64(int(row) + 1, "M")
    return _("{file}: place {place}, month {month}, origin {origin}", file=where,
             place=places[column], month=month, origin=origin)  # fmt: skip
